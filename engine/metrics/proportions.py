"""Shares of patients' images with their intervals, and sensitivity and specificity at a threshold. numpy only."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.metrics.delong import NORMAL_975
from engine.metrics.resampling import Floats, Integers

__all__ = ["Confusion", "Share", "confusion", "wilson_interval"]

Booleans = NDArray[np.bool_]


def wilson_interval(present: Booleans | Integers | Floats, patients: Integers) -> tuple[float, float]:
    """Wilson's 95 % interval of the mean of `present` (n,), 0 or 1; adjusted where patients (n,), 0 or more, repeat.

    Then n is divided by the design effect: the variance of the proportion with terms summed by patient, over
    p(1 − p)/n, at least 1 (Korn and Graubard 1998, Surv Methodol 24:193; Franco et al. 2019, J Surv Stat Methodol
    7:334). Where none or all are present the effect cannot be seen in the data, and n is the number of patients.
    """
    n = len(present)
    if not n:
        return float("nan"), float("nan")
    share = float(np.mean(present))
    return _wilson(share, _effective_n(np.asarray(present, dtype=np.float64), share, np.asarray(patients)))


def _wilson(share: float, n: float) -> tuple[float, float]:
    """Wilson 1927 (J Am Stat Assoc 22:209)."""
    squared = NORMAL_975**2
    middle = (share + squared / (2 * n)) / (1 + squared / n)
    reach = NORMAL_975 * sqrt(share * (1 - share) / n + squared / (4 * n**2)) / (1 + squared / n)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def _effective_n(present: Floats, share: float, patients: Integers) -> float:
    n, n_patients = len(present), np.count_nonzero(np.bincount(patients))
    if n == n_patients:
        return float(n)
    if share in (0.0, 1.0) or n_patients < 2:
        return float(n_patients)
    by_patient = np.bincount(patients, weights=present - share)
    variance = n_patients / (n_patients - 1) * (by_patient**2).sum() / n**2
    return n / max(1.0, variance / (share * (1 - share) / n))


@dataclass(frozen=True)
class Share:
    """A proportion, 0 to 1, with its 95 % interval; NaN where nothing was counted."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Confusion:
    """What a threshold does: counts of images, and the four shares with `wilson_interval`."""

    true_positive: int
    false_negative: int
    false_positive: int
    true_negative: int
    sensitivity: Share
    specificity: Share
    positive_predictive_value: Share
    negative_predictive_value: Share


def confusion(truth: ArrayLike, scores: ArrayLike, patients: Integers, threshold: float) -> Confusion:
    """Images with a score ≥ `threshold` are called positive. truth (1, 0, else not counted), scores, patients: (n,)."""
    of = np.asarray(truth)
    known = (of == 1) | (of == 0)
    positive, called, who = of[known] == 1, np.asarray(scores)[known] >= threshold, np.asarray(patients)[known]
    return Confusion(
        int((positive & called).sum()),
        int((positive & ~called).sum()),
        int((~positive & called).sum()),
        int((~positive & ~called).sum()),
        _share(called[positive], who[positive]),
        _share(~called[~positive], who[~positive]),
        _share(positive[called], who[called]),
        _share(~positive[~called], who[~called]),
    )


def _share(counted: Booleans, patients: Integers) -> Share:
    low, high = wilson_interval(counted, patients)
    return Share(float(counted.mean()) if len(counted) else float("nan"), low, high, len(counted))
