"""Is one model better than another? Permutation of the two models' predictions within patients. numpy only.

DiffChest's test (10,000 random permutations of the two classifiers' predictions, two-sided), with the patient as unit:
all images and all classes of a patient are exchanged together or not at all. An area is a sum over pairs of a positive
and a negative; in the difference of the two areas the products of their exchanges cancel, so that it is a sum of one
term an image, with the sign of its exchange (Bandos, Rockette and Gur 2005, Stat Med 24:2873). Thousands of
permutations of all classes are one matrix product.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.metrics.resampling import Floats, Integers, sum_by_patient
from engine.metrics.roc import counts_below

__all__ = ["PermutationTest", "permutation_test"]

_SIGNS_AT_ONCE = 4_000_000  # held in memory at a time (32 MB)
_ALMOST = 1e-12  # differences this close are equal: the same pairs were summed in another order


@dataclass(frozen=True, eq=False)
class PermutationTest:
    """Of k classes: the area of the first model less that of the second, and how often chance does as much."""

    difference: Floats  # (k,)
    p_value: Floats  # (k,) two-sided, (1 + as extreme) / (1 + permutations); NaN = not estimable
    macro_difference: float  # of the mean area over the estimable classes
    macro_p_value: float
    permutations: int


def permutation_test(
    truth: ArrayLike,
    scores: ArrayLike,
    other_scores: ArrayLike,
    patients: Integers,
    *,
    permutations: int = 10_000,
    seed: int = 0,
    exchange: Literal["ranks", "scores"] = "ranks",
) -> PermutationTest:
    """truth, scores, other_scores: (n, k); patients: (n,) int64, equal for images of one patient.

    exchange "ranks": midranks within each model are exchanged, so that two models on different scales can be compared
    (an area depends on ranks only); "scores": the predictions themselves, as DiffChest published, which presumes one
    scale.
    """
    of, first, second = np.asarray(truth), np.asarray(scores), np.asarray(other_scores)
    if not of.shape == first.shape == second.shape or of.ndim != 2:
        raise ValueError(f"truth {of.shape} and scores {first.shape}, {second.shape} must all be (n, k)")
    columns = [_terms(of[:, k], first[:, k], second[:, k], exchange) for k in range(of.shape[1])]
    names, index = np.unique(patients, return_inverse=True)
    terms = sum_by_patient(np.stack(columns, axis=1), index, len(names))
    estimable = ~np.isnan(terms).any(axis=0)
    terms = np.column_stack([terms, terms[:, estimable].mean(axis=1) if estimable.any() else terms[:, 0] * np.nan])
    observed = terms.sum(axis=0)
    extreme = sum((abs(drawn) >= abs(observed) - _ALMOST).sum(axis=0) for drawn in _drawn(terms, permutations, seed))
    p_values = np.where(np.isnan(observed), np.nan, (1 + extreme) / (1 + permutations))
    return PermutationTest(observed[:-1], p_values[:-1], float(observed[-1]), float(p_values[-1]), permutations)


def _terms(truth: NDArray[np.generic], first: Floats, second: Floats, exchange: str) -> Floats:
    """(n,) what each image adds to the difference; its sign is turned where its predictions are exchanged."""
    positive, negative = np.flatnonzero(truth == 1), np.flatnonzero(truth == 0)
    terms = np.zeros(len(truth))
    if not (len(positive) and len(negative)):
        return np.full(len(truth), np.nan)
    known = np.concatenate([positive, negative])
    a, b = first[known].astype(np.float64), second[known].astype(np.float64)
    if exchange == "ranks":
        a, b = _midranks(a), _midranks(b)
    n = len(positive)
    lows, highs = np.sort(np.concatenate([a[n:], b[n:]])), np.sort(np.concatenate([a[:n], b[:n]]))
    pairs = 2 * n * len(negative)
    terms[positive] = (counts_below(lows, a[:n]) - counts_below(lows, b[:n])) / pairs
    terms[negative] = (counts_below(highs, b[n:]) - counts_below(highs, a[n:])) / pairs
    return terms


def _midranks(values: Floats) -> Floats:
    return counts_below(np.sort(values), values)


def _drawn(terms: Floats, permutations: int, seed: int) -> Iterator[Floats]:
    """Differences (n_chunk, k) under random exchanges; terms: (n_patients, k)."""
    generator = np.random.default_rng(seed)
    at_once = max(1, _SIGNS_AT_ONCE // max(1, len(terms)))
    for start in range(0, permutations, at_once):
        rows = min(at_once, permutations - start)
        signs = generator.integers(0, 2, size=(rows, len(terms)), dtype=np.int8) * 2.0 - 1.0
        yield signs @ terms
