"""The reading session without a window: what a reader may do, what is kept, what time counts."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
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
from studies.reading.masks import LONGEST_COUNTS, Mask, mask_of_counts
from studies.reading.readings import case_states
from studies.reading.study import open_as_reader
from tests.studies.made_studies import OTHER_ITEMS, make_study, phrase
from tests.studies.reading_model import ITEMS, Model, act, same, stands

BOX = ((1.0, 2.0), (30.5, 40.25))


@dataclass
class Clocks:
    """A monotonic clock and a time of day that stand still until told."""

    now: float = 1000.0
    day: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 9, 0, tzinfo=UTC))

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.day += timedelta(seconds=seconds)


@dataclass
class Room:
    """A study and whoever sits down to read it."""

    root: Path
    clocks: Clocks

    def sit_down(self, reader: str = "r1") -> ReadingSession:
        view = open_as_reader(self.root, reader, phrase(reader))
        return ReadingSession(view, clock=lambda: self.clocks.now, wall=lambda: self.clocks.day)

    def start(self, reader: str = "r1") -> ReadingSession:
        """Sit down, with the case on the screen."""
        session = self.sit_down(reader)
        show(session.open_next, session)
        return session

    def kinds(self, reader: str = "r1") -> list[str]:
        with Journal(self.root) as journal:
            return [event.kind for event in journal.events(reader)]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(make_study(tmp_path / "study"), Clocks())


def make_room(tmp_path: Path, **design: object) -> Room:
    return Room(make_study(tmp_path / "study", **design), Clocks())  # type: ignore[arg-type]


def show(move: Callable[[], object], session: ReadingSession) -> None:
    move()
    session.painted()


def read_all(session: ReadingSession, cases: int) -> None:
    for _ in range(cases):
        show(session.open_next, session)
        assert session.finish(confirmed=True).kind == "finished"


def values(session: ReadingSession) -> dict[str, str]:
    return {item: answer.value for item, answer in session.state.answers.items()}


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
        session.add_mark("catheter", "box", BOX, 0, 0)


# Marks and undo


def test_marks_are_added_moved_and_deleted_and_every_step_can_be_undone(room: Room) -> None:
    session = room.start()
    mark = session.add_mark("catheter", "arrow", BOX, 0, 0)
    moved = session.change_mark(mark.id, ((5, 5), (6, 7)))
    assert moved.points == ((5.0, 5.0), (6.0, 7.0))
    session.delete_mark(mark.id)
    assert session.state.marks == {}
    session.undo()
    assert session.state.marks == {mark.id: moved}
    session.undo()
    assert session.state.marks == {mark.id: mark}
    session.undo()
    assert session.state.marks == {} and not session.can_undo
    with pytest.raises(ReadingError, match="nothing to undo"):
        session.undo()
    for _ in range(3):
        session.redo()
    assert session.state.marks == {} and not session.can_redo
    assert session.add_mark("catheter", "box", BOX, 0, 0).id != mark.id  # an id is never used twice


def test_a_painted_region_is_a_mark_like_any_other(room: Room) -> None:
    session = room.start()
    mark = session.add_mask("catheter", mask_of_counts(6, 5, [7, 3, 20]), 0, 0, (0.5, 0.2), True)
    assert (mark.kind, mark.points, mark.spacing_mm) == ("mask", ((0.5, 0.5), (1.5, 3.5)), (0.5, 0.2))
    wider = session.change_mask(mark.id, mask_of_counts(6, 5, [7, 3, 3, 3, 14]))
    moved = session.change_mark(mark.id, ((2.6, -0.4), (4.6, 2.6)))
    assert moved.mask == mask_of_counts(6, 5, [18, 3, 3, 3, 3]) and moved.points == ((2.5, -0.5), (4.5, 2.5))
    session.delete_mark(mark.id)
    for expected in (moved, wider, mark):
        session.undo()
        assert session.state.marks == {mark.id: expected}
    session.undo()
    session.redo()
    assert session.state.marks == {mark.id: mark}
    again = room.sit_down()
    again.open_next()
    assert again.state.marks == {mark.id: mark}


def test_regions_that_cannot_be_kept_are_refused(room: Room) -> None:
    session = room.start()
    region = mask_of_counts(6, 5, [7, 3, 20])
    mark = session.add_mask("catheter", region, 0, 0)
    box = session.add_mark("catheter", "box", BOX, 0, 0)
    scribble = Mask(60_000, 60_000, "1" * (LONGEST_COUNTS + 1))
    refused: list[Callable[[], object]] = [
        lambda: session.add_mark("catheter", "mask", BOX, 0, 0),
        lambda: session.add_mask("catheter", mask_of_counts(6, 5, [30]), 0, 0),
        lambda: session.add_mask("catheter", scribble, 0, 0),
        lambda: session.add_mask("catheter", region, 1, 0),
        lambda: session.change_mask(mark.id, mask_of_counts(5, 6, [7, 3, 20])),
        lambda: session.change_mask(mark.id, mask_of_counts(6, 5, [7, 3, 19])),
        lambda: session.change_mask(box.id, region),
        lambda: session.change_mark(mark.id, ((-2.5, 0.5), (0.5, 3.5))),
    ]
    for act_ in refused:
        with pytest.raises(ReadingError):
            act_()
    assert session.state.marks == {mark.id: mark, box.id: box}


def test_marks_that_are_none_are_refused(room: Room) -> None:
    session = room.start()
    for kind, points, image in [
        ("circle", BOX, 0),
        ("box", BOX, 1),
        ("box", BOX, -1),
        ("box", ((1, 2),), 0),
        ("box", ((1, 2), (3, float("nan"))), 0),
    ]:
        with pytest.raises(ReadingError):
            session.add_mark("catheter", kind, points, image, 0)
    with pytest.raises(ReadingError, match="no mark 'm9'"):
        session.delete_mark("m9")


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


# The second phase


def test_an_explained_case_without_frozen_explanations_is_finished_at_once(tmp_path: Path) -> None:
    session = make_room(tmp_path, explained=(True,)).start()
    assert session.finish(confirmed=True).kind == "finished"
    assert session.explanations == () and session.state.phase == "unaided"


def test_unaided_answers_are_locked_before_an_explanation_may_be_shown(tmp_path: Path) -> None:
    room = make_room(tmp_path, explained=(True,), explanations=(("e" * 64,),))
    session = room.start()
    session.answer("catheter", "present")
    mark = session.add_mark("catheter", "box", BOX, 0, 0)
    assert session.explanations == ()
    assert session.finish(confirmed=True).kind == "explained"
    assert session.explanations == ("e" * 64,) and not session.can_undo
    session = room.start()  # killed here: the lock holds
    assert session.explanations == ("e" * 64,)
    for change in (lambda: session.delete_mark(mark.id), lambda: session.change_mark(mark.id, ((0, 0), (1, 1)))):
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


def explained_room(tmp_path: Path, **more: object) -> Room:
    return make_room(tmp_path, explained=(True,), explanations=(("e" * 64,),), **more)


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


# Coming back


def test_a_reader_stands_where_they_stood_with_the_gap_recorded(room: Room) -> None:
    session = room.start()
    session.answer("catheter", "present")
    session.add_mark("catheter", "box", BOX, 0, 0)
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
    session.add_mark("catheter", "box", BOX, 0, 0)  # after 75 s
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


def test_a_measurement_keeps_the_spacing_it_was_made_with_and_comes_back_whole(room: Room) -> None:
    session = room.start()
    line = ((1.0, 1.0), (4.0, 5.0))
    mark = session.add_mark("catheter", "length", line, 0, 0, spacing_mm=(0.5, 0.5), calibrated=True)
    assert (mark.spacing_mm, mark.calibrated) == ((0.5, 0.5), True)
    path = [(float(n), 2.0 * n) for n in range(40)]
    drawn = session.add_mark("catheter", "freehand", path, 0, 0, spacing_mm=(0.5, 0.5))
    assert drawn.spacing_mm is None and len(drawn.points) == 40
    longer = session.change_mark(mark.id, ((1.0, 1.0), (7.0, 9.0)))
    assert longer.spacing_mm == (0.5, 0.5)
    with pytest.raises(ReadingError, match="2 points"):
        session.change_mark(mark.id, ((1, 1), (2, 2), (3, 3)))
    session.undo()
    session.undo()
    assert session.state.marks == {mark.id: mark}
