"""Volumes to slices: named presets that say which slices of a volume are kept and how their values become grey.

`reading-race` is the preparation of chest CT in "Reading Race" (Gichoya et al. 2022, supplement, "Chest CT image
preprocessing"): rescale intercept standardised to 1024, pixel values divided by 3000, slices dropped whose least value
in an empty patch lies outside [−30, 30]. Air (−1000 HU) is then 24 / 3000. The text does not say where the empty patch
lies: here it is the emptiest of the three places where the reconstruction circle touches the top, left and right edge.

`ucsf-pdgm` is that of the reconstruction study on UCSF-PDGM (Wohlrapp et al.): slices 60 to 130 of the volume, 0-based
and inclusive, 71 an exam, each from its least to its greatest value. The others are windows of
`resources/window_presets/ct.toml` in Hounsfield units, all slices kept.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from engine.errors import ImageError
from engine.images.grey import modality_values, presentation
from engine.images.image import Image, Window
from resources.files import shipped_file

__all__ = ["AIR", "Preset", "air_of", "presets"]

_STANDARD_INTERCEPT, _GREATEST = 1024.0, 3000.0
_AIR_VALUE = _STANDARD_INTERCEPT - 1000.0
AIR = (-30.0, 30.0)  # least value of the empty patch, of values with the standard intercept
_UCSF_SLICES = range(60, 131)


@dataclass(frozen=True)
class Preset:
    """`grey` makes (rows, columns) float32 in [0, 1] of one frame; ImageError drops that frame with its reason."""

    summary: str
    grey: Callable[[Image, int], np.ndarray]
    slices: range | None = None  # None: all

    def frames(self, image: Image) -> range:
        """Indices of the frames that are kept, 0-based. ImageError where the volume has too few."""
        if self.slices is None:
            return range(image.frames)
        if image.frames < self.slices.stop:
            raise ImageError(
                f"has {image.frames} slices; this preset takes slices {self.slices.start} to {self.slices.stop - 1}"
            )
        return self.slices


@cache
def presets() -> Mapping[str, Preset]:
    """Every preset by name; "" takes all frames as they are presented on their own."""
    made = {
        "": Preset("every frame with its own window", presentation),
        "reading-race": Preset("chest CT as in Reading Race: (HU + 1024) / 3000, air checked", _reading_race),
        "ucsf-pdgm": Preset(
            "brain MRI: slices 60 to 130, each from least to greatest", _least_to_greatest, _UCSF_SLICES
        ),
    }
    for entry in tomllib.loads(shipped_file("window_presets/ct.toml").read_text(encoding="utf-8"))["presets"]:
        if "center" in entry:
            window = Window(float(entry["center"]), float(entry["width"]))
            made[entry["id"]] = Preset(f"CT window {window.center:g}, {window.width:g} HU", _windowed(window))
    return made


def air_of(values: np.ndarray) -> float:
    """The least value of the emptiest of three patches at the top, left and right edge; values: (rows, columns).

    A patch is 1/32 of the image a side and 1/128 away from the edge, in its middle: inside the reconstruction circle,
    outside of which scanners write whatever they like. The emptiest has the least mean.
    """
    rows, columns = values.shape
    side, away = max(1, min(rows, columns) // 32), max(1, min(rows, columns) // 128)
    middle_row, middle_column = (rows - side) // 2, (columns - side) // 2
    places = ((away, middle_column), (middle_row, away), (middle_row, columns - away - side))
    patches = [values[row : row + side, column : column + side] for row, column in places]
    return float(min(patches, key=np.mean).min())


def _reading_race(image: Image, frame: int) -> np.ndarray:
    values, padding = _hounsfield(image, frame) + np.float32(_STANDARD_INTERCEPT), _padding(image, frame)
    values[padding] = _AIR_VALUE  # what the scanner did not measure says nothing about air
    air = air_of(values)
    if not AIR[0] <= air <= AIR[1]:
        raise ImageError(
            f"air of slice {frame} has the value {air:g}; outside of {AIR[0]:g} to {AIR[1]:g} it is dropped"
        )
    grey = np.clip(values / np.float32(_GREATEST), 0.0, 1.0)
    grey[padding] = 0.0
    return grey


def _least_to_greatest(image: Image, frame: int) -> np.ndarray:
    values = np.nan_to_num(modality_values(image, frame))
    low, high = float(values.min()), float(values.max())
    if low == high:
        return np.zeros(values.shape, np.float32)
    return (values - np.float32(low)) / np.float32(high - low)


def _windowed(window: Window) -> Callable[[Image, int], np.ndarray]:
    def grey(image: Image, frame: int) -> np.ndarray:
        _hounsfield_only(image)
        return presentation(image, frame, window)

    return grey


def _hounsfield(image: Image, frame: int) -> np.ndarray:
    _hounsfield_only(image)
    return np.nan_to_num(modality_values(image, frame))


def _hounsfield_only(image: Image) -> None:
    if image.is_color or image.modality not in ("", "CT"):
        kind = "a colour image" if image.is_color else f"modality {image.modality}"
        raise ImageError(f"is {kind}; this preset is in Hounsfield units and needs CT")


def _padding(image: Image, frame: int) -> np.ndarray:
    stored = image.frame(frame)
    if image.padding is None:
        return np.zeros(stored.shape, bool)
    return (stored >= image.padding[0]) & (stored <= image.padding[1])
