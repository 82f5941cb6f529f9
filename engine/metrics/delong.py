"""The variance of ROC areas without resampling, and the test of two models on the same images. numpy only.

DeLong, DeLong and Clarke-Pearson 1988 (Biometrics 44:837), from sorted scores (after Sun and Xu 2014, IEEE Signal
Process Lett 21:1389); where a patient has several images, Obuchowski 1997 (Biometrics 53:567): placements are summed by
patient, and positives and negatives of one patient covary. With one image a patient the two are the same numbers.
"""

from dataclasses import dataclass
from math import erfc, sqrt

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
    counted = positive | negative
    auc, deviations = np.full(len(positive), np.nan), np.zeros(positive.shape)
    for k, values in enumerate(np.ascontiguousarray(scores.T)):
        hits, values = (positive[k], values) if counted[k].all() else (positive[k, counted[k]], values[counted[k]])
        if 0 < (n_high := int(np.count_nonzero(hits))) < len(hits):
            placed = _placed(hits, values, n_high)
            auc[k] = placed @ hits / n_high
            deviations[k, counted[k]] = placed - auc[k]
    return _Placements(auc, deviations.T, positive.T, negative.T)


def _placed(hits: NDArray[np.bool_], values: Floats, n_high: int) -> Floats:
    """Placements (n,) of one class, from one sort. Looking up one outcome in the other takes longer: its branches are
    chance.
    """
    order = values.argsort()
    hits, values = hits[order], values[order]
    highs = hits.cumsum()
    if (values[1:] == values[:-1]).any():
        under, through = _up_to_the_middle_of_runs(values, highs)
    else:
        under, through = 2 * highs - hits, 2 * np.arange(len(hits)) + 1
    placements = np.empty(len(values))
    below, above = (through - under) / (2 * (len(hits) - n_high)), 1 - under / (2 * n_high)
    placements[order] = np.where(hits, below, above)
    return placements


def _up_to_the_middle_of_runs(values: Floats, highs: Integers) -> tuple[Integers, Integers]:
    """Twice the positives, and twice the images, up to the middle of the run of equal values that each place is in."""
    ends = np.append(np.flatnonzero(values[1:] != values[:-1]) + 1, len(values))
    starts = np.append(0, ends[:-1])
    until, before = highs[ends - 1], np.append(0, highs[ends[:-1] - 1])
    return np.repeat(until + before, ends - starts), np.repeat(ends + starts, ends - starts)


def _variance(deviations: Floats, placed: _Placements, patients: Integers | None) -> Floats:
    """(k,) from deviations (n, k)."""
    high, low = deviations * placed.positive, deviations * placed.negative
    if patients is None:
        return _of_images(high, low, placed.positive.sum(axis=0), placed.negative.sum(axis=0))
    of, index = np.unique(patients, return_inverse=True)
    terms = (high, low, placed.positive.astype(np.float64), placed.negative.astype(np.float64))
    return _of_patients(*(sum_by_patient(term, index, len(of)) for term in terms))


def _of_images(high: Floats, low: Floats, n_high: Integers, n_low: Integers) -> Floats:
    """DeLong's sum of the variances of the placements of positives and of negatives. high, low: (n, k)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        of_high = np.einsum("ij,ij->j", high, high) / (n_high * (n_high - 1.0))
        of_low = np.einsum("ij,ij->j", low, low) / (n_low * (n_low - 1.0))
    return np.where((n_high > 1) & (n_low > 1), of_high + of_low, np.nan)


def _of_patients(high: Floats, low: Floats, counts_high: Floats, counts_low: Floats) -> Floats:
    """Obuchowski's sums over patients of positives, of negatives, and of their products. All (n_patients, k)."""
    has_high, has_low = counts_high > 0, counts_low > 0
    n_high, n_low = counts_high.sum(axis=0), counts_low.sum(axis=0)
    with_high, with_low, either = (has.sum(axis=0) for has in (has_high, has_low, has_high | has_low))
    with np.errstate(invalid="ignore", divide="ignore"):
        of_high = with_high / (with_high - 1) * np.einsum("ij,ij->j", high, high) / n_high**2
        of_low = with_low / (with_low - 1) * np.einsum("ij,ij->j", low, low) / n_low**2
        of_both = either / (either - 1) * np.einsum("ij,ij->j", high, low) / (n_high * n_low)
        variance = of_high + of_low + 2 * of_both
    return np.where((with_high > 1) & (with_low > 1), np.maximum(variance, 0), np.nan)
