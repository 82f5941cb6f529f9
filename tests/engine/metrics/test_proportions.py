"""Wilson's interval against statsmodels, and the adjustment for repeated patients."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from engine.metrics.proportions import confusion, wilson_interval


@settings(deadline=None)
@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_it_is_the_interval_of_statsmodels(counts: tuple[int, int]) -> None:
    present, n = counts
    expected = proportion_confint(present, n, method="wilson")
    found = wilson_interval(np.arange(n) < present, np.arange(n))
    assert found == pytest.approx(expected, abs=1e-12)


def test_repeated_images_of_a_patient_add_nothing() -> None:
    present = np.arange(60) < 21
    once = wilson_interval(present, np.arange(60))
    thrice = wilson_interval(np.repeat(present, 3), np.repeat(np.arange(60), 3))
    assert thrice[1] - thrice[0] == pytest.approx(once[1] - once[0], rel=0.02)


def test_nothing_counted_is_not_estimable() -> None:
    found = confusion([1, 1, -1], [0.2, 0.9, 0.5], np.arange(3), 0.5)
    assert found.sensitivity.value == 0.5 and found.sensitivity.n == 2
    assert np.isnan(found.specificity.value) and np.isnan(found.specificity.low) and found.specificity.n == 0
