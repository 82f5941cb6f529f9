"""Run lengths of painted regions: nothing is lost, areas and overlaps are right, damage is refused."""

import json
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studies.errors import ReadingError
from studies.reading import masks
from studies.reading.marks import Mark, mark_fields, mark_from, mark_value
from studies.reading.masks import LONGEST_COUNTS, Mask, area_px, checked_mask, corners, mask_of_counts, overlap_px


def of_pixels(pixels: np.ndarray) -> Mask:
    """The mask of (rows, columns) bool, counted one by one."""
    counts, now = [0], False
    for pixel in pixels.ravel(order="F"):
        if bool(pixel) != now:
            counts.append(0)
            now = not now
        counts[-1] += 1
    return mask_of_counts(*pixels.shape, counts)


def pixels_of(mask: Mask) -> np.ndarray:
    flat = np.zeros(mask.rows * mask.columns, bool)
    for start, stop in masks.runs_of(mask):
        flat[start:stop] = True
    return flat.reshape((mask.rows, mask.columns), order="F")


@st.composite
def drawn(draw: st.DrawFn, rows: int = 0, columns: int = 0) -> np.ndarray:
    shape = (rows or draw(st.integers(1, 12)), columns or draw(st.integers(1, 12)))
    bits = draw(st.lists(st.booleans(), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))
    pixels = np.array(bits).reshape(shape)
    pixels[draw(st.integers(0, shape[0] - 1)), draw(st.integers(0, shape[1] - 1))] = True
    return pixels


def test_the_text_is_cocos_own() -> None:
    """By hand from maskApi.c: 6 = "6"; 1 = "1"; 40 = 8 + 32 → "X1"; 4, less the 1 two before, is 3 = "3"."""
    mask = mask_of_counts(17, 3, [6, 1, 40, 4])
    assert mask.counts == "61X13"
    # A difference below zero: 2 − 40 = −38 → groups 26 (more to come) and −2.
    assert mask_of_counts(7, 7, [1, 40, 5, 2, 1]).counts == "1X15jNL"


@settings(deadline=None)
@given(drawn())
def test_pixels_survive_their_text(pixels: np.ndarray) -> None:
    mask = of_pixels(pixels)
    again = checked_mask(json.loads(json.dumps(masks.mask_fields(mask))))
    assert again == mask
    assert np.array_equal(pixels_of(again), pixels)
    assert area_px(again) == pixels.sum()
    (left, top), (right, bottom) = corners(again)
    rows, columns = np.flatnonzero(pixels.any(1)), np.flatnonzero(pixels.any(0))
    assert (left, right, top, bottom) == (columns[0] - 0.5, columns[-1] + 0.5, rows[0] - 0.5, rows[-1] + 0.5)


@settings(deadline=None)
@given(st.lists(st.integers(1, 10**7), min_size=2, max_size=40))
def test_counts_of_any_length_survive(counts: list[int]) -> None:
    sides = [n for n in range(1, 300) if sum(counts) % n == 0 and sum(counts) // n <= masks.LONGEST_SIDE]
    if sides:
        mask = mask_of_counts(sides[-1], sum(counts) // sides[-1], counts)
        assert area_px(mask) == sum(counts[1::2])


@settings(deadline=None)
@given(drawn(7, 5), drawn(7, 5))
def test_overlap_and_union_are_those_of_the_pixels(a: np.ndarray, b: np.ndarray) -> None:
    assert overlap_px(of_pixels(a), of_pixels(b)) == (a & b).sum()
    assert np.array_equal(pixels_of(masks.union([of_pixels(a), of_pixels(b)])), a | b)


@settings(deadline=None)
@given(drawn(6, 5), st.integers(-6, 6), st.integers(-6, 6))
def test_a_mask_moves_whole_or_not_at_all(pixels: np.ndarray, across: int, down: int) -> None:
    wide = np.pad(pixels, 6)
    expected = np.roll(wide, (down, across), (0, 1))
    inner = expected[6:12, 6:11]
    if inner.sum() == pixels.sum():
        assert np.array_equal(pixels_of(masks.shifted(of_pixels(pixels), across, down)), inner)
    else:
        with pytest.raises(ReadingError, match="leave its image"):
            masks.shifted(of_pixels(pixels), across, down)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "size"),
        ({"size": [4], "counts": "0"}, "size"),
        ({"size": [4, 4], "counts": "@"}, r"cover -16|damaged"),
        ({"size": [4, 4], "counts": "`0"}, "covers none"),
        ({"size": [4, 4], "counts": "44"}, "cover 8 pixels"),
        ({"size": [4, 4], "counts": "4X"}, "cut off"),
        ({"size": [4, 4], "counts": "40<"}, "a run is empty"),
        ({"size": [4, 4], "counts": "4 <"}, "none of their letters"),
        ({"size": [0, 4], "counts": "4"}, "rows and columns"),
        ({"size": [4, 70_000], "counts": "4"}, "rows and columns"),
        ({"size": [4, 4], "counts": "1" * (LONGEST_COUNTS + 1)}, "larger brush"),
    ],
)
def test_what_is_no_mask_is_refused(fields: dict, says: str) -> None:
    with pytest.raises(ReadingError, match=says):
        checked_mask(fields)


def test_masks_of_images_of_other_sizes_are_not_compared() -> None:
    a, b = mask_of_counts(2, 3, [0, 6]), mask_of_counts(3, 2, [0, 6])
    for compare in (overlap_px, lambda *both: masks.union(both)):
        with pytest.raises(ReadingError, match=r"sizes|images of"):
            compare(a, b)


def test_a_mark_with_a_mask_survives_its_json_and_measures_its_area() -> None:
    mask = mask_of_counts(4, 5, [5, 2, 2, 2, 9])
    mark = Mark("m1", "a", "mask", corners(mask), 0, 3, (0.5, 0.2), True, mask)
    assert mark_from(json.loads(json.dumps(mark_fields(mark)))) == mark
    value = mark_value(mark)
    assert value is not None and value.unit == "mm²" and value.value == pytest.approx(4 * 0.5 * 0.2)
    plain = mark_value(Mark("m1", "a", "mask", corners(mask), 0, 3, None, False, mask))
    assert plain is not None and (plain.value, plain.unit) == (4, "px²")


def test_a_mark_whose_mask_lies_elsewhere_or_is_missing_is_refused() -> None:
    mask = mask_of_counts(4, 5, [5, 2, 2, 2, 9])
    fields = mark_fields(Mark("m1", "a", "mask", corners(mask), 0, 0, mask=mask))
    for change in ({"points": [[0.0, 0.0], [1.0, 1.0]]}, {"mask": None}, {"kind": "box"}):
        with pytest.raises(ValueError, match="mask"):
            mark_from({**fields, **change})


def test_keeping_masks_needs_no_numpy() -> None:
    code = "import sys, studies.reading.marks, studies.reading.masks; assert 'numpy' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
