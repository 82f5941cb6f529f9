"""The predictions of a run with what the cohort knows of each image: what every table of a report is made from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.cohorts.cohort import Cohort
from engine.errors import JobError
from engine.metrics.resampling import Floats, Integers

__all__ = ["AGE_BINS", "NOT_RECORDED", "Predictions", "at_study_level", "in_common", "load_predictions"]

AGE_BINS = ((0, "under 20"), (20, "20 to 39"), (40, "40 to 59"), (60, "60 to 79"), (80, "80 and over"))  # years
NOT_RECORDED = "not recorded"
_COLUMNS = ("sex", "race", "view", "site")
_KEYS = ("image_id", "patient_id", "study_id")


@dataclass(frozen=True, eq=False)
class Predictions:
    """Of n images (or studies) and k classes."""

    image_ids: tuple[str, ...]  # n; of a study its first image
    patients: Integers  # (n,) int64, 0 … n_patients − 1
    studies: Integers  # (n,) int64, from 0
    classes: tuple[str, ...]
    truth: Floats  # (n, k): 1, 0, −1 uncertain, NaN not stated
    probabilities: Floats  # (n, k) in [0, 1]
    groups: Mapping[str, NDArray[np.str_]]  # sex, age, race, view, site → (n,), as far as the cohort has them
    exclusive: bool  # every image is of one class and the probabilities sum to 1 (softmax), or classes stand alone

    def __len__(self) -> int:
        return len(self.image_ids)

    @property
    def n_patients(self) -> int:
        return int(self.patients.max(initial=-1)) + 1


def load_predictions(path: Path, cohort: Cohort | None = None) -> Predictions:
    """Read `image_id, patient_id, study_id, p.<class>, y.<class>`. Groups come from the cohort; without it none.

    Raises JobError with a sentence for a table that is not there, is not whole, or holds what is no probability.
    """
    frame = _read(path)
    classes = tuple(column.removeprefix("p.") for column in frame if column.startswith("p."))
    missing = [name for name in (*_KEYS, *(f"y.{name}" for name in classes)) if name not in frame]
    if missing or not classes:
        raise JobError(
            f"{path.name} of {path.parent.name} has no column {(missing or ['p.<class>'])[0]}; predict again"
        )
    truth, probabilities = (_numbers(frame, path, kind, classes) for kind in "yp")
    if not ((probabilities >= 0) & (probabilities <= 1)).all():  # also where one is NaN
        raise JobError(
            f"{path} holds a probability outside 0 to 1, or none: the model has no finite output; see its events"
        )
    return Predictions(
        image_ids=tuple(frame["image_id"]),
        patients=pd.factorize(frame["patient_id"])[0].astype(np.int64),
        studies=pd.factorize(_studies(frame))[0].astype(np.int64),
        classes=classes,
        truth=truth,
        probabilities=probabilities,
        groups={} if cohort is None else _groups(frame["image_id"], cohort),
        exclusive=_exclusive(truth, probabilities),
    )


def _read(path: Path) -> pd.DataFrame:
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except FileNotFoundError:
        raise JobError(f"there are no predictions at {path}; make them with `engine predict`") from None
    except (ValueError, OSError) as error:
        raise JobError(f"the predictions {path} cannot be read: {error}") from error
    if frame.empty:
        raise JobError(f"the predictions {path} hold no image; does the cohort have one in split {path.stem}?")
    return frame


def _numbers(frame: pd.DataFrame, path: Path, kind: str, classes: Sequence[str]) -> Floats:
    try:
        columns = [pd.to_numeric(frame[f"{kind}.{name}"].replace("", pd.NA)).astype("Float64") for name in classes]
    except ValueError as error:
        raise JobError(f"{path} holds something that is no number: {error}") from error
    return np.stack([column.to_numpy(np.float64, na_value=np.nan) for column in columns], axis=1)


def _studies(frame: pd.DataFrame) -> pd.Series:
    """Who has no study is one of its own; a slice belongs to its volume. Study ids need be unique in a patient only."""
    volumes = frame["image_id"].str.split("#").str[0]
    return frame["patient_id"] + "\n" + frame["study_id"].where(frame["study_id"] != "", volumes)


def _exclusive(truth: Floats, probabilities: Floats) -> bool:
    one_each = bool(((truth == 1).sum(axis=1) <= 1).all())
    return truth.shape[1] > 1 and one_each and bool(np.abs(probabilities.sum(axis=1) - 1).max() < 1e-3)


def _groups(image_ids: pd.Series, cohort: Cohort) -> dict[str, NDArray[np.str_]]:
    """Columns in which the images differ."""
    table = cohort.frame.set_index("image_id")
    rows = table.reindex(image_ids.str.split("#").str[0])
    if rows["patient_id"].isna().any():
        absent = image_ids[rows["patient_id"].isna().to_numpy()].iloc[0]
        raise JobError(f"the cohort {cohort.root.name} has no image '{absent}'; were the predictions made on another?")
    columns = {name: rows[name].replace("", NOT_RECORDED).to_numpy(dtype=np.str_) for name in _COLUMNS}
    columns["age"] = _age_bins(rows["age_years"])
    order = ("sex", "age", "race", "view", "site")
    return {name: columns[name] for name in order if len(np.unique(columns[name])) > 1}


def _age_bins(ages: pd.Series) -> NDArray[np.str_]:
    starts, names = np.array([start for start, _ in AGE_BINS]), np.array([name for _, name in AGE_BINS])
    years = ages.to_numpy(dtype=np.float64, na_value=np.nan)
    bins = np.clip(starts.searchsorted(np.nan_to_num(years), "right") - 1, 0, None)
    return np.where(np.isnan(years), NOT_RECORDED, names[bins])


def at_study_level(images: Predictions) -> Predictions:
    """Studies in place of images: the mean probability of its images (of the slices of a CT, Gichoya et al. 2022).

    A study is positive where any of its images is, negative where all that are stated are, else as its first image.
    Groups are those of its first image.
    """
    n = int(images.studies.max()) + 1
    first = np.full(n, len(images), dtype=np.int64)
    np.minimum.at(first, images.studies, np.arange(len(images)))
    counts = np.bincount(images.studies, minlength=n)
    means = [np.bincount(images.studies, weights=column, minlength=n) / counts for column in images.probabilities.T]
    truth = images.truth[first].copy()
    for value in (0.0, 1.0):  # a positive image has the last word
        stated = np.zeros(truth.shape, dtype=bool)
        np.logical_or.at(stated, images.studies, images.truth == value)
        truth[stated] = value
    return replace(
        _rows(images, first), truth=truth, probabilities=np.stack(means, axis=1), studies=np.arange(n, dtype=np.int64)
    )


def in_common(first: Predictions, second: Predictions) -> tuple[Predictions, Predictions]:
    """The same images and classes of two runs, in the order of the first. JobError where they share none."""
    places = {image_id: row for row, image_id in enumerate(second.image_ids)}
    rows = [row for row, image_id in enumerate(first.image_ids) if image_id in places]
    classes = [name for name in first.classes if name in second.classes]
    if not rows or not classes:
        what = "class" if rows else "image"
        raise JobError(f"the two runs have no {what} in common; predict the same cohort and split with both")
    others = np.array([places[first.image_ids[row]] for row in rows])
    return _classes(_rows(first, np.array(rows)), classes), _classes(_rows(second, others), classes)


def _rows(of: Predictions, rows: Integers) -> Predictions:
    return replace(
        of,
        image_ids=tuple(of.image_ids[row] for row in rows),
        patients=of.patients[rows],
        studies=of.studies[rows],
        truth=of.truth[rows],
        probabilities=of.probabilities[rows],
        groups={name: values[rows] for name, values in of.groups.items()},
    )


def _classes(of: Predictions, classes: Sequence[str]) -> Predictions:
    columns = [of.classes.index(name) for name in classes]
    return replace(of, classes=tuple(classes), truth=of.truth[:, columns], probabilities=of.probabilities[:, columns])
