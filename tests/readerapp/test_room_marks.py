"""Marks and measurements in the reading room: journaled with what they measure, and drawn by keys in every keymap."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.images.image import Image, Window
from readerapp.reading.room import ReadingRoom
from readerapp.viewer.keymap import SHIPPED
from studies.reading.marks import POINTS, Mark, mark_value
from studies.reading.masks import mask_of_counts
from tests.readerapp.canvases import LEFT, NONE
from tests.readerapp.conftest import ShowRoom
from tests.readerapp.made_study import MadeStudy, make_study
from tests.readerapp.test_room import begin

Enter = Callable[..., ReadingRoom]


@pytest.fixture
def enter(show_room: ShowRoom, qtbot: QtBot, tmp_path: Path) -> Enter:
    def open_room(study: MadeStudy | None = None, keymap: str = "standard") -> ReadingRoom:
        room = show_room((study or made(tmp_path)).session(), keymap)
        begin(room, qtbot)
        return room

    return open_room


def made(folder: Path, **facts: object) -> MadeStudy:
    pixels = np.random.default_rng(0).integers(0, 4096, (200, 200), dtype=np.uint16)
    known: dict = {"bits_stored": 12, "windows": (Window(2048, 4096),), "spacing_mm": (0.5, 0.5)}
    image = Image(pixels=pixels, **(known | {"spacing_calibrated": True} | facts))
    return make_study(folder / "study", [[image], [image]])


def do(room: ReadingRoom, action: str, event: QEvent.Type | None = None) -> None:
    """The first key of an action, as this room's keymap has it."""
    press(room, room._keymap.keys(action)[0], event)


def press(room: ReadingRoom, text: str, event: QEvent.Type | None = None) -> None:
    combination = QKeySequence(text, QKeySequence.SequenceFormat.PortableText)[0]
    key, modifiers = combination.key(), combination.keyboardModifiers()
    if event is None:
        QTest.keyClick(room, key, modifiers)
    else:
        QApplication.sendEvent(room, QKeyEvent(event, key, modifiers))


def marks(room: ReadingRoom) -> list[Mark]:
    return list(room.session.state.marks.values())


@pytest.mark.parametrize("name", SHIPPED)
def test_a_case_is_marked_measured_and_read_without_a_mouse(enter: Enter, qtbot: QtBot, name: str) -> None:
    room = enter(keymap=name)
    kinds = {"draw_arrow": "arrow", "draw_ellipse": "ellipse", "measure_length": "length", "measure_angle": "angle"}
    for number, (action, kind) in enumerate(kinds.items()):
        do(room, action)
        assert room.stage.canvas.armed == kind
        for text in ("Return", "Return", "Shift+Right", "Return", "Shift+Down", "Return"):
            if room.stage.canvas.armed:
                press(room, text)
        assert room.stage.canvas.armed is None
        assert [mark.kind for mark in marks(room)] == list(kinds.values())[: number + 1]
    do(room, "undo")
    do(room, "redo")
    assert len(marks(room)) == 4
    do(room, "next_mark")
    first = room.stage.selected_mark
    do(room, "next_mark")
    assert room.stage.selected_mark not in ("", first)
    do(room, "previous_mark")
    assert room.stage.selected_mark == first
    do(room, "delete_mark")
    assert len(marks(room)) == 3
    for _ in range(3):
        do(room, "answer_absent")
    assert room.session.position == 0
    do(room, "finish_case")
    qtbot.waitUntil(lambda: room.session.position == 1, timeout=10_000)
    assert room.session.read_count == 1


def test_a_measurement_is_journaled_with_the_spacing_it_was_made_with(enter: Enter) -> None:
    room = enter()
    do(room, "measure_length")
    canvas = room.stage.canvas
    start, end = canvas.to_screen(50, 50).toPoint(), canvas.to_screen(80, 90).toPoint()
    QTest.mousePress(canvas, LEFT, NONE, start)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, LEFT, NONE, end)
    (mark,) = marks(room)
    assert (mark.spacing_mm, mark.calibrated) == ((0.5, 0.5), True)
    value = mark_value(mark)
    assert value is not None and value.unit == "mm"
    assert value.value == pytest.approx(25, abs=0.6)
    assert f"{value.value:.1f} mm" in room.visible_texts()
    again = [event for event in room.session.view.events() if event.kind == "mark_added"]
    assert again[0].payload["new"]["spacing_mm"] == [0.5, 0.5]


