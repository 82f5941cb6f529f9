"""The store of a cohort: its images decoded and resized once, memory-mapped, so that training reads a row in
microseconds and memory stays as it was.

COHORT/stores/SIZEpx-BITSbit[-PRESET]-HASH/ holds `pixels.npy` (n, size, size), `boxes.npy` and `store.json`. HASH
stands for the images and their paths as the cohort's table has them: an edited cohort gets a store of its own.

The arithmetic: a row has size² × bits / 8 bytes, so 500,000 images at 256² are 500,000 × 65,536 B = 32.8 GB at 8 bits
and 65.5 GB at 16; the names and boxes of their rows are 25 MB more. Building holds one image, or the voxels of one
volume, for each process, whatever the number of images; reading holds what the system keeps of the file, and gives back
when others need it. 50,000 images of 512² (half PNG, half DICOM) at 256² are 3.28 GB: 210 to 300 images per second of a
busy core, less than 100 MB in each process.
"""

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from engine.cohorts.cohort import Cohort
from engine.cohorts.store_building import BOXES, FACTS, FORMAT, HEADER_BYTES, PIXELS, build, expected_rows
from engine.cohorts.store_rows import StoreSpec, slice_id, to_stored
from engine.errors import CohortError
from engine.images.resampling import prepare
from engine.locking import exclusive

__all__ = ["Store", "StoreSpec", "open_store", "prepare", "slice_id", "store_for", "to_stored"]

