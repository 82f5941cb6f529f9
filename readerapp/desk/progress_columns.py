"""Columns of the progress tables: the state of each showing by symbol, word and ground, and the times."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from readerapp import theme
from readerapp.desk.columns import MISSING, Column, Row
from readerapp.reading_progress import Cell

translate = QCoreApplication.translate

# symbol, colour of the text, ground: the symbol says it without the colour
_LOOKS = {
    "read": ("●", theme.COLORS.good, "#15302a"),
    "open": ("◐", theme.COLORS.warning, "#352a16"),
    "unread": ("○", theme.COLORS.muted, ""),
}
_FLAG, _REPEAT = "⚑", "↻"


def grid_columns(readers: Sequence[str]) -> list[Column]:
    """Case, stratum, then a column a reader."""
    return [*_case_columns(), *(_cell_column(reader) for reader in readers)]


def time_columns(readers: Sequence[str], clock: str) -> list[Column]:
    """The times of one clock ("active_s", "total_s", "away_s"): the median of the readers, then each."""
    median = Column(
        translate("ProgressPage", "Median"),
        lambda row: _text(row["medians"][clock]),
        lambda row: row["medians"][clock],
        translate("ProgressPage", "of all readers' showings of the case"),
    )
    return [*_case_columns(), median, *(_time_column(reader, clock) for reader in readers)]


def time_text(seconds: float) -> str:
    """Seconds, minutes or hours, no more digits than they are worth."""
    if seconds < 0.05:
        return translate("ProgressPage", "< 0.1 s") if seconds > 0 else translate("ProgressPage", "0 s")
    if seconds < 9.95:
        return translate("ProgressPage", "{n} s").format(n=f"{seconds:.1f}")
    if seconds < 120:
        return translate("ProgressPage", "{n} s").format(n=f"{seconds:.0f}")
    if seconds < 600:
        return translate("ProgressPage", "{n} min").format(n=f"{seconds / 60:.1f}".removesuffix(".0"))
    if seconds < 7200:
        return translate("ProgressPage", "{n} min").format(n=f"{seconds / 60:.0f}")
    return translate("ProgressPage", "{n} h").format(n=f"{seconds / 3600:.1f}")


def _case_columns() -> list[Column]:
    return [
        Column(
            translate("ProgressPage", "Case"),
            lambda row: f"{row['case_id']}  {_FLAG}" if row["flag"] else row["case_id"],
            lambda row: row["case_id"].casefold(),
            translate("ProgressPage", "⚑: flagged by a reader, or at the sealing; the row says why"),
            numeric=False,
            tip=lambda row: row["flag"],
        ),
        Column(translate("ProgressPage", "Stratum"), _stratum, lambda row: _stratum(row).casefold(), numeric=False),
    ]


def _stratum(row: Row) -> str:
    if row["practice"]:
        return translate("ProgressPage", "practice")
    return str(row["stratum"]) or translate("ProgressPage", "all")


def _cell_column(reader: str) -> Column:
    return Column(
        reader,
        lambda row: "   ".join(map(_cell_text, row[reader])) or MISSING,
        lambda row: row["seconds"]["active_s"][reader],
        translate("ProgressPage", "sorts by time at work"),
        numeric=False,
        color=lambda row: _LOOKS[_worst(row[reader])][1] if row[reader] else theme.COLORS.faint,
        ground=lambda row: _LOOKS[_worst(row[reader])][2] if row[reader] else "",
    )


def _cell_text(cell: Cell) -> str:
    symbol = _LOOKS[cell.state][0]
    seconds = "" if cell.active_s is None else f" {time_text(cell.active_s)}"
    return f"{_REPEAT} {symbol}{seconds}" if cell.repeat else symbol + seconds


def _worst(cells: Sequence[Cell]) -> str:
    """The state that a reader's showings of a case are in together: open before unread before read."""
    states = {cell.state for cell in cells}
    return "open" if "open" in states or len(states) > 1 else next(iter(states))


def _time_column(reader: str, clock: str) -> Column:
    return Column(
        reader,
        lambda row: _text(row["seconds"][clock][reader]),
        lambda row: row["seconds"][clock][reader],
        translate("ProgressPage", "first showing; hidden repeats are on the page of cases"),
    )


def _text(seconds: float | None) -> str:
    return MISSING if seconds is None else time_text(seconds)
