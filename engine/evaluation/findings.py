"""Findings one beside the other, as DiffChest's Figure 2 and its Extended Data Table: areas of one model, or of two.

Left out are findings with too few positives for an area to say much: the paper takes those with more than 30.
"""

from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from engine.errors import JobError
from engine.evaluation.figures import BLUE, GREY, ORANGE, NamedFigure
from engine.evaluation.measures import Draws
from engine.evaluation.predictions import Predictions, in_common
from engine.evaluation.printing import p_value
from engine.metrics.permutation import permutation_test
from engine.metrics.resampling import Floats, percentile_interval
from engine.metrics.roc import bootstrap_auc, roc_aucs
from engine.rounding import counted, is_missing, number, with_interval
from engine.tables import Table

__all__ = ["FINDINGS_COLUMNS", "LEAST_POSITIVES", "Findings", "findings_of", "foreign_scores"]

LEAST_POSITIVES = 31
FINDINGS_COLUMNS = [
    *("finding", "n", "n_patients", "n_positive", "auc", "auc_low", "auc_high"),
    *("other_auc", "other_auc_low", "other_auc_high", "difference", "p_permutation"),
]
_NOTE = "95 % CI: percentile bootstrap over patients. p: two-sided, permutation of the two models within patients."
_SIGNIFICANT = 0.001  # the paper's
_ROW, _WIDTH, _FEET = 0.21, 7.2, 1.0  # inches


@dataclass(frozen=True, eq=False)
class Findings:
    """Rows of FINDINGS_COLUMNS, the largest area first."""

    rows: tuple[dict[str, Any], ...]
    least_positives: int
    left_out: tuple[str, ...]  # findings with fewer positives
    other: str = ""  # name of the other model

    def sentence(self) -> str:
        """The count the paper gives in its text."""
        areas = [row["auc"] for row in self.rows]
        text = (
            f"{counted(len(areas), 'finding')} with at least {self.least_positives} positives: mean AUC "
            f"{number(float(np.mean(areas)))}, {sum(area >= 0.9 for area in areas)} of at least 0.9, "
            f"{sum(area >= 0.7 for area in areas)} of at least 0.7"
        )
        pairs = [(row["auc"], row["other_auc"]) for row in self.rows if not is_missing(row["other_auc"])]
        if not pairs:
            return text
        wins = sum(own > other for own, other in pairs)
        mean = number(float(np.mean([other for _, other in pairs])))
        return f"{text}; {self.other} {mean}, below ours in {wins} of {len(pairs)}"

    def table(self) -> Table:
        frame = pd.DataFrame(list(self.rows), columns=FINDINGS_COLUMNS)
        printed = {
            "Finding": [row["finding"] for row in self.rows],
            "Positive / n": [f"{row['n_positive']} / {row['n']}" for row in self.rows],
            "AUC (95 % CI)": [with_interval(row["auc"], row["auc_low"], row["auc_high"]) for row in self.rows],
        }
        if self.other:
            columns = ("other_auc", "other_auc_low", "other_auc_high")
            printed |= {
                f"AUC of {self.other} (95 % CI)": [
                    with_interval(*(row[name] for name in columns)) for row in self.rows
                ],
                "p": [p_value(row["p_permutation"]) for row in self.rows],
            }
        return Table(frame, "Areas by finding", _NOTE, pd.DataFrame(printed))

    def figure(self) -> NamedFigure:
        """A line a finding: areas with intervals; two models as disc and square, a star where p < 0.001."""
        height = _ROW * len(self.rows) + _FEET
        figure = Figure(figsize=(_WIDTH, height))
        axes = figure.add_axes((0.38, 0.62 / height, 0.58, 1 - (_FEET - 0.1) / height))
        for place, row in enumerate(self.rows):
            _line(axes, place - 0.15 * bool(self.other), row, "auc", BLUE, "o")
            if self.other:
                _line(axes, place + 0.15, row, "other_auc", ORANGE, "s")
                if isfinite(row["p_permutation"]) and row["p_permutation"] < _SIGNIFICANT:
                    axes.text(1.0, place, "*", ha="right", va="center", fontsize=9)
        axes.set_yticks(range(len(self.rows)), [row["finding"].replace("_", " ") for row in self.rows], fontsize=7)
        axes.set_ylim(len(self.rows) - 0.4, -0.6)
        axes.axvline(0.5, color=GREY, linewidth=0.7)
        lows = [row[name] for row in self.rows for name in ("auc_low", "other_auc_low", "auc", "other_auc")]
        axes.set_xlim(min(0.48, np.floor(np.nanmin(lows) * 20) / 20), 1.01)
        axes.tick_params(axis="x", labelsize=7)
        legend = f"disc: this run; square: {self.other}; *: p < 0.001" if self.other else "with 95 % CI"
        axes.set_xlabel(f"ROC-AUC ({legend})", fontsize=8)
        return NamedFigure("findings", "AUC of each finding", figure)


