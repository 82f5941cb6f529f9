"""The diffusion autoencoder: a semantic encoder and a denoising U-Net that is conditioned on its code.

Preechakul et al. 2022 (Diffusion Autoencoders), as DiffChest uses it (Han et al. 2023): BigGAN's residual blocks that
change resolution, adaptive group normalisation by time (scale and shift) and then by the code (scale), attention at one
resolution and in the middle, last convolutions that begin at zero. In the paper's configuration 168.49 million
weights: 138.34 of the U-Net and 30.15 of the encoder.

`places` is ours, for networks that see thousands of images, not hundreds of millions. In the paper a code is the mean
of the encoder's last map, and speaks to the U-Net through the scales of its channels alone: where a thing lies must be
learned in spite of both. With it the last map is not averaged, and the code is also added to the coarsest map of the
U-Net, another number at each place.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import torch
from torch import nn
from torch.nn import functional

__all__ = ["Autoencoder", "AutoencoderShape", "SemanticEncoder", "UNet", "code_of", "shape_from_entries", "weights_of"]

Layer = TypeVar("Layer", nn.Conv2d, nn.Linear)

_LONGEST_PERIOD = 10_000  # of the sines that stand for time (Vaswani et al. 2017)


@dataclass(frozen=True)
class AutoencoderShape:
    """What the weights of an autoencoder are shaped by.

    multipliers: channels of each resolution of the U-Net, from the finest, in units of `channels`; each is half of the
    one before. attention: sides in pixels at which blocks attend. colours: 3 in the paper, whose films are grey.
    """

    image_size: int
    channels: int
    multipliers: tuple[int, ...]
    encoder_multipliers: tuple[int, ...]
    blocks: int  # residual blocks at each resolution
    attention: tuple[int, ...]
    latent: int  # length of the code, and of the embedding of time
    dropout: float
    colours: int
    patch: int = 1  # pixels along each side that become channels at the entry: the same picture for less work
    places: bool = False  # the code is made of, and enters as, a map; no part of the paper's network

    @property
    def side(self) -> int:
        """Of the finest map."""
        return self.image_size // self.patch

    @property
    def values(self) -> int:
        """Of an image at one place of the finest map."""
        return self.colours * self.patch**2


def shape_from_entries(entries: Mapping[str, Any]) -> AutoencoderShape:
    """The shape that JSON holds. TypeError for what is none."""
    lists: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in entries.items()
    }
    return AutoencoderShape(**lists)


class Autoencoder(nn.Module):
    """forward(noisy, times, clean) predicts the noise in `noisy`, told by the code of `clean` what is in the image."""

    def __init__(self, shape: AutoencoderShape) -> None:
        super().__init__()
        self.shape = shape
        self.encoder = SemanticEncoder(shape)
        self.unet = UNet(shape)

    def forward(self, noisy: torch.Tensor, times: torch.Tensor, clean: torch.Tensor) -> torch.Tensor:
        """noisy, clean: (N, C, H, W), `clean` in [−1, 1]; times: (N,) steps of the noise → the noise (N, C, H, W)."""
        return cast(torch.Tensor, self.unet(noisy, times, self.encoder(clean)))


class SemanticEncoder(nn.Module):
    """An image's code: what of it a vector can hold."""

    def __init__(self, shape: AutoencoderShape) -> None:
        super().__init__()
        width = shape.channels * shape.encoder_multipliers[0]
        layers: list[nn.Module] = [nn.PixelUnshuffle(shape.patch), nn.Conv2d(shape.values, width, 3, padding=1)]
        side = shape.side
        for level, multiplier in enumerate(shape.encoder_multipliers):
            if level:
                layers.append(PlainBlock(width, width, "down"))
                side //= 2
            for _ in range(shape.blocks):
                layers.append(PlainBlock(width, shape.channels * multiplier))
                width = shape.channels * multiplier
                if side in shape.attention:
                    layers.append(Attention(width))
        layers += [PlainBlock(width, width), Attention(width), PlainBlock(width, width)]
        layers += [_norm(width), nn.SiLU()]
        self.trunk = nn.Sequential(*layers)
        self.project = nn.Conv2d(width, shape.latent, side if shape.places else 1)

    def features(self, images: torch.Tensor) -> torch.Tensor:
        """(N, C, H, W) in [−1, 1] → the last map (N, F, h, w)."""
        return cast(torch.Tensor, self.trunk(images))

    def code(self, features: torch.Tensor) -> torch.Tensor:
        """(N, F, h, w) → (N, latent)."""
        return code_of(features, self.project)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """(N, C, H, W) in [−1, 1] → codes (N, latent)."""
        return self.code(self.features(images))


