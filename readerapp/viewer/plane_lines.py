"""Two lines on a plane of a volume, where the other planes cut it; a hand that takes hold of them scrolls those."""

from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QPainter

from readerapp.theme import COLORS
from readerapp.viewer.canvas import ImageCanvas

__all__ = ["PlaneLines"]

_REACH = 5.0  # logical pixels on either side of a line at which a hand takes hold of it
_MIDDLE = 14.0  # logical pixels about the crossing at which it takes hold of both; they are open there


class PlaneLines(QObject):
    """A handle of its canvas, which paints it under the captions and gives it the drags that begin at a line."""

    moved = Signal(object)  # (column, row) that the crossing should come to; a line that is not held stays

    def __init__(self, canvas: ImageCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._point: tuple[float, float] | None = None
        self._held = (False, False)  # the upright line, the level one
        self._aside = QPointF()  # from the hand to the crossing
        canvas.set_handle(self)

    @property
    def point(self) -> tuple[float, float] | None:
        """The image point (column, row) at which the lines cross, None where there are none."""
        return self._point

    def show_at(self, point: tuple[float, float] | None) -> None:
        if point != self._point:
            self._point = point
            self._canvas.update()

    def near(self, at: QPointF) -> bool:
        """Whether a press there takes hold of a line."""
        return any(self._touched(at))

    def take(self, at: QPointF) -> None:
        """A button went down at a line."""
        self._held = self._touched(at)
        if self._point is not None:
            self._aside = self._canvas.to_screen(*self._point) - at

    def move_to(self, at: QPointF) -> None:
        """What is held follows the hand, within the image."""
        if self._point is not None:
            hand = self._canvas.inside(self._canvas.to_image(at + self._aside))
            # In a picture on its side it is the level line that stands at a column.
            along, across = self._held[::-1] if self._canvas.view.quarter_turns % 2 else self._held
            self.moved.emit((hand[0] if along else self._point[0], hand[1] if across else self._point[1]))

    def paint(self, painter: QPainter) -> None:
        """The lines over the picture, open in the middle so that what they cross in is seen."""
        picture = self._picture()
        if self._point is None or picture.isEmpty():
            return
        at = self._canvas.to_screen(*self._point)
        x, y = round(at.x() - 0.5), round(at.y() - 0.5)  # filled boxes on whole pixels: much sooner painted than lines
        level, upright = picture.adjusted(0, y - picture.top(), 0, 0), picture.adjusted(x - picture.left(), 0, 0, 0)
        level.setHeight(1)
        upright.setWidth(1)
        for color, more in ((QColor(0, 0, 0, 130), 1), (QColor(COLORS.accent), 0)):  # dark below: seen on white too
            for line in (
                level.adjusted(0, -more, x - _MIDDLE - level.right(), more),
                level.adjusted(x + 1 + _MIDDLE - level.left(), -more, 0, more),
                upright.adjusted(-more, 0, more, y - _MIDDLE - upright.bottom()),
                upright.adjusted(-more, y + 1 + _MIDDLE - upright.top(), more, 0),
            ):
                if line.width() > 0 and line.height() > 0:
                    painter.fillRect(line, color)

    def _touched(self, at: QPointF) -> tuple[bool, bool]:
        """Whether a place touches the upright line on the screen, and the level one."""
        if self._point is None or not self._picture().contains(at):
            return False, False
        away = at - self._canvas.to_screen(*self._point)
        if max(abs(away.x()), abs(away.y())) <= _MIDDLE:
            return True, True
        return abs(away.x()) <= _REACH, abs(away.y()) <= _REACH

    def _picture(self) -> QRectF:
        """What of the canvas the image covers."""
        image = self._canvas.image
        if image is None:
            return QRectF()
        corners = self._canvas.to_screen(-0.5, -0.5), self._canvas.to_screen(image.columns - 0.5, image.rows - 0.5)
        return QRectF(*corners).normalized().intersected(self._canvas.area())
