"""The grey pipeline of DICOM PS3.3, from stored values to the screen, on numpy alone.

stored value → modality value (Modality LUT or rescale, C.11.1) → VOI LUT or window (C.11.2) → [0, 1], inverted for
MONOCHROME1 and Presentation LUT Shape INVERSE (C.11.6). Everything is a function of one stored value, so it is worked
out once per possible value in float64 and looked up: a drag of the window costs a table, not an image.
"""

from dataclasses import dataclass
from functools import cache
from weakref import WeakKeyDictionary

import numpy as np

from engine.images.image import Image, ImageError, Lut, Window

__all__ = [
    "DisplayTable",
    "default_window",
    "display_table",
    "full_window",
    "modality_value",
    "modality_values",
    "percentile_window",
    "presentation",
    "quantized",
]

LARGEST_TABLE = 65_536
_SAMPLE_PIXELS = 1_000_000  # percentiles look at no more than about this many pixels of a frame
_LOOKED_UP_AT_ONCE = 2**15  # pixels whose indices stay in the processor's cache
_LUMA = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601, the luma of JPEG


@dataclass(frozen=True, eq=False)
class DisplayTable:
    """screen = values[stored - first], for every value that `quantized` can hold; black is 0, white 255."""

    first: int
    values: np.ndarray  # (n,) uint8, n ≤ 65,536

    def apply(self, stored: np.ndarray) -> np.ndarray:
        """Screen values uint8 of `quantized` pixels, same shape."""
        return _looked_up_stored(self.values, self.first, stored)


@dataclass(frozen=True)
class _Scale:
    """How 32-bit and float pixels come to uint16: 0 is padding or not a number, else 1 + (value - low) / step."""

    low: float
    step: float


# Damaged float pixels hold signalling NaNs, and damaged headers slopes that overflow: black in the end, no warning.
_quiet = np.errstate(invalid="ignore", over="ignore")


@_quiet
def modality_values(image: Image, frame: int = 0) -> np.ndarray:
    """Modality values (HU, counts …) of one grey frame, (rows, columns) float32. PS3.3 C.11.1."""
    return _modality(image, image.frame(frame), frame).astype(np.float32)


def modality_value(image: Image, stored_value: float, frame: int = 0) -> float:
    """The modality value of one stored value."""
    return float(_modality(image, np.asarray([stored_value]), frame)[0])


@_quiet
def full_window(image: Image, frame: int = 0) -> Window:
    """The window that shows everything: the whole range of up to 8 stored bits and of colour, else least to most."""
    if image.is_color or (image.bits_stored <= 8 and image.pixels.dtype.kind in "ui"):
        low, high = _stored_limits(image)
        ends = _modality(image, np.array([low, high]), frame)
    else:
        stored = _valid_sample(image, frame, whole=True)
        if image.modality_lut is None:  # linear: the ends of one are the ends of the other
            stored = np.array([stored.min(), stored.max()])
        ends = _modality(image, stored, frame)
    return _window_between(float(ends.min()), float(ends.max()), "full range")


@_quiet
def percentile_window(image: Image, frame: int = 0, low: float = 0.5, high: float = 99.5) -> Window:
    """The window from one percentile of the modality values to another, padding left out.

    Frames above a million pixels are sampled on a regular grid, so that the answer is the same every time.
    """
    values = _modality(image, _valid_sample(image, frame), frame)
    bottom, top = np.percentile(values, (low, high))
    if bottom == top:  # nearly constant frames: show what there is
        bottom, top = values.min(), values.max()
    return _window_between(float(bottom), float(top), f"{low:g} to {high:g} percent")


def default_window(image: Image, frame: int = 0) -> Window:
    """The header's first window, else percentiles; up to 8 stored bits and colour show their whole range.

    A VOI LUT, where the header has one, is the image's own default and comes before windows (`display_table` with
    `window=None`); this is the window a drag then starts from.
    """
    if image.windows:
        return image.windows[0]
    if image.is_color or (image.bits_stored <= 8 and image.pixels.dtype.kind in "ui"):
        return full_window(image, frame)
    return percentile_window(image, frame)


