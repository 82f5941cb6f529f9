"""Painted regions as they are kept: run lengths over the pixels of one frame, as a text of a few kilobytes.

The form is COCO's (Lin et al. 2014, "Microsoft COCO"; `rleToString` in cocoapi's maskApi.c): lengths of the runs down
the first column, then the second and so on, background first; from the fourth on each is written as its difference from
the one two before, five bits a letter. `{"size": [rows, columns], "counts": text}` is what pycocotools takes and gives.

Reading writes and reads masks in every stroke and every resumed sitting, so nothing here needs more than Python.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

from studies.errors import ReadingError

__all__ = [
    "LONGEST_COUNTS",
    "Mask",
    "area_px",
    "checked",
    "checked_mask",
    "corners",
    "mask_fields",
    "mask_of_counts",
    "overlap_px",
    "runs_of",
    "shifted",
    "union",
]

LONGEST_COUNTS = 60_000  # letters; a region as wide as a mammogram has some 10,000, a journal line is no picture file
LONGEST_SIDE = 65_535  # pixels: rows and columns are 16-bit numbers (DICOM PS3.3 C.7.6.3)

Runs = tuple[tuple[int, int], ...]  # (first, after the last) of the region's pixels, counted down the columns
Corners = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True)
class Mask:
    """Which of `rows` × `columns` pixels belong to a region; `counts`: COCO's compact text of its run lengths."""

    rows: int
    columns: int
    counts: str


def mask_of_counts(rows: int, columns: int, counts: Iterable[int]) -> Mask:
    """A mask from its run lengths, background first, as whoever counted them says; `checked` doubts it."""
    return Mask(rows, columns, _text(list(counts)))


