"""Carrying a run out in this process: one holder, every ending said in the events. What is imported may use torch."""

import os
import traceback
from collections.abc import Callable
from importlib import import_module
from typing import Any

from engine.errors import Cancelled, EngineError, JobError
from engine.jobs.run import RunFolder
from engine.jobs.tasks import TASKS
from engine.locking import held

__all__ = ["imported", "work"]


def imported(name: str) -> Callable[..., Any]:
    """The function that "module:function" names. JobError where what it needs is not installed."""
    module, _, function = name.partition(":")
    try:
        return getattr(import_module(module), function)
    except ModuleNotFoundError as error:
        raise JobError(
            f"this needs {error.name}, which is not installed; install the extra: pip install 'readerapp[engine]'"
        ) from error


def work(run: RunFolder) -> None:
    """Train a run from its last checkpoint, or from the beginning, to its end.

    Under torchrun every process comes here; the first (rank 0) holds the run and says how it goes. Raises the
    EngineError that ended it, after it was written down; Cancelled where someone asked for that.
    """
    if int(os.environ.get("RANK", "0")):
        imported(TASKS[run.spec.task].train)(run)
        return
    refusal = f"another process works on {run.path} already; wait for it, or cancel it with `engine cancel {run.path}`"
    with held(run.lock, refusal):
        _said(run)


def _said(run: RunFolder) -> None:
    log = run.log
    log.say("state", state="running", pid=os.getpid())
    try:
        imported(TASKS[run.spec.task].train)(run)
    except Cancelled:
        log.say("state", state="cancelled")
        raise
    except KeyboardInterrupt:
        log.say("state", state="interrupted")
        raise
    except EngineError as error:
        log.say("error", text=str(error))
        log.say("state", state="failed")
        raise
    except Exception as error:
        (run.path / "traceback.txt").write_text(traceback.format_exc(), encoding="utf-8")
        log.say("error", text=f"{type(error).__name__}: {error}; the whole of it is in traceback.txt")
        log.say("state", state="failed")
        raise
    log.say("state", state="finished")
