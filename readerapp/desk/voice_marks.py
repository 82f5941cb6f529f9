"""Marks of several readers over the viewer: colour, line style and letter tell them apart, never the colour alone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from readerapp import theme
from readerapp.desk.curves import line_pen
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.marks import draw_text
from readerapp.viewer.stage import Stage

if TYPE_CHECKING:
    from engine.images.image import Image
    from studies.reading.readings import Mark

_OUTLINE = QColor(0, 0, 0, 200)
_HEAD_PX, _HEAD_ANGLE = 15.0, math.radians(26)
_CLOSED = ("box", "ellipse")


@dataclass(frozen=True)
class VoiceMarks:
    """The marks of one voice; `number` is the place of its letter, which gives colour and line."""

    letter: str
    number: int
    marks: "tuple[Mark, ...]"


class VoiceOverlay(QWidget):
    """Lies over a stage, lets the mouse through, and draws on each image what was marked there."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._stage = stage
        self._voices: tuple[VoiceMarks, ...] = ()
        self._places: dict[int, int] = {}  # id of an image of the case → its index
        self._images: tuple[Image, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        stage.installEventFilter(self)
        stage.view_changed.connect(self.update)
        stage.first_painted.connect(self.update)

    def show_voices(self, voices: Sequence[VoiceMarks]) -> None:
        """The voices to draw, with all their marks of the case."""
        self._voices = tuple(voices)
        self.raise_()
        self.update()

    def show_images(self, images: "Sequence[Image]") -> None:
        """The images of the case, in its order: whichever canvas shows one of them, its marks are drawn there."""
        self._images = tuple(images)  # kept, so that no other image can come to the same id
        self._places = {id(image): index for index, image in enumerate(self._images)}
        self.update()

    @property
    def shown(self) -> tuple[str, ...]:
        """Letters of the voices that are drawn."""
        return tuple(voice.letter for voice in self._voices)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._stage.rect())
            self.raise_()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for canvas in self._stage.canvases:
            image = self._places.get(id(canvas.image))
            origin = QPointF(canvas.mapTo(self._stage, QPoint(0, 0)))
            painter.setClipRect(QRectF(canvas.rect()).translated(origin))
            for voice in self._voices:
                for mark in voice.marks:
                    if (mark.image, mark.frame) == (image, canvas.view.frame):
                        self._draw(painter, voice, mark, _on_screen(canvas, mark, origin))
        painter.end()

    def _draw(self, painter: QPainter, voice: VoiceMarks, mark: "Mark", points: list[QPointF]) -> None:
        path = mark_path(mark.kind, points)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = line_pen(voice.number, 2.2)
        for each in (QPen(_OUTLINE, 5.0), pen):
            painter.setPen(each)
            painter.drawPath(path)
        font = theme.scaled(self.font(), 1.1)
        corner = path.boundingRect().topRight() if mark.kind in _CLOSED else points[0]
        # Each voice's letter has a place of its own beside the mark, so that equal marks do not hide each other's.
        draw_text(painter, corner + QPointF(5 + 14 * voice.number, 5), voice.letter, font, pen.color())


def mark_path(kind: str, points: Sequence[QPointF]) -> QPainterPath:
    """A mark's outline on screen; a kind that is not known is the line through its points."""
    path = QPainterPath(points[0])
    if kind in _CLOSED and len(points) >= 2:
        rect = QRectF(points[0], points[-1]).normalized()
        path = QPainterPath()
        if kind == "box":
            path.addRect(rect)
        else:
            path.addEllipse(rect)
        return path
    for point in points[1:]:
        path.lineTo(point)
    if kind == "arrow":
        _add_head(path, points[0], points[-1])
    elif len(points) == 1:
        path.addEllipse(points[0], 5, 5)
    return path


def _on_screen(canvas: ImageCanvas, mark: "Mark", origin: QPointF) -> list[QPointF]:
    return [origin + canvas.to_screen(x, y) for x, y in mark.points]


def _add_head(path: QPainterPath, tail: QPointF, tip: QPointF) -> None:
    direction = math.atan2(tail.y() - tip.y(), tail.x() - tip.x())
    for side in (-_HEAD_ANGLE, _HEAD_ANGLE):
        path.moveTo(tip)
        path.lineTo(tip + QPointF(math.cos(direction + side), math.sin(direction + side)) * _HEAD_PX)
