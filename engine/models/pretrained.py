"""ImageNet weights, taken from torch's cache folder where a person or torchvision has put them; nothing is fetched."""

import pickle
import re
from pathlib import Path

import torch
import torchvision

from engine.errors import JobError
from engine.hashing import file_sha256
from engine.jobs.specs import ModelName
from engine.models.classifier import NETWORKS

__all__ = ["imagenet_file", "imagenet_weights", "read_weights"]

# Keys of the published DenseNet file are older than today's names of its layers (torchvision, models/densenet.py).
_OLD_DENSENET = re.compile(
    r"^(.*denselayer\d+\.(?:norm|relu|conv))\.((?:[12])\.(?:weight|bias|running_mean|running_var))$"
)


def imagenet_file(name: ModelName) -> tuple[Path, str]:
    """Where the ImageNet weights (IMAGENET1K_V1) of a network lie if they are there, and the address they come from."""
    url = torchvision.models.get_model_weights(name)["IMAGENET1K_V1"].url
    return Path(torch.hub.get_dir()) / "checkpoints" / url.rsplit("/", 1)[-1], url


def imagenet_weights(name: ModelName) -> dict[str, torch.Tensor]:
    """Weights of the whole torchvision network. JobError, with what to do, where they are absent or damaged."""
    if not NETWORKS[name].published:
        raise JobError(f"there are no ImageNet weights of {name}; train it from scratch with weights=none")
    path, url = imagenet_file(name)
    if not path.is_file():
        raise JobError(
            f"ImageNet weights of {name} not available: weights not found at {path}; put the file of {url} there, "
            "or train from scratch with weights=none"
        )
    weights = read_weights(path)
    return {_today(key): value for key, value in weights.items()} if name == "densenet121" else weights


def read_weights(path: Path) -> dict[str, torch.Tensor]:
    """Tensors of a .pth file whose name ends with the first digits of its sha256, as torch.hub names them.

    The file is read without running any code in it (weights_only). JobError for a wrong hash or another content.
    """
    stated = path.stem.rsplit("-", 1)[-1]
    digest = file_sha256(path)
    if not digest.startswith(stated):
        raise JobError(
            f"{path} is damaged: its sha256 begins with {digest[:8]}, its name says {stated}; fetch it again"
        )
    try:
        return dict(torch.load(path, map_location="cpu", weights_only=True))
    except (pickle.UnpicklingError, RuntimeError, ValueError, TypeError) as error:
        raise JobError(f"{path} does not hold weights: {error}") from error


def _today(key: str) -> str:
    return _OLD_DENSENET.sub(lambda match: f"{match[1]}{match[2]}", key)
