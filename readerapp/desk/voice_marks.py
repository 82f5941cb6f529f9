"""Marks of several readers over the viewer: colour, line style and letter tell them apart, never the colour alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from readerapp.desk.curves import line_pen
from readerapp.viewer import shapes
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.lettering import draw_text, face
from readerapp.viewer.mask_painting import MaskLook, MaskPictures
from readerapp.viewer.stage import Stage

if TYPE_CHECKING:
    from engine.images.image import Image
    from studies.reading.readings import Mark

_OUTLINE = QColor(0, 0, 0, 200)


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
        self._masks = MaskPictures()
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
        self._masks.clear()
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
        self._paint_masks(painter)
        for canvas in self._stage.canvases:
            image = self._places.get(id(canvas.image))
            origin = QPointF(canvas.mapTo(self._stage, QPoint(0, 0)))
            painter.setClipRect(QRectF(canvas.rect()).translated(origin))
            for voice in self._voices:
                for mark in voice.marks:
                    if (mark.image, mark.frame) == (image, canvas.view.frame):
                        self._draw(painter, voice, mark, _on_screen(canvas, mark, origin))
        painter.end()

    def _paint_masks(self, painter: QPainter) -> None:
        """Painted regions, below every line; each voice has its hatching."""
        for slot, canvas in enumerate(self._stage.canvases):
            place = self._places.get(id(canvas.image)), canvas.view.frame
            painter.save()
            painter.translate(QPointF(canvas.mapTo(self._stage, QPoint(0, 0))))
            painter.setClipRect(QRectF(canvas.rect()))
            for voice in self._voices:
                color = line_pen(voice.number).color().name()
                for mark in voice.marks:
                    if mark.mask is not None and (mark.image, mark.frame) == place:
                        look = MaskLook(color, color, voice.number % 4)
                        self._masks.paint(painter, canvas, f"{slot} {voice.letter} {mark.id}", mark.mask, look)
            painter.restore()

    def _draw(self, painter: QPainter, voice: VoiceMarks, mark: "Mark", points: list[QPointF]) -> None:
        path = shapes.path(mark.kind, points)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        pen = line_pen(voice.number, 2.2)
        for each in () if mark.mask is not None else (QPen(_OUTLINE, 5.0), pen):
            painter.setPen(each)
            painter.drawPath(path)
        corner = path.boundingRect().topRight() if mark.kind in shapes.BOXED else points[0]
        # Each voice's letter has a place of its own beside the mark, so that equal marks do not hide each other's.
        draw_text(
            painter,
            corner + QPointF(5 + 14 * voice.number, 5),
            voice.letter,
            face(self.font(), 1.1),
            pen.color().name(),
        )


def _on_screen(canvas: ImageCanvas, mark: "Mark", origin: QPointF) -> list[QPointF]:
    return [origin + canvas.to_screen(x, y) for x, y in mark.points]
