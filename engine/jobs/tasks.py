"""The one list of tasks: name → its spec, and the function that the engine's process imports to run it. No torch."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import JobError
from engine.jobs.specs import DiffusionSpec, PathologySpec, ProbeSpec, RaceSpec, ReidentificationSpec, TrainingSpec

__all__ = ["TASKS", "Task", "spec_class"]


@dataclass(frozen=True)
class Task:
    """`train` names a function (RunFolder) -> None as "module:name"; it is imported where torch may be."""

    summary: str
    spec: type[TrainingSpec]
    train: str
    predict: str


_TRAIN, _PREDICT = "engine.training.classification:train", "engine.training.classification:predict"

TASKS: Mapping[str, Task] = {
    "race": Task("one of several groups, softmax", RaceSpec, _TRAIN, _PREDICT),
    "pathology": Task("several findings at once", PathologySpec, _TRAIN, _PREDICT),
    "reidentification": Task("which patient an image is of", ReidentificationSpec, _TRAIN, _PREDICT),
    "probe": Task("a new softmax on frozen features", ProbeSpec, _TRAIN, _PREDICT),
    "diffusion": Task(
        "images drawn from noise and a code, without labels",
        DiffusionSpec,
        "engine.training.diffusion:train",
        "engine.training.diffusion:predict",
    ),
}


def spec_class(task: str) -> type[TrainingSpec]:
    """The spec of a task. JobError for one that is not there."""
    if task not in TASKS:
        raise JobError(f"there is no task '{task}'; there are {', '.join(TASKS)}")
    return TASKS[task].spec
