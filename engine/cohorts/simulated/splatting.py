"""Tubes as exact path lengths: points splatted on a grid, multiplied in the Fourier domain by the transform of a disc.

A cylinder of radius r seen from any side is a curve of discs projected along the beam, and the transform of a uniform
disc has a closed form, 2 J1(z)/z with z = 2 pi k r (Bracewell, The Fourier Transform, ch. 12). A disc less a smaller
disc is the cortex of a bone or the wall of a tube. All tubes of one radius cost one transform, whatever their number.
"""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from scipy import fft
from scipy.interpolate import CubicSpline, make_interp_spline
from scipy.sparse import csr_array
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


def splat(grid: Grid, points: np.ndarray, weights: np.ndarray) -> tuple[int, np.ndarray]:
    """Bilinear sum of weighted points, (n, 2) in pixel-centre (column, row), on the padded grid.

    Gives the first row that holds any and these rows, (rows, padded) float32. What lies outside the padded grid
    gathers at its rim, which `inverse` cuts away.
    """
    width = grid.padded
    place = np.clip(points.T + grid.margin, 0, width - 2.001)
    whole = place.astype(np.intp)
    fx, fy = place - whole
    top, bottom = int(whole[1].min()), int(whole[1].max()) + 2
    first = (whole[1] - top) * width + whole[0]
    index = np.concatenate([first, first + 1, first + width, first + width + 1])
    above, below = weights * (1 - fy), weights * fy
    parts = np.concatenate([above * (1 - fx), above * fx, below * (1 - fx), below * fx])
    rows = bottom - top
    return top, np.bincount(index, parts, rows * width).reshape(rows, width).astype(np.float32)


def spectrum_of(grid: Grid, points: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Half spectrum of `splat`, (padded, padded // 2 + 1) complex64; rows without points cost half a transform."""
    top, rows = splat(grid, points, weights)
    spectrum = np.zeros((grid.padded, grid.padded // 2 + 1), np.complex64)
    spectrum[top : top + len(rows)] = fft.rfft(rows, axis=1)
    return np.asarray(fft.fft(spectrum, axis=0, overwrite_x=True))


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
            term = spectrum_of(grid, points, lengths)
            term *= kernel(grid, tube)
            total = term if total is None else np.add(total, term, out=total)
        if total is None:
            return np.zeros((grid.size, grid.size), np.float32)
        return inverse(grid, total)


def inverse(grid: Grid, spectrum: np.ndarray) -> np.ndarray:
    """Image of a half spectrum on the padded grid, without the margin: (size, size). The spectrum is used up."""
    inside = slice(grid.margin, grid.margin + grid.size)
    rows = fft.ifft(spectrum, axis=0, overwrite_x=True)[inside]
    return np.asarray(fft.irfft(rows, grid.padded, axis=1, overwrite_x=True)[:, inside])


def filtered_noise(rng: np.random.Generator, grid: Grid, gain: np.ndarray) -> np.ndarray:
    """Gaussian noise with amplitude spectrum `gain` (padded, padded // 2 + 1), standard deviation 1, (size, size)."""
    white = rng.standard_normal((2, *gain.shape), dtype=np.float32)
    spectrum = np.empty(gain.shape, np.complex64)
    np.multiply(white[0], gain, out=spectrum.real)
    np.multiply(white[1], gain, out=spectrum.imag)
    noise = inverse(grid, spectrum)
    return noise * np.float32(1 / noise.std())


def sampled(points: np.ndarray, step: float) -> np.ndarray:
    """A smooth curve through `points` (n, d) in cm, sampled at equal steps of about `step` cm: (m, d)."""
    points = np.asarray(points, float)
    ahead = points[1:] - points[:-1]
    arc = np.zeros(len(points))
    np.cumsum(np.sqrt(np.einsum("nd,nd->n", ahead, ahead)), out=arc[1:])
    spline = make_interp_spline(arc, points, k=min(3, len(points) - 1))
    return np.asarray(spline(np.linspace(0, arc[-1], max(2, round(arc[-1] / step) + 1))))


def step_lengths(points: np.ndarray) -> np.ndarray:
    """Length that each of the points (…, n, d) stands for, cm: (…, n)."""
    ahead = points[..., 1:, :] - points[..., :-1, :]
    steps = np.sqrt(np.einsum("...d,...d->...", ahead, ahead)) / 2
    lengths = np.zeros(points.shape[:-1])
    lengths[..., :-1] += steps
    lengths[..., 1:] += steps
    return lengths


@lru_cache(maxsize=32)
def _upsampling(coarse: int, size: int, every: int) -> csr_array:
    centres = (np.arange(coarse) + 0.5) * size / coarse
    places = np.clip(np.arange(0, size, every) + 0.5, centres[0], centres[-1])
    matrix = CubicSpline(centres, np.eye(coarse))(places)
    matrix[np.abs(matrix) < 1e-7] = 0  # a cubic spline forgets its points at a factor of 0.27 a point
    return csr_array(matrix.astype(np.float32))


def upsampled(coarse: np.ndarray, size: int, every: int = 1) -> np.ndarray:
    """Cubic interpolation of a small square image to (size, size), or to `every` so many pixels of that.

    Two products with a sparse matrix: they cost what products of small dense matrices would, but take one thread
    only. Threads of BLAS wait for each other actively, and a film took five times as long beside other work.
    """
    up = _upsampling(coarse.shape[0], size, every)
    across = up @ np.ascontiguousarray(coarse.T, np.float32)
    return np.asarray(up @ np.ascontiguousarray(across.T))


def smooth_noise(rng: np.random.Generator, cells: int, amplitude: float, size: int, every: int = 1) -> np.ndarray:
    """Noise of `cells` independent values across the image, float32 as `upsampled` gives it."""
    coarse = rng.standard_normal((cells, cells), dtype=np.float32)
    return upsampled(coarse * np.float32(amplitude), size, every)


BLUR_CELLS = 64


@lru_cache(maxsize=32)
def _cell_blur(size: int, sigma: float) -> np.ndarray:
    """Weights of a Gaussian between cells, rows over the sums of cells of a line, (cells, cells)."""
    place = np.arange(BLUR_CELLS)
    gauss = np.exp(-(((place[:, None] - place) / (sigma * BLUR_CELLS)) ** 2) / 2)
    pixels = np.diff(_cell_starts(size), append=size)
    return (gauss / gauss.sum(1, keepdims=True) / pixels).astype(np.float32)


def _cell_starts(size: int) -> np.ndarray:
    return -(-np.arange(BLUR_CELLS) * size // BLUR_CELLS)


def broad_blur(image: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur of standard deviation `sigma`, as a fraction of the image's side, worked out on 64² cells."""
    size = image.shape[0]
    starts, blur = _cell_starts(size), _cell_blur(size, sigma)
    cells = np.add.reduceat(np.add.reduceat(image, starts, axis=0), starts, axis=1)
    return upsampled(blur @ cells @ blur.T, size)
