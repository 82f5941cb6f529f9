"""Painted regions as pixels: from and to their run lengths, under the brush, at the screen's resolution. No Qt.

Arrays are (columns, rows): counted down the columns, as the run lengths are, a region's pixels lie in memory in the
order in which they are kept. Their first pixel lies at a multiple of 64 columns and rows, and so do the edges of
what is worked on: the halvings of a part are then a part of the halvings.
"""

import math
from dataclasses import dataclass

import numpy as np

from readerapp.viewer.display import Placement
from studies.reading.marks import Point
from studies.reading.masks import Mask, corners, mask_of_counts, runs_of

__all__ = ["TILE", "Raster", "Rect", "mask_of", "raster_of", "stamp"]

TILE = 64
_DEEPEST = 6  # halvings of a tile

Rect = tuple[int, int, int, int]  # left, top, right, bottom; the last two are past the end


@dataclass(eq=False)
class Raster:
    """A region's pixels from (`left`, `top`) on: `levels[0]` (columns, rows) bool, and halvings of it.

    A pixel of a halving is set where any of its four is: no line is too thin to be seen from afar.
    """

    left: int
    top: int
    levels: list[np.ndarray]

    @property
    def pixels(self) -> np.ndarray:
        return self.levels[0]

    def level(self, depth: int) -> np.ndarray:
        """The region halved that often; worked out when it is asked for first."""
        while len(self.levels) <= depth:
            self.levels.append(_halved(self.levels[-1]))
        return self.levels[depth]

    def refresh(self, rect: Rect) -> None:
        """The halvings after pixels in a rectangle (of `pixels`) were changed."""
        left, top = rect[0] // TILE * TILE, rect[1] // TILE * TILE
        right, bottom = math.ceil(rect[2] / TILE) * TILE, math.ceil(rect[3] / TILE) * TILE
        for depth in range(1, len(self.levels)):
            finer = self.levels[depth - 1][left:right, top:bottom]
            left, top, right, bottom = left // 2, top // 2, right // 2, bottom // 2
            self.levels[depth][left:right, top:bottom] = _halved(finer)

    def holds(self, point: Point) -> bool:
        """True where the pixel under an image point belongs to the region."""
        column, row = math.floor(point[0] + 0.5) - self.left, math.floor(point[1] + 0.5) - self.top
        columns, rows = self.pixels.shape
        return 0 <= column < columns and 0 <= row < rows and bool(self.pixels[column, row])

    def on_screen(
        self, placement: Placement, size: tuple[int, int], rect: Rect, moved: tuple[int, int] = (0, 0)
    ) -> np.ndarray:
        """The region at the screen pixels of a rectangle of a viewport (width, height): (height, width) bool.

        `moved`: whole pixels (columns, rows) that the region is shown away from its place.
        """
        reduction = 1.0 / (placement.scale * max(1.0, placement.aspect))
        depth = min(max(0, math.ceil(math.log2(reduction) - 1e-9)), _DEEPEST)
        level = self.level(depth)
        columns, rows, turned = _places(placement, size, rect)
        origin = (self.left + moved[0], self.top + moved[1])
        across, beside = _index(columns, origin[0], depth, level.shape[0])
        down, below = _index(rows, origin[1], depth, level.shape[1])
        if across.size == 0 or down.size == 0:
            return np.zeros((rect[3] - rect[1], rect[2] - rect[0]), bool)
        first, last = int(down.min()), int(down.max()) + 1
        found = np.take(np.take(level[:, first:last], across, axis=0), down - first, axis=1)
        found[beside] = False
        found[:, below] = False
        return found if turned else np.ascontiguousarray(found.T)


def raster_of(mask: Mask, whole: bool = False) -> Raster:
    """The pixels of a mask: all of its image, or the tiles that it lies in."""
    (left, top), (right, bottom) = corners(mask)
    box = (0, 0, mask.columns, mask.rows) if whole else tuple(math.ceil(edge) for edge in (left, top, right, bottom))
    x, y = box[0] // TILE * TILE, box[1] // TILE * TILE
    pixels = empty(box[2] - x, box[3] - y).pixels
    for start, stop in runs_of(mask):
        column, row = divmod(start, mask.rows)
        if row + stop - start <= mask.rows:
            pixels[column - x, row - y : row - y + stop - start] = True
        else:
            _fill_over(pixels, mask.rows, (start, stop), (x, y))
    return Raster(x, y, [pixels])


def _fill_over(pixels: np.ndarray, rows: int, run: tuple[int, int], origin: tuple[int, int]) -> None:
    """A run that goes on in the next columns: the rest of the first, whole ones, the beginning of the last."""
    (first, row), (last, end) = divmod(run[0], rows), divmod(run[1], rows)
    x, y = origin
    pixels[first - x, row - y : rows - y] = True
    pixels[first + 1 - x : last - x, : rows - y] = True
    if end:
        pixels[last - x, : end - y] = True


def empty(columns: int, rows: int) -> Raster:
    """Nothing painted yet on so many pixels, filled up to whole tiles."""
    shape = math.ceil(columns / TILE) * TILE, math.ceil(rows / TILE) * TILE
    return Raster(0, 0, [np.zeros(shape, bool)])


