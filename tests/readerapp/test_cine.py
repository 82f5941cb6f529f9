"""Stacks that play: the rate, frames left out, what stops it."""

import time

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.images.image import Image, Window
from readerapp.viewer.cine import Cine
from readerapp.viewer.hands import Hands
from readerapp.viewer.stage import Stage
from readerapp.viewer.view_state import prepare
from tests.readerapp.made_study import make_study, small_image
from tests.readerapp.test_linking import film, volume
from tests.readerapp.test_room import Enter, begin, enter, key
from tests.readerapp.test_stage import wheel

__all__ = ["enter"]


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    shown = Stage(Hands())
    qtbot.addWidget(shown)
    shown.resize(400, 400)
    return shown


def play(stage: Stage, qtbot: QtBot, *images: Image) -> Cine:
    stage.show_case([prepare(image) for image in images], [None] * len(images))
    with qtbot.waitSignal(stage.first_painted, timeout=5000):
        stage.show()
    cine = Cine(stage)
    cine.toggle()
    return cine


def test_it_goes_on_by_the_clock_and_begins_again_at_the_end(stage: Stage, qtbot: QtBot) -> None:
    cine = play(stage, qtbot, volume(8, 32, 1.0, 1.0))
    seen: list[int] = []
    stage.view_changed.connect(lambda: seen.append(stage.canvas.view.frame))
    begun = time.monotonic()
    qtbot.waitUntil(lambda: len(seen) > 9, timeout=5000)
    assert cine.rate == 15
    assert (time.monotonic() - begun) * 15 == pytest.approx(10, abs=4)
    assert seen[:3] == [1, 2, 3] or seen[0] in (1, 2)
    assert min(seen[5:]) == 0 or 0 in seen  # after the last the first


def test_a_busy_thread_leaves_frames_out(stage: Stage, qtbot: QtBot) -> None:
    cine = play(stage, qtbot, volume(300, 32, 1.0, 1.0))
    seen: list[int] = []
    stage.view_changed.connect(lambda: seen.append(stage.canvas.view.frame))
    qtbot.waitUntil(lambda: len(seen) >= 2)
    time.sleep(0.6)  # something else keeps the thread for nine frames' time
    count = len(seen)
    qtbot.waitUntil(lambda: len(seen) > count)
    assert seen[count] - seen[count - 1] >= 8
    qtbot.waitUntil(lambda: len(seen) > count + 1)
    assert seen[count + 1] - seen[count] <= 2  # and nothing comes after that was queued
    cine.stop()


def test_rates_stay_between_5_and_60(stage: Stage, qtbot: QtBot) -> None:
    cine = play(stage, qtbot, volume(300, 32, 1.0, 1.0))
    for _ in range(20):
        cine.step_rate(1)
    assert cine.rate == 60
    for _ in range(20):
        cine.step_rate(-1)
    assert cine.rate == 5
    cine.stop()
    assert cine.rate == 0


def test_the_rate_of_the_header_counts(stage: Stage, qtbot: QtBot) -> None:
    angiogram = Image(pixels=np.zeros((20, 8, 8), np.uint8), modality="XA", frame_time_ms=80.0)
    assert play(stage, qtbot, angiogram).rate == 12.5


def test_scrolling_by_hand_stops_it(stage: Stage, qtbot: QtBot) -> None:
    cine = play(stage, qtbot, volume(300, 32, 1.0, 1.0))
    wheel(stage.canvas, -1)
    assert cine.rate == 0


def test_a_window_drag_does_not(stage: Stage, qtbot: QtBot) -> None:
    cine = play(stage, qtbot, volume(300, 32, 1.0, 1.0))
    stage.canvas.set_window(Window(100, 50))
    assert cine.rate > 0
    cine.stop()


def test_other_images_stop_it_and_single_ones_do_not_play(stage: Stage, qtbot: QtBot) -> None:
    cine = play(stage, qtbot, volume(9, 32, 1.0, 1.0), volume(9, 32, 1.0, 1.0))
    stage.step_image(1)
    assert cine.rate == 0
    cine.toggle()
    stage.show_case([prepare(film())], [None])
    assert cine.rate == 0
    cine.toggle()
    assert cine.rate == 0


def test_keys_play_and_the_line_says_so(enter: Enter, tmp_path, qtbot: QtBot) -> None:  # type: ignore[no-untyped-def]
    room = enter(make_study(tmp_path / "study", [[volume(50, 64, 1.0, 1.0)], [small_image(1)]]))
    begin(room, qtbot)
    key(room, "K")
    assert "▶ 15 images/s" in room.visible_texts()
    key(room, ">")
    assert "▶ 20 images/s" in room.visible_texts()
    key(room, "<")
    qtbot.waitUntil(lambda: room.stage.canvas.view.frame > 3)
    key(room, Qt.Key.Key_Up)
    frame = room.stage.canvas.view.frame
    assert not any("images/s" in text for text in room.visible_texts())
    QApplication.processEvents()
    qtbot.wait(200)
    assert room.stage.canvas.view.frame == frame
