"""Progress: how far each reader is, case by case with times, who gets faster, and the heads of the journal's chains."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from readerapp import operations, theme
from readerapp.desk.choices import FilterField
from readerapp.desk.columns import Row, words
from readerapp.desk.curves import CurvesView
from readerapp.desk.progress_columns import grid_columns, time_columns, time_text
from readerapp.desk.tables import RowsTable
from readerapp.page import button, heading, labelled
from readerapp.reading_progress import ProgressTables, ReaderProgress

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

translate = QCoreApplication.translate

LIVE_MS = 4000  # from the end of one look at the journal to the next, while the page is in sight


class ProgressPage(QWidget):
    """Read again each time it is shown, while it is in sight, and by its button. Nothing here is an answer."""

    def __init__(self, view: "CoordinatorView", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._tables = ProgressTables()
        self._readers: tuple[str, ...] = ()
        self._reading: operations.Operation[ProgressTables] | None = None
        self._cards = QGridLayout()
        self._cards.setSpacing(10)
        self.again = button(self.tr("Read again"), "quiet", "read_again")
        self.live = labelled("", "small")
        self.show_only, self.clock = QComboBox(), QComboBox()
        self.filter = FilterField()
        self.grid = RowsTable((), "progress_grid", self.tr("Cases and readers"))
        self.grid.setShowGrid(True)
        self.times = RowsTable((), "times_table", self.tr("Times by case"))
        self.curves = CurvesView()
        chains = (
            words(self.tr("Chain"), "chain"),
            words(self.tr("Head hash"), "head", self.tr("note it elsewhere: nothing before it was changed then")),
        )
        self.heads = RowsTable(chains, "chain_heads", self.tr("Heads of the journal's chains"))
        self.tabs = QTabWidget()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LIVE_MS)
        self._arrange()
        self._connect()

    def refresh(self) -> None:
        """Read the journal again, in the background."""
        read = operations.read_progress(parent=self, view=self._view)
        self._reading = read.on_success(self._show).disabling(self.again).run()
        read.ended.connect(self._ended)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def _look_again(self) -> None:
        """What nobody asked for says nothing: no panel, and an error only beside the button."""
        if self._reading is not None or not self.isVisible():
            return
        read = operations.read_progress(parent=self, view=self._view, known=self._tables).quietly()
        read.ended.connect(self._ended)
        self._reading = read.on_success(self._show).on_failure(self._fail).run()

    def _ended(self) -> None:
        self._reading = None
        if self.isVisible():
            self._timer.start()

    def _fail(self, error: BaseException) -> None:
        self.live.setText(self.tr("No longer up to date: {why}").format(why=error))

    def _show(self, tables: ProgressTables) -> None:
        self.live.clear()
        if tables is self._tables:
            return
        self._tables = tables
        self._show_cards(tables.readers)
        self._readers = tuple(reader.reader_id for reader in tables.readers)
        self._show_cases()
        self.curves.show_curves(tables.curves)
        self.heads.show_rows(tables.heads)

    def _show_cards(self, readers: tuple[ReaderProgress, ...]) -> None:
        while (item := self._cards.takeAt(0)) is not None:
            if widget := item.widget():
                widget.hide()  # it goes with the next round of events only
                widget.deleteLater()
        columns = 4 if len(readers) <= 4 else 5
        for place, reader in enumerate(readers):
            self._cards.addWidget(_card(reader), place // columns, place % columns)

    def _show_cases(self) -> None:
        wanted = str(self.show_only.currentData() or "")
        rows = [row for row in self._tables.cases if self._meets(row, wanted)]
        self.grid.show_rows(rows, grid_columns(self._readers))
        timed = [row for row in rows if row["medians"]["active_s"] is not None]
        self.times.show_rows(timed, time_columns(self._readers, str(self.clock.currentData())))

    def _meets(self, row: Row, wanted: str) -> bool:
        return (not wanted or wanted in row["states"]) and self.filter.meets(row["case_id"], row["stratum"])

    def _connect(self) -> None:
        self.again.clicked.connect(self.refresh)
        self._timer.timeout.connect(self._look_again)
        self.filter.filtered.connect(self._show_cases)
        self.filter.look_after(self)
        self.show_only.currentIndexChanged.connect(self._show_cases)
        self.clock.currentIndexChanged.connect(self._show_cases)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        explanation = self.tr("Who has read what. Answers and agreement are not shown here.")
        top.addLayout(heading(self.tr("Progress"), explanation), 1)
        top.addWidget(self.live, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.again, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.show_only, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.filter, 0, Qt.AlignmentFlag.AlignTop)
        self.tabs.setAccessibleName(self.tr("Parts of the progress"))
        legend = self.tr(
            "●  finished, with the time at work    ◐  open    ○  not opened    ↻  hidden repeat    ⚑  flagged"
        )
        self.tabs.addTab(_part(self.grid, labelled(legend, "small")), self.tr("Cases"))
        self.tabs.addTab(_part(self.times, self._clock_row()), self.tr("Times"))
        note = self.tr("Time at work against the place in each reader's order; the line is the running median.")
        self.tabs.addTab(_part(self.curves, labelled(note, "small")), self.tr("Learning curve"))
        note = self.tr(
            "Where each chain of the journal ends. Noted elsewhere, a head shows later that nothing was changed."
        )
        self.tabs.addTab(_part(self.heads, labelled(note, "small")), self.tr("Journal"))
        self._name_choices()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 22, 28, 8)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addLayout(self._cards)
        layout.addWidget(self.tabs, 1)

    def _name_choices(self) -> None:
        self.show_only.setObjectName("show_only")
        self.show_only.setAccessibleName(self.tr("Which cases are shown"))
        for value, text in (
            ("", self.tr("all cases")),
            ("unread", self.tr("not opened by someone")),
            ("open", self.tr("open now")),
            ("read", self.tr("finished by someone")),
            ("flagged", self.tr("flagged")),
            ("repeat", self.tr("with a hidden repeat")),
        ):
            self.show_only.addItem(text, value)

    def _clock_row(self) -> QWidget:
        self.clock.setObjectName("clock")
        self.clock.setAccessibleName(self.tr("Which time is shown"))
        for value, text in (
            ("active_s", self.tr("at work (away not counted)")),
            ("total_s", self.tr("with the time away")),
            ("away_s", self.tr("away only")),
        ):
            self.clock.addItem(text, value)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        label = labelled(self.tr("Time from the first paint of a case to its end:"), "small")
        label.setWordWrap(False)
        row.addWidget(label)
        row.addWidget(self.clock)
        row.addStretch(1)
        return whole


def _part(main: QWidget, above: QWidget) -> QWidget:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(10, 8, 10, 10)
    column.addWidget(above)
    column.addWidget(main, 1)
    return part


def _card(reader: ReaderProgress) -> QFrame:
    card = QFrame()
    theme.set_role(card, "card")
    column = QVBoxLayout(card)
    column.setContentsMargins(14, 10, 14, 10)
    column.setSpacing(5)
    head = QHBoxLayout()
    head.addWidget(labelled(reader.reader_id), 1)
    counts = translate("ProgressPage", "{read} of {total}   {share}")
    share = QLabel(counts.format(read=reader.read, total=reader.total, share=f"{reader.share:.0%}"))
    theme.set_role(share, "good" if reader.finished else "muted")
    head.addWidget(share)
    bar = QProgressBar()
    bar.setAccessibleName(reader.reader_id)
    bar.setRange(0, max(1, reader.total))
    bar.setValue(reader.read)
    bar.setTextVisible(False)
    bar.setFixedHeight(6)
    column.addLayout(head)
    column.addWidget(bar)
    column.addWidget(labelled(_pace(reader), "small"))
    column.addStretch(1)
    return card


def _pace(reader: ReaderProgress) -> str:
    if reader.median_s is None:
        return translate("ProgressPage", "no case read yet")
    pace = translate("ProgressPage", "{time} a case (median)").format(time=time_text(reader.median_s))
    if reader.finished:
        return pace
    rest = time_text(reader.median_s * (reader.total - reader.read))
    return pace + translate("ProgressPage", ", about {time} to go").format(time=rest)
