import numpy as np
import pytest
import torch

from engine.diffusion.samplers import ddim_decode, fast_decode
from engine.diffusion.schedule import NoiseSchedule
from engine.diffusion.trained import AutoencoderDescription
from engine.models.autoencoder import AutoencoderShape

SHAPE = AutoencoderShape(16, 8, (1, 2), (1, 2, 2), 1, (8,), 12, 0.0, 1, 2)
SCHEDULE = NoiseSchedule()


def test_a_description_is_read_as_it_was_written() -> None:
    description = AutoencoderDescription(SHAPE, NoiseSchedule(200, 1e-3, 0.05), 16, "lung", "velocity")
    assert AutoencoderDescription.from_json(description.to_json()) == description
    with pytest.raises(ValueError, match="no diffusion autoencoder"):
        AutoencoderDescription.from_json('{"model": "small"}')


def test_noise_follows_from_velocity() -> None:
    """v = √ᾱ ε − √(1 − ᾱ) x_0 (Salimans and Ho 2022, appendix D), at the first, a middle and the last step."""
    generator = torch.Generator().manual_seed(0)
    image, noise = torch.randn(2, 3, 1, 4, 4, generator=generator, dtype=torch.float64)
    times = torch.tensor([0, 500, 999])
    alphas = torch.from_numpy(SCHEDULE.alphas[times.numpy()]).reshape(-1, 1, 1, 1)
    x = alphas.sqrt() * image + (1 - alphas).sqrt() * noise
    velocity = alphas.sqrt() * noise - (1 - alphas).sqrt() * image
    description = AutoencoderDescription(SHAPE, SCHEDULE, prediction="velocity")
    torch.testing.assert_close(description.noise(velocity, x, times), noise)
    assert AutoencoderDescription(SHAPE, SCHEDULE).noise(noise, x, times) is noise


@pytest.mark.parametrize("decode", [ddim_decode, fast_decode])
def test_an_image_told_by_velocity_is_drawn(decode: object) -> None:
    """In float32, where the noise at the last step differs from x by less than a hundredth."""
    image = torch.linspace(-0.9, 0.9, 64).reshape(1, 1, 8, 8)
    description = AutoencoderDescription(SHAPE, SCHEDULE, prediction="velocity")

    def denoise(x: torch.Tensor, times: torch.Tensor) -> torch.Tensor:
        alphas = torch.from_numpy(SCHEDULE.alpha(times.double().numpy())).float().reshape(-1, 1, 1, 1)
        noise = (x - alphas.sqrt() * image) / (1 - alphas).sqrt()
        return description.noise(alphas.sqrt() * noise - (1 - alphas).sqrt() * image, x, times)

    noise = torch.randn(1, 1, 8, 8, generator=torch.Generator().manual_seed(1))
    drawn = decode(denoise, noise, SCHEDULE)  # type: ignore[operator]
    assert np.abs((drawn - image).numpy()).max() < 1e-3
