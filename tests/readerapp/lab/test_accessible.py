"""Every page of the lab, in larger text and in German too: names for screen readers, focus seen, nothing cut."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication, QPushButton

from engine.cohorts.cohort import load_cohort
from engine.evaluation.report import evaluate
from readerapp import theme, translation
from readerapp.demo.hands import Hands
from readerapp.lab.lab import COHORTS, RESULTS, TRAINING, VIEWER, Lab
from readerapp.lab.memory import LabMemory
from readerapp.recent import Memory
from readerapp.window import MainWindow
from tests.engine.evaluation.made_runs import made_cohort, pathology_run
from tests.readerapp.lab.conftest import enter_lab
from tests.readerapp.test_accessibility import cut_texts, nameless, unseen_focus


@pytest.fixture(params=[("en", 100), ("de", 130)], ids=["English", "German, larger"])
def looked_at(
    request: pytest.FixtureRequest, qapp: QApplication, memory: Memory, lab_memory: LabMemory, tmp_path: Path
) -> Iterator[Hands]:
    """A window with the lab entered, whose runs folder has one evaluated run."""
    language, percent = request.param
    run = pathology_run(lab_memory.runs / "findings", made_cohort(tmp_path / "made", 20))
    evaluate(run, redraws=20)
    translation.choose_language(language)
    translation.install(qapp)
    theme.keep_scale(percent)
    theme.apply(qapp)
    window = MainWindow(memory)
    window.resize(1366, 768)
    window.show()
    hands = Hands(window, tmp_path / "pictures", patience_s=120)
    hands.wait_for_work()
    yield hands
    window.close()
    theme.apply(qapp, 100)
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)


def places(hands: Hands, lab: Lab, cohort: Path) -> Iterator[str]:
    """Through every page and part of the lab."""
    for tab in range(lab.cohorts.browser.tabs.count()):
        lab.cohorts.browser.tabs.setCurrentIndex(tab)
        yield f"cohorts, part {tab}"
    for name in ("import_cohort", "simulate_cohort"):
        hands.click(hands.find(QPushButton, name))
        yield name
    lab.list.setCurrentRow(TRAINING)
    hands.wait_for("the run", lambda: len(lab.training.runs) == 1)
    for tab in range(lab.training.details.tabs.count()):
        lab.training.details.tabs.setCurrentIndex(tab)
        yield f"training, part {tab}"
    hands.click(lab.training.new)
    yield "the form"
    lab.list.setCurrentRow(RESULTS)
    hands.wait_for_work()
    hands.wait_for_work()
    for tab in range(lab.results.tabs.count()):
        lab.results.tabs.setCurrentIndex(tab)
        yield f"results, part {tab}"
    lab.viewer.open(load_cohort(cohort), 0)
    lab.list.setCurrentRow(VIEWER)
    hands.wait_for("the image", lambda: lab.viewer.stage.count == 1)
    yield "viewer"
    lab.list.setCurrentRow(COHORTS)


def test_every_page_of_the_lab(looked_at: Hands, cohort: Path) -> None:
    lab = enter_lab(looked_at)
    found: dict[str, list[str]] = {}
    for place in places(looked_at, lab, cohort):
        looked_at.settle()
        if wrong := nameless(lab) + cut_texts(lab):
            found[place] = wrong
    assert found == {}
    assert unseen_focus(lab.viewer) == []
