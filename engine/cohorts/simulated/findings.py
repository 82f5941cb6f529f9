"""Findings as a frontal film shows them. Each function changes the aeration and leaves its truth."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.cohorts.simulated.body import ROW_FIRST, ROW_STEP, SIDES, Body, row_index, sign
from engine.cohorts.simulated.materials import Aeration, LungField
from engine.cohorts.simulated.placement import Placement, generator
from engine.cohorts.simulated.projection import Projection
from engine.cohorts.simulated.spec import ChestSpec, Side, TruthObject
from engine.cohorts.simulated.splatting import smooth_noise


@dataclass(frozen=True, eq=False)
class Scene:
    """Everything a finding may look at; it changes `aeration` only."""

    aeration: Aeration
    lungs: Mapping[Side, LungField]
    body: Body
    placement: Placement
    projection: Projection


Draw = Callable[[Scene, np.random.Generator], None]


def add_findings(scene: Scene, spec: ChestSpec) -> None:
    """Draw every finding of the spec that changes the lungs; each has its own random stream."""
    for number, (name, draw) in enumerate(_FRONTAL.items()):
        if name in spec.findings:
            draw(scene, generator(spec.body_seed, 20 + number))


def _effusion(scene: Scene, rng: np.random.Generator) -> None:
    """Fluid with a meniscus that rises to the side; spread behind the lung when the patient lies."""
    lung = scene.lungs[scene.placement.effusion]
    level = scene.body.lungs[scene.placement.effusion].dome - rng.uniform(0.6, 5.5)
    rel = np.clip(lung.across * np.float32(1 / (13 * scene.body.width)), 0, 1.1)
    surface = np.float32(level + 3.2) - np.float32(3.2) * rel * rel * rel + scene.projection.warp[0] * 2
    depth = np.maximum(scene.projection.maps[1] - surface, 0)
    fluid = np.sqrt(depth * 26) + depth * np.float32(1.6)
    if scene.body.frontal_supine:
        layer = np.clip((scene.projection.maps[1] - np.float32(level - 9)) * np.float32(1 / 16), 0, 1)
        fluid = 0.5 * fluid + layer * layer * np.float32(rng.uniform(2.0, 4.5))
    fluid = np.minimum(fluid, lung.air)
    scene.aeration.extra += fluid * np.float32(0.78)
    scene.aeration.vessels *= 1 - np.clip(fluid / np.maximum(lung.open, 1), 0, 1)
    seen = (fluid > 0.8) & (scene.projection.maps[1] < lung.dome + np.float32(0.2))  # not what the liver hides
    facts = {"volume_ml": round(float(fluid.sum()) * (scene.projection.grid.pixel_cm / scene.projection.zoom) ** 2)}
    scene.aeration.truth.append(TruthObject("pleural_effusion", scene.placement.effusion, mask=seen, facts=facts))


def _pneumothorax(scene: Scene, rng: np.random.Generator) -> None:
    """Air outside a lung that has fallen from the apex and the side; the gap closes smoothly downwards."""
    lung, side = scene.lungs[scene.placement.pneumothorax], scene.placement.pneumothorax
    fall, gap = rng.uniform(1.2, 3.4), rng.uniform(1.3, 3.6)
    end = scene.body.apex + rng.uniform(11, 19)
    rows = ROW_FIRST + ROW_STEP * np.arange(len(scene.body.lungs[side].outer))
    closing = np.clip((end - rows) / (end - scene.body.apex), 0, 1)
    closing = closing * closing * (3 - 2 * closing)
    fallen = row_index(rows - fall * closing**0.7)
    edge = scene.body.lungs[side].outer[fallen] - gap * closing**1.2
    edge[rows < scene.body.apex + fall * 0.98] = -5.0
    edge_map = edge.astype(np.float32)[row_index(scene.projection.maps[1])] + smooth_noise(
        rng, 8, 0.10, scene.projection.grid.size
    )
    beyond = np.clip(
        (lung.across - edge_map) * np.float32(scene.projection.zoom / scene.projection.grid.pixel_cm), 0, 1
    )
    beyond *= (lung.open > 0.3) & (lung.across > 1.2)
    thin = np.clip((lung.outer - edge_map) * 4, 0, 1)
    gas = beyond * thin
    scene.aeration.tissue *= 1 - gas * np.float32(0.95)
    scene.aeration.tissue += (lung.open > 0.3) * (1 - gas) * np.float32(0.05)  # the lung that is left is denser
    line = np.abs(np.diff(gas, axis=1, prepend=0)) + np.abs(np.diff(gas, axis=0, prepend=0))
    scene.aeration.extra += np.minimum(line, 1) * np.float32(0.42) * (lung.open > 2.5)
    scene.aeration.vessels *= 1 - gas
    facts = {"apex_mm": round(10 * fall, 1), "width_mm": round(10 * gap, 1)}
    scene.aeration.truth.append(TruthObject("pneumothorax", scene.placement.pneumothorax, mask=gas > 0.5, facts=facts))


def _consolidation(scene: Scene, rng: np.random.Generator) -> None:
    """Patchy filling of the air spaces, in which the larger bronchi stay open."""
    lung = scene.lungs[scene.placement.consolidation]
    across, down, _ = consolidation_centre(scene.body, scene.placement.consolidation)
    size = scene.projection.grid.size
    h, v = scene.projection.maps
    wide, tall = rng.uniform(2.4, 4.4), rng.uniform(2.2, 4.2)
    x, y = (h - np.float32(across)) * np.float32(1 / wide), (v - np.float32(down)) * np.float32(1 / tall)
    envelope = np.exp(-(x * x + y * y))
    ragged = smooth_noise(rng, 12, 0.7, size) + smooth_noise(rng, 24, 0.6, size) + smooth_noise(rng, 60, 0.35, size)
    filled = np.minimum(envelope * 3, 1) / (1 + np.exp(-(envelope * 7 - np.float32(3.2) + ragged * np.float32(1.1))))
    filled *= np.minimum(lung.air * np.float32(0.25), 1)
    scene.aeration.tissue += filled * np.float32(0.34)
    scene.aeration.vessels *= 1 - filled * np.float32(0.75)
    np.maximum(scene.aeration.bronchi, filled, out=scene.aeration.bronchi)
    scene.aeration.truth.append(TruthObject("consolidation", scene.placement.consolidation, mask=filled > 0.45))


def consolidation_centre(body: Body, side: Side) -> tuple[float, float, float]:
    """Where the consolidation lies: (x, y, z) in cm, the same for both views."""
    rng = body.details(6)
    down = body.apex + rng.uniform(7, 0.86 * (body.lungs[side].dome - body.apex))
    return sign(side) * rng.uniform(0.42, 0.66) * float(body.half_width(down)), down, rng.uniform(-4.5, 3.5)


def nodule_centre(body: Body, side: Side) -> tuple[float, float, float, float]:
    """Where the nodule lies and its radius: (x, y, z, r) in cm, the same for both views."""
    rng = body.details(7)
    down = body.apex + rng.uniform(5.0, 0.8 * (body.lungs[side].dome - body.apex))
    return (
        sign(side) * rng.uniform(0.5, 0.85) * float(body.half_width(down)),
        down,
        rng.uniform(-4, 4),
        rng.uniform(0.6, 1.5),
    )


def _nodule(scene: Scene, rng: np.random.Generator) -> None:
    """A ball of soft tissue with a slightly uneven edge."""
    across, down, _, radius = nodule_centre(scene.body, scene.placement.nodule)
    scene.aeration.truth.append(add_nodule(scene, (across, down), radius, scene.placement.nodule, rng))


def add_nodule(
    scene: Scene,
    at: tuple[float, float],
    radius: float,
    side: Side,
    rng: np.random.Generator,
) -> TruthObject:
    """Draw a nodule at (across, down) on either view; gives its truth."""
    window = scene.projection.window(at[0], at[1], radius * 1.6)
    ball = np.zeros_like(scene.aeration.extra)
    for _ in range(4):
        off = rng.normal(0, 0.16 * radius, 2)
        axes = (radius * rng.uniform(0.82, 1.0), radius * rng.uniform(0.82, 1.0))
        scene.projection.ellipsoid(ball, (at[0] + off[0], at[1] + off[1]), axes, radius * 0.9, rng.uniform(0, 3))
    scene.aeration.extra[window] += ball[window] * np.float32(1.3)
    return TruthObject("nodule", side, mask=ball > 0.4 * radius, facts={"radius_mm": round(10 * radius, 1)})


def _congestion(scene: Scene, rng: np.random.Generator) -> None:
    """Haze around both hila and towards the bases, blurring the vessels; the wider vessels are drawn by `vessels`."""
    size = scene.projection.grid.size
    h, v = scene.projection.maps
    uneven = 1 + smooth_noise(rng, 14, 0.22, size) + smooth_noise(rng, 40, 0.16, size)
    amount = np.float32(rng.uniform(0.14, 0.26))
    down = (v - np.float32(scene.body.carina + 4.5)) * np.float32(1 / 7.5)
    masks = []
    for side in SIDES:
        lung = scene.lungs[side]
        across = (lung.across - np.float32(4.6)) * np.float32(1 / 4.6)
        haze = np.exp(-(across * across + down * down)) * uneven * np.minimum(lung.air * np.float32(0.3), 1)
        scene.aeration.tissue += amount * haze
        scene.aeration.vessels *= 1 - np.float32(0.35) * np.clip(haze, 0, 1)
        masks.append(haze > 0.4)
        _septal_lines(scene, lung, rng)
    scene.aeration.truth.append(TruthObject("congestion", "", mask=masks[0] | masks[1]))


def _septal_lines(scene: Scene, lung: LungField, rng: np.random.Generator) -> None:
    """Kerley B lines: short level lines at the side of the base."""
    _, v = scene.projection.maps
    dome = scene.body.lungs[lung.side].dome
    inside = (lung.outer - lung.across) * (lung.open > 1)
    reach = np.clip((np.float32(1.7) - inside) * 3, 0, 1) * (inside > 0.05)
    for height in dome - 0.5 - np.cumsum(rng.uniform(0.45, 0.8, 6)):
        line = (v - np.float32(height) - inside * np.float32(rng.normal(0, 0.08))) * np.float32(1 / 0.055)
        scene.aeration.extra += reach * np.exp(-line * line) * np.float32(rng.uniform(0.1, 0.24))


def _atelectasis(scene: Scene, rng: np.random.Generator) -> None:
    """Plates of collapsed lung above a raised diaphragm, with crowded, hazy lung around them."""
    lung, side = scene.lungs[scene.placement.atelectasis], scene.placement.atelectasis
    _, v = scene.projection.maps
    dome = scene.body.lungs[side].dome
    size = scene.projection.grid.size
    haze = np.clip((v - np.float32(dome - 3.5)) * np.float32(1 / 5), 0, 1) * np.minimum(lung.air * np.float32(0.25), 1)
    scene.aeration.tissue += haze * np.float32(0.13)
    mask = np.zeros((size, size), bool)
    bend = smooth_noise(rng, 7, 0.25, size)
    for _ in range(int(rng.integers(2, 4))):
        height, slope, thick = dome - rng.uniform(0.8, 4.5), rng.normal(-0.08, 0.13), rng.uniform(0.16, 0.4)
        middle, reach = rng.uniform(0.55, 0.75) * float(scene.body.half_width(dome)), rng.uniform(2.2, 3.8)
        along = (lung.across - np.float32(middle)) * np.float32(1 / reach)
        beside = (v - np.float32(height) - along * np.float32(reach * slope) + bend) * np.float32(1 / thick)
        plate = np.exp(-beside * beside - along**2 * along**2) * np.minimum(lung.air * np.float32(0.3), 1)
        scene.aeration.extra += plate * np.float32(rng.uniform(1.8, 3.0))
        mask |= plate > 0.35
    scene.aeration.truth.append(TruthObject("atelectasis", scene.placement.atelectasis, mask=mask))


_FRONTAL: dict[str, Draw] = {
    "pleural_effusion": _effusion,
    "pneumothorax": _pneumothorax,
    "consolidation": _consolidation,
    "nodule": _nodule,
    "congestion": _congestion,
    "atelectasis": _atelectasis,
}
