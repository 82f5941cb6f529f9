"""A small convolutional network that says what is in a small picture and where; trained in minutes on a CPU."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast

import numpy as np
import torch
from torch import nn
from torch.nn import functional

__all__ = ["Examples", "Fitting", "MapNet", "fit", "scores_of"]

Pooled = Literal["max", "mean"]
_WIDTHS = (16, 32, 48, 64)  # channels at the picture's size, its half, its quarter, its eighth
_AT_ONCE = 128


class MapNet(nn.Module):
    """(N, 1, s, s) in [−1, 1] → heat maps (N, K, s / 2, s / 2) of logits; the score of a picture is pooled from them.

    pooled: "max" for objects, which are somewhere; "mean" for what is everywhere, as the manner of a drawing.
    """

    def __init__(self, kinds: int, pooled: Pooled = "max") -> None:
        super().__init__()
        self.pooled = pooled
        full, half, quarter, eighth = _WIDTHS
        self.at_full = _block(1, full)
        self.at_half = nn.Sequential(_block(full, half, 2), _block(half, half))
        self.at_quarter = nn.Sequential(_block(half, quarter, 2), _block(quarter, quarter))
        self.at_eighth = nn.Sequential(_block(quarter, eighth, 2), _block(eighth, eighth))
        self.back_quarter = _block(eighth + quarter, quarter)
        self.back_half = _block(quarter + half, half)
        self.out = nn.Conv2d(half, kinds, 1)
        nn.init.constant_(cast(torch.Tensor, self.out.bias), -3.0)  # most places hold nothing

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        half = self.at_half(self.at_full(x))
        quarter = self.at_quarter(half)
        up = self.back_quarter(torch.cat([_twice(self.at_eighth(quarter)), quarter], 1))
        return cast(torch.Tensor, self.out(self.back_half(torch.cat([_twice(up), half], 1))))

    def scores(self, maps: torch.Tensor) -> torch.Tensor:
        """Heat maps (N, K, h, w) → logits of presence (N, K)."""
        return maps.amax((2, 3)) if self.pooled == "max" else maps.mean((2, 3))


def _block(inside: int, outside: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, outside, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(outside), nn.ReLU()
    )


def _twice(x: torch.Tensor) -> torch.Tensor:
    return functional.interpolate(x, scale_factor=2.0, mode="nearest")


@dataclass(frozen=True, eq=False)
class Examples:
    """Pictures with their truth.

    pictures: (N, s, s) float32 in [0, 1]; present: (N, K) bool; places: (N, K, s / 2, s / 2) uint8, the share of each
    pixel that the object covers × 255, or None where only presence is learned.
    """

    pictures: np.ndarray
    present: np.ndarray
    places: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.pictures)

    def __add__(self, other: "Examples") -> "Examples":
        both = self.places is not None and other.places is not None
        places = np.concatenate([self.places, other.places]) if both else None  # type: ignore[list-item]
        return Examples(
            np.concatenate([self.pictures, other.pictures]), np.concatenate([self.present, other.present]), places
        )

    def take(self, rows: np.ndarray) -> "Examples":
        return Examples(self.pictures[rows], self.present[rows], None if self.places is None else self.places[rows])


@dataclass(frozen=True)
class Fitting:
    """How a small network is trained."""

    looks: int = 30_000  # at pictures, in all
    batch: int = 32
    learning_rate: float = 2e-3
    seed: int = 0


def fit(
    examples: Examples,
    pooled: Pooled = "max",
    how: Fitting | None = None,
    progress: Callable[[float], None] | None = None,
) -> MapNet:
    """A network trained on examples, in evaluation mode. Deterministic by seed (of one count of threads)."""
    how = how or Fitting()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(how.seed)
        net = MapNet(examples.present.shape[1], pooled).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        steps = max(1, how.looks // how.batch)
        optimizer = torch.optim.AdamW(net.parameters(), how.learning_rate, weight_decay=1e-4)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, how.learning_rate, total_steps=steps)
        weights = _rarity(examples.present)
        order = np.random.default_rng(how.seed)
        for step in range(steps):
            some = examples.take(order.integers(len(examples), size=how.batch))
            optimizer.zero_grad(set_to_none=True)
            _loss(net, some, weights).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
            if progress:
                progress((step + 1) / steps)
    return net.eval().requires_grad_(False)


def _rarity(present: np.ndarray) -> torch.Tensor:
    """(K,) float32: what a positive weighs beside a negative, at most 10."""
    share = present.mean(0).clip(1e-3, 1 - 1e-3)
    return torch.from_numpy(np.minimum(np.sqrt((1 - share) / share), 10.0).astype(np.float32))


def _loss(net: MapNet, some: Examples, weights: torch.Tensor) -> torch.Tensor:
    """How wrong presence is, and where there are places, how wrong they are."""
    maps = net(_varied(_tensor(some.pictures)))
    present = torch.from_numpy(some.present.astype(np.float32))
    loss = functional.binary_cross_entropy_with_logits(net.scores(maps), present, pos_weight=weights)
    if some.places is not None:
        places = (torch.from_numpy(some.places).float() / 255 * 2).clamp(max=1)  # half a pixel is enough to be one
        loss = loss + 3 * functional.binary_cross_entropy_with_logits(maps, places, pos_weight=torch.full((1,), 5.0))
    return loss


def _varied(x: torch.Tensor) -> torch.Tensor:
    """Other brightness, contrast, sharpness and noise: what a drawing may differ in from a film."""
    count = (len(x), 1, 1, 1)
    soft = functional.avg_pool2d(functional.pad(x, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    x = torch.lerp(x, soft, 0.6 * torch.rand(count) * (torch.rand(count) < 0.5))
    x = x * (1 + 0.15 * torch.randn(count)) + 0.08 * torch.randn(count)
    return x + torch.randn_like(x) * 0.03 * torch.rand(count)


def _tensor(pictures: np.ndarray) -> torch.Tensor:
    x = 2 * torch.from_numpy(np.ascontiguousarray(pictures, np.float32))[:, None] - 1
    return x.contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def scores_of(net: MapNet, pictures: np.ndarray) -> np.ndarray:
    """Logits of presence (N, K) float64 of pictures (N, s, s) float32 in [0, 1]."""
    pieces = [pictures[start : start + _AT_ONCE] for start in range(0, len(pictures), _AT_ONCE)]
    found = [net.scores(net(_tensor(piece))).double().numpy() for piece in pieces]
    return np.concatenate(found) if found else np.empty((0, net.out.out_channels))
