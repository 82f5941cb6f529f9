"""Cohen's kappa of two raters, and Cochran's Q, as functions of codes; codes below 0 are no valid reading.

Sources: Cohen 1960; Fleiss, Cohen and Everitt 1969 (Psychol Bull 72:323) for the standard error; Byrt, Bishop and
Carlin 1993 (J Clin Epidemiol 46:423) for prevalence and bias index; Cochran 1950 (Biometrika 37:256).
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2
from scipy.stats import t as student

from studies.statistics.coefficients import NO_INTERVAL, Floats, Integers, Interval


@dataclass(frozen=True)
class Cohen:
    """Cohen's kappa (NaN = not estimable), its interval and its table (n_categories, n_categories)."""

    kappa: float
    interval: Interval
    table: Floats  # rows: first rater, columns: second


def cohen_kappa(first: Integers, second: Integers, n_categories: int, patients: Integers) -> Cohen:
    """Cohen's kappa over the subjects that both rated.

    Codes and `patients` are (n_subjects,). The standard error is Fleiss, Cohen and Everitt's (1969), its terms summed
    by patient; t on n_patients − 1 degrees of freedom; kept within [−1, 1].
    """
    both = (first >= 0) & (second >= 0)
    a, b, groups = first[both].astype(np.intp), second[both].astype(np.intp), patients[both]
    table = np.bincount(a * n_categories + b, minlength=n_categories**2).reshape(n_categories, -1).astype(np.float64)
    n = len(a)
    if not n:
        return Cohen(float("nan"), NO_INTERVAL, table)
    rows, columns = table.sum(axis=1) / n, table.sum(axis=0) / n
    observed, chance = np.trace(table) / n, float(rows @ columns)
    if chance == 1:
        return Cohen(float("nan"), NO_INTERVAL, table)
    kappa = (observed - chance) / (1 - chance)
    deviations = ((a == b) - observed) - (1 - kappa) * (rows[b] + columns[a] - 2 * chance)
    return Cohen(float(kappa), _interval(float(kappa), deviations / ((1 - chance) * n), groups), table)


def _interval(kappa: float, deviations: Floats, groups: Integers) -> Interval:
    _, index = np.unique(groups, return_inverse=True)
    n_patients = int(index.max()) + 1
    if n_patients < 2:
        return NO_INTERVAL
    se = float(np.sqrt((np.bincount(index, weights=deviations) ** 2).sum()))
    half = float(student.ppf(0.975, n_patients - 1)) * se
    return Interval(se, max(kappa - half, -1.0), min(kappa + half, 1.0))


def prevalence_index(table: Floats) -> float:
    """(both positive − both negative) / n of a 2 × 2 table ordered absent, present; NaN where empty."""
    return float((table[1, 1] - table[0, 0]) / table.sum()) if table.sum() else float("nan")


def bias_index(table: Floats) -> float:
    """Share of positives of the first rater minus that of the second; NaN where empty."""
    return float((table[1, 0] - table[0, 1]) / table.sum()) if table.sum() else float("nan")


@dataclass(frozen=True)
class CochranQ:
    """Cochran's test that all readers have the same share of positives; NaN = not estimable."""

    q: float
    df: int
    p_value: float
    n_cases: int  # complete cases, which the test uses


def cochran_q(codes: Integers) -> CochranQ:
    """Cochran's Q of binary codes (n_subjects, n_readers) over subjects with every reading, taken as independent."""
    codes = codes[:, (codes >= 0).any(axis=0)]
    complete = codes[(codes >= 0).all(axis=1)].astype(np.float64)
    n, k = complete.shape
    of_case, of_reader = complete.sum(axis=1), complete.sum(axis=0)
    below = k * of_case.sum() - (of_case**2).sum()
    if k < 2 or not below:
        return CochranQ(float("nan"), max(k - 1, 0), float("nan"), n if k else 0)  # of no reader, none is complete
    q = float((k - 1) * (k * (of_reader**2).sum() - of_reader.sum() ** 2) / below)
    return CochranQ(q, k - 1, float(chi2.sf(q, k - 1)), n)
