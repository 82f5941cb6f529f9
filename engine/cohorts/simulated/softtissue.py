"""The trunk around the lungs on a frontal film: outline, breasts, arms, muscles, and the gas below the diaphragm."""

import numpy as np

from engine.cohorts.simulated.body import SIDES, Body, row_index, row_table, sign
from engine.cohorts.simulated.placement import generator
from engine.cohorts.simulated.projection import Projection
from engine.cohorts.simulated.spec import ChestSpec
from engine.cohorts.simulated.splatting import smooth_noise, upsampled


def body_thickness(body: Body, projection: Projection, rng: np.random.Generator) -> np.ndarray:
    """Path through the whole trunk and arms as if lungs were solid, cm, float32 (size, size)."""
    size = projection.grid.size
    h, v = (np.ascontiguousarray(axis[::2, ::2]) for axis in projection.maps)  # half as fine: the skin is never sharp
    rows = row_index(v)
    wide, deep = _outline(body, rng)
    place = np.abs(h / wide[rows])
    square = place * place
    trunk = 2 * deep[rows] * np.sqrt(np.maximum(1 - square * place, 0))
    np.maximum(trunk, _arms(body, h, v, rng), out=trunk)
    trunk += _breasts(body, h, v, rng) + _muscles(body, h, v)
    trunk *= 1 + smooth_noise(rng, 14, 0.016, size, every=2) + smooth_noise(rng, 40, 0.007, size, every=2)
    trunk += bowel_thickness(body, v, rng, size) * within(trunk)
    return upsampled(trunk, size)


def within(trunk: np.ndarray) -> np.ndarray:
    """1 well inside a trunk of this thickness (cm), 0 outside of it: nothing of the body lies beyond its skin."""
    return np.clip(trunk * np.float32(0.1), 0, 1)


