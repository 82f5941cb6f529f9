"""The variance of ROC areas without resampling, and the test of two models on the same images. numpy only.

DeLong, DeLong and Clarke-Pearson 1988 (Biometrics 44:837), from sorted scores (after Sun and Xu 2014, IEEE Signal
Process Lett 21:1389); where a patient has several images, Obuchowski 1997 (Biometrics 53:567): placements are summed by
patient, and positives and negatives of one patient covary. With one image a patient the two are the same numbers.
"""

from dataclasses import dataclass
from math import erfc, sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.metrics.resampling import Floats, Integers, sum_by_patient

__all__ = ["DeLong", "DeLongTest", "delong", "delong_covariance", "delong_test"]

NORMAL_975 = 1.959963984540054  # the 97.5 % point of the standard normal distribution


@dataclass(frozen=True, eq=False)
class DeLong:
    """Of k classes: areas, their variances, and 95 % intervals (normal, cut at 0 and 1); NaN = not estimable."""

    auc: Floats  # (k,)
    variance: Floats  # (k,)
    low: Floats  # (k,)
    high: Floats  # (k,)


@dataclass(frozen=True, eq=False)
class DeLongTest:
    """Of k classes: the area of the first model less that of the second, on the same images."""

    difference: Floats  # (k,)
    standard_error: Floats  # (k,)
    low: Floats  # (k,) 95 % interval
    high: Floats  # (k,)
    p_value: Floats  # (k,) two-sided; NaN where the difference has no variance


def delong(truth: ArrayLike, scores: ArrayLike, patients: Integers | None = None) -> DeLong:
    """Areas of k classes with their variances. truth, scores: (n, k), as `engine.metrics.roc` reads them.

    patients: (n,) int64, equal for images of one patient; None: every image is a patient of its own. The variance is
    NaN where fewer than two patients have a positive, or a negative.
    """
    placed = _placements(*_checked(truth, scores))
    variance = _variance(placed.deviations, placed, patients)
    reach = NORMAL_975 * np.sqrt(variance)
    return DeLong(placed.auc, variance, np.maximum(placed.auc - reach, 0), np.minimum(placed.auc + reach, 1))


def delong_test(
    truth: ArrayLike, scores: ArrayLike, other_scores: ArrayLike, patients: Integers | None = None
) -> DeLongTest:
    """Are two models equally good at k classes? truth, scores, other_scores: (n, k)."""
    first, second = _placements(*_checked(truth, scores)), _placements(*_checked(truth, other_scores))
    difference = first.auc - second.auc
    error = np.sqrt(_variance(first.deviations - second.deviations, first, patients))
    z = np.divide(difference, error, out=np.full_like(error, np.nan), where=error > 0)
    reach = NORMAL_975 * error
    return DeLongTest(difference, error, difference - reach, difference + reach, two_sided(z))


def delong_covariance(truth: ArrayLike, scores: ArrayLike, patients: Integers | None = None) -> tuple[Floats, Floats]:
    """Areas (k,) and covariance (k, k) of k models on the same images. truth: (n,); scores: (n, k)."""
    values = np.asarray(scores)
    placed = _placements(*_checked(np.repeat(np.asarray(truth)[:, None], values.shape[1], axis=1), values))
    variance = _variance(placed.deviations, placed, patients)
    sums = placed.deviations[:, :, None] + placed.deviations[:, None, :]
    pairs = [_variance(sums[:, :, model], placed, patients) for model in range(values.shape[1])]
    return placed.auc, (np.stack(pairs) - variance - variance[:, None]) / 2  # Var(a + b) = Var a + Var b + 2 Cov


def two_sided(z: Floats) -> Floats:
    """P(|Z| ≥ |z|) of a standard normal Z; NaN stays NaN. z: (k,)."""
    return np.array([erfc(abs(value) / sqrt(2)) for value in z])


