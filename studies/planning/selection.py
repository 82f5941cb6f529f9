"""Which images of the cohort become cases: filter, strata and practice cases (DiffChest, step 2).

Sampling is by rank, not by drawing: each case of a stratum gets the rank SHA-256([SCHEME, "select", seed, stratum,
case id]), and the `n` cases of lowest rank are taken. So the sample does not depend on the order of the rows, and the
rows of the chosen cases alone give the same sample again, which is how `verify` checks a sealed study without the
cohort. Strata choose in the protocol's order; a patient belongs to the first stratum that took a case of theirs.
Practice cases come from patients outside the study: with strata they are chosen last, without strata (where every
case would be read) first.
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from studies.design import Case, CaseImage
from studies.errors import SealError
from studies.planning.random_stream import priority
from studies.protocol import CaseId, Condition, Protocol, Scalar, Stratum
from studies.protocol_sentences import nearest

SCHEME = "readerapp-selection/1"

# Frontal before lateral; mammograms as they are hung, CC before MLO. Views not named here come between.
_VIEW_RANK = {"PA": 0, "AP": 1, "CC": 0, "MLO": 2, "ML": 3, "LM": 3, "LATERAL": 4, "LL": 4, "RL": 4, "LAT": 4, "L": 4}
_SIDE_RANK = {"R": 0, "L": 1}
_TRUTH_WORDS = {"1": "present", "0": "absent", "-1": "uncertain"}
_LABEL_COLUMNS = ("view", "sex", "age_years", "race", "site")


@dataclass(frozen=True)
class Sampled:
    """How one stratum (or the practice set) was filled, in numbers of cases."""

    name: str
    wanted: int
    available: int  # cases of the cohort that meet the conditions
    taken_elsewhere: int  # of these, cases whose patient an earlier stratum took
    sampled: int
    practice: bool = False

    @property
    def title(self) -> str:
        """What a checklist calls it."""
        if self.practice:
            return "practice"
        return f"stratum '{self.name}'" if self.name else "cases"


@dataclass(frozen=True)
class SelectedCases:
    cases: tuple[Case, ...]  # sorted by id within stratum, strata in the protocol's order, practice cases last
    sampled: tuple[Sampled, ...]
    left_out: int = 0  # cases that meet the filter and are not read
    image_ids: frozenset[str] = field(default_factory=frozenset)


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows as plain text, the one form that is sampled from, frozen and hashed: missing is "", 63.0 is "63"."""
    return pd.DataFrame({column: _text_column(frame[column]) for column in frame}, index=frame.index, dtype=object)


def select_cases(protocol: Protocol, frame: pd.DataFrame) -> SelectedCases:
    """Sample the cases of a protocol from cohort rows. Raises SealError naming the entry that does not fit."""
    table = as_text(frame)
    check_columns(protocol, table)
    everything = dict(protocol.selection.filter)
    rows = _meeting(table, everything, "selection.filter")
    builder = _CaseBuilder(protocol, rows)
    if protocol.selection.strata:
        chosen, sampled = _sample_strata(protocol, builder)
        practice, practiced = _sample_practice(protocol, table, {case.patient_id for case in chosen})
    else:
        practice, practiced = _sample_practice(protocol, table, set())
        apart = {case.patient_id for case in practice}
        chosen = [case for case in builder.cases(builder.ids) if case.patient_id not in apart]
        sampled = [Sampled("", len(chosen), len(builder.ids), len(builder.ids) - len(chosen), len(chosen))]
    if not chosen:
        raise SealError("no case is left to read: the practice set took every patient that meets the filter")
    cases = (*chosen, *practice)
    images = frozenset(image.image_id for case in cases for image in case.images)
    return SelectedCases(cases, (*sampled, *practiced), len(builder.ids) - len(chosen), images)


def check_columns(protocol: Protocol, frame: pd.DataFrame) -> None:
    """Raise SealError where the protocol asks for a column the cohort has not; the sentence offers the nearest."""
    for entry, column in _asked_columns(protocol):
        if column not in frame:
            raise SealError(f"{entry}: column '{column}' is not in the cohort; {nearest(column, map(str, frame))}")


