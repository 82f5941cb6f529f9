"""Agreement coefficients as functions of count matrices (n_subjects, n_categories).

A subject is a case (in one arm); `counts[i, k]` says how many readers put subject i into category k. Subjects may have
unequal numbers of readings: those with at least two weigh into agreement, all with at least one into the marginals.
Every coefficient is a function of sums over subjects (`linear_terms`), so a bootstrap is one matrix product.

Sources: Fleiss 1971 (Psychol Bull 76:378); Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., chapters 2 and 5
(missing readings, linearised variances); Krippendorff 2011, Computing Krippendorff's Alpha-Reliability; Conger 1980
(Psychol Bull 88:322); Brennan and Prediger 1981; Cicchetti and Feinstein 1990 and Uebersax 1982 (specific agreement).
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

from engine.metrics.resampling import Floats, Integers

RATED, PAIRED, AGREEING, PAIRED_AGREEING = range(4)  # columns of `linear_terms`; two per category follow


def count_categories(codes: Integers, n_categories: int) -> Floats:
    """Counts (n_subjects, n_categories) from codes (n_subjects, n_readers); codes below 0 are no valid reading."""
    return np.stack([(codes == category).sum(axis=1) for category in range(n_categories)], axis=1).astype(np.float64)


def n_terms(n_categories: int) -> int:
    """Number of columns of `linear_terms`."""
    return 4 + 2 * n_categories


def linear_terms(counts: Floats) -> Floats:
    """What has to be summed over subjects, (n_subjects, 4 + 2·n_categories).

    Columns: rated (≥ 1 reading), paired (≥ 2), agreement within the subject, the same times its readings, then for each
    category its share of the subject's readings, then the paired readings in it. All are 0 where they do not apply.
    """
    readings = counts.sum(axis=1)
    rated, paired = readings >= 1, readings >= 2
    agreeing_pairs = (counts * (counts - 1)).sum(axis=1)
    agreement = agreeing_pairs / np.where(paired, readings * (readings - 1), 1)
    shares = counts / np.where(rated, readings, 1)[:, None]
    head = np.stack([rated, paired, agreement, agreement * readings], axis=1)
    return np.concatenate([head, shares, counts * paired[:, None]], axis=1)


@dataclass(frozen=True)
class Coefficients:
    """Coefficients of one table, or of many redraws at once (arrays of the same leading shape); NaN = not estimable."""

    observed: Floats
    fleiss_kappa: Floats
    ac1: Floats
    pabak: Floats
    krippendorff_alpha: Floats
    shares: Floats  # (…, n_categories) mean share of each category (Gwet's pi_k)


def coefficients(sums: Floats) -> Coefficients:
    """Coefficients from sums of `linear_terms` over subjects, (…, 4 + 2·n_categories).

    Fleiss' kappa (Gwet's form with missing readings), AC1, PABAK (Brennan–Prediger, Randolph) share the observed
    agreement (mean over paired subjects) and differ in what is expected by chance; alpha uses paired readings only.
    """
    n_categories = (sums.shape[-1] - 4) // 2
    with np.errstate(divide="ignore", invalid="ignore"):
        observed = sums[..., AGREEING] / sums[..., PAIRED]
        shares = sums[..., 4 : 4 + n_categories] / sums[..., RATED, None]
        return Coefficients(
            observed=observed,
            fleiss_kappa=_above_chance(observed, (shares**2).sum(axis=-1)),
            ac1=_above_chance(observed, _ac1_chance(shares)),
            pabak=_above_chance(observed, np.asarray(1 / n_categories)),
            krippendorff_alpha=_alpha(sums[..., PAIRED_AGREEING], sums[..., 4 + n_categories :]),
            shares=shares,
        )


def _above_chance(observed: Floats, chance: Floats) -> Floats:
    """(observed − chance) / (1 − chance); NaN where chance is 1 (only one category was used)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(chance == 1, np.nan, (observed - chance) / (1 - chance))


def _ac1_chance(shares: Floats) -> Floats:
    n_categories = shares.shape[-1]
    if n_categories < 2:
        return np.ones(shares.shape[:-1])
    return (shares * (1 - shares)).sum(axis=-1) / (n_categories - 1)


def _alpha(agreeing: Floats, paired_counts: Floats) -> Floats:
    """Nominal alpha: 1 − (n − 1)(n − Σ o_kk)/(n² − Σ n_k²) with n pairable readings (Krippendorff 2011)."""
    n = paired_counts.sum(axis=-1)
    expected = n**2 - (paired_counts**2).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected == 0, np.nan, 1 - (n - 1) * (n - agreeing) / expected)


