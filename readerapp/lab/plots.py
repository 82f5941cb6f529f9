"""Plots of the lab: pyqtgraph in our colours, without its menus. Lines differ in style as well as in colour."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetrics, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from readerapp import theme
from readerapp.desk.curves import COLORS, line_pen

__all__ = ["Band", "Line", "Plot", "legend"]

Pairs = Sequence[tuple[float, float]]
_BAND_ALPHA = 55
_LEAST_WIDTH = 180
_TITLE_MARGIN = 70  # pixels beside it, the axis included
_STROKES = ("━━━", "━ ━ ━", "• • •", "━ • ━", "━ • •")  # the styles of `line_pen`


@dataclass(frozen=True)
class Line:
    """One curve; its name is told by `legend`; `dots` where there are few points."""

    name: str
    points: Pairs
    number: int  # of its colour and style
    dots: bool = False


def legend(names: Sequence[str]) -> str:
    """The names of curves behind a piece of each, as rich text; beside the plot, where it covers no curve."""
    pieces = [
        f'<span style="color:{COLORS[n % len(COLORS)]}">{_STROKES[n % len(_STROKES)]}</span>&nbsp;{escape(name)}'
        for n, name in enumerate(names)
    ]
    return "&nbsp;&nbsp;&nbsp; ".join(pieces)


@dataclass(frozen=True, eq=False)
class Band:
    """Between two curves over the same places."""

    x: np.ndarray
    low: np.ndarray
    high: np.ndarray
    number: int


class Plot(pg.PlotWidget):  # type: ignore[misc]
    """Axes with a title; the mouse zooms and pans where `moving`, "A" in the corner brings all back."""

    def __init__(
        self, name: str, title: str, across: str, up: str, *, moving: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, background=theme.COLORS.panel)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setMenuEnabled(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # a picture; its numbers are in the tables beside it
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setMinimumSize(_LEAST_WIDTH, _LEAST_WIDTH - 40)
        self.setMouseEnabled(moving, moving)
        self._title: tuple[str, ...] = (title,)
        item = self.getPlotItem()
        item.setLabel("bottom", across, color=theme.COLORS.muted)
        item.setLabel("left", up, color=theme.COLORS.muted)
        item.showGrid(x=True, y=True, alpha=0.15)
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setPen(QPen(QColor(theme.COLORS.line)))
            axis.setTextPen(QPen(QColor(theme.COLORS.muted)))
            axis.enableAutoSIPrefix(False)
        self.set_title(title)

    def set_title(self, title: str, below: str = "") -> None:
        """Another title, in one line where there is room, else in two."""
        self._title = tuple(line for line in (title, below) if line)
        self.setAccessibleName(": ".join(self._title))
        self._fit_title()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_title"):  # pyqtgraph resizes while it is being made
            self._fit_title()

    def _fit_title(self) -> None:
        """As much of the title as there is room for: pyqtgraph would widen the plot beyond its frame instead."""
        metrics, room = QFontMetrics(self.font()), max(40, self.viewport().width() - _TITLE_MARGIN)
        whole = ": ".join(self._title)
        words = (whole,) if metrics.horizontalAdvance(whole) <= room else self._title
        lines = [escape(metrics.elidedText(line, Qt.TextElideMode.ElideMiddle, room)) for line in words]
        item, height = self.getPlotItem(), metrics.lineSpacing() * len(lines) + 8
        item.setTitle("<br>".join(lines), color=theme.COLORS.text, size=f"{self.font().pointSizeF():.0f}pt")
        item.titleLabel.setMaximumHeight(height)
        item.layout.setRowFixedHeight(0, height)

    def show_lines(self, lines: Sequence[Line], bands: Sequence[Band] = ()) -> None:
        """Other curves in place of those shown."""
        self.clear()
        for band in bands:
            self._add_band(band)
        for line in lines:
            self._add_line(line)

    def unit_square(self) -> None:
        """Both axes from 0 to 1, and nothing beyond."""
        self.setXRange(0, 1, padding=0.03)
        self.setYRange(0, 1, padding=0.03)
        for side in ("left", "bottom"):
            self.getPlotItem().getAxis(side).setTicks([[(tick / 5, f"{tick / 5:.1f}") for tick in range(6)]])

    def diagonal(self) -> None:
        """The line of chance, or of perfect calibration."""
        self.plot([0, 1], [0, 1], pen=QPen(QColor(theme.COLORS.faint), 0, Qt.PenStyle.DashLine))

    def _add_line(self, line: Line) -> None:
        x, y = np.array(line.points, dtype=float).reshape(-1, 2).T
        pen = line_pen(line.number, 1.6)
        pen.setCosmetic(True)
        dots = {"symbol": "o", "symbolSize": 6, "symbolBrush": COLORS[line.number % len(COLORS)], "symbolPen": None}
        self.plot(x, y, pen=pen, name=line.name, **(dots if line.dots else {}))

    def _add_band(self, band: Band) -> None:
        color = QColor(COLORS[band.number % len(COLORS)])
        color.setAlpha(_BAND_ALPHA)
        edges = [pg.PlotCurveItem(band.x, edge, pen=QPen(color)) for edge in (band.low, band.high)]
        self.addItem(pg.FillBetweenItem(*edges, brush=color))
