"""Tables of the desk: rows under columns, sorted by value, copied as tab-separated text, intervals drawn in place."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent, QKeySequence, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget

from readerapp import theme
from readerapp.desk.columns import MISSING, Axis, Column, Row, Span
from readerapp.desk.frozen_column import FrozenColumn
from readerapp.desk.spans import SpanDelegate, TickedHeader
from readerapp.numbers import not_estimable

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_MEASURED = 100  # rows that column widths are measured on: a long table opens at once
_WIDEST = 640  # pixels of a column
_PICTURE_PX = 16_000  # of a copied picture, at most
_DRAWING_PX = 140  # of a column with a drawing, at least
_CELL_PADDING_PX = 24
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_PADDING = "QTableView::item { padding: 0 9px; }"


class RowsModel(QAbstractTableModel):
    """Rows under columns; knows how to sort, missing values last either way."""

    def __init__(self, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.rows: list[Row] = []
        self.axes: dict[int, Axis] = {}
        self._sorting = (-1, Qt.SortOrder.AscendingOrder)

    def show(self, rows: Sequence[Row], columns: Sequence[Column] | None = None) -> None:
        """Other rows, and where given other columns, in the order that is chosen."""
        self.beginResetModel()
        if columns is not None:
            self.columns = tuple(columns)
        self.rows = self._sorted(rows)
        self.axes = {place: _axis(column, rows) for place, column in enumerate(self.columns) if column.axis}
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
            return _RIGHT if column.numeric else _LEFT
        if role == Qt.ItemDataRole.ForegroundRole:
            if column.color:
                return QColor(column.color(row))
            return QColor(theme.COLORS.muted) if column.text(row) in (not_estimable(), MISSING) else None
        if role == Qt.ItemDataRole.BackgroundRole and column.ground:
            return QColor(ground) if (ground := column.ground(row)) else None
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole) and not column.numeric:
            return (column.tip and column.tip(row)) or column.text(row)
        return None

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
            up = Qt.AlignmentFlag.AlignTop if column.axis else Qt.AlignmentFlag.AlignVCenter
            return side_of | up
        return None

    def spans(self, index: Index) -> Sequence[Span]:
        """What is drawn in a cell."""
        make = self.columns[index.column()].spans
        return make(self.rows[index.row()]) if make else ()

    def sort(self, section: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorting = (section, order)
        self.layoutAboutToBeChanged.emit()
        self.rows = self._sorted(self.rows)
        self.layoutChanged.emit()

    def _sorted(self, rows: Sequence[Row]) -> list[Row]:
        section, order = self._sorting
        if not 0 <= section < len(self.columns):
            return list(rows)
        key = self.columns[section].key
        keys = [key(row) for row in rows]
        known = [place for place, value in enumerate(keys) if value is not None]
        known.sort(key=keys.__getitem__, reverse=order == Qt.SortOrder.DescendingOrder)
        return [rows[place] for place in known] + [row for row, value in zip(rows, keys) if value is None]


def _axis(column: Column, rows: Sequence[Row]) -> Axis:
    assert column.axis is not None and column.spans is not None
    return column.axis([span for row in rows for span in column.spans(row)])


class RowsTable(QTableView):
    """A sortable table whose first column stays in sight; Ctrl+C copies the selected rows, or all, with the header.

    A row is chosen by moving to it, and opened by a double click or Enter.
    """

    row_chosen = Signal(object)  # Row
    row_opened = Signal(object)  # Row

    def __init__(
        self,
        columns: Sequence[Column],
        name: str,
        title: str = "",
        parent: QWidget | None = None,
        *,
        first_gives_way: bool = False,
    ) -> None:
        """`name` is how tests find it, `title` how a screen reader tells it. `first_gives_way`: where it is narrow the
        first column is shortened (its tip has the whole words), so that the others stay in sight.
        """
        super().__init__(parent)
        self._first_gives_way = first_gives_way
        self.setObjectName(name)
        self.setAccessibleName(title or name.replace("_", " "))
        self.rows_model = RowsModel(columns, self)
        self.setModel(self.rows_model)
        self._behave()
        self._dress_header()
        self._delegate = SpanDelegate(self.rows_model, self)
        self.selectionModel().currentRowChanged.connect(self._changed)
        self.doubleClicked.connect(lambda index: self.row_opened.emit(self.rows_model.rows[index.row()]))
        self.frozen = FrozenColumn(self)

    def show_rows(
        self, rows: Sequence[Row], columns: Sequence[Column] | None = None, *, choose_first: bool = False
    ) -> None:
        """Show other rows; the sorting the person chose stays, and the place where nothing else was asked for."""
        places = self.verticalScrollBar().value(), self.horizontalScrollBar().value()
        self.rows_model.show(rows, columns)
        for place in range(self.rows_model.columnCount()):
            delegate = self._delegate if place in self.rows_model.axes else None
            if self.itemDelegateForColumn(place) is not delegate:
                self.setItemDelegateForColumn(place, delegate)  # type: ignore[arg-type]
        self.fit_columns()
        if rows and choose_first:
            self.choose(0)
        elif columns is None or rows:
            self.verticalScrollBar().setValue(places[0])
            self.horizontalScrollBar().setValue(places[1])

    def choose(self, row: int) -> None:
        index = self.rows_model.index(row, 0)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)

    @property
    def chosen(self) -> Row | None:
        """The row at hand."""
        index = self.currentIndex()
        return self.rows_model.rows[index.row()] if index.isValid() else None

    def fit_columns(self) -> None:
        """Every column as wide as its widest words, headers included: nothing is clipped. Drawings take the rest."""
        columns = self.rows_model.columns
        self.horizontalHeader().setStretchLastSection(bool(columns) and not columns[-1].numeric)
        for section in range(len(columns)):
            if section not in self.rows_model.axes:
                self.setColumnWidth(section, min(_WIDEST, self._needed(section) + 2))
        self._fit_drawings()
        self._fit_first()
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

    def picture(self) -> QPixmap:
        """Every row and column as they are drawn here, those that are scrolled out of sight too."""
        whole = RowsTable(self.rows_model.columns, self.objectName(), self.accessibleName())
        whole.setFont(self.font())
        whole.setFrameShape(QFrame.Shape.NoFrame)
        for bar in (whole.setVerticalScrollBarPolicy, whole.setHorizontalScrollBarPolicy):
            bar(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole.resize(self.viewport().width(), _PICTURE_PX)
        whole.show_rows(self.rows_model.rows)
        width = max(self.viewport().width(), whole.horizontalHeader().length())
        height = whole.horizontalHeader().sizeHint().height() + whole.verticalHeader().length()
        whole.resize(width, min(height, _PICTURE_PX))
        return whole.grab()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.chosen is not None:
            self.row_opened.emit(self.chosen)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_drawings()
        self._fit_first()

    def _needed(self, section: int) -> int:
        """Pixels of the widest words among the first rows; the style's own measure takes ten times as long."""
        text, advance = self.rows_model.columns[section].text, self.fontMetrics().horizontalAdvance
        widest = max(map(advance, {text(row) for row in self.rows_model.rows[:_MEASURED]}), default=0)
        return max(widest + _CELL_PADDING_PX, self.horizontalHeader().sectionSizeHint(section))

    def _fit_drawings(self) -> None:
        drawings = list(self.rows_model.axes)
        if not drawings:
            return
        others = [s for s in range(self.rows_model.columnCount()) if s not in drawings]
        taken = sum(min(_WIDEST, self._needed(s) + 2) for s in others)
        for section in drawings:
            least = max(_DRAWING_PX, self.horizontalHeader().sectionSizeHint(section))
            self.setColumnWidth(section, max(least, (self.viewport().width() - taken) // len(drawings)))

    def _fit_first(self) -> None:
        if self._first_gives_way and self.rows_model.columnCount():
            wanted, *others = (min(_WIDEST, self._needed(s) + 2) for s in range(self.rows_model.columnCount()))
            room = max(self.viewport().width() - sum(others), self.horizontalHeader().sectionSizeHint(0))
            self.setColumnWidth(0, min(wanted, room))

    def _behave(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)  # Tab goes on to the next part of the page; arrows move within
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setStyleSheet(_PADDING)

    def _dress_header(self) -> None:
        header = TickedHeader(self.rows_model, self)
        self.setHorizontalHeader(header)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().height() * 1.8))
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.sortIndicatorChanged.connect(self.rows_model.sort)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.verticalHeader().setDefaultSectionSize(round(self.fontMetrics().height() * 1.8))

    def _changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        if index.isValid():
            self.row_chosen.emit(self.rows_model.rows[index.row()])
