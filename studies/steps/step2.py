"""Step 2 of DiffChest's reader study: real images to check the confounders in that step 1 found, as step 3's protocol.

For each finding with confounders n real images with it, or all if fewer, by seed. A patient is read for one finding
only, the rarest first, and patients whose images were pushed in step 1 are read for none. The confounders asked for are
the same for every case; which of them belong to which finding stands in the strata, for the desk only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from engine.cohorts.cohort import load_cohort
from studies.design import targets_of
from studies.errors import SealError
from studies.planning.protocol_text import protocol_text
from studies.planning.selection import Sampled, as_text, select_cases
from studies.protocol import Item, Protocol, parse_protocol
from studies.steps.step1 import found_confounders, found_table, in_words, own_items

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

__all__ = ["Checked", "Selected", "Step2", "step3_protocol"]

_READERS = 3  # of the paper
_FRONTAL = ("PA", "AP")
_TITLE = "Presence of confounders"  # readers see it: nothing of step 1 stands in it
_INSTRUCTIONS = """\
Research use only, not for diagnosis.

For each image, say for every item whether it is present or absent. Say uncertain where you would not commit yourself,
and not assessable where the image does not allow an answer. Read alone; do not discuss cases until all readers have
finished.
"""


@dataclass(frozen=True)
class Step2:
    """How step 3's images are chosen."""

    per_finding: int = 30
    seed: int = 0
    min_readers: int = 1  # of step 1, who found it in a case …
    min_cases: int = 1  # … and in so many cases
    readers: tuple[str, ...] = ()  # of step 3; three new names where none are given
    title: str = ""


@dataclass(frozen=True)
class Checked:
    """A confounder that step 3 looks for in the images of a finding, and in how many cases step 1 found it there."""

    finding: str  # as its stratum is called
    item: str
    text: str
    n_found: int  # cases, of …
    n_imagined: int


@dataclass(frozen=True)
class Selected:
    """Step 3's protocol, and how it came about."""

    text: str
    sampled: tuple[Sampled, ...]
    left_out: tuple[str, ...]  # a sentence each: findings of step 1 that are not read in step 3
    checked: tuple[Checked, ...]
    excluded: int  # patients of step 1, whose images are not read


def step3_protocol(view: "CoordinatorView", cohort: Path, options: Step2) -> Selected:
    """The protocol of step 3, from a finished step 1 and a cohort of real images.

    Raises AccessError while step 1's readers are reading, CohortError, ProtocolError (a reader of step 1 among those
    of step 3), SealError where nothing was found or no image fits.
    """
    targets = targets_of(view.design)
    if not targets:
        raise SealError(
            f"'{view.protocol.title}' is no study of counterfactuals: its cases name no target; step 1 is made with "
            "`studies step1`"
        )
    table = found_table(view.ratings(), view.protocol, targets)
    found = found_confounders(table, options.min_readers, options.min_cases)
    frame = load_cohort(cohort).frame
    patients = _patients(view)
    available, left_out = _available(found, frame, patients)
    if not available:
        reasons = "; ".join(left_out) or (
            f"no item was found by {options.min_readers} or more readers in {options.min_cases} or more cases"
        )
        raise SealError(f"step 1 leaves nothing to check in {cohort.name}: {reasons}")
    asked = [finding for finding, _ in sorted(available.items(), key=lambda each: (each[1], each[0]))]
    wanted = {finding: found[finding] for finding in asked}
    text = protocol_text(_entries(view, frame, wanted, patients, options))
    unfound = [finding for finding in dict.fromkeys(targets.values()) if finding not in found]
    sentences = [*(f"{in_words(finding)}: step 1 found no confounder of it" for finding in unfound), *left_out]
    checked = _checked(table[table["min_readers"] == options.min_readers], wanted, view.protocol)
    sampled = select_cases(parse_protocol(text), frame).sampled
    return Selected(text, sampled, tuple(sentences), checked, len(patients))


