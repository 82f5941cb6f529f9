"""Marks that point something out, of no item and in no journal: as long as the image is open, with undo."""

from dataclasses import dataclass, replace
from itertools import count

from readerapp.viewer.laid_over import PlacedMark
from readerapp.viewer.marks import MarkKind, MarkView, Point

__all__ = ["FreeMarks"]


@dataclass(frozen=True)
class _Mark:
    id: str
    kind: MarkKind
    points: tuple[Point, ...]


class FreeMarks:
    """Marks on several images of one geometry: each is seen on all of them, at the same place."""

    def __init__(self) -> None:
        self._marks: tuple[_Mark, ...] = ()
        self._before: list[tuple[_Mark, ...]] = []
        self._numbers = count(1)

    def __len__(self) -> int:
        return len(self._marks)

    def clear(self) -> None:
        """Another image."""
        self._marks, self._before = (), []

    def add(self, kind: MarkKind, points: tuple[Point, ...]) -> None:
        self._become((*self._marks, _Mark(f"mark {next(self._numbers)}", kind, points)))

    def move(self, mark_id: str, points: tuple[Point, ...]) -> None:
        """`mark_id`: of any of the images."""
        own = _own(mark_id)
        self._become(tuple(replace(mark, points=points) if mark.id == own else mark for mark in self._marks))

    def delete(self, mark_id: str) -> bool:
        """False where there is no such mark."""
        kept = tuple(mark for mark in self._marks if mark.id != _own(mark_id))
        found = len(kept) < len(self._marks)
        if found:
            self._become(kept)
        return found

    def undo(self) -> bool:
        """What was done last is taken back; False where nothing was."""
        if not self._before:
            return False
        self._marks = self._before.pop()
        return True

    def on(self, images: int, frame: int) -> list[PlacedMark]:
        """As they lie on so many images, all at one frame."""
        return [
            PlacedMark(image, frame, MarkView(f"{mark.id} {image}", "", mark.kind, mark.points))
            for image in range(images)
            for mark in self._marks
        ]

    def _become(self, marks: tuple[_Mark, ...]) -> None:
        self._before.append(self._marks)
        self._marks = marks


def _own(mark_id: str) -> str:
    return mark_id.rpartition(" ")[0]
