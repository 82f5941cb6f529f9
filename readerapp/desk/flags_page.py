"""Flags: the cases about which a reader has left a word for the coordinator."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from readerapp.background import Operation, Progress
from readerapp.desk.choices import FilterField
from readerapp.desk.columns import Row, count, words
from readerapp.desk.tables import RowsTable
from readerapp.page import button, heading, labelled

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

__all__ = ["FlagsPage"]


class FlagsPage(QWidget):
    """Never locked: a comment says why a case cannot be read as it is, and waiting would cost the study the case."""

    def __init__(self, view: "CoordinatorView", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._flags: list[Row] = []
        columns = (
            words(self.tr("Case"), "case_id"),
            words(self.tr("Reader"), "reader_id"),
            words(self.tr("Code"), "code"),
            count(self.tr("Place"), "place", self.tr("in the reader's own order")),
            words(self.tr("Comment"), "comment"),
        )
        self.table = RowsTable(columns, "flags", self.tr("Flagged cases"))
        self.filter = FilterField()
        self.copy_button = button(self.tr("Copy table"), "quiet", "copy_flags")
        self._none = labelled(self.tr("No reader has flagged a case."), "muted")
        self._tools = QWidget()
        self._arrange()
        self.filter.filtered.connect(self._show_rows)
        self.filter.look_after(self)
        self.copy_button.clicked.connect(self.table.copy)
        self._show([])

    def refresh(self) -> None:
        """Read the journal again, in the background."""

        def work(_progress: Progress) -> list[Row]:
            return [row | {"place": row["position"] + 1} for row in self._view.flags().to_dict("records")]

        Operation(self, self.tr("Reading the journal"), work).on_success(self._show).run()

    def _show(self, flags: list[Row]) -> None:
        self._flags = flags
        for part in (self.table, self._tools):
            part.setVisible(bool(flags))
        self._none.setVisible(not flags)
        self._show_rows()

    def _show_rows(self) -> None:
        meets = self.filter.meets
        self.table.show_rows([row for row in self._flags if meets(row["case_id"], row["reader_id"], row["comment"])])

    def _arrange(self) -> None:
        tools = QHBoxLayout(self._tools)
        tools.setContentsMargins(0, 0, 0, 0)
        tools.addWidget(self.filter, 1)
        tools.addStretch(1)
        tools.addWidget(self.copy_button)
        explained = self.tr("What readers say is wrong with a case. Practice cases are listed too.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 22, 28, 8)
        layout.setSpacing(14)
        layout.addLayout(heading(self.tr("Flags"), explained))
        layout.addWidget(self._none)
        layout.addWidget(self._tools)
        layout.addWidget(self.table, 100)
        layout.addStretch(1)  # takes the room while there is no flag
