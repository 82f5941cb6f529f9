"""Results: a run is evaluated by the engine, and what its report says is what the page shows."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyqtgraph as pg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.cohorts.cohort import load_cohort
from engine.evaluation.predictions import load_predictions
from engine.evaluation.report import evaluate
from engine.jobs.run import RunFolder, create_run
from engine.jobs.specs import CohortSource, PathologySpec, RaceSpec
from engine.metrics.roc import roc_auc
from readerapp.demo.hands import Hands
from readerapp.lab.evaluation import Evaluation, read_evaluation
from readerapp.lab.lab import RESULTS, VIEWER, Lab
from readerapp.lab.memory import LabMemory
from readerapp.lab.results_page import ResultsPage
from tests.engine.evaluation.made_runs import RACES, made_cohort, pathology_run, race_run, write_splits

PATIENCE_S = 150


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A run with its report, of few redraws."""
    root = tmp_path_factory.mktemp("evaluated")
    run = pathology_run(root / "runs" / "findings", made_cohort(root / "made"))
    evaluate(run, redraws=50)
    return run


@pytest.fixture
def run(evaluated: RunFolder, lab_memory: LabMemory) -> RunFolder:
    """The run, in the folder that the lab looks at."""
    lab_memory.keep_runs(evaluated.path.parent)
    return evaluated


@pytest.fixture
def page(run: RunFolder, lab: Lab, hands: Hands) -> ResultsPage:
    """The page of results."""
    lab.list.setCurrentRow(RESULTS)
    hands.wait_for_work()
    hands.wait_for_work()
    return lab.results


def test_a_run_is_evaluated_by_its_button(lab: Lab, lab_memory: LabMemory, hands: Hands, tmp_path: Path) -> None:
    run = pathology_run(lab_memory.runs / "findings", made_cohort(tmp_path / "made", 20))
    lab.list.setCurrentRow(RESULTS)
    hands.wait_for_work()
    page = lab.results
    assert page.evaluation is None
    assert not page.tabs.isVisible()
    hands._patience_s = PATIENCE_S
    hands.click(page.evaluate)
    assert page.stop.isVisible()
    hands.wait_for("the report", lambda: page.evaluation is not None)
    hands.wait_for_work()
    assert page.tabs.isVisible()
    assert (run.report / "report.html").is_file()


def test_curves_are_those_of_the_predictions(page: ResultsPage, run: RunFolder) -> None:
    of = load_predictions(run.predictions("made", "test"))
    area = roc_auc(of.truth[:, 0], of.probabilities[:, 0])
    assert f"AUC {area:.3f}" in page.roc.accessibleName()
    curve = page.roc.getPlotItem().listDataItems()[0].getData()
    assert np.trapezoid(curve[1], curve[0]) == pytest.approx(area, abs=0.02)
    areas = page.areas.as_text()
    assert all(name in areas for name in of.classes)


def test_subgroups_stand_in_a_forest(page: ResultsPage, run: RunFolder) -> None:
    table = pd.read_csv(run.report / "metrics.csv", keep_default_na=False)
    wanted = table[(table["class"] == page.class_box.currentText()) & (table["level"] == "image")]
    assert page.forest.rows_model.rowCount() == len(wanted)
    assert "sex: F" in page.forest.as_text()
    assert page.forest.rows_model.axes, "intervals are drawn"


def test_another_class_is_chosen(page: ResultsPage, hands: Hands) -> None:
    hands.choose(page.class_box, "Cardiomegaly")
    hands.wait_for_work()
    assert "Cardiomegaly" in page.roc.accessibleName()
    assert "Cardiomegaly" in page.calibration.accessibleName()


def test_calls_add_up(page: ResultsPage, run: RunFolder, hands: Hands) -> None:
    hands.turn_tab(page.tabs, "Confusion")
    of = load_predictions(run.predictions("made", "test"))
    stated = (of.truth[:, 0] == 1) | (of.truth[:, 0] == 0)
    rows = page.calls.rows_model.rows
    assert sum(row[str(k)][0] for row in rows for k in (0, 1)) == stated.sum()
    assert rows[0]["0"][1] == (of.truth[:, 0] == 1).sum()


