"""Printed forms: rounding, intervals, and DiffChest's tables from the two tables of the same readings."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from engine.rounding import estimate, number, with_interval
from studies.exports.diffchest import diffchest_tables
from studies.exports.figures import concordance_figures, forest_figures
from studies.exports.printing import agreement_printed, item_label, prevalence_printed
from studies.statistics.agreement import agreement_table
from studies.statistics.pairs import concordance_table
from studies.statistics.prevalence import prevalence_table
from studies.statistics.ratings import Ratings


@pytest.mark.parametrize(
    ("value", "text"), [(1 / 3, "0.333"), (-0.0101, "−0.010"), (-0.0001, "0.000"), (1.0, "1.000"), (float("nan"), "")]
)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text


def test_intervals() -> None:
    assert with_interval(0.43024, 0.3193, 0.5411) == "0.430 (0.319 to 0.541)"
    assert with_interval(-0.0101, -0.018, -0.002) == "−0.010 (−0.018 to −0.002)"
    assert with_interval(np.nan, np.nan, np.nan) == "not estimable"
    assert with_interval(1.0, 1.0, 1.0) == "1.000"  # no disagreement was seen: no width is not certainty
    assert with_interval(0.0, -1e-17, 1e-17, 2) == "0.00"  # nor is one that differs from none in the last bits only
    assert with_interval(0.0, -0.001, 0.001, 2) == "0.00 (0.00 to 0.00)"
    assert estimate(np.nan) == "not estimable"


def test_labels() -> None:
    assert item_label("drain", {"drain": "Chest drain"}) == "Chest drain"
    assert item_label("chest_drain", {}) == "chest drain"
    assert item_label("zones = upper", {"zones": "Zones"}) == "Zones: upper"
    assert item_label("any:treatment", {}) == "Any treatment-related confounder"
    assert item_label("any:treatment (all items)", {}) == "Any treatment-related (all items)"


def _ratings(arms: tuple[str, ...] = ("unaided",)) -> Ratings:
    """Three strata of 10 cases; readers differ; the second arm finds everything."""
    rows = [
        (
            f"{stratum}{case}",
            f"r{reader}",
            item,
            "treatment",
            int(arm == "aided" or (case + reader) % 4 == 0),
            stratum,
            arm,
        )
        for arm in arms
        for stratum in ("catheter", "effusion", "metastasis")
        for case in range(10)
        for reader in range(4)
        for item in ("drain", "wire")
    ]
    columns = ["case_id", "reader_id", "item", "item_group", "value", "stratum", "arm"]
    return Ratings.from_frame(pd.DataFrame(rows, columns=columns))


CONFOUNDERS = {"catheter": ("drain",), "effusion": ("drain", "wire")}


def test_diffchest_table_is_of_the_unaided_arm() -> None:
    ratings = _ratings(("unaided", "aided"))
    agreement = agreement_table(ratings, redraws=100, confounders=CONFOUNDERS)
    prevalence = prevalence_table(ratings, redraws=100, confounders=CONFOUNDERS)
    ((name, table),) = diffchest_tables(agreement, prevalence, "unaided")
    assert name == "table1_treatment"
    assert list(table.frame["diagnosis"]) == ["catheter", "effusion"]
    assert (table.frame["ratio_percent"] == 25).all()
    assert (table.frame["confounder_present"] == 0).all()
    assert table.printed is not None
    columns = ["“Diagnosis” in radiograph", "Radiographs (n)", "Confounder present", "Ratio (%)", "Fleiss' κ"]
    assert list(table.printed.columns) == columns


def test_a_tie_is_named_in_the_note() -> None:
    rows = [(f"c{c}", f"r{r}", "drain", "treatment", int(r < 2), "catheter") for c in range(3) for r in range(4)]
    columns = ["case_id", "reader_id", "item", "item_group", "value", "stratum"]
    ratings = Ratings.from_frame(pd.DataFrame(rows, columns=columns))
    tables = [table(ratings, redraws=100, confounders=CONFOUNDERS) for table in (agreement_table, prevalence_table)]
    ((_, table),) = diffchest_tables(*tables, "all")
    assert table.frame.loc[0, ["confounder_present", "n_tied"]].tolist() == [0, 3]
    assert "(3 tied)" in table.note


def test_printed_tables_leave_out_what_says_nothing() -> None:
    ratings = _ratings()
    printed = agreement_printed(agreement_table(ratings, redraws=100), {"drain": "Chest drain"}).printed
    assert printed is not None
    assert "Arm" not in printed.columns
    assert "Uncertain as" not in printed.columns
    assert {"Item", "Stratum", "Remark"} <= set(printed.columns)
    assert printed["Item"].tolist()[:2] == ["Chest drain", "wire"]
    shares = prevalence_printed(prevalence_table(ratings, redraws=100), {}).printed
    assert shares is not None
    assert len(shares) == len(prevalence_table(ratings, redraws=100))


def test_no_cell_of_the_agreement_table_is_blank_without_a_reason() -> None:
    """Nobody found the first item, so there is no agreement on presence; the second has three options."""
    rows = [
        (f"c{case}", f"r{reader}", item, value)
        for case in range(6)
        for reader in range(2)
        for item, value in (("wire", "absent"), ("quality", ("poor", "fair", "good")[(case + reader) % 3]))
    ]
    ratings = Ratings.from_frame(pd.DataFrame(rows, columns=["case_id", "reader_id", "item", "value"]))
    printed = agreement_printed(agreement_table(ratings, redraws=100), {}, 2).printed
    assert printed is not None
    lines = {(row["Item"], row["Category"]): row for row in printed.to_dict("records")}
    assert lines["wire", ""]["Positive agreement"] == "not estimable"
    assert lines["wire", ""]["Fleiss' κ (95 % CI)"] == "not estimable"
    assert lines["wire", ""]["Observed agreement"] == "1.00"
    assert lines["quality", ""]["Positive agreement"] == ""  # each category has its own
    assert lines["quality", "poor"]["Positive agreement"] == "0.00"


def test_many_items_make_several_pages() -> None:
    rows = [
        (f"c{c}", f"r{r}", f"item{i}", int((c + r * i) % 3 == 0)) for c in range(6) for r in range(3) for i in range(70)
    ]
    ratings = Ratings.from_frame(pd.DataFrame(rows, columns=["case_id", "reader_id", "item", "value"]))
    forests = [named.name for named in forest_figures(agreement_table(ratings, redraws=100), {})]
    assert forests == ["kappa_forest_1", "kappa_forest_2"]
    matrices = [named.name for named in concordance_figures(concordance_table(ratings), {})]
    assert matrices == ["concordance_items_1", "concordance_items_2", "concordance_items_3"]


def test_arms_are_drawn_apart() -> None:
    """Pooled, a case read in two arms would count twice."""
    ratings = _ratings(("unaided", "aided"))
    forests = [named.name for named in forest_figures(agreement_table(ratings, redraws=100), {})]
    assert forests == ["kappa_forest_unaided", "kappa_forest_aided"]
    table = concordance_table(ratings, confounders=CONFOUNDERS)
    assert [named.name for named in concordance_figures(table, {})] == [
        f"concordance_{what}_{arm}"
        for arm in ("unaided", "aided")
        for what in ("treatment", "any_treatment_by_stratum")
    ]


@pytest.mark.parametrize("low", [-0.9, -0.45, -0.3, 0.0, 0.4])
def test_every_grid_line_of_the_forest_is_a_label_of_its_axis(low: float) -> None:
    """As the figure is drawn and saved, whatever the range of the axis."""
    table = agreement_table(_ratings(), redraws=100)
    table.loc[:, ["fleiss_kappa_low", "ac1_low"]] = low
    figure = next(iter(forest_figures(table, {}))).figure
    FigureCanvasAgg(figure).draw()
    axes = figure.axes[0]
    left, right = axes.get_xlim()
    labelled = [x for x in axes.get_xticks() if left <= x <= right]
    lines = [(line.get_xdata(), line.get_ydata()) for line in axes.get_lines() if len(line.get_xdata()) == 2]
    assert [float(x[0]) for x, y in lines if x[0] == x[1] and y[0] != y[1]] == pytest.approx(labelled)
    assert {0.0, 1.0} <= {round(x, 6) for x in labelled} and len(labelled) >= 4
    assert [text.get_text().replace("−", "-") for text in axes.get_xticklabels()] == [f"{x:.1f}" for x in labelled]