@_quiet
def display_table(
    image: Image,
    window: Window | Lut | None,
    frame: int = 0,
    inverted: bool = False,
    used: tuple[int, int] | None = None,
) -> DisplayTable:
    """The table from stored values (as `quantized` gives them) to the screen.

    window: None takes the image's own default: its first VOI LUT, else `default_window`. `inverted` is the reader's
    toggle, on top of the image's own. values = round(255 · p), p the float64 pipeline in [0, 1]; padding is always 0.
    A window narrower than its function allows (LINEAR: 1; the others: above 0) is taken at that least width.
    `used`: the first and last entry that will be looked up, where that is known; the others are then left black, which
    makes a table of 12-bit pixels many times faster.
    """
    chosen = _own_default(image, frame) if window is None else window
    first, stored = _domain(image, frame)
    asked = slice(0, len(stored)) if used is None else slice(used[0], used[1] + 1)
    stored, values = stored[asked], np.zeros(len(stored), np.uint8)
    grey = _grey(image, stored, chosen, frame)
    if inverted:
        np.subtract(1.0, grey, out=grey)
    np.fmax(grey, 0.0, out=grey)  # what is no number is black
    grey *= 255.0
    shown = np.rint(grey, out=grey).astype(np.uint8)
    _blacken(shown, image, stored)
    values[asked] = shown
    return DisplayTable(first, values)


@_quiet
def quantized(image: Image, frame: int = 0) -> np.ndarray:
    """Stored values of one frame as the viewer looks them up: uint8, int8, uint16 or int16, a view where possible.

    32-bit and float pixels become uint16: 0 for padding and for what is not finite, else 1 + round((v − low) / step)
    with the frame's least value `low` and step 1 where an integer range fits, else range / 65,534. `display_table`
    undoes it.
    """
    pixels = image.frame(frame)
    if pixels.dtype.itemsize <= 2:
        return pixels
    scale = _scale(image, frame)
    steps = np.rint((pixels.astype(np.float64) - scale.low) / scale.step) + 1.0
    steps[~_valid(image, pixels)] = 0.0
    return steps.astype(np.uint16)


@_quiet
def presentation(image: Image, frame: int = 0, window: Window | Lut | None = None) -> np.ndarray:
    """The canonical training image: (rows, columns) float32 in [0, 1], brighter = denser.

    The image's own default look (first VOI LUT, else window, else percentiles) or the given window; MONOCHROME1 is
    inverted, padding is 0. Colour becomes its BT.601 luma.
    """
    chosen = _own_default(image, frame) if window is None else window
    pixels = image.frame(frame)
    if pixels.dtype.itemsize > 2:
        grey = np.nan_to_num(_grey(image, pixels, chosen, frame))
        grey[~_valid(image, pixels)] = 0.0
    else:
        first, stored = _domain(image, frame)
        table = _grey(image, stored, chosen, frame)
        _blacken(table, image, stored)
        grey = _looked_up_stored(table.astype(np.float32), first, pixels)
    return (grey @ _LUMA if image.is_color else grey).astype(np.float32)


def _looked_up_stored(table: np.ndarray, first: int, stored: np.ndarray) -> np.ndarray:
    """table[stored - first] of a table over a whole integer type, without the subtraction.

    Two's complement: seen as unsigned, the negative half comes after the positive one.
    """
    if first:
        table, stored = np.roll(table, first), stored.view(np.dtype(f"u{stored.dtype.itemsize}"))
    if not stored.flags.c_contiguous or len(table) <= np.iinfo(stored.dtype).max:
        return table[stored]
    shown = np.empty(stored.shape, table.dtype)
    flat, out = stored.reshape(-1), shown.reshape(-1)
    for start in range(0, flat.size, _LOOKED_UP_AT_ONCE):
        piece = slice(start, start + _LOOKED_UP_AT_ONCE)
        table.take(flat[piece], out=out[piece], mode="clip")  # the table covers the type: nothing is clipped
    return shown


def _own_default(image: Image, frame: int) -> Window | Lut:
    return image.voi_luts[0] if image.voi_luts else default_window(image, frame)


def _grey(image: Image, stored: np.ndarray, window: Window | Lut, frame: int) -> np.ndarray:
    modality = _modality(image, stored, frame)
    grey = _looked_up(window, modality) / _lut_top(window) if isinstance(window, Lut) else _windowed(window, modality)
    return np.subtract(1.0, grey, out=grey) if image.inverted else grey


def _modality(image: Image, stored: np.ndarray, frame: int) -> np.ndarray:
    if image.modality_lut is not None:
        return _looked_up(image.modality_lut, stored)
    slope, intercept = image.rescale(frame)
    if slope == 1.0:
        return stored + np.float64(intercept)
    values = stored * np.float64(slope)
    values += intercept
    return values


