"""Colour of DICOM images to RGB: palettes (also segmented) and YBR, PS3.3 C.7.6.3.1 and C.7.9."""

import numpy as np
from pydicom.dataset import Dataset

from engine.errors import ImageError

_CHANNELS = ("Red", "Green", "Blue")
_LONGEST_TABLE = 65_536


def ybr_to_rgb(pixels: np.ndarray, bits: int = 8) -> np.ndarray:
    """YBR_FULL to RGB, same shape (..., 3) and dtype; the inverse of the equations of PS3.3 C.7.6.3.1.2."""
    half, top = 1 << (bits - 1), (1 << bits) - 1
    out = np.empty_like(pixels)
    for index in range(pixels.shape[0]):  # a frame at a time: the float copy of a long film would not fit
        y, cb, cr = np.moveaxis(pixels[index].astype(np.float32), -1, 0)
        cb, cr = cb - half, cr - half
        rgb = (y + 1.402 * cr, y - (0.114 * 1.772 * cb + 0.299 * 1.402 * cr) / 0.587, y + 1.772 * cb)
        for channel, values in enumerate(rgb):
            out[index, ..., channel] = np.clip(np.rint(values), 0, top)
    return out


def palette_to_rgb(pixels: np.ndarray, dataset: Dataset) -> np.ndarray:
    """Indices (...) to (..., 3) uint8 through the Red, Green and Blue Palette Color Lookup Tables (C.7.9.1)."""
    tables = [_palette(dataset, channel) for channel in _CHANNELS]
    out = np.empty((*pixels.shape, 3), np.uint8)
    for channel, (first, values) in enumerate(tables):
        index = np.clip(pixels.astype(np.int32) - first, 0, len(values) - 1)
        out[..., channel] = values[index]
    return out


def _palette(dataset: Dataset, channel: str) -> tuple[int, np.ndarray]:
    """First value mapped, and the table as uint8."""
    descriptor = dataset.get(f"{channel}PaletteColorLookupTableDescriptor")
    if descriptor is None or len(descriptor) != 3:
        raise ImageError(f"is a palette image without a usable {channel.lower()} palette descriptor")
    count, first, bits = (int(value) for value in descriptor)
    count, first = count or _LONGEST_TABLE, first - 65_536 if first > 32_767 and _signed(dataset) else first
    segmented = dataset.get(f"Segmented{channel}PaletteColorLookupTableData")
    data = dataset.get(f"{channel}PaletteColorLookupTableData")
    order = "<" if dataset.original_encoding[1] is not False else ">"
    if data is not None and len(data):
        values = _entries(_raw(data, order), count, order)
    elif segmented is not None and len(segmented):
        values = _expanded(_raw(segmented, order), bits, order)
    else:
        raise ImageError(f"is a palette image without a {channel.lower()} palette")
    if len(values) < count:
        raise ImageError(f"its {channel.lower()} palette ends after {len(values):,} of {count:,} entries")
    values = values[:count]
    # Tables that say 16 bits but hold 8 exist; so do 8-bit entries kept in the low bytes of words.
    wide = values.dtype.itemsize == 2 and int(values.max()) > 255
    return first, (values >> 8 if wide else values).astype(np.uint8)


def _signed(dataset: Dataset) -> bool:
    return dataset.get("PixelRepresentation") == 1


def _raw(data: object, order: str) -> bytes:
    if isinstance(data, bytes):
        return data
    values = data if isinstance(data, (list, tuple)) or hasattr(data, "__iter__") else [data]
    return np.asarray(list(values)).astype(f"{order}u2").tobytes()  # type: ignore[call-overload]


def _entries(raw: bytes, count: int, order: str) -> np.ndarray:
    """Entries of a plain table: words, or bytes where there are just that many (C.7.6.3.1.6)."""
    if len(raw) in (count, count + 1):
        return np.frombuffer(raw[:count], np.uint8)
    return np.frombuffer(raw[: len(raw) // 2 * 2], f"{order}u2")


def _expanded(raw: bytes, bits: int, order: str) -> np.ndarray:
    """A segmented table: discrete (0), linear (1) and indirect (2) segments, C.7.9.2."""
    dtype = np.dtype(np.uint8) if bits == 8 else np.dtype(f"{order}u2")
    words = np.frombuffer(raw[: len(raw) // dtype.itemsize * dtype.itemsize], dtype).astype(np.int64).tolist()
    values: list[int] = []
    _expand_segments(words, 0, len(words), values, dtype.itemsize, depth=0)
    return np.array(values[:_LONGEST_TABLE], np.uint8 if bits == 8 else np.uint16)


def _expand_segments(words: list[int], place: int, most: int, values: list[int], size: int, depth: int) -> int:
    """Expand up to `most` segments from `place` into `values`; returns where it stopped."""
    done = 0
    while place + 1 < len(words) and done < most and len(values) < _LONGEST_TABLE:
        code, length = words[place], words[place + 1]
        if code == 0:
            values.extend(words[place + 2 : place + 2 + length])
            place += 2 + length
        elif code == 1 and place + 2 < len(words) and values and length:
            end = words[place + 2]
            values.extend(np.rint(np.linspace(values[-1], end, length + 1)[1:]).astype(int).tolist())
            place += 3
        elif code == 2 and depth == 0:
            parts = words[place + 2 : place + 2 + (4 if size == 1 else 2)]
            offset = sum(part << (8 * size * index) for index, part in enumerate(parts))
            _expand_segments(words, offset // size, length, values, size, depth=1)
            place += 2 + len(parts)
        elif code == 1 and length == 0:
            place += 3
        else:
            raise ImageError("its segmented palette is damaged")
        done += 1
    return place
