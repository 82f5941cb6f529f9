"""Readers one by one: each pair of them, each left out in turn, each with themselves on hidden repeats."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from engine.rounding import counted
from studies.statistics.answers import PRESENT
from studies.statistics.coefficients import (
    Coefficients,
    ac1_interval,
    coefficients,
    conger_kappa,
    count_categories,
    fleiss_interval,
    linear_terms,
)
from studies.statistics.cohen import CochranQ, bias_index, cochran_q, cohen_kappa, prevalence_index
from studies.statistics.questions import (
    HEAD_COLUMNS,
    LEFT_OUT,
    Codes,
    Question,
    Subjects,
    any_of,
    head_of,
    part,
    parts,
    questions,
)
from studies.statistics.ratings import ALL, Indexes, Ratings

ESTIMATED = "ok"
Confounders = Mapping[str, Sequence[str]]

PAIRWISE_COLUMNS = [
    *HEAD_COLUMNS,
    "reader_a",
    "reader_b",
    "n_cases",
    "both_positive",
    "only_a",
    "only_b",
    "both_negative",
    "observed_agreement",
    "positive_agreement",
    "negative_agreement",
    "cohen_kappa",
    "cohen_kappa_se",
    "cohen_kappa_low",
    "cohen_kappa_high",
    "pabak",
    "prevalence_index",
    "bias_index",
    "status",
]
READER_EFFECT_COLUMNS = [
    *HEAD_COLUMNS,
    "n_readers",
    "n_complete_cases",
    "cochran_q",
    "cochran_df",
    "cochran_p",
    "light_kappa",
    "n_pairs",
    "n_pairs_not_estimable",
    "conger_kappa",
    "status",
]
LEFT_OUT_COLUMNS = [
    *HEAD_COLUMNS,
    "reader_left_out",
    "n_cases",
    "n_readings",
    "fleiss_kappa",
    "fleiss_kappa_low",
    "fleiss_kappa_high",
    "change",
    "status",
]
INTRA_READER_COLUMNS = [
    "item",
    "item_group",
    "category",
    "uncertain_as",
    "reader_id",
    "n_pairs",
    "n_patients",
    "observed_agreement",
    "positive_agreement",
    "negative_agreement",
    "cohen_kappa",
    "cohen_kappa_se",
    "cohen_kappa_low",
    "cohen_kappa_high",
    "ac1",
    "ac1_low",
    "ac1_high",
    "pabak",
    "status",
]


def pairwise(ratings: Ratings, *, confounders: Confounders | None = None) -> pd.DataFrame:
    """Cohen's kappa of every pair of readers for every item over all cases, and in each stratum for its own confounders
    and their composites.

    `bias_index` is the prevalence of reader_a minus that of reader_b; the four counts are empty for nominal items.
    """
    rows = []
    for subjects, question in compared(ratings, confounders):
        for a, b in combinations(range(len(ratings.reader_ids)), 2):
            names = {"reader_a": ratings.reader_ids[a], "reader_b": ratings.reader_ids[b]}
            pair = _pair(question, question.codes[:, a], question.codes[:, b], subjects.patient)
            rows.append(head_of(question, subjects) | names | pair)
    return pd.DataFrame(rows, columns=PAIRWISE_COLUMNS)


def compared(ratings: Ratings, confounders: Confounders | None) -> Iterator[tuple[Subjects, Question]]:
    """Every question over all cases, then in each stratum its own confounders and the composites of these."""
    for subjects in parts(ratings):
        own = set((confounders or {}).get(subjects.stratum, ()))
        for question in questions(ratings, subjects, confounders):
            composite = question.item.startswith("any:") and "(all items)" not in question.item
            if subjects.stratum == ALL or composite or question.item in own:
                yield subjects, question


def _pair(question: Question, first: Codes, second: Codes, patients: Indexes) -> dict[str, Any]:
    found = cohen_kappa(first, second, len(question.categories), patients)
    n = int(found.table.sum())
    row: dict[str, Any] = {
        "n_cases": n,
        "observed_agreement": float(np.trace(found.table) / n) if n else np.nan,
        "cohen_kappa": found.kappa,
        "cohen_kappa_se": found.interval.se,
        "cohen_kappa_low": found.interval.low,
        "cohen_kappa_high": found.interval.high,
        "status": _pair_status(question, found.kappa, n, found.table.sum(axis=1) + found.table.sum(axis=0)),
    }
    chance = 1 / len(question.categories)
    row["pabak"] = (row["observed_agreement"] - chance) / (1 - chance) if chance < 1 else np.nan
    if question.kind != "nominal":
        row |= _two_by_two(found.table)
    return row


def _two_by_two(table: np.ndarray) -> dict[str, float]:
    (neither, only_b), (only_a, both) = table
    off = only_a + only_b
    return {
        "both_positive": int(both),
        "only_a": int(only_a),
        "only_b": int(only_b),
        "both_negative": int(neither),
        "positive_agreement": float(2 * both / (2 * both + off)) if both + off else np.nan,
        "negative_agreement": float(2 * neither / (2 * neither + off)) if neither + off else np.nan,
        "prevalence_index": prevalence_index(table),
        "bias_index": bias_index(table),
    }


def _pair_status(question: Question, kappa: float, n: int, used: np.ndarray) -> str:
    if not n:
        return "not estimable: no case was answered by both"
    if np.isnan(kappa):
        return f"not estimable: all {2 * n} readings {answer_name(question, int(np.argmax(used)))}"
    return ESTIMATED


def answer_name(question: Question, code: int) -> str:
    """How a sentence names the one answer that all readings gave."""
    if question.kind == "nominal":
        return f"'{question.categories[code]}'"
    if question.kind == "category":
        return f"'{question.category}'" if code == PRESENT else f"other than '{question.category}'"
    return "positive" if code == PRESENT else "negative"


def concordance(
    ratings: Ratings, items: str | Sequence[str], *, stratum: str = ALL, arm: str = ALL, uncertain_as: str = LEFT_OUT
) -> pd.DataFrame:
    """Reader × reader: the number of cases rated positive by both; the diagonal is what each reader rated positive.

    As in DiffChest, Extended Data Figures 4 and 5. Several items count as one: positive where any of them is.
    """
    names = [items] if isinstance(items, str) else list(items)
    members = [ratings.item_index(name) for name in names]
    codes = any_of(part(ratings, stratum, arm).codes[:, :, members], uncertain_as)
    return _concordance(codes, ratings.reader_ids)


def _concordance(codes: Codes, reader_ids: Sequence[str]) -> pd.DataFrame:
    positive = (codes == PRESENT).astype(np.int64)
    return pd.DataFrame(positive.T @ positive, index=list(reader_ids), columns=list(reader_ids))


def concordance_table(ratings: Ratings, *, confounders: Confounders | None = None) -> pd.DataFrame:
    """`concordance` of the questions that `pairwise` has, long: item … reader_a, reader_b, n_both_positive."""
    rows = []
    for subjects, question in compared(ratings, confounders):
        if question.kind == "nominal":
            continue
        matrix = _concordance(question.codes, ratings.reader_ids).to_numpy()
        for a, b in np.ndindex(matrix.shape):
            names = {"reader_a": ratings.reader_ids[a], "reader_b": ratings.reader_ids[b]}
            rows.append(head_of(question, subjects) | names | {"n_both_positive": int(matrix[a, b])})
    columns = [*_HEAD, "reader_a", "reader_b", "n_both_positive"]
    return pd.DataFrame(rows, columns=columns)


_HEAD = ["item", "item_group", "category", "stratum", "arm", "uncertain_as"]


def reader_effects(ratings: Ratings, *, confounders: Confounders | None = None) -> pd.DataFrame:
    """Do readers differ as a whole: Cochran's Q (binary items, complete cases), Light's kappa, Conger's kappa.

    Light's kappa is the mean of the pairwise Cohen kappas that can be estimated. Q takes cases as independent.
    """
    rows = []
    for subjects, question in compared(ratings, confounders):
        codes, n_categories = question.codes, len(question.categories)
        kappas = np.array(
            [
                cohen_kappa(codes[:, a], codes[:, b], n_categories, subjects.patient).kappa
                for a, b in combinations(range(codes.shape[1]), 2)
            ]
        )
        row: dict[str, Any] = {
            "n_readers": int((codes >= 0).any(axis=0).sum()),
            "light_kappa": float(np.nanmean(kappas)) if (~np.isnan(kappas)).any() else np.nan,
            "n_pairs": len(kappas),
            "n_pairs_not_estimable": int(np.isnan(kappas).sum()),
            "conger_kappa": conger_kappa(codes, n_categories),
        }
        rows.append(head_of(question, subjects) | row | _cochran(question))
    return pd.DataFrame(rows, columns=READER_EFFECT_COLUMNS)


def _cochran(question: Question) -> dict[str, Any]:
    if question.kind == "nominal":
        return {"status": "Cochran's Q is for binary items: see the rows of the categories"}
    test = cochran_q(question.codes)
    status = ESTIMATED
    if np.isnan(test.q):
        status = f"Cochran's Q not estimable: {_without_q(test)}"
    return {
        "n_complete_cases": test.n_cases,
        "cochran_q": test.q,
        "cochran_df": test.df,
        "cochran_p": test.p_value,
        "status": status,
    }


def _without_q(test: CochranQ) -> str:
    if test.df < 1:
        return "fewer than two readers"
    if not test.n_cases:
        return "no case was answered by every reader"
    return f"no disagreement in {counted(test.n_cases, 'complete case')}"


def leave_one_reader_out(ratings: Ratings, *, confounders: Confounders | None = None) -> pd.DataFrame:
    """Fleiss' kappa without each reader in turn; `change` is against the kappa of all readers."""
    rows = []
    for subjects, question in compared(ratings, confounders):
        whole = _fleiss(question.codes, question, subjects)["fleiss_kappa"]
        for reader, reader_id in enumerate(ratings.reader_ids):
            row = _fleiss(np.delete(question.codes, reader, axis=1), question, subjects)
            row |= {"reader_left_out": reader_id, "change": row["fleiss_kappa"] - whole}
            rows.append(head_of(question, subjects) | row)
    return pd.DataFrame(rows, columns=LEFT_OUT_COLUMNS)


