"""Bones as curves in space with the tube that draws them; the spine as a strip of repeating vertebrae.

Ribs are tilted ellipses: their brightening at the side of the chest, where the beam runs along them, comes of itself
from the equal steps in space.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image as PilImage
from PIL import ImageDraw
from scipy import ndimage

from engine.cohorts.simulated.body import SIDES, Body, sign
from engine.cohorts.simulated.projection import Projection
from engine.cohorts.simulated.spec import Side, TruthObject
from engine.cohorts.simulated.splatting import Stamps, Tube, sampled, step_lengths, upsampled

POSTERIOR_RIB = Tube(0.50, 0.405, 0.84)
ANTERIOR_RIB = Tube(0.56, 0.50, 0.86, 1.1)
SIDE_RIB = Tube(0.36, 0.26, 0.82, 1.7)
CLAVICLE = Tube(0.56, 0.40, 0.72)
CLAVICLE_END = Tube(0.80, 0.66, 0.80)
HUMERUS = Tube(1.22, 0.92, 0.75)
HUMERAL_HEAD = Tube(2.35, 2.15, 0.7, 1.05)
FOREARM = Tube(0.7, 0.5, 0.75)
BORDER = Tube(0.2)  # thick edge of the shoulder blade
RIDGE = Tube(0.38, 0.24, 0.8)
STERNUM = Tube(0.52, 0.42, 0.9)
RIB_END = np.array([2.35, 2.45, 2.5, 2.5, 2.48, 2.42, 2.3, 2.15, 2.0, 1.85, 1.35, 1.1])  # radians from the spine


@dataclass(frozen=True, eq=False)
class Bone:
    """A bone as a curve (n, 3) in cm; `weights` (n,) are the lengths that its points stand for, times density."""

    kind: str
    side: Side
    points: np.ndarray
    parts: tuple[tuple[Tube, np.ndarray], ...]  # tube and weights (n,)
    number: int = 0


def ribs(body: Body) -> Iterator[Bone]:
    """Twelve pairs, from the spine round the side to the front."""
    rng = body.details(1)
    drawn = np.array([(rng.normal(0, 0.03), rng.uniform(0.96, 1.04), rng.normal(0, 0.08)) for _ in range(24)])
    end, fall, shift = drawn.reshape(2, 12, 3).transpose(2, 0, 1)
    end = RIB_END + end
    angle = np.linspace(0.17, end, 240, axis=-1)  # (2, 12, 240): side, rib, point
    points = _rib_curves(body, angle, body.fall * fall, shift)
    weights = _rib_weights(body, angle, end[..., None], _visible_lengths(points))
    for number_of_side, side in enumerate(SIDES):
        for number in range(12):
            parts = tuple((tube, lengths[number_of_side, number]) for tube, lengths in weights)
            yield Bone("rib", side, points[number_of_side, number], parts, number + 1)


def _rib_curves(body: Body, angle: np.ndarray, fall: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """Places on all ribs, (2, 12, n, 3), from their angles (2, 12, n), falls and shifts (2, 12)."""
    number = np.arange(12)
    spacing = body.rib_spacing * number * np.where(number < 3, 0.94, 1.0)
    half = np.asarray(body.half_width(body.first_rib + spacing + body.fall / 2)) + 0.12
    half[0] = 6.6 * body.width
    half = half[:, None]
    drop = fall[..., None] * (1 - np.cos(angle * 0.95)) / 2
    hump = 0.55 * np.exp(-(((angle - 0.38) / 0.25) ** 2))
    x = half * np.sin(angle) ** 0.92 * np.array([sign(side) for side in SIDES])[:, None, None]
    y = body.first_rib + (spacing + shift)[..., None] + drop - hump
    return np.stack([x, y, -np.cos(angle) * half * 0.68 + 0.4], axis=-1)


def _rib_weights(
    body: Body, angle: np.ndarray, end: np.ndarray, lengths: np.ndarray
) -> tuple[tuple[Tube, np.ndarray], ...]:
    """What the points (2, 12, n) weigh in each of the cross-sections that a rib has along its way."""
    number = np.arange(12)[:, None]
    length = lengths * body.bone_density * np.where(number == 0, 0.8, np.where(number < 9, 1.25, 0.9))
    beside = np.clip(1.35 - np.abs(angle - 1.6) / 0.42, 0, 1)
    front = 1 / (1 + np.exp(-(angle - 1.75) * 25))
    ending = np.clip((end - angle) / 0.08, 0.3, 1)
    return (
        (POSTERIOR_RIB, length * (1 - beside) * (1 - front)),
        (ANTERIOR_RIB, length * (1 - beside) * front * ending * 0.5),
        (SIDE_RIB, length * beside * np.where(number > 3, 0.85, 0.6)),
    )


def _visible_lengths(points: np.ndarray) -> np.ndarray:
    """Lengths in space, but at most 2.6 times those on a frontal film: a rib is flat where the beam runs along it."""
    steps, seen = step_lengths(points), step_lengths(points[..., :2])
    return np.minimum(steps, 2.6 * seen)


def shoulder_girdle(body: Body) -> Iterator[Bone]:
    """Clavicles, shoulder blades and upper arms of a frontal film."""
    rng = body.details(2)
    inner = body.apex + rng.uniform(1.6, 3.4)
    rise = min(rng.uniform(1.2, 4.0), max(0.6, inner - body.shoulder - 2.0)) * (0.6 if body.frontal_supine else 1.0)
    for side in SIDES:
        yield from _shoulder(body, side, inner + rng.uniform(-0.3, 0.3), rise, rng)


def _shoulder(body: Body, side: Side, inner: float, rise: float, rng: np.random.Generator) -> Iterator[Bone]:
    s, reach = sign(side), body.width
    clavicle = np.array(
        [
            (1.7, inner + 0.55, 6.0),
            (2.9, inner - 0.05, 6.3),
            (5.0, inner - 0.25 - rise * 0.05, 6.2),
            (7.8, inner + 0.05 - rise * 0.34, 4.6),
            (10.6 * reach, inner - 0.45 - rise * 0.78, 1.6),
            (12.9 * reach, inner - 0.75 - rise * 1.02, -0.6),
            (14.9 * reach, inner - 0.35 - rise * 0.98, -1.2),
        ]
    ) * (s, 1, 1)
    yield _stroke("clavicle", side, clavicle, CLAVICLE, body.bone_density * 1.05)
    yield _stroke("clavicle_end", side, clavicle[:2], CLAVICLE_END, body.bone_density * 0.3)
    joint = np.array([15.6 * reach, inner - rise + 2.5, -2.5])
    yield from _blade(body, side, joint, rng)
    outward = rng.uniform(0.03, 0.14) if body.frontal_supine else rng.uniform(0.12, 0.42)
    lengths = np.array([1.6, 3.5, 7, 14, 44])[:, None]
    shaft = joint + [2.0, 0.0, 0.0] + lengths * [np.sin(outward), np.cos(outward), 0.0]
    head = joint * (s, 1, 1) + [s * 1.7, 0.2, 0.0]
    yield Bone("", side, head[None], ((HUMERAL_HEAD, np.array([0.55 * body.bone_density])),))
    yield _stroke("humerus", side, shaft * (s, 1, 1), HUMERUS, body.bone_density * 0.8)


def _blade(body: Body, side: Side, joint: np.ndarray, rng: np.random.Generator) -> Iterator[Bone]:
    """The shoulder blade, turned off the lungs for a film taken from behind, over them at the bedside."""
    s = sign(side)
    turn = rng.uniform(0.9, 1.05) if body.frontal_supine else rng.uniform(0.62, 0.85)
    swing = rng.uniform(-0.05, 0.1) if body.frontal_supine else rng.uniform(0.12, 0.32)

    def line(*points: tuple[float, float]) -> np.ndarray:
        flat = np.array(points) * (turn, 1)
        turned = flat @ np.array([[np.cos(swing), -np.sin(swing)], [np.sin(swing), np.cos(swing)]])
        return (joint + np.column_stack([turned, np.full(len(flat), -3.5)])) * (s, 1, 1)

    density = body.bone_density
    outer = line((-0.5, 1.3), (-1.4, 3.2), (-2.7, 6.0), (-3.9, 9.0), (-4.8, 11.2))
    inner = line((-4.8, 11.2), (-5.6, 10.6), (-6.5, 7.6), (-6.9, 4.0), (-6.9, 1.0), (-6.4, -1.2))
    upper = line((-6.4, -1.2), (-5.0, -1.0), (-3.2, -0.3), (-1.9, -0.2))
    yield _stroke("scapula_border", side, outer, BORDER, density * 0.8)
    yield _stroke("scapula_border", side, inner, BORDER, density * 0.3)
    yield _stroke("scapula_border", side, upper, BORDER, density * 0.3)
    yield _stroke(
        "scapula_ridge", side, line((-6.7, 1.9), (-4.4, 0.9), (-2.2, -0.7), (-0.3, -2.1), (1.2, -2.3)), RIDGE, density
    )
    yield _stroke(
        "scapula_ridge", side, line((-2.0, -0.3), (-1.5, -1.3), (-0.6, -1.1), (0.1, -0.3)), RIDGE, density * 0.9
    )
    yield _stroke("scapula_ridge", side, line((-0.1, -0.8), (0.25, 0.4), (0.0, 1.7)), BORDER, density * 1.1)
    yield Bone("scapula", side, np.vstack([outer, inner[1:], upper[1:], outer[:1]]), ())


def _stroke(kind: str, side: Side, points: np.ndarray, tube: Tube, density: float) -> Bone:
    curve = sampled(points, 0.07)
    return Bone(kind, side, curve, ((tube, step_lengths(curve) * density),))


def stamp(bones: Iterable[Bone], stamps: Stamps, projection: Projection) -> list[TruthObject]:
    """Add bones to the stamps; gives the truth of those with a name of their own."""
    truth, bones = [], list(bones)
    ends = np.cumsum([len(bone.points) for bone in bones])[:-1]
    everywhere = projection.pixels(np.concatenate([bone.points for bone in bones]))
    for bone, places in zip(bones, np.split(everywhere, ends), strict=True):
        for tube, weights in bone.parts:
            used = weights > 1e-4
            if used.any():
                stamps.add(tube, places[used], weights[used])
        if bone.kind in ("rib", "clavicle", "scapula", "humerus", "sternum"):
            truth.append(TruthObject(bone.kind, bone.side, places[:: max(1, len(places) // 60)], facts=_number(bone)))
    return truth


def _number(bone: Bone) -> dict[str, int]:
    return {"number": bone.number} if bone.number else {}


def blade_thickness(bones: Iterable[Bone], projection: Projection) -> np.ndarray:
    """The thin plates of the shoulder blades, cm, (size, size)."""
    size = projection.grid.size
    quarter = PilImage.new("F", (size // 4, size // 4))
    pen = ImageDraw.Draw(quarter)
    for bone in bones:
        if bone.kind == "scapula":
            pen.polygon([(x / 4, y / 4) for x, y in projection.pixels(bone.points).tolist()], fill=1.0)
    plate = ndimage.gaussian_filter(np.asarray(quarter, np.float32), 0.14 / (4 * projection.grid.pixel_cm))
    return upsampled(plate, size) * np.float32(0.24)


def add_spine(bone: np.ndarray, body: Body, projection: Projection) -> TruthObject:
    """Add the spine of a frontal film to `bone` (size, size), cm; gives its midline, one point a vertebra."""
    height = 2.28 * body.scale
    window = projection.window(0.0, 20.0, 3.6)
    columns = slice(window[1].start, window[1].stop)
    h, v = projection.maps[0][:, columns], projection.maps[1][:, columns]
    bone[:, columns] += _vertebrae(h + np.float32(7 * projection.turn), v, body, height)
    middles = body.first_rib + 0.3 + height * (np.arange(-3, 15) + 0.5)
    points = np.column_stack([np.zeros(18), middles, np.full(18, -7.0)])
    return TruthObject("spine", "", projection.pixels(points))


def _vertebrae(across: np.ndarray, down: np.ndarray, body: Body, height: float) -> np.ndarray:
    """Thickness of bone of the spine from the front, cm: bodies, end plates, pedicles, spinous processes."""
    phase = (down - np.float32(body.first_rib + 0.3)) * np.float32(1 / height)
    level = (phase - np.floor(phase) - np.float32(0.5)) * 2  # −1 to 1 in each vertebra
    half = np.float32(1.4) + (down - np.float32(body.apex)) * np.float32(0.018)
    beside = np.abs(across)
    waist = half * (1 - np.float32(0.12) * (1 - level * level))
    ratio = beside / waist
    ratio *= ratio
    thick = np.sqrt(np.maximum(1 - ratio * ratio, 0)) * np.clip((np.float32(0.84) - np.abs(level)) * 7, 0, 1) * 0.24
    thick += _bump(np.abs(level) - 0.8, 0.07) * np.clip((waist - beside) * 6, 0, 1) * 0.2
    thick += _bump(beside - waist * 0.95, 0.1) * (np.abs(level) < 0.8) * 0.2
    ring = np.sqrt(((beside - half * 0.68) / 0.42) ** 2 + ((level + 0.2) / 0.42) ** 2)
    thick += _bump(ring - 0.9, 0.2) * 0.16
    spinous = np.sqrt((across / 0.32) ** 2 + ((level - 0.45) / 0.5) ** 2)
    thick += _bump(spinous - 0.9, 0.25) * 0.2
    process = _bump(level + 0.15 - 0.25 * (beside - 2), 0.3)
    thick += process * np.clip((3.1 - beside) * 3, 0, 1) * np.clip((beside - 1.2) * 3, 0, 1) * 0.3
    thick += 0.38 * np.sqrt(np.maximum(1 - (beside / (half * 1.15)) ** 2, 0))
    return (thick * np.float32(body.bone_density)).astype(np.float32)


def _bump(distance: np.ndarray, width: float) -> np.ndarray:
    scaled = distance * np.float32(1 / width)
    return np.exp(-scaled * scaled)