@dataclass(frozen=True)
class Interval:
    """A 95 % interval with its standard error; NaN = not estimable."""

    se: float
    low: float
    high: float


NO_INTERVAL = Interval(np.nan, np.nan, np.nan)


def fleiss_interval(terms: Floats, groups: Integers) -> Interval:
    """Gwet's linearised interval of Fleiss' kappa. `terms` as `linear_terms`, `groups` (n_subjects,) the patient."""
    total = coefficients(terms.sum(axis=0))
    chance = float((total.shares**2).sum())
    expected = terms[:, 4 : 4 + len(total.shares)] @ total.shares  # Σ_k π_k r_ik / r_i
    return _linearised(terms, groups, float(total.fleiss_kappa), chance, expected)


def ac1_interval(terms: Floats, groups: Integers) -> Interval:
    """Gwet's linearised interval of AC1; arguments as `fleiss_interval`."""
    total = coefficients(terms.sum(axis=0))
    n_categories = len(total.shares)
    if n_categories < 2:
        return NO_INTERVAL
    chance = float(_ac1_chance(total.shares))
    expected = terms[:, 4 : 4 + n_categories] @ (1 - total.shares) / (n_categories - 1)
    return _linearised(terms, groups, float(total.ac1), chance, expected)


def _linearised(terms: Floats, groups: Integers, value: float, chance: float, expected: Floats) -> Interval:
    """Variance from κ*_i = κ_i − 2(1 − κ)(pe_i − pe)/(1 − pe), κ_i = (n/n₂)(pa_i − pe)/(1 − pe) (Gwet 2014, eq. 5.18).

    The terms κ*_i − κ are summed by patient before they are squared; with one subject a patient this is
    Σ(κ*_i − κ)² / (n(n − 1)). `chance` is pe, `expected` (n_subjects,) is pe_i.
    """
    if np.isnan(value):
        return NO_INTERVAL
    rated, paired = terms[:, RATED], terms[:, PAIRED]
    n = rated.sum()
    own = (n / paired.sum()) * (terms[:, AGREEING] - chance * paired) / (1 - chance)
    deviations = rated * (own - 2 * (1 - value) * (expected - chance) / (1 - chance) - value)
    used = rated > 0
    return clustered_interval(value, deviations[used] / n, groups[used])


def clustered_interval(value: float, deviations: Floats, groups: Integers) -> Interval:
    """Interval of a statistic with linearised `deviations` (their sum is 0) over subjects, summed by group.

    Variance P/(P − 1) Σ_p (Σ_{i in p} deviation_i)², t on P − 1 degrees of freedom, P groups; kept within [−1, 1].
    """
    n_groups = len(np.unique(groups))
    if n_groups < 2 or np.isnan(value):
        return NO_INTERVAL
    by_group = np.bincount(groups, weights=deviations)
    se = float(np.sqrt(n_groups / (n_groups - 1) * (by_group**2).sum()))
    half = float(student.ppf(0.975, n_groups - 1)) * se
    return Interval(se, max(value - half, -1.0), min(value + half, 1.0))


def specific_agreement(counts: Floats) -> Floats:
    """Per category, the share of agreeing pairs among pairs with a reading in it, (n_categories,); NaN where 0/0.

    For two categories these are positive and negative agreement (Cicchetti and Feinstein 1990; many readers: Uebersax).
    """
    others = counts.sum(axis=1, keepdims=True) - 1
    possible = (counts * others).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(possible > 0, (counts * (counts - 1)).sum(axis=0) / possible, np.nan)


def conger_kappa(codes: Integers, n_categories: int) -> float:
    """Conger's kappa of codes (n_subjects, n_readers): Cohen's for many readers, each with their own marginals."""
    codes = codes[:, (codes >= 0).any(axis=0)]
    n_readers = codes.shape[1]
    if n_readers < 2:
        return float("nan")
    valid = (codes >= 0).sum(axis=0)
    marginals = np.stack([(codes == k).sum(axis=0) / valid for k in range(n_categories)], axis=1)
    chance = (marginals.mean(axis=0) ** 2 - marginals.var(axis=0, ddof=1) / n_readers).sum()
    sums = linear_terms(count_categories(codes, n_categories)).sum(axis=0)
    return float(_above_chance(coefficients(sums).observed, np.asarray(chance)))