def _fleiss(codes: Codes, question: Question, subjects: Subjects) -> dict[str, Any]:
    counts = count_categories(codes, len(question.categories))
    terms = linear_terms(counts)
    found = coefficients(terms.sum(axis=0))
    interval = fleiss_interval(terms, subjects.patient)
    return {
        "n_cases": len(np.unique(subjects.case[counts.sum(axis=1) > 0])),
        "n_readings": int(counts.sum()),
        "fleiss_kappa": float(found.fleiss_kappa),
        "fleiss_kappa_low": interval.low,
        "fleiss_kappa_high": interval.high,
        "status": kappa_status(question, counts.sum(axis=0), found) or ESTIMATED,
    }


def kappa_status(question: Question, used: np.ndarray, found: Coefficients) -> str:
    """Why Fleiss' kappa cannot be estimated, or "". `used` (n_categories,) counts the readings in each category."""
    n = int(used.sum())
    if not n:
        return "not estimable: no valid reading"
    if np.isnan(found.observed):
        return f"not estimable: no case has two valid readings ({n} {'reading' if n == 1 else 'readings'})"
    if (used > 0).sum() == 1:
        return f"not estimable: all {n} readings {answer_name(question, int(np.argmax(used)))}"
    return ""


def intra_reader(ratings: Ratings, *, confounders: Confounders | None = None) -> pd.DataFrame:
    """Each reader with themselves: first reading against hidden repeat; `all` pools the readers' pairs.

    Cohen's kappa and AC1 with intervals, terms summed by patient. A second repeat makes a second pair with the first
    reading. Empty where the study has no repeats.
    """
    occasions, reader = _occasions(ratings)
    rows: list[dict[str, Any]] = []
    if not len(reader):
        return pd.DataFrame(rows, columns=INTRA_READER_COLUMNS)
    for question in questions(ratings, occasions, confounders):
        for index, reader_id in [*enumerate(ratings.reader_ids), (-1, ALL)]:
            chosen = (reader == index) | (index < 0)
            if chosen.any():
                row = _with_themselves(question, question.codes[chosen], occasions.patient[chosen])
                rows.append(head_of(question, occasions) | {"reader_id": reader_id} | row)
    return pd.DataFrame(rows, columns=INTRA_READER_COLUMNS)


