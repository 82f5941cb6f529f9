"""The reading session without a window: what a reader may do, what is kept, what time counts."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from readerapp.reading.case_order import PAUSE_S
from readerapp.reading.session import ReadingSession
from readerapp.reading.session_log import ACTIVITY_INTERVAL_S
from studies.errors import ReadingError, StudyError
from studies.reading.journal import Journal
from studies.reading.readings import case_states
from tests.readerapp.session_rooms import BOX, Clocks, Room, make_room, read_all, room, show, values
from tests.studies.made_studies import OTHER_ITEMS, make_study
from tests.studies.reading_model import ITEMS, Model, act, same, stands

__all__ = ["room"]


# Answering


def test_nothing_is_filled_in_before_the_reader_answers(room: Room) -> None:
    session = room.start()
    assert values(session) == {}
    assert session.focus == "catheter"


def test_an_answer_is_on_disk_when_the_method_returns(room: Room) -> None:
    room.start().answer("catheter", "present")
    with Journal(room.root) as journal:
        event = journal.events("r1")[-1]
    assert (event.kind, event.code) == ("answered", "C20")
    assert event.payload == {"item": "catheter", "old": "", "new": "present", "focus": "pacemaker"}


def test_focus_goes_to_the_next_unanswered_item_around_the_end(room: Room) -> None:
    session = room.start()
    session.answer("congestion", "absent")
    assert session.focus == "catheter"
    session.answer("catheter", "uncertain")
    assert session.focus == "pacemaker"
    session.answer("pacemaker", "not assessable")
    assert session.focus == "pacemaker"  # nothing is left: it stays


def test_the_same_answer_again_moves_the_focus_only(room: Room) -> None:
    session = room.start()
    session.answer("catheter", "present")
    session.set_focus("catheter")
    session.answer("catheter", "present")
    assert session.focus == "pacemaker"
    assert room.kinds().count("answered") == 1


def test_a_changed_answer_records_the_old_one(room: Room) -> None:
    session = room.start()
    session.answer("catheter", "present")
    session.answer("catheter", "absent")
    payload = session.view.events()[-1].payload
    assert (payload["old"], payload["new"]) == ("present", "absent")


def test_values_that_an_item_cannot_have_are_refused_and_not_written(tmp_path: Path) -> None:
    room = make_room(tmp_path, extra=OTHER_ITEMS)
    session, before = room.start(), room.kinds()
    for item, value in [
        ("catheter", "maybe"),
        ("catheter", ""),
        ("quality", "excellent"),
        ("devices", "tube"),
        ("devices", '["pipe"]'),
        ("devices", '["tube", "tube"]'),
        ("devices", '{"tube": 1}'),
        ("remark", "x" * 5000),
        ("unknown", "present"),
    ]:
        with pytest.raises(ReadingError, match=r"answer|item|characters"):
            session.answer(item, value)
    assert room.kinds() == before


def test_items_of_every_kind_take_their_values(tmp_path: Path) -> None:
    session = make_room(tmp_path, extra=OTHER_ITEMS).start()
    session.answer("quality", "fair")
    session.answer("devices", '["leads", "tube"]')
    session.answer("remark", "  rotated  ")
    assert values(session) == {"quality": "fair", "devices": '["tube", "leads"]', "remark": "rotated"}
    session.answer("remark", "half \ud83d pair")
    assert values(session)["remark"] == "half ? pair"
    session.answer("devices", "[]")
    session.answer("remark", "")
    assert values(session) == {"quality": "fair", "devices": "[]"}


def test_the_rest_absent_is_one_event_and_one_undo(tmp_path: Path) -> None:
    session = make_room(tmp_path, extra=OTHER_ITEMS).start()
    session.answer("pacemaker", "present")
    assert session.answer_rest_absent() == ("catheter", "congestion")
    assert values(session) == {"pacemaker": "present", "catheter": "absent", "congestion": "absent"}
    assert [session.state.answers[item].rest for item in ITEMS] == [True, False, True]
    assert session.focus == "quality"
    session.undo()
    assert values(session) == {"pacemaker": "present"}
    session.redo()
    assert session.answer_rest_absent() == ()


def test_the_rest_absent_can_be_forbidden(tmp_path: Path) -> None:
    session = make_room(tmp_path, extra="\n[navigation]\nrest_absent = false\n").start()
    with pytest.raises(ReadingError, match="not allowed"):
        session.answer_rest_absent()


def test_focus_moves_both_ways_around_the_ends(room: Room) -> None:
    session = room.start()
    assert session.focus_next(-1) == "congestion"
    assert session.focus_next(1) == "catheter"
    session.answer("catheter", "present")
    session.set_focus("congestion")
    assert session.next_unanswered() == "pacemaker"


def test_nothing_is_taken_before_first_paint_or_after_the_finish(room: Room) -> None:
    session = room.sit_down()
    with pytest.raises(ReadingError, match="no case is open"):
        session.answer("catheter", "present")
    session.open_next()
    with pytest.raises(ReadingError, match="not on the screen"):
        session.answer("catheter", "present")
    session.painted()
    session.finish(confirmed=True)
    with pytest.raises(ReadingError, match="no case is open"):
        session.marks.add("catheter", "box", BOX, 0, 0)


# Undo


def test_a_new_answer_ends_redo(room: Room) -> None:
    session = room.start()
    session.answer("catheter", "present")
    session.undo()
    assert session.can_redo and session.focus == "catheter"
    session.answer("pacemaker", "absent")
    assert not session.can_redo


def test_undo_never_crosses_a_case(room: Room) -> None:
    session = room.start()
    session.answer("catheter", "present")
    session.finish(confirmed=True)
    assert not session.can_undo
    show(session.open_next, session)
    assert not session.can_undo
    show(lambda: session.open_at(0), session)
    assert values(session) == {"catheter": "present"} and not session.can_undo


# Finishing and moving


def test_finishing_asks_once_where_items_are_unanswered(room: Room) -> None:
    session = room.start()
    session.answer("catheter", "present")
    outcome = session.finish()
    assert (outcome.kind, outcome.unanswered) == ("confirm unanswered", ("pacemaker", "congestion"))
    assert session.state.open
    assert session.finish(confirmed=True).kind == "finished"
    assert session.read_count == 1 and not session.state.open


def test_a_study_may_ask_for_every_item_but_not_for_free_text(tmp_path: Path) -> None:
    extra = '\n[[items]]\nid = "remark"\ntext = "Remark"\nkind = "text"\n[navigation]\nrequire_complete = true\n'
    session = make_room(tmp_path, extra=extra).start()
    outcome = session.finish(confirmed=True)
    assert outcome.kind == "refused" and "Pacemaker" in outcome.reason
    session.answer_rest_absent()
    assert session.finish().kind == "finished"


def test_cases_come_in_order_and_none_is_skipped(room: Room) -> None:
    session = room.start()
    with pytest.raises(ReadingError, match="finish case 1 first"):
        session.open_at(1)
    with pytest.raises(ReadingError, match="there is no case 99"):
        session.open_at(98)
    read_all(session, 4)
    assert session.finished
    with pytest.raises(ReadingError, match="all 4 cases are read"):
        session.open_next()


def test_going_back_is_recorded_and_can_be_forbidden(tmp_path: Path, room: Room) -> None:
    session = room.start()
    session.answer("catheter", "present")
    session.finish(confirmed=True)
    show(session.open_next, session)
    session.answer("pacemaker", "present")
    show(lambda: session.open_at(0), session)
    session.answer("catheter", "absent")  # counts, though the case was finished before
    assert session.state.closed and values(session) == {"catheter": "absent"}
    show(session.open_next, session)
    assert session.position == 1 and values(session) == {"pacemaker": "present"}

    locked = make_room(tmp_path / "locked", extra="\n[navigation]\nback = false\n").start()
    locked.finish(confirmed=True)
    locked.open_next()
    with pytest.raises(ReadingError, match="go back"):
        locked.open_at(0)


def test_practice_gives_feedback_and_is_not_opened_again(tmp_path: Path) -> None:
    expected = {"catheter": "present"}
    room = make_room(tmp_path, practice=(True, False, False, False), feedback=(expected, None, None, None))
    session = room.start()
    assert session.presentation.practice
    assert session.finish(confirmed=True).feedback == expected
    show(session.open_next, session)
    with pytest.raises(ReadingError, match="practice"):
        session.open_at(0)
    assert session.finish(confirmed=True).feedback == {}


def test_the_sitting_has_a_cap_and_a_pause_begins_a_new_one(tmp_path: Path) -> None:
    room = make_room(tmp_path, extra="\n[sessions]\ncap = 2\n")
    session = room.sit_down()
    read_all(session, 2)
    with pytest.raises(ReadingError, match="2 cases in this sitting"):
        session.open_next()
    show(lambda: session.open_at(0), session)  # looking back is not reading on
    session.end()
    session = room.sit_down()  # nor is leaving and coming back a break
    with pytest.raises(ReadingError, match="2 cases in this sitting"):
        show(lambda: session.open_at(2), session)
    room.clocks.wait(PAUSE_S)
    read_all(session, 1)


def test_the_second_part_waits_for_the_washout(tmp_path: Path) -> None:
    """FDA guidance on CADe (2022): sessions at least four weeks apart; refused on day 27, allowed on day 28."""
    room = make_room(tmp_path, extra="\n[sessions]\nparts = 2\nwashout_days = 28\n", part=(0, 0, 1, 1))
    session = room.sit_down()
    read_all(session, 2)
    session.end()
    room.clocks.wait(27 * 86400)
    early = room.sit_down()
    with pytest.raises(ReadingError, match="part 2 may be read from 2026-03-30"):
        early.open_next()
    room.clocks.wait(86400)
    late = room.sit_down()
    show(late.open_next, late)
    assert late.position == 2
    with pytest.raises(ReadingError, match="part 1 of the study is over"):
        late.open_at(0)


# Coming back


def test_a_reader_stands_where_they_stood_with_the_gap_recorded(room: Room) -> None:
    session = room.start()
    session.answer("catheter", "present")
    session.marks.add("catheter", "box", BOX, 0, 0)
    session.set_view({"window": [40.0, 400.0], "zoom": 2.5})
    session.set_focus("congestion")
    room.clocks.wait(8)
    session.activity()
    before, elapsed = stands(session), session.elapsed_s
    room.clocks.day += timedelta(hours=2)  # the machine died; its clock starts anew
    room.clocks.now = 5.0
    again = room.start()
    assert stands(again) == before
    assert again.elapsed_s == pytest.approx(elapsed)
    assert again.state.gap_s == pytest.approx(7200, abs=10)
    again.undo()
    assert again.state.marks == {}


def test_a_session_that_ended_well_says_so(room: Room) -> None:
    session = room.start()
    session.end()
    session.end()
    with pytest.raises(ReadingError, match="has ended"):
        session.open_next()
    head = room.sit_down().view.events()[-1]
    assert head.payload["before"]["ended"] is True
    assert room.sit_down().view.events()[-1].payload["before"]["ended"] is False


def test_a_study_opened_twice_goes_on_in_the_newer_window_only(room: Room) -> None:
    older = room.start()
    newer = room.start()
    with pytest.raises(StudyError, match="second time"):
        older.answer("catheter", "present")
    newer.answer("catheter", "absent")
    with Journal(room.root) as journal:
        assert journal.walk("r1") == []


def test_two_readers_read_one_study_at_once(room: Room) -> None:
    first, second = room.start("r1"), room.start("r2")
    first.answer("catheter", "present")
    second.answer("catheter", "absent")
    first.answer("pacemaker", "present")
    assert (values(first), values(second)) == (
        {"catheter": "present", "pacemaker": "present"},
        {"catheter": "absent"},
    )


# Time


def test_time_runs_from_first_paint_without_loading_and_away(room: Room) -> None:
    session = room.sit_down()
    session.open_next()
    room.clocks.wait(3)
    session.painted()
    room.clocks.wait(10)
    session.answer("catheter", "present")  # after 10 s
    session.set_active(False)
    room.clocks.wait(60)
    session.set_active(True)  # 60 s away from the desk
    room.clocks.wait(5)
    session.marks.add("catheter", "box", BOX, 0, 0)  # after 75 s
    session.finish(confirmed=True)
    times = session.state.timing["unaided"]
    assert (times.load_s, times.total_s, times.away_s, times.active_s) == (3, 75, 60, 15)
    assert times.first_answer_s == {"catheter": 10} and times.first_mark_s == 75


@pytest.mark.parametrize(("silence", "away"), [(119, 0), (121, 121), (300, 300)])
def test_silence_beyond_the_limit_is_away_as_a_whole(room: Room, silence: float, away: float) -> None:
    session = room.start()
    room.clocks.wait(10)
    session.activity()
    room.clocks.wait(silence)
    session.activity()
    room.clocks.wait(1)
    session.finish(confirmed=True)
    assert (session.state.total_s, session.state.away_s) == (11 + silence, away)


def test_a_locked_screen_within_a_long_silence_counts_once(room: Room) -> None:
    session = room.start()
    room.clocks.wait(100)
    session.set_active(False)
    room.clocks.wait(100)
    session.set_active(True)
    session.finish(confirmed=True)
    assert (session.state.total_s, session.state.away_s) == (200, 200)


def test_a_case_opened_behind_another_window_is_away_until_it_comes_forward(room: Room) -> None:
    session = room.sit_down()
    session.set_active(False)
    session.open_next()
    session.painted()
    room.clocks.wait(30)
    session.set_active(True)
    room.clocks.wait(5)
    session.finish(confirmed=True)
    assert (session.state.total_s, session.state.away_s) == (35, 30)


def test_looking_without_answering_is_heard_of_now_and_then(room: Room) -> None:
    session = room.start()
    for _ in range(60):
        room.clocks.wait(1)
        session.activity()
    assert room.kinds().count("activity") == 60 / ACTIVITY_INTERVAL_S
    room.clocks.now = 0.0
    assert room.start().elapsed_s == 60  # a kill loses at most the last interval


def test_views_are_written_twice_a_second_at_most_and_the_last_one_always(room: Room) -> None:
    session = room.start()
    for step in range(20):
        session.set_view({"zoom": float(step)})
        room.clocks.wait(0.1)
    assert 4 <= room.kinds().count("view_changed") <= 5
    session.finish(confirmed=True)
    assert session.state.view == {"zoom": 19.0}


# Any sequence of actions

POINT = st.tuples(*[st.integers(0, 99).map(float)] * 2).map(list)
POINTS = st.tuples(POINT, POINT).map(list)
ACTS = st.one_of(
    st.tuples(st.just("answer"), st.sampled_from(ITEMS), st.sampled_from(["present", "absent", "uncertain"])),
    st.tuples(st.just("add_mark"), st.sampled_from(ITEMS), st.sampled_from(["arrow", "box"]), POINTS),
    st.tuples(st.just("change_mark"), st.integers(0, 5), POINTS),
    st.tuples(st.just("delete_mark"), st.integers(0, 5)),
    st.tuples(st.just("set_view"), st.fixed_dictionaries({"zoom": st.floats(0.1, 30)})),
    st.tuples(st.just("set_focus"), st.sampled_from(ITEMS)),
    st.tuples(st.just("open_at"), st.integers(0, 2)),
    st.sampled_from([("undo",), ("redo",), ("rest_absent",), ("finish",), ("crash",), ("leave",)]),
)


def possible(session: ReadingSession, name: str, rest: tuple) -> list | None:
    """The action with its mark's id filled in; None where it is not possible now."""
    if name in ("change_mark", "delete_mark"):
        marks = list(session.state.marks)
        return [name, marks[rest[0] % len(marks)], *rest[1:]] if marks else None
    if (name == "undo" and not session.can_undo) or (name == "redo" and not session.can_redo):
        return None
    if name == "open_at" and rest[0] > session.read_count:
        return None
    return [name, *rest]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ACTS, max_size=40))
def test_any_sequence_leaves_what_a_simple_model_says(actions: list[tuple]) -> None:
    with TemporaryDirectory() as folder:
        room = Room(make_study(Path(folder), cases=3, readers=("r1",)), Clocks())
        session, model = room.start(), Model(3)
        model.open_next()
        for name, *rest in actions:
            if name in ("crash", "leave"):
                if name == "leave":
                    session.end()
                session.view.close()
                session = room.start()
            elif done := possible(session, name, tuple(rest)):
                act(session, *done)
                model.apply(*done)
                if session.finished:
                    break
                if not model.open:
                    act(session, "open_next")
                    model.open_next()
            assert same(stands(session), model)
        _check_replay(session)
        session.view.close()


def _check_replay(session: ReadingSession) -> None:
    """The events alone give the same state."""
    replayed = case_states(session.view.events())
    assert replayed[session.presentation.code] == session.state


def test_the_session_needs_no_qt() -> None:
    look = "import sys, readerapp.reading.session; print(sorted({'PySide6', 'pyqtgraph', 'torch'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert done.stdout.strip() == "[]"
