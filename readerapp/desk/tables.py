"""Tables of the desk: rows of a frame, readable numbers, sorting by value, copied as tab-separated text."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from readerapp import theme
from readerapp.desk.frozen_column import FrozenColumn

Row = Mapping[str, Any]
Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
NOT_ESTIMABLE = "not estimable"
MISSING = "–"
_MEASURED = 200  # rows that column widths are measured on: a long table opens at once
_WIDEST = 640  # pixels of a column
_PADDING = "QTableView::item { padding: 0 9px; }"


@dataclass(frozen=True)
class Column:
    """How one column is read from a row: words for the person, a value to sort by."""

    title: str
    text: Callable[[Row], str]
    key: Callable[[Row], Any]
    hint: str = ""
    numeric: bool = True
    color: Callable[[Row], str] | None = None


def words(title: str, field: str, hint: str = "") -> Column:
    """A column of text."""
    return Column(title, lambda row: str(row[field]), lambda row: str(row[field]).casefold(), hint, numeric=False)


def count(title: str, field: str, hint: str = "") -> Column:
    """A column of whole numbers."""
    return Column(title, lambda row: MISSING if _absent(row[field]) else f"{int(row[field]):,}", _value(field), hint)


def decimal(title: str, field: str, hint: str = "", digits: int = 2) -> Column:
    """A column of coefficients; a missing one is said in words."""
    return Column(title, lambda row: decimal_text(row[field], digits), _value(field), hint)


def percent(title: str, field: str, hint: str = "", low: str = "", high: str = "") -> Column:
    """A column of shares, with their interval where `low` and `high` name it."""

    def text(row: Row) -> str:
        if _absent(row[field]):
            return NOT_ESTIMABLE
        if not low or _absent(row[low]) or _absent(row[high]):
            return f"{row[field]:.1%}"
        return f"{row[field]:.1%} ({100 * row[low]:.0f}–{100 * row[high]:.0f})"

    return Column(title, text, _value(field), hint)


def with_interval(title: str, field: str, low: str, high: str, hint: str = "") -> Column:
    """A coefficient with its 95 % interval in one cell."""

    def text(row: Row) -> str:
        if _absent(row[field]):
            return NOT_ESTIMABLE
        if _absent(row[low]) or _absent(row[high]):
            return decimal_text(row[field])
        return f"{decimal_text(row[field])} ({interval_text(row[low], row[high])})"

    return Column(title, text, _value(field), hint)


def decimal_text(value: Any, digits: int = 2) -> str:
    """A coefficient in words: a true minus sign, never "−0.00", never NaN."""
    if _absent(value):
        return NOT_ESTIMABLE
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", "−")


def interval_text(low: Any, high: Any) -> str:
    """An interval in words."""
    return NOT_ESTIMABLE if _absent(low) or _absent(high) else f"{decimal_text(low)} to {decimal_text(high)}"


def _value(field: str) -> Callable[[Row], Any]:
    return lambda row: None if _absent(row[field]) else row[field]


def _absent(value: Any) -> bool:
    return value is None or value != value or (isinstance(value, float) and math.isnan(value))


class RowsModel(QAbstractTableModel):
    """Rows under columns; knows how to sort, missing values last either way."""

    def __init__(self, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: list[Row] = []

    def show(self, rows: Sequence[Row], columns: Sequence[Column] | None = None) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        if columns is not None:
            self.columns = tuple(columns)
        self.endResetModel()

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row, column = self.rows[index.row()], self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole:
            if column.color:
                return QColor(column.color(row))
            return QColor(theme.COLORS.muted) if column.text(row) in (NOT_ESTIMABLE, MISSING) else None
        return column.text(row) if role == Qt.ItemDataRole.ToolTipRole and not column.numeric else None

    def headerData(self, section: int, side: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if side == Qt.Orientation.Vertical:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.hint or None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side_of = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
            return side_of | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, section: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if not 0 <= section < len(self.columns):
            return
        key = self.columns[section].key
        known = [row for row in self.rows if key(row) is not None]
        unknown = [row for row in self.rows if key(row) is None]
        known.sort(key=key, reverse=order == Qt.SortOrder.DescendingOrder)
        self.layoutAboutToBeChanged.emit()
        self.rows = known + unknown
        self.layoutChanged.emit()


class RowsTable(QTableView):
    """A sortable table whose first column stays in sight; Ctrl+C copies the selected rows, or all, with the header."""

    row_chosen = Signal(object)  # Row

    def __init__(self, columns: Sequence[Column], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(name.replace("_", " "))
        self.rows_model = RowsModel(columns, self)
        self.setModel(self.rows_model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setStyleSheet(_PADDING)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().height() * 1.8))
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setHighlightSections(False)
        header.setResizeContentsPrecision(_MEASURED)
        header.setSectionsClickable(True)
        header.sortIndicatorChanged.connect(self.rows_model.sort)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.selectionModel().currentRowChanged.connect(self._changed)
        self.frozen = FrozenColumn(self)

    def show_rows(
        self, rows: Sequence[Row], columns: Sequence[Column] | None = None, *, choose_first: bool = False
    ) -> None:
        """Show other rows; the sorting the person chose stays."""
        self.rows_model.show(rows, columns)
        header = self.horizontalHeader()
        if header.sortIndicatorSection() >= 0:
            self.rows_model.sort(header.sortIndicatorSection(), header.sortIndicatorOrder())
        self.fit_columns()
        if rows and choose_first:
            self.choose(0)

    def choose(self, row: int) -> None:
        index = self.rows_model.index(row, 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)

    def fit_columns(self) -> None:
        """Every column as wide as its widest words, headers included: nothing is clipped."""
        self.resizeColumnsToContents()
        for section in range(self.rows_model.columnCount()):
            self.setColumnWidth(section, min(_WIDEST, self.columnWidth(section) + 2))
        columns = self.rows_model.columns
        self.horizontalHeader().setStretchLastSection(bool(columns) and not columns[-1].numeric)
        self.frozen.fit()

    def as_text(self, rows: Sequence[Row] | None = None) -> str:
        """Tab-separated text with a header line, as a spreadsheet takes it."""
        columns = self.rows_model.columns
        lines = ["\t".join(column.title for column in columns)]
        lines += ["\t".join(column.text(row) for column in columns) for row in (rows or self.rows_model.rows)]
        return "\n".join(lines) + "\n"

    def copy(self) -> None:
        """Put the selected rows on the clipboard, or all where fewer than two are selected."""
        chosen = sorted({index.row() for index in self.selectionModel().selectedRows()})
        rows = [self.rows_model.rows[row] for row in chosen] if len(chosen) > 1 else None
        QGuiApplication.clipboard().setText(self.as_text(rows))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def _changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid():
            self.row_chosen.emit(self.rows_model.rows[index.row()])