def _looked_up(lut: Lut, values: np.ndarray) -> np.ndarray:
    index = np.clip(np.nan_to_num(values) - lut.first, 0, len(lut.values) - 1)
    return lut.values.astype(np.float64)[np.rint(index).astype(np.intp)]


def _lut_top(lut: Lut) -> float:
    return float(2**lut.bits - 1)


def _windowed(window: Window, x: np.ndarray) -> np.ndarray:
    """PS3.3 C.11.2.1.2 (LINEAR) and C.11.2.1.3 (LINEAR_EXACT, SIGMOID) with y from 0 to 1."""
    center = window.center
    if window.function == "SIGMOID":
        exponent = np.clip(-4.0 * (x - center) / max(window.width, 1e-12), -700.0, 700.0)
        return 1.0 / (1.0 + np.exp(exponent))
    if window.function == "LINEAR":
        center, width = center - 0.5, max(window.width, 1.0) - 1.0
    else:
        width = max(window.width, 1e-12)
    if width == 0.0:
        return (x > center).astype(np.float64)
    y = (x - center) / width
    y += 0.5
    return np.clip(y, 0.0, 1.0, out=y)


def _window_between(low: float, high: float, explanation: str) -> Window:
    width = high - low
    if width <= 0.0:  # a constant image is shown mid-grey
        width = max(abs(low) * 1e-6, 1.0)
    return Window((low + high) / 2.0, width, "LINEAR_EXACT", explanation)


def _stored_limits(image: Image) -> tuple[int, int]:
    bits = min(image.bits_stored, image.pixels.dtype.itemsize * 8)
    if image.pixels.dtype.kind == "i":
        return -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    return 0, 2**bits - 1


def _domain(image: Image, frame: int) -> tuple[int, np.ndarray]:
    """First index and the stored value (float64) of every entry of a display table."""
    dtype = image.pixels.dtype
    if dtype.itemsize <= 2:
        return int(np.iinfo(dtype).min), _every_value(dtype)
    scale = _scale(image, frame)
    stored = scale.low + (np.arange(LARGEST_TABLE, dtype=np.float64) - 1.0) * scale.step
    stored[0] = np.nan
    return 0, stored


@cache
def _every_value(dtype: np.dtype) -> np.ndarray:
    """All values of a type of up to 16 bits in order, float64; not to be written to."""
    limits = np.iinfo(dtype)
    values = np.arange(limits.min, limits.max + 1, dtype=np.float64)
    values.flags.writeable = False
    return values


def _blacken(table: np.ndarray, image: Image, stored: np.ndarray) -> None:
    """Zero the entries of padding and of what is not a number, in place."""
    if image.pixels.dtype.itemsize > 2:
        table[np.isnan(stored)] = 0
    elif image.padding is not None:
        begin, end = np.searchsorted(stored, image.padding[0]), np.searchsorted(stored, image.padding[1], "right")
        table[begin:end] = 0


def _valid(image: Image, pixels: np.ndarray) -> np.ndarray:
    valid = np.isfinite(pixels) if pixels.dtype.kind == "f" else np.ones(pixels.shape, bool)
    if image.padding is not None:
        valid &= (pixels < image.padding[0]) | (pixels > image.padding[1])
    return valid


def _valid_sample(image: Image, frame: int, whole: bool = False) -> np.ndarray:
    """Stored values of a frame without padding, (n,), at least one; on a regular grid unless `whole`."""
    pixels = image.frame(frame)
    step = 1 if whole else max(1, int(np.sqrt(pixels.size / _SAMPLE_PIXELS)))
    pixels = pixels[::step, ::step]
    values = pixels if image.padding is None and pixels.dtype.kind != "f" else pixels[_valid(image, pixels)]
    return values.ravel() if values.size else np.zeros(1, pixels.dtype)


_scales: "WeakKeyDictionary[Image, dict[int, _Scale]]" = WeakKeyDictionary()


def _scale(image: Image, frame: int) -> _Scale:
    """Worked out once per frame: a drag asks for it with every table."""
    scales = _scales.setdefault(image, {})
    if frame not in scales:
        values = _valid_sample(image, frame, whole=True)
        low, high = float(values.min()), float(values.max())
        span = high - low
        exact = values.dtype.kind in "ui" and span <= LARGEST_TABLE - 2
        step = 1.0 if exact or span == 0.0 else span / (LARGEST_TABLE - 2)
        if not np.isfinite(step) or step == 0.0:
            raise ImageError(f"pixel values from {low:g} to {high:g} span too wide or too narrow a range to be shown")
        scales[frame] = _Scale(low, step)
    return scales[frame]
