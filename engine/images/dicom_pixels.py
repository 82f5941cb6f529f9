"""Stored pixels of a DICOM file, (frames, rows, columns[, 3]): native, encapsulated, 1-bit and float.

PS3.5 section 8 and Annex A.4; PS3.3 C.7.6.3.
"""

from dataclasses import dataclass, replace

import numpy as np
from pydicom.dataset import Dataset

from engine.errors import ImageError
from engine.images.decoders import CODECS, DecodedFrame, FrameFormat, decode_frame
from engine.images.dicom_file import DOUBLE_PIXELS, FLOAT_PIXELS, NATIVE, DicomFile, PixelElement
from engine.images.dicom_header import value_of
from engine.images.encapsulation import frames_of
from engine.images.refusal import check_size

_GREY = ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR")
_COLOUR = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT")


@dataclass(frozen=True)
class PixelFormat:
    """The Image Pixel module as the file declares it, checked."""

    rows: int
    columns: int
    frames: int
    samples: int
    allocated: int
    stored: int
    high_bit: int
    signed: bool
    photometric: str
    planar: bool
    is_float: bool = False


@dataclass(frozen=True, eq=False)
class StoredPixels:
    """Stored values, native byte order, with photometric as it is now: RGB where a decoder has made it so."""

    array: np.ndarray
    photometric: str
    bits_stored: int
    high_bits: np.ndarray | None = None  # the samples with their unused high bits, where any of those is set
    notes: tuple[str, ...] = ()


def pixel_format(dataset: Dataset, tag: int) -> PixelFormat:
    """Read and check the Image Pixel module. Raises ImageError naming the attribute that is missing or impossible."""
    is_float = tag in (FLOAT_PIXELS, DOUBLE_PIXELS)
    rows, columns = _number(dataset, "Rows"), _number(dataset, "Columns")
    samples = _number(dataset, "SamplesPerPixel", 1)
    allocated = {FLOAT_PIXELS: 32, DOUBLE_PIXELS: 64}.get(tag) or _number(dataset, "BitsAllocated")
    stored = allocated if is_float else _number(dataset, "BitsStored", allocated)
    default = "MONOCHROME2" if samples == 1 else "RGB"
    declared = PixelFormat(
        rows,
        columns,
        max(1, _number(dataset, "NumberOfFrames", 1)),
        samples,
        allocated,
        stored,
        _number(dataset, "HighBit", stored - 1),
        _number(dataset, "PixelRepresentation", 0) == 1,
        str(value_of(dataset, "PhotometricInterpretation") or default).strip().upper(),
        samples > 1 and _number(dataset, "PlanarConfiguration", 0) == 1,
        is_float,
    )
    _check(declared)
    return declared


def stored_pixels(file: DicomFile) -> StoredPixels:
    """Decode the pixel data of a file that has some. Raises ImageError with what is wrong."""
    element = file.pixels
    if element is None:
        raise ImageError("holds no pixels")
    form = pixel_format(file.dataset, element.tag)
    if element.declared is None and file.syntax not in NATIVE:
        return _encapsulated(file, element, form)
    if file.syntax in CODECS and element.declared is not None and not _fits_native(element, form):
        raise ImageError("its pixel data should be compressed, but are neither in fragments nor of the declared size")
    return _native(element, form, file.little_endian)


def _number(dataset: Dataset, keyword: str, default: int | None = None) -> int:
    value = value_of(dataset, keyword)
    if value is None or value == "":
        if default is None:
            raise ImageError(f"its header has no {keyword}, so its pixels cannot be read")
        return default
    try:
        return int(value[0] if isinstance(value, (list, tuple)) else value)
    except (TypeError, ValueError, IndexError):
        raise ImageError(f"its header gives {str(value)[:40]!r} for {keyword}, which is no number") from None


