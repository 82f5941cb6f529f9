"""The page of the form that says what the study asks of people, and how precise kappa will be, before it is sealed."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem

from readerapp.fields import add_row, decimal, whole
from readerapp.new_study.parts import Section
from readerapp.numbers import interval_text
from readerapp.page import labelled
from studies.planning.form import FormLook
from studies.planning.precision import chance_of_no_kappa, expected_half_width

_PREVALENCES = (0.02, 0.05, 0.10, 0.20, 0.30, 0.50)


class WorkloadSection(Section):
    """Expected readings and hours; expected width of kappa's interval."""

    def __init__(self) -> None:
        super().__init__(
            "workload",
            self.tr("Workload and precision"),
            self.tr("What the study asks of its readers, and how far kappa can be known from it."),
        )
        self._look: FormLook | None = None
        grid = self.grid(self.tr("Readings"))
        self.seconds = whole("seconds_per_reading", self.tr("Seconds for one reading"), 1, 3600, 60)
        add_row(grid, self.tr("Seconds for one reading, as you expect"), self.seconds)
        self.hours = _table("workload_table", self.tr("Readings and hours of each reader"))
        grid.addWidget(self.hours, grid.rowCount(), 0, 1, 3)
        grid = self.grid(self.tr("Precision of Fleiss' kappa"))
        self.kappa = decimal("assumed_kappa", self.tr("Kappa you expect"), 0, 0.99, 0.6, 2)
        self.kappa.setSingleStep(0.05)
        add_row(grid, self.tr("Kappa you expect"), self.kappa)
        self.widths = _table("precision_table", self.tr("Expected interval of kappa by prevalence"))
        grid.addWidget(self.widths, grid.rowCount(), 0, 1, 3)
        self.assumption = labelled("", "small")
        self.assumption.setObjectName("precision_assumption")
        grid.addWidget(self.assumption, grid.rowCount(), 0, 1, 3)
        self.column.addStretch(1)
        self.seconds.valueChanged.connect(self._refresh)
        self.kappa.valueChanged.connect(self._refresh)

    def show_look(self, look: FormLook) -> None:
        self._look = look
        self._refresh()

    def _refresh(self) -> None:
        self._show_hours()
        self._show_widths()

    def _show_hours(self) -> None:
        readings = self._look.readings if self._look else {}
        rows = [
            (reader, str(n), self.tr("{h} h").format(h=f"{n * self.seconds.value() / 3600:.1f}"))
            for reader, n in readings.items()
        ]
        if rows:
            total = sum(readings.values())
            hours = f"{total * self.seconds.value() / 3600:.1f}"
            rows.append((self.tr("all"), str(total), self.tr("{h} h").format(h=hours)))
        titles = [self.tr("Reader"), self.tr("Readings, practice and hidden repeats too"), self.tr("Time")]
        _fill(self.hours, titles, rows)

    def _show_widths(self) -> None:
        cases = self._look.cases if self._look else None
        readers = len(self._look.readings) if self._look else 0
        kappa = self.kappa.value()
        rows = (
            [_width_row(cases, readers, p, kappa) for p in _PREVALENCES] if cases and cases > 1 and readers > 1 else []
        )
        titles = [
            self.tr("Item present in"),
            self.tr("95 % interval, about"),
            self.tr("Half width"),
            self.tr("No kappa at all"),
        ]
        _fill(self.widths, titles, rows)
        words = self.tr(
            "For {cases} cases, one a patient, {readers} readers, no missing answer. Assumed: with probability κ all "
            "readers of a case give one common answer, else each answers alone (common-correlation model); interval by "
            "Gwet's variance, as the export computes it. No kappa at all: every reading the same."
        )
        needs = self.tr("Shown when the form is complete, with two cases and two readers or more.")
        self.assumption.setText(words.format(cases=cases, readers=readers) if rows else needs)


def _width_row(cases: int, readers: int, prevalence: float, kappa: float) -> tuple[str, ...]:
    half = expected_half_width(cases, readers, prevalence, kappa)
    low, high = max(-1.0, kappa - half), min(1.0, kappa + half)
    none = chance_of_no_kappa(cases, readers, prevalence, kappa)
    chance = "<0.1 %" if none < 0.001 else f"{100 * none:.1f} %"
    return f"{100 * prevalence:.0f} %", interval_text(low, high), f"± {half:.2f}", chance


def _table(name: str, title: str) -> QTableWidget:
    table = QTableWidget()
    table.setObjectName(name)
    table.setAccessibleName(title)
    table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    return table


def _fill(table: QTableWidget, titles: list[str], rows: Sequence[tuple[str, ...]]) -> None:
    table.setVisible(bool(rows))
    table.setColumnCount(len(titles))
    table.setHorizontalHeaderLabels(titles)
    table.setRowCount(len(rows))
    for place, row in enumerate(rows):
        for column, words in enumerate(row):
            table.setItem(place, column, QTableWidgetItem(words))
    table.resizeRowsToContents()
    height = table.horizontalHeader().sizeHint().height() + 2
    table.setFixedHeight(height + sum(table.rowHeight(place) for place in range(len(rows))))
