"""How a reader looks at one image: what is restored when they come back. No Qt."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from engine.images.grey import default_window, display_table, full_window
from engine.images.image import Image, Window
from readerapp.viewer.display import Placement, Sampled, aspect_of, fit, sample
from readerapp.viewer.presets import preset_window, presets_for, starting_preset
from readerapp.viewer.pyramid import Pyramid, build_pyramid
from readerapp.viewer.slab import ONE_SLICE, Slab

__all__ = [
    "ImageView",
    "PreparedImage",
    "drag_start",
    "dragged_window",
    "opening_view",
    "prepare",
    "presampled",
    "sampling_key",
    "stepped_window",
    "view_from_record",
    "view_to_record",
]


@dataclass(frozen=True)
class ImageView:
    """`window` None is the image's own default (its VOI LUT); `placement` None is fit to the viewport."""

    frame: int = 0
    window: Window | None = None
    preset_id: str = ""  # "" once the window was changed by hand
    inverted: bool = False
    placement: Placement | None = None
    quarter_turns: int = 0  # clockwise; on the screen only, never in an answer or a mark
    flipped: bool = False  # left to right, before it is turned
    smooth: bool = True  # interpolated where it is magnified
    slab: Slab = ONE_SLICE  # of a stack

    def placed(self, image: Image, size: tuple[int, int]) -> Placement:
        """Where the image lies under a viewport of `size` (width, height)."""
        if self.placement is None:
            aspect = aspect_of(image)
            return fit(image.rows, image.columns, size, aspect, self.quarter_turns, self.flipped)
        return replace(self.placement, quarter_turns=self.quarter_turns, flipped=self.flipped)

    def moved(self, placement: Placement) -> "ImageView":
        """The view at another place and zoom, turned and flipped as the placement is."""
        return replace(self, placement=placement, quarter_turns=placement.quarter_turns % 4, flipped=placement.flipped)


@dataclass(frozen=True, eq=False)
class PreparedImage:
    """An image ready to be painted: what takes time was done away from the window's thread."""

    image: Image
    pyramid: Pyramid  # of `frame`
    frame: int
    opening: ImageView
    names: tuple[str, ...] = ()  # what each frame is called, where that is more than its number
    # What the opening view shows in a viewport that was known beforehand, under its `sampling_key`.
    sampled: tuple[object, Sampled | None] | None = None

    @cached_property
    def value_range(self) -> float:
        """Width of all modality values: the least gain of a window drag follows it."""
        return full_window(self.image, self.frame).width


def prepare(image: Image, frame: int = 0) -> PreparedImage:
    """Opening window and value range of an image, and its reduced copies to be made; safe to call from any thread."""
    frame = min(max(frame, 0), image.frames - 1)
    view = opening_view(image, frame)
    display_table(image, view.window, frame)  # measures float and 32-bit frames once
    return PreparedImage(image, build_pyramid(image, frame), frame, view)


def presampled(prepared: PreparedImage, viewport: tuple[int, int]) -> PreparedImage:
    """The image with its first picture worked out for a viewport (width, height) in which it will stand alone."""
    view = prepared.opening
    placement = view.placed(prepared.image, viewport)
    first = sample(prepared.pyramid, placement, viewport, view.smooth)
    return replace(prepared, sampled=(sampling_key(view, placement, viewport), first))


def sampling_key(view: ImageView, placement: Placement, viewport: tuple[int, int]) -> object:
    """What the sampled pixels of an image depend on: the same key, the same pixels."""
    return view.frame, view.slab, placement, viewport, view.smooth


def opening_view(image: Image, frame: int = 0) -> ImageView:
    """How an image opens: the header's window, else percentiles, fit to the viewport."""
    preset_id = starting_preset(image)
    return ImageView(frame, preset_window(image, presets_for(image)[preset_id], frame), preset_id)


