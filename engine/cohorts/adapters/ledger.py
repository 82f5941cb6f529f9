"""How many images and patients were left after each step of making a cohort, beside what a paper printed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from engine.cohorts.cohort import Dropped
from engine.errors import CohortError

_EXAMPLES = 5


@dataclass(frozen=True)
class Printed:
    """The counts a paper (or the dataset's own page) gives for a step; None where it gives none."""

    images: int | None = None
    patients: int | None = None


@dataclass(frozen=True)
class Step:
    """What was left after one step."""

    step: str
    images: int
    patients: int
    printed: Printed

    def to_json(self) -> dict[str, Any]:
        entry: dict[str, Any] = {"step": self.step, "images": self.images, "patients": self.patients}
        numbers = {"images": self.printed.images, "patients": self.printed.patients}
        if published := {name: number for name, number in numbers.items() if number is not None}:
            entry["published"] = published
        return entry


@dataclass
class Ledger:
    """Counts of one import in the order of its steps, and what each step left out."""

    title: str  # of the dataset, for sentences
    steps: list[Step] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    def count(self, frame: pd.DataFrame, step: str, printed: Printed = Printed()) -> None:
        """Note what `frame` (columns image_id, patient_id) holds now. CohortError where that is nothing."""
        if frame.empty:
            raise CohortError(f"{self.title}: no image is left after the step '{step}'")
        self.steps.append(Step(step, len(frame), int(frame["patient_id"].nunique()), printed))

    def keep(
        self, frame: pd.DataFrame, kept: pd.Series, step: str, reason: str, printed: Printed = Printed()
    ) -> pd.DataFrame:
        """The rows of `frame` where `kept` (n,) bool is true; the others are counted under `reason`.

        Raises CohortError, which tells what the rows were left out for, where no row remains.
        """
        kept = kept.fillna(False).astype(bool)
        out = frame.loc[~kept, "image_id"]
        if not kept.any():
            raise CohortError(f"{self.title}: no image is left after the step '{step}': all {len(out)} {reason}")
        if len(out):
            self.dropped.append(Dropped(step, reason, len(out), tuple(out.head(_EXAMPLES))))
        left = frame[kept].reset_index(drop=True)
        self.count(left, step, printed)
        return left

    def note(self, step: str, reason: str, count: int, examples: tuple[str, ...] = ()) -> None:
        """Something left out that was never a row of the table (a follow-up file, a localizer …)."""
        if count:
            self.dropped.append(Dropped(step, reason, count, examples[:_EXAMPLES]))


def check_groups(title: str, frame: pd.DataFrame, needed: Mapping[str, tuple[str, ...]]) -> None:
    """CohortError where a word that a column needs does not occur: an empty or constant group is a failed join.

    needed: column → the words of which each must stand in at least one row.
    """
    for column, words in needed.items():
        counts = frame[column].fillna("").value_counts()
        if missing := [word for word in words if not counts.get(word, 0)]:
            found = ", ".join(f"{word or 'empty'} {count}" for word, count in counts.head(8).items())
            raise CohortError(
                f"{title}: column '{column}' holds no {', '.join(missing)} in {len(frame)} images (it holds {found}); "
                "a table is of another release, or its join failed"
            )


def check_labels(title: str, frame: pd.DataFrame) -> None:
    """CohortError where there are labels and none of them has both a present and an absent image."""
    labels = [column for column in frame if column.startswith("label.")]
    if labels and not any({0, 1} <= set(frame[column].dropna()) for column in labels):
        raise CohortError(
            f"{title}: none of the {len(labels)} labels has both present and absent images; the label table did not "
            "join, or its words are not the known ones"
        )
