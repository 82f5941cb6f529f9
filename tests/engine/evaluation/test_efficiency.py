"""Heads on shares of the patients: from the command to the table, and readers as the cohort has them."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from click.testing import CliRunner

from engine.__main__ import main
from engine.cohorts.cohort import load_cohort, write_cohort
from engine.errors import JobError
from engine.evaluation.efficiency import heads_of, reader_points
from engine.evaluation.predictions import load_predictions
from engine.jobs.making import cohort_source, make_spec
from engine.jobs.run import RunFolder, create_run
from engine.training.diffusion import train
from tests.engine.evaluation.made_runs import FINDINGS, made_cohort, pathology_run
from tests.engine.training.pictures import made_pictures

TINY = {
    "image_size": 32,
    "channels": 8,
    "multipliers": (1, 2),
    "encoder_multipliers": (1, 2),
    "latent": 12,
    "epochs": 1,
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    torch.set_num_threads(1)
    cohort = made_pictures(tmp_path_factory.mktemp("efficiency") / "pictures")
    source = cohort_source(str(cohort.root))
    spec = make_spec("diffusion", [source], settings={**TINY, "batch_size": 8, "samples": 0})
    run = create_run(cohort.root.parent / "base", spec)
    train(run)
    return run


def test_one_command_from_shares_to_the_table(base: RunFolder, tmp_path: Path) -> None:
    arguments = ["efficiency", str(base.path), "--cohort", base.spec.cohorts[0].path, "--out", str(tmp_path / "out")]
    arguments += ["--shares", "0.5,1", "--set", "epochs=2", "--set", "batch_size=8", "--redraws", "50"]
    done = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    table = pd.read_csv(tmp_path / "out" / "report" / "efficiency.csv")
    assert table["n_patients"].tolist() == [12, 12, 24, 24]
    assert table["finding"].tolist() == ["square", "macro", "square", "macro"]
    assert "50 % of patients (12 patients, 24 images): macro AUC" in done.output
    for name in ("efficiency.tex", "efficiency.html", "efficiency.svg"):
        assert (tmp_path / "out" / "report" / name).is_file()
    heads = sorted(path.name for path in (tmp_path / "out" / "heads").iterdir())
    assert heads == ["share-0.5", "share-1"]
    before = (tmp_path / "out" / "heads" / "share-1" / "events.jsonl").read_bytes()
    again = CliRunner().invoke(main, arguments, catch_exceptions=False)
    assert again.exit_code == 0
    assert (tmp_path / "out" / "heads" / "share-1" / "events.jsonl").read_bytes() == before  # nothing is trained twice


def test_a_head_that_was_asked_for_otherwise_is_not_taken_for_this_one(base: RunFolder, tmp_path: Path) -> None:
    source = cohort_source(base.spec.cohorts[0].path)
    heads_of(base.path, source, [0.5], tmp_path, {"epochs": 1})
    with pytest.raises(JobError, match=r"share-0.5 holds a head that was asked for otherwise; choose another --out"):
        heads_of(base.path, source, [0.5], tmp_path, {"epochs": 2})
    with pytest.raises(JobError, match=r"lies above 0 and is at most 1, not 1.5"):
        heads_of(base.path, source, [1.5], tmp_path, {})


def test_readers_are_points_of_sensitivity_and_specificity(tmp_path: Path) -> None:
    """One who reads as the label says is at (1, 1); one who calls all present at (1, 0)."""
    cohort = made_cohort(tmp_path / "made", n_patients=60)
    frame = cohort.frame.copy()
    label = frame[f"label.{FINDINGS[0]}"]
    frame[f"attr.radiologist1.{FINDINGS[0]}"] = label.where(label.isin([0, 1])).astype("Int64").astype(str)
    frame[f"attr.radiologist2.{FINDINGS[0]}"] = "1"
    frame["attr.bmi"] = "25"
    frame = frame.astype(str).replace({"<NA>": "", "nan": ""})
    read = write_cohort(tmp_path / "read", frame, {"adapter": "made"})
    run = pathology_run(tmp_path / "run", cohort)
    points = reader_points(load_cohort(read.root), load_predictions(run.predictions("made", "test")))
    found = {point["reader"]: (point["sensitivity"], point["specificity"]) for point in points}
    assert found == {"radiologist1": (1.0, 1.0), "radiologist2": (1.0, 0.0)}
    for point in points:
        assert point["finding"] == FINDINGS[0]
        assert point["sens_low"] < 1 <= point["sens_high"] + 1e-9
        assert np.isfinite(point["spec_low"])
