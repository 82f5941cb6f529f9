"""What lies in the beam: both lungs, what findings change in them, and the materials of a whole exposure."""

from dataclasses import dataclass, field

import numpy as np

from engine.cohorts.simulated.spec import Side, TruthObject

TISSUE = 0.24  # share of a healthy lung that is blood and tissue


@dataclass(eq=False)
class LungField:
    """One lung on the film; maps are float32 (size, size) in cm.

    `chest` is the path inside the rib cage as if there were no diaphragm, `open` that above it, and `air` what
    the heart and the great vessels leave of that. `across` is the distance from the midline towards the lung's own
    side (frontal), or behind its middle (lateral); `outer` is the place of the outer edge in the same measure.
    """

    side: Side
    across: np.ndarray
    outer: np.ndarray
    chest: np.ndarray
    open: np.ndarray
    air: np.ndarray
    dome: np.ndarray


@dataclass(eq=False)
class Aeration:
    """What findings do to the lungs, collected before the beam passes; maps are float32 (size, size)."""

    tissue: np.ndarray  # share of the lung's path that is tissue
    extra: np.ndarray  # soft tissue or fluid in place of air, cm
    vessels: np.ndarray  # how much of the vessels still stands out, 0 to 1
    bronchi: np.ndarray  # how much of the bronchi stands out as air: inside consolidation
    truth: list[TruthObject] = field(default_factory=list)


def healthy(size: int) -> Aeration:
    """No finding."""
    shape = (size, size)
    zeros = np.zeros(shape, np.float32)
    return Aeration(np.full(shape, TISSUE, np.float32), zeros, np.ones(shape, np.float32), zeros.copy())


@dataclass(frozen=True, eq=False)
class Materials:
    """Path lengths of one exposure, float32 (size, size), cm; `metal` in cm of bone-like material; two masks, bool."""

    soft: np.ndarray
    bone: np.ndarray
    metal: np.ndarray
    lungs: np.ndarray
    heart: np.ndarray
    truth: list[TruthObject]
