"""Where to cut a score: chosen on validation data, used on test data. numpy only."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from engine.metrics.roc import roc_curve

__all__ = ["Rule", "choose_threshold"]

Rule = Literal["youden", "balanced"]


def choose_threshold(truth: ArrayLike, scores: ArrayLike, rule: Rule = "youden") -> float:
    """The threshold of one class: an image is called positive where its score ≥ it. NaN where it is not estimable.

    "youden": the largest sensitivity + specificity − 1 (Youden 1950, Cancer 3:32). "balanced": sensitivity and
    specificity as close as they come, and of several such cuts the one with the larger sum. It lies half way between
    two neighbouring scores, so that it does not hang on the last digit of one; equal cuts go to the highest.

    truth (1, 0, else not counted), scores: (n,).
    """
    curve = roc_curve(truth, scores)
    if not len(curve.thresholds):
        return float("nan")
    sensitivity, specificity = curve.sensitivity, 1 - curve.false_positive_rate
    youden = np.round(sensitivity + specificity - 1, 12)  # sums of fractions that are equal are equal
    if rule == "youden":
        best = int(youden.argmax())
    else:
        best = int(np.lexsort((-youden, np.round(abs(sensitivity - specificity), 12)))[0])
    return _between(curve.thresholds, best)


def _between(thresholds: np.ndarray, cut: int) -> float:
    """Half way between the lowest score called positive and the highest that is not."""
    called = thresholds[cut] if cut else np.nextafter(thresholds[1], np.inf)  # none is called positive
    below = thresholds[cut + 1] if cut + 1 < len(thresholds) else called
    return float(called if cut == 0 else (called + below) / 2)
