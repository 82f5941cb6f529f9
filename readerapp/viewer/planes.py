"""The images of a case as they may be shown, as acquired or reformatted, and how each is looked at. No Qt widgets.

A place names what a cell shows: (index in the case, plane), plane 0 as acquired, 1 and 2 the reformats at right angles.
Reformats are made when they are first asked for and share the memory of the stack.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from engine.images.image import Image
from engine.images.reformat import Obstacle, Point, Reformat, Voxel, obstacle, reformats
from readerapp.viewer.display import MAX_SCALE, MIN_SCALE, Placement
from readerapp.viewer.layouts import Cell, Grid, Hanging, pages
from readerapp.viewer.pyramid import build_pyramid
from readerapp.viewer.view_state import ImageView, PreparedImage
from readerapp.wording import QT_TRANSLATE_NOOP

__all__ = [
    "PLANES",
    "CaseImages",
    "Place",
    "carried",
    "crossing",
    "is_reformatted",
    "met_at",
    "obstacle_text",
    "plane_text",
]

translate = QCoreApplication.translate  # by the name that `pyside6-lupdate` looks for

PLANES = 3
Place = tuple[int, int]  # (image, plane)

_OBSTACLES: Mapping[Obstacle, str] = {
    "single image": QT_TRANSLATE_NOOP("Planes", "this is one image, not a stack: there are no other planes"),
    "no places": QT_TRANSLATE_NOOP("Planes", "no other planes: the header does not say where each slice lies"),
    "no spacing": QT_TRANSLATE_NOOP("Planes", "no other planes: the header does not say how large a pixel is"),
    "tilted": QT_TRANSLATE_NOOP(
        "Planes", "no other planes: the slices are shifted against each other, as by a tilted gantry"
    ),
    "uneven": QT_TRANSLATE_NOOP("Planes", "no other planes: the slices are unevenly spaced"),
    "own scales": QT_TRANSLATE_NOOP("Planes", "no other planes: every slice has a grey scale of its own"),
}
_NAMES = {
    "axial": QT_TRANSLATE_NOOP("Planes", "axial"),
    "coronal": QT_TRANSLATE_NOOP("Planes", "coronal"),
    "sagittal": QT_TRANSLATE_NOOP("Planes", "sagittal"),
}


def obstacle_text(found: Obstacle) -> str:
    """Why a stack has no reformats, in the person's language."""
    return translate("Planes", _OBSTACLES[found])


def is_reformatted(reformat: Reformat) -> bool:
    """Whether its planes are others than those that were acquired."""
    return reformat.image is not reformat.volume


def plane_text(reformat: Reformat) -> str:
    """ "reformatted, coronal", "as acquired, oblique (axial)"."""
    made = is_reformatted(reformat)
    words = [translate("Planes", "reformatted") if made else translate("Planes", "as acquired")]
    if reformat.plane:
        name = translate("Planes", _NAMES[reformat.plane])
        words.append(translate("Planes", "oblique ({plane})").format(plane=name) if reformat.oblique else name)
    return ", ".join(words)


