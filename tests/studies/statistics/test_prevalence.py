"""Prevalence per reader, pooled, by majority and by any; statsmodels is the oracle of Wilson's interval."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from engine.metrics.proportions import wilson_interval
from studies.statistics.prevalence import PREVALENCE_COLUMNS, prevalence_table
from studies.statistics.ratings import Ratings


def _table(answers: list[list[object]], patients: list[str] | None = None) -> pd.DataFrame:
    rows = [
        (f"c{case}", f"r{reader}", "drain", value, patients[case] if patients else f"c{case}")
        for case, readings in enumerate(answers)
        for reader, value in enumerate(readings)
    ]
    frame = pd.DataFrame(rows, columns=["case_id", "reader_id", "item", "value", "patient_id"])
    return prevalence_table(Ratings.from_frame(frame), redraws=500)


def test_columns_and_rows() -> None:
    table = _table([[1, 0], [1, 1]])
    assert list(table.columns) == PREVALENCE_COLUMNS
    assert list(table["reader_id"]) == ["r0", "r1", "all", "majority", "any"]


def test_a_tie_is_counted_and_not_present() -> None:
    rows = _table([[1, 0], [1, 1], [0, 0], ["", 1], ["", ""]]).set_index("reader_id")
    majority = rows.loc["majority"]
    assert (majority["n"], majority["n_tied"], majority["present"], majority["prevalence"]) == (4, 1, 2, 0.5)
    assert (rows.loc["any", "n"], rows.loc["any", "present"]) == (4, 3)
    assert (rows.loc["r0", "n"], rows.loc["r0", "present"]) == (3, 2)
    assert (rows.loc["all", "n"], rows.loc["all", "present"]) == (7, 4)


def test_not_assessable_is_counted_and_left_out() -> None:
    rows = _table([["not assessable", 1], ["not assessable", "not assessable"], [0, 0]]).set_index("reader_id")
    assert rows["n_not_assessable"].to_dict() == {"r0": 2, "r1": 1, "all": 3, "majority": 1, "any": 1}
    assert rows["n"].to_dict() == {"r0": 1, "r1": 2, "all": 3, "majority": 2, "any": 2}


def test_nothing_valid_is_empty() -> None:
    rows = _table([["", ""], ["", ""]])
    assert (rows["n"] == 0).all()
    assert rows[["prevalence", "low", "high"]].isna().all(axis=None)


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_wilson_of_independent_cases(present: list[bool]) -> None:
    expected = proportion_confint(sum(present), len(present), method="wilson")
    assert wilson_interval(np.array(present), np.arange(len(present))) == pytest.approx(expected)


def test_wilson_where_patients_repeat_is_that_of_the_effective_number() -> None:
    """Each patient three times with the same answer: design effect 3, up to P/(P − 1)."""
    present = np.repeat([1] * 12 + [0] * 28, 3)
    low, high = wilson_interval(present, np.repeat(np.arange(40), 3))
    effective = 39 / 40 * 40
    assert (low, high) == pytest.approx(proportion_confint(0.3 * effective, effective, method="wilson"))
    plain = proportion_confint(36, 120, method="wilson")
    assert low < plain[0]
    assert high > plain[1]


def test_wilson_never_narrows_by_clustering() -> None:
    """Answers that alternate within patients have a design effect below 1, which is not used."""
    present = np.tile([0, 1], 20)
    found = wilson_interval(present, np.repeat(np.arange(20), 2))
    assert found == pytest.approx(proportion_confint(20, 40, method="wilson"))


def test_no_positive_reading_has_an_interval_of_patients() -> None:
    rows = _table([[0, 0]] * 20, [f"p{case // 2}" for case in range(20)]).set_index("reader_id")
    expected = proportion_confint(0, 10, method="wilson")
    for who in ("r0", "all", "majority", "any"):
        assert tuple(rows.loc[who, ["low", "high"]]) == pytest.approx(expected)


def test_pooled_interval_is_by_patient() -> None:
    """Ten images of each patient with one answer: pooling readings must not make 600 independent ones of them."""
    answers = [[int(case // 10 % 3 == 0)] * 3 for case in range(200)]
    rows = _table(answers, [f"p{case // 10}" for case in range(200)]).set_index("reader_id")
    width = rows.loc["all", "high"] - rows.loc["all", "low"]
    expected = 2 * 1.96 * np.sqrt(0.35 * 0.65 / 20)
    assert width == pytest.approx(expected, rel=0.12)


def test_nominal_categories_are_items() -> None:
    table = _table([["left", "right"], ["left", "left"]])
    assert list(dict.fromkeys(table["item"])) == ["drain = left", "drain = right"]
    assert table.set_index(["item", "reader_id"]).loc[("drain = left", "r0"), "prevalence"] == 1


def test_uncertain_counts_three_ways() -> None:
    table = _table([[1, "uncertain"], [0, 0]])
    rows = table[table["reader_id"] == "r1"].set_index("uncertain_as")
    assert rows["prevalence"].to_dict() == {"present": 0.5, "absent": 0.0, "left out": 0.0}
    assert rows["n"].to_dict() == {"present": 2, "absent": 2, "left out": 1}


def test_one_patient_has_no_pooled_interval() -> None:
    """Every redraw is that patient: an interval of no width would claim certainty."""
    rows = [("c1", "a", 1), ("c1", "b", 0), ("c2", "a", 1), ("c2", "b", 1)]
    frame = pd.DataFrame(rows, columns=["case_id", "reader_id", "value"]).assign(item="x", patient_id="p")
    pooled = prevalence_table(Ratings.from_frame(frame), redraws=100).set_index("reader_id").loc["all"]
    assert pooled["prevalence"] == 0.75
    assert np.isnan(pooled["low"]) and np.isnan(pooled["high"])
