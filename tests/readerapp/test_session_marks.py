"""Marks of a reading session: what is kept, what is refused, how every step is taken back."""

from collections.abc import Callable

import pytest

from studies.errors import ReadingError
from studies.reading.masks import LONGEST_COUNTS, Mask, mask_of_counts
from tests.readerapp.session_rooms import BOX, Room, room

__all__ = ["room"]


def test_marks_are_added_moved_and_deleted_and_every_step_can_be_undone(room: Room) -> None:
    session = room.start()
    mark = session.marks.add("catheter", "arrow", BOX, 0, 0)
    moved = session.marks.change(mark.id, ((5, 5), (6, 7)))
    assert moved.points == ((5.0, 5.0), (6.0, 7.0))
    session.marks.delete(mark.id)
    assert session.state.marks == {}
    session.undo()
    assert session.state.marks == {mark.id: moved}
    session.undo()
    assert session.state.marks == {mark.id: mark}
    session.undo()
    assert session.state.marks == {} and not session.can_undo
    with pytest.raises(ReadingError, match="nothing to undo"):
        session.undo()
    for _ in range(3):
        session.redo()
    assert session.state.marks == {} and not session.can_redo
    assert session.marks.add("catheter", "box", BOX, 0, 0).id != mark.id  # an id is never used twice


def test_a_painted_region_is_a_mark_like_any_other(room: Room) -> None:
    session = room.start()
    mark = session.marks.add_mask("catheter", mask_of_counts(6, 5, [7, 3, 20]), 0, 0, (0.5, 0.2), True)
    assert (mark.kind, mark.points, mark.spacing_mm) == ("mask", ((0.5, 0.5), (1.5, 3.5)), (0.5, 0.2))
    wider = session.marks.change_mask(mark.id, mask_of_counts(6, 5, [7, 3, 3, 3, 14]))
    moved = session.marks.change(mark.id, ((2.6, -0.4), (4.6, 2.6)))
    assert moved.mask == mask_of_counts(6, 5, [18, 3, 3, 3, 3]) and moved.points == ((2.5, -0.5), (4.5, 2.5))
    session.marks.delete(mark.id)
    for expected in (moved, wider, mark):
        session.undo()
        assert session.state.marks == {mark.id: expected}
    session.undo()
    session.redo()
    assert session.state.marks == {mark.id: mark}
    again = room.sit_down()
    again.open_next()
    assert again.state.marks == {mark.id: mark}


def test_regions_that_cannot_be_kept_are_refused(room: Room) -> None:
    session = room.start()
    region = mask_of_counts(6, 5, [7, 3, 20])
    mark = session.marks.add_mask("catheter", region, 0, 0)
    box = session.marks.add("catheter", "box", BOX, 0, 0)
    scribble = Mask(60_000, 60_000, "1" * (LONGEST_COUNTS + 1))
    refused: list[Callable[[], object]] = [
        lambda: session.marks.add("catheter", "mask", BOX, 0, 0),
        lambda: session.marks.add_mask("catheter", mask_of_counts(6, 5, [30]), 0, 0),
        lambda: session.marks.add_mask("catheter", scribble, 0, 0),
        lambda: session.marks.add_mask("catheter", region, 1, 0),
        lambda: session.marks.change_mask(mark.id, mask_of_counts(5, 6, [7, 3, 20])),
        lambda: session.marks.change_mask(mark.id, mask_of_counts(6, 5, [7, 3, 19])),
        lambda: session.marks.change_mask(box.id, region),
        lambda: session.marks.change(mark.id, ((-2.5, 0.5), (0.5, 3.5))),
    ]
    for act_ in refused:
        with pytest.raises(ReadingError):
            act_()
    assert session.state.marks == {mark.id: mark, box.id: box}


def test_marks_that_are_none_are_refused(room: Room) -> None:
    session = room.start()
    for kind, points, image in [
        ("circle", BOX, 0),
        ("box", BOX, 1),
        ("box", BOX, -1),
        ("box", ((1, 2),), 0),
        ("box", ((1, 2), (3, float("nan"))), 0),
    ]:
        with pytest.raises(ReadingError):
            session.marks.add("catheter", kind, points, image, 0)
    with pytest.raises(ReadingError, match="no mark 'm9'"):
        session.marks.delete("m9")


def test_a_measurement_keeps_the_spacing_it_was_made_with_and_comes_back_whole(room: Room) -> None:
    session = room.start()
    line = ((1.0, 1.0), (4.0, 5.0))
    mark = session.marks.add("catheter", "length", line, 0, 0, spacing_mm=(0.5, 0.5), calibrated=True)
    assert (mark.spacing_mm, mark.calibrated) == ((0.5, 0.5), True)
    path = [(float(n), 2.0 * n) for n in range(40)]
    drawn = session.marks.add("catheter", "freehand", path, 0, 0, spacing_mm=(0.5, 0.5))
    assert drawn.spacing_mm is None and len(drawn.points) == 40
    longer = session.marks.change(mark.id, ((1.0, 1.0), (7.0, 9.0)))
    assert longer.spacing_mm == (0.5, 0.5)
    with pytest.raises(ReadingError, match="2 points"):
        session.marks.change(mark.id, ((1, 1), (2, 2), (3, 3)))
    session.undo()
    session.undo()
    assert session.state.marks == {mark.id: mark}