def code_of(features: torch.Tensor, project: nn.Conv2d) -> torch.Tensor:
    """The last map (N, F, h, w), averaged where `project` does not cover it → codes (N, latent)."""
    if project.kernel_size == (1, 1):
        features = features.mean((2, 3), keepdim=True)
    return cast(torch.Tensor, project(features))[:, :, 0, 0]


class UNet(nn.Module):
    """The noise in an image, from the image, the step it is at, and the code of what it shows."""

    def __init__(self, shape: AutoencoderShape) -> None:
        super().__init__()
        self._sines = shape.channels
        self.time = nn.Sequential(
            nn.Linear(shape.channels, shape.latent), nn.SiLU(), nn.Linear(shape.latent, shape.latent)
        )
        width = shape.channels * shape.multipliers[0]
        self.first = nn.Sequential(nn.PixelUnshuffle(shape.patch), nn.Conv2d(shape.values, width, 3, padding=1))
        self.down = nn.ModuleList()
        skipped, side = [[width]], shape.side  # channels that go across, by resolution
        for level, multiplier in enumerate(shape.multipliers):
            if level:
                self.down.append(_Step(ConditionedBlock(shape, width, width, "down")))
                skipped.append([width])
                side //= 2
            for _ in range(shape.blocks):
                self.down.append(_step(shape, width, shape.channels * multiplier, side))
                width = shape.channels * multiplier
                skipped[level].append(width)
        self.by_place = _by_place(shape, width, side) if shape.places else None
        self.middle = nn.ModuleList(
            [
                _Step(ConditionedBlock(shape, width, width), Attention(width)),
                _Step(ConditionedBlock(shape, width, width)),
            ]
        )
        self.up = nn.ModuleList()
        for level in reversed(range(len(shape.multipliers))):
            for across in reversed(skipped[level]):
                self.up.append(_step(shape, width + across, shape.channels * shape.multipliers[level], side))
                width = shape.channels * shape.multipliers[level]
            if level:
                self.up.append(_Step(ConditionedBlock(shape, width, width, "up")))
                side *= 2
        out = _zeroed(nn.Conv2d(width, shape.values, 3, padding=1))
        self.last = nn.Sequential(_norm(width), nn.SiLU(), out, nn.PixelShuffle(shape.patch))

    def forward(self, x: torch.Tensor, times: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        """x: (N, C, H, W); times: (N,), the steps in [0, T), also fractions; codes: (N, latent) → (N, C, H, W)."""
        time = self.time(sines(times, self._sines).to(x.dtype))
        h = self.first(x)
        across = [h]
        for step in self.down:
            h = step(h, time, codes)
            across.append(h)
        if self.by_place is not None:
            h = h + self.by_place(codes)
        for step in self.middle:
            h = step(h, time, codes)
        for step in self.up:
            h = step(h if step.changes_size else torch.cat([h, across.pop()], 1), time, codes)
        return cast(torch.Tensor, self.last(h))


class _Step(nn.Module):
    """One residual block, and attention after it where this resolution attends."""

    def __init__(self, block: "ConditionedBlock", attention: "Attention | None" = None) -> None:
        super().__init__()
        self.block, self.attention = block, attention
        self.changes_size = block.resize != ""

    def forward(self, x: torch.Tensor, time: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        h = self.block(x, time, codes)
        return h if self.attention is None else cast(torch.Tensor, self.attention(h))


def _step(shape: AutoencoderShape, inside: int, outside: int, side: int) -> _Step:
    block = ConditionedBlock(shape, inside, outside)
    return _Step(block, Attention(outside) if side in shape.attention else None)


class PlainBlock(nn.Module):
    """The encoder's residual block: one convolution, no condition. resize: "", "down" or "up", by a factor of two."""

    def __init__(self, inside: int, outside: int, resize: str = "") -> None:
        super().__init__()
        self.resize = resize
        self.norm = _norm(inside)
        self.convolve = nn.Conv2d(inside, outside, 3, padding=1)
        self.skip = nn.Identity() if inside == outside else nn.Conv2d(inside, outside, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = self.convolve(_resized(functional.silu(self.norm(x)), self.resize))
        return cast(torch.Tensor, self.skip(_resized(x, self.resize)) + h)


class ConditionedBlock(nn.Module):
    """The U-Net's residual block: normalised, scaled and shifted by time, scaled by the code, between convolutions."""

    def __init__(self, shape: AutoencoderShape, inside: int, outside: int, resize: str = "") -> None:
        super().__init__()
        self.plain = PlainBlock(inside, outside, resize)
        self.resize = resize
        self.by_time = nn.Linear(shape.latent, 2 * outside)
        self.by_code = nn.Linear(shape.latent, outside)
        self.norm = _norm(outside)
        self.dropout = nn.Dropout(shape.dropout)
        self.convolve = _zeroed(nn.Conv2d(outside, outside, 3, padding=1))

    def forward(self, x: torch.Tensor, time: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
        """x: (N, inside, H, W); time, codes: (N, latent)."""
        plain = self.plain
        h = plain.convolve(_resized(functional.silu(plain.norm(x)), self.resize))
        scale, shift = self.by_time(functional.silu(time))[:, :, None, None].chunk(2, 1)
        by_code = self.by_code(functional.silu(codes))[:, :, None, None]
        h = (self.norm(h) * (1 + scale) + shift) * (1 + by_code)
        h = self.convolve(self.dropout(functional.silu(h)))
        return cast(torch.Tensor, plain.skip(_resized(x, self.resize)) + h)


class Attention(nn.Module):
    """Self-attention of every pixel to every other, one head, added to what came in."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = _norm(width)
        self.qkv = nn.Conv2d(width, 3 * width, 1)
        self.out = _zeroed(nn.Conv2d(width, width, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        n, c, h, w = x.shape
        q, k, v = self.qkv(self.norm(x)).flatten(2).transpose(1, 2).chunk(3, 2)  # (N, h · w, C) each
        mixed = functional.scaled_dot_product_attention(q, k, v)
        return x + cast(torch.Tensor, self.out(mixed.transpose(1, 2).reshape(n, c, h, w)))


def sines(times: torch.Tensor, width: int) -> torch.Tensor:
    """(N,) → (N, width) float32: cosines and sines of periods from 2π to 20,000π steps."""
    rates = torch.exp(torch.arange(width // 2, device=times.device) * (-math.log(_LONGEST_PERIOD) / (width // 2)))
    angles = times[:, None].float() * rates
    return torch.cat([angles.cos(), angles.sin()], 1)


def _resized(x: torch.Tensor, resize: str) -> torch.Tensor:
    if resize == "down":
        return functional.avg_pool2d(x, 2)
    return functional.interpolate(x, scale_factor=2.0, mode="nearest") if resize == "up" else x


def _norm(width: int) -> nn.GroupNorm:
    groups = math.gcd(width, 32)  # 32 in the paper's network, whose widths they divide
    while width // groups < 4 and groups > 1:  # a group of fewer would lose how bright a channel is
        groups //= 2
    return nn.GroupNorm(groups, width)


def _by_place(shape: AutoencoderShape, width: int, side: int) -> nn.Sequential:
    """The code (N, latent) → what it says of each place (N, width, side, side); nothing at the beginning."""
    return nn.Sequential(_zeroed(nn.Linear(shape.latent, width * side**2)), nn.Unflatten(1, (width, side, side)))


def _zeroed(layer: Layer) -> Layer:
    for each in layer.parameters():
        nn.init.zeros_(each)
    return layer


def weights_of(module: nn.Module) -> int:
    """How many numbers a module learns."""
    return sum(each.numel() for each in module.parameters())
