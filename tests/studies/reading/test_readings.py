"""From events to states and seconds."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies.errors import StudyError
from studies.reading.events import Event
from studies.reading.marks import Mark, mark_fields, mark_from
from studies.reading.readings import case_states, replay
from studies.reading.timing import PhaseClock, covered

WALL = "2026-03-01T09:00:00.000Z"


def chain(*steps: tuple[Any, ...]) -> list[Event]:
    """Events from (seconds, kind, payload[, code[, session]])."""
    events = []
    for seq, (seconds, kind, payload, *rest) in enumerate(steps, start=1):
        code, session = [*rest, *("K7", "s1")[len(rest) :]]
        events.append(Event("r1", seq, session, kind, code, payload, WALL, float(seconds), "1", "", ""))
    return events


def answer(item: str, old: str, new: str) -> dict[str, str]:
    return {"item": item, "old": old, "new": new, "focus": item}


OPENED = [(0.0, "session_started", {}, ""), (1.0, "case_opened", {"focus": "a"}), (3.0, "painted", {})]


def test_a_case_nobody_opened_has_no_state() -> None:
    assert case_states([]) == {}
    assert case_states(chain((0, "session_started", {}, ""))) == {}


def test_answers_are_the_last_ones_given() -> None:
    events = chain(
        *OPENED, (5, "answered", answer("a", "", "present")), (6, "answered", answer("a", "present", "absent"))
    )
    state = case_states(events)["K7"]
    assert {item: given.value for item, given in state.answers.items()} == {"a": "absent"}
    assert state.answers["a"].seq == 5
    assert (state.opened, state.open, state.closed, state.focus) == (True, True, False, "a")


def test_opening_another_case_leaves_the_first_and_its_undo() -> None:
    events = chain(
        *OPENED,
        (5, "answered", answer("a", "", "present")),
        (9, "case_opened", {"focus": "a"}, "M4"),
        (10, "painted", {}, "M4"),
    )
    states = case_states(events)
    assert not states["K7"].open and states["K7"].undo == () and states["K7"].total_s == 6
    assert states["M4"].open and states["M4"].load_s == 1


def test_total_is_from_first_paint_to_the_finish_over_all_openings() -> None:
    events = chain(
        *OPENED,
        (13, "case_finished", {}),
        (20, "case_opened", {}),
        (21, "painted", {}),
        (26, "case_finished", {}),
    )
    timing = case_states(events)["K7"].timing["unaided"]
    assert (timing.load_s, timing.total_s, timing.away_s, timing.openings) == (3, 15, 0, 2)


def test_a_killed_session_counts_to_its_last_event_and_the_gap_apart() -> None:
    events = chain(
        *OPENED,
        (13, "answered", answer("a", "", "present")),
        (2, "session_started", {}, "", "s2"),
        (4, "case_opened", {"gap_s": 500.0}, "K7", "s2"),
        (5, "painted", {}, "K7", "s2"),
        (12, "case_finished", {}, "K7", "s2"),
    )
    state = case_states(events)["K7"]
    assert (state.total_s, state.active_s, state.load_s, state.gap_s) == (17, 17, 3, 500)


def test_a_session_that_ended_counts_to_its_end() -> None:
    state = case_states(chain(*OPENED, (30, "session_ended", {}, "")))["K7"]
    assert state.total_s == 27 and state.open


def test_away_counts_window_and_idle_once_where_they_overlap() -> None:
    events = chain(
        *OPENED,
        (10, "window_active", {"active": False}),
        (200, "idle", {"from_s": 5.0, "to_s": 200.0}),
        (200, "window_active", {"active": True}),
        (210, "window_active", {"active": False}),
        (215, "case_finished", {}),
    )
    state = case_states(events)["K7"]
    assert (state.total_s, state.away_s, state.active_s) == (212, 195 + 5, 12)


def test_times_to_first_answer_and_mark_are_of_the_first_ones() -> None:
    mark = {"id": "m1", "item_id": "a", "kind": "box", "points": [[0, 0], [1, 1]], "image": 0, "frame": 0}
    events = chain(
        *OPENED,
        (7, "answered", answer("a", "", "present")),
        (8, "mark_added", {"new": mark}),
        (9, "answered", answer("a", "present", "absent")),
        (11, "mark_added", {"new": mark | {"id": "m2"}}),
    )
    timing = case_states(events)["K7"].timing["unaided"]
    assert timing.first_answer_s == {"a": 4} and timing.first_mark_s == 5


def test_the_two_phases_have_their_own_answers_and_time() -> None:
    events = chain(
        *OPENED,
        (13, "answered", answer("a", "", "present")),
        (23, "answers_locked", {"focus": "a"}),
        (28, "answered", answer("a", "present", "absent")),
        (33, "case_finished", {}),
    )
    state = case_states(events)["K7"]
    assert state.locked_answers is not None and state.locked_answers["a"].value == "present"
    assert state.answers["a"].value == "absent"
    assert [state.timing[phase].total_s for phase in ("unaided", "explained")] == [20, 10]  # type: ignore[index]
    assert state.timing["explained"].first_answer_s == {"a": 5}


@pytest.mark.parametrize(
    ("kind", "payload"),
    [("undone", {"of": 1, "changes": []}), ("answered", {}), ("mark_added", {"new": {"id": "m1"}}), ("idle", {})],
)
def test_an_event_that_cannot_be_is_named(kind: str, payload: dict[str, Any]) -> None:
    with pytest.raises(StudyError, match=rf"event 4 of r1 \({kind}\)"):
        replay(chain(*OPENED, (5, kind, payload)))


def test_kinds_of_a_later_version_only_move_the_clock() -> None:
    state = case_states(chain(*OPENED, (9, "something_new", {})))["K7"]
    assert state.total_s == 6


def test_a_mark_survives_its_json() -> None:
    mark = Mark("m1", "a", "arrow", ((0.5, 1.0), (2.0, 3.25)), 1, 7)
    assert mark_from(mark_fields(mark)) == mark


STRETCHES = st.lists(
    st.tuples(st.integers(0, 50), st.integers(0, 50)).map(lambda pair: (min(pair), max(pair))), max_size=8
)


@given(STRETCHES, st.integers(0, 50), st.integers(0, 50))
def test_covered_counts_every_second_once(stretches: list[tuple[int, int]], one: int, other: int) -> None:
    start, end = sorted((one, other))
    seconds = sum(any(low <= second < high for low, high in stretches) for second in range(start, end))
    assert covered([(float(low), float(high)) for low, high in stretches], float(start), float(end)) == seconds


@given(st.lists(st.tuples(st.sampled_from("OPIATS"), st.integers(0, 200)), max_size=30))
def test_away_is_never_more_than_total(steps: list[tuple[str, int]]) -> None:
    """Whatever comes in whatever order, as long as the clock runs forward."""
    clock, now = PhaseClock(), 0.0
    for what, wait in steps:
        now += wait
        clock.tick(now) if clock.running else None
        {
            "O": clock.ask,
            "P": clock.start,
            "I": lambda at, wait=wait: clock.idle(at - 2 * wait, at),
            "A": lambda at: clock.set_active(True, at),
            "T": lambda at: clock.set_active(False, at),
            "S": lambda _: clock.stop(),
        }[what](now)
        timing = clock.timing()
        assert 0 <= timing.away_s <= timing.total_s <= now
        assert timing.load_s >= 0


def test_states_do_not_depend_on_hashes() -> None:
    events = chain(*OPENED, (5, "answered", answer("a", "", "present")))
    assert case_states(events) == case_states([replace(event, hash="x") for event in events])
