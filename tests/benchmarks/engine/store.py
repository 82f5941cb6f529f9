"""The store: batches from it against decoding and resizing full-size JPEGs with Pillow, and how fast it is built.

The same radiographs of 2320 × 2828 pixels on both sides, one thread, files warm in the system's cache. A batch is
float32 in [0, 1] on both sides, in an order that is drawn anew. Pillow resizes as programs do that have no store:
padded to a square, area average (its BOX filter). Seconds are processor time of the one thread that works, so that
other work on the machine counts on neither side.
"""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import thread_time

import numpy as np
import pandas as pd
from PIL import Image as Pillow
from PIL import ImageOps

from engine.cohorts.cohort import Cohort, write_cohort
from engine.cohorts.store import Store, StoreSpec, prepare, store_for
from tests.benchmarks.figure import Figure

ROWS, COLUMNS, SIZE = 2320, 2828, 256
FILES, IMAGES, BATCH = 6, 512, 64  # the cohort names each file many times: the store still has a row for each image
TURNS = 5


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        cohort = _cohort(Path(folder))
        start = thread_time()
        store = store_for(Cohort(cohort.root, cohort.frame[: 8 * FILES], cohort.info), StoreSpec(SIZE), processes=1)
        built = 8 * FILES / (thread_time() - start)
        yield Figure("store_build_per_core", built, "images/s", "", True, note=f"JPEG {ROWS} x {COLUMNS}, to {SIZE}")
        store = store_for(_repeated(cohort), StoreSpec(SIZE))
        yield from _batches(store, cohort)
        yield _one_row(store)
        yield _square()


def _cohort(root: Path) -> Cohort:
    rng = np.random.default_rng(1)
    row, column = np.mgrid[:ROWS, :COLUMNS]
    for number in range(FILES):
        smooth = 120 + 60 * np.sin(row / (200 + 20 * number)) + 50 * np.cos(column / 170)
        film = np.clip(smooth + rng.normal(0, 6, smooth.shape), 0, 255).astype(np.uint8)
        Pillow.fromarray(film).save(root / f"{number}.jpg", quality=90)
    names = [f"I{number}" for number in range(IMAGES)]
    paths = [f"{number % FILES}.jpg" for number in range(IMAGES)]
    return write_cohort(
        root, pd.DataFrame({"image_id": names, "patient_id": names, "path": paths}), {"adapter": "made"}
    )


def _repeated(cohort: Cohort) -> Cohort:
    """The cohort of small pictures that have the same rows as the large ones: only what is read matters here."""
    small = cohort.root / "small"
    small.mkdir()
    for number in range(FILES):
        with Pillow.open(cohort.root / f"{number}.jpg") as film:
            Pillow.fromarray(_resized(film)).save(small / f"{number}.png")
    frame = cohort.frame.assign(path="small/" + cohort.frame["path"].str.replace(".jpg", ".png"))
    return Cohort(cohort.root, frame, cohort.info)


def _batches(store: Store, cohort: Cohort) -> Iterator[Figure]:
    rng = np.random.default_rng(2)
    out = np.empty((BATCH, SIZE, SIZE), np.float32)
    ours, peer = [], []
    for _ in range(TURNS):
        rows = rng.permutation(len(store))[:BATCH]
        ours.append(_seconds(lambda rows=rows: _from_store(store, rows, out)) / BATCH)
        some = rows[:FILES]
        peer.append(_seconds(lambda some=some: _from_files(cohort, some, out)) / len(some))
    ratio = min(peer) / min(ours)
    note = f"{ratio:.0f}x; {1e6 * min(ours):.0f} us an image; peer: Pillow, {FILES} of {BATCH} images, scaled"
    yield Figure("store_to_batch_per_core", 1 / min(ours), "images/s", ">= 50 of peer", ratio >= 50, ratio, note)


def _from_store(store: Store, rows: np.ndarray, out: np.ndarray) -> None:
    for place, row in enumerate(np.sort(rows)):
        np.multiply(store.pixels[row], np.float32(1 / 255), out=out[place])


def _from_files(cohort: Cohort, rows: np.ndarray, out: np.ndarray) -> None:
    for place, path in enumerate(cohort.frame["path"].iloc[rows]):
        with Pillow.open(cohort.root / path) as film:
            np.multiply(_resized(film), np.float32(1 / 255), out=out[place])


def _resized(film: Pillow.Image) -> np.ndarray:
    padded = ImageOps.pad(film.convert("L"), (max(film.size),) * 2)
    return np.asarray(padded.resize((SIZE, SIZE), Pillow.Resampling.BOX))


def _one_row(store: Store) -> Figure:
    names = [store.image_ids[row] for row in np.random.default_rng(3).permutation(len(store))]
    store.rows(names)
    elapsed = min(_seconds(lambda: [store.pixels[row].copy() for row in store.rows(names)]) for _ in range(TURNS))
    each = 1e6 * elapsed / len(names)
    return Figure("store_row_by_name", each, "us", "<= 100", each <= 100, note=f"{SIZE} x {SIZE}, 8 bits, copied")


def _square() -> Figure:
    film = np.random.default_rng(4).random((ROWS, COLUMNS), dtype=np.float32)
    grey = Pillow.fromarray(film)
    ours, peer = [], []
    for _ in range(TURNS):
        ours.append(_seconds(lambda: prepare(film, SIZE)))
        peer.append(_seconds(lambda: grey.resize((SIZE, SIZE * ROWS // COLUMNS), Pillow.Resampling.BOX)))
    note = f"{ROWS} x {COLUMNS} float32 to {SIZE}; peer: Pillow's BOX"
    ok = min(ours) <= 1.25 * min(peer)
    return Figure("area_average", 1e3 * min(ours), "ms", "<= 1.25 of peer", ok, min(peer) / min(ours), note)


def _seconds(work: Callable[[], object]) -> float:
    start = thread_time()
    work()
    return thread_time() - start
