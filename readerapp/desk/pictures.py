"""Pictures for the clipboard: what a page draws, under the words that say what it is."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from readerapp import theme

_EDGE = 14  # pixels


def titled(title: str, *pictures: QPixmap) -> QPixmap:
    """Pictures side by side under a title, on the ground of the pages."""
    font = theme.scaled(QApplication.font(), 1.2)
    ratio = max((picture.devicePixelRatio() for picture in pictures), default=1.0)
    sizes = [picture.deviceIndependentSize().toSize() for picture in pictures]
    width = sum(size.width() + _EDGE for size in sizes) + _EDGE
    probe = QPixmap(1, 1)
    painter = QPainter(probe)
    painter.setFont(font)
    flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop
    words = painter.boundingRect(QRect(_EDGE, _EDGE, width - 2 * _EDGE, 10_000), flags, title)
    painter.end()
    top = words.bottom() + _EDGE
    whole = QPixmap(round(width * ratio), round((top + max((s.height() for s in sizes), default=0) + _EDGE) * ratio))
    whole.setDevicePixelRatio(ratio)
    whole.fill(QColor(theme.COLORS.ground))
    painter = QPainter(whole)
    painter.setFont(font)
    painter.setPen(QColor(theme.COLORS.text))
    painter.drawText(words, flags, title)
    left = _EDGE
    for picture, size in zip(pictures, sizes):
        painter.drawPixmap(left, top, picture)
        left += size.width() + _EDGE
    painter.end()
    return whole


def copy_picture(picture: QPixmap) -> None:
    """Put a picture on the clipboard."""
    QGuiApplication.clipboard().setPixmap(picture)
