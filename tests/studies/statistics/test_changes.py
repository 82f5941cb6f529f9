"""Answers before and after an explanation: directions counted by hand, intervals and kappas against other ways."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.metrics.proportions import wilson_interval
from studies.statistics.changes import (
    ALL_ITEMS,
    CHANGES_COLUMNS,
    DIRECTIONS,
    answer_pairs,
    changes_table,
    in_view_table,
)

VALUES = ("absent", "present", "uncertain", "not assessable", "")


def readings(answers: list[tuple[str, str, str, str]], arm: str = "aided", kind: str = "presence") -> pd.DataFrame:
    """From (reader, case, before, after); the unaided row of a case that was not explained has after None."""
    rows = []
    for reader, case, before, after in answers:
        for name, value in (("unaided", before), (arm, after)):
            rows.append(
                {
                    "reader_id": reader, "case_id": case, "patient_id": f"p{case}", "stratum": "", "arm": name,
                    "repeat": 0, "part": 0, "code": f"{reader}{case}", "position": 0, "item": "tube",
                    "item_group": "treatment", "item_kind": kind, "value": value, "n_marks": 0,
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def line(table: pd.DataFrame, reader: str) -> pd.Series:
    return table[(table["reader_id"] == reader) & (table["stratum"] == "all")].iloc[0]


BY_HAND = [
    ("r1", "a", "absent", "present"),
    ("r1", "b", "absent", "present"),
    ("r1", "c", "present", "absent"),
    ("r1", "d", "present", "present"),
    ("r1", "e", "absent", "uncertain"),
    ("r1", "f", "uncertain", "present"),
    ("r1", "g", "absent", "not assessable"),
    ("r1", "h", "absent", ""),
    ("r1", "i", "", "absent"),
    ("r1", "j", "", ""),
    ("r2", "a", "present", "present"),
]


def test_directions_are_counted_by_hand() -> None:
    row = line(changes_table(answer_pairs(readings(BY_HAND), "unaided"), redraws=100), "r1")
    assert {name: row[name] for name in DIRECTIONS} == {
        "absent_to_present": 2,
        "present_to_absent": 1,
        "to_uncertain": 1,
        "from_uncertain": 1,
        "other_change": 1,
    }
    assert (row["n"], row["n_changed"], row["n_open"]) == (7, 6, 2) and row["changed"] == 6 / 7
    low, high = wilson_interval(np.array([1, 1, 1, 0, 1, 1, 1]), np.arange(7))
    assert (row["low"], row["high"]) == (low, high)


def test_the_kappa_of_a_reader_with_themselves_is_cohen_s() -> None:
    """Sure both times: absent→present twice, present→absent once, present twice the same: of 4, po 1/4, pe 7/16."""
    row = line(changes_table(answer_pairs(readings(BY_HAND), "unaided"), redraws=100), "r1")
    before, after = [0, 0, 1, 1], [1, 1, 0, 1]
    po = np.mean(np.array(before) == np.array(after))
    pe = np.mean(before) * np.mean(after) + (1 - np.mean(before)) * (1 - np.mean(after))
    assert row["cohen_kappa"] == pytest.approx((po - pe) / (1 - pe))


def test_readers_who_follow_come_to_agree() -> None:
    """Two readers who disagree half of the time and then say the same: Fleiss' kappa 0 before, 1 after."""
    cases = [f"c{n:02d}" for n in range(20)]
    after = ["present" if n % 2 else "absent" for n in range(20)]
    before = {"r1": after, "r2": ["present" if n % 4 < 2 else "absent" for n in range(20)]}
    answers = [(r, c, before[r][n], after[n]) for r in ("r1", "r2") for n, c in enumerate(cases)]
    row = line(changes_table(answer_pairs(readings(answers), "unaided"), redraws=500), "all")
    assert row["kappa_before"] == pytest.approx(0.0, abs=1e-12)
    assert row["kappa_after"] == pytest.approx(1.0)
    assert row["kappa_change"] == pytest.approx(1.0)
    assert row["kappa_change_low"] < 1 < row["kappa_change_high"]
    assert math.isnan(line(changes_table(answer_pairs(readings(answers[:20]), "unaided")), "all")["kappa_before"])


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.sampled_from(VALUES), st.sampled_from(VALUES)), min_size=1, max_size=30))
def test_every_pair_is_counted_once(pairs: list[tuple[str, str]]) -> None:
    answers = [("r1", f"c{n}", before, after) for n, (before, after) in enumerate(pairs)]
    table = changes_table(answer_pairs(readings(answers), "unaided"), redraws=20)
    assert list(table.columns) == CHANGES_COLUMNS
    row, pooled = line(table, "r1"), line(table, "all")
    assert row["n_changed"] == sum(row[name] for name in DIRECTIONS)
    assert row["n"] == sum(bool(before and after) for before, after in pairs)
    assert row["n_open"] == sum(bool(before) != bool(after) for before, after in pairs)
    assert row["n_changed"] == sum(bool(b and a) and b != a for b, a in pairs)
    assert all(pooled[name] == row[name] for name in ("n", "n_open", "n_changed", *DIRECTIONS))


