"""Who works on a folder: a lock of the operating system, so that it is free again when its holder dies, however."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from engine.errors import JobError

__all__ = ["held", "is_held"]

_LOOKED_AT_S = 0.3


@contextmanager
def held(path: Path, refusal: str) -> Iterator[None]:
    """Holds the lock file `path` meanwhile. JobError with the sentence `refusal` where another process holds it.

    Whoever only looks (`is_held`) holds it for a moment; that is waited for.
    """
    with path.open("a+b") as stream:
        until = time.monotonic() + _LOOKED_AT_S
        while not _taken(stream):
            if time.monotonic() > until:
                raise JobError(refusal)
            time.sleep(0.01)
        try:
            yield
        finally:
            _let_go(stream)


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
        except OSError:
            return False
        return True

    def _let_go(stream: IO[bytes]) -> None:
        fcntl.flock(stream.fileno(), fcntl.LOCK_UN)
