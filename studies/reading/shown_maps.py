"""An explanation as a reader sees it: a map and how it is painted, and nothing of where it is from.

A frozen map is one frame of `engine.messages`, in `explanations/<sha256>`. Run, method, prediction, and whether it is a
sham stand in the sealed design, which readers and their packs do not have.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.errors import FrameError
from engine.messages import read_frame, write_frame
from studies.errors import ReadingError

__all__ = ["EXPLANATIONS", "ShownMap", "map_from_bytes", "shown_values"]

EXPLANATIONS = "explanations"  # folder of a study
_FORMAT = "map 1"
_FACTS: Mapping[str, type | tuple[type, ...]] = {
    "image": int,
    "item": str,
    "opacity": (int, float),
    "threshold": (int, float),
    "color_map": str,
}


@dataclass(frozen=True, eq=False)
class ShownMap:
    """What is laid over one image of a case. `values`: (h, w) float32 in [0, 1], from edge to edge of the image."""

    image: int  # index in the case
    item: str  # shown while this item is in focus; "" with every item
    values: np.ndarray
    opacity: float
    threshold: float
    color_map: str

    def to_bytes(self) -> bytes:
        """The frozen file's content; the same map gives the same bytes."""
        stream = io.BytesIO()
        facts = {name: getattr(self, name) for name in _FACTS}
        write_frame(stream, {"format": _FORMAT, **facts}, {"values": self.values})
        return stream.getvalue()


def map_from_bytes(content: bytes) -> ShownMap:
    """A frozen map. Raises ReadingError where it is none."""
    try:
        frame = read_frame(io.BytesIO(content))
    except FrameError as error:
        raise ReadingError(f"a frozen explanation is damaged: {error}") from error
    header, arrays = frame or ({}, {})
    values = arrays.get("values")
    facts: dict[str, Any] = {name: header.get(name) for name in _FACTS}
    right = all(isinstance(facts[name], kind) for name, kind in _FACTS.items())
    if header.get("format") != _FORMAT or not right or values is None or not _is_map(values):
        raise ReadingError("a frozen explanation is damaged, or from a newer version of this program")
    return ShownMap(values=values, **facts)


def shown_values(values: np.ndarray) -> np.ndarray:
    """What of an explanation is shown: the part that speaks for the target, over its largest value.

    values: (h, w) float32. Returns (h, w) float32 in [0, 1]; 0 everywhere where nothing speaks for it. Every map ends
    at 1, so that no map is told from another by its strength.
    """
    positive = np.maximum(values, 0).astype(np.float32)
    largest = float(positive.max())
    return positive / np.float32(largest) if largest > 0 else positive


def _is_map(values: np.ndarray) -> bool:
    plane = values.ndim == 2 and 0 not in values.shape and values.dtype == np.float32
    return plane and bool(np.isfinite(values).all()) and values.min() >= 0 and values.max() <= 1
