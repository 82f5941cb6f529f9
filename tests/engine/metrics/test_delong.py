"""DeLong's variance against published worked examples, and Obuchowski's against its definition written out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.metrics.delong import delong, delong_covariance, delong_test
from engine.metrics.roc import bootstrap_auc, roc_auc, roc_aucs
from tests.engine.metrics.known_answers import ndka, ovarian, s100b


def test_the_interval_of_proc_to_all_its_digits() -> None:
    # pROC, tests/testthat/test-ci.auc.R: ci.auc(outcome ~ ndka, data = aSAH)
    truth, scores = ndka()
    found = delong(truth[:, None], scores[:, None])
    assert found.low[0] == pytest.approx(0.501244999271703, abs=1e-14)
    assert found.auc[0] == pytest.approx(0.611957994579946, abs=1e-14)
    assert found.high[0] == pytest.approx(0.722670989888189, abs=1e-14)


def test_the_interval_in_the_paper_on_proc() -> None:
    # Robin et al. 2011, BMC Bioinformatics 12:77: S100B, AUC 0.731 (0.630–0.833)
    truth, scores = s100b()
    found = delong(truth[:, None], scores[:, None])
    assert roc_auc(truth, scores) == pytest.approx(0.73136856368563685, abs=1e-14)
    assert [round(float(value[0]), 3) for value in (found.low, found.auc, found.high)] == [0.630, 0.731, 0.833]


def test_the_worked_example_of_delong_delong_and_clarke_pearson() -> None:
    # SAS/STAT user's guide, PROC LOGISTIC, "ROC Association Statistics" and "ROC Contrast Estimation"
    truth, scores = ovarian()
    areas, covariance = delong_covariance(truth, scores)
    assert areas.round(4).tolist() == [0.7366, 0.7258, 0.6478]
    assert np.sqrt(np.diag(covariance)).round(4).tolist() == [0.0927, 0.1028, 0.1000]
    three = np.repeat(truth[:, None], 2, axis=1)
    test = delong_test(three, scores[:, [0, 2]], scores[:, [1, 1]])  # albumin and total protein against the K-G score
    assert test.difference.round(4).tolist() == [0.0108, -0.0780]
    assert test.standard_error.round(4).tolist() == [0.0953, 0.1046]
    assert test.low.round(4).tolist() == [-0.1761, -0.2830]
    assert test.high.round(4).tolist() == [0.1976, 0.1271]
    assert test.p_value.round(4).tolist() == [0.9102, 0.4561]
    expected = np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    assert test.standard_error[0] == pytest.approx(expected, abs=1e-14)


ROWS = st.lists(
    st.tuples(st.sampled_from([0, 1, -1]), st.integers(0, 5), st.integers(0, 5), st.integers(0, 6)),
    min_size=8,
    max_size=40,
)


@settings(deadline=None)
@given(ROWS)
def test_obuchowski_written_out(rows: list[tuple[int, int, int, int]]) -> None:
    truth, first, second, patients = np.array(rows).T
    alone = np.arange(len(truth))
    for scores in (first, second):
        expected = _obuchowski(truth, scores, patients)
        found = delong(truth[:, None], scores[:, None], patients)
        np.testing.assert_allclose(found.variance[0], expected, atol=1e-12)
        each = delong(truth[:, None], scores[:, None], alone)  # with a patient an image both are DeLong's
        np.testing.assert_allclose(each.variance, delong(truth[:, None], scores[:, None]).variance, atol=1e-12)
        np.testing.assert_allclose(found.auc, roc_aucs(truth[:, None], scores[:, None]), atol=1e-12)


def _obuchowski(truth: np.ndarray, scores: np.ndarray, patients: np.ndarray) -> float:
    """Obuchowski 1997, the sums of its section 2, patient by patient."""
    high, low = np.flatnonzero(truth == 1), np.flatnonzero(truth == 0)
    if len(set(patients[high])) < 2 or len(set(patients[low])) < 2:
        return float("nan")
    kernel = np.array([[(scores[i] > scores[j]) + 0.5 * (scores[i] == scores[j]) for j in low] for i in high])
    theta = kernel.mean()
    terms = []
    for patient in set(patients[truth != -1]):
        of_high, of_low = patients[high] == patient, patients[low] == patient
        x = kernel.mean(axis=1)[of_high].sum() - of_high.sum() * theta
        y = kernel.mean(axis=0)[of_low].sum() - of_low.sum() * theta
        terms.append((x, y, of_high.any(), of_low.any()))
    x, y, has_high, has_low = np.array(terms, dtype=float).T
    m, n, i10, i01, i = len(high), len(low), has_high.sum(), has_low.sum(), len(terms)
    s10 = i10 / ((i10 - 1) * m) * (x**2).sum()
    s01 = i01 / ((i01 - 1) * n) * (y**2).sum()
    s11 = i / (i - 1) * (x * y).sum()
    return max(0.0, s10 / m + s01 / n + 2 * s11 / (m * n))


def test_several_images_of_a_patient_tell_less_than_as_many_patients() -> None:
    generator = np.random.default_rng(0)
    truth = np.repeat(generator.random(150) < 0.4, 4).astype(float)[:, None]
    scores = truth + np.repeat(generator.normal(size=150), 4)[:, None] + 0.1 * generator.normal(size=(600, 1))
    patients = np.repeat(np.arange(150), 4)
    alone, together = delong(truth, scores), delong(truth, scores, patients)
    assert together.variance[0] > 3 * alone.variance[0]
    redrawn = bootstrap_auc(truth, scores, patients, 2000)[:, 0]
    assert np.sqrt(together.variance[0]) == pytest.approx(redrawn.std(), rel=0.08)


def test_many_classes_are_done_at_once_each_with_its_own_truth() -> None:
    generator = np.random.default_rng(1)
    truth = generator.choice([0, 1, np.nan], size=(120, 5))
    scores = generator.integers(0, 9, size=(120, 5)).astype(float)
    together = delong(truth, scores)
    for k in range(5):
        known = ~np.isnan(truth[:, k])
        alone = delong(truth[known, k : k + 1], scores[known, k : k + 1])
        assert together.variance[k] == pytest.approx(alone.variance[0], abs=1e-15)


def test_what_cannot_be_estimated_is_nan() -> None:
    truth = np.array([[1.0, 0, 1], [0, 0, 0], [0, 0, 0], [0, 0, 1]])
    found = delong(truth, np.arange(12.0).reshape(4, 3))
    assert np.isnan(found.auc[1]) and np.isnan(found.variance[:2]).all()  # one positive has no variance
    assert not np.isnan(found.variance[2])
    same = delong_test(truth[:, [2]], truth[:, [0]], truth[:, [0]])
    assert same.difference[0] == 0 and np.isnan(same.p_value[0])
