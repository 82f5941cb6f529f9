"""How numbers are said, wherever they are said: the desk, the tables, the figures and the report. No Qt."""

from typing import Any

_NO_WIDTH = 1e-9


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
