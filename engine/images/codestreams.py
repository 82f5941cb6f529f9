"""What a compressed stream says of itself, read from its markers in Python before any native decoder sees it.

JPEG: ITU-T T.81 Annex B. JPEG-LS: T.87 Annex C. JPEG 2000: T.800 Annex A (SIZ), HTJ2K: T.814.
"""

import struct
from dataclasses import dataclass

from engine.errors import ImageError

_J2K_START = b"\xff\x4f\xff\x51"  # SOC, SIZ
_JP2_START = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
_FRAME_MARKERS = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC} | {0xF7}  # SOFn; 0xF7 is SOF55 of JPEG-LS
_MOST_TILES = 65_535
_LOSSLESS_JPEG = 0xC3


@dataclass(frozen=True)
class StreamInfo:
    """Size and sample format of one compressed frame."""

    process: str  # "jpeg", "jpeg-ls", "j2k" or "htj2k"
    rows: int
    columns: int
    components: int
    precision: int  # bits per sample, 1 to 16 (38 in JPEG 2000)
    signed: bool = False
    marker: int = 0  # the SOF marker of a JPEG
    colour_known: bool = False  # a JFIF or Adobe marker says how components are to be read
    interleave: int = 0  # JPEG-LS: 0 by plane, 1 by line, 2 by sample


def stream_info(stream: bytes) -> StreamInfo:
    """Parse the header of a JPEG, JPEG-LS or JPEG 2000 stream. Raises ImageError with what is wrong."""
    if stream[:2] == b"\xff\xd8":
        return _jpeg_info(stream)
    if stream[:4] == _J2K_START:
        return _j2k_info(stream)
    if stream[:12] == _JP2_START and 0 <= (start := stream.find(_J2K_START)) < 4096:
        return _j2k_info(stream[start:])
    raise ImageError("its compressed pixel data begin with no marker of JPEG, JPEG-LS or JPEG 2000")


def syntax_of(stream: bytes) -> str:
    """The transfer syntax of a stream whose file does not name it."""
    info = stream_info(stream)
    if info.process == "jpeg":
        lossless = {0xC0: "50", 0xC1: "51", 0xC2: "55", 0xC3: "70"}
        return f"1.2.840.10008.1.2.4.{lossless.get(info.marker, '50')}"
    return {"jpeg-ls": "1.2.840.10008.1.2.4.81", "htj2k": "1.2.840.10008.1.2.4.203"}.get(
        info.process, "1.2.840.10008.1.2.4.91"
    )


def _jpeg_info(stream: bytes) -> StreamInfo:
    place, colour_known, frame = 2, False, None
    while place + 4 <= len(stream):
        if stream[place] != 0xFF:
            raise ImageError(f"its JPEG stream has no marker at byte {place:,}, where one belongs")
        marker = stream[place + 1]
        if marker == 0xFF:  # fill byte
            place += 1
            continue
        if marker in (0x01, 0xD8, *range(0xD0, 0xD8)):
            place += 2
            continue
        length = struct.unpack_from(">H", stream, place + 2)[0]
        body = stream[place + 4 : place + 2 + length]
        if length < 2 or len(body) < length - 2:
            break
        colour_known |= (marker == 0xE0 and body[:5] == b"JFIF\0") or (marker == 0xEE and body[:5] == b"Adobe")
        if marker in _FRAME_MARKERS and frame is None:
            frame = (marker, body)
        if marker == 0xDA and frame is not None:
            return _jpeg_frame(*frame, colour_known, body)
        place += 2 + length
    raise ImageError(f"its JPEG stream ends after {len(stream):,} bytes, before any pixel")


def _jpeg_frame(marker: int, body: bytes, colour_known: bool, scan: bytes) -> StreamInfo:
    if len(body) < 6 or len(body) < 6 + 3 * body[5]:
        raise ImageError("its JPEG stream has a damaged frame header")
    precision, rows, columns, components = struct.unpack_from(">BHHB", body)
    if marker == 0xF7:
        interleave = scan[-2] if len(scan) >= 3 else 0
        return StreamInfo("jpeg-ls", rows, columns, components, precision, interleave=interleave)
    return StreamInfo("jpeg", rows, columns, components, precision, marker=marker, colour_known=colour_known)


def _j2k_info(stream: bytes) -> StreamInfo:
    if len(stream) < 51:
        raise ImageError(f"its JPEG 2000 stream ends after {len(stream):,} bytes, before any pixel")
    length, capabilities, x1, y1, x0, y0, tw, th, tx0, ty0, components = struct.unpack_from(">HH8LH", stream, 4)
    if x1 <= x0 or y1 <= y0 or tw == 0 or th == 0 or components == 0 or length != 38 + 3 * components:
        raise ImageError("its JPEG 2000 stream has a damaged size marker")
    if -(-(x1 - tx0) // tw) * -(-(y1 - ty0) // th) > _MOST_TILES:
        raise ImageError("its JPEG 2000 stream declares more tiles than the standard allows")
    depths = [stream[42 + 3 * c : 45 + 3 * c] for c in range(components)]
    if len(depths[-1]) < 3 or len({bytes(depth) for depth in depths}) != 1 or depths[0][1:] != b"\x01\x01":
        raise ImageError("its JPEG 2000 stream has components of different depth or size, which are not opened")
    process = "htj2k" if capabilities & 0x4000 else "j2k"  # Rsiz bit 14: high throughput (T.814)
    depth = depths[0][0]
    return StreamInfo(process, y1 - y0, x1 - x0, components, (depth & 0x7F) + 1, bool(depth & 0x80))
