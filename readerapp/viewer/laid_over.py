"""What lies over the images of a case: marks, maps, and the lines where planes cross; each in its place, or nowhere."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.heat import HeatLayer
from readerapp.viewer.hung_case import HungCase
from readerapp.viewer.marks import MarkView
from readerapp.viewer.plane_lines import PlaneLines
from readerapp.viewer.planes import crossing
from studies.reading.marks import Point

__all__ = ["LaidOver", "PlacedMark"]


@dataclass(frozen=True)
class PlacedMark:
    """A mark with the image (index in the case) and frame it lies on."""

    image: int
    frame: int
    mark: MarkView


class LaidOver:
    """Marks and maps of a case on the canvases that show it: each on its image as acquired, marks on their frame.

    `crossing_moved` is told the slot and the point to which a hand moved the lines on a plane.
    """

    def __init__(self, canvases: Sequence[ImageCanvas], crossing_moved: Callable[[int, Point], None]) -> None:
        self._canvases = canvases
        self._marks: tuple[PlacedMark, ...] = ()
        self._heat: dict[int, HeatLayer] = {}
        self._lines = [PlaneLines(canvas) for canvas in canvases]
        for slot, lines in enumerate(self._lines):
            lines.moved.connect(lambda point, slot=slot: crossing_moved(slot, point))

    def clear(self) -> None:
        """Another case, of which there are none yet; canvases begin without."""
        self._marks, self._heat = (), {}

    def set_marks(self, marks: Sequence[PlacedMark], case: HungCase) -> None:
        """All marks of the case."""
        self._marks = tuple(marks)
        self._spread_marks(case)

    def set_heat(self, layers: Mapping[int, HeatLayer], case: HungCase) -> None:
        """Maps by the index of their image in the case; those that are not named have none."""
        self._heat = dict(layers)
        self._spread_heat(case)

    def mark(self, mark_id: str) -> PlacedMark | None:
        """A mark and where it lies."""
        return next((placed for placed in self._marks if placed.mark.id == mark_id), None)

    def spread(self, case: HungCase) -> None:
        """Another page is up: everything to its place."""
        self._spread_heat(case)
        self.follow_frames(case)

    def follow_frames(self, case: HungCase) -> None:
        """A canvas has scrolled: other marks are on its frame, and its plane cuts the others elsewhere."""
        self._spread_marks(case)
        met = crossing(case.images, case.active) if case.in_planes else None
        for slot, lines in enumerate(self._lines):
            place = case.place_of(slot)
            lines.show_at(case.images.reformat(place).from_voxel(met)[1] if met is not None and place else None)

    def _spread_marks(self, case: HungCase) -> None:
        for slot, canvas in enumerate(self._canvases):
            place, frame = case.place_of(slot), canvas.view.frame
            canvas.set_marks([mark.mark for mark in self._marks if ((mark.image, 0), mark.frame) == (place, frame)])

    def _spread_heat(self, case: HungCase) -> None:
        for slot, canvas in enumerate(self._canvases):
            place = case.place_of(slot)
            canvas.set_heat(self._heat.get(place[0]) if place is not None and place[1] == 0 else None)
