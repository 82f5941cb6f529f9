"""Published and independently computed values: the tables of the literature, and irrCAC's and statsmodels' numbers.

The rows come from `raters/reference_values.csv` beside the project (each names where it was published); the inline
tables need no data. irrCAC 0.4.4 was run in an environment of its own.
"""

import ast
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from studies.statistics.coefficients import (
    ac1_interval,
    coefficients,
    conger_kappa,
    count_categories,
    fleiss_interval,
    linear_terms,
    specific_agreement,
)
from studies.statistics.cohen import bias_index, cohen_kappa, prevalence_index
from tests.conftest import SHARED_DATA

RATERS = SHARED_DATA / "raters"
STATISTICS: dict[str, str] = {
    "Fleiss kappa": "fleiss_kappa",
    "Fleiss kappa (missing ratings allowed, Gwet form)": "fleiss_kappa",
    "Fleiss fixed-marginal kappa": "fleiss_kappa",
    "category-wise Fleiss kappa": "fleiss_kappa",
    "Scott pi": "fleiss_kappa",
    "Randolph free-marginal kappa": "pabak",
    "Brennan-Prediger": "pabak",
    "percent agreement": "observed",
    "Gwet AC1": "ac1",
    "Krippendorff alpha nominal": "krippendorff_alpha",
}


def _rows(statistics: set[str]) -> list:
    path = RATERS / "reference_values.csv"
    if not path.is_file():
        return [pytest.param(None, marks=pytest.mark.skip(reason=f"the reference values are not at {path}"))]
    rows = pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("records")
    return [
        pytest.param(row, id=f"{row['file'].split('.')[0]}-{row['statistic']}-{row['subset']}")
        for row in rows
        if row["statistic"] in statistics
    ]


def _codes(frame: pd.DataFrame) -> np.ndarray:
    """Codes (n_subjects, n_readers) and −1 for empty, of a table with a column a reader."""
    found, _ = pd.factorize(frame.to_numpy().ravel())
    return found.reshape(frame.shape)


def _count_matrix(row: dict) -> np.ndarray:
    name = row["file"]
    if name.startswith("(inline)"):
        return np.array(ast.literal_eval(name.split("=")[1]), dtype=float)
    table = pd.read_csv(RATERS / name)
    if row["statistic"].startswith("category-wise"):
        counts = table[row["subset"]].to_numpy(float)
        return np.stack([6 - counts, counts], axis=1)
    if name.endswith("counts.csv") or "distribution" in name:
        return table.iloc[:, 1:].to_numpy(float)
    if "patterns" in name:
        readings = table.loc[table.index.repeat(table["n"])].drop(columns="n")
        return _counted(_codes(readings))
    if "allfindings" in name:
        return _counted(_codes(table.pivot(index="Image ID", columns="Reader ID", values=row["subset"])))
    if "fourfindings" in name:
        return _four_findings(table, *row["subset"].split(" / ")[:2])
    if "abstractors" in name:
        cells = table.iloc[:, 1:].to_numpy()
        pairs = [pair for pair in np.ndindex(cells.shape) for _ in range(cells[pair])]
        return _counted(np.array(pairs))
    return _counted(_codes(table.iloc[:, 1:]))


def _counted(codes: np.ndarray) -> np.ndarray:
    return count_categories(codes, int(codes.max()) + 1)


def _four_findings(table: pd.DataFrame, finding: str, part: str) -> np.ndarray:
    counts = pd.crosstab(table["Image ID"], table[finding])[lambda c: c.sum(axis=1) == 3]
    chosen = table.loc[table["Set ID"] == part, "Image ID"].unique()
    return counts.loc[counts.index.isin(chosen)].to_numpy(float)


def _matches(value: float, row: dict) -> bool:
    return abs(value - float(row["reference_value"])) <= 0.5 * 10.0 ** -int(row["decimals"]) + 1e-12


@pytest.mark.parametrize("row", _rows(set(STATISTICS)))
def test_coefficient_of_the_literature(row: dict) -> None:
    counts = _count_matrix(row)
    assert len(counts) == int(row["n_subjects"])
    value = getattr(coefficients(linear_terms(counts).sum(axis=0)), STATISTICS[row["statistic"]])
    assert _matches(float(value), row), (value, row["reference_value"])


