"""The frontal film: what lies in the beam at each pixel, from the body, its findings and its devices."""

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from engine.cohorts.simulated.body import SIDES, Body, LungRows, row_index, sign
from engine.cohorts.simulated.devices import draw_devices, place_devices
from engine.cohorts.simulated.findings import Scene, add_findings
from engine.cohorts.simulated.materials import Aeration, LungField, Materials, healthy
from engine.cohorts.simulated.placement import Placement, generator
from engine.cohorts.simulated.projection import Projection, Window
from engine.cohorts.simulated.skeleton import add_spine, blade_thickness, ribs, shoulder_girdle, stamp
from engine.cohorts.simulated.softtissue import abdominal_gas, body_thickness
from engine.cohorts.simulated.spec import ChestSpec, Side, TruthObject
from engine.cohorts.simulated.splatting import Grid, Stamps, Tube, filtered_noise, frequencies, sampled, step_lengths
from engine.cohorts.simulated.vessels import Vessels, draw, grow

BRONCHUS = Tube(0.50)


def frontal_materials(body: Body, placement: Placement, spec: ChestSpec, projection: Projection) -> Materials:
    """Everything a frontal film shows, without the film."""
    size = projection.grid.size
    silhouette, heart = _mediastinum(body, projection)
    lungs = _lungs(body, projection, silhouette)
    aeration = healthy(size)
    add_findings(Scene(aeration, lungs, body, placement, projection), spec)
    fine = texture(projection, generator(spec.exposure_seed, 3))
    air = air_path(body, spec, projection, lungs, aeration, fine)
    soft = body_thickness(body, projection, generator(spec.body_seed, 5))
    soft -= air
    soft -= _gas_below_domes(body, projection, spec, lungs) * np.float32(0.9)
    soft -= airways(body, projection) * np.float32(1.1)
    stamps = Stamps(projection.grid)
    bones = [*ribs(body), *shoulder_girdle(body)]
    truth = stamp(bones, stamps, projection)
    bone = stamps.draw() + blade_thickness(bones, projection)
    truth.append(add_spine(bone, body, projection))
    bone *= 1 + fine * np.float32(0.035)
    metal = np.zeros((size, size), np.float32)
    truth += aeration.truth + draw_devices(place_devices(body, placement, spec.devices), metal, projection)
    metal *= np.float32(spec.device_density)
    masks, inside, heart_mask = _organ_truth(lungs, heart, body, projection)
    return Materials(np.maximum(soft, 0), bone, metal, inside, heart_mask, masks + truth)


def _gas_below_domes(
    body: Body, projection: Projection, spec: ChestSpec, lungs: Mapping[Side, LungField]
) -> np.ndarray:
    floor = np.minimum(lungs["L"].dome, lungs["R"].dome) + np.float32(0.35)  # each dome falls away on the other side
    return abdominal_gas(body, projection, spec) * (projection.maps[1] > floor)


def _mediastinum(body: Body, projection: Projection) -> tuple[np.ndarray, np.ndarray]:
    """Depth of heart and great vessels, and of the heart alone, cm."""
    size, heart = projection.grid.size, body.heart
    across, down, s = heart.across, heart.down, heart.size
    turn = 2.0 * projection.turn  # the heart lies before the axis of the turn
    chambers = np.zeros((size, size), np.float32)
    projection.ellipsoid(chambers, (across + turn, down + 0.5 * s), (7.2 * s, 4.9 * s), 5.2 * s, heart.angle)
    projection.ellipsoid(chambers, (-0.6 * s + turn, down - 0.6 * s), (2.8 * s, 6.4 * s), 4.2 * s, 0.06)
    vessels = chambers.copy()
    projection.ellipsoid(vessels, (2.5 * s + turn, down - 2.2 * s), (3.1 * s, 5.2 * s), 4.4 * s, -0.45)
    projection.ellipsoid(vessels, (1.2 + turn, down - 5.0 * s), (2.9 * s, 4.6), 3.6, -0.35)
    radius, stretch = body.knob_radius, body.unfolding
    projection.ellipsoid(vessels, (1.75 + 0.35 * stretch, body.knob), (radius, radius * 1.1), 2.2)
    projection.ellipsoid(vessels, (-1.0 - 0.5 * stretch, body.knob + 3), (1.95, 5.0), 2.0, 0.12)
    projection.ellipsoid(vessels, (-1.7, body.knob + 1.5), (1.15, 9.5), 1.3, 0.03)
    projection.ellipsoid(vessels, (2.7, body.knob + 2.9), (1.15, 1.7), 1.5, 0.5)  # pulmonary trunk
    return vessels, chambers


