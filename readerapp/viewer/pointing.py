"""What follows the mouse over the images of a case: values, a lens, the same place in the other views."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QMouseEvent

from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.linked_cursor import LinkedCursor
from readerapp.viewer.links import show_pointer

__all__ = ["Pointing"]


class Pointing(QObject):
    """Watches the mouse over canvases. `active`: the canvas that keys act on; `shown`: those that show an image;
    `following`: within it what changes on a view is followed by no other."""

    def __init__(
        self,
        canvases: Sequence[ImageCanvas],
        active: Callable[[], ImageCanvas],
        shown: Callable[[], list[ImageCanvas]],
        following: Callable[[], AbstractContextManager[None]],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._canvases, self._active, self._shown, self._following = canvases, active, shown, following
        self._under: ImageCanvas | None = None  # the mouse
        self._magnified = False
        self._pointers = [LinkedCursor(canvas) for canvas in canvases]
        for canvas in canvases:
            canvas.installEventFilter(self)

    @property
    def probing(self) -> bool:
        """Values are shown under the mouse, in whichever view it is."""
        return self._active().probing

    def toggle_probe(self) -> None:
        """Shows the value under the mouse in every view, from case to case; without a mouse, of the active view."""
        on = not self.probing
        for canvas in self._canvases:
            canvas.set_probing(on, centred=on and canvas is (self._under or self._active()))

    def set_magnifier(self, shown: bool) -> None:
        """A lens in the view under the mouse, else in the active one, while a key is held."""
        self._magnified = shown
        self._magnify((self._under or self._active()) if shown else None)

    def forget(self) -> None:
        """Other images come up: the same place in them is shown again once the mouse moves."""
        self._point_from(self._canvases[0], None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Shift with the mouse shows the same place in the other views."""
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent):
            self._under = canvas = next(canvas for canvas in self._canvases if canvas is watched)
            if self._magnified and not canvas.magnifying:
                self._magnify(canvas)
            shown = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier) and not event.buttons()
            self._point_from(canvas, event if shown else None)
        elif event.type() == QEvent.Type.Leave:
            self._under = None
            self.forget()
        return False

    def _magnify(self, view: ImageCanvas | None) -> None:
        for canvas in self._canvases:
            if canvas.magnifying or canvas is view:
                canvas.set_magnifier(canvas is view)

    def _point_from(self, leader: ImageCanvas, event: QMouseEvent | None) -> None:
        shown = self._shown() if event is not None else []
        with self._following():
            for canvas, pointer in zip(self._canvases, self._pointers, strict=True):
                point = None
                if event is not None and canvas is not leader and canvas in shown:
                    point = show_pointer(leader, leader.to_image(event.position()), canvas)
                if point != pointer.point:
                    pointer.show_at(point)
