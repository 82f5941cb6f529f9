"""Text on an image: with a dark outline, so that it is read on any ground, and drawn once for as long as it stays.

An outlined text costs nine strokes of every letter; a drag of the window would pay that for all captions at every
step. So each text is kept as a small picture, and painting it again is a copy.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from readerapp.theme import scaled

__all__ = ["Face", "draw_text", "elided", "face", "text_width"]

_OUTLINE = QColor(0, 0, 0, 150)
_OUTLINE_WIDTH = 1.2  # logical pixels
_EDGE = 3  # logical pixels around a text for its outline and what leans out of it


@dataclass(frozen=True)
class Face:
    """A font and what is asked of it at every paint; `name` is all of the font as a text, logical pixels."""

    name: str
    height: float
    ascent: float
    descent: float


def face(font: QFont, factor: float = 1.0, bold: bool = False) -> Face:
    """The widget's own font, `factor` times as large."""
    return _face(font.toString(), factor, bold)


def draw_text(painter: QPainter, baseline: QPointF, text: str, letters: Face, color: str) -> None:
    """Text with a dark outline; `baseline` is the left end of its baseline, `color` `#rrggbb`."""
    ratio = painter.device().devicePixelRatioF()
    # On whole device pixels: between them every letter would be smeared.
    x = round((baseline.x() - _EDGE) * ratio) / ratio
    y = round((baseline.y() - letters.ascent - _EDGE) * ratio) / ratio
    painter.drawImage(QPointF(x, y), _picture(text, letters, color, ratio))


@lru_cache(maxsize=512)
def text_width(text: str, letters: Face) -> float:
    """Logical pixels from the beginning of a text to its end."""
    return QFontMetricsF(_font(letters.name)).horizontalAdvance(text)


def elided(text: str, letters: Face, room: float) -> str:
    """The text, or what of it fits, its middle left out."""
    if text_width(text, letters) <= room:
        return text
    return QFontMetricsF(_font(letters.name)).elidedText(text, Qt.TextElideMode.ElideMiddle, room)


@lru_cache(maxsize=64)
def _face(name: str, factor: float, bold: bool) -> Face:
    weight = QFont.Weight.DemiBold if bold else QFont.Weight.Normal
    font = scaled(_font(name), factor, weight)
    metrics = QFontMetricsF(font)
    return Face(font.toString(), metrics.height(), metrics.ascent(), metrics.descent())


@lru_cache(maxsize=256)
def _picture(text: str, letters: Face, color: str, ratio: float) -> QImage:
    width = math.ceil((text_width(text, letters) + 2 * _EDGE) * ratio)
    height = math.ceil((letters.height + 2 * _EDGE) * ratio)
    dark, light = (_drawn(text, letters, ink, (width, height), ratio) for ink in (_OUTLINE, QColor(color)))
    picture = _empty(width, height, ratio)
    painter = QPainter(picture)
    step = round(_OUTLINE_WIDTH * ratio) / ratio
    for dx in (-step, 0.0, step):
        for dy in (-step, 0.0, step):
            painter.drawImage(QPointF(dx, dy), dark)  # much sooner done than a text, and than a stroked path
    painter.drawImage(QPointF(0.0, 0.0), light)
    painter.end()
    return picture


def _drawn(text: str, letters: Face, ink: QColor, size: tuple[int, int], ratio: float) -> QImage:
    picture = _empty(*size, ratio)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(_font(letters.name))
    painter.setPen(ink)
    painter.drawText(QPointF(_EDGE, _EDGE + letters.ascent), text)
    painter.end()
    return picture


def _empty(width: int, height: int, ratio: float) -> QImage:
    picture = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    return picture


@lru_cache(maxsize=64)
def _font(name: str) -> QFont:
    font = QFont()
    font.fromString(name)
    return font
