"""Sheets for the eye: films, reconstructions, drawings and what differs, every made picture under a badge. No torch."""

from pathlib import Path

import numpy as np
from PIL import Image as PilImage
from PIL import ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from engine.counterfactuals import BADGE

__all__ = ["sheet_name", "write_sheet"]

_TILE = 192  # pixels of a picture on the sheet
_STRIP = 16  # below it, with its words
_GAIN = 3.0  # of differences


def sheet_name(target: str) -> str:
    """The file of a target's sheet, within the report."""
    return f"counterfactuals_{target.replace(' ', '_')}.png"


def write_sheet(
    folder: Path, target: str, films: np.ndarray, reconstructions: np.ndarray, drawings: np.ndarray
) -> Path:
    """A column for each of n films (n, s, s): film, reconstruction, drawing, and drawing minus reconstruction.

    In the difference blue is darker and orange brighter, times 3; all but the film bear the badge, on the picture and
    below it.
    """
    rows = [
        ("film", films, False),
        (f"{BADGE} · reconstruction", reconstructions, True),
        (f"{BADGE} · {target.replace('_', ' ')}", drawings, True),
    ]
    sheet = PilImage.new("RGB", (len(films) * _TILE, 4 * (_TILE + _STRIP)), "white")
    for row, (words, pictures, made) in enumerate(rows):
        for column, picture in enumerate(pictures):
            grey = PilImage.fromarray(np.rint(picture.clip(0, 1) * 255).astype(np.uint8)).convert("RGB")
            _put(sheet, grey, row, column, words, made)
    for column, difference in enumerate(drawings - reconstructions):
        _put(sheet, _coloured(difference), 3, column, f"{BADGE} · difference, {_GAIN:g} times", True)
    facts = PngInfo()
    facts.add_text(
        "Description", f"{BADGE}: drawn by a model, no patient's image. Research use only, not for diagnosis."
    )
    path = folder / sheet_name(target)
    sheet.save(path, pnginfo=facts)
    return path


def _coloured(difference: np.ndarray) -> PilImage.Image:
    strength = np.clip(_GAIN * difference, -1, 1)[..., None]
    blue, orange = np.array([0, 90, 200]), np.array([230, 110, 0])
    colour = 255 + np.where(strength < 0, -strength * (blue - 255), strength * (orange - 255))
    return PilImage.fromarray(np.rint(colour).astype(np.uint8))


def _put(sheet: PilImage.Image, picture: PilImage.Image, row: int, column: int, words: str, made: bool) -> None:
    left, top = column * _TILE, row * (_TILE + _STRIP)
    sheet.paste(picture.resize((_TILE - 2, _TILE - 2), PilImage.Resampling.BICUBIC), (left, top))
    drawing, font = ImageDraw.Draw(sheet), ImageFont.load_default(11)
    drawing.text((left + 2, top + _TILE), words, "black", font)
    if made:
        drawing.text((left + 4, top + 3), BADGE, "white", font, stroke_width=2, stroke_fill="black")
