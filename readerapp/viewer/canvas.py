"""The image on screen: painted at the size of the viewport, moved by hand, marked and measured.

The canvas decides nothing: it shows what it is given and tells what hands did. It has no context menu of the
system (`menu_asked` tells of a right click), no tool tip and nothing to copy, so that no part of it can tell whose
image it is.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QSizePolicy, QWidget

from engine.images.measuring import region_window
from engine.images.reformat import Reformat
from readerapp.viewer import shapes
from readerapp.viewer.brush import BRUSHES, Brush
from readerapp.viewer.brushwork import Brushwork
from readerapp.viewer.canvas_mouse import CanvasMouse
from readerapp.viewer.drawing import DrawingHand, arrow_step
from readerapp.viewer.gestures import DrawMark, Handle, MoveMark, move_mark
from readerapp.viewer.hands import Hands
from readerapp.viewer.heat import HeatLayer
from readerapp.viewer.marks import MarkView
from readerapp.viewer.measured import MarkValues
from readerapp.viewer.painting import CanvasPainting
from readerapp.viewer.tools import ToolKind
from readerapp.viewer.view_state import ImageView, PreparedImage
from readerapp.viewer.viewport import Viewport
from studies.reading.marks import Point

__all__ = ["ImageCanvas"]


class ImageCanvas(Viewport):
    """Shows one frame of one image with its marks and captions."""

    first_painted = Signal()  # the pixels of the image given last are on screen
    activated = Signal()  # pressed, or scrolled over
    maximise_asked = Signal()  # double click
    cursor_moved = Signal(object)  # image point (column, row) under the mouse, None where it left
    mark_drawn = Signal(str, object)  # kind, points
    mark_moved = Signal(str, object)  # id, points
    mark_selected = Signal(str)  # id, "" for none
    mask_painted = Signal(str, object)  # id ("": a new one), its mask (None: nothing of it is left)
    tool_changed = Signal(str)  # armed kind, "" for none
    menu_asked = Signal(object)  # position of a right click that was no drag

    def __init__(self, hands: Hands | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard stays with the room, where Tab means the next item
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.setAccessibleName(self.tr("Image"))
        self._hands = hands or Hands()
        self._marks: tuple[MarkView, ...] = ()
        self._selected = ""
        self._awaiting_paint = False
        self._hand = DrawingHand(self, self)
        self._hand.armed_changed.connect(self._on_armed)
        self._hand.finished.connect(self._on_drawn)
        self._hand.changed.connect(self.update)
        self._values = MarkValues(self)
        self._values.changed.connect(self.update)
        self._brushwork = Brushwork(self._hand)
        self._hand.changed.connect(self._follow_brush)
        self._painting = CanvasPainting(self._values, self._hand, self._brushwork)
        self._mouse = CanvasMouse(self, self._hand, self)
        self._mouse.activated.connect(self.activated)
        self._mouse.maximise_asked.connect(self.maximise_asked)
        self._mouse.moved.connect(self.cursor_moved)
        self._mouse.menu_asked.connect(self.menu_asked)

    # What is shown

    def show_image(
        self,
        prepared: PreparedImage,
        view: ImageView | None = None,
        place: str = "",
        reformat: Reformat | None = None,
    ) -> None:
        """Shows an image; `first_painted` follows when its pixels are on screen. `place`: which of several it is.

        `reformat`: where the planes of the image run in its volume, which is then said beside it.
        """
        self._start(prepared, view or prepared.opening)
        self._painting.place_text = place
        self._painting.reformat = reformat
        self._awaiting_paint = True

    def show_message(self, text: str) -> None:
        """Shows a sentence instead of an image."""
        self._start(None, ImageView())
        self._painting.message = text
        self._awaiting_paint = False

    def _start(self, prepared: PreparedImage | None, view: ImageView) -> None:
        self.hold(prepared, view)
        self._marks, self._selected = (), ""
        self._mouse.drop()
        self._painting.show(prepared)
        self._values.show(prepared.image if prepared else None)
        if self._hand.drawing and self._hand.drawing.points:
            self._hand.arm(self._hand.armed)
        self.update()

    @property
    def reformat(self) -> Reformat | None:
        """Where the planes of the image run in a volume, where that was told."""
        return self._painting.reformat

    def set_handle(self, handle: Handle) -> None:
        """What lies over the image and is moved by the left button, where no tool is armed and no mark is under it."""
        self._painting.handle = handle

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

    @property
    def heat(self) -> HeatLayer | None:
        """The map that lies over the image."""
        return self._painting.heat.layer

    def set_heat(self, layer: HeatLayer | None) -> None:
        """Lays a map over the image, under its marks, or takes it away; another image comes without one."""
        if layer is not self._painting.heat.layer:
            self._painting.heat.layer = layer
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
        if step is None or self._mouse.gesture is not None:
            return False
        if mark is not None:
            here, there = self.to_image(QPointF(0, 0)), self.to_image(QPointF(*step))
            self.finish_move(move_mark(self, mark, -1, there[0] - here[0], there[1] - here[1]))
        elif self._painting.probing:
            self._painting.pointer = self._pointer() + QPointF(*step)
            self.update()
        return mark is not None or self._painting.probing

    def share_brush(self, brush: Brush) -> None:
        """One brush for several views."""
        self._brushwork.brush = brush

    @property
    def brush_diameter(self) -> int:
        """How wide the brush paints, in image columns."""
        return self._brushwork.brush.diameter

    def step_brush(self, sizes: int) -> bool:
        """A wider brush, or a finer one. False where none is in hand."""
        in_hand = self._hand.armed in BRUSHES
        if in_hand:
            self._brushwork.brush.step(sizes)
            self.update()
        return in_hand

    def take_back_point(self) -> bool:
        """Undo while a mark is being drawn: its last point goes. False where none is set."""
        return self._hand.take_back()

    def set_probing(self, on: bool, centred: bool = False) -> None:
        """Shows the value under the mouse, or stops; `centred`: begins in the middle where no mouse is over it."""
        self._painting.probing = on
        self._painting.pointer = self._pointer() if centred else self._mouse.at
        self.update()

    @property
    def probing(self) -> bool:
        return self._painting.probing

    def set_magnifier(self, shown: bool) -> None:
        """A lens at the mouse, at the crosshair, or in the middle, while a key is held."""
        at = self.to_screen(*self._hand.crosshair) if self._hand.crosshair is not None else self._pointer()
        self.show_lens(at if shown else None)

    @property
    def drawing(self) -> bool:
        """A mark is being drawn or moved: the slice has to stay."""
        begun = self._hand.drawing is not None and bool(self._hand.drawing.points)
        return begun or isinstance(self._mouse.gesture, (DrawMark, MoveMark))

    @property
    def magnifying(self) -> bool:
        return self._painting.lens is not None

    def set_frame(self, frame: int) -> None:
        """Scrolls. A mark lies on one slice: points that were set on the slice before are dropped."""
        before = self._view.frame
        super().set_frame(frame)
        if self.drawing and self._view.frame != before:
            self.cancel_drag()
            self._hand.arm(self._hand.armed)

    def cancel_drag(self) -> bool:
        """Takes back a drag under way."""
        return self._mouse.cancel()

    def cancel(self) -> bool:
        """Esc: takes back a drag under way, else disarms, else drops the selection. False where there was none."""
        if self.cancel_drag() or self._hand.cancel():
            return True
        if not self._selected:
            return False
        self.select_mark("")
        return True

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
        self._mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._mouse.double_click(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._mouse.leave()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._mouse.wheel(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            return self._pinched(pinch) if isinstance(pinch, QPinchGesture) else False
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._mouse.zoom(event.position(), 1.0 + event.value())
            return True
        return super().event(event)

    def _pinched(self, pinch: QPinchGesture) -> bool:
        center = QPointF(self.mapFromGlobal(pinch.centerPoint()))
        before = QPointF(self.mapFromGlobal(pinch.lastCenterPoint()))
        self._mouse.pinch(center, center - before, pinch.scaleFactor())
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # keys belong to the room

    # What gestures and tools come to

    def follow_mouse(self, at: QPointF | None) -> None:
        """The probe and the lens go with the mouse, where they are in use."""
        self._painting.pointer = at
        if at is not None and (self._painting.probing or self._painting.lens is not None):
            self._painting.lens = at if self._painting.lens is not None else None
            self.update()

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
        if kind in BRUSHES and self.image is not None:
            self._brushwork.brush.take(self.image.columns, self.image.rows)
        self.setCursor(Qt.CursorShape.CrossCursor if kind else Qt.CursorShape.ArrowCursor)
        self.tool_changed.emit(kind)

    def _on_drawn(self, kind: str, points: tuple[Point, ...]) -> None:
        if kind in BRUSHES:
            painted = self._brushwork.end(points)
            if painted is not None:
                self.mask_painted.emit(painted.mark_id, painted.mask)
        elif kind != "window_region":
            self.mark_drawn.emit(kind, points)
        elif self._prepared is not None:
            window = region_window(self._prepared.image, self._view.frame, points)
            if window is not None:
                self.set_window(window)

    def _follow_brush(self) -> None:
        if self.image is not None:
            self._brushwork.follow(self.image, self._marks, self._selected)

    def mark_at(self, at: QPointF) -> tuple[MarkView, int] | None:
        """The mark under a point and what of it; the one drawn last lies on top, the selected one above all."""
        if self._painting.overlays_hidden:
            return None
        for mark in sorted(self._marks, key=lambda mark: mark.id == self._selected)[::-1]:
            if mark.mask is not None:
                if self._painting.masks.near_edge(self, mark.mask, at):
                    return mark, -1
                continue
            ends = [self.to_screen(*point) for point in mark.points]
            part = shapes.hit(mark.kind, ends, at, mark.id == self._selected)
            if part is not None:
                return mark, part
        return None

    def handle_at(self, at: QPointF) -> Handle | None:
        """The handle under a point."""
        handle = None if self._painting.overlays_hidden else self._painting.handle
        return handle if handle is not None and handle.near(at) else None

    def hover(self, at: QPointF) -> None:
        """No button is held: a crosshair follows, or the cursor tells what can be taken hold of."""
        if self._hand.armed:
            self._hand.drag(at)
        else:
            over = self.mark_at(at) is not None or self.handle_at(at) is not None
            self.setCursor(Qt.CursorShape.SizeAllCursor if over else Qt.CursorShape.ArrowCursor)

    def _pointer(self) -> QPointF:
        places = (self._painting.pointer, self._mouse.at, self.area().center())
        return next(place for place in places if place is not None)
