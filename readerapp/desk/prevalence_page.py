"""Prevalence: how often each item is present, per reader, by majority and by any reader."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QTabWidget, QWidget

from readerapp.desk.columns import MISSING, Column, Row, drawn, shares_axis, words
from readerapp.desk.results_page import Headings, ResultsPage
from readerapp.desk.tables import RowsTable
from readerapp.numbers import absent, not_estimable

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

translate = QCoreApplication.translate

_POOLED = ("all", "majority", "any")


def reader_title(reader: str) -> str:
    """A reader, or what stands for several, in words."""
    return {
        "all": translate("PrevalencePage", "All readings"),
        "majority": translate("PrevalencePage", "Majority"),
        "any": translate("PrevalencePage", "Any reader"),
    }.get(reader, reader)


def _hint(reader: str) -> str:
    return {
        "all": translate("PrevalencePage", "all valid readings together; interval: bootstrap over patients"),
        "majority": translate(
            "PrevalencePage", "present if more than half of the readers say so; a tie is not present"
        ),
        "any": translate("PrevalencePage", "present if any reader says so"),
    }.get(reader, translate("PrevalencePage", "readings of this reader; Wilson interval"))


class PrevalencePage(ResultsPage):
    """One line an item, one column a reader; locked as long as agreement is, for the same reason."""

    what = "prevalence"

    def __init__(self, view: "CoordinatorView", parent: QWidget | None = None) -> None:
        super().__init__(view, parent)
        self.table = RowsTable((), "prevalence_table", self.tr("Prevalence by item and reader"))
        self.forest = RowsTable(forest_columns(), "prevalence_forest", self.tr("Forest plot of prevalence"))
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("Table or forest plot"))
        self.tabs.addTab(self.table, self.tr("Table"))
        self.tabs.addTab(self.forest, self.tr("Forest plot"))
        self.body.addWidget(self.tabs, 1)
        self.copies(self.table, self.tabs)
        for table in (self.table, self.forest):
            table.row_opened.connect(self.ask_dispute)

    def headings(self) -> Headings:
        """What the page is called."""
        return Headings(
            self.tr("Prevalence"),
            self.tr("Share of readings that say present, with the count and the 95 % interval."),
            self.tr("Prevalence is locked"),
        )

    def show_rows(self) -> None:
        """The rows of what is chosen."""
        readers = self.results.readers if self.results else ()
        self.table.show_rows(self.rows("prevalence"), columns_of(readers))
        self.forest.show_rows(self.rows("readings"))


def columns_of(readers: Sequence[str]) -> list[Column]:
    """The pooled ones first, then a column a reader."""
    item = words(translate("PrevalencePage", "Item"), "name")
    return [item, *(_reader_column(reader) for reader in (*_POOLED, *readers))]


def forest_columns() -> tuple[Column, ...]:
    """A row an item and reader."""
    return (
        words(translate("PrevalencePage", "Item"), "name"),
        Column(
            translate("PrevalencePage", "Reader"),
            lambda row: reader_title(str(row["reader_id"])),
            lambda row: reader_title(str(row["reader_id"])).casefold(),
            numeric=False,
        ),
        drawn(translate("PrevalencePage", "●  present (95 % CI)"), (("prevalence", "low", "high"),), shares_axis),
        Column(translate("PrevalencePage", "Present"), share_text, _share_key),
    )


def share_text(entry: Row | None) -> str:
    """Present of valid readings, ties, the share and its interval."""
    if entry is None:
        return MISSING
    if not entry["n"]:
        return not_estimable()
    tied = ""
    if entry["n_tied"]:
        tied = translate("PrevalencePage", ", {n} tied").format(n=int(entry["n_tied"]))
    interval = "" if absent(entry["low"]) else f" ({100 * entry['low']:.0f}–{100 * entry['high']:.0f})"
    return f"{int(entry['present'])}/{int(entry['n'])}{tied}  {entry['prevalence']:.1%}{interval}"


def _share_key(entry: Row | None) -> float | None:
    return None if entry is None or not entry["n"] else float(entry["prevalence"])


def _reader_column(reader: str) -> Column:
    return Column(
        reader_title(reader),
        lambda row: share_text(row.get(reader)),
        lambda row: _share_key(row.get(reader)),
        _hint(reader),
    )
