"""Stored pixels to screen pixels: where a pixel lands, what a reduced copy holds, what padding looks like."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.images.grey import display_table
from engine.images.image import Image, Window
from readerapp.viewer.display import Placement, fit, sample, to_screen_pixels, to_screen_values
from readerapp.viewer.pyramid import build_pyramid

SIZE = (400, 300)


def grey(pixels: np.ndarray, **more: object) -> Image:
    return Image(pixels=pixels, **more)  # type: ignore[arg-type]


@given(
    scale=st.floats(0.05, 30),
    x=st.floats(-50, 3000),
    y=st.floats(-50, 3000),
    sx=st.floats(0, 400),
    sy=st.floats(0, 300),
    aspect=st.floats(0.3, 3),
)
def test_screen_and_image_points_are_inverse(
    scale: float, x: float, y: float, sx: float, sy: float, aspect: float
) -> None:
    placement = Placement(scale, x, y, aspect)
    assert placement.to_screen(*placement.to_image(sx, sy, SIZE), SIZE) == pytest.approx((sx, sy), abs=1e-6)


@given(factor=st.floats(0.2, 5), sx=st.floats(0, 400), sy=st.floats(0, 300))
def test_zoom_holds_the_point_under_the_pointer(factor: float, sx: float, sy: float) -> None:
    before = Placement(1.0, 100.0, 80.0)
    after = before.zoomed(factor, sx, sy, SIZE)
    assert after.to_image(sx, sy, SIZE) == pytest.approx(before.to_image(sx, sy, SIZE), abs=1e-6)


def test_zoom_has_limits() -> None:
    assert Placement(1.0, 0, 0).zoomed(1e9, 0, 0, SIZE).scale == 64
    assert Placement(1.0, 0, 0).zoomed(1e-9, 0, 0, SIZE).scale == 0.01


def test_a_pixel_lands_where_the_mapping_says() -> None:
    """One bright pixel, magnified ten times: the block of ten by ten around its centre, nothing else."""
    pixels = np.zeros((30, 40), np.uint16)
    pixels[12, 7] = 4000
    placement = Placement(10.0, 19.5, 14.5)
    sampled = sample(build_pyramid(grey(pixels)), placement, SIZE, smooth=False)
    assert sampled is not None
    assert (sampled.left, sampled.top) == (0, 0)
    rows, columns = np.nonzero(sampled.values)
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == (70, 79, 120, 129)
    center = placement.to_screen(7, 12, SIZE)
    assert center == (75.0, 125.0)


def test_one_to_one_shows_stored_values_themselves() -> None:
    pixels = np.random.default_rng(1).integers(0, 65536, (300, 400), dtype=np.uint16)
    sampled = sample(build_pyramid(grey(pixels)), Placement(1.0, 199.5, 149.5), SIZE)
    assert sampled is not None
    np.testing.assert_array_equal(sampled.values, pixels)


@given(reduction=st.sampled_from([2, 4, 5, 8]), dtype=st.sampled_from(["uint8", "int8", "uint16", "int16"]))
@settings(max_examples=20, deadline=None)
def test_minification_is_the_mean_of_the_area(reduction: int, dtype: str) -> None:
    """Against numpy's own block mean; each level rounds to whole stored values, without bias.

    Reductions that are no power of two mix neighbouring means of the level above; on noise that is the worst case, and
    there the error stays below a fifth of the range, its mean below 4 %.
    """
    limits = np.iinfo(dtype)
    pixels = np.random.default_rng(reduction).integers(limits.min, limits.max, (320, 320), dtype=dtype, endpoint=True)
    side = 320 // reduction
    placement = Placement(1 / reduction, 159.5, 159.5)
    sampled = sample(build_pyramid(grey(pixels)), placement, (side, side))
    assert sampled is not None
    blocks = pixels.astype(np.float64).reshape(side, reduction, side, reduction).mean(axis=(1, 3)) - limits.min
    error = np.abs(sampled.values - blocks)
    if reduction != 5:
        assert error.max() <= 1.3
        assert abs((sampled.values - blocks).mean()) <= 0.05
    span = float(limits.max) - limits.min
    assert error.max() <= 0.2 * span
    assert error.mean() <= 0.04 * span


def test_averages_keep_sixteen_bits() -> None:
    """Values 1000 and 1001 average to more than two grey levels of a narrow window: nothing is cut to 8 bits before."""
    pixels = np.full((256, 256), 40000, np.uint16)
    pixels[:, 128:] = 40010
    image = grey(pixels)
    sampled = sample(build_pyramid(image), fit(256, 256, (64, 64)), (64, 64))
    assert sampled is not None
    screen = to_screen_values(sampled, display_table(image, Window(40005, 10, "LINEAR_EXACT")))
    assert screen[0, 0] == 0
    assert screen[0, -1] == 255


def test_signed_pixels_and_their_table_agree() -> None:
    pixels = np.array([[-1024, -500], [0, 3000]], np.int16).repeat(100, 0).repeat(100, 1)
    image = grey(pixels)
    table = display_table(image, Window(40, 400))
    sampled = sample(build_pyramid(image), fit(200, 200, (200, 200)), (200, 200))
    assert sampled is not None
    np.testing.assert_array_equal(to_screen_values(sampled, table), table.apply(pixels))


def test_padding_is_black_and_leaves_no_bright_seam() -> None:
    """MONOCHROME1 with padding 0, which would be white: black on screen at every zoom, and no light rim beside it."""
    pixels = np.full((256, 256), 3000, np.uint16)
    pixels[:, 100:] = 0
    image = grey(pixels, photometric="MONOCHROME1", inverted=True, padding=(0, 0), bits_stored=12)
    table = display_table(image, Window(2048, 4096))
    for scale in (0.23, 0.5, 1.0, 2.7):
        sampled = sample(build_pyramid(image), Placement(scale, 127.5, 127.5), (256, 256))
        assert sampled is not None
        screen = to_screen_values(sampled, table)
        tissue = table.values[3000]
        assert set(np.unique(screen)) <= {0, tissue}
        assert (screen[:, -1] == 0).all()


def test_float_pixels_that_are_not_numbers_are_black() -> None:
    pixels = np.linspace(-1, 1, 128 * 128, dtype=np.float32).reshape(128, 128).copy()
    pixels[:64] = np.nan
    image = grey(pixels, bits_stored=32)
    sampled = sample(build_pyramid(image), fit(128, 128, (128, 128)), (128, 128))
    assert sampled is not None
    screen = to_screen_values(sampled, display_table(image, Window(0, 2, "LINEAR_EXACT")))
    assert (screen[:63] == 0).all()
    assert screen[-1, -1] == 255


def test_colour_keeps_its_channels() -> None:
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[..., 0], pixels[..., 2] = 200, 30
    image = grey(pixels, photometric="RGB", bits_stored=8)
    sampled = sample(build_pyramid(image), fit(64, 64, (128, 128)), (128, 128))
    assert sampled is not None
    assert to_screen_values(sampled, display_table(image, None))[64, 64].tolist() == [200, 0, 30]


def test_pixels_that_are_not_square_keep_their_shape() -> None:
    placement = fit(100, 100, (300, 300), aspect=2.0)
    left, top = placement.to_screen(-0.5, -0.5, (300, 300))
    right, bottom = placement.to_screen(99.5, 99.5, (300, 300))
    assert (bottom - top) / (right - left) == pytest.approx(2.0)
    assert (top, bottom) == pytest.approx((0, 300))


def test_an_image_out_of_view_is_nothing() -> None:
    assert sample(build_pyramid(grey(np.zeros((10, 10), np.uint8))), Placement(1.0, 5000, 5), SIZE) is None


@given(scale=st.floats(0.02, 40), x=st.floats(-20, 150), y=st.floats(-20, 90))
@settings(max_examples=60, deadline=None)
def test_what_is_sampled_fits_the_viewport(scale: float, x: float, y: float) -> None:
    """Any zoom and position: an array of the visible part, inside the viewport, with values of the image."""
    pixels = np.full((71, 133), 777, np.uint16)
    sampled = sample(build_pyramid(grey(pixels)), Placement(scale, x, y), SIZE)
    if sampled is not None:
        height, width = sampled.values.shape
        assert sampled.left >= 0 and sampled.left + width <= SIZE[0]
        assert sampled.top >= 0 and sampled.top + height <= SIZE[1]
        assert (sampled.values == 777).all()


@given(
    factor=st.floats(1.02, 1.98),
    shift=st.floats(-3, 3),
    channels=st.sampled_from([0, 3]),
)
@settings(max_examples=30, deadline=None)
def test_partly_covered_pixels_count_by_their_share(factor: float, shift: float, channels: int) -> None:
    """Against the integral of the picture as a staircase, worked out pixel by pixel in exact coordinates."""
    shape = (90, 90, 3) if channels else (90, 90)
    pixels = np.random.default_rng(3).integers(0, 255, shape, dtype=np.uint8)
    image = grey(pixels, photometric="RGB", bits_stored=8) if channels else grey(pixels)
    placement = Placement(1 / factor, 44.5 + shift, 44.5)
    size = (30, 30)
    sampled = sample(build_pyramid(image), placement, size)
    assert sampled is not None
    plain = pixels[..., 0] if channels else pixels
    shown = sampled.values[..., 0] if channels else sampled.values
    for row, column in ((0, 0), (14, 3), (29, 29)):
        left, top = placement.to_image(column, row, size)
        right, bottom = placement.to_image(column + 1, row + 1, size)
        expected = _integral(plain, left + 0.5, top + 0.5, right + 0.5, bottom + 0.5)
        assert abs(float(shown[row, column]) - expected) <= 0.51 + 1e-3


def _integral(pixels: np.ndarray, left: float, top: float, right: float, bottom: float) -> float:
    def shares(low: float, high: float) -> np.ndarray:
        edges = np.arange(len(pixels))
        return np.clip(np.minimum(high, edges + 1) - np.maximum(low, edges), 0, None)

    weights = np.outer(shares(top, bottom), shares(left, right))
    return float((pixels * weights).sum() / weights.sum())


@pytest.mark.parametrize("inverted", [False, True])
def test_screen_pixels_are_the_screen_values_as_opaque_grey(inverted: bool) -> None:
    """0xffRRGGBB with all three the value that the grey pipeline gives; padding stays black."""
    pixels = np.random.default_rng(0).integers(0, 4096, (90, 70), dtype=np.uint16)
    pixels[:20] = 4095
    image = Image(pixels=pixels, bits_stored=12, padding=(4095, 4095), inverted=inverted)
    sampled = sample(build_pyramid(image), fit(90, 70, (200, 200)), (200, 200))
    assert sampled is not None
    table = display_table(image, Window(2000, 1500))
    values = to_screen_values(sampled, table).astype(np.uint32)
    expected = np.uint32(0xFF000000) | values << 16 | values << 8 | values
    np.testing.assert_array_equal(to_screen_pixels(sampled, table), expected)
    assert expected.min() == 0xFF000000
