"""What the lines of the tables are about: each item, its categories, its composites, and each way to count "uncertain".

A question is answered by codes (n_subjects, n_readers); a subject is a case in one arm.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studies.statistics.answers import (
    ABSENT,
    MISSING,
    NOT_ASSESSABLE,
    NOT_READ,
    PRESENCE,
    PRESENT,
    UNCERTAIN,
    RatedItem,
)
from studies.statistics.ratings import ALL, Indexes, Ratings

Codes = NDArray[np.int8]

LEFT_OUT = "left out"
UNCERTAIN_AS: Mapping[str, int] = {"present": PRESENT, "absent": ABSENT, LEFT_OUT: UNCERTAIN}
COMPOSITE_GROUPS = ("treatment", "physiology")
HEAD_COLUMNS = ("item", "item_group", "category", "stratum", "arm", "uncertain_as")  # of `head_of`


@dataclass(frozen=True)
class Subjects:
    """Part of a study: cases of one stratum and arm, or of all. Every patient listed has at least one subject."""

    stratum: str
    arm: str
    codes: Codes  # (n_subjects, n_readers, n_items)
    case: Indexes  # (n_subjects,) index into Ratings.case_ids; a case read in two arms is two subjects
    patient: Indexes  # (n_subjects,) index 0 … n_patients − 1 among the patients of this part
    n_patients: int


def part(ratings: Ratings, stratum: str = ALL, arm: str = ALL) -> Subjects:
    """The subjects of a stratum and arm that anyone has read."""
    arms = range(len(ratings.arms)) if arm == ALL else [ratings.arms.index(arm)]
    in_stratum = np.ones(len(ratings.case_ids), dtype=bool)
    if stratum != ALL:
        in_stratum = ratings.stratum_of == ratings.strata.index(stratum)
    pieces, cases = [], []
    for index in arms:
        read = (ratings.codes[index] != NOT_READ).any(axis=(1, 2)) & in_stratum
        pieces.append(ratings.codes[index][read])
        cases.append(np.flatnonzero(read))
    case = np.concatenate(cases)
    patients, patient = np.unique(ratings.patient_of[case], return_inverse=True)
    return Subjects(stratum, arm, np.concatenate(pieces), case, patient, len(patients))


def parts(ratings: Ratings) -> Iterator[Subjects]:
    """All cases first, then each stratum; of each all arms first, then each arm where there are several."""
    arms = [ALL, *(ratings.arms if len(ratings.arms) > 1 else ())]
    for stratum in [ALL, *ratings.strata]:
        for arm in arms:
            yield part(ratings, stratum, arm)


@dataclass(frozen=True)
class Question:
    """One line of a table. `codes` hold a category or a negative code; `asked` before "uncertain" is counted."""

    item: str
    group: str
    kind: str  # "binary", "nominal", or "category" (one category of a nominal item against the rest)
    category: str
    uncertain_as: str
    categories: tuple[str, ...]
    codes: Codes  # (n_subjects, n_readers)
    asked: Codes  # (n_subjects, n_readers)


def head_of(question: Question, subjects: Subjects) -> dict[str, str]:
    """The columns that name a question of one part of a study."""
    return {
        "item": question.item,
        "item_group": question.group,
        "category": question.category,
        "stratum": subjects.stratum,
        "arm": subjects.arm,
        "uncertain_as": question.uncertain_as,
    }


def has_uncertain(ratings: Ratings) -> bool:
    """Whether anyone answered "uncertain" to a presence item: then each such item has three lines, not one."""
    return any(
        (ratings.codes[..., i] == UNCERTAIN).any() for i, item in enumerate(ratings.items) if item.kind == "binary"
    )


def questions(
    ratings: Ratings, subjects: Subjects, confounders: Mapping[str, Sequence[str]] | None = None
) -> Iterator[Question]:
    """Every question that one part of a study answers: items in order, then composites.

    `confounders` maps a stratum to the items that step 1 found for its diagnosis: they make `any:<group>` in the rows
    of that stratum. `any:<group> (all items)` is over every presence item of the group.
    """
    ways = tuple(UNCERTAIN_AS) if has_uncertain(ratings) else (LEFT_OUT,)
    for index, item in enumerate(ratings.items):
        answers = subjects.codes[:, :, index]
        if item.kind == "binary":
            yield from (_presence(item.item_id, item.group, way, answers) for way in ways)
        else:
            yield from _nominal(item, answers)
    for name, group, members in _composites(ratings, subjects.stratum, confounders or {}):
        answers = subjects.codes[:, :, members]
        yield from (_composite(name, group, way, answers) for way in ways)


def _presence(name: str, group: str, way: str, answers: Codes) -> Question:
    codes = np.where(answers == UNCERTAIN, np.int8(UNCERTAIN_AS[way]), answers)
    return Question(name, group, "binary", "", way, PRESENCE, codes, answers)


def _nominal(item: RatedItem, answers: Codes) -> Iterator[Question]:
    """The item as a whole, then each category against the rest."""
    yield Question(item.item_id, item.group, "nominal", "", LEFT_OUT, item.categories, answers, answers)
    for code, category in enumerate(item.categories):
        codes = np.where(answers >= 0, answers == code, answers).astype(np.int8)
        yield Question(item.item_id, item.group, "category", category, LEFT_OUT, PRESENCE, codes, answers)


def _composites(
    ratings: Ratings, stratum: str, confounders: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str, list[int]]]:
    binary = [(index, item) for index, item in enumerate(ratings.items) if item.kind == "binary"]
    for group in COMPOSITE_GROUPS:
        if members := [i for i, item in binary if item.group == group and item.item_id in confounders.get(stratum, ())]:
            yield f"any:{group}", group, members
    for group in COMPOSITE_GROUPS:
        if members := [i for i, item in binary if item.group == group]:
            yield f"any:{group} (all items)", group, members


def any_of(answers: Codes, way: str) -> Codes:
    """Composite of answers (…, n_items): present if any is present, absent if all are absent, else missing.

    "uncertain" counts as `way` says before that.
    """
    codes = np.where(answers == UNCERTAIN, np.int8(UNCERTAIN_AS[way]), answers)
    composite = np.where((codes == ABSENT).all(axis=-1), ABSENT, MISSING)
    composite = np.where((codes == PRESENT).any(axis=-1), PRESENT, composite)
    return np.where((answers == NOT_READ).all(axis=-1), NOT_READ, composite).astype(np.int8)


def _composite(name: str, group: str, way: str, answers: Codes) -> Question:
    """`asked` says why a composite is missing: uncertain before not assessable before unanswered."""
    codes = any_of(answers, way)
    open_ = (answers != NOT_READ).any(axis=-1) & ~(answers == PRESENT).any(axis=-1) & ~(answers == ABSENT).all(axis=-1)
    asked = any_of(answers, LEFT_OUT)
    for reason in (MISSING, NOT_ASSESSABLE, UNCERTAIN):
        asked[open_ & (answers == reason).any(axis=-1)] = reason
    return Question(name, group, "binary", "", way, PRESENCE, codes, asked)
