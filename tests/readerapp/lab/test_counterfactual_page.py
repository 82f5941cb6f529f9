"""Counterfactuals of a run trained for a moment, drawn by the warm process: preview, trajectory, full, grid, cancel."""

from pathlib import Path

import numpy as np
import pydicom
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from engine.cohorts.cohort import load_cohort
from engine.counterfactuals import BADGE, Counterfactual
from engine.jobs.making import make_spec
from engine.jobs.run import create_run
from readerapp.demo.hands import Hands
from readerapp.lab.counterfactual_page import CounterfactualPage
from readerapp.lab.counterfactual_views import COUNTERFACTUAL, RECONSTRUCTION
from readerapp.lab.heads import amplitudes_of, heads_among
from readerapp.lab.lab import COUNTERFACTUALS, Lab
from readerapp.lab.memory import LabMemory

PATIENCE_S = 240
NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(lab_memory: LabMemory, heads: Path, lab: Lab, hands: Hands, cohort: Path) -> CounterfactualPage:
    """The page with the image that was open in the viewer, a first trajectory drawn."""
    lab_memory.keep_runs(heads)
    hands._patience_s = PATIENCE_S
    lab.viewer.open(load_cohort(cohort), 1)
    lab.list.setCurrentRow(COUNTERFACTUALS)
    drawn(lab.counterfactuals, hands)
    return lab.counterfactuals


def drawn(page: CounterfactualPage, hands: Hands) -> None:
    known = lambda: bool(page._wanted()) and all(asked in page._answers for asked in page._wanted())  # noqa: E731
    hands.wait_for("the drawing", lambda: known() and not page._working_on)
    hands.wait_for_work()


def press(page: CounterfactualPage, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    page.setFocus()
    QTest.keyClick(page, key, modifier)


def seen(page: CounterfactualPage) -> Counterfactual:
    assert page.imagined.found is not None
    return page.imagined.found


def test_heads_are_told_from_other_runs(heads: Path, runs: Path, tmp_path: Path) -> None:
    """A head that chooses a class draws it as well."""
    groups = create_run(
        tmp_path / "groups", make_spec("probe", settings={"base_run": str(heads / "base"), "target": "race"})
    )
    every = {"base": heads / "base", "head": heads / "head", "short": runs / "short", "groups": groups.path}
    assert heads_among(every).runs == {"head": heads / "head", "groups": groups.path}
    assert amplitudes_of(heads / "head", False, 8)[-1] == pytest.approx(0.6 * 16**0.5)
    assert amplitudes_of(heads / "head", True, 1) == (pytest.approx(-0.6 * 16**0.5),)


def test_preview_slider_blink_full_grid_and_a_saved_picture(
    page: CounterfactualPage, hands: Hands, tmp_path: Path
) -> None:
    """One story, for each part waits for a process: what comes, in which order, and what stays."""
    found = seen(page)
    assert found.options["preview"]
    assert len(found.amplitudes) == 8
    assert "preview" in page.panel.said.text()
    assert page._seconds() is not None
    assert "about" in page.panel.takes.text() or page._seconds() < 1  # type: ignore[operator]
    press(page, Qt.Key.Key_Up)
    assert (page.imagined.step, page.panel.amplitude.value()) == (7, 7)
    page.panel.amplitude.setFocus()
    QTest.keyClick(page.panel.amplitude, Qt.Key.Key_Home)
    assert page.imagined.step == 0
    QTest.keyClick(page.panel.amplitude, Qt.Key.Key_End)
    assert f"{found.drawn[-1]:.2f}" in page.panel.said.text()
    _blinks(page)
    press(page, Qt.Key.Key_X, CONTROL)
    drawn(page, hands)
    assert seen(page).amplitudes[-1] < 0
    press(page, Qt.Key.Key_X, CONTROL)
    hands.wait_for("the kept one", lambda: seen(page) is found)
    assert not page._working_on
    press(page, Qt.Key.Key_N, CONTROL)
    drawn(page, hands)
    assert seen(page).target == page.panel.finding != found.target
    _grid_and_enlarged(page, hands)
    for name in ("seen.png", "seen.dcm"):
        page.save_to(tmp_path / name)
        hands.wait_for_work()
        assert page.note.text() == f"saved as {tmp_path / name}"
    assert QImage(str(tmp_path / "seen.png")).text("Title").startswith(BADGE)
    assert pydicom.dcmread(tmp_path / "seen.dcm").SyntheticData == "YES"


def _blinks(page: CounterfactualPage) -> None:
    canvas = page.stage.canvases[COUNTERFACTUAL]
    page.setFocus()
    QTest.keyPress(page, Qt.Key.Key_Z)
    assert canvas.view.frame == 0
    views = page.imagined.views
    assert views is not None
    shown = views.images[COUNTERFACTUAL].image.frame(0)
    assert np.array_equal(shown, views.images[RECONSTRUCTION].image.frame(0))
    QTest.keyRelease(page, Qt.Key.Key_Z)
    assert canvas.view.frame == 8


def _grid_and_enlarged(page: CounterfactualPage, hands: Hands) -> None:
    press(page, Qt.Key.Key_O, CONTROL)
    drawn(page, hands)
    assert page.grid.count() == len(page._classes) + 1
    page.grid.setCurrentRow(1)
    QTest.keyClick(page.grid, Qt.Key.Key_Return)
    assert not page.shows_grid
    assert seen(page).target == page._classes[0]
    drawn(page, hands)


def test_a_full_drawing_is_asked_for_and_can_be_cancelled(page: CounterfactualPage, hands: Hands) -> None:
    before = seen(page)
    press(page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert page.panel.cancel.isVisible()
    assert "full" in page.panel.message.text()
    press(page, Qt.Key.Key_Escape)
    assert not page._working_on
    assert seen(page) is before
    press(page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    drawn(page, hands)
    assert not seen(page).options["preview"]
    assert not page.panel.full.isEnabled()
