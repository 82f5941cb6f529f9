"""A counterfactual as images for the viewer: four of one geometry, each with a frame for every step of the amplitude.

Frame 0 is the reconstruction, amplitude 0. So the slider scrolls all four together, and what the viewer does with
stacks works here: links, keys, playing.
"""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication

from engine.counterfactuals import Counterfactual
from engine.images.image import Image, Window
from readerapp.viewer.diverging import difference_colors, scale_of
from readerapp.viewer.view_state import PreparedImage, prepare

__all__ = ["COUNTERFACTUAL", "DIFFERENCE", "ORIGINAL", "RECONSTRUCTION", "Views", "percent", "views_of"]

ORIGINAL, RECONSTRUCTION, COUNTERFACTUAL, DIFFERENCE = range(4)  # places on the stage
_NOTE = "synthetic: drawn by a network"
_GREY = Window(0.5, 1.0, "LINEAR_EXACT")

translate = QCoreApplication.translate


@dataclass(frozen=True, eq=False)
class Views:
    """The four images in the order of their places, and the difference that has the last colour."""

    images: tuple[PreparedImage, ...]
    scale: float


def views_of(found: Counterfactual) -> Views:
    """Images of A + 1 frames, A the amplitudes."""
    frames = len(found.amplitudes) + 1
    drawings = np.concatenate([found.reconstruction[None], found.drawings])
    differences = drawings - found.reconstruction
    scale = scale_of(differences)
    colors = np.ascontiguousarray(difference_colors(differences, scale))
    original = Image(_repeated(found.factual, frames), windows=(_GREY,), bits_stored=8)
    again = Image(_repeated(found.reconstruction, frames), windows=(_GREY,), bits_stored=8, notes=(_NOTE,))
    drawn = Image(np.ascontiguousarray(drawings), windows=(_GREY,), bits_stored=8, notes=(_NOTE,))
    signed = Image(colors, "RGB", bits_stored=8, notes=(_NOTE,))
    names = (
        (_named(translate("CounterfactualViews", "original"), found.probability),) * frames,
        (_named(translate("CounterfactualViews", "reconstruction"), found.drawn_reconstruction),) * frames,
        tuple(_step_name(found, step) for step in range(frames)),
        (_difference_name(scale),) * frames,
    )
    images = (original, again, drawn, signed)
    prepared = (_prepared(image, called) for image, called in zip(images, names, strict=True))
    return Views(tuple(prepared), scale)


def percent(share: float) -> str:
    """A probability or share; "–" where there is none."""
    return "–" if np.isnan(share) else f"{round(100 * share)}%".replace("-", "−")


def _prepared(image: Image, names: tuple[str, ...]) -> PreparedImage:
    made = prepare(image)
    return PreparedImage(made.image, made.pyramid, made.frame, made.opening, names)


def _repeated(picture: np.ndarray, frames: int) -> np.ndarray:
    return np.ascontiguousarray(np.broadcast_to(picture, (frames, *picture.shape)))


def _named(name: str, p: float) -> str:
    return f"{name}   p = {p:.2f}"


def _step_name(found: Counterfactual, step: int) -> str:
    name = translate("CounterfactualViews", "preview") if found.options.get("preview") else ""
    words = [translate("CounterfactualViews", "counterfactual"), name]
    label = ", ".join(word for word in words if word)
    if not step:
        return _named(label + "   ±0", found.drawn_reconstruction)
    return _named(f"{label}   {found.amplitudes[step - 1]:+.1f}".replace("-", "−"), found.drawn[step - 1])


def _difference_name(scale: float) -> str:
    words_of = translate("CounterfactualViews", "difference, −{scale} to +{scale} of the grey range")
    return words_of.format(scale=f"{scale:.2f}")
