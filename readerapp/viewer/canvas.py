"""The image on screen: painted at the size of the viewport, moved by hand, marked with arrows and boxes.

The canvas decides nothing: it shows what it is given and tells what hands did. It has no context menu, no tool tip and
nothing to copy, so that no part of it can tell whose image it is.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.images.grey import display_table
from engine.images.image import Image
from readerapp.theme import COLORS, scaled
from readerapp.viewer import captions
from readerapp.viewer.display import (
    Placement,
    Pyramid,
    Sampled,
    aspect_of,
    build_pyramid,
    fit,
    sample,
    to_screen_pixels,
)
from readerapp.viewer.hands import Drag, Hands
from readerapp.viewer.marks import MarkKind, MarkView, draw_mark, draw_text, hit_mark, moved_points
from readerapp.viewer.presets import Preset, preset_window
from readerapp.viewer.view_state import ImageView, PreparedImage, drag_start, dragged_window, opening_view

__all__ = ["ImageCanvas"]

_CLICK_REACH = 4  # a press that moves less is a click
_WHEEL_STEP = 120
_ZOOM_STEP = 1.25
_MARGIN = 14


@dataclass(frozen=True)
class _Gesture:
    """A drag under way: where it began and what it changes."""

    kind: Literal["window", "pan", "zoom", "draw", "move", "cancelled"]
    button: Qt.MouseButton
    start: QPointF  # logical widget coordinates
    view: ImageView
    placement: Placement
    mark: MarkView | None = None
    part: int = -1


class ImageCanvas(QWidget):
    """Paints one frame of one image with its marks and captions."""

    first_painted = Signal()  # the pixels of the image given last are on screen
    view_changed = Signal()
    activated = Signal()  # pressed, or scrolled over
    mark_drawn = Signal(str, object)  # kind, points
    mark_moved = Signal(str, object)  # id, points
    mark_selected = Signal(str)  # id, "" for none
    tool_changed = Signal(str)  # armed kind, "" for none

    def __init__(self, mouse: "dict[str, Drag] | None" = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Image"))
        self._mouse: dict[str, Drag] = dict(mouse or {"Left": "window", "Middle": "pan", "Right": "zoom"})
        self._prepared: PreparedImage | None = None
        self._view = ImageView()
        self._pyramid: Pyramid | None = None
        self._pyramid_frame = 0
        self._marks: tuple[MarkView, ...] = ()
        self._selected = ""
        self._armed: MarkKind | None = None
        self._gesture: _Gesture | None = None
        self._preview: MarkView | None = None
        self._overlays_hidden = False
        self._awaiting_paint = False
        self._echo = ""
        self._place_text = ""
        self._message = ""
        self._is_active = False
        self._wheel_rest = 0
        self._sampled: tuple[object, Sampled | None] = (None, None)
        self._screen: tuple[object, np.ndarray | None] = (None, None)

    # What is shown

    def show_image(self, prepared: PreparedImage, view: ImageView | None = None, place: str = "") -> None:
        """Shows an image; `first_painted` follows when its pixels are on screen. `place`: which of several it is."""
        self._prepared = prepared
        self._place_text = place
        self._view = view or prepared.opening
        self._pyramid, self._pyramid_frame = prepared.pyramid, prepared.frame
        self._marks, self._selected, self._gesture, self._preview = (), "", None, None
        self._message = ""
        self._forget_pixels()
        self._awaiting_paint = True
        self.update()

    def show_message(self, text: str) -> None:
        """Shows a sentence instead of an image."""
        self._prepared = None
        self._awaiting_paint = False
        self._message = text
        self._marks, self._gesture, self._preview = (), None, None
        self._forget_pixels()
        self.update()

    @property
    def image(self) -> Image | None:
        return self._prepared.image if self._prepared else None

    @property
    def view(self) -> ImageView:
        return self._view

    @property
    def selected_mark(self) -> str:
        return self._selected

    @property
    def armed(self) -> MarkKind | None:
        return self._armed

    def set_marks(self, marks: Sequence[MarkView]) -> None:
        """Replaces the marks shown; a selection that is gone is dropped."""
        self._marks = tuple(marks)
        if self._selected not in {mark.id for mark in self._marks}:
            self._selected = ""
        self.update()

    def set_echo(self, text: str) -> None:
        """The answer just given, beside the image."""
        self._echo = text
        self.update()

    def set_hands(self, hands: Hands) -> None:
        """What buttons and wheel do from now on."""
        self._mouse = dict(hands.drags)

    def set_active(self, active: bool) -> None:
        """Outlines the canvas that keys act on, where several are shown."""
        self._is_active = active
        self.update()

    def hide_overlays(self, hidden: bool) -> None:
        """Hides marks and captions while held."""
        if hidden != self._overlays_hidden:
            self._overlays_hidden = hidden
            self.update()

    def select_mark(self, mark_id: str) -> None:
        if mark_id != self._selected:
            self._selected = mark_id
            self.mark_selected.emit(mark_id)
            self.update()

    # What keys do

    def arm(self, kind: MarkKind | None) -> None:
        """The next left drag draws this mark; None disarms."""
        self._armed = kind
        self.setCursor(Qt.CursorShape.CrossCursor if kind else Qt.CursorShape.ArrowCursor)
        self.tool_changed.emit(kind or "")
        self.update()

    def cancel(self) -> bool:
        """Esc: takes back a drag under way, else disarms, else drops the selection. False where there was none."""
        if self._gesture is not None and self._gesture.kind != "cancelled":
            self._cancel_gesture()
        elif self._armed:
            self.arm(None)
        elif self._selected:
            self.select_mark("")
        else:
            return False
        return True

    def apply_preset(self, preset: Preset) -> None:
        """Sets a preset's window."""
        if self._prepared:
            window = preset_window(self._prepared.image, preset, self._view.frame)
            self._change(replace(self._view, window=window, preset_id=preset.id))

    def invert(self) -> None:
        self._change(replace(self._view, inverted=not self._view.inverted))

    def zoom_by(self, steps: float) -> None:
        """Zooms about the middle of the viewport, 25 % a step."""
        width, height = self._device_size()
        self._place(self.placement().zoomed(_ZOOM_STEP**steps, width / 2, height / 2, (width, height)))

    def fit(self) -> None:
        self._change(replace(self._view, placement=None))

    def one_to_one(self) -> None:
        """One image column per screen pixel, the middle of the viewport staying where it is."""
        self._place(replace(self.placement(), scale=1.0))

    def reset_view(self) -> None:
        if self._prepared:
            self._change(opening_view(self._prepared.image, self._view.frame))

    def set_frame(self, frame: int) -> None:
        """Scrolls to a frame, limited to those there are."""
        if self._prepared:
            limited = min(max(frame, 0), self._prepared.image.frames - 1)
            if limited != self._view.frame:
                self._change(replace(self._view, frame=limited))

    def placement(self) -> Placement:
        """Where the image lies now, in device pixels."""
        if self._view.placement is not None:
            return self._view.placement
        image = self.image
        if image is None:
            return Placement(1.0, 0.0, 0.0)
        return fit(image.rows, image.columns, self._device_size(), aspect_of(image))

    def to_screen(self, x: float, y: float) -> QPointF:
        """Logical widget position of an image point (column, row)."""
        ratio = self.devicePixelRatioF()
        sx, sy = self.placement().to_screen(x, y, self._device_size())
        return QPointF(sx / ratio, sy / ratio)

    def to_image(self, at: QPointF) -> tuple[float, float]:
        """Image point (column, row) under a logical widget position."""
        ratio = self.devicePixelRatioF()
        return self.placement().to_image(at.x() * ratio, at.y() * ratio, self._device_size())

    def painted_texts(self) -> list[str]:
        """Every text that the next paint writes on the canvas."""
        texts = [text for text, _ in self._captions()]
        texts += [mark.label for mark in self._marks]
        return [text for text in (*texts, self._message) if text]

    # Events

    def sizeHint(self) -> QSize:
        return QSize(900, 700)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._forget_pixels()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(COLORS.image))
        painted = self._paint_pixels(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._overlays_hidden:
            self._paint_marks(painter)
            self._paint_captions(painter)
        if self._message:
            self._paint_message(painter)
        if self._is_active:
            painter.setPen(QPen(QColor(COLORS.accent), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()
        if painted and self._awaiting_paint:
            self._awaiting_paint = False
            self.first_painted.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.activated.emit()
        if self._gesture is not None:
            # A second button takes the drag back (as in Slicer: right click or Esc cancels a window change).
            self._cancel_gesture()
            return
        if self._prepared is None:
            return
        if event.button() == Qt.MouseButton.LeftButton and not event.modifiers():
            self._press_left(event)
            return
        self._begin_drag(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._gesture is None:
            self._hover(event.position())
        elif self._gesture.kind != "cancelled":
            self._drag(self._gesture, event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        gesture = self._gesture
        if gesture is None:
            return
        if gesture.kind == "cancelled":
            if event.buttons() == Qt.MouseButton.NoButton:
                self._gesture = None
            return
        if event.button() == gesture.button:
            self._gesture = None
            self._finish(gesture, event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.activated.emit()
        if self._prepared is None or (self._gesture is not None and self._gesture.kind != "cancelled"):
            return
        self._wheel_rest += event.angleDelta().y() or event.angleDelta().x()
        zooms = self._prepared.image.frames == 1 or event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if zooms:
            steps, self._wheel_rest = self._wheel_rest / _WHEEL_STEP, 0
            self._zoom_at(event.position(), _ZOOM_STEP**steps)
        else:
            slices = int(self._wheel_rest / _WHEEL_STEP)
            self._wheel_rest -= slices * _WHEEL_STEP
            self.set_frame(self._view.frame - slices)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # keys belong to the room

    # Gestures

    def _press_left(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._armed:
            point = self._inside(self.to_image(at))
            self._preview = MarkView("", "", self._armed, (point, point), True)
            self._begin("draw", event, self._preview)
            return
        for mark in reversed(self._marks):
            part = None if self._overlays_hidden else hit_mark(mark, self._ends(mark), at)
            if part is not None:
                ends_are_handles = mark.id == self._selected
                self.select_mark(mark.id)
                self._begin("move", event, mark, part if ends_are_handles else -1)
                return
        self._begin_drag(event)

    def _begin_drag(self, event: QMouseEvent) -> None:
        kind = self._mouse.get(_button_text(event))
        if kind in ("window", "pan", "zoom"):
            self._begin(kind, event)

    def _begin(
        self,
        kind: Literal["window", "pan", "zoom", "draw", "move"],
        event: QMouseEvent,
        mark: MarkView | None = None,
        part: int = -1,
    ) -> None:
        self._gesture = _Gesture(kind, event.button(), event.position(), self._view, self.placement(), mark, part)

    def _drag(self, gesture: _Gesture, at: QPointF) -> None:
        ratio = self.devicePixelRatioF()
        moved = at - gesture.start
        if gesture.kind in ("window", "zoom") and moved.manhattanLength() < _CLICK_REACH and self._view is gesture.view:
            return
        if gesture.kind == "window":
            self._drag_window(gesture, moved)
        elif gesture.kind == "pan":
            self._place(gesture.placement.panned(moved.x() * ratio, moved.y() * ratio))
        elif gesture.kind == "zoom":
            start = gesture.start * ratio
            factor = math.exp(-moved.y() / 150.0)
            self._place(gesture.placement.zoomed(factor, start.x(), start.y(), self._device_size()))
        elif gesture.mark is not None:
            self._preview = replace(gesture.mark, points=self._dragged_points(gesture, at))
            self.update()

    def _drag_window(self, gesture: _Gesture, moved: QPointF) -> None:
        prepared = self._prepared
        if prepared is None or prepared.image.is_color:
            return
        start = drag_start(prepared.image, gesture.view)
        window = dragged_window(start, moved.x(), moved.y(), prepared.value_range)
        self._change(replace(self._view, window=window, preset_id=""))

    def _dragged_points(self, gesture: _Gesture, at: QPointF) -> tuple[tuple[float, float], tuple[float, float]]:
        assert gesture.mark is not None
        start, now = self.to_image(gesture.start), self.to_image(at)
        if gesture.kind == "draw":
            return gesture.mark.points[0], self._inside(now)
        first, second = moved_points(gesture.mark.points, gesture.part, now[0] - start[0], now[1] - start[1])
        return self._inside(first), self._inside(second)

    def _finish(self, gesture: _Gesture, at: QPointF) -> None:
        preview, self._preview = self._preview, None
        far = (at - gesture.start).manhattanLength() >= _CLICK_REACH
        if gesture.kind == "draw":
            if far and preview is not None:
                points = self._dragged_points(gesture, at)
                kind = preview.kind
                self.arm(None)
                self.mark_drawn.emit(kind, points)
        elif gesture.kind == "move" and far and gesture.mark is not None:
            self.mark_moved.emit(gesture.mark.id, self._dragged_points(gesture, at))
        elif gesture.kind == "window" and not far:
            self.select_mark("")
        self.update()

    def _cancel_gesture(self) -> None:
        gesture = self._gesture
        if gesture is None:
            return
        self._preview = None
        self._gesture = replace(gesture, kind="cancelled")
        if gesture.kind in ("window", "pan", "zoom"):
            self._change(gesture.view)
        self.update()

    def _hover(self, at: QPointF) -> None:
        if self._armed:
            return
        over = any(hit_mark(mark, self._ends(mark), at) is not None for mark in self._marks)
        self.setCursor(Qt.CursorShape.SizeAllCursor if over else Qt.CursorShape.ArrowCursor)

    def _zoom_at(self, at: QPointF, factor: float) -> None:
        ratio = self.devicePixelRatioF()
        self._place(self.placement().zoomed(factor, at.x() * ratio, at.y() * ratio, self._device_size()))

    def _place(self, placement: Placement) -> None:
        self._change(replace(self._view, placement=placement))

    def _change(self, view: ImageView) -> None:
        if self._prepared is not None and view != self._view:
            self._view = view
            self.update()
            self.view_changed.emit()

    def _inside(self, point: tuple[float, float]) -> tuple[float, float]:
        """A mark ends within the image."""
        image = self.image
        if image is None:
            return point
        return min(max(point[0], -0.5), image.columns - 0.5), min(max(point[1], -0.5), image.rows - 0.5)

    # Painting

    def _paint_pixels(self, painter: QPainter) -> bool:
        prepared = self._prepared
        if prepared is None:
            return False
        sampled = self._visible_samples(prepared)
        if sampled is None:
            return True
        screen = self._screen_pixels(prepared.image, sampled)
        picture = _picture(screen)
        ratio = self.devicePixelRatioF()
        height, width = screen.shape[:2]
        target = QRectF(sampled.left / ratio, sampled.top / ratio, width / ratio, height / ratio)
        painter.drawImage(target, picture)
        return True

    def _visible_samples(self, prepared: PreparedImage) -> Sampled | None:
        key = (self._view.frame, self.placement(), self._device_size())
        if self._sampled[0] != key:
            if self._pyramid is None or self._pyramid_frame != self._view.frame:
                self._pyramid = build_pyramid(prepared.image, self._view.frame)
                self._pyramid_frame = self._view.frame
            self._sampled = (key, sample(self._pyramid, self.placement(), self._device_size()))
        return self._sampled[1]

    def _screen_pixels(self, image: Image, sampled: Sampled) -> np.ndarray:
        key = (self._sampled[0], self._view.window, self._view.inverted)
        if self._screen[0] != key or self._screen[1] is None:
            table = display_table(image, self._view.window, self._view.frame, self._view.inverted)
            self._screen = (key, to_screen_pixels(sampled, table))
        assert self._screen[1] is not None
        return self._screen[1]

    def _paint_marks(self, painter: QPainter) -> None:
        font = scaled(self.font(), 1.05, QFont.Weight.DemiBold)
        moved = self._preview.id if self._preview else None
        for mark in self._marks:
            if not moved or mark.id != moved:
                draw_mark(painter, mark, self._ends(mark), mark.id == self._selected, font)
        if self._preview is not None:
            draw_mark(painter, self._preview, self._ends(self._preview), bool(self._preview.id), font)

    def _captions(self) -> list[tuple[str, str]]:
        """Texts and their corners: "tl", "tr", "bl", "br", "tc"; several in a corner stack."""
        image = self.image
        if image is None:
            return []
        left, right = captions.side_letters(image)
        entries = [(left, "tl"), (self._place_text, "tl"), (captions.slice_caption(image, self._view.frame), "tl")]
        entries += [(note, "tl") for note in captions.reading_notes(image)]
        entries.append((right, "tr"))
        scale = captions.scale_caption(self.placement().scale)
        entries.append((captions.window_caption(image, self._view), "bl"))
        entries.append((f"{scale}  {captions.calibration_caption(image)}", "bl"))
        entries.append((self._echo, "br"))
        entries.append((captions.purpose_caption(image), "br"))
        if self._armed:
            entries.append((self.tr("draw an arrow") if self._armed == "arrow" else self.tr("draw a box"), "tc"))
        return [(text, corner) for text, corner in entries if text]

    def _paint_captions(self, painter: QPainter) -> None:
        """At the foot of a narrow image the right ones stand above the left ones."""
        entries = self._captions()
        corners = {name: [text for text, place in entries if place == name] for name in ("tl", "tr", "bl", "br", "tc")}
        widths = {name: self._widest(name, texts) for name, texts in corners.items()}
        narrow = widths["bl"] + widths["br"] > self.width() - 3 * _MARGIN
        lift = sum(QFontMetricsF(self._caption_font("bl", text)).height() for text in corners["bl"]) if narrow else 0.0
        for corner, texts in corners.items():
            self._paint_corner(painter, corner, texts, lift if corner == "br" else 0.0)

    def _widest(self, corner: str, texts: list[str]) -> float:
        return max((QFontMetricsF(self._caption_font(corner, t)).horizontalAdvance(t) for t in texts), default=0.0)

    def _paint_corner(self, painter: QPainter, corner: str, texts: list[str], lift: float) -> None:
        fonts = [self._caption_font(corner, text) for text in texts]
        heights = [QFontMetricsF(font).height() for font in fonts]
        y = float(_MARGIN) if corner[0] == "t" else self.height() - _MARGIN - lift - sum(heights)
        for text, font, height in zip(texts, fonts, heights, strict=True):
            metrics = QFontMetricsF(font)
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, self.width() - 2 * _MARGIN)
            width = metrics.horizontalAdvance(shown)
            x = {"l": float(_MARGIN), "r": self.width() - _MARGIN - width, "c": (self.width() - width) / 2}[corner[1]]
            draw_text(painter, QPointF(x, y + metrics.ascent()), shown, font, self._caption_color(corner, text))
            y += height

    def _caption_color(self, corner: str, text: str) -> QColor:
        if text == self._echo:
            return QColor(COLORS.accent)
        image = self.image
        made_up = image is not None and captions.badges(image) and text == captions.purpose_caption(image)
        return QColor(COLORS.warning if corner == "tc" or made_up else "#c3cad3")

    def _caption_font(self, corner: str, text: str) -> QFont:
        if text == self._echo:
            return scaled(self.font(), 1.3, QFont.Weight.DemiBold)
        if corner in ("tl", "tr") and len(text) == 1:
            return scaled(self.font(), 1.3, QFont.Weight.DemiBold)
        return scaled(self.font(), 0.95)

    def _paint_message(self, painter: QPainter) -> None:
        painter.setPen(QColor(COLORS.text))
        painter.setFont(scaled(self.font(), 1.15))
        area = self.rect().adjusted(60, 60, -60, -60)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._message)

    def _ends(self, mark: MarkView) -> tuple[QPointF, QPointF]:
        return self.to_screen(*mark.points[0]), self.to_screen(*mark.points[1])

    def _device_size(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    def _forget_pixels(self) -> None:
        self._sampled = (None, None)
        self._screen = (None, None)


def _picture(screen: np.ndarray) -> QImage:
    """A QImage over the array's own memory: valid while the array lives."""
    height, width = screen.shape[:2]
    if screen.ndim == 3:
        return QImage(screen.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return QImage(screen.data, width, height, 4 * width, QImage.Format.Format_RGB32)


def _button_text(event: QMouseEvent) -> str:
    """The button with its modifier, as keymaps write it: "Shift+Left"."""
    names = {
        Qt.MouseButton.LeftButton: "Left",
        Qt.MouseButton.MiddleButton: "Middle",
        Qt.MouseButton.RightButton: "Right",
    }
    modifiers = {
        Qt.KeyboardModifier.ShiftModifier: "Shift+",
        Qt.KeyboardModifier.ControlModifier: "Ctrl+",
        Qt.KeyboardModifier.AltModifier: "Alt+",
    }
    prefix = next((text for modifier, text in modifiers.items() if event.modifiers() & modifier), "")
    return prefix + names.get(event.button(), "")
