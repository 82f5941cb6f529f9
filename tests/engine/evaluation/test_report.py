"""A report against numbers worked out apart from it: every row, what cannot be estimated, and where it comes from."""

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, brier_score_loss, confusion_matrix, roc_auc_score, roc_curve

from engine.cohorts.cohort import Cohort, cohort_sha256
from engine.errors import JobError
from engine.evaluation.report import evaluate, summary_lines
from engine.hashing import file_sha256
from engine.jobs.run import RunFolder, spec_sha256
from tests.engine.evaluation.made_runs import FINDINGS, RACES, made_cohort, pathology_run, race_run

DRAWS = 100


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def cohort(root: Path) -> Cohort:
    return made_cohort(root / "cohort")


@pytest.fixture(scope="module")
def plain(root: Path) -> Cohort:
    """Few patients with few subgroups: quick."""
    return made_cohort(root / "plain", 40, ct=True, plain=True)


@pytest.fixture(scope="module")
def race(root: Path, cohort: Cohort) -> RunFolder:
    run = race_run(root / "race", cohort)
    evaluate(run, redraws=DRAWS, against=race_run(root / "weaker", cohort, gain=0.5, seed=7), permutations=999)
    return run


@pytest.fixture(scope="module")
def pathology(root: Path, cohort: Cohort) -> RunFolder:
    run = pathology_run(root / "pathology", cohort)
    shares: list[float] = []
    evaluate(run, redraws=DRAWS, progress=shares.append)
    assert shares == sorted(shares) and shares[-1] == 1.0
    return run


def _metrics(run: RunFolder) -> pd.DataFrame:
    return pd.read_csv(run.report / "metrics.csv", keep_default_na=False, na_values=[""])


def _row(run: RunFolder, name: str, group: str = "all", value: str = "all", level: str = "image") -> pd.Series:
    frame = _metrics(run)
    chosen = frame[
        (frame["class"] == name) & (frame["group"] == group) & (frame["value"] == value) & (frame["level"] == level)
    ]
    assert len(chosen) == 1
    return chosen.iloc[0]


def _predictions(run: RunFolder, split: str) -> pd.DataFrame:
    return pd.read_csv(run.predictions("made", split))


def test_every_class_subgroup_and_level_has_its_row(race: RunFolder, cohort: Cohort) -> None:
    frame = _metrics(race)
    assert not frame.duplicated(["cohort", "split", "level", "group", "value", "class"]).any()
    assert set(frame["group"]) == {"all", "sex", "age", "race", "view", "site"}
    assert set(frame["level"]) == {"image", "study"}
    assert list(dict.fromkeys(frame["class"])) == [*RACES, "macro"]
    ages = list(dict.fromkeys(frame.loc[frame["group"] == "age", "value"]))
    assert ages[0] == "under 20" and ages[-2:] == ["80 and over", "not recorded"]
    test = cohort.frame[cohort.frame["split"] == "test"]
    women = _row(race, "White", "sex", "F")
    assert women["n"] == (test["sex"] == "F").sum()
    assert women["n_patients"] == test.loc[test["sex"] == "F", "patient_id"].nunique()


@pytest.mark.parametrize("name", RACES)
def test_the_numbers_of_a_class_are_those_of_scikit_learn(race: RunFolder, name: str) -> None:
    table, row = _predictions(race, "test"), _row(race, name)
    truth, scores = table[f"y.{name}"], table[f"p.{name}"]
    assert row["auc"] == pytest.approx(roc_auc_score(truth, scores), abs=1e-12)
    assert row["auc_low"] < row["auc"] < row["auc_high"]
    assert row["brier"] == pytest.approx(brier_score_loss(truth, scores), abs=1e-12)
    (tn, fp), (fn, tp) = confusion_matrix(truth, scores >= 0.5)
    assert row["sensitivity_at_0.5"] == pytest.approx(tp / (tp + fn))
    assert row["specificity_at_0.5"] == pytest.approx(tn / (tn + fp))


def test_thresholds_come_from_validation_data(race: RunFolder) -> None:
    validation, row = _predictions(race, "val"), _row(race, "Black")
    false, true, cuts = roc_curve(validation["y.Black"], validation["p.Black"], drop_intermediate=False)
    best = (true - false).argmax()
    assert cuts[best + 1] < row["threshold_youden"] <= cuts[best]
    test = _predictions(race, "test")
    positive = test["p.Black"][test["y.Black"] == 1]
    assert row["sensitivity_youden"] == pytest.approx((positive >= row["threshold_youden"]).mean())


