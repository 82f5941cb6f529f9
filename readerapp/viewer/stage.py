"""The images of one case: two single images stand side by side, anything else is shown one at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.hands import Hands
from readerapp.viewer.marks import MarkView
from readerapp.viewer.view_state import ImageView, PreparedImage

__all__ = ["PlacedMark", "Stage"]


@dataclass(frozen=True)
class PlacedMark:
    """A mark with the image (index in the case) and frame it lies on."""

    image: int
    frame: int
    mark: MarkView


class Stage(QWidget):
    """One or two canvases and the images of a case."""

    first_painted = Signal()  # every visible image is on screen
    view_changed = Signal()
    mark_drawn = Signal(str, object, int, int)  # kind, points, image, frame
    mark_moved = Signal(str, object)
    mark_selected = Signal(str)
    tool_changed = Signal(str)

    def __init__(self, hands: Hands, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images: list[PreparedImage] = []
        self._views: list[ImageView] = []
        self._marks: tuple[PlacedMark, ...] = ()
        self._active = 0
        self._unpainted: set[int] = set()
        self._canvases = [ImageCanvas(dict(hands.drags), self) for _ in range(2)]
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for slot, canvas in enumerate(self._canvases):
            layout.addWidget(canvas, 1)
            self._connect(slot, canvas)
        self._canvases[1].hide()

    def _connect(self, slot: int, canvas: ImageCanvas) -> None:
        canvas.first_painted.connect(lambda: self._on_painted(slot))
        canvas.view_changed.connect(lambda: self._on_view(slot))
        canvas.activated.connect(lambda: self._on_activated(slot))
        canvas.mark_drawn.connect(lambda kind, points: self._on_drawn(slot, kind, points))
        canvas.mark_moved.connect(self.mark_moved)
        canvas.mark_selected.connect(lambda mark_id: self._on_selected(slot, mark_id))
        canvas.tool_changed.connect(lambda kind: self._on_tool(slot, kind))

    # What is shown

    def show_case(self, images: Sequence[PreparedImage], views: Sequence[ImageView], active: int = 0) -> None:
        """Shows a case; `first_painted` follows. `views` has one entry an image."""
        self._images, self._views = list(images), list(views)
        self._marks = ()
        self._active = min(max(active, 0), len(images) - 1)
        self._canvases[1].setVisible(self.side_by_side)
        self._unpainted = set(range(2 if self.side_by_side else 1))
        for slot in self._unpainted:
            self._fill(slot)
        self._show_active()

    def set_hands(self, hands: Hands) -> None:
        """What buttons and wheel do from now on."""
        for canvas in self._canvases:
            canvas.set_hands(hands)

    def show_message(self, text: str) -> None:
        """A sentence in place of images."""
        self._images, self._views, self._marks, self._active = [], [], (), 0
        self._canvases[1].hide()
        for canvas in self._canvases:
            canvas.show_message("")
            canvas.arm(None)
        self._canvases[0].show_message(text)
        self._show_active()

    @property
    def side_by_side(self) -> bool:
        return len(self._images) == 2 and all(entry.image.frames == 1 for entry in self._images)

    @property
    def count(self) -> int:
        return len(self._images)

    @property
    def active(self) -> int:
        """Index of the image that keys act on."""
        return self._active

    @property
    def views(self) -> list[ImageView]:
        """How each image of the case is looked at now."""
        return list(self._views)

    @property
    def canvas(self) -> ImageCanvas:
        """The canvas that keys act on."""
        return self._canvases[self._active if self.side_by_side else 0]

    @property
    def all_canvases(self) -> list[ImageCanvas]:
        """The canvases, in use or not."""
        return self._canvases

    @property
    def canvases(self) -> list[ImageCanvas]:
        """The canvases in use."""
        return self._canvases if self.side_by_side else self._canvases[:1]

    @property
    def selected_mark(self) -> str:
        return next((canvas.selected_mark for canvas in self.canvases if canvas.selected_mark), "")

    def set_marks(self, marks: Sequence[PlacedMark]) -> None:
        """All marks of the case; each is drawn on its own image and frame."""
        self._marks = tuple(marks)
        self._spread_marks()

    def set_echo(self, text: str) -> None:
        for canvas in self._canvases:
            canvas.set_echo("")
        self.canvases[-1].set_echo(text)

    def show_image(self, index: int) -> None:
        """Makes an image the active one, and brings it up where one is shown at a time."""
        if not 0 <= index < len(self._images) or index == self._active:
            return
        armed = self.canvas.armed
        self._active = index
        if not self.side_by_side:
            self._fill(0)
        elif armed:
            for canvas in self._canvases:
                canvas.arm(armed if canvas is self.canvas else None)
        self._spread_marks()
        self._show_active()
        self.view_changed.emit()

    def show_mark(self, mark_id: str) -> None:
        """Brings a mark's image and frame up and selects it."""
        for placed in self._marks:
            if placed.mark.id == mark_id:
                self.show_image(placed.image)
                self.canvas.set_frame(placed.frame)
                self.canvas.select_mark(mark_id)

    def hide_overlays(self, hidden: bool) -> None:
        for canvas in self._canvases:
            canvas.hide_overlays(hidden)

    def painted_texts(self) -> list[str]:
        """Every text written on the visible canvases."""
        return [text for canvas in self.canvases for text in canvas.painted_texts()]

    # What canvases tell

    def _image_of(self, slot: int) -> int:
        return slot if self.side_by_side else self._active

    def _on_painted(self, slot: int) -> None:
        if slot in self._unpainted:
            self._unpainted.discard(slot)
            if not self._unpainted:
                self.first_painted.emit()

    def _on_view(self, slot: int) -> None:
        index = self._image_of(slot)
        if index < len(self._views):
            frame = self._views[index].frame
            self._views[index] = self._canvases[slot].view
            if self._views[index].frame != frame:
                self._spread_marks()
            self.view_changed.emit()

    def _on_activated(self, slot: int) -> None:
        if self.side_by_side:
            self.show_image(slot)

    def _on_drawn(self, slot: int, kind: str, points: object) -> None:
        index = self._image_of(slot)
        self.mark_drawn.emit(kind, points, index, self._views[index].frame)

    def _on_selected(self, slot: int, mark_id: str) -> None:
        if mark_id:
            for other, canvas in enumerate(self._canvases):
                if other != slot:
                    canvas.select_mark("")
        self.mark_selected.emit(mark_id)

    def _on_tool(self, slot: int, kind: str) -> None:
        if self._canvases[slot] is self.canvas:
            self.tool_changed.emit(kind)

    def _fill(self, slot: int) -> None:
        index = self._image_of(slot)
        place = self.tr("image {number} of {count}").format(number=index + 1, count=self.count)
        several = self.count > 1 and not self.side_by_side
        self._canvases[slot].show_image(self._images[index], self._views[index], place if several else "")

    def _spread_marks(self) -> None:
        for slot, canvas in enumerate(self.canvases):
            index = self._image_of(slot)
            frame = canvas.view.frame
            canvas.set_marks([mark.mark for mark in self._marks if (mark.image, mark.frame) == (index, frame)])

    def _show_active(self) -> None:
        for canvas in self._canvases:
            canvas.set_active(self.side_by_side and canvas is self.canvas)
