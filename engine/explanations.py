"""An explanation: what a model looks at in one image for one target, as one artifact with its provenance. No torch.

The viewer shows it, a study freezes it, a table scores it. Its file is one frame of `engine.messages`: the same
explanation gives the same bytes, so that a study can name it by its hash.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, cast, get_args

import numpy as np

from engine.artifacts import artifact_bytes, read_artifact, write_whole_file
from engine.errors import JobError
from engine.images.resampling import Box

__all__ = ["METHODS", "Explanation", "Method", "bilinear"]

Method = Literal["gradcam", "occlusion"]
METHODS: tuple[Method, ...] = get_args(Method)
_FORMAT = "explanation 1"


@dataclass(frozen=True, eq=False)
class Explanation:
    """A map over exactly the image: its edges are the image's edges, whatever the padding of the network's square.

    values: (h, w) float32, finite; higher speaks for the target, below zero (only where `signed`) against it. Units are
    the method's own: of Grad-CAM those of gradient times activation, of occlusion the change of the probability.
    """

    values: np.ndarray
    image_rows: int
    image_columns: int
    method: Method
    target: str  # the finding or class
    run: str  # name of the run's folder
    spec_sha256: str  # of the run's spec
    probability: float  # of the target, of the whole image, in [0, 1]
    options: Mapping[str, Any] = field(default_factory=dict)  # all of the method's, also those left at their default
    signed: bool = False
    randomised_seed: int | None = None  # of the random weights in place of the run's own: a sham, a sanity check
    weights_sha256: str = ""  # of the checkpoint
    versions: Mapping[str, str] = field(default_factory=dict)  # of the software

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or 0 in self.values.shape or self.values.dtype != np.float32:
            raise JobError(f"an explanation is a plane of float32, not {self.values.dtype} {self.values.shape}")
        if not np.isfinite(self.values).all() or not 0 <= self.probability <= 1:
            raise JobError(f"the explanation of {self.target} by {self.method} is not finite; is the run sound?")
        if self.image_rows < 1 or self.image_columns < 1 or self.method not in METHODS:
            raise JobError(
                f"an explanation by {self.method} of {self.image_rows} x {self.image_columns} pixels is none"
            )

    @property
    def scale(self) -> tuple[float, float]:
        """Image pixels per pixel of the map, (along x, along y)."""
        return self.image_columns / self.values.shape[1], self.image_rows / self.values.shape[0]

    def at_image_size(self) -> np.ndarray:
        """The map at the image's own pixels, (image_rows, image_columns) float32, bilinear."""
        rows, columns = self.values.shape
        return bilinear(self.values, (0.0, 0.0, columns, rows), (self.image_rows, self.image_columns))

    def normalised(self) -> np.ndarray:
        """The map over its largest magnitude: (h, w) float32 in [0, 1], signed in [−1, 1]; 0 where it is empty."""
        largest = float(np.abs(self.values).max())
        return self.values / np.float32(largest) if largest > 0 else np.zeros_like(self.values)

    def to_json(self) -> dict[str, Any]:
        """All but the values, as plain JSON: the provenance."""
        facts = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "values"}
        return {**facts, "options": dict(self.options), "versions": dict(self.versions)}

    def to_bytes(self) -> bytes:
        """The file's content; the same explanation gives the same bytes."""
        return artifact_bytes(_FORMAT, self.to_json(), {"values": self.values})

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        write_whole_file(path, self.to_bytes())

    @staticmethod
    def load(source: Path | bytes) -> "Explanation":
        """The explanation in a file, or in its bytes. JobError with a sentence for a missing or damaged one."""
        facts, arrays = read_artifact(source, _FORMAT, ["values"])
        return Explanation.from_parts(facts, arrays["values"])

    @staticmethod
    def from_parts(facts: Mapping[str, Any], values: np.ndarray) -> "Explanation":
        """From `to_json` and the values. JobError where an entry is missing, unknown or of another type."""
        known = {each.name: each for each in fields(Explanation)}
        odd = sorted(set(facts) - set(known)) or sorted(set(known) - set(facts) - {"values"})
        if odd or not _typed(facts):
            raise JobError(f"the facts of an explanation are not whole: {', '.join(odd) or 'a value of a wrong type'}")
        return Explanation(values=values, **facts)


_TYPES: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("image_rows", "image_columns"), int),
    **dict.fromkeys(("method", "target", "run", "spec_sha256", "weights_sha256"), str),
    **dict.fromkeys(("options", "versions"), Mapping),
    "probability": (float, int),
    "signed": bool,
    "randomised_seed": (int, type(None)),
}


def _typed(facts: Mapping[str, Any]) -> bool:
    return all(isinstance(facts[name], kind) for name, kind in _TYPES.items())


def bilinear(values: np.ndarray, box: Box, shape: tuple[int, int]) -> np.ndarray:
    """The part `box` (left, top, width, height, in pixels of `values`) at `shape` (rows, columns), float32.

    values: (..., h, w), a value for each pixel's centre; between centres bilinear, beyond the outermost the nearest.
    The whole box is what torch calls `interpolate(mode="bilinear", align_corners=False)`.
    """
    left, top, width, height = box
    low_y, high_y, share_y = _taps(top, height, shape[0], values.shape[-2])
    low_x, high_x, share_x = _taps(left, width, shape[1], values.shape[-1])
    wide = values[..., low_x] + (values[..., high_x] - values[..., low_x]) * share_x
    upper, lower = wide[..., low_y, :], wide[..., high_y, :]
    return cast(np.ndarray, (upper + (lower - upper) * share_y[:, None]).astype(np.float32))


def _taps(start: float, length: float, count: int, limit: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For `count` points in [start, start + length]: the pixels before and after, and the share of the latter."""
    centres = np.clip(start + (np.arange(count) + 0.5) * (length / count) - 0.5, 0.0, limit - 1.0)
    low = np.minimum(np.floor(centres).astype(np.intp), max(limit - 2, 0))
    return low, np.minimum(low + 1, limit - 1), (centres - low).astype(np.float32)