def test_macro_is_the_mean_and_accuracy_is_of_the_likeliest(race: RunFolder) -> None:
    table, row = _predictions(race, "test"), _row(race, "macro")
    areas = [roc_auc_score(table[f"y.{name}"], table[f"p.{name}"]) for name in RACES]
    assert row["auc"] == pytest.approx(np.mean(areas), abs=1e-12)
    true, likeliest = (table[[f"{kind}.{name}" for name in RACES]].to_numpy().argmax(axis=1) for kind in "yp")
    assert row["accuracy"] == pytest.approx(accuracy_score(true, likeliest))
    assert row["accuracy_low"] < row["accuracy"] < row["accuracy_high"]


def test_a_study_is_the_mean_of_its_images(race: RunFolder) -> None:
    table = _predictions(race, "test")
    by_study = table.groupby("study_id")[["p.Asian", "y.Asian"]].mean()
    row = _row(race, "Asian", level="study")
    assert row["n"] == len(by_study)
    assert row["auc"] == pytest.approx(roc_auc_score(by_study["y.Asian"], by_study["p.Asian"]), abs=1e-12)


def test_slices_of_a_volume_are_averaged(root: Path) -> None:
    run = race_run(root / "ct", made_cohort(root / "ct-cohort", 60, ct=True, plain=True), gain=0.5, slices=4)
    evaluate(run, redraws=DRAWS)
    images, studies = _row(run, "White"), _row(run, "White", level="study")
    assert (images["n"], studies["n"], images["n_patients"]) == (120, 30, 30)
    assert studies["auc"] > images["auc"]  # four noisy slices say more than one


def test_what_is_uncertain_or_missing_is_left_out_and_counted(pathology: RunFolder) -> None:
    table = _predictions(pathology, "test")
    for name in FINDINGS:
        known = table[table[f"y.{name}"].isin([0, 1])]
        row = _row(pathology, name)
        assert (row["n"], row["n_left_out"]) == (len(known), len(table) - len(known))
        assert row["n_positive"] == (known[f"y.{name}"] == 1).sum()
        assert row["auc"] == pytest.approx(roc_auc_score(known[f"y.{name}"], known[f"p.{name}"]), abs=1e-12)
    assert np.isnan(_row(pathology, "macro")["accuracy"])  # findings do not exclude each other


def test_a_study_is_positive_where_any_image_is(pathology: RunFolder) -> None:
    table = _predictions(pathology, "test")
    truth = table.groupby("study_id")["y.Nodule"].apply(lambda y: 1 if (y == 1).any() else 0 if (y == 0).any() else -1)
    row = _row(pathology, "Nodule", level="study")
    assert (row["n"], row["n_positive"]) == ((truth != -1).sum(), (truth == 1).sum())


def test_what_cannot_be_estimated_is_named(race: RunFolder) -> None:
    test = _predictions(race, "test")
    n = int((test["y.Black"] == 1).sum())
    row = _row(race, "Asian", "race", "Black")
    assert np.isnan(row["auc"]) and row["status"] == f"not estimable: none of {n} is positive"
    assert _row(race, "Black", "race", "Black")["status"] == f"not estimable: none of {n} is negative"
    assert _row(race, "macro", "race", "Black")["status"] == "not estimable: no class has both outcomes"
    withheld = _metrics(race)["status"].str.startswith("interval withheld")
    frame = _metrics(race)[withheld]
    assert len(frame) and (frame["n_undefined_redraws"] > 0.05 * DRAWS).all() and frame["auc_low"].isna().all()


def test_another_run_is_compared_on_the_same_images(race: RunFolder, root: Path) -> None:
    frame = pd.read_csv(race.report / "comparison.csv")
    image = frame[frame["level"] == "image"].set_index("class")
    other = pd.read_csv(root / "weaker" / "predictions" / "made" / "test.csv")
    for name in RACES:
        assert image.loc[name, "other_auc"] == pytest.approx(roc_auc_score(other[f"y.{name}"], other[f"p.{name}"]))
        assert image.loc[name, "difference"] == pytest.approx(image.loc[name, "auc"] - image.loc[name, "other_auc"])
        assert image.loc[name, "p_delong"] < 0.01 and image.loc[name, "p_permutation"] <= 0.01
    assert image.loc["macro", "p_permutation"] == 1 / 1000
    assert "Against weaker" in (race.report / "report.html").read_text(encoding="utf-8")


