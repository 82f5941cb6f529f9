"""Pairs of readers, readers left out, and readers with themselves; statsmodels is the oracle."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import cochrans_q
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

from studies.statistics.agreement import concordance, intra_reader, pairwise
from studies.statistics.cohen import cochran_q, cohen_kappa
from studies.statistics.pairs import concordance_table, leave_one_reader_out, reader_effects
from studies.statistics.ratings import Ratings

ANSWERS = np.array([[1, 1, 0], [0, 0, 0], [1, 0, 1], [1, 1, 1], [0, 0, 1], [0, 0, 0], [1, 1, 1], [0, 1, 0]])


def _ratings(answers: np.ndarray = ANSWERS, **columns: list) -> Ratings:
    rows = [
        {"case_id": f"c{case}", "reader_id": f"r{reader}", "item": "drain", "value": value}
        | {name: values[case] for name, values in columns.items()}
        for case, readings in enumerate(answers.tolist())
        for reader, value in enumerate(readings)
    ]
    return Ratings.from_frame(pd.DataFrame(rows))


@settings(max_examples=80)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=30))
def test_cohen_equals_statsmodels(pairs: list[tuple[int, int]]) -> None:
    first, second = np.array(pairs).T
    found = cohen_kappa(first, second, 3, np.arange(len(pairs)))
    if len(set(first) | set(second)) == 1:
        assert np.isnan(found.kappa)
        return
    oracle = cohens_kappa(found.table)
    assert found.kappa == pytest.approx(oracle.kappa, abs=1e-12)
    assert found.interval.se**2 == pytest.approx(oracle.var_kappa, abs=1e-12)  # theirs may be −1e-17 where it is 0


def test_interval_of_cohen_is_by_patient() -> None:
    twice = np.repeat(ANSWERS, 2, axis=0)
    once = cohen_kappa(ANSWERS[:, 0], ANSWERS[:, 1], 2, np.arange(8)).interval
    by_patient = cohen_kappa(twice[:, 0], twice[:, 1], 2, np.repeat(np.arange(8), 2)).interval
    assert by_patient.se == pytest.approx(once.se)
    assert cohen_kappa(twice[:, 0], twice[:, 1], 2, np.arange(16)).interval.se < once.se


def test_pairwise_table() -> None:
    table = pairwise(_ratings()).set_index(["reader_a", "reader_b"])
    assert list(table.index) == [("r0", "r1"), ("r0", "r2"), ("r1", "r2")]
    row = table.loc[("r0", "r1")]
    assert (row["both_positive"], row["only_a"], row["only_b"], row["both_negative"]) == (3, 1, 1, 3)
    assert row["cohen_kappa"] == pytest.approx(cohens_kappa(np.array([[3, 1], [1, 3]])).kappa)
    assert (row["prevalence_index"], row["bias_index"], row["pabak"]) == (0, 0, 0.5)
    assert table.loc[("r0", "r2"), "bias_index"] == 0
    assert row["positive_agreement"] == row["negative_agreement"] == 0.75


def test_pair_that_cannot_be_estimated() -> None:
    frame = pd.DataFrame(
        [("c1", "a", "x", 0), ("c2", "a", "x", 0), ("c1", "b", "x", 0), ("c3", "c", "x", 1)],
        columns=["case_id", "reader_id", "item", "value"],
    )
    table = pairwise(Ratings.from_frame(frame)).set_index(["reader_a", "reader_b"])
    assert table.loc[("a", "b"), "status"] == "not estimable: all 2 readings negative"
    assert table.loc[("a", "c"), "status"] == "not estimable: no case was answered by both"
    assert table["cohen_kappa"].isna().all()


def test_concordance_counts_cases_both_rated_positive() -> None:
    matrix = concordance(_ratings(), "drain")
    assert matrix.loc["r0"].tolist() == [4, 3, 3]
    assert matrix.loc["r1"].tolist() == [3, 4, 2]
    assert (matrix.to_numpy() == matrix.to_numpy().T).all()
    long = concordance_table(_ratings())
    assert long["n_both_positive"].tolist() == matrix.to_numpy().ravel().tolist()


def test_concordance_of_several_items_is_that_of_any() -> None:
    rows = [("c1", r, i, int((r, i) in {("a", "x"), ("b", "y")})) for r in "ab" for i in "xy"]
    ratings = Ratings.from_frame(pd.DataFrame(rows, columns=["case_id", "reader_id", "item", "value"]))
    assert concordance(ratings, "x").loc["a", "b"] == 0
    assert concordance(ratings, ["x", "y"]).loc["a", "b"] == 1


@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(0, 1), min_size=3, max_size=3), min_size=3, max_size=25))
def test_cochran_equals_statsmodels(codes: list[list[int]]) -> None:
    matrix = np.array(codes)
    found = cochran_q(matrix)
    if (matrix == matrix[:, :1]).all():
        assert np.isnan(found.q)
        return
    oracle = cochrans_q(matrix)
    assert (found.q, found.p_value, found.df) == pytest.approx((oracle.statistic, oracle.pvalue, oracle.df))


def test_cochran_uses_complete_cases() -> None:
    with_gap = np.vstack([ANSWERS, [[1, -1, 0]]])
    assert cochran_q(with_gap) == cochran_q(ANSWERS)


def test_reader_effects() -> None:
    row = reader_effects(_ratings()).iloc[0]
    kappas = pairwise(_ratings())["cohen_kappa"]
    assert row["light_kappa"] == pytest.approx(kappas.mean())
    assert (row["n_pairs"], row["n_pairs_not_estimable"], row["n_complete_cases"]) == (3, 0, 8)
    silent = reader_effects(_ratings(np.zeros((4, 3), dtype=int))).iloc[0]
    assert silent["status"] == "Cochran's Q not estimable: no disagreement in 4 complete cases"
    assert np.isnan(silent["light_kappa"])


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [(np.array([[1], [0]]), "fewer than two readers"), (np.array([[1, -1], [-1, 0]]), "no case was answered by every")],
)
def test_why_there_is_no_q(answers: np.ndarray, sentence: str) -> None:
    words = np.where(answers < 0, "", answers.astype(str)).astype(object)
    assert sentence in reader_effects(_ratings(words)).iloc[0]["status"]


def test_a_stratum_has_its_own_confounders_one_by_one() -> None:
    """As a panel of DiffChest's Extended Data Figures 4 and 5: a diagnosis, and a confounder that goes with it."""
    own = _ratings(stratum=["s", "s", "s", "s", "t", "t", "t", "t"])
    matrix = concordance_table(own, confounders={"s": ["drain"]})
    counts = matrix[matrix["stratum"] == "s"].set_index(["reader_a", "reader_b"])["n_both_positive"]
    assert counts.loc[("r0", "r1")] == 2 and counts.loc[("r0", "r0")] == 3
    assert set(matrix["stratum"]) == {"all", "s"}
    pairs = pairwise(own, confounders={"s": ["drain"]})
    assert pairs.groupby("stratum", sort=False)["n_cases"].first().to_dict() == {"all": 8, "s": 4}


