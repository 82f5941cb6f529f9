"""Figures of a report: ROC with bands, subgroups, confusion, reliability. Figure objects, no global state.

Colours are Okabe and Ito's, safe for colour-blind readers, and no meaning rests on colour alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from textwrap import shorten

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from engine.evaluation.measures import ALL, FIXED, Draws, Thresholds
from engine.evaluation.predictions import Predictions
from engine.evaluation.printing import group_label
from engine.metrics.calibration import reliability
from engine.metrics.proportions import confusion
from engine.metrics.roc import roc_bands
from engine.rounding import has_width, is_missing, with_interval

__all__ = ["NamedFigure", "confusion_figures", "forest_figures", "reliability_figures", "roc_figures"]

BLUE, ORANGE, GREY, LIGHT = "#0072B2", "#D55E00", "#666666", "#DDDDDD"
_WIDTH = 7.2  # inches: two columns of a journal page
_ACROSS, _PANELS_A_PAGE = 3, 12
_PANEL = 2.35  # inches along each side
_FORESTS = 20  # classes; the table has them all
_ROW = 0.24  # inches a row of a forest
_FOOT = 0.22  # inches for the notice
_NAME_CHARACTERS, _MATRIX_CLASSES = 30, 12


@dataclass(frozen=True)
class NamedFigure:
    """A figure, the name of its files, and its title in words."""

    name: str
    title: str
    figure: Figure


def roc_figures(of: Predictions, metrics: pd.DataFrame, draws: Draws) -> Iterator[NamedFigure]:
    """A panel a class that can be estimated. metrics: the rows of `of` over all images, one a class."""
    rows = {row["class"]: row for row in metrics.to_dict("records")}
    classes = [k for k, name in enumerate(of.classes) if not is_missing(rows[name]["auc"])]
    for page, some in _pages("roc", "ROC curves with pointwise 95 % bands", classes):
        figure, panels = _grid(len(some))
        for axes, k in zip(panels, some):
            _roc_panel(axes, of, k, rows[of.classes[k]], draws)
        yield NamedFigure(page.name, page.title, figure)


def _roc_panel(axes: Axes, of: Predictions, k: int, row: dict, draws: Draws) -> None:
    bands = roc_bands(of.truth[:, k], of.probabilities[:, k], of.patients, draws.redraws, draws.seed)
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.fill_between(bands.false_positive_rate, bands.low, bands.high, color=BLUE, alpha=0.2, linewidth=0)
    axes.plot([0, *bands.false_positive_rate], [0, *bands.sensitivity], color=BLUE, linewidth=1.4)
    area = with_interval(row["auc"], row["auc_low"], row["auc_high"], 2)
    axes.text(0.97, 0.05, f"AUC {area}", ha="right", fontsize=7, bbox=_UNDER_TEXT)
    _square(axes, of.classes[k], "1 − specificity", "Sensitivity")


def reliability_figures(of: Predictions) -> Iterator[NamedFigure]:
    """A panel a class: how often it is there among images of one predicted probability."""
    classes = [k for k in range(len(of.classes)) if ((of.truth[:, k] == 1) | (of.truth[:, k] == 0)).any()]
    for page, some in _pages("reliability", "Reliability: predicted and observed", classes):
        figure, panels = _grid(len(some))
        for axes, k in zip(panels, some):
            _reliability_panel(axes, of, k)
        yield NamedFigure(page.name, page.title, figure)


def _reliability_panel(axes: Axes, of: Predictions, k: int) -> None:
    curve = reliability(of.truth[:, k], of.probabilities[:, k], of.patients)
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.bar(curve.probability, 0.25 * curve.n / curve.n.max(), width=0.05, color=LIGHT, zorder=0)
    axes.vlines(curve.probability, curve.low, curve.high, color=BLUE, linewidth=1)
    axes.plot(curve.probability, curve.share, color=BLUE, linewidth=1.2, marker="o", markersize=3)
    _square(axes, of.classes[k], "Predicted probability (grey: images)", "Share positive")


def confusion_figures(of: Predictions, thresholds: Thresholds | None) -> Iterator[NamedFigure]:
    """Classes that exclude each other: true against likeliest. Else a panel a class at the validation threshold."""
    if of.exclusive and len(of.classes) <= _MATRIX_CLASSES:
        yield NamedFigure("confusion", "True class and likeliest class, images", _matrix_figure(of))
        return
    classes = [k for k in range(len(of.classes)) if ((of.truth[:, k] == 1) | (of.truth[:, k] == 0)).any()]
    for page, some in _pages("confusion", "Images by truth and call", classes):
        figure, panels = _grid(len(some), height=1.9)
        for axes, k in zip(panels, some):
            _two_by_two(axes, of, k, thresholds)
        yield NamedFigure(page.name, page.title, figure)


def _matrix_figure(of: Predictions) -> Figure:
    stated = (of.truth == 1).any(axis=1)
    true, likeliest = of.truth[stated].argmax(axis=1), of.probabilities[stated].argmax(axis=1)
    n = len(of.classes)
    counts = np.bincount(true * n + likeliest, minlength=n * n).reshape(n, n)
    side = max(3.2, 0.62 * n + 1.6)
    figure = Figure(figsize=(side, side), layout="constrained")
    _leave_a_foot(figure)
    axes = figure.subplots()
    _cells(axes, counts, [_short(name) for name in of.classes], [_short(name) for name in of.classes])
    axes.set_xlabel("Likeliest class", fontsize=8)
    axes.set_ylabel("True class", fontsize=8)
    return figure


def _two_by_two(axes: Axes, of: Predictions, k: int, thresholds: Thresholds | None) -> None:
    chosen = (thresholds or {}).get(of.classes[k], {}).get("youden", float("nan"))
    threshold = FIXED if is_missing(chosen) else chosen
    found = confusion(of.truth[:, k], of.probabilities[:, k], of.patients, threshold)
    counts = np.array([[found.true_positive, found.false_negative], [found.false_positive, found.true_negative]])
    _cells(axes, counts, ["positive", "negative"], ["present", "absent"])
    axes.set_title(f"{_short(of.classes[k])}, ≥ {threshold:.3g}", fontsize=8)


def _cells(axes: Axes, counts: np.ndarray, across: Sequence[str], down: Sequence[str]) -> None:
    """Counts and the share of their row in each cell, darker where the share is larger."""
    totals = counts.sum(axis=1, keepdims=True)
    shares = counts / np.maximum(totals, 1)
    edges = [np.arange(size + 1) - 0.5 for size in counts.shape]
    axes.pcolormesh(edges[1], edges[0], shares, cmap="Blues", vmin=0, vmax=1.2, edgecolors="white", linewidth=0.5)
    axes.set_aspect("equal")
    axes.invert_yaxis()
    for row, column in np.ndindex(counts.shape):
        ink = "white" if shares[row, column] > 0.85 else "black"
        text = f"{counts[row, column]}\n{100 * shares[row, column]:.0f} %"
        axes.text(column, row, text, ha="center", va="center", fontsize=7, color=ink)
    axes.set_xticks(range(len(across)), across, rotation=0 if max(map(len, across)) <= 9 else 45, fontsize=7)
    axes.set_yticks(range(len(down)), down, fontsize=7)
    axes.tick_params(length=0)


def forest_figures(metrics: pd.DataFrame) -> Iterator[NamedFigure]:
    """AUC with interval of every subgroup, a figure a class. metrics: the rows of one cohort, split and level."""
    for place, (name, rows) in enumerate(metrics.groupby("class", sort=False)):
        if place < _FORESTS and (rows["group"] != ALL).any():
            yield NamedFigure(f"subgroups_{_file_name(str(name))}", f"AUC by subgroup: {name}", _forest(rows))


def _forest(rows: pd.DataFrame) -> Figure:
    entries = rows.to_dict("records")
    height = _ROW * (len(entries) + 2) + 0.75
    figure = Figure(figsize=(_WIDTH, height))
    axes = figure.add_axes((0.3, 0.62 / height, 0.4, 1 - 0.75 / height))
    axes.set_ylim(len(entries) - 0.4, -1.6)
    lows = [row["auc_low"] for row in entries] + [row["auc"] for row in entries]
    axes.set_xlim(min(0.48, np.floor(np.nanmin([*lows, 0.5]) * 20) / 20), 1.01)
    beside = axes.get_yaxis_transform()
    whole = next((row["auc"] for row in entries if row["group"] == ALL), float("nan"))
    axes.axvline(0.5, color=GREY, linewidth=0.7, ymax=0.92)
    axes.axvline(whole, color=ORANGE, linewidth=0.9, linestyle=(0, (4, 3)), ymax=0.92)
    for y, row in enumerate(entries):
        _forest_row(axes, y, row, beside)
    n = "n" if all(is_missing(row["n_positive"]) for row in entries) else "n (positive)"
    for x, text, side in (
        (-0.72, "Subgroup", "left"),
        (-0.05, n, "right"),
        (1.04, "AUC (95 % CI)", "left"),
    ):
        axes.text(x, -1.1, text, transform=beside, ha=side, va="center", fontsize=8, weight="bold")
    axes.yaxis.set_visible(False)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=8)
    axes.set_xlabel("AUC (dashed: all images; grey: chance)", fontsize=8)
    return figure


def _forest_row(axes: Axes, y: int, row: dict, beside: object) -> None:
    label = shorten(group_label(row["group"], row["value"]), _NAME_CHARACTERS, placeholder=" …")
    place = {"transform": beside, "va": "center", "fontsize": 8}
    axes.text(-0.72, y, label, ha="left", weight="bold" if row["group"] == ALL else "normal", **place)  # type: ignore[arg-type]
    positive = "" if is_missing(row["n_positive"]) else f" ({row['n_positive']:.0f})"
    axes.text(-0.05, y, f"{row['n']}{positive}", ha="right", **place)  # type: ignore[arg-type]
    text = with_interval(row["auc"], row["auc_low"], row["auc_high"], 2)
    axes.text(1.04, y, text, ha="left", color=GREY if is_missing(row["auc"]) else "black", **place)  # type: ignore[arg-type]
    if is_missing(row["auc"]):
        return
    if has_width(row["auc_low"], row["auc_high"]):
        axes.plot([row["auc_low"], row["auc_high"]], [y, y], color=BLUE, linewidth=1.1)
    axes.plot([row["auc"]], [y], marker="o", markersize=4, color=BLUE)


@dataclass(frozen=True)
class _Page:
    name: str
    title: str


def _pages(name: str, title: str, classes: Sequence[int]) -> Iterator[tuple[_Page, Sequence[int]]]:
    pages = [classes[start : start + _PANELS_A_PAGE] for start in range(0, len(classes), _PANELS_A_PAGE)]
    for number, some in enumerate(pages, start=1):
        yield _Page(f"{name}_{number}" if len(pages) > 1 else name, title), some


def _grid(panels: int, height: float = _PANEL) -> tuple[Figure, list[Axes]]:
    across = min(panels, _ACROSS)
    down = ceil(panels / across)
    figure = Figure(figsize=(across * _PANEL + 0.15, down * height + _FOOT), layout="constrained")
    _leave_a_foot(figure)
    cells = list(figure.subplots(down, across, squeeze=False).ravel())
    for axes in cells[panels:]:
        axes.set_axis_off()
    return figure, cells[:panels]


def _leave_a_foot(figure: Figure) -> None:
    share = _FOOT / figure.get_figheight()
    figure.get_layout_engine().set(rect=(0, share, 1, 1 - share))  # type: ignore[union-attr, call-arg]


_UNDER_TEXT = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.5}


def _square(axes: Axes, name: str, across: str, down: str) -> None:
    axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), aspect="equal")
    axes.set_xticks([0, 0.5, 1])
    axes.set_yticks([0, 0.5, 1])
    axes.tick_params(labelsize=7)
    axes.set_title(_short(name), fontsize=8)
    axes.set_xlabel(across, fontsize=7)
    axes.set_ylabel(down, fontsize=7)


def _short(name: str) -> str:
    return shorten(name, _NAME_CHARACTERS, placeholder=" …")


def _file_name(name: str) -> str:
    return "".join(mark if mark.isalnum() else "_" for mark in name.lower())
