"""The prevalence table: how often each item is present, per reader, over all readings, by majority, by any reader."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.metrics.proportions import wilson_interval
from engine.metrics.resampling import percentile_interval, redrawn_sums, sum_by_patient
from studies.statistics.answers import NOT_ASSESSABLE, PRESENT
from studies.statistics.coefficients import Floats, Integers
from studies.statistics.questions import Question, Subjects, parts, questions
from studies.statistics.ratings import ALL, Ratings

PREVALENCE_COLUMNS = [
    "item",
    "item_group",
    "stratum",
    "arm",
    "uncertain_as",
    "reader_id",
    "n",
    "n_tied",
    "n_not_assessable",
    "present",
    "prevalence",
    "low",
    "high",
]
Booleans = NDArray[np.bool_]
MAJORITY, ANY = "majority", "any"


def prevalence_table(
    ratings: Ratings,
    *,
    redraws: int = 2000,
    seed: int = 0,
    confounders: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """The columns of `prevalence.csv`, unrounded; 0/0 is empty (NaN).

    A row a reader (n = their valid readings), then `all` (all readings pooled), `majority` and `any` (n = cases with a
    valid reading). A tied majority is counted in n and n_tied, and is not present. Each category of a nominal item is
    an item "id = category". Intervals are 95 %: `wilson_interval`; for `all` the percentile bootstrap over patients,
    and Wilson's with patients as n where no or every reading is positive (no redraw could differ); none where only one
    patient was read.
    """
    rows: list[dict[str, Any]] = []
    for subjects in parts(ratings):
        asked = [q for q in questions(ratings, subjects, confounders) if q.kind != "nominal"]
        pooled = _pooled_intervals(asked, subjects, redraws, seed)
        for question, interval in zip(asked, pooled):
            rows += _rows(question, subjects, ratings.reader_ids, interval)
    return pd.DataFrame(rows, columns=PREVALENCE_COLUMNS)


def _pooled_intervals(
    asked: Sequence[Question], subjects: Subjects, redraws: int, seed: int
) -> list[tuple[float, float]]:
    """The interval of the `all` row of each question; one set of draws for all of them."""
    if not asked or not subjects.n_patients:
        return [(float("nan"), float("nan"))] * len(asked)
    terms = np.stack(
        [count for q in asked for count in ((q.codes == PRESENT).sum(axis=1), (q.codes >= 0).sum(axis=1))], axis=1
    ).astype(np.float64)
    by_patient = sum_by_patient(terms, subjects.patient, subjects.n_patients)
    sums = redrawn_sums(by_patient, redraws, seed)
    with np.errstate(invalid="ignore"):
        shares = sums[:, 0::2] / sums[:, 1::2]
    return [_pooled_interval(shares[:, i], by_patient[:, 2 * i], by_patient[:, 2 * i + 1]) for i in range(len(asked))]


def _pooled_interval(redrawn: Floats, positive: Floats, valid: Floats) -> tuple[float, float]:
    total = positive.sum()
    if (valid > 0).sum() == 1 and 0 < total < valid.sum():
        return float("nan"), float("nan")  # one patient: every redraw is the same
    if total in (0, valid.sum()):
        n_patients = int((valid > 0).sum())
        return wilson_interval(np.full(n_patients, 1 if total else 0), np.arange(n_patients))
    low, high, _ = percentile_interval(redrawn)
    return low, high


def _rows(
    question: Question, subjects: Subjects, reader_ids: Sequence[str], pooled: tuple[float, float]
) -> Iterator[dict[str, Any]]:
    item = f"{question.item} = {question.category}" if question.category else question.item
    head = {
        "item": item,
        "item_group": question.group,
        "stratum": subjects.stratum,
        "arm": subjects.arm,
        "uncertain_as": question.uncertain_as,
    }
    refused = (question.asked == NOT_ASSESSABLE).sum(axis=0)
    for reader, reader_id in enumerate(reader_ids):
        codes = question.codes[:, reader]
        yield head | _share(reader_id, codes == PRESENT, codes >= 0, subjects.patient, int(refused[reader]))
    valid, positive = (question.codes >= 0).sum(axis=1), (question.codes == PRESENT).sum(axis=1)
    n, present = int(valid.sum()), int(positive.sum())
    share = present / n if n else float("nan")
    yield head | _entry(ALL, n, 0, int(refused.sum()), present, share, pooled)
    rated = valid > 0
    none = int(((question.asked == NOT_ASSESSABLE).any(axis=1) & ~rated).sum())  # cases nobody could assess
    tied = int((rated & (2 * positive == valid)).sum())
    yield head | _share(MAJORITY, 2 * positive > valid, rated, subjects.patient, none, tied)
    yield head | _share(ANY, positive > 0, rated, subjects.patient, none)


def _share(
    who: str, present: Booleans, valid: Booleans, patients: Integers, not_assessable: int, tied: int = 0
) -> dict[str, Any]:
    counted = present[valid]
    n = len(counted)
    share = float(counted.mean()) if n else float("nan")
    interval = wilson_interval(counted, patients[valid])
    return _entry(who, n, tied, not_assessable, int(counted.sum()), share, interval)


def _entry(
    who: str, n: int, tied: int, not_assessable: int, present: int, share: float, interval: tuple[float, float]
) -> dict[str, Any]:
    return {
        "reader_id": who,
        "n": n,
        "n_tied": tied,
        "n_not_assessable": not_assessable,
        "present": present,
        "prevalence": share,
        "low": interval[0],
        "high": interval[1],
    }
