"""What the pages of results share: the lock, the choices, the filter, reading again, and the way to the disputes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from readerapp import operations
from readerapp.desk.choices import Choices
from readerapp.desk.columns import Row
from readerapp.desk.locked import LockedNotice
from readerapp.desk.pictures import copy_picture, titled
from readerapp.desk.tables import RowsTable
from readerapp.page import button, heading, labelled
from readerapp.results import Results, What, line_of

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView


@dataclass(frozen=True)
class Headings:
    """The words at the top of a page; `locked` stands there while readers are at work."""

    title: str
    explanation: str
    locked: str


class ResultsPage(QWidget):
    """Locked until every reader has finished, or a reason to look early is recorded; then tables by choice.

    A page names its kind of results, fills `body` with its tables, and says in `headings` what it is called and in
    `show_rows` what is shown.
    """

    what: What = "agreement"
    dispute_asked = Signal(object)  # studies.statistics.disputes.Topic

    def __init__(self, view: "CoordinatorView", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.results: Results | None = None
        self.locked = LockedNotice(view, self.headings().locked)
        self.locked.unlocked.connect(self.refresh)
        self.choices = Choices()
        self.choices.changed.connect(self._shown_anew)
        self.choices.filter.look_after(self)
        self.copy_button = button(self.tr("Copy table"), "quiet", f"copy_{self.what}")
        self.choices.row.addWidget(self.copy_button)
        self.empty = labelled(self.tr("Nobody has finished a case yet: there is nothing to work out."), "muted")
        self.body = QVBoxLayout()
        self._state = QStackedWidget()
        self._frame()

    def headings(self) -> "Headings":
        """What the page is called."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Work the tables out, in the background, where anyone has read since."""
        read = operations.read_results(parent=self, view=self._view, what=self.what, known=self.results)
        read.on_success(self._show).run()

    def show_rows(self) -> None:
        """Fill the page's tables for what is chosen."""
        raise NotImplementedError

    def rows(self, table: str) -> list[Row]:
        """Rows of a table for what is chosen and filtered."""
        if self.results is None:
            return []
        meets = self.choices.filter.meets
        rows = self.results.rows(table, self.choices.chosen)
        return [row for row in rows if meets(str(row["name"]), str(row.get("remark", "")), str(row.get("group", "")))]

    def ask_dispute(self, row: Row | None, *readers: str) -> None:
        """Ask for the cases behind a row on which (these) readers differ."""
        if row is None:
            return
        from studies.statistics.disputes import Topic

        self.dispute_asked.emit(Topic(*line_of(row), readers=readers))

    def copies(self, table: RowsTable, tabs: QTabWidget | None = None) -> None:
        """Copy takes `table` as text; while another tab of `tabs` is in view, what it shows as a picture."""
        self.copy_button.clicked.connect(lambda: self._copy(table, tabs))
        if tabs is not None:
            tabs.currentChanged.connect(lambda _place: self._name_copy(table, tabs))

    def _copy(self, table: RowsTable, tabs: QTabWidget | None) -> None:
        shown = tabs.currentWidget() if tabs is not None else table
        if isinstance(shown, RowsTable) and shown is not table:
            copy_picture(titled(shown.accessibleName(), shown.picture()))
        else:
            table.copy()

    def _name_copy(self, table: RowsTable, tabs: QTabWidget) -> None:
        """The button says what it copies."""
        shows_table = tabs.currentWidget() is table
        self.copy_button.setText(self.tr("Copy table") if shows_table else self.tr("Copy plot"))

    def _show(self, results: Results) -> None:
        if results is self.results:
            return
        self.results = results
        self.locked.show_state(results.waiting_for)
        self._state.setCurrentIndex(0 if not results.unlocked else 1 if results.tables else 2)
        if results.tables:
            first = next(iter(results.tables.values()))
            self.choices.offer(first.offered)
            self.show_rows()

    def _shown_anew(self) -> None:
        if self.results is not None and self.results.tables:
            self.show_rows()

    def _frame(self) -> None:
        open_page, empty_page = QWidget(), QWidget()
        column = QVBoxLayout(open_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.choices)
        column.addLayout(self.body, 1)
        empty = QVBoxLayout(empty_page)
        empty.setContentsMargins(0, 0, 0, 0)
        empty.addWidget(self.empty)
        empty.addStretch(1)
        for page in (self.locked, open_page, empty_page):
            self._state.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 22, 28, 8)
        layout.setSpacing(14)
        layout.addLayout(heading(self.headings().title, self.headings().explanation))
        layout.addWidget(self._state, 1)