def _lungs(body: Body, projection: Projection, silhouette: np.ndarray) -> dict[Side, LungField]:
    h, v = projection.maps
    rows = row_index(v)
    aorta = (h - np.float32(1.8 + 0.5 * body.unfolding)) * np.float32(1 / (1.25 + 0.3 * body.unfolding))
    aorta = np.float32(2.2) * np.sqrt(np.maximum(1 - aorta * aorta, 0)) * (v > np.float32(body.knob))
    taken = silhouette * np.float32(1.25) + aorta * np.float32(0.4)
    return {side: _lung(body, side, h * np.float32(sign(side)), v, rows, taken) for side in SIDES}


def _lung(body: Body, side: Side, across: np.ndarray, v: np.ndarray, rows: np.ndarray, taken: np.ndarray) -> LungField:
    shape = body.lungs[side]
    outer, dome = shape.outer.take(rows), body.dome_height(side, across)
    chest, open_, air = np.zeros((3, *across.shape), np.float32)
    seen = _bounds((across > np.float32(shape.inner.min())) & (across < np.float32(shape.outer.max())))
    chest[seen] = _inside_ribs(shape, across[seen], rows[seen], outer[seen]) * (v[seen] > np.float32(body.apex))
    depth = np.maximum(v[seen] - dome[seen], 0)
    middle = across[seen] * np.float32(1 / 6.5)
    middle *= middle
    steeper = 1 + 3 * np.exp(-middle * middle)
    # The sulcus behind the dome thins out smoothly: an edge there would show through the abdomen.
    left = np.maximum(1 - np.sqrt(depth * 21) * steeper / np.maximum(chest[seen], np.float32(0.1)), 0)
    open_[seen] = chest[seen] * left * left
    beneath = np.clip(1 - depth * np.float32(0.4), 0, 1)  # the heart stands on the diaphragm: none of it lies below
    air[seen] = np.maximum(open_[seen] - taken[seen] * beneath, 0)
    return LungField(side, across, outer, chest, open_, air, dome)


def _bounds(mask: np.ndarray) -> Window:
    """The columns that hold any of a mask; nothing of a lung lies beyond its edges."""
    columns = np.flatnonzero(mask.any(0))
    return slice(None), slice(int(columns[0]), int(columns[-1]) + 1) if columns.size else slice(0)


def _inside_ribs(shape: LungRows, across: np.ndarray, rows: np.ndarray, outer: np.ndarray) -> np.ndarray:
    """Path inside the rib cage, cm, as if it had no top and no diaphragm."""
    inner = shape.inner.take(rows)
    place = np.abs((across * 2 - (outer + inner)) / np.maximum(outer - inner, np.float32(0.05)))
    chest = shape.half_depth.take(rows) * np.sqrt(np.maximum(1 - place * place * place, 0))
    chest *= 2 * np.sqrt(np.clip((across - inner) * np.float32(1 / 3.2), 0, 1))  # thin before and behind the midline
    return np.asarray(chest)


def air_path(
    body: Body,
    spec: ChestSpec,
    projection: Projection,
    lungs: Mapping[Side, LungField],
    aeration: Aeration,
    fine: np.ndarray,
    vessel_contrast: float = 1.6,
) -> np.ndarray:
    """Centimetres of air in the lungs: what is neither tissue, fluid nor vessel."""
    air = lungs["R"].air + lungs["L"].air
    tree = grow(body, 1.0 if "congestion" in spec.findings else 0.0)
    stamps = Stamps(projection.grid)
    draw(tree, projection, stamps)
    vessels = stamps.draw() * np.minimum(air * np.float32(0.25), 1) * aeration.vessels * np.float32(vessel_contrast)
    result = air * (1 - aeration.tissue) - aeration.extra - vessels - fine * air * np.float32(0.018)
    if aeration.bronchi.any():
        result += _open_bronchi(tree, projection) * aeration.bronchi
    return result


