"""The same image as the model imagines it with or without a finding (DiffChest, Equations 4 and 5).

A head is a logistic regression on codes that are normalised by the mean and deviation of its training images: its logit
is w · (z − mean) / deviation + b. A step of amplitude a adds a · w / ‖w‖ to the normalised code. The noise that the
image was encoded to stays, so that all that is drawn differently is what the code says.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch

from engine.diffusion.samplers import Denoiser, ddim_decode, ddim_encode, fast_decode, fast_encode
from engine.diffusion.schedule import NoiseSchedule
from engine.diffusion.trained import TrainedAutoencoder

__all__ = [
    "NAMED_STEPS",
    "Encoded",
    "LatentHead",
    "NamedStep",
    "Quality",
    "amplitude_for",
    "draw",
    "encode",
    "likelihood_step",
    "looks_of",
    "named_amplitude",
]

NamedStep = Literal["paper", "released"]
NAMED_STEPS: tuple[NamedStep, ...] = ("paper", "released")
_PAPER_EPSILON = 0.3  # of Equation 5, times the weights as they are
_RELEASED_SHARE = 0.6  # of √latent, along the unit weights: the code's `manipulate_amp`


@dataclass(frozen=True)
class Quality:
    """How many looks at the network a drawing takes. fast: second order (`fast_encode`, `fast_decode`), else DDIM."""

    encode_steps: int = 250
    decode_steps: int = 200
    fast: bool = False

    @classmethod
    def preview(cls) -> "Quality":
        return cls(20, 20, fast=True)


@dataclass(frozen=True, eq=False)
class LatentHead:
    """weights: (K, latent), bias: (K,), of normalised codes; mean, deviation: (latent,). float32."""

    weights: torch.Tensor
    bias: torch.Tensor
    mean: torch.Tensor
    deviation: torch.Tensor

    def normalised(self, codes: torch.Tensor) -> torch.Tensor:
        """(N, latent) → (N, latent)."""
        return (codes - self.mean) / self.deviation

    def logits(self, codes: torch.Tensor) -> torch.Tensor:
        """(N, latent) → (N, K)."""
        return self.normalised(codes) @ self.weights.T + self.bias

    def stepped(self, codes: torch.Tensor, finding: int, amplitudes: torch.Tensor) -> torch.Tensor:
        """Codes (N, latent) moved towards a finding (away from it where negative) by (N,) amplitudes."""
        weights = self.weights[finding]
        return codes + amplitudes[:, None] * (weights / weights.norm()) * self.deviation


def likelihood_step(normalised: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor, target: float) -> torch.Tensor:
    """(y − σ(w · z + b)) w, the gradient of the log-likelihood of `target` by the code (Equation 4 without ε).

    normalised: (N, latent); weights: (latent,) → (N, latent).
    """
    return (target - torch.sigmoid(normalised @ weights + bias))[:, None] * weights


def named_amplitude(name: NamedStep, head: LatentHead, finding: int) -> float:
    """Along the unit weights: 0.3 ‖w‖ of the paper (Equation 5), or 0.6 √latent of its released code."""
    weights = head.weights[finding]
    return _PAPER_EPSILON * float(weights.norm()) if name == "paper" else _RELEASED_SHARE * math.sqrt(len(weights))


def amplitude_for(probability: float, logit: float, head: LatentHead, finding: int) -> float:
    """The smallest step, of either sign, to a probability in (0, 1): of all codes with it the nearest.

    Raises ValueError for a probability that no finite step reaches.
    """
    if not 0 < probability < 1:
        raise ValueError(f"a probability to reach lies between 0 and 1, not at {probability:g}")
    return (math.log(probability / (1 - probability)) - logit) / float(head.weights[finding].norm())


@dataclass(frozen=True, eq=False)
class Encoded:
    """What is kept of an image to draw it in any way: its code, and the noise it comes from."""

    image: torch.Tensor  # (1, C, H, W) in [−1, 1]
    code: torch.Tensor  # (1, latent)
    noise: torch.Tensor  # (1, C, H, W)
    quality: Quality


Progress = Callable[[int], None]  # called with the looks at the network that were taken since the last call


def encode(
    trained: TrainedAutoencoder, image: torch.Tensor, quality: Quality, progress: Progress | None = None
) -> Encoded:
    """Encode one image (1, C, H, W) in [−1, 1], with its own code."""
    code = trained.codes(image)
    walk = fast_encode if quality.fast else ddim_encode
    noise = walk(
        trained.denoiser(code), image, trained.description.schedule, quality.encode_steps, check=_each(progress)
    )
    return Encoded(image, code, noise, quality)


def draw(
    trained: TrainedAutoencoder,
    encoded: Encoded,
    codes: torch.Tensor,
    progress: Progress | None = None,
    at_once: int = 16,
) -> torch.Tensor:
    """The image for each code (N, latent), from the same noise: (N, C, H, W) in [−1, 1].

    at_once: drawings that are one batch. What one looks like does not depend on the others.
    """
    drawings = []
    for some in codes.split(at_once):
        noise = encoded.noise.expand(len(some), -1, -1, -1)
        drawings.append(_drawn(trained.denoiser(some), noise, trained.description.schedule, encoded.quality, progress))
    return torch.cat(drawings)


def _drawn(
    denoise: Denoiser, noise: torch.Tensor, schedule: NoiseSchedule, quality: Quality, progress: Progress | None
) -> torch.Tensor:
    walk = fast_decode if quality.fast else ddim_decode
    return walk(denoise, noise, schedule, quality.decode_steps, check=_each(progress, len(noise)))


def looks_of(quality: Quality, drawings: int) -> int:
    """Looks at one image that encoding it and drawing it so often takes, as `progress` counts them."""
    encoding = quality.encode_steps - 1
    return encoding + drawings * quality.decode_steps


def _each(progress: Progress | None, images: int = 1) -> Callable[[], None] | None:
    return None if progress is None else lambda: progress(images)
