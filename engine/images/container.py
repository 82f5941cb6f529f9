"""The frozen copy of an image in a study: an .npz of plain arrays and one JSON header, without anything personal.

Deterministic: the same image gives the same bytes. Overlay planes are left out, as the basic profile of PS3.15 Annex E
asks: they hold names and other readers' marks as often as anatomy. An `Image` never has file names or identities.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import ImageError
from engine.images.image import Image, Lut, Window
from engine.images.refusal import LARGEST_IMAGE_BYTES, named

FORMAT = "image-1"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip can hold: no time of writing gets in
_ARRAYS = {"pixels", "modality_lut", "voi_luts", "overlays"}
_DTYPES = {"|u1", "|i1", "<u2", "<i2", "<u4", "<i4", "<f4", "<f8"}
_LARGEST_HEADER = 2**22


def save_image(image: Image, path: Path) -> str:
    """Write an image; returns the sha256 (hex) of the file's bytes. Overlay planes are not written."""
    arrays = {"header": _header_array(image), "pixels": image.pixels.astype(image.pixels.dtype.newbyteorder("<"))}
    for index, lut in enumerate(_luts(image)):
        arrays[f"lut{index}"] = lut.values.astype("<u2")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.ascontiguousarray(array), version=(1, 0), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _EPOCH), content.getbuffer())
    data = buffer.getbuffer()
    path.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def load_image(path: Path) -> Image:
    """Read what `save_image` wrote; nothing is unpickled. Raises ImageError for a damaged or foreign file."""
    with named(path), path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
        header = json.loads(bytes(_array(archive, "header", _LARGEST_HEADER)))
        if not isinstance(header, dict) or header.pop("format", None) != FORMAT:
            raise ImageError(f"is not an image in the format {FORMAT}")
        return _image(header, archive)


def _luts(image: Image) -> list[Lut]:
    return [*([image.modality_lut] if image.modality_lut is not None else []), *image.voi_luts]


def _header_array(image: Image) -> np.ndarray:
    plain = {field.name: getattr(image, field.name) for field in fields(image) if field.name not in _ARRAYS}
    plain["windows"] = [asdict(window) for window in image.windows]
    luts = [{"first": lut.first, "bits": lut.bits, "explanation": lut.explanation} for lut in _luts(image)]
    facts = {"format": FORMAT, **plain, "luts": luts, "has_modality_lut": image.modality_lut is not None}
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, allow_nan=False, default=_python_number)
    return np.frombuffer(text.encode("utf-8"), np.uint8)


def _python_number(value: Any) -> Any:
    """A numpy scalar among the fields, as it comes from computed images."""
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"an image with a field of type {type(value).__name__} cannot be written")


def _array(archive: zipfile.ZipFile, name: str, most: int) -> np.ndarray:
    """One array; sizes are compared with the file's own before anything is allocated."""
    entry = archive.getinfo(f"{name}.npy")
    if entry.compress_type != zipfile.ZIP_STORED or not 0 < entry.file_size == entry.compress_size <= most:
        raise ImageError(f"is damaged: its part '{name}' has an impossible size")
    data = archive.read(entry)  # zipfile compares the CRC
    content = io.BytesIO(data)
    if np.lib.format.read_magic(content) != (1, 0):
        raise ImageError(f"is damaged: its part '{name}' has an unknown version")
    shape, fortran, dtype = np.lib.format.read_array_header_1_0(content)
    if fortran or dtype.str not in _DTYPES:
        raise ImageError(f"is damaged: its part '{name}' has pixels of type {dtype.str}")
    size = int(np.prod(shape, dtype=object)) * dtype.itemsize
    if size != len(data) - content.tell():
        raise ImageError(f"is damaged: its part '{name}' holds {len(data) - content.tell():,} of {size:,} bytes")
    return np.frombuffer(data, dtype, offset=content.tell()).reshape(shape)


def _image(header: dict[str, Any], archive: zipfile.ZipFile) -> Image:
    """Every field is converted on its own, so that a changed header cannot bring in a value of another kind."""
    luts = [
        Lut(int(fact["first"]), _array(archive, f"lut{index}", 2**20), int(fact["bits"]), str(fact["explanation"]))
        for index, fact in enumerate(header["luts"])
    ]
    modality_lut = luts.pop(0) if header["has_modality_lut"] else None
    photometric, pixels = header["photometric"], _array(archive, "pixels", LARGEST_IMAGE_BYTES + 4096)
    if photometric not in ("MONOCHROME1", "MONOCHROME2", "RGB"):
        raise ImageError("is damaged: it does not say whether it is grey or colour")
    return Image(
        pixels=pixels.astype(pixels.dtype.newbyteorder("="), copy=False),
        photometric=photometric,
        bits_stored=int(header["bits_stored"]),
        slope=_number_or_numbers(header["slope"]),
        intercept=_number_or_numbers(header["intercept"]),
        modality_lut=modality_lut,
        voi_luts=tuple(luts),
        windows=tuple(_window(fact) for fact in header["windows"]),
        inverted=header["inverted"] is True,
        padding=_pair(header["padding"]),
        spacing_mm=_pair(header["spacing_mm"]),
        spacing_calibrated=header["spacing_calibrated"] is True,
        slice_spacing_mm=_number(header["slice_spacing_mm"]),
        frame_positions_mm=tuple(float(place) for place in header["frame_positions_mm"]),
        # Images frozen before these were known have none of them.
        orientation=tuple(float(cosine) for cosine in header.get("orientation", ())),
        frame_origins_mm=tuple((float(x), float(y), float(z)) for x, y, z in header.get("frame_origins_mm", ())),
        frame_of_reference=str(header.get("frame_of_reference", "")),
        frame_time_ms=_number(header["frame_time_ms"]),
        notes=tuple(str(note) for note in header["notes"]),
        units=str(header["units"]),
        row_direction=str(header["row_direction"]),
        column_direction=str(header["column_direction"]),
        modality=str(header["modality"]),
        body_part=str(header["body_part"]),
        view=str(header["view"]),
        laterality=str(header["laterality"]),
    )


def _window(fact: dict[str, Any]) -> Window:
    if fact["function"] not in ("LINEAR", "LINEAR_EXACT", "SIGMOID"):
        raise ImageError("is damaged: a window has an unknown function")
    return Window(float(fact["center"]), float(fact["width"]), fact["function"], str(fact["explanation"]))


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _pair(value: Any) -> tuple[float, float] | None:
    return None if value is None else (float(value[0]), float(value[1]))


def _number_or_numbers(value: Any) -> float | tuple[float, ...]:
    return tuple(float(item) for item in value) if isinstance(value, list) else float(value)
