"""What a diffusion run draws while it trains, seen in the lab: the newest sheet, reached and enlarged by keyboard."""

import os
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QTabWidget
from pytestqt.qtbot import QtBot

from readerapp.demo.hands import Hands
from readerapp.lab.lab import TRAINING, Lab
from readerapp.lab.memory import LabMemory
from readerapp.lab.samples import SamplesView, Sheet
from readerapp.lab.training_page import TrainingPage

PATIENCE_S = 240
SMALL = {
    "image_size": "16",
    "epochs": "3",
    "batch_size": "8",
    "channels": "16",
    "multipliers": "1, 2",
    "encoder_multipliers": "1, 2, 2",
    "latent": "16",
    "samples": "4",
}


@pytest.fixture
def training(lab: Lab, hands: Hands) -> TrainingPage:
    """A diffusion run of some seconds, started from the form."""
    hands._patience_s = PATIENCE_S
    lab.list.setCurrentRow(TRAINING)
    hands.wait_for_work()
    page = lab.training
    hands.click(page.new)
    hands.choose(page.form.task, "diffusion")
    for name, text in SMALL.items():
        field = page.form.spec.rows[name].widget
        assert isinstance(field, QLineEdit)
        hands.type(field, text)
    hands.type(page.form.name, "draws")
    hands.click(page.form.launch_button)
    hands.wait_for("the run", lambda: [run.name for run in page.chosen] == ["draws"])
    return page


def turn_to_samples(tabs: QTabWidget, hands: Hands) -> None:
    """By the arrows, from the first tab."""
    tabs.tabBar().setFocus()
    while tabs.tabText(tabs.currentIndex()) != "Samples":
        before = tabs.currentIndex()
        QTest.keyClick(tabs.tabBar(), Qt.Key.Key_Right)
        hands.settle()
        assert tabs.currentIndex() > before


def tab_to(sheet: Sheet, hands: Hands) -> None:
    for _ in range(8):
        here = hands.window.focusWidget()
        if here is sheet:
            return
        QTest.keyClick(here, Qt.Key.Key_Tab)
        hands.settle()
    raise AssertionError("Tab does not lead to the sheet")


def test_the_newest_sheet_is_seen_while_a_run_trains(
    training: TrainingPage, hands: Hands, lab_memory: LabMemory
) -> None:
    details, sheet = training.details, training.details.samples.sheet
    place = details.tabs.indexOf(details.samples)
    assert not details.tabs.isTabVisible(place)
    hands.wait_for("a sheet", lambda: details.tabs.isTabVisible(place) and not sheet.picture.isNull())
    turn_to_samples(details.tabs, hands)
    tab_to(sheet, hands)
    (run,) = training.chosen
    hands.wait_for("the end", lambda: training.chosen[0].state in ("finished", "failed"))
    assert training.chosen[0].state == "finished", training.chosen[0].said
    newest = lab_memory.runs / run.name / "samples" / "epoch-0003.png"
    hands.wait_for("the last sheet", lambda: sheet.picture == QImage(str(newest)))
    assert (sheet.picture.width(), sheet.picture.height()) == (4 * 16, 3 * 16)
    if pictures := os.environ.get("PICTURES"):
        hands.window.grab().save(f"{pictures}/samples.png")
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    hands.settle()
    large = next(found for found in hands.window.findChildren(QDialog) if found.isVisible())
    inside = large.findChild(Sheet)
    assert isinstance(inside, Sheet)
    assert inside.picture == sheet.picture
    assert inside.width() > sheet.width()
    QTest.keyClick(inside, Qt.Key.Key_Space)
    hands.wait_for("the window to close", lambda: not large.isVisible())


def test_what_is_drawn_bears_the_watermark_and_what_is_given_does_not(tmp_path: Path, qtbot: QtBot) -> None:
    grey = QImage(4 * 64, 3 * 64, QImage.Format.Format_Grayscale8)
    grey.fill(90)
    grey.save(str(tmp_path / "epoch-0001.png"))
    view = SamplesView()
    qtbot.addWidget(view)
    view.resize(900, 700)
    view.show()
    view.show_sheet(tmp_path / "epoch-0001.png")
    qtbot.waitUntil(lambda: not view.sheet.picture.isNull(), timeout=20_000)
    shown = view.sheet.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = np.frombuffer(shown.constBits(), np.uint8).reshape(shown.height(), shown.bytesPerLine())
    middle = pixels[:, shown.width() // 4 : 3 * shown.width() // 4]
    rows = np.flatnonzero(middle[:, 0] == 90)
    thirds = np.array_split(middle[rows[0] + 3 : rows[-1] - 2], 3)
    assert [len(np.unique(part[5:-5])) > 1 for part in thirds] == [False, True, True]


def test_a_sheet_that_is_not_whole_yet_is_read_again(tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "epoch-0001.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n")
    view = SamplesView()
    qtbot.addWidget(view)
    view.show_sheet(file)
    qtbot.waitUntil(lambda: view._path is None, timeout=20_000)
    QTest.keyClick(view.sheet, Qt.Key.Key_Return)
    assert not view.findChildren(QDialog), "there is nothing to enlarge"
    QImage(8, 6, QImage.Format.Format_RGB32).save(str(file))
    view.show_sheet(file)
    qtbot.waitUntil(lambda: view.sheet.picture.width() == 8, timeout=20_000)
