"""The lateral film: the same body from its left side, arms raised, the front at the left of the film.

Maps of `Projection` run from front to back here: across = −z. Lungs overlap, so their paths add.
"""

from collections.abc import Iterator

import numpy as np

from engine.cohorts.simulated.body import SIDES, Body, row_index, row_table, sign
from engine.cohorts.simulated.devices import draw_devices, place_devices, sternum_depth
from engine.cohorts.simulated.findings import Scene
from engine.cohorts.simulated.frontal import air_path, airways, texture
from engine.cohorts.simulated.lateral_findings import add_lateral_findings
from engine.cohorts.simulated.materials import LungField, Materials, healthy
from engine.cohorts.simulated.placement import Placement, generator
from engine.cohorts.simulated.projection import Projection
from engine.cohorts.simulated.skeleton import HUMERUS, POSTERIOR_RIB, RIDGE, STERNUM, Bone, ribs, stamp
from engine.cohorts.simulated.softtissue import bowel_thickness, within
from engine.cohorts.simulated.spec import ChestSpec, Side, TruthObject
from engine.cohorts.simulated.splatting import Stamps, Tube, sampled, smooth_noise, step_lengths, upsampled

BACK_OF_SPINE = Tube(0.45, 0.3, 0.8)


def lateral_materials(body: Body, placement: Placement, spec: ChestSpec, projection: Projection) -> Materials:
    """Everything a lateral film shows, without the film."""
    size = projection.grid.size
    heart, silhouette = _mediastinum(body, projection)
    lungs = {side: _lung(body, side, projection, silhouette) for side in SIDES}
    aeration = healthy(size)
    add_lateral_findings(Scene(aeration, lungs, body, placement, projection), spec)
    fine = texture(projection, generator(spec.exposure_seed, 3))
    soft = _trunk(body, projection, generator(spec.body_seed, 5))
    soft -= air_path(body, spec, projection, lungs, aeration, fine, vessel_contrast=1.0)
    soft -= _stomach(body, projection, generator(spec.exposure_seed, 4)) * (
        projection.maps[1] > lungs["L"].dome + np.float32(0.4)
    )
    soft -= airways(body, projection) * np.float32(0.8)
    stamps = Stamps(projection.grid)
    truth = stamp([*_ribs(body), *_other_bones(body)], stamps, projection)
    bone = stamps.draw()
    truth.append(_add_spine(bone, body, projection))
    bone *= 1 + fine * np.float32(0.035)
    metal = np.zeros((size, size), np.float32)
    truth += aeration.truth + draw_devices(place_devices(body, placement, spec.devices), metal, projection)
    metal *= np.float32(spec.device_density)
    inside = {side: _above_dome(lungs[side], projection) for side in SIDES}
    masks = [TruthObject("lung", side, mask=inside[side]) for side in SIDES]
    floor = np.maximum(lungs["R"].dome, lungs["L"].dome) + np.float32(1.0)
    heart_mask = (heart > 0.3) & (projection.maps[1] < floor)
    masks.append(TruthObject("heart", "", mask=heart_mask))
    return Materials(np.maximum(soft, 0), bone, metal, inside["R"] | inside["L"], heart_mask, masks + truth)


def _mediastinum(body: Body, projection: Projection) -> tuple[np.ndarray, np.ndarray]:
    """Path through the heart, and through heart and great vessels, cm."""
    size, s, down = projection.grid.size, body.heart.size, body.heart.down
    heart = np.zeros((size, size), np.float32)
    projection.ellipsoid(heart, (-3.4, down + 0.4), (5.6 * s, 4.4 * s), 5.6 * s, -0.55)
    projection.ellipsoid(heart, (-1.0, down - 1.0), (3.6 * s, 4.2 * s), 4.0 * s, 0.2)
    vessels = heart.copy()
    projection.ellipsoid(vessels, (-3.0, body.knob + 3.5), (2.4, 5.0), 2.6, -0.25)  # ascending aorta
    projection.ellipsoid(vessels, (0.6, body.knob + 0.2), (3.4, 1.6 + 0.3 * body.unfolding), 1.8, 0.15)  # arch
    projection.ellipsoid(vessels, (-0.4, body.carina + 1.8), (2.1, 1.7), 2.6, 0.3)  # both pulmonary arteries
    return heart, vessels


