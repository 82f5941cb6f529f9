"""What the results page shows of a run: its report's table, curves from its predictions, the worst errors. No Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.cohorts.cohort import Cohort, load_cohort
from engine.errors import CohortError, JobError
from engine.evaluation.measures import ALL, FIXED, Thresholds, choose_thresholds
from engine.evaluation.predictions import Predictions, load_predictions
from engine.jobs.run import RunFolder
from engine.metrics.calibration import Reliability, reliability
from engine.metrics.proportions import confusion
from engine.metrics.roc import Bands, roc_bands

__all__ = ["ClassLook", "Evaluation", "Mistake", "Part", "look_at_class", "read_evaluation", "runs_with_predictions"]

_REDRAWS = 400  # of a band on the screen; the report's own has 1,000
_WORST = 200


@dataclass(frozen=True)
class Mistake:
    """An image that the model is most sure of and wrong about. `p`: of the class at hand."""

    image_id: str
    truth: str  # "present", "absent", or the true class of several
    p: float
    wrong_by: float  # |truth − p|


@dataclass(frozen=True, eq=False)
class Part:
    """One cohort and split of a report, with the predictions it was made from."""

    name: str  # "cohort · split"
    cohort: Cohort | None  # None where it is gone: images cannot be opened
    of: Predictions
    thresholds: Thresholds | None
    metrics: pd.DataFrame  # rows at image level

    def row(self, name: str) -> dict:
        """The measures of a class over all images; {} where the report has none."""
        rows = self.metrics[(self.metrics["group"] == ALL) & (self.metrics["class"] == name)].to_dict("records")
        return rows[0] if rows else {}

    @property
    def overall(self) -> list[dict]:
        """The measures of every class over all images, then their mean."""
        return self.metrics[self.metrics["group"] == ALL].to_dict("records")

    def subgroups(self, name: str) -> list[dict]:
        """The measures of a class, over all and for each subgroup."""
        return self.metrics[self.metrics["class"] == name].to_dict("records")

    def bands(self, name: str) -> Bands:
        """The ROC curve of a class with pointwise 95 % limits over redrawn patients."""
        k = self.of.classes.index(name)
        return roc_bands(self.of.truth[:, k], self.of.probabilities[:, k], self.of.patients, _REDRAWS)

    def reliability(self, name: str) -> Reliability:
        """Observed share by predicted probability."""
        k = self.of.classes.index(name)
        return reliability(self.of.truth[:, k], self.of.probabilities[:, k], self.of.patients)

    def threshold(self, name: str) -> float:
        """The one chosen on validation data (Youden), else 0.5."""
        chosen = (self.thresholds or {}).get(name, {}).get("youden", float("nan"))
        return FIXED if np.isnan(chosen) else chosen

    def confusion(self, name: str) -> tuple[NDArray[np.int64], list[str], list[str]]:
        """Counts (true × called), names of rows, names of columns. Classes that exclude each other: the whole table."""
        if self.of.exclusive:
            stated = (self.of.truth == 1).any(axis=1)
            true, called = self.of.truth[stated].argmax(axis=1), self.of.probabilities[stated].argmax(axis=1)
            n = len(self.of.classes)
            counts = np.bincount(true * n + called, minlength=n * n).reshape(n, n)
            return counts, list(self.of.classes), list(self.of.classes)
        k = self.of.classes.index(name)
        found = confusion(self.of.truth[:, k], self.of.probabilities[:, k], self.of.patients, self.threshold(name))
        cells = [[found.true_positive, found.false_negative], [found.false_positive, found.true_negative]]
        return np.array(cells, dtype=np.int64), ["present", "absent"], ["positive", "negative"]

    def mistakes(self, name: str) -> list[Mistake]:
        """The images with the probability farthest from the truth, the worst first; correct calls are left out."""
        k = self.of.classes.index(name)
        truth, p = self.of.truth[:, k], self.of.probabilities[:, k]
        known = np.flatnonzero((truth == 1) | (truth == 0))
        wrong = known[(p[known] >= self.threshold(name)) != (truth[known] == 1)]
        worst = wrong[np.argsort(-np.abs(truth[wrong] - p[wrong]), kind="stable")][:_WORST]
        return [
            Mistake(self.of.image_ids[row], self._said(int(row), k), float(p[row]), float(abs(truth[row] - p[row])))
            for row in worst
        ]

    def place(self, image_id: str) -> int | None:
        """Where an image (or the volume of a slice) stands in its cohort; None where it does not."""
        assert self.cohort is not None
        rows = np.flatnonzero(self.cohort.frame["image_id"].to_numpy() == image_id.split("#")[0])
        return int(rows[0]) if len(rows) else None

    def _said(self, row: int, k: int) -> str:
        if self.of.exclusive:
            return self.of.classes[int(self.of.truth[row].argmax())]
        return "present" if self.of.truth[row, k] == 1 else "absent"


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A run's report."""

    run: RunFolder
    parts: tuple[Part, ...]

    @property
    def page(self) -> Path:
        """The report itself, to be opened in a browser."""
        return self.run.report / "report.html"


