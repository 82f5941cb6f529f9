"""A store is built: chunks of rows from many processes, appended in order, each with its checksum, and never lost.

STORE/pixels.npy   rows, appended; its header says how many only in the end
STORE/build.jsonl  one line for every chunk whose pixels are on disk: its images, rows, boxes, sha256, what it left out
STORE/rows-*.part  pixels of a chunk on their way from the process that made them; its name is never used twice, as
                   a process whose parent was killed may still be writing
STORE/boxes.npy    (n, 4) float32
STORE/store.json   written last: a store without it is not finished

Pixels come to disk before the line that speaks for them. Whatever kills this process, the next one cuts both files
after the last chunk that is whole and goes on there: the bytes in the end are the same.
"""

import hashlib
import io
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import numpy as np
import pandas as pd

from engine.cohorts.cohort import Cohort
from engine.cohorts.parallel import in_order
from engine.cohorts.slices import presets
from engine.cohorts.store_rows import MadeRows, RowsToMake, StoredImage, StoreSpec, make_rows
from engine.errors import CohortError

__all__ = ["BOXES", "FACTS", "FORMAT", "HEADER_BYTES", "PIXELS", "build", "expected_rows"]

FORMAT = "store-1"
PIXELS, BOXES, FACTS, _LOG = "pixels.npy", "boxes.npy", "store.json", "build.jsonl"
HEADER_BYTES = 128  # of pixels.npy
_CHUNK_BYTES, _MOST_ROWS = 2**22, 32  # small enough for progress that is seen to go on
_COPIED_AT_ONCE = 2**20
_SPARE = 2**26  # bytes left free on the disk beside the store

Progress = Callable[[float], None]


@dataclass(frozen=True)
class _Chunk:
    """What is kept in memory of a chunk that is on disk; its names and boxes stay in the log."""

    images: int
    rows: int
    sha256: str
    line_bytes: int  # of the log


@dataclass
class _Done:
    """What the log says is on disk."""

    chunks: list[_Chunk] = field(default_factory=list)
    images: int = 0  # of the cohort, in its order, that are dealt with
    rows: int = 0

    def add(self, chunk: _Chunk) -> None:
        self.chunks.append(chunk)
        self.images += chunk.images
        self.rows += chunk.rows

    def drop_last(self) -> None:
        chunk = self.chunks.pop()
        self.images -= chunk.images
        self.rows -= chunk.rows


def build(folder: Path, cohort: Cohort, spec: StoreSpec, processes: int, progress: Progress | None = None) -> None:
    """Build the store in `folder`, or go on with it. The caller holds its lock.

    Raises CohortError where no image can be read or the disk is full; what is done stays.
    """
    images = len(cohort.frame)
    done = _resumed(folder, spec)
    _check_space(folder, cohort, spec, done.rows)
    asked = _chunks(folder, cohort, spec, done.images)
    chunks = in_order(make_rows, asked, processes, "Started again, it goes on where it was")
    try:
        with (folder / PIXELS).open("r+b") as pixels, (folder / _LOG).open("ab") as log, closing(chunks):
            for made in chunks:
                _append(pixels, log, done, made, spec)
                if progress:
                    progress(done.images / images)
        _finish(folder, done, spec)
    except OSError as error:
        raise CohortError(
            f"the store {folder} cannot be written: {error.strerror or error}; what is done is kept, and it goes on "
            "there when it is asked for again"
        ) from error
    finally:
        _remove_parts(folder)


def expected_rows(frame: pd.DataFrame, spec: StoreSpec) -> int:
    """How many rows a cohort is likely to give: slices where their number is known, else one an image."""
    return sum(_expected(count or 1, spec) for count in _slice_counts(frame))


def _slice_counts(frame: pd.DataFrame) -> list[int | None]:
    return [None if pd.isna(count) else int(count) for count in frame["n_slices"]]


def _expected(slices: int, spec: StoreSpec) -> int:
    kept = presets()[spec.ct].slices
    return max(1, slices) if kept is None else len(kept)


def _check_space(folder: Path, cohort: Cohort, spec: StoreSpec, rows_done: int) -> None:
    needed = (expected_rows(cohort.frame, spec) - rows_done) * spec.row_bytes
    free = shutil.disk_usage(folder).free
    if needed + _SPARE > free:
        raise CohortError(
            f"the store of {cohort.root.name} needs {needed / 1e9:,.1f} GB more, and {free / 1e9:,.1f} GB are free "
            f"where it is kept, {folder}; make room, or choose smaller images or 8 bits"
        )


