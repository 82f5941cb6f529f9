"""A training started from the form, here, under torchrun and on Slurm; the window closes, and finds it again."""

import sys
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from engine.jobs.run import open_run
from readerapp.demo.hands import Hands
from readerapp.lab.lab import TRAINING, Lab
from readerapp.lab.memory import LabMemory
from readerapp.lab.training_form import TrainingForm
from readerapp.recent import Memory
from readerapp.window import MainWindow
from tests.engine.jobs.test_starting import _slurm_works
from tests.readerapp.lab.conftest import enter_lab

PATIENCE_S = 180
needs_slurm = pytest.mark.skipif(
    sys.platform == "win32" or not _slurm_works(), reason="no Slurm with an idle node on this machine"
)


def fill_in(form: TrainingForm, hands: Hands) -> None:
    """A training of seconds."""
    hands.choose(form.task, "pathology")
    for name, text in {"image_size": "32", "epochs": "2", "batch_size": "16"}.items():
        field = form.spec.rows[name].widget
        assert isinstance(field, QLineEdit)
        hands.type(field, text)
    for name, value in {"model": "small", "weights": "none"}.items():
        box = form.spec.rows[name].widget
        assert isinstance(box, QComboBox)
        hands.choose(box, value)
    hands.type(form.name, "first run")


def ask_for(form: TrainingForm, hands: Hands, place: str) -> None:
    """Where it runs, and of Slurm what a small machine has."""
    hands.choose(form.where, form.where.itemText(form.where.findData(place)))
    if place == "torchrun":
        assert form.processes.value() == 2
    if place == "slurm":
        for name, text in {"slurm_gpus": "0", "slurm_cpus": "1", "slurm_memory": "2", "slurm_hours": "1"}.items():
            box = hands.find(QSpinBox, name)
            box.setFocus()
            box.selectAll()
            QTest.keyClicks(box, text)


def started_as(run: Path) -> list[tuple[str, str]]:
    """How a run was started, and the number of its process or job."""
    found = [event.facts for event in open_run(run).events() if "started_as" in event.facts]
    return [(facts["started_as"], facts["id"]) for facts in found]


def command_of(process: str) -> str:
    """The command line of a process that is still there; "" where the system does not tell."""
    told = Path("/proc") / process / "cmdline"
    return told.read_text().replace("\0", " ") if told.is_file() else ""


@pytest.mark.parametrize("place", ["here", "torchrun", pytest.param("slurm", marks=needs_slurm)])
def test_a_run_goes_on_when_the_window_is_closed_and_is_found_again(
    place: str, lab: Lab, hands: Hands, window: MainWindow, lab_memory: LabMemory, memory: Memory, qtbot: QtBot
) -> None:
    lab.list.setCurrentRow(TRAINING)
    hands.wait_for_work()
    hands.click(lab.training.new)
    form = lab.training.form
    fill_in(form, hands)
    ask_for(form, hands, place)
    hands.click(form.launch_button)
    run = lab_memory.runs / "first-run"
    hands.wait_for("the run", lambda: (run / "events.jsonl").is_file() and bool(started_as(run)))
    hands.wait_for_work()
    ((how, number),) = started_as(run)
    assert how == ("slurm" if place == "slurm" else "process")
    if place == "torchrun" and sys.platform == "linux":
        assert "--nproc-per-node=2" in command_of(number)
    hands.wait_for("the list", lambda: [found.path for found in lab.training.chosen] == [run])
    window.close()
    again = MainWindow(memory)
    qtbot.addWidget(again)
    again.resize(1366, 768)
    again.show()
    other = Hands(again, hands._screenshots, patience_s=PATIENCE_S)
    other.wait_for_work()
    lab = enter_lab(other)
    lab.list.setCurrentRow(TRAINING)
    page = lab.training
    other.wait_for("the end", lambda: [found.state for found in page.runs] in (["finished"], ["failed"]))
    (seen,) = page.runs
    assert seen.state == "finished", seen.said
    assert (seen.share, open_run(run).spec.epochs) == (1.0, 2)
    other.wait_for("the curves", lambda: bool(page.details.loss.getPlotItem().listDataItems()))
    assert page.details.loss.getPlotItem().listDataItems()[0].getData()[1][0] > 0
    assert other.find(QPushButton, "run_results").isEnabled()


@needs_slurm
def test_what_slurm_refuses_is_said_and_leaves_nothing_behind(lab: Lab, hands: Hands, lab_memory: LabMemory) -> None:
    lab.list.setCurrentRow(TRAINING)
    hands.wait_for_work()
    hands.click(lab.training.new)
    form = lab.training.form
    fill_in(form, hands)
    ask_for(form, hands, "slurm")
    form.memory_gb.setValue(form.memory_gb.maximum())
    hands.click(form.launch_button)
    hands.wait_for_work()
    assert form.isVisible()
    assert form.message.text().startswith("Slurm refused the job: ")
    assert not (lab_memory.runs / "first-run").exists()
