"""Overlay planes, PS3.3 C.9.2: in their own element (60xx,3000), or in unused high bits of the pixels (retired)."""

from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from engine.images.image import Overlay
from engine.images.refusal import LARGEST_FRAME_PIXELS

_KINDS = {"G": "graphics", "R": "region of interest"}


def overlays_of(dataset: Dataset, high_bits: np.ndarray | None, shape: tuple[int, ...]) -> tuple[Overlay, ...]:
    """The planes of a file, cut to the image (rows, columns). Unusable ones are left out.

    Of an overlay with frames the first is taken. Labels are the kind of plane, never the file's free text.
    """
    found = []
    for group in range(0x6000, 0x6020, 2):
        if group << 16 | 0x0010 not in dataset.keys():  # noqa: SIM118  a dataset's own `in` is slow
            continue
        mask = _embedded(dataset, group, high_bits) if (group, 0x3000) not in dataset else _plane(dataset, group, shape)
        if mask is not None and mask.any():
            found.append(Overlay(mask, _KINDS.get(str(_value(dataset, group, 0x0040, "")).strip(), "overlay")))
    return tuple(found)


def _value(dataset: Dataset, group: int, element: int, default: Any) -> Any:
    entry = dataset.get((group, element))
    return default if entry is None or entry.value is None else entry.value


def _plane(dataset: Dataset, group: int, shape: tuple[int, ...]) -> np.ndarray | None:
    try:
        rows, columns = (int(_value(dataset, group, element, 0)) for element in (0x0010, 0x0011))
        top, left = (int(place) - 1 for place in _value(dataset, group, 0x0050, [1, 1]))
    except (TypeError, ValueError):
        return None
    data = _value(dataset, group, 0x3000, b"")
    if not 0 < rows * columns <= LARGEST_FRAME_PIXELS or not isinstance(data, bytes) or len(data) * 8 < rows * columns:
        return None
    packed = np.frombuffer(data, np.uint8, -(-rows * columns // 8))
    bits = np.unpackbits(packed, bitorder="little")[: rows * columns].reshape(rows, columns)
    mask = np.zeros(shape, bool)
    inside = bits[max(0, -top) : shape[0] - top, max(0, -left) : shape[1] - left]
    if top < shape[0] and left < shape[1] and inside.size:
        mask[max(0, top) : max(0, top) + inside.shape[0], max(0, left) : max(0, left) + inside.shape[1]] = inside
    return mask


def _embedded(dataset: Dataset, group: int, high_bits: np.ndarray | None) -> np.ndarray | None:
    bit = _value(dataset, group, 0x0102, 0)
    if high_bits is None or not isinstance(bit, int) or not 0 < bit < high_bits.dtype.itemsize * 8:
        return None
    return (high_bits[0] >> bit & 1).astype(bool)
