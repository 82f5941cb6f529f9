"""Runs with predictions drawn at random, whose true areas are known, and the cohorts they are of."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from engine.cohorts.cohort import Cohort, cohort_sha256, write_cohort
from engine.jobs.run import RunFolder, create_run
from engine.jobs.specs import CohortSource, PathologySpec, RaceSpec

RACES = ("Asian", "Black", "White")
FINDINGS = ("Effusion", "Cardiomegaly", "Nodule")


def made_cohort(root: Path, n_patients: int = 90, seed: int = 1, ct: bool = False, plain: bool = False) -> Cohort:
    """Patients with one to three images, half of the patients in val and half in test; findings 1, 0, −1, empty.

    ct: one volume a patient. plain: sex and race are all that differs.
    """
    generator = np.random.default_rng(seed)
    rows = []
    for patient in range(n_patients):
        shared = {
            "patient_id": f"p{patient}",
            "sex": "FM"[patient % 2],
            "age_years": int(generator.integers(15, 90)) if patient % 10 else "",
            "race": RACES[int(generator.choice(3, p=[0.2, 0.3, 0.5]))],
            "site": f"site {'AB'[patient % 3 > 0]}",
            "split": ("val", "test")[patient >= n_patients // 2],
        }
        for image in range(1 if ct else int(generator.integers(1, 4))):
            stated = {f"label.{name}": str(generator.choice(["1", "0", "0", "0", "-1", ""])) for name in FINDINGS}
            view = str(generator.choice(["AP", "PA"]))
            place = {"image_id": f"i{patient}_{image}", "study_id": f"s{patient}", "path": f"i{patient}_{image}.png"}
            kept = {"view": "PA", "site": "", "age_years": ""} if plain else {"view": view}
            rows.append({**place, **shared, **kept, **stated})
    return write_cohort(root, pd.DataFrame(rows), {"adapter": "made"})


def race_run(path: Path, cohort: Cohort, gain: float = 2.0, seed: int = 0, slices: int = 1) -> RunFolder:
    """Softmax of a logit that is higher by `gain` for the true race; `slices` rows an image, as of a CT."""
    run = create_run(path, RaceSpec(classes=RACES, cohorts=(_source(cohort),)))
    generator = np.random.default_rng(seed)
    frame = cohort.frame.loc[cohort.frame.index.repeat(slices)].reset_index(drop=True)
    if slices > 1:
        frame["image_id"] += "#" + pd.Series(np.arange(len(frame)) % slices).astype(str)
    truth = np.stack([(frame["race"] == race).to_numpy(dtype=float) for race in RACES], axis=1)
    logits = gain * truth + generator.normal(size=truth.shape)
    odds = np.exp(logits)
    write_splits(run, "made", frame, RACES, truth, odds / odds.sum(axis=1, keepdims=True))
    return run


def pathology_run(path: Path, cohort: Cohort, gain: float = 1.5, seed: int = 0) -> RunFolder:
    """Sigmoids; −1 and empty stay as the cohort has them."""
    run = create_run(path, PathologySpec(findings=FINDINGS, cohorts=(_source(cohort),)))
    generator = np.random.default_rng(seed)
    labels = [cohort.frame[f"label.{name}"].to_numpy(dtype=float, na_value=np.nan) for name in FINDINGS]
    truth = np.stack(labels, axis=1)
    logits = gain * (truth == 1) + generator.normal(size=truth.shape) - 1
    write_splits(run, "made", cohort.frame, FINDINGS, truth, 1 / (1 + np.exp(-logits)))
    return run


def _source(cohort: Cohort) -> CohortSource:
    return CohortSource(name="made", path=str(cohort.root), sha256=cohort_sha256(cohort.root))


def write_splits(
    run: RunFolder, name: str, frame: pd.DataFrame, classes: Sequence[str], truth: np.ndarray, p: np.ndarray
) -> None:
    """One table of predictions a split."""
    table = frame[["image_id", "patient_id", "study_id"]].copy()
    for k, each in enumerate(classes):
        table[f"p.{each}"] = p[:, k]
        table[f"y.{each}"] = ["" if np.isnan(value) else str(int(value)) for value in truth[:, k]]
    for split in ("val", "test"):
        path = run.predictions(name, split)
        path.parent.mkdir(parents=True, exist_ok=True)
        table[frame["split"].to_numpy() == split].to_csv(path, index=False)
