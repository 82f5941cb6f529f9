"""A map of numbers over an image: where a network looked, as one translucent layer under the marks.

The layer has one strength all over: a value is told by its colour alone, never by how much of the image shows through.
The colour maps rise evenly in lightness and are read without colour vision (`resources/theme/color_maps.json`, the 256
steps of matplotlib's; viridis and inferno by Smith and van der Walt 2015, cividis by Nuñez et al. 2018, PLoS ONE).
"""

import json
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import numpy as np
from PIL import Image as Pillow
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QTransform

from readerapp.viewer.display import Placement

__all__ = ["COLOR_MAPS", "HeatLayer", "HeatPicture", "color_table"]

COLOR_MAPS = ("viridis", "cividis", "inferno")
_FINE = 512  # a coarse map is interpolated to this many pixels along its longer side before it is coloured


@dataclass(frozen=True, eq=False)
class HeatLayer:
    """What is laid over one image. `values`: (h, w) float32 in [0, 1], covering the image from edge to edge.

    `opacity`: 0 to 1, the same for every pixel that is painted; `threshold`: values below it are not painted.
    Raises ValueError for values that are no map.
    """

    values: np.ndarray
    opacity: float = 0.45
    threshold: float = 0.0
    color_map: str = "viridis"

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or 0 in self.values.shape:
            raise ValueError(f"a map of shape {self.values.shape} cannot be shown: it has to have rows and columns")
        if not (0 <= self.opacity <= 1 and 0 <= self.threshold <= 1):
            raise ValueError(f"opacity {self.opacity} and threshold {self.threshold} lie between 0 and 1")

    @cached_property
    def picture(self) -> QImage:
        """The map in colours at full strength; nothing where it lies below the threshold."""
        height, width = self.values.shape
        times = max(1.0, _FINE / max(height, width))
        size = (max(1, round(width * times)), max(1, round(height * times)))
        map_values = Pillow.fromarray(np.ascontiguousarray(self.values, np.float32))
        fine = np.asarray(map_values.resize(size, Pillow.Resampling.BILINEAR))
        steps = np.rint(np.clip(np.nan_to_num(fine), 0, 1) * 255).astype(np.uint8)
        pixels = np.take(color_table(self.color_map), steps)
        if self.threshold > 0:
            pixels[np.nan_to_num(fine) < self.threshold] = 0
        image = QImage(pixels.data, size[0], size[1], 4 * size[0], QImage.Format.Format_ARGB32_Premultiplied)
        return image.copy()  # which owns its pixels


class HeatPicture:
    """The layer as it lies on the screen, kept until the image lies elsewhere."""

    def __init__(self) -> None:
        self.layer: HeatLayer | None = None
        self._key: object = None
        self._picture = QImage()

    def paint(
        self,
        painter: QPainter,
        image_size: tuple[int, int],
        placement: Placement,
        size: tuple[int, int],
        ratio: float,
    ) -> None:
        """`image_size`: columns and rows; `size`: of the viewport in device pixels, `ratio` of them a logical one."""
        if self.layer is None or self.layer.opacity == 0:
            return
        key = (self.layer, image_size, placement, size)
        if key != self._key:
            self._key, self._picture = key, _on_screen(self.layer.picture, image_size, placement, size)
        painter.save()
        painter.setOpacity(self.layer.opacity)
        painter.drawImage(QRectF(0, 0, size[0] / ratio, size[1] / ratio), self._picture)
        painter.restore()


def _on_screen(picture: QImage, image_size: tuple[int, int], placement: Placement, size: tuple[int, int]) -> QImage:
    """The map in the viewport's pixels, the image's edges at −0.5 and at its last pixel's centre + 0.5."""
    screen = QImage(size[0], size[1], QImage.Format.Format_ARGB32_Premultiplied)
    screen.fill(0)
    painter = QPainter(screen)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setTransform(_transform(placement, size))
    painter.drawImage(QRectF(-0.5, -0.5, *image_size), picture)
    painter.end()
    return screen


def _transform(placement: Placement, size: tuple[int, int]) -> QTransform:
    """From image points (pixel centres) to the viewport."""
    zero = placement.to_screen(0, 0, size)
    right, down = placement.to_screen(1, 0, size), placement.to_screen(0, 1, size)
    return QTransform(
        right[0] - zero[0], right[1] - zero[1], down[0] - zero[0], down[1] - zero[1], zero[0], zero[1]
    )  # fmt: skip


@cache
def color_table(name: str) -> np.ndarray:
    """(256,) uint32 0xffRRGGBB, from the least value to the greatest. Raises KeyError for a map that there is not."""
    packed = bytes.fromhex(
        json.loads(files("resources.theme").joinpath("color_maps.json").read_text(encoding="utf-8"))[name]
    )
    red, green, blue = np.frombuffer(packed, np.uint8).reshape(256, 3).astype(np.uint32).T
    return np.uint32(0xFF000000) | red << 16 | green << 8 | blue
