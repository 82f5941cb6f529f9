"""A cohort as the browser shows it: filters, rows, counts of labels by group. No Qt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.cohorts.cohort import Cohort, load_cohort

__all__ = ["FILTERS", "STATED", "CohortLook", "Count", "Filter", "look_at_cohort"]

FILTERS = ("split", "sex", "race", "view", "site", "modality")
STATED: Mapping[str, int] = {"present": 1, "absent": 0, "uncertain": -1}
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Filter:
    """What rows must meet. `chosen`: column → value; `label`: name, and what it must be (a key of `STATED`)."""

    chosen: Mapping[str, str] = field(default_factory=dict)
    label: str = ""
    stated: str = "present"
    text: str = ""  # found in image, patient or study, whatever the case


@dataclass(frozen=True)
class Count:
    """Images of one group: those with the label present, absent, uncertain, and those that do not say."""

    present: int
    absent: int
    uncertain: int
    not_given: int


@dataclass(frozen=True, eq=False)
class CohortLook:
    """What is shown of a cohort, prepared once away from the window's thread."""

    cohort: Cohort
    values: Mapping[str, NDArray[np.object_]]  # column → (n,) words
    labels: Mapping[str, NDArray[np.int8]]  # (n,) 1, 0, −1, or 2 where not given
    haystack: NDArray[np.str_]  # (n,) ids, folded

    def __len__(self) -> int:
        return len(self.haystack)

    @property
    def root(self) -> Path:
        return self.cohort.root

    def choices(self, column: str) -> list[str]:
        """The values of a column, none where it is constant."""
        found = sorted(set(self.values[column].tolist()))
        return found if len(found) > 1 else []

    def rows(self, wanted: Filter) -> Rows:
        """Places of the images that meet a filter, in the order of the cohort."""
        kept = np.ones(len(self), dtype=bool)
        for column, value in wanted.chosen.items():
            kept &= self.values[column] == value
        if wanted.label:
            kept &= self.labels[wanted.label] == STATED[wanted.stated]
        if wanted.text:
            kept &= np.char.find(self.haystack, wanted.text.casefold()) >= 0
        return np.flatnonzero(kept)

    def counts(self, label: str, column: str, rows: Rows) -> dict[str, Count]:
        """Value of a group → what a label says of its images among `rows`."""
        groups, labels = self.values[column][rows], self.labels[label][rows]
        names, places = np.unique(groups.astype(str), return_inverse=True)
        table = np.zeros((len(names), 4), dtype=np.int64)
        np.add.at(table, (places, labels.astype(np.int64) + 1), 1)  # −1, 0, 1, 2 → 0 … 3
        return {
            str(name): Count(int(n[2]), int(n[1]), int(n[0]), int(n[3])) for name, n in zip(names, table, strict=True)
        }

    def findings(self, place: int) -> str:
        """What an image is labelled with, in a line; a question mark where uncertain."""
        said = [(name, int(values[place])) for name, values in self.labels.items()]
        return ", ".join(name if value == 1 else f"{name}?" for name, value in said if value in (1, -1))


def look_at_cohort(root: Path) -> CohortLook:
    """A cohort made ready to be browsed. Raises CohortError."""
    cohort = load_cohort(root)
    frame = cohort.frame
    shown = ("image_id", "patient_id", "study_id", *FILTERS)
    values = {name: frame[name].astype(str).to_numpy(dtype=object) for name in shown}
    ages = ["" if np.isnan(age) else f"{age:.0f}" for age in frame["age_years"].to_numpy(float, na_value=np.nan)]
    values["age_years"] = np.array(ages, dtype=object)
    labels = {name: frame[f"label.{name}"].to_numpy(dtype=np.int8, na_value=2) for name in cohort.labels}
    return CohortLook(cohort, values, labels, _folded([values[name] for name in shown[:3]]))


def _folded(columns: Sequence[NDArray[np.object_]]) -> NDArray[np.str_]:
    joined = [" ".join(parts).casefold() for parts in zip(*columns, strict=True)]
    return np.array(joined, dtype=np.str_)