def mask_of(pixels: np.ndarray, rows: int, columns: int, between: tuple[int, int]) -> Mask | None:
    """The mask of what is set in columns `between` (first, past the last) of a whole image; None where nothing is."""
    first, last = between
    flat = pixels[first:last].reshape(-1)  # a view: the tiles below the image's last row are empty
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    column, row = np.divmod(np.concatenate(([0] if flat[:1].any() else [], changes)).astype(np.int64), pixels.shape[1])
    if row.size == 0:
        return None
    if row.size % 2:
        column, row = np.append(column, last - first), np.append(row, 0)
    places = (first + column) * rows + row
    goes_on = np.zeros(places.size, bool)  # a run that ends at the foot of a column and begins again at the next head
    goes_on[1:-1:2] = places[1:-1:2] == places[2::2]
    goes_on[2::2] |= goes_on[1:-1:2]
    counts = np.diff(places[~goes_on], prepend=0, append=rows * columns).tolist()
    return mask_of_counts(rows, columns, counts if counts[-1] else counts[:-1])


def stamp(
    pixels: np.ndarray, ends: tuple[Point, Point], diameter: float, aspect: float, limit: tuple[int, int]
) -> Rect:
    """Sets the pixels whose centres lie under a round brush drawn from one point to another; returns what it reached.

    `diameter`: in columns; `aspect`: height of a pixel over its width, so that the brush is round as it is seen;
    `limit`: (columns, rows) of the image. The pixel under each end is always set: the finest brush paints too.
    """
    radius = diameter / 2
    (x0, y0), (x1, y1) = ((x, y * aspect) for x, y in ends)
    left, right = max(0, math.ceil(min(x0, x1) - radius)), min(limit[0] - 1, math.floor(max(x0, x1) + radius))
    low, high = _extent(np.arange(left, right + 1), (x0, y0, x1, y1), radius)
    first = np.maximum(np.ceil(low / aspect), 0)
    last = np.minimum(np.floor(high / aspect), limit[1] - 1)
    reached: list[Rect] = []
    for column, top, bottom in zip(range(left, right + 1), first.tolist(), last.tolist(), strict=True):
        if top <= bottom:
            pixels[column, int(top) : int(bottom) + 1] = True
    used = first <= last
    if used.any():
        columns = np.flatnonzero(used)
        box = left + columns[0], first[used].min(), left + columns[-1] + 1, last[used].max() + 1
        reached.append((int(box[0]), int(box[1]), int(box[2]), int(box[3])))
    for x, y in ends:
        column, row = _pixel(x, limit[0]), _pixel(y, limit[1])
        pixels[column, row] = True
        reached.append((column, row, column + 1, row + 1))
    return joined(reached)


def joined(rects: list[Rect]) -> Rect:
    """The smallest rectangle around several."""
    lefts, tops, rights, bottoms = zip(*rects, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _extent(x: np.ndarray, ends: tuple[float, float, float, float], radius: float) -> tuple[np.ndarray, np.ndarray]:
    """Where the vertical line at each x enters and leaves the shape of a disc that was drawn along a line.

    It is convex, so there is one stretch: of the disc at each end, and of the band between them.
    """
    x0, y0, x1, y1 = ends
    low, high = np.full(x.shape, np.inf), np.full(x.shape, -np.inf)
    for cx, cy in ((x0, y0), (x1, y1)):
        reach = np.sqrt(np.maximum(radius**2 - (x - cx) ** 2, 0.0))
        inside = np.abs(x - cx) <= radius
        low[inside] = np.minimum(low[inside], (cy - reach)[inside])
        high[inside] = np.maximum(high[inside], (cy + reach)[inside])
    length = math.hypot(x1 - x0, y1 - y0)
    if length == 0:
        return low, high
    across, down = -(y1 - y0) / length * radius, (x1 - x0) / length * radius
    corners_ = [(x0 + across, y0 + down), (x1 + across, y1 + down), (x1 - across, y1 - down), (x0 - across, y0 - down)]
    for (ax, ay), (bx, by) in zip(corners_, [*corners_[1:], corners_[0]], strict=True):
        if ax != bx:
            inside = (x >= min(ax, bx)) & (x <= max(ax, bx))
            y = ay + (x[inside] - ax) * (by - ay) / (bx - ax)
            low[inside], high[inside] = np.minimum(low[inside], y), np.maximum(high[inside], y)
    return low, high


def _pixel(place: float, count: int) -> int:
    return min(max(math.floor(place + 0.5), 0), count - 1)


def _halved(level: np.ndarray) -> np.ndarray:
    """Half as many columns and rows, both even before."""
    rows = np.ascontiguousarray(level).view(np.uint16) != 0
    return rows[0::2] | rows[1::2]


def _places(placement: Placement, size: tuple[int, int], rect: Rect) -> tuple[np.ndarray, np.ndarray, bool]:
    """Image column and row (fractions) under the screen pixels of a rectangle; whether columns run down the screen."""
    sx, sy = np.arange(rect[0], rect[2]) + 0.5, np.arange(rect[1], rect[3]) + 0.5
    along, beside = placement.to_image(sx, size[1] / 2, size)  # type: ignore[arg-type]  # arithmetic on either
    over, under = placement.to_image(size[0] / 2, sy, size)  # type: ignore[arg-type]
    turned = placement.quarter_turns % 2 == 1
    columns, rows = (over, beside) if turned else (along, under)
    return np.atleast_1d(np.asarray(columns)), np.atleast_1d(np.asarray(rows)), turned


def _index(places: np.ndarray, origin: int, depth: int, length: int) -> tuple[np.ndarray, np.ndarray]:
    """Index into a level for each place, and which places lie beside it."""
    index = np.floor(places + 0.5).astype(np.intp) - origin >> depth
    beside = (index < 0) | (index >= length)
    return np.clip(index, 0, length - 1), beside
