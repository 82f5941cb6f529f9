"""One file to an image or a header, whatever it is: told by its first bytes, not by its name."""

import zlib
from pathlib import Path

from engine.errors import ImageError
from engine.images.header import Header, Kind
from engine.images.image import Image
from engine.images.refusal import named

_PNG, _JPEG, _GZIP = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\x1f\x8b"
_NIFTI_SIZES = (348, 540)


def open_image(path: Path) -> Image:
    """The image in one file: DICOM (also without preamble or meta), NIfTI, PNG or JPEG.

    Raises ImageError with one sentence that begins with the file's name: "scan.dcm: pixel data ends after …".
    """
    with named(path):
        kind = kind_of(path)
        if kind == "dicom":
            from engine.images.dicom_image import open_dicom

            return open_dicom(path)
        if kind == "nifti":
            from engine.images.nifti import open_nifti

            return open_nifti(path)
        from engine.images.raster import open_raster

        return open_raster(path)


def read_header(path: Path) -> Header:
    """What a file says of itself, without its pixels; well under a millisecond. Raises ImageError as `open_image`."""
    with named(path):
        kind = kind_of(path)
        if kind == "dicom":
            from engine.images.dicom_header import dicom_header

            return dicom_header(path)
        if kind == "nifti":
            from engine.images.nifti import nifti_header

            return nifti_header(path)
        from engine.images.raster import raster_header

        return raster_header(path)


def kind_of(path: Path) -> Kind:
    """Which family of formats a file belongs to, by its first bytes. Raises ImageError for an empty or foreign one."""
    if path.is_dir():
        raise ImageError("is a folder; find_series opens folders")
    if path.exists() and not path.is_file():  # reading from a pipe or a device would wait for ever
        raise ImageError("is a pipe or a device, not a file")
    with path.open("rb") as stream:
        head = stream.read(640)
    if not head:
        raise ImageError("is empty")
    if head.startswith((_PNG, _JPEG)):
        return "raster"
    if head[128:132] == b"DICM":
        return "dicom"
    if head.startswith(_GZIP):
        head = _first_inflated(head)
        if not _is_nifti(head):
            raise ImageError("is compressed by gzip and holds no NIfTI image")
    return "nifti" if _is_nifti(head) else "dicom"


def _first_inflated(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, 4)
    except zlib.error as error:
        raise ImageError("is damaged at its gzip header") from error


def _is_nifti(head: bytes) -> bool:
    return any(int.from_bytes(head[:4], order) in _NIFTI_SIZES for order in ("little", "big"))  # type: ignore[arg-type]
