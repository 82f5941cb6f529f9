"""Colours of a difference: grey at 0, the sign told by lightness as well as by hue."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readerapp.viewer.diverging import difference_colors, scale_of

LUMA = np.array([0.2126, 0.7152, 0.0722])


def luminance(colors: np.ndarray) -> np.ndarray:
    """Relative luminance of sRGB (IEC 61966-2-1)."""
    shares = colors / 255
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    return linear @ LUMA


def test_no_difference_is_grey() -> None:
    assert difference_colors(np.zeros((2, 2)), 0.3).tolist() == [[[128, 128, 128]] * 2] * 2


def test_lightness_rises_from_one_end_to_the_other() -> None:
    colors = difference_colors(np.linspace(-1, 1, 41), 1.0).astype(float)
    assert (np.diff(luminance(colors)) > 0).all()
    low, high = colors[0], colors[-1]
    assert low[2] > low[0]  # blue
    assert high[0] > high[2]  # orange


@settings(deadline=None)
@given(st.floats(-1, 1, width=32), st.floats(0.02, 1))
def test_what_is_beyond_the_scale_has_the_last_colour(value: float, scale: float) -> None:
    found = difference_colors(np.array([value]), scale)[0].tolist()
    clipped = difference_colors(np.array([np.clip(value, -scale, scale)]), scale)[0].tolist()
    assert found == clipped


def test_the_scale_covers_nearly_all_and_has_two_digits() -> None:
    values = np.zeros(1000, np.float32)
    values[:100] = -0.234
    assert scale_of(values) == pytest.approx(0.24)
    assert scale_of(np.zeros(10)) == 0.02
    assert scale_of(np.full(10, 3.0)) == 1.0
