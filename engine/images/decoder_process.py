"""The process that runs native decoders: reads a request, answers with samples, until its input ends.

Started by `engine.images.isolation`. It holds one frame at a time and no state, so that killing it loses nothing.
"""

import json
import os
import struct
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

import numpy as np

Facts = dict[str, Any]
Bytes = bytes | bytearray | memoryview
_PIECE = 2**16
_MEMORY_LIMIT = 2**33  # 8 GiB of address space, of which a frame of the largest allowed size needs a part


@dataclass(frozen=True)
class GdcmText:
    """GDCM hands bytes over as text. Turned back piece by piece: the caller reads one while the next is made."""

    text: str
    nbytes: int

    def __iter__(self) -> Iterator[bytes]:
        for start in range(0, len(self.text), _PIECE):
            yield self.text[start : start + _PIECE].encode("utf-8", "surrogateescape")


def main() -> None:
    """Serve until standard input ends. The answer pipe is moved away so that a decoder's print cannot spoil it."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _limit_memory()
    requests = sys.stdin.buffer
    while len(head := requests.read(12)) == 12:
        request_length, stream_length = struct.unpack("<LQ", head)
        facts = json.loads(requests.read(request_length))
        status, answer = _answer(facts, requests.read(stream_length))
        _send(answers, status, answer)


def _answer(facts: Facts, stream: bytes) -> tuple[int, Bytes | GdcmText]:
    try:
        return 0, _DECODERS[facts["decoder"]](stream, facts)
    except Exception as error:
        text = " ".join(str(error).split())[:160] or type(error).__name__
        return 1, f"its compressed pixel data are damaged: {text}".encode()


def _send(pipe: BinaryIO, status: int, answer: Bytes | GdcmText) -> None:
    length = answer.nbytes if isinstance(answer, GdcmText) else memoryview(answer).nbytes
    pipe.write(struct.pack("<BQ", status, length))
    pipe.writelines(answer if isinstance(answer, GdcmText) else [answer])
    pipe.flush()


def _limit_memory() -> None:
    """Where the system can (not Windows): a damaged stream that makes a decoder ask for too much is refused."""
    try:
        import resource
    except ImportError:
        return
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or hard > _MEMORY_LIMIT:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_LIMIT, hard))


def _gdcm(stream: bytes, facts: Facts) -> GdcmText:
    """JPEG of any process, 8 to 16 bits. GDCM chooses its library by the pixel format, so that is the stream's own."""
    import gdcm

    precision, samples = facts["precision"], facts["components"]
    fragment = gdcm.Fragment()
    fragment.SetByteStringValue(stream)
    fragments = gdcm.SequenceOfFragments.New()
    fragments.AddFragment(fragment)
    element = gdcm.DataElement(gdcm.Tag(0x7FE0, 0x0010))
    element.SetValue(fragments.__ref__())
    image = gdcm.Image()
    image.SetNumberOfDimensions(2)
    image.SetDimensions((facts["columns"], facts["rows"], 1))
    image.SetDataElement(element)
    kind = gdcm.PhotometricInterpretation.GetPIType("MONOCHROME2" if samples == 1 else facts["photometric"])
    image.SetPhotometricInterpretation(gdcm.PhotometricInterpretation(kind))
    if samples > 1:
        image.SetPlanarConfiguration(0)
    syntax = "1.2.840.10008.1.2.4." + {0xC0: "50", 0xC1: "51", 0xC2: "55", 0xC3: "57"}.get(facts["marker"], "51")
    image.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.GetTSType(syntax)))
    image.SetPixelFormat(gdcm.PixelFormat(samples, 8 if precision <= 8 else 16, precision, precision - 1, 0))
    length = facts["rows"] * facts["columns"] * samples * (1 if precision <= 8 else 2)
    if image.GetBufferLength() != length:
        raise ValueError("GDCM makes another size of it")
    decoded = image.GetBuffer()
    if decoded is None:
        raise ValueError("GDCM cannot decode them")
    return GdcmText(decoded, length)


def _charls(stream: bytes, facts: Facts) -> bytearray:
    import jpeg_ls

    decoded: bytearray = jpeg_ls.decode_pixel_data(stream)[0]
    return decoded


def _openjpeg(stream: bytes, facts: Facts) -> bytearray:
    import openjpeg

    decoded = openjpeg.decode_pixel_data(stream, version=2)  # 2: plain bytes, not an array
    assert isinstance(decoded, bytearray)
    return decoded


def _pillow_j2k(stream: bytes, facts: Facts) -> memoryview:
    """One component of up to 16 bits. Pillow shifts samples up to 8 or 16 bits and signed ones by half; undone here."""
    from PIL import Image as PillowImage

    PillowImage.MAX_IMAGE_PIXELS = None  # the size was checked against the header before
    with PillowImage.open(BytesIO(stream), formats=["JPEG2000"]) as picture:
        samples = np.asarray(picture)
    precision, size = facts["precision"], samples.dtype.itemsize
    if samples.dtype.kind != "u" or size != (1 if precision <= 8 else 2):
        raise ValueError(f"Pillow gives {samples.dtype} for {precision} bits")
    samples = samples >> (8 * size - precision) if precision < 8 * size else samples
    if facts["signed"]:
        samples = (samples.astype(np.int32) - (1 << (precision - 1))).astype(f"<i{size}")
    return np.ascontiguousarray(samples).data.cast("B")


_DECODERS: dict[str, Callable[[bytes, Facts], Bytes | GdcmText]] = {
    "gdcm": _gdcm,
    "charls": _charls,
    "openjpeg": _openjpeg,
    "pillow-j2k": _pillow_j2k,
}


if __name__ == "__main__":
    main()
