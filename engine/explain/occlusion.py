"""Occlusion (Zeiler and Fergus 2014) of all targets at once: a grey square is moved over the image, and how far each
probability falls is what the part below it was worth.

Every pixel has the mean over the windows that cover it, as MONAI and Captum have it; here the fall, so that high means
important. The preview looks at every third window along each side, and at those around which the map is high.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from engine.explain.options import OcclusionOptions
from engine.explain.subject import Subject, probabilities
from engine.explanations import bilinear
from engine.models.normalisation import IMAGENET_MEAN, IMAGENET_STD

__all__ = ["Windows", "occlusion", "windows_of"]

_COARSE = 3  # every so many-th window along each side
_REFINED = 0.125  # of the dense windows; with the coarse ones less than a quarter of them

Check = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Windows:
    """A grid of windows over the image's part of the square: rows (n_y,) and columns (n_x,) of their first pixels."""

    size: tuple[int, int]  # height, width
    tops: np.ndarray
    lefts: np.ndarray

    def __len__(self) -> int:
        return len(self.tops) * len(self.lefts)

    def corner(self, number: int) -> tuple[int, int]:
        """Row and column of the first pixel of a window; they are numbered row by row."""
        row, column = divmod(number, len(self.lefts))
        return int(self.tops[row]), int(self.lefts[column])


def windows_of(subject: Subject, options: OcclusionOptions) -> Windows:
    """Windows that cover the image and no more padding than they must; the last of a row ends where the image does."""
    size, stride = options.window(subject.trained.image_size)
    left, top, width, height = subject.box
    tops, tall = _starts(top, height, size, stride)
    lefts, wide = _starts(left, width, size, stride)
    return Windows((tall, wide), tops, lefts)


def _starts(first: float, length: float, size: int, stride: int) -> tuple[np.ndarray, int]:
    low, high = int(np.floor(first + 1e-4)), int(np.ceil(first + length - 1e-4))
    size = min(size, high - low)
    count = int(np.ceil((high - low - size) / stride)) + 1
    return np.minimum(low + stride * np.arange(count), high - size), size


