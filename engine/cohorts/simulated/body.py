"""The person behind the picture: sizes, lungs as row profiles, heart and great vessels, in cm (see `projection`).

Lungs are described row by row: outer and inner edge and half depth as functions of the height below the apex, with a
superellipse as the cross-section and a dome below. Numbers were fitted by eye to adult frontal films.
"""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator

from engine.cohorts.simulated.placement import Placement, generator, seed_words
from engine.cohorts.simulated.spec import ChestSpec, Side

SIDES: tuple[Side, Side] = ("R", "L")
ROW_FIRST, ROW_STEP, ROW_COUNT = -3.0, 0.02, 2400  # row tables: cm below the top, −3 to 45

# How far each rib falls from spine to front, cm, and the outer edge of the lungs by depth below the apex.
RIB_FALL = np.array([3.6, 6.4, 9.4, 11.4, 12.8, 13.6, 14.0, 14.2, 14.2, 14.2, 14.0, 13.0])
_OUTER_HEIGHTS = np.array([0, 0.4, 1.2, 2.8, 5.0, 8.0, 12.0, 16.0, 22.0, 30.0, 36.0])
_OUTER = np.array([5.0, 6.7, 8.2, 9.8, 11.2, 12.5, 13.4, 13.8, 13.9, 13.4, 12.8])
_HEIGHTS = np.array([0, 0.5, 1.5, 3, 5, 8, 12, 17, 22, 28, 34])
_INNER = {
    "R": np.array([5.0, 3.3, 2.5, 2.0, 1.7, 1.6, 1.4, 1.1, 1.0, 1.0, 1.0]),
    "L": np.array([5.0, 3.3, 2.5, 2.1, 2.0, 1.7, 1.5, 1.2, 1.0, 1.0, 1.0]),
}
_HALF_DEPTH = np.array([0.2, 2.2, 3.6, 5, 6.4, 7.6, 8.6, 9.2, 9.4, 9.2, 8.8])


def sign(side: str) -> int:
    """−1 for the patient's right, which hangs at the left of the film; 1 for the left."""
    return -1 if side == "R" else 1


