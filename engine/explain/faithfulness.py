"""Scores of one map: does it point at the object, and does the network change its mind with what it points at?

Pointing game: Zhang et al. 2018 (Top-down neural attention by excitation backprop). Insertion and deletion: Petsiuk et
al. 2018 (RISE). Sanity check with random weights: Adebayo et al. 2018.
"""

from dataclasses import dataclass

import numpy as np
import torch
from scipy import ndimage, stats

from engine.explain.subject import Subject, probabilities

__all__ = ["Place", "curve_areas", "rank_correlation", "scores_of_place"]

TOLERANCE = 15 / 500  # of the longer side of the map: the game allows 15 pixels in pictures of about 500
STEPS = 16  # of an insertion or deletion curve
_BLUR = 10 / 224  # deviation of the blurred image that insertion begins with, of the network's square


@dataclass(frozen=True)
class Place:
    """How a map lies to an object. NaN where the map is empty: nothing points anywhere."""

    pointing: float  # 1 where its highest point is on the object or within the tolerance
    pointing_by_area: float  # share of all points of which that is true: what chance would do
    share: float  # of the map's positive part that lies on the object
    share_by_area: float


def scores_of_place(values: np.ndarray, region: np.ndarray) -> Place:
    """values: (h, w) map; region: (h, w) share of each of its pixels that belongs to the object, some of it above 0."""
    near = ndimage.distance_transform_edt(region <= 0) <= TOLERANCE * max(values.shape)
    heat = np.maximum(values, 0.0).astype(np.float64)
    by_area = float(near.mean()), float(region.mean())
    if not heat.sum() > 0:
        return Place(np.nan, by_area[0], np.nan, by_area[1])
    highest = np.isclose(heat, heat.max(), rtol=1e-6, atol=0)  # of several highest points each counts its part
    return Place(float(near[highest].mean()), by_area[0], float((heat * region).sum() / heat.sum()), by_area[1])


def rank_correlation(values: np.ndarray, others: np.ndarray) -> float:
    """Spearman's rank correlation of two maps of one size, in [−1, 1]; NaN where one is even."""
    if np.ptp(values) == 0 or np.ptp(others) == 0:
        return float("nan")
    return float(stats.spearmanr(values.ravel(), others.ravel()).statistic)


def curve_areas(subject: Subject, values: np.ndarray, target: int) -> tuple[float, float]:
    """(insertion, deletion): areas under the target's probability, in [0, 1].

    Insertion: the image's pixels are put into its blurred copy, those with the highest values first; a true map gains
    early. Deletion: they are replaced by the image's mean grey; a true map loses early.
    """
    rows, columns = _inside(subject)
    height, width = rows.stop - rows.start, columns.stop - columns.start
    unit = subject.unit
    map_ = _fitted(values, (height, width))
    order = np.argsort(-map_.ravel(), kind="stable")
    rank = np.empty(order.size, np.int64)
    rank[order] = np.arange(order.size)
    place = rank.reshape(height, width)
    blurred = ndimage.gaussian_filter(unit[rows, columns], _BLUR * len(unit), mode="nearest")
    empty = np.full_like(blurred, unit[rows, columns].mean())
    series = np.repeat(unit[None], 2 * (STEPS + 1), axis=0)  # insertion first, then deletion
    for step in range(STEPS + 1):
        taken = place < round(step / STEPS * order.size)
        series[step, rows, columns] = np.where(taken, unit[rows, columns], blurred)
        series[STEPS + 1 + step, rows, columns] = np.where(taken, empty, unit[rows, columns])
    curves = _probability(subject, series, target).reshape(2, STEPS + 1)
    insertion, deletion = np.trapezoid(curves, dx=1 / STEPS, axis=1)
    return float(insertion), float(deletion)


def _inside(subject: Subject) -> tuple[slice, slice]:
    left, top, width, height = subject.box
    return slice(round(top), max(round(top + height), round(top) + 1)), slice(
        round(left), max(round(left + width), round(left) + 1)
    )


def _fitted(values: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """The map with a row or column more or less, where rounding the box left it one off."""
    short = [(0, max(0, wanted - have)) for wanted, have in zip(shape, values.shape)]
    return np.pad(values, short, mode="edge")[: shape[0], : shape[1]]


def _probability(subject: Subject, series: np.ndarray, target: int) -> np.ndarray:
    """(N, size, size) float32 in [0, 1] → (N,) probability of the target."""
    with torch.no_grad():
        return probabilities(subject.trained, subject.trained.tensor(series))[:, target]
