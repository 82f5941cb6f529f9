"""The decoder of each transfer syntax: the fastest that is right on real files, named here and nowhere else.

Two kinds. Pillow's libjpeg-turbo and the Rust RLE decoder run in this process: no damaged stream was seen to harm it.
GDCM crashed on 12 of 6,000 damaged JPEG streams and aborts on 1-bit RLE, CharLS spent seconds on some of 500 pixels,
and all of them and OpenJPEG hold Python's lock while they work. They run in a decoder process
(`engine.images.isolation`): a crash there is a sentence here, and a slow mammogram does not stop the window.
"""

import io
import itertools
import struct
from dataclasses import dataclass

import numpy as np

from engine.errors import ImageError
from engine.images.codestreams import StreamInfo, stream_info
from engine.images.isolation import decode_apart

_JPEG = "1.2.840.10008.1.2.4."
RLE = "1.2.840.10008.1.2.5"
_IN_THIS_PROCESS = {"pillow", "rle"}


@dataclass(frozen=True)
class Codec:
    """Which library decodes a syntax, and whether it runs in a process of its own."""

    process: str  # what the stream must be: "jpeg", "jpeg-ls", "j2k", "htj2k" or "rle"
    grey: str  # the decoder of one component
    colour: str  # the decoder of three
    lossless: bool


# Milliseconds for one frame, best of three, one core but for the last column (two): 3064x4664 12-bit mammogram "mg",
# 1955x1841 15-bit chest "cr", 1760x1760 10-bit leg "leg", 512x512 CT "ct", 1024x1024 8-bit chest "nih".
#
#                       gdcm   pylibjpeg/pyjpegls   Pillow   Pillow, 2 threads
#   .50 nih             10.5          -               2.0         -        bit-identical for grey
#   .51 .53 .55 ct       4.7          -               -           -        12 bit: only GDCM under a free licence
#   .57 .70 ct           4.8          -               -           -        the same
#   .80 ct               6.5          3.8             -           -
#   .81 cr             129           80               -           -
#   .90 leg             91          115             117          68        only this OpenJPEG uses threads
#   .91 mg             510          411             454         286
#   .201 .203 rgb       14            9               -           -
#   RLE ct               7.3          0.3             -           -        GDCM aborts on 1-bit RLE
CODECS: dict[str, Codec] = {
    _JPEG + "50": Codec("jpeg", "pillow", "pillow", lossless=False),
    _JPEG + "51": Codec("jpeg", "gdcm", "gdcm", lossless=False),
    _JPEG + "53": Codec("jpeg", "gdcm", "gdcm", lossless=False),
    _JPEG + "55": Codec("jpeg", "gdcm", "gdcm", lossless=False),
    _JPEG + "57": Codec("jpeg", "gdcm", "gdcm", lossless=True),
    _JPEG + "70": Codec("jpeg", "gdcm", "gdcm", lossless=True),
    _JPEG + "80": Codec("jpeg-ls", "charls", "charls", lossless=True),
    _JPEG + "81": Codec("jpeg-ls", "charls", "charls", lossless=False),
    _JPEG + "90": Codec("j2k", "pillow-j2k", "openjpeg", lossless=True),
    _JPEG + "91": Codec("j2k", "pillow-j2k", "openjpeg", lossless=False),
    _JPEG + "201": Codec("htj2k", "openjpeg", "openjpeg", lossless=True),
    _JPEG + "202": Codec("htj2k", "openjpeg", "openjpeg", lossless=True),
    _JPEG + "203": Codec("htj2k", "openjpeg", "openjpeg", lossless=False),
    RLE: Codec("rle", "rle", "rle", lossless=True),
}


def decodes_apart(syntax: str) -> bool:
    """Whether frames of a syntax go to decoder processes, so that several threads decode several frames at once."""
    return syntax in CODECS and CODECS[syntax].grey not in _IN_THIS_PROCESS


@dataclass(frozen=True)
class FrameFormat:
    """What the header says that each decoded frame is."""

    rows: int
    columns: int
    samples: int
    allocated: int  # bits: 1, 8, 16 or 32
    photometric: str  # as stored: MONOCHROME2, RGB, YBR_FULL_422 …


@dataclass(frozen=True, eq=False)
class DecodedFrame:
    """(rows, columns[, 3]) samples as the stream has them, and whether colour has become RGB on the way."""

    samples: np.ndarray
    precision: int
    signed: bool
    is_rgb: bool


def decode_frame(stream: bytes, syntax: str, expected: FrameFormat) -> DecodedFrame:
    """One frame of compressed pixel data.

    Raises ImageError where the syntax has no decoder, the stream is damaged, or it is not of the size the header gives:
    that comparison comes first, so no decoder allocates more than the header was allowed to declare.
    """
    codec = CODECS.get(syntax)
    if codec is None:
        raise ImageError(_no_decoder(syntax))
    if codec.process == "rle":
        return _rle_frame(stream, expected)
    info = stream_info(stream)
    _check_against_header(info, expected)
    decoder = codec.grey if info.components == 1 else codec.colour
    if info.process == "jpeg":  # the frame marker knows better than the transfer syntax
        decoder = "pillow" if info.precision == 8 and info.marker in (0xC0, 0xC1, 0xC2) else "gdcm"
    elif info.process != codec.process:
        decoder = {"jpeg-ls": "charls"}.get(info.process, "openjpeg")
    if decoder == "pillow":
        return _pillow_jpeg(stream, info, expected)
    return _isolated(stream, info, decoder, expected)


