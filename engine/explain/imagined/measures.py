"""What counterfactuals are measured by: numbers over images, with intervals that redraw patients. No torch."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.metrics import resampling
from engine.metrics.proportions import wilson_interval
from engine.metrics.resampling import Floats

__all__ = ["Draws", "Seen", "changed_region", "device_yield", "mean_by_patient", "orthogonal_distance", "outside"]

LEAST_POSITIVES = 5  # devices that a detector must have been tried on
LEAST_SENSITIVITY, LEAST_SPECIFICITY = 0.5, 0.8  # on reconstructions; below, what it says of drawings means little
CHANGED = 0.05  # of the grey scale: a pixel that differs more is part of the change


@dataclass(frozen=True)
class Draws:
    """The bootstrap over patients."""

    redraws: int = 1000
    seed: int = 0


@dataclass(frozen=True)
class Seen:
    """How well a detector sees one device in pictures of one kind, at the threshold that was chosen before."""

    n: int
    n_positive: int
    sensitivity: float
    sensitivity_low: float
    sensitivity_high: float
    specificity: float
    specificity_low: float
    specificity_high: float

    @classmethod
    def of(cls, present: np.ndarray, called: np.ndarray, patients: np.ndarray) -> "Seen":
        """present, called: (n,) bool; patients: (n,) names. Wilson's intervals; NaN where there is nothing to count."""
        _, index = np.unique(patients, return_inverse=True)
        shares = [_share(right[rows], index[rows]) for rows, right in ((present, called), (~present, ~called))]
        return cls(len(present), int(present.sum()), *shares[0], *shares[1])

    def refusal(self, device: str, size: int) -> str:
        """Why what the detector says of drawings cannot be counted; "" where it can."""
        if self.n_positive < LEAST_POSITIVES:
            return f"{self.n_positive} reconstructions show it; the detector is tried on at least {LEAST_POSITIVES}"
        if not self.sensitivity >= LEAST_SENSITIVITY:
            return f"at {size} pixels the detector sees {100 * self.sensitivity:.0f} % of those that are there"
        if not self.specificity >= LEAST_SPECIFICITY:
            return f"the detector sees one in {100 * (1 - self.specificity):.0f} % of the pictures that have none"
        return ""


def _share(right: np.ndarray, patients: np.ndarray) -> tuple[float, float, float]:
    return (float(right.mean()) if len(right) else float("nan"), *wilson_interval(right, patients))


def device_yield(
    drawn: np.ndarray, at_zero: np.ndarray, at_random: np.ndarray, patients: np.ndarray, draws: Draws
) -> dict[str, float]:
    """Shares of images in which a device is seen, and their differences, each with its 95 % interval by patient.

    drawn, at_zero, at_random: (n,) bool of the same images pushed to a finding, drawn as they are, and pushed as far
    in a random direction, or NaN where that cannot be said; patients: (n,) names. Keys: yield, at_zero, at_random,
    difference (yield − at_zero), over_random (yield − at_random), each with _low and _high. Wilson's intervals of
    shares, which say something also where no film shows the device; percentiles of redrawn patients of differences.
    """
    _, index = np.unique(patients, return_inverse=True)
    found: dict[str, float] = {}
    for name, seen in (("yield", drawn), ("at_zero", at_zero), ("at_random", at_random)):
        known = bool(len(seen)) and not np.isnan(seen.astype(np.float64)).any()
        share = _share(seen, index) if known else (float("nan"),) * 3
        found |= dict(zip((name, f"{name}_low", f"{name}_high"), share, strict=True))
    differences = {
        "difference": drawn.astype(np.float64) - at_zero,
        "over_random": drawn.astype(np.float64) - at_random,
    }
    return found | mean_by_patient(differences, patients, draws)


def mean_by_patient(values: Mapping[str, Floats], patients: np.ndarray, draws: Draws) -> dict[str, float]:
    """`engine.metrics.resampling.mean_by_patient` with these draws."""
    return resampling.mean_by_patient(values, patients, draws.redraws, draws.seed)


def orthogonal_distance(first: Floats, second: Floats, direction: Floats | None) -> Floats:
    """How far codes (n, L) are apart in what a push does not touch, in deviations of one entry: (n,).

    The part along `direction` (L,), of norm 1, does not count; None: all of it does. Two unrelated codes are √2 apart.
    """
    apart, free = second - first, first.shape[1]
    if direction is not None:
        apart, free = apart - np.outer(apart @ direction, direction), free - 1
    return np.asarray(np.linalg.norm(apart, axis=1) / np.sqrt(free))


def changed_region(drawn: np.ndarray, reconstructed: np.ndarray) -> np.ndarray:
    """Where a push changed drawings (n, s, s) by more than CHANGED of the grey scale, and the pixels around; bool."""
    changed = np.abs(drawn - reconstructed) > CHANGED
    padded = np.pad(changed, ((0, 0), (1, 1), (1, 1)))
    size = changed.shape[1:]
    shifts = [padded[:, down : down + size[0], across : across + size[1]] for down in range(3) for across in range(3)]
    return np.logical_or.reduce(shifts)


def outside(drawn: np.ndarray, films: np.ndarray, region: np.ndarray) -> Floats:
    """Mean distance of drawings to films outside the region, of the grey scale: (n,); NaN where it is everywhere."""
    free = ~region
    counts = free.sum((1, 2))
    sums = (np.abs(drawn - films) * free).sum((1, 2), dtype=np.float64)
    return np.divide(sums, counts, out=np.full(len(sums), np.nan), where=counts > 0)