def _check(form: PixelFormat) -> None:
    if form.samples not in (1, 3):
        raise ImageError(f"has {form.samples} samples per pixel; 1 and 3 are opened")
    if form.photometric not in (_GREY if form.samples == 1 else _COLOUR):
        raise ImageError(
            f"has photometric interpretation {form.photometric[:20]!r} with {form.samples} samples per pixel, "
            "which is not opened"
        )
    if not form.is_float:
        if form.allocated not in (1, 8, 16, 32):
            raise ImageError(f"has {form.allocated} bits allocated; 1, 8, 16 and 32 are opened")
        if not 1 <= form.stored <= form.allocated or not form.stored - 1 <= form.high_bit < form.allocated:
            raise ImageError(
                f"declares {form.stored} bits stored with high bit {form.high_bit} in {form.allocated} bits allocated"
            )
    check_size(form.rows, form.columns, form.frames, form.samples * max(1, form.allocated // 8))


def _expected_bytes(form: PixelFormat) -> int:
    samples = form.rows * form.columns * form.frames * form.samples
    return -(-samples * form.allocated // 8)


def _fits_native(element: PixelElement, form: PixelFormat) -> bool:
    return 0 <= len(element.value) - _expected_bytes(form) <= 1


def _native(element: PixelElement, form: PixelFormat, little_endian: bool) -> StoredPixels:
    expected, there = _expected_bytes(form), len(element.value)
    if form.photometric == "YBR_FULL_422" and there < expected:  # chroma for every second column only
        return _native_422(element, form)
    if there < expected:
        raise ImageError(f"pixel data ends after {there:,} of {expected:,} bytes")
    data = element.value[:expected]
    if form.allocated == 1:
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
        array = bits[: form.frames * form.rows * form.columns]
        return StoredPixels(array.reshape(form.frames, form.rows, form.columns), form.photometric, 1)
    if not little_endian and element.vr == "OW" and form.allocated == 8:
        even = element.value[: expected + expected % 2]
        data = memoryview(np.frombuffer(even, "<u2").byteswap().tobytes())[:expected]
    kind = "f" if form.is_float else "i" if form.signed else "u"
    dtype = np.dtype(f"{'<' if little_endian else '>'}{kind}{form.allocated // 8}")
    array = np.frombuffer(data, dtype).reshape(_shape(form))
    if form.planar:
        array = np.ascontiguousarray(np.moveaxis(array, 1, -1))
    return _stored_bits(np.ascontiguousarray(array, dtype.newbyteorder("=")), form)


def _shape(form: PixelFormat) -> tuple[int, ...]:
    if form.samples == 1:
        return form.frames, form.rows, form.columns
    if form.planar:
        return form.frames, form.samples, form.rows, form.columns
    return form.frames, form.rows, form.columns, form.samples


def _native_422(element: PixelElement, form: PixelFormat) -> StoredPixels:
    """Y1 Y2 Cb Cr for every two pixels, PS3.3 C.7.6.3.1.2; chroma sited on the first of the two."""
    pairs = form.frames * form.rows * form.columns // 2
    if form.columns % 2 or form.allocated != 8:
        raise ImageError(
            f"has YBR_FULL_422 pixels in {form.columns} columns of {form.allocated} bits, an impossible mix"
        )
    if len(element.value) < pairs * 4:
        raise ImageError(f"pixel data ends after {len(element.value):,} of {pairs * 4:,} bytes")
    packed = np.frombuffer(element.value[: pairs * 4], np.uint8).reshape(pairs, 4)
    samples = packed[:, [0, 2, 3, 1, 2, 3]].reshape(form.frames, form.rows, form.columns, 3)
    return StoredPixels(samples, "YBR_FULL", 8)


def _stored_bits(array: np.ndarray, form: PixelFormat, notes: tuple[str, ...] = ()) -> StoredPixels:
    """Cut samples to their stored bits: the others may hold overlays (retired) or rubbish (PS3.5 8.1.1)."""
    if form.is_float or form.stored == form.allocated:
        return StoredPixels(array, form.photometric, form.stored, notes=notes)
    low_bit = form.high_bit + 1 - form.stored
    if form.signed:
        limit = 1 << (form.stored - 1)
        clean = low_bit == 0 and -limit <= int(array.min()) and int(array.max()) < limit
    else:
        clean = low_bit == 0 and int(array.max()) < 1 << form.stored
    if clean:
        return StoredPixels(array, form.photometric, form.stored, notes=notes)
    left = form.allocated - 1 - form.high_bit
    right = form.allocated - form.stored
    return StoredPixels((array << left) >> right, form.photometric, form.stored, array, notes)


def _encapsulated(file: DicomFile, element: PixelElement, form: PixelFormat) -> StoredPixels:
    offsets = value_of(file.dataset, "ExtendedOffsetTable")
    streams = frames_of(element.value, form.frames, offsets if isinstance(offsets, bytes) else None)
    expected = FrameFormat(form.rows, form.columns, form.samples, form.allocated, form.photometric)
    decoded = decode_frame(streams[0], file.syntax, expected)
    bytes_each = max(1, form.allocated // 8, decoded.samples.dtype.itemsize)
    dtype = np.dtype(f"{'i' if form.signed else 'u'}{bytes_each}")
    first = _signed_as_declared(decoded, form).astype(dtype, copy=False)
    array = first[None]
    if form.frames > 1:
        array = np.empty((form.frames, *first.shape), dtype)
        array[0] = first
    for index in range(1, form.frames):
        array[index] = _signed_as_declared(decode_frame(streams[index], file.syntax, expected), form)
    photometric = "RGB" if form.samples == 3 and decoded.is_rgb else form.photometric
    form = replace(form, photometric=photometric, allocated=8 * bytes_each if form.allocated > 1 else 1)
    if file.syntax in CODECS and CODECS[file.syntax].process == "rle" and form.allocated > 1:
        return _stored_bits(array, form)
    return StoredPixels(array, photometric, form.stored if form.stored > 1 else decoded.precision)


def _signed_as_declared(decoded: DecodedFrame, form: PixelFormat) -> np.ndarray:
    """Streams without a sign (JPEG), or a wrong one (JPEG 2000), hold two's complement if the header says signed."""
    samples, precision = decoded.samples, decoded.precision
    bits = samples.dtype.itemsize * 8
    if form.signed and not decoded.signed:
        shift = bits - precision
        if shift == 0:
            return samples.view(f"i{bits // 8}")
        return (samples << shift).view(f"i{bits // 8}") >> shift
    if decoded.signed and not form.signed:
        return samples.view(f"u{bits // 8}") & np.array((1 << precision) - 1, f"u{bits // 8}")
    return samples
