"""The images of a cohort in a table that holds places only: a hundred thousand rows scroll as ten do."""

from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from readerapp import theme
from readerapp.lab.cohort_table import CohortLook, Rows
from readerapp.lab.thumbnails import SIDE, Thumbnails
from readerapp.wording import QT_TRANSLATE_NOOP

__all__ = ["ImageTable"]

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_COLUMNS = (
    ("", QT_TRANSLATE_NOOP("ImagesModel", "Picture")),
    ("image_id", QT_TRANSLATE_NOOP("ImagesModel", "Image")),
    ("patient_id", QT_TRANSLATE_NOOP("ImagesModel", "Patient")),
    ("split", QT_TRANSLATE_NOOP("ImagesModel", "Split")),
    ("sex", QT_TRANSLATE_NOOP("ImagesModel", "Sex")),
    ("age_years", QT_TRANSLATE_NOOP("ImagesModel", "Age")),
    ("race", QT_TRANSLATE_NOOP("ImagesModel", "Race")),
    ("view", QT_TRANSLATE_NOOP("ImagesModel", "View")),
    ("site", QT_TRANSLATE_NOOP("ImagesModel", "Site")),
    ("findings", QT_TRANSLATE_NOOP("ImagesModel", "Labels")),
)
_WIDTHS = (SIDE + 16, 150, 120, 62, 48, 48, 80, 90, 70, 300)
_TITLE_PADDING = 20
PLACE = Qt.ItemDataRole.UserRole


class ImagesModel(QAbstractTableModel):
    """Rows are places in the cohort; words and pictures are fetched when they are painted."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._look: CohortLook | None = None
        self._rows: Rows = np.zeros(0, dtype=np.int64)
        self.thumbnails = thumbnails
        thumbnails.made.connect(self._made)

    def show(self, look: CohortLook | None, rows: Rows) -> None:
        """Other rows, in the order given."""
        self.beginResetModel()
        self._look, self._rows = look, rows
        self.endResetModel()

    def place(self, row: int) -> int:
        """The place in the cohort of a row of the table."""
        return int(self._rows[row])

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._look is None:
            return None
        if role == PLACE:
            return self.place(index.row())
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            return self._word(index.row(), "image_id")
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._word(index.row(), _COLUMNS[index.column()][0])
        return None

    def headerData(self, section: int, side: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and side == Qt.Orientation.Horizontal:
            return self.tr(_COLUMNS[section][1])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def _word(self, row: int, column: str) -> str:
        assert self._look is not None
        place = self.place(row)
        if column == "findings":
            return self._look.findings(place)
        return str(self._look.values[column][place]) if column else ""

    def _made(self, place: int) -> None:
        for row in np.flatnonzero(self._rows == place):
            index = self.index(int(row), 0)
            self.dataChanged.emit(index, index)


class PictureDelegate(QStyledItemDelegate):
    """Paints a picture, a frame while it is made, a cross where it cannot be."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(SIDE + 8, SIDE + 6)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        place = index.data(PLACE)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(theme.COLORS.focus))
        if place is None:
            return
        frame = QRect(0, 0, SIDE, SIDE)
        frame.moveCenter(option.rect.center())
        self._draw(painter, frame, self._thumbnails.picture(place))

    def _draw(self, painter: QPainter, frame: QRect, picture: QImage | None) -> None:
        if picture is not None and not picture.isNull():
            painter.drawImage(frame, picture)
            return
        painter.setPen(QColor(theme.COLORS.faint))
        painter.drawRect(frame.adjusted(0, 0, -1, -1))
        if picture is not None:
            painter.drawLine(frame.topLeft(), frame.bottomRight())
            painter.drawLine(frame.topRight(), frame.bottomLeft())


class ImageTable(QTableView):
    """An image is opened by a double click or Enter."""

    image_opened = Signal(int)  # place in the cohort

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("cohort_images")
        self.setAccessibleName(self.tr("Images of the cohort"))
        self.thumbnails = Thumbnails(self)
        self.images = ImagesModel(self.thumbnails, self)
        self.setModel(self.images)
        self.setItemDelegateForColumn(0, PictureDelegate(self.thumbnails, self))
        self._behave()
        self.doubleClicked.connect(lambda index: self.image_opened.emit(self.images.place(index.row())))

    def show_rows(self, look: CohortLook | None, rows: Rows) -> None:
        """The images at these places."""
        self.images.show(look, rows)
        if len(rows):
            self.selectRow(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.image_opened.emit(self.images.place(self.currentIndex().row()))
        else:
            super().keyPressEvent(event)

    def _behave(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setStyleSheet("QTableView::item { padding: 0 9px; }")
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(SIDE + 6)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, max(width if column == 0 else theme.wide(width), self._title_width(column)))

    def _title_width(self, column: int) -> int:
        """Of its heading, whose words are longer in some languages."""
        title = str(self.images.headerData(column, Qt.Orientation.Horizontal))
        return self.horizontalHeader().fontMetrics().horizontalAdvance(title) + _TITLE_PADDING
