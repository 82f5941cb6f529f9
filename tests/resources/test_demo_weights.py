"""The trained weights that ship: small, traceable, and right about films they have never seen."""

import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.ndimage import binary_dilation

from engine.cohorts.cohort import load_cohort
from engine.cohorts.simulated.cohort import simulate_chest_cohort
from engine.cohorts.simulated.confounding import load_table
from engine.counterfactuals import CounterfactualOptions
from engine.explain.counterfactual import counterfactuals, load_imagined
from engine.explain.planted import planted_in
from engine.explanations import bilinear
from engine.images.grey import presentation
from engine.images.opening import open_image
from engine.jobs.run import open_run, spec_sha256
from engine.metrics.roc import roc_auc
from engine.training.classification import predict
from resources.files import shipped_file, shipped_folder

DEMO = shipped_folder() / "demo"
TASKS = ("race", "pathology")


def test_all_of_it_is_small() -> None:
    assert sum(path.stat().st_size for path in DEMO.rglob("*") if path.is_file()) <= 25_000_000


@pytest.mark.parametrize("task", (*TASKS, "imaginer", "findings-head", "drains-imaginer", "drains-head"))
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


def test_a_larger_heart_and_an_effusion_are_imagined_where_they_belong(tmp_path: Path) -> None:
    """In films of another seed and of the default density, of patients without either: the head sees most of the wanted
    change when drawn; what gets brighter lies beside the heart, and low in the lungs.
    """
    cohort = load_cohort(simulate_chest_cohort(24, 4712, tmp_path / "cohort", size=256, views=("PA", "AP")))
    run = load_imagined(DEMO / "findings-head")
    without = (cohort.frame[["label.cardiomegaly", "label.pleural_effusion"]] == 0).all(axis=1)
    confirmed = []
    for _, row in cohort.frame[without].iloc[:5].iterrows():
        shown = presentation(open_image(cohort.root / row["path"]))
        options = CounterfactualOptions(preview=True)
        larger, effusion = counterfactuals(run, shown, ["cardiomegaly", "pleural_effusion"], options)
        confirmed.append((larger.confirmed[0], effusion.confirmed[0]))
        heart = planted_in(cohort.root, row["image_id"]).region("heart")
        assert heart is not None
        near = binary_dilation(heart, iterations=20) & ~binary_dilation(heart, iterations=2)
        brighter = bilinear(larger.differences[0], (0, 0, *larger.factual.shape[::-1]), heart.shape)
        assert brighter[near].mean() > 3 * abs(brighter[~near & ~heart].mean())
        low = np.flatnonzero((effusion.differences[0] > 0.1).any(axis=1))
        assert low.mean() > 0.5 * len(effusion.factual)
    assert len(confirmed) == 5
    assert (np.mean(confirmed, axis=0) > (0.6, 0.4)).all(), confirmed


def test_a_drain_comes_along_with_an_imagined_pneumothorax_and_with_no_enlarged_heart(tmp_path: Path) -> None:
    """What was planted, drawn: a bright line along the upper chest wall, in patients of another seed without either."""
    table = load_table(shipped_file("tables/drains.toml"))
    cohort = load_cohort(simulate_chest_cohort(24, 4713, tmp_path / "cohort", size=256, table=table, views=("PA",)))
    labels = [name for name in cohort.frame if name.startswith("label.")]
    healthy = cohort.frame[(cohort.frame[labels].astype(int) == 0).all(axis=1)]
    run, lines = load_imagined(DEMO / "drains-head"), {"pneumothorax": [], "cardiomegaly": []}
    for _, row in healthy.iloc[:5].iterrows():
        shown = presentation(open_image(cohort.root / row["path"]))
        for found in counterfactuals(run, shown, list(lines), CounterfactualOptions(preview=True)):
            upper = found.differences[0][: int(0.45 * found.factual.shape[0])]
            lines[found.target].append(int((upper > 0.12).sum()))
    assert len(lines["pneumothorax"]) == 5
    assert np.mean(np.array(lines["pneumothorax"]) > 16) >= 0.8, lines
    assert np.mean(np.array(lines["cardiomegaly"]) > 16) <= 0.2, lines
