"""Whatever goes wrong in a training, in one sentence; the run's folder is whole and can be resumed."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import torch

from engine.errors import EngineError, JobError
from engine.jobs.run import RunFolder
from engine.training.world import World

__all__ = ["in_sentences"]


@contextmanager
def in_sentences(run: RunFolder, world: World) -> Iterator[None]:
    """Errors of memory and disk become JobError; other EngineErrors pass, and so do mistakes of ours.

    The first process's error is said by whoever started it (`engine.jobs.work`); the others say theirs here.
    """
    try:
        yield
    except Exception as error:
        told = error if isinstance(error, EngineError) else _told(error, run)
        if not world.first:
            with suppress(OSError):  # a full disk must not hide the error that is being told
                run.log.say("error", text=f"process {world.rank}: {told or error}")
        if told is None or told is error:
            raise
        raise told from error


def _told(error: Exception, run: RunFolder) -> EngineError | None:
    smaller = f"start it again with a smaller batch_size than {run.spec.batch_size}, or a smaller image_size"
    if isinstance(error, torch.OutOfMemoryError):
        return JobError(f"the GPU has not enough memory ({_first_sentence(error)}); {smaller}")
    if isinstance(error, MemoryError) or "can't allocate memory" in str(error):
        return JobError(f"this machine has not enough memory; {smaller}")
    if isinstance(error, OSError):
        place = error.filename or run.path
        return JobError(f"{place}: {error.strerror or error}; set it right and go on with `engine resume {run.path}`")
    return None


def _first_sentence(error: Exception) -> str:
    text = str(error).removeprefix("CUDA out of memory. ")
    return text.partition(". ")[0].splitlines()[0] if text else "no details"
