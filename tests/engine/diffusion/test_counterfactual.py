"""The arithmetic of DiffChest's Equations 4 and 5, and drawings that all come from one noise."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from engine.diffusion.counterfactual import (
    Encoded,
    LatentHead,
    Quality,
    amplitude_among,
    amplitude_for,
    draw,
    encode,
    likelihood_step,
    looks_of,
    named_amplitude,
)
from engine.diffusion.samplers import ddim_encode
from engine.diffusion.schedule import NoiseSchedule
from engine.diffusion.trained import AutoencoderDescription, TrainedAutoencoder
from tests.engine.explain.made_imaginer import SHAPE, made_network

SHORT = Quality(30, 25)


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def trained() -> TrainedAutoencoder:
    return TrainedAutoencoder(made_network(), AutoencoderDescription(SHAPE, NoiseSchedule()), {}, "weights")


def image(seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    small = torch.rand((1, 1, 8, 8), generator=generator) * 1.6 - 0.8
    return functional.interpolate(small, size=32, mode="bicubic").clamp(-1, 1)


def made_head(latent: int = 16, findings: int = 3, seed: int = 0, exclusive: bool = False) -> LatentHead:
    torch.manual_seed(seed)
    weights, bias = torch.randn(findings, latent), torch.randn(findings)
    return LatentHead(weights, bias, torch.randn(latent), torch.rand(latent) + 0.5, exclusive)


@pytest.mark.parametrize("exclusive", [False, True])
@pytest.mark.parametrize("target", [0.0, 1.0])
def test_the_closed_form_of_equation_4_is_the_gradient(target: float, exclusive: bool) -> None:
    """z* = z − ε ∇L, L the cross-entropy with the wanted label: the closed form against autograd."""
    torch.manual_seed(1)
    z = torch.randn(5, 16, dtype=torch.float64, requires_grad=True)
    weights, bias = torch.randn(3, 16, dtype=torch.float64), torch.randn(3, dtype=torch.float64)
    scores = z @ weights.T + bias
    chance = (scores.softmax(1) if exclusive else scores.sigmoid())[:, 1]
    loss = functional.binary_cross_entropy(chance, torch.full((5,), target, dtype=torch.float64), reduction="sum")
    (gradient,) = torch.autograd.grad(loss, z)
    head = LatentHead(weights, bias, torch.zeros(16).double(), torch.ones(16).double(), exclusive)
    torch.testing.assert_close(likelihood_step(head, z.detach(), 1, target), -gradient, rtol=1e-9, atol=1e-9)


def test_a_class_is_gone_to_along_the_gradient_where_all_are_as_likely() -> None:
    """There the gradient of log p_c is w_c − mean of all rows; it does not matter what was added to every row."""
    head = made_head(findings=4, exclusive=True)
    nothing = replace(head, bias=torch.zeros(4))
    step = likelihood_step(nothing, torch.zeros(1, 16), 2, 1.0)[0]
    torch.testing.assert_close(functional.normalize(head.direction(2), dim=0), functional.normalize(step, dim=0))
    shifted = replace(head, weights=head.weights + torch.randn(16), bias=head.bias + 3)
    torch.testing.assert_close(shifted.direction(2), head.direction(2))
    codes = torch.randn(5, 16)
    torch.testing.assert_close(shifted.logits(codes), head.logits(codes), rtol=1e-3, atol=1e-3)


def test_logits_of_classes_are_the_odds_against_all_others() -> None:
    head, codes = made_head(findings=4, exclusive=True), torch.randn(6, 16)
    scores = head.normalised(codes) @ head.weights.T + head.bias
    torch.testing.assert_close(head.logits(codes).sigmoid(), scores.softmax(1))


@given(st.floats(0.02, 0.98), st.integers(0, 20))
@settings(deadline=None)
def test_two_classes_are_one_logistic_regression(probability: float, seed: int) -> None:
    two = made_head(findings=2, seed=seed, exclusive=True)
    one = LatentHead(two.weights[1:] - two.weights[:1], two.bias[1:] - two.bias[:1], two.mean, two.deviation)
    codes = torch.randn(1, 16, generator=torch.Generator().manual_seed(seed))
    torch.testing.assert_close(two.logits(codes)[:, 1:], one.logits(codes), rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(two.direction(1), one.direction(0))
    assert named_amplitude("paper", two, 1) == pytest.approx(named_amplitude("paper", one, 0))
    amplitude = amplitude_for(probability, float(one.logits(codes)[0, 0]), one, 0)
    assert amplitude_among(probability, codes, two, 1) == pytest.approx(amplitude, abs=1e-4)


@given(st.floats(0.02, 0.98), st.integers(0, 60), st.integers(3, 6))
@settings(deadline=None)
def test_a_class_is_reached_by_the_smallest_step_along_its_direction(
    probability: float, seed: int, classes: int
) -> None:
    """Held against the probabilities at 40,001 amplitudes; where it is refused, none of them reaches it."""
    head = made_head(latent=3, findings=classes, seed=seed, exclusive=True)
    code = torch.randn(1, 3, generator=torch.Generator().manual_seed(seed))
    amplitudes = torch.linspace(-200, 200, 40_001)
    along = head.logits(head.stepped(code.expand(len(amplitudes), -1), 1, amplitudes))[:, 1].sigmoid()
    try:
        amplitude = amplitude_among(probability, code, head, 1)
    except ValueError as error:
        assert "is not reached along the direction of this class" in str(error)
        assert float(along.max()) < probability + 1e-3
        return
    reached = head.logits(head.stepped(code, 1, torch.tensor([amplitude])))[0, 1].sigmoid()
    assert float(reached) == pytest.approx(probability, abs=1e-3)
    nearer = along[amplitudes.abs() < abs(amplitude) - 0.02] - probability
    assert not len(nearer) or float(nearer.min()) > -1e-3 or float(nearer.max()) < 1e-3


def test_a_step_is_along_the_unit_weights_of_normalised_codes() -> None:
    head, codes = made_head(), torch.randn(4, 16)
    moved = head.stepped(codes, 1, torch.tensor([0.0, 1.0, -2.0, 3.0]))
    steps = head.normalised(moved) - head.normalised(codes)
    torch.testing.assert_close(steps.norm(dim=1), torch.tensor([0.0, 1.0, 2.0, 3.0]), rtol=1e-4, atol=1e-5)
    change = head.logits(moved)[:, 1] - head.logits(codes)[:, 1]
    expected = torch.tensor([0.0, 1.0, -2.0, 3.0]) * head.weights[1].norm()
    torch.testing.assert_close(change, expected, rtol=1e-4, atol=1e-4)


@given(st.floats(0.02, 0.98), st.integers(0, 20))
@settings(deadline=None)
def test_a_probability_is_reached_by_the_smallest_step(probability: float, seed: int) -> None:
    head, codes = made_head(seed=seed), torch.randn(1, 16, generator=torch.Generator().manual_seed(seed))
    logit = float(head.logits(codes)[0, 1])
    amplitude = amplitude_for(probability, logit, head, 1)
    reached = head.logits(head.stepped(codes, 1, torch.tensor([amplitude])))[0, 1]
    assert float(reached.sigmoid()) == pytest.approx(probability, abs=1e-4)
    # No shorter step in any other direction gets there: along d the logit changes by w · d.
    others = functional.normalize(torch.randn(200, 16, generator=torch.Generator().manual_seed(seed + 1)), dim=1)
    changes = (others @ head.weights[1]).abs() * abs(amplitude)
    assert float(changes.max()) <= abs(math.log(probability / (1 - probability)) - logit) + 1e-4


def test_impossible_probabilities_are_refused() -> None:
    for probability in (0.0, 1.0, float("nan")):
        with pytest.raises(ValueError, match="between 0 and 1"):
            amplitude_for(probability, 0.0, made_head(), 0)
        with pytest.raises(ValueError, match="between 0 and 1"):
            amplitude_among(probability, torch.zeros(1, 16), made_head(exclusive=True), 0)


def test_a_class_between_two_others_is_not_reached_for_certain() -> None:
    """Rows −1, 0.2 and 1 along one line: towards the middle class the last one gains more."""
    weights, nothing = torch.tensor([[-1.0], [0.2], [1.0]]), torch.zeros(1)
    head = LatentHead(weights, torch.zeros(3), nothing, torch.ones(1), exclusive=True)
    with pytest.raises(ValueError, match=r"0\.9 is not reached .*; the largest there is 0\.3\d\d, at amplitude \+"):
        amplitude_among(0.9, torch.zeros(1, 1), head, 1)


def test_the_named_steps_have_the_published_values() -> None:
    """Of 512 numbers: 0.6 · √512 = 13.58 in the released code; ε = 0.3 times the weights as they are in the paper."""
    head = made_head(latent=512)
    assert named_amplitude("released", head, 0) == pytest.approx(13.576, abs=1e-3)
    assert named_amplitude("paper", head, 0) == pytest.approx(0.3 * float(head.weights[0].norm()))
    z = torch.randn(1, 512)
    equation_5 = head.normalised(z) + 0.3 * head.weights[0]
    moved = head.normalised(head.stepped(z, 0, torch.tensor([named_amplitude("paper", head, 0)])))
    torch.testing.assert_close(moved, equation_5, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("quality", [SHORT, Quality.preview()])
def test_the_image_comes_back_from_its_own_code_and_from_no_other(
    trained: TrainedAutoencoder, quality: Quality
) -> None:
    encoded = encode(trained, image(), quality)
    back = draw(trained, encoded, encoded.code)
    away = draw(trained, encoded, encoded.code + 2.0)
    assert float((back - image()).abs().mean()) < 0.1
    assert float((away - image()).abs().mean()) > 2 * float((back - image()).abs().mean())


def test_the_noise_is_found_with_the_image_s_own_code(trained: TrainedAutoencoder) -> None:
    encoded = encode(trained, image(), SHORT)
    schedule = trained.description.schedule
    own = ddim_encode(trained.denoiser(trained.codes(image())), image(), schedule, SHORT.encode_steps)
    other = ddim_encode(trained.denoiser(trained.codes(image(1))), image(), schedule, SHORT.encode_steps)
    torch.testing.assert_close(encoded.noise, own, rtol=0, atol=0)
    assert float((encoded.noise - other).norm()) > 0.02 * float(own.norm())


def test_every_drawing_is_from_the_same_noise(trained: TrainedAutoencoder) -> None:
    """Whatever the code, the walk begins at the one x_T; another noise gives another drawing."""
    encoded = encode(trained, image(), SHORT)
    codes = torch.cat([encoded.code, encoded.code + 1.0])
    begun: list[torch.Tensor] = []
    first = trained.net.unet.register_forward_pre_hook(lambda _, inputs: begun.append(inputs[0].clone()))
    draw(trained, encoded, codes)
    first.remove()
    torch.testing.assert_close(begun[0], encoded.noise.expand(2, -1, -1, -1), rtol=0, atol=0)
    other = Encoded(encoded.code, encoded.noise.flip(3), SHORT)
    assert not torch.allclose(draw(trained, other, encoded.code), draw(trained, encoded, encoded.code), atol=1e-2)


def test_one_alone_is_the_same_as_in_a_batch(trained: TrainedAutoencoder) -> None:
    encoded = encode(trained, image(), SHORT)
    codes = encoded.code + torch.linspace(-2, 2, 5)[:, None]
    together = draw(trained, encoded, codes, at_once=5)
    for pieces in (1, 2):
        torch.testing.assert_close(draw(trained, encoded, codes, at_once=pieces), together, rtol=1e-3, atol=1e-3)


def test_nothing_is_left_to_chance(trained: TrainedAutoencoder) -> None:
    drawings = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        encoded = encode(trained, image(), SHORT)
        drawings.append(draw(trained, encoded, encoded.code + 1.0))
    assert torch.equal(*drawings)


@pytest.mark.parametrize("quality", [SHORT, Quality.preview()])
def test_progress_counts_every_look(trained: TrainedAutoencoder, quality: Quality) -> None:
    looks: list[int] = []
    encoded = encode(trained, image(), quality, looks.append)
    draw(trained, encoded, encoded.code.expand(5, -1), looks.append, at_once=2)
    assert sum(looks) == looks_of(quality, 5)
    assert np.all(np.array(looks) >= 1)
