"""The images of a counterfactual case as files to be read: what is drawn says so in pixels and header. No torch.

All are enlarged alike and have a strip of one height below, so that those of a case lie over each other.
"""

from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont
from pydicom.dataset import Dataset

from engine.counterfactuals import Counterfactual
from engine.explain.counterfactual_badge import badged
from engine.explain.counterfactual_dicom import derived_dicom

__all__ = ["sheet", "write_sheet"]

_LEAST_SIDE = 512  # pixels: words on smaller ones cannot be read
_FACTUAL = "ORIGINAL, resampled · research use only"


def sheet(picture: np.ndarray, synthetic: bool) -> np.ndarray:
    """(h, w) float32 in [0, 1] → uint8 (H + strip, W), smoothly enlarged to 512 pixels or more."""
    factor = max(1, -(-_LEAST_SIDE // max(picture.shape)))
    grey = Pillow.fromarray(np.round(picture * 255).astype(np.uint8))
    large = grey.resize((grey.width * factor, grey.height * factor), Pillow.Resampling.BICUBIC)
    with_badge = badged(np.asarray(large))
    return with_badge if synthetic else _labelled(large, with_badge.shape[0])


def _labelled(picture: Pillow.Image, rows: int) -> np.ndarray:
    """The original above a black strip that says what it is; nothing in the picture."""
    whole = Pillow.new("L", (picture.width, rows), 0)
    whole.paste(picture, (0, 0))
    place = (8, (picture.height + rows) // 2)
    ImageDraw.Draw(whole).text(place, _FACTUAL, fill=255, font=ImageFont.load_default(14), anchor="lm")
    return np.asarray(whole)


def write_sheet(path: Path, drawn: Counterfactual, kind: str) -> None:
    """Write one image of a case as DICOM. kind: "factual", "reconstruction" or "counterfactual"; what is drawn says
    SYNTHETIC, all say DERIVED and name no patient.
    """
    if kind == "factual":
        dataset = _resampled(drawn)
    elif kind == "reconstruction":
        dataset = derived_dicom(sheet(drawn.reconstruction, synthetic=True), [drawn], "reconstruction")
    else:
        dataset = derived_dicom(sheet(drawn.drawings[0], synthetic=True), [drawn], "drawing")
    dataset.save_as(path, enforce_file_format=True)


def _resampled(drawn: Counterfactual) -> Dataset:
    """The original as the network sees it: an object like the others, so that it is shown like them."""
    dataset = derived_dicom(sheet(drawn.factual, synthetic=False), [drawn], "reconstruction")
    dataset.ImageType = ["DERIVED", "SECONDARY", "OTHER", "RESAMPLED"]
    dataset.SyntheticData, dataset.ConversionType = "NO", "WSD"
    dataset.PatientID = ""
    dataset.DeidentificationMethod = "Nothing of the source's header is in this file"
    dataset.SeriesDescription, dataset.InstanceNumber = "Original, resampled", 0
    dataset.DerivationDescription = "The original, resampled to what a network sees; research use only"
    dataset.ImageComments = _FACTUAL
    return dataset
