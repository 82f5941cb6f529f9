"""Two lines on a plane of a volume, where the other planes cut it; a hand that takes hold of them scrolls those."""

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from readerapp.theme import COLORS
from readerapp.viewer.canvas import ImageCanvas

__all__ = ["PlaneLines"]

_REACH = 5.0  # logical pixels on either side of a line at which a hand takes hold of it
_MIDDLE = 14.0  # logical pixels about the crossing at which it takes hold of both; they are open there


class PlaneLines(QWidget):
    """Lies over its canvas and lets everything through; the canvas hands it the drags that begin at a line."""

    moved = Signal(object)  # (column, row) that the crossing should come to; a line that is not held stays

    def __init__(self, canvas: ImageCanvas) -> None:
        super().__init__(canvas)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._canvas = canvas
        self._point: tuple[float, float] | None = None
        self._held = (False, False)  # the upright line, the level one
        self._hidden = False
        canvas.installEventFilter(self)
        canvas.set_handle(self)
        self.hide()

    @property
    def point(self) -> tuple[float, float] | None:
        """The image point (column, row) at which the lines cross, None where there are none."""
        return self._point

    def show_at(self, point: tuple[float, float] | None) -> None:
        self._point = point
        self.setGeometry(self._canvas.rect())
        self.setVisible(point is not None and not self._hidden)
        self.update()

    def set_hidden(self, hidden: bool) -> None:
        """Hides the lines while held."""
        self._hidden = hidden
        self.setVisible(self._point is not None and not hidden)

    # A handle of the canvas

    def near(self, at: QPointF) -> bool:
        """Whether a press there takes hold of a line."""
        return self.isVisible() and any(self._touched(at))

    def take(self, at: QPointF) -> None:
        """A button went down at a line."""
        self._held = self._touched(at)

    def move_to(self, at: QPointF) -> None:
        """What is held follows the hand, within the image."""
        if self._point is not None:
            hand = self._canvas.inside(self._canvas.to_image(at))
            along, across = self._runs_upright
            column = hand[0] if self._held[along] else self._point[0]
            row = hand[1] if self._held[across] else self._point[1]
            self.moved.emit((column, row))

    def _touched(self, at: QPointF) -> tuple[bool, bool]:
        """Whether a place touches the upright line on the screen, and the level one."""
        if self._point is None:
            return False, False
        away = at - self._canvas.to_screen(*self._point)
        if max(abs(away.x()), abs(away.y())) <= _MIDDLE:
            return True, True
        return abs(away.x()) <= _REACH, abs(away.y()) <= _REACH

    @property
    def _runs_upright(self) -> tuple[int, int]:
        """Which line, the upright (0) or the level one (1), moves columns, and which rows: they swap in turned ones."""
        return (1, 0) if self._canvas.view.quarter_turns % 2 else (0, 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._canvas.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._point is None:
            return
        at = self._canvas.to_screen(*self._point)
        width, height = float(self.width()), float(self.height())
        ends = QPointF(0.0, at.y()), QPointF(width, at.y()), QPointF(at.x(), 0.0), QPointF(at.x(), height)
        painter = QPainter(self)
        for color, thick in ((QColor(0, 0, 0, 130), 3.0), (QColor(COLORS.accent), 1.0)):  # dark below: seen on white
            painter.setPen(QPen(color, thick))
            for end in ends:
                length = (end - at).manhattanLength()
                if length > _MIDDLE:
                    painter.drawLine(at + (end - at) * (_MIDDLE / length), end)
        painter.end()
