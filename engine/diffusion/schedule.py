"""How noise is added: Ho et al. 2020, with variances that rise linearly. numpy only.

x_t = √ᾱ_t · x_0 + √(1 − ᾱ_t) · ε, where ᾱ_t is the product of 1 − β up to step t.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

__all__ = ["NoiseSchedule"]


@dataclass(frozen=True)
class NoiseSchedule:
    """`steps` variances from `first` to `last`, evenly spaced; the paper's are 1000, 1e-4 and 0.02."""

    steps: int = 1000
    first: float = 1e-4
    last: float = 0.02

    @cached_property
    def alphas(self) -> np.ndarray:
        """(steps,) float64: ᾱ_t, the share of the image's power that is left at step t."""
        return np.cumprod(1.0 - np.linspace(self.first, self.last, self.steps))

    def alpha(self, times: np.ndarray) -> np.ndarray:
        """ᾱ at any times in [0, steps − 1], also between two steps (its logarithm is interpolated)."""
        return np.exp(np.interp(times, np.arange(self.steps), np.log(self.alphas)))

    def evenly(self, count: int) -> np.ndarray:
        """(count,) float64 whole steps from 0 to the last, as far apart as can be: DDIM's (Song et al. 2021)."""
        return np.round(np.linspace(0, self.steps - 1, min(count, self.steps)))

    def by_noise(self, count: int) -> np.ndarray:
        """(count,) float64 times from 0 to the last, evenly spaced in log(√ᾱ / √(1 − ᾱ)) (Lu et al. 2022)."""
        ratio = 0.5 * (np.log(self.alphas) - np.log1p(-self.alphas))  # falls with time
        wanted = np.linspace(ratio[0], ratio[-1], count)
        return np.interp(-wanted, -ratio, np.arange(self.steps, dtype=float))
