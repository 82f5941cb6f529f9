"""Values with their intervals, drawn in the cells of a table: a forest plot whose rows sort, filter and copy."""

from collections.abc import Sequence
from typing import Protocol

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from readerapp import theme
from readerapp.desk.columns import Axis, Span

_MARGIN_PX = 18.0  # within a cell, so that marks at the ends are whole
_RADIUS_PX = 4.0
_APART_PX = 4.5  # between the marks of one row, up and down
LOOKS = (theme.COLORS.accent, theme.COLORS.warning)


class SpanSource(Protocol):
    """What the drawing asks of a model."""

    axes: dict[int, Axis]

    def spans(self, index: QModelIndex | QPersistentModelIndex) -> Sequence[Span]:
        """What is drawn in a cell."""


def place_on(axis: Axis, rect: QRectF, value: float) -> float:
    """x of a value in a cell."""
    return rect.left() + _MARGIN_PX + axis.share(value) * (rect.width() - 2 * _MARGIN_PX)


class SpanDelegate(QStyledItemDelegate):
    """Draws the spans of a cell in place of its words; the words stay for copying and screen readers."""

    def __init__(self, source: SpanSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._source = source

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        if self._source.spans(index):
            option.text = ""  # type: ignore[attr-defined]

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        spans = self._source.spans(index)
        if not spans:
            return  # the words that stand in place of a value are not crossed by the lines of the axis
        axis, rect = self._source.axes[index.column()], QRectF(option.rect)  # type: ignore[attr-defined]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _draw_grid(painter, axis, rect)
        first = rect.center().y() - _APART_PX * (len(spans) - 1) / 2 * 2
        for number, span in enumerate(spans):
            _draw_span(painter, axis, rect, span, first + 2 * _APART_PX * number)
        painter.restore()


def _draw_grid(painter: QPainter, axis: Axis, rect: QRectF) -> None:
    for value, _ in axis.ticks:
        meant = axis.reference is not None and abs(value - axis.reference) < 1e-9
        painter.setPen(QPen(QColor(theme.COLORS.faint if meant else theme.COLORS.line), 1.4 if meant else 1.0))
        x = place_on(axis, rect, value)
        painter.drawLine(QPointF(x, rect.top()), QPointF(x, rect.bottom() + 1))


def _draw_span(painter: QPainter, axis: Axis, rect: QRectF, span: Span, y: float) -> None:
    color = QColor(LOOKS[span.look])
    painter.setPen(QPen(color, 1.8))
    if span.low == span.low and span.high == span.high:
        left, right = place_on(axis, rect, span.low), place_on(axis, rect, span.high)
        painter.drawLine(QPointF(left, y), QPointF(right, y))
        for x in (left, right):
            painter.drawLine(QPointF(x, y - 3), QPointF(x, y + 3))
    draw_look(painter, QPointF(place_on(axis, rect, span.value), y), span.look)


def draw_look(painter: QPainter, at: QPointF, look: int) -> None:
    """The mark of a value: a filled circle, or a hollow diamond."""
    color = QColor(LOOKS[look])
    painter.setPen(QPen(color, 1.6))
    if look == 0:
        painter.setBrush(color)
        painter.drawEllipse(at, _RADIUS_PX, _RADIUS_PX)
    else:
        painter.setBrush(QColor(theme.COLORS.ground))
        r = _RADIUS_PX + 1
        painter.drawPolygon(
            QPolygonF([at + QPointF(0, -r), at + QPointF(r, 0), at + QPointF(0, r), at + QPointF(-r, 0)])
        )


class TickedHeader(QHeaderView):
    """A header that writes the ticks of an axis below the title of its column."""

    def __init__(self, source: SpanSource, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._source = source

    def sectionSizeFromContents(self, section: int) -> QSize:
        size = super().sectionSizeFromContents(section)
        return size + QSize(0, self.fontMetrics().height() + 2) if section in self._source.axes else size

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        painter.save()
        super().paintSection(painter, rect, section)
        painter.restore()
        axis = self._source.axes.get(section)
        if axis is None:
            return
        painter.save()
        painter.setPen(QColor(theme.COLORS.text))
        height = self.fontMetrics().height()
        free = float(rect.left())  # where the next label may begin
        for value, text in axis.ticks:
            x, half = place_on(axis, QRectF(rect), value), self.fontMetrics().horizontalAdvance(text) / 2
            if x - half < free:
                continue
            free = x + half + 6
            place = QRectF(x - 30, rect.bottom() - height - 2, 60, height)
            painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, text)
        painter.restore()
