"""All findings of a head at a glance: the image pushed once towards each, with its probability; Enter enlarges one."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QIcon, QImage, QKeyEvent, QPainter, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QListWidget, QListWidgetItem, QWidget

from engine.counterfactuals import Counterfactual
from readerapp import theme
from readerapp.lab.counterfactual_views import percent
from readerapp.viewer.captions import watermark
from readerapp.viewer.overlay import paint_watermark

__all__ = ["FindingsGrid"]

_LEAST, _MOST = 136, 280  # side of a thumbnail, at the usual text size
_GAP, _EDGE = 16, 24  # between thumbnails; for a scroll bar
_LINES = 4  # a probability, and a name of up to three lines


class FindingsGrid(QListWidget):
    """Thumbnails in rows; the first is the reconstruction. `enlarged` is told the finding, "" for the first."""

    enlarged = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("findings_grid")
        self.setAccessibleName(self.tr("All findings"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setWordWrap(True)
        self._found: Sequence[Counterfactual] = ()
        self.itemClicked.connect(self._enlarge)

    @property
    def shown(self) -> Sequence[Counterfactual]:
        return self._found

    def show_all(self, found: Sequence[Counterfactual]) -> None:
        """One counterfactual of one amplitude for each finding; none: an empty grid."""
        self._found = found
        self._fill()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem():
            self._enlarge(self.currentItem())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._side() != self.iconSize().width():
            self._fill()

    def _enlarge(self, item: QListWidgetItem) -> None:
        self.enlarged.emit(item.data(Qt.ItemDataRole.UserRole))

    def _fill(self) -> None:
        before = self.currentRow()
        self.clear()
        side = self._side()
        lines = _LINES * self.fontMetrics().height()
        self.setIconSize(QSize(side, side))
        self.setGridSize(QSize(side + _GAP, side + lines + _GAP))
        for found in self._found[:1]:
            self._add("", found.reconstruction, self.tr("reconstruction"), "")
        for found in self._found:
            self._add(found.target, found.drawings[0], found.target.replace("_", " "), self._said(found))
        if self.count():
            self.setCurrentRow(max(before, 0))

    def _said(self, found: Counterfactual) -> str:
        return self.tr("p {before} → {drawn}").format(
            before=percent(found.drawn_reconstruction), drawn=percent(found.drawn[0])
        )

    def _add(self, target: str, picture: np.ndarray, name: str, said: str) -> None:
        drawn = _thumbnail(picture, self._side(), self.font())
        icon = QIcon(drawn)
        icon.addPixmap(drawn, QIcon.Mode.Selected)  # not tinted: greys are what is looked at
        item = QListWidgetItem(icon, f"{said}\n{name}".strip())
        item.setData(Qt.ItemDataRole.UserRole, target)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name} {said}, {watermark()}")
        item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.addItem(item)

    def _side(self) -> int:
        """As large as lets all findings be seen at once, within limits."""
        count = len(self._found) + 1
        room = self.viewport().size()
        lines = _LINES * self.fontMetrics().height()
        least = theme.wide(_LEAST)  # as wide as the longest word of a finding
        for side in range(max(_MOST, least), least, -4):
            columns = max(1, (room.width() - _EDGE) // (side + _GAP))
            if -(-count // columns) * (side + lines + _GAP) <= room.height():
                return side
        return least


def _thumbnail(picture: np.ndarray, side: int, font: QFont) -> QPixmap:
    """A drawing in a square, with its watermark."""
    grey = np.ascontiguousarray(np.rint(picture * 255).astype(np.uint8))
    rows, columns = grey.shape
    drawn = QImage(grey.data, columns, rows, columns, QImage.Format.Format_Grayscale8)
    scaled = drawn.scaled(
        side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    ).convertToFormat(QImage.Format.Format_RGB32)
    painter = QPainter(scaled)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_watermark(painter, scaled.rect().toRectF(), watermark(), font)
    painter.end()
    return QPixmap.fromImage(scaled)
