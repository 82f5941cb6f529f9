"""Several slices seen as one: their mean, or the greatest value at each place. No Qt."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.images.image import Image

__all__ = ["MOST_FRAMES", "ONE_SLICE", "Slab", "slab_frames", "slab_possible", "slab_values"]

SlabMode = Literal["mean", "maximum"]
MOST_FRAMES = 51


@dataclass(frozen=True)
class Slab:
    """`frames` slices, an odd number, about the one that is looked at; 1 is that slice alone."""

    frames: int = 1
    mode: SlabMode = "mean"

    def thicker(self, steps: int, image: Image) -> "Slab":
        """Two slices more a step, or fewer, within the stack and `MOST_FRAMES`."""
        most = min(image.frames, MOST_FRAMES)
        most -= (most + 1) % 2
        return Slab(min(max(self.frames + 2 * steps, 1), most), self.mode)

    def other_mode(self) -> "Slab":
        return Slab(self.frames, "maximum" if self.mode == "mean" else "mean")


ONE_SLICE = Slab()


def slab_possible(image: Image) -> bool:
    """Stored values of several slices can be put together where one rescale and 16 bits or less hold for all."""
    one_rescale = not isinstance(image.slope, tuple) and not isinstance(image.intercept, tuple)
    integers = image.pixels.dtype.kind in "ui" and image.pixels.dtype.itemsize <= 2
    return image.frames > 1 and not image.is_color and one_rescale and integers and image.modality_lut is None


def slab_frames(image: Image, frame: int, slab: Slab) -> range:
    """The frames of a slab; at the ends of the stack it has fewer."""
    reach = slab.frames // 2
    return range(max(frame - reach, 0), min(frame + reach, image.frames - 1) + 1)


def slab_values(image: Image, frame: int, slab: Slab) -> np.ndarray:
    """(rows, columns) stored values of a slab, of the image's own type; means are rounded to whole values.

    `maximum` is of the modality's values: of the least stored ones where the slope is negative. Padding takes no part;
    a place that is padding in every slice stays so.
    """
    stored = _read(image, slab_frames(image, frame, slab))
    if image.padding is None:
        return _projected(stored, slab, image.rescale()[0])
    low, high = image.padding
    out = (stored >= low) & (stored <= high)
    own = image.frame(frame)
    count = len(stored) - out.sum(axis=0, dtype=np.uint8)
    info = np.iinfo(stored.dtype)
    if slab.mode == "mean":
        total = np.where(out, stored.dtype.type(0), stored).sum(
            axis=0, dtype=np.int32
        )  # of at most 51 values of 16 bits
        values = np.rint(total / np.maximum(count, 1)).astype(stored.dtype)
    else:
        never = info.max if image.rescale()[0] < 0 else info.min
        values = _projected(np.where(out, stored.dtype.type(never), stored), slab, image.rescale()[0])
    return np.where(count > 0, values, own)


def _read(image: Image, frames: range) -> np.ndarray:
    """(frames, rows, columns) stored values. Across a volume the slices lie one voxel apart in memory, and reading one
    after the other would fetch all of it for each: they are read together."""
    stored = image.pixels[frames.start : frames.stop]
    if abs(stored.strides[0]) >= abs(stored.strides[-1]):
        return stored
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(stored, 0, -1)), -1, 0)


def _projected(stored: np.ndarray, slab: Slab, slope: float) -> np.ndarray:
    if slab.mode == "mean":
        return np.rint(stored.mean(axis=0, dtype=np.float32)).astype(stored.dtype)
    greatest: np.ndarray = stored.min(axis=0) if slope < 0 else stored.max(axis=0)
    return greatest