def checked_mask(fields: Mapping[str, Any]) -> Mask:
    """A mask from its JSON object. Raises ReadingError where it is none, covers nothing or is too intricate to keep."""
    try:
        rows, columns = fields["size"]
        mask = Mask(int(rows), int(columns), str(fields["counts"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ReadingError(f"a mask has a size [rows, columns] and counts, not {str(fields)[:80]}") from error
    return checked(mask)


def mask_fields(mask: Mask) -> dict[str, Any]:
    """The JSON object of a mask, as COCO has it."""
    return {"size": [mask.rows, mask.columns], "counts": mask.counts}


def checked(mask: Mask) -> Mask:
    """The mask itself. Raises ReadingError where its counts are none, cover nothing or are too many to keep."""
    if not (0 < mask.rows <= LONGEST_SIDE and 0 < mask.columns <= LONGEST_SIDE):
        raise ReadingError(f"a mask lies on 1 to {LONGEST_SIDE:,} rows and columns, not {mask.rows} × {mask.columns}")
    if len(mask.counts) > LONGEST_COUNTS:
        raise ReadingError(
            f"the outline of a mask is too intricate ({len(mask.counts):,} letters; {LONGEST_COUNTS:,} fit); "
            "paint with a larger brush, or paint its parts as masks of their own"
        )
    runs_of(mask)
    return mask


@lru_cache(maxsize=256)
def runs_of(mask: Mask) -> Runs:
    """The region's runs, in order. Raises ReadingError where counts are damaged, or cover another number of pixels."""
    runs, place = [], 0
    counts = _numbers(mask.counts)
    if any(count < (1 if index else 0) for index, count in enumerate(counts)):
        raise ReadingError("the counts of a mask are damaged: a run is empty")
    for index, count in enumerate(counts):
        if index % 2:
            runs.append((place, place + count))
        place += count
    if place != mask.rows * mask.columns:
        pixels = mask.rows * mask.columns
        raise ReadingError(f"the counts of a mask cover {place:,} pixels; {mask.rows} × {mask.columns} are {pixels:,}")
    if not runs:
        raise ReadingError("a mask covers one pixel at least; this one covers none")
    return tuple(runs)


def area_px(mask: Mask) -> int:
    """How many pixels the region has."""
    return sum(stop - start for start, stop in runs_of(mask))


def corners(mask: Mask) -> Corners:
    """The edges of the smallest box around the region: (column, row) of its top left and bottom right corner."""
    rows, runs = mask.rows, runs_of(mask)
    left, right = runs[0][0] // rows, (runs[-1][1] - 1) // rows
    pieces = list(_by_column(mask))
    top, bottom = min(first for _, first, _ in pieces), max(after for _, _, after in pieces)
    return (left - 0.5, top - 0.5), (right + 0.5, bottom - 0.5)


def shifted(mask: Mask, across: int, down: int) -> Mask:
    """The region moved by whole pixels. Raises ReadingError where a part of it would leave the image."""
    (left, top), (right, bottom) = corners(mask)
    inside = left + across > -1 and right + across < mask.columns and top + down > -1 and bottom + down < mask.rows
    if not inside:
        raise ReadingError(f"a mask moved by {across} columns and {down} rows would leave its image")
    moved = (
        ((column + across) * mask.rows + first + down, (column + across) * mask.rows + after + down)
        for column, first, after in _by_column(mask)
    )
    return _of_runs(mask, moved)


def union(masks: Iterable[Mask]) -> Mask:
    """The pixels of any of several masks of one image. Raises ReadingError where their sizes differ, or for none."""
    all_masks = list(masks)
    if len({(mask.rows, mask.columns) for mask in all_masks}) != 1:
        raise ReadingError("masks are put together on one image; these lie on images of different sizes, or are none")
    return _of_runs(all_masks[0], sorted(run for mask in all_masks for run in runs_of(mask)))


def overlap_px(a: Mask, b: Mask) -> int:
    """How many pixels two masks of one image share. Raises ReadingError where their sizes differ."""
    if (a.rows, a.columns) != (b.rows, b.columns):
        sizes = f"{a.rows} × {a.columns} and {b.rows} × {b.columns}"
        raise ReadingError(f"two masks overlap on one image; these lie on images of {sizes} pixels")
    first, second = runs_of(a), runs_of(b)
    shared = i = j = 0
    while i < len(first) and j < len(second):
        shared += max(0, min(first[i][1], second[j][1]) - max(first[i][0], second[j][0]))
        if first[i][1] <= second[j][1]:
            i += 1
        else:
            j += 1
    return shared


def _by_column(mask: Mask) -> Iterable[tuple[int, int, int]]:
    """(column, first row, row after the last) of every run, those cut that go on in the next column."""
    rows = mask.rows
    for start, stop in runs_of(mask):
        while start < stop:
            column = start // rows
            end = min(stop, (column + 1) * rows)
            yield column, start - column * rows, end - column * rows
            start = end


def _of_runs(like: Mask, runs: Iterable[tuple[int, int]]) -> Mask:
    """A mask of the same image from runs in order; those that touch or overlap become one."""
    joined: list[tuple[int, int]] = []
    for start, stop in runs:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    edges = [0, *(edge for run in joined for edge in run), like.rows * like.columns]
    counts = [after - before for before, after in pairwise(edges)]
    return mask_of_counts(like.rows, like.columns, counts if counts[-1] else counts[:-1])


def _text(counts: list[int]) -> str:
    letters = bytearray()
    for index, count in enumerate(counts):
        value = count - counts[index - 2] if index > 2 else count
        while True:
            group = value & 0x1F
            value >>= 5
            more = value != (-1 if group & 0x10 else 0)
            letters.append(48 + (group | 0x20 if more else group))
            if not more:
                break
    return letters.decode("ascii")


def _numbers(text: str) -> list[int]:
    counts: list[int] = []
    value = shift = 0
    for letter in text:
        group = ord(letter) - 48
        if not 0 <= group < 64:
            raise ReadingError(f"the counts of a mask are damaged: '{letter}' is none of their letters")
        value |= (group & 0x1F) << shift
        shift += 5
        if group & 0x20:
            continue
        if group & 0x10:
            value -= 1 << shift
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
        value = shift = 0
    if shift:
        raise ReadingError("the counts of a mask are damaged: the last is cut off")
    return counts
