"""Cells of one size in rows and columns; one of them may be shown alone."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from readerapp.theme import COLORS
from readerapp.viewer.layouts import Grid

__all__ = ["CellGrid"]

_GAP = 2


class CellGrid(QWidget):
    """Lays its cells out itself: all are equally large to the pixel, so that a millimetre can be as long in each."""

    arranged = Signal()  # the size of the cells changed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._cells: list[QWidget] = []
        self._grid = Grid(1, 1)
        self._alone: int | None = None

    def set_cells(self, cells: Sequence[QWidget]) -> None:
        """The widgets of the cells, in the order of reading. They become children of the grid."""
        self._cells = list(cells)

    @property
    def visible_cells(self) -> range:
        """The cells in use."""
        return range(self._grid.cells) if self._alone is None else range(self._alone, self._alone + 1)

    def arrange(self, grid: Grid, alone: int | None = None) -> None:
        """Shows the first cells in a grid, or one of them alone."""
        self._grid, self._alone = grid, alone
        self._place()
        for slot, cell in enumerate(self._cells):
            cell.setVisible(slot in self.visible_cells)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(COLORS.line))  # what is seen between the cells
        painter.end()

    def _place(self) -> None:
        rows, columns = (1, 1) if self._alone is not None else (self._grid.rows, self._grid.columns)
        width = (self.width() - _GAP * (columns - 1)) // columns
        height = (self.height() - _GAP * (rows - 1)) // rows
        for place, slot in enumerate(self.visible_cells):
            row, column = divmod(place, columns)
            self._cells[slot].setGeometry(QRect(column * (width + _GAP), row * (height + _GAP), width, height))
        self.arranged.emit()
