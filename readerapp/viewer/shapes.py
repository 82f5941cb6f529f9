"""The lines of a mark on the screen: how it runs, where its handles are, what of it lies under a point.

`ends` are a mark's points as they lie on the screen; parts are numbered as in `handles`, and −1 is the mark as a whole.
"""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

from studies.reading.marks import Point

__all__ = ["BOXED", "HANDLE_RADIUS", "handles", "hit", "label_place", "moved_points", "path", "shifted_within"]

Ends = Sequence[QPointF]

BOXED = frozenset({"box", "ellipse", "region", "window_region", "mask"})  # given by two opposite corners
HANDLE_RADIUS = 9.0  # screen pixels within which a handle is taken
LINE_REACH = 7.0
_HEAD_LENGTH = 15.0
_HEAD_ANGLE = math.radians(26)
_STAR_RADIUS = 11.0  # screen pixels: a star is as large at any zoom
_ROUND = 48  # corners of the polygon that stands for an ellipse in hit tests


def path(kind: str, ends: Ends) -> QPainterPath:
    """What is stroked."""
    drawn = QPainterPath()
    if kind in ("ellipse", "region"):
        drawn.addEllipse(_rect(ends))
    elif kind in BOXED:
        drawn.addRect(_rect(ends))
    elif kind == "star":
        drawn.addPolygon(QPolygonF(_star(ends[0])))
    else:
        for run in _runs(kind, ends):
            drawn.moveTo(run[0])
            for point in run[1:]:
                drawn.lineTo(point)
    if kind == "arrow" and len(ends) == 2:
        _add_head(drawn, ends[0], ends[1])
    elif kind in ("length", "cobb"):
        for run in _runs(kind, ends):
            _add_bars(drawn, run)
    return drawn


def handles(kind: str, ends: Ends) -> list[QPointF]:
    """Where a selected mark is taken hold of: its points, all four corners of a box, the ends of a freehand line.

    A painted region has none: it is moved whole, and changed with the brush.
    """
    if kind == "mask":
        return []
    if kind in BOXED:
        first, second = ends
        return [first, second, QPointF(first.x(), second.y()), QPointF(second.x(), first.y())]
    return [ends[0], ends[-1]] if kind == "freehand" else list(ends)


def hit(kind: str, ends: Ends, at: QPointF, selected: bool) -> int | None:
    """What of a mark is under a screen point: the number of a handle where it is selected, −1 its line, else None."""
    if selected and kind != "freehand":
        for index, handle in enumerate(handles(kind, ends)):
            if _distance(handle, at) <= HANDLE_RADIUS:
                return index
    return -1 if any(_run_distance(run, at) <= LINE_REACH for run in _runs(kind, ends)) else None


def moved_points(kind: str, points: Sequence[Point], part: int, dx: float, dy: float) -> tuple[Point, ...]:
    """The points after a drag by (dx, dy) image pixels of one handle, or of the whole mark (−1)."""
    if kind in BOXED and part >= 0:
        (x0, y0), (x1, y1) = points
        x0, x1 = (x0 + dx, x1) if part in (0, 2) else (x0, x1 + dx)
        y0, y1 = (y0 + dy, y1) if part in (0, 3) else (y0, y1 + dy)
        return (x0, y0), (x1, y1)
    return tuple((x + dx, y + dy) if part in (-1, index) else (x, y) for index, (x, y) in enumerate(points))


def shifted_within(points: Sequence[Point], dx: float, dy: float, columns: int, rows: int) -> tuple[Point, ...]:
    """The points moved by (dx, dy), or as far as the whole mark stays within the image: its shape never changes."""
    columns_of, rows_of = [x for x, _ in points], [y for _, y in points]
    dx = min(max(dx, -0.5 - min(columns_of)), columns - 0.5 - max(columns_of))
    dy = min(max(dy, -0.5 - min(rows_of)), rows - 0.5 - max(rows_of))
    return tuple((x + dx, y + dy) for x, y in points)


