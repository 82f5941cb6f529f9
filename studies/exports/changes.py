"""The tables of what explanations changed, in the form that a manuscript takes, and where each explanation is from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from engine.rounding import estimate, with_interval
from engine.tables import Table
from studies.exports.printing import Labels, item_label
from studies.exports.record import StudyRecord
from studies.statistics.changes import ALL_ITEMS, DIRECTIONS, answer_pairs, changes_table, in_view_table
from studies.statistics.ratings import ALL

__all__ = ["ChangeTables", "change_tables", "changes_printed", "explanations_frame", "in_view_printed"]

CHANGES_NOTE = (
    "Answers with the explanation in view against the same reader's locked unaided answers. Changed: of answers given "
    "both times, with 95 % interval (Wilson's, adjusted where patients repeat; for all readers the percentile "
    "bootstrap over patients). A = absent, P = present, U = uncertain. κ: Fleiss' kappa of the readers on these cases, "
    "present against absent, before and after; its change with the bootstrap interval. All items: every answer counted "
    "once, with intervals by patient."
)
_DIRECTION_TITLES = dict(zip(DIRECTIONS, ("A→P", "P→A", "→U", "U→", "Other"), strict=True))


@dataclass(frozen=True)
class ChangeTables:
    """Empty frames where nothing was explained."""

    pairs: pd.DataFrame
    changes: pd.DataFrame
    in_view: pd.DataFrame


def change_tables(record: StudyRecord, redraws: int, seed: int) -> ChangeTables:
    """All three from a study's readings and times."""
    unaided = next(arm.name for arm in record.protocol.arms if arm.kind == "unaided")
    pairs = answer_pairs(record.readings, unaided)
    return ChangeTables(pairs, changes_table(pairs, redraws=redraws, seed=seed), in_view_table(record.times, unaided))


def changes_printed(frame: pd.DataFrame, labels: Labels) -> Table:
    """`changes.csv` with its printed form, all strata."""
    rows = frame[frame["stratum"] == ALL].to_dict("records")
    printed = pd.DataFrame([_printed_row(row, labels) for row in rows])
    return Table(frame, "Answers changed with the explanation in view", CHANGES_NOTE, printed)


def _printed_row(row: Mapping[Any, Any], labels: Labels) -> dict[str, str]:
    pooled = row["reader_id"] == ALL and row["item"] != ALL_ITEMS
    change = with_interval(row["kappa_change"], row["kappa_change_low"], row["kappa_change_high"], 2)
    return {
        "Item": item_label(row["item"], labels),
        "Arm": row["arm"],
        "Reader": row["reader_id"],
        "n": str(row["n"]),
        **{title: str(row[name]) for name, title in _DIRECTION_TITLES.items()},
        "Changed, % (95 % CI)": with_interval(100 * row["changed"], 100 * row["low"], 100 * row["high"], 1),
        "κ before": estimate(row["kappa_before"], 2) if pooled else "",
        "κ after": estimate(row["kappa_after"], 2) if pooled else "",
        "Change of κ (95 % CI)": change if pooled else "",
    }


def in_view_printed(frame: pd.DataFrame) -> pd.DataFrame:
    """How long explanations were in view, for paper."""
    return pd.DataFrame(
        [
            {
                "Arm": row["arm"],
                "Reader": row["reader_id"],
                "Cases": str(row["n"]),
                "Brought into view (mean)": f"{row['reveals_mean']:.1f}",
                "In view, median (s)": f"{row['explanation_s_median']:.1f}",
                "In view, sum (min)": f"{row['explanation_s_sum'] / 60:.1f}",
            }
            for row in frame.to_dict("records")
        ]
    )


def explanations_frame(records: tuple[Mapping[str, Any], ...]) -> pd.DataFrame:
    """`explanations.csv`: one row a case, arm, image and item: run, method, spec, weights, seed, scale, how painted."""
    columns = [
        *("case_id", "arm", "kind", "image_id", "item", "sha256", "run", "method", "target", "probability"),
        *("spec_sha256", "weights_sha256", "randomised_seed", "image_sha256", "image_rows", "image_columns"),
        *("map_rows", "map_columns", "largest", "signed", "opacity", "threshold", "color_map"),
    ]
    return pd.DataFrame([{name: record.get(name) for name in columns} for record in records], columns=columns)
