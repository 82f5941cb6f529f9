"""Arrows and boxes on the image: how they are drawn and hit.

They keep their width on screen and have a dark outline, so that they are seen on any ground and without colour vision.
"""

import math
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen

from readerapp.theme import COLORS

__all__ = ["MarkKind", "MarkView", "Point", "draw_mark", "draw_text", "hit_mark", "moved_points"]

MarkKind = Literal["arrow", "box"]
Point = tuple[float, float]

HANDLE_RADIUS = 9.0  # screen pixels within which a handle is taken
LINE_REACH = 7.0
_HEAD_LENGTH = 15.0
_HEAD_ANGLE = math.radians(26)
_OUTLINE = QColor(0, 0, 0, 210)
_TEXT_OUTLINE = QColor(0, 0, 0, 150)
_AROUND = [(dx, dy) for dx in (-1.2, 0.0, 1.2) for dy in (-1.2, 0.0, 1.2) if dx or dy]


@dataclass(frozen=True)
class MarkView:
    """A mark as the canvas shows it. `points`: arrow (tail, tip), box two opposite corners; image coordinates.

    `label` is the number of its item, the same as in the item panel; `in_focus` where its item is in focus.
    """

    id: str
    label: str
    kind: MarkKind
    points: tuple[Point, Point]
    in_focus: bool = False


def draw_mark(painter: QPainter, mark: MarkView, ends: tuple[QPointF, QPointF], selected: bool, font: QFont) -> None:
    """Draws a mark whose points lie at `ends` on screen."""
    path = _arrow_path(*ends) if mark.kind == "arrow" else _box_path(*ends)
    color = QColor("#ffffff") if selected else QColor(COLORS.accent if mark.in_focus else "#9fd0ff")
    width = 2.6 if selected or mark.in_focus else 1.8
    for pen in (_pen(_OUTLINE, width + 3.2), _pen(color, width)):
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
    draw_text(painter, _label_place(mark.kind, ends), mark.label, font, color)
    if selected:
        _draw_handles(painter, ends)


def draw_text(painter: QPainter, baseline: QPointF, text: str, font: QFont, color: QColor) -> None:
    """Text with a dark outline; `baseline` is the left end of its baseline."""
    painter.setFont(font)
    painter.setPen(_TEXT_OUTLINE)
    for dx, dy in _AROUND:  # stroking glyph paths would take longer than painting the image
        painter.drawText(QPointF(baseline.x() + dx, baseline.y() + dy), text)
    painter.setPen(color)
    painter.drawText(baseline, text)


def hit_mark(mark: MarkView, ends: tuple[QPointF, QPointF], at: QPointF) -> int | None:
    """What of a mark is under a screen point: 0 or 1 for that end, −1 for its body, None for nothing."""
    for index, end in enumerate(ends):
        if _distance(end, at) <= HANDLE_RADIUS:
            return index
    return -1 if _body_distance(mark.kind, ends, at) <= LINE_REACH else None


def moved_points(points: tuple[Point, Point], part: int, dx: float, dy: float) -> tuple[Point, Point]:
    """The points after a drag by (dx, dy) image pixels of one end (0, 1) or of the whole mark (−1)."""
    first, second = points
    if part in (-1, 0):
        first = (first[0] + dx, first[1] + dy)
    if part in (-1, 1):
        second = (second[0] + dx, second[1] + dy)
    return first, second


def _arrow_path(tail: QPointF, tip: QPointF) -> QPainterPath:
    path = QPainterPath(tail)
    path.lineTo(tip)
    direction = math.atan2(tail.y() - tip.y(), tail.x() - tip.x())
    for side in (-_HEAD_ANGLE, _HEAD_ANGLE):
        path.moveTo(tip)
        path.lineTo(
            tip.x() + _HEAD_LENGTH * math.cos(direction + side), tip.y() + _HEAD_LENGTH * math.sin(direction + side)
        )
    return path


def _box_path(first: QPointF, second: QPointF) -> QPainterPath:
    path = QPainterPath()
    path.addRect(QRectF(first, second).normalized())
    return path


def _label_place(kind: MarkKind, ends: tuple[QPointF, QPointF]) -> QPointF:
    if kind == "arrow":
        tail, tip = ends
        away = 6.0 if tail.x() >= tip.x() else -16.0
        return QPointF(tail.x() + away, tail.y() - 4.0)
    corner = QRectF(*ends).normalized().topRight()
    return QPointF(corner.x() + 5.0, corner.y() + 4.0)


def _draw_handles(painter: QPainter, ends: tuple[QPointF, QPointF]) -> None:
    painter.setPen(_pen(_OUTLINE, 1.5))
    painter.setBrush(QColor("#ffffff"))
    for end in ends:
        painter.drawRect(QRectF(end.x() - 3.5, end.y() - 3.5, 7.0, 7.0))


def _pen(color: QColor, width: float) -> QPen:
    return QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _distance(a: QPointF, b: QPointF) -> float:
    return math.hypot(a.x() - b.x(), a.y() - b.y())


def _body_distance(kind: MarkKind, ends: tuple[QPointF, QPointF], at: QPointF) -> float:
    if kind == "arrow":
        return _segment_distance(ends[0], ends[1], at)
    rect = QRectF(*ends).normalized()
    corners = [rect.topLeft(), rect.topRight(), rect.bottomRight(), rect.bottomLeft()]
    return min(_segment_distance(corners[i], corners[(i + 1) % 4], at) for i in range(4))


def _segment_distance(a: QPointF, b: QPointF, at: QPointF) -> float:
    dx, dy = b.x() - a.x(), b.y() - a.y()
    squared = dx * dx + dy * dy
    along = 0.0 if squared == 0 else min(max(((at.x() - a.x()) * dx + (at.y() - a.y()) * dy) / squared, 0.0), 1.0)
    return math.hypot(at.x() - (a.x() + along * dx), at.y() - (a.y() + along * dy))
