"""A DICOM file to an `Image`: pixels, grey pipeline, overlays and geometry; nothing about the person."""

import hashlib
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from engine.errors import ImageError
from engine.images.dicom_colour import palette_to_rgb, ybr_to_rgb
from engine.images.dicom_file import DicomFile, read_dicom
from engine.images.dicom_header import (
    coded,
    from_frames,
    functional_groups,
    header_of,
    laterality_of,
    numbers,
    value_of,
    view_of,
)
from engine.images.dicom_overlays import overlays_of
from engine.images.dicom_pixels import StoredPixels, stored_pixels
from engine.images.dicom_spacing import pixel_spacing
from engine.images.geometry import direction_letters, stack_order
from engine.images.image import Image, Lut, Window, WindowFunction
from engine.images.refusal import named

_FUNCTIONS: dict[str, WindowFunction] = {"LINEAR_EXACT": "LINEAR_EXACT", "SIGMOID": "SIGMOID"}
_SLOPE, _INTERCEPT = "RescaleSlope", "RescaleIntercept"


def open_dicom(path: Path) -> Image:
    """The image in one DICOM file. Raises ImageError with one sentence."""
    with named(path):
        return image_of(read_dicom(path))


def image_of(file: DicomFile) -> Image:
    """The image of a parsed file."""
    dataset = file.dataset
    if not file.has_pixels:
        raise ImageError(header_of(file).no_image)
    stored = stored_pixels(file)
    pixels, is_color = _rgb_or_grey(stored, dataset)
    frames = len(pixels)
    spacing = pixel_spacing(dataset)
    look = {} if is_color else _grey_pipeline(dataset, frames, stored)
    notes = (*_made_up(dataset), *file.notes, *stored.notes, *spacing.notes, *look.pop("notes", ()))
    geometry, geometry_notes = _geometry(dataset, frames)
    return Image(
        pixels=pixels if frames > 1 else pixels[0],
        photometric="RGB" if is_color else _monochrome(stored.photometric),
        bits_stored=8 if is_color and pixels.dtype.itemsize == 1 else stored.bits_stored,
        overlays=overlays_of(dataset, stored.high_bits, pixels.shape[1:3]),
        spacing_mm=spacing.between,
        spacing_calibrated=spacing.calibrated,
        modality=coded(value_of(dataset, "Modality")),
        body_part=coded(value_of(dataset, "BodyPartExamined")),
        view=view_of(dataset),
        laterality=laterality_of(dataset),
        frame_time_ms=_frame_time(dataset, frames),
        notes=(*notes, *geometry_notes),
        **look,
        **geometry,
    )


def _made_up(dataset: Dataset) -> tuple[str, ...]:
    """The note on an image that no patient has: Image Type (0008,0008) says SIMULATED or SYNTHETIC in a later value."""
    kinds = {str(value).upper() for value in value_of(dataset, "ImageType") or ()}
    return tuple(word.lower() for word in ("SIMULATED", "SYNTHETIC") if word in kinds)


def _monochrome(photometric: str) -> Any:
    return "MONOCHROME1" if photometric == "MONOCHROME1" else "MONOCHROME2"


def _rgb_or_grey(stored: StoredPixels, dataset: Dataset) -> tuple[np.ndarray, bool]:
    if stored.photometric == "PALETTE COLOR":
        return palette_to_rgb(stored.array, dataset), True
    if stored.photometric in ("YBR_FULL", "YBR_FULL_422"):
        return ybr_to_rgb(stored.array, stored.bits_stored), True
    if stored.photometric in ("YBR_RCT", "YBR_ICT"):
        raise ImageError(f"has photometric interpretation {stored.photometric} outside JPEG 2000")
    return stored.array, stored.photometric == "RGB"


def _grey_pipeline(dataset: Dataset, frames: int, stored: StoredPixels) -> dict[str, Any]:
    """The fields of `Image` that the grey pipeline reads, PS3.3 C.11."""
    signed = stored.array.dtype.kind == "i"
    modality_lut = _lut(value_of(dataset, "ModalityLUTSequence"), signed)
    slopes, intercepts = _rescale(dataset, frames)
    # The input of a VOI LUT is signed where modality values can be negative (C.11.2.1.1).
    slope, intercept = _first(slopes), _first(intercepts)
    negative = modality_lut is None and (signed or min(slope, 0) + intercept < 0)
    middle = frames // 2
    windows, notes = _windows(dataset, middle, stored.array.dtype.kind == "f")
    voi_luts = [_lut([item], negative) for item in _voi_lut_items(dataset, middle)]
    luts = tuple(lut for lut in voi_luts if lut is not None)
    if len(luts) < len(voi_luts):
        notes = (*notes, "a VOI LUT of the header is damaged and was left out")
    shape = coded(value_of(dataset, "PresentationLUTShape"))
    # Presentation LUT Shape INVERSE is how MONOCHROME1 is shown (C.11.6): with both, it is inverted once.
    inverted = stored.photometric == "MONOCHROME1" or shape == "INVERSE"
    return {
        "slope": slopes,
        "intercept": intercepts,
        "units": _units(dataset),
        "modality_lut": modality_lut,
        "voi_luts": luts,
        "windows": windows,
        "inverted": inverted,
        "padding": _padding(dataset, stored.array.dtype),
        "notes": notes,
    }


