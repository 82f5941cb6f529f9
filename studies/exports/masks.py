"""Painted regions beside the tables: a picture of each, and how far those of two readers agree."""

import json
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image

from engine.tables import Table, write_table
from studies.reading.marks import Mark
from studies.reading.mask_overlap import mask_overlaps
from studies.reading.masks import Mask, checked_mask, corners, runs_of

__all__ = ["OVERLAPS", "marks_with_files", "mask_pixels", "overlap_frame", "write_masks"]

OVERLAPS = [
    *("case_id", "arm", "item", "image", "frame", "reader_a", "reader_b"),
    *("area_a_px", "area_b_px", "overlap_px", "dice", "jaccard"),
]


def marks_with_files(marks: pd.DataFrame) -> pd.DataFrame:
    """The table of marks with a column `mask_file`: the picture of a mask, beside the tables; "" for other marks."""
    painted = (marks["kind"] == "mask").tolist()
    names = zip(marks["code"], marks["mark_id"], painted, strict=True)
    return marks.assign(mask_file=[f"masks/{code}_{mark}.png" if is_mask else "" for code, mark, is_mask in names])


def write_masks(marks: pd.DataFrame, folder: Path) -> None:
    """`masks/*.png`, 1 bit a pixel, as large as the stored image; `mask_overlap.csv`. Neither where nothing is painted.

    `marks`: as `marks_with_files` gives it. A mask that counts in two arms has one picture.
    """
    masks = marks[marks["kind"] == "mask"]
    if masks.empty:
        return
    (folder / "masks").mkdir()
    for row in masks.drop_duplicates("mask_file").to_dict("records"):
        picture = Image.fromarray(mask_pixels(_mask(row)).astype(np.uint8) * 255).convert("1")
        picture.save(folder / str(row["mask_file"]), optimize=False)
    write_table(Table(overlap_frame(marks)), folder, "mask_overlap")


def overlap_frame(marks: pd.DataFrame) -> pd.DataFrame:
    """One row a pair of readers who painted for one item on one frame of a case; hidden repeats are left out."""
    masks = marks[(marks["kind"] == "mask") & (marks["repeat"] == 0)]
    rows = []
    for (case_id, arm), of_case in masks.groupby(["case_id", "arm"], sort=True):
        by_reader = {
            str(reader): [_mark(row) for row in their.to_dict("records")]
            for reader, their in of_case.groupby("reader_id", sort=True)
        }
        for found in mask_overlaps(by_reader):
            rows.append((case_id, arm, *vars(found).values(), found.dice, found.jaccard))
    return pd.DataFrame.from_records(rows, columns=OVERLAPS)


def mask_pixels(mask: Mask) -> np.ndarray:
    """(rows, columns) bool of the stored image."""
    flat = np.zeros(mask.rows * mask.columns, bool)
    for start, stop in runs_of(mask):
        flat[start:stop] = True
    return flat.reshape((mask.rows, mask.columns), order="F")


def _mask(row: dict[Hashable, Any]) -> Mask:
    return checked_mask(json.loads(row["mask"]))


def _mark(row: dict[Hashable, Any]) -> Mark:
    mask = _mask(row)
    place = int(row["image"]), int(row["frame"])
    return Mark(str(row["mark_id"]), str(row["item"]), "mask", corners(mask), *place, mask=mask)
