"""What explanations changed: answers with one in view against the same reader's locked answers, by direction."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QTabWidget, QWidget

from readerapp.desk.columns import MISSING, Column, Row, count, decimal, drawn, percent, shares_axis, value_of, words
from readerapp.desk.prevalence_page import reader_title
from readerapp.desk.results_page import Headings, ResultsPage
from readerapp.desk.tables import RowsTable
from readerapp.numbers import absent, decimal_text, interval_text
from readerapp.results import ALL_ITEMS

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

translate = QCoreApplication.translate


class ChangesPage(ResultsPage):
    """A line an item and reader; locked as long as agreement is. The arm is chosen above."""

    what = "changes"

    def __init__(self, view: "CoordinatorView", parent: QWidget | None = None) -> None:
        super().__init__(view, parent)
        self.table = RowsTable(change_columns(), "changes_table", self.tr("Changed answers by item and reader"))
        self.kappas = RowsTable(kappa_columns(), "changes_kappas", self.tr("Agreement before and after"))
        self.in_view = RowsTable(in_view_columns(), "changes_in_view", self.tr("Time in view by reader"))
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName(self.tr("Changes, agreement or time in view"))
        self.tabs.addTab(self.table, self.tr("Changes"))
        self.tabs.addTab(self.kappas, self.tr("Agreement"))
        self.tabs.addTab(self.in_view, self.tr("Time in view"))
        self.body.addWidget(self.tabs, 1)
        self.copy_button.clicked.connect(lambda: self._shown_table().copy())

    def headings(self) -> Headings:
        """What the page is called."""
        return Headings(
            self.tr("Explanations"),
            self.tr(
                "Answers with an explanation in view against the same reader's locked answers without it: ○ absent, "
                "● present, ◐ uncertain. What changes as often in a sham arm, the explanation has not changed."
            ),
            self.tr("What explanations changed is locked"),
        )

    def show_rows(self) -> None:
        """The rows of what is chosen."""
        rows = self.rows("changes")
        self.table.show_rows(rows)
        self.kappas.show_rows([row for row in rows if row["reader_id"] == "all" and row["item"] != ALL_ITEMS])
        chosen = self.choices.chosen
        seen = self.results.rows("in_view", ("all", *chosen[1:])) if self.results else ()
        self.in_view.show_rows(list(seen))

    def _shown_table(self) -> RowsTable:
        return (self.table, self.kappas, self.in_view)[self.tabs.currentIndex()]


def change_columns() -> tuple[Column, ...]:
    """A row an item and reader."""
    return (
        words(translate("ChangesPage", "Item"), "name"),
        _reader(),
        count(translate("ChangesPage", "n"), "n", translate("ChangesPage", "answered before and after")),
        count("○ → ●", "absent_to_present", translate("ChangesPage", "from absent to present")),
        count("● → ○", "present_to_absent", translate("ChangesPage", "from present to absent")),
        count("→ ◐", "to_uncertain", translate("ChangesPage", "to uncertain")),
        count("◐ →", "from_uncertain", translate("ChangesPage", "from uncertain to anything else")),
        count(
            translate("ChangesPage", "other"),
            "other_change",
            translate("ChangesPage", "to or from not assessable; any change of an item with options"),
        ),
        drawn(translate("ChangesPage", "●  changed (95 % CI)"), (("changed", "low", "high"),), shares_axis),
        percent(translate("ChangesPage", "Changed"), "changed", "", "low", "high"),
        Column(
            translate("ChangesPage", "Cohen κ"),
            lambda row: MISSING if row["item"] == ALL_ITEMS else decimal_text(row["cohen_kappa"]),
            value_of("cohen_kappa"),
            translate("ChangesPage", "of the answers before with those after, present against absent"),
        ),
        count(translate("ChangesPage", "open"), "n_open", translate("ChangesPage", "answered only once")),
    )


def kappa_columns() -> tuple[Column, ...]:
    """A row an item, all readers."""
    return (
        words(translate("ChangesPage", "Item"), "name"),
        decimal(
            translate("ChangesPage", "κ before"),
            "kappa_before",
            translate("ChangesPage", "Fleiss' kappa of the readers on the cases that were explained, unaided"),
        ),
        decimal(translate("ChangesPage", "κ after"), "kappa_after"),
        Column(
            translate("ChangesPage", "Change (95 % CI)"),
            _kappa_change,
            value_of("kappa_change"),
            translate("ChangesPage", "interval: bootstrap over patients, the same draws before and after"),
        ),
    )


def in_view_columns() -> tuple[Column, ...]:
    """A row a reader."""
    return (
        _reader(),
        count(translate("ChangesPage", "Cases"), "n"),
        decimal(translate("ChangesPage", "Shown, times a case"), "reveals_mean", digits=1),
        decimal(translate("ChangesPage", "In view, median (s)"), "explanation_s_median", digits=1),
        decimal(translate("ChangesPage", "In view, sum (s)"), "explanation_s_sum", digits=0),
        decimal(
            translate("ChangesPage", "At work, sum (s)"),
            "active_s_sum",
            translate("ChangesPage", "after the lock, time away left out"),
            digits=0,
        ),
    )


def _reader() -> Column:
    return Column(
        translate("ChangesPage", "Reader"),
        lambda row: reader_title(str(row["reader_id"])),
        lambda row: reader_title(str(row["reader_id"])).casefold(),
        numeric=False,
    )


def _kappa_change(row: Row) -> str:
    if absent(row["kappa_change"]):
        return MISSING
    sign = "+" if row["kappa_change"] > 0 else ""
    limits = interval_text(row["kappa_change_low"], row["kappa_change_high"])
    return f"{sign}{decimal_text(row['kappa_change'])} ({limits})"