def _first(value: float | tuple[float, ...]) -> float:
    return value[0] if isinstance(value, tuple) else value


def _rescale(dataset: Dataset, frames: int) -> tuple[float | tuple[float, ...], float | tuple[float, ...]]:
    """Slope and intercept, per frame where the frames of an enhanced file differ. A slope of 0 is no slope."""
    if frames == 1 or "PerFrameFunctionalGroupsSequence" not in dataset:
        return _slope_and_intercept(dataset, 0)
    pairs = [_slope_and_intercept(dataset, frame) for frame in range(frames)]
    if len(set(pairs)) == 1:
        return pairs[0]
    return tuple(slope for slope, _ in pairs), tuple(intercept for _, intercept in pairs)


def _slope_and_intercept(dataset: Dataset, frame: int) -> tuple[float, float]:
    found = [from_frames(dataset, "PixelValueTransformationSequence", word, frame) for word in (_SLOPE, _INTERCEPT)]
    pair = numbers([1.0 if found[0] is None else found[0], 0.0 if found[1] is None else found[1]], 2)
    return (1.0, 0.0) if pair is None or pair[0] == 0 else (pair[0], pair[1])


def _units(dataset: Dataset) -> str:
    kind = coded(from_frames(dataset, "PixelValueTransformationSequence", "RescaleType"))
    return "HU" if not kind and coded(value_of(dataset, "Modality")) == "CT" else kind


def _lut(items: Any, signed: bool) -> Lut | None:
    """The first item of a LUT sequence (C.11.1.1, C.11.2.1.1); None where there is none or it is unusable."""
    if not items:
        return None
    item = items[0]
    descriptor, data = numbers(value_of(item, "LUTDescriptor"), 3), value_of(item, "LUTData")
    if descriptor is None or data is None:
        return None
    count, first, bits = (int(value) for value in descriptor)
    count = count or 65_536
    first = first - 65_536 if signed and first > 32_767 else first
    values = _lut_values(data, count, bool(item.original_encoding[1] in (None, True)))
    if len(values) < count or not 1 <= bits <= 16:
        return None
    needed = int(values[:count].max()).bit_length()
    # Some writers declare 16 bits for 12-bit entries; at full scale 16 such an image would be black.
    bits = needed if needed > bits or (bits - needed >= 2 and needed >= 8) else bits
    return Lut(first, values[:count], bits, _explanation(value_of(item, "LUTExplanation")))


