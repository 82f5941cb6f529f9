"""The one shape of every classifier: a trunk, a pooling, and a linear head; and the list of trunks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast

import torch
import torchvision
from torch import nn

from engine.jobs.specs import ModelName
from engine.models.autoencoder import AutoencoderShape, SemanticEncoder, code_of
from engine.models.small import SmallTrunk

__all__ = ["NETWORKS", "Classifier", "LatentClassifier", "Network", "Pooling", "build_classifier"]

Pooling = Literal["average", "max"]


class Classifier(nn.Module):
    """logits = head(features(x)); Grad-CAM needs the two apart.

    `frozen` trunks stay as they are: no gradient, and their batch statistics are those they were trained with.
    standardised: pooled features are brought to mean 0 and deviation 1 before the head.
    """

    def __init__(
        self,
        trunk: nn.Module,
        width: int,
        classes: int,
        pooling: Pooling = "average",
        dropout: float = 0.0,
        standardised: bool = False,
    ) -> None:
        super().__init__()
        self.trunk = trunk
        self.pooling = pooling
        self.norm: nn.Module = nn.BatchNorm1d(width) if standardised else nn.Identity()
        self.dropout = nn.Dropout(dropout)
        self.fc = nn.Linear(width, classes)
        self.frozen = False

    def features(self, x: torch.Tensor) -> torch.Tensor:
        """(N, 3, H, W) → the last convolutional map (N, F, h, w)."""
        return self.trunk(x)

    def pooled(self, features: torch.Tensor) -> torch.Tensor:
        """(N, F, h, w) → (N, F)."""
        return features.mean((2, 3)) if self.pooling == "average" else features.amax((2, 3))

    def head(self, features: torch.Tensor) -> torch.Tensor:
        """(N, F, h, w) → logits (N, C)."""
        return self._classified(self.pooled(features))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, 3, H, W) images, or (N, F) features that were pooled before → logits (N, C)."""
        return self._classified(x) if x.ndim == 2 else self.head(self.features(x))

    def _classified(self, pooled: torch.Tensor) -> torch.Tensor:
        return self.fc(self.dropout(self.norm(pooled)))

    def freeze_trunk(self) -> None:
        self.frozen = True
        self.trunk.requires_grad_(False)
        self.trunk.eval()

    def train(self, mode: bool = True) -> "Classifier":
        super().train(mode)
        if self.frozen:
            self.trunk.eval()
        return self


class LatentClassifier(Classifier):
    """A linear head on the codes of a semantic encoder, brought to mean 0 and deviation 1 over its training images.

    DiffChest's classifier: `standardise` is told the codes of the fine-tune set once, nothing of it is learned.
    """

    def __init__(self, shape: AutoencoderShape, classes: int, dropout: float = 0.0) -> None:
        encoder = SemanticEncoder(shape)
        super().__init__(encoder.trunk, shape.latent, classes, "average", dropout)
        self.project = encoder.project
        self.norm = Standardised(shape.latent)

    @property
    def standardise(self) -> "Standardised":
        return cast(Standardised, self.norm)

    def pooled(self, features: torch.Tensor) -> torch.Tensor:
        """(N, F, h, w) → codes (N, latent)."""
        return code_of(features, self.project)

    def freeze_trunk(self) -> None:
        super().freeze_trunk()
        self.project.requires_grad_(False)


class Standardised(nn.Module):
    """(x − mean) / deviation, both of a data set and not of a batch."""

    mean: torch.Tensor
    deviation: torch.Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("deviation", torch.ones(width))

    def learn(self, codes: torch.Tensor) -> None:
        """Take both from codes (n, width); what never varies is left as it is."""
        self.mean.copy_(codes.mean(0))
        deviation = codes.std(0)
        self.deviation.copy_(torch.where(deviation > 0, deviation, torch.ones_like(deviation)))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return (x - self.mean) / self.deviation


@dataclass(frozen=True)
class Network:
    """cut: a network of torchvision → everything before its pooling, and the width that ends with; None: it is ours."""

    cut: Callable[[nn.Module], tuple[nn.Module, int]] | None

    @property
    def published(self) -> bool:
        """Whether it is torchvision's, with ImageNet weights."""
        return self.cut is not None


def _cut_resnet(net: nn.Module) -> tuple[nn.Module, int]:
    names = ("conv1", "bn1", "relu", "maxpool", "layer1", "layer2", "layer3", "layer4")
    trunk = nn.Sequential()
    for name in names:
        trunk.add_module(name, getattr(net, name))
    return trunk, int(net.fc.in_features)  # type: ignore[union-attr, arg-type]


def _cut_densenet(net: nn.Module) -> tuple[nn.Module, int]:
    # torchvision applies the last ReLU outside `features`; not in place: the map is read by whoever explains it.
    return nn.Sequential(net.features, nn.ReLU()), int(net.classifier.in_features)  # type: ignore[arg-type, union-attr]


def _cut_efficientnet(net: nn.Module) -> tuple[nn.Module, int]:
    return net.features, int(net.classifier[-1].in_features)  # type: ignore[return-value, index, union-attr, arg-type]


NETWORKS: dict[ModelName, Network] = {
    "small": Network(None),
    "resnet18": Network(_cut_resnet),
    "resnet34": Network(_cut_resnet),
    "resnet50": Network(_cut_resnet),
    "densenet121": Network(_cut_densenet),
    "efficientnet_b0": Network(_cut_efficientnet),
    "efficientnet_b2": Network(_cut_efficientnet),
}


def build_classifier(
    name: ModelName,
    classes: int,
    pooling: Pooling = "average",
    dropout: float = 0.0,
    imagenet: dict[str, torch.Tensor] | None = None,
) -> Classifier:
    """A network of the registry with a new linear head, drawn from torch's random generator.

    imagenet: weights of the whole torchvision network (`engine.models.pretrained.imagenet_weights`), or None.
    """
    cut = NETWORKS[name].cut
    if cut is None:
        return Classifier(SmallTrunk(), SmallTrunk.WIDTH, classes, pooling, dropout, standardised=True)
    net = torchvision.models.get_model(name, weights=None)
    if imagenet is not None:
        net.load_state_dict(imagenet)
    trunk, width = cut(net)
    return Classifier(trunk, width, classes, pooling, dropout)
