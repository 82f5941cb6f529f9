"""From the body's centimetres to the detector's pixels and back.

Body axes: x to the patient's left, y down (0 at the top of a centred detector), z forward. A frontal film shows x to
the right as it hangs; a lateral one has the front at its left. A pose shifts, tilts and enlarges; a small smooth warp
takes away the ruler-straightness of formulas.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.cohorts.simulated.splatting import FIELD_CM, Grid, smooth_noise

MIDDLE = FIELD_CM / 2
Window = tuple[slice, slice]


@dataclass(frozen=True, eq=False)
class Projection:
    """How one exposure sees the body: shift in cm, `tilt` in radians in the film, `turn` about the body's axis."""

    grid: Grid
    frontal: bool
    shift: tuple[float, float]
    tilt: float
    zoom: float
    turn: float
    warp: tuple[np.ndarray, np.ndarray]  # cm, (size, size) each

    @cached_property
    def maps(self) -> tuple[np.ndarray, np.ndarray]:
        """Body coordinates (across, down) in cm of every pixel, float32 (size, size); across is x, or −z if lateral."""
        size, step = self.grid.size, self.grid.pixel_cm / self.zoom
        line = ((np.arange(size) - (size - 1) / 2) * step).astype(np.float32)
        across, down = line[None], line[:, None]
        tilt = np.float32(self.tilt)
        h = self.warp[0] + (across - np.float32(self.shift[0])) + tilt * down
        v = self.warp[1] + (down + np.float32(MIDDLE - self.shift[1])) - tilt * across
        return h, v

    def across(self, points: np.ndarray) -> np.ndarray:
        """Horizontal body coordinate of 3-D points (n, 3) after the turn: (n,)."""
        x, z = points[:, 0], points[:, 2]
        return x + self.turn * z if self.frontal else self.turn * x - z

    def pixels(self, points: np.ndarray) -> np.ndarray:
        """Pixel-centre (column, row) of body points (n, 3) in cm: (n, 2)."""
        return self.flat_pixels(np.column_stack([self.across(points), points[:, 1]]))

    def flat_pixels(self, points: np.ndarray) -> np.ndarray:
        """As `pixels`, for points (n, 2) that are (across, down) already."""
        grid, middle = self.grid, (self.grid.size - 1) / 2
        h, v = points[:, 0] + self.shift[0], points[:, 1] - MIDDLE + self.shift[1]
        plane = np.column_stack([h - self.tilt * v, v + self.tilt * h])
        scale = self.zoom / grid.pixel_cm
        near = np.clip(plane * scale + middle, 0, grid.size - 1).astype(np.int32)
        bent = np.column_stack([warp[near[:, 1], near[:, 0]] for warp in self.warp])
        return (plane - bent) * scale + middle

    def window(self, across: float, down: float, reach: float) -> Window:
        """Slices (rows, columns) that hold everything within `reach` cm of a point."""
        column, row = self.flat_pixels(np.array([[across, down]]))[0]
        half = (reach + 0.8) * self.zoom / self.grid.pixel_cm
        limits = [slice(max(0, int(c - half)), max(0, min(self.grid.size, int(c + half) + 2))) for c in (row, column)]
        return limits[0], limits[1]

    def ellipsoid(
        self, out: np.ndarray, at: tuple[float, float], axes: tuple[float, float], depth: float, angle: float = 0.0
    ) -> Window:
        """Enlarge `out` (size, size) to the path through an ellipsoid where that is longer; cm. Gives its window.

        `at` (across, down) is the centre, `axes` and `depth` the half axes in the film's plane and along the beam.
        """
        window = self.window(*at, max(axes))
        np.maximum(out[window], self.ellipsoid_path(window, at, axes, depth, angle), out=out[window])
        return window

    def ellipsoid_path(
        self, window: Window, at: tuple[float, float], axes: tuple[float, float], depth: float, angle: float = 0.0
    ) -> np.ndarray:
        """Path length in cm through an ellipsoid within a window."""
        h, v = self.maps[0][window] - np.float32(at[0]), self.maps[1][window] - np.float32(at[1])
        cosine, sine = np.float32(np.cos(angle)), np.float32(np.sin(angle))
        along = (h * cosine + v * sine) * np.float32(1 / axes[0])
        beside = (v * cosine - h * sine) * np.float32(1 / axes[1])
        return np.float32(2 * depth) * np.sqrt(np.maximum(1 - along * along - beside * beside, np.float32(0)))


def pose(rng: np.random.Generator, grid: Grid, view: str) -> Projection:
    """A plausible position of the patient before the detector; less careful at the bedside (AP)."""
    loose = 1.5 if view == "AP" else 1.0
    return Projection(
        grid=grid,
        frontal=view != "LATERAL",
        shift=(float(rng.normal(0, 0.6 * loose)), float(rng.normal(0.0, 1.0))),
        tilt=float(rng.normal(0, 0.018 * loose)),
        zoom=float(rng.uniform(0.9, 1.15)),
        turn=float(np.clip(rng.normal(0, 0.03 * loose), -0.09, 0.09)),
        warp=(smooth_noise(rng, 5, 0.16, grid.size), smooth_noise(rng, 5, 0.16, grid.size)),
    )
