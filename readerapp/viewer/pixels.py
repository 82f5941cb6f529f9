"""The pixels of a canvas: sampled once for a place and zoom, looked up again for every window."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QImage

from engine.images.grey import display_table
from readerapp.viewer.display import Placement, Sampled, sample, to_screen_pixels
from readerapp.viewer.pyramid import Pyramid, build_pyramid
from readerapp.viewer.slab import ONE_SLICE, Slab
from readerapp.viewer.view_state import ImageView, PreparedImage, sampling_key

__all__ = ["Picture", "ScreenPixels"]

Size = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Picture:
    """Pixels that belong at (`left`, `top`) of the viewport, in device pixels; valid until the next is asked for."""

    image: QImage
    left: int
    top: int


class ScreenPixels:
    """What is kept between two paints of one image."""

    def __init__(self) -> None:
        self._prepared: PreparedImage | None = None
        self._pyramid: Pyramid | None = None
        self._levels_of: tuple[int, Slab] = (0, ONE_SLICE)
        self._sampled: tuple[object, Sampled | None] = (None, None)
        self._used: tuple[int, int] | None = None  # least and greatest index among what is sampled
        self._screen: tuple[object, np.ndarray | None] = (None, None)

    def show(self, prepared: PreparedImage | None) -> None:
        """Another image, or none."""
        self._prepared = prepared
        self._pyramid = prepared.pyramid if prepared else None
        self._levels_of = (prepared.frame if prepared else 0, ONE_SLICE)
        first = prepared.sampled if prepared else None
        self._sampled, self._screen = first or (None, None), (None, None)
        self._used = _ends(self._sampled[1])

    @property
    def sampled(self) -> Sampled | None:
        """The stored values on the screen, at its resolution."""
        return self._sampled[1]

    def picture(self, view: ImageView, placement: Placement, size: Size) -> Picture | None:
        """The visible part of the image under a viewport (width, height); None where it lies outside."""
        if self._prepared is None:
            return None
        key = sampling_key(view, placement, size)
        if self._sampled[0] != key:
            self._sampled = (key, sample(self._levels(view), placement, size, view.smooth))
            self._used = _ends(self._sampled[1])
        sampled = self._sampled[1]
        if sampled is None:
            return None
        looked_up = (key, view.window, view.inverted)
        if self._screen[0] != looked_up or self._screen[1] is None:
            self._screen = (looked_up, self._looked_up(sampled, view, self._used, self._screen[1]))
        assert self._screen[1] is not None
        return Picture(_image(self._screen[1]), sampled.left, sampled.top)

    def lens(self, view: ImageView, placement: Placement, size: Size) -> Picture | None:
        """The same for a small viewport of its own, from pixels at its own scale; nothing of it is kept."""
        if self._prepared is None:
            return None
        sampled = sample(self._levels(view), placement, size, view.smooth)
        if sampled is None:
            return None
        return Picture(_image(self._looked_up(sampled, view, _ends(sampled), None)).copy(), sampled.left, sampled.top)

    def _levels(self, view: ImageView) -> Pyramid:
        assert self._prepared is not None
        if self._pyramid is None or self._levels_of != (view.frame, view.slab):
            self._pyramid = build_pyramid(self._prepared.image, view.frame, view.slab)
            self._levels_of = (view.frame, view.slab)
        return self._pyramid

    def _looked_up(
        self, sampled: Sampled, view: ImageView, used: tuple[int, int] | None, out: np.ndarray | None
    ) -> np.ndarray:
        assert self._prepared is not None
        table = display_table(self._prepared.image, view.window, view.frame, view.inverted, used)
        return to_screen_pixels(sampled, table, out)


def _ends(sampled: Sampled | None) -> tuple[int, int] | None:
    """The least and the greatest index into a display table that will be asked for."""
    return None if sampled is None else (int(sampled.values.min()), int(sampled.values.max()))


def _image(screen: np.ndarray) -> QImage:
    """A QImage over the array's own memory: valid while the array lives."""
    height, width = screen.shape[:2]
    if screen.ndim == 3:
        return QImage(screen.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return QImage(screen.data, width, height, 4 * width, QImage.Format.Format_RGB32)
