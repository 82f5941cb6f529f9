"""Denoisers whose answer is known: of one image, and of normally distributed ones."""

import numpy as np
import torch

from engine.diffusion.samplers import Denoiser
from engine.diffusion.schedule import NoiseSchedule


def oracle(image: torch.Tensor, schedule: NoiseSchedule) -> Denoiser:
    """Knows the image (N, C, H, W) that the noise was added to."""

    def denoise(x: torch.Tensor, times: torch.Tensor) -> torch.Tensor:
        alpha = _alpha(schedule, times)
        return (x - alpha.sqrt() * image) / (1 - alpha).sqrt()

    return denoise


def of_normal(mean: float, deviation: float, schedule: NoiseSchedule) -> Denoiser:
    """The best guess where every pixel is normal with this mean and deviation: ε = −√(1 − ᾱ) · score."""

    def denoise(x: torch.Tensor, times: torch.Tensor) -> torch.Tensor:
        alpha = _alpha(schedule, times)
        return (1 - alpha).sqrt() * (x - alpha.sqrt() * mean) / (alpha * deviation**2 + 1 - alpha)

    return denoise


def noise_of(images: torch.Tensor, mean: float, deviation: float, schedule: NoiseSchedule) -> torch.Tensor:
    """Where the exact walk from t = 0 ends: each pixel keeps its place among the normal ones."""
    first, last = schedule.alphas[0], schedule.alphas[-1]

    def spread(alpha: float) -> float:
        return float(np.sqrt(alpha * deviation**2 + 1 - alpha))

    return (images - np.sqrt(first) * mean) / spread(first) * spread(last) + np.sqrt(last) * mean


def _alpha(schedule: NoiseSchedule, times: torch.Tensor) -> torch.Tensor:
    return torch.from_numpy(schedule.alpha(times.double().numpy())).reshape(-1, 1, 1, 1)