_IMAGES_WORTH_A_PROCESS = 50  # below, a process would take longer to start than to work

Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Store:
    """Rows of pixels, named; a row is an image, or a slice `image_id#k` of a volume.

    pixels: (n, size, size) uint8 or uint16, read-only, value = presentation × (2^bits − 1); boxes: (n, 4) float32,
    left, top, width and height of the image inside its padded square, in pixels of the store.
    """

    folder: Path
    spec: StoreSpec
    image_ids: tuple[str, ...]  # of the rows, in order
    pixels: np.memmap
    boxes: np.ndarray
    left_out: Mapping[str, str]  # image or slice → why it has no row
    chunks: tuple[tuple[int, str], ...]  # rows and sha256 of each stretch of pixels, in order

    def __len__(self) -> int:
        return len(self.image_ids)

    def __reduce__(self) -> tuple[Any, ...]:
        """Another process maps the file itself; pickling the pixels would copy them."""
        return open_store, (self.folder,)

    @cached_property
    def sha256(self) -> str:
        """One hash (hex) for every pixel, row name and box."""
        digest = hashlib.sha256("\n".join(sha for _, sha in self.chunks).encode())
        digest.update("\n".join(self.image_ids).encode())
        digest.update(np.ascontiguousarray(self.boxes).data)
        return digest.hexdigest()

    def rows(self, image_ids: Sequence[str]) -> np.ndarray:
        """Row of every name, (n,) int64. CohortError naming one that the store does not have, and why."""
        try:
            return np.array([self._row_of[each] for each in image_ids], np.int64)
        except KeyError as error:
            raise CohortError(self._absent(str(error.args[0]))) from None

    def rows_of_images(self, image_ids: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """All rows of images and volumes: the rows (m,) int64, and for each the index into `image_ids` (m,) int64.

        A radiograph gives one, a volume its slices in order, what was left out none: so the mean of a study's slices
        is a mean over equal indices. CohortError for an image that the cohort did not have.
        """
        rows: list[int] = []
        which: list[int] = []
        for index, image_id in enumerate(image_ids):
            own = [self._row_of[image_id]] if image_id in self._row_of else self._slices.get(image_id, [])
            if not own and image_id not in self._images_left_out:
                raise CohortError(self._absent(image_id))
            rows += own
            which += [index] * len(own)
        return np.array(rows, np.int64), np.array(which, np.int64)

    def verify(self, progress: Progress | None = None) -> None:
        """Hash every pixel again. CohortError naming the first rows that are not what was written."""
        start = 0
        for rows, sha256 in self.chunks:
            if hashlib.sha256(np.ascontiguousarray(self.pixels[start : start + rows]).data).hexdigest() != sha256:
                raise CohortError(
                    f"rows {start} to {start + rows - 1} of the store {self.folder} (from {self.image_ids[start]} on) "
                    "have another checksum than when they were written; delete that folder, and it is built again"
                )
            start += rows
            if progress:
                progress(start / len(self))

    @cached_property
    def _row_of(self) -> dict[str, int]:
        return {row_id: row for row, row_id in enumerate(self.image_ids)}

    @cached_property
    def _slices(self) -> dict[str, list[int]]:
        """The rows of every volume."""
        slices: dict[str, list[int]] = {}
        for row, row_id in enumerate(self.image_ids):
            image_id, mark, _ = row_id.rpartition("#")
            if mark:
                slices.setdefault(image_id, []).append(row)
        return slices

    @cached_property
    def _images_left_out(self) -> set[str]:
        return {*self.left_out, *(row_id.rpartition("#")[0] for row_id in self.left_out)}

    def _absent(self, image_id: str) -> str:
        if image_id in self.left_out:
            return (
                f"image '{image_id}' was left out of the store: {self.left_out[image_id]}; repair it and delete "
                f"{self.folder}, or leave it out of the training"
            )
        if image_id in self._slices:
            return (
                f"'{image_id}' is a volume of {len(self._slices[image_id])} slices in the store; ask for '{image_id}#k'"
            )
        return f"image '{image_id}' is not in the store {self.folder}; was it made from another cohort?"


def store_for(
    cohort: Cohort, spec: StoreSpec, *, processes: int | None = None, progress: Progress | None = None
) -> Store:
    """The store of a cohort, opened, or built first, or built to the end where that was interrupted.

    `processes`: that many read images at once (None: one a core, fewer for few images). While another process builds
    the same store this one waits, and takes it as it is then. `progress` is called with 0 to 1 and may raise Cancelled.
    Raises CohortError where no image can be read, the disk is full, or a finished store is damaged.
    """
    folder = cohort.root / "stores" / _name(cohort, spec)
    report = progress or (lambda share: None)
    if not (folder / FACTS).is_file():
        folder.mkdir(parents=True, exist_ok=True)
        expected = HEADER_BYTES + expected_rows(cohort.frame, spec) * spec.row_bytes
        with exclusive(folder / "lock", waiting=lambda: report(_share_written(folder, expected))):
            if not (folder / FACTS).is_file():
                build(folder, cohort, spec, processes or _processes(len(cohort.frame)), progress)
    report(1.0)
    return open_store(folder)


def open_store(folder: Path) -> Store:
    """The finished store in a folder. CohortError where there is none, or its files do not belong together."""
    try:
        facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
        if facts["format"] != FORMAT:
            raise CohortError(f"the store {folder} has the format {facts['format']}; this program reads {FORMAT}")
        spec = StoreSpec(facts["size"], facts["bits"], facts["ct"])
        pixels, boxes = _mapped(folder, facts["rows"], spec), np.load(folder / BOXES, allow_pickle=False)
        if hashlib.sha256(boxes.data).hexdigest() != facts["boxes_sha256"]:
            raise CohortError(f"{BOXES} of the store {folder} was changed; delete that folder, and it is built again")
        chunks = tuple((chunk["rows"], chunk["sha256"]) for chunk in facts["chunks"])
        return Store(folder, spec, tuple(facts["image_ids"]), pixels, boxes, facts["left_out"], chunks)
    except FileNotFoundError as error:
        raise CohortError(f"{folder} is not a finished store: it has no {Path(error.filename).name}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CohortError(
            f"the store {folder} is damaged: {error}; delete that folder, and it is built again"
        ) from error


def _mapped(folder: Path, rows: int, spec: StoreSpec) -> np.memmap:
    written, wanted = (folder / PIXELS).stat().st_size, HEADER_BYTES + rows * spec.row_bytes
    if written != wanted:
        raise CohortError(
            f"{PIXELS} of the store {folder} has {written:,} of {wanted:,} bytes; delete that folder, and it is built "
            "again"
        )
    return np.memmap(folder / PIXELS, spec.dtype, "r", HEADER_BYTES, (rows, spec.size, spec.size))


def _name(cohort: Cohort, spec: StoreSpec) -> str:
    digest = hashlib.sha256(FORMAT.encode())
    for column in ("image_id", "path"):
        digest.update("\n".join(map(str, cohort.frame[column])).encode() + b"\0")
    digest.update(json.dumps(cohort.info.get("source_files"), sort_keys=True).encode())
    parts = [f"{spec.size}px", f"{spec.bits}bit", *([spec.ct] if spec.ct else []), digest.hexdigest()[:12]]
    return "-".join(parts)


def _processes(images: int) -> int:
    return max(1, min(os.cpu_count() or 1, images // _IMAGES_WORTH_A_PROCESS))


def _share_written(folder: Path, expected: int) -> float:
    """How far another process has come with the pixels."""
    try:
        return min((folder / PIXELS).stat().st_size / expected, 0.99)
    except OSError:
        return 0.0
