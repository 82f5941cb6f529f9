"""Two runs on the same images: is one better? DeLong's test and the permutation test, both by patient."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from engine.errors import JobError
from engine.evaluation.measures import MACRO, Draws
from engine.evaluation.predictions import Predictions, in_common
from engine.metrics.delong import delong_test
from engine.metrics.permutation import permutation_test
from engine.metrics.resampling import Floats, patient_weights, percentile_interval
from engine.metrics.roc import bootstrap_auc_of, roc_aucs

__all__ = ["COMPARISON_COLUMNS", "compare"]

COMPARISON_COLUMNS = [
    *("level", "class", "n", "n_patients", "n_positive", "auc", "other_auc"),
    *("difference", "difference_low", "difference_high", "n_undefined_redraws"),
    *("delong_se", "delong_low", "delong_high", "p_delong", "p_permutation", "permutations"),
]


def compare(
    of: Predictions, other: Predictions, level: str, draws: Draws, permutations: int = 10_000
) -> Iterator[dict[str, Any]]:
    """A row a class that both have, then the macro mean; over the images that both have.

    Raises JobError where the two state different truths of an image: they were not made from the same labels.
    """
    of, other = in_common(of, other)
    _refuse_other_truths(of, other)
    linear = delong_test(of.truth, of.probabilities, other.probabilities, of.patients)
    drawn = _redrawn_differences(of, other, draws)
    exchanged = permutation_test(
        of.truth, of.probabilities, other.probabilities, of.patients, permutations=permutations, seed=draws.seed
    )
    areas, others = roc_aucs(of.truth, of.probabilities), roc_aucs(of.truth, other.probabilities)
    for k, name in enumerate(of.classes):
        known = (of.truth[:, k] == 1) | (of.truth[:, k] == 0)
        yield {
            "level": level,
            "class": name,
            "n": int(known.sum()),
            "n_patients": len(np.unique(of.patients[known])),
            "n_positive": int((of.truth[:, k] == 1).sum()),
            **_difference(areas[k], others[k], drawn[:, k]),
            "delong_se": linear.standard_error[k],
            "delong_low": linear.low[k],
            "delong_high": linear.high[k],
            "p_delong": linear.p_value[k],
            "p_permutation": exchanged.p_value[k],
            "permutations": permutations,
        }
    estimable = ~np.isnan(areas)
    if len(of.classes) > 1 and estimable.any():
        yield {
            "level": level,
            "class": MACRO,
            "n": len(of),
            "n_patients": len(np.unique(of.patients)),
            **_difference(areas[estimable].mean(), others[estimable].mean(), drawn[:, estimable].mean(axis=1)),
            "p_permutation": exchanged.macro_p_value,
            "permutations": permutations,
        }


def _difference(area: float, other: float, drawn: Floats) -> dict[str, Any]:
    low, high, undefined = percentile_interval(drawn)
    return {
        "auc": float(area),
        "other_auc": float(other),
        "difference": float(area - other),
        "difference_low": low,
        "difference_high": high,
        "n_undefined_redraws": undefined,
    }


def _redrawn_differences(of: Predictions, other: Predictions, draws: Draws) -> Floats:
    """(redraws, k): both runs on the same redrawn patients."""
    chunks = [
        bootstrap_auc_of(of.truth, of.probabilities, of.patients, weights)
        - bootstrap_auc_of(of.truth, other.probabilities, of.patients, weights)
        for weights in patient_weights(of.n_patients, draws.redraws, draws.seed)
    ]
    return np.concatenate(chunks)


def _refuse_other_truths(of: Predictions, other: Predictions) -> None:
    differs = ~((of.truth == other.truth) | (np.isnan(of.truth) & np.isnan(other.truth)))
    if differs.any():
        row, k = np.argwhere(differs)[0]
        raise JobError(
            f"the two runs state different truths of image '{of.image_ids[row]}' for {of.classes[k]} "
            f"({of.truth[row, k]:g} and {other.truth[row, k]:g}); predict both from the same cohort"
        )
