"""Columns of the desk's tables: how a row is put in words, sorted and drawn."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.rounding import has_width, rounded
from readerapp.numbers import absent, decimal_text, interval_text, not_estimable

Row = Mapping[str, Any]
MISSING = "–"


@dataclass(frozen=True)
class Span:
    """A value with its 95 % interval, to be drawn; low and high are NaN where there is none. `look`: 0 ●, 1 ◇."""

    value: float
    low: float
    high: float
    look: int = 0


@dataclass(frozen=True)
class Axis:
    """What a column of spans is drawn against: its ends, labelled ticks, and a line that means something."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    reference: float | None = None

    def share(self, value: float) -> float:
        """Where a value lies between the ends, 0 to 1; values beyond lie at the end."""
        return min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))


@dataclass(frozen=True)
class Column:
    """How one column is read from a row: words for the person, a value to sort by, and a drawing where it has one."""

    title: str
    text: Callable[[Row], str]
    key: Callable[[Row], Any]
    hint: str = ""
    numeric: bool = True
    color: Callable[[Row], str] | None = None
    ground: Callable[[Row], str] | None = None  # "" where the row has none
    tip: Callable[[Row], str] | None = None  # where it is more than the words of the cell
    spans: Callable[[Row], Sequence[Span]] | None = None
    axis: Callable[[Sequence[Span]], Axis] | None = None  # for all spans of the table


def words(title: str, field: str, hint: str = "") -> Column:
    """A column of text."""
    return Column(title, lambda row: str(row[field]), lambda row: str(row[field]).casefold(), hint, numeric=False)


def count(title: str, field: str, hint: str = "") -> Column:
    """A column of whole numbers."""
    return Column(title, lambda row: MISSING if absent(row[field]) else f"{int(row[field]):,}", value_of(field), hint)


def decimal(title: str, field: str, hint: str = "", digits: int = 2) -> Column:
    """A column of coefficients; a missing one is said in words."""
    return Column(title, lambda row: decimal_text(row[field], digits), value_of(field), hint)


def percent(title: str, field: str, hint: str = "", low: str = "", high: str = "") -> Column:
    """A column of shares, with their interval where `low` and `high` name it."""

    def text(row: Row) -> str:
        if absent(row[field]):
            return not_estimable()
        if not low or absent(row[low]) or absent(row[high]):
            return f"{row[field]:.1%}"
        return f"{row[field]:.1%} ({100 * row[low]:.0f}–{100 * row[high]:.0f})"

    return Column(title, text, value_of(field), hint)


def with_interval(title: str, field: str, low: str, high: str, hint: str = "") -> Column:
    """A coefficient with its 95 % interval in one cell."""

    def text(row: Row) -> str:
        if absent(row[field]):
            return not_estimable()
        if not has_width(row[low], row[high]):
            return decimal_text(row[field])
        return f"{decimal_text(row[field])} ({interval_text(row[low], row[high])})"

    return Column(title, text, value_of(field), hint)


def drawn(
    title: str, marks: Sequence[tuple[str, str, str]], axis: Callable[[Sequence[Span]], Axis], hint: str = ""
) -> Column:
    """Values with their intervals drawn on an axis; `marks`: the fields of value, low and high of each."""

    def spans(row: Row) -> list[Span]:
        found = []
        for look, (field, low, high) in enumerate(marks):
            if not absent(row.get(field)):
                found.append(Span(float(row[field]), _end(row, low), _end(row, high), look))
        return found

    first = with_interval(title, *marks[0])
    return Column(title, first.text, first.key, hint, numeric=False, spans=spans, axis=axis)


def _end(row: Row, field: str) -> float:
    return float("nan") if absent(row.get(field)) else float(row[field])


def shares_axis(spans: Sequence[Span]) -> Axis:
    """From 0 to 100 %, or to the next ten per cent above the largest."""
    top = max((_reach(span)[1] for span in spans), default=1.0)
    high = min(1.0, max(0.2, math.ceil(top * 10 - 1e-9) / 10))
    step = 0.05 if high <= 0.3 else 0.1 if high <= 0.5 else 0.2
    return Axis(0.0, high, tuple((tick, f"{tick:.0%}") for tick in _ticks(0.0, high, step)))


def kappa_axis(spans: Sequence[Span]) -> Axis:
    """From 0, or the tenths below the smallest, to 1; chance stands at 0."""
    bottom = min((_reach(span)[0] for span in spans), default=0.0)
    low = max(-1.0, min(0.0, math.floor(bottom * 5) / 5))
    step = 0.2 if low > -0.5 else 0.5
    return Axis(low, 1.0, tuple((tick, decimal_text(tick, 1)) for tick in _ticks(low, 1.0, step)), reference=0.0)


def difference_axis(spans: Sequence[Span]) -> Axis:
    """As far to either side of no difference as the farthest interval goes, in percentage points."""
    far = max((max(abs(end) for end in _reach(span)) for span in spans), default=0.1)
    high = min(1.0, max(0.1, math.ceil(far * 10 - 1e-9) / 10))
    step = 0.05 if high <= 0.1 else 0.1 if high <= 0.2 else 0.2 if high <= 0.6 else 0.5
    ticks = tuple((tick, difference_text(tick, 0)) for tick in _ticks(-high, high, step))
    return Axis(-high, high, ticks, reference=0.0)


def _reach(span: Span) -> tuple[float, float]:
    ends = [end for end in (span.value, span.low, span.high) if end == end]
    return min(ends), max(ends)


def _ticks(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def difference_text(value: Any, digits: int = 1) -> str:
    """A difference of shares in percentage points, with its sign."""
    if absent(value):
        return not_estimable()
    text = rounded(100 * value, digits)
    return f"+{text}" if 100 * value > 0 and float(text) else text


def value_of(field: str) -> Callable[[Row], Any]:
    """Sorts by a field; None where it is missing."""
    return lambda row: None if absent(row[field]) else row[field]
