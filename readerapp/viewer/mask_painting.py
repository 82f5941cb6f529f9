"""How painted regions look: a translucent ground, a line around it and a dark one around that.

A ground of one strength lets the image be judged through it; the two lines are seen on any ground and without colour
vision. Pictures are made at the resolution of the screen and kept until the image lies elsewhere; while a stroke goes
on, only the part that it reached is made anew.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from readerapp.theme import COLORS
from readerapp.viewer.display import Placement
from readerapp.viewer.marks import pen
from readerapp.viewer.mask_raster import Raster, Rect, raster_of
from studies.reading.marks import Point
from studies.reading.masks import Mask, corners

__all__ = ["LivePicture", "MaskLook", "MaskPictures", "paint_brush"]

_FILL = 0.28  # strength of the ground
_HALO = QColor(0, 0, 0, 200)
_LINE = 2  # screen pixels, of the line and of the dark one around it
_NEAR = 7.0  # logical pixels from its edge within which a region is taken
_ROUND = [(math.cos(n * math.pi / 6), math.sin(n * math.pi / 6)) for n in range(12)]
_MOST_KEPT = 60_000_000  # pixels of regions kept ready


class Shown(Protocol):
    """The canvas that a region is painted on."""

    def placement(self) -> Placement: ...

    def device_size(self) -> tuple[int, int]: ...

    def devicePixelRatioF(self) -> float: ...

    def to_image(self, at: QPointF) -> Point: ...


@dataclass(frozen=True)
class MaskLook:
    """Colours of a region's line and ground; the ground may be hatched, so that several are told apart without colour.

    The ground is not grey: it looks like no brighter part of the image. `hatch`: 0 even, 1 lines that rise, 2 lines
    that fall, 3 upright ones.
    """

    color: str
    ground: str = COLORS.accent
    hatch: int = 0


class MaskPictures:
    """Pictures of regions by the id of their mark, and the pixels that they were made from."""

    def __init__(self) -> None:
        self._rasters: dict[Mask, Raster] = {}
        self._pictures: dict[str, tuple[object, np.ndarray, Rect]] = {}

    def clear(self) -> None:
        """Another image."""
        self._rasters.clear()
        self._pictures.clear()

    def paint(
        self,
        painter: QPainter,
        canvas: Shown,
        mark_id: str,
        mask: Mask,
        look: MaskLook,
        points: Sequence[Point] | None = None,
    ) -> None:
        """A region where its corners are now: at `points` while it is moved."""
        x, y = corners(mask)[0]
        moved = (round(points[0][0] - x), round(points[0][1] - y)) if points else (0, 0)
        placement, size = canvas.placement(), canvas.device_size()
        key = (mask, look, moved, placement, size)
        if mark_id not in self._pictures or self._pictures[mark_id][0] != key:
            rect = _on_screen(_moved_box(mask, moved), placement, size)
            if rect is None:
                self._pictures.pop(mark_id, None)
                return
            self._pictures[mark_id] = (key, _picture(self._raster(mask), placement, size, rect, look, moved), rect)
        _, picture, rect = self._pictures[mark_id]
        _draw(painter, picture, rect, canvas.devicePixelRatioF())

    def near_edge(self, canvas: Shown, mask: Mask, at: QPointF) -> bool:
        """True where a screen point lies at the edge of a region: inside it, hands do what they do on any image."""
        raster = self._raster(mask)
        around = [canvas.to_image(at + QPointF(_NEAR * x, _NEAR * y)) for x, y in _ROUND]
        return len({raster.holds(point) for point in (canvas.to_image(at), *around)}) == 2

    def _raster(self, mask: Mask) -> Raster:
        if mask not in self._rasters:
            self._rasters[mask] = raster_of(mask)
            while len(self._rasters) > 1 and sum(r.pixels.size for r in self._rasters.values()) > _MOST_KEPT:
                del self._rasters[next(iter(self._rasters))]
        return self._rasters[mask]


class LivePicture:
    """The region under the brush, over the whole viewport; painted anew where a stroke has come."""

    def __init__(self) -> None:
        self._key: object = None
        self._picture = np.zeros((1, 1), np.uint32)

    def paint(
        self, painter: QPainter, canvas: Shown, raster: Raster, box: Rect, changed: Rect | None, look: MaskLook
    ) -> None:
        """`box`: image pixels around all that may be set; `changed`: those that are not painted yet."""
        placement, size = canvas.placement(), canvas.device_size()
        key = (raster, look, placement, size)
        if key != self._key:
            self._key, changed = key, box
            self._picture = np.zeros((size[1], size[0]), np.uint32)
        rect = _on_screen(changed, placement, size) if changed else None
        if rect is not None:
            left, top, right, bottom = rect
            self._picture[top:bottom, left:right] = _picture(raster, placement, size, rect, look)
        seen = _on_screen(box, placement, size)
        if seen is not None:
            _draw(painter, self._picture[seen[1] : seen[3], seen[0] : seen[2]], seen, canvas.devicePixelRatioF())


def paint_brush(painter: QPainter, at: QPointF, diameter: float, erasing: bool) -> None:
    """The brush as wide as it paints (`diameter` in logical pixels); the one that erases is dashed."""
    radius = max(diameter / 2, 1.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for stroke in (pen(_HALO, 3.2), pen(QColor("#ffffff"), 1.4, dashed=erasing)):
        painter.setPen(stroke)
        painter.drawEllipse(at, radius, radius)


def _moved_box(mask: Mask, moved: tuple[int, int]) -> Rect:
    (left, top), (right, bottom) = corners(mask)
    edges = (left + moved[0], top + moved[1], right + moved[0], bottom + moved[1])
    return tuple(math.floor(edge + 0.5) for edge in edges)  # type: ignore[return-value]


def _on_screen(box: Rect, placement: Placement, size: tuple[int, int]) -> Rect | None:
    """The screen pixels that image pixels and the lines around them reach; None where they are out of sight."""
    ends = [placement.to_screen(x - 0.5, y - 0.5, size) for x, y in (box[:2], box[2:])]
    slack = 2 * _LINE + 4  # in a halving, a pixel stands for those beside it
    left, right = sorted(end[0] for end in ends)
    top, bottom = sorted(end[1] for end in ends)
    rect = (
        max(0, math.floor(left - slack)),
        max(0, math.floor(top - slack)),
        min(size[0], math.ceil(right + slack)),
        min(size[1], math.ceil(bottom + slack)),
    )
    return rect if rect[0] < rect[2] and rect[1] < rect[3] else None


def _picture(
    raster: Raster,
    placement: Placement,
    size: tuple[int, int],
    rect: Rect,
    look: MaskLook,
    moved: tuple[int, int] = (0, 0),
) -> np.ndarray:
    """(height, width) uint32 0xAARRGGBB, premultiplied, of a rectangle of the viewport."""
    pad = 2 * _LINE
    wide = (rect[0] - pad, rect[1] - pad, rect[2] + pad, rect[3] + pad)
    region = raster.on_screen(placement, size, wide, moved)
    inner, outer = region, region
    for _ in range(_LINE):
        inner, outer = _shrunk(inner), _grown(outer)
    cut = slice(_LINE, -_LINE)
    region, inner, outer = region[pad:-pad, pad:-pad], inner[cut, cut], outer[cut, cut]
    kinds = region.astype(np.uint8) + inner + np.uint8(3) * (outer & ~region)  # 0 none, 1 line, 2 ground, 3 dark line
    if look.hatch:
        kinds += np.uint8(2) * (inner & _hatched(rect, look.hatch))
    ground = QColor(look.ground)
    weak = _premultiplied(ground, _FILL if look.hatch == 0 else _FILL / 2)
    line, dark = _premultiplied(QColor(look.color), 1.0), _premultiplied(_HALO, _HALO.alphaF())
    table = [0, line, weak, dark, _premultiplied(ground, 0.6)]
    return np.take(np.array(table, np.uint32), kinds)


def _hatched(rect: Rect, hatch: int) -> np.ndarray:
    x, y = np.arange(rect[0], rect[2])[None, :], np.arange(rect[1], rect[3])[:, None]
    along = {1: x + y, 2: x - y, 3: x + 0 * y}[(hatch - 1) % 3 + 1]
    return along % 9 < 2


def _shrunk(region: np.ndarray) -> np.ndarray:
    """Without the pixels at its edge; a pixel less on every side."""
    beside = region[:-2, 1:-1] & region[2:, 1:-1] & region[1:-1, :-2] & region[1:-1, 2:]
    return region[1:-1, 1:-1] & beside


def _grown(region: np.ndarray) -> np.ndarray:
    """With the pixels around it; a pixel less on every side."""
    beside = region[:-2, 1:-1] | region[2:, 1:-1] | region[1:-1, :-2] | region[1:-1, 2:]
    return region[1:-1, 1:-1] | beside


def _premultiplied(color: QColor, alpha: float) -> int:
    red, green, blue = (round(part * alpha) for part in (color.red(), color.green(), color.blue()))
    return round(255 * alpha) << 24 | red << 16 | green << 8 | blue


def _draw(painter: QPainter, picture: np.ndarray, rect: Rect, ratio: float) -> None:
    pixels = np.ascontiguousarray(picture)
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    painter.drawImage(QRectF(rect[0] / ratio, rect[1] / ratio, width / ratio, height / ratio), image)
