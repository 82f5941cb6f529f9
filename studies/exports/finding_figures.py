"""How often each confounder is present with each finding: Extended Data Figure 3 of DiffChest, of a study with strata.

Of a study of counterfactuals it shows what step 1 found; of real images, what of it is really there (step 3).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill, shorten

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from studies.exports.figures import GREY, KAPPA_COLOUR, NamedFigure, arms_drawn
from studies.exports.printing import Labels, item_label
from studies.statistics.prevalence import MAJORITY
from studies.statistics.questions import COMPOSITE_GROUPS, LEFT_OUT
from studies.statistics.ratings import ALL

__all__ = ["Map", "finding_figures"]

_CELL, _LEFT, _TOP, _FOOT = 0.36, 2.2, 1.6, 0.55  # inches
_LEAST_WIDTH, _RIGHT = 7.2, 0.6
_WIDEST_CELL = 1.2  # few items fill the width
_NOTE = (
    "Present, % of valid readings. Framed: a confounder of this finding by step 1. Struck through: the finding itself."
)
_PLAIN_NOTE = "Present, % of valid readings. Struck through: the finding itself."

Map = Mapping[str, Sequence[str]]  # stratum → items


@dataclass(frozen=True)
class _Cells:
    """Per cent of findings × items, and how many cases each finding has."""

    percent: pd.DataFrame
    cases: Mapping[str, int]


def finding_figures(
    prevalence: pd.DataFrame, labels: Labels, confounders: Map | None = None, findings: Map | None = None
) -> Iterator[NamedFigure]:
    """A figure for treatment-related and one for physiology-related items, of each arm where there are several.

    prevalence: `prevalence_table`. confounders: what step 1 found for a stratum; findings: items that are the stratum's
    own finding. Nothing where the study has no strata.
    """
    rows = prevalence[(prevalence["uncertain_as"] == LEFT_OUT) & ~prevalence["item"].str.startswith("any:")]
    rows = rows[rows["stratum"] != ALL]
    for arm, of_arm in arms_drawn(prevalence):
        for group in COMPOSITE_GROUPS:
            some = rows[(rows["arm"] == arm) & (rows["item_group"] == group)]
            if some.empty:
                continue
            title = f"{group.capitalize()}-related confounders by finding{f', arm {arm}' if of_arm else ''}"
            figure = _figure(_cells(some), labels, confounders or {}, findings or {})
            yield NamedFigure(f"confounders_by_finding_{group}{of_arm}", title, figure)


def _cells(rows: pd.DataFrame) -> _Cells:
    pooled = rows[rows["reader_id"] == ALL]
    strata, items = list(dict.fromkeys(pooled["stratum"])), list(dict.fromkeys(pooled["item"]))
    percent = 100 * pooled.pivot(index="stratum", columns="item", values="prevalence").loc[strata, items]
    cases = rows[rows["reader_id"] == MAJORITY].groupby("stratum")["n"].max()
    return _Cells(percent, {str(stratum): int(n) for stratum, n in cases.items()})


def _figure(cells: _Cells, labels: Labels, confounders: Map, findings: Map) -> Figure:
    n_rows, n_columns = cells.percent.shape
    cell = float(np.clip((_LEAST_WIDTH - _LEFT - _RIGHT) / n_columns, _CELL, _WIDEST_CELL))
    width = max(_LEAST_WIDTH, _LEFT + cell * n_columns + _RIGHT)
    height = _TOP + _CELL * n_rows + _FOOT
    figure = Figure(figsize=(width, height))
    place = (_LEFT / width, _FOOT / height, cell * n_columns / width, _CELL * n_rows / height)
    axes = figure.add_axes(place)
    axes.set_xlim(0, n_columns)
    axes.set_ylim(n_rows, 0)
    edges = np.arange(n_columns + 1), np.arange(n_rows + 1)
    values = np.ma.masked_invalid(cells.percent.to_numpy(dtype=float))
    axes.pcolormesh(*edges, values, cmap="Blues", vmin=0, vmax=125, edgecolors="white", linewidth=0.5)
    for (row, column), value in np.ndenumerate(cells.percent.to_numpy(dtype=float)):
        stratum, item = str(cells.percent.index[row]), str(cells.percent.columns[column])
        own = item in findings.get(stratum, ())
        _cell(axes, (column, row), value, own=own, found=item in confounders.get(stratum, ()) and not own)
    _frame(axes, cells, labels)
    note = _NOTE if any(confounders.values()) else _PLAIN_NOTE
    figure.text(0.15 / width, 0.16 / height, note, fontsize=8, color=GREY)
    return figure


def _cell(axes: Axes, place: tuple[int, int], value: float, *, own: bool, found: bool) -> None:
    x, y = place
    ink = "white" if value > 70 else "black"
    text = "–" if np.isnan(value) else f"{value:.0f}"
    axes.text(x + 0.5, y + 0.5, text, ha="center", va="center", fontsize=7.5, color=ink, zorder=4)
    if own:
        axes.plot([x + 0.08, x + 0.92], [y + 0.92, y + 0.08], color="#888888", linewidth=1.0, zorder=5)
    if found:
        axes.add_patch(
            Rectangle((x + 0.05, y + 0.05), 0.9, 0.9, fill=False, edgecolor="black", linewidth=1.6, zorder=3)
        )


def _frame(axes: Axes, cells: _Cells, labels: Labels) -> None:
    names = [fill(shorten(item_label(str(item), labels), 36, placeholder=" …"), 20) for item in cells.percent.columns]
    strata = [str(name) for name in cells.percent.index]
    rows = [f"{shorten(name, 34, placeholder=' …')} (n = {cells.cases[name]})" for name in strata]
    axes.set_xticks(np.arange(len(names)) + 0.5, names, rotation=90, fontsize=7.5, va="bottom", ha="center", ma="left")
    axes.xaxis.tick_top()
    axes.set_yticks(np.arange(len(rows)) + 0.5, rows, fontsize=7.5)
    axes.tick_params(length=0, pad=4)
    for spine in axes.spines.values():
        spine.set_edgecolor(KAPPA_COLOUR)
        spine.set_linewidth(0.6)
