"""The small network learns to see a line that is drawn on tiny pictures, and to tell soft pictures from sharp ones."""

import numpy as np
import pytest
import torch

from engine.explain.imagined.small_net import Examples, Fitting, MapNet, fit, scores_of
from engine.metrics.roc import roc_auc

SIZE = 32


def drawn(n: int, seed: int) -> Examples:
    """Noise with smooth blots; half of the pictures have a faint slanted line, a third a bright square."""
    generator = np.random.default_rng(seed)
    pictures = generator.normal(0.5, 0.03, (n, SIZE, SIZE)) + generator.uniform(-0.15, 0.15, (n, 1, 1))
    places = np.zeros((n, 2, SIZE // 2, SIZE // 2), np.uint8)
    present = generator.random((n, 2)) < [0.5, 0.33]
    for k in range(n):
        if present[k, 0]:
            start, slope, top = generator.uniform(4, 18), generator.uniform(-0.3, 0.6), generator.integers(0, 10)
            rows = np.arange(top, top + 20)
            columns = (start + slope * np.arange(20)).astype(int).clip(0, SIZE - 1)
            pictures[k, rows, columns] += 0.2
            places[k, 0, rows // 2, columns // 2] = 255
        if present[k, 1]:
            row, column = generator.integers(0, 24, 2)
            pictures[k, row : row + 6, column : column + 6] += 0.3
            places[k, 1, row // 2 : row // 2 + 3, column // 2 : column // 2 + 3] = 255
    return Examples(pictures.clip(0, 1).astype(np.float32), present, places)


@pytest.fixture(scope="module")
def net() -> MapNet:
    torch.set_num_threads(1)
    return fit(drawn(300, 0), how=Fitting(looks=3000))


def test_lines_and_squares_are_seen_in_pictures_that_were_not_learned_from(net: MapNet) -> None:
    others = drawn(120, 1)
    scores = scores_of(net, others.pictures)
    assert [roc_auc(others.present[:, k], scores[:, k]) for k in range(2)] == pytest.approx([1, 1], abs=0.06)
    blank = np.random.default_rng(2).normal(0.5, 0.03, (50, SIZE, SIZE)).astype(np.float32)
    assert scores_of(net, blank)[:, 0].max() < np.median(scores[others.present[:, 0], 0])


def test_a_heat_map_is_hot_where_the_line_is(net: MapNet) -> None:
    others = drawn(60, 3)
    assert others.places is not None
    with torch.no_grad():
        maps = net(2 * torch.from_numpy(others.pictures)[:, None] - 1)[:, 0].numpy()
    rows = np.flatnonzero(others.present[:, 0])
    on = [maps[k][others.places[k, 0] > 0].mean() for k in rows]
    off = [maps[k][others.places[k, 0] == 0].mean() for k in rows]
    assert np.mean(on) > np.mean(off) + 2


def test_the_same_seed_gives_the_same_network() -> None:
    few = drawn(20, 4)
    one, same, other = (fit(few, how=Fitting(looks=96, seed=seed)) for seed in (1, 1, 2))
    weights = [net.out.weight.numpy() for net in (one, same, other)]
    assert np.array_equal(weights[0], weights[1]) and not np.array_equal(weights[0], weights[2])


def test_softness_everywhere_is_told_without_places() -> None:
    sharp = np.random.default_rng(5).normal(0.5, 0.1, (120, SIZE, SIZE)).astype(np.float32)
    soft = (sharp + np.roll(sharp, 1, 1) + np.roll(sharp, 1, 2)) / 3
    made = np.repeat([False, True], 120)[:, None]
    examples = Examples(np.concatenate([sharp, soft]), made)
    order = np.random.default_rng(6).permutation(240)
    net = fit(examples.take(order[:160]), "mean", Fitting(looks=1500))
    judged = examples.take(order[160:])
    assert roc_auc(judged.present[:, 0], scores_of(net, judged.pictures)[:, 0]) > 0.95
