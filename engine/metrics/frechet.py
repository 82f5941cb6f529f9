"""How far two sets of features are apart, both taken for normal: the Fréchet distance. numpy only."""

import numpy as np

from engine.metrics.resampling import Floats

__all__ = ["frechet_distance"]


def frechet_distance(first: Floats, second: Floats) -> float:
    """|μ₁ − μ₂|² + tr(C₁ + C₂ − 2 (C₁ C₂)^½) of features (n, d) and (m, d) (Heusel et al. 2017, the FID).

    Covariances are unbiased; the root is taken of the symmetric C₁^½ C₂ C₁^½, which has the same trace. At least 0. Of
    few rows it is too large, about alike for sets of one size: compare it with that of such a set of real images.
    ValueError where a set has fewer than two rows, or they have not the same features.
    """
    if first.ndim != 2 or second.ndim != 2 or first.shape[1] != second.shape[1] or min(len(first), len(second)) < 2:
        raise ValueError(f"features {first.shape} and {second.shape} are no two sets of at least two rows alike")
    shift = first.mean(0) - second.mean(0)
    one, other = (np.atleast_2d(np.cov(each, rowvar=False)) for each in (first, second))
    root = _root(one)
    crossed = np.linalg.eigvalsh(root @ other @ root)
    distance = shift @ shift + np.trace(one) + np.trace(other) - 2 * np.sqrt(crossed.clip(0)).sum()
    return max(float(distance), 0.0)


def _root(covariance: Floats) -> Floats:
    """The symmetric root of a symmetric matrix without negative eigenvalues, which rounding may have given it."""
    values, vectors = np.linalg.eigh(covariance)
    root: Floats = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    return root
