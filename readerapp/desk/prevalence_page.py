"""Prevalence: how often each item is present, per reader, by majority and by any reader."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from readerapp import operations
from readerapp.desk.choices import Choices
from readerapp.desk.locked import LockedNotice
from readerapp.desk.tables import MISSING, NOT_ESTIMABLE, Column, Row, RowsTable, words
from readerapp.page import button, heading
from readerapp.results import PrevalenceTables

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

_POOLED = {"all": "All readings", "majority": "Majority", "any": "Any reader"}
_HINTS = {
    "all": "all valid readings together; interval: bootstrap over patients",
    "majority": "present if more than half of the readers say so; a tie is not present",
    "any": "present if any reader says so",
}


class PrevalencePage(QWidget):
    """One line an item, one column a reader; locked as long as agreement is, for the same reason."""

    def __init__(self, view: "CoordinatorView", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._tables: PrevalenceTables | None = None
        self.locked = LockedNotice(view, "Prevalence")
        self.locked.unlocked.connect(self.refresh)
        self.choices = Choices((("stratum", "Stratum"), ("arm", "Arm"), ("uncertain_as", "Uncertain")))
        self.choices.changed.connect(self._filter)
        copy = button("Copy table", "quiet", "copy_prevalence")
        self.choices.row.addWidget(copy)
        self.table = RowsTable((), "prevalence_table")
        copy.clicked.connect(self.table.copy)
        self._state = QStackedWidget()
        self._arrange()

    def refresh(self) -> None:
        """Work the table out, in the background, where anyone has read since."""
        read = operations.read_prevalence(parent=self, view=self._view, known=self._tables)
        read.on_success(self._show).run()

    def _show(self, tables: PrevalenceTables) -> None:
        if tables is self._tables:
            return
        self._tables = tables
        self.locked.show_state(tables.waiting_for)
        self._state.setCurrentIndex(1 if tables.unlocked else 0)
        if tables.unlocked:
            self.choices.offer(tables.rows)
            self._filter()

    def _filter(self) -> None:
        if self._tables:
            rows = [row for row in self._tables.rows if self.choices.meets(row)]
            readers = list(dict.fromkeys(str(row["reader_id"]) for row in rows))
            self.table.show_rows(wide_rows(rows), _columns(readers))

    def _arrange(self) -> None:
        open_page = QWidget()
        column = QVBoxLayout(open_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.choices)
        column.addWidget(self.table, 1)
        self._state.addWidget(self.locked)
        self._state.addWidget(open_page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 22, 28, 8)
        layout.setSpacing(14)
        layout.addLayout(
            heading("Prevalence", "Share of readings that say present, with the count and the 95 % interval.")
        )
        layout.addWidget(self._state, 1)


def wide_rows(rows: Sequence[Row]) -> list[Row]:
    """One row an item; the entry of each reader, `all`, `majority` and `any` under its name."""
    wide: dict[str, dict[str, object]] = {}
    for row in rows:
        entry = wide.setdefault(str(row["item"]), {"name": row["name"]})
        entry[str(row["reader_id"])] = row
    return list(wide.values())


def _columns(readers: Sequence[str]) -> list[Column]:
    pooled = [reader for reader in readers if reader in _POOLED]
    return [words("Item", "name"), *(_reader_column(r) for r in [*pooled, *(r for r in readers if r not in pooled)])]


def _reader_column(reader: str) -> Column:
    def text(row: Row) -> str:
        entry = row.get(reader)
        if entry is None:
            return MISSING
        if not entry["n"]:
            return NOT_ESTIMABLE
        tied = f", {int(entry['n_tied'])} tied" if entry["n_tied"] else ""
        interval = f"({100 * entry['low']:.0f}–{100 * entry['high']:.0f})"
        return f"{int(entry['present'])}/{int(entry['n'])}{tied}  {entry['prevalence']:.1%} {interval}"

    def key(row: Row) -> float | None:
        entry = row.get(reader)
        return None if entry is None or not entry["n"] else float(entry["prevalence"])

    return Column(
        _POOLED.get(reader, reader), text, key, _HINTS.get(reader, "readings of this reader; Wilson interval")
    )
