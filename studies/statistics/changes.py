"""What the explanation changed: each answer given with it in view against the same reader's locked unaided answer.

Pairs are of one presentation, so a reader is their own control. Directions are counted, never netted: as many changes
to "present" as back may hide behind an unchanged prevalence. Whether readers came to agree better is told by Fleiss'
kappa of the same readings before and after, and by the bootstrap of its change over patients.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from engine.metrics.proportions import wilson_interval
from engine.metrics.resampling import percentile_interval, redrawn_sums, sum_by_patient
from studies.statistics.answers import ABSENT, PRESENT
from studies.statistics.coefficients import Floats, Integers, coefficients, count_categories, linear_terms
from studies.statistics.cohen import cohen_kappa
from studies.statistics.ratings import ALL

__all__ = [
    "ALL_ITEMS",
    "CHANGES_COLUMNS",
    "DIRECTIONS",
    "PAIRS_COLUMNS",
    "answer_pairs",
    "changes_table",
    "in_view_table",
]

ALL_ITEMS = "all items"  # in place of an item's id, which has no space
_SHOWING = ["reader_id", "case_id", "patient_id", "stratum", "arm", "code", "position"]
PAIRS_COLUMNS = [*_SHOWING, "item", "item_group", "item_kind", "before", "after", "what_changed"]
DIRECTIONS = ("absent_to_present", "present_to_absent", "to_uncertain", "from_uncertain", "other_change")
CHANGES_COLUMNS = [
    *("item", "item_group", "stratum", "arm", "reader_id", "n", "n_open", "n_changed", "changed", "low", "high"),
    *DIRECTIONS,
    *("cohen_kappa", "kappa_before", "kappa_after", "kappa_change", "kappa_change_low", "kappa_change_high"),
]
IN_VIEW_COLUMNS = ["arm", "reader_id", "n", "reveals_mean", "explanation_s_median", "explanation_s_sum", "active_s_sum"]
_SURE = {"absent": ABSENT, "present": PRESENT}
_NO_CHANGE = (float("nan"),) * 5


def answer_pairs(readings: pd.DataFrame, unaided: str) -> pd.DataFrame:
    """One row a presentation × item with an unaided answer and one after it; text items left out.

    `readings`: long, as `studies.reading.frames.readings_frame`; `unaided`: name of the unaided arm. Answers are as
    they were given, "" for none. `what_changed`: "unchanged", one of `DIRECTIONS`, "left open" (not answered again),
    "answered" (only then).
    """
    asked = readings[readings["item_kind"] != "text"]
    first, second = asked[asked["arm"] == unaided], asked[asked["arm"] != unaided]
    keys = ["reader_id", "code", "item"]
    pairs = second.merge(first[[*keys, "value"]], on=keys, suffixes=("", "_before"), validate="one_to_one")
    pairs = pairs.rename(columns={"value": "after", "value_before": "before"})
    what = [
        _what_changed(kind, before, after)
        for kind, before, after in zip(pairs["item_kind"], pairs["before"], pairs["after"], strict=True)
    ]
    return pairs.assign(what_changed=what)[PAIRS_COLUMNS].reset_index(drop=True)


def _what_changed(kind: str, before: str, after: str) -> str:
    if not before or not after:
        return "unchanged" if before == after else "answered" if after else "left open"
    if before == after:
        return "unchanged"
    if kind != "presence":
        return "other_change"
    if "uncertain" in (before, after):
        return "to_uncertain" if after == "uncertain" else "from_uncertain"
    return f"{before}_to_{after}" if before in _SURE and after in _SURE else "other_change"


def changes_table(pairs: pd.DataFrame, *, redraws: int = 2000, seed: int = 0) -> pd.DataFrame:
    """The columns of `changes.csv`, unrounded; what cannot be estimated is empty (NaN).

    A row an item, stratum (and all of them), arm (by name) and reader, then `all` readers. `n`: answered before and
    after; `n_open`: answered once only; `changed` = n_changed / n with its 95 % interval: Wilson's for a reader, for
    `all` the percentile bootstrap over patients. `cohen_kappa`: before against after, where both are present or absent.
    `kappa_before`, `kappa_after`: Fleiss' kappa of the readers on these cases, present against absent; its change has a
    percentile interval of the same draws of patients. Where an arm has several items, the last rows of a stratum are of
    `ALL_ITEMS`: the same counts over every pair, with the same intervals by patient; kappas are of one item each and
    empty there.
    """
    rows: list[dict[str, Any]] = []
    strata = [ALL, *sorted({name for name in pairs["stratum"] if name})]
    for arm in sorted(set(pairs["arm"])):
        for stratum in strata:
            shown = pairs[(pairs["arm"] == arm) & ((pairs["stratum"] == stratum) | (stratum == ALL))]
            for item, own in shown.groupby("item", sort=False):
                head = {"item": item, "item_group": own["item_group"].iloc[0], "stratum": stratum, "arm": arm}
                rows += [head | row for row in _item_rows(own, redraws, seed)]
            if shown["item"].nunique() > 1:
                head = {"item": ALL_ITEMS, "item_group": "", "stratum": stratum, "arm": arm}
                rows += [head | row | _no_kappas() for row in _item_rows(shown, redraws, seed, kappas=False)]
    return pd.DataFrame(rows, columns=CHANGES_COLUMNS)


def _item_rows(own: pd.DataFrame, redraws: int, seed: int, kappas: bool = True) -> Iterator[dict[str, Any]]:
    for reader, some in own.groupby("reader_id", sort=False):
        changed, patients = _changed(some)
        yield {"reader_id": reader, **_counts(some), **_limits(wilson_interval(changed, patients)), **_kappas()}
    changed, patients = _changed(own)
    of_all = _kappas(*_agreement_change(own, redraws, seed)) if kappas else _kappas()
    yield {"reader_id": ALL, **_counts(own), **_limits(_pooled(changed, patients, redraws, seed)), **of_all}


def _no_kappas() -> dict[str, float]:
    return {"cohen_kappa": float("nan"), **_kappas()}


def _counts(some: pd.DataFrame) -> dict[str, Any]:
    what = some["what_changed"]
    paired = (some["before"] != "") & (some["after"] != "")
    n, n_changed = int(paired.sum()), int(what.isin(DIRECTIONS).sum())
    codes = [some[name].map(_SURE).fillna(-1).to_numpy(np.int64) for name in ("before", "after")]
    return {
        "n": n,
        "n_open": int(((some["before"] != "") != (some["after"] != "")).sum()),
        "n_changed": n_changed,
        "changed": n_changed / n if n else float("nan"),
        **{direction: int((what == direction).sum()) for direction in DIRECTIONS},
        "cohen_kappa": cohen_kappa(codes[0], codes[1], 2, _index(some["patient_id"])).kappa,
    }


def _changed(some: pd.DataFrame) -> tuple[Floats, Integers]:
    """1 where an answer changed, of the pairs that were answered twice; and their patients by number."""
    paired = some[(some["before"] != "") & (some["after"] != "")]
    return paired["what_changed"].isin(DIRECTIONS).to_numpy(np.float64), _index(paired["patient_id"])


def _index(names: pd.Series) -> Integers:
    return np.unique(names.to_numpy(str), return_inverse=True)[1]


def _limits(interval: tuple[float, float]) -> dict[str, float]:
    return {"low": interval[0], "high": interval[1]}


def _pooled(changed: Floats, patients: Integers, redraws: int, seed: int) -> tuple[float, float]:
    n_patients = len(np.unique(patients))
    if not len(changed) or (n_patients == 1 and 0 < changed.sum() < len(changed)):
        return float("nan"), float("nan")
    if changed.sum() in (0, len(changed)):  # no redraw could differ
        return wilson_interval(np.full(n_patients, changed[0]), np.arange(n_patients))
    sums = redrawn_sums(
        sum_by_patient(np.stack([changed, np.ones_like(changed)], axis=1), patients, n_patients), redraws, seed
    )
    low, high, _ = percentile_interval(sums[:, 0] / sums[:, 1])
    return low, high


def _kappas(
    before: float = float("nan"),
    after: float = float("nan"),
    change: float = float("nan"),
    low: float = float("nan"),
    high: float = float("nan"),
) -> dict[str, float]:
    return {
        "kappa_before": before,
        "kappa_after": after,
        "kappa_change": change,
        "kappa_change_low": low,
        "kappa_change_high": high,
    }


def _agreement_change(own: pd.DataFrame, redraws: int, seed: int) -> tuple[float, float, float, float, float]:
    """Fleiss' kappa before, after, its change and the limits of that; NaN where no case has two readers."""
    cases = own.drop_duplicates("case_id").set_index("case_id")["patient_id"]
    if own["reader_id"].nunique() < 2:
        return _NO_CHANGE
    patients = _index(cases)
    terms = [linear_terms(count_categories(_codes(own, name, list(cases.index)), 2)) for name in ("before", "after")]
    width, n_patients = terms[0].shape[1], int(patients.max()) + 1
    by_patient = sum_by_patient(np.concatenate(terms, axis=1), patients, n_patients)
    total, sums = by_patient.sum(axis=0), redrawn_sums(by_patient, redraws, seed)
    before, after = (float(coefficients(part).fleiss_kappa) for part in (total[:width], total[width:]))
    redrawn = coefficients(sums[:, width:]).fleiss_kappa - coefficients(sums[:, :width]).fleiss_kappa
    low, high, _ = percentile_interval(redrawn) if n_patients > 1 else (float("nan"), float("nan"), 0)
    return before, after, after - before, low, high