def _lung(body: Body, side: Side, projection: Projection, silhouette: np.ndarray) -> LungField:
    h, v = projection.maps
    rows, shape = row_index(v), body.lungs[side]
    half = shape.half_depth[rows] * np.float32(1.02)
    forward = h - np.float32(0.6)  # the lungs reach further back than forward
    place = np.abs(forward) / half
    square = place * place
    chest = (shape.outer - shape.inner)[rows] * np.sqrt(np.maximum(1 - square * place, 0)) * np.float32(0.86)
    chest *= v > np.float32(body.apex)
    behind = h + np.float32(2.0)
    fall = np.where(behind > 0, np.float32(0.058), np.float32(0.05)) * behind * behind
    dome = np.float32(shape.dome) + fall
    depth = np.maximum(v - dome, 0)
    left = np.maximum(1 - np.sqrt(depth * 30) / np.maximum(chest, np.float32(0.1)), 0)
    open_ = chest * left * left
    beneath = np.clip(1 - depth * np.float32(0.4), 0, 1)  # the heart stands on the diaphragm
    air = np.maximum(open_ - silhouette * beneath * np.float32(0.42), 0)
    return LungField(side, forward, half, chest, open_, air, dome)


def _above_dome(lung: LungField, projection: Projection) -> np.ndarray:
    return (lung.open > 0.6) & (projection.maps[1] < lung.dome + np.float32(0.2))


def _trunk(body: Body, projection: Projection, rng: np.random.Generator) -> np.ndarray:
    """Path through trunk, raised arms and breasts as if lungs were solid, cm."""
    size = projection.grid.size
    h, v = (np.ascontiguousarray(axis[::2, ::2]) for axis in projection.maps)
    rows, (front, back, wide) = row_index(v), _outline(body)
    middle, half = (back - front) / 2, (back + front) / 2
    place = np.abs((h - middle[rows]) / half[rows])
    square = place * place
    trunk = 2 * wide[rows] * np.sqrt(np.maximum(1 - square * place, 0))
    trunk += _raised_arms(body, h, v) + _breast(body, h, v, rng)
    trunk *= 1 + smooth_noise(rng, 14, 0.016, size, every=2) + smooth_noise(rng, 40, 0.007, size, every=2)
    trunk += bowel_thickness(body, v, rng, size) * within(trunk)
    return upsampled(trunk, size)


def _outline(body: Body) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Reach to the front and to the back, and half width, by row."""
    top, fat, scale = body.shoulder, body.fat, body.scale
    heights = np.array([-3, top - 2, top + 1.5, top + 5, top + 10, 20, 28, 44])
    front = np.array([4.6, 5.6, 8.6, 10.0, 10.8, 11.2, 11.4, 11.6]) * scale + fat * 0.85
    back = np.array([6.6, 7.4, 9.2, 11.0, 11.9, 11.6, 10.6, 9.8]) * scale + fat * 0.8
    wide = np.array([5.5, 6.5, 11.0, 14.5, 15.6, 16.0, 16.0, 16.2]) * body.width + fat * 0.9
    return row_table(heights, front), row_table(heights, back), row_table(heights, wide)


def _raised_arms(body: Body, h: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Upper arms held up and forward, over the top of the film."""
    along = (h + np.float32(6.0)) * np.float32(0.55) + (v - np.float32(body.shoulder - 1)) * np.float32(0.83)
    beside = (v - np.float32(body.shoulder - 1)) * np.float32(0.55) - (h + np.float32(6.0)) * np.float32(0.83)
    beside, along = beside * np.float32(1 / 16.0), along * np.float32(1 / (4.2 + 0.4 * body.fat))
    return np.float32(8) * np.sqrt(np.maximum(1 - beside * beside - along * along, 0))


