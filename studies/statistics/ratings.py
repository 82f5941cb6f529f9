"""Readings of any study as one dense array: who answered what about which case; read from long or wide tables.

A long table has one row a reading, columns `case_id, reader_id, item, value` and where known `patient_id, stratum, arm,
repeat, item_group`. A wide table has one row a case and reader, and one column an item. Row numbers in messages count
the header as row 1, as spreadsheets do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from studies.errors import RatingsError
from studies.protocol import Item
from studies.protocol_sentences import nearest
from studies.statistics.answers import MISSING, NOT_READ, RatedItem, UnknownAnswer, natural_key, plain_text, understand

REQUIRED = ("case_id", "reader_id", "item", "value")
ALL = "all"  # names the rows over every stratum, every arm, every reader

Indexes = NDArray[np.intp]

_REFUSED = {"case": {""}, "patient": {""}, "item": {""}, "stratum": {ALL}, "arm": {ALL}} | {
    "reader": {"", ALL, "majority", "any"}
}


@dataclass(frozen=True)
class Repeats:
    """Hidden repeats, one entry a reading: indexes into the axes of `Ratings.codes`, and the code of the answer."""

    arm: Indexes
    case: Indexes
    reader: Indexes
    item: Indexes
    repeat: Indexes  # 1, 2, …
    code: NDArray[np.int8]


@dataclass(frozen=True)
class Ratings:
    """Answers as codes: 0, 1, … the category (binary: absent, present); below 0 MISSING, NOT_ASSESSABLE, UNCERTAIN,
    NOT_READ (the reader never had this case in this arm; every item is asked of every case, so a case that was read
    without an answer to an item is MISSING there). Hidden repeats are apart: they count for intra-reader agreement
    only.
    """

    codes: NDArray[np.int8]  # (n_arms, n_cases, n_readers, n_items)
    case_ids: tuple[str, ...]
    reader_ids: tuple[str, ...]
    items: tuple[RatedItem, ...]
    arms: tuple[str, ...]
    patient_ids: tuple[str, ...]
    patient_of: Indexes  # (n_cases,) index into patient_ids
    strata: tuple[str, ...]  # () where the table has none
    stratum_of: Indexes  # (n_cases,) index into strata; −1 where a case has none
    repeats: Repeats

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, items: Sequence[Item] = ()) -> "Ratings":
        """Readings from a long table; columns that are not named above are left alone.

        `items` declares what the protocol asked (order, kind, options, group); without it kinds follow from the values.
        Text items are left out; each option of a multi item becomes a binary item "id = option".
        Raises RatingsError naming the row and the value.
        """
        if missing := [name for name in REQUIRED if name not in frame.columns]:
            has = ", ".join(map(str, frame.columns))
            raise RatingsError(f"the table has no column {' and no column '.join(missing)}; it has {has}")
        return _ratings(frame, np.arange(len(frame)) + 2, {item.id: item for item in items})

    def item_index(self, item_id: str) -> int:
        """Place of an item on the last axis. Raises RatingsError where the table does not hold it."""
        for index, item in enumerate(self.items):
            if item.item_id == item_id:
                return index
        raise RatingsError(f"no readings of item '{item_id}'; {nearest(item_id, (i.item_id for i in self.items))}")


def read_long(path: Path) -> Ratings:
    """Readings from a long table in a CSV file (UTF-8; comma, semicolon or tab). Raises RatingsError."""
    return Ratings.from_frame(_read_table(path, REQUIRED))


def read_wide(path: Path, case: str, reader: str, patient: str | None = None, items: Sequence[str] = ()) -> Ratings:
    """Readings from a wide table: `case`, `reader` and `patient` name columns, every other column is an item.

    `items` keeps to some columns. Raises RatingsError naming the row and the value.
    """
    named = {"case_id": case, "reader_id": reader} | ({"patient_id": patient} if patient else {})
    frame = _read_table(path, [*named.values(), *items])
    chosen = list(items) or [column for column in frame.columns if column not in named.values()]
    if not chosen:
        raise RatingsError(f"{path.name}: no column is left for an item beside {', '.join(named.values())}")
    n = len(frame)
    ids = {name: np.tile(frame[column].to_numpy(), len(chosen)) for name, column in named.items()}
    values = np.concatenate([frame[item].to_numpy() for item in chosen])
    long = pd.DataFrame(ids | {"item": np.repeat(np.array(chosen, dtype=object), n), "value": values})
    return _ratings(long, np.tile(np.arange(n) + 2, len(chosen)), {})


def _read_table(path: Path, needed: Sequence[str]) -> pd.DataFrame:
    """Every cell as text. Tries comma, semicolon and tab; the header decides."""
    try:
        headers = {mark: list(pd.read_csv(path, sep=mark, nrows=0, encoding="utf-8-sig").columns) for mark in ",;\t"}
        mark = next((mark for mark, header in headers.items() if set(needed) <= set(header)), None)
        if mark is None:
            columns = max(headers.values(), key=len)
            absent = ", ".join(name for name in needed if name not in columns)
            raise RatingsError(f"{path.name} has no column {absent}; it has {', '.join(columns)}")
        return pd.read_csv(path, sep=mark, dtype=object, keep_default_na=False, encoding="utf-8-sig")
    except OSError as error:
        raise RatingsError(f"{path.name} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise RatingsError(
            f"{path.name} is not UTF-8 text ({error.reason} at byte {error.start}); save it as CSV UTF-8"
        ) from error
    except (pd.errors.EmptyDataError, pd.errors.ParserError) as error:
        raise RatingsError(f"{path.name} is not a CSV table: {str(error).strip()}") from error


@dataclass(frozen=True)
class _Column:
    """A column as indexes into its distinct texts (stripped; "" = empty)."""

    index: Indexes  # (n_rows,)
    texts: tuple[str, ...]

    @classmethod
    def of(cls, frame: pd.DataFrame, name: str, ordered: bool = False) -> "_Column":
        """`ordered`: texts in natural order, so that no result depends on the order of rows; else as they come."""
        if name not in frame.columns:
            return cls(np.zeros(len(frame), dtype=np.intp), ("",))
        found, uniques = pd.factorize(frame[name].to_numpy(), use_na_sentinel=False)
        texts = [plain_text(value) for value in uniques]
        kept = sorted(set(texts), key=natural_key) if ordered else list(dict.fromkeys(texts))
        place = {text: index for index, text in enumerate(kept)}
        return cls(np.array([place[text] for text in texts], dtype=np.intp)[found], tuple(kept))

    def text(self, row: int) -> str:
        return self.texts[self.index[row]]


@dataclass(frozen=True)
class _Columns:
    case: _Column
    reader: _Column
    patient: _Column
    stratum: _Column
    arm: _Column
    item: _Column
    value: _Column
    group: _Column
    repeat: Indexes
    rows: Indexes  # as a spreadsheet counts them


def _ratings(frame: pd.DataFrame, rows: Indexes, declared: dict[str, Item]) -> Ratings:
    if frame.empty:
        raise RatingsError("the table has no readings")
    if declared:
        frame, rows, declared = _single_answers(frame, rows, declared)
    columns = _columns(frame, rows)
    items, codes = _understood(columns, declared)
    place = (columns.arm.index, columns.case.index, columns.reader.index, columns.item.index)
    _refuse_twice(columns, place)
    first = columns.repeat == 0
    strata, stratum_of = _strata(columns)
    return Ratings(
        codes=_dense(columns, [axis[first] for axis in place], codes[first]),
        case_ids=columns.case.texts,
        reader_ids=columns.reader.texts,
        items=items,
        arms=columns.arm.texts,
        patient_ids=columns.patient.texts,
        patient_of=_one_per_case(columns, columns.patient, "patient"),
        strata=strata,
        stratum_of=stratum_of,
        repeats=_repeats(place, columns.repeat, codes),
    )


def _columns(frame: pd.DataFrame, rows: Indexes) -> _Columns:
    case = _Column.of(frame, "case_id", ordered=True)
    columns = _Columns(
        case=case,
        reader=_Column.of(frame, "reader_id", ordered=True),
        patient=_Column.of(frame, "patient_id", ordered=True) if "patient_id" in frame.columns else case,
        stratum=_Column.of(frame, "stratum", ordered=True),
        arm=_Column.of(frame, "arm"),
        item=_Column.of(frame, "item"),
        value=_Column.of(frame, "value"),
        group=_Column.of(frame, "item_group"),
        repeat=_repeat_numbers(_Column.of(frame, "repeat"), rows),
        rows=rows,
    )
    for name, refused in _REFUSED.items():
        column: _Column = getattr(columns, name)
        for text in refused & set(column.texts):
            row = rows[np.argmax(column.index == column.texts.index(text))]
            why = (
                f"cannot be named '{text}', the name of a row of totals"
                if text
                else "is empty; every reading needs one"
            )
            raise RatingsError(f"row {row}: the {name} {why}")
    return columns


def _repeat_numbers(repeat: _Column, rows: Indexes) -> Indexes:
    """0 for the first reading, 1, 2, … for hidden repeats; also no and yes."""
    words = {"": 0, "no": 0, "false": 0, "yes": 1, "true": 1}
    numbers = []
    for index, text in enumerate(repeat.texts):
        number = int(text) if text.isdecimal() else words.get(text.casefold())
        if number is None:
            row = rows[np.argmax(repeat.index == index)]
            raise RatingsError(f"row {row}: repeat is '{text}'; write 0 for a first reading, 1 for its hidden repeat")
        numbers.append(number)
    return np.array(numbers, dtype=np.intp)[repeat.index]


def _understood(columns: _Columns, declared: dict[str, Item]) -> tuple[tuple[RatedItem, ...], NDArray[np.int8]]:
    """The items, and the code of every row's answer."""
    n_values = len(columns.value.texts)
    pair = columns.item.index * n_values + columns.value.index
    met = np.bincount(pair, minlength=len(columns.item.texts) * n_values).reshape(-1, n_values) > 0
    table = np.zeros(met.shape, dtype=np.int8)
    items = []
    for index, name in enumerate(columns.item.texts):
        group = declared[name].group if name in declared else _group_of(columns, index)
        texts = [columns.value.texts[value] for value in np.flatnonzero(met[index])]
        try:
            item, code_of = understand(name, texts, group, declared.get(name))
        except UnknownAnswer as unknown:
            wrong = (columns.item.index == index) & (columns.value.index == columns.value.texts.index(unknown.text))
            row = columns.rows[np.argmax(wrong)]
            raise RatingsError(
                f"row {row}: value '{unknown.text}' of item '{name}' is not understood; {unknown}"
            ) from unknown
        items.append(item)
        table[index, met[index]] = [code_of[text] for text in texts]
    return tuple(items), table[columns.item.index, columns.value.index]