class CaseImages:
    """What each place of a case shows and how it is looked at."""

    def __init__(self, images: Sequence[PreparedImage] = (), views: Sequence[ImageView] = ()) -> None:
        self._prepared: dict[Place, PreparedImage] = {(index, 0): entry for index, entry in enumerate(images)}
        self._views: dict[Place, ImageView] = {(index, 0): view for index, view in enumerate(views)}
        self._reformats: dict[int, tuple[Reformat, ...]] = {}
        self._obstacles = [obstacle(entry.image) for entry in images]
        self._shown: dict[int, int] = {}  # image → the plane of it that is shown, or that keys act on
        self.count = len(images)

    @classmethod
    def hung(
        cls, images: Sequence[PreparedImage], views: Sequence[ImageView | None], flipped: Collection[int | None]
    ) -> "CaseImages":
        """A case as it hangs: images that are in `flipped` open so, and those without a view open as they hang."""
        opening = [
            replace(entry, opening=replace(entry.opening, flipped=True)) if index in flipped else entry
            for index, entry in enumerate(images)
        ]
        return cls(opening, [view or entry.opening for view, entry in zip(views, opening, strict=True)])

    def pages(self, hanging: Hanging, grid: Grid) -> tuple[tuple[Cell, ...], ...]:
        """The cells of each page of a grid, each with the plane that it shows."""
        hung = pages(hanging, grid, lambda index: 1 if self.obstacle(index) else PLANES)
        if grid.planes:
            return hung
        return tuple(tuple(self._in_plane(cell) for cell in page) for page in hung)

    def _in_plane(self, cell: Cell) -> Cell:
        return cell if cell.image is None else replace(cell, plane=self.shown(cell.image)[1])

    @property
    def views(self) -> list[ImageView]:
        """How each image is looked at as acquired."""
        return [self._views[index, 0] for index in range(self.count)]

    def obstacle(self, index: int) -> Obstacle | None:
        """Why an image has no reformats, None where it has."""
        return self._obstacles[index] if 0 <= index < self.count else "single image"

    def shown(self, index: int) -> Place:
        """The place of an image that is shown where it is shown once, and that keys act on."""
        return index, self._shown.get(index, 0)

    def show(self, place: Place) -> None:
        """The plane of an image that is shown from now on."""
        self._shown[place[0]] = place[1]

    def reformat(self, place: Place) -> Reformat:
        """Where the planes of a place run. Raises ValueError where the image has none."""
        index, plane = place
        if index not in self._reformats:
            self._reformats[index] = reformats(self._prepared[index, 0].image)
        return self._reformats[index][plane]

    def prepared(self, place: Place) -> PreparedImage:
        """What a canvas is given."""
        if place not in self._prepared:
            acquired, image = self._prepared[place[0], 0], self.reformat(place).image
            middle = image.frames // 2
            opening = replace(acquired.opening, frame=middle, quarter_turns=0, flipped=False)
            pyramid = build_pyramid(image, middle)
            self._prepared[place] = PreparedImage(image, pyramid, middle, opening)
        return self._prepared[place]

    def image(self, place: Place) -> Image:
        """The image, or the stack of reformatted planes."""
        return self.prepared(place).image

    def view(self, place: Place) -> ImageView:
        """How a place is looked at: a reformat opens in its middle, in the window of the acquired plane."""
        if place not in self._views:
            acquired = self._views[place[0], 0]
            opening = self.prepared(place).opening
            self._views[place] = replace(
                opening, window=acquired.window, preset_id=acquired.preset_id, inverted=acquired.inverted
            )
        return self._views[place]

    def keep(self, place: Place, view: ImageView) -> None:
        """A place is looked at in another way."""
        self._views[place] = view

    def record(self) -> dict[str, object]:
        """The planes in use as plain JSON values; empty where all is as acquired."""
        frames = [[*place, view.frame] for place, view in sorted(self._views.items()) if place[1]]
        shown = [[index, plane] for index, plane in sorted(self._shown.items()) if plane]
        return {"planes": {"shown": shown, "frames": frames}} if frames or shown else {}

    def restore(self, record: object) -> None:
        """Planes that were in use; what does not fit these images is passed over."""
        if not isinstance(record, Mapping):
            return
        for index, plane, frame in _whole_numbers(record.get("frames"), 3):
            if self._has((index, plane)):
                view = self.view((index, plane))
                limit = self.image((index, plane)).frames - 1
                self.keep((index, plane), replace(view, frame=min(max(frame, 0), limit)))
        for index, plane in _whole_numbers(record.get("shown"), 2):
            if self._has((index, plane)):
                self._shown[index] = plane

    def _has(self, place: Place) -> bool:
        return 0 < place[1] < PLANES and self.obstacle(place[0]) is None


def crossing(images: CaseImages, index: int) -> Voxel:
    """The voxel in which the planes of an image, as they are looked at, meet."""
    met = [0.0, 0.0, 0.0]
    for plane in range(PLANES):
        reformat = images.reformat((index, plane))
        across = reformat.axes[0]
        met[across] = reformat.to_voxel(images.view((index, plane)).frame, (0.0, 0.0))[across]
    return met[0], met[1], met[2]


def met_at(leader: Reformat, frame: int, point: Point, follower: Reformat) -> tuple[int, Point] | None:
    """The frame of another plane of the volume that goes through a point (column, row), and the point's place there;
    None outside the volume."""
    place, found = follower.from_voxel(leader.to_voxel(frame, point))
    image = follower.image
    inside = (
        -0.5 <= place <= image.frames - 0.5
        and -0.5 <= found[0] <= image.columns - 0.5
        and -0.5 <= found[1] <= image.rows - 0.5
    )
    return (min(max(round(place), 0), image.frames - 1), found) if inside else None


def carried(leader: Reformat, placement: Placement, follower: Reformat, lies: Placement) -> Placement:
    """Where a plane lies that follows another of its volume: the same millimetres to the screen pixel, and the same
    middle along the axis that both share. `lies`: where the follower lies now."""
    middle = list(follower.to_voxel(0.0, (lies.x, lies.y)))
    seen = leader.to_voxel(0.0, (placement.x, placement.y))
    for axis in leader.axes[1:]:
        middle[axis] = seen[axis]
    x, y = follower.from_voxel((middle[0], middle[1], middle[2]))[1]
    per_mm = placement.scale / _column_mm(leader)
    scale = min(max(per_mm * _column_mm(follower), MIN_SCALE), MAX_SCALE)
    return replace(lies, scale=scale, x=x, y=y)


def _column_mm(reformat: Reformat) -> float:
    spacing = reformat.image.spacing_mm
    return spacing[1] if spacing is not None else 1.0


def _whole_numbers(kept: object, length: int) -> Iterator[tuple[int, ...]]:
    """Entries of a kept list that are that many whole numbers."""
    for entry in kept if isinstance(kept, list) else ():
        if isinstance(entry, list) and len(entry) == length and all(type(number) is int for number in entry):
            yield tuple(entry)
