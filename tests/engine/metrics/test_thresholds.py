"""Thresholds against published cut-offs, and what they do to other images."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.metrics.proportions import confusion
from engine.metrics.thresholds import choose_threshold
from tests.engine.metrics.known_answers import s100b


def test_youden_is_the_best_threshold_of_proc() -> None:
    # pROC manual, coords(roc(outcome ~ s100b, aSAH), "best"): threshold 0.205, specificity 0.8055556, sensitivity
    # 0.6341463
    truth, scores = s100b()
    threshold = choose_threshold(truth, scores)
    assert threshold == pytest.approx(0.205)
    found = confusion(truth, scores, np.arange(len(truth)), threshold)
    assert found.specificity.value == pytest.approx(0.8055556, abs=5e-8)
    assert found.sensitivity.value == pytest.approx(0.6341463, abs=5e-8)
    assert (found.true_positive, found.false_negative, found.false_positive, found.true_negative) == (26, 15, 14, 58)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from([0, 1]), st.integers(0, 9)), min_size=2, max_size=40), st.booleans())
def test_no_cut_is_better(rows: list[tuple[int, int]], balanced: bool) -> None:
    truth, scores = np.array(rows).T
    threshold = choose_threshold(truth, scores, "balanced" if balanced else "youden")
    if len(set(truth)) == 1:
        assert np.isnan(threshold)
        return

    def loss(cut: float) -> float:
        sensitivity, specificity = (scores[truth == 1] >= cut).mean(), (scores[truth == 0] < cut).mean()
        return abs(sensitivity - specificity) if balanced else -(sensitivity + specificity)

    assert loss(threshold) <= min(loss(cut) for cut in np.arange(-0.5, 10.5)) + 1e-9


def test_balanced_lies_where_sensitivity_and_specificity_meet() -> None:
    truth = np.array([0] * 6 + [1] * 3)
    scores = np.array([0.1, 0.2, 0.3, 0.4, 0.6, 0.9, 0.5, 0.7, 0.8])
    assert choose_threshold(truth, scores, "balanced") == pytest.approx(0.55)  # 2 of 3, 4 of 6