def _group_of(columns: _Columns, item: int) -> str:
    return columns.group.text(int(np.argmax(columns.item.index == item)))


def _single_answers(
    frame: pd.DataFrame, rows: Indexes, declared: dict[str, Item]
) -> tuple[pd.DataFrame, Indexes, dict[str, Item]]:
    """Declared items in their order, text items left out, each option of a multi item an item of its own."""
    frame = frame.assign(_row=rows)
    parts, kept = [], {}
    for name, item in declared.items():
        part = frame[frame["item"] == name]
        if item.kind == "text":
            continue
        if item.kind != "multi":
            parts.append(part)
            kept[name] = item
            continue
        for option in item.options:
            single = Item(id=item.id, text=option, group=item.group)
            kept[f"{name} = {option}"] = single
            parts.append(
                part.assign(item=f"{name} = {option}", value=part["value"].map(lambda v, o=option: _chosen(v, o)))
            )
    parts.append(frame[~frame["item"].isin(list(declared))])
    whole = pd.concat(parts, ignore_index=True)
    return whole, whole["_row"].to_numpy(), kept


def _chosen(value: object, option: str) -> str:
    text = plain_text(value)
    if not text:
        return ""
    return "present" if f"; {option}; " in f"; {text}; " else "absent"


def _refuse_twice(columns: _Columns, place: Sequence[Indexes]) -> None:
    keys = np.zeros(len(columns.rows), dtype=np.int64)
    for axis in (*place, columns.repeat):
        keys = keys * (int(axis.max()) + 1) + axis
    order = np.argsort(keys, kind="stable")
    again = np.flatnonzero(np.diff(keys[order]) == 0)
    if not len(again):
        return
    first = again[np.argmin(order[again + 1])]
    here, before = order[first + 1], order[first]
    what = f"case '{columns.case.text(here)}', reader '{columns.reader.text(here)}', item '{columns.item.text(here)}'"
    raise RatingsError(
        f"row {columns.rows[here]}: {what}, value '{columns.value.text(here)}' was already given in row "
        f"{columns.rows[before]}; mark hidden repeats in a column 'repeat', or remove one"
    )