def _breast(body: Body, h: np.ndarray, v: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    if not body.breast:
        return np.zeros_like(h)
    down = v - np.float32(body.apex + rng.uniform(14.0, 16.5))
    y = down * np.where(down < 0, np.float32(1 / 9.0), np.float32(1 / 4.2))
    x = (h + np.float32(8.6 * body.scale + 0.8 * body.fat)) * np.float32(1 / (2.6 + 0.8 * body.breast))
    return np.float32(7.5) * np.sqrt(np.maximum(1 - x * x - y * y, 0))


def _stomach(body: Body, projection: Projection, rng: np.random.Generator) -> np.ndarray:
    """The air under the left half of the diaphragm, with its level."""
    gas = np.zeros((projection.grid.size, projection.grid.size), np.float32)
    dome = body.lungs["L"].dome
    at, tall = (float(rng.uniform(-3.5, 1.5)), dome + float(rng.uniform(2.4, 3.2))), float(rng.uniform(1.1, 2.0))
    window = projection.ellipsoid(gas, at, (float(rng.uniform(2.0, 3.4)), tall), float(rng.uniform(2.2, 4.5)), -0.1)
    level = np.float32(at[1] + tall * rng.uniform(0.1, 0.6))
    gas[window] *= np.clip((level - projection.maps[1][window]) * 8, 0, 1)
    return gas


def _ribs(body: Body) -> Iterator[Bone]:
    """Ribs with even weights: from the side the beam runs along none of them for long."""
    for rib in ribs(body):
        weights = step_lengths(rib.points) * body.bone_density * (0.62 if rib.side == "R" else 0.72)
        yield Bone(rib.kind, rib.side, rib.points, ((POSTERIOR_RIB, weights),), rib.number)


def _other_bones(body: Body) -> Iterator[Bone]:
    heights = body.apex + np.array([2.2, 5.0, 7.0, 10.0, 14.0, 18.0])
    front = np.array([sternum_depth(body, height) for height in heights]) + np.array([0, 0.35, 0.5, 0.35, 0.2, 0])
    sternum = sampled(np.column_stack([np.zeros(6), heights, front]), 0.07)
    yield Bone("sternum", "", sternum, ((STERNUM, step_lengths(sternum) * body.bone_density * 3.0),))
    for side in SIDES:
        s, off = sign(side), 0.9 * sign(side)
        blade = np.array([(0, 1.0, -6.8), (0, 4.0, -9.4), (0, 8.5, -10.4), (0, 11.0, -9.9)])
        curve = sampled(blade + np.array([12 * s, body.apex + off, off]), 0.07)
        yield Bone("scapula", side, curve, ((RIDGE, step_lengths(curve) * body.bone_density * 0.75),))
        arm = np.array([(0, 3.0, -3.5), (0, 0.5, -1.0), (0, -3.5, 3.5), (0, -9.0, 9.0)])
        curve = sampled(arm + np.array([15 * s, body.apex + off, 1.5 * off]), 0.07)
        yield Bone("humerus", side, curve, ((HUMERUS, step_lengths(curve) * body.bone_density * 0.55),))


def _add_spine(bone: np.ndarray, body: Body, projection: Projection) -> TruthObject:
    """Vertebral bodies with end plates, and the arches behind them, along the curve of the spine."""
    height = 2.28 * body.scale
    levels = np.arange(-4, 16)
    middles = body.first_rib + 0.3 + height * (levels + 0.5)
    knots = body.apex + np.array([-8, 0, 5, 11, 17, 24, 32])
    bend = np.array([1.4, 2.8, 4.3, 5.2, 5.2, 4.4, 3.4]) + body.kyphosis * np.array([-0.2, 0.1, 0.5, 0.7, 0.6, 0.3, 0])
    centre = row_table(knots, bend * body.scale)
    h, v = projection.maps
    across = h - centre[row_index(v)]
    start = int(max(0, projection.flat_pixels(np.array([[1.0, 20.0]]))[0, 0]))
    bone[:, start:] += _bodies(across[:, start:], v[:, start:], body, height)
    points = np.column_stack([np.zeros(20), middles, -np.interp(middles, knots, bend * body.scale)])
    return TruthObject("spine", "", projection.pixels(points))


def _bodies(across: np.ndarray, down: np.ndarray, body: Body, height: float) -> np.ndarray:
    phase = (down - np.float32(body.first_rib + 0.3) + across * np.float32(0.08)) * np.float32(1 / height)
    level = np.abs(phase - np.floor(phase) - np.float32(0.5)) * 2
    half = np.float32(1.25) + (down - np.float32(body.apex)) * np.float32(0.016)
    waist = half * (np.float32(0.9) + np.float32(0.1) * level * level)
    beside = np.abs(across) / waist
    inside = np.clip((1 - beside) * 7, 0, 1) * np.clip((np.float32(0.80) - level) * 7, 0, 1)
    plate = (level - np.float32(0.78)) * np.float32(1 / 0.08)
    edge = (beside - np.float32(0.93)) * np.float32(1 / 0.08)
    rim = np.exp(-plate * plate) * np.clip((1 - beside) * 7, 0, 1) + np.exp(-edge * edge) * (level < 0.8)
    arch = (across - half - np.float32(1.5)) * np.float32(1 / 0.9)
    arches = np.exp(-arch * arch) * (np.float32(0.75) + np.float32(0.5) * level)
    column = np.exp(-((across * np.float32(0.42)) ** 2)) * np.float32(0.35)
    total = inside * np.float32(0.48) + rim * np.float32(0.27) + arches * np.float32(0.42) + column
    return (total * np.float32(body.bone_density)).astype(np.float32)
