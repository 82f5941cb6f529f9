"""The same image as the model imagines it with or without a finding, or as another class (DiffChest, Equations 4, 5).

A head is a logistic regression on codes that are normalised by the mean and deviation of its training images: its logit
is w · (z − mean) / deviation + b. A step of amplitude a adds a · w / ‖w‖ to the normalised code. The noise that the
image was encoded to stays, so that all that is drawn differently is what the code says.

Where the head chooses one of K classes (softmax), its logit of class c is the log of its odds against all others,
log p_c / (1 − p_c) = w_c · n + b_c − log Σ_{k≠c} exp(w_k · n + b_k), and Equation 4's gradient of log p_c is
w_c − Σ_k p_k w_k, which depends on the code n. Steps go along w_c less the mean of the other rows: the direction of
that gradient where the head holds all classes for as likely, the same whatever is added to every row, and with two
classes exactly that of the logistic regression between them. Far along it the odds may fall again, where another class
gains more.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from scipy.optimize import brentq
from scipy.special import logsumexp, softmax

from engine.diffusion.samplers import Denoiser, ddim_decode, ddim_encode, fast_decode, fast_encode
from engine.diffusion.schedule import NoiseSchedule
from engine.diffusion.trained import TrainedAutoencoder

__all__ = [
    "NAMED_STEPS",
    "Encoded",
    "LatentHead",
    "NamedStep",
    "Quality",
    "amplitude_among",
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
_FARTHEST = 1e4  # amplitude, in deviations of the code


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
    """weights: (K, latent), bias: (K,), of normalised codes; mean, deviation: (latent,). float32.

    exclusive: an image is of one of the K classes (softmax); else each finding is there or not by itself (sigmoid).
    """

    weights: torch.Tensor
    bias: torch.Tensor
    mean: torch.Tensor
    deviation: torch.Tensor
    exclusive: bool = False

    def normalised(self, codes: torch.Tensor) -> torch.Tensor:
        """(N, latent) → (N, latent)."""
        return (codes - self.mean) / self.deviation

    def logits(self, codes: torch.Tensor) -> torch.Tensor:
        """log p / (1 − p) of each finding or class: (N, latent) → (N, K)."""
        scores = self.normalised(codes) @ self.weights.T + self.bias
        return scores - _of_others(scores) if self.exclusive else scores

    def direction(self, finding: int) -> torch.Tensor:
        """(latent,): the weights of a finding; those of a class less the mean of the others'."""
        own = self.weights[finding]
        if not self.exclusive:
            return own
        return own - (self.weights.sum(0) - own) / (len(self.weights) - 1)

    def stepped(self, codes: torch.Tensor, finding: int, amplitudes: torch.Tensor) -> torch.Tensor:
        """Codes (N, latent) moved towards a finding (away from it where negative) by (N,) amplitudes."""
        direction = self.direction(finding)
        return codes + amplitudes[:, None] * (direction / direction.norm()) * self.deviation


def _of_others(scores: torch.Tensor) -> torch.Tensor:
    """(N, K) → (N, K): the log of the summed exponentials of all scores of a row but one."""
    own = torch.eye(scores.shape[1], dtype=torch.bool, device=scores.device)
    return scores[:, None, :].masked_fill(own, -math.inf).logsumexp(2)


def likelihood_step(head: LatentHead, normalised: torch.Tensor, finding: int, target: float) -> torch.Tensor:
    """The gradient by the code of the log-likelihood of `target`, 1 or 0 (Equation 4 without ε): (N, latent) → same.

    (y − σ(w · n + b)) w for a finding; for a class of several w becomes w_c − Σ_{k≠c} q_k w_k, q the softmax among the
    others, so that with y = 1 it is w_c − Σ_k p_k w_k.
    """
    scores = normalised @ head.weights.T + head.bias
    if not head.exclusive:
        return (target - torch.sigmoid(scores[:, finding]))[:, None] * head.weights[finding]
    others = scores.clone()
    others[:, finding] = -math.inf
    gain = head.weights[finding] - others.softmax(1) @ head.weights
    return (target - scores.softmax(1)[:, finding])[:, None] * gain


def named_amplitude(name: NamedStep, head: LatentHead, finding: int) -> float:
    """Along the unit direction: 0.3 ‖w‖ of the paper (Equation 5), or 0.6 √latent of its released code."""
    direction = head.direction(finding)
    return _PAPER_EPSILON * float(direction.norm()) if name == "paper" else _RELEASED_SHARE * math.sqrt(len(direction))


def amplitude_for(probability: float, logit: float, head: LatentHead, finding: int) -> float:
    """The smallest step, of either sign, to a probability in (0, 1): of all codes with it the nearest.

    For heads of findings. Raises ValueError for a probability that no finite step reaches.
    """
    return (_logit(probability) - logit) / float(head.weights[finding].norm())


def amplitude_among(probability: float, code: torch.Tensor, head: LatentHead, target: int) -> float:
    """The same for a class of several, along its direction, found numerically. code: (1, latent).

    The log of the odds is concave along a line: it rises to a greatest value, which may lie at infinity, and may fall
    again; of the two places with the probability the nearer one is taken. Raises ValueError for a probability that is
    none, or that is not reached within 10,000 deviations of the code.
    """
    direction = head.direction(target).detach().double().cpu().numpy()
    unit = direction / np.linalg.norm(direction)
    weights = head.weights.detach().double().cpu().numpy()
    start = weights @ head.normalised(code)[0].double().cpu().numpy() + head.bias.detach().double().cpu().numpy()
    line = _Line(np.delete(start, target) - start[target], np.delete(weights @ unit, target) - weights[target] @ unit)
    wanted, top = _logit(probability), line.top()
    ends = [end for end in (-_FARTHEST, _FARTHEST) if line.logit(end) < wanted]
    if line.logit(top) < wanted or not ends:
        raise ValueError(
            f"a probability of {probability:g} is not reached along the direction of this class; the largest there is "
            f"{1 / (1 + math.exp(-line.logit(top))):.3f}, at amplitude {top:+.4g}"
        )
    return min((float(brentq(lambda at: line.logit(at) - wanted, top, end)) for end in ends), key=abs)


@dataclass(frozen=True, eq=False)
class _Line:
    """Scores of the other classes less that of the class, (K − 1,): at amplitude 0, and what each step adds."""

    start: np.ndarray
    slopes: np.ndarray

    def logit(self, amplitude: float) -> float:
        return -float(logsumexp(self.start + amplitude * self.slopes))

    def top(self) -> float:
        """The amplitude with the largest logit, no farther than _FARTHEST."""
        if self._rise(_FARTHEST) >= 0:
            return _FARTHEST
        return float(brentq(self._rise, -_FARTHEST, _FARTHEST))

    def _rise(self, amplitude: float) -> float:
        return -float(softmax(self.start + amplitude * self.slopes) @ self.slopes)


def _logit(probability: float) -> float:
    if not 0 < probability < 1:
        raise ValueError(f"a probability to reach lies between 0 and 1, not at {probability:g}")
    return math.log(probability / (1 - probability))


@dataclass(frozen=True, eq=False)
class Encoded:
    """What is kept of an image to draw it in any way: its code, and the noise it comes from."""

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
    return Encoded(code, noise, quality)


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
