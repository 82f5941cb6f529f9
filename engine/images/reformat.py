"""Multiplanar reformats of a stack: the same voxels seen along another axis of the volume, at true millimetres.

A reformat is an `Image` whose frames are planes at right angles to the acquired ones. Its pixels are a view of the
volume, turned and reversed, never a copy: a plane costs what reading its voxels costs. Planes run through the volume's
own axes, so every pixel is a stored value; what lies between two slices is interpolated linearly when it is shown.

Planes lie as radiologists look at them: axial with rows to P and columns to L, coronal with rows to F and columns to L,
sagittal with rows to F and columns to P; frames follow row × column (PS3.3 C.7.6.2.1.1).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from engine.images.geometry import LEAST_TILT_DEGREES, direction_letters, uneven
from engine.images.image import Image

__all__ = ["Obstacle", "PlaneName", "Point", "Reformat", "Voxel", "obstacle", "reformats"]

Obstacle = Literal["single image", "no places", "no spacing", "tilted", "uneven", "own scales"]
PlaneName = Literal["axial", "coronal", "sagittal", ""]
Point = tuple[float, float]  # (column, row)
Voxel = tuple[float, float, float]  # (frame, row, column) of the acquired stack

_OBLIQUE_DEGREES = 10.0  # a plane further off is called oblique
_NORMALS: tuple[PlaneName, ...] = ("sagittal", "coronal", "axial")  # by the patient axis (x, y, z) nearest the normal
# Patient axes (x, y, z of LPS) nearest to columns and rows of each plane, and the sense in which they run.
_LOOKED_AT: dict[str, tuple[tuple[int, float], tuple[int, float]]] = {
    "axial": ((0, 1.0), (1, 1.0)),  # columns to L, rows to P
    "coronal": ((0, 1.0), (2, -1.0)),  # columns to L, rows to F
    "sagittal": ((1, 1.0), (2, -1.0)),  # columns to P, rows to F
}
_TOWARDS = {
    letter: np.eye(3)[axis] * sign
    for axis, pair in enumerate(("LR", "PA", "HF"))
    for letter, sign in zip(pair, (1.0, -1.0), strict=True)
}
_IN_ORDER = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))  # an acquired plane of unknown orientation is laid out as an axial one


@dataclass(frozen=True, eq=False)
class Reformat:
    """A stack of planes through a volume.

    `axes`: the volume's axes (0 frame, 1 row, 2 column) that frames, rows and columns of `image` run along; `reversed`:
    which of them run against the volume. `plane`: the nearest anatomical one, "" where the header does not say how the
    volume lies; `oblique`: its normal is more than 10 degrees off.
    """

    image: Image
    volume: Image  # the stack as acquired
    plane: PlaneName
    oblique: bool
    axes: tuple[int, int, int] = (0, 1, 2)
    reversed: tuple[bool, bool, bool] = (False, False, False)

    def to_voxel(self, frame: float, point: Point) -> Voxel:
        """The voxel at a point (column, row) of a plane."""
        voxel = [0.0, 0.0, 0.0]
        for axis, against, length, place in zip(
            self.axes, self.reversed, self._lengths, (frame, point[1], point[0]), strict=True
        ):
            voxel[axis] = length - 1 - place if against else place
        return voxel[0], voxel[1], voxel[2]

    def from_voxel(self, voxel: Voxel) -> tuple[float, Point]:
        """Frame (between two where the voxel lies there) and point (column, row) of a voxel; inverse of `to_voxel`."""
        frame, row, column = (
            length - 1 - voxel[axis] if against else voxel[axis]
            for axis, against, length in zip(self.axes, self.reversed, self._lengths, strict=True)
        )
        return frame, (column, row)

    @property
    def _lengths(self) -> tuple[int, int, int]:
        return self.image.frames, self.image.rows, self.image.columns


def obstacle(image: Image) -> Obstacle | None:
    """Why there are no reformats of an image; None where there are.

    They take parallel frames of one orientation, one above the other (sideways drift below 0.5 degrees), with gaps that
    differ by no more than 2 % of their median (at least 0.01 mm), and one rescale for all.
    """
    if image.frames < 2:
        return "single image"
    if image.spacing_mm is None:
        return "no spacing"
    if len(image.frame_positions_mm) != image.frames:
        return "no places"
    if _tilt_degrees(image) > LEAST_TILT_DEGREES or _skew(image) > math.sin(math.radians(LEAST_TILT_DEGREES)):
        return "tilted"
    gaps = np.diff(image.frame_positions_mm)
    if uneven(np.abs(gaps)).any() or not ((gaps > 0).all() or (gaps < 0).all()):
        return "uneven"
    if isinstance(image.slope, tuple) or isinstance(image.intercept, tuple):
        return "own scales"
    return None


def reformats(image: Image) -> tuple[Reformat, Reformat, Reformat]:
    """The stack as acquired, then its planes of constant row, then those of constant column.

    Each shares the memory of `image`. Raises ValueError where there is an `obstacle`.
    """
    found = obstacle(image)
    if found is not None:
        raise ValueError(f"this image has no reformats ({found}); ask obstacle() first")
    directions, known = _directions(image)
    return (
        Reformat(image, image, *_named(directions[0] if known else None)),
        _reformat(image, 1, directions, known),
        _reformat(image, 2, directions, known),
    )


def _reformat(image: Image, across: int, directions: np.ndarray, known: bool) -> Reformat:
    """Planes of constant row (`across` 1) or column (2); `directions`: (3, 3), a step along each volume axis, LPS."""
    plane, oblique = _named(directions[across])
    axes, signs = _laid_out(across, plane, directions)
    against = signs[0] < 0, signs[1] < 0, signs[2] < 0
    seen = directions[list(axes)] * np.asarray(signs)[:, None]
    turned = replace(
        image,
        pixels=_turned(image, axes, against),
        overlays=(),
        **_geometry(image, axes, against, seen, known),
    )
    return Reformat(turned, image, plane if known else "", oblique and known, axes, against)


def _laid_out(
    across: int, plane: str, directions: np.ndarray
) -> tuple[tuple[int, int, int], tuple[float, float, float]]:
    """Volume axes for frames, rows and columns of planes across one of them, and the sense of each."""
    one, other = (axis for axis in range(3) if axis != across)
    (wide, wide_sign), (high, high_sign) = _LOOKED_AT[plane]
    as_named = abs(directions[one, wide]) + abs(directions[other, high])
    swapped = abs(directions[other, wide]) + abs(directions[one, high])
    columns, rows = (one, other) if as_named > swapped else (other, one)
    column_sign = math.copysign(wide_sign, directions[columns, wide] * wide_sign)
    row_sign = math.copysign(high_sign, directions[rows, high] * high_sign)
    normal = np.cross(directions[columns] * column_sign, directions[rows] * row_sign)
    return (across, rows, columns), (math.copysign(1.0, float(normal @ directions[across])), row_sign, column_sign)


def _turned(image: Image, axes: Sequence[int], against: Sequence[bool]) -> np.ndarray:
    """The volume along other axes, a view: (frames, rows, columns), or with colour last."""
    rest = tuple(range(3, image.pixels.ndim))
    turned = image.pixels.transpose(*axes, *rest)
    return turned[tuple(slice(None, None, -1) if back else slice(None) for back in against)]


def _geometry(image: Image, axes: Sequence[int], against: Sequence[bool], seen: np.ndarray, known: bool) -> dict:
    """Fields of an `Image` that say where the planes lie; `seen`: (3, 3), a step of frame, row, column index, LPS."""
    step, down, along = (_steps_mm(image)[axis] for axis in axes)
    count = image.pixels.shape[axes[0]]
    first, normal = np.zeros(3), seen[0]
    if image.frame_origins_mm:
        first = _corner(image, [axis for axis, back in zip(axes, against, strict=True) if back])
    origins = first + np.arange(count)[:, None] * step * normal
    told = known and len(image.orientation) == 6
    return {
        "spacing_mm": (down, along),
        "slice_spacing_mm": step,
        "frame_positions_mm": tuple(float(place) for place in origins @ normal),
        "frame_origins_mm": tuple((float(x), float(y), float(z)) for x, y, z in origins)
        if image.frame_origins_mm
        else (),
        "orientation": (*seen[2].tolist(), *seen[1].tolist()) if told else (),
        "row_direction": direction_letters(seen[2].tolist()) if known else "",
        "column_direction": direction_letters(seen[1].tolist()) if known else "",
    }


def _corner(image: Image, reversed_axes: Sequence[int]) -> np.ndarray:
    """(3,) mm, LPS: the centre of the voxel that is first along every axis, last along those that are reversed."""
    directions, _known = _directions(image)
    corner = np.asarray(image.frame_origins_mm[0], np.float64)
    for axis in reversed_axes:
        corner = corner + directions[axis] * _steps_mm(image)[axis] * (image.pixels.shape[axis] - 1)
    return corner


def _steps_mm(image: Image) -> tuple[float, float, float]:
    """Millimetres from one frame, row and column to the next."""
    places = image.frame_positions_mm
    rows, columns = image.spacing_mm or (1.0, 1.0)
    return abs(places[-1] - places[0]) / (image.frames - 1), rows, columns


def _directions(image: Image) -> tuple[np.ndarray, bool]:
    """(3, 3): unit steps along frames, rows and columns, LPS; False where only their relation is known."""
    known = True
    if len(image.orientation) == 6:
        row, column = np.asarray(image.orientation[:3]), np.asarray(image.orientation[3:])
    elif image.row_direction[:1] in _TOWARDS and image.column_direction[:1] in _TOWARDS:
        row, column = _TOWARDS[image.row_direction[0]], _TOWARDS[image.column_direction[0]]
    else:
        (row, column), known = (np.asarray(direction) for direction in _IN_ORDER), False
    onward = 1.0 if image.frame_positions_mm[-1] > image.frame_positions_mm[0] else -1.0
    normal = np.cross(row, column) * onward
    return np.stack([normal / np.linalg.norm(normal), column, row]), known


def _named(normal: np.ndarray | None) -> tuple[PlaneName, bool]:
    """The anatomical plane nearest to one with that normal, and whether it is oblique to it."""
    if normal is None:
        return "", False
    nearest = int(np.argmax(np.abs(normal)))
    return _NORMALS[nearest], bool(abs(normal[nearest]) < math.cos(math.radians(_OBLIQUE_DEGREES)))


def _tilt_degrees(image: Image) -> float:
    """How far the line through the first pixels of all frames leans away from the normal; 0 where places are unknown.

    The largest lean from the first frame to any other counts: a stack may march off and come back.
    """
    if len(image.orientation) != 6 or len(image.frame_origins_mm) != image.frames:
        return 0.0
    path = np.asarray(image.frame_origins_mm) - np.asarray(image.frame_origins_mm[0])
    normal = np.cross(image.orientation[:3], image.orientation[3:])
    depths = path @ (normal / np.linalg.norm(normal))
    sideways = np.sqrt(np.maximum((path**2).sum(axis=1) - depths**2, 0.0))
    return math.degrees(math.atan2(float(sideways.max()), float(np.abs(depths).max())))


def _skew(image: Image) -> float:
    """Cosine of the angle between rows and columns: 0 where they are at right angles, as DICOM asks."""
    if len(image.orientation) != 6:
        return 0.0
    return abs(float(np.dot(image.orientation[:3], image.orientation[3:])))