def _line(axes: Axes, y: float, row: dict[str, Any], name: str, colour: str, marker: str) -> None:
    if not is_missing(row[f"{name}_low"]):
        axes.plot([row[f"{name}_low"], row[f"{name}_high"]], [y, y], color=colour, linewidth=1.1)
    if not is_missing(row[name]):
        axes.plot([row[name]], [y], marker=marker, markersize=3.6, color=colour)


def findings_of(
    of: Predictions,
    draws: Draws,
    other: Predictions | None = None,
    other_name: str = "",
    least_positives: int = LEAST_POSITIVES,
    permutations: int = 10_000,
) -> Findings:
    """Areas of every finding with enough positives (and a negative), over the images that both models have."""
    if other is not None:
        of, other = in_common(of, other)
    known = (of.truth == 1) | (of.truth == 0)
    positives, areas = (of.truth == 1).sum(0), roc_aucs(of.truth, of.probabilities)
    kept = [k for k in range(len(of.classes)) if positives[k] >= least_positives and isfinite(areas[k])]
    limits = _limits(of, draws)
    others = None if other is None else roc_aucs(of.truth, other.probabilities)
    other_limits = None if other is None else _limits(other, draws, of.truth)
    test = None
    if other is not None:
        test = permutation_test(
            of.truth, of.probabilities, other.probabilities, of.patients, permutations=permutations, seed=draws.seed
        )
    rows = []
    for k in sorted(kept, key=lambda k: -areas[k]):
        row: dict[str, Any] = dict.fromkeys(FINDINGS_COLUMNS, float("nan"))
        row |= {"finding": of.classes[k], "n": int(known[:, k].sum()), "n_positive": int(positives[k])}
        row |= {"n_patients": len(np.unique(of.patients[known[:, k]])), "auc": float(areas[k])}
        row["auc_low"], row["auc_high"] = limits[k]
        if others is not None and other_limits is not None and test is not None:
            row["other_auc"], (row["other_auc_low"], row["other_auc_high"]) = float(others[k]), other_limits[k]
            row["difference"], row["p_permutation"] = float(test.difference[k]), float(test.p_value[k])
        rows.append(row)
    left_out = tuple(name for k, name in enumerate(of.classes) if k not in kept)
    return Findings(tuple(rows), least_positives, left_out, other_name if other is not None else "")


def _limits(of: Predictions, draws: Draws, truth: Floats | None = None) -> list[tuple[float, float]]:
    redrawn = bootstrap_auc(
        of.truth if truth is None else truth, of.probabilities, of.patients, draws.redraws, draws.seed
    )
    return [percentile_interval(column)[:2] for column in redrawn.T]


def foreign_scores(path: Path, of: Predictions) -> Predictions:
    """Another model's scores of the same images from a table: `image_id` and a column a finding, named as it is or with
    "p." before. Any finite numbers; what is larger speaks for the finding.

    Raises JobError for a table without these columns, with an image twice, or with what is no number.
    """
    try:
        frame = pd.read_csv(path, dtype={"image_id": str}, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise JobError(f"the scores {path} cannot be read: {error}") from error
    columns = {name: column for name in of.classes for column in (f"p.{name}", name) if column in frame}
    if "image_id" not in frame or not columns:
        raise JobError(
            f"{path.name} needs a column image_id and one for each finding, such as {of.classes[0]}; it has "
            f"{', '.join(map(str, frame.columns[:8]))}"
        )
    if frame["image_id"].duplicated().any():
        twice = frame.loc[frame["image_id"].duplicated(), "image_id"].iloc[0]
        raise JobError(f"{path.name} has image '{twice}' twice; keep one row an image")
    return _matched(path, frame, columns, of)


def _matched(path: Path, frame: pd.DataFrame, columns: dict[str, str], of: Predictions) -> Predictions:
    places = {image_id: place for place, image_id in enumerate(of.image_ids)}
    frame = frame[frame["image_id"].isin(places)]
    rows = [places[image_id] for image_id in frame["image_id"]]
    scores = frame[list(columns.values())].apply(pd.to_numeric, errors="coerce").to_numpy(np.float64)
    if not len(rows):
        raise JobError(f"{path.name} has none of the images that were predicted; were they named otherwise?")
    if not np.isfinite(scores).all():
        row, column = np.argwhere(~np.isfinite(scores))[0]
        raise JobError(f"{path.name}: the score of {frame['image_id'].iloc[row]} in column {column + 1} is no number")
    which = [of.classes.index(name) for name in columns]
    return Predictions(
        tuple(frame["image_id"]),
        of.patients[rows],
        of.studies[rows],
        tuple(columns),
        of.truth[np.ix_(rows, which)],
        scores,
        {},
        exclusive=False,
    )
