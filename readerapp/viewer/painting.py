"""How a canvas is painted: pixels, marks, captions, tools, in this order."""

import math
from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from engine.images.image import Image
from engine.images.reformat import Reformat
from readerapp.theme import COLORS, scaled
from readerapp.viewer import captions, overlay
from readerapp.viewer.brushwork import Brushwork
from readerapp.viewer.display import Placement
from readerapp.viewer.drawing import DrawingHand
from readerapp.viewer.gestures import Handle
from readerapp.viewer.heat import HeatPicture
from readerapp.viewer.lettering import Face, draw_text, face, text_width
from readerapp.viewer.marks import MarkView, draw_mark
from readerapp.viewer.mask_painting import MaskLook, MaskPictures
from readerapp.viewer.measured import MarkValues, probe_text
from readerapp.viewer.overlay import Caption, Corner, Look, ScaleBar
from readerapp.viewer.pixels import ScreenPixels
from readerapp.viewer.planes import is_reformatted, plane_text
from readerapp.viewer.tools import HINTS
from readerapp.viewer.view_state import ImageView, PreparedImage

__all__ = ["CanvasPainting"]

_LENS_ZOOM = 2.0
_TRUE = 1e-6  # relative distance from true size that still is


class Painted(Protocol):
    """The canvas as it is painted."""

    @property
    def image(self) -> Image | None: ...

    @property
    def view(self) -> ImageView: ...

    def placement(self) -> Placement: ...

    def to_screen(self, x: float, y: float) -> QPointF: ...

    def to_image(self, at: QPointF) -> tuple[float, float]: ...

    def area(self) -> QRectF: ...

    def device_size(self) -> tuple[int, int]: ...

    def true_scale(self) -> float | None: ...

    def font(self) -> QFont: ...

    def devicePixelRatioF(self) -> float: ...