def _open_bronchi(tree: Vessels, projection: Projection) -> np.ndarray:
    """The bronchi run beside the arteries; seen only where the lung around them is filled."""
    wide = (tree.radii > 0.08) & (tree.radii < 0.32)
    stamps = Stamps(projection.grid)
    beside = tree.points[wide] + [0.16, -0.16, 0]
    stamps.add(Tube(0.15), projection.pixels(beside), tree.lengths[wide] * 1.6)
    return np.minimum(stamps.draw(), np.float32(0.8))


def texture(projection: Projection, rng: np.random.Generator) -> np.ndarray:
    """Fine structure of lung and bone, standard deviation 1: three scales of blurred noise."""
    return filtered_noise(rng, projection.grid, _texture_gain(projection.grid))


@lru_cache(maxsize=4)
def _texture_gain(grid: Grid) -> np.ndarray:
    ky, kx = frequencies(grid)
    square = (ky**2 + kx**2) * np.float32((1 / grid.pixel_cm) ** 2)  # (cycles per cm)²
    widths = ((0.10, 1.0), (0.22, 2.0), (0.55, 6.0))  # cm, amplitude
    gain = sum(amount * np.exp(np.float32(-2 * (np.pi * width) ** 2) * square) for width, amount in widths)
    return np.asarray(gain, np.float32)


def airways(body: Body, projection: Projection) -> np.ndarray:
    """Trachea and main bronchi, cm of air."""
    carina, lean = body.carina, 0.15 + 0.4 * body.unfolding
    trachea = sampled(
        np.array([(0.0, -2.0, 0.5), (0.0, 3.0, -0.3), (-lean, body.knob, -1.2), (-0.2, carina, -1.6)]), 0.08
    )
    stamps = Stamps(projection.grid)
    stamps.add(Tube(0.85), projection.pixels(trachea), step_lengths(trachea) * 1.6)
    branches = (
        ((-0.2, carina - 0.3, -1.6), (-1.3, carina + 1.1, -1.8), (-3.2, carina + 3.0, -2.0)),
        ((-0.1, carina - 0.3, -1.6), (1.8, carina + 1.4, -1.8), (4.0, carina + 2.7, -2.0)),
    )
    for branch in branches:
        curve = sampled(np.array(branch), 0.08)
        stamps.add(BRONCHUS, projection.pixels(curve), step_lengths(curve) * 0.7)
    return stamps.draw()


def _organ_truth(
    lungs: Mapping[Side, LungField], heart: np.ndarray, body: Body, projection: Projection
) -> tuple[list[TruthObject], np.ndarray, np.ndarray]:
    """Masks of both lungs (behind the heart too) and of the heart above the diaphragm; cardiothoracic ratio."""
    down = projection.maps[1]
    masks = {side: (lungs[side].open > 0.6) & (down < lungs[side].dome + np.float32(0.2)) for side in SIDES}
    floor = np.minimum(lungs["R"].dome, lungs["L"].dome) + np.float32(1.5)
    heart_mask = (heart > 0.3) & (down < floor)
    truth = [TruthObject("lung", side, mask=masks[side]) for side in SIDES]
    columns = np.flatnonzero((masks["R"] | masks["L"]).any(0))
    across = np.flatnonzero(heart_mask.any(0))
    ratio = (
        round((across[-1] - across[0]) / max(columns[-1] - columns[0], 1), 3) if across.size and columns.size else 0.0
    )
    truth.append(TruthObject("heart", "", mask=heart_mask, facts={"cardiothoracic_ratio": ratio}))
    return truth, masks["R"] | masks["L"], heart_mask
