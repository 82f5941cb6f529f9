"""ROC areas against scikit-learn, against published values, and the bootstrap against resampling written out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sklearn

from engine.metrics.resampling import patient_weights
from engine.metrics.roc import bootstrap_auc, macro_auc, roc_auc, roc_aucs, roc_bands, roc_curve

VALUES = st.lists(st.tuples(st.sampled_from([0, 1]), st.integers(0, 8)), min_size=2, max_size=60)


@settings(deadline=None)
@given(VALUES)
def test_the_area_is_that_of_scikit_learn_with_ties(rows: list[tuple[int, int]]) -> None:
    truth, scores = np.array(rows).T
    if len(set(truth)) == 1:
        assert np.isnan(roc_auc(truth, scores))
    else:
        assert roc_auc(truth, scores) == pytest.approx(sklearn.roc_auc_score(truth, scores), abs=1e-12)


@settings(deadline=None)
@given(VALUES)
def test_the_curve_is_that_of_scikit_learn(rows: list[tuple[int, int]]) -> None:
    truth, scores = np.array(rows).T
    if len(set(truth)) == 1:
        assert not len(roc_curve(truth, scores).thresholds)
        return
    curve = roc_curve(truth, scores)
    for ours, theirs in zip(
        (curve.false_positive_rate, curve.sensitivity, curve.thresholds),
        sklearn.roc_curve(truth, scores, drop_intermediate=False),
    ):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_uncertain_and_missing_take_no_part() -> None:
    truth = np.array([1, 0, -1, np.nan, 1, 0])
    assert roc_auc(truth, [0.9, 0.1, 0.95, 0.0, 0.4, 0.5]) == 0.75


def test_a_score_that_is_nan_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        roc_auc([0, 1], [0.2, np.nan])
    assert roc_auc([0, 1, -1], [0.2, 0.3, np.nan]) == 1  # what is not counted may be anything


def test_the_macro_area_is_the_mean_of_the_estimable() -> None:
    truth = np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 1, 0]])
    scores = np.array([[0.9, 0.3, 0.1], [0.2, 0.2, 0.2], [0.6, 0.1, 0.3], [0.7, 0.4, 0.3]])
    assert np.isnan(roc_aucs(truth, scores)[2])
    assert macro_auc(truth, scores) == pytest.approx((0.75 + 0.75) / 2)


def _clustered(n_patients: int = 40, k: int = 3) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(5)
    patients = np.repeat(np.arange(n_patients), generator.integers(1, 4, n_patients))
    truth = (generator.random((len(patients), k)) < 0.3).astype(float)
    truth[generator.random(truth.shape) < 0.1] = np.nan
    scores = np.round(generator.normal(size=truth.shape) + np.nan_to_num(truth), 1)  # with ties
    return truth, scores, patients


def test_the_bootstrap_redraws_patients_with_all_their_images() -> None:
    truth, scores, patients = _clustered()
    redrawn = bootstrap_auc(truth, scores, patients, redraws=50, seed=3)
    weights = next(patient_weights(40, 50, 3)).astype(int)
    for redraw, weight in enumerate(weights):
        rows = np.concatenate([np.flatnonzero(patients == p) for p, times in enumerate(weight) for _ in range(times)])
        for k in range(3):
            known = rows[~np.isnan(truth[rows, k])]
            theirs = sklearn.roc_auc_score(truth[known, k], scores[known, k])
            assert redrawn[redraw, k] == pytest.approx(theirs, abs=1e-12)


def test_a_redraw_without_a_positive_is_undefined() -> None:
    truth = np.array([[1.0], [0], [0], [0]])
    redrawn = bootstrap_auc(truth, np.array([[4.0], [3], [2], [1]]), np.arange(4), redraws=400)
    missing = np.isnan(redrawn[:, 0])
    assert 0.2 < missing.mean() < 0.45  # (3/4)⁴ = 0.316 have none, (1/4)⁴ have no negative
    assert (redrawn[~missing] == 1).all()


def test_the_order_of_images_does_not_matter() -> None:
    truth, scores, patients = _clustered()
    shuffled = np.random.default_rng(0).permutation(len(patients))
    np.testing.assert_array_equal(
        bootstrap_auc(truth, scores, patients, 30),
        bootstrap_auc(truth[shuffled], scores[shuffled], patients[shuffled], 30),
    )


def test_bands_hold_the_curve_and_grow_with_fewer_patients() -> None:
    generator = np.random.default_rng(2)
    truth = np.arange(400) % 2
    scores = truth + generator.normal(size=400)
    bands = roc_bands(truth, scores, np.arange(400), redraws=200)
    assert ((bands.low <= bands.sensitivity + 1e-9) & (bands.sensitivity <= bands.high + 1e-9)).all()
    few = roc_bands(truth[:60], scores[:60], np.arange(60), redraws=200)
    assert (few.high - few.low).mean() > 1.7 * (bands.high - bands.low).mean()  # √(400/60) = 2.6
    curve = roc_curve(truth, scores)
    straight = np.interp(bands.false_positive_rate[1:], curve.false_positive_rate, curve.sensitivity)
    assert np.abs(bands.sensitivity[1:] - straight).max() < 0.06  # a vertical rise may lie between
