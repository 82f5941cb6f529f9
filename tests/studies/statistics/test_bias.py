"""Per-reader bias against numbers by hand and a paired t interval from scipy; what cannot be estimated is named."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from studies.statistics.bias import reader_bias
from studies.statistics.ratings import Ratings


def ratings(answers: np.ndarray, patients: list[str] | None = None) -> Ratings:
    rows = [
        {"case_id": f"c{case:03d}", "reader_id": f"r{reader}", "item": "drain", "value": "" if value < 0 else value}
        | ({"patient_id": patients[case]} if patients else {})
        for case, readings in enumerate(answers.tolist())
        for reader, value in enumerate(readings)
    ]
    return Ratings.from_frame(pd.DataFrame(rows))


def of(answers: np.ndarray, reader: str = "r0", patients: list[str] | None = None) -> pd.Series:
    table = reader_bias(ratings(answers, patients))
    return table[(table["reader_id"] == reader) & (table["stratum"] == "all")].iloc[0]


ANSWERS = np.array([[1, 1, 0], [0, 0, 0], [1, 0, 1], [1, 1, 1], [0, 0, 1], [1, 0, 0], [1, 1, 1], [1, 1, 0]])


def test_the_bias_is_the_mean_difference_by_hand() -> None:
    row = of(ANSWERS)
    assert row["prevalence"] == 6 / 8 and row["others_prevalence"] == pytest.approx((4 / 8 + 4 / 8) / 2)
    assert row["bias"] == pytest.approx(0.25) and row["n_cases"] == row["n_patients"] == 8


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 1)] * 3), min_size=3, max_size=40))
def test_the_interval_is_the_paired_t_interval_where_each_patient_has_one_case(answers: list) -> None:
    matrix = np.array(answers)
    difference = matrix[:, 0] - matrix[:, 1:].mean(axis=1)
    row = of(matrix)
    assert row["bias"] == pytest.approx(difference.mean(), abs=1e-12)
    if np.ptp(difference) == 0:
        assert np.isnan(row["bias_low"]) and "same in every case" in row["status"]
        return
    low, high = stats.ttest_1samp(difference, 0).confidence_interval(0.95)
    assert (row["bias_low"], row["bias_high"]) == pytest.approx((max(low, -1), min(high, 1)), abs=1e-9)


def test_copies_of_a_patients_cases_bring_no_certainty() -> None:
    twice = np.repeat(ANSWERS, 2, axis=0)
    names = [f"p{case // 2}" for case in range(16)]
    once, doubled = of(ANSWERS), of(twice, patients=names)
    assert (doubled["bias_low"], doubled["bias_high"]) == pytest.approx((once["bias_low"], once["bias_high"]))


def test_biases_of_complete_readings_add_up_to_nothing() -> None:
    table = reader_bias(ratings(ANSWERS))
    assert table["bias"].sum() == pytest.approx(0, abs=1e-12)


def test_a_reader_is_compared_on_the_cases_of_both() -> None:
    answers = np.array([[1, 1], [1, -1], [-1, 0], [0, 1]])
    row = of(answers)
    assert row["n_cases"] == 2 and row["bias"] == pytest.approx((0 - 1) / 2)


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([[1, -1], [-1, 0]], "no case was read by this reader and another"),
        ([[1], [0]], "no case was read by this reader and another"),
        ([[0, 0], [0, 0]], "the same in every case"),
    ],
)
def test_what_cannot_be_estimated_is_named(answers: list, words: str) -> None:
    row = of(np.array(answers))
    assert words in row["status"] and np.isnan(row["bias_low"])


def test_one_patient_has_no_interval() -> None:
    row = of(ANSWERS, patients=["p"] * 8)
    assert row["bias"] == pytest.approx(0.25) and np.isnan(row["bias_low"]) and "one patient" in row["status"]
