"""A file that one process at a time may hold; the system lets go of it when that process ends, however it ends."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from engine.errors import JobError

__all__ = ["exclusive", "held", "is_held"]

_POLL_S = 0.2
_LOOKED_AT_S = 0.3


@contextmanager
def exclusive(path: Path, waiting: Callable[[], None], poll_s: float = _POLL_S) -> Iterator[None]:
    """Hold the lock `path` (made where absent); while another process has it, `waiting` is called every `poll_s`.

    `waiting` may raise to give up. OSError where the file system knows no locks.
    """
    with path.open("a+b") as stream:
        while not _taken(stream):
            waiting()
            time.sleep(poll_s)
        try:
            yield
        finally:
            _let_go(stream)


@contextmanager
def held(path: Path, refusal: str) -> Iterator[None]:
    """Hold the lock `path` meanwhile. JobError with the sentence `refusal` where another process holds it.

    Whoever only looks (`is_held`) holds it for a moment; that is waited for.
    """
    until = time.monotonic() + _LOOKED_AT_S

    def give_up() -> None:
        if time.monotonic() > until:
            raise JobError(refusal)

    with exclusive(path, give_up, poll_s=0.01):
        yield


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock file."""
    if not path.exists():
        return False
    with path.open("a+b") as stream:
        if _taken(stream):
            _let_go(stream)
            return False
    return True


if sys.platform == "win32":
    import msvcrt

    def _taken(stream: IO[bytes]) -> bool:
        stream.seek(0)
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _let_go(stream: IO[bytes]) -> None:
        stream.seek(0)
        msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _taken(stream: IO[bytes]) -> bool:
        try:
            fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _let_go(stream: IO[bytes]) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_UN)
