"""Does one reader say present more often than the others: each reader's prevalence less the mean of the others'."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from studies.statistics.answers import PRESENT
from studies.statistics.coefficients import Floats, clustered_interval
from studies.statistics.pairs import compared
from studies.statistics.questions import HEAD_COLUMNS, Codes, head_of
from studies.statistics.ratings import Indexes, Ratings

READER_BIAS_COLUMNS = [
    *HEAD_COLUMNS,
    "reader_id",
    "n_cases",
    "n_patients",
    "prevalence",
    "others_prevalence",
    "bias",
    "bias_low",
    "bias_high",
    "status",
]


def reader_bias(ratings: Ratings, *, confounders: Mapping[str, Sequence[str]] | None = None) -> pd.DataFrame:
    """One row a question and reader, of the questions that `pairs.pairwise` has but nominal items as a whole.

    `bias` (−1 to 1) is the mean over cases of the reader's 0 or 1 less the mean of the others', over the cases that the
    reader and at least one other read, so that each reader is compared on the very same cases. The interval (95 %) is
    of that paired mean: variance of the differences summed by patient, t on n_patients − 1 degrees of freedom. What
    cannot be estimated is NaN and named in `status`.
    """
    rows: list[dict[str, Any]] = []
    for subjects, question in compared(ratings, confounders):
        if question.kind == "nominal":
            continue
        head = head_of(question, subjects)
        for reader, reader_id in enumerate(ratings.reader_ids):
            rows.append(head | {"reader_id": reader_id} | _bias(question.codes, reader, subjects.patient))
    return pd.DataFrame(rows, columns=READER_BIAS_COLUMNS)


def _bias(codes: Codes, reader: int, patients: Indexes) -> dict[str, Any]:
    others = np.delete(codes, reader, axis=1)
    read = (codes[:, reader] >= 0) & (others >= 0).any(axis=1)
    if not read.any():
        return {"n_cases": 0, "n_patients": 0, "status": "not estimable: no case was read by this reader and another"}
    own = (codes[read, reader] == PRESENT).astype(np.float64)
    rest = (others[read] == PRESENT).sum(axis=1) / (others[read] >= 0).sum(axis=1)
    return _row(own, rest, patients[read])


def _row(own: Floats, rest: Floats, patients: Indexes) -> dict[str, Any]:
    differences = own - rest
    bias, groups = float(differences.mean()), np.unique(patients, return_inverse=True)[1]
    interval = clustered_interval(bias, (differences - bias) / len(differences), groups)
    low, high, status = interval.low, interval.high, "ok"
    if np.ptp(differences) < 1e-12:
        low, high = float("nan"), float("nan")
        status = "interval not estimable: the difference is the same in every case"
    elif np.isnan(low):
        status = "interval not estimable: one patient only"
    return {
        "n_cases": len(own),
        "n_patients": int(groups.max()) + 1,
        "prevalence": float(own.mean()),
        "others_prevalence": float(rest.mean()),
        "bias": bias,
        "bias_low": low,
        "bias_high": high,
        "status": status,
    }
