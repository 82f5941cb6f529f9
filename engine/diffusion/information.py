"""How much an image's code tells of the image: the bound that DiffChest's pretraining raises, estimated for a run.

Equations 3 and 8 bound the mutual information of image and code from below,

    I(z; x_0) ≥ H(z) + E[log p_θφ(z | x_0)],

H(z) being the entropy of codes and p_θφ(z | x_0) the network's posterior of a code. Neither can be had for all codes
there may be. For codes that are one of K, those of K images, evenly, H(z) = log K, and Bayes' rule gives the posterior
from the likelihood, p_θφ(z_j | x_0) = p_θφ(x_0 | z_j) / Σ_k p_θφ(x_0 | z_k). Of −log p_θφ(x_0 | z) Equation 9 has the
bound L_T + Σ L_t + L_0: L_T does not depend on z; L_t is Equation 11's weight times the squared error of the noise;
L_0, a decoder without spread in the paper, is taken as L_t's form at the first step. The variance Σ is β_t, the
released code's choice. The sum over t is estimated at some steps, with the same noise for every code.

The bound cannot exceed log K and saturates there where codes tell images apart for certain. So a second number stands
beside it: E[log p(x_0 | z)] − E[log p(x_0 | z')], z' of another image, in nats a pixel, which is above the
information where the likelihood is exact (Cheng et al. 2020, CLUB) and says how far apart codes draw.
"""

from dataclasses import dataclass

import numpy as np
import torch

from engine.diffusion.samplers import Check
from engine.diffusion.schedule import NoiseSchedule
from engine.diffusion.trained import TrainedAutoencoder

__all__ = ["Information", "code_information", "information_from", "step_weights"]


@dataclass(frozen=True)
class Information:
    """In nats. low, high: of `bound`, over the K images by bootstrap."""

    bound: float
    low: float
    high: float
    ceiling: float  # log K
    gap_per_pixel: float
    images: int
    steps: int


def step_weights(schedule: NoiseSchedule) -> np.ndarray:
    """(steps,) weights of Equation 11 with Σ² = β: (1 − α_t)² / (2 α_t (1 − ᾱ_t) β_t) = β_t / (2 α_t (1 − ᾱ_t))."""
    betas = np.linspace(schedule.first, schedule.last, schedule.steps)
    return betas / (2 * (1 - betas) * (1 - schedule.alphas))


@torch.no_grad()
def code_information(
    trained: TrainedAutoencoder, images: torch.Tensor, steps: int = 12, seed: int = 0, check: Check | None = None
) -> Information:
    """From K images (K, C, H, W) in [−1, 1], K ≥ 2, at `steps` steps spread over the schedule: K² · steps looks."""
    schedule, codes, count = trained.description.schedule, trained.codes(images), len(images)
    generator = torch.Generator().manual_seed(seed)
    weights = step_weights(schedule)
    times = np.round((np.arange(steps) + 0.5) * schedule.steps / steps - 0.5).astype(int)
    likelihoods = np.zeros((count, count))
    for row, image in enumerate(images):
        for time in times:
            noise = torch.randn(image.shape, generator=generator).to(image.device)
            alpha = float(schedule.alphas[time])
            noisy = (np.sqrt(alpha) * image + np.sqrt(1 - alpha) * noise).expand(count, -1, -1, -1)
            said = trained.denoiser(codes)(noisy, torch.full((count,), float(time), device=image.device))
            errors = (said - noise).double().square().sum((1, 2, 3)).cpu().numpy()
            likelihoods[row] -= weights[time] * schedule.steps / steps * errors
            if check:
                check()
    return information_from(likelihoods, images[0].numel(), steps, seed)


def information_from(likelihoods: np.ndarray, pixels: int, steps: int, seed: int = 0) -> Information:
    """From log p(x_i | z_j), (K, K), up to a constant of each row."""
    count = len(likelihoods)
    own = likelihoods.diagonal()
    largest = likelihoods.max(1, keepdims=True)
    posterior = own - (largest[:, 0] + np.log(np.exp(likelihoods - largest).sum(1)))  # log p(z_i | x_i)
    redrawn = np.random.default_rng(seed).integers(0, count, (1000, count))
    low, high = np.percentile(posterior[redrawn].mean(1), [2.5, 97.5])
    ceiling = float(np.log(count))
    others = (likelihoods.sum(1) - own) / (count - 1)
    return Information(
        bound=ceiling + float(posterior.mean()),
        low=ceiling + float(low),
        high=ceiling + float(high),
        ceiling=ceiling,
        gap_per_pixel=float((own - others).mean()) / pixels,
        images=count,
        steps=steps,
    )