@pytest.mark.parametrize("kind", POINTS)
def test_every_kind_comes_back_after_leaving(enter: Enter, tmp_path: Path, kind: str) -> None:
    study = made(tmp_path)
    room = enter(study)
    least, _ = POINTS[kind]
    points = [(20.0 + 30 * n, 40.0 + 25 * (n % 2)) for n in range(least)]
    if kind == "mask":
        room.stage.mask_painted.emit("", mask_of_counts(200, 200, [2020, 30, 170, 40, 37_740]), 0, 0)
    else:
        room.stage.mark_drawn.emit(kind, points, 0, 0)
    (before,) = marks(room)
    room.close()
    again = enter(study)
    assert marks(again) == [before]
    assert again.stage.canvas.grab().toImage().width() > 0


def test_a_copy_lies_aside_for_the_same_item_and_is_selected(enter: Enter) -> None:
    room = enter()
    room.stage.mark_drawn.emit("box", [(20.0, 20.0), (60.0, 50.0)], 0, 0)
    (mark,) = marks(room)
    do(room, "next_item")
    room.stage.show_mark(mark.id)
    do(room, "duplicate_mark")
    first, copy = marks(room)
    assert (copy.item_id, copy.kind) == (first.item_id, "box")
    offset = np.subtract(copy.points, first.points)
    assert np.allclose(offset, offset[0]) and (offset > 0).all()
    assert room.stage.selected_mark == copy.id
    do(room, "undo")
    assert marks(room) == [mark]


def test_a_selected_mark_is_nudged_by_keys_and_each_step_can_be_undone(enter: Enter) -> None:
    room = enter()
    room.stage.mark_drawn.emit("arrow", [(20.0, 20.0), (60.0, 50.0)], 0, 0)
    before = marks(room)[0]
    do(room, "next_mark")
    press(room, "Alt+Right")
    press(room, "Alt+Down")
    after = marks(room)[0]
    assert (np.subtract(after.points, before.points) > 0).all()
    do(room, "undo")
    do(room, "undo")
    assert marks(room)[0] == before


def test_the_magnifier_and_hidden_marks_last_as_long_as_their_key(enter: Enter) -> None:
    room = enter()
    canvas = room.stage.canvas
    do(room, "magnifier", QEvent.Type.KeyPress)
    assert canvas.magnifying
    do(room, "magnifier", QEvent.Type.KeyRelease)
    assert not canvas.magnifying
    do(room, "magnifier", QEvent.Type.KeyPress)
    room.clearFocus()
    assert not canvas.magnifying


def test_view_actions_act_on_the_image_and_never_on_answers(enter: Enter) -> None:
    room = enter()
    canvas = room.stage.canvas
    seen = []
    for action in (
        *("rotate_left", "rotate_right", "flip_horizontal", "flip_vertical", "fill", "true_size", "smoothing"),
        *("window_wider", "window_narrower", "level_up", "level_down", "pan_left", "pan_right", "pan_up", "pan_down"),
    ):
        before = canvas.view
        do(room, action)
        assert canvas.view != before, action
        seen.append(canvas.view)
    assert seen[1].quarter_turns == 0 and seen[3].quarter_turns == 2
    do(room, "probe")
    assert canvas.probing
    kinds = {event.kind for event in room.session.view.events()}
    assert not kinds & {"answered", "mark_added", "mark_changed"}


def test_keys_step_the_window_and_come_back(enter: Enter) -> None:
    room = enter()
    canvas = room.stage.canvas
    do(room, "window_wider")
    assert canvas.view.window is not None
    assert canvas.view.window.width == pytest.approx(4096 * 1.05)
    do(room, "window_narrower")
    assert canvas.view.window.width == pytest.approx(4096)
    do(room, "level_up")
    assert canvas.view.window.center == pytest.approx(2048 + 0.05 * 4096)
    do(room, "level_down")
    assert canvas.view.window.center == pytest.approx(2048)


def test_how_the_picture_lies_comes_back_and_marks_do_not_know_of_it(enter: Enter, tmp_path: Path) -> None:
    study = made(tmp_path)
    room = enter(study)
    do(room, "rotate_right")
    do(room, "flip_horizontal")
    canvas = room.stage.canvas
    do(room, "draw_box")
    start, end = canvas.to_screen(30, 40).toPoint(), canvas.to_screen(70, 90).toPoint()
    QTest.mousePress(canvas, LEFT, NONE, start)
    QTest.mouseMove(canvas, QPoint((start.x() + end.x()) // 2, end.y()))
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, LEFT, NONE, end)
    (mark,) = marks(room)
    assert np.allclose(mark.points, ((30, 40), (70, 90)), atol=0.5)
    lies = (canvas.view.quarter_turns, canvas.view.flipped)
    room.close()
    again = enter(study)
    assert (again.stage.canvas.view.quarter_turns, again.stage.canvas.view.flipped) == lies == (3, True)
    assert marks(again) == [mark]
