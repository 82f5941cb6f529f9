"""A small network for machines without a GPU: what a radiograph needs that ImageNet's networks take long to learn.

Its first filters are a complete set of band-pass patterns (the cosine transform of 7 × 7 pixels without its mean),
divided by their local energy: local contrast normalisation (Jarrett et al. 2009, "What is the best multi-stage
architecture for object recognition?"), so that a faint texture counts as much in the lung as beside a wire. Every stage
hands its input on beside what it adds (DenseNet, Huang et al. 2017). Pooled features are standardised before the head.
"""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

__all__ = ["SmallTrunk"]

_SIDE = 7  # pixels of a first filter
_BAND = _SIDE * _SIDE - 1
_TONE = 15  # first filters that are free, for brightness and shape
_ADDED = 32  # channels that a stage adds
_FAINTEST = 2e-4  # energy, in normalised units, below which contrast is not raised: about a grey level of 8 bits


class SmallTrunk(nn.Module):
    """(N, 3, H, W) → (N, WIDTH, H / 16, W / 16)."""

    band: torch.Tensor  # (48, 3, 7, 7); the three channels are one grey
    WIDTH = _BAND + 1 + _TONE + 3 * _ADDED

    def __init__(self) -> None:
        super().__init__()
        self.tone = nn.Conv2d(3, _TONE, _SIDE, stride=4, padding=_SIDE // 2, bias=False)
        self.norm = nn.BatchNorm2d(_BAND + 1 + _TONE)
        widths = [_BAND + 1 + _TONE + k * _ADDED for k in range(3)]
        self.stages = nn.ModuleList(_Stage(width, stride) for width, stride in zip(widths, (2, 2, 1)))
        # Not learned: the slightest step of an optimizer would let brightness, a hundred times as strong, leak in.
        self.register_buffer("band", torch.from_numpy(band_filters())[:, None].expand(-1, 3, -1, -1) / 3)

    def redraw(self) -> None:
        """Other fixed filters than the designed ones: the same in number, norm and span, turned at random."""
        flat = torch.from_numpy(band_filters()).reshape(_BAND, -1)
        turned = nn.init.orthogonal_(torch.empty(_BAND, _BAND)) @ flat
        self.band.copy_(turned.reshape(_BAND, 1, _SIDE, _SIDE) / 3)

    def front(self, x: torch.Tensor) -> torch.Tensor:
        """(N, 3, H, W) → (N, 64, H/4, W/4): bands by their local energy, its logarithm, and the tones."""
        band = functional.conv2d(x, self.band, stride=4, padding=_SIDE // 2)  # (N, 48, H/4, W/4)
        energy = band.square().mean(1, keepdim=True) + _FAINTEST
        return torch.cat([band * energy.rsqrt(), energy.log(), self.tone(x)], 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.norm(self.front(x)).relu()
        for stage in self.stages:
            y = stage(y)
        return y


class _Stage(nn.Module):
    """What came in, averaged to the new size, beside `_ADDED` channels more."""

    def __init__(self, width: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        self.added = nn.Sequential(
            nn.Conv2d(width, _ADDED, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(_ADDED),
            nn.ReLU(),
            nn.Conv2d(_ADDED, _ADDED, 3, padding=1, bias=False),
            nn.BatchNorm2d(_ADDED),
            nn.ReLU(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        kept = x if self.stride == 1 else functional.avg_pool2d(x, self.stride, ceil_mode=True)
        return torch.cat([kept, self.added(x)], 1)


def band_filters() -> np.ndarray:
    """(48, 7, 7) float32: the patterns of the discrete cosine transform (DCT-II) but the constant one, of norm 1."""
    places = np.arange(_SIDE) + 0.5
    waves = [np.cos(np.pi * k * places / _SIDE) for k in range(_SIDE)]
    patterns = np.array([np.outer(down, across) for down in waves for across in waves][1:])
    return (patterns / np.sqrt((patterns**2).sum((1, 2), keepdims=True))).astype(np.float32)
