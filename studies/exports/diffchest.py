"""Tables 1 and 2 of DiffChest (Han et al. 2023) for any study with strata, in their own layout.

The published count column is the floor of the mean count over readers; ours is the majority's. Their kappa column
cannot be made by Fleiss' formula from their ratios in 11 of 17 rows, and prints 1.000 where all ratings agree: ours is
Fleiss' kappa, or says why there is none.
"""

from collections.abc import Iterator

import pandas as pd

from engine.rounding import estimate
from engine.tables import Table
from studies.statistics.prevalence import MAJORITY
from studies.statistics.questions import COMPOSITE_GROUPS, LEFT_OUT

COLUMNS = [
    "diagnosis",
    "radiographs_n",
    "confounder_present",
    "ratio_percent",
    "fleiss_kappa",
    "fleiss_kappa_low",
    "fleiss_kappa_high",
    "n_tied",
    "status",
]


def diffchest_tables(
    agreement: pd.DataFrame, prevalence: pd.DataFrame, arm: str, unit: str = "Radiographs"
) -> Iterator[tuple[str, Table]]:
    """Name and table for treatment-related (1) and physiology-related (2) confounders; those without rows are left out.

    From the two tables of the same readings; one row a stratum that has confounders of that group; `arm` as it stands
    in them. Counts are of the majority, ratio = positive of all valid readings, uncertain answers left out.
    """
    for place, group in enumerate(COMPOSITE_GROUPS, start=1):
        rows = _rows(agreement, prevalence, f"any:{group}", arm)
        if not rows.empty:
            title = f"Table {place}: Presence of {group}-related confounders in {unit.lower()}"
            yield f"table{place}_{group}", Table(rows, title, _note(rows, unit), _printed(rows, unit))


def _rows(agreement: pd.DataFrame, prevalence: pd.DataFrame, item: str, arm: str) -> pd.DataFrame:
    kappas = _chosen(agreement, item, arm)
    votes = _chosen(prevalence, item, arm)
    votes = votes[votes["reader_id"] == MAJORITY].set_index("stratum")
    rows = [
        {
            "diagnosis": row["stratum"],
            "radiographs_n": votes.loc[row["stratum"], "n"],
            "confounder_present": votes.loc[row["stratum"], "present"],
            "ratio_percent": 100 * row["prevalence"],
            "fleiss_kappa": row["fleiss_kappa"],
            "fleiss_kappa_low": row["fleiss_kappa_low"],
            "fleiss_kappa_high": row["fleiss_kappa_high"],
            "n_tied": votes.loc[row["stratum"], "n_tied"],
            "status": row["status"],
        }
        for row in kappas.to_dict("records")
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values("ratio_percent", ascending=False, kind="stable", ignore_index=True)  # as the paper does


def _chosen(frame: pd.DataFrame, item: str, arm: str) -> pd.DataFrame:
    return frame[(frame["item"] == item) & (frame["arm"] == arm) & (frame["uncertain_as"] == LEFT_OUT)]


def _printed(rows: pd.DataFrame, unit: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "“Diagnosis” in radiograph": rows["diagnosis"],
            f"{unit} (n)": rows["radiographs_n"].astype(str),
            "Confounder present": rows["confounder_present"].astype(str),
            "Ratio (%)": [estimate(ratio, 1) for ratio in rows["ratio_percent"]],
            "Fleiss' κ": [estimate(kappa) for kappa in rows["fleiss_kappa"]],
        }
    )


def _note(rows: pd.DataFrame, unit: str) -> str:
    tied, total, cases = int(rows["n_tied"].sum()), int(rows["radiographs_n"].sum()), unit.lower()
    sentences = [
        f"In total, {total} {cases} have a valid reading. Confounder present: {cases} in which the majority of readers "
        "found at least one of the confounders identified for that diagnosis, the diagnosis itself not counted; a "
        f"tied majority is not present ({tied} tied).",
        "Ratio: positive of all valid readings. Fleiss' κ quantifies inter-reader agreement on the same question.",
    ]
    if rows["fleiss_kappa"].isna().any():
        reasons = rows.loc[rows["fleiss_kappa"].isna(), ["diagnosis", "status"]].itertuples(index=False)
        named = "; ".join(f"{name} ({why.removeprefix('not estimable: ')})" for name, why in reasons)
        sentences.append(f"Not estimable: {named}.")
    return " ".join(sentences)
