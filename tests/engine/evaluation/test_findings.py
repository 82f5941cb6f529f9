"""Findings beside each other: which are in, in which order, against whom; and another model's table of scores."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from engine.cohorts.cohort import Cohort
from engine.errors import JobError
from engine.evaluation.findings import findings_of, foreign_scores
from engine.evaluation.measures import Draws
from engine.evaluation.predictions import Predictions, load_predictions
from engine.evaluation.report import evaluate
from engine.jobs.run import RunFolder
from tests.engine.evaluation.made_runs import FINDINGS, made_cohort, pathology_run

DRAWS = Draws(200, 0)


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    return made_cohort(tmp_path_factory.mktemp("findings") / "made", n_patients=240)


@pytest.fixture
def run(cohort: Cohort, tmp_path: Path) -> RunFolder:
    return pathology_run(tmp_path / "run", cohort)


@pytest.fixture
def of(run: RunFolder) -> Predictions:
    return load_predictions(run.predictions("made", "test"))


def scores(of: Predictions, path: Path, gain: float = 0.0, **columns: object) -> Path:
    generator = np.random.default_rng(5)
    truth = np.nan_to_num(of.truth)
    values = generator.normal(size=of.truth.shape) + gain * truth
    frame = pd.DataFrame(values, columns=[f"p.{name}" for name in of.classes])
    pd.DataFrame({"image_id": of.image_ids}).join(frame).assign(**columns).to_csv(path, index=False)  # type: ignore[arg-type]
    return path


def test_findings_with_too_few_positives_are_left_out(of: Predictions) -> None:
    positives = dict(zip(of.classes, (of.truth == 1).sum(0), strict=True))
    limit = sorted(positives.values())[1]
    found = findings_of(of, DRAWS, least_positives=int(limit))
    assert {row["finding"] for row in found.rows} == {name for name, n in positives.items() if n >= limit}
    assert set(found.left_out) == set(positives) - {row["finding"] for row in found.rows}
    areas = [row["auc"] for row in found.rows]
    assert areas == sorted(areas, reverse=True)


def test_areas_are_scikit_learn_s_and_lie_in_their_intervals(of: Predictions) -> None:
    for row in findings_of(of, DRAWS, least_positives=1).rows:
        k = of.classes.index(row["finding"])
        known = np.isin(of.truth[:, k], (0, 1))
        assert row["auc"] == pytest.approx(roc_auc_score(of.truth[known, k], of.probabilities[known, k]))
        assert row["auc_low"] < row["auc"] < row["auc_high"]
        assert np.isnan(row["other_auc"])


def test_a_model_is_laid_beside_foreign_scores(of: Predictions, tmp_path: Path) -> None:
    other = foreign_scores(scores(of, tmp_path / "chexzero.csv"), of)
    found = findings_of(of, DRAWS, other, "chexzero", least_positives=1, permutations=500)
    for row in found.rows:
        k = of.classes.index(row["finding"])
        known = np.isin(of.truth[:, k], (0, 1))
        column = other.probabilities[:, other.classes.index(row["finding"])]
        assert row["other_auc"] == pytest.approx(roc_auc_score(of.truth[known, k], column[known]))
        assert 0 < row["p_permutation"] <= 1
        assert row["difference"] == pytest.approx(row["auc"] - row["other_auc"])
    assert "below ours in 3 of 3" in found.sentence()
    assert list(found.table().printed.columns)[-2:] == ["AUC of chexzero (95 % CI)", "p"]  # type: ignore[union-attr]


def test_scores_of_any_scale_and_of_some_images_are_matched_by_name(of: Predictions, tmp_path: Path) -> None:
    path = scores(of, tmp_path / "scores.csv", gain=5.0)
    frame = pd.read_csv(path).sample(frac=0.7, random_state=1).rename(columns={f"p.{FINDINGS[0]}": FINDINGS[0]})
    frame.drop(columns=f"p.{FINDINGS[1]}").to_csv(path, index=False)
    other = foreign_scores(path, of)
    assert set(other.classes) == set(FINDINGS) - {FINDINGS[1]}
    assert len(other) == len(frame)
    place = of.image_ids.index(other.image_ids[3])
    assert other.patients[3] == of.patients[place]
    np.testing.assert_array_equal(other.truth[3], of.truth[place][[of.classes.index(name) for name in other.classes]])


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda frame: frame.drop(columns="image_id"), "needs a column image_id and one for each finding"),
        (lambda frame: frame[["image_id"]].assign(other=1), "needs a column image_id and one for each finding"),
        (lambda frame: pd.concat([frame, frame[:1]]), "twice; keep one row an image"),
        (lambda frame: frame.assign(image_id="x" + frame["image_id"]), "none of the images that were predicted"),
        (lambda frame: frame.assign(**{f"p.{FINDINGS[0]}": "high"}), "is no number"),
    ],
)
def test_tables_that_hold_no_scores_are_refused(of: Predictions, tmp_path: Path, spoil: object, sentence: str) -> None:
    path = scores(of, tmp_path / "scores.csv")
    spoil(pd.read_csv(path)).to_csv(path, index=False)  # type: ignore[operator]
    with pytest.raises(JobError, match=sentence):
        foreign_scores(path, of)


def test_the_report_has_table_figure_and_sentence(run: RunFolder, of: Predictions, tmp_path: Path) -> None:
    evaluate(run, redraws=50, permutations=200, against=scores(of, tmp_path / "chexzero.csv"), least_positives=2)
    table = pd.read_csv(run.report / "made_test_findings.csv")
    assert len(table) == 3
    assert table["p_permutation"].between(0, 1).all()
    assert (run.report / "figures" / "made_test_findings.svg").is_file()
    page = (run.report / "report.html").read_text(encoding="utf-8")
    assert "3 findings with at least 2 positives: mean AUC" in page
    assert "AUC of chexzero" in page
    assert '"scores_sha256"' in (run.report / "report.json").read_text(encoding="utf-8")