@pytest.mark.parametrize("row", _rows({"Conger (exact) kappa", "Conger kappa (missing allowed)"}))
def test_conger_of_the_literature(row: dict) -> None:
    codes = _codes(pd.read_csv(RATERS / row["file"]).iloc[:, 1:])
    assert _matches(conger_kappa(codes, int(codes.max()) + 1), row)


@pytest.mark.parametrize("row", _rows({"Cohen kappa"}))
def test_cohen_of_the_literature(row: dict) -> None:
    if "abstractors" in row["file"]:
        cells = pd.read_csv(RATERS / row["file"]).iloc[:, 1:].to_numpy()
        first, second = np.array([pair for pair in np.ndindex(cells.shape) for _ in range(cells[pair])]).T
    else:
        sets, _, finding = row["subset"].partition(": ")
        table = pd.read_csv(RATERS / row["file"])
        columns = [table[f"{name}:{finding}"].fillna(-1).to_numpy(int) for name in sets.split(" vs ")]
        first, second = columns
    found = cohen_kappa(first, second, int(first.max()) + 1, np.arange(len(first)))
    assert int(found.table.sum()) == int(row["n_subjects"])
    assert _matches(found.kappa, row)


# Inline tables (Feinstein and Cicchetti 1990 and others), as (both, only first, only second, neither) of two readers.
def _pair_codes(both: int, first: int, second: int, neither: int) -> np.ndarray:
    return np.array([[1, 1]] * both + [[1, 0]] * first + [[0, 1]] * second + [[0, 0]] * neither)


LONE_POSITIVES = np.array([[0, 0, 0]] * 194 + [[1, 0, 0], [0, 1, 0], [0, 0, 1]] * 2)
MISSING_PATTERN = np.array([[0, 0, 0]] * 30 + [[1, 1, 1]] * 10 + [[1, 0, -1]] * 4 + [[0, -1, -1]] * 3 + [[1, 1, 0]] * 3)

# pa, kappa, SE, low, high, AC1, PABAK, alpha, Conger: irrCAC 0.4.4, statsmodels 0.15.0, krippendorff 0.9.0.
INLINE = {
    "Feinstein-Cicchetti 40/9/6/45": (
        _pair_codes(40, 9, 6, 45),
        (0.85, 0.69925, 0.07194, 0.556, 0.842, 0.70075, 0.70, 0.70075, 0.69952),
    ),
    "Feinstein-Cicchetti 80/10/5/5": (
        _pair_codes(80, 10, 5, 5),
        (0.85, 0.31429, 0.13616, 0.044, 0.584, 0.808, 0.70, 0.31771, 0.31818),
    ),
    "200 cases, 3 readers, two lone positives each": (
        LONE_POSITIVES,
        (0.98, -0.01010, 0.00411, -0.018, -0.002, 0.97960, 0.96, -0.00842, -0.01010),
    ),
    "50 cases, 3 readers, missing pattern": (
        MISSING_PATTERN,
        (0.87234, 0.68338, 0.11519, 0.452, 0.915, 0.78609, 0.74468, 0.75464, 0.68696),
    ),
}


@pytest.mark.parametrize("name", INLINE)
def test_inline_table(name: str) -> None:
    codes, (pa, kappa, se, low, high, ac1, pabak, alpha, conger) = INLINE[name]
    terms = linear_terms(count_categories(codes, 2))
    found = coefficients(terms.sum(axis=0))
    interval = fleiss_interval(terms, np.arange(len(codes)))
    assert found.observed == pytest.approx(pa, abs=5e-6)
    assert found.fleiss_kappa == pytest.approx(kappa, abs=5.1e-6)
    assert interval.se == pytest.approx(se, abs=5.1e-6)
    assert interval.low == pytest.approx(low, abs=5.1e-4)
    assert interval.high == pytest.approx(high, abs=5.1e-4)
    assert found.ac1 == pytest.approx(ac1, abs=5.1e-6 if ac1 != 0.808 else 5e-4)
    assert found.pabak == pytest.approx(pabak, abs=5.1e-6)
    assert found.krippendorff_alpha == pytest.approx(alpha, abs=5.1e-6)
    assert conger_kappa(codes, 2) == pytest.approx(conger, abs=5.1e-6)


