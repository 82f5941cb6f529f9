"""A DICOM file as it really comes: with or without preamble and meta, deflated, cut short.

The header is parsed by pydicom up to the pixel data; of the rest no more is read than the pixel data declare, and never
more than the file holds, so that a file of gigabytes costs nothing before it is known to be one of ours.
"""

import io
import struct
import warnings
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import pydicom.config
from pydicom.charset import convert_encodings, default_encoding
from pydicom.dataelem import RawDataElement, empty_value_for_VR
from pydicom.dataset import Dataset
from pydicom.filereader import _read_file_meta_info, read_dataset
from pydicom.tag import BaseTag
from pydicom.uid import UID

from engine.errors import ImageError
from engine.images.refusal import LARGEST_IMAGE_BYTES

# Real files break value rules all the time (a UID with a leading zero, a too long CS); that never makes pixels wrong.
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE
warnings.filterwarnings("ignore", module=r"pydicom(\..*)?$")

IMPLICIT_LITTLE = "1.2.840.10008.1.2"
EXPLICIT_LITTLE = "1.2.840.10008.1.2.1"
DEFLATED = "1.2.840.10008.1.2.1.99"
EXPLICIT_BIG = "1.2.840.10008.1.2.2"
NATIVE = {IMPLICIT_LITTLE, EXPLICIT_LITTLE, DEFLATED, EXPLICIT_BIG}

FLOAT_PIXELS, DOUBLE_PIXELS, PIXELS = 0x7FE00008, 0x7FE00009, 0x7FE00010
UNDEFINED_LENGTH = 0xFFFFFFFF
_PIXEL_TAGS = {FLOAT_PIXELS, DOUBLE_PIXELS, PIXELS}
_LONG_VRS = {b"OB", b"OW", b"OF", b"OD", b"UN", b"OL", b"OV", b"SQ", b"UT", b"UC", b"UR", b"SV", b"UV"}
_SHORT_VRS = {b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"LO", b"LT", b"PN", b"SH", b"SL"}
_SHORT_VRS |= {b"SS", b"ST", b"TM", b"UI", b"UL", b"US"}
_FIRST_ELEMENTS = (b"\x08\x00\x05\x00CS", b"\x08\x00\x08\x00CS", b"\x08\x00\x16\x00UI", b"\x08\x00\x00\x00UL")
_SMALL_READ = 2**16
_LARGEST_HEADER = 2**28  # 256 MiB of header: more than any real one


@dataclass(frozen=True, eq=False)
class PixelElement:
    """The pixel data element: where its bytes lie, and what it declares."""

    tag: int
    vr: str
    declared: int | None  # bytes; None for undefined length (encapsulated)
    value: memoryview  # as much of the declared length as there is; to the end of the file where none is declared


@dataclass(frozen=True, eq=False)
class DicomFile:
    """A parsed file. `pixels` is None where it has none or they were not asked for."""

    dataset: Dataset
    syntax: str
    little_endian: bool
    pixels: PixelElement | None
    has_pixels: bool
    notes: tuple[str, ...] = ()


def read_dicom(path: Path) -> DicomFile:
    """Header and pixel bytes of a file. Raises ImageError, or whatever pydicom answers damaged files with."""
    size = path.stat().st_size
    if size > LARGEST_IMAGE_BYTES + _LARGEST_HEADER:
        raise ImageError(f"has {size:,} bytes; more than {LARGEST_IMAGE_BYTES + _LARGEST_HEADER:,} are not opened")
    with path.open("rb") as stream:
        return _parse(_Bounded(stream, size), wants_pixels=True)


def read_dicom_header(path: Path) -> DicomFile:
    """The header alone; the file is read up to its pixel data. Raises as `read_dicom`."""
    with path.open("rb") as stream:
        return _parse(_Bounded(stream, path.stat().st_size), wants_pixels=False)


