"""The hand that draws: mouse and keys to the points of a mark.

Keys draw too: arrows move a crosshair over the image (5 screen pixels, with Shift 50, with Ctrl 1), Return sets a
point, Backspace takes the last one back, Esc drops everything.
"""

import math
from typing import Protocol

from PySide6.QtCore import QObject, QPointF, QRectF, Signal

from readerapp.viewer.tools import Drawing, ToolKind
from studies.reading.marks import Point

__all__ = ["ARROWS", "CLICK_REACH", "DrawingHand", "Surface", "arrow_step"]

CLICK_REACH = 4.0  # screen pixels: a press that moves less is a click
_TRAIL = 2.0  # a freehand line has a point every so many screen pixels
_WITH_AREA = ("box", "ellipse", "region", "window_region")
_STEP = {"": 5.0, "Shift+": 50.0, "Ctrl+": 1.0}
ARROWS = {"Left": (-1.0, 0.0), "Right": (1.0, 0.0), "Up": (0.0, -1.0), "Down": (0.0, 1.0)}


class Surface(Protocol):
    """What is drawn on."""

    def to_screen(self, x: float, y: float) -> QPointF: ...

    def to_image(self, at: QPointF) -> Point: ...

    def inside(self, point: Point) -> Point: ...

    def area(self) -> QRectF: ...