def label_place(kind: str, ends: Ends) -> QPointF:
    """Where a mark's label begins: beside an arrow's tail, else to the right of the top of the mark."""
    if kind == "arrow":
        tail, tip = ends[0], ends[-1]
        return QPointF(tail.x() + (6.0 if tail.x() >= tip.x() else -16.0), tail.y() - 4.0)
    if kind in BOXED:
        corner = _rect(ends).topRight()
        return QPointF(corner.x() + 5.0, corner.y() + 4.0)
    if kind == "star":
        return QPointF(ends[0].x() + _STAR_RADIUS + 4.0, ends[0].y() + 4.0)
    rightmost = max(ends, key=lambda end: end.x())
    return QPointF(rightmost.x() + 8.0, rightmost.y() + 4.0)


def _runs(kind: str, ends: Ends) -> list[list[QPointF]]:
    """The mark as lines from point to point."""
    if kind in ("ellipse", "region"):
        rect = _rect(ends)
        steps = [2 * math.pi * step / _ROUND for step in range(_ROUND + 1)]
        across, down = rect.width() / 2, rect.height() / 2
        center = rect.center()
        return [[QPointF(center.x() + across * math.cos(a), center.y() + down * math.sin(a)) for a in steps]]
    if kind in BOXED:
        rect = _rect(ends)
        return [[rect.topLeft(), rect.topRight(), rect.bottomRight(), rect.bottomLeft(), rect.topLeft()]]
    if kind == "star":
        return [_star(ends[0])]
    if kind == "cobb":
        return [run for run in (list(ends[:2]), list(ends[2:4])) if run]
    return [list(ends)]


def _star(at: QPointF) -> list[QPointF]:
    """Five points, one of them up; closed."""
    turns = [math.pi * (step / 5 - 0.5) for step in range(11)]
    radii = [_STAR_RADIUS * (1.0 if step % 2 == 0 else 0.42) for step in range(11)]
    return [
        QPointF(at.x() + radius * math.cos(turn), at.y() + radius * math.sin(turn))
        for radius, turn in zip(radii, turns, strict=True)
    ]


def _add_head(drawn: QPainterPath, tail: QPointF, tip: QPointF) -> None:
    direction = math.atan2(tail.y() - tip.y(), tail.x() - tip.x())
    for side in (-_HEAD_ANGLE, _HEAD_ANGLE):
        drawn.moveTo(tip)
        drawn.lineTo(
            tip.x() + _HEAD_LENGTH * math.cos(direction + side), tip.y() + _HEAD_LENGTH * math.sin(direction + side)
        )


def _add_bars(drawn: QPainterPath, run: Sequence[QPointF]) -> None:
    """Short bars across the ends of a measured line."""
    if len(run) < 2:
        return
    across = math.atan2(run[1].y() - run[0].y(), run[1].x() - run[0].x()) + math.pi / 2
    dx, dy = 5.0 * math.cos(across), 5.0 * math.sin(across)
    for end in run[:2]:
        drawn.moveTo(end.x() - dx, end.y() - dy)
        drawn.lineTo(end.x() + dx, end.y() + dy)


def _rect(ends: Ends) -> QRectF:
    return QRectF(ends[0], ends[-1]).normalized()


def _distance(a: QPointF, b: QPointF) -> float:
    return math.hypot(a.x() - b.x(), a.y() - b.y())


def _run_distance(run: Sequence[QPointF], at: QPointF) -> float:
    if len(run) == 1:
        return _distance(run[0], at)
    return min(_segment_distance(run[i], run[i + 1], at) for i in range(len(run) - 1))


def _segment_distance(a: QPointF, b: QPointF, at: QPointF) -> float:
    dx, dy = b.x() - a.x(), b.y() - a.y()
    squared = dx * dx + dy * dy
    along = 0.0 if squared == 0 else min(max(((at.x() - a.x()) * dx + (at.y() - a.y()) * dy) / squared, 0.0), 1.0)
    return math.hypot(at.x() - (a.x() + along * dx), at.y() - (a.y() + along * dy))
