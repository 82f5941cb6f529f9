"""ROC curves and the area under them, of one class or of many at once. numpy only.

Truth is 1 (positive), 0 (negative), or anything else (−1 uncertain, NaN missing), which takes no part. A higher score
speaks for positive. Ties count one half: the area is the Mann–Whitney statistic with midranks (Hanley and McNeil 1982,
Radiology 143:29). What cannot be estimated (no positive, or no negative) is NaN.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.metrics.resampling import Floats, Integers, patient_weights

__all__ = [
    "Bands",
    "RocCurve",
    "bootstrap_auc",
    "bootstrap_auc_of",
    "counts_below",
    "macro_auc",
    "roc_auc",
    "roc_aucs",
    "roc_bands",
    "roc_curve",
]

Booleans = NDArray[np.bool_]
_CELLS_AT_ONCE = 4_000_000  # cumulated weights of one class held in memory at a time (16 MB)
_LEAST_AT_ONCE = 16  # redraws; fewer are slower than they save memory


def roc_auc(truth: ArrayLike, scores: ArrayLike) -> float:
    """Area under the ROC curve of one class. truth, scores: (n,). ValueError where a counted score is NaN."""
    pairs = _Pairs.of(np.asarray(truth), np.asarray(scores))
    return float(pairs.auc())


def roc_aucs(truth: ArrayLike, scores: ArrayLike) -> Floats:
    """Areas (k,) of k classes, each against the rest. truth, scores: (n, k)."""
    return np.array([pairs.auc() for pairs in _each_class(truth, scores)])


def macro_auc(truth: ArrayLike, scores: ArrayLike) -> float:
    """The mean area over those of k classes that can be estimated; NaN where none can. truth, scores: (n, k)."""
    areas = roc_aucs(truth, scores)
    estimable = areas[~np.isnan(areas)]
    return float(estimable.mean()) if len(estimable) else float("nan")


@dataclass(frozen=True, eq=False)
class RocCurve:
    """The empirical curve, from (0, 0) to (1, 1): an image is called positive where its score ≥ the threshold."""

    false_positive_rate: Floats  # (m,) rising, 1 − specificity
    sensitivity: Floats  # (m,) rising
    thresholds: Floats  # (m,) falling from +inf; the distinct scores


def roc_curve(truth: ArrayLike, scores: ArrayLike) -> RocCurve:
    """The curve of one class with a point for every distinct score; empty where it is not estimable."""
    known, values = _counted(np.asarray(truth), np.asarray(scores))
    n_positive = int(known.sum())
    if n_positive in (0, len(known)):
        return RocCurve(*(np.array([]) for _ in range(3)))
    order = np.argsort(-values, kind="stable")
    hits = np.cumsum(known[order])
    last = np.flatnonzero(np.append(np.diff(values[order]) != 0, True))  # of each run of equal scores
    sensitivity = np.append(0, hits[last]) / n_positive
    false = np.append(0, last + 1 - hits[last]) / (len(known) - n_positive)
    return RocCurve(false, sensitivity, np.append(np.inf, values[order][last]))


def counts_below(ordered: Floats, values: Floats) -> Floats:
    """How many of `ordered` (rising) lie below each of `values`, those equal to it by half; shape of `values`."""
    return (ordered.searchsorted(values, "left") + ordered.searchsorted(values, "right")) / 2


def bootstrap_auc(
    truth: ArrayLike, scores: ArrayLike, patients: ArrayLike, redraws: int = 1000, seed: int = 0
) -> Floats:
    """Areas (redraws, k) of k classes over redrawn patients; NaN where a redraw has no positive or no negative.

    truth, scores: (n, k); patients: (n,) int64, 0 … n_patients − 1 or with gaps: the draws are over 0 … largest, so
    that any subset of a table (a subgroup, another level) gets the very same draws when it brings the same `patients`
    and `largest`; see `bootstrap_auc_of`. One set of draws serves all classes.
    """
    index = np.asarray(patients)
    weights = patient_weights(int(index.max(initial=-1)) + 1, redraws, seed)
    return np.concatenate([bootstrap_auc_of(truth, scores, index, chunk) for chunk in weights])


def bootstrap_auc_of(truth: ArrayLike, scores: ArrayLike, patients: Integers, weights: Floats) -> Floats:
    """Areas (r, k) with the images of patient p counted weights[:, p] times; weights: (r, n_patients), whole numbers.

    Each class is sorted once; a redraw then costs one cumulative sum of weights over its negatives.
    """
    rows = np.ascontiguousarray(weights.T, dtype=np.int32)  # (n_patients, r): the weights of an image lie side by side
    return np.stack([pairs.redrawn(rows, patients) for pairs in _each_class(truth, scores)], axis=1)


@dataclass(frozen=True, eq=False)
class _Pairs:
    """One class, sorted: how many negatives lie below each positive, and how many at or below it."""

    positives: Integers  # rows (n_positive,)
    negatives: Integers  # rows (n_negative,), by rising score
    below: Integers  # (n_positive,)
    not_above: Integers  # (n_positive,)

    @classmethod
    def of(cls, truth: NDArray[np.generic], scores: NDArray[np.generic]) -> "_Pairs":
        positives, negatives = np.flatnonzero(truth == 1), np.flatnonzero(truth == 0)
        high, low = scores[positives].astype(np.float64), scores[negatives].astype(np.float64)
        _refuse_nan(high, low)
        order = np.argsort(low, kind="stable")
        low = low[order]
        return cls(positives, negatives[order], low.searchsorted(high, "left"), low.searchsorted(high, "right"))

    def auc(self) -> float:
        n_pairs = len(self.positives) * len(self.negatives)
        return float((self.below + self.not_above).sum() / (2 * n_pairs)) if n_pairs else float("nan")

    def redrawn(self, rows: NDArray[np.int32], patients: Integers) -> Floats:
        """Areas (r,) with images weighted by rows[patients], (n_patients, r)."""
        at_once = max(_LEAST_AT_ONCE, _CELLS_AT_ONCE // max(1, len(self.negatives)))
        starts = range(0, rows.shape[1], at_once)
        return np.concatenate([self._redrawn(rows[:, start : start + at_once], patients) for start in starts])

    def _redrawn(self, rows: NDArray[np.int32], patients: Integers) -> Floats:
        negative = np.zeros((len(self.negatives) + 1, rows.shape[1]), dtype=np.int32)
        np.cumsum(rows[patients[self.negatives]], axis=0, dtype=np.int32, out=negative[1:])
        positive = rows[patients[self.positives]].astype(np.float64)
        concordant = np.einsum(
            "ij,ij->j", positive, (negative[self.below] + negative[self.not_above]).astype(np.float64)
        )
        pairs = 2.0 * positive.sum(axis=0) * negative[-1]
        return np.divide(concordant, pairs, out=np.full(len(pairs), np.nan), where=pairs > 0)


@dataclass(frozen=True, eq=False)
class Bands:
    """The curve at fixed false positive rates, with pointwise 95 % percentile limits over redrawn patients."""

    false_positive_rate: Floats  # (m,)
    sensitivity: Floats  # (m,)
    low: Floats  # (m,)
    high: Floats  # (m,)


def roc_bands(truth: ArrayLike, scores: ArrayLike, patients: Integers, redraws: int = 1000, seed: int = 0) -> Bands:
    """Vertical averaging (Fawcett 2006, Pattern Recognit Lett 27:861) over redrawn patients; 101 points.

    truth, scores: (n,); patients: (n,) int64 from 0. Undefined redraws are left out; NaN limits where all are.
    """
    grid = np.linspace(0, 1, 101)
    curve = roc_curve(truth, scores)
    if not len(curve.thresholds):
        return Bands(grid, *(np.full(len(grid), np.nan) for _ in range(3)))
    drawn = [*_redrawn_curves(np.asarray(truth), np.asarray(scores), patients, grid, redraws, seed)]
    low, high = np.nanpercentile(np.stack(drawn), [2.5, 97.5], axis=0)
    return Bands(grid, _height(curve.false_positive_rate, curve.sensitivity, grid), low, high)


def _redrawn_curves(
    truth: NDArray[np.generic], scores: NDArray[np.generic], patients: Integers, grid: Floats, redraws: int, seed: int
) -> Iterator[Floats]:
    known = np.flatnonzero((truth == 1) | (truth == 0))
    order = known[np.argsort(-scores[known].astype(np.float64), kind="stable")]
    ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    positive, patient = truth[order] == 1, np.asarray(patients)[order]
    for weights in patient_weights(int(patients.max()) + 1, redraws, seed):
        for weight in weights:
            counts = weight[patient]
            hits, false = np.cumsum(counts * positive)[ends], np.cumsum(counts * ~positive)[ends]
            if hits[-1] and false[-1]:
                yield _height(np.append(0, false / false[-1]), np.append(0, hits / hits[-1]), grid)


def _height(false_positive_rate: Floats, sensitivity: Floats, grid: Floats) -> Floats:
    """Sensitivity at each rate of `grid`: straight between points, the upper end of a vertical rise."""
    right = false_positive_rate.searchsorted(grid, "right") - 1
    left = np.minimum(right + 1, len(false_positive_rate) - 1)
    run = false_positive_rate[left] - false_positive_rate[right]
    share = np.divide(grid - false_positive_rate[right], run, out=np.zeros_like(grid), where=run > 0)
    return sensitivity[right] + share * (sensitivity[left] - sensitivity[right])


def _each_class(truth: ArrayLike, scores: ArrayLike) -> Iterator[_Pairs]:
    of, by = np.asarray(truth), np.asarray(scores)
    if of.shape != by.shape or of.ndim != 2:
        raise ValueError(f"truth {of.shape} and scores {by.shape} must both be (n, k)")
    return (_Pairs.of(of[:, column], by[:, column]) for column in range(of.shape[1]))


def _counted(truth: NDArray[np.generic], scores: NDArray[np.generic]) -> tuple[Booleans, Floats]:
    """Whether each counted image is positive, and its score."""
    known = (truth == 1) | (truth == 0)
    values = scores[known].astype(np.float64)
    _refuse_nan(values)
    return truth[known] == 1, values


def _refuse_nan(*scores: Floats) -> None:
    if any(np.isnan(values).any() for values in scores):
        raise ValueError("a score is NaN: it can be neither above nor below another")