def test_leave_one_reader_out() -> None:
    table = leave_one_reader_out(_ratings()).set_index("reader_left_out")
    for reader in range(3):
        rest = np.delete(ANSWERS, reader, axis=1)
        expected = fleiss_kappa(np.stack([(rest == 0).sum(axis=1), rest.sum(axis=1)], axis=1))
        assert table.loc[f"r{reader}", "fleiss_kappa"] == pytest.approx(expected)
    whole = fleiss_kappa(np.stack([(ANSWERS == 0).sum(axis=1), ANSWERS.sum(axis=1)], axis=1))
    assert table["change"].to_numpy() == pytest.approx(table["fleiss_kappa"].to_numpy() - whole)


def _with_repeats() -> Ratings:
    """r0 contradicts themselves once in four, r1 never; r1 could not assess one repeat."""
    first = {"r0": [1, 0, 1, 0], "r1": [1, 0, 0, 1]}
    again = {"r0": ["1", "0", "0", "0"], "r1": ["1", "0", "not assessable", "1"]}
    rows = [
        (f"c{case}", reader, "drain", value, repeat)
        for repeat, readings in enumerate((first, again))
        for reader, values in readings.items()
        for case, value in enumerate(values)
    ]
    return Ratings.from_frame(pd.DataFrame(rows, columns=["case_id", "reader_id", "item", "value", "repeat"]))


def test_intra_reader_agreement() -> None:
    table = intra_reader(_with_repeats()).set_index("reader_id")
    assert table["n_pairs"].to_dict() == {"r0": 4, "r1": 3, "all": 7}
    assert table.loc["r0", "cohen_kappa"] == pytest.approx(cohens_kappa(np.array([[2, 0], [1, 1]])).kappa)
    assert table.loc["r0", "observed_agreement"] == 0.75
    assert table.loc["r1", "cohen_kappa"] == 1
    assert table.loc["all", "cohen_kappa"] == pytest.approx(cohens_kappa(np.array([[3, 0], [1, 3]])).kappa)
    assert table.loc["all", "n_patients"] == 4
    assert table.loc["r0", "ac1_low"] < table.loc["r0", "ac1"]


def test_repeats_count_for_intra_reader_agreement_only() -> None:
    assert pairwise(_with_repeats())["n_cases"].tolist() == [4]
    assert intra_reader(_ratings()).empty


def test_strata_have_their_own_composites() -> None:
    rows = [
        (case, reader, item, "treatment", int(case == item), stratum)
        for case, stratum in (("x", "s1"), ("y", "s2"))
        for reader in ("r0", "r1")
        for item in ("x", "y")
    ]
    columns = ["case_id", "reader_id", "item", "item_group", "value", "stratum"]
    ratings = Ratings.from_frame(pd.DataFrame(rows, columns=columns))
    table = concordance_table(ratings, confounders={"s1": ("x",), "s2": ("x",)})
    own = table[table["item"] == "any:treatment"]
    assert own.groupby("stratum")["n_both_positive"].max().to_dict() == {"s1": 1, "s2": 0}


def test_of_no_reader_no_case_is_complete() -> None:
    """Both readers called the item not assessable everywhere: there is no case that every reader answered."""
    rows = [(f"c{case}", f"r{reader}", "drain", "not assessable") for case in range(4) for reader in range(2)]
    ratings = Ratings.from_frame(pd.DataFrame(rows, columns=["case_id", "reader_id", "item", "value"]))
    effects = reader_effects(ratings)
    assert set(effects["n_complete_cases"]) == {0}
    assert effects["status"].str.startswith("Cochran's Q not estimable").all()
