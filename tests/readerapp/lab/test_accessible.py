"""Every page of the lab, in larger text and in German too: names for screen readers, focus seen, nothing cut."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication

from engine.evaluation.report import evaluate
from readerapp import theme, translation
from readerapp.demo.hands import Hands
from readerapp.lab.lab import VIEWER
from readerapp.lab.memory import LabMemory
from readerapp.recent import Memory
from readerapp.window import MainWindow
from tests.engine.evaluation.made_runs import made_cohort, pathology_run
from tests.readerapp import every_page
from tests.readerapp.lab.conftest import enter_lab
from tests.readerapp.test_accessibility import cut_texts, nameless, unseen_focus


@pytest.fixture(params=[("en", 100), ("de", 150)], ids=["English", "German, larger"])
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


def test_every_page_of_the_lab(looked_at: Hands) -> None:
    lab = enter_lab(looked_at)
    found: dict[str, list[str]] = {}
    for place in every_page.lab_pages(looked_at, lab):
        looked_at.settle()
        if wrong := nameless(lab) + cut_texts(lab):
            found[place] = wrong
    assert found == {}
    lab.list.setCurrentRow(VIEWER)
    looked_at.settle()
    assert unseen_focus(lab.viewer) == []
    assert (looked_at.window.width(), looked_at.window.height()) == (1366, 768)
