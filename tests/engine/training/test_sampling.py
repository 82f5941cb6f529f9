import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import JobError
from engine.training.sampling import Epochs, balanced_weights


@settings(deadline=None)
@given(n=st.integers(1, 60), batch=st.integers(1, 20), seed=st.integers(0, 5), epoch=st.integers(0, 5))
def test_an_epoch_shows_every_image_at_most_once_in_whole_batches(n: int, batch: int, seed: int, epoch: int) -> None:
    epochs = Epochs(n, batch, seed)
    order = epochs.order(epoch)
    assert len(order) == epochs.images == epochs.steps * epochs.batch <= n
    assert n - len(order) < epochs.batch
    assert len(set(order)) == len(order)
    assert set(order) <= set(range(n))


def test_the_order_follows_from_seed_and_epoch_alone() -> None:
    epochs = Epochs(50, 8, seed=3)
    assert np.array_equal(epochs.order(2), Epochs(50, 8, seed=3).order(2))
    assert not np.array_equal(epochs.order(2), epochs.order(3))
    assert not np.array_equal(epochs.order(2), Epochs(50, 8, seed=4).order(2))
    assert np.array_equal(epochs.draws(1, 3), epochs.draws(1, 3))


def test_groups_are_drawn_as_often_as_each_other() -> None:
    groups = np.array(["a"] * 900 + ["b"] * 90 + ["c"] * 10 + [""] * 50)
    weights = balanced_weights(groups)
    assert weights.sum() == pytest.approx(1)
    order = np.concatenate([Epochs(len(groups), 50, 0, weights).order(epoch) for epoch in range(20)])
    names, counts = np.unique(groups[order], return_counts=True)
    assert list(names) == ["a", "b", "c"]
    assert counts.min() > 0.9 * len(order) / 3


def test_a_column_without_values_cannot_balance() -> None:
    with pytest.raises(JobError, match="no training image has a value"):
        balanced_weights(np.array(["", ""]))
