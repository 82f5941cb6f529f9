"""What is open in the lab: an image of a cohort, or any file; how it is read, and how a run sees it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication

from engine.cohorts.cohort import Cohort
from engine.cohorts.slices import presets
from engine.errors import ImageError
from engine.images.image import Image
from engine.images.opening import open_image
from engine.images.series import open_series
from engine.jobs.run import open_run

__all__ = ["Shown", "as_seen_by", "of_cohort", "of_file"]

_NUMBERS = count(1)


def _own_code() -> str:
    return f"image {next(_NUMBERS)}"


@dataclass(frozen=True, eq=False)
class Shown:
    """What is looked at. `code` tells it from everything opened before."""

    title: str
    load: Callable[[], Image]
    labels: dict[str, int]  # what its cohort says of it: 1, 0, −1
    cohort: Cohort | None = None
    place: int = -1
    frame: int | None = None  # of a stack, to begin with
    files: Callable[[], Sequence[Path]] = tuple  # that it is read from
    code: str = field(default_factory=_own_code)

    def beside(self, by: int) -> "Shown | None":
        """The image so many rows further in its cohort, None where there is none."""
        if self.cohort is None or not 0 <= self.place + by < len(self.cohort.frame):
            return None
        return of_cohort(self.cohort, self.place + by)


def of_cohort(cohort: Cohort, place: int, frame: int | None = None) -> Shown:
    """An image of a cohort, by its row; `frame`: of a stack."""
    row = cohort.frame.iloc[place]
    labels = {name: int(row[f"label.{name}"]) for name in cohort.labels if row[f"label.{name}"] in (1, 0, -1)}
    labels |= {str(row[name]): 1 for name in ("race", "sex") if row[name]}
    title = QCoreApplication.translate("ViewerPage", "{image} of {cohort}, {n} of {all}").format(
        image=row["image_id"], cohort=cohort.root.name, n=f"{place + 1:,}", all=f"{len(cohort.frame):,}"
    )
    files = lambda: cohort.image_paths(row)  # noqa: E731
    return Shown(title, lambda: _read(files()), labels, cohort, place, frame, files)


def of_file(path: Path) -> Shown:
    """Any image file."""
    return Shown(path.name, lambda: open_image(path), {}, files=lambda: (path,))


def _read(paths: Sequence[Path]) -> Image:
    return open_image(paths[0]) if len(paths) == 1 else open_series(paths)


def as_seen_by(run: Path, image: Image, frame: int) -> np.ndarray:
    """A slice as the store of the run's training made it grey, (rows, columns) float32 in [0, 1]. Raises ImageError."""
    ct = open_run(run).spec.ct
    try:
        return np.ascontiguousarray(presets()[ct].grey(image, frame), dtype=np.float32)
    except ImageError as error:
        words_of = QCoreApplication.translate("ViewerPage", "This run learned from slices prepared as {preset}: {why}")
        raise ImageError(words_of.format(preset=ct, why=error) if ct else str(error)) from error
