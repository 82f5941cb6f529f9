"""A cross on a view at the place that the mouse points at in another one."""

from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from readerapp.theme import COLORS
from readerapp.viewer.canvas import ImageCanvas

__all__ = ["LinkedCursor"]

_ARM, _GAP = 14.0, 4.0  # logical pixels; the middle stays open so that what it points at is seen


class LinkedCursor(QWidget):
    """Lies over its canvas and lets everything through."""

    def __init__(self, canvas: ImageCanvas) -> None:
        super().__init__(canvas)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._canvas = canvas
        self._point: tuple[float, float] | None = None
        canvas.installEventFilter(self)
        self.hide()

    @property
    def point(self) -> tuple[float, float] | None:
        """The image point (column, row) that is shown, None where there is none."""
        return self._point

    def show_at(self, point: tuple[float, float] | None) -> None:
        self._point = point
        self.setGeometry(self._canvas.rect())
        self.setVisible(point is not None)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._canvas.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._point is None:
            return
        at = self._canvas.to_screen(*self._point)
        painter = QPainter(self)
        for color, width in (("#000000", 4.0), (COLORS.accent, 1.6)):  # dark below, so that it is seen on white too
            painter.setPen(QPen(QColor(color), width))
            for across, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                arm = QPointF(across, down)
                painter.drawLine(at + arm * _GAP, at + arm * _ARM)
        painter.end()
