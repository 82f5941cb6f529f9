"""Exact area averaging, for the screen and for the training image, and the square that every model looks at.

Rows are mixed by small products of matrices, columns by looking up their neighbours: the quicker way of each. Each new
pixel is the mean over the area it covers, partly covered pixels by their share; nothing is skipped or counted twice.
"""

from collections.abc import Callable

import numpy as np

from engine.errors import ImageError
from engine.images.bands import by_bands

__all__ = ["Box", "area_means", "prepare"]

Box = tuple[float, float, float, float]  # left, top, width, height

_BAND = 64  # rows worked on at once: what they need stays in the processor's second cache
_MIXED = 8  # rows made by one product of matrices; more would multiply mostly by zero
_ONE_THREAD_PRODUCT = 250_000  # multiplications; above, OpenBLAS wakes threads of its own, at a loss


def prepare(presentation: np.ndarray, size: int) -> tuple[np.ndarray, Box]:
    """The square a model looks at: padded with zeros to a square, centred, never cropped, then averaged by area.

    presentation: (rows, columns) float32 in [0, 1], of `engine.images.grey.presentation`. Returns (size, size) float32
    in [0, 1], and the box of the image in it: left, top, width, height in pixels of the square, edges at whole numbers.
    Padding is by whole pixels (an odd one goes to the right or below), so that an image of the asked size keeps its
    values. Smaller images are enlarged by the same rule. Raises ImageError for anything but a plane.
    """
    if presentation.ndim != 2 or 0 in presentation.shape or size < 1:
        raise ImageError(f"a square of {size} pixels cannot be made from an array of shape {presentation.shape}")
    rows, columns = presentation.shape
    side = max(rows, columns)
    left, top = (side - columns) // 2, (side - rows) // 2
    square = area_means(presentation, (-left, -top, side - left, side - top), (size, size), np.float32)
    scale = size / side
    return np.clip(square, 0.0, 1.0, out=square), (left * scale, top * scale, columns * scale, rows * scale)


def area_means(
    pixels: np.ndarray, box: Box, size: tuple[int, int], dtype: type[np.generic], shared: bool = False
) -> np.ndarray:
    """The part `box` of `pixels` at `size` (width, height), each value the mean over the area it covers.

    pixels: (rows, columns) or (rows, columns, 3) of any real type; box: left, top, right, bottom in pixels, edges at
    whole numbers; what of it lies outside the pixels counts as zero. Returns (height, width[, 3]) of `dtype`, rounded
    where that is an integer; sums are float32. `shared`: a second thread helps, which pays from about 400,000 pixels.
    """
    first, mixing = _mixing(_shares(box[1], box[3], size[1], pixels.shape[0]))
    columns = _shares(box[0], box[2], size[0], pixels.shape[1])
    rest = pixels.shape[2:]
    flat = pixels.reshape(pixels.shape[0], -1)
    means = np.empty((size[1], size[0], *rest), dtype)
    whole = means.dtype.kind in "ui"

    def make_work() -> Callable[[slice], None]:
        source = np.empty((mixing.shape[2], flat.shape[1]), np.float32)
        wide = np.empty((_BAND, *pixels.shape[1:]), np.float32)
        total, part = np.empty((2, _BAND, size[0], *rest), np.float32)

        def work(band: slice) -> None:
            height = band.stop - band.start
            for start in range(0, height, _MIXED):
                which = (band.start + start) // _MIXED
                _mixed(flat[first[which] :], mixing[which], source, wide[start : start + _MIXED])
            for tap, (index, share) in enumerate(columns):
                into = (part if tap else total)[:height]
                np.take(wide[:height], index, axis=1, out=into, mode="clip")
                into *= share.reshape(-1, *(1 for _ in rest))
                if tap:
                    total[:height] += into
            if whole:
                np.rint(total[:height], out=total[:height])
            means[band] = total[:height]

        return work

    by_bands(size[1], _BAND, shared, make_work)
    return means


def _mixing(shares: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Shares as matrices: of each band of rows the first row it needs, and (bands, _MIXED, rows needed) float32."""
    index, share = (np.stack(part) for part in zip(*shares, strict=True))
    count = index.shape[1]
    row = np.arange(count)
    band = row // _MIXED
    first = index[0, ::_MIXED]
    offset = index - first[band]
    mixing = np.zeros((len(first), _MIXED, int(offset.max()) + 1), np.float32)
    np.add.at(mixing, (band, row % _MIXED, offset), share)
    return first, mixing


def _mixed(below: np.ndarray, mixing: np.ndarray, source: np.ndarray, out: np.ndarray) -> None:
    """`mixing` (_MIXED, needed) times the first rows of `below`, into `out` (_MIXED, …); `source`: room to work in."""
    needed = min(mixing.shape[1], len(below))
    np.copyto(source[:needed], below[:needed])
    flat = out.reshape(len(out), -1)
    step = max(1, _ONE_THREAD_PRODUCT // mixing.size)
    for start in range(0, flat.shape[1], step):
        piece = slice(start, start + step)
        np.matmul(mixing[:, :needed], source[:needed, piece], out=flat[:, piece])


def _shares(start: float, end: float, count: int, length: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Of `count` equal intervals of [start, end]: index and share (count,) of the first pixel and of each after it.

    Shares of an interval sum to 1, less what of it lies outside the `length` pixels.
    """
    width = (end - start) / count
    edges = np.clip(start + np.arange(count + 1) * width, 0.0, float(length))
    low, high = edges[:-1], edges[1:]
    taps = int(np.ceil(width)) + 1
    pixels = np.minimum(low.astype(np.intp), length - 1) + np.arange(taps)[:, None]
    shares = np.clip(np.minimum(high, pixels + 1) - np.maximum(low, pixels), 0.0, None)
    return list(zip(np.minimum(pixels, length - 1), (shares / width).astype(np.float32), strict=True))
