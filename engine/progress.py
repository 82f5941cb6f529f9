"""The progress of work that has parts: a function that takes the share which is done, 0 to 1."""

from collections.abc import Callable

__all__ = ["Progress", "part", "turn"]

Progress = Callable[[float], None]


def part(progress: Progress, start: float, share: float) -> Progress:
    """The progress of a part of the work, which begins at `start` and is `share` of it."""
    return lambda done: progress(min(start + share * done, 1.0))


def turn(progress: Progress, place: int, of: int) -> Progress:
    """The progress of one (`place`, from 0) of `of` equal parts."""
    return lambda done: progress((place + done) / of)