def test_two_runs_with_other_truths_or_images_are_refused(root: Path, cohort: Cohort, race: RunFolder) -> None:
    other = race_run(root / "other-truth", cohort)
    path = other.predictions("made", "test")
    frame = pd.read_csv(path)
    frame.loc[3, ["y.Asian", "y.Black", "y.White"]] = 1 - frame.loc[3, ["y.Asian", "y.Black", "y.White"]]
    frame.to_csv(path, index=False)
    before = sorted(file.name for file in race.report.iterdir())
    with pytest.raises(JobError, match=f"different truths of image '{frame.loc[3, 'image_id']}'"):
        evaluate(race, against=other, redraws=20)
    frame["image_id"] = "x" + frame["image_id"]
    frame.to_csv(path, index=False)
    with pytest.raises(JobError, match="no image in common"):
        evaluate(race, against=other, redraws=20)
    assert sorted(file.name for file in race.report.iterdir()) == before


def test_the_report_says_where_its_numbers_come_from(race: RunFolder, cohort: Cohort) -> None:
    facts = json.loads((race.report / "report.json").read_text(encoding="utf-8"))
    assert facts["spec_sha256"] == spec_sha256(race.spec) and facts["redraws"] == DRAWS
    (source,) = facts["cohorts"]
    assert source["cohort_sha256"] == cohort_sha256(cohort.root)
    assert source["predictions_sha256"] == file_sha256(race.predictions("made", "test"))
    assert facts["versions"]["numpy"] == np.__version__
    assert facts["notice"] == "Research use only, not for diagnosis."
    page = (race.report / "report.html").read_text(encoding="utf-8")
    assert facts["spec_sha256"] in page and facts["notice"] in page


def test_the_figures_are_there_and_the_page_shows_them(pathology: RunFolder) -> None:
    page = (pathology.report / "report.html").read_text(encoding="utf-8")
    for kind in ("roc", "study_roc", "reliability", "confusion", "subgroups_nodule", "subgroups_macro"):
        name = f"made_test_{kind}"
        words = "".join(ElementTree.parse(pathology.report / "figures" / f"{name}.svg").getroot().itertext())
        assert "Research use only" in words and f'src="figures/{name}.svg"' in page
        assert (pathology.report / "figures" / f"{name}.png").stat().st_size > 5000


def test_tables_are_written_for_a_manuscript(race: RunFolder) -> None:
    row = _row(race, "Black")
    printed = f"{row['auc']:.3f} ({row['auc_low']:.3f} to {row['auc_high']:.3f})"
    for name in ("metrics.tex", "metrics.html"):
        assert printed in (race.report / name).read_text(encoding="utf-8").replace("~", " ")


def test_the_shell_gets_the_areas_and_the_notes(race: RunFolder, tmp_path: Path) -> None:
    lines = list(summary_lines(race.report))
    row = _row(race, "macro")
    assert any("macro" in line and f"AUC {row['auc']:.3f} (" in line for line in lines)
    assert lines[-1] == f"report: {race.report / 'report.html'}"
    with pytest.raises(JobError, match="holds no report"):
        list(summary_lines(tmp_path))


def test_without_validation_there_is_no_threshold_and_it_is_said(root: Path, plain: Cohort) -> None:
    run = race_run(root / "no-val", plain)
    run.predictions("made", "val").unlink()
    evaluate(run, redraws=20)
    row = _row(run, "White")
    assert np.isnan(row["threshold_youden"]) and np.isnan(row["sensitivity_youden"])
    assert not np.isnan(row["sensitivity_at_0.5"])
    assert any("no validation predictions" in line for line in summary_lines(run.report))


def test_a_cohort_that_is_not_there_leaves_the_subgroups_out_and_it_is_said(root: Path, plain: Cohort) -> None:
    run = race_run(root / "elsewhere", plain)
    (run.path / "predictions" / "made").rename(run.path / "predictions" / "external")
    evaluate(run, redraws=20)
    assert set(_metrics(run)["group"]) == {"all"}
    assert any("name it with --cohort external=DIR" in line for line in summary_lines(run.report))
    evaluate(run, redraws=20, cohorts={"external": plain})
    assert "sex" in set(_metrics(run)["group"])


def test_runs_without_whole_predictions_end_with_a_sentence(root: Path, plain: Cohort) -> None:
    run = race_run(root / "broken", plain)
    with pytest.raises(JobError, match="no predictions of split train"):
        evaluate(run, split="train")
    path = run.predictions("made", "test")
    frame = pd.read_csv(path)
    for spoiled, words in (
        (frame.drop(columns="y.Asian"), "no column y.Asian"),
        (frame.assign(**{"p.Black": np.nan}), "probability outside 0 to 1, or none"),
        (frame.assign(**{"p.Black": "x"}), "no number"),
        (frame.iloc[:0], "hold no image"),
        (frame.assign(image_id="x" + frame["image_id"]), "has no image 'x"),
    ):
        spoiled.to_csv(path, index=False)
        with pytest.raises(JobError, match=words):
            evaluate(run, redraws=20)
    assert not list(run.report.iterdir())
