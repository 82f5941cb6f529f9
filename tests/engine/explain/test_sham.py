"""What networks with random weights see: no one thing in every image, and not what the trained one sees."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.explain.methods import explain
from engine.explain.options import GradCamOptions
from engine.explain.subject import load_explained
from engine.jobs.run import RunFolder
from engine.models.trained import load_trained
from tests.engine.explain.made import made_run

IMAGES = 60


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    return made_run(tmp_path_factory.mktemp("sham") / "run")


def half_textured(number: int) -> np.ndarray:
    """(64, 64) float32: noise on the left, next to nothing on the right."""
    draws = np.random.default_rng(number)
    strength = np.where(np.arange(64) < 32, 0.1, 0.002)
    return np.clip(0.5 + strength * draws.normal(size=(64, 64)), 0, 1).astype(np.float32)


def heat_on_texture(run: Path, seed: int, number: int) -> float:
    """Share of the map's heat on the textured half; NaN for a map that shows nothing."""
    (found,) = explain(load_explained(run, randomised_seed=seed), half_textured(number), ["tube"], GradCamOptions())
    heat = np.maximum(found.values, 0)
    return float(heat[:, :32].sum() / heat.sum()) if heat.any() else np.nan


def test_maps_of_random_networks_do_not_tell_where_texture_is(run: RunFolder) -> None:
    """Each image with a network of its own: heat lies now here, now there."""
    shares = np.array([heat_on_texture(run.path, 1000 + number, number) for number in range(IMAGES)])
    shares = shares[~np.isnan(shares)]
    assert len(shares) > IMAGES / 2
    assert abs(shares.mean() - 0.5) < 0.12
    assert 0.2 < (shares > 0.5).mean() < 0.8


def test_one_random_network_for_all_would_tell_something_of_all(run: RunFolder) -> None:
    """Why each image has its own: whatever a network happens to see, it sees in every image, or in none."""
    by_network = [[heat_on_texture(run.path, seed, number) for number in range(6)] for seed in range(12)]
    blind = [np.isnan(shares).all() for shares in by_network]
    seeing = np.array([shares for shares in by_network if not np.isnan(shares).any()])
    one_side = ((seeing > 0.5).all(1) | (seeing < 0.5).all(1)).sum()
    assert any(blind) and one_side >= len(seeing) / 2


def test_every_weight_of_a_sham_is_another_also_those_that_are_not_learned(run: RunFolder) -> None:
    real, one, again, other = (load_trained(run, randomised_seed=seed).net.state_dict() for seed in (None, 1, 1, 2))
    constant = (
        "running_",
        "num_batches",
        "norm",
        "added.1",
        "added.4",
        "bias",
    )  # as a network begins, whatever the seed
    for name, weight in one.items():
        assert torch.equal(weight, again[name]), name
        if not any(word in name for word in constant):
            assert not torch.equal(weight, real[name]) and not torch.equal(weight, other[name]), name
    assert not torch.equal(one["trunk.band"], real["trunk.band"])
