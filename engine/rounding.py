"""How numbers are said, wherever they are said: the desk, the tables, the figures and the report. No Qt."""

from typing import Any

_NO_WIDTH = 1e-9
NOT_ESTIMABLE = "not estimable"


def is_missing(value: Any) -> bool:
    """None or NaN: what could not be worked out."""
    return value is None or value != value


def rounded(value: float, digits: int) -> str:
    """A number with `digits` decimals, a true minus sign, and never "−0.00"."""
    text = f"{value:.{digits}f}"
    return (text if float(text) else f"{0:.{digits}f}").replace("-", "−")


def has_width(low: Any, high: Any) -> bool:
    """Whether there is an interval to print.

    One of no width (all readings alike, or an estimate at its bound) is no certainty, and is not printed; the limits
    of such a one may differ in the last bits.
    """
    return not (is_missing(low) or is_missing(high)) and abs(high - low) > _NO_WIDTH


def counted(n: int, noun: str) -> str:
    """`1 image`, `2 images`."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def number(value: float, digits: int = 3) -> str:
    """Rounded, with a true minus sign; "" for what is not there."""
    return "" if is_missing(value) else rounded(value, digits)


def estimate(value: float, digits: int = 3) -> str:
    """Rounded; what could not be estimated is said, never left blank."""
    return number(value, digits) or NOT_ESTIMABLE


def percent(value: float) -> str:
    return number(100 * value, 1)


def with_interval(value: float, low: float, high: float, digits: int = 3) -> str:
    """ "0.430 (0.319 to 0.541)"; "not estimable" where there is no value; an interval of no width is not printed."""
    if is_missing(value):
        return NOT_ESTIMABLE
    if not has_width(low, high):
        return number(value, digits)
    return f"{number(value, digits)} ({interval(low, high, digits)})"


def interval(low: float, high: float, digits: int) -> str:
    """ "0.319 to 0.541"; "" where there is none to print."""
    return f"{number(low, digits)} to {number(high, digits)}" if has_width(low, high) else ""


def is_number(text: str) -> bool:
    """Whether a text says a number, as Python reads one: "-1.5", "1e3", "nan"."""
    try:
        float(text)
    except ValueError:
        return False
    return True
