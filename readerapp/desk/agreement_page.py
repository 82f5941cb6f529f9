"""Agreement: the table of coefficients and its forest plot, and the concordance of the item in hand beside them."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QHBoxLayout, QSplitter, QTabWidget, QVBoxLayout, QWidget

from readerapp import theme
from readerapp.desk.columns import (
    MISSING,
    Column,
    Row,
    count,
    decimal,
    drawn,
    kappa_axis,
    percent,
    with_interval,
    words,
)
from readerapp.desk.matrix import MatrixView, Scale
from readerapp.desk.pictures import copy_picture, titled
from readerapp.desk.results_page import Headings, ResultsPage
from readerapp.desk.tables import RowsTable
from readerapp.numbers import interval_text
from readerapp.page import button, labelled, scrolled
from readerapp.results import line_of

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

translate = QCoreApplication.translate

_MATRIX_PX, _BELOW_PX = 390, 330
_NO_LIMIT = 16_777_215  # QWIDGETSIZE_MAX
_BESIDE_FROM_PX = 1320  # narrower than this, the matrix goes below the table


def _of_categories(column: Column) -> Column:
    """A column that an item of several categories leaves to the lines of its categories."""
    return replace(column, text=lambda row: MISSING if row["nominal"] else column.text(row))


def agreement_columns() -> tuple[Column, ...]:
    """The table of coefficients."""
    return (
        words(translate("AgreementPage", "Item"), "name"),
        _of_categories(
            percent(
                translate("AgreementPage", "Present"),
                "prevalence",
                translate("AgreementPage", "positive readings of all valid readings"),
            )
        ),
        percent(
            translate("AgreementPage", "Agree"),
            "observed_agreement",
            translate("AgreementPage", "observed agreement: pairs of readings that agree"),
        ),
        _kappa_column(),
        with_interval(
            translate("AgreementPage", "AC1 (95 % CI)"),
            "ac1",
            "ac1_low",
            "ac1_high",
            translate("AgreementPage", "Gwet's AC1: steadier than kappa where an item is rare"),
        ),
        decimal(
            translate("AgreementPage", "PABAK"),
            "pabak",
            translate("AgreementPage", "prevalence- and bias-adjusted kappa"),
        ),
        *_specific_columns(),
        with_interval(
            translate("AgreementPage", "α (95 % CI)"),
            "krippendorff_alpha",
            "alpha_low",
            "alpha_high",
            translate("AgreementPage", "Krippendorff's alpha, bootstrap"),
        ),
        count(
            translate("AgreementPage", "Cases"),
            "n_cases",
            translate("AgreementPage", "cases with at least one valid reading"),
        ),
        count(translate("AgreementPage", "Readers"), "n_readers"),
        count(
            translate("AgreementPage", "Missing"), "n_missing", translate("AgreementPage", "asked for and left open")
        ),
        words(translate("AgreementPage", "Remark"), "remark"),
    )


def _kappa_column() -> Column:
    return with_interval(
        translate("AgreementPage", "Fleiss κ (95 % CI)"),
        "fleiss_kappa",
        "fleiss_kappa_low",
        "fleiss_kappa_high",
        translate(
            "AgreementPage",
            "Fleiss' kappa; interval by Gwet's linearised variance, t on patients − 1 degrees of freedom",
        ),
    )


def _specific_columns() -> tuple[Column, Column]:
    positive = percent(
        translate("AgreementPage", "Agree +"),
        "positive_agreement",
        translate("AgreementPage", "positive specific agreement: on present"),
    )
    negative = percent(
        translate("AgreementPage", "Agree −"),
        "negative_agreement",
        translate("AgreementPage", "negative specific agreement: on absent"),
    )
    return _of_categories(positive), _of_categories(negative)


def forest_columns() -> tuple[Column, ...]:
    """The forest plot: kappa and AC1 of each item with their intervals."""
    kappa = ("fleiss_kappa", "fleiss_kappa_low", "fleiss_kappa_high")
    return (
        words(translate("AgreementPage", "Item"), "name"),
        drawn(
            translate("AgreementPage", "●  Fleiss κ      ◇  AC1      (95 % CI)"),
            (kappa, ("ac1", "ac1_low", "ac1_high")),
            kappa_axis,
            translate("AgreementPage", "the line at 0 is what chance alone would give"),
        ),
        _kappa_column(),
        count(translate("AgreementPage", "Cases"), "n_cases"),
    )


class AgreementPage(ResultsPage):
    """Table or forest plot; the row in hand has its matrix and details beside it."""

    what = "agreement"

    def __init__(self, view: "CoordinatorView", parent: QWidget | None = None) -> None:
        super().__init__(view, parent)
        self.table = RowsTable(agreement_columns(), "agreement_table", self.tr("Agreement by item"))
        self.forest = RowsTable(forest_columns(), "agreement_forest", self.tr("Forest plot of agreement"))
        self.tabs = QTabWidget()
        self.matrix = MatrixView()
        self.matrix_kind = QComboBox()
        self.disputes = button(self.tr("Disputed cases of this item …"), "", "disputes")
        self.copy_matrix = button(self.tr("Copy heat map"), "quiet", "copy_matrix")
        self._row: Row | None = None
        self._matrix_title = labelled("", "heading")
        self._matrix_note = labelled("", "small")
        self._details = labelled("", "muted")
        self._side = QGridLayout()
        self._head = QWidget()
        self._foot = QWidget()
        self._card = QFrame()
        self._split = QSplitter()
        self._moved = False  # by hand
        self._arrange()
        self._connect()

    def headings(self) -> Headings:
        """What the page is called."""
        return Headings(
            self.tr("Agreement"),
            self.tr("How far readers agree beyond chance, item by item. Intervals are 95 %."),
            self.tr("Agreement is locked"),
        )

    def show_rows(self) -> None:
        """The rows of what is chosen; the item in hand stays in hand."""
        rows = self.rows("agreement")
        before = self._row["name"] if self._row else ""
        place = next((n for n, row in enumerate(rows) if row["name"] == before), 0)
        for table in (self.table, self.forest):
            table.show_rows(rows)
        if rows:
            self._show_item(rows[place])
            self._choose_same(self.table)
            self._choose_same(self.forest)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= _BESIDE_FROM_PX
        orientation = Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
        if self._split.orientation() != orientation or not self._side.count():
            self._split.setOrientation(orientation)
            self._place_side(beside)
            self._moved = False
        if not self._moved:
            self._split.setSizes([10_000, _MATRIX_PX] if beside else [self.height() - _BELOW_PX, _BELOW_PX])

    def _connect(self) -> None:
        self.copies(self.table, self.tabs)
        self._split.splitterMoved.connect(self._note_moved)
        for table in (self.table, self.forest):
            table.row_chosen.connect(self._show_item)
            table.row_opened.connect(self.ask_dispute)
        self.tabs.currentChanged.connect(lambda _place: self._choose_same(self._current))
        self.matrix_kind.currentIndexChanged.connect(self._show_matrix)
        self.copy_matrix.clicked.connect(self._copy_matrix)
        self.disputes.clicked.connect(lambda: self.ask_dispute(self._row))
        self.matrix.cell_opened.connect(lambda a, b: self.ask_dispute(self._row, *dict.fromkeys((a, b))))

    def _copy_matrix(self) -> None:
        if self._row is not None:
            words = f"{self._row['name']}: {self.matrix_kind.currentText()}"
            copy_picture(titled(words, self.matrix.grab()))

    def _note_moved(self) -> None:
        self._moved = True

    @property
    def _current(self) -> RowsTable:
        return self.forest if self.tabs.currentWidget() is self.forest else self.table

    def _choose_same(self, table: RowsTable) -> None:
        """The row in hand, in the other table."""
        if self._row in table.rows_model.rows:
            table.choose(table.rows_model.rows.index(self._row))

    def _show_item(self, row: Row) -> None:
        self._row = row
        self._matrix_title.setText(str(row["name"]))
        self._details.setText(_details_text(row))
        self._show_matrix()

    def _show_matrix(self) -> None:
        if self.results is None or self._row is None:
            return
        counts = self.matrix_kind.currentData() == "both_present"
        matrix = self.results.matrices[self.matrix_kind.currentData()].get(line_of(self._row))
        if matrix is None:
            self._matrix_note.setText(
                self.tr("Not shown for this line: choose all strata, or an item that is present or absent.")
            )
            self.matrix.show_matrix((), (), "")
            return
        both = self.tr(
            "Off the diagonal: cases that both readers call present. On it: cases that the reader calls present."
        )
        self._matrix_note.setText(
            both if counts else self.tr("1 is perfect agreement, 0 what chance alone would give.")
        )
        largest = max(1.0, max(map(max, matrix.values))) if counts else 1.0
        scale = Scale(largest, digits=0, own=True) if counts else Scale()
        what = f"{self._row['name']}: {self.matrix_kind.currentText()}"
        self.matrix.show_matrix(matrix.readers, matrix.values, what, scale)

    def _place_side(self, beside: bool) -> None:
        """Words above and below the matrix where it stands beside the table; to its right where it stands below."""
        places = ((0, 0, 1, 1), (1, 0, 1, 1), (2, 0, 1, 1)) if beside else ((0, 1, 1, 1), (0, 0, 2, 1), (1, 1, 1, 1))
        for widget, place in zip((self._head, self.matrix, self._foot), places):
            self._side.addWidget(widget, *place)
        self._card.setMaximumWidth(_MATRIX_PX if beside else _NO_LIMIT)
        self._side.setRowStretch(0, 0)
        self._side.setRowStretch(1, 1)
        self._side.setRowStretch(2, 1 if beside else 0)
        self._side.setColumnStretch(0, 1)
        self._side.setColumnStretch(1, 0 if beside else 1)

    def _arrange(self) -> None:
        self.matrix_kind.setObjectName("matrix_kind")
        self.matrix_kind.setAccessibleName(self.tr("What the matrix shows"))
        self.matrix_kind.addItem(self.tr("cases both call present"), "both_present")
        self.matrix_kind.addItem(self.tr("Cohen's κ of each pair"), "kappa")
        self._arrange_side()
        self.tabs.setObjectName("agreement_tabs")
        self.tabs.setAccessibleName(self.tr("Table or forest plot"))
        self.tabs.addTab(self.table, self.tr("Table"))
        self.tabs.addTab(self.forest, self.tr("Forest plot"))
        self._split.addWidget(self.tabs)
        self._split.addWidget(self._card)
        self._split.setChildrenCollapsible(False)
        self._split.setStretchFactor(0, 1)
        self.body.addWidget(self._split, 1)

    def _arrange_side(self) -> None:
        theme.set_role(self._card, "card")
        self._card.setLayout(self._side)
        self._side.setContentsMargins(18, 14, 18, 14)
        self._side.setHorizontalSpacing(28)
        self._matrix_note.setMinimumHeight(2 * self.fontMetrics().height() + 6)
        self._details.setObjectName("details")
        self._details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._details.setAlignment(Qt.AlignmentFlag.AlignTop)
        head, foot = QVBoxLayout(self._head), QVBoxLayout(self._foot)
        for part in (head, foot):
            part.setContentsMargins(0, 0, 0, 0)
        for widget in (self._matrix_title, self.matrix_kind, self._matrix_note):
            head.addWidget(widget)
        foot.addWidget(scrolled(self._details, self.tr("Counts behind the line")), 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self.disputes)
        buttons.addStretch(1)
        buttons.addWidget(self.copy_matrix)
        foot.addLayout(buttons)


def _details_text(row: Row) -> str:
    boot = interval_text(row["fleiss_kappa_boot_low"], row["fleiss_kappa_boot_high"])
    lines = [
        translate(
            "AgreementPage", "Valid readings: {readings}; cases: {cases}; patients: {patients}; readers: {readers}"
        ).format(
            readings=f"{row['n_readings']:,}",
            cases=f"{row['n_cases']:,}",
            patients=f"{row['n_patients']:,}",
            readers=row["n_readers"],
        ),
        translate("AgreementPage", "{uncertain} uncertain, {refused} not assessable, {missing} missing").format(
            uncertain=f"{row['n_uncertain']:,}",
            refused=f"{row['n_not_assessable']:,}",
            missing=f"{row['n_missing']:,}",
        ),
        translate("AgreementPage", "κ, bootstrap over patients: {interval}").format(interval=boot),
    ]
    if row["n_undefined_redraws"]:
        lines.append(
            translate("AgreementPage", "redraws without a kappa: {n}").format(n=f"{row['n_undefined_redraws']:,}")
        )
    if row["remark"]:
        lines.append(translate("AgreementPage", "Remark: {remark}").format(remark=row["remark"]))
    return "\n".join(lines)
