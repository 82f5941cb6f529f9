"""The experiment behind the method: what a table plants is drawn, and what it does not plant is not.

A table that gives 90 % of patients with a pneumothorax a chest drain and 2 % of the others, and one that gives every
patient the same rate. For each, one diffusion network (without labels, so that it is shared), and 20 seeds of all that
is drawn afterwards: the cohort that the head is trained and judged on, the head, the films, random directions.
Asked: the difference of the yield of drains in "pneumothorax" to that at amplitude 0. With the first table the interval
must lie above 0 in at least 16 of 20 seeds; with the flat one it may exclude 0 in at most 4.

What it does not show: chance of the diffusion network's own training, which is shared by the seeds; and a seed whose
yield is not estimable (the detector does not see drains) counts against the first table, and not against the flat one,
which would else pass for blindness alone: therefore at least 16 must be estimable there too.

Hours on a CPU. PLANTED_RUNS names a folder whose runs are taken as they are: high/base, flat/base (of `engine train
diffusion` on cohorts of these tables), and cohort-SEED and head-SEED beside them; what is missing is made there.
"""

import os
from pathlib import Path

import pandas as pd
import pytest

from engine.cohorts.cohort import load_cohort
from engine.cohorts.simulated.cohort import simulate_chest_cohort
from engine.cohorts.simulated.confounding import ConfoundingTable, table_from_entries
from engine.explain.imagined.detectors import Learning
from engine.explain.imagined.evaluation import Imagining, evaluate_counterfactuals
from engine.explain.imagined.measures import Draws
from engine.jobs.making import cohort_source, make_spec
from engine.jobs.run import RunFolder, create_run, open_run
from engine.jobs.work import work

SEEDS = range(20)
DRAINS = {
    "high": {"otherwise": 0.02, "pneumothorax": 0.9, "pleural_effusion": 0.02},
    "flat": {"otherwise": 0.15},
}
BASE = {
    "image_size": 64,
    "channels": 32,
    "multipliers": (1, 2, 3),
    "encoder_multipliers": (1, 2, 3, 3),
    "latent": 128,
    "patch": 2,
    "batch_size": 16,
    "learning_rate": 1e-3,
    "epochs": 60,
    "ema_decay": 0.999,
    "clip_norm": 1.0,
}
HEAD = {"target": "findings", "epochs": 20, "learning_rate": 0.01, "batch_size": 64}
SIZE, LEARNED, JUDGED = 256, 3000, 900  # pixels of films, patients of the base, patients of a seed


def table_of(name: str) -> ConfoundingTable:
    return table_from_entries({"base": "flat", "devices": {"chest_drain": DRAINS[name]}})


def cohort_at(path: Path, name: str, patients: int, seed: int) -> Path:
    if not (path / "cohort.csv").is_file():
        simulate_chest_cohort(
            patients, seed, path, size=SIZE, table=table_of(name), views=("PA", "AP"), processes=os.cpu_count() or 1
        )
    return path


def trained_at(path: Path, task: str, cohort: Path, settings: dict[str, object]) -> RunFolder:
    """The run in a folder, made and trained to its end where it is not."""
    if not (path / "spec.json").is_file():
        create_run(path, make_spec(task, [cohort_source(str(cohort))], settings=settings))
    run = open_run(path)
    if run.state() != "finished" and not (run.checkpoints / "best.safetensors").is_file():
        work(run)
    return run


def drains_drawn(folder: Path, name: str, seed: int) -> pd.Series:
    """The row of pneumothorax and chest drain of one seed."""
    base = folder / "base"
    if not (base / "spec.json").is_file():
        cohort_at(folder / "base-cohort", name, LEARNED, 1_000)
    trained_at(base, "diffusion", folder / "base-cohort", dict(BASE))
    cohort = cohort_at(folder / f"cohort-{seed}", name, JUDGED, seed)
    head = trained_at(folder / f"head-{seed}", "probe", cohort, {**HEAD, "base_run": str(base), "seed": seed})
    how = Imagining(
        images=60, targets=("pneumothorax",), draws=Draws(1000, seed), judged=160, learning=Learning(seed=seed)
    )
    found = {"cohort": load_cohort(cohort)}
    frame = pd.read_csv(evaluate_counterfactuals(head, found, "test", how))
    return frame[frame["device"] == "chest_drain"].iloc[0]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = os.environ.get("PLANTED_RUNS")
    return Path(given) if given else tmp_path_factory.mktemp("planted")


@pytest.mark.full
def test_what_is_planted_is_drawn(runs: Path) -> None:
    rows = [drains_drawn(runs / "high", "high", seed) for seed in SEEDS]
    above = sum(row["difference_low"] > 0 for row in rows)
    print(pd.DataFrame(rows).to_string())
    assert above >= 16, f"the interval lies above 0 in {above} of {len(rows)} seeds"


@pytest.mark.full
def test_what_is_not_planted_is_not_drawn(runs: Path) -> None:
    rows = [drains_drawn(runs / "flat", "flat", seed) for seed in SEEDS]
    print(pd.DataFrame(rows).to_string())
    estimable = sum(row["difference"] == row["difference"] for row in rows)
    assert estimable >= 16, f"drains can be seen in {estimable} of {len(rows)} seeds"
    excluded = sum(row["difference_low"] > 0 or row["difference_high"] < 0 for row in rows)
    assert excluded <= 4, f"the interval excludes 0 in {excluded} of {len(rows)} seeds"