def meets(frame: pd.DataFrame, column: str, condition: Condition) -> "pd.Series[bool]":
    """Which rows (of a text table) meet a condition on one column. A number compares as a number: 63 meets "63.0"."""
    ok = pd.Series(True, index=frame.index)
    if condition.values:
        ok &= _is_one_of(frame[column], condition.values)
    if condition.exclude:
        ok &= ~_is_one_of(frame[column], condition.exclude)
    if condition.minimum is not None or condition.maximum is not None:
        value = pd.to_numeric(frame[column], errors="coerce")
        ok &= value.ge(-float("inf") if condition.minimum is None else condition.minimum)
        ok &= value.le(float("inf") if condition.maximum is None else condition.maximum)
    return ok


def _is_one_of(column: pd.Series, values: Sequence[Scalar]) -> pd.Series:
    words = {_plain(value) for value in values}
    numbers = [float(value) for value in values if not isinstance(value, str)]
    return column.isin(words) | pd.to_numeric(column, errors="coerce").isin(numbers)


def _asked_columns(protocol: Protocol) -> list[tuple[str, str]]:
    asked = [("selection.filter", column) for column in protocol.selection.filter]
    asked += [(f"stratum '{s.name}'", column) for s in protocol.selection.strata for column in s.where]
    if protocol.training:
        asked += [("training.where", column) for column in protocol.training.where]
        asked += [
            (f"training.truth of item '{item}'", column)
            for item, columns in protocol.training.truth.items()
            for column in columns
        ]
    return asked


def _meeting(frame: pd.DataFrame, conditions: Mapping[str, Condition], entry: str) -> pd.DataFrame:
    """The rows that meet all conditions. Raises SealError naming the first condition that leaves none."""
    rows = frame
    for column, condition in conditions.items():
        left = rows[meets(rows, column, condition)]
        if left.empty:
            raise SealError(f"{entry}: no image has {condition_text(column, condition)}; {_values_text(rows[column])}")
        rows = left
    return rows


def condition_text(column: str, condition: Condition) -> str:
    """`view = 'PA' or 'AP'`, `age_years ≥ 18`: a condition as sentences and reports say it."""
    parts = []
    if condition.values:
        parts.append(f"{column} = {' or '.join(repr(_plain(value)) for value in condition.values)}")
    if condition.exclude:
        parts.append(f"{column} other than {' or '.join(repr(_plain(value)) for value in condition.exclude)}")
    if condition.minimum is not None:
        parts.append(f"{column} ≥ {condition.minimum:g}")
    if condition.maximum is not None:
        parts.append(f"{column} ≤ {condition.maximum:g}")
    return " and ".join(parts)


def _values_text(values: "pd.Series[str]") -> str:
    counts = values.value_counts()
    shown = [f"'{value or '(empty)'}' ({count})" for value, count in list(counts.items())[:8]]
    more = f" and {len(counts) - 8} other values" if len(counts) > 8 else ""
    return f"the images that are left have {', '.join(shown)}{more}"


class _CaseBuilder:
    """Cases made from rows by the protocol's case unit."""

    def __init__(self, protocol: Protocol, rows: pd.DataFrame) -> None:
        self._protocol = protocol
        self._rows = rows
        self._ids = self._case_ids()
        self._places = {str(case_id): places for case_id, places in rows.groupby(self._ids, sort=True).indices.items()}
        self._patients = rows["patient_id"].to_numpy()

    @property
    def ids(self) -> list[str]:
        return list(self._places)

    def patient(self, case_id: str) -> str:
        return str(self._patients[self._places[case_id][0]])

    def meeting(self, stratum: Stratum) -> list[str]:
        """Ids of the cases with at least one image that meets all conditions of the stratum."""
        rows = _meeting(self._rows, stratum.where, f"stratum '{stratum.name}'")
        return sorted(set(self._ids[rows.index]))

    def cases(self, ids: Sequence[str], stratum: str = "", *, practice: bool = False) -> list[Case]:
        return [self._case(case_id, stratum, practice) for case_id in sorted(ids)]

    def _case(self, case_id: str, stratum: str, practice: bool) -> Case:
        rows = self._rows.iloc[self._places[case_id]]
        rows = rows.loc[sorted(rows.index, key=lambda index: _hanging_order(rows.loc[index]))]
        truth = self._protocol.training.truth if practice and self._protocol.training else {}
        return Case(
            case_id=CaseId(case_id),
            patient_id=self.patient(case_id),
            stratum=stratum,
            images=tuple(CaseImage(str(image_id), "") for image_id in rows["image_id"]),
            practice=practice,
            truth=_truth(truth, rows) if practice else None,
            labels=_labels(rows.iloc[0]),
        )

    def _case_ids(self) -> "pd.Series[str]":
        unit = self._protocol.case_unit
        if unit == "image":
            return self._rows["image_id"]
        if unit == "patient":
            return self._rows["patient_id"]
        studies = self._rows["study_id"] if "study_id" in self._rows else pd.Series("", index=self._rows.index)
        if (studies == "").any():
            image = self._rows["image_id"][studies == ""].iloc[0]
            raise SealError(f"case_unit is study, but image '{image}' has no study_id; choose image or patient")
        # Some public datasets number studies anew for each patient.
        return self._rows["patient_id"] + "/" + studies


