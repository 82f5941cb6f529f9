"""PNG and JPEG files, 8 and 16 bit, as stored; told by their first bytes, not by their names."""

import struct
import warnings
from pathlib import Path

import numpy as np
from PIL import Image as PillowImage

from engine.errors import ImageError
from engine.images.header import Header
from engine.images.image import Image
from engine.images.refusal import check_size, named

# Pillow warns of sizes that `check_size` decides about.
warnings.filterwarnings("ignore", category=PillowImage.DecompressionBombWarning)

PNG_START = b"\x89PNG\r\n\x1a\n"
JPEG_START = b"\xff\xd8\xff"
_ORIENTATION = 0x0112  # EXIF
_GREY_MODES = {"L", "I;16", "I;16B", "I;16L", "I", "1"}


def raster_header(path: Path) -> Header:
    """Size of a PNG or JPEG; its pixels are not decoded. Raises ImageError."""
    with named(path), _opened(path) as picture:
        samples = 1 if picture.mode in _GREY_MODES else 3
        return Header(kind="raster", rows=picture.height, columns=picture.width, samples=samples)


def open_raster(path: Path) -> Image:
    """The picture as stored: palettes looked up, transparency laid on black, colour with equal channels as grey."""
    with named(path):
        depth = _png_depth(path)
        with _opened(path) as picture:
            turned = picture.getexif().get(_ORIENTATION, 1) not in (1, 0)
            pixels, notes = _samples(picture, depth)
        if turned:
            notes.append("the file asks to be turned (EXIF orientation); it is shown as stored")
        color = pixels.ndim == 3
        if color and (pixels[..., 0] == pixels[..., 1]).all() and (pixels[..., 1] == pixels[..., 2]).all():
            pixels, color = np.ascontiguousarray(pixels[..., 0]), False
        bits = 8 * pixels.dtype.itemsize
        return Image(pixels, "RGB" if color else "MONOCHROME2", bits_stored=bits, notes=tuple(notes))


def _opened(path: Path) -> PillowImage.Image:
    try:
        picture = PillowImage.open(path, formats=["PNG", "JPEG"])
    except PillowImage.DecompressionBombError as error:
        raise ImageError("declares more pixels than are opened") from error
    except PillowImage.UnidentifiedImageError as error:
        raise ImageError("is damaged: its PNG or JPEG header cannot be read") from error
    check_size(picture.height, picture.width, 1, 4)
    return picture


def _png_depth(path: Path) -> int:
    """Bits per sample of a PNG (its IHDR); 8 for a JPEG."""
    with path.open("rb") as stream:
        head = stream.read(26)
    return struct.unpack_from(">B", head, 24)[0] if head[:8] == PNG_START and len(head) == 26 else 8


def _samples(picture: PillowImage.Image, depth: int) -> tuple[np.ndarray, list[str]]:
    """(rows, columns[, 3]) uint8 or uint16, and what was lost."""
    notes: list[str] = []
    if picture.mode == "1":
        picture = picture.convert("L")
    if picture.mode in ("I;16", "I;16B", "I;16L", "I"):
        return np.asarray(picture).astype(np.uint16), notes
    if depth == 16:
        notes.append("16-bit colour or transparency was read as 8 bits")
    if picture.mode in ("P", "CMYK", "YCbCr") or "transparency" in picture.info:
        has_alpha = "transparency" in picture.info
        picture = picture.convert("RGBA" if has_alpha else "RGB")
    samples = np.asarray(picture)
    if picture.mode in ("RGBA", "LA", "PA"):
        alpha = samples[..., -1:].astype(np.uint16)
        if (alpha < 255).any():
            notes.append("transparent parts are shown on black")
        samples = ((samples[..., :-1] * alpha + 127) // 255).astype(np.uint8)
        samples = samples[..., 0] if samples.shape[-1] == 1 else samples
    if samples.dtype != np.uint8 or samples.ndim not in (2, 3) or (samples.ndim == 3 and samples.shape[-1] != 3):
        raise ImageError(f"has pixels of a kind (mode {picture.mode}) that is not opened")
    return np.ascontiguousarray(samples), notes
