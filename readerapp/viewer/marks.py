"""Marks and measurements as they are drawn on the image.

They keep their width on screen and have a dark outline, so that they are seen on any ground and without colour vision.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from readerapp.theme import COLORS
from readerapp.viewer import shapes
from readerapp.viewer.lettering import Face, draw_text, text_width
from studies.reading.marks import MarkKind, Point
from studies.reading.masks import Mask

__all__ = ["MarkKind", "MarkView", "Point", "draw_mark", "pen"]

_OUTLINE = QColor(0, 0, 0, 210)
_SELECTED, _OTHER = "#ffffff", "#9fd0ff"


@dataclass(frozen=True)
class MarkView:
    """A mark as the canvas shows it. `points`: as `studies.reading.marks.POINTS` says; image coordinates.

    `label` is the number of its item, the same as in the item panel; `in_focus` where its item is in focus.
    """

    id: str
    label: str
    kind: MarkKind
    points: tuple[Point, ...]
    in_focus: bool = False
    mask: Mask | None = None  # of a painted region: its pixels, where `points` were their corners

    def color(self, selected: bool) -> str:
        """What it is drawn in."""
        return _SELECTED if selected else COLORS.accent if self.in_focus else _OTHER


def draw_mark(
    painter: QPainter,
    mark: MarkView,
    ends: Sequence[QPointF],
    selected: bool,
    letters: Face,
    values: Sequence[str] = (),
    area: QRectF | None = None,
) -> None:
    """Draws a mark whose points lie at `ends` on screen, with its label and what it measures, within `area`."""
    text_color = mark.color(selected)
    color = QColor(text_color)
    width = 2.6 if selected or mark.in_focus else 1.8
    drawn = shapes.path(mark.kind, ends)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for stroke in (
        () if mark.kind == "mask" else (pen(_OUTLINE, width + 3.2), pen(color, width, dashed=mark.kind == "region"))
    ):
        painter.setPen(stroke)
        painter.drawPath(drawn)
    if mark.kind == "cobb" and len(ends) == 4:
        painter.setPen(pen(color, 1.0, dashed=True))
        painter.drawLine(_middle(ends[0], ends[1]), _middle(ends[2], ends[3]))
    # A line has no extent across; and a label of what is out of sight would tell of nothing that is seen.
    if area is None or drawn.boundingRect().adjusted(-1, -1, 1, 1).intersects(area):
        _draw_label(painter, mark, ends, letters, values, text_color, area)
    if selected:
        _draw_handles(painter, mark.kind, ends)


def pen(color: QColor, width: float, dashed: bool = False) -> QPen:
    """A pen with round ends."""
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    cap = Qt.PenCapStyle.FlatCap if dashed else Qt.PenCapStyle.RoundCap
    return QPen(color, width, style, cap, Qt.PenJoinStyle.RoundJoin)


def _draw_label(
    painter: QPainter,
    mark: MarkView,
    ends: Sequence[QPointF],
    letters: Face,
    values: Sequence[str],
    color: str,
    area: QRectF | None,
) -> None:
    first = "  ".join(text for text in (mark.label, *values[:1]) if text)
    lines = [line for line in (first, *values[1:]) if line]
    at = shapes.label_place(mark.kind, ends)
    if area is not None and lines:
        widest = max(text_width(line, letters) for line in lines)
        x = min(max(at.x(), area.left() + 4), max(area.right() - widest - 4, area.left() + 4))
        lowest = area.bottom() - letters.descent - (len(lines) - 1) * letters.height
        at = QPointF(x, max(min(at.y(), lowest), area.top() + letters.ascent))
    for number, line in enumerate(lines):
        draw_text(painter, at + QPointF(0.0, number * letters.height), line, letters, color)


def _draw_handles(painter: QPainter, kind: str, ends: Sequence[QPointF]) -> None:
    places = shapes.handles(kind, ends)
    if kind in shapes.BOXED - {"box"}:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen(QColor(_SELECTED), 1.0, dashed=True))
        painter.drawRect(QRectF(ends[0], ends[1]).normalized())
    painter.setPen(pen(_OUTLINE, 1.5))
    painter.setBrush(QColor(_SELECTED))
    for place in places:
        painter.drawRect(QRectF(place.x() - 3.5, place.y() - 3.5, 7.0, 7.0))


def _middle(a: QPointF, b: QPointF) -> QPointF:
    return QPointF((a.x() + b.x()) / 2, (a.y() + b.y()) / 2)
