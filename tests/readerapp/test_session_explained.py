"""The second phase of a case: unaided answers are locked, then the explanation may be shown."""

from pathlib import Path

import pytest

from readerapp.reading.session import ReadingSession
from studies.errors import ReadingError
from tests.readerapp.session_rooms import BOX, Room, explained_room, make_room, room, values

__all__ = ["room"]


def test_an_explained_case_without_frozen_explanations_is_finished_at_once(tmp_path: Path) -> None:
    session = make_room(tmp_path, explained=(True,)).start()
    assert session.finish(confirmed=True).kind == "finished"
    assert session.explanations == () and session.state.phase == "unaided"


def test_unaided_answers_are_locked_before_an_explanation_may_be_shown(tmp_path: Path) -> None:
    room = make_room(tmp_path, explained=(True,), explanations=(("e" * 64,),))
    session = room.start()
    session.answer("catheter", "present")
    mark = session.marks.add("catheter", "box", BOX, 0, 0)
    assert session.explanations == ()
    assert session.finish(confirmed=True).kind == "explained"
    assert session.explanations == ("e" * 64,) and not session.can_undo
    session = room.start()  # killed here: the lock holds
    assert session.explanations == ("e" * 64,)
    for change in (lambda: session.marks.delete(mark.id), lambda: session.marks.change(mark.id, ((0, 0), (1, 1)))):
        with pytest.raises(ReadingError, match="locked"):
            change()
    session.answer("catheter", "absent")
    session.undo()
    assert not session.can_undo
    session.answer("catheter", "uncertain")
    assert session.finish(confirmed=True).kind == "finished"
    locked = session.state.locked_answers
    assert locked is not None and locked["catheter"].value == "present"
    assert values(session) == {"catheter": "uncertain"}


def locked_session(tmp_path: Path, **answers: str) -> tuple[Room, ReadingSession]:
    room = explained_room(tmp_path)
    session = room.start()
    for item, value in answers.items():
        session.answer(item, value)
    assert session.finish(confirmed=True).kind == "explained"
    return room, session


def test_nothing_is_filled_in_after_the_lock(tmp_path: Path) -> None:
    room, session = locked_session(tmp_path, catheter="present", pacemaker="absent")
    assert session.reviewing and values(session) == {} and session.focus == "catheter"
    assert session.locked_value("catheter") == "present" and session.locked_value("congestion") == ""
    assert session.finish().kind == "confirm unanswered"


def test_each_answer_after_the_lock_says_whether_it_confirms_or_changes(tmp_path: Path) -> None:
    room, session = locked_session(tmp_path, catheter="present", pacemaker="absent")
    session.answer("catheter", "present")
    session.answer("pacemaker", "uncertain")
    session.answer("congestion", "absent")
    given = [event.payload for event in session.view.events() if event.kind == "answered"][-3:]
    assert [(p["item"], p["before"], p["review"]) for p in given] == [
        ("catheter", "present", "confirmed"),
        ("pacemaker", "absent", "changed"),
        ("congestion", "", "changed"),
    ]


def test_the_rest_as_before_is_one_step_and_fills_nothing_that_was_open(tmp_path: Path) -> None:
    room, session = locked_session(tmp_path, catheter="present", pacemaker="absent")
    session.answer("catheter", "absent")
    assert session.confirm_rest() == ("pacemaker",)
    assert values(session) == {"catheter": "absent", "pacemaker": "absent"}
    assert session.focus == "congestion"
    session.undo()
    assert values(session) == {"catheter": "absent"}
    session.redo()
    assert values(session) == {"catheter": "absent", "pacemaker": "absent"}
    while session.can_undo:
        session.undo()
    assert session.state.locked_answers is not None and session.locked_value("catheter") == "present"


def test_the_rest_as_before_needs_the_study_s_leave(tmp_path: Path) -> None:
    room = explained_room(tmp_path, extra="\n[navigation]\nrest_absent = false\n")
    session = room.start()
    session.answer("catheter", "present")
    session.finish(confirmed=True)
    with pytest.raises(ReadingError, match="'the rest as before' is not allowed"):
        session.confirm_rest()


def test_an_explanation_is_shown_after_the_lock_only_and_its_time_counts(tmp_path: Path) -> None:
    room = explained_room(tmp_path)
    session = room.start()
    with pytest.raises(ReadingError, match="once the unaided answers are locked"):
        session.show_explanation(True, 0.45)
    session.finish(confirmed=True)
    session.show_explanation(True, 0.45)
    room.clocks.wait(10)
    session.show_explanation(True, 0.6)  # more strongly: still the same look
    room.clocks.wait(5)
    session.show_explanation(False, 0.6)
    room.clocks.wait(7)
    session.show_explanation(True, 0.6)
    room.clocks.wait(3)
    session.finish(confirmed=True)
    assert session.state.reveals == 2 and session.state.explanation_s == pytest.approx(18)
    assert not session.state.explanation_shown


def test_time_away_is_no_time_in_view(tmp_path: Path) -> None:
    room, session = locked_session(tmp_path)
    session.show_explanation(True, 0.45)
    room.clocks.wait(10)
    session.set_active(False)
    room.clocks.wait(30)
    session.set_active(True)
    room.clocks.wait(5)
    session.finish(confirmed=True)
    assert session.state.explanation_s == pytest.approx(15)


def test_a_session_killed_in_the_second_phase_comes_back_to_it(tmp_path: Path) -> None:
    room, session = locked_session(tmp_path, catheter="present", pacemaker="absent")
    session.show_explanation(True, 0.45)
    room.clocks.wait(4)
    session.answer("catheter", "uncertain")
    again = room.start()
    assert again.presentation.code == session.presentation.code and again.reviewing
    assert values(again) == {"catheter": "uncertain"} and again.locked_value("catheter") == "present"
    assert not again.state.explanation_shown and again.state.explanation_s == pytest.approx(4)
    assert again.can_undo
    again.undo()
    assert not again.can_undo and again.locked_value("catheter") == "present"
