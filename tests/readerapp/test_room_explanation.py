"""The second look at a case: answers locked, the explanation over the image, each answer confirmed or changed."""

import os
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from readerapp.reading.room import ReadingRoom
from studies.reading.events import Event
from studies.reading.shown_maps import ShownMap
from tests.readerapp.made_study import FORBIDDEN, MadeStudy, make_study, small_image
from tests.readerapp.test_room import CTRL, Enter, answers, begin, enter, every_text, key, painted

__all__ = ["enter"]  # a fixture

ALT = Qt.KeyboardModifier.AltModifier


def hot(row: int, column: int, item: str = "", opacity: float = 0.4) -> ShownMap:
    values = np.zeros((8, 8), np.float32)
    values[row, column] = 1
    return ShownMap(0, item, values, opacity, 0.0, "viridis")


@pytest.fixture
def study(tmp_path: Path) -> MadeStudy:
    """Three cases; of the first the explanation is one for all items, of the second one for "drain" only."""
    maps = {0: [hot(1, 6)], 1: [hot(6, 1, "drain")]}
    return make_study(tmp_path / "study", [[small_image(number)] for number in range(3)], maps=maps)


def lock(room: ReadingRoom, qtbot: QtBot, keys: str = "GSR") -> None:
    for name in keys:
        key(room, name)
    key(room, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: room.session.reviewing and room.mode == "reading")


def of_kind(room: ReadingRoom, kind: str) -> list[Event]:
    return [event for event in room.session.view.events() if event.kind == kind]


def test_the_case_comes_again_with_its_explanation(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    assert room.stage.canvas.heat is None
    lock(room, qtbot)
    assert room.session.position == 0 and answers(room) == {}
    layer = room.stage.canvas.heat
    assert layer is not None and layer.opacity == 0.4 and np.argmax(layer.values) == 14
    (event,) = of_kind(room, "explanation_shown")
    assert event.payload == {"shown": True, "opacity": 0.4}
    assert "Your answers are locked" in room.panel.notice


def test_the_locked_answers_stand_beside_and_nothing_is_filled_in(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    lock(room, qtbot)
    texts = every_text(room)
    assert [text for text in texts if text.startswith("before: ")] == [
        "before: ● present",
        "before: ○ absent",
        "before: ◐ uncertain",
    ]
    key(room, "G")
    key(room, "R")
    texts = every_text(room)
    assert "confirmed" in texts and "changed; before: ○ absent" in texts
    assert answers(room) == {"tube": "present", "drain": "uncertain"}
    assert [(e.payload["before"], e.payload["review"]) for e in of_kind(room, "answered")[-2:]] == [
        ("present", "confirmed"),
        ("absent", "changed"),
    ]


def test_one_key_keeps_the_rest_as_before(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    lock(room, qtbot)
    assert any(text.startswith("Rest as before") for text in every_text(room))
    key(room, "S")
    key(room, Qt.Key.Key_Return, CTRL)
    assert answers(room) == {"tube": "absent", "drain": "absent", "congestion": "uncertain"}
    key(room, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: room.session.position == 1 and room.mode == "reading")
    assert room.stage.canvas.heat is None
    assert not any(text.startswith("Rest as before") for text in every_text(room))
    assert len(of_kind(room, "answers_locked")) == 1 and len(of_kind(room, "case_finished")) == 1


def test_undo_stops_at_the_lock(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    lock(room, qtbot)
    key(room, "S")
    for _ in range(6):
        key(room, "Z", CTRL)
    assert answers(room) == {} and room.session.locked_value("tube") == "present"


def test_a_key_hides_and_shows_it_and_others_set_its_strength(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    key(room, "W")
    assert room.stage.canvas.heat is None and not of_kind(room, "explanation_shown")  # nothing before the lock
    lock(room, qtbot)
    key(room, "W")
    assert room.stage.canvas.heat is None
    key(room, Qt.Key.Key_PageUp, ALT)  # hidden: nothing to make stronger
    key(room, "W")
    key(room, Qt.Key.Key_PageUp, ALT)
    assert room.stage.canvas.heat is not None and room.stage.canvas.heat.opacity == pytest.approx(0.5)
    for _ in range(9):
        key(room, Qt.Key.Key_PageDown, ALT)
    assert room.stage.canvas.heat.opacity == pytest.approx(0.1)
    shown = [(e.payload["shown"], e.payload["opacity"]) for e in of_kind(room, "explanation_shown")]
    assert shown[:4] == [(True, 0.4), (False, 0.4), (True, 0.4), (True, 0.5)]
    assert room.session.state.reveals == 2


def test_each_item_has_its_own(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    lock(room, qtbot)
    key(room, Qt.Key.Key_Return, CTRL)
    key(room, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: room.session.position == 1 and room.mode == "reading")
    lock(room, qtbot)
    assert room.session.focus == "tube" and room.stage.canvas.heat is None and not says_explained(room)
    key(room, Qt.Key.Key_Tab)
    assert room.session.focus == "drain" and room.stage.canvas.heat is not None and says_explained(room)
    key(room, "W")
    assert room.stage.canvas.heat is None and says_explained(room)  # put away, and at hand
    key(room, Qt.Key.Key_Tab)
    assert room.stage.canvas.heat is None and not says_explained(room)


def test_the_badge_is_there_while_an_explanation_is(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    assert not says_explained(room)
    lock(room, qtbot)
    assert says_explained(room)
    key(room, Qt.Key.Key_Return, CTRL)
    key(room, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: room.session.position == 1 and room.mode == "reading")
    assert not says_explained(room)


def says_explained(room: ReadingRoom) -> bool:
    return any(label.isVisible() for label in room.findChildren(QLabel) if label.text() == "with explanation")


def test_a_reader_who_comes_back_stands_in_the_second_look(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    lock(room, qtbot)
    key(room, "R")
    room.close()
    again = enter(study)
    painted(again, qtbot)
    assert again.session.reviewing and answers(again) == {"tube": "uncertain"}
    assert again.stage.canvas.heat is not None and again.session.state.reveals == 2
    assert "before: ○ absent" in every_text(again)


def test_an_explanation_that_was_changed_is_not_shown(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    for file in (study.root / "explanations").iterdir():
        file.write_bytes(b"another one")
    room = enter(study)
    begin(room, qtbot)
    lock(room, qtbot)
    assert room.stage.canvas.heat is None and len(of_kind(room, "explanation_unreadable")) == 1
    assert not says_explained(room)
    assert "cannot be shown" in room.panel.notice
    key(room, Qt.Key.Key_Return, CTRL)
    key(room, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: room.session.position == 1)


def test_nothing_is_said_about_it(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    names = [file.name for file in (study.root / "explanations").iterdir()]
    room = enter(study)
    begin(room, qtbot)
    lock(room, qtbot)
    words = "\n".join(every_text(room))
    for word in (*FORBIDDEN, *names, "sham", "aided", "viridis", "Grad", "model", "run"):
        assert word not in words.split() and (len(word) < 5 or word not in words), word
    place = os.environ.get("PICTURES")
    if place:
        qtbot.wait(100)
        room.grab().save(f"{place}/room_explained.png")
