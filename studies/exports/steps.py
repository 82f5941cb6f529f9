"""What the steps of DiffChest's reader study add to an export: what step 1 found, and what readers propose."""

from collections.abc import Iterator

import pandas as pd

from engine.tables import Table
from studies.design import targets_of
from studies.exports.record import StudyRecord
from studies.statistics.ratings import Ratings
from studies.steps.proposals import asks_for_proposals, proposals_frame
from studies.steps.step1 import found_table, in_words

__all__ = ["step_tables"]

_FOUND_NOTE = (
    "Cases of the counterfactuals of a finding in which so many readers found the confounder, the finding itself not "
    "counted; uncertain is not present. Items that nobody found are left out here, and stand in the CSV."
)
_PROPOSALS_NOTE = (
    "Terms that readers wrote where the list lacked one. To take one in: yes in the column accepted, a definition in "
    "help, then `studies vocabulary`."
)


def step_tables(record: StudyRecord, ratings: Ratings) -> Iterator[tuple[str, Table]]:
    """Name and table: `confounders_found` of a study of counterfactuals, `proposals` where readers could make any."""
    if targets := targets_of(record.design):
        found = found_table(ratings, record.protocol, targets)
        yield (
            "confounders_found",
            Table(found, "Confounders found in counterfactuals", _FOUND_NOTE, _found(record, found)),
        )
    if any(asks_for_proposals(item) for item in record.protocol.items):
        proposals = proposals_frame(record.readings, record.protocol)
        printed = None if proposals.empty else _proposals(proposals)
        yield "proposals", Table(proposals, "Proposals for the vocabulary", _PROPOSALS_NOTE, printed)


def _found(record: StudyRecord, found: pd.DataFrame) -> pd.DataFrame:
    """A row a finding and item, a column a number of readers."""
    labels = {str(item.id): item.text for item in record.protocol.items}
    wide = found.pivot(index=["finding", "item_group", "item", "n_imagined"], columns="min_readers", values="n_found")
    order = found.drop_duplicates(["finding", "item"])[["finding", "item_group", "item", "n_imagined"]]
    wide = wide.loc[pd.MultiIndex.from_frame(order)]
    wide = wide[wide[1] > 0].reset_index()
    return pd.DataFrame(
        {
            "Finding imagined": wide["finding"].map(in_words),
            "Cases": wide["n_imagined"].astype(str),
            "Group": wide["item_group"],
            "Confounder": wide["item"].map(lambda item: labels.get(item, item)),
            **{f"By {least} or more": wide[least].astype(str) for least in sorted(set(found["min_readers"]))},
        }
    )


def _proposals(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Term": frame["term"],
            "Group": frame["item_group"],
            "Readers": frame["proposed_by"].astype(str),
            "Cases": frame["proposed_in"].astype(str),
            "Findings": frame["strata"],
            "Sounds like": frame["like"],
        }
    )
