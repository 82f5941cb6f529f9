from dataclasses import replace

import pytest
import torch

from engine.jobs.making import make_spec
from engine.jobs.presets import PRESETS
from engine.jobs.specs import DiffusionSpec
from engine.models.autoencoder import Autoencoder, AutoencoderShape, code_of, sines, weights_of
from engine.models.classifier import LatentClassifier
from engine.training.diffusion import shape_of

TINY = AutoencoderShape(16, 8, (1, 2), (1, 2, 2), 1, (8,), 12, 0.0, 1)

PLACED = replace(TINY, places=True)


def awake(shape: AutoencoderShape, seed: int = 0) -> Autoencoder:
    """With the layers that begin at zero drawn too, so that everything speaks."""
    torch.manual_seed(seed)
    net = Autoencoder(shape).eval()
    for name, weight in net.named_parameters():
        if not weight.any() and name.endswith("weight"):
            torch.nn.init.normal_(weight, std=0.05)
    return net


def spec_of(preset: str) -> DiffusionSpec:
    spec = make_spec("diffusion", preset=preset)
    assert isinstance(spec, DiffusionSpec)
    return spec


def test_the_paper_s_network_has_the_paper_s_weights() -> None:
    """168.49 million, 138.34 of the U-Net and 30.15 of the encoder, counted in the released network."""
    with torch.device("meta"):
        net = Autoencoder(shape_of(spec_of("diffchest-256")))
    assert weights_of(net.unet) == 138_341_891
    assert weights_of(net.encoder) == 30_150_400
    assert weights_of(net) == 168_492_291


@pytest.mark.parametrize("preset", list(PRESETS["diffusion"]))
def test_every_preset_builds_and_keeps_the_shape_of_an_image(preset: str) -> None:
    shape = shape_of(spec_of(preset))
    with torch.device("meta"):
        images = torch.empty(2, shape.colours, shape.image_size, shape.image_size)
        net = Autoencoder(shape)
        assert net(images, torch.empty(2), images).shape == images.shape
        assert net.encoder(images).shape == (2, shape.latent)


def test_a_fresh_network_says_nothing() -> None:
    torch.manual_seed(0)
    x = torch.randn(2, 1, 16, 16)
    assert not Autoencoder(TINY)(x, torch.tensor([3, 900]), x).any()


def test_noise_is_told_by_time_and_by_code() -> None:
    net, x = awake(TINY), torch.randn(1, 1, 16, 16)
    with torch.no_grad():
        codes = net.encoder(x)
        said = net.unet(x, torch.tensor([10]), codes)
        assert (net.unet(x, torch.tensor([500]), codes) - said).abs().max() > 1e-4
        assert (net.unet(x, torch.tensor([10]), codes + 1) - said).abs().max() > 1e-4


def test_time_is_cosines_and_sines_of_falling_rates() -> None:
    table = sines(torch.tensor([0.0, 1.0, 2.5]), 6)
    torch.testing.assert_close(table[0], torch.tensor([1.0, 1, 1, 0, 0, 0]))
    rates = torch.tensor([1.0, 10_000 ** (-1 / 3), 10_000 ** (-2 / 3)])
    torch.testing.assert_close(table[2], torch.cat([(2.5 * rates).cos(), (2.5 * rates).sin()]))


def test_one_image_alone_is_as_in_a_batch() -> None:
    net, x = awake(TINY), torch.randn(3, 1, 16, 16)
    with torch.no_grad():
        times = torch.tensor([1, 300, 999])
        together = net(x, times, x)
        torch.testing.assert_close(net(x[1:2], times[1:2], x[1:2]), together[1:2], rtol=1e-5, atol=1e-6)


def test_pixels_become_channels_at_the_entry() -> None:
    shape = AutoencoderShape(32, 8, (1, 2), (1, 2), 1, (), 12, 0.0, 1, patch=2)
    assert (shape.side, shape.values) == (16, 4)
    x = torch.randn(2, 1, 32, 32)
    assert awake(shape)(x, torch.tensor([1, 2]), x).shape == x.shape


def test_a_code_of_places_tells_left_from_right() -> None:
    """The paper's takes the mean of the last map, of which a mirror leaves nothing."""
    features = torch.randn(2, 16, 4, 4)
    for shape, told in ((TINY, False), (PLACED, True)):
        project = awake(shape).encoder.project
        apart = (code_of(features, project) - code_of(features.flip(3), project)).abs().max()
        assert (apart > 1e-3) == told


def test_a_code_of_places_is_drawn_where_it_says() -> None:
    """A fresh network of places says nothing either; awake, its code says another thing of each place."""
    x, times = torch.randn(1, 1, 16, 16), torch.tensor([10])
    torch.manual_seed(0)
    assert not Autoencoder(PLACED)(x, times, x).any()
    net = awake(PLACED)
    assert net.unet.by_place is not None
    said = net.unet.by_place(torch.randn(1, 12))
    assert said.shape == (1, 16, 8, 8) and said.std((2, 3)).min() > 0
    with torch.no_grad():
        codes = net.encoder(x)
        assert (net.unet(x, times, codes + 1) - net.unet(x, times, codes)).abs().max() > 1e-4


def test_a_head_reads_the_codes_of_its_encoder() -> None:
    for shape in (TINY, PLACED):
        net, head, x = awake(shape), LatentClassifier(shape, 3), torch.randn(2, 1, 16, 16)
        head.trunk, head.project = net.encoder.trunk, net.encoder.project
        with torch.no_grad():
            torch.testing.assert_close(head.pooled(net.encoder.features(x)), net.encoder(x))
