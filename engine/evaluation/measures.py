"""The rows of `metrics.csv`: one a class, subgroup and level, every number with its interval.

The patient is the unit: all intervals redraw or sum by patient, and one set of draws serves all classes, subgroups and
levels, so that rows can be compared.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.evaluation.predictions import AGE_BINS, NOT_RECORDED, Predictions
from engine.metrics.calibration import Calibration, calibration
from engine.metrics.delong import DeLong, delong
from engine.metrics.proportions import confusion, wilson_interval
from engine.metrics.resampling import UNDEFINED_LIMIT, Floats, Integers, patient_weights, percentile_interval
from engine.metrics.roc import bootstrap_auc_of, roc_aucs
from engine.metrics.thresholds import choose_threshold

__all__ = ["ALL", "FIXED", "MACRO", "METRICS_COLUMNS", "RULES", "Draws", "Thresholds", "choose_thresholds", "measure"]

ALL, MACRO = "all", "macro"
FIXED = 0.5
RULES = ("youden", "balanced")
_CUTS = ("at_0.5", *RULES)
METRICS_COLUMNS = [
    *("level", "group", "value", "class", "n", "n_patients", "n_positive", "n_left_out", "prevalence"),
    *("auc", "auc_low", "auc_high", "n_undefined_redraws", "auc_delong_se", "auc_delong_low", "auc_delong_high"),
    *(f"threshold_{rule}" for rule in RULES),
    *(
        f"{what}_{cut}{end}"
        for cut in _CUTS
        for what in ("sensitivity", "specificity")
        for end in ("", "_low", "_high")
    ),
    *(
        f"{what}{end}"
        for what in ("brier", "ece", "calibration_intercept", "calibration_slope")
        for end in ("", "_low", "_high")
    ),
    *("accuracy", "accuracy_low", "accuracy_high", "status"),
]

Row = dict[str, Any]
Thresholds = Mapping[str, Mapping[str, float]]  # class → rule → threshold; NaN = not estimable


@dataclass(frozen=True)
class Draws:
    """The bootstrap over patients."""

    redraws: int = 1000
    seed: int = 0


def choose_thresholds(validation: Predictions) -> Thresholds:
    """One threshold a class and rule, on validation data."""
    return {
        name: {rule: choose_threshold(validation.truth[:, k], validation.probabilities[:, k], rule) for rule in RULES}  # type: ignore[arg-type]
        for k, name in enumerate(validation.classes)
    }


def measure(
    of: Predictions, level: str, thresholds: Thresholds | None, draws: Draws, progress: Callable[[float], None]
) -> Iterator[Row]:
    """Rows of one level: over all, then each value of each group; each class, then the macro mean where several.

    thresholds: chosen on validation data of the same level; None where there is none.
    """
    parts = list(_parts(of))
    areas = _redrawn_areas(of, [rows for *_, rows in parts], draws, lambda share: progress(0.6 * share))
    for done, ((group, value, rows), redrawn) in enumerate(zip(parts, areas), start=1):
        head = {"level": level, "group": group, "value": value}
        yield from _part(of, rows, redrawn, thresholds, draws, head)
        progress(0.6 + 0.4 * done / len(parts))


def _parts(of: Predictions) -> Iterator[tuple[str, str, Integers]]:
    """Group, value, and the rows of that subgroup."""
    yield ALL, ALL, np.arange(len(of))
    for group, values in of.groups.items():
        for value in sorted(set(values.tolist()), key=_place):
            yield group, value, np.flatnonzero(values == value)


def _place(value: str) -> tuple[bool, int, str]:
    """Ages from young to old, other values by name; what is not recorded comes last."""
    ages = [name for _, name in AGE_BINS]
    return value == NOT_RECORDED, ages.index(value) if value in ages else 0, value


def _redrawn_areas(
    of: Predictions, parts: list[Integers], draws: Draws, progress: Callable[[float], None]
) -> list[Floats]:
    """Areas (redraws, k) of each part. A subgroup is a part of the redrawn whole: its size varies as it would."""
    found: list[list[Floats]] = [[] for _ in parts]
    done = 0
    for weights in patient_weights(of.n_patients, draws.redraws, draws.seed):
        for place, rows in enumerate(parts):
            found[place].append(bootstrap_auc_of(of.truth[rows], of.probabilities[rows], of.patients[rows], weights))
        done += len(weights)
        progress(done / draws.redraws)
    return [np.concatenate(chunks) for chunks in found]


def _part(
    of: Predictions, rows: Integers, redrawn: Floats, thresholds: Thresholds | None, draws: Draws, head: Row
) -> Iterator[Row]:
    truth, probabilities, patients = of.truth[rows], of.probabilities[rows], of.patients[rows]
    areas, linear = roc_aucs(truth, probabilities), delong(truth, probabilities, patients)
    calibrated = calibration(truth, probabilities, patients, redraws=draws.redraws, seed=draws.seed)
    for k, name in enumerate(of.classes):
        yield (
            head
            | {"class": name}
            | _counts(truth[:, k], patients)
            | _area(truth[:, k], patients, areas[k], redrawn[:, k])
            | _delong(linear, k)
            | _cuts(truth[:, k], probabilities[:, k], patients, None if thresholds is None else thresholds.get(name))
            | _calibrated(calibrated[k])
        )
    if len(of.classes) > 1:
        yield head | {"class": MACRO} | _macro(of, rows, areas, redrawn)


def _counts(truth: Floats, patients: Integers) -> Row:
    known = (truth == 1) | (truth == 0)
    n, positive = int(known.sum()), int((truth == 1).sum())
    return {
        "n": n,
        "n_patients": len(np.unique(patients[known])),
        "n_positive": positive,
        "n_left_out": len(truth) - n,
        "prevalence": positive / n if n else float("nan"),
    }


def _area(truth: Floats, patients: Integers, area: float, redrawn: Floats) -> Row:
    row = {"auc": area} | _limits(redrawn)
    positive, negative = int((truth == 1).sum()), int((truth == 0).sum())
    if positive and negative:
        return row | {"status": _interval_status(row, len(redrawn), len(np.unique(patients)))}
    return row | {"status": _one_outcome(positive, negative)}


def _limits(redrawn: Floats) -> Row:
    low, high, undefined = percentile_interval(redrawn)
    return {"auc_low": low, "auc_high": high, "n_undefined_redraws": undefined}


def _one_outcome(positive: int, negative: int) -> str:
    if not positive + negative:
        return "not estimable: no image has a label"
    lacking = "negative" if positive else "positive"
    return f"not estimable: none of {positive + negative} is {lacking}"


def _interval_status(row: Row, redraws: int, n_patients: int) -> str:
    undefined = row["n_undefined_redraws"]
    if n_patients < 2:
        return "interval not estimable: one patient only"
    if undefined > UNDEFINED_LIMIT * redraws:
        return f"interval withheld: {undefined} of {redraws} redraws hold one outcome only"
    if row["auc_high"] - row["auc_low"] < 1e-9:
        return "interval not estimable: the scores separate the outcomes entirely"
    return "ok"


def _delong(linear: DeLong, k: int) -> Row:
    return {
        "auc_delong_se": float(np.sqrt(linear.variance[k])),
        "auc_delong_low": float(linear.low[k]),
        "auc_delong_high": float(linear.high[k]),
    }


def _cuts(truth: Floats, scores: Floats, patients: Integers, chosen: Mapping[str, float] | None) -> Row:
    thresholds = {"at_0.5": FIXED} | {rule: (chosen or {}).get(rule, float("nan")) for rule in RULES}
    row: Row = {f"threshold_{rule}": thresholds[rule] for rule in RULES}
    for cut, threshold in thresholds.items():
        if np.isnan(threshold):
            continue
        found = confusion(truth, scores, patients, threshold)
        for what, share in (("sensitivity", found.sensitivity), ("specificity", found.specificity)):
            row |= _with_limits(f"{what}_{cut}", share.value, share.low, share.high)
    return row


def _calibrated(found: Calibration) -> Row:
    row: Row = {}
    for name, estimate in (
        ("brier", found.brier),
        ("ece", found.ece),
        ("calibration_intercept", found.intercept),
        ("calibration_slope", found.slope),
    ):
        row |= _with_limits(name, estimate.value, estimate.low, estimate.high)
    return row


def _with_limits(name: str, value: float, low: float, high: float) -> Row:
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def _macro(of: Predictions, rows: Integers, areas: Floats, redrawn: Floats) -> Row:
    """The mean over the classes that can be estimated; a redraw counts where all of these can."""
    estimable = ~np.isnan(areas)
    row: Row = {
        "n": len(rows),
        "n_patients": len(np.unique(of.patients[rows])),
        "auc": float(areas[estimable].mean()) if estimable.any() else float("nan"),
    }
    if not estimable.any():
        return row | {"status": "not estimable: no class has both outcomes"}
    row |= _limits(redrawn[:, estimable].mean(axis=1))
    status = _interval_status(row, len(redrawn), row["n_patients"])
    if not estimable.all():
        absent = ", ".join(name for name, there in zip(of.classes, estimable) if not there)
        status = f"without {absent}, not estimable" + ("" if status == "ok" else f"; {status}")
    return row | {"status": status} | (_accuracy(of, rows) if of.exclusive else {})


def _accuracy(of: Predictions, rows: Integers) -> Row:
    """How often the likeliest class is the true one."""
    stated = rows[(of.truth[rows] == 1).any(axis=1)]
    if not len(stated):
        return {}
    right: NDArray[np.bool_] = of.truth[stated].argmax(axis=1) == of.probabilities[stated].argmax(axis=1)
    return _with_limits("accuracy", float(right.mean()), *wilson_interval(right, of.patients[stated]))