def _occasions(ratings: Ratings) -> tuple[Subjects, Indexes]:
    """Repeated presentations as subjects, first reading and repeat in the place of two readers; and whose they are."""
    repeats = ratings.repeats
    keys = np.stack([repeats.arm, repeats.case, repeats.reader, repeats.repeat], axis=1)
    showings, index = np.unique(keys, axis=0, return_inverse=True)
    again = np.full((len(showings), len(ratings.items)), -1, dtype=np.int8)
    again[index.ravel(), repeats.item] = repeats.code
    arm, case, reader, _ = showings.T
    codes = np.stack([ratings.codes[arm, case, reader], again], axis=1)
    patients, patient = np.unique(ratings.patient_of[case], return_inverse=True)
    return Subjects(ALL, ALL, codes, case, patient, len(patients)), reader


def _with_themselves(question: Question, codes: Codes, patients: Indexes) -> dict[str, Any]:
    both = (codes >= 0).all(axis=1)
    row = _pair(question, codes[:, 0], codes[:, 1], patients)
    terms = linear_terms(count_categories(codes[both], len(question.categories)))
    ac1 = ac1_interval(terms, patients[both]) if both.any() else None
    row |= {"n_pairs": row["n_cases"], "n_patients": len(np.unique(patients[both]))}
    if ac1 is not None:
        row |= {"ac1": float(coefficients(terms.sum(axis=0)).ac1), "ac1_low": ac1.low, "ac1_high": ac1.high}
    return row
