"""The list of marks of the case at hand: which item each belongs to, what it is, where it lies. Enter jumps to it."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from readerapp.reading.overlay import Overlay, label
from readerapp.theme import wide
from readerapp.wording import mark_word
from studies.protocol import Item
from studies.reading.readings import Mark

__all__ = ["MarksList"]


class MarksList(Overlay):
    """`jumped` carries the id of a mark to be brought up; moving through the list shows each on the image already."""

    jumped = Signal(str)

    def __init__(self, room: QWidget) -> None:
        super().__init__("", room)
        self.set_title(self.tr("Marks of this case"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Marks of this case"))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.list.setWordWrap(True)
        self.list.currentItemChanged.connect(lambda entry, _before: self._jump(entry))
        self.list.itemActivated.connect(self._take)
        self._none = label(
            self.tr("No mark yet. A mark belongs to the item in focus; the sheet of keys says how to draw one."),
            "muted",
        )
        self.body.addWidget(self._none)
        self.body.addWidget(self.list, 1)

    def fill(self, items: Sequence[Item], marks: Mapping[str, Mark], images: int, selected: str) -> None:
        """The marks in the order of the items. `images` is how many the case has; `selected` is the mark in focus."""
        numbers = {str(item.id): (number, item.text) for number, item in enumerate(items, start=1)}
        self.list.blockSignals(True)
        self.list.clear()
        for mark in sorted(marks.values(), key=lambda mark: (numbers[str(mark.item_id)][0], mark.image, mark.frame)):
            number, text = numbers[str(mark.item_id)]
            entry = QListWidgetItem(f"{number}  {text}:  {mark_word(mark.kind)}{self._place(mark, images)}", self.list)
            entry.setData(Qt.ItemDataRole.UserRole, mark.id)
            if mark.id == selected:
                self.list.setCurrentItem(entry)
        if self.list.currentItem() is None:
            self.list.setCurrentRow(0)  # where the keyboard is; opening the list scrolls nothing away
        self.list.blockSignals(False)
        self.list.setVisible(bool(marks))
        self._none.setVisible(not marks)

    def first_field(self) -> QWidget:
        return self.list if self.list.isVisibleTo(self) else self

    def wanted_size(self, room: QSize) -> QSize:
        rows = self.list.sizeHintForRow(0) * self.list.count() if self.list.count() else 60
        return QSize(wide(420), rows + 110).boundedTo(room)

    def place(self, area: QRect) -> None:
        """Above the items, so that the image with its marks stays in sight."""
        super().place(area)
        self.move(area.right() - self.width() - 12, area.top() + 48)

    def _place(self, mark: Mark, images: int) -> str:
        image = self.tr(", image {number}").format(number=mark.image + 1) if images > 1 else ""
        return image + (self.tr(", slice {number}").format(number=mark.frame + 1) if mark.frame else "")

    def _take(self, entry: QListWidgetItem) -> None:
        self._jump(entry)
        self.close_sheet()

    def _jump(self, entry: QListWidgetItem | None) -> None:
        if entry is not None:
            self.jumped.emit(entry.data(Qt.ItemDataRole.UserRole))
