"""Figures of matplotlib drawn on a page of reportlab as lines and text: crisp at any size, their words can be searched.

A page's coordinates are points (1/72 inch), the origin at the lower left, as matplotlib's at 72 dots an inch.
"""

from typing import Any

from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path as Outline
from matplotlib.transforms import Transform
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from studies.exports.report.fonts import BOLD, PLAIN

_POINTS_AN_INCH = 72
_CAPS = {"butt": 0, "round": 1, "projecting": 2}
_MOVE, _LINE, _CURVE3, _CURVE4, _CLOSE = 1, 2, 3, 4, 79  # matplotlib.path.Path's codes


class VectorFigure(Flowable):  # type: ignore[misc]
    """A figure as wide as it was made, or smaller where the frame is."""

    def __init__(self, figure: Figure, most_height: float) -> None:
        super().__init__()
        self._figure = figure
        self._most_height = most_height  # points
        self.hAlign = "LEFT"

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        own_width, own_height = (_POINTS_AN_INCH * side for side in self._figure.get_size_inches())
        self._scale = min(1.0, width / own_width, self._most_height / own_height)
        return own_width * self._scale, own_height * self._scale

    def draw(self) -> None:
        canvas, dpi = self.canv, self._figure.dpi
        canvas.saveState()
        canvas.scale(self._scale, self._scale)
        try:
            self._figure.dpi = _POINTS_AN_INCH
            self._figure.draw(_PageRenderer(canvas, self._figure))
        finally:
            self._figure.dpi = dpi
            canvas.restoreState()


class _PageRenderer(RendererBase):
    """What matplotlib asks of a place to draw on."""

    def __init__(self, canvas: Canvas, figure: Figure) -> None:
        super().__init__()
        self._canvas = canvas
        self._size = tuple(_POINTS_AN_INCH * side for side in figure.get_size_inches())

    def flipy(self) -> bool:
        return False

    def get_canvas_width_height(self) -> tuple[float, float]:
        return self._size[0], self._size[1]

    def draw_path(self, gc: GraphicsContextBase, path: Outline, transform: Transform, rgbFace: Any = None) -> None:
        canvas = self._canvas
        stroke = gc.get_linewidth() > 0
        if not stroke and rgbFace is None:
            return
        canvas.saveState()
        self._clip(gc)
        canvas.setLineWidth(gc.get_linewidth())
        canvas.setLineCap(_CAPS[gc.get_capstyle()])
        canvas.setStrokeColorRGB(*gc.get_rgb()[:3])
        offset, dashes = gc.get_dashes()
        if dashes is not None:
            canvas.setDash([float(dash) for dash in dashes], offset)  # type: ignore[union-attr, arg-type]
        if rgbFace is not None:
            canvas.setFillColorRGB(*rgbFace[:3])
        canvas.drawPath(_outline(canvas, path, transform), stroke=stroke, fill=rgbFace is not None)
        canvas.restoreState()

    def draw_text(
        self,
        gc: GraphicsContextBase,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        canvas = self._canvas
        canvas.saveState()
        canvas.setFillColorRGB(*gc.get_rgb()[:3])
        canvas.setFont(BOLD if prop.get_weight() in ("bold", 700) else PLAIN, prop.get_size_in_points())
        canvas.translate(x, y)
        canvas.rotate(angle)
        canvas.drawString(0, 0, s)
        canvas.restoreState()

    def _clip(self, gc: GraphicsContextBase) -> None:
        box = gc.get_clip_rectangle()
        if box is not None:
            window = self._canvas.beginPath()
            window.rect(box.x0, box.y0, box.width, box.height)
            self._canvas.clipPath(window, stroke=0, fill=0)


def _outline(canvas: Canvas, path: Outline, transform: Transform) -> Any:
    """The path in reportlab's words; a quadratic curve as the cubic one it is."""
    made = canvas.beginPath()
    here = (0.0, 0.0)
    for points, code in path.iter_segments(transform, simplify=False):
        p = [float(number) for number in points]
        if code == _MOVE:
            made.moveTo(*p)
        elif code == _LINE:
            made.lineTo(*p)
        elif code == _CURVE3:
            first = [a + 2 / 3 * (c - a) for a, c in zip(here, p[:2])]
            second = [b + 2 / 3 * (c - b) for b, c in zip(p[2:], p[:2])]
            made.curveTo(*first, *second, *p[2:])
        elif code == _CURVE4:
            made.curveTo(*p)
        elif code == _CLOSE:
            made.close()
        if code != _CLOSE:
            here = (p[-2], p[-1])
    return made
