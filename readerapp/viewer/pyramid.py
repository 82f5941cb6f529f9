"""A frame and its reduced copies, made when they are first asked for: what minification averages from. No Qt."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from engine.images.grey import quantized
from engine.images.image import Image
from readerapp.viewer.slab import Slab, slab_possible, slab_values

__all__ = ["Pyramid", "build_pyramid"]

_SMALLEST_LEVEL = 64  # no reduced copy has a side shorter than this
_BAND = 32  # rows of a reduced copy worked out at once: what they need stays in the processor's cache


@dataclass(frozen=True, eq=False)
class Pyramid:
    """One frame and its halvings: level k holds means of 2^k × 2^k stored values.

    Grey levels hold stored value − `first` as uint16, or uint8 where that suffices; colour levels are (h, w, 3) uint8.
    `padding`, (rows, columns) bool, marks pixels that are always black; they take no part in means. Any thread may ask.
    """

    rows: int
    columns: int
    first: int
    depth: int  # number of levels
    padding: np.ndarray | None = None
    _levels: list[np.ndarray] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def level(self, index: int) -> np.ndarray:
        """The frame (0), or its halving of that order; worked out when first asked for, about 1 ms a megapixel."""
        with self._lock:
            while len(self._levels) <= index:
                self._levels.append(_halved(self._levels[-1]))
            return self._levels[index]

    def build(self) -> None:
        """Works out every level: what a thread in the background does before anyone waits for one."""
        self.level(self.depth - 1)


def build_pyramid(image: Image, frame: int = 0, slab: Slab | None = None) -> Pyramid:
    """The frame, or a slab about it; its halvings follow when they are asked for. Safe to call from any thread."""
    thick = slab is not None and slab.frames > 1 and slab_possible(image)
    stored = slab_values(image, frame, slab) if slab is not None and thick else quantized(image, frame)
    padding = _padding(image, stored, frame)
    first = int(np.iinfo(stored.dtype).min)
    level = np.ascontiguousarray(_indexed(stored, first))  # a plane across a volume is read from it once
    if padding is not None:
        level = _filled(level, padding, darkest_is_high=image.inverted)
    return Pyramid(image.rows, image.columns, first, 1 + sum(1 for _ in _halvings(*level.shape[:2])), padding, [level])


def _halvings(rows: int, columns: int) -> Iterator[int]:
    while min(rows, columns) >= 2 * _SMALLEST_LEVEL:
        rows, columns = (rows + 1) // 2, (columns + 1) // 2
        yield min(rows, columns)


def _indexed(stored: np.ndarray, first: int) -> np.ndarray:
    """Stored values as indices into a display table that begins at `first`: unsigned, of the same width."""
    if first == 0:
        return stored
    return (stored.astype(np.int32) - first).astype(f"u{stored.dtype.itemsize}")


def _padding(image: Image, stored: np.ndarray, frame: int) -> np.ndarray | None:
    if image.is_color:
        return None
    if image.pixels.dtype.itemsize > 2:  # `quantized` puts padding and what is not finite at 0
        mask = stored == 0
    elif image.padding is not None:
        mask = (stored >= image.padding[0]) & (stored <= image.padding[1])
    else:
        return None
    return mask if mask.any() else None


def _filled(level: np.ndarray, padding: np.ndarray, darkest_is_high: bool) -> np.ndarray:
    """Padding replaced by the darkest real value, so that means at its border show no bright seam."""
    real = level[~padding]
    if real.size == 0:
        return level
    filled = level.copy()
    filled[padding] = real.max() if darkest_is_high else real.min()
    return filled


def _halved(level: np.ndarray) -> np.ndarray:
    """Means of 2 × 2; an odd last row or column is averaged with itself."""
    rows, columns = level.shape[:2]
    half = np.empty(((rows + 1) // 2, (columns + 1) // 2, *level.shape[2:]), level.dtype)
    for start in range(0, len(half), _BAND):
        half[start : start + _BAND] = _means(level[2 * start : 2 * (start + _BAND)])
    return half


def _means(band: np.ndarray) -> np.ndarray:
    rows, columns = band.shape[:2]
    if rows % 2:
        band = np.concatenate([band, band[-1:]])
    if columns % 2:
        band = np.concatenate([band, band[:, -1:]], axis=1)
    pairs = band[0::2].astype(np.uint32)
    pairs += band[1::2]
    total = pairs[:, 0::2] + pairs[:, 1::2]
    # Halves go to the even neighbour, so that no level is brighter than the one before.
    total += 1 + ((total >> 2) & 1)
    total >>= 2
    return total
