"""What a run says when it begins and ends; whatever goes wrong becomes one sentence and leaves the folder whole."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import torch

from engine.errors import Cancelled, EngineError, JobError
from engine.jobs.events import Kind
from engine.jobs.run import RunFolder
from engine.training.world import World

__all__ = ["conducted", "say"]


def say(run: RunFolder, kind: Kind, **facts: object) -> None:
    """An event; a full disk must not hide the error that is being told."""
    with suppress(OSError):
        run.log.say(kind, **facts)


@contextmanager
def conducted(run: RunFolder, world: World) -> Iterator[None]:
    """The states of a run around its work: running, then finished, cancelled, interrupted or failed.

    Raises what went wrong as an EngineError with the sentence that is in the run's events; errors of our own making
    (bugs) pass through as they are.
    """
    if world.first:
        say(run, "state", state="running", device=_device_name(world), processes=world.size)
    try:
        yield
    except Cancelled:
        say(run, "state", state="cancelled")
        raise
    except (KeyboardInterrupt, SystemExit):
        say(run, "state", state="interrupted")
        raise
    except Exception as error:
        told = _told(error, run)
        say(run, "error", text=str(told) if told else f"{type(error).__name__}: {error}")
        say(run, "state", state="failed")
        if told is None or told is error:
            raise
        raise told from error
    if world.first:
        say(run, "state", state="finished")


def _told(error: Exception, run: RunFolder) -> EngineError | None:
    if isinstance(error, EngineError):
        return error
    if isinstance(error, torch.OutOfMemoryError):
        return JobError(
            f"the GPU ran out of memory: {_first_line(error)}; start {run.path.name} again with a smaller batch_size "
            f"than {run.spec.batch_size} or image_size than {run.spec.image_size}"
        )
    if isinstance(error, MemoryError) or "can't allocate memory" in str(error):
        return JobError(
            f"there was not enough memory for a batch of {run.spec.batch_size} images at {run.spec.image_size}²; start "
            f"{run.path.name} again with a smaller batch_size"
        )
    if isinstance(error, OSError):
        return JobError(
            f"{error.filename or run.path}: {error.strerror or error}; set it right and go on with "
            f"`engine resume {run.path}`"
        )
    return None


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].removeprefix("CUDA out of memory. ").rstrip(".") if str(error) else "no details"


def _device_name(world: World) -> str:
    return torch.cuda.get_device_name(world.device) if world.device.type == "cuda" else "cpu"
