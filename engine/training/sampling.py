"""Which images an epoch shows in which order: a function of seed and epoch, so that a resumed run needs no memory."""

from dataclasses import dataclass

import numpy as np

from engine.errors import JobError

__all__ = ["Epochs", "balanced_weights"]

_ORDER, _DRAWS = 0, 1  # streams of one seed


@dataclass(frozen=True, eq=False)
class Epochs:
    """Batches of positions 0 … n − 1. What does not fill a batch is left out of the epoch; the next is shuffled anew.

    weights: (n,) chances of being drawn, with replacement; None shows every image once.
    """

    n: int
    batch_size: int
    seed: int
    weights: np.ndarray | None = None

    @property
    def batch(self) -> int:
        """Images of one step: the batch size, or all images where there are fewer."""
        return min(self.batch_size, self.n)

    @property
    def steps(self) -> int:
        """Steps of one epoch."""
        return self.n // self.batch

    @property
    def images(self) -> int:
        """Images shown in one epoch."""
        return self.steps * self.batch

    def order(self, epoch: int) -> np.ndarray:
        """(images,) int64 positions in the order of an epoch (from 0)."""
        generator = np.random.default_rng([self.seed, epoch, _ORDER])
        if self.weights is None:
            return generator.permutation(self.n)[: self.images]
        return generator.choice(self.n, self.images, p=self.weights / self.weights.sum())

    def draws(self, epoch: int, count: int) -> np.ndarray:
        """(images, count) float64 in [0, 1): what chance decides for each image shown, whichever process shows it."""
        return np.random.default_rng([self.seed, epoch, _DRAWS]).random((self.images, count))


def balanced_weights(groups: np.ndarray) -> np.ndarray:
    """(n,) chance of each image so that every group (n,) str is drawn as often; an empty name is never drawn.

    Raises JobError where no image has a group.
    """
    named = groups != ""
    if not named.any():
        raise JobError("balanced_by: no training image has a value in that column; leave balanced_by empty")
    values, inverse, counts = np.unique(groups, return_inverse=True, return_counts=True)
    groups_present = int((values != "").sum())
    return np.where(named, 1.0 / (counts[inverse] * groups_present), 0.0)
