"""Numbers as the desk and the export print them."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rounding import counted, has_width, rounded


@pytest.mark.parametrize(
    ("value", "digits", "text"), [(-0.004, 2, "0.00"), (-0.25, 1, "−0.2"), (1.0, 2, "1.00"), (-12.0, 0, "−12")]
)
def test_rounding(value: float, digits: int, text: str) -> None:
    assert rounded(value, digits) == text


@settings(deadline=None)
@given(st.floats(-1e6, 1e6), st.integers(0, 4))
def test_it_is_within_half_a_digit_and_zero_has_no_sign(value: float, digits: int) -> None:
    text = rounded(value, digits)
    assert math.isclose(float(text.replace("−", "-")), value, abs_tol=0.5 * 10**-digits + 1e-9)
    assert float(text.replace("−", "-")) != 0 or "−" not in text


def test_an_interval_has_a_width_or_is_none() -> None:
    assert has_width(0.1, 0.2)
    assert not has_width(1.0, 1.0 + 1e-16)
    assert not has_width(math.nan, 0.2) and not has_width(0.1, None)


def test_one_is_one() -> None:
    assert [counted(n, "case") for n in (0, 1, 2)] == ["0 cases", "1 case", "2 cases"]
