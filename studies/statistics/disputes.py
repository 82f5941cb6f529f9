"""On which cases readers differ: the cases behind a number of the agreement table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from studies.errors import RatingsError
from studies.statistics.pairs import Confounders
from studies.statistics.questions import LEFT_OUT, Codes, Question, part, questions
from studies.statistics.ratings import ALL, Ratings


@dataclass(frozen=True)
class Topic:
    """A line of the tables, as `agreement.csv` or `prevalence.csv` names it, and between whom it is looked at."""

    item: str
    category: str = ""
    stratum: str = ALL
    arm: str = ALL
    uncertain_as: str = LEFT_OUT
    readers: tuple[str, ...] = ()  # (): all of them


@dataclass(frozen=True)
class Disputed:
    """A case on which readers differ. `says`: reader id → category said, of those with a valid reading."""

    case_id: str
    arm: str
    says: Mapping[str, str]


def find_disputes(ratings: Ratings, topic: Topic, *, confounders: Confounders | None = None) -> tuple[Disputed, ...]:
    """The cases on which two of the topic's readers gave different valid answers, in the order of case ids.

    A case read in several arms is looked at in each. "uncertain" counts as the topic says; left out, it differs from
    nothing. None in a stratum or arm of which nothing was read. Raises RatingsError for a line or reader that the
    readings do not have.
    """
    chosen = _chosen_readers(ratings, topic.readers)
    if topic.stratum != ALL and topic.stratum not in ratings.strata:
        return ()
    arms = [arm for arm in ratings.arms if topic.arm in (ALL, arm)]
    found = [one for arm in arms for one in _of_arm(ratings, topic, arm, chosen, confounders)]
    places = {case: place for place, case in enumerate(ratings.case_ids)}
    return tuple(sorted(found, key=lambda one: places[one.case_id]))


def disagreeing(codes: Codes) -> np.ndarray:
    """Which subjects (n_subjects,) have two different valid codes among codes (n_subjects, n_readers)."""
    valid = codes >= 0
    lowest = np.where(valid, codes, np.int8(127)).min(axis=1, initial=127)
    highest = np.where(valid, codes, np.int8(-1)).max(axis=1, initial=-1)
    return (valid.sum(axis=1) > 1) & (lowest != highest)


def _chosen_readers(ratings: Ratings, readers: Sequence[str]) -> list[int]:
    if unknown := [reader for reader in readers if reader not in ratings.reader_ids]:
        raise RatingsError(f"no readings of reader '{unknown[0]}'; there are {', '.join(ratings.reader_ids)}")
    return [ratings.reader_ids.index(reader) for reader in readers or ratings.reader_ids]


def _of_arm(
    ratings: Ratings, topic: Topic, arm: str, chosen: Sequence[int], confounders: Confounders | None
) -> Iterator[Disputed]:
    subjects = part(ratings, topic.stratum, arm)
    question = _question(ratings, topic, list(questions(ratings, subjects, confounders)))
    for subject in np.flatnonzero(disagreeing(question.codes[:, chosen])):
        codes = question.codes[subject]
        says = {ratings.reader_ids[r]: question.categories[codes[r]] for r in np.flatnonzero(codes >= 0)}
        yield Disputed(ratings.case_ids[subjects.case[subject]], arm, says)


def _question(ratings: Ratings, topic: Topic, asked: Sequence[Question]) -> Question:
    """The line that is meant; one that "uncertain" does not concern has one way to count it only."""
    meant = {}
    for question in asked:
        names = (question.item, question.category), (f"{question.item} = {question.category}", "")
        if (topic.item, topic.category) in names:
            meant[question.uncertain_as] = question
    if not meant:
        has = ", ".join(item.item_id for item in ratings.items)
        raise RatingsError(f"no readings of item '{topic.item}'; the table has {has}")
    return meant.get(topic.uncertain_as) or meant[LEFT_OUT]
