"""The progress of parts, and durations in words."""

import pytest

from engine.progress import duration, part, turn


def test_parts_and_turns_lie_within_the_whole() -> None:
    told: list[float] = []
    half = part(told.append, 0.5, 0.5)
    for place in range(2):
        for done in (0.0, 0.5, 1.0):
            turn(half, place, 2)(done)
    assert told == [0.5, 0.625, 0.75, 0.75, 0.875, 1.0]
    part(told.append, 0.9, 0.2)(1.0)
    assert told[-1] == 1.0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0.2, "< 1 s"),
        (12.4, "12 s"),
        (59.7, "1 min 00 s"),
        (200, "3 min 20 s"),
        (3599.6, "1 h 00 min"),
        (7500, "2 h 05 min"),
    ],
)
def test_durations_have_the_digits_they_are_worth(seconds: float | None, words: str) -> None:
    assert duration(seconds) == words
