"""How far a probability of a run can be trusted: how often it was right among validation images told about as much."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import JobError
from engine.evaluation.predictions import Predictions, load_predictions
from engine.jobs.networks import classes_of
from engine.jobs.run import RunFolder, open_run
from engine.metrics.proportions import wilson_interval
from resources.files import shipped_folder

__all__ = ["Observed", "Past", "read_past", "runs_with_weights"]

_LEAST_IMAGES = 20
_NEAREST = 0.1  # half the width of the range of probabilities that counts as "about as much"


@dataclass(frozen=True)
class Observed:
    """Share positive among `n` images with about the same probability, with Wilson's 95 % interval by patient."""

    share: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, eq=False)
class Past:
    """Predictions of a run whose truth is known; `split` names them."""

    of: Predictions
    split: str

    def observed(self, name: str, p: float) -> Observed | None:
        """What came of predictions like this one; None where there are fewer than 20 of them."""
        if name not in self.of.classes:
            return None
        k = self.of.classes.index(name)
        truth, told = self.of.truth[:, k], self.of.probabilities[:, k]
        near = ((truth == 1) | (truth == 0)) & (np.abs(told - p) <= _NEAREST)
        if int(near.sum()) < _LEAST_IMAGES:
            return None
        positive = truth[near] == 1
        low, high = wilson_interval(positive, self.of.patients[near])
        return Observed(float(positive.mean()), low, high, int(near.sum()))


def read_past(run: RunFolder) -> Past | None:
    """The validation predictions of a run, else those of test; None where it has none. Raises JobError."""
    for split in ("val", "test"):
        tables = sorted(run.path.glob(f"predictions/*/{split}.csv"))
        if tables:
            return Past(load_predictions(tables[0]), split)
    return None


def runs_with_weights(root: Path) -> Mapping[str, Path]:
    """Name → folder of the runs that have learned something; then those that ship, `demo/race` and the like."""
    return _below(root, "*") | _below(shipped_folder(), "demo/*")


def _below(root: Path, pattern: str) -> dict[str, Path]:
    found = (path.parent.parent for path in sorted(root.glob(f"{pattern}/checkpoints/best.safetensors")))
    return {path.relative_to(root).as_posix(): path for path in found if _tells_classes(path)}


def _tells_classes(path: Path) -> bool:
    """Not so a diffusion run: it draws, and a head on its codes tells."""
    try:
        return bool(classes_of(open_run(path)))
    except JobError:
        return False
