"""The planted race signal: a faint texture whose band, region and strength are parameters."""

from functools import lru_cache

import numpy as np
from scipy import ndimage

from engine.cohorts.simulated.confounding import RaceSignal
from engine.cohorts.simulated.splatting import Grid, filtered_noise, frequencies

ANGLE_WIDTH = 0.30  # radians, standard deviation around the group's orientation


def race_texture(
    signal: RaceSignal, group: int, groups: int, region: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The texture to add to a presentation picture: root mean square `signal.strength` within `region`, 0 outside.

    Zero everywhere where the band lies above what the pixels can hold.
    group: number of the race label, 0 to groups − 1. region: bool (size, size). Returns float32 (size, size).
    """
    grid = Grid(region.shape[0])
    gain = band_gain(grid, signal, group, groups)
    if not gain.any():  # these pixels are too coarse for any of the band
        return np.zeros(region.shape, np.float32)
    noise = filtered_noise(rng, grid, gain)
    soft = ndimage.gaussian_filter(region.astype(np.float32), 0.12 / grid.pixel_cm, truncate=2.5) * region
    texture = noise * soft
    level = float(np.sqrt(np.mean(texture[region] ** 2))) if region.any() else 0.0
    return texture * np.float32(signal.strength / level) if level else texture


@lru_cache(maxsize=16)
def band_gain(grid: Grid, signal: RaceSignal, group: int, groups: int) -> np.ndarray:
    """Amplitude by frequency, float32 (padded, padded // 2 + 1): 1 in the band at the group's orientation, else less.

    Orientations are spread evenly over the quarter circle of |horizontal|, |vertical| frequency, so that a mirrored
    picture keeps its group.
    """
    ky, kx = (axis / np.float32(grid.pixel_cm) for axis in frequencies(grid))  # cycles per cm
    radius = np.sqrt(kx**2 + ky**2)
    in_band = (radius >= signal.low) & (radius <= signal.high)
    angle = np.arctan2(np.abs(ky), np.abs(kx))
    centre = 0.5 * np.pi * group / max(groups - 1, 1)
    return np.asarray(in_band * np.exp(-(((angle - centre) / ANGLE_WIDTH) ** 2) / 2), np.float32)
