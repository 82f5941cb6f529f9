"""What a drag does to the view: one class a verb, from the press to the release; any of them can be taken back."""

import math
from dataclasses import replace
from typing import Protocol

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QWheelEvent

from engine.images.image import Window
from readerapp.viewer import shapes
from readerapp.viewer.display import Placement
from readerapp.viewer.drawing import CLICK_REACH, DrawingHand
from readerapp.viewer.hands import Hands
from readerapp.viewer.marks import MarkView
from readerapp.viewer.view_state import ImageView, PreparedImage, drag_start, dragged_window
from studies.reading.marks import Point

__all__ = ["DrawMark", "Gesture", "MoveMark", "Surface", "button_text", "move_mark", "view_drag", "wheel_text"]

_ZOOM_PIXELS = 150.0  # of a drag: zoom by a factor e
_SCROLL_SHARE = 0.75  # of the canvas' height scrolls through a whole stack
_WHEEL_MODIFIERS = ((Qt.KeyboardModifier.ControlModifier, "Ctrl+"), (Qt.KeyboardModifier.ShiftModifier, "Shift+"))
_SLICE_PIXELS = (2.0, 24.0)  # least and most that a slice is worth


class Surface(Protocol):
    """What a drag acts on."""

    @property
    def prepared(self) -> PreparedImage | None: ...

    @property
    def view(self) -> ImageView: ...

    @property
    def hands(self) -> Hands: ...

    def height(self) -> int: ...

    def placement(self) -> Placement: ...

    def set_view(self, view: ImageView) -> None: ...

    def set_window(self, window: Window) -> None: ...

    def set_placement(self, placement: Placement) -> None: ...

    def set_frame(self, frame: int) -> None: ...

    def zoom_at(self, at: QPointF, factor: float, placement: Placement) -> None: ...

    def pan_from(self, placement: Placement, moved: QPointF) -> None: ...

    def show_lens(self, at: QPointF | None) -> None: ...

    def show_moved(self, mark: MarkView | None) -> None: ...

    def finish_move(self, mark: MarkView) -> None: ...

    def to_image(self, at: QPointF) -> Point: ...


class Handle(Protocol):
    """Something on a canvas that a hand can take hold of and move."""

    def near(self, at: QPointF) -> bool: ...

    def take(self, at: QPointF) -> None: ...

    def move_to(self, at: QPointF) -> None: ...

    def paint(self, painter: QPainter) -> None: ...


class Gesture:
    """A drag under way: where it began, and the view that it comes back to when it is taken back."""

    click_drops_selection = True

    def __init__(self, surface: Surface, at: QPointF) -> None:
        self.surface, self.start = surface, at
        self.view, self.placement = surface.view, surface.placement()
        self.moving = False

    def drag(self, at: QPointF) -> None:
        """The mouse moved; what moves less than a click changes nothing."""
        moved = at - self.start
        self.moving = self.moving or moved.manhattanLength() >= CLICK_REACH
        if self.moving:
            self.act(at, moved)

    def act(self, at: QPointF, moved: QPointF) -> None:
        """Follows the hand, `moved` logical pixels away from the press."""
        raise NotImplementedError

    def release(self, at: QPointF) -> None:
        """The button went up."""

    def cancel(self) -> None:
        """Everything as it was before the press."""
        self.surface.set_view(self.view)


class _WindowDrag(Gesture):
    def act(self, at: QPointF, moved: QPointF) -> None:
        prepared = self.surface.prepared
        if prepared is None or prepared.image.is_color:
            return
        start = drag_start(prepared.image, self.view)
        up = 1.0 if self.surface.hands.level_up == "up" else -1.0
        self.surface.set_window(dragged_window(start, moved.x(), moved.y(), prepared.value_range, up))


class _PanDrag(Gesture):
    def act(self, at: QPointF, moved: QPointF) -> None:
        self.surface.pan_from(self.placement, moved)


class _ZoomDrag(Gesture):
    def act(self, at: QPointF, moved: QPointF) -> None:
        self.surface.zoom_at(self.start, math.exp(-moved.y() / _ZOOM_PIXELS), self.placement)


class _ScrollDrag(Gesture):
    def act(self, at: QPointF, moved: QPointF) -> None:
        prepared = self.surface.prepared
        if prepared is not None and prepared.image.frames > 1:
            worth = _SCROLL_SHARE * self.surface.height() / prepared.image.frames
            worth = min(max(worth, _SLICE_PIXELS[0]), _SLICE_PIXELS[1])
            self.surface.set_frame(self.view.frame + round(moved.y() / worth))


