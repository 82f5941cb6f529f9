"""The one image of the project: stored pixels with what is needed to show or train on them, and nothing about a person.

The viewer and the engine share it. Stored values stay as the file has them until the last step
(`engine.images.grey`), so 16-bit precision is never lost on the way.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.errors import ImageError

__all__ = ["Image", "ImageError", "Lut", "Overlay", "Window"]

WindowFunction = Literal["LINEAR", "LINEAR_EXACT", "SIGMOID"]
Photometric = Literal["MONOCHROME1", "MONOCHROME2", "RGB"]


@dataclass(frozen=True)
class Window:
    """A window in modality units (HU, signal …). PS3.3 C.11.2.1.2; `function` is the VOI LUT Function (0028,1056)."""

    center: float
    width: float
    function: WindowFunction = "LINEAR"
    explanation: str = ""


@dataclass(frozen=True, eq=False)
class Lut:
    """A lookup table of the Modality LUT (PS3.3 C.11.1) or VOI LUT Sequence (C.11.2).

    Input below `first` takes `values[0]`, above `first + len(values) - 1` takes `values[-1]`.
    """

    first: int
    values: np.ndarray  # (n_entries,) uint16 or uint8
    bits: int
    explanation: str = ""


@dataclass(frozen=True, eq=False)
class Overlay:
    """An overlay plane (60xx,3000), PS3.3 C.9.2, already cut to image coordinates."""

    mask: np.ndarray  # (rows, columns) bool
    label: str = ""


@dataclass(frozen=True, eq=False)
class Image:
    """Pixels with what is needed to show or train on them.

    `pixels` is (rows, columns), (frames, rows, columns), or either with a last axis of 3 for RGB; native byte order,
    the stored values of the file: uint8, int8, uint16, int16, uint32, int32, float32 or float64.
    """

    pixels: np.ndarray
    photometric: Photometric = "MONOCHROME2"
    bits_stored: int = 16
    # Modality transform (PS3.3 C.11.1): a table, or slope and intercept, per frame where frames of a stack differ.
    slope: float | tuple[float, ...] = 1.0
    intercept: float | tuple[float, ...] = 0.0
    units: str = ""  # "HU", "US", "" where the header does not say
    modality_lut: Lut | None = None
    # VOI (C.11.2): tables come before windows where both exist, as the header's first choice; both may be offered.
    voi_luts: tuple[Lut, ...] = ()
    windows: tuple[Window, ...] = ()
    inverted: bool = False  # presentation is inverted: MONOCHROME1, or Presentation LUT Shape INVERSE (C.11.6)
    padding: tuple[float, float] | None = None  # stored values (low, high), inclusive, that are padding (C.7.5.1.1.2)
    overlays: tuple[Overlay, ...] = ()
    # Geometry
    spacing_mm: tuple[float, float] | None = None  # (between rows, between columns)
    spacing_calibrated: bool = False  # False: at the detector, or of unknown origin (PS3.3 10.7.1.3)
    slice_spacing_mm: float | None = None  # mean distance of neighbouring frames along the normal
    frame_positions_mm: tuple[float, ...] = ()  # position of each frame along the normal, where known
    row_direction: str = ""  # patient letters towards the last column, e.g. "L"; "" unknown
    column_direction: str = ""  # patient letters towards the last row, e.g. "F"; "" unknown
    orientation: tuple[float, ...] = ()  # six direction cosines (LPS), of the row, then of the column; () unknown
    frame_origins_mm: tuple[
        tuple[float, float, float], ...
    ] = ()  # centre of each frame's first pixel (LPS); () unknown
    frame_of_reference: str = ""  # the same in images whose coordinates are of one system; says nothing else
    # What it shows, in the header's coded words; never free text
    modality: str = ""
    body_part: str = ""
    view: str = ""  # "PA", "AP", "LATERAL", "MLO", "CC" …
    laterality: str = ""  # "L", "R", "B", ""
    frame_time_ms: float | None = None
    notes: tuple[str, ...] = ()  # what a person should know: gantry tilt, uneven spacing, a repaired header …

    def __post_init__(self) -> None:
        if self.pixels.ndim not in (2, 3, 4) or 0 in self.pixels.shape:
            raise ImageError(f"an image needs 2 to 4 axes, none empty; these pixels have shape {self.pixels.shape}")
        if self.is_color != (self.photometric == "RGB"):
            raise ImageError(f"pixels of shape {self.pixels.shape} do not go with photometric {self.photometric}")
        if len(self.orientation) not in (0, 6):
            raise ImageError(f"an orientation has six direction cosines; this one has {len(self.orientation)}")
        for name in ("slope", "intercept", "frame_positions_mm", "frame_origins_mm"):
            value = getattr(self, name)
            if isinstance(value, tuple) and len(value) not in ((0, self.frames) if name[0] == "f" else (self.frames,)):
                raise ImageError(f"{name} has {len(value)} entries for {self.frames} frames")

    @property
    def is_color(self) -> bool:
        """True where the last axis is red, green, blue."""
        return self.photometric == "RGB"

    @property
    def frames(self) -> int:
        """Number of frames, at least 1."""
        spatial = self.pixels.shape[:-1] if self.is_color else self.pixels.shape
        return spatial[0] if len(spatial) == 3 else 1

    @property
    def rows(self) -> int:
        return self.pixels.shape[-3 if self.is_color else -2]

    @property
    def columns(self) -> int:
        return self.pixels.shape[-2 if self.is_color else -1]

    def frame(self, index: int = 0) -> np.ndarray:
        """Stored values of one frame, (rows, columns) or (rows, columns, 3); a view, not a copy."""
        if not 0 <= index < self.frames:
            raise ImageError(f"frame {index} was asked of an image with {self.frames} frames (0 to {self.frames - 1})")
        stack = self.pixels if self.frames > 1 or self.pixels.ndim == (4 if self.is_color else 3) else self.pixels[None]
        return stack[index]

    def rescale(self, index: int = 0) -> tuple[float, float]:
        """(slope, intercept) of one frame."""
        slope = self.slope[index] if isinstance(self.slope, tuple) else self.slope
        intercept = self.intercept[index] if isinstance(self.intercept, tuple) else self.intercept
        return slope, intercept
