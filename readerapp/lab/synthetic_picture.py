"""What is on the screen as a picture for a file: badge, purpose and provenance are burned in, and in its metadata."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QWidget

from engine.counterfactuals import BADGE, Counterfactual
from readerapp.page import research_only

__all__ = ["provenance", "synthetic_picture"]

_PADDING = 8


def provenance(found: Counterfactual) -> dict[str, str]:
    """What tells where a drawing comes from: no word of the image it was made from."""
    return {
        "run": found.run,
        "spec_sha256": found.spec_sha256,
        "weights_sha256": found.weights_sha256,
        "base_sha256": found.base_sha256,
        "target": found.target,
    }


def synthetic_picture(widget: QWidget, facts: Mapping[str, str], words: Sequence[str]) -> QImage:
    """The widget as it is seen, with a strip below that says what it is; `words`: of the strip, after the badge."""
    seen = widget.grab().toImage()
    ratio = seen.devicePixelRatio()
    font = QFont(widget.font())
    line = widget.fontMetrics().height() * ratio
    strip = round(2 * line + 2 * _PADDING * ratio)
    picture = QImage(seen.width(), seen.height() + strip, QImage.Format.Format_RGB32)
    picture.fill(QColor("#000000"))
    painter = QPainter(picture)
    seen.setDevicePixelRatio(1.0)
    painter.drawImage(0, 0, seen)
    font.setPixelSize(round(0.72 * line))
    painter.setFont(font)
    painter.setPen(QColor("#ffffff"))
    room = QRectF(_PADDING, seen.height(), seen.width() - 2 * _PADDING, strip)
    text = f"{BADGE} · {research_only()}\n" + " · ".join(words)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, text)
    painter.end()
    for name, value in {"synthetic": BADGE, "purpose": research_only(), **facts}.items():
        picture.setText(name, value)
    return picture
