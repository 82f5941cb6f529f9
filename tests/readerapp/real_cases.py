"""Real images as cases: radiographs, a CT and an MR series, a mammogram, and four views made of it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.images import open_image, open_series
from engine.images.image import Image

RADIOGRAPH_SUFFIXES = {".png", ".jpg", ".jpeg"}


def radiographs(shared_data: Path, number: int) -> list[Sequence[Image]]:
    """One radiograph a case, spread over the whole collection."""
    files = sorted(
        path for path in (shared_data / "cxr" / "images").rglob("*") if path.suffix.lower() in RADIOGRAPH_SUFFIXES
    )
    step = max(len(files) // number, 1)
    return [(replace(open_image(path), modality="DX", view="PA"),) for path in files[::step][:number]]


def ct_and_mr(shared_data: Path) -> list[Sequence[Image]]:
    """A CT head and an MR series, each a stack of one image."""
    folders = (shared_data / "dicom" / "series_ct_head", shared_data / "dicom" / "series_mr_axial")
    return [(open_series(sorted(folder.iterdir())),) for folder in folders]


def mammogram(shared_data: Path) -> Image:
    """A left MLO view, 4664 × 3064."""
    image = open_image(shared_data / "dicom" / "radiographs" / "mammo_MG1_mlo_j2k.dcm")
    return replace(image, modality="MG", view="MLO", laterality="L", body_part="BREAST")


def four_views(left_mlo: Image, factor: int = 2) -> Sequence[Image]:
    """The four standard views, made of one: the right side is its mirror image. Reduced by a whole factor.

    No complete set is at hand; what is tested is where each view hangs, not what it shows. Order: as a careless import
    would give them.
    """
    small = replace(left_mlo, pixels=np.ascontiguousarray(left_mlo.pixels[::factor, ::factor]))
    mirrored = replace(
        small,
        pixels=np.ascontiguousarray(small.pixels[:, ::-1]),
        laterality="R",
        row_direction={"P": "A", "A": "P", "L": "R", "R": "L"}.get(small.row_direction[:1], ""),
    )
    return (small, replace(small, view="CC"), mirrored, replace(mirrored, view="CC"))
