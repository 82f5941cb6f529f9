"""How far painted regions of several readers agree: Dice and Jaccard of what two of them painted at one place."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from studies.reading.marks import Mark
from studies.reading.masks import Mask, area_px, overlap_px, union

__all__ = ["MaskOverlap", "mask_overlaps"]

Place = tuple[str, int, int]  # item, image, frame


@dataclass(frozen=True)
class MaskOverlap:
    """What two readers, `a` and `b`, painted for an item on one frame; areas in pixels, several masks of one as one."""

    item_id: str
    image: int
    frame: int
    a: str
    b: str
    area_a_px: int
    area_b_px: int
    overlap_px: int

    @property
    def dice(self) -> float:
        """2 |A ∩ B| / (|A| + |B|), 0 to 1 (Dice 1945)."""
        return 2 * self.overlap_px / (self.area_a_px + self.area_b_px)

    @property
    def jaccard(self) -> float:
        """|A ∩ B| / |A ∪ B|, 0 to 1 (Jaccard 1912)."""
        return self.overlap_px / (self.area_a_px + self.area_b_px - self.overlap_px)


def mask_overlaps(marks: Mapping[str, Iterable[Mark]]) -> tuple[MaskOverlap, ...]:
    """Every pair of readers (in the order of `marks`) at every place where both painted; in the order of the places.

    Where only one of them painted nothing is said: whether the other saw nothing or marked it otherwise stands in the
    answers.
    """
    painted: dict[Place, dict[str, Mask]] = defaultdict(dict)
    for who, their_marks in marks.items():
        regions: dict[Place, list[Mask]] = defaultdict(list)
        for mark in their_marks:
            if mark.mask is not None:
                regions[mark.item_id, mark.image, mark.frame].append(mark.mask)
        for place, masks in regions.items():
            painted[place][who] = union(masks)
    return tuple(
        MaskOverlap(*place, a, b, area_px(found[a]), area_px(found[b]), overlap_px(found[a], found[b]))
        for place, found in sorted(painted.items())
        for a, b in combinations(found, 2)
    )
