"""Lengths, angles, areas and values: against geometry worked out by hand, and numpy on the very pixels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import ImageError
from engine.images.image import Image
from engine.images.measuring import measured, region_statistics, region_window, value_at

COORDINATE = st.floats(-500, 500)
POINT = st.tuples(COORDINATE, COORDINATE)


def test_a_length_is_in_mm_where_the_spacing_is_known_and_in_pixels_else() -> None:
    points = ((10.0, 10.0), (13.0, 14.0))
    assert measured("length", points, None).value == 5
    assert measured("length", points, None).unit == "px"
    assert measured("length", points, (0.5, 2.0)).value == pytest.approx(np.hypot(3 * 2.0, 4 * 0.5))
    assert measured("length", points, (0.5, 2.0)).unit == "mm"


def test_an_angle_is_right_where_pixels_are_not_square() -> None:
    """45° in mm: 10 columns of 2 mm across, 20 rows of 1 mm down. In pixels taken as square it would be 63.4°."""
    points = ((20.0, 0.0), (0.0, 0.0), (10.0, 20.0))
    assert measured("angle", points, (1.0, 2.0)).value == pytest.approx(45)
    assert measured("angle", points, None).value == pytest.approx(63.4349, abs=1e-3)


@pytest.mark.parametrize(("tilt", "expected"), [(0, 0), (30, 30), (90, 90), (120, 60), (180, 0), (-25, 25)])
def test_the_cobb_angle_is_that_of_lines_however_their_ends_were_clicked(tilt: float, expected: float) -> None:
    turned = (np.cos(np.radians(tilt)) * 50, np.sin(np.radians(tilt)) * 50)
    points = ((0.0, 0.0), (80.0, 0.0), (10.0, 100.0), (10.0 + turned[0], 100.0 + turned[1]))
    assert measured("cobb", points, None).value == pytest.approx(expected, abs=1e-6)


def test_areas() -> None:
    corners = ((1.0, 1.0), (11.0, 5.0))
    assert measured("box", corners, (0.5, 0.5)).value == pytest.approx(40 * 0.25)
    assert measured("region", corners, None).value == pytest.approx(40 * np.pi / 4)
    assert measured("region", corners, (0.5, 2.0)).unit == "mm²"


def test_no_other_kind_measures_anything() -> None:
    with pytest.raises(ImageError, match="arrow"):
        measured("arrow", ((0.0, 0.0), (1.0, 1.0)), None)


@given(a=POINT, b=POINT, c=POINT)
@settings(deadline=None)
def test_an_angle_does_not_depend_on_direction_or_scale(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]
) -> None:
    first = measured("angle", (a, b, c), (1.0, 1.0)).value
    assert 0 <= first <= 180
    assert measured("angle", (c, b, a), None).value == pytest.approx(first, abs=1e-6)


def test_statistics_are_of_modality_values_without_padding() -> None:
    pixels = np.arange(400, dtype=np.int16).reshape(20, 20)
    pixels[5, 5] = -2000
    image = Image(pixels=pixels, slope=2.0, intercept=-1000.0, units="HU", padding=(-2000, -2000))
    found = region_statistics(image, 0, "box", ((4.0, 4.0), (7.0, 6.0)))
    inside = pixels[4:7, 4:8].astype(float) * 2 - 1000
    inside = inside[pixels[4:7, 4:8] != -2000]
    assert found is not None
    assert (found.n, found.least, found.most) == (inside.size, inside.min(), inside.max())
    assert found.mean == pytest.approx(inside.mean())
    assert found.sd == pytest.approx(inside.std())


def test_an_ellipse_takes_pixels_whose_centres_lie_in_it() -> None:
    pixels = np.zeros((41, 41), np.uint16)
    y, x = np.mgrid[0:41, 0:41]
    disc = (x - 20) ** 2 + (y - 20) ** 2 <= 10**2
    pixels[disc] = 7
    found = region_statistics(Image(pixels=pixels), 0, "ellipse", ((10.0, 10.0), (30.0, 30.0)))
    assert found is not None
    assert (found.n, found.mean, found.sd) == (disc.sum(), 7, 0)


def test_each_frame_has_its_own_rescale() -> None:
    image = Image(pixels=np.full((2, 8, 8), 100, np.uint16), slope=(1.0, 3.0), intercept=(0.0, 5.0))
    assert value_at(image, 0, (3.2, 3.4)) == (100,)
    assert value_at(image, 1, (3.2, 3.4)) == (305,)


def test_a_region_of_a_slice_of_a_stack() -> None:
    pixels = np.stack([np.full((8, 8), value, np.int16) for value in (10, 20)])
    image = Image(pixels=pixels, frame_positions_mm=(0.0, 5.0), frame_origins_mm=((0.0, 0.0, 0.0), (0.0, 0.0, 5.0)))
    found = region_statistics(image, 1, "box", ((1.0, 1.0), (4.0, 4.0)))
    assert found is not None and found.mean == 20


def test_a_value_is_of_the_pixel_under_the_point_and_nothing_outside() -> None:
    image = Image(pixels=np.arange(12, dtype=np.uint8).reshape(3, 4), bits_stored=8, padding=(5, 5))
    assert value_at(image, 0, (2.4, 0.4)) == (2,)
    assert value_at(image, 0, (1.0, 1.0)) is None  # padding
    assert value_at(image, 0, (-0.6, 0.0)) is None
    assert value_at(image, 0, (3.6, 0.0)) is None


def test_a_colour_pixel_has_three_values_and_a_colour_region_none() -> None:
    pixels = np.zeros((4, 4, 3), np.uint8)
    pixels[1, 2] = (9, 8, 7)
    image = Image(pixels=pixels, photometric="RGB", bits_stored=8)
    assert value_at(image, 0, (2.0, 1.0)) == (9, 8, 7)
    assert region_statistics(image, 0, "box", ((0.0, 0.0), (3.0, 3.0))) is None


def test_the_window_of_a_region_is_its_percentiles() -> None:
    pixels = np.zeros((100, 100), np.uint16)
    pixels[:, 50:] = np.tile(np.arange(1000, 1050, dtype=np.uint16), (100, 1))
    window = region_window(Image(pixels=pixels), 0, ((50.0, 0.0), (99.0, 99.0)))
    assert window is not None
    low, high = np.percentile(pixels[:, 50:], (1, 99))
    assert (window.center - window.width / 2, window.center + window.width / 2) == pytest.approx((low, high))
    assert region_window(Image(pixels=pixels), 0, ((200.0, 0.0), (300.0, 10.0))) is None
