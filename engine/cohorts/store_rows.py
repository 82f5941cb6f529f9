"""What one row of a store is: an image, or a slice of a volume, as a square of whole numbers.

decode → presentation in [0, 1] (`engine.images.grey`, or a preset of `engine.cohorts.slices`) → padded to a square and
averaged by area (`engine.images.resampling.prepare`) → presentation × (2^bits − 1), rounded.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.cohorts.slices import presets
from engine.errors import CohortError, ImageError
from engine.images.image import Image
from engine.images.opening import open_image
from engine.images.refusal import shown_name
from engine.images.resampling import Box, prepare
from engine.images.series import open_series

__all__ = ["MadeRows", "RowsToMake", "StoreSpec", "StoredImage", "make_rows", "slice_id", "to_stored"]

_SIDES = (16, 2048)


@dataclass(frozen=True)
class StoreSpec:
    """What the rows of a store look like. CohortError for values that no store has."""

    size: int  # pixels a side, 16 to 2048
    bits: int = 8  # of a stored pixel, 8 or 16
    ct: str = ""  # how volumes become slices, a name of `engine.cohorts.slices.presets`; "": each frame as presented

    def __post_init__(self) -> None:
        if not _SIDES[0] <= self.size <= _SIDES[1]:
            raise CohortError(f"a store has squares of {_SIDES[0]} to {_SIDES[1]} pixels a side; asked for {self.size}")
        if self.bits not in (8, 16):
            raise CohortError(f"a stored pixel has 8 or 16 bits; asked for {self.bits}")
        if self.ct not in presets():
            known = ", ".join(name for name in presets() if name)
            raise CohortError(f"there is no preset '{self.ct}' for volumes; there are {known}")

    @property
    def dtype(self) -> np.dtype:
        """Little endian, so that a store can be carried to any machine."""
        return np.dtype("u1" if self.bits == 8 else "<u2")

    @property
    def row_bytes(self) -> int:
        return self.size * self.size * self.dtype.itemsize


@dataclass(frozen=True)
class StoredImage:
    """One image of the cohort: its files, or the reason why they cannot be known."""

    image_id: str
    paths: tuple[Path, ...]
    reason: str = ""


@dataclass(frozen=True)
class RowsToMake:
    """A chunk: images that follow each other in the cohort, and the file that their pixels go to."""

    images: tuple[StoredImage, ...]
    spec: StoreSpec
    place: Path


@dataclass(frozen=True)
class MadeRows:
    """The rows of a chunk. `place` holds their pixels one after another, (m, size, size) of the spec's type."""

    images: int  # of the cohort that the chunk was made from
    place: Path
    ids: tuple[str, ...]
    boxes: tuple[Box, ...]  # left, top, width, height of each row
    left_out: dict[str, str]  # image or slice → reason
    sha256: str  # of the bytes of the pixels


def slice_id(image_id: str, frame: int) -> str:
    """How a slice of a volume is called, 0-based."""
    return f"{image_id}#{frame}"


def to_stored(square: np.ndarray, bits: int) -> np.ndarray:
    """Values in [0, 1] as stored pixels: × (2^bits − 1), rounded; uint8 or uint16 of the same shape."""
    return np.rint(square * np.float32(2**bits - 1)).astype(np.uint8 if bits == 8 else np.uint16)


def make_rows(asked: RowsToMake) -> MadeRows:
    """Read the images of a chunk. What cannot be read is left out with its reason, and nothing else suffers.

    Pixels are written as they come: of a volume of a thousand slices, one slice is held besides its voxels.
    """
    ids: list[str] = []
    boxes: list[Box] = []
    left_out: dict[str, str] = {}
    digest = hashlib.sha256()
    with asked.place.open("wb") as stream:
        for row_id, (square, box) in _rows(asked, left_out):
            pixels = to_stored(square, asked.spec.bits).astype(asked.spec.dtype, copy=False).data
            stream.write(pixels)
            digest.update(pixels)
            ids.append(row_id)
            boxes.append(box)
    return MadeRows(len(asked.images), asked.place, tuple(ids), tuple(boxes), left_out, digest.hexdigest())


def _rows(asked: RowsToMake, left_out: dict[str, str]) -> Iterator[tuple[str, tuple[np.ndarray, Box]]]:
    """Name, square and box of every row of a chunk; the others go to `left_out`."""
    for image in asked.images:
        try:
            for row_id, made in _rows_of(image, asked.spec):
                if isinstance(made, str):
                    left_out[row_id] = made
                else:
                    yield row_id, made
        except (ImageError, CohortError) as error:
            left_out[image.image_id] = str(error)


def _rows_of(asked: StoredImage, spec: StoreSpec) -> Iterator[tuple[str, tuple[np.ndarray, Box] | str]]:
    """Every row of an image: its name, and its square with box or the reason why it is left out."""
    if asked.reason:
        raise CohortError(asked.reason)
    image = _opened(asked.paths)
    preset, name = presets()[spec.ct], shown_name(asked.paths[0])
    try:
        frames = preset.frames(image)
    except ImageError as error:
        raise ImageError(f"{name}: {error}") from error
    for frame in frames:
        row_id = slice_id(asked.image_id, frame) if image.frames > 1 else asked.image_id
        try:
            yield row_id, prepare(preset.grey(image, frame), spec.size)
        except ImageError as error:
            yield row_id, f"{name}: {error}"


def _opened(paths: tuple[Path, ...]) -> Image:
    return open_image(paths[0]) if len(paths) == 1 else open_series(paths)
