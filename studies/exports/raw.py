"""The readings themselves: long, wide, marks, times, the journal, and a codebook that says what each column means."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from engine.tables import Table, write_table
from studies.design import canonical_json
from studies.exports.codebook import meaning_of
from studies.protocol import Item
from studies.reading.events import Event, event_to_json

_SHOWING = ["reader_id", "case_id", "patient_id", "stratum", "arm", "repeat", "part", "code", "position"]


def write_readings(readings: pd.DataFrame, folder: Path) -> None:
    """`readings_long.csv` (a row a reading; `studies agreement` reads it), `readings_wide.csv` (a column an item)."""
    write_table(Table(readings), folder, "readings_long")
    write_table(Table(wide_readings(readings)), folder, "readings_wide")


def wide_readings(readings: pd.DataFrame) -> pd.DataFrame:
    """One row a presentation, one column an item, in the order of the items in `readings`."""
    showing = [name for name in _SHOWING if name in readings.columns]
    if readings.empty:
        return pd.DataFrame(columns=showing)
    items = list(dict.fromkeys(readings["item"]))
    wide = readings.pivot(index=showing, columns="item", values="value")[items]
    wide.columns.name = None
    return wide.reset_index()


def write_journal(events: pd.DataFrame, heads: Mapping[str, str], folder: Path) -> None:
    """`journal.jsonl` (verbatim: its hashes can be checked), `journal.csv` (for spreadsheets), `chain_heads.csv`."""
    lines = [event_to_json(Event(**_plain(row))) for row in events.to_dict("records")]
    (folder / "journal.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")
    flat = events.assign(payload=[canonical_json(payload) for payload in events["payload"]])
    write_table(Table(flat), folder, "journal")
    write_table(Table(pd.DataFrame(sorted(heads.items()), columns=["chain", "head"])), folder, "chain_heads")


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    """numpy numbers as Python's."""
    return {str(name): value.item() if hasattr(value, "item") else value for name, value in row.items()}


def write_codebook(title: str, items: Sequence[Item], folder: Path) -> None:
    """`codebook.csv` and `codebook.html`: every column of every CSV in the folder, then every item of the protocol."""
    files = {path.name: list(pd.read_csv(path, nrows=0).columns) for path in sorted(folder.glob("*.csv"))}
    known = {item.id: item for item in items}
    rows = [_column(file, column, known) for file, columns in files.items() for column in columns]
    rows += [_item(item) for item in items]
    frame = pd.DataFrame(rows, columns=["file", "column", "meaning", "values"])
    printed = frame.set_axis(["File", "Column", "Meaning", "Values or unit"], axis=1)
    note = "Empty cells are missing values. Text cells that begin with =, +, - or @ have an apostrophe in front."
    write_table(Table(frame, f"Codebook: {title}", note, printed), folder, "codebook", formats=("csv", "html"))


def _column(file: str, column: str, items: Mapping[str, Item]) -> dict[str, str]:
    if file == "readings_wide.csv" and column in items:
        return _item(items[column]) | {"file": file}
    meaning, values = meaning_of(column)
    return {"file": file, "column": column, "meaning": meaning, "values": values}


def _item(item: Item) -> dict[str, str]:
    meaning = f"{item.text}. {item.help}" if item.help else item.text
    details = [
        f"kind {item.kind}",
        *(f"{name} {of}" for name, of in (("group", item.group), ("code", item.code)) if of),
    ]
    values = "; ".join(item.values) if item.values else "free text"
    return {"file": "(item)", "column": item.id, "meaning": f"{meaning} [{', '.join(details)}]", "values": values}
