import numpy as np
import pytest
import torch

from engine.diffusion.information import code_information, information_from, step_weights
from engine.diffusion.schedule import NoiseSchedule
from engine.diffusion.trained import AutoencoderDescription, TrainedAutoencoder
from engine.models.autoencoder import Autoencoder, AutoencoderShape

SHAPE = AutoencoderShape(16, 8, (1, 2), (1, 2), 1, (), 12, 0.0, 1)


def test_weights_are_those_of_equation_11() -> None:
    """(1 − α)² / (2 α (1 − ᾱ) β), written out at three steps."""
    schedule = NoiseSchedule()
    betas = np.linspace(1e-4, 0.02, 1000)
    for t in (0, 500, 999):
        alpha, product = 1 - betas[t], np.prod(1 - betas[: t + 1])
        assert step_weights(schedule)[t] == pytest.approx((1 - alpha) ** 2 / (2 * alpha * (1 - product) * betas[t]))


def test_codes_that_say_nothing_carry_nothing() -> None:
    found = information_from(np.zeros((8, 8)), 100, 5)
    assert found.bound == pytest.approx(0)
    assert found.gap_per_pixel == 0


def test_codes_that_say_all_reach_the_ceiling() -> None:
    found = information_from(1000 * np.eye(8), 100, 5)
    assert found.bound == pytest.approx(np.log(8)) == found.ceiling
    assert found.gap_per_pixel == 10


def test_the_bound_of_a_channel_whose_information_is_known() -> None:
    """z normal, x = z + noise of variance 1: I = ½ log 2 = 0.347 nats; with exact likelihoods the bound nears it."""
    generator = np.random.default_rng(0)
    bounds = []
    for _ in range(200):
        codes = generator.normal(size=64)
        images = codes + generator.normal(size=64)
        bounds.append(information_from(-0.5 * (images[:, None] - codes[None]) ** 2, 1, 1).bound)
    assert 0.30 < np.mean(bounds) <= 0.5 * np.log(2) + 0.01


def network(by_code: float) -> TrainedAutoencoder:
    torch.manual_seed(0)
    net = Autoencoder(SHAPE).eval().requires_grad_(False)
    for name, weight in net.named_parameters():
        if not weight.any() and name.endswith("weight"):
            torch.nn.init.normal_(weight, std=0.2)
        if "by_code" in name:
            weight *= by_code
    return TrainedAutoencoder(net, AutoencoderDescription(SHAPE, NoiseSchedule()), {})


def test_a_network_that_does_not_listen_to_codes_gains_nothing_from_them() -> None:
    images = torch.randn(4, 1, 16, 16, generator=torch.Generator().manual_seed(1)).clamp(-1, 1)
    found = code_information(network(0.0), images, steps=3)
    assert abs(found.bound) < 1e-3
    assert found.low <= found.bound <= found.high


def test_it_is_the_same_every_time() -> None:
    images = torch.randn(3, 1, 16, 16, generator=torch.Generator().manual_seed(2)).clamp(-1, 1)
    looks: list[int] = []
    one = code_information(network(1.0), images, steps=3, seed=4, check=lambda: looks.append(1))
    assert one == code_information(network(1.0), images, steps=3, seed=4)
    assert len(looks) == 9
    assert one.bound <= one.ceiling
