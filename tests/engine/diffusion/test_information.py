import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.diffusion.information import (
    CodeTerms,
    code_terms,
    other_codes,
    posterior_terms,
    prior_term,
    step_weights,
)
from engine.diffusion.schedule import NoiseSchedule
from engine.diffusion.trained import AutoencoderDescription, TrainedAutoencoder
from engine.models.autoencoder import Autoencoder, AutoencoderShape

SHAPE = AutoencoderShape(16, 8, (1, 2), (1, 2), 1, (), 12, 0.0, 1)


def of_likelihoods(likelihoods: np.ndarray, pixels: int = 100) -> CodeTerms:
    """From log p(x_i | z_k), (N, K), the own code in column 0."""
    return posterior_terms(np.zeros_like(likelihoods), -likelihoods, np.zeros(len(likelihoods)), pixels, 5)


def test_weights_are_those_of_equation_11() -> None:
    """(1 − α)² / (2 α (1 − ᾱ) β), written out at three steps."""
    schedule = NoiseSchedule()
    betas = np.linspace(1e-4, 0.02, 1000)
    for t in (0, 500, 999):
        alpha, product = 1 - betas[t], np.prod(1 - betas[: t + 1])
        assert step_weights(schedule)[t] == pytest.approx((1 - alpha) ** 2 / (2 * alpha * (1 - product) * betas[t]))


def test_the_first_term_is_the_divergence_of_normal_distributions() -> None:
    """KL(N(m, s²) ‖ N(0, 1)) by torch, of pixels that keep a share of their power to the last step."""
    schedule = NoiseSchedule(steps=20)
    image = np.array([[-1.0, -0.2], [0.5, 1.0]], np.float32)
    alpha = schedule.alphas[-1]
    normal = torch.distributions.Normal
    noisy = normal(torch.from_numpy(image).double() * np.sqrt(alpha), np.sqrt(1 - alpha))
    expected = torch.distributions.kl_divergence(noisy, normal(torch.tensor(0.0).double(), 1.0)).sum()  # type: ignore[no-untyped-call]
    assert prior_term(schedule, image) == pytest.approx(float(expected)) and expected > 0.1


def test_codes_that_say_nothing_carry_nothing() -> None:
    found = of_likelihoods(np.zeros((8, 8)))
    assert found.bound.mean() == pytest.approx(0)
    assert not found.gap_per_pixel.any()


def test_codes_that_say_all_reach_the_ceiling() -> None:
    likelihoods = np.zeros((8, 8))
    likelihoods[:, 0] = 1000
    found = of_likelihoods(likelihoods)
    assert found.bound.mean() == pytest.approx(np.log(8)) == found.entropy
    assert (found.gap_per_pixel == 10).all() and found.likeliest.all()


def test_the_bound_of_a_channel_whose_information_is_known() -> None:
    """z normal, x = z + noise of variance 1: I = ½ log 2 = 0.347 nats; with exact likelihoods the bound nears it."""
    generator = np.random.default_rng(0)
    bounds = []
    for _ in range(200):
        codes = generator.normal(size=(64, 64))
        images = codes[:, 0] + generator.normal(size=64)
        bounds.append(of_likelihoods(-0.5 * (images[:, None] - codes) ** 2).bound.mean())
    assert 0.33 < np.mean(bounds) <= 0.5 * np.log(2) + 0.005


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), min_size=2, max_size=30), st.integers(2, 6), st.integers(0, 5))
def test_the_other_codes_are_of_other_patients_and_of_each_one(owners: list[int], codes: int, seed: int) -> None:
    patients = [f"p{owner}" for owner in owners]
    if len(set(patients)) < codes:
        with pytest.raises(ValueError, match=f"there are {len(set(patients))}"):
            other_codes(patients, codes, seed)
        return
    rows = other_codes(patients, codes, seed)
    assert (rows[:, 0] == np.arange(len(patients))).all()
    for row in rows:
        assert len({patients[place] for place in row}) == codes


def network(by_code: float) -> TrainedAutoencoder:
    torch.manual_seed(0)
    net = Autoencoder(SHAPE).eval().requires_grad_(False)
    for name, weight in net.named_parameters():
        if not weight.any() and name.endswith("weight"):
            torch.nn.init.normal_(weight, std=0.2)
        if "by_code" in name:
            weight *= by_code
    return TrainedAutoencoder(net, AutoencoderDescription(SHAPE, NoiseSchedule()), {})


def squares(count: int) -> torch.Tensor:
    return torch.randn(count, 1, 16, 16, generator=torch.Generator().manual_seed(count)).clamp(-1, 1)


def test_a_network_that_does_not_listen_to_codes_gains_nothing_from_them() -> None:
    found = code_terms(network(0.0), squares(4), list("abcd"), codes=4, steps=3)
    assert np.abs(found.bound).max() < 1e-3
    assert found.gap_per_pixel == pytest.approx(0, abs=1e-6)


def test_it_is_the_same_every_time() -> None:
    looks: list[int] = []
    one = code_terms(network(1.0), squares(3), list("aab"), codes=2, steps=3, seed=4, check=lambda: looks.append(1))
    again = code_terms(network(1.0), squares(3), list("aab"), codes=2, steps=3, seed=4)
    assert (one.log_posterior == again.log_posterior).all() and (one.between == again.between).all()
    assert len(looks) == 3 * 4
    assert (one.bound <= one.entropy).all()


def test_the_sum_over_all_steps_is_estimated_without_bias() -> None:
    """A network that always says 0 errs by the noise itself, one a pixel: Σ L_t = pixels · Σ of the weights."""
    silent = network(1.0)
    for weight in silent.net.unet.last[2].parameters():
        weight.zero_()
    found = code_terms(silent, squares(40), [str(number) for number in range(40)], codes=2, steps=6)
    weights = step_weights(NoiseSchedule())
    assert found.between.mean() == pytest.approx(256 * weights[1:].sum(), rel=0.02)
    assert found.first.mean() == pytest.approx(256 * weights[0], rel=0.05)
    assert (found.between == found.between_others).all()
