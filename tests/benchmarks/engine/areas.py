"""ROC areas of 73 findings: 1,000 redraws of patients against a loop over scikit-learn, DeLong against rankdata.

One thread on both sides; seconds are its processor time, so that other work on the machine counts on neither.
"""

from collections.abc import Iterator
from time import thread_time

import numpy as np
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score

from engine.metrics.delong import delong
from engine.metrics.resampling import patient_weights
from engine.metrics.roc import bootstrap_auc
from tests.benchmarks.figure import Figure

FINDINGS, PATIENTS, REDRAWS = 73, 1_000, 1_000
TURNS = 6
PEER_REDRAWS = 20  # a turn, of one finding; the whole loop would take minutes


def run() -> Iterator[Figure]:
    generator = np.random.default_rng(0)
    truth = (generator.random((PATIENTS, FINDINGS)) < np.linspace(0.02, 0.4, FINDINGS)).astype(np.float64)
    scores = truth + generator.normal(size=truth.shape)
    yield from _bootstrap(truth, scores)
    yield from _delong(truth, scores)


def _bootstrap(truth: np.ndarray, scores: np.ndarray) -> Iterator[Figure]:
    ours, loop, difference = [], [], 0.0
    patients = np.arange(PATIENTS)
    for turn in range(TURNS):
        start = thread_time()
        redrawn = bootstrap_auc(truth, scores, patients, REDRAWS, turn)
        ours.append(thread_time() - start)
        drawn = next(patient_weights(PATIENTS, REDRAWS, turn))[:PEER_REDRAWS].astype(np.intp)
        k = 12 * turn
        start = thread_time()
        theirs = [_area(truth[rows, k], scores[rows, k]) for rows in (np.repeat(patients, times) for times in drawn)]
        loop.append((thread_time() - start) / PEER_REDRAWS * REDRAWS * FINDINGS)
        difference = max(difference, float(np.nanmax(np.abs(redrawn[:PEER_REDRAWS, k] - theirs))))
    mine, peer = min(ours), min(loop)  # of each the turn least disturbed by other work on the machine
    note = f"peer: sklearn roc_auc_score, {TURNS} × {PEER_REDRAWS} redraws of one finding, scaled to all"
    yield Figure("bootstrap_auc_73x1000", mine, "s", ">= 200x", peer >= 200 * mine, peer / mine, note)
    yield Figure("bootstrap_auc_largest_difference", difference, "auc", "<= 1e-12", difference <= 1e-12)


def _area(truth: np.ndarray, scores: np.ndarray) -> float:
    return float(roc_auc_score(truth, scores)) if 0 < truth.sum() < len(truth) else float("nan")


def _delong(truth: np.ndarray, scores: np.ndarray) -> Iterator[Figure]:
    ours, loop, difference = [], [], 0.0
    for _ in range(2 * TURNS):
        start = thread_time()
        found = delong(truth, scores)
        ours.append(thread_time() - start)
        start = thread_time()
        theirs = [_formula(truth[:, k], scores[:, k]) for k in range(FINDINGS)]
        loop.append(thread_time() - start)
        areas, variances = np.array(theirs).T
        difference = max(difference, np.abs(found.auc - areas).max(), np.abs(found.variance - variances).max())
    mine, peer = min(ours), min(loop)
    note = (
        "peer: Sun and Xu's formula as yandexdataschool/roc_comparison has it, with scipy rankdata, finding by finding"
    )
    yield Figure("delong_73_findings", 1e3 * mine, "ms", ">= 4x", peer >= 4 * mine, peer / mine, note)
    yield Figure("delong_largest_difference", float(difference), "", "<= 1e-12", bool(difference <= 1e-12))


def _formula(truth: np.ndarray, scores: np.ndarray) -> tuple[float, float]:
    """Area and variance of one finding from three sets of midranks (Sun and Xu 2014)."""
    high, low = scores[truth == 1], scores[truth == 0]
    m, n = len(high), len(low)
    within_high, within_low, overall = rankdata(high), rankdata(low), rankdata(np.concatenate([high, low]))
    area = overall[:m].sum() / m / n - (m + 1) / 2 / n
    v01, v10 = (overall[:m] - within_high) / n, 1 - (overall[m:] - within_low) / m
    return area, float(np.cov(v01) / m + np.cov(v10) / n)