class _Magnify(Gesture):
    click_drops_selection = False

    def __init__(self, surface: Surface, at: QPointF) -> None:
        super().__init__(surface, at)
        surface.show_lens(at)

    def drag(self, at: QPointF) -> None:
        self.surface.show_lens(at)

    def release(self, at: QPointF) -> None:
        self.surface.show_lens(None)

    def cancel(self) -> None:
        self.surface.show_lens(None)


class _RegionWindow(Gesture):
    """A box drawn at once; what it becomes is for the hand that draws to tell."""

    click_drops_selection = False

    def __init__(self, surface: Surface, at: QPointF, hand: DrawingHand) -> None:
        super().__init__(surface, at)
        self._hand = hand
        hand.begin("window_region", at)

    def drag(self, at: QPointF) -> None:
        self._hand.drag(at)

    def release(self, at: QPointF) -> None:
        self._hand.release(at)

    def cancel(self) -> None:
        self._hand.cancel()


class DrawMark(Gesture):
    """The armed tool, held down."""

    click_drops_selection = False

    def __init__(self, surface: Surface, at: QPointF, hand: DrawingHand) -> None:
        super().__init__(surface, at)
        self._hand = hand
        hand.press(at)

    def drag(self, at: QPointF) -> None:
        self._hand.drag(at)

    def release(self, at: QPointF) -> None:
        self._hand.release(at)

    def cancel(self) -> None:
        kind = self._hand.armed
        self._hand.cancel()
        self._hand.arm(kind)


class MoveMark(Gesture):
    """A mark, or a handle of it, held."""

    click_drops_selection = False

    def __init__(self, surface: Surface, at: QPointF, mark: MarkView, part: int) -> None:
        super().__init__(surface, at)
        self._mark, self._part = mark, part

    def act(self, at: QPointF, moved: QPointF) -> None:
        self.surface.show_moved(self._moved(at))

    def release(self, at: QPointF) -> None:
        self.surface.show_moved(None)
        if self.moving:
            self.surface.finish_move(self._moved(at))

    def cancel(self) -> None:
        self.surface.show_moved(None)

    def _moved(self, at: QPointF) -> MarkView:
        start, now = self.surface.to_image(self.start), self.surface.to_image(at)
        return move_mark(self.surface, self._mark, self._part, now[0] - start[0], now[1] - start[1])


class HandleDrag(Gesture):
    """A handle, held."""

    click_drops_selection = False

    def __init__(self, surface: Surface, at: QPointF, handle: Handle) -> None:
        super().__init__(surface, at)
        self._handle = handle
        handle.take(at)

    def act(self, at: QPointF, moved: QPointF) -> None:
        self._handle.move_to(at)

    def cancel(self) -> None:
        if self.moving:
            self._handle.move_to(self.start)


def move_mark(surface: Surface, mark: MarkView, part: int, dx: float, dy: float) -> MarkView:
    """A mark, or one handle of it, moved by (dx, dy) image pixels, all of it within the image."""
    prepared = surface.prepared
    if prepared is None:
        return mark
    columns, rows = prepared.image.columns, prepared.image.rows
    if part < 0:
        points = shapes.shifted_within(mark.points, dx, dy, columns, rows)
    else:
        moved = shapes.moved_points(mark.kind, mark.points, part, dx, dy)
        points = tuple((min(max(x, -0.5), columns - 0.5), min(max(y, -0.5), rows - 0.5)) for x, y in moved)
    return replace(mark, points=points)


def view_drag(surface: Surface, button: str, at: QPointF, hand: DrawingHand) -> Gesture | None:
    """The drag that a button with its modifier begins ("Shift+Left"), None where it does nothing."""
    verb = surface.hands.drags.get(button)
    if verb == "window_region":
        return _RegionWindow(surface, at, hand)
    kinds = {"window": _WindowDrag, "pan": _PanDrag, "zoom": _ZoomDrag, "scroll": _ScrollDrag, "magnify": _Magnify}
    return kinds[verb](surface, at) if verb is not None else None


def button_text(event: QMouseEvent) -> str:
    """The button with its modifier, as keymaps write it: "Shift+Left"."""
    names = {
        Qt.MouseButton.LeftButton: "Left",
        Qt.MouseButton.MiddleButton: "Middle",
        Qt.MouseButton.RightButton: "Right",
    }
    modifiers = {
        Qt.KeyboardModifier.ShiftModifier: "Shift+",
        Qt.KeyboardModifier.ControlModifier: "Ctrl+",
        Qt.KeyboardModifier.AltModifier: "Alt+",
    }
    prefix = next((text for modifier, text in modifiers.items() if event.modifiers() & modifier), "")
    return prefix + names.get(event.button(), "")


def wheel_text(event: QWheelEvent) -> str:
    """The wheel with its modifier, as keymaps write it: "Ctrl+Wheel"."""
    return next((text for modifier, text in _WHEEL_MODIFIERS if event.modifiers() & modifier), "") + "Wheel"