def test_other_kinds_change_without_a_direction_and_texts_are_left_out() -> None:
    answers = [("r1", "a", "poor", "good"), ("r1", "b", "fair", "fair")]
    row = line(changes_table(answer_pairs(readings(answers, kind="ordinal"), "unaided"), redraws=50), "r1")
    assert (row["n"], row["n_changed"], row["other_change"]) == (2, 1, 1)
    assert answer_pairs(readings(answers, kind="text"), "unaided").empty


def test_arms_are_told_apart_and_unexplained_cases_are_in_none() -> None:
    frame = pd.concat(
        [
            readings([("r1", "a", "absent", "present")], "aided"),
            readings([("r1", "b", "absent", "absent")], "sham"),
            readings([("r1", "c", "absent", "absent")]).iloc[:1],
        ]
    )
    table = changes_table(answer_pairs(frame, "unaided"), redraws=50)
    assert table[table["reader_id"] == "r1"].set_index("arm")["n_changed"].to_dict() == {"aided": 1, "sham": 0}
    assert changes_table(answer_pairs(frame.iloc[-1:], "unaided")).empty


def test_all_items_are_every_pair_once_with_patients_as_the_unit() -> None:
    """Two items of the same patients: the counts of both, and intervals that take a patient's answers together."""
    tube = [("r1", "a", "absent", "present"), ("r1", "b", "absent", "absent"), ("r2", "a", "present", "uncertain")]
    wires = [("r1", "a", "present", "absent"), ("r1", "b", "present", "present"), ("r2", "a", "", "absent")]
    frame = pd.concat([readings(tube), readings(wires).assign(item="wires")])
    table = changes_table(answer_pairs(frame, "unaided"), redraws=200)
    whole = table[table["item"] == ALL_ITEMS]
    assert list(whole["reader_id"]) == ["r1", "r2", "all"]
    first, second, pooled = (whole.iloc[place] for place in range(3))
    assert (first["n"], first["n_changed"], first["absent_to_present"], first["present_to_absent"]) == (4, 2, 1, 1)
    assert (second["n"], second["n_open"], second["to_uncertain"]) == (1, 1, 1)
    assert (pooled["n"], pooled["n_open"], pooled["changed"]) == (5, 1, 3 / 5)
    changed, patients = np.array([1.0, 0.0, 1.0, 0.0]), np.array([0, 1, 0, 1])
    assert (first["low"], first["high"]) == wilson_interval(changed, patients)
    assert (first["low"], first["high"]) != wilson_interval(changed, np.arange(4))
    kappas = [name for name in CHANGES_COLUMNS if "kappa" in name]
    assert whole[kappas].isna().all(axis=None)
    assert table.iloc[-1]["item"] == ALL_ITEMS


def test_one_item_is_not_told_twice() -> None:
    table = changes_table(answer_pairs(readings(BY_HAND), "unaided"), redraws=20)
    assert set(table["item"]) == {"tube"}


def test_time_in_view_is_summed_by_arm_and_reader() -> None:
    times = pd.DataFrame(
        [("r1", "unaided", 0, 0.0, 30.0), ("r1", "aided", 2, 8.0, 12.0), ("r1", "aided", 1, 2.0, 4.0)],
        columns=["reader_id", "arm", "reveals", "explanation_s", "active_s"],
    )
    row = in_view_table(times, "unaided").iloc[0]
    assert (row["n"], row["reveals_mean"], row["explanation_s_median"]) == (2, 1.5, 5.0)
    assert (row["explanation_s_sum"], row["active_s_sum"]) == (10.0, 16.0)
