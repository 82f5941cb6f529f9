"""Frames: how the engine's processes talk, and how an explanation lies on disk. No torch, no pickle.

A frame is the length of its header (4 bytes, big endian), the header (JSON, UTF-8) and the bytes of its arrays, one
after another, C order, little endian. The header's entry "arrays" lists their names, dtypes and shapes.
"""

import json
import math
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np

from engine.errors import FrameError

__all__ = ["HEADER_LIMIT", "PAYLOAD_LIMIT", "read_frame", "write_frame"]

HEADER_LIMIT = 1 << 20  # bytes of JSON
PAYLOAD_LIMIT = 1 << 30  # bytes of all arrays of a frame: a film of 8,000 x 8,000 float32 is a quarter of it
_DTYPES = ("bool", "uint8", "uint16", "int16", "int32", "int64", "float32", "float64")
_MOST_ARRAYS = 256
_MOST_AXES = 8
_PIECE = 1 << 20  # what is announced is never believed: memory grows with what has really come

Arrays = Mapping[str, np.ndarray]


def write_frame(stream: BinaryIO, header: Mapping[str, Any], arrays: Arrays | None = None) -> None:
    """Write one frame and flush. header: plain JSON values, finite; its entry "arrays" is set here.

    Raises FrameError for what no reader would take: a dtype that is none of bool, uint8, uint16, int16, int32, int64,
    float32, float64, a header above 1 MiB, arrays above 1 GiB together.
    """
    given = arrays or {}
    listed = [{"name": name, "dtype": array.dtype.name, "shape": list(array.shape)} for name, array in given.items()]
    try:
        text = json.dumps({**header, "arrays": listed}, ensure_ascii=False, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise FrameError(f"this header cannot be written as JSON: {error}") from error
    if len(text) > HEADER_LIMIT:
        raise FrameError(f"a header of {len(text):,} bytes is above the limit of {HEADER_LIMIT:,}")
    _sizes(listed)
    stream.write(struct.pack(">I", len(text)))
    stream.write(text)
    for array in given.values():
        little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        stream.write(little.reshape(-1).view(np.uint8).data)
    stream.flush()


def read_frame(stream: BinaryIO) -> tuple[dict[str, Any], dict[str, np.ndarray]] | None:
    """The next frame: its header without "arrays", and its arrays by name, which may be written to. None at the end.

    Raises FrameError for anything that is no frame or ends within one; the stream is then of no more use.
    """
    head = _read(stream, 4)
    if not head:
        return None
    if len(head) < 4:
        raise FrameError("the stream ends within the length of a frame")
    header = _header(stream, bytes(head))
    listed = header.pop("arrays", None)
    sizes = _sizes(listed)
    arrays: dict[str, np.ndarray] = {}
    for entry, size in zip(listed, sizes, strict=True):
        data = _exactly(stream, size)
        array = np.frombuffer(data, np.dtype(entry["dtype"]).newbyteorder("<")).reshape(entry["shape"])
        arrays[entry["name"]] = array.astype(entry["dtype"], copy=False)
    return header, arrays


def _header(stream: BinaryIO, head: bytes) -> dict[str, Any]:
    (length,) = struct.unpack(">I", head)
    if length > HEADER_LIMIT:
        raise FrameError(f"this is no frame: it begins with {head!r}; does something else write to the same stream?")
    try:
        header = json.loads(_exactly(stream, length), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise FrameError(f"the header of a frame is no JSON: {error}") from error
    if not isinstance(header, dict):
        raise FrameError("the header of a frame is no JSON object")
    return header


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


def _sizes(listed: Any) -> list[int]:
    """Bytes of each listed array. FrameError for an entry that says nothing sensible, or too much in all."""
    if not isinstance(listed, list) or len(listed) > _MOST_ARRAYS:
        raise FrameError(f"a frame lists its arrays under 'arrays', at most {_MOST_ARRAYS}")
    sizes = [_size(entry) for entry in listed]
    if len({entry["name"] for entry in listed}) < len(listed):
        raise FrameError("two arrays of a frame have the same name")
    if sum(sizes) > PAYLOAD_LIMIT:
        raise FrameError(f"a frame announces {sum(sizes):,} bytes of arrays; the limit is {PAYLOAD_LIMIT:,}")
    return sizes


def _size(entry: Any) -> int:
    if not isinstance(entry, dict) or set(entry) != {"name", "dtype", "shape"} or not isinstance(entry["name"], str):
        raise FrameError("every array of a frame needs name, dtype and shape")
    if entry["dtype"] not in _DTYPES:
        raise FrameError(f"arrays of {entry['dtype']} are not sent; these are: {', '.join(_DTYPES)}")
    shape = entry["shape"]
    if not isinstance(shape, list) or len(shape) > _MOST_AXES or not all(_is_length(length) for length in shape):
        raise FrameError(f"'{shape}' is no shape of an array")
    return math.prod(shape) * np.dtype(entry["dtype"]).itemsize


def _is_length(length: Any) -> bool:
    return isinstance(length, int) and not isinstance(length, bool) and 0 <= length <= PAYLOAD_LIMIT


def _exactly(stream: BinaryIO, count: int) -> bytearray:
    data = _read(stream, count)
    if len(data) < count:
        raise FrameError(f"the stream ends within a frame: {len(data):,} of {count:,} bytes came")
    return data


def _read(stream: BinaryIO, count: int) -> bytearray:
    """Up to `count` bytes; fewer only where the stream ends."""
    data = bytearray()
    while len(data) < count and (piece := stream.read(min(_PIECE, count - len(data)))):
        data += piece
    return data
