"""The agreement table: its rows, its numbers against statsmodels, and what it says where nothing can be estimated."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import fleiss_kappa

from engine.metrics.resampling import patient_weights, percentile_interval, redrawn_sums, sum_by_patient
from studies.statistics.agreement import AGREEMENT_COLUMNS, agreement_table
from studies.statistics.coefficients import coefficients, count_categories, fleiss_interval, linear_terms
from studies.statistics.ratings import Ratings, read_wide


def ratings_of(codes: Sequence[Sequence[object]], item: str = "drain", **columns: Sequence[object]) -> Ratings:
    """One item, from rows (a case each) of answers (a reader each); None = no row; `columns` hold a value a case."""
    rows = [
        {"case_id": f"c{case}", "reader_id": f"r{reader}", "item": item, "value": value}
        | {name: values[case] for name, values in columns.items()}
        for case, answers in enumerate(codes)
        for reader, value in enumerate(answers)
        if value is not None
    ]
    return Ratings.from_frame(pd.DataFrame(rows))


def line(table: pd.DataFrame, **where: str) -> pd.Series:
    chosen = table
    for name, value in where.items():
        chosen = chosen[chosen[name] == value]
    assert len(chosen) == 1, f"{len(chosen)} rows where {where}"
    return chosen.iloc[0]


def test_columns_are_those_of_the_plan() -> None:
    table = agreement_table(ratings_of([[1, 1], [0, 1], [0, 0]]), redraws=100)
    assert list(table.columns) == AGREEMENT_COLUMNS
    assert len(AGREEMENT_COLUMNS) == 32


def test_nih_radiologists(shared_data: Path) -> None:
    """The values of the data's README (Fleiss' kappa, 810 radiographs, five radiologists, 532 patients)."""
    path = shared_data / "raters" / "nih_google_allfindings_810x5_readers.csv"
    table = agreement_table(read_wide(path, "Image ID", "Reader ID", "Patient ID"))
    published = {
        "Abnormal": 0.5986,
        "Pneumothorax": 0.6553,
        "Effusion": 0.5742,
        "Mass": 0.5615,
        "Nodule": 0.4542,
        "Cardiomegaly": 0.3281,
        "Atelectasis": 0.3129,
        "Consolidation": 0.2757,
        "Pneumonia": 0.0374,
    }
    assert table.set_index("item")["fleiss_kappa"].loc[list(published)].round(4).to_dict() == published
    assert (table[["n_cases", "n_patients", "n_readers"]] == [810, 532, 5]).all(axis=None)
    assert len(table) == 16
    inside = table["fleiss_kappa"].between(table["fleiss_kappa_boot_low"], table["fleiss_kappa_boot_high"])
    assert inside.all()
    widths = table["fleiss_kappa_high"] - table["fleiss_kappa_low"]
    assert ((table["fleiss_kappa_boot_high"] - table["fleiss_kappa_boot_low"]) / widths).between(0.8, 1.2).all()


def test_all_readings_negative() -> None:
    row = line(agreement_table(ratings_of([["absent"]] * 50), redraws=100))
    assert row["status"] == "not estimable: no case has two valid readings (50 readings)"
    row = line(agreement_table(ratings_of([["absent", "absent"]] * 25), redraws=100))
    assert row["status"] == "not estimable: all 50 readings negative"
    empty = "fleiss_kappa fleiss_kappa_se fleiss_kappa_low fleiss_kappa_boot_low krippendorff_alpha alpha_low".split()  # noqa: SIM905
    assert row[[*empty, "positive_agreement"]].isna().all()
    assert row["observed_agreement"] == row["negative_agreement"] == row["pabak"] == 1
    assert row["prevalence"] == 0


def test_all_readings_positive_and_all_of_one_category() -> None:
    assert line(agreement_table(ratings_of([[1, 1]] * 3), redraws=100))["status"].endswith("all 6 readings positive")
    table = agreement_table(ratings_of([["left", "left"]] * 3), redraws=100)
    assert line(table, category="")["status"] == "not estimable: all 6 readings 'left'"
    assert line(table, category="left")["status"] == "not estimable: all 6 readings 'left'"


def test_no_valid_reading() -> None:
    row = line(agreement_table(ratings_of([["not assessable", ""], ["", ""]]), redraws=100))
    assert row["status"] == "not estimable: no valid reading"
    assert (row["n_readings"], row["n_missing"], row["n_not_assessable"], row["n_cases"]) == (0, 3, 1, 0)
    assert np.isnan(row["prevalence"])


def test_uncertain_has_a_row_for_each_way_to_count_it() -> None:
    table = agreement_table(ratings_of([[1, "uncertain"], [0, 0], [1, 1], ["uncertain", 0]]), redraws=100)
    assert list(table["uncertain_as"]) == ["present", "absent", "left out"]
    present, absent, left_out = (row for _, row in table.iterrows())
    assert (present["n_readings"], absent["n_readings"], left_out["n_readings"]) == (8, 8, 6)
    assert (table["n_uncertain"] == 2).all()
    assert present["fleiss_kappa"] == pytest.approx(fleiss_kappa(np.array([[0, 2], [2, 0], [0, 2], [1, 1]])))
    assert absent["fleiss_kappa"] == pytest.approx(fleiss_kappa(np.array([[1, 1], [2, 0], [0, 2], [2, 0]])))


def test_composites_of_a_stratum() -> None:
    """Present if any is present, absent if all are absent, else missing; the map of the stratum decides which count."""
    frame = pd.DataFrame(
        [
            (case, reader, item, group, value, stratum)
            for case, stratum, answers in (
                ("c1", "pneumothorax", {"drain": "present", "wire": "absent", "lead": "absent"}),
                ("c2", "pneumothorax", {"drain": "absent", "wire": "absent", "lead": "present"}),
                ("c3", "pneumothorax", {"drain": "absent", "wire": "", "lead": "absent"}),
                ("c4", "effusion", {"drain": "present", "wire": "absent", "lead": "absent"}),
            )
            for reader in ("r1", "r2")
            for item, value in answers.items()
            for group in ["treatment"]
        ],
        columns=["case_id", "reader_id", "item", "item_group", "value", "stratum"],
    )
    confounders = {"pneumothorax": ("drain", "wire"), "effusion": ("lead",)}
    table = agreement_table(Ratings.from_frame(frame), redraws=100, confounders=confounders)
    pneumothorax = line(table, item="any:treatment", stratum="pneumothorax")
    assert (pneumothorax["prevalence"], pneumothorax["n_readings"], pneumothorax["n_missing"]) == (0.5, 4, 2)
    assert line(table, item="any:treatment", stratum="effusion")["prevalence"] == 0
    assert table[table["stratum"] == "all"]["item"].tolist() == ["drain", "wire", "lead", "any:treatment (all items)"]
    everything = line(table, item="any:treatment (all items)", stratum="all")
    assert (everything["prevalence"], everything["n_readings"]) == (1.0, 6)


def test_a_composite_says_why_it_is_missing() -> None:
    answers = [("absent", "uncertain"), ("absent", "not assessable"), ("absent", ""), ("present", "uncertain")]
    frame = pd.DataFrame(
        [
            (f"c{case}", "r1", item, "treatment", value)
            for case, values in enumerate(answers)
            for item, value in zip(("drain", "wire"), values)
        ],
        columns=["case_id", "reader_id", "item", "item_group", "value"],
    )
    table = agreement_table(Ratings.from_frame(frame), redraws=100)
    rows = table[table["item"] == "any:treatment (all items)"].set_index("uncertain_as")
    assert rows["n_readings"].to_dict() == {"present": 2, "absent": 2, "left out": 1}
    assert rows["prevalence"].to_dict() == {"present": 1.0, "absent": 0.5, "left out": 1.0}
    assert (rows[["n_uncertain", "n_not_assessable", "n_missing"]] == 1).all(axis=None)


def test_arms_have_rows_where_there_are_several() -> None:
    rows = [
        (f"c{case}", f"r{reader}", "drain", int((case + reader * (arm == "unaided")) % 3 == 0), arm)
        for arm in ("unaided", "aided")
        for case in range(9)
        for reader in range(3)
    ]
    frame = pd.DataFrame(rows, columns=["case_id", "reader_id", "item", "value", "arm"])
    table = agreement_table(Ratings.from_frame(frame), redraws=100)
    assert list(table["arm"]) == ["all", "unaided", "aided"]
    assert line(table, arm="aided")["fleiss_kappa"] == 1
    assert line(table, arm="aided")["status"].startswith("no disagreement was seen")
    assert line(table, arm="all")["n_readings"] == 54
    assert line(table, arm="all")["n_cases"] == 9
    one_arm = agreement_table(Ratings.from_frame(frame[frame["arm"] == "aided"]), redraws=100)
    assert list(one_arm["arm"]) == ["all"]


def test_nominal_item_has_a_row_a_category() -> None:
    codes = [["left", "left", "right"], ["right", "right", "right"], ["none", "left", "none"], ["none", "none", "none"]]
    table = agreement_table(ratings_of(codes), redraws=100)
    assert list(table["category"]) == ["", "left", "none", "right"]
    counts = np.array([[2, 0, 1], [0, 0, 3], [1, 2, 0], [0, 3, 0]])
    assert line(table, category="")["fleiss_kappa"] == pytest.approx(fleiss_kappa(counts))
    assert np.isnan(line(table, category="")["positive_agreement"])
    for place, category in enumerate(("left", "none", "right")):
        pair = np.stack([3 - counts[:, place], counts[:, place]], axis=1)
        assert line(table, category=category)["fleiss_kappa"] == pytest.approx(fleiss_kappa(pair))
        assert line(table, category=category)["prevalence"] == pytest.approx(counts[:, place].sum() / 12)


def test_variance_is_summed_by_patient() -> None:
    """Every case twice under the same patient: the interval must not shrink, as it would if images were the unit."""
    generator = np.random.default_rng(4)
    truth = generator.random(60) < 0.3
    codes = np.where(generator.random((60, 3)) < 0.85, truth[:, None], ~truth[:, None]).astype(int)
    once, twice = (
        linear_terms(count_categories(codes, 2)),
        linear_terms(count_categories(np.repeat(codes, 2, axis=0), 2)),
    )
    by_patient = fleiss_interval(twice, np.repeat(np.arange(60), 2))
    assert by_patient.se == pytest.approx(fleiss_interval(once, np.arange(60)).se, rel=1e-9)
    assert fleiss_interval(twice, np.arange(120)).se < 0.75 * by_patient.se


def test_undefined_redraws_are_counted_and_the_interval_withheld() -> None:
    codes = [[0, 0]] * 39 + [[1, 1]]
    row = line(agreement_table(ratings_of(codes), redraws=2000))
    share = row["n_undefined_redraws"] / 2000
    assert share == pytest.approx((39 / 40) ** 40, abs=0.03)  # no redraw of the one positive case
    assert np.isnan(row["fleiss_kappa_boot_low"])
    assert "bootstrap interval withheld: kappa undefined in" in row["status"]
    assert row["fleiss_kappa"] == 1


def test_one_patient_has_no_interval() -> None:
    row = line(agreement_table(ratings_of([[1, 1], [0, 1], [0, 0]], patient_id=["p", "p", "p"]), redraws=100))
    assert row["status"] == "intervals not estimable: one patient only"
    limits = [
        "fleiss_kappa_low",
        "fleiss_kappa_boot_low",
        "fleiss_kappa_boot_high",
        "alpha_low",
        "alpha_high",
        "ac1_low",
    ]
    assert all(
        np.isnan(row[name]) for name in limits
    )  # every redraw is the same patient: no interval, not a narrow one
    assert np.isnan(row["fleiss_kappa_low"])


def test_no_disagreement_has_no_width_only_where_the_interval_has_none() -> None:
    perfect = line(agreement_table(ratings_of([[0, 0]] * 5 + [[1, 1]] * 5), redraws=100))
    assert perfect["status"] == "no disagreement was seen: intervals have no width"
    with_gap = line(agreement_table(ratings_of([[1, ""], [0, 0], [0, 0]]), redraws=100))
    assert with_gap["fleiss_kappa_low"] < with_gap["fleiss_kappa"] == 1
    assert "no width" not in with_gap["status"]


def test_same_seed_same_table_whatever_the_order_of_rows() -> None:
    generator = np.random.default_rng(2)
    rows = [
        (f"c{case}", f"r{reader}", "drain", int(generator.random() < 0.4), f"p{case // 2}")
        for case in range(40)
        for reader in range(3)
    ]
    frame = pd.DataFrame(rows, columns=["case_id", "reader_id", "item", "value", "patient_id"])
    one = agreement_table(Ratings.from_frame(frame), redraws=300, seed=5)
    other = agreement_table(Ratings.from_frame(frame.sample(frac=1, random_state=1)), redraws=300, seed=5)
    pd.testing.assert_frame_equal(one, other)
    assert not one.equals(agreement_table(Ratings.from_frame(frame), redraws=300, seed=6))


def test_bootstrap_equals_a_loop_over_statsmodels() -> None:
    generator = np.random.default_rng(3)
    codes = (generator.random((80, 4)) < generator.random((80, 1))).astype(int)
    counts = count_categories(codes, 2)
    ours = coefficients(redrawn_sums(linear_terms(counts), 200, 7)).fleiss_kappa
    weights = np.concatenate(list(patient_weights(80, 200, 7))).astype(int)
    loop = [fleiss_kappa(np.repeat(counts, weight, axis=0)) for weight in weights]
    assert np.abs(ours - loop).max() <= 1e-12


@settings(max_examples=60)
@given(st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=20))
def test_point_estimates_equal_statsmodels(codes: list[list[int]]) -> None:
    counts = count_categories(np.array(codes), 5)
    found = coefficients(linear_terms(counts).sum(axis=0))
    if (counts.sum(axis=0) > 0).sum() == 1:
        assert np.isnan(found.fleiss_kappa)
    else:
        assert found.fleiss_kappa == pytest.approx(fleiss_kappa(counts), abs=1e-12)
    assert found.pabak == pytest.approx(fleiss_kappa(counts, method="randolph"), abs=1e-12)


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.integers(-1, 2), min_size=4, max_size=4), min_size=2, max_size=15),
    st.permutations([0, 1, 2]),
    st.permutations([0, 1, 2, 3]),
)
def test_coefficients_do_not_depend_on_names(codes: list, categories: list, readers: list) -> None:
    """Renaming categories or readers changes no coefficient."""
    matrix = np.array(codes)
    renamed = np.where(matrix < 0, -1, np.array([*categories, -1])[matrix])[:, readers]
    one, other = (coefficients(linear_terms(count_categories(c, 3)).sum(axis=0)) for c in (matrix, renamed))
    for name in ("observed", "fleiss_kappa", "ac1", "pabak", "krippendorff_alpha"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-12, nan_ok=True)


def test_weights_are_draws_of_patients() -> None:
    weights = np.concatenate(list(patient_weights(50, 4000, 0)))
    assert weights.shape == (4000, 50)
    assert (weights.sum(axis=1) == 50).all()
    assert weights.mean() == 1
    assert weights.var(axis=0).mean() == pytest.approx(1 - 1 / 50, rel=0.02)  # multinomial


@settings(max_examples=40)
@given(st.lists(st.lists(st.integers(-1, 1), min_size=4, max_size=4), min_size=2, max_size=12), st.integers(1, 3))
def test_sums_of_redraws_are_weights_times_sums(codes: list, repeated: int) -> None:
    """Whatever columns are multiples of each other: complete tables, missing readings, the same item again."""
    terms = np.concatenate([linear_terms(count_categories(np.array(codes), 2))] * repeated, axis=1)
    weights = np.concatenate(list(patient_weights(len(codes), 30, 1)))
    assert np.abs(redrawn_sums(terms, 30, 1) - weights @ terms).max() <= 1e-12


def test_chunks_of_weights_are_the_same_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = np.concatenate(list(patient_weights(30, 20, 1)))
    monkeypatch.setattr("engine.metrics.resampling._CELLS_AT_ONCE", 90)
    assert np.array_equal(whole, np.concatenate(list(patient_weights(30, 20, 1))))


def test_sums_by_patient() -> None:
    terms = np.arange(10.0).reshape(5, 2)
    assert sum_by_patient(terms, np.array([1, 0, 1, 2, 0]), 3).tolist() == [[10, 12], [4, 6], [6, 7]]


def test_percentile_interval_withholds() -> None:
    values = np.concatenate([np.linspace(0, 1, 96), [np.nan] * 4])
    low, high, undefined = percentile_interval(values)
    assert (low, high, undefined) == (pytest.approx(0.025), pytest.approx(0.975), 4)
    assert np.isnan(percentile_interval(np.concatenate([values, [np.nan] * 2]))[0])
