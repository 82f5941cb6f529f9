"""Calibration against statsmodels and scikit-learn, and against values that can be worked out by hand."""

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from engine.metrics.calibration import Calibration, reliability
from engine.metrics.calibration import calibration as of_classes


def calibration(truth: np.ndarray, p: np.ndarray, patients: np.ndarray, redraws: int = 1000) -> Calibration:
    """Of one class."""
    (only,) = of_classes(np.asarray(truth)[:, None], np.asarray(p)[:, None], patients, redraws=redraws)
    return only


def _made(n: int = 600, sharpness: float = 1.0, shift: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Truth, the probability that is claimed, and patients with one to three images."""
    generator = np.random.default_rng(4)
    logit = generator.normal(size=n) - 1
    truth = (generator.random(n) < 1 / (1 + np.exp(-logit))).astype(float)
    return truth, 1 / (1 + np.exp(-(sharpness * logit + shift))), np.sort(generator.integers(0, n // 2, n))


def test_slope_and_intercept_are_those_of_statsmodels_with_errors_by_patient() -> None:
    truth, p, patients = _made(sharpness=1.7, shift=0.4)
    logit = np.log(p / (1 - p))
    found = calibration(truth, p, patients, redraws=50)
    groups = np.unique(patients, return_inverse=True)[1]
    options = {"cov_type": "cluster", "cov_kwds": {"groups": groups, "use_correction": False}}
    correction = np.sqrt((groups.max() + 1) / groups.max())
    slope = sm.GLM(truth, sm.add_constant(logit), sm.families.Binomial()).fit(**options)
    large = sm.GLM(truth, np.ones(len(p)), sm.families.Binomial(), offset=logit).fit(**options)
    assert found.slope.value == pytest.approx(slope.params[1], abs=1e-8)
    assert found.intercept.value == pytest.approx(large.params[0], abs=1e-8)
    for ours, theirs in ((found.slope, slope.bse[1]), (found.intercept, large.bse[0])):
        assert (ours.high - ours.low) / 2 == pytest.approx(1.959963984540054 * theirs * correction, rel=1e-6)


def test_brier_and_the_curve_are_those_of_scikit_learn() -> None:
    truth, p, patients = _made()
    found = calibration(truth, p, patients, redraws=200)
    assert found.brier.value == pytest.approx(brier_score_loss(truth, p), abs=1e-12)
    assert found.brier.low < found.brier.value < found.brier.high
    share, mean = calibration_curve(truth, p, n_bins=10)
    curve = reliability(truth, p, patients)
    np.testing.assert_allclose(curve.share, share, atol=1e-12)
    np.testing.assert_allclose(curve.probability, mean, atol=1e-12)
    assert found.ece.value == pytest.approx((np.abs(share - mean) * curve.n).sum() / len(p), abs=1e-12)


def test_by_hand() -> None:
    found = calibration([1, 0, 1, -1], [0.9, 0.2, 0.6, 0.5], np.arange(4), redraws=20)
    assert found.brier.value == pytest.approx((0.01 + 0.04 + 0.16) / 3)
    assert found.ece.value == pytest.approx((0.1 + 0.2 + 0.4) / 3)


def test_a_calibrated_model_is_said_to_be_one_and_an_overconfident_one_not() -> None:
    good = calibration(*_made(4000), redraws=50)
    assert good.slope.low < 1 < good.slope.high and good.intercept.low < 0 < good.intercept.high
    sharp = calibration(*_made(4000, sharpness=2.0), redraws=50)
    assert sharp.slope.value == pytest.approx(0.5, abs=0.08) and sharp.slope.high < 1
    assert sharp.ece.low > good.ece.high


def test_separated_classes_have_no_slope_and_one_outcome_has_no_intercept() -> None:
    apart = calibration([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9], np.arange(4), redraws=20)
    assert np.isnan(apart.slope.value) and apart.brier.value == pytest.approx(0.025)
    one = calibration([1, 1], [0.6, 0.7], np.arange(2), redraws=20)
    assert np.isnan(one.intercept.value) and np.isnan(one.slope.value)
    assert np.isnan(calibration([-1], [0.5], np.arange(1)).brier.value)
    with pytest.raises(ValueError, match="outside"):
        calibration([0, 1], [0.5, 1.2], np.arange(2))


def test_several_classes_at_once_each_with_its_own_truth() -> None:
    truth, p, patients = _made(200)
    other = np.where(np.arange(200) % 3, 1 - truth, np.nan)
    both = of_classes(np.stack([truth, other], 1), np.stack([p, 1 - p], 1), patients, redraws=100)
    assert both[0] == calibration(truth, p, patients, redraws=100)
    assert both[1].brier.value == pytest.approx(np.nanmean((other - (1 - p)) ** 2))
