"""Conditions on cohort columns as a form shows them: a row each, of column, relation and the words of its values.

A condition of several parts (`values` and a `minimum`) is several rows of one column; rows of one column are one
condition, and all of them must hold.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from studies.protocol import Condition

Relation = Literal["is", "is not", "at least", "at most"]
RELATIONS: tuple[Relation, ...] = ("is", "is not", "at least", "at most")

_WHOLE, _DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)"), re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_LISTS: dict[str, str] = {"is": "values", "is not": "exclude"}
_LIMITS: dict[str, str] = {"at least": "minimum", "at most": "maximum"}


@dataclass(frozen=True)
class ConditionRow:
    """One row: `words` are one value, or several with commas between; a value with a comma stands between quotes."""

    column: str
    relation: Relation
    words: str


def condition_rows(conditions: Mapping[str, Any]) -> list[ConditionRow]:
    """The rows of conditions as a protocol's entries hold them (short forms too)."""
    return [row for column, given in conditions.items() for row in _rows(column, Condition.model_validate(given))]


def _rows(column: str, condition: Condition) -> Iterable[ConditionRow]:
    for relation in RELATIONS:
        if relation in _LISTS:
            values = getattr(condition, _LISTS[relation])
            if values:
                yield ConditionRow(column, relation, _joined([_words(value) for value in values]))
        else:
            limit = getattr(condition, _LIMITS[relation])
            if limit is not None:
                yield ConditionRow(column, relation, _words(limit))


def conditions_of(rows: Iterable[ConditionRow]) -> dict[str, dict[str, Any]]:
    """Conditions as entries of a protocol; a row without column or words says nothing yet and is left out.

    A limit that is no number stays text, which the protocol's rules refuse with a sentence.
    """
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if not row.column.strip() or not row.words.strip():
            continue
        entry = found.setdefault(row.column.strip(), {})
        if row.relation in _LISTS:
            values = entry.setdefault(_LISTS[row.relation], [])
            values += [_value(word) for word in _parted(row.words)]
        else:
            entry[_LIMITS[row.relation]] = _value(row.words)
    return found


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return f"{value:g}" if isinstance(value, float) and float(f"{value:g}") == value else str(value)


def _value(words: str) -> str | int | float:
    """A number where it is written like one ("0815" is a name); text else."""
    words = words.strip()
    if _WHOLE.fullmatch(words):
        return int(words)
    return float(words) if _DECIMAL.fullmatch(words) else words


def _joined(words: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(words)
    return (
        line.getvalue().replace(",", ", ") if not any('"' in word or "," in word for word in words) else line.getvalue()
    )


def _parted(words: str) -> list[str]:
    return [word.strip() for row in csv.reader([words], skipinitialspace=True) for word in row if word.strip()]
