"""A trained network as everything after training uses it: its checkpoint says all that is needed to build it."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file

from engine.cohorts.store import StoreSpec
from engine.errors import JobError
from engine.jobs.run import RunFolder
from engine.jobs.specs import ModelName
from engine.models.autoencoder import AutoencoderShape, shape_from_entries
from engine.models.classifier import Classifier, LatentClassifier, Pooling, build_classifier
from engine.models.normalisation import as_tensor, normalised, symmetric, unit_pixels
from engine.models.small import SmallTrunk

__all__ = ["Activation", "Description", "Trained", "load_trained"]

Activation = Literal["softmax", "sigmoid"]


@dataclass(frozen=True)
class Description:
    """What a checkpoint says of its network, in its metadata under "network".

    A head on the codes of a diffusion run has model "latent", the shape of that run's network, and says which it was.
    """

    model: ModelName | Literal["latent"]
    pooling: Pooling
    dropout: float
    classes: tuple[str, ...]
    activation: Activation
    image_size: int  # pixels along each side of the padded square
    bits: Literal[8, 16] = 8  # of the stored pixels it was trained on
    ct: str = ""  # how volumes became slices
    latent: AutoencoderShape | None = None
    base_run: str = ""  # folder of the diffusion run
    base_sha256: str = ""  # of its weights

    @property
    def store(self) -> StoreSpec:
        """The store whose squares it was trained on."""
        return StoreSpec(self.image_size, self.bits, self.ct)

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    def build(self, imagenet: dict[str, torch.Tensor] | None = None) -> Classifier:
        """The network with fresh weights from torch's random generator, or with the trunk of `imagenet`."""
        if self.latent is not None:
            return LatentClassifier(self.latent, len(self.classes), self.dropout)
        assert self.model != "latent"
        return build_classifier(self.model, len(self.classes), self.pooling, self.dropout, imagenet)

    def prepare(self, images: torch.Tensor, channels_last: bool = True) -> torch.Tensor:
        """(N, H, W) in [0, 1] → what the network sees, (N, C, H, W): the last thing that happens to pixels."""
        if self.latent is not None:
            return symmetric(images, channels_last, self.latent.colours)
        return normalised(images, channels_last)

    @classmethod
    def from_json(cls, text: str) -> "Description":
        """Raises KeyError, TypeError or ValueError for what is no description of a classifier."""
        entries = json.loads(text)
        shape = entries.pop("latent", None)
        classes = tuple(entries.pop("classes"))
        return cls(**entries, classes=classes, latent=shape and shape_from_entries(shape))


@dataclass(frozen=True, eq=False)
class Trained:
    """A network in evaluation mode, in channels_last, without gradients of its weights."""

    net: Classifier
    description: Description
    facts: dict[str, Any]  # of the checkpoint: step, images, epoch, metrics

    @property
    def classes(self) -> tuple[str, ...]:
        return self.description.classes

    @property
    def image_size(self) -> int:
        return self.description.image_size

    @property
    def activation(self) -> Activation:
        return self.description.activation

    def features(self, x: torch.Tensor) -> torch.Tensor:
        """(N, 3, H, W) from `tensor` → the last convolutional map (N, F, h, w)."""
        return self.net.features(x)

    def head(self, features: torch.Tensor) -> torch.Tensor:
        """(N, F, h, w) → logits (N, C); a backward pass from here to `features` is all that Grad-CAM needs."""
        return self.net.head(features)

    def probabilities(self, logits: torch.Tensor) -> torch.Tensor:
        """(N, C) → (N, C) in [0, 1]; rows of a softmax sum to 1."""
        return logits.softmax(1) if self.activation == "softmax" else logits.sigmoid()

    def tensor(self, squares: np.ndarray) -> torch.Tensor:
        """(N, size, size) uint8, uint16 (full range) or float32 in [0, 1] → (N, C, size, size), normalised last."""
        pixels, bits = as_tensor(squares)
        device = next(self.net.parameters()).device
        unit = pixels.to(device) if bits == 0 else unit_pixels(pixels.to(device), bits)
        return self.description.prepare(unit)


def load_trained(
    run: RunFolder, *, randomised_seed: int | None = None, device: torch.device | str = "cpu", checkpoint: str = "best"
) -> Trained:
    """The best network of a run; with `randomised_seed` the same architecture with random weights instead.

    Nothing in the file is run. JobError where the run has no checkpoint yet, or one that cannot be read.
    """
    path = run.checkpoints / f"{checkpoint}.safetensors"
    description, facts = read_description(path)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(randomised_seed or 0)
        net = description.build()
        if randomised_seed is not None:
            _randomise(net)
    if randomised_seed is None:
        net.load_state_dict(load_file(path))
    net = net.to(device=device, memory_format=torch.channels_last).eval().requires_grad_(False)  # type: ignore[call-overload]
    return Trained(net, description, facts)


def _randomise(net: Classifier) -> None:
    """Every weight drawn anew, also those that are designed and not learned."""
    for module in net.modules():
        if isinstance(module, torch.nn.Conv2d | torch.nn.Linear | torch.nn.BatchNorm1d | torch.nn.BatchNorm2d):
            module.reset_parameters()
        elif isinstance(module, SmallTrunk):
            module.redraw()


def read_description(path: Path) -> tuple[Description, dict[str, Any]]:
    """What a checkpoint says of itself, without its weights: the network, and the step and metrics it is from."""
    if not path.is_file():
        raise JobError(f"{path.parent.parent} has no {path.name} yet; train it, or go on with `engine resume`")
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
        return Description.from_json(metadata["network"]), json.loads(metadata["facts"])
    except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
        raise JobError(f"the checkpoint {path} cannot be read: {error}") from error