def row_table(heights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Values between given heights (cm), one a row step, float32 (ROW_COUNT,)."""
    rows = ROW_FIRST + ROW_STEP * np.arange(ROW_COUNT)
    return PchipInterpolator(heights, values)(np.clip(rows, heights[0], heights[-1])).astype(np.float32)


def row_index(down: np.ndarray) -> np.ndarray:
    """Index into row tables of heights in cm; same shape, intp."""
    return np.clip((down - np.float32(ROW_FIRST)) * np.float32(1 / ROW_STEP), 0, ROW_COUNT - 1).astype(np.intp)


@dataclass(frozen=True, eq=False)
class LungRows:
    """One lung by row: |x| of the outer and inner edge, half depth; (ROW_COUNT,) float32, cm."""

    outer: np.ndarray
    inner: np.ndarray
    half_depth: np.ndarray
    dome: float  # height of the dome's top
    dome_width: float
    dome_curve: float  # how far the dome falls at its width


@dataclass(frozen=True, eq=False)
class Heart:
    """The heart: centre, factor on size, angle of its long axis in radians."""

    across: float
    down: float
    size: float
    angle: float


@dataclass(frozen=True, eq=False)
class Body:
    """All lengths in cm. `scale` and `width` are factors on the average adult."""

    sex: str
    age_years: float
    frontal_supine: bool  # bedside film: arms down, shoulder blades over the lungs
    scale: float
    width: float
    fat: float  # under the skin
    muscle: float
    bone_density: float  # factor
    apex: float
    first_rib: float  # height of the first rib at the spine
    rib_spacing: float
    fall: np.ndarray  # (12,) of each rib
    lungs: dict[Side, LungRows]
    heart: Heart
    knob: float  # height of the aortic knob
    knob_radius: float
    unfolding: float  # of the aorta, with age: 0 to 1
    breast: float  # depth; 0 in men
    kyphosis: float  # of the thoracic spine, cm behind a straight one
    shoulder: float  # height of the shoulder line
    seed: tuple[int, ...]  # for the parts that draw more detail

    @property
    def carina(self) -> float:
        return self.knob + 3.6

    def half_width(self, down: np.ndarray | float) -> np.ndarray | float:
        """Half width of the rib cage at a height: that of the lungs' outer edge."""
        return np.interp(down, ROW_FIRST + ROW_STEP * np.arange(ROW_COUNT), self.lungs["R"].outer)

    def dome_height(self, side: Side, across: np.ndarray) -> np.ndarray:
        """Height of the diaphragm on a frontal film at |x| = across (float32 array)."""
        rows = self.lungs[side]
        beside = (across - np.float32(6.2 * self.width)) * np.float32(1 / rows.dome_width)
        outer = np.maximum(across - np.float32(6.2 * self.width), 0) * np.float32(1 / (7 * self.width))
        outer *= outer
        return np.float32(rows.dome) + np.float32(rows.dome_curve) * beside * beside + np.float32(2.7) * outer * outer

    def details(self, purpose: int) -> np.random.Generator:
        """A fresh random stream for details that belong to the person and not to the exposure."""
        return generator(self.seed, 100 + purpose)


def make_body(spec: ChestSpec, placement: Placement, breath: np.random.Generator) -> Body:
    """The person of a spec, breathing in as deep as `breath` says."""
    rng = generator(spec.body_seed, 0)
    female, supine = spec.sex == "F", spec.view == "AP"
    scale = float(np.clip(rng.normal(0.935 if female else 1.0, 0.03), 0.85, 1.08))
    width = scale * float(rng.uniform(0.95, 1.06))
    apex = float(rng.uniform(4.5, 6.3))
    fall = RIB_FALL * scale * float(rng.uniform(0.95, 1.12))
    spacing = 2.28 * scale
    height = float(rng.uniform(21, 24.5)) * scale - 0.08 * max(0.0, spec.bmi - 24)
    height += float(breath.normal(0, 0.7)) - (2.4 if supine else 0.0)
    dome = apex + max(height, 15.5)
    domes: dict[Side, float] = {"R": dome, "L": dome + float(rng.uniform(0.3, 1.6))}
    domes = _raised(domes, spec, placement.atelectasis, rng)
    curve = {side: (float(rng.uniform(7.5, 8.6)) * width, float(rng.uniform(2.4, 4.0))) for side in SIDES}
    lungs = {side: _lung_rows(side, apex, scale, width, domes[side], curve[side], rng) for side in SIDES}
    age = float(np.clip((spec.age_years - 45) / 40, 0, 1))
    return Body(
        sex=spec.sex,
        age_years=spec.age_years,
        frontal_supine=supine,
        scale=scale,
        width=width,
        fat=float(np.clip(0.5 + 0.13 * (spec.bmi - 19) + rng.normal(0, 0.15), 0.25, 4.0)),
        muscle=float(rng.uniform(0.2, 0.7)) if female else float(rng.uniform(0.5, 1.3)),
        bone_density=1.08 - (0.32 if female else 0.2) * age + float(rng.normal(0, 0.05)),
        apex=apex,
        first_rib=apex - 0.6,
        rib_spacing=spacing,
        fall=fall,
        lungs=lungs,
        heart=_heart(spec, scale, domes["L"], rng),
        knob=apex + float(rng.uniform(6.0, 7.5)) * scale,
        knob_radius=1.55 + 0.55 * age + float(rng.normal(0, 0.1)),
        unfolding=age * float(rng.uniform(0.4, 1.0)),
        breast=float(rng.uniform(1.4, 2.6)) + 0.09 * max(0.0, spec.bmi - 20) if female else 0.0,
        kyphosis=float(rng.uniform(1.6, 2.6)) + 1.5 * age,
        shoulder=apex + float(rng.uniform(-2.6, -0.6)),
        seed=seed_words(spec.body_seed),
    )


def _raised(domes: dict[Side, float], spec: ChestSpec, side: str, rng: np.random.Generator) -> dict[Side, float]:
    """Atelectasis takes volume: its diaphragm stands higher. The draw is made whatever the finding."""
    rise = float(rng.uniform(0.8, 2.2))
    collapsed = "atelectasis" in spec.findings
    return {key: value - rise * (collapsed and key == side) for key, value in domes.items()}


def _heart(spec: ChestSpec, scale: float, dome: float, rng: np.random.Generator) -> Heart:
    usual, enlarged = float(rng.uniform(0.88, 1.02)), float(rng.uniform(1.27, 1.45))
    size = (enlarged if "cardiomegaly" in spec.findings else usual) * scale * (1.08 if spec.view == "AP" else 1.0)
    size *= 1 + 0.002 * max(0.0, spec.age_years - 50)
    return Heart(across=2.0 * size, down=dome - 3.2, size=size, angle=float(rng.uniform(0.5, 0.75)))


def _lung_rows(
    side: Side,
    apex: float,
    scale: float,
    width: float,
    dome: float,
    curve: tuple[float, float],
    rng: np.random.Generator,
) -> LungRows:
    inner, half_depth = _INNER[side] * rng.uniform(0.92, 1.1), _HALF_DEPTH * scale * rng.uniform(0.92, 1.05)
    tables = _by_root(apex, np.sqrt(_HEIGHTS * scale), np.column_stack([inner, half_depth]))
    return LungRows(
        outer=_by_root(apex, np.sqrt(_OUTER_HEIGHTS * scale), _OUTER * width),
        inner=np.ascontiguousarray(tables[:, 0]),
        half_depth=np.ascontiguousarray(tables[:, 1]),
        dome=dome,
        dome_width=curve[0],
        dome_curve=curve[1],
    )


def _by_root(apex: float, roots: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Row tables in the root of the depth below the apex, which is round: (ROW_COUNT[, n]) float32."""
    rows = ROW_FIRST + ROW_STEP * np.arange(ROW_COUNT)
    place = np.clip(np.sqrt(np.maximum(rows - apex, 0)), roots[0], roots[-1])
    return PchipInterpolator(roots, values)(place).astype(np.float32)
