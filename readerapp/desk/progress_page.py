"""Progress: how far each reader is, case by case with times, and the heads of the journal's chains."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QProgressBar, QSplitter, QVBoxLayout, QWidget

from readerapp import operations, theme
from readerapp.desk.tables import MISSING, Column, Row, RowsTable, words
from readerapp.page import button, heading, labelled
from readerapp.results import ProgressTables, ReaderProgress

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

_STATES = {
    "read": ("●", theme.COLORS.good),
    "open": ("◐", theme.COLORS.warning),
    "unread": ("○", theme.COLORS.muted),
}
_LEGEND = "●  read, with the time at work (away and loading not counted)     ◐  open now     ○  not yet"


class ProgressPage(QWidget):
    """Read again each time it is shown, and by its button."""

    def __init__(self, view: "CoordinatorView", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._cards = QGridLayout()
        self._cards.setSpacing(12)
        self.again = button("Read again", "quiet", "read_again")
        self.again.clicked.connect(self.refresh)
        self.grid = RowsTable((), "progress_grid")
        self.heads = RowsTable(
            (
                words("Chain", "chain"),
                words("Head hash", "head", "note it elsewhere: it proves that nothing before it was changed"),
            ),
            "chain_heads",
        )
        self._arrange()

    def refresh(self) -> None:
        """Read the journal again, in the background."""
        read = operations.read_progress(parent=self, view=self._view)
        read.on_success(self._show).disabling(self.again).run()

    def _show(self, tables: ProgressTables) -> None:
        while (item := self._cards.takeAt(0)) is not None:
            if widget := item.widget():
                widget.deleteLater()
        for place, reader in enumerate(tables.readers):
            self._cards.addWidget(_card(reader), place // 4, place % 4)
        columns = [words("Case", "case_id"), words("Stratum", "stratum")]
        self.grid.show_rows(tables.cases, [*columns, *(_cell_column(reader.reader_id) for reader in tables.readers)])
        self.heads.show_rows(tables.heads)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.addLayout(heading("Progress", "Who has read what. Answers and agreement are not shown here."), 1)
        top.addWidget(self.again, 0, Qt.AlignmentFlag.AlignTop)
        cases, chains = QWidget(), QWidget()
        for part, title, table in ((cases, _LEGEND, self.grid), (chains, "HEADS OF THE JOURNAL'S CHAINS", self.heads)):
            column = QVBoxLayout(part)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(labelled(title, "small"))
            column.addWidget(table, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(cases)
        split.addWidget(chains)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(28, 22, 28, 8)
        layout.setSpacing(14)
        layout.addLayout(top)
        layout.addLayout(self._cards)
        layout.addWidget(split, 1)


def _card(reader: ReaderProgress) -> QFrame:
    card = QFrame()
    theme.set_role(card, "card")
    column = QVBoxLayout(card)
    column.setContentsMargins(16, 12, 16, 12)
    column.setSpacing(6)
    head = QHBoxLayout()
    head.addWidget(labelled(reader.reader_id), 1)
    share = QLabel(f"{reader.read} of {reader.total}   {reader.share:.0%}")
    theme.set_role(share, "good" if reader.finished else "muted")
    head.addWidget(share)
    bar = QProgressBar()
    bar.setRange(0, max(1, reader.total))
    bar.setValue(reader.read)
    bar.setTextVisible(False)
    bar.setFixedHeight(6)
    column.addLayout(head)
    column.addWidget(bar)
    column.addWidget(labelled(_pace(reader), "small"))
    return card


def _pace(reader: ReaderProgress) -> str:
    if reader.median_s is None:
        return "no case read yet"
    pace = f"{_time(reader.median_s)} a case (median)"
    rest = "" if reader.finished else f", about {_time(reader.median_s * (reader.total - reader.read))} to go"
    return pace + rest


def _time(seconds: float) -> str:
    if seconds < 0.05:
        return "< 0.1 s"
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _cell_column(reader: str) -> Column:
    def text(row: Row) -> str:
        parts = []
        for cell in row[reader]:
            seconds = f" {_time(cell.active_s)}" if cell.active_s is not None else ""
            parts.append(_STATES[cell.state][0] + seconds + ("  (repeat)" if cell.repeat else ""))
        return "    ".join(parts) or MISSING

    def key(row: Row) -> float | None:
        times = [cell.active_s for cell in row[reader] if cell.active_s is not None]
        return sum(times) if times else None

    def color(row: Row) -> str:
        return _STATES[row[reader][0].state][1] if row[reader] else theme.COLORS.faint

    return Column(reader, text, key, "sorts by time at work", numeric=False, color=color)