class CanvasPainting:
    """What is on a canvas besides its view, and how all of it is drawn."""

    def __init__(self, values: MarkValues, hand: DrawingHand, brushwork: Brushwork) -> None:
        self._values, self._hand = values, hand
        self.pixels = ScreenPixels()
        self.heat = HeatPicture()  # under marks and captions
        self.echo = ""  # the answer just given
        self.place_text = ""  # which of several images it is
        self.reformat: Reformat | None = None  # which planes of a volume these are
        self.handle: Handle | None = None  # what a hand can take hold of, under the marks
        self.names: tuple[str, ...] = ()  # what its frames are called
        self.message = ""  # instead of an image
        self.is_active = False
        self.overlays_hidden = False
        self.probing = False
        self.pointer: QPointF | None = None  # where the probe looks
        self.lens: QPointF | None = None
        self.moved: MarkView | None = None  # a mark under the hand, instead of where it lies
        self.masks = MaskPictures()
        self.brushwork = brushwork

    def show(self, prepared: PreparedImage | None) -> None:
        """Another image, or none."""
        self.pixels.show(prepared)
        self.heat.layer = None
        self.masks.clear()
        self.names = prepared.names if prepared else ()
        self.message, self.moved, self.lens, self.reformat = "", None, None, None

    def paint(self, painter: QPainter, canvas: Painted, marks: Sequence[MarkView], selected: str) -> bool:
        """Paints the canvas; True where an image is on it."""
        painted = canvas.image is not None
        self._paint_pixels(painter, canvas)
        self._paint_heat(painter, canvas)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if painted and not self.overlays_hidden:
            if self.handle is not None:
                self.handle.paint(painter)
            self._paint_marks(painter, canvas, marks, selected)
            overlay.paint_captions(painter, canvas.area(), self._captions(canvas), canvas.font(), self._bar(canvas))
            self._paint_probe(painter, canvas)
        if canvas.image is not None and captions.is_synthetic(canvas.image):
            overlay.paint_watermark(painter, canvas.area(), captions.watermark(), canvas.font())
        if painted:
            self._paint_tools(painter, canvas)
        if self.message:
            self._paint_message(painter, canvas)
        if self.is_active:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(COLORS.accent), 2))
            painter.drawRect(canvas.area().adjusted(1, 1, -1, -1))
        return painted

    def texts(self, canvas: Painted, marks: Sequence[MarkView], selected: str) -> list[str]:
        """Every text that a paint writes."""
        words = [caption.text for caption in self._captions(canvas)]
        bar = self._bar(canvas)
        words += [bar.text] if bar else []
        words += [captions.watermark()] if canvas.image is not None and captions.is_synthetic(canvas.image) else []
        for mark in marks:
            words += [mark.label, *self.mark_values(mark, canvas.view, mark.id == selected)]
        return [text for text in (*words, self._probe_text(canvas), self.message) if text]

    def mark_values(self, mark: MarkView, view: ImageView, selected: bool) -> tuple[str, ...]:
        """What a mark says beside its label."""
        if mark.mask is not None:
            return self._values.area(mark.mask)
        return self._values.lines(mark.kind, mark.points, view.frame, selected)

    def _paint_pixels(self, painter: QPainter, canvas: Painted) -> None:
        """The image, and the ground where it does not reach: nothing is painted twice."""
        picture = self.pixels.picture(canvas.view, canvas.placement(), canvas.device_size())
        ratio = canvas.devicePixelRatioF()
        if picture is None or ratio != 1.0:
            painter.fillRect(canvas.area(), QColor(COLORS.image))
        else:
            reached = QRect(QPoint(picture.left, picture.top), picture.image.size())
            for strip in _around(canvas.area().toRect(), reached):
                painter.fillRect(strip, QColor(COLORS.image))
            painter.drawImage(reached.topLeft(), picture.image)
            return
        if picture is not None:
            size = (picture.image.width() / ratio, picture.image.height() / ratio)
            painter.drawImage(QRectF(picture.left / ratio, picture.top / ratio, *size), picture.image)

    def _paint_heat(self, painter: QPainter, canvas: Painted) -> None:
        """The map over the image, where there is one."""
        image = canvas.image
        if image is not None and self.heat.layer is not None:
            size = (image.columns, image.rows)
            self.heat.paint(painter, size, canvas.placement(), canvas.device_size(), canvas.devicePixelRatioF())

    def _paint_marks(self, painter: QPainter, canvas: Painted, marks: Sequence[MarkView], selected: str) -> None:
        font = face(canvas.font(), 1.05, bold=True)
        self._paint_masks(painter, canvas, marks, selected)
        for mark in marks:
            shown = self.moved if self.moved is not None and self.moved.id == mark.id else mark
            self._paint_mark(painter, canvas, shown, mark.id == selected, font)
        drawing = self._hand.shown
        if drawing is not None and not drawing.is_brush:
            kind: Any = "box" if drawing.kind == "window_region" else drawing.kind
            if len(drawing.shown) > 1 or drawing.kind in ("polyline", "freehand", "angle", "cobb"):
                self._paint_mark(painter, canvas, MarkView("", "", kind, drawing.shown, True), False, font)

    def _paint_masks(self, painter: QPainter, canvas: Painted, marks: Sequence[MarkView], selected: str) -> None:
        """Regions lie below the lines of all marks."""
        under_brush = self.brushwork.target
        for mark in marks:
            shown = self.moved if self.moved is not None and self.moved.id == mark.id else mark
            if shown.mask is not None and mark.id != under_brush:
                look = MaskLook(mark.color(mark.id == selected))
                self.masks.paint(painter, canvas, mark.id, shown.mask, look, shown.points)
        self.brushwork.paint_stroke(painter, canvas)

    def _paint_mark(self, painter: QPainter, canvas: Painted, mark: MarkView, selected: bool, font: Face) -> None:
        ends = [canvas.to_screen(*point) for point in mark.points]
        whole = {"length": 2, "angle": 3, "cobb": 4}.get(mark.kind, 2) <= len(mark.points)
        values = self.mark_values(mark, canvas.view, selected) if whole else ()
        draw_mark(painter, mark, ends, selected, font, values, canvas.area())

    def _paint_tools(self, painter: QPainter, canvas: Painted) -> None:
        if self.lens is not None:
            x, y = canvas.to_image(self.lens)
            placement = canvas.placement()
            ratio = canvas.devicePixelRatioF()
            side = round(2 * overlay.LENS_RADIUS * ratio)
            zoomed = placement.zoomed(_LENS_ZOOM, 0, 0, (side, side))
            centred = Placement(zoomed.scale, x, y, placement.aspect, placement.quarter_turns, placement.flipped)
            overlay.paint_lens(painter, self.lens, self.pixels.lens(canvas.view, centred, (side, side)), ratio)
        self.brushwork.paint_brush(painter, canvas, self.pointer)
        if self._hand.crosshair is not None:
            overlay.paint_crosshair(painter, canvas.to_screen(*self._hand.crosshair))

    def _paint_probe(self, painter: QPainter, canvas: Painted) -> None:
        text = self._probe_text(canvas)
        if not text or self.pointer is None:
            return
        font = face(canvas.font(), 1.05, bold=True)
        overlay.paint_crosshair(painter, self.pointer)
        room = canvas.area().right() - text_width(text, font) - 6
        at = QPointF(min(self.pointer.x() + 16, room), max(self.pointer.y() - 12, 20))
        draw_text(painter, at, text, font, COLORS.text)

    def _probe_text(self, canvas: Painted) -> str:
        if not self.probing or self.pointer is None or canvas.image is None:
            return ""
        value = probe_text(canvas.image, canvas.view.frame, canvas.to_image(self.pointer))
        return captions.probe_caption(value, canvas.view)

    def _captions(self, canvas: Painted) -> list[Caption]:
        image, view = canvas.image, canvas.view
        if image is None:
            return []
        sides = captions.side_letters(image, view)
        scale, true = canvas.placement().scale, canvas.true_scale()
        is_true = true is not None and math.isclose(scale, true, rel_tol=_TRUE)
        size = captions.scale_caption(scale, view.smooth, captions.true_size_caption(image) if is_true else "")
        words = [
            Caption(sides.left, "tl", "letter"),
            Caption(self.place_text, "tl"),
            Caption(self.names[view.frame] if self.names else captions.slice_caption(image, view), "tl"),
            *(Caption(note, "tl") for note in captions.reading_notes(image)),
            Caption(sides.top, "tc", "letter"),
            Caption(sides.right, "tr", "letter"),
            Caption(*self._plane),
            Caption(captions.orientation_caption(view), "tr", "warning"),
            Caption(captions.window_caption(image, view), "bl"),
            Caption(f"{size}  {captions.calibration_caption(image)}", "bl"),
            Caption(sides.bottom, "bc", "letter"),
            Caption(self.echo, "br", "echo"),
            Caption(captions.purpose_caption(image), "br", "warning" if captions.badges(image) else "plain"),
        ]
        if self._hand.armed:
            words.append(Caption(QCoreApplication.translate("Tools", HINTS[self._hand.armed]), "tc", "warning"))
        return [caption for caption in words if caption.text]

    @property
    def _plane(self) -> tuple[str, Corner, Look]:
        """What kind of plane it is; one that nobody acquired stands out."""
        if self.reformat is None:
            return "", "tr", "plain"
        return plane_text(self.reformat), "tr", "warning" if is_reformatted(self.reformat) else "plain"

    def _bar(self, canvas: Painted) -> ScaleBar | None:
        image = canvas.image
        if image is None or image.spacing_mm is None:
            return None
        mm = image.spacing_mm[1] / canvas.placement().scale * canvas.devicePixelRatioF()
        return overlay.scale_bar(mm, canvas.area().width())

    def _paint_message(self, painter: QPainter, canvas: Painted) -> None:
        painter.setPen(QColor(COLORS.text))
        painter.setFont(scaled(canvas.font(), 1.15))
        area = canvas.area().adjusted(60, 60, -60, -60)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.message)


def _around(area: QRect, reached: QRect) -> list[QRect]:
    """What of `area` lies above, below, left and right of a rectangle."""
    top, bottom = reached.top(), reached.top() + reached.height()
    right = reached.left() + reached.width()
    strips = [
        QRect(0, 0, area.width(), top),
        QRect(0, bottom, area.width(), area.height() - bottom),
        QRect(0, top, reached.left(), reached.height()),
        QRect(right, top, area.width() - right, reached.height()),
    ]
    return [strip for strip in strips if not strip.isEmpty()]
