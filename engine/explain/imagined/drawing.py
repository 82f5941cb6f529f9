"""Many images drawn at once, each as it is and pushed towards findings, by a head run and the network it stands on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch

from engine.counterfactuals import CounterfactualOptions
from engine.diffusion.counterfactual import LatentHead, Quality, amplitude_for, looks_of, named_amplitude
from engine.diffusion.samplers import ddim_decode, ddim_encode, fast_decode, fast_encode
from engine.diffusion.trained import TrainedAutoencoder
from engine.errors import JobError
from engine.explain.counterfactual import load_imagined, quality_of
from engine.jobs.run import RunFolder

__all__ = ["RANDOM", "Imaginer", "NetworkImaginer", "Wanted", "load_imaginer"]

RANDOM = "a random direction"
Check = Callable[[float], None]  # called with shares of the work in [0, 1]; what it raises ends the work


@dataclass(frozen=True)
class Wanted:
    """A drawing that is asked for: of which image of the batch, towards what (a finding, or RANDOM)."""

    image: int
    target: str
    seed: int = 0  # of a random direction


class Imaginer(Protocol):
    """All that the measures ask of a model: it draws, it encodes, it tells findings."""

    @property
    def classes(self) -> tuple[str, ...]: ...

    def draw(self, squares: np.ndarray, wanted: Sequence[Wanted], check: Check) -> tuple[np.ndarray, np.ndarray]:
        """(N, s, s) float32 in [0, 1] → reconstructions (N, s, s) and drawings (W, s, s), of the same kind."""
        ...

    def codes(self, squares: np.ndarray) -> np.ndarray:
        """(N, s, s) float32 in [0, 1] → normalised codes (N, L) float64."""
        ...

    def direction(self, target: str) -> np.ndarray:
        """The unit weights (L,) of a finding."""
        ...

    def probabilities(self, codes: np.ndarray, target: str) -> np.ndarray:
        """Normalised codes (N, L) → (N,) in [0, 1]."""
        ...

    def pushed(self, codes: np.ndarray, target: str) -> np.ndarray:
        """Normalised codes (N, L), moved as drawings towards a finding are."""
        ...


@dataclass(frozen=True, eq=False)
class NetworkImaginer:
    """A trained head and its base. `options` say how far a push goes, and how finely it is drawn."""

    base: TrainedAutoencoder
    head: LatentHead
    classes: tuple[str, ...]
    options: CounterfactualOptions
    at_once: int = 16

    @property
    def quality(self) -> Quality:
        return quality_of(self.options)

    def draw(self, squares: np.ndarray, wanted: Sequence[Wanted], check: Check) -> tuple[np.ndarray, np.ndarray]:
        """Each image as it is, and as it is wanted, all from the noise it was encoded to."""
        images = self.base.tensor(np.ascontiguousarray(squares, np.float32))
        count, looked = _Count(len(images) * looks_of(self.quality, 1) + len(wanted) * self.quality.decode_steps), check
        codes = torch.cat([self.base.codes(some) for some in images.split(self.at_once)])
        noise = torch.cat(
            [
                self._encoded(some, code, lambda n: looked(count.more(n)))
                for some, code in zip(images.split(self.at_once), codes.split(self.at_once))
            ]
        )
        moved = [self._moved(codes, one) for one in wanted]
        all_codes = torch.cat([codes, *moved])
        all_noise = torch.cat([noise, *(noise[one.image : one.image + 1] for one in wanted)])
        pieces = zip(all_codes.split(self.at_once), all_noise.split(self.at_once))
        drawn = np.concatenate([self._drawn(*piece, lambda n: looked(count.more(n))) for piece in pieces])
        return drawn[: len(images)], drawn[len(images) :]

    def codes(self, squares: np.ndarray) -> np.ndarray:
        if not len(squares):
            return np.empty((0, len(self.head.mean)))
        images = self.base.tensor(np.ascontiguousarray(squares, np.float32)).split(4 * self.at_once)
        return self.head.normalised(torch.cat([self.base.codes(some) for some in images])).double().cpu().numpy()

    def direction(self, target: str) -> np.ndarray:
        weights = self.head.weights[self.classes.index(target)].double().cpu().numpy()
        return np.asarray(weights / np.linalg.norm(weights))

    def probabilities(self, codes: np.ndarray, target: str) -> np.ndarray:
        return np.asarray(1 / (1 + np.exp(-self._logits(codes, target))))

    def pushed(self, codes: np.ndarray, target: str) -> np.ndarray:
        steps = np.array([self._amplitude(float(logit), target) for logit in self._logits(codes, target)])
        return np.asarray(codes + steps[:, None] * self.direction(target))

    def _logits(self, codes: np.ndarray, target: str) -> np.ndarray:
        place = self.classes.index(target)
        weights, bias = self.head.weights[place].double().cpu().numpy(), float(self.head.bias[place])
        return np.asarray(codes @ weights + bias)

    def _amplitude(self, logit: float, target: str) -> float:
        place = self.classes.index(target)
        if self.options.amplitudes:
            return self.options.amplitudes[0]
        if self.options.probability is not None:
            return max(amplitude_for(self.options.probability, logit, self.head, place), 0.0)
        return named_amplitude(self.options.named or "released", self.head, place)

    def _moved(self, codes: torch.Tensor, one: Wanted) -> torch.Tensor:
        """(1, latent): the code of a drawing. Towards nothing in particular: as far as the median finding goes."""
        own = codes[one.image : one.image + 1]
        normalised = self.head.normalised(own).double().cpu().numpy()
        if one.target == RANDOM:
            steps = [self._amplitude(float(self._logits(normalised, name)[0]), name) for name in self.classes]
            generator = np.random.default_rng(one.seed)
            step = generator.normal(size=normalised.shape[1])
            change = float(np.median(steps)) * step / np.linalg.norm(step)
        else:
            change = self.pushed(normalised, one.target)[0] - normalised[0]
        return own + torch.from_numpy(change).to(own)[None] * self.head.deviation

    def _encoded(self, images: torch.Tensor, codes: torch.Tensor, looked: Callable[[int], None]) -> torch.Tensor:
        walk = fast_encode if self.quality.fast else ddim_encode
        schedule, denoise = self.base.description.schedule, self.base.denoiser(codes)
        return walk(denoise, images, schedule, self.quality.encode_steps, check=lambda: looked(len(images)))

    def _drawn(self, codes: torch.Tensor, noise: torch.Tensor, looked: Callable[[int], None]) -> np.ndarray:
        walk = fast_decode if self.quality.fast else ddim_decode
        schedule, denoise = self.base.description.schedule, self.base.denoiser(codes)
        drawn = walk(denoise, noise, schedule, self.quality.decode_steps, check=lambda: looked(len(noise)))
        return ((drawn.mean(1) + 1) / 2).clamp(0, 1).float().cpu().numpy()


class _Count:
    """How much of the looks at the network were taken."""

    def __init__(self, of: int) -> None:
        self._of, self._taken = max(of, 1), 0

    def more(self, looks: int) -> float:
        self._taken += looks
        return min(self._taken / self._of, 1.0)


def load_imaginer(run: RunFolder, options: CounterfactualOptions) -> NetworkImaginer:
    """The head of a run and the diffusion network it stands on.

    JobError as of `load_imagined`: no head of findings on a diffusion run, no such run, or one of other weights by now.
    """
    imagined = load_imagined(run.path)
    head = imagined.head
    if head.exclusive:
        raise JobError(
            f"{run.path.name} chooses one of {', '.join(imagined.targets)}; what counterfactuals draw is held against "
            "the planted truth of findings that are each present or absent (target=findings)"
        )
    detached = LatentHead(head.weights.detach(), head.bias.detach(), head.mean, head.deviation)
    return NetworkImaginer(imagined.base, detached, imagined.targets, options)
