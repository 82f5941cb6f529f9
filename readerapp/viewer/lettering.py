"""Text on an image: with a dark outline, so that it is read on any ground, and drawn once for as long as it stays.

An outlined text costs nine strokes of every letter; a drag of the window would pay that for all captions at every
step. So each text is kept as a small picture, and painting it again is a copy.
"""

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

__all__ = ["draw_text", "text_height", "text_width"]

_OUTLINE = QColor(0, 0, 0, 150)
_AROUND = [(dx, dy) for dx in (-1.2, 0.0, 1.2) for dy in (-1.2, 0.0, 1.2) if dx or dy]
_EDGE = 3  # logical pixels around a text for its outline and what leans out of it


def draw_text(painter: QPainter, baseline: QPointF, text: str, font: QFont, color: QColor) -> None:
    """Text with a dark outline; `baseline` is the left end of its baseline."""
    ratio = painter.device().devicePixelRatioF()
    picture, ascent = _picture(text, font.toString(), color.rgba(), ratio)
    # On whole device pixels: between them every letter would be smeared.
    x = round((baseline.x() - _EDGE) * ratio) / ratio
    y = round((baseline.y() - ascent - _EDGE) * ratio) / ratio
    painter.drawImage(QPointF(x, y), picture)


def text_width(text: str, font: QFont) -> float:
    """Logical pixels from the beginning of a text to its end."""
    return _size(text, font.toString())[0]


def text_height(font: QFont) -> float:
    """Logical pixels of a line."""
    return _size("", font.toString())[1]


@lru_cache(maxsize=512)
def _size(text: str, font_text: str) -> tuple[float, float]:
    metrics = QFontMetricsF(_font(font_text))
    return metrics.horizontalAdvance(text), metrics.height()


@lru_cache(maxsize=256)
def _picture(text: str, font_text: str, rgba: int, ratio: float) -> tuple[QImage, float]:
    font = _font(font_text)
    metrics = QFontMetricsF(font)
    width = math.ceil((metrics.horizontalAdvance(text) + 2 * _EDGE) * ratio)
    height = math.ceil((metrics.height() + 2 * _EDGE) * ratio)
    picture = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    painter.setFont(font)
    at = QPointF(_EDGE, _EDGE + metrics.ascent())
    painter.setPen(_OUTLINE)
    for dx, dy in _AROUND:  # stroking glyph paths would take longer than painting the image
        painter.drawText(QPointF(at.x() + dx, at.y() + dy), text)
    painter.setPen(QColor.fromRgba(rgba))
    painter.drawText(at, text)
    painter.end()
    return picture, metrics.ascent()


@lru_cache(maxsize=32)
def _font(font_text: str) -> QFont:
    font = QFont()
    font.fromString(font_text)
    return font
