"""Step 1 of DiffChest's reader study: which confounders radiologists find in counterfactual images, for each finding.

A cohort of counterfactuals (`engine cohort counterfactual`) says in `attr.target` which finding an image was pushed
towards. The reader is not told: the finding is a stratum, and its own item is no confounder of it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.cohorts.cohort import Cohort, load_cohort
from studies.design import TARGET
from studies.errors import SealError
from studies.planning.protocol_text import protocol_entries
from studies.planning.selection import as_text
from studies.protocol import Item, Protocol
from studies.statistics.answers import PRESENT
from studies.statistics.ratings import Ratings

__all__ = [
    "FOUND",
    "STEP1_PROTOCOL",
    "found_confounders",
    "found_table",
    "in_words",
    "own_items",
    "step1_entries",
]

STEP1_PROTOCOL = "protocols/diffchest_step1.toml"  # that ships: items, instructions, order
FOUND = ["finding", "item", "item_group", "min_readers", "n_imagined", "n_found"]


def step1_entries(protocol: Protocol, cohort: Path, readers: Sequence[str] = ()) -> dict[str, Any]:
    """Entries of the protocol of step 1: `protocol`'s, with a stratum for each finding that the cohort imagines.

    readers: ids in place of the protocol's own. Raises CohortError; SealError for a cohort of anything else.
    """
    entries = protocol_entries(protocol)
    strata = [
        {
            "name": in_words(target),
            "where": {TARGET: {"values": [target]}},
            "n": number,
            "finding_items": [item.id for item in own_items(protocol.items, target)],
        }
        for target, number in _targets(load_cohort(cohort), protocol.case_unit).items()
    ]
    entries["selection"] = dict(entries.get("selection", {})) | {"strata": strata}
    if readers:
        entries["readers"] = [{"id": reader} for reader in readers]
    return entries


def _targets(cohort: Cohort, unit: str) -> dict[str, int]:
    """Finding → cases that imagine it, in the order of the table."""
    if TARGET not in cohort.frame:
        raise SealError(
            f"{cohort.root.name} is no cohort of counterfactuals: it has no column {TARGET}; make one with `engine "
            "cohort counterfactual`"
        )
    table = as_text(cohort.frame)
    table = table[table[TARGET] != ""]
    column = {"image": "image_id", "study": "study_id", "patient": "patient_id"}[unit]
    counts = table.groupby(TARGET, sort=False)[column].nunique()
    return {str(target): int(number) for target, number in counts.items()}


def in_words(finding: str) -> str:
    """A finding as a stratum is called: `pleural_effusion` is "pleural effusion"."""
    return finding.replace("_", " ")


def own_items(items: Sequence[Item], finding: str) -> list[Item]:
    """The items that are the finding itself, never its confounder: by what a network calls them, or by their id."""
    return [item for item in items if finding in (item.finding, item.id)]


def found_table(ratings: Ratings, protocol: Protocol, targets: dict[str, str]) -> pd.DataFrame:
    """A row a finding × item × number of readers k: in how many of its cases at least k readers said "present".

    Columns `FOUND`. The finding's own items are left out; so are hidden repeats; uncertain is not present.
    """
    counts = _present(ratings)
    asked = {str(item.id) for item in protocol.items if item.kind == "presence"}
    rows: list[tuple[object, ...]] = []
    for finding in dict.fromkeys(targets.values()):
        cases = [place for place, case in enumerate(ratings.case_ids) if targets.get(case) == finding]
        own = {str(item.id) for item in own_items(protocol.items, finding)}
        for place, item in enumerate(ratings.items):
            if item.item_id in own or item.item_id not in asked:
                continue
            for least in range(1, len(ratings.reader_ids) + 1):
                found = int((counts[cases, place] >= least).sum())
                rows.append((finding, item.item_id, item.group, least, len(cases), found))
    return pd.DataFrame(rows, columns=FOUND)


def _present(ratings: Ratings) -> NDArray[np.int_]:
    """(n_cases, n_items): readers who said present in the first arm, the unaided one."""
    count: NDArray[np.int_] = (ratings.codes[0] == PRESENT).sum(axis=1)
    return count


def found_confounders(table: pd.DataFrame, min_readers: int, min_cases: int) -> dict[str, list[str]]:
    """Finding → its confounders: found by `min_readers` in `min_cases` or more of its cases. Findings without are out.

    Raises SealError where fewer readers took part.
    """
    took_part = int(table["min_readers"].max()) if len(table) else 0
    if min_readers > took_part:
        raise SealError(f"{min_readers} readers were asked for to find a confounder, and step 1 has {took_part}")
    chosen = table[(table["min_readers"] == min_readers) & (table["n_found"] >= min_cases)]
    chosen = chosen[chosen["item_group"] != ""]
    return {str(finding): list(rows["item"]) for finding, rows in chosen.groupby("finding", sort=False)}