def test_the_worst_errors_come_first_and_open_in_the_viewer(page: ResultsPage, hands: Hands, lab: Lab) -> None:
    hands.turn_tab(page.tabs, "Worst errors")
    rows = page.errors.rows_model.rows
    assert rows
    assert [row["wrong"] for row in rows] == sorted((row["wrong"] for row in rows), reverse=True)
    page.errors.setFocus()
    page.errors.choose(0)
    QTest.keyClick(page.errors, Qt.Key.Key_Return)
    assert lab.list.currentRow() == VIEWER
    assert rows[0]["image"] in lab.viewer.title.text()


def test_classes_that_exclude_each_other_have_one_table(
    lab: Lab, hands: Hands, lab_memory: LabMemory, tmp_path: Path
) -> None:
    run = race_run(lab_memory.runs / "race", made_cohort(tmp_path / "made"))
    evaluate(run, redraws=50)
    lab.list.setCurrentRow(RESULTS)
    hands.wait_for_work()
    hands.wait_for_work()
    assert [row["name"] for row in lab.results.calls.rows_model.rows] == ["Asian", "Black", "White"]
    test = load_predictions(run.predictions("made", "test"))
    assert sum(row[str(k)][0] for row in lab.results.calls.rows_model.rows for k in range(3)) == len(test)


def test_a_report_without_its_cohort_is_shown_all_the_same(lab_memory: LabMemory, tmp_path: Path) -> None:
    cohort = made_cohort(tmp_path / "made")
    run = pathology_run(lab_memory.runs / "a", cohort)
    evaluate(run, redraws=20)
    assert load_cohort(cohort.root).root == cohort.root
    (cohort.root / "cohort.csv").unlink()
    found = read_evaluation(run, lambda _share, _what: None)
    assert isinstance(found, Evaluation)
    assert found.parts[0].cohort is None
    assert found.parts[0].mistakes("Effusion")


def mostly_test(cohort: Path) -> pd.DataFrame:
    """The images of a cohort, those of every fourth patient in val and all others in test."""
    frame = load_cohort(cohort).frame
    return frame.assign(split=np.where(frame["patient_id"].factorize()[0] % 4 == 0, "val", "test"))


def test_a_mistake_about_race_opens_at_its_class(
    lab: Lab, hands: Hands, lab_memory: LabMemory, cohort: Path, tmp_path: Path
) -> None:
    """By the button, with a cohort whose images are there, and the class at hand chosen in the viewer."""
    frame = mostly_test(cohort)
    run = create_run(lab_memory.runs / "race", RaceSpec(classes=RACES, cohorts=(CohortSource(name="x", path="x"),)))
    p = np.full((len(frame), 3), 0.1)
    p[:, 1] = 0.8  # everybody is called Black
    truth = np.stack([(frame["race"] == race).to_numpy(dtype=float) for race in RACES], axis=1)
    write_splits(run, cohort.name, frame, RACES, truth, p)
    evaluate(run, redraws=20)
    lab.list.setCurrentRow(RESULTS)
    hands.wait_for_work()
    hands.wait_for_work()
    page = lab.results
    hands.choose(page.class_box, "Black")
    hands.wait_for_work()
    hands.turn_tab(page.tabs, "Worst errors")
    (wrong, *_) = page.errors.rows_model.rows
    assert wrong["p"] == 0.8
    hands.click(page.look)
    assert lab.list.currentRow() == VIEWER
    assert wrong["image"] in lab.viewer.title.text()
    assert lab.viewer.panel.finding == "Black"
    hands.wait_for("the image", lambda: lab.viewer.stage.count == 1)


def test_no_band_is_drawn_where_the_interval_is_withheld(
    lab: Lab, hands: Hands, lab_memory: LabMemory, cohort: Path
) -> None:
    """One positive patient: most redraws have none or nobody else, and the report withholds the interval."""
    frame = mostly_test(cohort)
    run = create_run(lab_memory.runs / "one", PathologySpec(findings=("Nodule",)))
    truth = np.zeros((len(frame), 1))
    truth[frame["split"].tolist().index("test")] = 1
    write_splits(run, "alone", frame, ("Nodule",), truth, np.linspace(0, 1, len(frame))[:, None])
    evaluate(run, redraws=50)
    lab.list.setCurrentRow(RESULTS)
    hands.wait_for_work()
    hands.wait_for_work()
    page = lab.results
    assert "no interval" in page.roc.accessibleName()
    assert not [item for item in page.roc.getPlotItem().items if isinstance(item, pg.FillBetweenItem)]
    assert "withheld" in page.remark.text()
