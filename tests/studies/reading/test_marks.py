"""What a mark may be, how it is written, and what it measures."""

import json

import pytest

from studies.errors import ReadingError
from studies.reading.marks import (
    POINTS,
    Mark,
    checked_points,
    checked_spacing,
    mark_fields,
    mark_from,
    mark_value,
)


@pytest.mark.parametrize("kind", POINTS)
def test_each_kind_takes_its_number_of_points_and_no_other(kind: str) -> None:
    least, most = POINTS[kind]
    for number in (least, most):
        assert len(checked_points(kind, [(n, 2.0) for n in range(number)])) == number
    for number in (least - 1, most + 1):
        with pytest.raises(ReadingError, match=f"'{kind}' has {least}"):
            checked_points(kind, [(n, 2.0) for n in range(number)])


@pytest.mark.parametrize("points", [[(0, 1), (2, float("nan"))], [(0, 1), (float("inf"), 2)], [(0, 1), (2, 3, 4)]])
def test_points_are_finite_pairs(points: list) -> None:
    with pytest.raises(ReadingError):
        checked_points("arrow", points)


def test_a_kind_that_is_none_is_refused() -> None:
    with pytest.raises(ReadingError, match="not 'circle'"):
        checked_points("circle", [(0, 0), (1, 1)])


@pytest.mark.parametrize("spacing", [(0, 1), (1,), (float("nan"), 1), (-1, 1)])
def test_a_spacing_is_two_lengths(spacing: tuple) -> None:
    with pytest.raises(ReadingError, match="spacing"):
        checked_spacing(spacing)
    assert checked_spacing(None) is None


def test_a_measurement_survives_its_json_with_its_spacing() -> None:
    mark = Mark("m1", "a", "cobb", ((0.5, 1.0), (2.0, 3.25), (4.0, 5.0), (6.0, 7.5)), 1, 7, (0.5, 0.25), True)
    assert mark_from(json.loads(json.dumps(mark_fields(mark)))) == mark


def test_a_mark_of_an_older_journal_is_read_and_written_as_it_was() -> None:
    old = {"id": "m1", "item_id": "a", "kind": "box", "points": [[0.0, 0.0], [1.0, 1.0]], "image": 0, "frame": 0}
    assert mark_fields(mark_from(old)) == old


@pytest.mark.parametrize(
    "change",
    [{"kind": "circle"}, {"points": [[0, 0]]}, {"points": [[0, 0], [1, float("nan")]]}, {"spacing_mm": [0, 1]}],
)
def test_a_mark_of_a_journal_that_is_none_is_refused(change: dict) -> None:
    fields = {"id": "m1", "item_id": "a", "kind": "length", "points": [[0, 0], [1, 1]], "image": 0, "frame": 0}
    assert mark_from(fields).kind == "length"
    with pytest.raises(ValueError):
        mark_from(fields | change)


def test_the_value_of_a_measurement_comes_from_its_points_and_spacing() -> None:
    length = Mark("m1", "a", "length", ((0.0, 0.0), (3.0, 4.0)), 0, 0, (2.0, 2.0))
    value = mark_value(length)
    assert value is not None and (value.value, value.unit) == (10.0, "mm")
    assert mark_value(Mark("m2", "a", "arrow", ((0.0, 0.0), (3.0, 4.0)), 0, 0)) is None
