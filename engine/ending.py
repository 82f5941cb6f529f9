"""Ways to ask a process of the engine to end so that it clears away what is half made."""

import _thread
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread, main_thread

__all__ = ["ENDS_WITH_INPUT", "end_with_input", "tidy_end"]

ENDS_WITH_INPUT = "ENGINE_ENDS_WITH_INPUT"  # in the environment: see `end_with_input`
_ENDED = 143  # what a shell says of a process that SIGTERM ended


def end_with_input() -> None:
    """Where the environment asks for it, the end of standard input is to this process what Ctrl+C is.

    So a window cancels what it started, and nothing goes on when the window is gone. Signals would not do: Windows has
    none that another process could send and this one unwind from.
    """
    if os.environ.pop(ENDS_WITH_INPUT, ""):
        signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background jobs have switched off
        Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    try:
        while os.read(0, 4096):  # not sys.stdin: its lock, held here, would keep the interpreter from ending
            pass
    except OSError:
        return  # there is no standard input
    if sys.platform == "win32":
        _thread.interrupt_main()
    else:  # wakes it from waiting, too
        signal.pthread_kill(main_thread().ident or 0, signal.SIGINT)


@contextmanager
def tidy_end() -> Iterator[None]:
    """A request to end (SIGTERM, as a scheduler sends it) unwinds as Ctrl+C does, so that nothing half-made stays."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(_ENDED))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
