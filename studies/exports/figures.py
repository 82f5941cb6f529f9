"""Figures for a manuscript: kappa with its intervals, and who agrees with whom. Figure objects, no global state.

Colours are Okabe and Ito's, safe for colour-blind readers, and no meaning rests on colour alone: markers differ, counts
are printed in their cells.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from textwrap import shorten

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from engine.rounding import percent, with_interval
from studies.exports.printing import Labels, item_label, line_label
from studies.statistics.questions import LEFT_OUT
from studies.statistics.ratings import ALL

KAPPA_COLOUR, AC1_COLOUR, GREY = "#0072B2", "#D55E00", "#666666"
_WIDTH = 7.2  # inches: two columns of a journal page
_ROW = 0.24  # inches a row of the forest
_ROWS_A_PAGE = 60
_PANELS_A_PAGE = 30
_LABEL_CHARACTERS = 38
_BOTH = "Cases rated present by both readers"


@dataclass(frozen=True)
class NamedFigure:
    """A figure, the name of its files, and its title in words."""

    name: str
    title: str
    figure: Figure


def forest_figures(agreement: pd.DataFrame, labels: Labels, rows_a_page: int = _ROWS_A_PAGE) -> Iterator[NamedFigure]:
    """Fleiss' kappa and AC1 with 95 % intervals, an item a row, over all cases; several pages where items are many, and
    pages of their own for each arm where there are several.
    """
    whole = agreement[(agreement["stratum"] == ALL) & (agreement["uncertain_as"] == LEFT_OUT)]
    for arm, of_arm in arms_drawn(whole):
        rows = whole[(whole["category"] == "") & (whole["arm"] == arm)].to_dict("records")
        pages = [rows[start : start + rows_a_page] for start in range(0, len(rows), rows_a_page)]
        title = f"Agreement between readers{f', arm {arm}' if of_arm else ''}"
        for page, some in enumerate(pages, start=1):
            ending = f"_{page}" if len(pages) > 1 else ""
            yield NamedFigure(f"kappa_forest{of_arm}{ending}", title, _forest(_entries(some, labels)))


def arms_drawn(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """Arms to draw, each with the ending of its file names. Arms are never pooled: a case would count once in each."""
    arms = [arm for arm in dict.fromkeys(frame["arm"]) if arm != ALL]
    return [(arm, f"_{arm}") for arm in arms] or [(ALL, "")]


@dataclass(frozen=True)
class _Entry:
    """A row of the forest; a heading has no values."""

    label: str
    row: dict | None = None


def _entries(rows: Sequence[dict], labels: Labels) -> list[_Entry]:
    """Rows under a heading for each group, in the order in which groups first appear."""
    groups = list(dict.fromkeys(row["item_group"] for row in rows))
    entries = []
    for group in groups:
        if group:
            entries.append(_Entry(group.capitalize()))
        for row in rows:
            if row["item_group"] == group:
                entries.append(
                    _Entry(shorten(item_label(row["item"], labels), _LABEL_CHARACTERS, placeholder=" …"), row)
                )
    return entries


def _forest(entries: Sequence[_Entry]) -> Figure:
    height = _ROW * (len(entries) + 1) + 1.0
    figure = Figure(figsize=(_WIDTH, height))
    axes = figure.add_axes((0.31, 0.72 / height, 0.36, 1 - (0.72 + 0.12) / height))
    axes.set_ylim(len(entries) - 0.4, -1.4)
    low = min((_lowest(entry.row) for entry in entries if entry.row), default=0.0)
    axes.set_xlim(min(-0.05, max(-1.0, np.floor(low * 20) / 20)), 1.02)
    # One list for grid and labels: an automatic locator may choose another step when the figure is drawn.
    axes.set_xticks(_ticks(axes.get_xlim()[0]))
    for y, entry in enumerate(entries):
        _forest_row(axes, y, entry)
    _forest_frame(axes)
    return figure


def _ticks(left: float) -> list[float]:
    """Multiples of 0.2, from the least that the axis shows to 1; every half where half of the scale lies below 0."""
    step = 0.2 if left > -0.5 else 0.5
    first = ceil(left / step)
    return [round(step * k, 1) for k in range(first, round(1 / step) + 1)]


def _lowest(row: dict) -> float:
    return float(np.nanmin([row["fleiss_kappa_low"], row["ac1_low"], row["fleiss_kappa"], 0.0]))


def _forest_row(axes: Axes, y: int, entry: _Entry) -> None:
    beside = axes.get_yaxis_transform()
    row = entry.row
    weight = "normal" if row else "bold"
    indent = 0.0 if row is None or not row["item_group"] else 0.025
    axes.text(-0.84 + indent, y, entry.label, transform=beside, ha="left", va="center", fontsize=8, weight=weight)
    if row is None:
        return
    kappa = with_interval(row["fleiss_kappa"], row["fleiss_kappa_low"], row["fleiss_kappa_high"], 2)
    axes.text(1.2, y, percent(row["prevalence"]), transform=beside, ha="right", va="center", fontsize=8)
    axes.text(1.27, y, kappa, transform=beside, ha="left", va="center", fontsize=8, color=_ink(row))
    _interval(axes, y - 0.13, row, "fleiss_kappa", KAPPA_COLOUR, "o", KAPPA_COLOUR)
    _interval(axes, y + 0.17, row, "ac1", AC1_COLOUR, "D", "white")


def _ink(row: dict) -> str:
    return GREY if np.isnan(row["fleiss_kappa"]) else "black"


def _interval(axes: Axes, y: float, row: dict, name: str, colour: str, marker: str, face: str) -> None:
    value, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
    if np.isnan(value):
        return
    if not np.isnan(low):
        axes.plot([low, high], [y, y], color=colour, linewidth=1.1, solid_capstyle="butt", zorder=2)
    axes.plot([value], [y], marker=marker, markersize=4, color=colour, markerfacecolor=face, linestyle="none", zorder=3)


def _forest_frame(axes: Axes) -> None:
    beside = axes.get_yaxis_transform()
    bottom, _ = axes.get_ylim()
    for x in axes.get_xticks():
        shade = GREY if abs(x) < 1e-9 else "#DDDDDD"
        axes.plot([x, x], [-0.6, bottom], color=shade, linewidth=0.7, zorder=1)
    axes.set_axisbelow(True)
    axes.yaxis.set_visible(False)
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.tick_params(labelsize=8)
    axes.set_xlabel("Agreement beyond chance (95 % interval)", fontsize=8)
    axes.text(1.2, -0.95, "Present (%)", transform=beside, ha="right", va="center", fontsize=8, weight="bold")
    axes.text(1.27, -0.95, "Fleiss' κ (95 % CI)", transform=beside, ha="left", va="center", fontsize=8, weight="bold")
    for x, marker, colour, face, name in (
        (-0.82, "o", KAPPA_COLOUR, KAPPA_COLOUR, "Fleiss' κ"),
        (-0.5, "D", AC1_COLOUR, "white", "Gwet's AC1"),
    ):
        shape = {"marker": marker, "markersize": 4, "color": colour, "markerfacecolor": face}
        axes.plot([x], [-0.95], transform=beside, clip_on=False, **shape)  # type: ignore[arg-type]
        axes.text(x + 0.035, -0.95, name, transform=beside, ha="left", va="center", fontsize=8)


def concordance_figures(concordance: pd.DataFrame, labels: Labels) -> Iterator[NamedFigure]:
    """Reader × reader matrices as DiffChest's Extended Data Figures 4 and 5: a figure for each group of items over all
    cases, and one for each composite with a panel a stratum; of each arm where there are several. From
    `concordance_table`.
    """
    counted = concordance[concordance["uncertain_as"] == LEFT_OUT]
    for arm, of_arm in arms_drawn(counted):
        both = f"{_BOTH}, arm {arm}" if of_arm else _BOTH
        chosen = counted[counted["arm"] == arm]
        whole = chosen[chosen["stratum"] == ALL]
        for group in dict.fromkeys(whole["item_group"]):
            rows = whole[whole["item_group"] == group]
            name, title = f"concordance_{group or 'items'}{of_arm}", f"{both}: {group}" if group else both
            yield from _pages(name, title, _panels(rows, ["item", "category"], labels))
        strata = chosen[(chosen["stratum"] != ALL) & chosen["item"].str.startswith("any:")]
        for item in dict.fromkeys(strata["item"]):
            rows = strata[strata["item"] == item]
            name = f"concordance_{item.replace(':', '_')}_by_stratum{of_arm}"
            yield from _pages(name, f"{both}: {item_label(item, labels)}", _panels(rows, ["stratum"], labels))


Panel = tuple[str, pd.DataFrame]  # title, reader × reader counts


def _panels(rows: pd.DataFrame, by: list[str], labels: Labels) -> list[Panel]:
    panels = []
    for keys, part in rows.groupby(by, sort=False):
        names = [item_label(str(keys[0]), labels) if by[0] == "item" else str(keys[0]), *map(str, keys[1:])]
        readers = list(dict.fromkeys(part["reader_a"]))
        matrix = part.pivot(index="reader_a", columns="reader_b", values="n_both_positive").loc[readers, readers]
        panels.append((line_label(names[0], names[1] if len(names) > 1 else ""), matrix))
    return panels


def _pages(name: str, title: str, panels: Sequence[Panel]) -> Iterator[NamedFigure]:
    pages = [panels[start : start + _PANELS_A_PAGE] for start in range(0, len(panels), _PANELS_A_PAGE)]
    for page, some in enumerate(pages, start=1):
        yield NamedFigure(f"{name}_{page}" if len(pages) > 1 else name, title, _concordance(title, some))


def _concordance(title: str, panels: Sequence[Panel]) -> Figure:
    n_readers = len(panels[0][1])
    side = max(1.3, 0.27 * n_readers + 0.4)
    columns = max(1, min(len(panels), int((_WIDTH - 0.6) / side)))
    n_rows = ceil(len(panels) / columns)
    height = n_rows * (side + 0.35) + 1.1
    figure = Figure(figsize=(max(_WIDTH, columns * side + 0.8), height), layout="constrained")
    figure.get_layout_engine().set(rect=(0, 0.2 / height, 1, 1 - 0.2 / height))  # type: ignore[union-attr, call-arg]
    figure.suptitle(title, fontsize=10, x=0.01, ha="left")
    grid = figure.subplots(n_rows, columns, squeeze=False)
    for place, axes in enumerate(grid.ravel()):
        if place < len(panels):
            _panel(axes, *panels[place], left=place % columns == 0, bottom=place + columns >= len(panels))
        else:
            axes.set_axis_off()
    return figure


def _panel(axes: Axes, title: str, matrix: pd.DataFrame, left: bool, bottom: bool) -> None:
    """One item: counts in their cells, darker where larger (each panel by its own largest)."""
    counts = matrix.to_numpy()
    most = max(1, int(counts.max()))
    edges = np.arange(len(counts) + 1) - 0.5
    # Squares, not an image: they stay sharp at any size.
    axes.pcolormesh(edges, edges, counts, cmap="Blues", vmin=0, vmax=1.25 * most, edgecolors="white", linewidth=0.5)
    axes.set_aspect("equal")
    axes.invert_yaxis()
    size = 8 if len(counts) <= 8 else 6
    across, down = ([_short(str(reader)) for reader in names] for names in (matrix.columns, matrix.index))
    for row, column in np.ndindex(counts.shape):
        ink = "white" if counts[row, column] > 0.7 * most else "black"
        axes.text(column, row, str(counts[row, column]), ha="center", va="center", fontsize=size, color=ink)
    axes.set_title("\n".join(_two_lines(title)), fontsize=8)
    axes.set_xticks(range(len(counts)), across if bottom else [""] * len(counts), rotation=90, fontsize=size - 1)
    axes.set_yticks(range(len(counts)), down if left else [""] * len(counts), fontsize=size - 1)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_linewidth(0.6)


def _short(reader: str, characters: int = 14) -> str:
    """A reader's name that leaves room for the cells."""
    return reader if len(reader) <= characters else f"{reader[: characters - 1]}…"


def _two_lines(title: str, characters: int = 22) -> list[str]:
    """A title of one or two lines, cut where it is longer."""
    words, lines = title.split(), [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + 1 + len(word) > characters:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines if len(lines) <= 2 else [lines[0], lines[1] + " …"]
