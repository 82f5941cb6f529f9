"""A whole study read without the mouse, under each keymap that ships; the same four keys answer in all of them."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from readerapp import keymaps
from readerapp.reading.room import ReadingRoom
from readerapp.viewer.keymap import SHIPPED, Keymap, load_keymap
from tests.readerapp.made_study import ITEMS, MORE_ITEMS, make_study, small_image
from tests.readerapp.test_room import Enter, answers, enter, painted, type_in

__all__ = ["enter"]  # a fixture


def do(room: ReadingRoom, keymap: Keymap, action: str, which: int = 0) -> None:
    """Presses a key of an action, as the keymap has it."""
    combination = QKeySequence(keymap.keys(action)[which])[0]
    QTest.keyClick(room, combination.key(), combination.keyboardModifiers())


@pytest.mark.parametrize("name", SHIPPED)
def test_a_study_is_read_by_keys(enter: Enter, tmp_path: Path, qtbot: QtBot, name: str) -> None:
    keymaps.choose(name)
    keymap = load_keymap(name)
    room = enter(make_study(tmp_path / "kinds", [[small_image(n)] for n in range(2)], items=ITEMS + MORE_ITEMS))
    do(room, keymap, "finish_case")
    painted(room, qtbot)
    canvas = room.stage.canvas
    before = canvas.placement()
    do(room, keymap, "zoom_in")
    assert canvas.placement().scale > before.scale
    do(room, keymap, "fit")
    assert canvas.placement().scale == pytest.approx(before.scale)
    do(room, keymap, "invert")
    assert canvas.view.inverted
    do(room, keymap, "reset_view")
    assert not canvas.view.inverted
    for action in ("answer_present", "answer_uncertain", "answer_not_assessable"):
        do(room, keymap, action)
    do(room, keymap, "undo")
    do(room, keymap, "redo")
    do(room, keymap, "next_unanswered")
    do(room, keymap, "edit_answer")
    type_in(qtbot, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert list(answers(room).values()) == ["present", "uncertain", "not assessable", "AP erect"]
    do(room, keymap, "finish_case")
    assert room.mode == "confirming"
    do(room, keymap, "finish_case", which=1)
    qtbot.waitUntil(lambda: room.session.position == 1 and room.mode == "reading")
    do(room, keymap, "next_item")
    do(room, keymap, "answer_absent")
    do(room, keymap, "rest_absent")
    assert {value for item, value in answers(room).items()} == {"absent"}
    do(room, keymap, "previous_case")
    qtbot.waitUntil(lambda: room.session.position == 0 and room.mode == "reading")
    do(room, keymap, "next_case")
    qtbot.waitUntil(lambda: room.session.position == 1 and room.mode == "reading")
    do(room, keymap, "finish_case")
    do(room, keymap, "finish_case")
    assert room.session.finished
