"""Counterfactuals as pictures a person can open: every drawing with its badge, sheets with probabilities. No torch."""

from collections.abc import Iterator, Sequence

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from engine.counterfactuals import Counterfactual, in_percent
from engine.errors import JobError
from engine.explain.counterfactual_badge import STATEMENT, badged, enlarged
from engine.tables import NOTICE

__all__ = ["difference_picture", "finding_grid", "grey_picture", "trajectory_sheet"]

_DIFFERENCES = "coolwarm"  # Moreland 2009: grey at 0, told apart by colour-blind eyes
_ACROSS = 6  # panels in a row
_PANEL_IN = 1.9


def grey_picture(picture: np.ndarray) -> np.ndarray:
    """(h, w) in [0, 1] → a grey picture uint8, enlarged by whole pixels to 256 where it is smaller, with the badge."""
    return badged(_enlarged_grey(picture))


def difference_picture(difference: np.ndarray, most: float) -> np.ndarray:
    """(h, w) in [−1, 1] → colours (h', w', 3) uint8 with the badge: red is brighter, blue darker, ±most the ends."""
    colours = matplotlib.colormaps[_DIFFERENCES](_scale(most)(difference), bytes=True)[..., :3]
    return badged(enlarged(np.ascontiguousarray(colours)))


def trajectory_sheet(found: Counterfactual) -> Figure:
    """The original, the reconstruction and one drawing an amplitude; under each drawing its signed difference."""
    most = float(np.abs(found.differences).max()) or 1.0
    figure, pairs = _figure(2 + len(found.amplitudes), rows_each=2, heading=_heading([found]))
    _show_original(pairs[0][0], found, f"p {found.probability:.2f}")
    seen = f"seen {found.drawn_reconstruction:.2f}"
    _show(pairs[1][0], grey_picture(found.reconstruction), "reconstruction", seen)
    for place, (above, below) in enumerate(pairs[2:]):
        _show(
            above, grey_picture(found.drawings[place]), f"amplitude {found.amplitudes[place]:+.4g}", _told(found, place)
        )
        _show(below, difference_picture(found.differences[place], most), "", "")
    bar = figure.colorbar(
        ScalarMappable(_scale(most), _DIFFERENCES), ax=[pairs[0][1], pairs[1][1]], location="bottom", shrink=0.8
    )
    bar.set_label("drawing − reconstruction, of full range", fontsize=7)
    bar.ax.tick_params(labelsize=6)
    return figure


def finding_grid(found: Sequence[Counterfactual], place: int = -1) -> Figure:
    """As Figures 3 and S3 to S5 of DiffChest: the original in a frame, the reconstruction, then every finding.

    place: which of each one's amplitudes is shown. Raises JobError where there is none, or they are of several images.
    """
    if not found or any(not np.array_equal(each.factual, found[0].factual) for each in found):
        raise JobError("a grid shows one or more counterfactuals of one image")
    figure, panels = _figure(2 + len(found), rows_each=1, heading=_heading(found))
    _show_original(panels[0][0], found[0], "")
    _show(panels[1][0], grey_picture(found[0].reconstruction), "reconstruction", "")
    for (axes,), each in zip(panels[2:], found):
        _show(axes, grey_picture(each.drawings[place]), each.target.replace("_", " "), _told(each, place))
    return figure


def _enlarged_grey(picture: np.ndarray) -> np.ndarray:
    return enlarged(np.rint(np.clip(picture, 0, 1) * 255).astype(np.uint8))


def _scale(most: float) -> Normalize:
    return Normalize(-most, most)


def _heading(found: Sequence[Counterfactual]) -> str:
    first = found[0]
    what = first.target.replace("_", " ") if len(found) == 1 else f"{len(found)} targets"
    drawn = "preview" if first.options.get("preview") else "full quality"
    return f"{STATEMENT}\n{what}: counterfactuals by {first.run}, {drawn}"


def _figure(count: int, rows_each: int, heading: str) -> tuple[Figure, list[list[Axes]]]:
    """A figure and the axes of `count` panels, each of `rows_each` places one above another; empty ones are blank."""
    blocks = -(-count // _ACROSS)
    across, rows = -(-count // blocks), blocks * rows_each
    figure = Figure(figsize=(across * _PANEL_IN, rows * _PANEL_IN * 1.3 + 0.9), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, across, squeeze=False)
    for each in axes.flat:
        each.set_axis_off()
    figure.suptitle(heading, fontsize=10)
    figure.supxlabel(NOTICE, fontsize=7, color="#444444")
    return figure, list(_panels(axes, count, rows_each))


def _panels(axes: np.ndarray, count: int, rows_each: int) -> Iterator[list[Axes]]:
    across = axes.shape[1]
    for number in range(count):
        row = number // across * rows_each
        yield [axes[row + below, number % across] for below in range(rows_each)]


def _show_original(axes: Axes, found: Counterfactual, below: str) -> None:
    """The patient's own image: the only panel without a badge, and with a frame. White below keeps it beside them."""
    picture = _enlarged_grey(found.factual)
    rows, columns = picture.shape
    blank = np.full((len(badged(picture)) - rows, columns), 255, np.uint8)
    _show(axes, np.concatenate([picture, blank]), "original", below)
    axes.add_patch(Rectangle((-0.5, -0.5), columns, rows, fill=False, linewidth=2.5, clip_on=False))


def _told(found: Counterfactual, place: int) -> str:
    confirmed = found.confirmed[place]
    share = "" if np.isnan(confirmed) else f", {in_percent(confirmed)} confirmed"
    return f"p {found.probability:.2f} → {found.wanted[place]:.2f}\nseen {found.drawn[place]:.2f}{share}"


def _show(axes: Axes, picture: np.ndarray, above: str, below: str) -> None:
    axes.imshow(picture, cmap="gray", vmin=0, vmax=255, interpolation="antialiased")
    axes.set_title(above, fontsize=8)
    axes.text(0.5, -0.03, below, transform=axes.transAxes, ha="center", va="top", fontsize=7)
