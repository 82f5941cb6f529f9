"""What the protocol says of an item: its help, and images that show it, beside the question."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from engine.images.image import Image
from readerapp.page import scrolled
from readerapp.reading.loading import CaseLoader, LoadedCase
from readerapp.reading.overlay import Overlay, label
from readerapp.theme import wide
from readerapp.viewer.canvas import ImageCanvas
from studies.protocol import Item, PresentationCode

__all__ = ["ItemHelp", "TextSheet"]

_PICTURE = 300  # pixels beside text of 10 points
_MOST_PICTURES = 4  # side by side; a protocol that has more shows its first


class ItemHelp(Overlay):
    """The help of the item in focus, and its exemplars as images to look at closely, loaded in the background."""

    def __init__(self, room: QWidget, load: Callable[[str], Sequence[Image]]) -> None:
        super().__init__("", room)
        self._item_id = ""
        self._loader = CaseLoader(lambda item_id, _progress: load(item_id), self)
        self._loader.loaded.connect(self._show)
        self._pictures = QWidget()
        self._row = QHBoxLayout(self._pictures)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._help = label("")
        self._state = label("", "muted")
        for widget in (self._help, self._state):
            self.body.addWidget(widget)
        self.body.addWidget(self._pictures, 1)

    def fill(self, item: Item, number: int) -> None:
        """The item and its number in the panel."""
        self._item_id = str(item.id)
        self.set_title(f"{number}  {item.text}")
        self._help.setText(item.help or self.tr("The protocol says no more about this item."))
        self._make_canvases(item)
        self._state.setText(self.tr("Loading …") if item.exemplars else "")
        self._state.setVisible(bool(item.exemplars))
        if item.exemplars:
            self._loader.want([PresentationCode(self._item_id)])
            if (ready := self._loader.case(self._item_id)) is not None:
                self._show(ready)

    def stop(self) -> None:
        """Ends the loading."""
        self._loader.stop()

    def _make_canvases(self, item: Item) -> None:
        while entry := self._row.takeAt(0):
            if widget := entry.widget():
                widget.hide()
                widget.deleteLater()
        for place in range(min(len(item.exemplars), _MOST_PICTURES)):
            canvas = ImageCanvas()
            canvas.setFixedSize(wide(_PICTURE), wide(_PICTURE))
            canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            canvas.setAccessibleName(self.tr("example {number} of {item}").format(number=place + 1, item=item.text))
            self._row.addWidget(canvas)
        self._row.addStretch(1)
        self._pictures.setVisible(bool(item.exemplars))

    def _show(self, loaded: LoadedCase) -> None:
        if loaded.code != self._item_id:
            return
        self._state.setText(self.tr("The example images cannot be read.") if loaded.error is not None else "")
        self._state.setVisible(loaded.error is not None)
        for canvas, picture in zip(self._pictures.findChildren(ImageCanvas), loaded.images):
            canvas.show_image(picture, picture.opening)

    def wanted_size(self, room: QSize) -> QSize:
        pictures = self._pictures.sizeHint().width() + 60 if self._pictures.isVisibleTo(self) else 0
        width = min(max(wide(460), pictures), room.width())
        self._help.setMinimumHeight(self._help.heightForWidth(width - 60))
        return QSize(width, self.sizeHint().height()).boundedTo(room)


class TextSheet(Overlay):
    """Running text to read again: the instructions."""

    def __init__(self, title: str, room: QWidget) -> None:
        super().__init__(title, room)
        self._text: QLabel = label("")
        self._text.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._scroll = scrolled(self._text, title)
        self.body.addWidget(self._scroll, 1)

    def fill(self, text: str) -> None:
        """What is read."""
        self._text.setText(text)

    def first_field(self) -> QWidget:
        return self._scroll

    def wanted_size(self, room: QSize) -> QSize:
        width = min(wide(620), room.width())
        return QSize(width, self._text.heightForWidth(width - 64) + 96).boundedTo(room)