class DrawingHand(QObject):
    """Which tool is armed, and the mark it is drawing."""

    armed_changed = Signal(str)  # kind, "" for none
    finished = Signal(str, object)  # kind, points
    changed = Signal()  # something to paint

    def __init__(self, surface: Surface, parent: QObject) -> None:
        super().__init__(parent)
        self._surface = surface
        self.armed: ToolKind | None = None
        self.drawing: Drawing | None = None
        self.crosshair: Point | None = None  # shown while keys draw
        self._pressed: tuple[QPointF, bool] | None = None  # where, and whether the press set a point
        self._pointer: QPointF | None = None

    def arm(self, kind: ToolKind | None) -> None:
        """The tool that draws next; None puts it away, and what it was drawing."""
        self.armed = kind
        self.drawing = Drawing(kind) if kind else None
        self.crosshair = self._pressed = None
        self.armed_changed.emit(kind or "")
        self.changed.emit()

    def begin(self, kind: ToolKind, at: QPointF) -> None:
        """One drag with a tool that is not armed."""
        self.drawing = Drawing(kind)
        self.press(at)

    @property
    def pressed(self) -> bool:
        """A button is held on a drawing."""
        return self._pressed is not None

    @property
    def shown(self) -> Drawing | None:
        """What of a drawing is there to paint."""
        return self.drawing if self.drawing and self.drawing.shown else None

    # The mouse

    def press(self, at: QPointF) -> None:
        """A button went down."""
        if self.drawing is None:
            return
        self.crosshair = None
        first = not self.drawing.points
        if first or self.drawing.freehand:
            self._set(at)
        self._pressed = (at, first)
        self.changed.emit()

    def drag(self, at: QPointF) -> None:
        """The mouse moved, a button down or not."""
        self._pointer = at
        drawing = self.drawing
        if drawing is None:
            return
        if drawing.freehand and self._pressed and drawing.points:
            if self._far(at, self._surface.to_screen(*drawing.points[-1]), _TRAIL):
                self._set(at)
        else:
            self.drawing = drawing.over(self._point(at))
        self.changed.emit()

    def release(self, at: QPointF) -> None:
        """The button went up: a drag sets its end, a click its place."""
        pressed, self._pressed = self._pressed, None
        if pressed is None or self.drawing is None:
            return
        start, set_by_press = pressed
        if self.drawing.freehand:
            self._end()
        elif not set_by_press:
            self._set(at)
        elif self._far(at, start) and not self._set(at):
            self.drawing = Drawing(self.drawing.kind)  # all of it beside the image, or flat: nothing was drawn
        if self.drawing and self.armed is None:
            self.drawing = None  # a single drag that was only a click
        self.changed.emit()

    def double_click(self, at: QPointF) -> bool:
        """Ends a line of any number of points. False where there is none to end."""
        if self.drawing is None or not self.drawing.can_end:
            return False
        self._end()
        return True

    def leave(self) -> None:
        """The pointer left the canvas."""
        self._pointer = None
        if self.drawing is not None and self._pressed is None:
            self.drawing = self.drawing.over(None)
            self.changed.emit()

    # Keys

    def key(self, text: str) -> bool:
        """A key by its portable text; False where it is for something else."""
        if self.armed is None or self.drawing is None:
            return False
        step = arrow_step(text)
        if step is not None:
            self._move_crosshair(*step)
        elif text in ("Return", "Enter"):
            self._return()
        elif text != "Backspace" or not self.take_back():
            return False
        self.changed.emit()
        return True

    def take_back(self) -> bool:
        """Takes the last point back. False where none is set."""
        if self.drawing is None or not self.drawing.points or self.pressed:
            return False
        self.drawing = self.drawing.without_last()
        self.changed.emit()
        return True

    def cancel(self) -> bool:
        """Drops what is being drawn and puts the tool away. False where there was nothing."""
        if self.armed is None and self.drawing is None:
            return False
        self.arm(None)
        return True

    def _return(self) -> None:
        drawing = self.drawing
        assert drawing is not None
        if self.crosshair is None:
            if drawing.can_end:  # the mouse set the points
                self._end()
            else:
                self._show_crosshair()
            return
        at = self._surface.to_screen(*self.crosshair)
        again = bool(drawing.points) and not self._far(at, self._surface.to_screen(*drawing.points[-1]), 1.0)
        if again and drawing.can_end:
            self._end()
        elif not again:
            self._set(at)

    def _show_crosshair(self) -> None:
        at = self._pointer if self._pointer is not None else self._surface.area().center()
        self.crosshair = self._point(at)

    def _move_crosshair(self, dx: float, dy: float) -> None:
        if self.crosshair is None:
            self._show_crosshair()
            return
        area = self._surface.area()
        at = self._surface.to_screen(*self.crosshair) + QPointF(dx, dy)
        within = QPointF(min(max(at.x(), area.left()), area.right()), min(max(at.y(), area.top()), area.bottom()))
        self.crosshair = self._point(within)
        assert self.drawing is not None
        if self.drawing.freehand and self.drawing.points:
            self._set(within)
        elif self.drawing is not None:
            self.drawing = self.drawing.over(self.crosshair)

    # Points

    def _point(self, at: QPointF) -> Point:
        return self._surface.inside(self._surface.to_image(at))

    def _set(self, at: QPointF) -> bool:
        """Sets a point, within the image. False where it would be no second one: a slip of the hand, a flat box."""
        drawing = self.drawing
        if drawing is None:
            return False
        point = self._point(at)
        if drawing.points:
            moved = self._surface.to_screen(*point) - self._surface.to_screen(*drawing.points[-1])
            least = min if drawing.kind in _WITH_AREA else math.hypot
            if least(abs(moved.x()), abs(moved.y())) < _TRAIL:
                return False
        self.drawing = drawing.set(point)
        if self.drawing.complete and not drawing.freehand:
            self._end()
        return True

    def _end(self) -> None:
        drawing = self.drawing
        if drawing is None or not (drawing.complete or drawing.can_end):
            self.drawing = Drawing(self.armed) if self.armed else None
            return
        if self.armed is None:
            self.drawing = self._pressed = None
        elif drawing.is_brush:
            self.drawing, self._pressed = Drawing(self.armed), None  # the next stroke
        else:
            self.arm(None)
        self.finished.emit(drawing.kind, drawing.points)

    @staticmethod
    def _far(a: QPointF, b: QPointF, reach: float = CLICK_REACH) -> bool:
        return math.hypot(a.x() - b.x(), a.y() - b.y()) >= reach


def arrow_step(text: str, modifier: str = "") -> tuple[float, float] | None:
    """Screen pixels of an arrow key with Shift, Ctrl or nothing, after `modifier`; None for any other key."""
    if not text.startswith(modifier):
        return None
    rest = text.removeprefix(modifier)
    for prefix, step in _STEP.items():
        direction = ARROWS.get(rest.removeprefix(prefix)) if rest.startswith(prefix) else None
        if direction is not None:
            return direction[0] * step, direction[1] * step
    return None
