import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from engine.cohorts.simulated.splatting import (
    Grid,
    Stamps,
    Tube,
    broad_blur,
    sampled,
    spectrum_of,
    splat,
    step_lengths,
    upsampled,
)


@pytest.mark.parametrize("size", [128, 200, 256])
def test_a_cylinder_across_the_film_has_its_chord_as_path_length(size: int) -> None:
    """The middle of a cylinder of radius r is 2 r thick (elementary geometry), at any pixel size."""
    grid, radius = Grid(size), 1.5
    centre = (size - 1) / 2
    columns = np.arange(-10, size + 10, 0.25)
    points = np.column_stack([columns, np.full(len(columns), centre)])
    stamps = Stamps(grid)
    stamps.add(Tube(radius), points, np.full(len(columns), 0.25 * grid.pixel_cm))
    path = stamps.draw()[:, size // 2]
    rows = (np.arange(size) - centre) * grid.pixel_cm
    chord = 2 * np.sqrt(np.maximum(radius**2 - rows**2, 0))
    inside = np.abs(rows) < radius - 3 * grid.pixel_cm
    assert np.abs(path[inside] - chord[inside]).max() < 0.06
    assert path.sum() * grid.pixel_cm == pytest.approx(np.pi * radius**2, rel=0.01)  # nothing is lost


def test_a_hollow_tube_is_brighter_at_its_walls() -> None:
    grid = Grid(256)
    rows = np.arange(20, 230, 0.25)
    stamps = Stamps(grid)
    stamps.add(Tube(1.2, 0.9), np.column_stack([np.full(len(rows), 128.0), rows]), 0.25 * grid.pixel_cm)
    across = stamps.draw()[128]
    wall = round(128 + 1.05 / grid.pixel_cm)
    assert across[wall] > 1.5 * across[128] > 0


def test_nothing_wraps_round_the_edge() -> None:
    grid = Grid(128)
    stamps = Stamps(grid)
    stamps.add(Tube(0.6), np.array([[-9.0, 64.0], [-30.0, 10.0]]), np.array([1.0, 1.0]))
    assert np.abs(stamps.draw()).max() < 0.02


def test_sampled_steps_add_up_to_the_length() -> None:
    curve = sampled(np.array([(0.0, 0.0, 0.0), (3.0, 0.0, 0.0), (6.0, 0.0, 0.0)]), 0.1)
    assert step_lengths(curve).sum() == pytest.approx(6.0)


def test_upsampling_and_blur_keep_a_constant() -> None:
    assert np.allclose(upsampled(np.full((7, 7), 2.5, np.float32), 128), 2.5, atol=1e-4)
    for size in (128, 200):
        assert np.allclose(broad_blur(np.full((size, size), 2.5, np.float32), 0.06), 2.5, atol=1e-3)


def test_every_second_pixel_is_the_upsampled_image_thinned() -> None:
    coarse = np.random.default_rng(1).standard_normal((14, 14), dtype=np.float32)
    assert np.array_equal(upsampled(coarse, 128, every=2), upsampled(coarse, 128)[::2, ::2])


@pytest.mark.parametrize("cells", [5, 22, 64])
def test_upsampling_is_the_spline_through_the_cells(cells: int) -> None:
    """The oracle is scipy's cubic spline, row by row and column by column, held constant beyond the outer cells."""
    coarse = np.random.default_rng(cells).standard_normal((cells, cells), dtype=np.float32)
    centres = (np.arange(cells) + 0.5) * 128 / cells
    places = np.clip(np.arange(128) + 0.5, centres[0], centres[-1])
    expected = CubicSpline(centres, CubicSpline(centres, coarse)(places), axis=1)(places)
    assert np.abs(upsampled(coarse, 128) - expected).max() < 2e-5


def test_the_spectrum_of_points_is_that_of_their_grid() -> None:
    grid, rng = Grid(128), np.random.default_rng(3)
    points, weights = rng.uniform(40, 90, (30, 2)), rng.random(30)
    top, rows = splat(grid, points, weights)
    whole = np.zeros((grid.padded, grid.padded), np.float32)
    whole[top : top + len(rows)] = rows
    assert whole.sum() == pytest.approx(weights.sum(), rel=1e-5)
    assert np.allclose(spectrum_of(grid, points, weights), np.fft.rfft2(whole), atol=1e-4)
