"""Agreement: the table of coefficients, and the concordance matrix of the item in hand beside it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from readerapp import operations, theme
from readerapp.desk.choices import Choices
from readerapp.desk.locked import LockedNotice
from readerapp.desk.matrix import MatrixView, Scale
from readerapp.desk.tables import (
    MISSING,
    Column,
    Row,
    RowsTable,
    count,
    decimal,
    interval_text,
    percent,
    with_interval,
    words,
)
from readerapp.page import button, heading, labelled
from readerapp.results import AgreementTables, line_of

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

_BOTH, _KAPPA = "cases both call present", "Cohen's κ of each pair"
_BOTH_NOTE = "Off the diagonal: cases that both readers call present. On it: cases that the reader calls present."
_KAPPA_NOTE = "1 is perfect agreement, 0 what chance alone would give."
_MATRIX_PX = 390
_NO_LIMIT = 16_777_215  # QWIDGETSIZE_MAX
_BESIDE_FROM_PX = 1320  # narrower than this, the matrix goes below the table


def _of_categories(column: Column) -> Column:
    """A column that an item of several categories leaves to the lines of its categories."""
    return replace(column, text=lambda row: MISSING if row["nominal"] else column.text(row))


COLUMNS: tuple[Column, ...] = (
    words("Item", "name"),
    _of_categories(percent("Present", "prevalence", "positive readings of all valid readings")),
    percent("Agree", "observed_agreement", "observed agreement: pairs of readings that agree"),
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
    _of_categories(percent("Agree +", "positive_agreement", "positive specific agreement: on present")),
    _of_categories(percent("Agree −", "negative_agreement", "negative specific agreement: on absent")),
    with_interval("α (95 % CI)", "krippendorff_alpha", "alpha_low", "alpha_high", "Krippendorff's alpha, bootstrap"),
    count("Cases", "n_cases", "cases with at least one valid reading"),
    count("Readers", "n_readers"),
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
        self._matrix_note.setMinimumHeight(2 * self.fontMetrics().height() + 6)
        self._details = labelled("", "muted")
        self._details.setObjectName("details")
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._side = QGridLayout()
        self._head = QWidget()
        self._split = QSplitter()
        self._state = QStackedWidget()
        self._arrange()

    def refresh(self) -> None:
        """Work the tables out, in the background, where anyone has read since."""
        read = operations.read_agreement(parent=self, view=self._view, known=self._tables)
        read.on_success(self._show).run()

    def resizeEvent(self, event: QResizeEvent) -> None:
        beside = self.width() >= _BESIDE_FROM_PX
        orientation = Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
        if self._split.orientation() != orientation or not self._side.count():
            self._split.setOrientation(orientation)
            self._split.setSizes([10_000, _MATRIX_PX] if beside else [650, 350])
            self._place_side(beside)
        super().resizeEvent(event)

    def _show(self, tables: AgreementTables) -> None:
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
            self.table.show_rows(rows, choose_first=True)

    def _show_item(self, row: Row) -> None:
        self._row = row
        self._matrix_title.setText(str(row["name"]))
        self._details.setText(_details_text(row))
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

    def _place_side(self, beside: bool) -> None:
        """Words above and below the matrix where it stands beside the table; to its right where it stands below."""
        places = ((0, 0, 1, 1), (1, 0, 1, 1), (2, 0, 1, 1)) if beside else ((0, 1, 1, 1), (0, 0, 2, 1), (1, 1, 1, 1))
        for widget, place in zip((self._head, self.matrix, self._details), places):
            self._side.addWidget(widget, *place)
        self._card.setMaximumWidth(_MATRIX_PX if beside else _NO_LIMIT)
        self._side.setRowStretch(0, 0)
        self._side.setRowStretch(1, 1)
        self._side.setRowStretch(2, 1 if beside else 0)
        self._side.setColumnStretch(0, 1)
        self._side.setColumnStretch(1, 0 if beside else 1)

    def _arrange(self) -> None:
        self._card = QFrame()
        theme.set_role(self._card, "card")
        self._card.setLayout(self._side)
        self._side.setContentsMargins(18, 14, 18, 14)
        self._side.setHorizontalSpacing(28)
        head = QVBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        for widget in (self._matrix_title, self.matrix_kind, self._matrix_note):
            head.addWidget(widget)
        self._details.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._split.addWidget(self.table)
        self._split.addWidget(self._card)
        self._split.setChildrenCollapsible(False)
        self._split.setStretchFactor(0, 1)
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


def _details_text(row: Row) -> str:
    boot = interval_text(row["fleiss_kappa_boot_low"], row["fleiss_kappa_boot_high"])
    lines = [
        f"{row['n_readings']:,} valid readings of {row['n_cases']:,} cases ({row['n_patients']:,} patients) by "
        f"{row['n_readers']} readers",
        f"{row['n_uncertain']:,} uncertain, {row['n_not_assessable']:,} not assessable, {row['n_missing']:,} missing",
        f"κ, bootstrap over patients: {boot}",
    ]
    if row["n_undefined_redraws"]:
        lines.append(f"redraws without a kappa: {row['n_undefined_redraws']:,}")
    if row["remark"]:
        lines.append(f"Remark: {row['remark']}")
    return "\n".join(lines)
