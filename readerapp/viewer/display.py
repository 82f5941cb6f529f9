"""From stored pixels to screen pixels, at the size of the viewport. No Qt.

The cost of a picture follows the viewport, not the image: minification averages areas of a reduced copy (a pyramid of
halvings, each made once), and the grey pipeline is one lookup per screen pixel. Averages are
taken of stored values in 16-bit precision or better; the step to 8 bits is the last.

Coordinates are (column, row), 0-based, at pixel centres of the stored image: the first pixel covers −0.5 to 0.5.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image as Pillow

from engine.images.bands import by_bands
from engine.images.grey import DisplayTable
from engine.images.image import Image
from engine.images.resampling import area_means
from readerapp.viewer.pyramid import Pyramid

__all__ = [
    "Placement",
    "Sampled",
    "aspect_of",
    "fill",
    "fit",
    "sample",
    "to_screen_pixels",
    "to_screen_values",
]

MIN_SCALE = 0.01
MAX_SCALE = 64.0
_BAND_PIXELS = 120_000  # looked up at once: their indices, widened by numpy, stay in the processor's cache
_WORTH_A_THREAD = 400_000  # pixels; below, waking the other thread takes as long as it saves


@dataclass(frozen=True)
class Placement:
    """Where the image lies under a viewport.

    `scale`: screen pixels per image column; (`x`, `y`): the image point at the viewport's centre, pixel-centre
    coordinates; `aspect`: height of an image pixel over its width (row spacing / column spacing). The picture is first
    mirrored left to right where `flipped`, then turned clockwise by `quarter_turns` (0 to 3) right angles.
    """

    scale: float
    x: float
    y: float
    aspect: float = 1.0
    quarter_turns: int = 0
    flipped: bool = False

    def to_screen(self, x: float, y: float, size: tuple[int, int]) -> tuple[float, float]:
        """Viewport position (screen pixels, edges at whole numbers) of an image point; `size` is (width, height)."""
        across, down = self.turned((x - self.x) * self.scale, (y - self.y) * self.scale * self.aspect)
        return across + size[0] / 2, down + size[1] / 2

    def to_image(self, sx: float, sy: float, size: tuple[int, int]) -> tuple[float, float]:
        """Image point under a viewport position; the inverse of `to_screen`."""
        across, down = self._turned_back(sx - size[0] / 2, sy - size[1] / 2)
        return across / self.scale + self.x, down / (self.scale * self.aspect) + self.y

    def turned(self, across: float, down: float) -> tuple[float, float]:
        """A direction along image columns and rows as it lies on the screen; lengths stay."""
        if self.flipped:
            across = -across
        for _ in range(self.quarter_turns % 4):
            across, down = -down, across
        return across, down

    def _turned_back(self, across: float, down: float) -> tuple[float, float]:
        for _ in range(self.quarter_turns % 4):
            across, down = down, -across
        return (-across if self.flipped else across), down

    def upright(self) -> "Placement":
        """The same place and zoom, neither turned nor flipped."""
        return replace(self, quarter_turns=0, flipped=False)

    def rotated(self, quarter_turns: int) -> "Placement":
        """Turned further, clockwise as seen on the screen."""
        return replace(self, quarter_turns=(self.quarter_turns + quarter_turns) % 4)

    def mirrored(self, vertically: bool = False) -> "Placement":
        """Mirrored left to right, or top to bottom, as seen on the screen."""
        turns = (2 if vertically else 0) - self.quarter_turns
        return replace(self, quarter_turns=turns % 4, flipped=not self.flipped)

    def zoomed(self, factor: float, sx: float, sy: float, size: tuple[int, int]) -> "Placement":
        """Zoomed by `factor` (limited to 0.01–64), the image point under (sx, sy) staying where it is."""
        scale = min(max(self.scale * factor, MIN_SCALE), MAX_SCALE)
        held_x, held_y = self.to_image(sx, sy, size)
        moved = replace(self, scale=scale)
        now_x, now_y = moved.to_image(sx, sy, size)
        return replace(moved, x=self.x + held_x - now_x, y=self.y + held_y - now_y)

    def panned(self, dx: float, dy: float) -> "Placement":
        """The picture moved by (dx, dy) screen pixels."""
        across, down = self._turned_back(dx, dy)
        return replace(self, x=self.x - across / self.scale, y=self.y - down / (self.scale * self.aspect))


@dataclass(frozen=True, eq=False)
class Sampled:
    """The visible part of a frame at screen resolution, before the grey pipeline.

    `values`: (height, width) uint16 indices into a display table, or (height, width, 3) uint8; it belongs at
    (`left`, `top`) of the viewport. `black`: same height and width, bool, or None.
    """

    left: int
    top: int
    values: np.ndarray
    black: np.ndarray | None = None


def aspect_of(image: Image) -> float:
    """Height of a pixel over its width."""
    if image.spacing_mm is None or min(image.spacing_mm) <= 0:
        return 1.0
    return image.spacing_mm[0] / image.spacing_mm[1]


def fit(
    rows: int, columns: int, size: tuple[int, int], aspect: float = 1.0, quarter_turns: int = 0, flipped: bool = False
) -> Placement:
    """The whole image as large as the viewport (width, height) allows, centred."""
    return _centred(min, rows, columns, size, Placement(1.0, 0.0, 0.0, aspect, quarter_turns, flipped))


def fill(
    rows: int, columns: int, size: tuple[int, int], aspect: float = 1.0, quarter_turns: int = 0, flipped: bool = False
) -> Placement:
    """The image as small as covers the whole viewport (width, height), centred."""
    return _centred(max, rows, columns, size, Placement(1.0, 0.0, 0.0, aspect, quarter_turns, flipped))


def _centred(
    choose: Callable[[float, float], float], rows: int, columns: int, size: tuple[int, int], lies: Placement
) -> Placement:
    width, height = _swapped(size) if lies.quarter_turns % 2 else size
    scale = choose(width / columns, height / (rows * lies.aspect))
    return replace(lies, scale=min(max(scale, MIN_SCALE), MAX_SCALE), x=(columns - 1) / 2, y=(rows - 1) / 2)


def sample(pyramid: Pyramid, placement: Placement, size: tuple[int, int], smooth: bool = True) -> Sampled | None:
    """Stored values at every visible screen pixel of a viewport (width, height); None where the image is out of view.

    Below 1:1 each screen pixel is the mean of the area it covers; above, `smooth` interpolates bilinearly, else the
    nearest pixel is taken.
    """
    if placement.quarter_turns or placement.flipped:
        across = _swapped(size) if placement.quarter_turns % 2 else size
        upright = sample(pyramid, placement.upright(), across, smooth)
        return None if upright is None else _turned(upright, placement, across)
    left, right, from_x, to_x = _visible(placement.scale, placement.x, size[0], pyramid.columns)
    top, bottom, from_y, to_y = _visible(placement.scale * placement.aspect, placement.y, size[1], pyramid.rows)
    if right <= left or bottom <= top:
        return None
    box = (from_x, from_y, to_x, to_y)
    values = _resampled(pyramid, box, (right - left, bottom - top), smooth)
    black = None if pyramid.padding is None else _nearest(pyramid.padding, box, (right - left, bottom - top))
    return Sampled(left, top, values, black)


def _turned(sampled: Sampled, placement: Placement, size: tuple[int, int]) -> Sampled:
    """What was sampled for an upright viewport of `size`, flipped and turned as the placement says."""
    left, top, values, black = sampled.left, sampled.top, sampled.values, sampled.black
    width, height = size
    if placement.flipped:
        left = width - left - values.shape[1]
        values, black = values[:, ::-1], None if black is None else black[:, ::-1]
    for _ in range(placement.quarter_turns % 4):
        left, top = height - top - values.shape[0], left
        width, height = height, width
        values, black = np.rot90(values, -1), None if black is None else np.rot90(black, -1)
    return Sampled(left, top, np.ascontiguousarray(values), black)


def _swapped(size: tuple[int, int]) -> tuple[int, int]:
    return size[1], size[0]


def to_screen_values(sampled: Sampled, table: DisplayTable) -> np.ndarray:
    """Screen values of sampled pixels: (height, width) or (height, width, 3) uint8, C-contiguous."""
    screen = np.take(table.values, sampled.values, mode="clip")
    if sampled.black is not None:
        screen[sampled.black] = 0
    return np.ascontiguousarray(screen)


def to_screen_pixels(sampled: Sampled, table: DisplayTable, out: np.ndarray | None = None) -> np.ndarray:
    """Grey samples as the screen stores its pixels, (height, width) uint32 0xffRRGGBB: the fastest to paint.

    The same values as `to_screen_values`; colour comes as that gives it. Grey is written into `out` where its shape
    fits: fresh memory for every picture of a drag would cost as much as the lookup.
    """
    if sampled.values.ndim == 3:
        return to_screen_values(sampled, table)
    values = sampled.values
    pixels = out if out is not None and out.shape == values.shape else np.empty(values.shape, np.uint32)
    grey = table.values.astype(np.uint32) * 0x010101 | 0xFF000000
    _look_up(grey, values, pixels)
    if sampled.black is not None:
        pixels[sampled.black] = 0xFF000000
    return pixels


def _look_up(table: np.ndarray, values: np.ndarray, out: np.ndarray) -> None:
    """`table[values]` into `out`."""

    def work(rows: slice) -> None:
        # No index is out of range; of numpy's modes that do not look twice, this is the fastest.
        np.take(table, values[rows], out=out[rows], mode="wrap")

    by_bands(len(values), max(1, _BAND_PIXELS // max(values.shape[1], 1)), values.size >= _WORTH_A_THREAD, lambda: work)


def _visible(scale: float, center: float, length: int, pixels: int) -> tuple[int, int, float, float]:
    """Along one axis: first and last + 1 visible screen pixel, and the image edges (0 … pixels) they stand for."""
    start = (-0.5 - center) * scale + length / 2  # screen position of the image's first edge
    first = max(0, round(start))
    last = min(length, round(start + pixels * scale))
    low = (first - start) / scale
    high = (last - start) / scale
    return first, last, min(max(low, 0.0), float(pixels)), min(max(high, 0.0), float(pixels))


def _resampled(
    pyramid: Pyramid, box: tuple[float, float, float, float], size: tuple[int, int], smooth: bool
) -> np.ndarray:
    reduction = min((box[2] - box[0]) / size[0], (box[3] - box[1]) / size[1])
    index = 0
    while index + 1 < pyramid.depth and 2 ** (index + 1) <= reduction:
        index += 1
    level = pyramid.level(index)
    factor = 2.0**index
    crop, local = _cropped(level, tuple(edge / factor for edge in box))
    if reduction > factor:
        return area_means(crop, local, size, _exact(crop), shared=crop.size >= _WORTH_A_THREAD)
    # At 1:1 every screen pixel is one stored value (of a level: one mean), never a mixture of neighbours.
    method = Pillow.Resampling.BILINEAR if smooth and reduction < 1 else Pillow.Resampling.NEAREST
    return np.rint(_magnified(crop, local, size, method)).astype(_exact(crop))


def _exact(crop: np.ndarray) -> type[np.uint8] | type[np.uint16]:
    """How sampled values are kept: colour in 8 bits, grey in 16 whatever it had."""
    return np.uint8 if crop.ndim == 3 else np.uint16


def _magnified(
    crop: np.ndarray, box: tuple[float, float, float, float], size: tuple[int, int], method: Pillow.Resampling
) -> np.ndarray:
    if crop.ndim == 3:
        channels = [_magnified(crop[..., channel], box, size, method) for channel in range(3)]
        return np.stack(channels, axis=-1)
    return np.asarray(Pillow.fromarray(crop.astype(np.float32)).resize(size, method, box=box))


def _cropped(level: np.ndarray, box: tuple[float, ...]) -> tuple[np.ndarray, tuple[float, float, float, float]]:
    """What of a level `box` needs (two pixels more for the filter), and the box in it."""
    rows, columns = level.shape[:2]
    x0, y0 = max(0, int(box[0]) - 2), max(0, int(box[1]) - 2)
    x1, y1 = min(columns, int(box[2]) + 3), min(rows, int(box[3]) + 3)
    crop = level[y0:y1, x0:x1]
    right, bottom = min(box[2] - x0, float(x1 - x0)), min(box[3] - y0, float(y1 - y0))
    return crop, (min(box[0] - x0, right - 1e-3), min(box[1] - y0, bottom - 1e-3), right, bottom)


def _nearest(mask: np.ndarray, box: tuple[float, float, float, float], size: tuple[int, int]) -> np.ndarray:
    columns = box[0] + (np.arange(size[0]) + 0.5) * (box[2] - box[0]) / size[0]
    rows = box[1] + (np.arange(size[1]) + 0.5) * (box[3] - box[1]) / size[1]
    row_index = np.minimum(rows.astype(np.intp), mask.shape[0] - 1)
    column_index = np.minimum(columns.astype(np.intp), mask.shape[1] - 1)
    return mask[row_index[:, None], column_index[None, :]]
