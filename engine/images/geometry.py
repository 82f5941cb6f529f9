"""Directions, distances and order of slices in the patient (PS3.3 C.7.6.2.1.1)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_LETTERS = (("L", "R"), ("P", "A"), ("H", "F"))  # towards +x, −x; +y, −y; +z, −z of the patient
SAME_PLACE_MM = 0.01
_UNEVEN_SHARE = 0.02  # gaps that differ by more than this share of the median are uneven
LEAST_TILT_DEGREES = 0.5


@dataclass(frozen=True)
class StackOrder:
    """Slices in order along the normal."""

    order: tuple[int, ...]  # places in the input
    positions_mm: tuple[float, ...]  # in that order
    spacing_mm: float | None  # mean distance of neighbours
    notes: tuple[str, ...]


def direction_letters(cosines: Sequence[float]) -> str:
    """Patient letters of a direction (LPS cosines), the strongest first: "L", or "LA" for an oblique one."""
    parts = [(abs(value), pair[value < 0]) for value, pair in zip(cosines, _LETTERS) if abs(value) > 0.2]
    return "".join(letter for _size, letter in sorted(parts, key=lambda part: -part[0]))


def stack_order(points: Sequence[Sequence[float]], orientation: Sequence[float]) -> StackOrder:
    """Sort slices by position along the normal and say what is odd about them.

    points: (n, 3) Image Position (Patient) in mm. orientation: six cosines common to all.
    """
    places = np.asarray(points, np.float64)
    cosines = np.asarray(orientation, np.float64)
    normal = np.cross(cosines[:3], cosines[3:])
    normal /= np.linalg.norm(normal)
    depths = places @ normal
    order = np.argsort(depths, kind="stable")
    sorted_depths = depths[order]
    gaps = np.diff(sorted_depths)
    spacing = float(gaps[gaps > SAME_PLACE_MM].mean()) if (gaps > SAME_PLACE_MM).any() else None
    notes = (*_gap_notes(gaps), *_tilt_note(places[order], normal))
    return StackOrder(
        tuple(int(i) for i in order), tuple(round(float(depth), 4) for depth in sorted_depths), spacing, notes
    )


def uneven(gaps: np.ndarray) -> np.ndarray:
    """Which gaps (n,) in mm differ from their median by more than 2 % of it, at least 0.01 mm; (n,) bool."""
    usual = float(np.median(gaps))
    odd: np.ndarray = np.abs(gaps - usual) > max(_UNEVEN_SHARE * usual, SAME_PLACE_MM)
    return odd


def _gap_notes(gaps: np.ndarray) -> list[str]:
    notes = []
    double = np.flatnonzero(gaps <= SAME_PLACE_MM)
    if double.size:
        first = int(double[0])
        notes.append(
            f"slices {first + 1} and {first + 2} lie at the same place"
            if double.size == 1
            else f"{double.size} slices lie at the same place as the one before, the first being slice {first + 2}"
        )
    real = gaps[gaps > SAME_PLACE_MM]
    if real.size < 2:
        return notes
    usual = float(np.median(real))
    odd = uneven(real)
    if not odd.any():
        return notes
    multiples = np.rint(real[odd] / usual)
    whole = np.abs(real[odd] / usual - multiples) < 2 * _UNEVEN_SHARE
    if odd.sum() <= real.size // 4 and (multiples >= 2).all() and whole.all():
        missing = int((multiples - 1).sum())
        after = int(np.flatnonzero(np.abs(gaps - usual) > max(_UNEVEN_SHARE * usual, SAME_PLACE_MM))[0]) + 1
        notes.append(
            f"a slice is missing after slice {after}: a gap of {real.max():.2f} mm, {usual:.2f} mm elsewhere"
            if missing == 1
            else f"{missing} slices are missing, the first after slice {after}: gaps of {usual:.2f} mm elsewhere"
        )
    else:
        notes.append(f"slices are unevenly spaced: {real.min():.2f} to {real.max():.2f} mm apart")
    return notes


def _tilt_note(places: np.ndarray, normal: np.ndarray) -> list[str]:
    """Slices that march off sideways while the planes stay parallel: a tilted gantry."""
    path = places[-1] - places[0]
    length = float(np.linalg.norm(path))
    if length < SAME_PLACE_MM:
        return []
    angle = math.degrees(math.acos(min(1.0, abs(float(path @ normal)) / length)))
    if angle < LEAST_TILT_DEGREES:
        return []
    return [f"the gantry was tilted by {angle:.1f} degrees: slices are shifted against each other"]
