"""The concordance matrix: readers against readers, as numbers on a scale that every eye can tell apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from readerapp import theme
from readerapp.desk.columns import MISSING
from readerapp.numbers import decimal_text

# Five stops of the cividis map (Nuñez, Anderton, Renslow 2018, PLoS ONE 13:e0199239), even for colour-blind eyes.
_STOPS = ((0, 34, 78), (53, 69, 108), (102, 105, 112), (148, 142, 119), (190, 184, 101), (254, 232, 56))

_STEPS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


def scale_color(share: float) -> QColor:
    """The colour of a value between 0 (dark blue) and 1 (yellow)."""
    place = min(1.0, max(0.0, share)) * (len(_STOPS) - 1)
    low = min(int(place), len(_STOPS) - 2)
    rest = place - low
    return QColor(*(round(a + (b - a) * rest) for a, b in zip(_STOPS[low], _STOPS[low + 1])))


def text_color(ground: QColor) -> QColor:
    """Black or white, whichever stands out more on `ground` (relative luminance, WCAG 2.1)."""
    light = 0.2126 * ground.redF() ** 2.2 + 0.7152 * ground.greenF() ** 2.2 + 0.0722 * ground.blueF() ** 2.2
    return QColor("#000000" if (light + 0.05) ** 2 > 0.0525 else "#ffffff")


@dataclass(frozen=True)
class Scale:
    """What the values are: where the colours end, the digits shown, and whether the diagonal says something."""

    high: float = 1.0
    digits: int = 2
    own: bool = False  # the diagonal holds a reader's own value


class MatrixView(QWidget):
    """Readers against readers. Values from 0 to the scale's end fill the colours; a missing one is drawn as a dash.

    A click, or Enter on the cell that the arrow keys have chosen, opens a cell; Ctrl+C copies the matrix.
    """

    cell_opened = Signal(str, str)  # two readers, the same one twice on the diagonal

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("concordance")
        self._readers: tuple[str, ...] = ()
        self._values: tuple[tuple[float, ...], ...] = ()
        self._scale = Scale()
        self._what = ""
        self._chosen = (0, 1)
        self.setAccessibleName(self.tr("Readers against readers"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_matrix(
        self, readers: Sequence[str], values: Sequence[Sequence[float]], what: str, scale: Scale = Scale()
    ) -> None:
        """Readers (n), values (n, n) up to `scale.high` or NaN, and what a cell says, for tooltip and screen reader."""
        self._readers, self._values = tuple(readers), tuple(tuple(row) for row in values)
        self._scale, self._what = scale, what
        last = max(len(self._readers) - 1, 0)
        self._chosen = min(self._chosen[0], last), min(self._chosen[1], last)
        lines = [self._pair_text(i, j) for i in range(len(readers)) for j in range(len(readers)) if i < j]
        self.setAccessibleDescription(f"{what}. " + "; ".join(lines))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(340, 340)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 150)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._readers:
            return
        cell, origin = self._geometry()
        self._paint_names(painter, cell, origin)
        for row in range(len(self._readers)):
            for column in range(len(self._readers)):
                self._paint_cell(painter, self._cell_rect(cell, origin, row, column), row, column)
        self._paint_scale(painter, cell, origin)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.COLORS.text), 2))
            painter.drawRect(self._cell_rect(cell, origin, *self._chosen).adjusted(1, 1, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._cell_at(event.position())
        if found and event.button() == Qt.MouseButton.LeftButton:
            self._chosen = found
            self.update()
            self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(event.key())
        last = len(self._readers) - 1
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.as_text())
        elif step and self._readers:
            row, column = self._chosen[0] + step[0], self._chosen[1] + step[1]
            self._chosen = min(max(row, 0), last), min(max(column, 0), last)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._readers:
            self._open()
        else:
            super().keyPressEvent(event)

    def as_text(self) -> str:
        """Tab-separated, readers as header and first column."""
        lines = ["\t".join(("", *self._readers))]
        for row, reader in enumerate(self._readers):
            lines.append("\t".join((reader, *(self._text(row, column) for column in range(len(self._readers))))))
        return "\n".join(lines) + "\n"

    def _open(self) -> None:
        row, column = self._chosen
        self.cell_opened.emit(self._readers[row], self._readers[column])

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent) and self._readers:
            self.setToolTip(self._tip(event.pos().toPointF()))
        return super().event(event)  # type: ignore[arg-type]

    def _text(self, row: int, column: int) -> str:
        value = self._values[row][column]
        return MISSING if value != value else decimal_text(value, self._scale.digits)

    def _pair_text(self, row: int, column: int) -> str:
        pair = self.tr("{a} and {b}: {value}")
        return pair.format(a=self._readers[row], b=self._readers[column], value=self._text(row, column))

    def _tip(self, place: QPointF) -> str:
        found = self._cell_at(place)
        if not found:
            return self._what
        click = self.tr("Click to see the cases on which they differ.")
        return f"{self._what}\n{self._pair_text(*found)}\n{click}"

    def _cell_at(self, place: QPointF) -> tuple[int, int] | None:
        if not self._readers:
            return None
        cell, origin = self._geometry()
        column, row = int((place.x() - origin.x()) // cell), int((place.y() - origin.y()) // cell)
        inside = 0 <= row < len(self._readers) and 0 <= column < len(self._readers)
        return (row, column) if inside else None

    def _geometry(self) -> tuple[float, QPointF]:
        """Side of a cell, and the top left corner of the first one."""
        metrics = self.fontMetrics()
        names = min(110, max(metrics.horizontalAdvance(name) for name in self._readers)) + 14
        head = metrics.height() + 10
        n = len(self._readers)
        side = min((self.width() - names - 70) / n, (self.height() - head - 12) / n, 92.0)
        return max(side, 8.0), QPointF(names, head)

    def _cell_rect(self, cell: float, origin: QPointF, row: int, column: int) -> QRectF:
        return QRectF(origin.x() + column * cell, origin.y() + row * cell, cell - 2, cell - 2)

    def _paint_names(self, painter: QPainter, cell: float, origin: QPointF) -> None:
        painter.setPen(QColor(theme.COLORS.text))
        for number, name in enumerate(self._readers):
            metrics = painter.fontMetrics()
            across = QRectF(origin.x() + number * cell, 0, cell - 2, origin.y())
            down = QRectF(0, origin.y() + number * cell, origin.x() - 8, cell - 2)
            short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(cell - 4))
            painter.drawText(across, Qt.AlignmentFlag.AlignCenter, short)
            painter.drawText(down, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, name)

    def _paint_cell(self, painter: QPainter, rect: QRectF, row: int, column: int) -> None:
        value = self._values[row][column]
        known = value == value
        silent = row == column and not self._scale.own
        ground = scale_color(value / self._scale.high) if known and not silent else QColor(theme.COLORS.raised)
        painter.fillRect(rect, ground)
        if rect.width() >= painter.fontMetrics().horizontalAdvance("0.00"):
            painter.setPen(text_color(ground) if known and not silent else QColor(theme.COLORS.muted))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "" if silent else self._text(row, column))

    def _paint_scale(self, painter: QPainter, cell: float, origin: QPointF) -> None:
        height = cell * len(self._readers) - 2
        left = origin.x() + cell * len(self._readers) + 16
        steps = 64
        for step in range(steps):
            rect = QRectF(left, origin.y() + height * step / steps, 10, height / steps + 1)
            painter.fillRect(rect, scale_color(1 - step / (steps - 1)))
        painter.setPen(QColor(theme.COLORS.muted))
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        top = QRectF(left + 14, origin.y() - 8, 60, 16)
        painter.drawText(top, side, decimal_text(self._scale.high, min(1, self._scale.digits)))
        painter.drawText(top.translated(0, height), side, "0")
