"""Tubes as exact path lengths: points splatted on a grid, multiplied in the Fourier domain by the transform of a disc.

A cylinder of radius r seen from any side is a curve of discs projected along the beam, and the transform of a uniform
disc has a closed form, 2 J1(z)/z with z = 2 pi k r (Bracewell, The Fourier Transform, ch. 12). A disc less a smaller
disc is the cortex of a bone or the wall of a tube. All tubes of one radius cost one transform, whatever their number.
"""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from scipy import fft
from scipy.interpolate import CubicSpline
from scipy.special import j1

FIELD_CM = 40.0  # side of the square detector, at the detector
DETECTOR_BLUR_PX = 0.42  # Gaussian standard deviation of focal spot, scintillator and aperture together


@dataclass(frozen=True)
class Grid:
    """The square detector: `size` pixels of `pixel_cm`; Fourier work has a margin so that nothing wraps around."""

    size: int

    @property
    def pixel_cm(self) -> float:
        return FIELD_CM / self.size

    @property
    def margin(self) -> int:
        return max(8, self.size * 14 // 512)

    @property
    def padded(self) -> int:
        return int(fft.next_fast_len(self.size + 2 * self.margin, real=True))


@dataclass(frozen=True)
class Tube:
    """The cross-section that a stamp draws: radii in cm, the hollow's share that is not material."""

    radius: float
    hollow: float = 0.0  # inner radius
    emptiness: float = 1.0  # 1: air inside; 0.8: marrow
    flattening: float = 1.0  # vertical over horizontal radius


@lru_cache(maxsize=8)
def frequencies(grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """(vertical, horizontal) frequencies of the half spectrum, cycles per pixel: (padded, 1), (1, padded // 2 + 1)."""
    vertical = np.fft.fftfreq(grid.padded).astype(np.float32)[:, None]
    return vertical, np.fft.rfftfreq(grid.padded).astype(np.float32)[None]


@lru_cache(maxsize=256)
def kernel(grid: Grid, tube: Tube) -> np.ndarray:
    """Transform of the tube's cross-section times the detector's, in pixels², (padded, padded // 2 + 1) float32."""
    ky, kx = frequencies(grid)
    scale = 1.0 / grid.pixel_cm
    outer = _ellipse_transform(kx, ky, tube.radius * scale, tube.flattening)
    inner = _ellipse_transform(kx, ky, tube.hollow * scale, tube.flattening) if tube.hollow else 0.0
    blur = np.exp(-2 * (np.pi * DETECTOR_BLUR_PX) ** 2 * (kx**2 + ky**2))
    return np.asarray((outer - tube.emptiness * inner) * blur, np.float32)


def _ellipse_transform(kx: np.ndarray, ky: np.ndarray, radius: float, flattening: float) -> np.ndarray:
    z = 2 * np.pi * radius * np.sqrt(kx**2 + (flattening * ky) ** 2)
    z[0, 0] = 1.0
    transform = 2 * j1(z) / z
    transform[0, 0] = 1.0
    return np.pi * radius**2 * flattening * transform


def splat(grid: Grid, points: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Bilinear sum of weighted points, (n, 2) in pixel-centre (column, row), on the padded grid.

    What lies outside the padded grid gathers at its rim, which `inverse` cuts away.
    """
    width = grid.padded
    place = np.clip(points + grid.margin, 0, width - 2.001)
    whole = place.astype(np.int32)
    fx, fy = (place - whole).T
    first = whole[:, 1] * width + whole[:, 0]
    index = np.concatenate([first, first + 1, first + width, first + width + 1])
    parts = (weights * (1 - fx) * (1 - fy), weights * fx * (1 - fy), weights * (1 - fx) * fy, weights * fx * fy)
    flat = np.bincount(index, np.concatenate(parts), width * width)
    return flat.reshape(width, width).astype(np.float32)


@dataclass
class Stamps:
    """Collects tubes and draws them all with one inverse transform."""

    grid: Grid
    _strokes: dict[Tube, list[tuple[np.ndarray, np.ndarray]]] = field(default_factory=dict)

    def add(self, tube: Tube, points: np.ndarray, lengths_cm: np.ndarray) -> None:
        """Points (n, 2) in pixels, each standing for a piece of tube of that length along its axis (n,) in cm."""
        self._strokes.setdefault(tube, []).append((points, np.broadcast_to(lengths_cm, len(points))))

    def draw(self) -> np.ndarray:
        """Path length through the material, (size, size) float32 in cm."""
        grid, total = self.grid, None
        for tube, strokes in self._strokes.items():
            points = np.concatenate([points for points, _ in strokes])
            lengths = np.concatenate([lengths for _, lengths in strokes])
            term = fft.rfft2(splat(grid, points, lengths / grid.pixel_cm)) * kernel(grid, tube)
            total = term if total is None else np.add(total, term, out=total)
        if total is None:
            return np.zeros((grid.size, grid.size), np.float32)
        return inverse(grid, total) * np.float32(grid.pixel_cm)


def inverse(grid: Grid, spectrum: np.ndarray) -> np.ndarray:
    """Image of a half spectrum on the padded grid, without the margin: (size, size)."""
    inside = slice(grid.margin, grid.margin + grid.size)
    return fft.irfft2(spectrum, s=(grid.padded, grid.padded))[inside, inside]


def filtered_noise(rng: np.random.Generator, grid: Grid, gain: np.ndarray) -> np.ndarray:
    """Gaussian noise with amplitude spectrum `gain` (padded, padded // 2 + 1), standard deviation 1, (size, size)."""
    white = rng.standard_normal((2, *gain.shape), dtype=np.float32)
    noise = inverse(grid, (white[0] + 1j * white[1]) * gain)
    return noise / np.float32(noise.std())


def sampled(points: np.ndarray, step: float) -> np.ndarray:
    """A smooth curve through `points` (n, d) in cm, sampled at equal steps of about `step` cm: (m, d)."""
    points = np.asarray(points, float)
    arc = np.r_[0, np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))]
    spline = CubicSpline(arc, points)
    return spline(np.linspace(0, arc[-1], max(2, round(arc[-1] / step) + 1)))


def step_lengths(points: np.ndarray) -> np.ndarray:
    """Length that each of the points (n, d) stands for, cm: (n,)."""
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    return np.r_[steps[:1] / 2, (steps[:-1] + steps[1:]) / 2, steps[-1:] / 2]


@lru_cache(maxsize=32)
def _upsampling(coarse: int, size: int) -> np.ndarray:
    centres = (np.arange(coarse) + 0.5) * size / coarse
    places = np.clip(np.arange(size) + 0.5, centres[0], centres[-1])
    return CubicSpline(centres, np.eye(coarse))(places).astype(np.float32)


def upsampled(coarse: np.ndarray, size: int) -> np.ndarray:
    """Cubic interpolation of a small square image to (size, size), as two matrix products."""
    up = _upsampling(coarse.shape[0], size)
    return up @ coarse.astype(np.float32, copy=False) @ up.T


def smooth_noise(rng: np.random.Generator, cells: int, amplitude: float, size: int) -> np.ndarray:
    """Noise of `cells` independent values across the image, (size, size) float32."""
    return np.float32(amplitude) * upsampled(rng.standard_normal((cells, cells), dtype=np.float32), size)


@lru_cache(maxsize=32)
def _broad_blur(size: int, sigma: float) -> np.ndarray:
    cells = 64
    average = (
        np.repeat(np.eye(cells), -(-size // cells), axis=1)[:, :size] if size % cells == 0 else _resample(cells, size)
    )
    average = average / average.sum(1, keepdims=True)
    place = np.arange(cells)
    gauss = np.exp(-(((place[:, None] - place) / (sigma * cells)) ** 2) / 2)
    return ((gauss / gauss.sum(1, keepdims=True)) @ average).astype(np.float32)


def _resample(cells: int, size: int) -> np.ndarray:
    owner = np.arange(size) * cells // size
    return (owner[None] == np.arange(cells)[:, None]).astype(float)


def broad_blur(image: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur of standard deviation `sigma`, as a fraction of the image's side, worked out on 64² cells."""
    blur = _broad_blur(image.shape[0], sigma)
    return upsampled(blur @ image @ blur.T, image.shape[0])
