"""The agreement table: every coefficient that belongs beside Fleiss' kappa, per item, stratum, arm and category."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from engine.metrics.resampling import UNDEFINED_LIMIT, percentile_interval, redrawn_chunks, sum_by_patient
from studies.statistics.answers import MISSING, NOT_ASSESSABLE, PRESENT, UNCERTAIN
from studies.statistics.coefficients import (
    RATED,
    Coefficients,
    Floats,
    Interval,
    ac1_interval,
    coefficients,
    count_categories,
    fleiss_interval,
    linear_terms,
    specific_agreement,
)
from studies.statistics.pairs import ESTIMATED, kappa_status
from studies.statistics.pairs import concordance as concordance
from studies.statistics.pairs import intra_reader as intra_reader
from studies.statistics.pairs import pairwise as pairwise
from studies.statistics.questions import HEAD_COLUMNS, Question, Subjects, head_of, parts, questions
from studies.statistics.ratings import Ratings

AGREEMENT_COLUMNS = [
    *HEAD_COLUMNS,
    "n_cases",
    "n_patients",
    "n_readers",
    "n_readings",
    "n_missing",
    "n_uncertain",
    "n_not_assessable",
    "prevalence",
    "observed_agreement",
    "positive_agreement",
    "negative_agreement",
    "fleiss_kappa",
    "fleiss_kappa_se",
    "fleiss_kappa_low",
    "fleiss_kappa_high",
    "fleiss_kappa_boot_low",
    "fleiss_kappa_boot_high",
    "n_undefined_redraws",
    "ac1",
    "ac1_low",
    "ac1_high",
    "pabak",
    "krippendorff_alpha",
    "alpha_low",
    "alpha_high",
    "status",
]
REDRAWS = 2000
_NO_WIDTH = 1e-9  # standard errors below this are rounding

Progress = Callable[[float], None]


@dataclass(frozen=True)
class _Line:
    """One line of the table in the making."""

    question: Question
    subjects: Subjects
    counts: Floats  # (n_subjects, n_categories)
    terms: Floats  # (n_subjects, 4 + 2·n_categories)

    @classmethod
    def of(cls, question: Question, subjects: Subjects) -> "_Line":
        counts = count_categories(question.codes, len(question.categories))
        return cls(question, subjects, counts, linear_terms(counts))

    def patient_sums(self) -> Floats:
        return sum_by_patient(self.terms, self.subjects.patient, self.subjects.n_patients)


def agreement_table(
    ratings: Ratings,
    *,
    redraws: int = REDRAWS,
    seed: int = 0,
    confounders: Mapping[str, Sequence[str]] | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """The columns of `agreement.csv`, unrounded; what cannot be estimated is empty (NaN) and named in `status`.

    n_readings counts valid readings; n_missing those asked for and left open. Intervals are 95 %: Gwet's linearised
    variance summed by patient with t on n_patients − 1 degrees of freedom for kappa and AC1; percentile bootstrap over
    patients (`redraws` of them, shared by all items) for kappa and alpha. Readers are taken as fixed.
    `confounders`: stratum → items of its composites (see `questions`).
    """
    rows: list[dict[str, Any]] = []
    wanted = list(parts(ratings))
    for done, subjects in enumerate(wanted):
        lines = [_Line.of(question, subjects) for question in questions(ratings, subjects, confounders)]
        for line, (kappas, alphas) in zip(lines, _redrawn(lines, redraws, seed)):
            rows.append(_row(line, kappas, alphas))
        if progress:
            progress((done + 1) / len(wanted))
    return pd.DataFrame(rows, columns=AGREEMENT_COLUMNS)


def _redrawn(lines: Sequence[_Line], redraws: int, seed: int) -> list[tuple[Floats, Floats]]:
    """Fleiss' kappa and alpha of every redraw, (redraws,) each, for each line; one set of draws for all lines."""
    if not lines:
        return []
    sums = [line.patient_sums() for line in lines]
    ends = np.cumsum([part.shape[1] for part in sums])[:-1]
    stacked = np.concatenate(sums, axis=1)
    chunks: list[list[tuple[Floats, Floats]]] = [[] for _ in lines]
    for redrawn in redrawn_chunks(stacked, redraws, seed):
        for chunk, drawn in zip(chunks, np.split(redrawn, ends, axis=1)):
            found = coefficients(drawn)
            chunk.append((found.fleiss_kappa, found.krippendorff_alpha))
    return [(np.concatenate([k for k, _ in chunk]), np.concatenate([a for _, a in chunk])) for chunk in chunks]


