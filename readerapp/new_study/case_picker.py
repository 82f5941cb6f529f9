"""The dialog that chooses an image of the cohort as an example: a search, a list, a look."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from readerapp.fields import line
from readerapp.new_study.preview import FilePreview
from readerapp.page import button, labelled
from readerapp.theme import wide
from studies.planning.exemplars import CohortImage

__all__ = ["CasePicker"]

_MOST_LISTED = 300  # of a large cohort; the search finds the others
_WALKS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class CasePicker(QDialog):
    """Arrow keys walk the list while a search is typed; Enter chooses, Esc leaves."""

    picked = Signal(object)  # CohortImage

    def __init__(self, images: Sequence[CohortImage], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Choose a case of the cohort"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._images = images
        self._texts = [f"{image.image_id} {image.words}".lower() for image in images]
        self.search = line("case_search", self.tr("Search image or finding"), self.tr("image, view or finding"))
        self.list = QListWidget()
        self.list.setObjectName("case_images")
        self.list.setAccessibleName(self.tr("Images of the cohort"))
        self.count = labelled("", "small")
        self.preview = FilePreview(self.tr("Preview of the case"))
        self.choose = button(self.tr("Choose"), "primary", "choose_case")
        self.choose.setDefault(True)
        self.cancel = button(self.tr("Cancel"), "", "cancel_case")
        self._arrange()
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._fill)
        self.list.currentItemChanged.connect(self._show)
        self.list.itemActivated.connect(lambda _entry: self._pick())
        self.choose.clicked.connect(self._pick)
        self.cancel.clicked.connect(self.reject)
        self.finished.connect(self.preview.stop)
        self._fill("")
        self.search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down walk the list from the search."""
        walks = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _WALKS
        if walks and watched is self.search:
            self.list.event(event)
            return True
        return super().eventFilter(watched, event)

    def _fill(self, words: str) -> None:
        wanted = words.lower().split()
        hits = [n for n, text in enumerate(self._texts) if all(word in text for word in wanted)]
        self.list.clear()
        for place in hits[:_MOST_LISTED]:
            image = self._images[place]
            entry = QListWidgetItem(f"{image.image_id}    {image.words}")
            entry.setData(Qt.ItemDataRole.UserRole, place)
            self.list.addItem(entry)
        told = self.tr("{found} of {all} images")
        if len(hits) > _MOST_LISTED:
            told = self.tr("{found} of {all} images; the first {shown} are listed: search for others")
        self.count.setText(told.format(found=f"{len(hits):,}", all=f"{len(self._images):,}", shown=_MOST_LISTED))
        self.list.setCurrentRow(0 if hits else -1)
        self._show(self.list.currentItem())

    def _image(self) -> CohortImage | None:
        entry = self.list.currentItem()
        return self._images[entry.data(Qt.ItemDataRole.UserRole)] if entry is not None else None

    def _show(self, _entry: QListWidgetItem | None) -> None:
        image = self._image()
        self.choose.setEnabled(image is not None)
        self.preview.show_file(image.place if image is not None else None)

    def _pick(self) -> None:
        if (image := self._image()) is not None:
            self.picked.emit(image)
            self.accept()

    def _arrange(self) -> None:
        words = self.tr("An image that readers read as a case would tell its answer: choose one that they do not read.")
        left = QVBoxLayout()
        for widget in (self.search, self.list, self.count):
            left.addWidget(widget, 1 if widget is self.list else 0)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addLayout(left, 1)
        middle.addWidget(self.preview, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.choose)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 18, 22, 18)
        column.setSpacing(12)
        column.addWidget(labelled(words, "muted"))
        column.addLayout(middle, 1)
        column.addLayout(buttons)
        above = self.parentWidget()
        room = above.window().size() if above is not None else self.sizeHint()
        self.resize(min(wide(900), room.width() - 40), min(wide(560), room.height() - 40))
