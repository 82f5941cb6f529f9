"""A mark in the making: how its points come together, by mouse or by keys. No Qt.

Every kind can be clicked point by point; two points can also be dragged. What takes any number of points is ended by a
double click, by Return, or by setting the last point twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from readerapp.wording import QT_TRANSLATE_NOOP
from studies.reading.marks import POINTS, MarkKind, Point

__all__ = ["HINTS", "MOST_STROKE", "Drawing", "ToolKind"]

ToolKind = MarkKind | Literal["window_region", "erase"]

MOST_STROKE = 20_000  # points of one stroke of the brush
# What is drawn by another number of points than its mark has, or is no mark.
_DRAWN: Mapping[str, tuple[int, int]] = {"window_region": (2, 2), "mask": (1, MOST_STROKE), "erase": (1, MOST_STROKE)}

# What the canvas says while a tool is armed.
HINTS: Mapping[str, str] = {
    "arrow": QT_TRANSLATE_NOOP("Tools", "draw an arrow"),
    "box": QT_TRANSLATE_NOOP("Tools", "draw a box"),
    "ellipse": QT_TRANSLATE_NOOP("Tools", "draw an ellipse"),
    "star": QT_TRANSLATE_NOOP("Tools", "set a star"),
    "polyline": QT_TRANSLATE_NOOP("Tools", "click points, a double click ends the line"),
    "freehand": QT_TRANSLATE_NOOP("Tools", "draw a line by hand"),
    "length": QT_TRANSLATE_NOOP("Tools", "measure a length"),
    "angle": QT_TRANSLATE_NOOP("Tools", "measure an angle: end, vertex, end"),
    "cobb": QT_TRANSLATE_NOOP("Tools", "measure a Cobb angle: one line, then the other"),
    "region": QT_TRANSLATE_NOOP("Tools", "measure a region: draw an ellipse"),
    "mask": QT_TRANSLATE_NOOP("Tools", "paint a region; Esc puts the brush away"),
    "erase": QT_TRANSLATE_NOOP("Tools", "erase from a painted region; Esc puts the brush away"),
    "window_region": QT_TRANSLATE_NOOP("Tools", "draw a box: the window will be that of its values"),
}


@dataclass(frozen=True)
class Drawing:
    """Points set so far, and the one under the pointer that is not set yet; image coordinates."""

    kind: ToolKind
    points: tuple[Point, ...] = ()
    hover: Point | None = None

    @property
    def freehand(self) -> bool:
        """A line that follows the hand."""
        return self.kind == "freehand" or self.is_brush

    @property
    def is_brush(self) -> bool:
        """It paints or erases; the tool stays in hand after a stroke."""
        return self.kind in ("mask", "erase")

    @property
    def complete(self) -> bool:
        """It has all the points it can have."""
        return len(self.points) >= self._number[1]

    @property
    def can_end(self) -> bool:
        """It may be ended with the points it has."""
        least, most = self._number
        return least != most and len(self.points) >= least

    @property
    def shown(self) -> tuple[Point, ...]:
        """The points as they would be if the one under the pointer were set."""
        if self.hover is None or self.complete or self.hover == (self.points or (None,))[-1]:
            return self.points
        return (*self.points, self.hover)

    def set(self, point: Point) -> "Drawing":
        """One more point."""
        return self if self.complete else replace(self, points=(*self.points, point), hover=None)

    def over(self, point: Point | None) -> "Drawing":
        """The pointer is elsewhere."""
        return replace(self, hover=point)

    def without_last(self) -> "Drawing":
        """The point set last taken back."""
        return replace(self, points=self.points[:-1])

    @property
    def _number(self) -> tuple[int, int]:
        return _DRAWN[self.kind] if self.kind in _DRAWN else POINTS[self.kind]  # type: ignore[index]
