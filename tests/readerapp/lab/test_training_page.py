"""Trainings: asked for in the form, followed, cancelled, resumed, compared."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QSpinBox

from engine.jobs.launch import Slurm, Torchrun
from engine.jobs.making import make_spec
from engine.jobs.run import RunFolder, create_run
from engine.locking import held
from readerapp.demo.hands import Hands
from readerapp.lab.lab import TRAINING, Lab
from readerapp.lab.memory import LabMemory
from readerapp.lab.training_form import TrainingForm
from readerapp.lab.training_page import TrainingPage
from resources.files import shipped_folder


@pytest.fixture
def page(lab: Lab, hands: Hands) -> TrainingPage:
    """The page of training."""
    lab.list.setCurrentRow(TRAINING)
    hands.wait_for_work()
    return lab.training


@pytest.fixture
def form(page: TrainingPage, hands: Hands) -> TrainingForm:
    """The form of a new training."""
    hands.click(page.new)
    return page.form


def entry(form: TrainingForm, hands: Hands, name: str, text: str) -> None:
    field = form.spec.rows[name].widget
    assert isinstance(field, QLineEdit)
    hands.type(field, text)


def number(hands: Hands, name: str, text: str) -> None:
    box = hands.find(QSpinBox, name)
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)


def made(root: Path, name: str, **settings: object) -> RunFolder:
    return create_run(root / name, make_spec("race", settings=settings))


def test_the_form_of_a_task_has_all_its_entries(form: TrainingForm, hands: Hands) -> None:
    assert "target" in form.spec.rows
    hands.choose(form.task, "pathology")
    assert "findings" in form.spec.rows
    assert "target" not in form.spec.rows
    assert isinstance(form.spec.rows["flip"].widget, QCheckBox)
    assert isinstance(form.spec.rows["model"].widget, QComboBox)


def test_entries_are_named_in_words_and_by_their_key(form: TrainingForm) -> None:
    labels = {label.text(): label for label in form.spec.findChildren(QLabel)}
    assert labels["Learning rate"].buddy() is form.spec.rows["learning_rate"].widget
    assert "learning_rate" in labels
    assert form.spec.rows["learning_rate"].widget.accessibleName() == "Learning rate"


def test_weights_without_events_do_not_wait(page: TrainingPage, hands: Hands, lab_memory: LabMemory) -> None:
    shutil.copytree(shipped_folder() / "demo" / "race", lab_memory.runs / "theirs")
    page._look()
    hands.wait_for("the run", lambda: [found.state for found in page.runs] == ["weights"])
    assert "weights only" in page.table.as_text()
    assert page.duplicate_button.isEnabled()
    for button in (page.cancel_button, page.resume_button, page.results_button):
        assert not button.isEnabled()


def test_a_preset_fills_the_form_and_what_is_changed_is_marked(form: TrainingForm, hands: Hands) -> None:
    hands.choose(form.preset, "chest-resnet34")
    rows = form.spec.rows
    assert (rows["image_size"].value(), rows["batch_size"].value(), rows["flip"].value()) == (320, 256, True)
    assert rows["epochs"].mark.text() == ""
    entry(form, hands, "epochs", "7")
    assert "100" in rows["epochs"].mark.text()
    asked = form.asked()
    assert (asked.preset, asked.settings) == ("chest-resnet34", {"epochs": 7})
    assert make_spec(asked.task, (), asked.preset, asked.settings).image_size == 320


def test_what_is_not_possible_is_said_at_once(form: TrainingForm, hands: Hands) -> None:
    entry(form, hands, "image_size", "3")
    assert "image_size = 3 is not possible" in form.message.text()
    entry(form, hands, "image_size", "three")
    assert "'three' is no number" in form.message.text()
    hands.click(form.launch_button)
    assert form.isVisible()
    entry(form, hands, "image_size", "64")
    assert form.message.text() == ""


def test_a_training_needs_a_cohort_and_a_name(form: TrainingForm, hands: Hands) -> None:
    form.cohorts.item(0).setCheckState(Qt.CheckState.Unchecked)
    hands.click(form.launch_button)
    assert "cohort" in form.message.text()
    form.cohorts.item(0).setCheckState(Qt.CheckState.Checked)
    hands.type(form.name, " ")
    hands.click(form.launch_button)
    assert "name" in form.message.text()


def test_where_it_runs(form: TrainingForm, hands: Hands) -> None:
    hands.choose(form.where, "here, several processes (torchrun)")
    form.processes.setValue(3)
    assert form.asked().place == Torchrun(3)
    if form.where.findData("slurm") < 0:
        form.where.addItem("slurm", "slurm")
    form.where.setCurrentIndex(form.where.findData("slurm"))
    hands.type(form.partition, "gpu")
    assert form.asked().place == Slurm(partition="gpu", gpus=1)
    for name, text in {"slurm_nodes": "2", "slurm_gpus": "4", "slurm_cpus": "8", "slurm_memory": "64"}.items():
        number(hands, name, text)
    number(hands, "slurm_hours", "12")
    hands.type(form.account, "chest")
    assert form.asked().place == Slurm("gpu", 4, 2, 8, 64, 12 * 60, "chest")


def test_a_run_is_cancelled_and_can_be_resumed(page: TrainingPage, hands: Hands, lab_memory: LabMemory) -> None:
    run = made(lab_memory.runs, "a")
    with held(run.lock, "held"):
        run.log.say("state", state="running", pid=1)
        page._look()
        hands.wait_for("the run", lambda: [found.state for found in page.runs] == ["running"])
        assert not page.resume_button.isEnabled()
        hands.click(page.cancel_button)
        hands.wait_for("the wish", lambda: run.cancel_asked)
        run.log.say("state", state="cancelled")
    page._look()
    hands.wait_for("the state", lambda: [found.state for found in page.runs] == ["cancelled"])
    assert page.resume_button.isEnabled()
    assert not page.cancel_button.isEnabled()
    assert "cancelled" in page.details.log.toPlainText()


def test_what_is_selected_stays_selected_while_runs_go_on(
    page: TrainingPage, hands: Hands, lab_memory: LabMemory
) -> None:
    runs = [made(lab_memory.runs, name) for name in ("a", "b")]
    page._look()
    hands.wait_for("the runs", lambda: len(page.runs) == 2)
    page.table.select(runs[0].path)
    for images in (10, 20):
        runs[0].log.say("step", images=images, of=40, epoch=1, loss=1.0, images_per_s=3.25, remaining_s=75.0)
        page._look()
        hands.wait_for("the step", lambda: any(found.images == images for found in page.runs))  # noqa: B023
        assert page.table.selected() == {runs[0].path}
    text = page.table.as_text()
    assert "50%" in text
    assert "3.25" in text


def test_two_runs_are_compared(page: TrainingPage, hands: Hands, lab_memory: LabMemory) -> None:
    runs = [made(lab_memory.runs, "a"), made(lab_memory.runs, "b", epochs=3)]
    for number, run in enumerate(runs):
        run.log.say("metric", epoch=1, images=10, split="val", name="macro_auc", value=0.6 + number / 10)
    page._look()
    hands.wait_for("the runs", lambda: len(page.runs) == 2)
    page.table.setFocus()
    page.table.selectionModel().setCurrentIndex(
        page.table.model().index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate
    )
    QTest.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert len(page.chosen) == 2
    (row,) = page.details.table.rows_model.rows
    assert row["entry"] == "epochs"
    assert {row["0"], row["1"]} == {"10", "3"}
    assert len(page.details.validation.getPlotItem().listDataItems()) == 2
    assert "a" in page.details.legend.text()


def test_a_run_is_duplicated_with_changes(page: TrainingPage, hands: Hands, lab_memory: LabMemory) -> None:
    made(lab_memory.runs, "a", epochs=3, learning_rate=0.5)
    page._look()
    hands.wait_for("the run", lambda: len(page.runs) == 1)
    hands.click(page.duplicate_button)
    rows = page.form.spec.rows
    assert (rows["epochs"].value(), rows["learning_rate"].value()) == (3, 0.5)
    assert all(row.mark.text() == "" for row in rows.values())
    entry(page.form, hands, "epochs", "9")
    assert [name for name, row in rows.items() if row.mark.text()] == ["epochs"]
    page.form.cohorts.item(0).setCheckState(Qt.CheckState.Checked)
    asked = page.form.asked()
    assert asked.settings == {"epochs": 9, "learning_rate": 0.5}
    assert asked.out.name == "a-1"
