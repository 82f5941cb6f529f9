"""From noise to an image and back, as pure functions over a denoiser. No chance is in them, no step's image is kept.

A denoiser (x, times) → ε tells the noise in x (N, C, H, W) at times (N,). Times rise from 0, where x is the image, to
the schedule's last, where it is noise. With s = √((1 − ᾱ)/ᾱ) and y = x/√ᾱ every method here walks dy/ds = ε, whose
solutions neither branch nor meet: what was encoded is what is drawn again.
"""

from collections.abc import Callable

import numpy as np
import torch

from engine.diffusion.schedule import NoiseSchedule

__all__ = ["Check", "Denoiser", "ddim_decode", "ddim_encode", "fast_decode", "fast_encode"]

Denoiser = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
Check = Callable[[], None]  # called after every look at the network; what it raises ends the work


def ddim_encode(
    denoise: Denoiser,
    images: torch.Tensor,
    schedule: NoiseSchedule,
    steps: int = 250,
    clip: bool = True,
    check: Check | None = None,
) -> torch.Tensor:
    """The noise x_T that images come from (Song et al. 2021, η = 0; DiffChest, Equation 12).

    images: (N, C, H, W) in [−1, 1], taken to be at step 0. clip: what the network thinks the image is stays in
    [−1, 1], as published. `steps` times, the first and the last of the schedule among them; steps − 1 looks.
    """
    return _walk(denoise, images, schedule, schedule.evenly(steps), clip, check)


def ddim_decode(
    denoise: Denoiser,
    noise: torch.Tensor,
    schedule: NoiseSchedule,
    steps: int = 200,
    clip: bool = True,
    check: Check | None = None,
) -> torch.Tensor:
    """The images (N, C, H, W) in [−1, 1] that x_T stands for; the last look gives the image itself."""
    x = _walk(denoise, noise, schedule, schedule.evenly(steps)[::-1], clip, check)
    return _finished(denoise, x, schedule, clip, check)


def fast_encode(
    denoise: Denoiser, images: torch.Tensor, schedule: NoiseSchedule, steps: int = 20, check: Check | None = None
) -> torch.Tensor:
    """x_T in few steps: `fast_decode`'s walk upwards; on normal pixels as exact with 20 steps as DDIM with 250."""
    return _second_order(denoise, images, schedule, schedule.by_noise(steps), False, check)


def fast_decode(
    denoise: Denoiser,
    noise: torch.Tensor,
    schedule: NoiseSchedule,
    steps: int = 20,
    clip: bool = True,
    check: Check | None = None,
) -> torch.Tensor:
    """Images in few steps: DPM-Solver++(2M) (Lu et al. 2022, Algorithm 2), times even in log noise."""
    x = _second_order(denoise, noise, schedule, schedule.by_noise(steps)[::-1], clip, check)
    return _finished(denoise, x, schedule, clip, check)


def _second_order(
    denoise: Denoiser, x: torch.Tensor, schedule: NoiseSchedule, times: np.ndarray, clip: bool, check: Check | None
) -> torch.Tensor:
    """From the first of `times` to the last, up or down; what the network thinks the image is goes on as it went."""
    alphas = schedule.alpha(times)
    places = 0.5 * (np.log(alphas) - np.log1p(-alphas))  # λ = log(√ᾱ / √(1 − ᾱ))
    before: torch.Tensor | None = None
    for k in range(len(times) - 1):
        image = _image(x, _noise(denoise, x, times[k], check), alphas[k], clip)
        step = places[k + 1] - places[k]
        guess = image
        if before is not None:
            guess = image + (image - before) * (step / (2 * (places[k] - places[k - 1])))
        kept = np.sqrt((1 - alphas[k + 1]) / (1 - alphas[k]))
        x = x * kept - guess * (np.sqrt(alphas[k + 1]) * np.expm1(-step))
        before = image
    return x


def _walk(
    denoise: Denoiser, x: torch.Tensor, schedule: NoiseSchedule, times: np.ndarray, clip: bool, check: Check | None
) -> torch.Tensor:
    """DDIM from the first of `times` to the last, up or down."""
    alphas = schedule.alpha(times)
    for time, alpha, coming in zip(times[:-1], alphas[:-1], alphas[1:]):
        noise = _noise(denoise, x, time, check)
        image = _image(x, noise, alpha, clip)
        if clip:  # the noise that goes with the image as it was cut
            noise = (x - image * np.sqrt(alpha)) / np.sqrt(1 - alpha)
        x = image * np.sqrt(coming) + noise * np.sqrt(1 - coming)
    return x


def _finished(
    denoise: Denoiser, x: torch.Tensor, schedule: NoiseSchedule, clip: bool, check: Check | None
) -> torch.Tensor:
    return _image(x, _noise(denoise, x, 0.0, check), schedule.alphas[0], clip)


def _image(x: torch.Tensor, noise: torch.Tensor, alpha: float, clip: bool) -> torch.Tensor:
    image = (x - noise * np.sqrt(1 - alpha)) / np.sqrt(alpha)
    return image.clamp(-1, 1) if clip else image


def _noise(denoise: Denoiser, x: torch.Tensor, time: float, check: Check | None) -> torch.Tensor:
    noise = denoise(x, torch.full((len(x),), float(time), device=x.device))
    if check:
        check()
    return noise