class _Bounded:
    """A file of which no more is asked than it holds: a length field of 4 GB in a header must not become a buffer."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._read, self._size = stream.read, size
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, count: int = -1) -> bytes:
        if 0 <= count <= _SMALL_READ:  # nearly every read of a header
            return self._read(count)
        left = max(0, self._size - self.tell())
        return self._read(left if count < 0 else min(count, left))


def _parse(stream: Any, wants_pixels: bool) -> DicomFile:
    start, notes = _dataset_start(stream)
    stream.seek(start)
    syntax = str(_read_file_meta_info(stream).get("TransferSyntaxUID", "") or "").strip()
    if not syntax:
        syntax = _guessed_syntax(stream)
        notes += (f"the file does not name its transfer syntax; read as {UID(syntax).name}",)
    if syntax == DEFLATED:
        stream = io.BytesIO(_inflated(stream.read()))
    dataset, seen = _parsed_header(stream, syntax)
    if not any(tag in dataset for tag in (0x00080016, 0x00080060, 0x00280010, 0x0020000D, 0x00080005, 0x00041220)):
        if not seen and len(dataset) == 0:
            raise ImageError("has no data after its DICOM header")
        if start == 0:
            raise ImageError("is not a DICOM, NIfTI, PNG or JPEG file")
    little = syntax != EXPLICIT_BIG
    if not seen or not wants_pixels:
        return DicomFile(dataset, syntax, little, None, seen, notes)
    implicit = bool(dataset.original_encoding[0])  # pydicom mends the commonest lie about it
    element = _pixel_element(stream, implicit, little)
    if element.declared is None and syntax in NATIVE:
        syntax = _encapsulated_syntax(element.value)
        notes += (f"the pixel data are compressed although the header says otherwise; read as {UID(syntax).name}",)
    return DicomFile(dataset, syntax, little, element, True, notes)


def _parsed_header(stream: Any, syntax: str) -> tuple[Dataset, bool]:
    """The dataset before the pixel data, and whether there are any: the stream then stands before them."""
    implicit, little = syntax == IMPLICIT_LITTLE, syntax != EXPLICIT_BIG
    start = stream.tell()
    if not implicit and little and (plain := _public_part(stream.read(_SMALL_READ))) is not None:
        elements, place = plain
        stream.seek(start + place)
        return _dataset_of(elements), True
    stream.seek(start)
    seen: list[int] = []
    try:
        return read_dataset(stream, implicit, little, stop_when=_stop_at_pixels(seen)), bool(seen)
    except (EOFError, OSError, struct.error) as error:
        raise ImageError("is cut short or damaged in its header, before any pixel data") from error


def _public_part(head: bytes) -> tuple[dict[BaseTag, RawDataElement], int] | None:
    """The elements of even groups (PS3.5 7.8) in front of the pixel data, and the place where these begin.

    Scanners write hundreds of private elements that nobody here asks for. None for what is not plain, so that pydicom
    reads all of it: a length or a VR that is not explicit little endian's own, an undefined length, a longer header.
    """
    place, last = 0, len(head) - 12
    elements: dict[BaseTag, RawDataElement] = {}
    unpack, long_length = struct.Struct("<HH2sH").unpack_from, struct.Struct("<L").unpack_from
    while place <= last:
        group, number, vr, length = unpack(head, place)
        if group == 0x7FE0 and group << 16 | number in _PIXEL_TAGS:
            return elements, place
        after = place + 8
        if vr not in _SHORT_VRS:
            if vr not in _LONG_VRS:
                return None
            length, after = long_length(head, after)[0], after + 4
        place = after + length  # far beyond the head where the length is undefined
        if not group & 1 and place <= len(head):
            tag, kind = BaseTag(group << 16 | number), vr.decode("ascii")
            value = head[after:place] if length else cast("bytes | None", empty_value_for_VR(kind, raw=True))
            elements[tag] = RawDataElement(tag, kind, length, value, after, False, True)
    return None


def _dataset_of(elements: dict[BaseTag, RawDataElement]) -> Dataset:
    """As `read_dataset` makes one of explicit little endian, its texts in the Specific Character Set (0008,0005)."""
    dataset = Dataset(elements)  # type: ignore[arg-type]
    character_set = dataset.get("SpecificCharacterSet")
    dataset.set_original_encoding(False, True, convert_encodings(character_set) if character_set else default_encoding)
    return dataset


def _stop_at_pixels(seen: list[int]) -> Callable[[Any, Any, Any], bool]:
    def stop(tag: int, vr: str | None, length: int) -> bool:
        if tag in _PIXEL_TAGS:
            seen.append(int(tag))
            return True
        return False

    return stop


def _dataset_start(stream: Any) -> tuple[int, tuple[str, ...]]:
    head = stream.read(132)
    if head[128:132] == b"DICM":
        return 132, ()
    if head[:4] == b"DICM":
        return 4, ("the file has no preamble",)
    if head[:2] in (b"\x02\x00", b"\x08\x00", b"\x00\x08"):
        return 0, ("the file has no DICOM preamble",)
    if (stray := _stray_bytes(head)) is not None:
        return stray, (f"the file has no DICOM preamble; its header was found at byte {stray}",)
    raise ImageError("is not a DICOM, NIfTI, PNG or JPEG file")


def _stray_bytes(head: bytes) -> int | None:
    """How many bytes stand before a first element of group 0008 that cannot be mistaken: tag and VR agree."""
    found = [place for place in map(head[:16].find, _FIRST_ELEMENTS) if place >= 0]
    return min(found, default=None)


def _guessed_syntax(stream: Any) -> str:
    """From the first element of the dataset: a VR in letters means explicit, a group above 0x0400 big endian."""
    place = stream.tell()
    head = stream.read(6)
    stream.seek(place)
    if len(head) < 6:
        raise ImageError("ends before its first data element")
    if not (head[4:6].isalpha() and head[4:6].isupper()):
        return IMPLICIT_LITTLE
    return EXPLICIT_BIG if struct.unpack("<H", head[:2])[0] >= 0x0400 else EXPLICIT_LITTLE


def _inflated(data: bytes) -> bytes:
    limit = LARGEST_IMAGE_BYTES + _LARGEST_HEADER
    # Deflate reaches 1032:1; an image does not. The cap follows the file, so that a small bomb stays small.
    limit = min(limit, max(2**26, 100 * len(data)))
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    inflated = inflater.decompress(data, limit)
    if inflater.unconsumed_tail:
        raise ImageError(f"its deflated data grow beyond {limit:,} bytes, which are not opened")
    return inflated


def _pixel_element(stream: Any, implicit: bool, little: bool) -> PixelElement:
    order = "<" if little else ">"
    head = stream.read(8)
    group, element, vr, length = struct.unpack(f"{order}HH2sH", head)
    if implicit or not vr.isalpha():
        vr, length = b"OW", struct.unpack(f"{order}L", head[4:])[0]
    elif vr in _LONG_VRS:
        rest = stream.read(4)
        if len(rest) < 4:
            raise ImageError("ends where its pixel data should begin")
        length = struct.unpack(f"{order}L", rest)[0]
    tag, declared = group << 16 | element, None if length == UNDEFINED_LENGTH else int(length)
    value = memoryview(stream.read(-1 if declared is None else declared))
    return PixelElement(tag, vr.decode("ascii"), declared, value)


def _encapsulated_syntax(value: memoryview) -> str:
    """The transfer syntax that the first bytes of a compressed stream show."""
    from engine.images.codestreams import syntax_of

    data = bytes(value[:4096])
    start = data.find(b"\xff\x4f\xff\x51")
    start = start if start >= 0 else data.find(b"\xff\xd8\xff")
    return syntax_of(data[start:] if start >= 0 else b"")
