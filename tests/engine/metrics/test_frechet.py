"""Against answers that are known in closed form."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.metrics.frechet import frechet_distance


def with_moments(mean: np.ndarray, covariance: np.ndarray, n: int, seed: int = 0) -> np.ndarray:
    """(n, d) rows whose mean and unbiased covariance are exactly these."""
    rows = np.random.default_rng(seed).normal(size=(n, len(mean)))
    rows -= rows.mean(0)
    white = rows @ np.linalg.inv(np.linalg.cholesky(np.cov(rows, rowvar=False))).T
    return np.asarray(white @ np.linalg.cholesky(covariance).T + mean)


def test_one_dimension_is_means_and_deviations_apart() -> None:
    """(μ₁ − μ₂)² + (σ₁ − σ₂)²."""
    first = np.array([[0.0], [2.0]])  # mean 1, deviation √2
    second = np.array([[0.0], [4.0], [2.0]])  # mean 2, deviation 2
    assert frechet_distance(first, second) == pytest.approx(1 + (2 - np.sqrt(2)) ** 2)


def test_covariances_that_commute_add_their_deviations() -> None:
    first = with_moments(np.zeros(3), np.diag([1.0, 4.0, 9.0]), 50)
    second = with_moments(np.array([1.0, 2.0, 2.0]), np.diag([4.0, 4.0, 1.0]), 70, seed=1)
    assert frechet_distance(first, second) == pytest.approx(9 + 1 + 0 + 4)


def test_covariances_that_do_not_commute() -> None:
    """tr (C₁ C₂)^½ is the sum of the roots of the eigenvalues of C₁ C₂, here from the characteristic polynomial."""
    one, other = np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([[3.0, 0.0], [0.0, 1.0]])
    trace, determinant = 8.0, 9.0  # of C₁ C₂ = [[6, 1], [3, 2]]: 6 + 2, and 3 · 3
    roots = np.sqrt(trace + 2 * np.sqrt(determinant))  # √λ₁ + √λ₂ = √(λ₁ + λ₂ + 2 √(λ₁ λ₂))
    made = (with_moments(np.zeros(2), one, 30), with_moments(np.zeros(2), other, 40, seed=2))
    assert frechet_distance(*made) == pytest.approx(4 + 4 - 2 * roots)


@given(st.integers(0, 1000), st.integers(2, 12), st.integers(2, 12), st.integers(1, 9))
@settings(deadline=None, max_examples=40)
def test_a_distance_is_symmetric_and_of_a_set_to_itself_none(seed: int, n: int, m: int, width: int) -> None:
    """Also where there are fewer rows than features, and the covariance has no inverse."""
    generator = np.random.default_rng(seed)
    first, second = generator.normal(size=(n, width)), generator.normal(size=(m, width))
    assert frechet_distance(first, first) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(first, second) == pytest.approx(frechet_distance(second, first), abs=1e-6)
    moved = first + 3.0
    assert frechet_distance(first, moved) == pytest.approx(9.0 * width)


def test_too_few_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="no two sets of at least two rows"):
        frechet_distance(np.zeros((1, 3)), np.zeros((5, 3)))
