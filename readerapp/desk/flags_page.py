"""Flags: the cases about which a reader has left a word for the coordinator."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from readerapp.background import Operation, Progress
from readerapp.page import heading, labelled

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

__all__ = ["FlagsPage"]

_Flag = tuple[str, str, str, str, str]  # reader, case, code, place in the reader's order, comment


class FlagsPage(QWidget):
    """Never locked: a comment says why a case cannot be read as it is, and waiting would cost the study the case."""

    def __init__(self, view: "CoordinatorView", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self.list = QTreeWidget()
        self.list.setObjectName("flags")
        self.list.setAccessibleName(self.tr("Flagged cases"))
        titles = (self.tr("Reader"), self.tr("Case"), self.tr("Code"), self.tr("Place"), self.tr("Comment"))
        self.list.setHeaderLabels(list(titles))
        self.list.setRootIsDecorated(False)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setStretchLastSection(True)
        self._none = labelled(self.tr("No reader has flagged a case."), "muted")
        explained = self.tr("What readers say is wrong with a case. Practice cases are listed too.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 22, 28, 8)
        layout.setSpacing(14)
        layout.addLayout(heading(self.tr("Flags"), explained))
        layout.addWidget(self._none)
        layout.addWidget(self.list, 1)
        self._show([])

    def refresh(self) -> None:
        """Read the journal again, in the background."""

        def work(_progress: Progress) -> list[_Flag]:
            return [
                (row["reader_id"], row["case_id"], row["code"], str(row["position"] + 1), row["comment"])
                for row in self._view.flags().to_dict("records")
            ]

        Operation(self, self.tr("Reading the journal"), work).on_success(self._show).run()

    def _show(self, flags: list[_Flag]) -> None:
        self.list.clear()
        for flag in flags:
            row = QTreeWidgetItem(self.list, list(flag))
            row.setTextAlignment(3, Qt.AlignmentFlag.AlignRight)
            row.setToolTip(4, flag[4])
        self.list.setVisible(bool(flags))
        self._none.setVisible(not flags)