@dataclass(frozen=True, eq=False)
class _Placements:
    """Of k classes: the area, and of each image how far its placement lies from it.

    The placement of a positive is the share of negatives below it (V₁₀ of the paper), that of a negative the share of
    positives above it (V₀₁); ties count one half.
    """

    auc: Floats  # (k,)
    deviations: Floats  # (n, k): V − auc; 0 where the image takes no part
    positive: NDArray[np.bool_]  # (n, k)
    negative: NDArray[np.bool_]  # (n, k)


def _checked(truth: ArrayLike, scores: ArrayLike) -> tuple[NDArray[np.generic], Floats]:
    of, by = np.asarray(truth), np.asarray(scores, dtype=np.float64)
    if of.shape != by.shape or of.ndim != 2:
        raise ValueError(f"truth {of.shape} and scores {by.shape} must both be (n, k)")
    if np.isnan(by[(of == 1) | (of == 0)]).any():
        raise ValueError("a score is NaN: it can be neither above nor below another")
    return of, by


def _placements(truth: NDArray[np.generic], scores: Floats) -> _Placements:
    positive, negative = (np.ascontiguousarray((truth == value).T) for value in (1, 0))  # (k, n): a class lies together
    auc, deviations = np.full(len(positive), np.nan), np.zeros(positive.shape)
    for k, values in enumerate(np.ascontiguousarray(scores.T)):
        known = np.flatnonzero(positive[k] | negative[k])
        hits = positive[k, known]
        if 0 < (n_high := int(hits.sum())) < len(known):
            placed = _placed(hits, values[known], n_high)
            auc[k] = placed @ hits / n_high
            deviations[k, known] = placed - auc[k]
    return _Placements(auc, deviations.T, positive.T, negative.T)


def _placed(hits: NDArray[np.bool_], values: Floats, n_high: int) -> Floats:
    """Placements (n,) of one class, from one sort: counts up to the middle of each run of equal values."""
    order = np.argsort(values)
    values, hits = values[order], hits[order]
    ends = np.append(np.flatnonzero(values[1:] != values[:-1]) + 1, len(values))  # of each run, in places
    highs = np.cumsum(hits)[ends - 1]  # positives up to the end of each run
    under, through = highs / 1.0, ends / 1.0
    under[1:] += highs[:-1]
    through[1:] += ends[:-1]  # both twice the count up to the middle
    below = (through - under) / (2 * (len(values) - n_high))
    above = 1 - under / (2 * n_high)
    lengths = np.diff(ends, prepend=0)
    placements = np.empty(len(values))
    placements[order] = np.where(hits, np.repeat(below, lengths), np.repeat(above, lengths))
    return placements


def _variance(deviations: Floats, placed: _Placements, patients: Integers | None) -> Floats:
    """(k,) from deviations (n, k): Obuchowski's sums over patients of positives, negatives, and their products."""
    terms: list[NDArray[Any]] = [deviations * placed.positive, deviations * placed.negative]
    terms += [placed.positive, placed.negative]
    if patients is not None:
        of, index = np.unique(patients, return_inverse=True)
        terms = [sum_by_patient(term.astype(np.float64), index, len(of)) for term in terms]
    high, low, counts_high, counts_low = terms
    has_high, has_low = counts_high > 0, counts_low > 0
    n_high, n_low = counts_high.sum(axis=0), counts_low.sum(axis=0)
    with_high, with_low, either = (has.sum(axis=0) for has in (has_high, has_low, has_high | has_low))
    with np.errstate(invalid="ignore", divide="ignore"):
        of_high = with_high / (with_high - 1) * np.einsum("ij,ij->j", high, high) / n_high**2
        of_low = with_low / (with_low - 1) * np.einsum("ij,ij->j", low, low) / n_low**2
        of_both = either / (either - 1) * np.einsum("ij,ij->j", high, low) / (n_high * n_low)
        variance = of_high + of_low + 2 * of_both
    return np.where((with_high > 1) & (with_low > 1), np.maximum(variance, 0), np.nan)
