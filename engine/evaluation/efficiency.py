"""How many patients a finding takes: heads trained on shares of them, beside readers (DiffChest, section C)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from engine.cohorts.cohort import Cohort
from engine.cohorts.splits import share_of_patients
from engine.errors import JobError
from engine.evaluation.figures import BLUE, GREY, ORANGE
from engine.evaluation.measures import MACRO, Draws
from engine.evaluation.predictions import Predictions, load_predictions
from engine.jobs.making import make_spec
from engine.jobs.run import RunFolder, create_run, open_run
from engine.jobs.specs import CohortSource
from engine.metrics.proportions import wilson_interval
from engine.metrics.resampling import percentile_interval
from engine.metrics.roc import bootstrap_auc, roc_aucs, roc_curve
from engine.rounding import number, with_interval
from engine.tables import Table, whole_folder, write_figure, write_table

__all__ = ["Curve", "curves_of", "efficiency_report", "heads_of", "reader_points"]

_NOTE = "95 % CI: percentile bootstrap over patients of the test split; macro: mean over the estimable findings."
_COLUMNS = ["share", "n_patients", "n_images", "finding", "n_positive", "auc", "auc_low", "auc_high"]
_READER_COLUMNS = [
    "finding",
    "reader",
    "n",
    "sensitivity",
    "sens_low",
    "sens_high",
    "specificity",
    "spec_low",
    "spec_high",
]
_INCHES = 3.4
_STYLES = ("-", "--", "-.", ":")


@dataclass(frozen=True, eq=False)
class Curve:
    """One share: the head trained on it, and what it says of the test images."""

    share: float
    n_patients: int  # it was trained on
    n_images: int
    of: Predictions


def heads_of(
    base: Path, source: CohortSource, shares: Sequence[float], out: Path, settings: Mapping[str, Any]
) -> dict[float, RunFolder]:
    """A head run for each share below `out`, made where there is none yet; its spec must be the same where there is.

    JobError for a share outside (0, 1], or where a folder holds a head of another spec.
    """
    runs = {}
    for share in sorted(set(shares)):
        if not 0 < share <= 1:
            raise JobError(f"a share of patients lies above 0 and is at most 1, not {share:g}")
        values = {"target": "findings", **settings, "base_run": str(base.resolve()), "patients_share": share}
        spec = make_spec("probe", [source], settings=values)
        path = out / "heads" / f"share-{share:g}"
        if (path / "spec.json").is_file():
            runs[share] = open_run(path)
            if runs[share].spec != spec:
                raise JobError(f"{path} holds a head that was asked for otherwise; choose another --out")
        else:
            runs[share] = create_run(path, spec)
    return runs


def curves_of(runs: Mapping[float, RunFolder], cohort: Cohort, name: str, split: str = "test") -> list[Curve]:
    """Predictions of trained heads, from the smallest share."""
    train = cohort.frame[cohort.frame["split"] == "train"]
    curves = []
    for share in sorted(runs):
        kept = share_of_patients(train["patient_id"], share, runs[share].spec.seed)
        of = load_predictions(runs[share].predictions(name, split))
        curves.append(Curve(share, train.loc[kept, "patient_id"].nunique(), int(kept.sum()), of))
    return curves


def reader_points(cohort: Cohort, of: Predictions) -> list[dict[str, Any]]:
    """Sensitivity and specificity of every reader whose readings the cohort has as `attr.<reader>.<finding>` (0 or 1).

    Over the predicted images whose label is 1 or 0, with Wilson's interval by patient.
    """
    frame = cohort.frame.set_index("image_id").reindex(of.image_ids)
    points = []
    for column in [name for name in frame if name.startswith("attr.") and name.count(".") >= 2]:
        reader, _, finding = column.removeprefix("attr.").partition(".")
        if finding not in of.classes:
            continue
        truth = of.truth[:, of.classes.index(finding)]
        read = pd.to_numeric(frame[column], errors="coerce").to_numpy(np.float64)
        stated = np.isin(read, (0, 1)) & np.isin(truth, (0, 1))
        right = {sign: (read == sign)[stated & (truth == sign)] for sign in (1, 0)}
        if not len(right[1]) or not len(right[0]):
            continue
        limits = {sign: wilson_interval(right[sign], of.patients[stated & (truth == sign)]) for sign in (1, 0)}
        values = (float(right[1].mean()), *limits[1], float(right[0].mean()), *limits[0])
        points.append(dict(zip(_READER_COLUMNS, (finding, reader, int(stated.sum()), *values), strict=True)))
    return points


def efficiency_report(curves: Sequence[Curve], cohort: Cohort, out: Path, draws: Draws) -> list[str]:
    """Write efficiency.csv (.tex, .html), readers.csv and the figures to `out`; lines for the shell."""
    rows = [row for curve in curves for row in _areas(curve, draws)]
    points = reader_points(cohort, curves[-1].of)
    with whole_folder(out / "report") as folder:
        write_table(_table(rows), folder, "efficiency")
        write_figure(_shares_figure(rows), folder, "efficiency", "AUC by share of training patients")
        if points:
            pd.DataFrame(points).to_csv(folder / "readers.csv", index=False, lineterminator="\n", encoding="utf-8")
            for finding in dict.fromkeys(point["finding"] for point in points):
                figure = _against_readers(curves, finding, [each for each in points if each["finding"] == finding])
                write_figure(figure, folder, f"readers_{finding}", f"{finding}: heads and readers")
    macro = [row for row in rows if row["finding"] == MACRO]
    return [
        f"{100 * row['share']:g} % of patients ({row['n_patients']} patients, {row['n_images']} images): macro AUC "
        f"{with_interval(row['auc'], row['auc_low'], row['auc_high'])}"
        for row in macro
    ] + [
        f"{point['finding']}: {point['reader']} sensitivity {number(point['sensitivity'])}, specificity "
        f"{number(point['specificity'])} (n = {point['n']})"
        for point in points
    ]


def _areas(curve: Curve, draws: Draws) -> list[dict[str, Any]]:
    of = curve.of
    areas, redrawn = (
        roc_aucs(of.truth, of.probabilities),
        bootstrap_auc(of.truth, of.probabilities, of.patients, draws.redraws, draws.seed),
    )
    estimable = ~np.isnan(areas)
    head = {"share": curve.share, "n_patients": curve.n_patients, "n_images": curve.n_images}
    rows = []
    for k, name in enumerate(of.classes):
        low, high, _ = percentile_interval(redrawn[:, k])
        positives = int((of.truth[:, k] == 1).sum())
        values = {"finding": name, "n_positive": positives, "auc": float(areas[k]), "auc_low": low, "auc_high": high}
        rows.append(head | values)
    if estimable.any():
        low, high, _ = percentile_interval(redrawn[:, estimable].mean(1))
        mean = float(areas[estimable].mean())
        rows.append(head | {"finding": MACRO, "n_positive": pd.NA, "auc": mean, "auc_low": low, "auc_high": high})
    return rows


def _table(rows: Sequence[dict[str, Any]]) -> Table:
    printed = {
        "Share of patients": [f"{100 * row['share']:g} %" for row in rows],
        "Patients": [str(row["n_patients"]) for row in rows],
        "Finding": [row["finding"] for row in rows],
        "AUC (95 % CI)": [with_interval(row["auc"], row["auc_low"], row["auc_high"]) for row in rows],
    }
    frame = pd.DataFrame(list(rows), columns=_COLUMNS).astype({"n_positive": "Int64"})
    return Table(frame, "Areas by share of training patients", _NOTE, pd.DataFrame(printed))


def _shares_figure(rows: Sequence[dict[str, Any]]) -> Figure:
    figure = Figure(figsize=(1.4 * _INCHES, _INCHES), layout="constrained")
    axes = figure.subplots()
    frame = pd.DataFrame(list(rows))
    for name, some in frame.groupby("finding", sort=False):
        macro = name == MACRO
        axes.plot(some["n_patients"], some["auc"], color=BLUE if macro else GREY, linewidth=1.8 if macro else 0.6)
        if macro:
            error = np.abs(some[["auc_low", "auc_high"]].to_numpy(float) - some[["auc"]].to_numpy(float)).T
            axes.errorbar(some["n_patients"], some["auc"], error, fmt="o", color=BLUE, markersize=4, capsize=2)
    axes.set_xscale("log")
    axes.set_xticks(sorted(set(frame["n_patients"])), [str(n) for n in sorted(set(frame["n_patients"]))])
    axes.minorticks_off()
    axes.axhline(0.5, color=GREY, linewidth=0.7, linestyle=":")
    axes.set_xlabel("Training patients", fontsize=8)
    axes.set_ylabel("ROC-AUC (blue: macro with 95 % CI; grey: findings)", fontsize=8)
    axes.tick_params(labelsize=7)
    return figure


def _against_readers(curves: Sequence[Curve], finding: str, points: Sequence[dict[str, Any]]) -> Figure:
    figure = Figure(figsize=(_INCHES, _INCHES), layout="constrained")
    axes = figure.subplots()
    for place, curve in enumerate(curves):
        k = curve.of.classes.index(finding)
        drawn = roc_curve(curve.of.truth[:, k], curve.of.probabilities[:, k])
        style = _STYLES[(len(curves) - 1 - place) % len(_STYLES)]
        label = f"{100 * curve.share:g} % ({curve.n_patients} patients)"
        axes.plot(drawn.false_positive_rate, drawn.sensitivity, style, color=BLUE, linewidth=1.2, label=label)
    for place, point in enumerate(points):
        triangle = axes.plot([1 - point["specificity"]], [point["sensitivity"]], "^", color=ORANGE, markersize=5)
        if not place:
            triangle[0].set_label("readers")
    axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), aspect="equal")
    axes.set_title(finding.replace("_", " "), fontsize=8)
    axes.set_xlabel("1 − specificity", fontsize=8)
    axes.set_ylabel("Sensitivity", fontsize=8)
    axes.tick_params(labelsize=7)
    axes.legend(fontsize=6, loc="lower right")
    return figure
