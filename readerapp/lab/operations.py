"""What a researcher does in the lab, as named background operations. Models never run here: runs are started, not made.

Short work only. What takes minutes is a process of the engine (`readerapp.lab.engine_call`, `engine.jobs.launch`).
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from engine.jobs.launch import Here, Place, launch
from engine.jobs.making import cohort_source, make_spec, software_versions
from engine.jobs.run import RunFolder, create_run, open_run
from readerapp.background import Operation, Progress
from readerapp.lab.cohort_table import CohortLook
from readerapp.lab.cohort_table import look_at_cohort as look
from readerapp.lab.run_watch import RunsLook, RunsWatch

if TYPE_CHECKING:
    from readerapp.lab.certainty import Past
    from readerapp.lab.evaluation import ClassLook, Evaluation, Part
    from readerapp.lab.heads import Heads
    from readerapp.lab.synthetic_picture import Seen

translate = QCoreApplication.translate


@dataclass(frozen=True)
class SourcesLook:
    """What there is to imagine findings in: images without any, and whose they are."""

    images: int
    patients: int


@dataclass(frozen=True)
class Asked:
    """A training as a person asked for it. `settings` win over the preset."""

    task: str
    preset: str
    settings: dict[str, Any]
    cohorts: tuple[Path, ...]
    out: Path
    place: Place


def look_at_cohort(*, parent: QWidget, root: Path) -> Operation[CohortLook]:
    """A cohort made ready to be browsed. CohortError where the folder holds none."""
    return Operation(parent, translate("Operations", "Reading the cohort"), lambda _progress: look(root))


def look_at_runs(*, parent: QWidget, watch: RunsWatch, root: Path) -> Operation[RunsLook]:
    """The runs of a folder as they stand now."""
    return Operation(parent, translate("Operations", "Looking at the runs"), lambda _progress: watch.look(root))


def start_training(*, parent: QWidget, asked: Asked) -> Operation[Path]:
    """Make the run's folder and start it; it belongs to nobody and goes on when the window is closed."""

    def work(progress: Progress) -> Path:
        sources = [cohort_source(f"{_own_name(root, asked.cohorts)}={root}") for root in asked.cohorts]
        progress.check()
        spec = make_spec(asked.task, sources, asked.preset, asked.settings)
        run = create_run(asked.out, spec, software_versions())
        try:
            launch(run, asked.place)
        except Exception:
            shutil.rmtree(run.path, ignore_errors=True)  # nothing was started: its name is free again
            raise
        return asked.out

    return Operation(parent, translate("Operations", "Starting the training"), work)


def _own_name(root: Path, roots: Sequence[Path]) -> str:
    """The folder's name, with its place among those of the same name."""
    same = [other for other in roots if other.name == root.name]
    return root.name if len(same) == 1 else f"{root.name}-{same.index(root) + 1}"


def cancel_runs(*, parent: QWidget, runs: Sequence[RunFolder]) -> Operation[None]:
    """Ask runs to stop at their next batch, from which they can be resumed."""

    def work(_progress: Progress) -> None:
        for run in runs:
            run.ask_to_cancel()

    return Operation(parent, translate("Operations", "Asking the runs to stop"), work)


def resume_run(*, parent: QWidget, run: RunFolder) -> Operation[None]:
    """Go on from the last checkpoint, here and in one process."""

    def work(_progress: Progress) -> None:
        launch(run, Here())

    return Operation(parent, translate("Operations", "Resuming the run"), work)


def read_evaluation(*, parent: QWidget, run: RunFolder, known: Sequence[Path]) -> "Operation[Evaluation | None]":
    """The report and predictions of a run; None where it was not evaluated yet. `known`: cohorts of this computer."""

    def work(progress: Progress) -> "Evaluation | None":
        from readerapp.lab.evaluation import read_evaluation

        return read_evaluation(run, progress, known)

    return Operation(parent, translate("Operations", "Reading the results"), work)


def look_at_class(*, parent: QWidget, part: "Part", name: str) -> "Operation[ClassLook]":
    """Curves, calls and worst errors of one class."""

    def work(_progress: Progress) -> "ClassLook":
        from readerapp.lab.evaluation import look_at_class

        return look_at_class(part, name)

    return Operation(parent, translate("Operations", "Working out the curves"), work)


def read_past(*, parent: QWidget, path: Path) -> "Operation[Past | None]":
    """Predictions of a run whose truth is known; None where it has none."""

    def work(_progress: Progress) -> "Past | None":
        from readerapp.lab.certainty import read_past

        return read_past(open_run(path))

    return Operation(parent, translate("Operations", "Reading the predictions"), work)


def count_sources(*, parent: QWidget, root: Path, split: str) -> Operation[SourcesLook]:
    """Images of a cohort's split ("any": all) without any finding. CohortError where there is none."""

    def work(_progress: Progress) -> SourcesLook:
        from engine.cohorts.cohort import load_cohort
        from engine.explain.derived_cohort import ImaginedSpec, choose_sources

        chosen = choose_sources(load_cohort(root), ImaginedSpec(("",), split="" if split == "any" else split))
        return SourcesLook(chosen.images, chosen.patients)

    return Operation(parent, translate("Operations", "Counting images without findings"), work)


def find_heads(*, parent: QWidget, root: Path) -> "Operation[Heads]":
    """The runs of a folder, and those that ship, of which counterfactuals can be asked."""

    def work(_progress: Progress) -> "Heads":
        from readerapp.lab.certainty import runs_with_weights
        from readerapp.lab.heads import heads_among

        return heads_among(runs_with_weights(root))

    return Operation(parent, translate("Operations", "Looking for runs that draw"), work)


def save_picture(*, parent: QWidget, seen: "Seen", path: Path) -> Operation[Path]:
    """Write what is seen as PNG or DICOM, with what it says of itself. OSError where it cannot be written."""

    def work(_progress: Progress) -> Path:
        from readerapp.lab.synthetic_picture import save_seen

        save_seen(seen, path)
        return path

    return Operation(parent, translate("Operations", "Saving the picture"), work)


def read_picture(*, parent: QWidget, path: Path) -> Operation[QImage]:
    """A picture of a run's folder; a null one where it is not whole yet."""
    return Operation(parent, translate("Operations", "Reading the picture"), lambda _progress: QImage(str(path)))
