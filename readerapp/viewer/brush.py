"""The brush that paints and erases regions: its size, and one stroke of it from press to release. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

from readerapp.viewer.mask_raster import Raster, Rect, empty, joined, mask_of, raster_of, stamp
from studies.reading.marks import Point
from studies.reading.masks import Mask, corners

__all__ = ["BRUSHES", "SIZES", "Brush", "BrushStroke", "Painted"]

BRUSHES = ("mask", "erase")  # kinds of tools
SIZES = (1, 2, 3, 5, 8, 12, 18, 27, 40, 60, 90, 135, 200, 300, 450)  # diameters in image columns: half as much again
_SHARE = 25  # of the shorter side of the image that the brush is at first


class Brush:
    """How wide the brush is, in every view and from case to case; `diameter` in image columns."""

    def __init__(self) -> None:
        self._size: int | None = None  # index, once it was in hand
        self.diameter = SIZES[0]

    def take(self, columns: int, rows: int) -> None:
        """The brush is in hand: the first time it is as wide as suits the image."""
        if self._size is None:
            wanted = min(columns, rows) / _SHARE
            self._size = max(n for n, size in enumerate(SIZES) if size <= max(wanted, SIZES[0]))
            self.diameter = SIZES[self._size]

    def step(self, sizes: int) -> None:
        """Wider by so many sizes, or finer."""
        self._size = min(max((self._size or 0) + sizes, 0), len(SIZES) - 1)
        self.diameter = SIZES[self._size]


@dataclass(frozen=True)
class Painted:
    """What a stroke made of the mask `mark_id` ("": a new one); `mask` None where nothing of it is left."""

    mark_id: str
    mask: Mask | None


class BrushStroke:
    """One stroke. It extends, or erases from, the first mask it touches; painting beside all of them is a new mask.

    `candidates`: (id, mask) in the order in which they are taken; `size`: (columns, rows) of the image.
    """

    def __init__(
        self,
        erasing: bool,
        diameter: float,
        size: tuple[int, int],
        aspect: float,
        candidates: Sequence[tuple[str, Mask]],
    ) -> None:
        self._erasing, self._diameter, self._limit, self._aspect = erasing, diameter, size, aspect
        self._candidates = list(candidates)
        self._whole: dict[str, Raster] = {}  # of the candidates that the stroke came near
        self._begin()

    def _begin(self) -> None:
        self._path = empty(*self._limit).pixels
        self._points = 0  # that the path has gone through
        self._base: Raster | None = None
        self._base_mask: Mask | None = None
        self.target = ""
        self.box: Rect | None = None  # around everything that is shown
        self.shown = empty(*self._limit)

    def follow(self, points: Sequence[Point]) -> Rect | None:
        """Draws on to the points set since; what changed of `shown`, in pixels. Fewer points than before: all anew."""
        before = self.box
        anew = len(points) < self._points
        if anew:
            self._begin()
        reached = [
            stamp(self._path, (points[max(n - 1, 0)], points[n]), self._diameter, self._aspect, self._limit)
            for n in range(self._points, len(points))
        ]
        self._points = len(points)
        if not reached:
            return before if anew else None
        changed = joined(reached)
        self.box = joined([changed, self.box]) if self.box else changed
        if not self.target and self._adopt(changed):
            changed = self.box
        self._combine(changed)
        return joined([changed, before]) if anew and before else changed

    def result(self) -> Painted | None:
        """What the stroke made; None where it changed nothing."""
        if self.box is None or (self._erasing and not self.target):
            return None
        columns, rows = self._limit
        mask = mask_of(self.shown.pixels, rows, columns, (self.box[0], self.box[2]))
        return None if mask == self._base_mask else Painted(self.target, mask)

    def _adopt(self, rect: Rect) -> bool:
        """Takes the first candidate that the path touches within a rectangle."""
        left, top, right, bottom = rect
        path = self._path[left:right, top:bottom]
        for mark_id, mask in self._candidates:
            box = _box(mask)
            if box[0] >= right or box[2] <= left or box[1] >= bottom or box[3] <= top:
                continue
            whole = self._whole.setdefault(mark_id, raster_of(mask, whole=True))
            if (path & whole.pixels[left:right, top:bottom]).any():
                self.target, self._base, self._base_mask = mark_id, whole, mask
                self.box = joined([box, self.box or box])
                return True
        return False

    def _combine(self, rect: Rect) -> None:
        left, top, right, bottom = rect
        part = slice(left, right), slice(top, bottom)
        path, shown = self._path[part], self.shown.pixels[part]
        if not self._erasing:
            shown[...] = path | self._base.pixels[part] if self._base else path
        elif self._base is not None:
            shown[...] = self._base.pixels[part] & ~path
        self.shown.refresh(rect)


def _box(mask: Mask) -> Rect:
    (left, top), (right, bottom) = corners(mask)
    return int(left + 0.5), int(top + 0.5), int(right + 0.5), int(bottom + 0.5)
