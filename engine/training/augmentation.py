"""Turns, zooms and flips on the device, in raw [0, 1] where 0 is black; what comes in from outside is black."""

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional

__all__ = ["Augmentation"]


@dataclass(frozen=True)
class Augmentation:
    """flip: left to right, half of the images. rotate_degrees, zoom: up to so much either way."""

    flip: bool = False
    rotate_degrees: float = 0.0
    zoom: float = 0.0

    DRAWS = 3  # numbers that chance gives for one image

    def __bool__(self) -> bool:
        return self.flip or self.rotate_degrees > 0 or self.zoom > 0

    def __call__(self, images: torch.Tensor, draws: np.ndarray) -> torch.Tensor:
        """(N, H, W) in [0, 1] → the same shape; draws: (N, DRAWS) in [0, 1). One image does not touch another."""
        if not self:
            return images
        maps = torch.from_numpy(self.maps(draws)).to(images.device)
        x = images.unsqueeze(1)  # (N, 1, H, W)
        grid = functional.affine_grid(maps, list(x.shape), align_corners=False)
        return functional.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False)[:, 0]

    def maps(self, draws: np.ndarray) -> np.ndarray:
        """(N, 2, 3) float32: for each place of the result, where it comes from, both in [−1, 1] across the image."""
        angles = np.deg2rad((2 * draws[:, 0] - 1) * self.rotate_degrees)
        scales = 1 / (1 + (2 * draws[:, 1] - 1) * self.zoom)
        signs = np.where(draws[:, 2] < 0.5, -1.0, 1.0) if self.flip else np.ones(len(draws))
        maps = np.zeros((len(draws), 2, 3), np.float32)
        maps[:, 0, 0], maps[:, 0, 1] = scales * np.cos(angles) * signs, -scales * np.sin(angles)
        maps[:, 1, 0], maps[:, 1, 1] = scales * np.sin(angles) * signs, scales * np.cos(angles)
        return maps
