"""Learning curves: time at work on a case against its place in each reader's order."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from readerapp import theme
from readerapp.desk.progress_columns import time_text
from readerapp.reading_progress import Curve

# Okabe and Ito's colours (Color Universal Design, 2008), the green lighter for a dark ground; a line style for each.
COLORS = ("#56b4e9", "#e69f00", "#2fbf9b", "#f0e442", "#cc79a7", "#d55e00", "#ffffff", "#7d8cff")
STYLES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DotLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DashDotDotLine,
)
_LEFT, _RIGHT, _TOP, _BOTTOM = 74, 24, 16, 44
_STEPS = tuple(n * 10**power for power in range(7) for n in (1, 2, 5))  # between ticks of places
_MOST_TICKS = 8
_LEAST_S = 0.1  # shorter times are drawn there: no digit below it is shown
_LADDER = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600)  # seconds


def line_pen(number: int, width: float = 2.0) -> QPen:
    """The pen of the n-th of several: colour and line style both differ."""
    pen = QPen(QColor(COLORS[number % len(COLORS)]), width, STYLES[number % len(STYLES)])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen


class CurvesView(QWidget):
    """Painted once into a picture, again when the curves or the size change. Ctrl+C copies the numbers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("learning_curves")
        self.setAccessibleName(self.tr("Learning curves"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._curves: tuple[Curve, ...] = ()
        self._picture: QPixmap | None = None

    def show_curves(self, curves: Sequence[Curve]) -> None:
        """Curves in the readers' order; readers who have read nothing are not drawn."""
        self._curves = tuple(curve for curve in curves if curve.middle)
        self._picture = None
        said = self.tr("{reader}: from {first} to {last} a case")
        self.setAccessibleDescription(
            "; ".join(
                said.format(
                    reader=curve.reader_id, first=time_text(curve.middle[0][1]), last=time_text(curve.middle[-1][1])
                )
                for curve in self._curves
            )
        )
        self.update()

    def as_text(self) -> str:
        """The running medians, tab-separated."""
        lines = ["\t".join((self.tr("Reader"), self.tr("Place"), self.tr("Seconds")))]
        for curve in self._curves:
            lines += [f"{curve.reader_id}\t{place:.0f}\t{seconds:.2f}" for place, seconds in curve.middle]
        return "\n".join(lines) + "\n"

    def sizeHint(self) -> QSize:
        return QSize(700, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 180)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.as_text())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        if self._picture is None or self._picture.deviceIndependentSize() != self.size().toSizeF():
            self._picture = QPixmap(self.size() * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(QColor(theme.COLORS.panel))
            painter = QPainter(self._picture)
            painter.setFont(self.font())
            self._paint(painter)
            painter.end()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.COLORS.accent), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._curves:
            painter.setPen(QColor(theme.COLORS.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("Nobody has finished a case yet."))
            return
        widest = max(painter.fontMetrics().horizontalAdvance(curve.reader_id) for curve in self._curves)
        plot = QRectF(self.rect()).adjusted(_LEFT, _TOP, -(_RIGHT + widest + 56), -_BOTTOM)
        scale = _Scale(plot, self._curves)
        self._paint_axes(painter, plot, scale)
        for number, curve in enumerate(self._curves):
            _paint_curve(painter, curve, number, scale)
            _paint_legend(painter, curve, number, plot)

    def _paint_axes(self, painter: QPainter, plot: QRectF, scale: "_Scale") -> None:
        line, words = QColor(theme.COLORS.line), QColor(theme.COLORS.muted)
        height = painter.fontMetrics().height()
        for seconds in scale.seconds:
            y = scale.at(1, seconds).y()
            painter.setPen(line)
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(words)
            place = QRectF(0, y - height / 2, _LEFT - 8, height)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, time_text(seconds))
        for count in scale.places:
            x = scale.at(count, scale.seconds[0]).x()
            place = QRectF(x - 40, plot.bottom() + 4, 80, height)
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, f"{count:,}")
        below = QRectF(plot.left(), plot.bottom() + 6 + height, plot.width(), height + 2)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, self.tr("cases read, in each reader's own order"))


class _Scale:
    """Places (from 1) across, seconds up on a logarithmic scale, as times of reading are skewed."""

    def __init__(self, plot: QRectF, curves: Sequence[Curve]) -> None:
        values = [max(s, _LEAST_S) for curve in curves for _, s in (*curve.points, *curve.middle)]
        below = [step for step in _LADDER if step <= min(values)]
        above = [step for step in _LADDER if step >= max(values)] or [max(values)]
        low, high = below[-1], max(above[0], below[-1] * 2)
        self.seconds = [low, *(step for step in _LADDER if low < step < high), high]
        self._low, self._high = math.log(low), math.log(high)
        self._last = max(2.0, max(place for curve in curves for place, _ in (*curve.points, *curve.middle)))
        step = next(n for n in _STEPS if self._last / n <= _MOST_TICKS)
        self.places = [1, *range(max(step, 2), int(self._last) + 1, step)]
        self._plot = plot

    def at(self, place: float, seconds: float) -> QPointF:
        share = (math.log(max(seconds, _LEAST_S)) - self._low) / (self._high - self._low)
        x = self._plot.left() + (place - 1) / (self._last - 1) * self._plot.width()
        return QPointF(x, self._plot.bottom() - share * self._plot.height())


def _paint_curve(painter: QPainter, curve: Curve, number: int, scale: _Scale) -> None:
    color = QColor(COLORS[number % len(COLORS)])
    faint = QColor(color)
    faint.setAlpha(110)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)  # many points: squares are drawn at once
    painter.setPen(QPen(faint, 4.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
    painter.drawPoints(QPolygonF([scale.at(*point) for point in curve.points]))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(line_pen(number))
    painter.drawPolyline(QPolygonF([scale.at(*point) for point in curve.middle]))


def _paint_legend(painter: QPainter, curve: Curve, number: int, plot: QRectF) -> None:
    height = painter.fontMetrics().height() + 6
    left, y = plot.right() + 16, plot.top() + height * number + height / 2
    painter.setPen(line_pen(number))
    painter.drawLine(QPointF(left, y), QPointF(left + 30, y))
    painter.setPen(QColor(theme.COLORS.text))
    painter.drawText(QPointF(left + 38, y + painter.fontMetrics().ascent() / 2 - 1), curve.reader_id)