def _no_decoder(syntax: str) -> str:
    from pydicom.uid import UID

    name = UID(syntax).name
    if "MPEG" in name or "HEVC" in name:
        return f"is a video ({name}), which is not opened"
    return f"its pixel data are in transfer syntax {name}, for which there is no decoder"


def _check_against_header(info: StreamInfo, expected: FrameFormat) -> None:
    if (info.rows, info.columns) != (expected.rows, expected.columns):
        raise ImageError(
            f"its compressed stream holds {info.columns:,} x {info.rows:,} pixels "
            f"where the header says {expected.columns:,} x {expected.rows:,}"
        )
    if info.components != expected.samples:
        raise ImageError(
            f"its compressed stream holds {info.components} samples per pixel, the header says {expected.samples}"
        )
    if not 1 <= info.precision <= 32:
        raise ImageError(f"its compressed stream has {info.precision} bits per sample; 1 to 32 are opened")


def _rle_frame(stream: bytes, expected: FrameFormat) -> DecodedFrame:
    """PS3.5 Annex G: a segment per byte of each sample, most significant first; 1-bit frames are packed bytes."""
    size = max(1, expected.allocated // 8)
    count = size * expected.samples
    length = expected.rows * expected.columns if expected.allocated > 1 else -(-expected.rows * expected.columns // 8)
    if len(stream) < 64 or struct.unpack_from("<L", stream)[0] != count:
        raise ImageError(f"its RLE data do not have the {count} segments that the header asks for")
    offsets = [*struct.unpack_from(f"<{count}L", stream, 4), len(stream)]
    if offsets[0] != 64 or any(second <= first for first, second in itertools.pairwise(offsets)):
        raise ImageError("its RLE data have a damaged table of segments")
    segments = [_rle_segment(stream[start:end], length) for start, end in itertools.pairwise(offsets)]
    if expected.allocated == 1:
        bits = np.unpackbits(segments[0], bitorder="little")[: expected.rows * expected.columns]
        return DecodedFrame(bits.reshape(expected.rows, expected.columns), 1, False, False)
    joined = np.zeros((length, expected.samples), f"u{size}")
    for place, segment in enumerate(segments):  # whole samples are shifted: much faster than laying single bytes
        sample, byte = divmod(place, size)
        joined[:, sample] |= np.left_shift(segment, 8 * (size - 1 - byte), dtype=joined.dtype)
    shape = (expected.rows, expected.columns, expected.samples)[: 3 if expected.samples > 1 else 2]
    return DecodedFrame(joined.reshape(shape), expected.allocated, False, False)


def _rle_segment(packed: bytes, length: int) -> np.ndarray:
    import rle.rle as packbits

    if length > 64 * len(packed) + 128:  # a run of 128 takes two bytes
        raise ImageError(f"pixel data ends after {len(packed):,} bytes of RLE, too few for {length:,} pixels")
    try:
        decoded = np.frombuffer(packbits.decode_segment(packed), np.uint8)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic in Rust is no Exception
        raise ImageError(f"its RLE data are damaged: {error}") from None
    if decoded.size < length:
        raise ImageError(f"pixel data ends after {decoded.size:,} of {length:,} bytes of an RLE segment")
    return decoded[:length]


def _pillow_jpeg(stream: bytes, info: StreamInfo, expected: FrameFormat) -> DecodedFrame:
    from PIL import Image as PillowImage

    if info.components == 3 and not info.colour_known:
        # Nothing in the stream says what its components are, so the header decides, in the words of an Adobe marker.
        transform = b"\0" if expected.photometric == "RGB" else b"\1"
        stream = stream[:2] + b"\xff\xee\x00\x0eAdobe\x00\x64\0\0\0\0" + transform + stream[2:]
    try:
        with PillowImage.open(io.BytesIO(stream), formats=["JPEG"]) as picture:
            samples = np.asarray(picture)
    except MemoryError:
        raise
    except Exception as error:
        raise ImageError(f"its JPEG stream is damaged: {error}") from error
    if samples.shape[:2] != (expected.rows, expected.columns) or samples.dtype != np.uint8:
        raise ImageError("its JPEG stream is damaged: the decoded size is not the declared one")
    return DecodedFrame(samples, 8, False, info.components == 3)


def _isolated(stream: bytes, info: StreamInfo, decoder: str, expected: FrameFormat) -> DecodedFrame:
    size = 1 if info.precision <= 8 else 2 if info.precision <= 16 else 4
    if decoder == "pillow-j2k" and size == 4:
        decoder = "openjpeg"
    raw = decode_apart(decoder, stream, info, expected.photometric)
    samples = info.rows * info.columns * info.components
    if len(raw) != samples * size:
        raise ImageError(f"its compressed stream gave {len(raw):,} of {samples * size:,} bytes")
    by_plane = decoder == "charls" and info.components == 3 and info.interleave == 0
    shape: tuple[int, ...] = (info.rows, info.columns)
    if info.components > 1:
        shape = (info.components, *shape) if by_plane else (*shape, info.components)
    array = np.frombuffer(raw, f"<{'i' if info.signed else 'u'}{size}").reshape(shape)
    if by_plane:
        array = np.moveaxis(array, 0, -1)
    # JPEG 2000's own colour transform is undone by the decoder; GDCM undoes YCbCr of lossy JPEG.
    is_rgb = expected.photometric in ("RGB", "YBR_RCT", "YBR_ICT") or (decoder == "gdcm" and info.components == 3)
    return DecodedFrame(array, info.precision, info.signed, is_rgb)