def _chunks(folder: Path, cohort: Cohort, spec: StoreSpec, start: int) -> Iterator[RowsToMake]:
    """Chunks of the images from `start` on, each of up to 32 rows or 4 MB; a volume is one of its own."""
    most = max(1, min(_MOST_ROWS, _CHUNK_BYTES // spec.row_bytes))
    chunk: list[StoredImage] = []
    rows = 0
    frame = cohort.frame[start:]
    for image_id, path, slices in zip(frame["image_id"], frame["path"], _slice_counts(frame)):
        # Where volumes are expected, one that does not say how many slices it has is taken for a large one.
        expected = most if slices is None and spec.ct else _expected(slices or 1, spec)
        if chunk and rows + expected > most:
            yield RowsToMake(tuple(chunk), spec, folder / f"rows-{uuid4().hex}.part")
            chunk, rows = [], 0
        chunk.append(_stored_image(cohort, str(image_id), str(path)))
        rows += expected
    if chunk:
        yield RowsToMake(tuple(chunk), spec, folder / f"rows-{uuid4().hex}.part")


def _stored_image(cohort: Cohort, image_id: str, path: str) -> StoredImage:
    try:
        return StoredImage(image_id, cohort.image_paths({"image_id": image_id, "path": path}))
    except CohortError as error:
        return StoredImage(image_id, (), str(error))


def _append(pixels: IO[bytes], log: IO[bytes], done: _Done, made: MadeRows, spec: StoreSpec) -> None:
    pixels.seek(HEADER_BYTES + done.rows * spec.row_bytes)
    with made.place.open("rb") as rows:
        shutil.copyfileobj(rows, pixels, _COPIED_AT_ONCE)
    made.place.unlink()
    _to_disk(pixels)
    facts = {name: getattr(made, name) for name in ("images", "ids", "boxes", "left_out", "sha256")}
    line = json.dumps(facts).encode() + b"\n"
    log.write(line)
    _to_disk(log)
    done.add(_Chunk(made.images, len(made.ids), made.sha256, len(line)))


def _to_disk(stream: IO[bytes]) -> None:
    stream.flush()
    os.fsync(stream.fileno())


def _resumed(folder: Path, spec: StoreSpec) -> _Done:
    """What is on disk and whole; both files end there afterwards."""
    pixels, log = folder / PIXELS, folder / _LOG
    for path in (pixels, log):
        path.touch()
    _remove_parts(folder)
    done = _Done()
    for facts, line_bytes in _whole_lines(log):
        done.add(_Chunk(facts["images"], len(facts["ids"]), facts["sha256"], line_bytes))
    with pixels.open("r+b") as stream:
        while done.chunks and not _last_is_whole(stream, done, spec):
            done.drop_last()
        stream.truncate(HEADER_BYTES + done.rows * spec.row_bytes)
        stream.seek(0)
        stream.write(_header(0, spec))
        _to_disk(stream)
    with log.open("r+b") as stream:
        stream.truncate(sum(chunk.line_bytes for chunk in done.chunks))
    return done


def _whole_lines(log: Path) -> Iterator[tuple[dict[str, Any], int]]:
    """The facts of every chunk and the bytes of its line, up to the first line that was cut short."""
    with log.open("rb") as stream:
        for line in stream:
            if not line.endswith(b"\n"):
                return
            try:
                yield json.loads(line), len(line)
            except ValueError:
                return


def _last_is_whole(stream: IO[bytes], done: _Done, spec: StoreSpec) -> bool:
    chunk = done.chunks[-1]
    stream.seek(HEADER_BYTES + (done.rows - chunk.rows) * spec.row_bytes)
    return hashlib.sha256(stream.read(chunk.rows * spec.row_bytes)).hexdigest() == chunk.sha256


def _header(rows: int, spec: StoreSpec) -> bytes:
    """The header of a .npy file for so many rows, always of HEADER_BYTES."""
    stream = io.BytesIO()
    facts = {"shape": (rows, spec.size, spec.size), "fortran_order": False, "descr": spec.dtype.str}
    np.lib.format.write_array_header_1_0(stream, facts)
    header = stream.getvalue()
    if len(header) != HEADER_BYTES:
        raise CohortError(f"numpy wrote a header of {len(header)} bytes where a store has {HEADER_BYTES}")
    return header


def _finish(folder: Path, done: _Done, spec: StoreSpec) -> None:
    ids, boxes, left_out = _logged(folder / _LOG)
    if not ids:
        name, reason = next(iter(left_out.items()))
        (folder / _LOG).unlink()  # files that come later are looked for again
        raise CohortError(f"none of the {done.images:,} images of the cohort can be read; the first, {name}: {reason}")
    with (folder / PIXELS).open("r+b") as stream:
        stream.write(_header(done.rows, spec))
        _to_disk(stream)
    with (folder / BOXES).open("wb") as stream:
        np.lib.format.write_array(stream, boxes, allow_pickle=False)
        _to_disk(stream)
    facts = {"format": FORMAT, "size": spec.size, "bits": spec.bits, "ct": spec.ct, "rows": done.rows}
    facts |= {"boxes_sha256": hashlib.sha256(boxes.data).hexdigest()}
    facts |= {"chunks": [{"rows": chunk.rows, "sha256": chunk.sha256} for chunk in done.chunks]}
    _write_facts(folder, facts | {"left_out": left_out, "image_ids": ids})
    (folder / _LOG).unlink()


def _remove_parts(folder: Path) -> None:
    for part in folder.glob("rows-*.part"):
        with suppress(OSError):  # on Windows, one that is still written to
            part.unlink()


def _logged(log: Path) -> tuple[list[str], np.ndarray, dict[str, str]]:
    """Names of the rows, their boxes (n, 4) float32, and what was left out and why."""
    ids: list[str] = []
    boxes = [np.empty((0, 4), np.float32)]
    left_out: dict[str, str] = {}
    for facts, _ in _whole_lines(log):
        ids += facts["ids"]
        boxes.append(np.array(facts["boxes"], np.float32).reshape(-1, 4))
        left_out |= facts["left_out"]
    return ids, np.concatenate(boxes), left_out


def _write_facts(folder: Path, facts: Mapping[str, Any]) -> None:
    part = folder / f"{FACTS}.part"
    with part.open("w", encoding="utf-8", newline="\n") as stream:
        json.dump(facts, stream)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(folder / FACTS)
