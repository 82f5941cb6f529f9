"""Devices as curves and plates in space, placed by the anatomy they belong to; both views draw the same ones.

Attenuation is given as the centimetres of bone-like material that darken the detector as much.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.cohorts.simulated.body import Body, sign
from engine.cohorts.simulated.placement import Placement
from engine.cohorts.simulated.projection import Projection
from engine.cohorts.simulated.spec import Side, TruthObject
from engine.cohorts.simulated.splatting import Stamps, Tube, sampled, step_lengths

AIRWAY_TUBE = Tube(0.42, 0.31)
DRAIN_TUBE = Tube(0.40, 0.27)
FEEDING_TUBE = Tube(0.24, 0.15)
STRIPE = Tube(0.05)
THIN = Tube(0.065)
CATHETER = Tube(0.10)
LEAD = Tube(0.085)
ELECTRODE = Tube(0.13)
WIRE = Tube(0.045)


@dataclass(frozen=True, eq=False)
class Line:
    """A tube or wire along a curve (n, 3) in cm. Parts without a `kind` are drawn and have no truth of their own."""

    kind: str
    side: Side
    points: np.ndarray
    tube: Tube
    density: float
    gaps: tuple[tuple[float, float], ...] = ()  # shares of the length left out, as in a drain's stripe
    facts: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, eq=False)
class Plate:
    """A flat body: centre and half axes (x, y, z) in cm, turned by `angle` on a frontal film."""

    kind: str
    side: Side
    centre: np.ndarray
    half_axes: tuple[float, float, float]
    angle: float
    density: float
    square: float = 3.2  # exponent of the outline: 2 an ellipse, more a rounded box


Part = Line | Plate


def place_devices(body: Body, placement: Placement, devices: frozenset[str]) -> list[Part]:
    """All parts of the asked devices; the same person has the same parts in every view."""
    parts: list[Part] = []
    for number, (name, build) in enumerate(BUILDERS.items()):
        if name in devices:
            parts += build(body, placement, body.details(40 + number))
    return parts


def draw_devices(parts: list[Part], metal: np.ndarray, projection: Projection) -> list[TruthObject]:
    """Add the parts to `metal` (size, size, cm of bone-like material); gives the truth of those that have a kind."""
    stamps, truth = Stamps(projection.grid), []
    for part in parts:
        if isinstance(part, Line):
            truth += _draw_line(part, stamps, projection)
        else:
            truth += _draw_plate(part, metal, projection)
    if parts:
        metal += stamps.draw()
    return truth


def _draw_line(line: Line, stamps: Stamps, projection: Projection) -> list[TruthObject]:
    places, lengths = projection.pixels(line.points), step_lengths(line.points) * line.density
    share = np.linspace(0, 1, len(places))
    for low, high in line.gaps:
        lengths = np.where((share > low) & (share < high), 0.0, lengths)
    stamps.add(line.tube, places, lengths)
    if not line.kind:
        return []
    return [TruthObject(line.kind, line.side, places[:: max(1, len(places) // 120)], facts=dict(line.facts))]


def _draw_plate(plate: Plate, metal: np.ndarray, projection: Projection) -> list[TruthObject]:
    x, y, z = plate.half_axes
    wide, deep, angle = (x, z, plate.angle) if projection.frontal else (z, x, 0.0)
    across = float(projection.across(plate.centre[None])[0])
    window = projection.window(across, float(plate.centre[1]), max(x, y, z))
    h, v = projection.maps[0][window] - np.float32(across), projection.maps[1][window] - np.float32(plate.centre[1])
    along, beside = h * np.cos(angle) + v * np.sin(angle), v * np.cos(angle) - h * np.sin(angle)
    outline = 1 - np.abs(along / wide) ** plate.square - np.abs(beside / y) ** plate.square
    inside = np.clip(outline * min(wide, y) * 3, 0, 1)
    metal[window] += (inside * (2 * min(deep, 1.2) * plate.density)).astype(np.float32)
    if not plate.kind:
        return []
    mask = np.zeros(metal.shape, bool)
    mask[window] = inside > 0.5
    return [TruthObject(plate.kind, plate.side, mask=mask)]


def _curve(points: list[tuple[float, float, float]], step: float = 0.06) -> np.ndarray:
    return sampled(np.array(points), step)


def _beside(curve: np.ndarray, offset: float) -> np.ndarray:
    """The curve moved sideways in the film's plane: the stripe in a tube's wall."""
    tangent = np.gradient(curve, axis=0)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-6)
    return curve + np.column_stack([-tangent[:, 1], tangent[:, 0], np.zeros(len(curve))]) * offset


def _endotracheal_tube(body: Body, placement: Placement, rng: np.random.Generator) -> Iterator[Part]:
    tip = body.carina - rng.uniform(2.5, 6)
    curve = _curve(
        [(rng.uniform(-1, 1), -2.0, 1.5), (0.3, 1.5, 0.2), (0.0, 0.5 * (1.5 + tip), -0.6), (-0.05, tip, -1.2)]
    )
    above = (("tip_above_carina_mm", round(10 * (body.carina - tip), 1)),)
    yield Line("endotracheal_tube", "", curve, AIRWAY_TUBE, 0.75, facts=above)
    yield Line("", "", _beside(curve, 0.36), STRIPE, 9.0, gaps=((0.93, 0.96),))


def _jugular_catheter(body: Body, placement: Placement, rng: np.random.Generator) -> Iterator[Part]:
    side, knob = placement.jugular, body.knob
    tip = knob + rng.uniform(3.2, 6.5)
    vein = [(-2.4, knob + 1.5, 0.5), (-2.25, tip, 0.5)]
    if side == "R":
        k = rng.uniform(-0.3, 0.3)
        path = [
            (-5.6 + k, -2.5, 0.5),
            (-4.3 + k, 2.0, 0.3),
            (-3.3, body.apex + 1.5, 1.0),
            (-2.7, knob - 1.8, 1.0),
            *vein,
        ]
    else:
        path = [
            (5.2, -2.5, 0.5),
            (4.2, 2.0, 0.3),
            (3.0, body.apex + 1.8, 1.0),
            (1.2, knob - 1.8, 2.2),
            (-1.4, knob - 0.4, 1.5),
            *vein,
        ]
    yield Line("central_venous_catheter_jugular", side, _curve(path), CATHETER, 2.1)


def _subclavian_catheter(body: Body, placement: Placement, rng: np.random.Generator) -> Iterator[Part]:
    side, knob = placement.subclavian, body.knob
    s, tip = sign(side), knob + rng.uniform(2.8, 6.0)
    entry = (s * rng.uniform(9.5, 11.5), body.apex + rng.uniform(3.2, 4.8), 4.5)
    under = [entry, (s * 7.5, body.apex + 1.9, 3.5), (s * 4.6, body.apex + 1.6, 2.5)]
    across = [(-2.6, knob - 1.9, 1.0)] if side == "R" else [(1.3, knob - 1.9, 2.2), (-1.5, knob - 0.4, 1.5)]
    path = [*under, *across, (-2.4, knob + 1.3, 0.5), (-2.25, tip, 0.5)]
    yield Line("central_venous_catheter_subclavian", side, _curve(path), CATHETER, 2.1)


def _nasogastric_tube(body: Body, placement: Placement, rng: np.random.Generator) -> Iterator[Part]:
    dome = body.lungs["L"].dome
    k, gullet = rng.uniform(-0.3, 0.3), -2.8
    path = [
        (k, -2.5, -1.0),
        (0.5 + k, body.apex, gullet),
        (0.9, body.knob + 1, gullet),
        (0.4, body.carina + 3, -2.6),
        (1.2, dome - 2.0, -1.5),
        (2.6, dome + 1.2, 0.0),
        (4.8, dome + 3.6, 2.0),
        (5.4 + rng.uniform(-1, 1), dome + 6.2 + rng.uniform(-0.5, 1.5), 3.5),
        (3.2 + rng.uniform(-1, 1), dome + 8.0 + rng.uniform(-0.5, 1.5), 4.5),
    ]
    curve = _curve(path)
    yield Line("nasogastric_tube", "", curve, FEEDING_TUBE, 0.7)
    yield Line("", "", _beside(curve, 0.16), STRIPE, 7.0, gaps=((0.94, 0.955),))


def _chest_drain(body: Body, placement: Placement, rng: np.random.Generator) -> Iterator[Part]:
    s, dome = sign(placement.drain), body.lungs[placement.drain].dome
    enter = dome - rng.uniform(7.5, 10.5)
    wall = float(body.half_width(enter))
    high = placement.drain == placement.pneumothorax or rng.random() < 0.3
    if high:
        inside = [
            (s * (wall - 1.6), enter - 2.4, 2.0),
            (s * 0.72 * wall, body.apex + 6.5, 2.5),
            (s * rng.uniform(4.5, 6.5), body.apex + rng.uniform(2, 3.8), 1.0),
        ]
    else:
        inside = [
            (s * (wall - 1.5), enter + 0.6, -1.5),
            (s * 0.68 * wall, dome - 2.6, -5.0),
            (s * rng.uniform(4.0, 6.0), dome - 3.2, -6.5),
        ]
    path = [
        (s * (wall + 6.5), enter + 4.2, 3.0),
        (s * (wall + 2.6), enter + 1.6, 2.4),
        (s * (wall - 0.1), enter, 2.0),
        *inside,
    ]
    curve = _curve(path)
    yield Line("chest_drain", placement.drain, curve, DRAIN_TUBE, 0.62)
    yield Line("", "", _beside(curve, 0.32 * s), STRIPE, 7.0, gaps=((0.66, 0.685), (0.8, 0.815)))


def _pacemaker(kind: str, leads: int) -> Callable[[Body, Placement, np.random.Generator], Iterator[Part]]:
    def build(body: Body, placement: Placement, rng: np.random.Generator) -> Iterator[Part]:
        side = placement.pacemaker
        s, heart, knob = sign(side), body.heart, body.knob
        x, y, z = s * (10.6 * body.width + rng.uniform(-0.7, 0.7)), body.apex + rng.uniform(3.6, 6), 9.0
        tilt = s * rng.uniform(-0.1, 0.5)
        yield Plate(kind, side, np.array([x, y, z]), (2.25, 1.95, 0.35), tilt, 2.6)
        yield Plate("", side, np.array([x - s * 0.5, y + 0.35, z]), (1.2, 1.2, 0.3), tilt, 2.4, square=4.0)
        yield Plate("", side, np.array([x, y - 2.15, z]), (1.35, 0.5, 0.3), tilt, 0.8, square=4.0)
        turns = np.linspace(0.5 * np.pi, 3.1 * np.pi, 110)
        loop = np.column_stack([x + 2.05 * np.cos(turns), y + 2.2 * np.sin(turns), np.full(110, z - 0.4)])
        yield Line("", side, loop, LEAD, 2.6)
        if side == "L":
            vein = [(0.8, knob - 2.4, 3.0), (-1.7, knob - 0.6, 1.5), (-2.4, knob + 2.8, 0.5)]
        else:
            vein = [(-2.9, knob - 2.4, 2.0), (-2.5, knob + 2.8, 0.5)]
        start = [
            (x - s * 1.0, y - 2.2, z),
            (x - s * 2.6, y - 2.9, z - 0.6),
            (s * 7.0, body.apex + 2.3, 5.0),
            (s * 4.2, body.apex + 2.4, 3.5),
        ]
        floor = heart.down + 2.5 * heart.size
        apex = (4.4 * heart.size + rng.uniform(-0.4, 0.4), floor + 0.3, 6.5)
        ventricle = [(-2.6, heart.down - 2.5, 1.5), (-1.6, heart.down + 1.3, 3.0), (1.3, floor + 0.35, 5.0), apex]
        yield from _lead(kind, side, [*start, *vein, *ventricle])
        if leads == 2:
            moved = [(a + 0.2, b + 0.25, c) for a, b, c in [*start, *vein]]
            atrium = [
                (-2.5, heart.down - 2.0, 1.5),
                (-2.1, heart.down - 0.4, 2.5),
                (-2.7, heart.down - 0.6, 3.5),
                (-3.1, heart.down - 2.3, 4.0),
            ]
            yield from _lead(kind, side, [*moved, *atrium])

    return build


def _lead(kind: str, side: Side, path: list[tuple[float, float, float]]) -> Iterator[Part]:
    curve = _curve(path)
    yield Line(f"{kind}_lead", side, curve, LEAD, 3.2)
    yield Line("", side, curve[-7:], ELECTRODE, 4.0)
    yield Line("", side, curve[-34:-28], ELECTRODE, 3.5)


def _sternal_wires(body: Body, placement: Placement, rng: np.random.Generator) -> Iterator[Part]:
    count = int(rng.integers(5, 8))
    for number in range(count):
        middle = np.array([rng.normal(0, 0.15), body.knob - 2.6 + number * 2.25 + rng.normal(0, 0.12), 0.0])
        middle[2] = sternum_depth(body, middle[1])
        turn = np.linspace(0.1, 2 * np.pi - 0.1, 70)
        wide, tall, skew = rng.uniform(0.7, 1.05), rng.uniform(0.12, 0.36), rng.normal(0, 0.22)
        loop = np.column_stack([wide * np.sin(turn), -tall * np.cos(turn), 0.7 * np.cos(turn)])
        loop[:, 1] += skew * loop[:, 0] + 0.06 * np.sin(3 * turn + rng.uniform(0, 6))
        yield Line("sternal_wires", "", middle + loop, WIRE, 11.0)
        twist = np.linspace(0, 1, 16)
        curl = np.column_stack([0.06 * np.sin(twist * 16), 0.62 * twist, 0.06 * np.cos(twist * 16)])
        lean = rng.normal(0, 0.5)
        curl[:, 0] += lean * curl[:, 1]
        yield Line("", "", middle + np.array([0, -tall, 0.75]) + curl, WIRE, 12.0)


def sternum_depth(body: Body, down: float) -> float:
    """z of the breastbone at a height, cm: it slopes forward."""
    return float(np.interp(down, [body.apex + 2.5, body.apex + 18], [6.2, 9.4])) * body.scale


def _artificial_valve(body: Body, placement: Placement, rng: np.random.Generator) -> Iterator[Part]:
    aortic = rng.random() < 0.6
    heart = body.heart
    at = np.array([0.6, heart.down - 2.0, 2.0]) if aortic else np.array([2.2 * heart.size, heart.down + 0.2, -0.5])
    radius, squeeze, tilt = rng.uniform(1.15, 1.5), rng.uniform(0.3, 0.6), rng.uniform(0.3, 0.9) * (1 if aortic else -1)
    turn = np.linspace(0, 2 * np.pi, 90)
    ring = np.column_stack([radius * np.cos(turn), squeeze * radius * np.sin(turn)])
    spin = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
    flat = ring @ spin.T
    depth = radius * np.sqrt(1 - squeeze**2) * np.sin(turn)
    facts = (("position", "aortic" if aortic else "mitral"),)
    yield Line("artificial_heart_valve", "", at + np.column_stack([flat, depth]), ELECTRODE, 3.0, facts=facts)
    for share in (-0.3, 0.3):
        leaf = np.column_stack([np.linspace(-0.8, 0.8, 24) * radius, np.full(24, share * radius * squeeze)]) @ spin.T
        yield Line("", "", at + np.column_stack([leaf, np.zeros(24)]), THIN, 2.2)


def _ecg_leads(body: Body, placement: Placement, rng: np.random.Generator) -> Iterator[Part]:
    spots: list[tuple[Side, float, float]] = [("R", -9.5, 2.8), ("L", 9.5, 3.0), ("L", 11.5, 17.5), ("R", -11.0, 18.0)]
    exit_x = rng.uniform(-16, 16)
    for side, across, below in spots[: int(rng.integers(3, 5))]:
        x, y = across * body.width + rng.normal(0, 1.0), body.apex + below + rng.normal(0, 0.9)
        z = 9.5 + body.fat
        yield Plate("", side, np.array([x, y, z]), (0.62, 0.62, 0.2), 0.0, 0.55, square=2.0)
        yield Plate("", side, np.array([x, y, z + 0.2]), (0.26, 0.26, 0.2), 0.0, 3.0, square=2.0)
        wander = rng.normal(0, 2.2, 3)
        share = np.array([0.25, 0.5, 0.78])
        way = [(x + (exit_x - x) * a + w, y + (38 - y) * a, z) for a, w in zip(share, wander, strict=True)]
        yield Line("ecg_leads", side, _curve([(x, y, z), *way, (exit_x + rng.normal(0, 1), 42.0, z)]), THIN, 1.9)


BUILDERS: dict[str, Callable[[Body, Placement, np.random.Generator], Iterator[Part]]] = {
    "endotracheal_tube": _endotracheal_tube,
    "central_venous_catheter_jugular": _jugular_catheter,
    "central_venous_catheter_subclavian": _subclavian_catheter,
    "nasogastric_tube": _nasogastric_tube,
    "chest_drain": _chest_drain,
    "single_chamber_pacemaker": _pacemaker("single_chamber_pacemaker", 1),
    "dual_chamber_pacemaker": _pacemaker("dual_chamber_pacemaker", 2),
    "sternal_wires": _sternal_wires,
    "artificial_heart_valve": _artificial_valve,
    "ecg_leads": _ecg_leads,
}
