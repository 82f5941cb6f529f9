import numpy as np
import pytest
import torch
from scipy.fft import idctn

from engine.models.classifier import build_classifier
from engine.models.small import SmallTrunk, band_filters


def test_the_band_filters_are_the_cosine_transform_without_its_mean() -> None:
    ours = band_filters()
    for number, pattern in enumerate(ours, 1):
        coefficients = np.zeros((7, 7))
        coefficients[divmod(number, 7)] = 1
        np.testing.assert_allclose(pattern, idctn(coefficients, norm="ortho"), atol=1e-6)
    np.testing.assert_allclose(ours.sum((1, 2)), 0, atol=1e-5)


@pytest.mark.parametrize(("height", "width"), [(64, 64), (96, 64), (70, 54)])
def test_the_map_is_a_sixteenth_of_the_image(height: int, width: int) -> None:
    y = SmallTrunk().eval()(torch.randn(1, 3, height, width))
    assert y.shape == (1, SmallTrunk.WIDTH, -(-height // 16), -(-width // 16))
    assert (y >= 0).all()


def test_contrast_is_normalised_where_it_lies() -> None:
    """The same texture, ten times as faint on the right, is told as strongly there."""
    generator = torch.Generator().manual_seed(0)
    texture = torch.randn(1, 1, 128, 128, generator=generator).expand(-1, 3, -1, -1).clone()
    texture[..., 64:] *= 0.1
    trunk = SmallTrunk().eval()
    bands = trunk.front(texture).detach()[:, :48]
    left, right = bands[..., 2:14].abs().mean(), bands[..., 18:30].abs().mean()
    assert abs(float(right / left) - 1) < 0.05


def test_it_is_small_and_its_filters_are_not_learned() -> None:
    net = build_classifier("small", 3)
    assert sum(weight.numel() for weight in net.parameters()) < 0.2e6
    assert "trunk.band" in net.state_dict()
    assert "trunk.band" not in dict(net.named_parameters())


def test_redrawn_filters_are_others_that_weigh_every_place_alike() -> None:
    """Turned at random: the energy by which contrast is normalised stays, no filter is a designed one."""
    trunk, designed = SmallTrunk().eval(), torch.from_numpy(band_filters()).reshape(48, -1)
    x = torch.randn(1, 3, 64, 64)
    energy = trunk.front(x)[:, 48].detach()
    torch.manual_seed(1)
    trunk.redraw()
    turned = trunk.band.sum(1).reshape(48, -1)
    torch.testing.assert_close(turned @ turned.T, torch.eye(48), atol=1e-5, rtol=0)
    torch.testing.assert_close(turned.sum(1), torch.zeros(48), atol=1e-5, rtol=0)
    assert (turned @ designed.T).abs().max() < 0.7
    torch.testing.assert_close(trunk.front(x)[:, 48].detach(), energy, atol=1e-4, rtol=1e-4)
    torch.manual_seed(2)
    trunk.redraw()
    assert not torch.allclose(trunk.band.sum(1).reshape(48, -1), turned)
