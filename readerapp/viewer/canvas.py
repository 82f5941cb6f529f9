"""The image on screen: painted at the size of the viewport, moved by hand, marked and measured.

The canvas decides nothing: it shows what it is given and tells what hands did. It has no context menu, no tool tip and
nothing to copy, so that no part of it can tell whose image it is.
"""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.images.image import Image, Window
from engine.images.measuring import region_window
from readerapp.viewer import shapes
from readerapp.viewer.display import Placement, aspect_of, fill
from readerapp.viewer.drawing import DrawingHand, arrow_step
from readerapp.viewer.gestures import DrawMark, Gesture, MoveMark, move_mark, view_drag
from readerapp.viewer.hands import Hands
from readerapp.viewer.marks import MarkView
from readerapp.viewer.measured import MarkValues
from readerapp.viewer.painting import CanvasPainting
from readerapp.viewer.presets import Preset, preset_window
from readerapp.viewer.slab import Slab, slab_possible
from readerapp.viewer.tools import ToolKind
from readerapp.viewer.view_state import ImageView, PreparedImage, drag_start, opening_view, stepped_window
from studies.reading.marks import Point

__all__ = ["ImageCanvas"]

_WHEEL_STEP = 120
_ZOOM_STEP = 1.25
_PAN_SHARE = 0.1  # of the viewport that a key pans
_MM_PER_INCH = 25.4
_WHEEL_MODIFIERS = ((Qt.KeyboardModifier.ControlModifier, "Ctrl+"), (Qt.KeyboardModifier.ShiftModifier, "Shift+"))


