"""The brush on one canvas: the stroke that goes on, how it looks, and the circle that shows how wide it paints."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from engine.images.image import Image
from readerapp.viewer.brush import BRUSHES, Brush, BrushStroke, Painted
from readerapp.viewer.display import aspect_of
from readerapp.viewer.drawing import DrawingHand
from readerapp.viewer.marks import MarkView
from readerapp.viewer.mask_painting import LivePicture, MaskLook, Shown, paint_brush
from readerapp.viewer.mask_raster import Rect, joined
from studies.reading.marks import Point

__all__ = ["Brushwork"]

_LOOK = MaskLook("#ffffff")  # as the selected mark, which it will be


class Canvas(Shown, Protocol):
    """What the circle is shown on."""

    def to_screen(self, x: float, y: float) -> QPointF: ...


class Brushwork:
    """From the points of the hand that draws to the pixels of a mask."""

    def __init__(self, hand: DrawingHand) -> None:
        self.brush = Brush()
        self._hand = hand
        self._stroke: BrushStroke | None = None
        self._changed: Rect | None = None  # of the stroke, not painted yet
        self._picture = LivePicture()

    @property
    def target(self) -> str:
        """The mask that the stroke changes, "" where it has touched none."""
        return self._stroke.target if self._stroke is not None else ""

    def follow(self, image: Image, marks: Sequence[MarkView], selected: str) -> None:
        """Draws on to where the hand is. Masks of the item in focus are painted further: the selected first."""
        drawing = self._hand.drawing
        if drawing is None or not drawing.is_brush or not drawing.points:
            self._stroke = self._changed = None
            return
        if self._stroke is None:
            size = (image.columns, image.rows)
            of_item = [mark for mark in reversed(marks) if mark.in_focus and mark.mask is not None]
            of_item.sort(key=lambda mark: mark.id != selected)
            masks = [(m.id, m.mask) for m in of_item if m.mask and (m.mask.columns, m.mask.rows) == size]
            erasing = drawing.kind == "erase"
            self._stroke = BrushStroke(erasing, self.brush.diameter, size, aspect_of(image), masks)
        changed = self._stroke.follow(drawing.points)
        if changed is not None:
            self._changed = joined([changed, self._changed]) if self._changed else changed

    def end(self, points: Sequence[Point]) -> Painted | None:
        """The stroke is over; what it made, None where it changed nothing."""
        stroke, self._stroke, self._changed = self._stroke, None, None
        if stroke is None:
            return None
        stroke.follow(points)
        return stroke.result()

    def paint_stroke(self, painter: QPainter, canvas: Canvas) -> None:
        """The region as it would be if the brush were lifted now."""
        if self._stroke is not None and self._stroke.box is not None:
            self._picture.paint(painter, canvas, self._stroke.shown, self._stroke.box, self._changed, _LOOK)
            self._changed = None

    def paint_brush(self, painter: QPainter, canvas: Canvas, pointer: QPointF | None) -> None:
        """The circle, under the pointer or where keys have come to."""
        if self._hand.armed not in BRUSHES:
            return
        at = canvas.to_screen(*self._hand.crosshair) if self._hand.crosshair is not None else pointer
        if at is not None:
            wide = self.brush.diameter * canvas.placement().scale / canvas.devicePixelRatioF()
            paint_brush(painter, at, wide, self._hand.armed == "erase")
