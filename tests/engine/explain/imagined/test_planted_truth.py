"""The experiment behind the method: what a table plants is drawn, and what it does not plant is not.

A table that gives 90 % of patients with a pneumothorax a chest drain and 2 % of the others, and one that gives every
patient the same rate (`resources/tables/drains.toml`, `drains_flat.toml`). For each, one diffusion network (without
labels, so that it is shared), and 20 seeds of all that is drawn afterwards: the cohort that the head is trained and
judged on, the head, the films, random directions. Asked: the difference of the yield of drains in "pneumothorax" to
that at amplitude 0. With the first table the interval must lie above 0 in at least 16 of 20 seeds; with the flat one it
may exclude 0 in at most 4.

The detectors learn in the flat cohort of the base for both tables: where drains follow pneumothoraces, one could take
a drawn pneumothorax for a drain. They depend on the base alone and are made once for all seeds.

What it does not show: chance of the diffusion network's own training, which is shared by the seeds; and a seed whose
yield is not estimable (the detector does not see drains) counts against the first table, and not against the flat one,
which would else pass for blindness alone: therefore at least 16 must be estimable there too.

Hours on a CPU. PLANTED_RUNS names a folder whose runs are taken as they are: high/base and flat/base (of `engine train
diffusion` on base-cohort beside them), cohort-SEED and head-SEED; what is missing is made there.
"""

import os
import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from engine.cohorts.cohort import load_cohort
from engine.cohorts.simulated.cohort import simulate_chest_cohort
from engine.cohorts.simulated.confounding import ConfoundingTable, load_table
from engine.explain.imagined.evaluation import Imagining, evaluate_counterfactuals
from engine.explain.imagined.measures import Draws
from engine.jobs.making import cohort_source, make_spec
from engine.jobs.run import RunFolder, create_run, open_run
from engine.jobs.work import work
from resources.files import shipped_file

SEEDS = range(20)
BASE = {
    "image_size": 64,
    "patch": 2,
    "places": True,
    "channels": 32,
    "multipliers": (1, 2, 3),
    "encoder_multipliers": (1, 2, 3, 3),
    "latent": 128,
    "batch_size": 16,
    "learning_rate": 1e-3,
    "epochs": 60,
    "ema_decay": 0.999,
    "clip_norm": 1.0,
    "prediction": "velocity",
    "precision": "bfloat16",
}
HEAD = {"target": "findings", "epochs": 20, "learning_rate": 0.01, "weight_decay": 0.03, "batch_size": 64}
SIZE, LEARNED, JUDGED = 256, 2000, 500  # pixels of films, patients of the base, patients of a seed


def table_of(name: str) -> ConfoundingTable:
    return load_table(shipped_file({"high": "tables/drains.toml", "flat": "tables/drains_flat.toml"}[name]))


def cohort_at(path: Path, name: str, patients: int, seed: int) -> Path:
    if not (path / "cohort.csv").is_file():
        simulate_chest_cohort(
            patients, seed, path, size=SIZE, table=table_of(name), views=("PA",), processes=os.cpu_count() or 1
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


def base_of(folder: Path, name: str) -> RunFolder:
    cohort = cohort_at(folder / "base-cohort", name, LEARNED, 1_000)
    return trained_at(folder / "base", "diffusion", cohort, dict(BASE))


def drains_drawn(runs: Path, name: str, seed: int) -> dict[str, Any]:
    """The row of pneumothorax and chest drain of one seed."""
    folder = runs / name
    base = base_of(folder, name)
    cohort = cohort_at(folder / f"cohort-{seed}", name, JUDGED, seed)
    head = trained_at(folder / f"head-{seed}", "probe", cohort, {**HEAD, "base_run": str(base.path), "seed": seed})
    school = load_cohort(cohort_at(runs / "flat" / "base-cohort", "flat", LEARNED, 1_000))
    detectors, own = folder / "detectors", head.report / "counterfactual_detectors"
    if detectors.is_dir() and not own.is_dir():
        shutil.copytree(detectors, own)
    how = Imagining(images=60, targets=("pneumothorax",), draws=Draws(1000, seed), judged=80, school=school)
    frame = pd.read_csv(evaluate_counterfactuals(head, {"cohort": load_cohort(cohort)}, "test", how))
    if not detectors.is_dir():
        shutil.copytree(own, detectors)
    return {"seed": seed, **frame[frame["device"] == "chest_drain"].iloc[0]}


def table_of_seeds(runs: Path, name: str) -> pd.DataFrame:
    """A row of each seed, kept in a CSV that grows with them."""
    path = runs / f"{name}.csv"
    kept = pd.read_csv(path) if path.is_file() else pd.DataFrame({"seed": []})
    for seed in SEEDS:
        if seed not in set(kept["seed"]):
            kept = pd.concat([kept, pd.DataFrame([drains_drawn(runs, name, seed)])], ignore_index=True)
            kept.to_csv(path, index=False)
    return kept


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = os.environ.get("PLANTED_RUNS")
    return Path(given) if given else tmp_path_factory.mktemp("planted")


@pytest.mark.full
def test_what_is_planted_is_drawn(runs: Path) -> None:
    rows = table_of_seeds(runs, "high")
    print(rows.to_string())
    above = int((rows["difference_low"] > 0).sum())
    assert above >= 16, f"the interval lies above 0 in {above} of {len(rows)} seeds"


@pytest.mark.full
def test_what_is_not_planted_is_not_drawn(runs: Path) -> None:
    rows = table_of_seeds(runs, "flat")
    print(rows.to_string())
    estimable = int(rows["difference"].notna().sum())
    assert estimable >= 16, f"drains can be seen in {estimable} of {len(rows)} seeds"
    excluded = int(((rows["difference_low"] > 0) | (rows["difference_high"] < 0)).sum())
    assert excluded <= 4, f"the interval excludes 0 in {excluded} of {len(rows)} seeds"
