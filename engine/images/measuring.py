"""Lengths, angles, areas and grey values of places on an image.

Points are (column, row), 0-based, at pixel centres of the stored image. Geometry is done in mm where the spacing is
known, so that pixels that are not square give right lengths and angles; else in pixels taken as square.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from engine.errors import ImageError
from engine.images.grey import modality_values, percentile_window
from engine.images.image import Image, Window

__all__ = ["Measured", "RegionStatistics", "measured", "region_statistics", "region_window", "value_at"]

Points = Sequence[tuple[float, float]]
Spacing = tuple[float, float]  # mm between rows, between columns
Shape = Literal["box", "ellipse"]


@dataclass(frozen=True)
class Measured:
    """A value and its unit: "mm" or "px" for a length, "°" for an angle, "mm²" or "px²" for an area."""

    value: float
    unit: str


@dataclass(frozen=True)
class RegionStatistics:
    """Modality values of the pixels whose centres lie in a region; `sd` is of the pixels (divided by n)."""

    n: int
    mean: float
    sd: float
    least: float
    most: float


def measured(kind: str, points: Points, spacing_mm: Spacing | None) -> Measured:
    """The value of a measurement.

    "length": two ends. "angle": end, vertex, end; 0° to 180°. "cobb": two ends of a line, two of another; the angle
    between the lines, 0° to 90° (Cobb 1948). "region", "ellipse", "box": area within two opposite corners of the box
    around it. Raises ImageError for any other kind.
    """
    length, area = ("mm", "mm²") if spacing_mm else ("px", "px²")
    rows, columns = spacing_mm or (1.0, 1.0)
    places = [(x * columns, y * rows) for x, y in points]
    if kind == "length":
        return Measured(math.dist(places[0], places[1]), length)
    if kind == "angle":
        return Measured(_between(_direction(places[1], places[0]), _direction(places[1], places[2])), "°")
    if kind == "cobb":
        angle = _between(_direction(places[0], places[1]), _direction(places[2], places[3]))
        return Measured(min(angle, 180.0 - angle), "°")
    if kind in ("region", "ellipse", "box"):
        whole = abs((places[1][0] - places[0][0]) * (places[1][1] - places[0][1]))
        return Measured(whole if kind == "box" else whole * math.pi / 4.0, area)
    raise ImageError(f"'{kind}' is no measurement; use length, angle, cobb, region, ellipse or box")


def region_statistics(image: Image, frame: int, shape: Shape, points: Points) -> RegionStatistics | None:
    """Statistics of modality values (HU, signal …) within two opposite corners; padding and what is no number left out.

    None for a colour image, and where no pixel centre lies in the region.
    """
    if image.is_color:
        return None
    found = _part(image, frame, points)
    if found is None:
        return None
    part, mask = found
    values = modality_values(part)[mask if shape == "ellipse" else ...]
    stored = part.pixels[mask if shape == "ellipse" else ...]
    valid = np.isfinite(values)
    if image.padding is not None:
        valid &= (stored < image.padding[0]) | (stored > image.padding[1])
    chosen = values[valid].astype(np.float64)
    if chosen.size == 0:
        return None
    return RegionStatistics(
        int(chosen.size), float(chosen.mean()), float(chosen.std()), float(chosen.min()), float(chosen.max())
    )


def region_window(image: Image, frame: int, points: Points, low: float = 1.0, high: float = 99.0) -> Window | None:
    """The window from one percentile to another of the modality values in a box; None for colour or an empty box."""
    found = None if image.is_color else _part(image, frame, points)
    return None if found is None else percentile_window(found[0], 0, low, high)


def value_at(image: Image, frame: int, point: tuple[float, float]) -> tuple[float, ...] | None:
    """The modality value of the pixel under a point, (red, green, blue) of a colour image.

    None outside the image, on padding, and where the pixel holds no finite number.
    """
    column, row = round(point[0]), round(point[1])
    if not (0 <= column < image.columns and 0 <= row < image.rows):
        return None
    if image.is_color:
        return tuple(float(value) for value in image.frame(frame)[row, column])
    statistics = region_statistics(image, frame, "box", ((column, row), (column, row)))
    return None if statistics is None else (statistics.mean,)


def _direction(start: tuple[float, float], end: tuple[float, float]) -> float:
    return math.atan2(end[1] - start[1], end[0] - start[0])


def _between(a: float, b: float) -> float:
    """The angle between two directions, degrees, 0 to 180."""
    turned = abs(math.degrees(a - b)) % 360.0
    return min(turned, 360.0 - turned)


def _part(image: Image, frame: int, points: Points) -> tuple[Image, np.ndarray] | None:
    """The pixels of a frame whose centres lie in the box as an image of one frame, and which lie in its ellipse."""
    (x0, x1), (y0, y1) = (sorted(point[axis] for point in points) for axis in (0, 1))
    left, right = max(math.ceil(x0), 0), min(math.floor(x1), image.columns - 1)
    top, bottom = max(math.ceil(y0), 0), min(math.floor(y1), image.rows - 1)
    if right < left or bottom < top:
        return None
    slope, intercept = image.rescale(frame)
    part = replace(
        image,
        pixels=image.frame(frame)[top : bottom + 1, left : right + 1],
        slope=slope,
        intercept=intercept,
        frame_positions_mm=(),
        frame_origins_mm=(),
        overlays=(),
    )
    across = (np.arange(left, right + 1) - (x0 + x1) / 2) / max((x1 - x0) / 2, 1e-9)
    down = (np.arange(top, bottom + 1) - (y0 + y1) / 2) / max((y1 - y0) / 2, 1e-9)
    return part, across[None, :] ** 2 + down[:, None] ** 2 <= 1.0