def runs_with_predictions(root: Path) -> list[Path]:
    """The runs that can be evaluated, by name."""
    return sorted({table.parents[2] for table in root.glob("*/predictions/*/*.csv")})


def read_evaluation(
    run: RunFolder, progress: Callable[[float, str], None], known: Sequence[Path] = ()
) -> Evaluation | None:
    """None where the run was not evaluated. Raises JobError for a report that cannot be read.

    `known`: folders of cohorts, where the images of predictions are looked for after the cohorts of the training.
    """
    table = run.report / "metrics.csv"
    if not table.is_file():
        return None
    try:
        metrics = pd.read_csv(table, keep_default_na=False, na_values=[""], dtype={"value": str, "class": str})
    except (OSError, ValueError) as error:
        raise JobError(f"the report of {run.path.name} cannot be read: {error}; evaluate it again") from error
    metrics = metrics[metrics["level"] == "image"]
    keys = list(dict.fromkeys(zip(metrics["cohort"].astype(str), metrics["split"], strict=True)))
    parts = []
    for number, (cohort, split) in enumerate(keys):
        progress(number / len(keys), "")
        here = metrics[(metrics["cohort"].astype(str) == cohort) & (metrics["split"] == split)]
        parts.append(_part(run, cohort, split, here, known))
    return Evaluation(run, tuple(parts))


def _part(run: RunFolder, cohort: str, split: str, metrics: pd.DataFrame, known: Sequence[Path]) -> Part:
    of = load_predictions(run.predictions(cohort, split))
    return Part(f"{cohort} · {split}", _cohort(run, cohort, of, known), of, _thresholds(run, cohort), metrics)


def _cohort(run: RunFolder, name: str, of: Predictions, known: Sequence[Path]) -> Cohort | None:
    """The cohort that was predicted: one of the training, or a known one of that name, that has all of its images."""
    wanted = {image.split("#")[0] for image in of.image_ids}
    places = [Path(source.path) for source in run.spec.cohorts if source.name == name]
    for place in (*places, *(root for root in known if root.name == name)):
        try:
            found = load_cohort(place)
        except CohortError:
            continue
        if wanted <= set(found.frame["image_id"]):
            return found
    return None


def _thresholds(run: RunFolder, cohort: str) -> Thresholds | None:
    """As the report chose them: on the cohort's own validation images, else on those of a cohort of the training."""
    names: Sequence[str] = [cohort, *(source.name for source in run.spec.cohorts)]
    table = next((p for p in (run.predictions(name, "val") for name in names) if p.is_file()), None)
    return None if table is None else choose_thresholds(load_predictions(table))


@dataclass(frozen=True, eq=False)
class ClassLook:
    """What is drawn of one class."""

    name: str
    bands: Bands
    reliability: Reliability
    confusion: tuple[NDArray[np.int64], list[str], list[str]]
    threshold: float
    mistakes: list[Mistake]


def look_at_class(part: Part, name: str) -> ClassLook:
    """Everything drawn of a class, worked out away from the window's thread."""
    return ClassLook(
        name, part.bands(name), part.reliability(name), part.confusion(name), part.threshold(name), part.mistakes(name)
    )
