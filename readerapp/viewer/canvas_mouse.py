"""The mouse on a canvas: one drag at a time, clicks, the wheel, two fingers. What each does, the keymap says.

A right press that is no drag asks for a menu. A second button takes the drag back that the first one began.
"""

from typing import Protocol

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent

from readerapp.viewer.brush import BRUSHES
from readerapp.viewer.drawing import CLICK_REACH, DrawingHand
from readerapp.viewer.gestures import (
    DrawMark,
    Gesture,
    Handle,
    HandleDrag,
    MoveMark,
    Surface,
    button_text,
    view_drag,
    wheel_text,
)
from readerapp.viewer.marks import MarkView
from readerapp.viewer.viewport import ZOOM_STEP

__all__ = ["CanvasMouse"]

_WHEEL_STEP = 120


class Handled(Surface, Protocol):
    """What the mouse is over."""

    def update(self) -> None: ...

    def mark_at(self, at: QPointF) -> tuple[MarkView, int] | None: ...

    def handle_at(self, at: QPointF) -> Handle | None: ...

    def select_mark(self, mark_id: str) -> None: ...

    def hover(self, at: QPointF) -> None: ...

    def follow_mouse(self, at: QPointF | None) -> None: ...

    def step_brush(self, sizes: int) -> bool: ...


class CanvasMouse(QObject):
    """Where the mouse is, and what it holds."""

    activated = Signal()  # pressed, or scrolled over
    maximise_asked = Signal()  # double click
    moved = Signal(object)  # image point (column, row) under the mouse, None where it left
    menu_asked = Signal(object)  # position of a right click that was no drag

    def __init__(self, canvas: Handled, hand: DrawingHand, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas, self._hand = canvas, hand
        self.at: QPointF | None = None  # None: not over the canvas
        self.gesture: Gesture | None = None  # the drag under way
        self._button = Qt.MouseButton.NoButton  # of the gesture; a gesture taken back leaves it until all are up
        self._right_click: QPointF | None = None  # where, until it turns out to be a drag
        self._wheel_rest = 0.0

    def drop(self) -> None:
        """Another image: what was held of the one before is let go, and nothing comes of it."""
        self.gesture = None

    def cancel(self) -> bool:
        """Takes back a drag under way; False where there is none."""
        if self.gesture is None:
            return False
        gesture, self.gesture = self.gesture, None
        gesture.cancel()
        self._canvas.update()
        return True

    # Buttons

    def press(self, event: QMouseEvent) -> None:
        self.activated.emit()
        alone = event.buttons() == Qt.MouseButton.RightButton and not event.modifiers()
        self._right_click = event.position() if alone else None
        if self._button != Qt.MouseButton.NoButton:
            # A second button takes the drag back (as in Slicer: right click or Esc cancels a window change).
            self.cancel()
        elif self._canvas.prepared is not None:
            self.gesture = self._begun(event)
            self._button = event.button() if self.gesture else Qt.MouseButton.NoButton

    def _begun(self, event: QMouseEvent) -> Gesture | None:
        at = event.position()
        if event.button() == Qt.MouseButton.LeftButton and not event.modifiers():
            if self._hand.armed:
                return DrawMark(self._canvas, at, self._hand)
            found = self._canvas.mark_at(at)
            if found is not None:
                mark, part = found
                self._canvas.select_mark(mark.id)
                return MoveMark(self._canvas, at, mark, part)
            handle = self._canvas.handle_at(at)
            if handle is not None:
                return HandleDrag(self._canvas, at, handle)
        return view_drag(self._canvas, button_text(event), at, self._hand)

    def move(self, event: QMouseEvent) -> None:
        at = self.at = event.position()
        self._canvas.follow_mouse(at)
        if self._right_click and (at - self._right_click).manhattanLength() >= CLICK_REACH:
            self._right_click = None
        if self.gesture is not None:
            self.gesture.drag(at)
        elif self._button == Qt.MouseButton.NoButton:
            self._canvas.hover(at)
        if self._canvas.prepared is not None:
            self.moved.emit(self._canvas.to_image(at))

    def release(self, event: QMouseEvent) -> None:
        if self.gesture is None:
            if event.buttons() == Qt.MouseButton.NoButton:
                self._button = Qt.MouseButton.NoButton
        elif event.button() == self._button:
            gesture, self.gesture, self._button = self.gesture, None, Qt.MouseButton.NoButton
            if gesture.click_drops_selection and not gesture.moving and event.button() == Qt.MouseButton.LeftButton:
                self._canvas.select_mark("")
            gesture.release(event.position())
            self._canvas.update()
        if event.button() == Qt.MouseButton.RightButton and self._right_click is not None and self._canvas.prepared:
            self._right_click = None
            self._ask_menu(event.position())

    def _ask_menu(self, at: QPointF) -> None:
        """The mark under the hand is the one that is meant."""
        found = self._canvas.mark_at(at)
        if found is not None:
            self._canvas.select_mark(found[0].id)
        self.menu_asked.emit(at)

    def double_click(self, event: QMouseEvent) -> None:
        if self._hand.armed:
            if not self._hand.double_click(event.position()):
                self.press(event)
        elif event.button() == Qt.MouseButton.LeftButton and self._canvas.hands.double_click == "maximise":
            self.activated.emit()
            self.maximise_asked.emit()
        else:
            self.press(event)

    def leave(self) -> None:
        self.at = None
        self._canvas.follow_mouse(None)
        self._hand.leave()
        self.moved.emit(None)
        self._canvas.update()

    # Wheel and fingers

    def wheel(self, event: QWheelEvent) -> None:
        """Zooms, scrolls or changes the brush; parts of a notch add up."""
        self.activated.emit()
        prepared = self._canvas.prepared
        if prepared is None or self.gesture is not None:
            return
        self._wheel_rest += event.angleDelta().y() or event.angleDelta().x()
        verb = self._wheel_verb(event)
        if verb == "brush":
            self._canvas.step_brush(self._notches())
        elif verb == "zoom" or prepared.image.frames == 1:
            steps, self._wheel_rest = self._wheel_rest / _WHEEL_STEP, 0
            self._canvas.zoom_at(event.position(), ZOOM_STEP**steps, self._canvas.placement())
        else:
            self._canvas.set_frame(self._canvas.view.frame - self._notches())
        event.accept()

    def _wheel_verb(self, event: QWheelEvent) -> str:
        wheel = self._canvas.hands.wheel
        plain = wheel.get("Wheel", "zoom")
        verb = wheel.get(wheel_text(event), plain)
        return plain if verb == "brush" and self._hand.armed not in BRUSHES else verb

    def _notches(self) -> int:
        whole = int(self._wheel_rest / _WHEEL_STEP)
        self._wheel_rest -= whole * _WHEEL_STEP
        return whole

    def zoom(self, at: QPointF, factor: float) -> None:
        """Two fingers on a trackpad."""
        self.activated.emit()
        self._canvas.zoom_at(at, factor, self._canvas.placement())

    def pinch(self, at: QPointF, moved: QPointF, factor: float) -> None:
        """Two fingers on the screen zoom and pan; the mouse that Qt makes of the first one is no drag any more."""
        self.activated.emit()
        self.cancel()
        self._canvas.pan_from(self._canvas.placement(), moved)
        self._canvas.zoom_at(at, factor, self._canvas.placement())