def _row(line: _Line, kappas: Floats, alphas: Floats) -> dict[str, Any]:
    question, subjects = line.question, line.subjects
    found = coefficients(line.terms.sum(axis=0))
    kappa, ac1 = (interval(line.terms, subjects.patient) for interval in (fleiss_interval, ac1_interval))
    numbers = _numbers(line)
    boot_low, boot_high, undefined = percentile_interval(kappas)
    alpha_low, alpha_high, undefined_alphas = percentile_interval(alphas)
    undefined_redraws = {"kappa": undefined, "alpha": undefined_alphas}
    status = _status(line, found, kappa, undefined_redraws, len(kappas), numbers["n_patients"])
    drawn = not np.isnan(found.fleiss_kappa) and numbers["n_patients"] > 1  # one patient: every redraw is the same
    return {
        **head_of(question, subjects),
        **numbers,
        **_raw_agreement(line),
        "observed_agreement": float(found.observed),
        "fleiss_kappa": float(found.fleiss_kappa),
        "fleiss_kappa_se": kappa.se,
        "fleiss_kappa_low": kappa.low,
        "fleiss_kappa_high": kappa.high,
        "fleiss_kappa_boot_low": boot_low if drawn else np.nan,
        "fleiss_kappa_boot_high": boot_high if drawn else np.nan,
        "n_undefined_redraws": undefined,
        "ac1": float(found.ac1),
        "ac1_low": ac1.low,
        "ac1_high": ac1.high,
        "pabak": float(found.pabak),
        "krippendorff_alpha": float(found.krippendorff_alpha),
        "alpha_low": alpha_low if drawn else np.nan,
        "alpha_high": alpha_high if drawn else np.nan,
        "status": status,
    }


def _numbers(line: _Line) -> dict[str, int]:
    question, subjects = line.question, line.subjects
    rated = line.terms[:, RATED] > 0
    return {
        "n_cases": len(np.unique(subjects.case[rated])),
        "n_patients": len(np.unique(subjects.patient[rated])),
        "n_readers": int((question.codes >= 0).any(axis=0).sum()),
        "n_readings": int(line.counts.sum()),
        "n_missing": int((question.asked == MISSING).sum()),
        "n_uncertain": int((question.asked == UNCERTAIN).sum()),
        "n_not_assessable": int((question.asked == NOT_ASSESSABLE).sum()),
    }


def _raw_agreement(line: _Line) -> dict[str, float]:
    """Prevalence and specific agreement; of a nominal item they stand in the rows of its categories."""
    names = ("prevalence", "positive_agreement", "negative_agreement")
    readings = line.counts.sum()
    if line.question.kind == "nominal" or not readings:
        return dict.fromkeys(names, np.nan)
    negative, positive = specific_agreement(line.counts)
    return dict(zip(names, (float(line.counts[:, PRESENT].sum() / readings), float(positive), float(negative))))


def _status(
    line: _Line, found: Coefficients, kappa: Interval, undefined: Mapping[str, int], redraws: int, n_patients: int
) -> str:
    if reason := kappa_status(line.question, line.counts.sum(axis=0), found):
        return reason
    limit = UNDEFINED_LIMIT * redraws
    remarks = []
    if n_patients < 2:
        remarks.append("intervals not estimable: one patient only")
    elif found.observed == 1:
        remarks.append("no disagreement was seen" + (": intervals have no width" if kappa.se < _NO_WIDTH else ""))
    if withheld := [f"{name} undefined in {n} of {redraws}" for name, n in undefined.items() if n > limit]:
        remarks.append(f"bootstrap interval withheld: {', '.join(withheld)} redraws")
    return "; ".join(remarks) or ESTIMATED
