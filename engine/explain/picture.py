"""An explanation as files a person can open: the artifact, its provenance as JSON, and a picture. No torch."""

import json
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from engine.artifacts import file_part, file_stem
from engine.errors import JobError
from engine.explanations import Explanation
from engine.hashing import file_sha256
from engine.tables import NOTICE

__all__ = ["draw", "write_explanation"]

# Perceptually uniform and told apart by colour-blind eyes (Smith and van der Walt 2015; Crameri 2018). The layer is
# equally opaque everywhere: an alpha that follows the values would show them twice, and hide what is low.
_MAP, _SIGNED_MAP, _ALPHA = "viridis", "berlin", 0.45
_DPI = 150
_WIDTH_IN, _MOST_HEIGHT_IN = 9.0, 9.0
_NAMES = {"gradcam": "Grad-CAM", "occlusion": "occlusion"}
_UNITS = {"gradcam": "gradient × activation", "occlusion": "fall of the probability when hidden"}


def write_explanation(explanation: Explanation, presentation: np.ndarray, out: Path, image: Path) -> Path:
    """Write NAME.explanation, NAME.json and NAME.png into `out`, and give the first.

    presentation: (rows, columns) float32 in [0, 1] of the explained image, whose file is `image`.
    """
    if presentation.shape != (explanation.image_rows, explanation.image_columns):
        raise JobError(
            f"the explanation is of an image of {explanation.image_rows} x {explanation.image_columns} pixels, "
            f"this one has {presentation.shape[0]} x {presentation.shape[1]}"
        )
    out.mkdir(parents=True, exist_ok=True)
    sham = "" if explanation.randomised_seed is None else f".random{explanation.randomised_seed}"
    name = f"{file_stem(image)}.{file_part(explanation.target)}.{explanation.method}{sham}"
    path = out / f"{name}.explanation"
    explanation.save(path)
    facts = {
        "notice": NOTICE,
        **explanation.to_json(),
        "scale": dict(zip(("columns", "rows"), explanation.scale)),
        "image": {"file": image.name, "sha256": file_sha256(image)},
    }
    text = json.dumps(facts, indent=2, ensure_ascii=False)
    (out / f"{name}.json").write_text(f"{text}\n", encoding="utf-8", newline="\n")
    draw(explanation, presentation).savefig(out / f"{name}.png", dpi=_DPI, metadata={"Software": None})
    return path


def draw(explanation: Explanation, presentation: np.ndarray) -> Figure:
    """The image, and beside it the image with the map over it, its legend, what it is of, and what it is not for."""
    rows, columns = presentation.shape
    height = min(_WIDTH_IN * 0.42 * rows / columns, _MOST_HEIGHT_IN) + 1.3
    figure = Figure(figsize=(_WIDTH_IN, height), layout="constrained")
    FigureCanvasAgg(figure)
    plain, looked = figure.subplots(1, 2)
    for axes in (plain, looked):
        axes.imshow(presentation, cmap="gray", vmin=0, vmax=1, interpolation="antialiased")
        axes.set_axis_off()
    bar = figure.colorbar(_laid_over(looked, explanation), ax=looked, fraction=0.046, pad=0.03)
    bar.set_label(_UNITS[explanation.method], fontsize=8)
    bar.set_alpha(1.0)
    bar.ax.tick_params(labelsize=7)
    sham = "" if explanation.randomised_seed is None else f" with random weights (seed {explanation.randomised_seed})"
    of = f"{explanation.target}: {_NAMES[explanation.method]} of {explanation.run}{sham}"
    figure.suptitle(f"{of}, probability {explanation.probability:.3f}", fontsize=10, wrap=True)
    figure.supxlabel(NOTICE, fontsize=7, color="#444444")
    return figure


def _laid_over(axes: Axes, explanation: Explanation) -> AxesImage:
    values = explanation.values
    top = float(np.abs(values).max()) or 1.0
    return axes.imshow(
        values,
        cmap=_SIGNED_MAP if explanation.signed else _MAP,
        vmin=-top if explanation.signed else 0.0,
        vmax=top,
        alpha=_ALPHA,
        interpolation="bilinear",
        extent=(-0.5, explanation.image_columns - 0.5, explanation.image_rows - 0.5, -0.5),
    )
