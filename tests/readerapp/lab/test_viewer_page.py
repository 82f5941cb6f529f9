"""Open viewing: what a trained run looks at, laid over the image by the warm process, shown and hidden by keys."""

import os
import signal
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.cohorts.cohort import load_cohort
from engine.errors import ImageError
from engine.images.image import Image
from engine.jobs.making import make_spec
from engine.jobs.run import create_run
from readerapp.demo.hands import Hands
from readerapp.lab.lab import VIEWER, Lab
from readerapp.lab.memory import LabMemory
from readerapp.lab.opened import Shown, as_seen_by
from readerapp.lab.viewer_page import ViewerPage

PATIENCE_S = 180


@pytest.fixture
def page(lab_memory: LabMemory, runs: Path, lab: Lab, hands: Hands, cohort: Path) -> ViewerPage:
    """The viewer with an image of the cohort, explained."""
    lab_memory.keep_runs(runs)
    hands._patience_s = PATIENCE_S
    lab.viewer.open(load_cohort(cohort), 1)
    lab.list.setCurrentRow(VIEWER)
    explained(lab.viewer, hands)
    return lab.viewer


def explained(page: ViewerPage, hands: Hands) -> None:
    wanted = lambda: page._questions() and all(question in page._answers for question in page._questions())  # noqa: E731
    hands.wait_for("the explanation", lambda: bool(wanted()))
    hands.wait_for_work()


def press(page: ViewerPage, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    page.setFocus()
    QTest.keyClick(page, key, modifier)


def heats(page: ViewerPage) -> list[bool]:
    return [canvas.heat is not None for canvas in page.stage.canvases]


def test_the_map_of_a_run_lies_over_the_image(page: ViewerPage, hands: Hands) -> None:
    assert heats(page) == [True]
    layer = page.stage.canvas.heat
    assert layer is not None
    (found,) = (e for e in page._answers[page._questions()[0]] if e.target == page.panel.finding)
    assert np.array_equal(layer.values, np.clip(found.normalised(), 0, 1))
    rows = page.panel.findings.rows_model.rows
    assert {row["name"]: row["p"] for row in rows}[page.panel.finding] == found.probability
    assert f"p = {found.probability:.3f}" in page.panel.prediction.text()


def test_keys_show_hide_and_change_the_map(page: ViewerPage, hands: Hands) -> None:
    press(page, Qt.Key.Key_G)
    assert heats(page) == [False]
    press(page, Qt.Key.Key_G)
    assert heats(page) == [True]
    press(page, Qt.Key.Key_C)
    layer = page.stage.canvas.heat
    assert layer is not None
    assert layer.color_map == "cividis"
    press(page, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ShiftModifier)
    assert page.panel.opacity.value() == 50
    before = page.panel.finding
    page.panel.findings.choose(0)
    press(page, Qt.Key.Key_N)
    assert page.panel.finding == page.panel.findings.rows_model.rows[1]["name"]
    assert before


def test_two_methods_side_by_side(page: ViewerPage, hands: Hands) -> None:
    press(page, Qt.Key.Key_S)
    explained(page, hands)
    assert page.stage.count == 2
    hands.wait_for("both maps", lambda: heats(page) == [True, True])
    one, other = (canvas.heat for canvas in page.stage.canvases)
    assert one is not None and other is not None
    assert not np.array_equal(one.values, other.values)
    assert page.stage.links >= {"zoom", "window"}
    press(page, Qt.Key.Key_S)
    assert page.stage.count == 1


def test_another_image_gets_its_own_map(page: ViewerPage, hands: Hands) -> None:
    before, layer = page._questions(), page.stage.canvas.heat
    hands.click(page.next)
    explained(page, hands)
    assert page._questions() != before
    assert before[0] not in page._answers
    assert heats(page) == [True]
    assert page.stage.canvas.heat is not layer


def test_other_keys_are_the_viewers(page: ViewerPage, hands: Hands) -> None:
    press(page, Qt.Key.Key_I)
    assert page.stage.canvas.view.inverted


@pytest.mark.skipif(sys.platform == "win32", reason="kills by a POSIX signal")
def test_a_dead_process_is_started_anew(page: ViewerPage, hands: Hands) -> None:
    os.kill(page.explainer._worker.hello().pid, signal.SIGKILL)
    hands.click(page.next)
    hands.wait_for("an answer or a sentence", lambda: any(heats(page)) or page.panel.again.isVisible())
    if page.panel.again.isVisible():  # it was asked before its end was known
        assert page.panel.message.text()
        hands.click(page.panel.again)
    explained(page, hands)
    assert heats(page) == [True]


def test_a_threshold_and_no_run(page: ViewerPage, hands: Hands) -> None:
    page.panel.threshold.setFocus()
    QTest.keyClick(page.panel.threshold, Qt.Key.Key_End)
    layer = page.stage.canvas.heat
    assert layer is not None
    assert layer.threshold == 1.0
    hands.choose(page.panel.run, "none")
    assert heats(page) == [False]


def test_a_slice_is_made_grey_as_the_training_made_it(tmp_path: Path) -> None:
    """Of a run that learned from prepared CT slices; an image that is none is refused in a sentence."""
    run = create_run(tmp_path / "ct", make_spec("race", settings={"ct": "reading-race"})).path
    values = np.full((2, 64, 64), -1000, np.int16)
    values[:, 20:40, 20:40] = 200
    ct = Image(values, modality="CT", units="HU")
    plane = as_seen_by(run, ct, 1)
    assert plane[30, 30] == pytest.approx((200 + 1024) / 3000)
    assert plane[0, 0] == pytest.approx(24 / 3000)
    with pytest.raises(ImageError, match="prepared as reading-race"):
        as_seen_by(run, Image(values, modality="DX"), 1)


def test_a_stack_is_explained_slice_by_slice(page: ViewerPage, hands: Hands) -> None:
    """It opens at the slice that was asked for; where hands rest on another one, that is asked about."""
    pixels = np.random.default_rng(0).integers(0, 4096, (5, 64, 64)).astype(np.uint16)
    page._take(Shown("a stack", lambda: Image(pixels, bits_stored=12), {}, frame=3))
    hands.wait_for("the image", lambda: page._image is not None)
    explained(page, hands)
    assert page.stage.canvas.view.frame == 3
    assert [question.frame for question in page._questions()] == [3]
    press(page, Qt.Key.Key_Up)
    hands.wait_for("another slice", lambda: [question.frame for question in page._questions()] == [2])
    explained(page, hands)
    assert heats(page) == [True]