# AC1's 95 % intervals as irrCAC prints them.
@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("Feinstein-Cicchetti 80/10/5/5", 0.704, 0.912),
        ("200 cases, 3 readers, two lone positives each", 0.963, 0.996),
        ("50 cases, 3 readers, missing pattern", 0.61091, 0.96127),
    ],
)
def test_interval_of_ac1(name: str, low: float, high: float) -> None:
    terms = linear_terms(count_categories(INLINE[name][0], 2))
    interval = ac1_interval(terms, np.arange(len(terms)))
    assert (interval.low, interval.high) == (pytest.approx(low, abs=5.1e-4), pytest.approx(high, abs=5.1e-4))


@pytest.mark.parametrize(
    ("cells", "positive", "negative"),
    [((40, 9, 6, 45), 0.842, 0.857), ((80, 10, 5, 5), 0.914, 0.40), ((130, 56, 9, 5), 0.80, 0.133)],
)
def test_positive_and_negative_agreement(cells: tuple[int, ...], positive: float, negative: float) -> None:
    found = specific_agreement(count_categories(_pair_codes(*cells), 2))
    assert found == pytest.approx([negative, positive], abs=5.1e-4)


def test_cohen_of_inline_tables() -> None:
    """PMC7222679: kappa 0.022, AC1 0.533, PABAK 0.35; Feinstein and Cicchetti: ASE 0.1335 (statsmodels), PI 0.75."""
    codes = _pair_codes(130, 56, 9, 5)
    assert cohen_kappa(codes[:, 0], codes[:, 1], 2, np.arange(200)).kappa == pytest.approx(0.022, abs=5.1e-4)
    found = coefficients(linear_terms(count_categories(codes, 2)).sum(axis=0))
    assert (found.ac1, found.pabak, found.observed) == pytest.approx((0.533, 0.35, 0.675), abs=5.1e-4)
    codes = _pair_codes(80, 10, 5, 5)
    cohen = cohen_kappa(codes[:, 0], codes[:, 1], 2, np.arange(100))
    assert cohen.interval.se == pytest.approx(0.1335, abs=5.1e-5)
    assert prevalence_index(cohen.table) == pytest.approx(0.75)
    assert bias_index(cohen.table) == pytest.approx(0.05)


@pytest.fixture
def fleiss_1971(shared_data: Path) -> np.ndarray:
    return _codes(pd.read_csv(shared_data / "raters" / "fleiss1971_psychiatric_30x6.csv").iloc[:, 1:])


def test_fleiss_1971_whole(fleiss_1971: np.ndarray, bootstrap: Callable[[np.ndarray], tuple[float, float]]) -> None:
    """irrCAC 0.4.4: 0.43024, SE 0.0542, 0.319 to 0.541; AC1 0.44788 (0.334 to 0.562); bootstrap 0.313 to 0.527."""
    terms = linear_terms(count_categories(fleiss_1971, 5))
    found, interval = coefficients(terms.sum(axis=0)), fleiss_interval(terms, np.arange(30))
    assert found.observed == pytest.approx(0.55556, abs=5.1e-6)
    assert found.fleiss_kappa == pytest.approx(0.43024, abs=1e-5)
    assert (interval.se, interval.low, interval.high) == pytest.approx((0.0542, 0.319, 0.541), abs=5.1e-4)
    ac1 = ac1_interval(terms, np.arange(30))
    assert (float(found.ac1), ac1.low, ac1.high) == pytest.approx((0.44788, 0.334, 0.562), abs=5.1e-4)
    assert found.pabak == pytest.approx(0.44444, abs=5.1e-6)
    assert found.krippendorff_alpha == pytest.approx(0.43341, abs=5.1e-6)
    assert conger_kappa(fleiss_1971, 5) == pytest.approx(0.44181, abs=5.1e-6)
    assert bootstrap(terms) == pytest.approx((0.313, 0.527), abs=0.012)  # Monte-Carlo error of two bootstraps


@pytest.fixture
def bootstrap() -> Callable[[np.ndarray], tuple[float, float]]:
    from engine.metrics.resampling import percentile_interval, redrawn_sums

    def interval(terms: np.ndarray) -> tuple[float, float]:
        return percentile_interval(coefficients(redrawn_sums(terms, 10_000, 1)).fleiss_kappa)[:2]

    return interval


def test_all_negative_is_not_estimable() -> None:
    found = coefficients(linear_terms(count_categories(np.zeros((50, 3), dtype=int), 2)).sum(axis=0))
    assert np.isnan(found.fleiss_kappa)
    assert np.isnan(found.krippendorff_alpha)
    assert (found.observed, found.pabak) == (1, 1)
