"""Overlap of painted regions: known values, several masks of one reader as one, places apart."""

import numpy as np
import pytest

from studies.reading.marks import Mark
from studies.reading.mask_overlap import mask_overlaps
from studies.reading.masks import corners
from tests.studies.reading.test_masks import of_pixels


def painted(mark_id: str, columns: slice, item: str = "a", frame: int = 0) -> Mark:
    pixels = np.zeros((6, 20), bool)
    pixels[1:5, columns] = True
    mask = of_pixels(pixels)
    return Mark(mark_id, item, "mask", corners(mask), 0, frame, mask=mask)


def test_dice_and_jaccard_of_two_readers() -> None:
    a = [painted("m1", slice(0, 6)), painted("m2", slice(4, 10))]  # together columns 0 to 9
    b = [painted("m1", slice(5, 15))]
    (found,) = mask_overlaps({"A": a, "B": b})
    assert (found.a, found.b, found.area_a_px, found.area_b_px, found.overlap_px) == ("A", "B", 40, 40, 20)
    assert found.dice == pytest.approx(0.5) and found.jaccard == pytest.approx(20 / 60)


def test_only_places_where_both_painted_are_compared() -> None:
    box = Mark("m9", "a", "box", ((0.0, 0.0), (5.0, 5.0)), 0, 0)
    a = [painted("m1", slice(0, 4)), painted("m2", slice(0, 4), frame=3), box]
    b = [painted("m1", slice(0, 4), item="b"), painted("m2", slice(0, 4), frame=3)]
    c = [painted("m1", slice(10, 14), frame=3), box]
    found = mask_overlaps({"A": a, "B": b, "C": c})
    assert [(o.item_id, o.frame, o.a, o.b, o.dice) for o in found] == [
        ("a", 3, "A", "B", 1.0),
        ("a", 3, "A", "C", 0.0),
        ("a", 3, "B", "C", 0.0),
    ]
