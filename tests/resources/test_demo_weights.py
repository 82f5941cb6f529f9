"""The trained weights that ship: small, traceable, and right about films they have never seen."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from engine.cohorts.cohort import load_cohort
from engine.cohorts.simulated.cohort import simulate_chest_cohort
from engine.jobs.run import open_run, spec_sha256
from engine.metrics.roc import roc_auc
from engine.training.classification import predict
from resources.files import shipped_folder

DEMO = shipped_folder() / "demo"
TASKS = ("race", "pathology")


def test_all_of_it_is_small() -> None:
    assert sum(path.stat().st_size for path in DEMO.rglob("*") if path.is_file()) <= 15_000_000


@pytest.mark.parametrize("task", TASKS)
def test_a_run_that_ships_names_no_place_and_carries_its_hash(task: str) -> None:
    run = open_run(DEMO / task)
    facts = json.loads((run.path / "spec.json").read_text(encoding="utf-8"))
    assert facts["spec_sha256"] == spec_sha256(run.spec)
    assert [source.path for source in run.spec.cohorts] == ["cohort"]
    assert facts["versions"]["torch"]


def test_they_tell_films_of_another_seed(tmp_path: Path) -> None:
    """40 patients of seed 4711; the weights were trained on seeds 1 and 2026."""
    cohort = load_cohort(simulate_chest_cohort(40, 4711, tmp_path / "cohort", views=("PA", "AP")))
    for task, classes, least in (("race", ("Asian", "Black", "White"), 0.95), ("pathology", ("cardiomegaly",), 0.9)):
        run = open_run(Path(shutil.copytree(DEMO / task, tmp_path / task)))
        tables = [pd.read_csv(predict(run, cohort, "cohort", split)) for split in ("train", "val", "test")]
        table = pd.concat(tables)
        for name in classes:
            area = roc_auc((table[f"y.{name}"] == 1).to_numpy(), table[f"p.{name}"].to_numpy())
            assert area >= least, (task, name, area)
