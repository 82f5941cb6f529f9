"""Agreement: the table of coefficients, and the concordance matrix of the item in hand beside it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from readerapp import operations, theme
from readerapp.desk.choices import Choices
from readerapp.desk.locked import LockedNotice
from readerapp.desk.matrix import MatrixView, Scale
from readerapp.desk.results import AgreementTables, line_of
from readerapp.desk.tables import Column, Row, RowsTable, count, decimal, percent, with_interval, words
from readerapp.page import button, heading, labelled

if TYPE_CHECKING:
    from studies.study import CoordinatorView

_BOTH, _KAPPA = "cases both call present", "Cohen's κ of each pair"
_BOTH_NOTE = "Off the diagonal: cases that both readers call present. On it: cases that the reader calls present."
_KAPPA_NOTE = "1 is perfect agreement, 0 what chance alone would give."
_BESIDE_FROM_PX = 1320  # narrower than this, the matrix goes below the table

COLUMNS: tuple[Column, ...] = (
    words("Item", "name"),
    count("Cases", "n_cases", "cases with at least one valid reading"),
    count("Readers", "n_readers"),
    percent("Present", "prevalence", "positive readings of all valid readings"),
    percent("Agreement", "observed_agreement", "observed agreement: pairs of readings that agree"),
    percent("on present", "positive_agreement", "positive specific agreement"),
    percent("on absent", "negative_agreement", "negative specific agreement"),
    with_interval(
        "Fleiss κ (95 % CI)",
        "fleiss_kappa",
        "fleiss_kappa_low",
        "fleiss_kappa_high",
        "Fleiss' kappa; interval by Gwet's linearised variance, t on patients − 1 degrees of freedom",
    ),
    with_interval(
        "AC1 (95 % CI)", "ac1", "ac1_low", "ac1_high", "Gwet's AC1: steadier than kappa where an item is rare"
    ),
    decimal("PABAK", "pabak", "prevalence- and bias-adjusted kappa"),
    with_interval("α (95 % CI)", "krippendorff_alpha", "alpha_low", "alpha_high", "Krippendorff's alpha, bootstrap"),
    count("Missing", "n_missing", "asked for and left open"),
    words("Remark", "remark"),
)


class AgreementPage(QWidget):
    """Locked until every reader has finished, or a reason to look early is recorded."""

    def __init__(self, view: "CoordinatorView", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._tables: AgreementTables | None = None
        self.locked = LockedNotice(view, "Agreement")
        self.locked.unlocked.connect(self.refresh)
        self.choices = Choices((("stratum", "Stratum"), ("arm", "Arm"), ("uncertain_as", "Uncertain")))
        self.choices.changed.connect(self._filter)
        copy = button("Copy table", "quiet", "copy_agreement")
        self.choices.row.addWidget(copy)
        self.table = RowsTable(COLUMNS, "agreement_table")
        self.table.row_chosen.connect(self._show_item)
        copy.clicked.connect(self.table.copy)
        self.matrix = MatrixView()
        self.matrix_kind = QComboBox()
        self.matrix_kind.setObjectName("matrix_kind")
        self.matrix_kind.setAccessibleName("What the matrix shows")
        self.matrix_kind.addItems([_BOTH, _KAPPA])
        self.matrix_kind.currentIndexChanged.connect(self._show_matrix)
        self._row: Row | None = None
        self._matrix_title = labelled("", "heading")
        self._matrix_note = labelled("", "small")
        self._split = QSplitter()
        self._state = QStackedWidget()
        self._arrange()

    def refresh(self) -> None:
        """Work the tables out again, in the background."""
        read = operations.read_agreement(parent=self, view=self._view)
        read.on_success(self._show).run()

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = self.width() >= _BESIDE_FROM_PX
        self._split.setOrientation(Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical)
        super().resizeEvent(event)

    def _show(self, tables: AgreementTables) -> None:
        self._tables = tables
        self.locked.show_state(tables.waiting_for)
        self._state.setCurrentIndex(1 if tables.unlocked else 0)
        if tables.unlocked:
            self.choices.offer(tables.rows)
            self._filter()

    def _filter(self) -> None:
        if self._tables:
            rows = [row for row in self._tables.rows if self.choices.meets(row)]
            self.table.show_rows(rows)

    def _show_item(self, row: Row) -> None:
        self._row = row
        self._matrix_title.setText(str(row["name"]))
        self._show_matrix()

    def _show_matrix(self) -> None:
        if self._tables is None or self._row is None:
            return
        counts = self.matrix_kind.currentText() == _BOTH
        matrix = (self._tables.both_present if counts else self._tables.kappa).get(line_of(self._row))
        if matrix is None:
            self._matrix_note.setText(
                "Not shown for this line: choose all strata, or an item that is present or absent."
            )
            self.matrix.show_matrix((), (), "")
            return
        self._matrix_note.setText(_BOTH_NOTE if counts else _KAPPA_NOTE)
        largest = max(1.0, max(map(max, matrix.values))) if counts else 1.0
        scale = Scale(largest, digits=0, own=True) if counts else Scale()
        self.matrix.show_matrix(
            matrix.readers, matrix.values, f"{self._row['name']}: {_BOTH if counts else _KAPPA}", scale
        )

    def _arrange(self) -> None:
        side = QFrame()
        theme.set_role(side, "card")
        inner = QVBoxLayout(side)
        inner.setContentsMargins(18, 14, 18, 14)
        inner.addWidget(self._matrix_title)
        inner.addWidget(self.matrix_kind)
        inner.addWidget(self._matrix_note)
        inner.addWidget(self.matrix, 1)
        self._split.addWidget(self.table)
        self._split.addWidget(side)
        self._split.setChildrenCollapsible(False)
        self._split.setStretchFactor(0, 3)
        self._split.setStretchFactor(1, 1)
        open_page = QWidget()
        column = QVBoxLayout(open_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.choices)
        column.addWidget(self._split, 1)
        self._state.addWidget(self.locked)
        self._state.addWidget(open_page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 22, 28, 8)
        layout.setSpacing(14)
        layout.addLayout(heading("Agreement", "How far readers agree beyond chance, item by item. Intervals are 95 %."))
        layout.addWidget(self._state, 1)
