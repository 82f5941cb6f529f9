"""Does a probability mean what it says? Of one class against the rest; numpy only.

Truth is 1, 0, or anything else, which takes no part; probabilities are in [0, 1]; a patient's images count together
wherever an interval is made.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.metrics.delong import NORMAL_975
from engine.metrics.proportions import wilson_interval
from engine.metrics.resampling import Floats, Integers, percentile_interval, redrawn_sums, sum_by_patient

__all__ = ["Calibration", "Estimate", "Reliability", "calibration", "reliability"]

_LEAST = 1e-7  # a probability this close to 0 or 1 is taken as this for its logit
_STEPS, _ENOUGH = 50, 1e-10


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval; NaN = not estimable."""

    value: float
    low: float
    high: float


NOTHING = Estimate(float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True)
class Calibration:
    """Brier 1950 (Mon Weather Rev 78:1); ECE: Guo et al. 2017 (ICML), equation 3; intercept and slope: Cox 1958
    (Biometrika 45:562), as named by Van Calster et al. 2019 (BMC Med 17:230): perfect is 0 and 1."""

    brier: Estimate
    ece: Estimate  # mean over bins of |share positive − mean probability|, weighted by images; biased upward when few
    intercept: Estimate  # of truth given logit p with the slope held at 1: calibration in the large
    slope: Estimate  # of truth on logit p: below 1 = too extreme


@dataclass(frozen=True, eq=False)
class Reliability:
    """The reliability curve: a point for every bin that holds an image."""

    probability: Floats  # (m,) mean of the bin
    share: Floats  # (m,) positive
    low: Floats  # (m,) Wilson's 95 % interval of the share, adjusted where patients repeat
    high: Floats  # (m,)
    n: Integers  # (m,) images


def reliability(truth: ArrayLike, probabilities: ArrayLike, patients: Integers, bins: int = 10) -> Reliability:
    """The curve over `bins` equal parts of [0, 1]. truth, probabilities, patients: (n,)."""
    positive, p, who = _counted(truth, probabilities, patients)
    index = _bin(p, bins)
    rows = [(p[index == b].mean(), positive[index == b].mean()) for b in np.unique(index)]
    limits = [wilson_interval(positive[index == b], who[index == b]) for b in np.unique(index)]
    columns = np.array([(*row, *limit) for row, limit in zip(rows, limits)]).reshape(-1, 4).T
    probability, share, low, high = columns
    return Reliability(probability, share, low, high, np.unique(index, return_counts=True)[1])


def calibration(
    truth: ArrayLike,
    probabilities: ArrayLike,
    patients: Integers,
    *,
    bins: int = 10,
    redraws: int = 1000,
    seed: int = 0,
) -> tuple[Calibration, ...]:
    """Of k classes. truth, probabilities: (n, k); patients: (n,). ValueError for a probability outside [0, 1].

    Intervals: of Brier and ECE percentiles over redrawn patients, one set of draws for all classes; of intercept and
    slope normal, with terms summed by patient (sandwich). Slope and intercept are NaN where only one outcome is seen or
    a cut separates the outcomes.
    """
    of, p = np.asarray(truth), np.asarray(probabilities, dtype=np.float64)
    names, index = np.unique(patients, return_inverse=True)
    terms = [_terms(*_counted(of[:, k], p[:, k], index), bins, len(names)) for k in range(of.shape[1])]
    redrawn = redrawn_sums(np.concatenate(terms, axis=1), redraws, seed).reshape(redraws, len(terms), -1)
    return tuple(
        Calibration(*_binned(sums.sum(axis=0), redrawn[:, k]), *_fits(*_counted(of[:, k], p[:, k], index)))
        for k, sums in enumerate(terms)
    )