def _codes(own: pd.DataFrame, name: str, cases: list[str]) -> Integers:
    """(n_cases, n_readers): 1 present, 0 absent, −1 anything else, and where a reader was not shown the case so."""
    coded = own.assign(coded=own[name].map(_SURE).fillna(-1))
    wide = coded.pivot(index="case_id", columns="reader_id", values="coded").reindex(cases)
    return wide.fillna(-1).to_numpy(np.int64)


def in_view_table(times: pd.DataFrame, unaided: str) -> pd.DataFrame:
    """How long explanations were in view: a row an arm and reader, then `all`. Seconds, time away left out.

    `times`: `studies.reading.frames.times_frame`.
    """
    shown = times[times["arm"] != unaided]
    rows = []
    for arm in sorted(set(shown["arm"])):
        own = shown[shown["arm"] == arm]
        for reader in [*dict.fromkeys(own["reader_id"]), ALL]:
            some = own if reader == ALL else own[own["reader_id"] == reader]
            seconds = some["explanation_s"].astype(float)
            rows.append(
                {
                    "arm": arm,
                    "reader_id": reader,
                    "n": len(some),
                    "reveals_mean": float(some["reveals"].astype(float).mean()),
                    "explanation_s_median": float(seconds.median()),
                    "explanation_s_sum": float(seconds.sum()),
                    "active_s_sum": float(some["active_s"].astype(float).sum()),
                }
            )
    return pd.DataFrame(rows, columns=IN_VIEW_COLUMNS)
