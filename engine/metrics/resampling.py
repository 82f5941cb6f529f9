"""The case bootstrap: patients are drawn, not images, and one set of draws serves every item.

Shared draws make intervals of different items comparable (the same patients are in or out), and turn the bootstrap of
any statistic that is a function of sums into one matrix product: weights (n_redraws, n_patients) @ sums (n_patients,
n_sums).
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.integer]

UNDEFINED_LIMIT = 0.05  # above this share of undefined redraws an interval is withheld
_CELLS_AT_ONCE = 4_000_000  # weights held in memory at a time (32 MB)


def patient_weights(n_patients: int, redraws: int, seed: int) -> Iterator[Floats]:
    """How often each patient was drawn, in chunks (n_chunk, n_patients) of float64 whose rows sum to n_patients.

    The draws depend on `n_patients`, `redraws` and `seed` only (numpy PCG64).
    """
    generator = np.random.default_rng(seed)
    rows_at_once = max(1, _CELLS_AT_ONCE // max(n_patients, 1))
    for start in range(0, redraws, rows_at_once):
        rows = min(rows_at_once, redraws - start)
        drawn = generator.integers(0, n_patients, size=(rows, n_patients), dtype=np.int32)
        drawn += (np.arange(rows, dtype=np.int32) * n_patients)[:, None]
        yield np.bincount(drawn.ravel(), minlength=rows * n_patients).reshape(rows, n_patients).astype(np.float64)


def redrawn_chunks(patient_sums: Floats, redraws: int, seed: int) -> Iterator[Floats]:
    """Sums over the redrawn patients, in chunks (n_chunk, n), of per-patient sums (n_patients, n)."""
    kept, source, factor = _distinct_columns(patient_sums)
    distinct = np.ascontiguousarray(patient_sums[:, kept])
    for weights in patient_weights(len(patient_sums), redraws, seed):
        yield (weights @ distinct)[:, source] * factor


def redrawn_sums(patient_sums: Floats, redraws: int, seed: int) -> Floats:
    """`redrawn_chunks` as one array (redraws, n)."""
    return np.concatenate(list(redrawn_chunks(patient_sums, redraws, seed)))


def _distinct_columns(columns: Floats) -> tuple[Integers, Integers, Floats]:
    """Which columns to multiply by the weights; for every column, which of these it is a multiple of, and the factor.

    Where every case has the same number of readings, most terms are multiples of a few. Columns count as multiples when
    they agree to 12 digits of their largest value: terms are fractions of small integers, and two different fractions
    with denominators up to 10⁵ differ by more.
    """
    largest = np.abs(columns).max(axis=0, initial=0.0)
    patterns = np.ascontiguousarray(np.round(columns / np.where(largest, largest, 1), 12).T)
    place: dict[bytes, int] = {}
    source = np.array([place.setdefault(pattern.tobytes(), len(place)) for pattern in patterns], dtype=np.intp)
    _, kept = np.unique(source, return_index=True)
    scale = largest[kept][source]
    return kept, source, np.divide(largest, scale, out=np.ones_like(largest), where=scale > 0)


def sum_by_patient(terms: Floats, patients: Integers, n_patients: int) -> Floats:
    """Sums (n_patients, n) of terms (n_subjects, n) whose subject belongs to `patients[i]`, an index; sorted or not."""
    if len(terms) == n_patients and np.array_equal(patients, np.arange(n_patients)):
        return terms
    order = np.argsort(patients, kind="stable")
    starts = np.searchsorted(patients[order], np.arange(n_patients))
    return np.add.reduceat(terms[order], starts, axis=0)


def percentile_interval(values: Floats) -> tuple[float, float, int]:
    """The 95 % percentile interval of redraws (n_redraws,) and how many were undefined (NaN).

    Withheld (NaN, NaN) where more than 5 % of the redraws are undefined.
    """
    defined = values[~np.isnan(values)]
    undefined = len(values) - len(defined)
    if not len(values) or undefined > UNDEFINED_LIMIT * len(values):
        return float("nan"), float("nan"), undefined
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high), undefined


def mean_by_patient(values: Mapping[str, Floats], patients: NDArray[Any], redraws: int, seed: int) -> dict[str, float]:
    """The mean of each measure (n,) over the images that have it (are not NaN), with _low and _high.

    patients: (n,) names. 95 % percentile intervals of redrawn patients, the same draws for every measure.
    """
    found: dict[str, float] = {}
    _, index = np.unique(patients, return_inverse=True)
    for name, each in values.items():
        found |= dict(zip((name, f"{name}_low", f"{name}_high"), _mean(each, index.astype(np.int64), redraws, seed)))
    return found


def _mean(values: Floats, patients: Integers, redraws: int, seed: int) -> tuple[float, float, float]:
    defined = ~np.isnan(values)
    if not defined.any():
        return float("nan"), float("nan"), float("nan")
    terms = np.stack([np.where(defined, values, 0.0), defined.astype(np.float64)], axis=1)
    sums = redrawn_sums(sum_by_patient(terms, patients, int(patients.max()) + 1), redraws, seed)
    means = np.divide(sums[:, 0], sums[:, 1], out=np.full(len(sums), np.nan), where=sums[:, 1] > 0)
    low, high, _ = percentile_interval(means)
    return float(values[defined].mean()), low, high