def _terms(positive: Floats, p: Floats, patients: Integers, bins: int, n_patients: int) -> Floats:
    """Sums by patient (n_patients, 2 + bins) of 1, squared error, and the signed error in each bin."""
    columns = [np.ones(len(p)), (positive - p) ** 2]
    sums = [np.bincount(patients, weights=column, minlength=n_patients) for column in columns]
    cells = np.bincount(patients * bins + _bin(p, bins), weights=positive - p, minlength=n_patients * bins)
    return np.column_stack([*sums, cells.reshape(n_patients, bins)]).astype(np.float64)  # integers where none counts


def _binned(sums: Floats, redrawn: Floats) -> tuple[Estimate, Estimate]:
    """Brier and ECE from sums (2 + bins,) and redrawn sums (redraws, 2 + bins)."""
    if not sums[0]:
        return NOTHING, NOTHING
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = redrawn[:, 1] / redrawn[:, 0], _ece(redrawn)
    values = float(sums[1] / sums[0]), float(_ece(sums))
    return tuple(Estimate(value, *percentile_interval(of)[:2]) for value, of in zip(values, drawn))  # type: ignore[return-value]


def _fits(positive: Floats, p: Floats, patients: Integers) -> tuple[Estimate, Estimate]:
    """Intercept (slope held at 1) and slope."""
    kept = np.clip(p, _LEAST, 1 - _LEAST)
    logit, one = np.log(kept / (1 - kept)), np.ones(len(p))
    large = _fit(positive, one[:, None], logit, patients)
    return large[0], _fit(positive, np.column_stack([one, logit]), np.zeros(len(p)), patients)[-1]


def _counted(truth: ArrayLike, probabilities: ArrayLike, patients: Integers) -> tuple[Floats, Floats, Integers]:
    of, p = np.asarray(truth), np.asarray(probabilities, dtype=np.float64)
    known = (of == 1) | (of == 0)
    if not ((p[known] >= 0) & (p[known] <= 1)).all():
        raise ValueError("a probability lies outside 0 to 1")
    return (of[known] == 1).astype(np.float64), p[known], np.asarray(patients)[known]


def _bin(p: Floats, bins: int) -> Integers:
    """Bins (l, u] as in Guo et al.; 0 belongs to the first."""
    return np.clip(np.ceil(p * bins).astype(np.intp) - 1, 0, bins - 1)


def _ece(sums: Floats) -> Floats:
    """From sums (…, 2 + bins) of 1, squared error, and signed error in each bin."""
    return np.abs(sums[..., 2:]).sum(axis=-1) / sums[..., 0]


def _fit(outcome: Floats, columns: Floats, offset: Floats, patients: Integers) -> list[Estimate]:
    """Logistic regression by Newton's steps: outcome (n,) on columns (n, m) beside a fixed offset (n,)."""
    coefficients = np.zeros(columns.shape[1])
    for _ in range(_STEPS):
        fitted = 1 / (1 + np.exp(-np.clip(columns @ coefficients + offset, -500, 500)))
        information = (columns * (fitted * (1 - fitted))[:, None]).T @ columns
        if not np.isfinite(information).all() or np.linalg.cond(information) > 1e12:
            break  # one outcome only, one probability only, or classes that a cut separates
        step = np.linalg.solve(information, columns.T @ (outcome - fitted))
        coefficients = coefficients + step
        if np.abs(step).max() < _ENOUGH:
            errors = _sandwich(columns * (outcome - fitted)[:, None], information, patients)
            return [Estimate(float(c), float(c - r), float(c + r)) for c, r in zip(coefficients, NORMAL_975 * errors)]
    return [NOTHING] * columns.shape[1]


def _sandwich(terms: Floats, information: Floats, patients: Integers) -> Floats:
    """Standard errors (m,) with the score terms (n, m) summed by patient (Liang and Zeger 1986, Biometrika 73:13)."""
    names, index = np.unique(patients, return_inverse=True)
    n_patients = len(names)
    if n_patients < 2:
        return np.full(terms.shape[1], np.nan)
    bread = np.linalg.inv(information)
    summed = sum_by_patient(terms, index, n_patients)
    return np.sqrt(np.diag(bread @ (summed.T @ summed) @ bread) * n_patients / (n_patients - 1))
