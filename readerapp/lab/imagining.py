"""What the warm process is asked about imagined images: probabilities, a trajectory, all findings at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.counterfactuals import Counterfactual, CounterfactualOptions
from engine.worker_client import Worker
from readerapp.lab.heads import amplitudes_of

__all__ = ["STEPS", "Duration", "Imagined", "Overview", "Probabilities", "Trajectory"]

STEPS = 8  # of a slider, besides the reconstruction

Progress = Callable[[float], None]
Cancelled = Callable[[], bool]


@dataclass(frozen=True)
class Probabilities:
    """What a head says of an image: name → probability."""

    image: str
    frame: int
    run: Path

    def put(
        self, worker: Worker, presentation: np.ndarray, progress: Progress, cancelled: Cancelled
    ) -> Mapping[str, float]:
        return worker.predict(presentation, self.run, on_progress=progress, cancelled=cancelled)


@dataclass(frozen=True)
class Trajectory:
    """An image moved towards one finding, or away from it, step by step."""

    image: str
    frame: int
    run: Path
    target: str
    away: bool = False
    preview: bool = True
    steps: int = STEPS  # 1: the last one alone, which is there sooner

    @property
    def options(self) -> CounterfactualOptions:
        return CounterfactualOptions(amplitudes=amplitudes_of(self.run, self.away, self.steps), preview=self.preview)

    def put(self, worker: Worker, presentation: np.ndarray, progress: Progress, cancelled: Cancelled) -> Counterfactual:
        (found,) = worker.counterfactual(
            presentation, self.run, (self.target,), self.options, progress, cancelled, all_cores=True
        )
        return found


@dataclass(frozen=True)
class Overview:
    """An image pushed once towards every finding of a head, or away from each; always a preview."""

    image: str
    frame: int
    run: Path
    targets: tuple[str, ...]
    away: bool = False

    def put(
        self, worker: Worker, presentation: np.ndarray, progress: Progress, cancelled: Cancelled
    ) -> tuple[Counterfactual, ...]:
        options = CounterfactualOptions(named="released", remove=self.away, preview=True)
        return tuple(
            worker.counterfactual(presentation, self.run, self.targets, options, progress, cancelled, all_cores=True)
        )


@dataclass(frozen=True)
class Duration:
    """How many seconds a trajectory in full will take."""

    run: Path
    target: str

    def put(self, worker: Worker, presentation: np.ndarray, progress: Progress, cancelled: Cancelled) -> float:
        options = CounterfactualOptions(amplitudes=amplitudes_of(self.run, False, STEPS))
        return worker.counterfactual_seconds(self.run, (self.target,), options, all_cores=True)


Imagined = Probabilities | Trajectory | Overview | Duration
