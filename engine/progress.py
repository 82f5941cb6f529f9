"""The progress of work that has parts, a function that takes the share which is done, 0 to 1; and how long it takes."""

from collections.abc import Callable

__all__ = ["Progress", "duration", "part", "turn"]

Progress = Callable[[float], None]


def part(progress: Progress, start: float, share: float) -> Progress:
    """The progress of a part of the work, which begins at `start` and is `share` of it."""
    return lambda done: progress(min(start + share * done, 1.0))


def turn(progress: Progress, place: int, of: int) -> Progress:
    """The progress of one (`place`, from 0) of `of` equal parts."""
    return lambda done: progress((place + done) / of)


def duration(seconds: float | None) -> str:
    """`2 h 05 min`, `3 min 20 s`, `12 s`, `< 1 s`; "" where it is not known."""
    if seconds is None:
        return ""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    if hours:
        return f"{hours} h {minutes:02d} min"
    if minutes:
        return f"{minutes} min {whole % 60:02d} s"
    return f"{whole} s" if whole else "< 1 s"
