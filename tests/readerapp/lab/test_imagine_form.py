"""A cohort of counterfactuals made in the window is what the command makes; from it step 1 is planned in the form."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from engine.cohorts.cohort import load_cohort
from readerapp.demo.hands import Hands
from readerapp.lab.imagine_form import ImagineForm
from readerapp.lab.lab import COUNTERFACTUALS, Lab
from readerapp.lab.memory import LabMemory
from readerapp.window import MainWindow
from studies.__main__ import main as studies

PATIENCE_S = 240


@pytest.fixture
def form(lab_memory: LabMemory, heads: Path, lab: Lab, hands: Hands) -> ImagineForm:
    """Opened by its button, the one head chosen."""
    lab_memory.keep_runs(heads)
    hands._patience_s = PATIENCE_S
    hands.click(hands.find(QPushButton, "imagine_cohort"))
    hands.wait_for_work()
    form = lab.cohorts.imagining
    hands.choose(form.run, "head")
    return form


def tick(form: ImagineForm, hands: Hands, *names: str) -> None:
    """With Space, as from the keyboard."""
    form.findings.setFocus()
    for row in range(form.findings.count()):
        form.findings.setCurrentRow(row)
        if form.findings.item(row).data(Qt.ItemDataRole.UserRole) in names:
            QTest.keyClick(form.findings, Qt.Key.Key_Space)
    hands.settle()


def test_the_window_writes_what_the_command_writes(
    form: ImagineForm, window: MainWindow, hands: Hands, cohort: Path, heads: Path, tmp_path: Path
) -> None:
    made, own = tmp_path / "made", tmp_path / "own"
    tick(form, hands, "pneumothorax", "cardiomegaly")
    hands.choose(form.split, "any split")
    hands.wait_for_work()
    assert form.sources.text().startswith("Images without any finding: ")
    hands.choose(form.far, "to a probability")
    form.amount.setValue(0.8)
    hands.choose(form.quality, "preview, 20 + 20 steps")
    form.each.setValue(1)
    form.seed.setValue(4)
    hands.type(hands.find(QLineEdit, "cohort_out"), str(made))
    hands.click(form.start_button)
    assert form.working
    hands.wait_for("the time it takes", lambda: " for 2 cases, " in form.log.toPlainText())
    hands.wait_for("the cohort", lambda: not form.working)
    hands.wait_for_work()
    assert form.message.text() == ""
    command = [sys.executable, "-m", "engine", "cohort", "counterfactual", str(heads / "head"), "--cohort", str(cohort)]
    command += [part for target in form.ticked() for part in ("--target", target)]
    command += ["--split", "any", "--probability", "0.8", "--preview", "--per-finding", "1", "--seed", "4"]
    subprocess.run([*command, "--out", str(own)], env={**os.environ, "OMP_NUM_THREADS": "1"}, check=True, timeout=480)
    names = sorted(path.relative_to(own).as_posix() for path in own.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(made).as_posix() for path in made.rglob("*") if path.is_file())
    assert (made / "cohort.csv").read_text() == (own / "cohort.csv").read_text()
    pictures = [name for name in names if name.endswith(".dcm")]
    assert len(pictures) == 6
    assert all((made / name).read_bytes() == (own / name).read_bytes() for name in pictures)
    _plans_step1(form, window, hands, made, tmp_path)


def _plans_step1(form: ImagineForm, window: MainWindow, hands: Hands, made: Path, tmp_path: Path) -> None:
    """The button has the keyboard; the form's draft holds the protocol of `studies step1`."""
    assert QApplication.focusWidget() is form.plan
    QTest.keyClick(form.plan, Qt.Key.Key_Space)
    hands.wait_for("the form", lambda: window.page == "new study")
    hands.wait_for_work()
    page = window.new_study
    assert page.basis.cohort.path() == made
    assert [row["name"] for row in page.entries()["selection"]["strata"]] == ["pneumothorax", "cardiomegaly"]
    hands.type(page.basis.out.edit, str(tmp_path / "step1"))
    hands.wait_for("the count", page.create_button.isEnabled)
    hands.click(page.create_button)
    hands.wait_for_work()
    done = CliRunner().invoke(studies, ["step1", "--cohort", str(made), "--out", str(tmp_path / "step1.toml")])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "step1" / "protocol.toml").read_text() == (tmp_path / "step1.toml").read_text()


def test_cancelled_it_leaves_nothing(form: ImagineForm, hands: Hands, tmp_path: Path) -> None:
    tick(form, hands, "pneumothorax")
    hands.choose(form.split, "any split")
    hands.type(hands.find(QLineEdit, "cohort_out"), str(tmp_path / "new" / "made"))
    hands.click(form.start_button)
    hands.wait_for("progress", lambda: form.bar.maximum() == 1000 and form.bar.value() > 0)
    hands.click(form.cancel_button)
    hands.wait_for("the end", lambda: not form.working)
    assert form.message.text() == "Stopped as you asked: no cohort was made."
    assert not form.plan.isVisible()
    assert list((tmp_path / "new").iterdir()) == []


def test_what_is_missing_is_said_first(form: ImagineForm, hands: Hands) -> None:
    hands.click(form.start_button)
    assert form.message.text() == "Tick at least one finding to imagine."
    tick(form, hands, "pneumothorax")
    hands.choose(form.far, "by an amplitude")
    form.amount.setValue(0)
    hands.click(form.start_button)
    assert "amplitude of 0" in form.message.text()
    hands.choose(form.far, "as the paper's text")
    assert not form.amount.isVisible()
    hands.click(form.start_button)
    assert form.message.text() == "Choose a folder for the new cohort."
    assert not form.working


def test_it_opens_with_the_run_and_finding_of_the_counterfactual_page(
    lab_memory: LabMemory, heads: Path, lab: Lab, hands: Hands, cohort: Path
) -> None:
    lab_memory.keep_runs(heads)
    lab.viewer.open(load_cohort(cohort), 1)
    lab.list.setCurrentRow(COUNTERFACTUALS)
    hands.wait_for_work()
    panel = lab.counterfactuals.panel
    panel.run.setCurrentIndex(panel.run.findData(str(heads / "head")))
    panel.choose_finding("pneumothorax")
    hands.click(panel.cohort)
    hands.wait_for_work()
    form = lab.cohorts.imagining
    assert form.isVisible()
    assert (form.run.currentData(), form.ticked()) == (str(heads / "head"), ["pneumothorax"])
    assert form.cohort.currentData() == str(cohort)
