"""What is painted over the pixels: captions in the corners, side letters, scale bar, crosshair, lens."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath

from readerapp.theme import COLORS
from readerapp.viewer.lettering import Face, draw_text, elided, face, text_width
from readerapp.viewer.marks import pen
from readerapp.viewer.pixels import Picture

__all__ = [
    "LENS_RADIUS",
    "Caption",
    "Corner",
    "Look",
    "ScaleBar",
    "paint_captions",
    "paint_crosshair",
    "paint_lens",
    "paint_watermark",
    "scale_bar",
]

Corner = Literal["tl", "tr", "bl", "br", "tc", "bc"]
Look = Literal["plain", "letter", "echo", "warning"]

LENS_RADIUS = 130.0  # logical pixels
_MARGIN = 14
_BAR_SHARE = 0.22  # of the canvas' width that a scale bar may take
_OUTLINE = QColor(0, 0, 0, 210)
_MARK_OUTLINE, _MARK_INK = QColor(0, 0, 0, 130), QColor(255, 255, 255, 120)  # of a watermark
_PLAIN = "#c3cad3"
_COLORS = {"plain": _PLAIN, "letter": _PLAIN, "echo": COLORS.accent, "warning": COLORS.warning}


@dataclass(frozen=True)
class Caption:
    """A text and where it stands: top or bottom, left, centre or right. Several at one place stack."""

    text: str
    corner: Corner
    look: Look = "plain"


@dataclass(frozen=True)
class ScaleBar:
    """A line as long as `mm` on the image."""

    length: float  # logical pixels
    mm: float

    @property
    def text(self) -> str:
        return f"{self.mm:g} mm" if self.mm < 10 else f"{self.mm / 10:g} cm"


def scale_bar(mm_per_pixel: float, width: float) -> ScaleBar | None:
    """The longest bar of 1, 2 or 5 × 10ⁿ mm that stands well in a canvas of that width; None where none does."""
    room = _BAR_SHARE * width
    if not (mm_per_pixel > 0 and math.isfinite(mm_per_pixel) and room >= 40):
        return None
    longest = room * mm_per_pixel
    power = 10.0 ** math.floor(math.log10(longest))
    mm = max(step * power for step in (1, 2, 5) if step * power <= longest)
    return ScaleBar(mm / mm_per_pixel, mm)


def paint_captions(
    painter: QPainter, area: QRectF, captions: Sequence[Caption], font: QFont, bar: ScaleBar | None
) -> None:
    """In a narrow image the right ones at the foot stand above the left ones, the middle ones at the top below both."""
    stacks: dict[str, list[Caption]] = {}
    for caption in captions:
        stacks.setdefault(caption.corner, []).append(caption)
    small, large = face(font, 0.95), face(font, 1.3, bold=True)
    fonts = {"plain": small, "warning": small, "letter": large, "echo": large}
    foot = _height(stacks.get("bl", ()), fonts)
    lifts = {"br": 0.0, "bc": 0.0}
    widths = {corner: _widest(stacks, corner, fonts) for corner in ("tl", "tc", "tr", "bl", "br")}
    if widths["tc"] + 2 * max(widths["tl"], widths["tr"]) > area.width() - 4 * _MARGIN:
        lifts["tc"] = max(_height(stacks.get(corner, ()), fonts) for corner in ("tl", "tr"))
    if widths["bl"] + widths["br"] > area.width() - 3 * _MARGIN:
        lifts["br"] = foot + (_bar_height(fonts) if bar else 0.0)
    lifts["bc"] = max(foot, _height(stacks.get("br", ()), fonts) + lifts["br"])
    for corner, stack in stacks.items():
        _paint_stack(painter, area, corner, stack, fonts, lifts.get(corner, 0.0))
    if bar is not None:
        _paint_bar(painter, QPointF(area.left() + _MARGIN, area.bottom() - _MARGIN - foot), bar, fonts["plain"])


def paint_crosshair(painter: QPainter, at: QPointF) -> None:
    """The place that keys have come to: four strokes that leave the middle free."""
    strokes = QPainterPath()
    for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        strokes.moveTo(at.x() + 4 * dx, at.y() + 4 * dy)
        strokes.lineTo(at.x() + 18 * dx, at.y() + 18 * dy)
    for color, width in ((_OUTLINE, 4.5), (QColor(COLORS.warning), 1.8)):
        painter.setPen(pen(color, width))
        painter.drawPath(strokes)


def paint_watermark(painter: QPainter, area: QRectF, text: str, font: QFont) -> None:
    """A word across the picture, above its captions: seen at once, and the picture still seen through it."""
    letters = QFont(font)
    letters.setPixelSize(max(12, round(min(area.width() / (0.9 * len(text)), area.height() / 7))))
    letters.setBold(True)
    word = QPainterPath()
    word.addText(QPointF(0.0, 0.0), letters, text)
    bounds = word.boundingRect()
    word.translate(area.center().x() - bounds.center().x(), area.top() + 0.6 * area.height() - bounds.center().y())
    painter.setPen(pen(_MARK_OUTLINE, 2.0))
    painter.setBrush(_MARK_INK)
    painter.drawPath(word)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_lens(painter: QPainter, at: QPointF, picture: Picture | None, ratio: float) -> None:
    """A round piece of the image around `at`, magnified."""
    disc = QRectF(at.x() - LENS_RADIUS, at.y() - LENS_RADIUS, 2 * LENS_RADIUS, 2 * LENS_RADIUS)
    outline = QPainterPath()
    outline.addEllipse(disc)
    painter.save()
    painter.setClipPath(outline)
    painter.fillRect(disc, QColor(COLORS.image))
    if picture is not None:
        size = QSizeF(picture.image.width() / ratio, picture.image.height() / ratio)
        corner = disc.topLeft() + QPointF(picture.left / ratio, picture.top / ratio)
        painter.drawImage(QRectF(corner, size), picture.image)
    painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((_OUTLINE, 5.0), (QColor(_PLAIN), 2.0)):
        painter.setPen(pen(color, width))
        painter.drawEllipse(disc)


def _paint_stack(
    painter: QPainter, area: QRectF, corner: str, stack: Sequence[Caption], fonts: Mapping[str, Face], lift: float
) -> None:
    at_top = corner[0] == "t"
    top = area.top() + _MARGIN + lift if at_top else area.bottom() - _MARGIN - lift - _height(stack, fonts)
    for caption in stack:
        letters = fonts[caption.look]
        shown = elided(caption.text, letters, area.width() - 2 * _MARGIN)
        width = text_width(shown, letters)
        x = {
            "l": area.left() + _MARGIN,
            "r": area.right() - _MARGIN - width,
            "c": area.center().x() - width / 2,
        }[corner[1]]
        draw_text(painter, QPointF(x, top + letters.ascent), shown, letters, _COLORS[caption.look])
        top += letters.height


def _paint_bar(painter: QPainter, foot: QPointF, bar: ScaleBar, font: Face) -> None:
    """Two upright ends and a line between them, its length written above it."""
    line = QPainterPath()
    y = foot.y() - 9.0
    for x in (foot.x(), foot.x() + bar.length):
        line.moveTo(x, y - 4.0)
        line.lineTo(x, y + 4.0)
    line.moveTo(foot.x(), y)
    line.lineTo(foot.x() + bar.length, y)
    for color, width in ((_OUTLINE, 4.0), (QColor(_PLAIN), 1.6)):
        painter.setPen(pen(color, width))
        painter.drawPath(line)
    draw_text(painter, QPointF(foot.x() + 6.0, y - 6.0), bar.text, font, _PLAIN)


def _bar_height(fonts: Mapping[str, Face]) -> float:
    return fonts["plain"].height + 16.0


def _height(stack: Sequence[Caption], fonts: Mapping[str, Face]) -> float:
    return sum(fonts[caption.look].height for caption in stack)


def _widest(stacks: Mapping[str, Sequence[Caption]], corner: str, fonts: Mapping[str, Face]) -> float:
    return max((text_width(caption.text, fonts[caption.look]) for caption in stacks.get(corner, ())), default=0.0)
