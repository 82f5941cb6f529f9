"""Where devices lie in stored squares, and which of them the confounding table plants with which finding. No torch."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
from PIL import Image as PilImage

from engine.cohorts.cohort import Cohort
from engine.cohorts.simulated.confounding import DEVICES, FINDINGS, DeviceRate
from engine.explain.planted import Planted, at_map, planted_in
from engine.images.resampling import Box

__all__ = ["DEVICES", "FINDINGS", "is_planted", "places_of", "planted_difference", "truth_places"]


def truth_places(
    cohort: Cohort,
    image_ids: Sequence[str],
    boxes: np.ndarray,
    size: int,
    side: int,
    progress: Callable[[float], None] | None = None,
) -> np.ndarray:
    """Where each device lies: (N, D, side, side) uint8, share × 255; boxes (N, 4) in squares of `size` pixels."""
    places = np.zeros((len(image_ids), len(DEVICES), side, side), np.uint8)
    for row, (image_id, box) in enumerate(zip(image_ids, boxes, strict=True)):
        scaled: Box = tuple(float(value) * side / size for value in box)  # type: ignore[assignment]
        places[row] = places_of(planted_in(cohort.root, image_id), scaled, side)
        if progress:
            progress((row + 1) / len(image_ids))
    return places


def places_of(planted: Planted, box: Box, side: int) -> np.ndarray:
    """(D, side, side) uint8 of one image, which lies in `box` of the square. A line covers whole every pixel it meets.

    A device is there with its leads; one that lies outside of the image is not there.
    """
    places = np.zeros((len(DEVICES), side, side), np.uint8)
    for entry in planted.objects:
        name = str(entry["kind"]).removesuffix("_lead")
        if name in DEVICES:
            drawn = _mask(planted, entry, box, side) if "mask" in entry else _line(planted, entry, box, side)
            np.maximum(places[DEVICES.index(name)], drawn, out=places[DEVICES.index(name)])
    return places


def _line(planted: Planted, entry: Mapping[str, Any], box: Box, side: int) -> np.ndarray:
    points = np.array(entry["polyline"], np.float64).reshape(-1, 2)
    scale = np.array([box[2] / planted.columns, box[3] / planted.rows])
    points = (points + 0.5) * scale  # in pixels of the square, from the image's corner
    if len(points) > 1:  # four points a pixel
        along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
        finer = np.linspace(0, along[-1], 2 + int(4 * along[-1]))
        points = np.stack([np.interp(finer, along, points[:, axis]) for axis in (0, 1)], 1)
    within = ((points >= 0) & (points < box[2:])).all(1)
    column, row = np.floor(points[within] + box[:2]).astype(int).T.clip(0, side - 1)
    drawn = np.zeros((side, side), np.uint8)
    drawn[row, column] = 255
    return drawn


def _mask(planted: Planted, entry: Mapping[str, Any], box: Box, side: int) -> np.ndarray:
    with PilImage.open(planted.root / entry["mask"]) as picture:
        region = np.asarray(picture) > 0
    left, top, width, height = (round(value) for value in box)
    drawn = np.zeros((side, side), np.uint8)
    drawn[top : top + height, left : left + width] = np.rint(255 * at_map(region, (height, width)))
    return drawn


def is_planted(table: Mapping[str, Any], finding: str, device: str) -> bool:
    """Whether the table (as `cohort.json` keeps it) names the device's rate given this finding, and as another one."""
    return any(
        finding in rate["given"] and rate["given"][finding] != rate["otherwise"]
        for rate in table["devices"].get(device, {}).values()
    )


def planted_difference(table: Mapping[str, Any], finding: str, device: str) -> float:
    """P(device | finding) − P(device | not finding) of a patient's first study, all else drawn as the table says."""
    joint = {True: 0.0, False: 0.0}  # P(device and finding or not)
    having = {True: 0.0, False: 0.0}  # P(finding or not)
    names = [name for name in FINDINGS if name in table["findings"]]
    for group, share in table["races"].items():
        rates = [table["findings"][name].get(group, 0.0) for name in names]
        entry = table["devices"].get(device, {}).get(group)
        rate = DeviceRate(**entry) if entry else DeviceRate()
        for present in product((False, True), repeat=len(names)):
            chance = share * float(np.prod([p if has else 1 - p for p, has in zip(rates, present)]))
            has = present[names.index(finding)] if finding in names else False
            having[has] += chance
            joint[has] += chance * rate.probability([name for name, yes in zip(names, present) if yes])
    if min(having.values()) <= 0:
        return float("nan")
    return joint[True] / having[True] - joint[False] / having[False]