def _lut_values(data: Any, count: int, little: bool) -> np.ndarray:
    if isinstance(data, bytes):
        if len(data) in (count, count + 1) and count > 1:
            return np.frombuffer(data, np.uint8).astype(np.uint16)
        return np.frombuffer(data[: len(data) // 2 * 2], "<u2" if little else ">u2").astype(np.uint16)
    values = list(data) if hasattr(data, "__iter__") else [data]
    return (np.asarray(values, np.int64) & 0xFFFF).astype(np.uint16)


def _voi_lut_items(dataset: Dataset, frame: int) -> list[Dataset]:
    found: list[Dataset] = []
    for group in functional_groups(dataset, frame):
        for holder in (group, *(value_of(group, "FrameVOILUTSequence") or [])[:1]):
            found.extend(value_of(holder, "VOILUTSequence") or [])
        if found:
            break
    return found


def _windows(dataset: Dataset, frame: int, is_float: bool) -> tuple[tuple[Window, ...], tuple[str, ...]]:
    """All windows of the header (VM 1-n) with their explanations; impossible ones are left out and said."""
    centers = _listed(from_frames(dataset, "FrameVOILUTSequence", "WindowCenter", frame))
    widths = _listed(from_frames(dataset, "FrameVOILUTSequence", "WindowWidth", frame))
    words = _listed(from_frames(dataset, "FrameVOILUTSequence", "WindowCenterWidthExplanation", frame))
    kind = coded(from_frames(dataset, "FrameVOILUTSequence", "VOILUTFunction", frame))
    # LINEAR counts in whole values (C.11.2.1.2.1); on float pixels of 0 to 1 it would make everything black or white.
    function = _FUNCTIONS.get(kind, "LINEAR_EXACT" if is_float else "LINEAR")
    windows, notes = [], []
    for index, (center, width) in enumerate(zip(centers, widths)):
        pair = numbers([center, width], 2)
        if pair is None or pair[1] < (1.0 if function == "LINEAR" else 1e-9):
            notes.append(f"window {index + 1} of the header has an impossible center or width and was left out")
            continue
        windows.append(Window(pair[0], pair[1], function, _explanation(words[index]) if index < len(words) else ""))
    return tuple(windows), tuple(notes)


def _listed(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, (list, tuple)) or hasattr(value, "append") else [value]


def _explanation(value: object) -> str:
    return " ".join(str(value or "").split())[:64]


def _padding(dataset: Dataset, dtype: np.dtype) -> tuple[float, float] | None:
    """Pixel Padding Value and Range Limit (C.7.5.1.1.2), in either order; the sign follows the pixels."""
    word, limit = "PixelPaddingValue", "PixelPaddingRangeLimit"
    if dtype.kind == "f":
        prefix = "Float" if dtype.itemsize == 4 else "DoubleFloat"
        word, limit = f"{prefix}PixelPaddingValue", f"{prefix}PixelPaddingRangeLimit"
    value = numbers([value_of(dataset, word)], 1)
    if value is None:
        return None
    other = numbers([value_of(dataset, limit)], 1) or value
    low, high = sorted((value[0], other[0]))
    if dtype.kind == "i" and low > 32_767 and dtype.itemsize == 2:  # written as US although the pixels are signed
        low, high = low - 65_536, high - 65_536
    return low, high


def _geometry(dataset: Dataset, frames: int) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Directions, and for enhanced files the place of each frame along the normal."""
    orientation = _plane(dataset, 0)
    if orientation is None:
        return _patient_orientation(dataset), ()
    geometry: dict[str, Any] = {
        "row_direction": direction_letters(orientation[:3]),
        "column_direction": direction_letters(orientation[3:]),
        "orientation": tuple(orientation),
        "frame_of_reference": _reference(dataset),
    }
    points = [
        numbers(from_frames(dataset, "PlanePositionSequence", "ImagePositionPatient", f), 3) for f in range(frames)
    ]
    if frames == 1 or "PerFrameFunctionalGroupsSequence" not in dataset:
        return geometry | _origins(points if frames == 1 else []), ()
    planes = [_plane(dataset, frame) for frame in range(frames)]
    if any(p is None or np.abs(np.subtract(p, orientation)).max() > 1e-3 for p in planes) or None in points:
        return geometry, ("the frames lie in different planes or at unknown places",)
    stack = stack_order([point for point in points if point is not None], orientation)
    places = np.empty(frames)
    places[list(stack.order)] = stack.positions_mm
    geometry |= {"frame_positions_mm": tuple(places.tolist()), "slice_spacing_mm": stack.spacing_mm}
    return geometry | _origins(points), stack.notes


def _origins(points: Sequence[Sequence[float] | None]) -> dict[str, Any]:
    known = [(point[0], point[1], point[2]) for point in points if point is not None]
    return {"frame_origins_mm": tuple(known)} if known and len(known) == len(points) else {}


def _reference(dataset: Dataset) -> str:
    """A name for the frame of reference (C.7.4.1) in place of its UID, which could be looked up: it only tells whether
    two images share one."""
    uid = str(dataset.get("FrameOfReferenceUID") or "")
    return hashlib.sha256(b"frame of reference " + uid.encode()).hexdigest()[:16] if uid else ""


def _patient_orientation(dataset: Dataset) -> dict[str, Any]:
    """Patient Orientation (0020,0020) of projection images: letters of the row and of the column (C.7.6.1.1.1)."""
    words = value_of(dataset, "PatientOrientation") or ()
    letters = [str(word).strip().upper() for word in words] if not isinstance(words, str) else []
    if len(letters) != 2 or any(not word or set(word) - set("LRPAHF") for word in letters):
        return {}
    return {"row_direction": letters[0], "column_direction": letters[1]}


def _plane(dataset: Dataset, frame: int) -> list[float] | None:
    """Six direction cosines of two unit vectors at right angles, or None."""
    cosines = numbers(from_frames(dataset, "PlaneOrientationSequence", "ImageOrientationPatient", frame), 6)
    if cosines is None:
        return None
    row, column = np.array(cosines[:3]), np.array(cosines[3:])
    sound = abs(np.linalg.norm(row) - 1) < 0.01 and abs(np.linalg.norm(column) - 1) < 0.01 and abs(row @ column) < 0.01
    return cosines if sound else None


def _frame_time(dataset: Dataset, frames: int) -> float | None:
    if frames == 1:
        return None
    time = numbers([value_of(dataset, "FrameTime")], 1)
    if time is None:
        rate = numbers([dataset.get("RecommendedDisplayFrameRate", dataset.get("CineRate"))], 1)
        time = [1000.0 / rate[0]] if rate is not None and rate[0] > 0 else None
    return time[0] if time is not None and 0 < time[0] < 60_000 and math.isfinite(time[0]) else None
