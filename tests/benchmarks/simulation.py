"""Simulated chest radiographs at 512 × 512, one thread, with DICOM file, truth and masks written.

The peer is the prototype beside the project, where it is: frontal films without files, and without most of what is
drawn here; it is measured in turn, one film of ours to one of its own.
"""

import importlib.util
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

import numpy as np

from engine.cohorts.simulated.chest import simulate_chest
from engine.cohorts.simulated.cohort import PlannedImage, plan_patient, write_truth
from engine.cohorts.simulated.confounding import default_table
from engine.cohorts.simulated.dicom import write_dicom
from tests.benchmarks.figure import Figure
from tests.conftest import SHARED_DATA

PROTOTYPE = SHARED_DATA.parent / "prototypes" / "simulated_chest.py"
FILMS, SIZE, SEED = 100, 512, 5
WARM = 4
PEER_FINDINGS = ("effusion", "pneumothorax", "cardiomegaly", "consolidation")
PEER_DEVICES = ("ett", "cvc", "drain", "pacer", "wires", "ecg")


def run() -> Iterator[Figure]:
    peer = _prototype()
    with tempfile.TemporaryDirectory() as folder:
        drawn, written, theirs, worked = _measured(Path(folder), peer)
    whole = drawn + written
    median, p95 = np.percentile(whole, 50), np.percentile(whole, 95)
    of_peer = float(np.median(theirs) / median) if peer else None
    note = f"{FILMS} films of the default table, files written; peer: the prototype, which writes none"
    yield Figure("film_median", float(median), "s", "<= 0.15", median <= 0.15, of_peer, note)
    yield Figure("film_p95", float(p95), "s", "<= 0.2", p95 <= 0.2)
    busy, most = np.percentile(worked, 50), np.percentile(worked, 95)
    note = "processor time of the one thread that works: what a film takes when nothing else runs"
    yield Figure("film_cpu_median", float(busy), "s", "<= 0.15", busy <= 0.15, note=note)
    yield Figure("film_cpu_p95", float(most), "s", "<= 0.2", most <= 0.2)
    yield Figure("files_of_a_film_median", float(np.median(written)), "s", "", True, note="DICOM, truth, masks")


def _measured(out: Path, peer: Callable[[int], Any] | None) -> np.ndarray:
    """Seconds of each film, (4, FILMS): drawing, writing, the peer's film after it, our thread's processor time."""
    for name in ("images", "truth"):
        (out / name).mkdir()
    seconds = []
    for number, planned in enumerate(_films()):
        begun, start = thread_time(), perf_counter()
        simulated = simulate_chest(planned.spec, SIZE)
        drawn = perf_counter()
        write_dicom(out / "images" / f"{planned.identity.image_id}.dcm", simulated, planned.identity)
        write_truth(out, planned.identity, simulated)
        written, worked = perf_counter(), thread_time() - begun
        if peer:
            peer(number)
        seconds.append((drawn - start, written - drawn, perf_counter() - written, worked))
    return np.array(seconds[WARM:]).T


def _films() -> list[PlannedImage]:
    table, films = default_table(), []
    patient = 0
    while len(films) < FILMS + WARM:
        patient += 1
        films += plan_patient(table, SEED, patient)
    return films[: FILMS + WARM]


def _prototype() -> Callable[[int], Any] | None:
    """One film of the prototype by seed, with one finding and one device in turn; None where it is not there."""
    if not PROTOTYPE.is_file():
        return None
    spec = importlib.util.spec_from_file_location("simulated_chest_prototype", PROTOTYPE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def film(seed: int) -> Any:
        return module.sim(200 + seed, (PEER_FINDINGS[seed % 4],), (PEER_DEVICES[seed % 6],))

    return film
