"""The pulmonary vessels: trees grown breadth first in three dimensions from both hila at once."""

from dataclasses import dataclass

import numpy as np

from engine.cohorts.simulated.body import Body
from engine.cohorts.simulated.projection import Projection
from engine.cohorts.simulated.splatting import Stamps, Tube

CLASSES_CM = np.array([0.035, 0.066, 0.125, 0.235, 0.47])  # radii that are drawn; others are scaled to the nearest
TUBES = tuple(Tube(radius) for radius in CLASSES_CM)
STEPS = (24, 20, 16, 12, 9, 8, 8, 8, 8)  # points along a branch, by generation
SMALLEST_CM = 0.024


@dataclass(frozen=True, eq=False)
class Vessels:
    """Points along all branches: places (n, 3), radii (n,) and the lengths they stand for (n,), cm."""

    points: np.ndarray
    radii: np.ndarray
    lengths: np.ndarray


def grow(body: Body, congestion: float = 0.0) -> Vessels:
    """Trees of both lungs. `congestion` in [0, 1] widens the vessels, those of the upper lobes most."""
    rng = body.details(3)
    points, direction, radius, side = _roots(rng, body)
    pieces = []
    for steps in STEPS:
        if not len(radius):
            break
        branch, length, ahead = _extend(rng, points, direction, radius, steps)
        pieces.append((branch.reshape(-1, 3), np.repeat(radius, steps), np.repeat(length / steps, steps)))
        points, direction, radius, side = _split(rng, branch[:, -1], ahead, radius, side)
        kept = _inside(body, points, side) & (radius > SMALLEST_CM)
        points, direction, radius, side = points[kept], direction[kept], radius[kept], side[kept]
    places, radii, lengths = (np.concatenate(column) for column in zip(*pieces, strict=True))
    upper = np.clip((body.carina + 4 - places[:, 1]) / 10, 0, 1)
    return Vessels(places, radii * (1 + congestion * (0.22 + 0.45 * upper)), lengths)


def _roots(rng: np.random.Generator, body: Body) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    places, directions, radii, sides = [], [], [], []
    for side, across, down in ((-1, 3.3, 4.8), (1, 3.5, 4.0)):
        angles = np.r_[np.linspace(-1.45, 1.5, 10) + rng.normal(0, 0.1, 10), rng.uniform(0.3, 1.3, 4)]
        spread = rng.normal(0, (0.25, 0.25, 1.0), (len(angles), 3))
        places.append(
            np.column_stack([np.full(14, side * across), body.knob + down + angles * 1.3, np.zeros(14)]) + spread
        )
        ahead = np.column_stack([side * np.cos(angles), np.sin(angles), rng.normal(0, 0.55, 14)])
        directions.append(_unit(ahead))
        radii.append(rng.uniform(0.24, 0.5, 14))
        sides.append(np.full(14, side))
    return np.concatenate(places), np.concatenate(directions), np.concatenate(radii), np.concatenate(sides)


def _extend(
    rng: np.random.Generator, start: np.ndarray, ahead: np.ndarray, radius: np.ndarray, steps: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bent branches (n, steps, 3), their lengths (n,) and their directions at the end (n, 3)."""
    n = len(radius)
    length = np.clip(radius * rng.uniform(4.0, 8.0, n) + 0.3, 0.4, 2.2)
    along = np.linspace(0, 1, steps)
    bend = np.cross(ahead, rng.standard_normal((n, 3))) * 0.15
    straight = ahead[:, None] * (length[:, None] * along)[..., None]
    branch = start[:, None] + straight + bend[:, None] * (length[:, None] * along * along)[..., None]
    return branch, length, _unit(ahead + 2 * bend)


def _split(
    rng: np.random.Generator, ends: np.ndarray, ahead: np.ndarray, radius: np.ndarray, side: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    n = len(radius)
    axis = _unit(np.cross(ahead, rng.standard_normal((n, 3))))
    share = rng.uniform(0.35, 0.75, n)  # of the lesser branch
    main = ahead + axis * (0.12 + 0.25 * share)[:, None]
    lesser = ahead - axis * (0.9 - 0.5 * share)[:, None]
    radii = np.concatenate([radius * (1 - share * 0.35) ** 0.8, radius * share**0.75 * 0.85]) * 0.97
    return np.concatenate([ends, ends]), _unit(np.concatenate([main, lesser])), radii, np.concatenate([side, side])


def _inside(body: Body, points: np.ndarray, side: np.ndarray) -> np.ndarray:
    across = points[:, 0] * side
    depth = np.abs(points[:, 2]) < 8
    return (across > 1.5) & (across < body.half_width(points[:, 1]) - 0.8) & (points[:, 1] > body.apex + 0.3) & depth


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def draw(vessels: Vessels, projection: Projection, stamps: Stamps) -> None:
    """Add vessels to the stamps; small ones a little stronger than their path, as they stand for their bundle."""
    places = projection.pixels(vessels.points)
    classes = np.searchsorted(np.sqrt(CLASSES_CM[:-1] * CLASSES_CM[1:]), vessels.radii)
    area = (vessels.radii / CLASSES_CM[classes]) ** 2
    bundle = np.clip(vessels.radii / 0.125, 0.2, 1) ** -0.35
    for number, tube in enumerate(TUBES):
        chosen = classes == number
        if chosen.any():
            stamps.add(tube, places[chosen], (vessels.lengths * area * bundle)[chosen])
