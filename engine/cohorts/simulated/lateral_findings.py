"""The same findings as `findings`, seen from the side."""

import numpy as np

from engine.cohorts.simulated.findings import Draw, Scene, add_nodule, consolidation_centre, nodule_centre
from engine.cohorts.simulated.placement import generator
from engine.cohorts.simulated.spec import ChestSpec, TruthObject
from engine.cohorts.simulated.splatting import smooth_noise


def add_lateral_findings(scene: Scene, spec: ChestSpec) -> None:
    """Draw every finding of the spec that changes the lungs; the random streams are those of the frontal film."""
    for number, (name, draw) in enumerate(_LATERAL.items()):
        if name in spec.findings:
            draw(scene, generator(spec.body_seed, 20 + number))


def _effusion(scene: Scene, rng: np.random.Generator) -> None:
    """Fluid fills the sulcus at the back, highest against the back wall."""
    side = scene.placement.effusion
    lung, (h, v) = scene.lungs[side], scene.projection.maps
    level = scene.body.lungs[side].dome - rng.uniform(0.6, 5.5)
    back = np.clip((h + 3) * np.float32(1 / 12), 0, 1.1)
    depth = np.maximum(v - np.float32(level + 3.4) + np.float32(3.0) * back * back, 0)
    fluid = np.minimum(np.sqrt(depth * 20) + depth * np.float32(1.4), lung.air)
    scene.aeration.extra += fluid * np.float32(0.78)
    scene.aeration.vessels *= 1 - np.clip(fluid / np.maximum(lung.open, 1), 0, 1) * np.float32(0.5)
    seen = (fluid > 0.8) & (v < lung.dome + np.float32(0.2))  # not what the liver hides
    scene.aeration.truth.append(TruthObject("pleural_effusion", side, mask=seen))


def _pneumothorax(scene: Scene, rng: np.random.Generator) -> None:
    """The apex of one lung has fallen: half of what the beam meets above it holds no tissue."""
    side = scene.placement.pneumothorax
    lung, v = scene.lungs[side], scene.projection.maps[1]
    fall, bend = rng.uniform(1.2, 3.4), smooth_noise(rng, 8, 0.15, scene.projection.grid.size)
    edge = v - np.float32(scene.body.apex + fall) - bend - lung.across * lung.across * np.float32(0.02)
    gas = np.clip(-edge * np.float32(scene.projection.zoom / scene.projection.grid.pixel_cm), 0, 1) * (lung.open > 0.3)
    scene.aeration.tissue *= 1 - gas * np.float32(0.5)
    scene.aeration.vessels *= 1 - gas * np.float32(0.5)
    line = np.abs(np.diff(gas, axis=0, prepend=0)) * (lung.open > 2)
    scene.aeration.extra += np.minimum(line, 1) * np.float32(0.35)
    scene.aeration.truth.append(TruthObject("pneumothorax", side, mask=gas > 0.5))


def _consolidation(scene: Scene, rng: np.random.Generator) -> None:
    """Patchy filling of the air spaces."""
    side = scene.placement.consolidation
    _, down, front = consolidation_centre(scene.body, side)
    h, v = scene.projection.maps
    size = scene.projection.grid.size
    wide, tall = rng.uniform(2.4, 4.4), rng.uniform(2.2, 4.2)
    x, y = (h + np.float32(front)) * np.float32(1 / wide), (v - np.float32(down)) * np.float32(1 / tall)
    envelope = np.exp(-(x * x + y * y))
    ragged = smooth_noise(rng, 12, 0.7, size) + smooth_noise(rng, 24, 0.6, size) + smooth_noise(rng, 60, 0.35, size)
    filled = np.minimum(envelope * 3, 1) / (1 + np.exp(-(envelope * 7 - np.float32(3.2) + ragged * np.float32(1.1))))
    filled *= np.minimum(scene.lungs[side].air * np.float32(0.25), 1)
    scene.aeration.tissue += filled * np.float32(0.26)
    scene.aeration.vessels *= 1 - filled * np.float32(0.5)
    np.maximum(scene.aeration.bronchi, filled, out=scene.aeration.bronchi)
    scene.aeration.truth.append(TruthObject("consolidation", side, mask=filled > 0.45))


def _nodule(scene: Scene, rng: np.random.Generator) -> None:
    _, down, front, radius = nodule_centre(scene.body, scene.placement.nodule)
    scene.aeration.truth.append(add_nodule(scene, (-front, down), radius, scene.placement.nodule, rng))


def _congestion(scene: Scene, rng: np.random.Generator) -> None:
    """Haze around the hila and thickened fissures."""
    h, v = scene.projection.maps
    size = scene.projection.grid.size
    uneven = 1 + smooth_noise(rng, 14, 0.22, size) + smooth_noise(rng, 40, 0.16, size)
    x, y = h * np.float32(1 / 5.5), (v - np.float32(scene.body.carina + 4)) * np.float32(1 / 7)
    air = scene.lungs["R"].air + scene.lungs["L"].air
    haze = np.exp(-(x * x + y * y)) * uneven * np.minimum(air * np.float32(0.15), 1)
    scene.aeration.tissue += haze * np.float32(rng.uniform(0.08, 0.15))
    scene.aeration.vessels *= 1 - np.float32(0.35) * np.clip(haze, 0, 1)
    fissure = (v - np.float32(scene.body.carina + 3) - h * np.float32(-0.9)) * np.float32(1 / 0.09)
    scene.aeration.extra += np.exp(-fissure * fissure) * np.minimum(air * np.float32(0.1), 1) * np.float32(0.35)
    scene.aeration.truth.append(TruthObject("congestion", "", mask=haze > 0.4))


def _atelectasis(scene: Scene, rng: np.random.Generator) -> None:
    """Plates of collapsed lung near the base."""
    side = scene.placement.atelectasis
    lung, (h, v) = scene.lungs[side], scene.projection.maps
    dome, size = scene.body.lungs[side].dome, scene.projection.grid.size
    haze = np.clip((v - np.float32(dome - 3.5)) * np.float32(1 / 5), 0, 1) * np.minimum(lung.air * np.float32(0.25), 1)
    scene.aeration.tissue += haze * np.float32(0.06)
    mask, bend = np.zeros((size, size), bool), smooth_noise(rng, 7, 0.25, size)
    for _ in range(int(rng.integers(2, 4))):
        height, slope, thick = dome - rng.uniform(0.8, 4.5), rng.normal(0.1, 0.15), rng.uniform(0.16, 0.34)
        along = (h - np.float32(rng.uniform(-2, 5))) * np.float32(1 / rng.uniform(2.2, 3.8))
        beside = (v - np.float32(height) - along * np.float32(slope * 3) + bend) * np.float32(1 / thick)
        plate = np.exp(-beside * beside - along**2 * along**2) * np.minimum(lung.air * np.float32(0.3), 1)
        scene.aeration.extra += plate * np.float32(rng.uniform(0.7, 1.3))
        mask |= plate > 0.35
    scene.aeration.truth.append(TruthObject("atelectasis", side, mask=mask))


_LATERAL: dict[str, Draw] = {
    "pleural_effusion": _effusion,
    "pneumothorax": _pneumothorax,
    "consolidation": _consolidation,
    "nodule": _nodule,
    "congestion": _congestion,
    "atelectasis": _atelectasis,
}
