"""Marks on images: what kinds there are, how many points each has, and how one is written in the journal.

A mark is tied to an item and lies in stored-image coordinates, however the image was turned, flipped or zoomed when it
was drawn. Measurements are marks too. They carry the pixel spacing they were made with, so that their value can be
worked out again from the journal alone (`engine.images.measuring`). So does a mask, a region painted with a brush: its
pixels are kept as run lengths (`studies.reading.masks`), and its points are the corners of the box around them.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from studies.errors import ReadingError
from studies.reading.masks import Mask, area_px, checked_mask, corners
from studies.reading.masks import mask_fields as fields_of_mask

if TYPE_CHECKING:
    from engine.images.measuring import Measured

MarkKind = Literal[
    "arrow", "box", "ellipse", "polyline", "freehand", "length", "angle", "cobb", "region", "mask", "star"
]
MeasureKind = Literal["length", "angle", "cobb", "region"]
Point = tuple[float, float]  # (column, row), 0-based, pixel centres of the stored image

MOST_POINTS = 2000
MEASUREMENTS: frozenset[str] = frozenset(get_args(MeasureKind))
WITH_SPACING = MEASUREMENTS | {"mask"}  # kinds that keep the pixel spacing they were made with
# (least, most) points: arrow tail and tip; box, ellipse, region and mask two opposite corners of the box around them;
# star where it lies; length its ends; angle end, vertex, end; Cobb angle the ends of one line, then of the other.
POINTS: Mapping[str, tuple[int, int]] = {
    "arrow": (2, 2),
    "box": (2, 2),
    "ellipse": (2, 2),
    "polyline": (2, MOST_POINTS),
    "freehand": (2, MOST_POINTS),
    "length": (2, 2),
    "angle": (3, 3),
    "cobb": (4, 4),
    "region": (2, 2),
    "mask": (2, 2),
    "star": (1, 1),
}


@dataclass(frozen=True)
class Mark:
    """A mark tied to an item. `spacing_mm` (between rows, between columns) and `calibrated` are a measurement's own.

    `mask` is there for the kind "mask", and for no other.
    """

    id: str
    item_id: str
    kind: MarkKind
    points: tuple[Point, ...]
    image: int  # index among the images of the presentation
    frame: int
    spacing_mm: tuple[float, float] | None = None
    calibrated: bool = False
    mask: Mask | None = None


def mark_from(fields: Mapping[str, Any]) -> Mark:
    """A mark from its JSON object. Raises KeyError, TypeError or ValueError where it is none."""
    try:
        points = tuple((x, y) for x, y in checked_points(fields["kind"], fields["points"]))
        spacing = checked_spacing(fields.get("spacing_mm"))
        mask = _checked_region(fields["kind"], points, fields.get("mask"))
    except ReadingError as error:
        raise ValueError(str(error)) from error
    return Mark(
        fields["id"],
        fields["item_id"],
        fields["kind"],
        points,
        int(fields["image"]),
        int(fields["frame"]),
        (spacing[0], spacing[1]) if spacing else None,
        bool(fields.get("calibrated", False)),
        mask,
    )


def _checked_region(kind: str, points: tuple[Point, ...], fields: Any) -> Mask | None:
    """The pixels of a mask, which its corners must be those of. Raises ReadingError."""
    if (kind == "mask") != (fields is not None):
        raise ReadingError(f"a mark of kind '{kind}' {'lacks its' if kind == 'mask' else 'has no'} mask")
    if fields is None:
        return None
    mask = checked_mask(fields)
    if points != corners(mask):
        raise ReadingError(f"the corners of a mask are {corners(mask)}, not {points}")
    return mask


def mark_fields(mark: Mark) -> dict[str, Any]:
    """The JSON object of a mark; spacing and mask only where it has them, so that older journals read the same."""
    fields = {**vars(mark), "points": [list(point) for point in mark.points]}
    spacing, calibrated, mask = (fields.pop(name) for name in ("spacing_mm", "calibrated", "mask"))
    if mask is not None:
        fields["mask"] = fields_of_mask(mask)
    return fields if spacing is None else {**fields, "spacing_mm": list(spacing), "calibrated": calibrated}


def mark_value(mark: Mark) -> "Measured | None":
    """The value of a measurement, the area of a mask, None for a mark that measures nothing."""
    from engine.images.measuring import Measured, measured  # numpy comes with it, which reading itself does not need

    if mark.mask is not None:
        rows, columns = mark.spacing_mm or (1.0, 1.0)
        return Measured(area_px(mark.mask) * rows * columns, "mm²" if mark.spacing_mm else "px²")
    return measured(mark.kind, mark.points, mark.spacing_mm) if mark.kind in MEASUREMENTS else None


def checked_kind(kind: str) -> str:
    """The kind of mark. Raises ReadingError where there is no such kind."""
    if kind not in POINTS:
        raise ReadingError(f"a mark is one of {', '.join(POINTS)}, not '{kind}'")
    return kind


def checked_points(kind: str, points: Sequence[Sequence[float]]) -> list[list[float]]:
    """Finite (column, row) pairs as JSON has them, as many as the kind takes. Raises ReadingError."""
    least, most = POINTS[checked_kind(kind)]
    if not least <= len(points) <= most:
        number = f"{least}" if least == most else f"{least} to {most:,}"
        raise ReadingError(f"a mark of kind '{kind}' has {number} points (column, row), not {len(points)}")
    checked = [[float(value) for value in point] for point in points]
    if any(len(point) != 2 for point in checked):
        raise ReadingError(f"each point of a mark is (column, row), not {checked}")
    if not all(math.isfinite(value) for point in checked for value in point):
        raise ReadingError(f"a mark's points are finite numbers, not {checked}")
    return checked


def checked_spacing(spacing_mm: Sequence[float] | None) -> list[float] | None:
    """(between rows, between columns) in mm as JSON has it, None where it is unknown. Raises ReadingError."""
    if spacing_mm is None:
        return None
    spacing = [float(value) for value in spacing_mm]
    if len(spacing) != 2 or not all(math.isfinite(value) and value > 0 for value in spacing):
        raise ReadingError(f"the pixel spacing is two lengths in mm above 0, not {spacing}")
    return spacing
