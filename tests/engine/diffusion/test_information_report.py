"""`engine evaluate RUN --information` on a small run, as people type it."""

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from engine.__main__ import main
from engine.cohorts.cohort import Cohort
from engine.jobs.run import RunFolder
from engine.rounding import number
from tests.engine.explain.made_imaginer import made_runs
from tests.engine.training.pictures import made_pictures


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunFolder, RunFolder, Cohort]:
    folder = tmp_path_factory.mktemp("information")
    return *made_runs(folder), made_pictures(folder / "pictures")


def typed(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["evaluate", *map(str, words)])
    return result.exit_code, " ".join(result.output.split())


def test_every_term_has_a_column_and_the_line_says_what_the_bound_can_be(
    runs: tuple[RunFolder, RunFolder, Cohort],
) -> None:
    base, _, cohort = runs
    words = (base.path, "--cohort", cohort.root, "--split", "train", "--images", 30, "--codes", 8, "--redraws", 100)
    code, said = typed(*words, "--information")
    assert code == 0, said
    row = pd.read_csv(base.report / "information.csv").iloc[0]
    assert f"of code and image, pictures, train: at least {number(row['bound'], 2)}" in said and " bits" in said
    assert "30 images of" in said and "its own code among 8; the estimate cannot exceed log 8 = 2.08 nats" in said
    assert row["entropy"] == pytest.approx(np.log(8))
    assert row["bound"] == pytest.approx(row["entropy"] + row["log_posterior"])
    assert row["bound_bits"] == pytest.approx(row["bound"] / np.log(2))
    assert row["bound_low"] <= row["bound"] <= row["bound_high"] <= row["entropy"] + 1e-12
    own, others = (row[f"l_between{of}_per_pixel"] + row[f"l_first{of}_per_pixel"] for of in ("", "_others"))
    assert row["gap_per_pixel"] == pytest.approx(others - own)
    assert row["l_last_per_pixel"] > 0 and row["n_patients"] < row["n"] == 30
    page = (base.report / "information.html").read_text(encoding="utf-8")
    assert "H(z) = log K" in page and (base.report / "information.tex").is_file()


def test_codes_come_from_images_that_are_not_judged(runs: tuple[RunFolder, RunFolder, Cohort]) -> None:
    base, _, cohort = runs
    words = (base.path, "--information", "--cohort", cohort.root, "--split", "train", "--images", 3, "--codes", 20)
    code, said = typed(*words, "--redraws", 20)
    assert code == 0 and "3 images of 3 patients, each told its own code among 20" in said, said


def test_of_fewer_patients_than_codes_all_are_told_apart(runs: tuple[RunFolder, RunFolder, Cohort]) -> None:
    base, _, cohort = runs
    code, said = typed(base.path, "--information", "--cohort", cohort.root, "--redraws", 20)
    assert code == 0 and "12 images of 6 patients, each told its own code among 6" in said, said


def test_what_has_no_information_ends_with_a_sentence(runs: tuple[RunFolder, RunFolder, Cohort]) -> None:
    base, head, cohort = runs
    given = ("--cohort", cohort.root)
    for words, sentence in (
        ((base.path, *given), "base was trained without labels and has no areas; ask with --information"),
        ((head.path, "--information", *given), "head is a run of probe; the information of codes is that of a"),
        ((base.path, "--information", *given, "--split", "elsewhere"), "has images of 0 patients, and a code"),
        ((base.path, "--information"), "base names no cohort; give one with --cohort"),
    ):
        code, said = typed(*words)
        assert code == 1 and sentence in said, said
