"""The permutation test against exchanging predictions one by one, and its size where there is nothing to find."""

from itertools import product

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from engine.metrics.delong import delong_test
from engine.metrics.permutation import permutation_test
from tests.engine.metrics.known_answers import ovarian


def _made(n_patients: int, k: int, gain: float, seed: int) -> tuple[np.ndarray, ...]:
    generator = np.random.default_rng(seed)
    patients = np.repeat(np.arange(n_patients), generator.integers(1, 3, n_patients))
    truth = (generator.random((len(patients), k)) < 0.4).astype(float)
    first = np.round(truth * (1 + gain) + generator.normal(size=truth.shape), 1)
    return truth, first, np.round(truth + generator.normal(size=truth.shape), 1), patients


@pytest.mark.parametrize("exchange", ["scores", "ranks"])
def test_every_exchange_written_out(exchange: str) -> None:
    truth, first, second, patients = _made(6, 1, 1.0, 3)
    if exchange == "ranks":
        ranks = [np.array([(s < v).sum() + (s == v).sum() / 2 for v in s]) for s in (first[:, 0], second[:, 0])]
    else:
        ranks = [first[:, 0], second[:, 0]]
    observed = roc_auc_score(truth[:, 0], first[:, 0]) - roc_auc_score(truth[:, 0], second[:, 0])
    found = []
    for flips in product([False, True], repeat=6):
        turned = np.array(flips)[patients]
        a, b = np.where(turned, ranks[1], ranks[0]), np.where(turned, ranks[0], ranks[1])
        found.append(roc_auc_score(truth[:, 0], a) - roc_auc_score(truth[:, 0], b))
    exact = np.mean(np.abs(found) >= abs(observed) - 1e-12)
    test = permutation_test(truth, first, second, patients, permutations=40_000, exchange=exchange)  # type: ignore[arg-type]
    assert test.difference[0] == pytest.approx(observed, abs=1e-12)
    assert test.p_value[0] == pytest.approx(exact, abs=0.01)


def test_it_agrees_with_delong_on_the_published_example() -> None:
    truth, scores = ovarian()
    truth = truth[:, None]
    test = permutation_test(truth, scores[:, [2]], scores[:, [1]], np.arange(len(truth)))
    assert test.difference[0] == pytest.approx(-0.0780, abs=5e-5)
    assert test.p_value[0] == pytest.approx(delong_test(truth, scores[:, [2]], scores[:, [1]]).p_value[0], abs=0.06)


def test_a_better_model_is_found_and_the_p_value_is_never_zero() -> None:
    truth, first, second, patients = _made(300, 3, 1.5, 0)
    test = permutation_test(truth, first, second, patients, permutations=2000)
    assert (test.difference > 0.05).all()
    assert test.p_value.tolist() == [1 / 2001] * 3 and test.macro_p_value == 1 / 2001
    back = permutation_test(truth, second, first, patients, permutations=2000)
    np.testing.assert_allclose(back.difference, -test.difference, atol=1e-15)


def test_models_on_different_scales_are_compared_by_rank() -> None:
    truth, first, second, patients = _made(100, 1, 0.5, 2)
    plain = permutation_test(truth, first, second, patients, permutations=500)
    scaled = permutation_test(truth, first, np.exp(second) * 100, patients, permutations=500)
    np.testing.assert_array_equal(plain.p_value, scaled.p_value)


def test_where_there_is_nothing_to_find_it_finds_in_one_of_twenty() -> None:
    found = [
        permutation_test(*_made(60, 1, 0.0, seed), permutations=199).p_value[0] <= 0.05 for seed in range(100, 500)
    ]
    assert 0.028 <= np.mean(found) <= 0.072  # 0.05 ± 2 standard errors of 400 draws


def test_a_class_without_positives_is_not_estimable_and_the_others_are() -> None:
    truth, first, second, patients = _made(50, 2, 0.5, 1)
    truth[:, 0] = 0
    test = permutation_test(truth, first, second, patients, permutations=99)
    assert np.isnan(test.p_value[0]) and not np.isnan(test.p_value[1])
    assert test.macro_p_value == test.p_value[1]