def _sample_strata(protocol: Protocol, builder: _CaseBuilder) -> tuple[list[Case], list[Sampled]]:
    chosen: list[Case] = []
    sampled: list[Sampled] = []
    for stratum in protocol.selection.strata:
        taken = {case.patient_id for case in chosen}
        available = builder.meeting(stratum)
        free = [case_id for case_id in available if builder.patient(case_id) not in taken]
        if not free:
            raise SealError(
                f"stratum '{stratum.name}': all {len(available)} cases that meet it are of patients taken by an "
                "earlier stratum; put the rarer stratum first in the protocol, or lower n of the others"
            )
        ids = _lowest_ranks(free, stratum.n, protocol.selection.seed, stratum.name)
        chosen += builder.cases(ids, stratum.name)
        sampled.append(Sampled(stratum.name, stratum.n, len(available), len(available) - len(free), len(ids)))
    return chosen, sampled


def _sample_practice(protocol: Protocol, frame: pd.DataFrame, taken: set[str]) -> tuple[list[Case], list[Sampled]]:
    training = protocol.training
    if training is None:
        return [], []
    conditions = dict(protocol.selection.filter) | dict(
        training.where
    )  # training.where replaces a filter on its column
    rows = _meeting(frame, conditions, "training.where")
    builder = _CaseBuilder(protocol, rows)
    free = [case_id for case_id in builder.ids if builder.patient(case_id) not in taken]
    if not free:
        raise SealError(
            f"training: all {len(builder.ids)} cases that could be practice are of patients in the study; "
            "give training.where another split, or lower n of the strata"
        )
    ids = _lowest_ranks(free, training.n, training.seed, "")
    numbers = Sampled("", training.n, len(builder.ids), len(builder.ids) - len(free), len(ids), practice=True)
    return builder.cases(ids, practice=True), [numbers]


def _lowest_ranks(ids: Sequence[str], n: int, seed: int, name: str) -> list[str]:
    return sorted(ids, key=lambda case_id: priority(SCHEME, "select", seed, name, case_id))[:n]


def _hanging_order(row: "pd.Series[str]") -> tuple[int, int, list[int | str]]:
    view = _VIEW_RANK.get(str(row.get("view", "")).upper(), 3)
    side = _SIDE_RANK.get(str(row.get("laterality", "")).upper(), 2)
    return view, side, _natural(str(row["image_id"]))


def _natural(text: str) -> list[int | str]:
    """`slice10` after `slice9`; words and numbers alternate, so that keys always compare."""
    return [
        int(part) if odd else part for part, odd in zip(re.split(r"([0-9]+)", text), itertools.cycle((False, True)))
    ]


def _truth(columns: Mapping[str, tuple[str, ...]], rows: pd.DataFrame) -> dict[str, str]:
    """Expected value of each item: present if any image has it, else uncertain, else absent; left out if unlabelled."""
    truth = {}
    for item, names in columns.items():
        labels = {label for name in names for label in rows[name]}
        known = next((label for label in ("1", "-1", "0") if label in labels), None)
        if known is not None:
            truth[item] = _TRUTH_WORDS[known]
    return truth


def _labels(row: "pd.Series[str]") -> dict[str, str]:
    kept = [c for c in row.index if c in _LABEL_COLUMNS or str(c).startswith(("label.", "attr."))]
    return {str(column): str(row[column]) for column in kept if row[column] != ""}


def _text_column(column: pd.Series) -> np.ndarray:
    """Each different value is written once: tables of public datasets have hundreds of columns and few values."""
    codes, values = pd.factorize(column.astype(object), use_na_sentinel=False)
    words = np.empty(len(values), dtype=object)
    words[:] = [_plain(value) for value in values]
    return words[codes]


def _plain(value: Scalar | object) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
