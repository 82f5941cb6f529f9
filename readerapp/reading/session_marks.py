"""The marks of a reading session: tied to items, moved, painted further and taken away. Every step is an event."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from readerapp.reading.session_log import SessionLog
from studies.errors import ReadingError
from studies.reading.marks import (
    WITH_SPACING,
    Mark,
    checked_kind,
    checked_points,
    checked_spacing,
    mark_fields,
    mark_from,
)
from studies.reading.masks import Mask, checked, corners, mask_fields, shifted

__all__ = ["SessionMarks"]


class SessionMarks:
    """The marks of the case at hand; `ReadingSession.state.marks` has them by id.

    Each method raises ReadingError where the case takes no change, or where what is asked for is no mark.
    """

    def __init__(self, log: SessionLog, items: Collection[str], images: Callable[[], int]) -> None:
        self._log, self._items, self._images = log, items, images

    def add(
        self,
        item_id: str,
        kind: str,
        points: Sequence[Sequence[float]],
        image: int,
        frame: int,
        spacing_mm: Sequence[float] | None = None,
        calibrated: bool = False,
    ) -> Mark:
        """Tie a mark or a measurement to an item. `points`: (column, row), 0-based, pixel centres of the stored image.

        How many points a kind has: `studies.reading.marks.POINTS`. `spacing_mm` (between rows, between columns) and
        whether the header calibrates it are kept with measurements only.
        """
        if checked_kind(kind) == "mask":
            raise ReadingError("a mask is more than its corners; add it with its pixels (add_mask)")
        return self._add(item_id, kind, image, frame, spacing_mm, calibrated, points=checked_points(kind, points))

    def add_mask(
        self,
        item_id: str,
        mask: Mask,
        image: int,
        frame: int,
        spacing_mm: Sequence[float] | None = None,
        calibrated: bool = False,
    ) -> Mark:
        """Tie a painted region to an item."""
        fields = {"points": [list(corner) for corner in corners(checked(mask))], "mask": mask_fields(mask)}
        return self._add(item_id, "mask", image, frame, spacing_mm, calibrated, **fields)

    def _add(
        self,
        item_id: str,
        kind: str,
        image: int,
        frame: int,
        spacing_mm: Sequence[float] | None,
        calibrated: bool,
        **shape: object,
    ) -> Mark:
        if item_id not in self._items:
            raise ReadingError(f"the study has no item '{item_id}'")
        self._log.refuse_unready()
        if not (0 <= image < self._images() and frame >= 0):
            raise ReadingError(f"the case has no image {image}, frame {frame}")
        fields = {"item_id": item_id, "kind": kind, "image": int(image), "frame": int(frame)}
        mark_id = f"m{self._log.state.marks_made + 1}"
        new: dict[str, Any] = {"id": mark_id, **fields, **shape}
        spacing = checked_spacing(spacing_mm)
        if kind in WITH_SPACING and spacing is not None:
            new |= {"spacing_mm": spacing, "calibrated": bool(calibrated)}
        self._log.input()
        self._log.append("mark_added", {"new": new})
        return self._log.state.marks[mark_id]

    def change(self, mark_id: str, points: Sequence[Sequence[float]]) -> Mark:
        """Move or resize a mark. A mask moves by whole pixels, as far as its first corner does."""
        mark = self._own(mark_id)
        new = checked_points(mark.kind, points)
        if mark.mask is None:
            return self._change(mark, points=new)
        across, down = (round(there - here) for there, here in zip(new[0], mark.points[0], strict=True))
        return self.change_mask(mark_id, shifted(mark.mask, across, down))

    def change_mask(self, mark_id: str, mask: Mask) -> Mark:
        """Another region for a mask: painted further, erased in part, moved."""
        mark = self._own(mark_id)
        if mark.mask is None or (mark.mask.rows, mark.mask.columns) != (mask.rows, mask.columns):
            raise ReadingError(f"'{mark_id}' is no mask of {mask.rows} × {mask.columns} pixels")
        points = [list(corner) for corner in corners(checked(mask))]
        return self._change(mark, points=points, mask=mask_fields(mask))

    def _change(self, mark: Mark, **shape: object) -> Mark:
        old, new = mark_fields(mark), {**mark_fields(mark), **shape}
        self._log.input()
        if mark_from(new) != mark:
            self._log.append("mark_changed", {"old": old, "new": new})
        return self._log.state.marks[mark.id]

    def delete(self, mark_id: str) -> None:
        """Take a mark away; undo brings it back."""
        mark = self._own(mark_id)
        self._log.input()
        self._log.append("mark_deleted", {"old": mark_fields(mark)})

    def _own(self, mark_id: str) -> Mark:
        self._log.refuse_unready()
        if mark_id not in self._log.state.marks:
            raise ReadingError(f"the case has no mark '{mark_id}'")
        if mark_id in self._log.state.locked_marks:
            raise ReadingError("this mark belongs to the answers that are locked; it cannot be changed any more")
        return self._log.state.marks[mark_id]
