"""Which cases readers differ on: against a plain loop over the answers."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studies.errors import RatingsError
from studies.statistics.disputes import Topic, find_disputes
from studies.statistics.ratings import Ratings

ANSWERS = ["present", "absent", "uncertain", "not assessable", ""]


def ratings(table: list[tuple[str, ...]], item: str = "drain", **columns: list[str]) -> Ratings:
    rows = [
        {"case_id": f"c{case}", "reader_id": f"r{reader}", "item": item, "value": value}
        | {name: values[case] for name, values in columns.items()}
        for case, answers in enumerate(table)
        for reader, value in enumerate(answers)
    ]
    return Ratings.from_frame(pd.DataFrame(rows))


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(*[st.sampled_from(ANSWERS)] * 3), min_size=1, max_size=12),
    st.sampled_from([(), ("r0", "r2"), ("r1", "r2")]),
    st.sampled_from(["left out", "present", "absent"]),
)
def test_cases_in_which_two_valid_answers_differ(table: list, readers: tuple[str, ...], way: str) -> None:
    expected = []
    for case, answers in enumerate(table):
        chosen = [a for r, a in enumerate(answers) if not readers or f"r{r}" in readers]
        counted = {way if a == "uncertain" else a for a in chosen}
        if {"present", "absent"} <= counted:
            expected.append(f"c{case}")
    found = find_disputes(ratings(table), Topic("drain", uncertain_as=way, readers=readers))
    assert [one.case_id for one in found] == sorted(expected, key=lambda name: int(name[1:]))


def test_who_said_what_is_kept_for_all_readers_with_a_valid_answer() -> None:
    (one,) = find_disputes(ratings([("present", "absent", "uncertain")]), Topic("drain", readers=("r0", "r1")))
    assert one.says == {"r0": "present", "r1": "absent"}


def test_a_stratum_and_an_arm_are_kept_to() -> None:
    table = [("present", "absent")] * 3
    whole = ratings(table, stratum=["a", "b", "a"], arm=["x", "y", "y"])
    assert [d.case_id for d in find_disputes(whole, Topic("drain", stratum="a"))] == ["c0", "c2"]
    assert find_disputes(whole, Topic("drain", stratum="c")) == find_disputes(whole, Topic("drain", arm="z")) == ()
    assert [(d.case_id, d.arm) for d in find_disputes(whole, Topic("drain", arm="y"))] == [("c1", "y"), ("c2", "y")]


def test_composites_and_categories_are_lines_too() -> None:
    views = ratings([("PA", "AP"), ("AP", "AP"), ("PA", "supine")], item="view")
    assert [d.case_id for d in find_disputes(views, Topic("view"))] == ["c0", "c2"]
    for topic in (Topic("view", category="AP"), Topic("view = AP")):
        assert [d.case_id for d in find_disputes(views, topic)] == ["c0"]


def test_what_there_is_not_is_named() -> None:
    with pytest.raises(RatingsError, match="item 'tube'"):
        find_disputes(ratings([("present", "absent")]), Topic("tube"))
    with pytest.raises(RatingsError, match="reader 'r9'"):
        find_disputes(ratings([("present", "absent")]), Topic("drain", readers=("r9", "r0")))