def occlusion(
    subject: Subject, targets: Sequence[int], options: OcclusionOptions, check: Check | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Maps (T, h, w) float32 of how far the probability of each target falls, and the probabilities (C,) of the image.

    check: called with the share that is done after every batch; what it raises ends the work.
    """
    windows = windows_of(subject, options)
    whole = probabilities(subject.trained, subject.x)[0]
    look = _Looking(subject, windows, options, check or _nothing)
    if options.coarse_to_fine:
        falls = _refined(look, whole, list(targets))
    else:
        falls = whole - look.at(np.arange(len(windows)), len(windows))
    maps = _spread(falls[:, list(targets)], windows, subject.trained.image_size)
    return bilinear(maps, subject.box, subject.map_shape), whole


def _nothing(_: float) -> None: ...


class _Looking:
    """The one buffer of patched images; each batch writes its windows and takes them out again."""

    def __init__(self, subject: Subject, windows: Windows, options: OcclusionOptions, check: Check) -> None:
        self._subject, self._windows, self._check = subject, windows, check
        self._batch = min(options.batch, len(windows))
        self._buffer = subject.x.repeat(self._batch, 1, 1, 1).contiguous(memory_format=torch.channels_last)
        grey = _mean_inside(subject) if options.fill == "mean" else float(options.fill)
        self._fill = torch.tensor([(grey - m) / s for m, s in zip(IMAGENET_MEAN, IMAGENET_STD, strict=True)])
        self._fill = self._fill.to(subject.x)[:, None, None]
        self._done = 0

    def at(self, numbers: np.ndarray, of: int) -> np.ndarray:
        """(n, C) probabilities with each of the numbered windows hidden; `of`: how many there will be in all."""
        found = []
        for start in range(0, len(numbers), self._batch):
            batch = numbers[start : start + self._batch]
            places = [self._place(number) for number in batch]
            for image, place in zip(self._buffer, places):
                image[place] = self._fill
            found.append(probabilities(self._subject.trained, self._buffer[: len(batch)]))
            for image, place in zip(self._buffer, places):
                image[place] = self._subject.x[0][place]
            self._done += len(batch)
            self._check(self._done / of)
        return np.concatenate(found)

    def _place(self, number: int) -> tuple[slice, slice, slice]:
        top, left = self._windows.corner(number)
        tall, wide = self._windows.size
        return slice(None), slice(top, top + tall), slice(left, left + wide)


def _mean_inside(subject: Subject) -> float:
    left, top, width, height = subject.box
    inside = subject.unit[round(top) : round(top + height), round(left) : round(left + width)]
    return float(inside.mean())


def _refined(look: _Looking, whole: np.ndarray, targets: list[int]) -> np.ndarray:
    """Falls (n_y · n_x, C) of all windows: some looked at, the others bilinear between their neighbours."""
    grid = look._windows
    rows, columns = _every(_COARSE, len(grid.tops)), _every(_COARSE, len(grid.lefts))
    coarse = (rows[:, None] * len(grid.lefts) + columns).ravel()
    share = int(_REFINED * len(grid))
    falls = whole - look.at(coarse, len(coarse) + share)  # (n, C)
    between = _between(falls.reshape(len(rows), len(columns), -1), grid.tops[rows], grid.lefts[columns], grid)
    chosen = _highest(between[:, targets], coarse, share)
    if len(chosen):
        between[chosen] = whole - look.at(chosen, len(coarse) + len(chosen))
    return between


def _every(step: int, count: int) -> np.ndarray:
    return np.unique([*range(0, count, step), count - 1])


def _between(values: np.ndarray, tops: np.ndarray, lefts: np.ndarray, grid: Windows) -> np.ndarray:
    """(n_rows, n_columns, C) at some rows and columns of windows → (n_y · n_x, C) at all, bilinear."""
    down = np.stack([np.interp(grid.tops, tops, line) for line in np.eye(len(tops))], axis=1)  # (n_y, n_rows)
    across = np.stack([np.interp(grid.lefts, lefts, line) for line in np.eye(len(lefts))], axis=1)
    return np.einsum("yr,xc,rck->yxk", down, across, values).reshape(len(grid), -1).astype(np.float32)


def _highest(values: np.ndarray, seen: np.ndarray, count: int) -> np.ndarray:
    """The `count` windows (n,) not yet seen that stand highest for any target: values (windows, T)."""
    places = np.empty(values.shape, np.int64)
    np.put_along_axis(places, np.argsort(-values, axis=0, kind="stable"), np.arange(len(values))[:, None], axis=0)
    best = places.min(axis=1)
    best[seen] = len(values)
    return np.sort(np.argsort(best, kind="stable")[: min(count, len(values) - len(seen))])


def _spread(falls: np.ndarray, windows: Windows, size: int) -> np.ndarray:
    """(windows, T) → (T, size, size): the mean over the windows that cover a pixel; 0 where none does."""
    tall, wide = windows.size
    down, across = _covering(windows.tops, tall, size), _covering(windows.lefts, wide, size)
    grid = falls.reshape(len(windows.tops), len(windows.lefts), -1).astype(np.float64)
    sums = np.einsum("yr,rck,xc->kyx", down, grid, across, optimize=True)
    counts = np.outer(down.sum(axis=1), across.sum(axis=1))
    return np.divide(sums, counts, out=np.zeros_like(sums), where=counts > 0)


def _covering(starts: np.ndarray, length: int, size: int) -> np.ndarray:
    """(size, n): 1 where window n covers the pixel."""
    pixels = np.arange(size)[:, None]
    return ((pixels >= starts) & (pixels < starts + length)).astype(np.float64)
