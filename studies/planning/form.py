"""What a form for a new study says while it is filled in: which section lacks what, and how many cases there are.

Every check is made of what is there already: cases are counted before a single item or reader was entered.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import ValidationError

from engine.cohorts.cohort import load_cohort
from engine.errors import CohortError
from studies.errors import ProtocolError, StudyError
from studies.planning.allocation import Allocation, allocate
from studies.planning.protocol_text import Entries, protocol_text
from studies.planning.selection import Sampled, as_text, select_cases
from studies.protocol import Protocol, parse_protocol, protocol_hash
from studies.protocol_sentences import clauses

BASIS, CASES, ITEMS, READERS, READING = "basis", "cases", "items", "readers", "reading"
SECTIONS = (BASIS, CASES, ITEMS, READERS, READING)
_MOST_VALUES = 12  # of a column, offered as examples
_SECTION_OF = {
    "title": BASIS,
    "instructions": BASIS,
    "case_unit": BASIS,
    "selection": CASES,
    "stratum": CASES,
    "training": CASES,
    "items": ITEMS,
    "item": ITEMS,
    "readers": READERS,
    "reader": READERS,
    "step1": READERS,
}


@dataclass(frozen=True)
class FormProblem:
    """What a section still lacks, in a sentence."""

    section: str
    sentence: str


@dataclass(frozen=True)
class CohortFacts:
    """What a form offers of a cohort: columns with their most frequent values, and how many images have each."""

    images: int
    patients: int
    columns: Mapping[str, tuple[tuple[str, int], ...]]


@dataclass(frozen=True)
class FormLook:
    """A form as it stands. Counts are None where what they need is not there, or wrong."""

    problems: tuple[FormProblem, ...]
    cohort: CohortFacts | None = None
    sampled: tuple[Sampled, ...] = ()
    cases: int | None = None  # without practice
    patients: int | None = None
    readings: Mapping[str, int] = field(default_factory=dict)  # reader id → presentations, repeats and practice too
    repeats: int = 0  # of one reader

    @property
    def ready(self) -> bool:
        """Whether a draft can be made of it."""
        return not self.problems and self.cases is not None

    def of_section(self, section: str) -> tuple[str, ...]:
        return tuple(problem.sentence for problem in self.problems if problem.section == section)


def look_at_form(entries: Entries, cohort: Path | None) -> FormLook:
    """Check entries, complete or not, against a cohort's folder (None: not chosen yet)."""
    # What is checked is what would be written: without what is empty.
    entries = tomllib.loads(protocol_text(entries))
    problems = _wrong_entries(entries)
    try:
        found = _opened(cohort) if cohort else None
    except CohortError as error:
        found = None
        problems.insert(0, FormProblem(BASIS, str(error)))
    if found is None:
        if cohort is None:
            problems.append(FormProblem(BASIS, "choose the folder of a cohort: it holds the images"))
        return FormLook(tuple(problems))
    frame, facts = found
    try:
        if not problems:
            return _whole(entries, frame, facts)
        return _counted(entries, frame, facts, problems)
    except StudyError as error:
        return FormLook((*problems, FormProblem(_section_of(str(error)), str(error))), facts)


def _opened(folder: Path) -> tuple[pd.DataFrame, CohortFacts]:
    """Rows and facts of a cohort; read again only where its table was changed since. Raises CohortError."""
    try:
        changed = (folder / "cohort.csv").stat().st_mtime_ns
    except OSError:
        changed = 0
    return _read(folder, changed)


@lru_cache(maxsize=2)
def _read(folder: Path, _changed: int) -> tuple[pd.DataFrame, CohortFacts]:
    frame = load_cohort(folder).frame
    return frame, _facts(frame)


def _facts(frame: pd.DataFrame) -> CohortFacts:
    table = as_text(frame)
    columns = {}
    for name in table:
        counts = table[name].value_counts()
        columns[str(name)] = tuple((str(v), int(n)) for v, n in list(counts.items())[:_MOST_VALUES])
    return CohortFacts(len(frame), int(frame["patient_id"].nunique()), columns)


def _wrong_entries(entries: Entries) -> list[FormProblem]:
    """What the protocol's own rules say, an entry each."""
    try:
        Protocol.model_validate(entries)
    except ValidationError as error:
        return [
            FormProblem(_SECTION_OF.get(str(loc[0]), READING) if loc else _section_of(sentence), sentence)
            for loc, sentence in clauses(error, entries, Protocol)
        ]
    return []


def _section_of(sentence: str) -> str:
    """The section a sentence about the whole speaks of: its first word is the entry."""
    first = sentence.replace(".", " ").replace(":", " ").split(" ", 1)[0]
    return _SECTION_OF.get(first, READING)


def _whole(entries: Entries, frame: pd.DataFrame, facts: CohortFacts) -> FormLook:
    text = protocol_text(entries)
    protocol = parse_protocol(text)
    return _look(allocate(protocol, protocol_hash(text), frame), protocol, facts, ())


def _look(allocation: Allocation, protocol: Protocol, facts: CohortFacts, problems: Sequence[FormProblem]) -> FormLook:
    cases = [case for case in allocation.cases if not case.practice]
    showings = allocation.presentations
    first = [p for p in showings if p.reader_id == showings[0].reader_id]
    return FormLook(
        tuple(problems),
        facts,
        allocation.sampled,
        len(cases),
        len({case.patient_id for case in cases}),
        {reader.id: sum(p.reader_id == reader.id for p in showings) for reader in protocol.readers},
        sum(p.repeat for p in first),
    )


def _counted(entries: Entries, frame: pd.DataFrame, facts: CohortFacts, problems: Sequence[FormProblem]) -> FormLook:
    """The cases alone, whatever items and readers still lack."""
    selection = dict(entries.get("selection") or {})
    selection["strata"] = [
        {name: value for name, value in stratum.items() if name in ("name", "where", "n")}
        for stratum in selection.get("strata") or []
    ]
    training: dict[str, Any] = {k: v for k, v in (entries.get("training") or {}).items() if k != "truth"}
    probe = {
        "title": "probe",
        "case_unit": entries.get("case_unit", "image"),
        "selection": selection,
        "items": [{"id": "probe", "text": "probe"}],
        "readers": [{"id": "probe"}],
    } | ({"training": training} if training else {})
    try:
        protocol = parse_protocol(protocol_text(probe))
    except ProtocolError:
        return FormLook(tuple(problems), facts)
    selected = select_cases(protocol, frame)
    cases = [case for case in selected.cases if not case.practice]
    patients = len({case.patient_id for case in cases})
    return FormLook(tuple(problems), facts, selected.sampled, len(cases), patients)


def shared_keys(items: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Keys that several items ask for: key → the texts of those items."""
    wanted: dict[str, list[str]] = {}
    for item in items:
        if item.get("key"):
            wanted.setdefault(str(item["key"]), []).append(str(item.get("text", item.get("id", ""))))
    return {key: texts for key, texts in wanted.items() if len(texts) > 1}