def _checked(table: pd.DataFrame, wanted: dict[str, list[str]], protocol: Protocol) -> tuple[Checked, ...]:
    """table: rows of `found_table` for one number of readers."""
    texts = {str(item.id): item.text for item in protocol.items}
    rows = {(row.finding, row.item): row for row in table.itertuples()}
    return tuple(
        Checked(in_words(finding), item, texts[item], int(row.n_found), int(row.n_imagined))  # type: ignore[arg-type]
        for finding, items in wanted.items()
        for item in items
        for row in [rows[finding, item]]
    )


def _patients(view: "CoordinatorView") -> list[str]:
    """Patients of every image that step 1 showed, practice cases too."""
    rows = pd.read_csv(StringIO(view.design.cohort_rows), dtype=str, keep_default_na=False)
    return sorted(set(rows["patient_id"]))


def _available(
    found: dict[str, list[str]], frame: pd.DataFrame, patients: Sequence[str]
) -> tuple[dict[str, int], list[str]]:
    """Finding → real images with it, of other patients; and a sentence for each that has none."""
    table = as_text(_frontal(frame))
    table = table[~table["patient_id"].isin(patients)]
    available, left_out = {}, []
    for finding in found:
        column = f"label.{finding}"
        number = int((table[column] == "1").sum()) if column in table else 0
        if number:
            available[finding] = number
        else:
            why = "has no image with it of another patient" if column in table else f"has no column {column}"
            left_out.append(f"{in_words(finding)}: the cohort {why}")
    return available, left_out


def _frontal(frame: pd.DataFrame) -> pd.DataFrame:
    """Frontal radiographs where there are such; every image of other cohorts."""
    frontal = frame[frame["view"].isin(_FRONTAL)]
    return frame if frontal.empty else frontal


def _entries(
    view: "CoordinatorView",
    frame: pd.DataFrame,
    found: dict[str, list[str]],
    patients: Sequence[str],
    options: Step2,
) -> dict[str, Any]:
    protocol = view.protocol
    wanted = {item for items in found.values() for item in items}
    items = [item for item in protocol.items if item.id in wanted]
    conditions: dict[str, Any] = {"patient_id": {"exclude": list(patients)}}
    if len(_frontal(frame)) < len(frame):
        conditions = {"view": {"values": list(_FRONTAL)}} | conditions
    strata = [_stratum(finding, confounders, items, options.per_finding) for finding, confounders in found.items()]
    return {
        "title": options.title or _TITLE,
        "instructions": _INSTRUCTIONS,
        "case_unit": "image",
        "selection": {"seed": options.seed, "filter": conditions, "strata": strata},
        "order": {"seed": options.seed, "patient_spacing": 3},
        "navigation": {"require_complete": True},
        "step1": {
            "title": protocol.title,
            "seal": view.design.seal_hash,
            "readers": [str(reader.id) for reader in protocol.readers],
            "min_readers": options.min_readers,
            "min_cases": options.min_cases,
        },
        "readers": [{"id": reader} for reader in options.readers or _new_readers(protocol)],
        "items": [_asked_of_real(item) for item in items],
    }


def _stratum(finding: str, confounders: Sequence[str], items: Sequence[Item], n: int) -> dict[str, Any]:
    return {
        "name": in_words(finding),
        "where": {f"label.{finding}": {"values": [1]}},
        "n": n,
        "confounders": list(confounders),
        "finding_items": [item.id for item in own_items(items, finding)],
    }


def _asked_of_real(item: Item) -> dict[str, Any]:
    """The item as step 1 asked it, without the pictures beside it: those lie with step 1's protocol."""
    entries: dict[str, Any] = _item_entries(item)
    entries.pop("exemplars", None)
    return entries


def _item_entries(item: Item) -> dict[str, Any]:
    """What an item says beyond the defaults."""
    return item.model_dump(mode="json", exclude_defaults=True)


def _new_readers(protocol: Protocol) -> list[str]:
    """Three ids that no reader of step 1 has."""
    taken = {reader.id.lower() for reader in protocol.readers}
    names = (f"reader{number}" for number in range(1, 2 * len(taken) + 2 * _READERS))
    return [name for name in names if name not in taken][:_READERS]
