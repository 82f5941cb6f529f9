"""Area means against the definition written out, and the square against what padding and averaging must keep."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.images import ImageError
from engine.images.resampling import area_means, prepare

SIDES = st.integers(1, 70)
SIZES = st.integers(1, 48)


def picture(rows: int, columns: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((rows, columns), dtype=np.float32)


def shares_by_definition(start: float, end: float, count: int, length: int) -> np.ndarray:
    """(count, length) float64: how much of each interval each pixel covers."""
    edges = start + np.arange(count + 1) * (end - start) / count
    pixels = np.arange(length)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return np.clip(overlap, 0, None) / ((end - start) / count)


def square_by_definition(image: np.ndarray, size: int) -> np.ndarray:
    """Padded for real, then every value worked out in float64."""
    rows, columns = image.shape
    side = max(rows, columns)
    padded = np.zeros((side, side))
    top, left = (side - rows) // 2, (side - columns) // 2
    padded[top : top + rows, left : left + columns] = image
    shares = shares_by_definition(0, side, size, side)
    return shares @ padded @ shares.T


@settings(deadline=None, max_examples=60)
@given(SIDES, SIDES, SIZES)
def test_the_square_is_the_definition(rows: int, columns: int, size: int) -> None:
    image = picture(rows, columns)
    square, _ = prepare(image, size)
    assert square.dtype == np.float32 and square.shape == (size, size)
    np.testing.assert_allclose(square, square_by_definition(image, size), atol=3e-6)


@settings(deadline=None, max_examples=60)
@given(SIDES, SIDES, SIZES)
def test_the_box_is_where_the_image_lies(rows: int, columns: int, size: int) -> None:
    square, (left, top, width, height) = prepare(np.ones((rows, columns), np.float32), size)
    side = max(rows, columns)
    assert (width, height) == pytest.approx((columns * size / side, rows * size / side))
    assert abs((size - width) / 2 - left) <= 0.5 * size / side + 1e-9, "centred, an odd pixel to the right"
    assert abs((size - height) / 2 - top) <= 0.5 * size / side + 1e-9
    covered = np.outer(_covered(top, height, size), _covered(left, width, size))
    np.testing.assert_allclose(square, covered, atol=3e-6)


def _covered(start: float, length: float, size: int) -> np.ndarray:
    """Share of each of `size` pixels that lies within [start, start + length]."""
    edges = np.clip(np.arange(size + 1), start, start + length)
    return np.diff(edges)


@settings(deadline=None, max_examples=40)
@given(SIDES, SIDES, SIZES)
def test_the_mean_is_kept(rows: int, columns: int, size: int) -> None:
    image = picture(rows, columns, 1)
    square, _ = prepare(image, size)
    side = max(rows, columns)
    assert square.mean(dtype=float) == pytest.approx(image.sum(dtype=float) / side**2, abs=3e-6)


def test_an_image_of_the_asked_size_keeps_its_values() -> None:
    image = picture(37, 50)
    square, box = prepare(image, 50)
    assert box == (0, 6, 50, 37)
    assert (square[6:43] == image).all() and not square[:6].any() and not square[43:].any()


def test_a_full_size_radiograph_by_definition() -> None:
    image = picture(2320, 2828, 2)
    square, box = prepare(image, 256)
    np.testing.assert_allclose(square, square_by_definition(image, 256), atol=1e-6)
    assert box == pytest.approx((0, 254 * 256 / 2828, 256, 2320 * 256 / 2828))


def test_only_planes_are_squared() -> None:
    with pytest.raises(ImageError, match="shape \\(2, 3, 4\\)"):
        prepare(np.zeros((2, 3, 4), np.float32), 8)


@pytest.mark.parametrize("shared", [False, True])
def test_whole_values_are_rounded_and_colour_stays(shared: bool) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (90, 120, 3), dtype=np.uint8)
    means = area_means(pixels, (10.5, 4.25, 111.5, 80.0), (31, 17), np.uint8, shared)
    across, down = shares_by_definition(10.5, 111.5, 31, 120), shares_by_definition(4.25, 80.0, 17, 90)
    exact = np.einsum("yr,rcx,kc->ykx", down, pixels.astype(float), across)
    assert means.dtype == np.uint8 and np.abs(means - exact).max() <= 0.5 + 1e-4


def test_what_lies_outside_counts_as_zero() -> None:
    means = area_means(np.ones((4, 4), np.uint8), (-2, -4, 6, 4), (4, 4), np.float32)
    assert means.tolist() == [[0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 1, 0], [0, 1, 1, 0]]