def _one_per_case(columns: _Columns, column: _Column, what: str) -> Indexes:
    """The index of each case's patient or stratum; a case has one only."""
    of_case = np.empty(len(columns.case.texts), dtype=np.intp)
    of_case[columns.case.index[::-1]] = column.index[::-1]  # the first row of each case wins
    wrong = column.index != of_case[columns.case.index]
    if wrong.any():
        row = int(np.argmax(wrong))
        case = columns.case.text(row)
        raise RatingsError(
            f"row {columns.rows[row]}: case '{case}' has {what} '{column.text(row)}', an earlier row gave "
            f"'{column.texts[of_case[columns.case.index[row]]]}'; a case has one {what}"
        )
    return of_case


def _repeats(place: Sequence[Indexes], repeat: Indexes, codes: NDArray[np.int8]) -> Repeats:
    again = repeat > 0
    arm, case, reader, item = (axis[again] for axis in place)
    return Repeats(arm, case, reader, item, repeat[again], codes[again])


def _strata(columns: _Columns) -> tuple[tuple[str, ...], Indexes]:
    of_case = _one_per_case(columns, columns.stratum, "stratum")
    names = tuple(text for text in columns.stratum.texts if text)
    place = np.array([names.index(text) if text else -1 for text in columns.stratum.texts], dtype=np.intp)
    return names, place[of_case]


def _dense(columns: _Columns, place: Sequence[Indexes], codes: NDArray[np.int8]) -> NDArray[np.int8]:
    shape = tuple(len(column.texts) for column in (columns.arm, columns.case, columns.reader, columns.item))
    dense = np.full(shape, NOT_READ, dtype=np.int8)
    dense[tuple(place)] = codes
    read = (dense != NOT_READ).any(axis=-1, keepdims=True)
    dense[read & (dense == NOT_READ)] = MISSING
    return dense
