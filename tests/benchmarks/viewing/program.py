"""The program as a whole: how soon it is there, what it weighs, and whether a long sitting makes it heavier."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np

from studies.reading.study import open_as_reader
from tests.benchmarks.figure import Figure
from tests.readerapp.made_study import PASSPHRASE, make_study, small_image

ROOT = Path(__file__).parents[3]
SITTING, FROM = 1000, 200  # cases; the first ones fill caches that stay
APPENDS = 400


def run() -> Iterator[Figure]:
    """Figures of the start, of memory, and of the journal on disk."""
    yield from _start()
    yield from _sitting()
    yield _journal()


def _start() -> Iterator[Figure]:
    """The best of three: the first one after installing reads everything from a cold disk."""
    runs = [_child("tests.benchmarks.viewing.started") for _ in range(3)]
    seconds = min(run["seconds"] for run in runs)
    resident = max(run["resident_mb"] for run in runs)
    note = "from the command to the start page painted and at rest"
    yield Figure("start", seconds, "s", "<= 2", seconds <= 2, note=note)
    yield Figure("resident_after_start", resident, "MB", "<= 300", resident <= 300, note="without torch")


def _sitting() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        films = [[small_image(number, 1500, 1200)] for number in range(20)]
        study = make_study(Path(folder) / "study", [films[number % len(films)] for number in range(SITTING)])
        told = _child("tests.benchmarks.viewing.sitting", str(study.root), str(SITTING))
    later = [mb for cases, mb in told["resident_mb"] if cases >= FROM]
    grown = max(later) - min(later)
    note = f"{SITTING} cases of 1500 x 1200 read in a row, from case {FROM} on; {later[-1]:.0f} MB at the end"
    yield Figure("memory_spread", grown, "MB", "<= 40", grown <= 40, note=note)


def _journal() -> Figure:
    with tempfile.TemporaryDirectory() as folder:
        study = make_study(Path(folder) / "study", [[small_image(0)]])
        view = open_as_reader(study.root, "r1", PASSPHRASE)
        elapsed = []
        for number in range(APPENDS):
            start = perf_counter()
            view.journal_append("s", "view_changed", study.codes[0], {"view": {"number": number}})
            elapsed.append(perf_counter() - start)
        view.close()
    p95 = 1e3 * float(np.percentile(elapsed, 95))
    return Figure("journal_append_p95", p95, "ms", "<= 5", p95 <= 5, note=f"{APPENDS} events, each on disk")


def _child(module: str, *arguments: str) -> dict:
    start = perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=ROOT, capture_output=True, text=True, check=True, timeout=900
    )
    told = json.loads(done.stdout.splitlines()[-1])
    return {"seconds": perf_counter() - start - told.get("rest_s", 0.0), **told}