class ImageCanvas(QWidget):
    """Shows one frame of one image with its marks and captions."""

    first_painted = Signal()  # the pixels of the image given last are on screen
    view_changed = Signal()
    activated = Signal()  # pressed, or scrolled over
    maximise_asked = Signal()  # double click
    cursor_moved = Signal(object)  # image point (column, row) under the mouse, None where it left
    mark_drawn = Signal(str, object)  # kind, points
    mark_moved = Signal(str, object)  # id, points
    mark_selected = Signal(str)  # id, "" for none
    tool_changed = Signal(str)  # armed kind, "" for none

    def __init__(self, hands: Hands | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Image"))
        self._hands = hands or Hands()
        self._prepared: PreparedImage | None = None
        self._view = ImageView()
        self._rest: Placement | None = None
        self._marks: tuple[MarkView, ...] = ()
        self._selected = ""
        self._gesture: Gesture | None = None
        self._button = Qt.MouseButton.NoButton  # of the gesture; a gesture taken back leaves it until all are up
        self._awaiting_paint = False
        self._wheel_rest = 0
        self._mouse: QPointF | None = None
        self._hand = DrawingHand(self, self)
        self._hand.armed_changed.connect(self._on_armed)
        self._hand.finished.connect(self._on_drawn)
        self._hand.changed.connect(self.update)
        self._values = MarkValues(self)
        self._values.changed.connect(self.update)
        self._painting = CanvasPainting(self._values, self._hand)

    # What is shown

    def show_image(self, prepared: PreparedImage, view: ImageView | None = None, place: str = "") -> None:
        """Shows an image; `first_painted` follows when its pixels are on screen. `place`: which of several it is."""
        self._start(prepared, view or prepared.opening)
        self._painting.place_text = place
        self._awaiting_paint = True

    def show_message(self, text: str) -> None:
        """Shows a sentence instead of an image."""
        self._start(None, ImageView())
        self._painting.message = text
        self._awaiting_paint = False

    def _start(self, prepared: PreparedImage | None, view: ImageView) -> None:
        self._prepared, self._view, self._rest = prepared, view, None
        self._marks, self._selected, self._gesture = (), "", None
        self._painting.show(prepared)
        self._values.show(prepared.image if prepared else None)
        if self._hand.drawing and self._hand.drawing.points:
            self._hand.arm(self._hand.armed)
        self.update()

    @property
    def image(self) -> Image | None:
        return self._prepared.image if self._prepared else None

    @property
    def prepared(self) -> PreparedImage | None:
        return self._prepared

    @property
    def view(self) -> ImageView:
        return self._view

    @property
    def hands(self) -> Hands:
        """What buttons and the wheel do."""
        return self._hands

    def set_hands(self, hands: Hands) -> None:
        """Another keymap; a drag under way is taken back."""
        self.cancel_drag()
        self._hands = hands

    @property
    def selected_mark(self) -> str:
        return self._selected

    @property
    def armed(self) -> ToolKind | None:
        return self._hand.armed

    def set_marks(self, marks: Sequence[MarkView]) -> None:
        """Replaces the marks shown; a selection that is gone is dropped."""
        self._marks = tuple(marks)
        if self._selected not in {mark.id for mark in self._marks}:
            self._selected = ""
        self.update()

    def set_echo(self, text: str) -> None:
        """The answer just given, beside the image."""
        self._painting.echo = text
        self.update()

    def set_active(self, active: bool) -> None:
        """Outlines the canvas that keys act on, where several are shown."""
        self._painting.is_active = active
        self.update()

    def hide_overlays(self, hidden: bool) -> None:
        """Hides marks and captions while held."""
        if hidden != self._painting.overlays_hidden:
            self._painting.overlays_hidden = hidden
            self.update()

    def select_mark(self, mark_id: str) -> None:
        if mark_id != self._selected:
            self._selected = mark_id
            self.mark_selected.emit(mark_id)
            self.update()

    def painted_texts(self) -> list[str]:
        """Every text that the next paint writes on the canvas."""
        return self._painting.texts(self, self._marks, self._selected)

    # Tools

    def arm(self, kind: ToolKind | None) -> None:
        """The next drag or clicks draw this mark or measurement; None puts the tool away."""
        self._hand.arm(kind)

    def tool_key(self, key: str) -> bool:
        """A key by its portable text, before it means anything else; False where no tool takes it.

        With a tool armed: arrows, Return, Backspace (`readerapp.viewer.drawing`). With a mark selected: Alt with an
        arrow moves it. With the probe on: Alt with an arrow moves its crosshair.
        """
        if self._prepared is None:
            return False
        if self._hand.key(key):
            return True
        step = arrow_step(key, "Alt+")
        mark = next((mark for mark in self._marks if mark.id == self._selected), None)
        if step is None or self._gesture is not None:
            return False
        if mark is not None:
            here, there = self.to_image(QPointF(0, 0)), self.to_image(QPointF(*step))
            self.finish_move(move_mark(self, mark, -1, there[0] - here[0], there[1] - here[1]))
        elif self._painting.probing:
            self._painting.pointer = self._pointer() + QPointF(*step)
            self.update()
        return mark is not None or self._painting.probing

    def toggle_probe(self) -> None:
        """Shows the value under the mouse, or stops."""
        self._painting.probing = not self._painting.probing
        self._painting.pointer = self._pointer()
        self.update()

    @property
    def probing(self) -> bool:
        return self._painting.probing

    def set_magnifier(self, shown: bool) -> None:
        """A lens at the mouse, at the crosshair, or in the middle, while a key is held."""
        self.show_lens(self._pointer() if shown else None)

    @property
    def magnifying(self) -> bool:
        return self._painting.lens is not None

    def cancel_drag(self) -> bool:
        """Takes back a drag under way."""
        if self._gesture is None:
            return False
        gesture, self._gesture = self._gesture, None
        gesture.cancel()
        self.update()
        return True

    def cancel(self) -> bool:
        """Esc: takes back a drag under way, else disarms, else drops the selection. False where there was none."""
        if self.cancel_drag() or self._hand.cancel():
            return True
        if not self._selected:
            return False
        self.select_mark("")
        return True

    # Window

    def set_window(self, window: Window | None, preset_id: str = "") -> None:
        """Shows the image in a window; None is the image's own VOI LUT."""
        self._change(replace(self._view, window=window, preset_id=preset_id))

    def apply_preset(self, preset: Preset) -> None:
        """Sets a preset's window."""
        if self._prepared:
            self.set_window(preset_window(self._prepared.image, preset, self._view.frame), preset.id)

    def step_window(self, wider: float = 0.0, up: float = 0.0) -> None:
        """Widens the window, or raises its centre, by steps of 5 % of its width."""
        prepared = self._prepared
        if prepared is not None and not prepared.image.is_color:
            start = drag_start(prepared.image, self._view)
            self.set_window(stepped_window(start, wider, up, prepared.value_range))

    def invert(self) -> None:
        self._change(replace(self._view, inverted=not self._view.inverted))

    # Place, zoom, orientation

    def placement(self) -> Placement:
        """Where the image lies now, in device pixels."""
        image = self.image
        if image is None:
            return Placement(1.0, 0.0, 0.0)
        return self.resting() if self._view.placement is None else self._view.placed(image, self.device_size())

    def set_rest(self, rest: Placement | None) -> None:
        """Where the image lies while its view has no place of its own: as it hangs. None: fitted and centred."""
        if rest != self._rest:
            self._rest = rest
            self.update()

    def resting(self) -> Placement:
        """Where the image lies when nobody has moved it, in device pixels. A turned one is fitted and centred."""
        if self._rest is not None and self._view.quarter_turns == 0:
            return replace(self._rest, quarter_turns=0, flipped=self._view.flipped)
        fitted = replace(self._view, placement=None)
        return Placement(1.0, 0.0, 0.0) if self.image is None else fitted.placed(self.image, self.device_size())

    def set_placement(self, placement: Placement) -> None:
        """Moves, zooms, turns and flips the picture to lie there."""
        self._change(self._view.moved(placement))

    def zoom_by(self, steps: float) -> None:
        """Zooms about the middle of the viewport, 25 % a step."""
        self.zoom_at(QPointF(self.rect().center()) + QPointF(0.5, 0.5), _ZOOM_STEP**steps, self.placement())

    def zoom_at(self, at: QPointF, factor: float, placement: Placement) -> None:
        """Zooms from a placement, the image point under a widget position staying where it is."""
        ratio = self.devicePixelRatioF()
        self.set_placement(placement.zoomed(factor, at.x() * ratio, at.y() * ratio, self.device_size()))

    def pan_from(self, placement: Placement, moved: QPointF) -> None:
        """The picture at a placement, moved by logical pixels."""
        ratio = self.devicePixelRatioF()
        self.set_placement(placement.panned(moved.x() * ratio, moved.y() * ratio))

    def pan_by(self, across: float, down: float) -> None:
        """Moves the picture by steps of a tenth of the viewport: right and down are positive."""
        moved = QPointF(across * _PAN_SHARE * self.width(), down * _PAN_SHARE * self.height())
        self.pan_from(self.placement(), moved)

    def fit(self) -> None:
        self._change(replace(self._view, placement=None))

    def fill(self) -> None:
        """Zooms until no part of the viewport is empty."""
        image = self.image
        if image is not None:
            turned = (self._view.quarter_turns, self._view.flipped)
            self.set_placement(fill(image.rows, image.columns, self.device_size(), aspect_of(image), *turned))

    def one_to_one(self) -> None:
        """One image column per screen pixel, the middle of the viewport staying where it is."""
        self.set_placement(replace(self.placement(), scale=1.0))

    def true_size(self) -> bool:
        """One millimetre of the image is one on the screen. False where the spacing or the screen is not known."""
        scale = self.true_scale()
        if scale is not None:
            self.set_placement(replace(self.placement(), scale=scale))
        return scale is not None

    def true_scale(self) -> float | None:
        """The scale of true size: device pixels per column, from the screen's own word on its size."""
        image, screen = self.image, self.screen()
        dots = screen.physicalDotsPerInch() * self.devicePixelRatioF() if screen else 0.0
        if image is None or image.spacing_mm is None or not dots > 0:
            return None
        return image.spacing_mm[1] * dots / _MM_PER_INCH

    def rotate(self, quarter_turns: int) -> None:
        """Turns the picture clockwise on the screen; answers and marks know nothing of it."""
        self._turn(self.placement().rotated(quarter_turns))

    def flip_horizontal(self) -> None:
        """Mirrors the picture left to right, as seen on the screen."""
        self._turn(self.placement().mirrored())

    def flip_vertical(self) -> None:
        """Mirrors the picture top to bottom, as seen on the screen."""
        self._turn(self.placement().mirrored(vertically=True))

    def _turn(self, placement: Placement) -> None:
        turned = self._view.moved(placement)
        self._change(turned if self._view.placement is not None else replace(turned, placement=None))

    def toggle_smoothing(self) -> None:
        """Interpolates what is magnified, or shows the pixels as they are."""
        self._change(replace(self._view, smooth=not self._view.smooth))

    def reset_view(self) -> None:
        if self._prepared:
            opening = self._prepared.opening
            view = opening_view(self._prepared.image, self._view.frame)
            self._change(replace(view, quarter_turns=opening.quarter_turns, flipped=opening.flipped))

    def set_frame(self, frame: int) -> None:
        """Scrolls to a frame, limited to those there are."""
        if self._prepared:
            limited = min(max(frame, 0), self._prepared.image.frames - 1)
            if limited != self._view.frame:
                self._change(replace(self._view, frame=limited))

    def set_slab(self, slab: Slab) -> None:
        """Several slices as one, where the stack allows it."""
        if self.image is not None and slab_possible(self.image):
            self._change(replace(self._view, slab=slab))

    def set_view(self, view: ImageView) -> None:
        """All of a view at once."""
        self._change(view)

    # From screen to image

    def to_screen(self, x: float, y: float) -> QPointF:
        """Logical widget position of an image point (column, row)."""
        ratio = self.devicePixelRatioF()
        sx, sy = self.placement().to_screen(x, y, self.device_size())
        return QPointF(sx / ratio, sy / ratio)

    def to_image(self, at: QPointF) -> Point:
        """Image point (column, row) under a logical widget position."""
        ratio = self.devicePixelRatioF()
        return self.placement().to_image(at.x() * ratio, at.y() * ratio, self.device_size())

    def inside(self, point: Point) -> Point:
        """The nearest point of the image: a mark ends within it."""
        image = self.image
        if image is None:
            return point
        return min(max(point[0], -0.5), image.columns - 0.5), min(max(point[1], -0.5), image.rows - 0.5)

    def area(self) -> QRectF:
        """The canvas in logical pixels."""
        return QRectF(self.rect())

    def device_size(self) -> tuple[int, int]:
        """The viewport (width, height) in device pixels."""
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    # Events

    def sizeHint(self) -> QSize:
        return QSize(900, 700)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 200)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painted = self._painting.paint(painter, self, self._marks, self._selected)
        painter.end()
        if painted and self._awaiting_paint:
            self._awaiting_paint = False
            self.first_painted.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.activated.emit()
        if self._button != Qt.MouseButton.NoButton:
            # A second button takes the drag back (as in Slicer: right click or Esc cancels a window change).
            self.cancel_drag()
        elif self._prepared is not None:
            self._gesture = self._pressed(event)
            self._button = event.button() if self._gesture else Qt.MouseButton.NoButton

    def _pressed(self, event: QMouseEvent) -> Gesture | None:
        at = event.position()
        if event.button() == Qt.MouseButton.LeftButton and not event.modifiers():
            if self._hand.armed:
                return DrawMark(self, at, self._hand)
            found = self._mark_at(at)
            if found is not None:
                mark, part = found
                self.select_mark(mark.id)
                return MoveMark(self, at, mark, part)
        return view_drag(self, _button_text(event), at, self._hand)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse = self._painting.pointer = event.position()
        if self._gesture is not None:
            self._gesture.drag(self._mouse)
        elif self._button == Qt.MouseButton.NoButton:
            self._hover(self._mouse)
        if self._painting.probing or self._painting.lens is not None:
            self._painting.lens = self._mouse if self._painting.lens is not None else None
            self.update()
        if self._prepared is not None:
            self.cursor_moved.emit(self.to_image(self._mouse))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._gesture is None:
            if event.buttons() == Qt.MouseButton.NoButton:
                self._button = Qt.MouseButton.NoButton
        elif event.button() == self._button:
            gesture, self._gesture, self._button = self._gesture, None, Qt.MouseButton.NoButton
            if gesture.click_drops_selection and not gesture.moving and event.button() == Qt.MouseButton.LeftButton:
                self.select_mark("")
            gesture.release(event.position())
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._hand.armed:
            if not self._hand.double_click(event.position()):
                self.mousePressEvent(event)
        elif event.button() == Qt.MouseButton.LeftButton and self._hands.double_click == "maximise":
            self.activated.emit()
            self.maximise_asked.emit()
        else:
            self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._mouse = None
        self._painting.pointer = None
        self._hand.leave()
        self.cursor_moved.emit(None)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.activated.emit()
        if self._prepared is None or self._gesture is not None:
            return
        self._wheel_rest += event.angleDelta().y() or event.angleDelta().x()
        verb = self._hands.wheel.get(_wheel_text(event), "zoom")
        if verb == "zoom" or self._prepared.image.frames == 1:
            steps, self._wheel_rest = self._wheel_rest / _WHEEL_STEP, 0
            self.zoom_at(event.position(), _ZOOM_STEP**steps, self.placement())
        else:
            slices = int(self._wheel_rest / _WHEEL_STEP)
            self._wheel_rest -= slices * _WHEEL_STEP
            self.set_frame(self._view.frame - slices)
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.activated.emit()
            self.zoom_at(event.position(), 1.0 + event.value(), self.placement())
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # keys belong to the room

    # What gestures and tools come to

    def show_lens(self, at: QPointF | None) -> None:
        self._painting.lens = at
        self.update()

    def show_moved(self, mark: MarkView | None) -> None:
        """A mark where it would be if the button were let go now."""
        self._painting.moved = mark
        self.update()

    def finish_move(self, mark: MarkView) -> None:
        self.mark_moved.emit(mark.id, mark.points)

    def _on_armed(self, kind: str) -> None:
        self.setCursor(Qt.CursorShape.CrossCursor if kind else Qt.CursorShape.ArrowCursor)
        self.tool_changed.emit(kind)

    def _on_drawn(self, kind: str, points: tuple[Point, ...]) -> None:
        if kind != "window_region":
            self.mark_drawn.emit(kind, points)
        elif self._prepared is not None:
            window = region_window(self._prepared.image, self._view.frame, points)
            if window is not None:
                self.set_window(window)

    def _mark_at(self, at: QPointF) -> tuple[MarkView, int] | None:
        """The mark under a point and what of it; the one drawn last lies on top, the selected one above all."""
        if self._painting.overlays_hidden:
            return None
        for mark in sorted(self._marks, key=lambda mark: mark.id == self._selected)[::-1]:
            ends = [self.to_screen(*point) for point in mark.points]
            part = shapes.hit(mark.kind, ends, at, mark.id == self._selected)
            if part is not None:
                return mark, part
        return None

    def _hover(self, at: QPointF) -> None:
        if self._hand.armed:
            self._hand.drag(at)
        else:
            over = self._mark_at(at) is not None
            self.setCursor(Qt.CursorShape.SizeAllCursor if over else Qt.CursorShape.ArrowCursor)

    def _pointer(self) -> QPointF:
        places = (self._painting.pointer, self._mouse, self.area().center())
        return next(place for place in places if place is not None)

    def _change(self, view: ImageView) -> None:
        if self._prepared is not None and view != self._view:
            self._view = view
            self.update()
            self.view_changed.emit()


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


def _wheel_text(event: QWheelEvent) -> str:
    """The wheel with its modifier, as keymaps write it: "Ctrl+Wheel"."""
    return next((text for modifier, text in _WHEEL_MODIFIERS if event.modifiers() & modifier), "") + "Wheel"
