"""What one simulated radiograph is asked to show, and what comes back with the truth of what was drawn."""

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from engine.cohorts.simulated.confounding import DEVICES, FINDINGS, RaceSignal, Site
from engine.errors import CohortError
from engine.images.image import Image

View = Literal["PA", "AP", "LATERAL"]
Side = Literal["R", "L", ""]  # patient's right or left; "" midline or both
VIEWS: tuple[View, ...] = ("PA", "AP", "LATERAL")


@dataclass(frozen=True)
class ChestSpec:
    """One exposure of one person. The same `body_seed` is the same person, whatever the view or the date."""

    body_seed: int | tuple[int, ...] = 0
    exposure_seed: int | tuple[int, ...] = 0
    view: View = "PA"
    sex: Literal["F", "M"] = "M"
    age_years: float = 55.0
    bmi: float = 25.0  # kg/m²
    race: str = "White"
    races: tuple[str, ...] = ("Asian", "Black", "White")  # all labels, in the order that numbers the race signal
    findings: frozenset[str] = frozenset()
    devices: frozenset[str] = frozenset()
    site: Site = field(default_factory=Site)
    race_signal: RaceSignal = field(default_factory=lambda: RaceSignal(strength=0.0))
    monochrome1: bool = False
    device_density: float = 1.0  # what devices absorb, times what they are made of

    def __post_init__(self) -> None:
        if self.view not in VIEWS:
            raise CohortError(f"view '{self.view}' cannot be simulated; it is one of {', '.join(VIEWS)}")
        if odd := sorted(self.findings - set(FINDINGS)) + sorted(self.devices - set(DEVICES)):
            raise CohortError(f"'{odd[0]}' cannot be simulated; known are {', '.join(FINDINGS + DEVICES)}")
        if self.race not in self.races:
            raise CohortError(f"race label '{self.race}' is not among {', '.join(self.races)}")

    @property
    def frontal(self) -> bool:
        return self.view != "LATERAL"


@dataclass(frozen=True, eq=False)
class TruthObject:
    """One thing that was drawn: a polyline, a mask, or both, in pixel-centre coordinates of the stored image."""

    kind: str
    side: Side = ""
    polyline: np.ndarray | None = None  # (n, 2) float (column, row)
    mask: np.ndarray | None = None  # (rows, columns) bool
    facts: dict[str, Any] = field(default_factory=dict)  # numbers in plain words: cardiothoracic_ratio, radius_mm …


@dataclass(frozen=True, eq=False)
class SimulatedImage:
    """The image as stored (12 bit) and its truth."""

    image: Image
    truth: tuple[TruthObject, ...]
    spec: ChestSpec

    def named(self, kind: str) -> tuple[TruthObject, ...]:
        """The objects of one kind, in drawing order."""
        return tuple(found for found in self.truth if found.kind == kind)