def _outline(body: Body, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Half width and half depth of neck, shoulders and trunk by row."""
    top, w, fat = body.shoulder, body.width, body.fat
    neck = rng.uniform(5.2, 6.2) + 0.25 * fat
    heights = np.array([-3, top - 3.5, top - 2, top, top + 1.8, top + 6, top + 13, 30, 44])
    half = np.array([neck, neck + 0.5, neck + 2.2, 12.0 * w, 17.2 * w, 20.0 * w, 17.4 * w, 16.0 * w, 15.8 * w])
    half[3:] += fat * np.array([0.3, 0.5, 0.7, 0.9, 1.1, 1.25])
    depths = np.array([-3, top - 2, top + 1, top + 5, top + 10, 20, 30, 44])
    deep = np.array([5.2, 5.5, 6.2, 7.6, 9.8, 11.0, 11.5, 11.8]) * body.scale
    deep += fat * np.array([0.3, 0.3, 0.4, 0.5, 0.7, 0.8, 1.1, 1.2])
    return row_table(heights, half), row_table(depths, deep)


def bowel_thickness(body: Body, v: np.ndarray, rng: np.random.Generator, size: int) -> np.ndarray:
    """Loops and organs below the diaphragm as mottled thickness, cm, on every second pixel, as `v`."""
    scales = ((9, 0.8), (22, 0.5), (48, 0.2))
    mottle = sum(smooth_noise(rng, cells, amplitude, size, every=2) for cells, amplitude in scales)
    low = np.clip((v - np.float32(body.lungs["R"].dome + 2)) * np.float32(0.25), 0, 1)
    return np.asarray(mottle * low)


def _arms(body: Body, h: np.ndarray, v: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Upper arms: hanging at the bedside, held away with the hands on the hips before a wall stand."""
    outward = rng.uniform(0.02, 0.1) if body.frontal_supine else rng.uniform(0.08, 0.35)
    radius = 3.6 * body.scale + 0.45 * body.fat
    start = body.shoulder + 5.5
    arms = np.zeros_like(h)
    for side in SIDES:
        away = h * np.float32(sign(side)) - np.float32(18.6 * body.width + 0.5 * body.fat)
        away = (away - (v - np.float32(start)) * np.float32(outward)) * np.float32(1 / radius)
        above = np.maximum(np.float32(start) - v, 0) * np.float32(1 / 4.5)
        np.maximum(arms, np.float32(2 * radius) * np.sqrt(np.maximum(1 - away * away - above * above, 0)), out=arms)
    return arms


def _breasts(body: Body, h: np.ndarray, v: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Breast shadows: fading upwards, ending below in a sharp fold; flat pectoral shadows in men."""
    total = np.zeros_like(h)
    droop = rng.uniform(13.5, 17.0) + 0.02 * max(0.0, body.age_years - 40) * 2
    for side in SIDES:
        x = h * np.float32(sign(side))
        if not body.breast:
            total += _mound(x, v, (9.0 * body.width, body.apex + 7.0), (6.5, 7.0, 4.0), body.muscle * 0.9)
            continue
        centre = (8.6 * body.width + rng.normal(0, 0.3), body.apex + droop + rng.normal(0, 0.3))
        total += _mound(x, v, centre, (7.0 + 0.3 * body.fat, 9.5, 4.2 + 0.5 * body.breast), body.breast * 2.1)
    return total


def _mound(
    x: np.ndarray, v: np.ndarray, centre: tuple[float, float], reach: tuple[float, float, float], depth: float
) -> np.ndarray:
    """A soft heap of `depth` cm; reach (beside, above, below). Its lower edge is steeper than its upper one."""
    beside = (x - np.float32(centre[0])) * np.float32(1 / reach[0])
    down = v - np.float32(centre[1])
    down = down * np.where(down < 0, np.float32(1 / reach[1]), np.float32(1 / reach[2]))
    rest = np.maximum(1 - beside * beside - down * down, 0)
    fade = np.minimum(down, 0)
    return np.float32(depth) * np.sqrt(rest) * (1 - fade * fade)


def _muscles(body: Body, h: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Sternomastoid in the neck, and the fold of skin above the clavicles."""
    total = np.zeros_like(h)
    for side in SIDES:
        x = h * np.float32(sign(side))
        neck = x - np.float32(3.6) + (v - np.float32(body.apex - 4.5)) * np.float32(0.28)
        neck = neck * np.float32(1 / 1.3)
        reach = (v - np.float32(body.apex - 4.5)) * np.float32(1 / 6.5)
        total += np.float32(1.8) * np.sqrt(np.maximum(1 - neck * neck - reach * reach, 0))
    return total


def abdominal_gas(body: Body, projection: Projection, spec: ChestSpec) -> np.ndarray:
    """Stomach bubble with its fluid level where the patient stands, and gas in the colon; cm."""
    rng = generator(spec.exposure_seed, 4)
    gas = np.zeros((projection.grid.size, projection.grid.size), np.float32)
    dome = body.lungs["L"].dome
    at = (float(rng.uniform(4.5, 8.0)), dome + float(rng.uniform(1.9, 2.9)))
    axes = (float(rng.uniform(1.4, 3.4)), float(rng.uniform(0.9, 1.9)))
    if rng.random() < 0.8:
        window = projection.ellipsoid(gas, at, axes, float(rng.uniform(2.2, 5.0)), float(rng.uniform(-0.3, 0.3)))
        if not body.frontal_supine:
            level = np.float32(at[1] + axes[1] * rng.uniform(0.0, 0.6))
            gas[window] *= np.clip((level - projection.maps[1][window]) * 8, 0, 1)
    for _ in range(int(rng.integers(1, 5))):
        _colon(gas, projection, rng, dome)
    return gas


def _colon(gas: np.ndarray, projection: Projection, rng: np.random.Generator, dome: float) -> None:
    """A row of gas-filled pouches."""
    x, y = float(rng.uniform(-11, 12)), dome + float(rng.uniform(5.0, 9.5))
    heading, rich = float(rng.uniform(-0.7, 0.7)), float(rng.uniform(0.4, 1.5))
    for _ in range(int(rng.integers(2, 6))):
        size = float(rng.uniform(0.7, 1.4))
        projection.ellipsoid(gas, (x, y), (size, size * 0.85), size * rich, heading)
        x, y = x + 1.5 * size * np.cos(heading), y + 1.5 * size * np.sin(heading)
        heading += float(rng.normal(0, 0.4))