def dragged_window(start: Window, dx: float, dy: float, value_range: float, up: float = 1.0) -> Window:
    """The window after a drag of (dx, dy) screen pixels: right is wider, up (dy < 0) raises the centre.

    With `up` −1 it is down that raises the centre. A pixel is worth 1/250 of the width the drag began with, at least
    1/8000 of the image's range, so that a narrow window can be opened again.
    """
    gain = max(start.width / 250.0, value_range / 8000.0)
    least = min(1.0, value_range / 1000.0) if value_range > 0 else 1.0
    width = max(start.width + dx * gain, least)
    return replace(start, center=start.center - up * dy * gain, width=width, explanation="")


def stepped_window(start: Window, wider: float, up: float, value_range: float) -> Window:
    """The window after steps of 5 % of its width: `wider` of them in width, `up` of them in centre."""
    gain = 0.05 * start.width
    least = min(1.0, value_range / 1000.0) if value_range > 0 else 1.0
    # A step out undoes a step in, so that keys come back to where they began.
    width = max(start.width * 1.05**wider, least)
    return replace(start, center=start.center + up * gain, width=width, explanation="")


def drag_start(image: Image, view: ImageView) -> Window:
    """The window a drag starts from: the one shown, or the nearest window where a VOI LUT is shown."""
    return view.window or default_window(image, view.frame)


def view_to_record(view: ImageView) -> dict:
    """The view as plain JSON values."""
    record: dict = {"frame": view.frame, "preset": view.preset_id, "inverted": view.inverted}
    if view.quarter_turns or view.flipped:
        record["turned"] = [view.quarter_turns, view.flipped]
    if not view.smooth:
        record["smooth"] = False
    if view.slab != ONE_SLICE:
        record["slab"] = [view.slab.frames, view.slab.mode]
    if view.window is not None:
        record["window"] = [view.window.center, view.window.width, view.window.function]
    if view.placement is not None:
        record["placement"] = [view.placement.scale, view.placement.x, view.placement.y]
    return record


def view_from_record(record: Mapping, image: Image) -> ImageView:
    """The view that was kept, or the opening view where the record does not fit the image."""
    opening = opening_view(image)
    try:
        frame = min(max(int(record["frame"]), 0), image.frames - 1)
        window = _window(record.get("window"))
        placement = _placement(record.get("placement"), image)
        turns, flipped = record.get("turned", (0, False))
        view = ImageView(frame, window, str(record["preset"]), bool(record["inverted"]), None, int(turns) % 4)
        view = replace(
            view, flipped=bool(flipped), smooth=bool(record.get("smooth", True)), slab=_slab(record.get("slab"), image)
        )
        return (
            view
            if placement is None
            else view.moved(replace(placement, quarter_turns=view.quarter_turns, flipped=view.flipped))
        )
    except (KeyError, TypeError, ValueError, IndexError):
        return opening


def _window(kept: object) -> Window | None:
    if not isinstance(kept, (list, tuple)):
        return None
    center, width, function = float(kept[0]), float(kept[1]), kept[2]
    if not (math.isfinite(center) and math.isfinite(width)) or function not in ("LINEAR", "LINEAR_EXACT", "SIGMOID"):
        raise ValueError(f"the kept window {kept!r} is not a window")
    return Window(center, width, function)


def _slab(kept: object, image: Image) -> Slab:
    if not isinstance(kept, (list, tuple)):
        return ONE_SLICE
    return Slab(1, "maximum" if kept[1] == "maximum" else "mean").thicker((int(kept[0]) - 1) // 2, image)


def _placement(kept: object, image: Image) -> Placement | None:
    if not isinstance(kept, (list, tuple)):
        return None
    scale, x, y = (float(value) for value in kept)
    if not all(math.isfinite(value) for value in (scale, x, y)) or scale <= 0:
        raise ValueError(f"the kept placement {kept!r} is not a placement")
    return Placement(scale, x, y, aspect_of(image))
