"""How one view of a case follows another: by millimetres where headers give them, else by shares. No Qt.

Views follow each other only within a modality. What they share decides how: images of one frame of reference and plane
by their place in the patient; other stacks of one plane by place along the normal; the rest by how far a view was moved
from where it hung.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from engine.images.image import Image, Window
from readerapp.viewer.display import MAX_SCALE, MIN_SCALE, Placement

__all__ = [
    "BREAST_VIEWS",
    "Link",
    "Seen",
    "follow_frame",
    "follow_placement",
    "follow_point",
    "follow_window",
    "related",
]

Link = Literal["zoom", "scroll", "window"]

_SAME_PLANE = 0.97  # least cosine between the normals, and between the rows, of stacks that scroll together: 14 degrees
BREAST_VIEWS = {"CC", "XCC", "MLO", "ML", "LM", "LMO"}


@dataclass(frozen=True)
class Seen:
    """An image as it is seen: where it lies now, and where it lay when nobody had moved it."""

    image: Image
    placement: Placement
    rest: Placement
    frame: int = 0


def related(one: Image, other: Image) -> bool:
    """Whether the views of two images may follow each other at all."""
    return one.modality == other.modality and (one.frames > 1) == (other.frames > 1)


def follow_placement(leader: Seen, follower: Seen) -> Placement:
    """Where the follower lies so that it shows what the leader shows: the same zoom in mm, the same place.

    A breast follows the other one mirrored. Frontal and lateral views share their height only.
    """
    scale = _followed_scale(leader, follower)
    shared = _shared_point(leader, follower)
    if shared is None:
        across, down = _moved(leader, follower.image)
        shared = follower.rest.x + _sideways(leader, follower) * across, follower.rest.y + down
    return replace(follower.placement, scale=scale, x=shared[0], y=shared[1])


def follow_frame(leader: Image, frame: int, follower: Image) -> int | None:
    """The follower's frame at the leader's place along the normal, in mm where both say it, else by its share of the
    stack; None where the two are not stacks of one plane."""
    if leader.frames == 1 or follower.frames == 1 or not _one_plane(leader, follower):
        return None
    ours, theirs = leader.frame_positions_mm, follower.frame_positions_mm
    if ours and theirs and _comparable(leader, follower):
        return int(np.argmin(np.abs(np.asarray(theirs) - ours[frame])))
    return round(frame / (leader.frames - 1) * (follower.frames - 1))


def follow_window(leader: Image, window: Window, was: Window, follower: Image, opening: Window) -> Window | None:
    """The follower's window; None where it does not follow.

    In CT the same window: its values are the same everywhere. Other values have a scale of their own in every image,
    so the window is changed by the same share of the one that each image opened with (`was` the leader's, `opening` the
    follower's).
    """
    if leader.modality != follower.modality or leader.is_color or follower.is_color:
        return None
    if leader.modality == "CT" or was.width <= 0:
        return window
    share = opening.width / was.width
    center = opening.center + (window.center - was.center) * share
    return Window(center, window.width * share, opening.function)


def follow_point(
    leader: Image, frame: int, point: tuple[float, float], follower: Image
) -> tuple[int, tuple[float, float]] | None:
    """The follower's frame nearest to a point (column, row) of the leader, and the point's place on it.

    Both must lie in one frame of reference and say where (Image Plane module, PS3.3 C.7.6.2.1.1), in whatever planes;
    None where they do not, or where the follower's volume does not reach the point.
    """
    if not _one_reference(leader, follower):
        return None
    place = _in_patient(leader, frame, point)
    row, column = _axes(follower)
    origins = np.asarray(follower.frame_origins_mm)
    depths = (place - origins) @ np.cross(row, column)
    nearest = int(np.argmin(np.abs(depths)))
    if abs(depths[nearest]) > _half_slice(follower):
        return None
    spacing = follower.spacing_mm or (1.0, 1.0)
    offset = place - origins[nearest]
    found = float(offset @ row) / spacing[1], float(offset @ column) / spacing[0]
    inside = -0.5 <= found[0] <= follower.columns - 0.5 and -0.5 <= found[1] <= follower.rows - 0.5
    return (nearest, found) if inside else None


def _followed_scale(leader: Seen, follower: Seen) -> float:
    if leader.image.spacing_mm is not None and follower.image.spacing_mm is not None:
        scale = leader.placement.scale / leader.image.spacing_mm[1] * follower.image.spacing_mm[1]
    else:
        scale = leader.placement.scale / leader.rest.scale * follower.rest.scale
    return min(max(scale, MIN_SCALE), MAX_SCALE)


def _shared_point(leader: Seen, follower: Seen) -> tuple[float, float] | None:
    """The follower's point at the leader's middle, through the patient; None where that is not known."""
    if not _one_reference(leader.image, follower.image) or not _one_plane(leader.image, follower.image):
        return None
    place = _in_patient(leader.image, leader.frame, (leader.placement.x, leader.placement.y))
    row, column = _axes(follower.image)
    spacing = follower.image.spacing_mm or (1.0, 1.0)
    offset = place - np.asarray(follower.image.frame_origins_mm[follower.frame])
    return float(offset @ row) / spacing[1], float(offset @ column) / spacing[0]


def _moved(leader: Seen, follower: Image) -> tuple[float, float]:
    """How far the leader's middle was moved from where it hung, to the right and down, in the follower's pixels: the
    same mm, or where one has no spacing the same share of the image."""
    image = leader.image
    if image.spacing_mm is not None and follower.spacing_mm is not None:
        wide, high = image.spacing_mm[1] / follower.spacing_mm[1], image.spacing_mm[0] / follower.spacing_mm[0]
    else:
        wide, high = follower.columns / image.columns, follower.rows / image.rows
    return (leader.placement.x - leader.rest.x) * wide, (leader.placement.y - leader.rest.y) * high


def _sideways(leader: Seen, follower: Seen) -> float:
    """1 where the follower moves to the same side in its columns, −1 to the other, 0 where sides are not shared."""
    one, other = leader.image, follower.image
    if {one.view, other.view} <= BREAST_VIEWS:
        mirrored = {one.laterality, other.laterality} == {"L", "R"}
        runs = one.row_direction[:1], other.row_direction[:1]
        if runs[0] in ("A", "P") and runs[1] in ("A", "P"):  # what the header says counts before what the side implies
            mirrored = runs[0] != runs[1]
        return -1.0 if mirrored else 1.0
    if one.frames == 1 and one.view != other.view:
        return 0.0
    return 1.0


def _one_reference(one: Image, other: Image) -> bool:
    return (
        bool(one.frame_of_reference)
        and one.frame_of_reference == other.frame_of_reference
        and _placed(one)
        and _placed(other)
    )


def _placed(image: Image) -> bool:
    return len(image.orientation) == 6 and len(image.frame_origins_mm) == image.frames and image.spacing_mm is not None


def _one_plane(one: Image, other: Image) -> bool:
    if len(one.orientation) == 6 and len(other.orientation) == 6:
        first, second = _axes(one), _axes(other)
        normals = float(np.cross(*first) @ np.cross(*second))
        return normals > _SAME_PLANE and float(first[0] @ second[0]) > _SAME_PLANE
    return _main(one) == _main(other)


def _main(image: Image) -> tuple[str, str]:
    return image.row_direction[:1], image.column_direction[:1]


def _comparable(one: Image, other: Image) -> bool:
    """Positions along the normal mean the same: one frame of reference, or none told and the stacks overlap."""
    if one.frame_of_reference and other.frame_of_reference:
        return one.frame_of_reference == other.frame_of_reference
    ours, theirs = one.frame_positions_mm, other.frame_positions_mm
    return max(min(ours), min(theirs)) <= min(max(ours), max(theirs))


def _in_patient(image: Image, frame: int, point: tuple[float, float]) -> np.ndarray:
    """(3,) mm, LPS. PS3.3 C.7.6.2.1.1 equation C.7.6.2.1-1."""
    row, column = _axes(image)
    spacing = image.spacing_mm or (1.0, 1.0)
    origin = np.asarray(image.frame_origins_mm[frame])
    place: np.ndarray = origin + row * (point[0] * spacing[1]) + column * (point[1] * spacing[0])
    return place


def _axes(image: Image) -> tuple[np.ndarray, np.ndarray]:
    cosines = np.asarray(image.orientation, np.float64)
    return cosines[:3], cosines[3:]


def _half_slice(image: Image) -> float:
    """Beyond the first and last slice a point still counts as theirs within this many mm."""
    spacing = image.slice_spacing_mm
    return 0.75 * spacing if spacing is not None and math.isfinite(spacing) else 2.5
