"""A cohort of small films for the tests of the store, and the process that builds a store and is killed."""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image as Raster

from engine.cohorts.cohort import Cohort, load_cohort, write_cohort
from engine.cohorts.store import StoreSpec, store_for

SPEC = StoreSpec(24)


def film(number: int) -> np.ndarray:
    """Film `number`, (rows, columns) uint8; no two have the same size or pixels."""
    shape = (30 + number % 17, 26 + number % 11)
    return np.random.default_rng(number).integers(0, 256, shape, dtype=np.uint8)


def make_films(root: Path, count: int) -> Cohort:
    (root / "images").mkdir(parents=True)
    for number in range(count):
        Raster.fromarray(film(number)).save(root / "images" / f"{number}.png")
    names = [str(number) for number in range(count)]
    frame = pd.DataFrame(
        {"image_id": [f"I{name}" for name in names], "patient_id": [f"P{name}" for name in names]}
        | {"path": [f"images/{name}.png" for name in names]}
    )
    return write_cohort(root, frame, {"adapter": "test"})


def store_files(folder: Path) -> dict[str, bytes]:
    """Every file of a store but its lock."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "lock"}


def main(root: Path, processes: int, pause_s: float) -> None:
    """Build the store of the cohort in `root`, saying what is done, with a pause after every chunk."""

    def progress(share: float) -> None:
        print(f"{share:.3f}", flush=True)
        time.sleep(pause_s)

    print(store_for(load_cohort(root), SPEC, processes=processes, progress=progress).sha256, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
