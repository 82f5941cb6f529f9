"""How much an image's code tells of the image: the bound that DiffChest's pretraining raises, estimated for a run.

Equations 3 and 8 bound the mutual information of image and code from below,

    I(z; x_0) ≥ H(z) + E[log p_θφ(z | x_0)],

H(z) being the entropy of codes and p_θφ(z | x_0) the network's posterior of a code. Neither can be had for all codes
there may be. Told that a code is one of K, the image's own and those of images of K − 1 other patients, all as likely,
H(z) = log K, and Bayes' rule gives the posterior from the likelihood, p_θφ(z_j | x_0) = p_θφ(x_0 | z_j) /
Σ_k p_θφ(x_0 | z_k). Of −log p_θφ(x_0 | z) Equation 9 has the bound L_T + Σ L_t + L_0:

    L_T  does not depend on z: the divergence of q(x_T | x_0) from the normal noise that drawing starts with;
    L_t  is Equation 11's weight times the squared error of the noise, with the variance Σ = β_t of the released code;
    L_0  is a decoder without spread in the paper, and taken here as L_t's form at the first step.

The sum of L_t is estimated, without bias, from one time of each of as many stretches of the schedule as are wanted, all
of the same summed weight; times and noise are the same for every code of an image. The mean over images stays below the
information whatever the network says, well or badly, and however few looks are taken: with K codes drawn
independently it is the bound of van den Oord et al. 2018 (InfoNCE) with the diffusion's likelihood as its critic.

The bound cannot exceed log K and saturates there where codes tell images apart for certain: more codes then raise it.
So another number stands beside it: E[log p(x_0 | z)] − E[log p(x_0 | z')], z' of another patient, in nats a pixel,
which is above the information where the likelihood is exact (Cheng et al. 2020, CLUB) and says how far apart codes
draw.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from engine.diffusion.samplers import Check
from engine.diffusion.schedule import NoiseSchedule
from engine.diffusion.trained import TrainedAutoencoder

__all__ = ["CodeTerms", "code_terms", "other_codes", "posterior_terms", "prior_term", "step_weights"]

_AT_ONCE = 32  # images in one look at the network


@dataclass(frozen=True, eq=False)
class CodeTerms:
    """What each of N images gives to the bound, told its own code among K; (N,) float64, in nats."""

    codes: int  # K, the image's own among them
    steps: int  # looks that the sum over L_t is estimated from, beside one for L_0
    pixels: int  # of an image
    last: np.ndarray  # L_T
    between: np.ndarray  # Σ L_t, of the own code
    first: np.ndarray  # L_0, of the own code
    between_others: np.ndarray  # Σ L_t, mean over the codes of other patients
    first_others: np.ndarray  # L_0, mean over them
    log_posterior: np.ndarray  # log p(z | x_0) of the own code
    likeliest: np.ndarray  # 1 where no other code has a larger posterior, else 0

    @property
    def entropy(self) -> float:
        """H(z) = log K: what the bound cannot exceed."""
        return float(np.log(self.codes))

    @property
    def bound(self) -> np.ndarray:
        """log K + log p(z | x_0); their mean is the bound."""
        return self.entropy + self.log_posterior

    @property
    def gap_per_pixel(self) -> np.ndarray:
        """log p(x_0 | z) − log p(x_0 | z'), z' of another patient."""
        return (self.between_others + self.first_others - self.between - self.first) / self.pixels


def step_weights(schedule: NoiseSchedule) -> np.ndarray:
    """(steps,) weights of Equation 11 with Σ = β: (1 − α_t)² / (2 α_t (1 − ᾱ_t) β_t) = β_t / (2 α_t (1 − ᾱ_t))."""
    betas = np.linspace(schedule.first, schedule.last, schedule.steps)
    return betas / (2 * (1 - betas) * (1 - schedule.alphas))


def prior_term(schedule: NoiseSchedule, image: np.ndarray) -> float:
    """L_T: the divergence (nats) of N(√ᾱ_T x_0, 1 − ᾱ_T) from N(0, 1), summed over the pixels of x_0 in [−1, 1]."""
    alpha = schedule.alphas[-1]
    each = 0.5 * (alpha * np.square(image, dtype=np.float64) - alpha - np.log1p(-alpha))
    return float(each.sum())


def other_codes(patients: Sequence[str], codes: int, seed: int = 0) -> np.ndarray:
    """(N, codes) rows of images: each image itself, then one of each of `codes` − 1 other patients, drawn by seed.

    patients: of N images. Raises ValueError where there are fewer patients than codes.
    """
    names, index = np.unique(np.asarray(patients, str), return_inverse=True)
    if not 2 <= codes <= len(names):
        raise ValueError(f"a code among {codes} needs 2 codes or more and as many patients; there are {len(names)}")
    own = [np.flatnonzero(index == place) for place in range(len(names))]
    generator = np.random.default_rng(seed)
    rows = np.empty((len(index), codes), np.int64)
    for row, patient in enumerate(index):
        others = generator.permutation(np.delete(np.arange(len(names)), patient))[: codes - 1]
        rows[row] = [row, *(generator.choice(own[other]) for other in others)]
    return rows


def code_terms(
    trained: TrainedAutoencoder,
    images: torch.Tensor,
    patients: Sequence[str],
    codes: int = 16,
    steps: int = 12,
    seed: int = 0,
    check: Check | None = None,
    judged: int | None = None,
) -> CodeTerms:
    """The terms of the first `judged` of images (M, C, H, W) in [−1, 1], or of all; the others only lend their codes.

    patients: of the M images. Each code is one among `codes`, looked at `steps` + 1 times: N · codes · (steps + 1)
    looks at one image; `check` is called after the looks at one time. Chance depends on the seed alone. Raises
    ValueError as `other_codes`.
    """
    rows = other_codes(patients, codes, seed)[:judged]
    known = torch.cat([trained.codes(some) for some in images.split(_AT_ONCE)])
    weights = step_weights(trained.description.schedule)
    generator = np.random.default_rng(seed)
    first, between = np.empty(rows.shape), np.empty(rows.shape)
    for place, image in enumerate(images[:judged]):
        chance = torch.Generator().manual_seed(int(generator.integers(1 << 62)))
        times = [0, *_times(weights, steps, generator)]
        errors = [_errors(trained, image, known[rows[place]], time, chance, check) for time in times]
        first[place], between[place] = weights[0] * errors[0], weights[1:].sum() / steps * np.sum(errors[1:], axis=0)
    last = np.array([prior_term(trained.description.schedule, image.cpu().numpy()) for image in images[:judged]])
    return posterior_terms(first, between, last, images[0].numel(), steps)


def _times(weights: np.ndarray, steps: int, generator: np.random.Generator) -> list[int]:
    """A step after the first of each of `steps` stretches that weigh the same, each step as likely as it weighs."""
    reached = np.cumsum(weights[1:])
    places = (np.arange(steps) + generator.random(steps)) / steps * reached[-1]
    return [1 + int(time) for time in reached.searchsorted(places, side="right").clip(max=len(reached) - 1)]


def _errors(
    trained: TrainedAutoencoder,
    image: torch.Tensor,
    codes: torch.Tensor,
    time: int,
    chance: torch.Generator,
    check: Check | None,
) -> np.ndarray:
    """(K,): the squared error of the noise at one time, the same noise for each of the codes (K, latent)."""
    alpha = float(trained.description.schedule.alphas[time])
    noise = torch.randn(image.shape, generator=chance).to(image.device)  # (C, H, W)
    noisy = np.sqrt(alpha) * image + np.sqrt(1 - alpha) * noise
    errors = []
    for some in codes.split(_AT_ONCE):
        times = torch.full((len(some),), float(time), device=image.device)
        said = trained.denoiser(some)(noisy.expand(len(some), -1, -1, -1), times)
        errors.append((said - noise).double().square().sum((1, 2, 3)).cpu().numpy())
    if check:
        check()
    return np.concatenate(errors)


def posterior_terms(first: np.ndarray, between: np.ndarray, last: np.ndarray, pixels: int, steps: int) -> CodeTerms:
    """From L_0 and Σ L_t (N, K) of an image and each of its codes, its own code in column 0, and from L_T (N,)."""
    likelihoods = -(first + between)  # L_T, the same for every code, is no part of the posterior
    largest = likelihoods.max(1, keepdims=True)
    all_codes = largest[:, 0] + np.log(np.exp(likelihoods - largest).sum(1))
    return CodeTerms(
        codes=first.shape[1],
        steps=steps,
        pixels=pixels,
        last=last,
        between=between[:, 0],
        first=first[:, 0],
        between_others=between[:, 1:].mean(1),
        first_others=first[:, 1:].mean(1),
        log_posterior=likelihoods[:, 0] - all_codes,
        likeliest=(likelihoods[:, 0] >= largest[:, 0]).astype(np.float64),
    )
