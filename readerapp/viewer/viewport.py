"""An image in a window: which part of it is seen, how large, how it lies, how bright. It knows nothing of hands.

A view is changed by one method each, whether a key, a drag or another window that it is linked to asks for it;
`view_changed` tells of all of them.
"""

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtWidgets import QWidget

from engine.images.image import Image, Window
from readerapp.viewer.display import Placement, aspect_of, fill
from readerapp.viewer.presets import Preset, preset_window
from readerapp.viewer.slab import Slab, slab_possible
from readerapp.viewer.view_state import ImageView, PreparedImage, drag_start, opening_view, stepped_window
from studies.reading.marks import Point

__all__ = ["ZOOM_STEP", "Viewport"]

ZOOM_STEP = 1.25
_IN_SIGHT = 64.0  # logical pixels of an image that no hand can move out of the viewport
_PAN_SHARE = 0.1  # of the viewport that a key pans
_MM_PER_INCH = 25.4


class Viewport(QWidget):
    """One image and how it is looked at; what paints it and what hands do to it are for a canvas to say."""

    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._prepared: PreparedImage | None = None
        self._view = ImageView()
        self._rest: Placement | None = None
        self._held = 0.5

    def hold(self, prepared: PreparedImage | None, view: ImageView) -> None:
        """Another image, or none."""
        self._prepared, self._view, self._rest, self._held = prepared, view, None, 0.5
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
        if self._view.placement is None or self.image is None:
            return self.resting()
        return self._view.placed(self.image, self.device_size())

    def resting(self) -> Placement:
        """Where the image lies when nobody has moved it, in device pixels. A turned one is fitted and centred."""
        if self.image is None:
            return Placement(1.0, 0.0, 0.0)
        if self._rest is not None and self._view.quarter_turns == 0:
            return replace(self._rest, quarter_turns=0, flipped=self._view.flipped)
        return replace(self._view, placement=None).placed(self.image, self.device_size())

    def set_rest(self, rest: Placement | None, held: float = 0.5) -> None:
        """Where the image lies while its view has no place of its own: as it hangs. None: fitted and centred.

        `held`: the share of the viewport's width that keys zoom about; 0 and 1 keep an image at the edge it hangs at.
        """
        self._held = held
        if rest != self._rest:
            self._rest = rest
            self.update()

    def set_placement(self, placement: Placement) -> None:
        """Moves, zooms, turns and flips the picture to lie there; a part of it stays in sight."""
        self._change(self._view.moved(self._in_sight(placement)))

    def _in_sight(self, placement: Placement) -> Placement:
        """The placement, moved back as far as it takes for a strip of the image to be seen."""
        image, size = self.image, self.device_size()
        if image is None:
            return placement
        ends = [placement.to_screen(x, y, size) for x, y in ((0, 0), (image.columns - 1, image.rows - 1))]
        back = []
        for one, other, length in zip(*ends, size, strict=True):
            low, high = min(one, other), max(one, other)
            strip = min(_IN_SIGHT * self.devicePixelRatioF(), (high - low) / 4, length)
            back.append(max(strip - high, 0.0) - max(low - (length - strip), 0.0))
        return placement.panned(*back) if any(back) else placement

    def zoom_by(self, steps: float) -> None:
        """Zooms 25 % a step about the middle of the viewport, or about the edge that the image hangs at."""
        held = QPointF(self._held * self.width(), self.height() / 2)
        self.zoom_at(held, ZOOM_STEP**steps, self.placement())

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

    def _change(self, view: ImageView) -> None:
        if self._prepared is not None and view != self._view:
            self._view = view
            self.update()
            self.view_changed.emit()
