"""The printed form of the tables: rounded, intervals beside their value, columns that say nothing left out."""

from collections.abc import Mapping

import pandas as pd

from engine.rounding import NOT_ESTIMABLE, estimate, interval, percent, with_interval
from engine.tables import Table
from studies.statistics.changes import ALL_ITEMS
from studies.statistics.questions import LEFT_OUT
from studies.statistics.ratings import ALL

Labels = Mapping[str, str]  # item id → its text in the protocol

AGREEMENT_NOTE = (
    "κ: Fleiss' kappa with Gwet's 95 % interval (linearised variance summed by patient, t distribution); bootstrap: "
    "95 % percentile interval over patients. AC1: Gwet. PABAK: Brennan–Prediger. α: Krippendorff, nominal, with "
    "bootstrap interval. Intervals generalise to further cases read by these readers. Present: positive of all valid "
    "readings."
)
PREVALENCE_NOTE = (
    "95 % intervals: Wilson's, adjusted where patients repeat; for all readings pooled the percentile bootstrap over "
    "patients. A tied majority counts among the cases and is not present."
)


def _names(frame: pd.DataFrame, labels: Labels) -> dict[str, list[str]]:
    """The columns that say what a row is about; those that are the same in every row are left out."""
    columns = {"Item": [item_label(item, labels) for item in frame["item"]]}
    for name, title, dull in (
        ("category", "Category", ""),
        ("stratum", "Stratum", ALL),
        ("arm", "Arm", ALL),
        ("uncertain_as", "Uncertain as", LEFT_OUT),
    ):
        if name in frame and (frame[name] != dull).any():
            columns[title] = list(frame[name])
    return columns


def item_label(item: str, labels: Labels) -> str:
    """The text of an item, its id in words where it has none; "id = option" names its option."""
    if item == ALL_ITEMS:
        return "All items"
    if item.startswith("any:"):
        group, mark, _ = item.removeprefix("any:").partition(" (all items)")
        return f"Any {group}-related{mark or ' confounder'}"
    name, mark, option = item.partition(" = ")
    return labels.get(item) or line_label(labels.get(name, name.replace("_", " ")), option)


def line_label(name: str, category: str) -> str:
    """An item and its option or category, as the desk names them too."""
    return f"{name}: {category}" if category else name


def agreement_printed(frame: pd.DataFrame, labels: Labels, digits: int = 3) -> Table:
    """`agreement.csv` with its printed form, coefficients to `digits` decimals."""
    rows = frame.to_dict("records")
    several = {(r["item"], r["stratum"], r["arm"]) for r in rows if r["category"]}

    def specific(row: dict, name: str) -> str:
        """An item of several categories has these for each category, none as a whole."""
        whole = not row["category"] and (row["item"], row["stratum"], row["arm"]) in several
        return "" if whole else estimate(row[name], digits)

    def coefficient(row: dict, name: str, interval: str = "") -> str:
        low, high = (row[f"{interval or name}_{end}"] for end in ("low", "high"))
        return with_interval(row[name], low, high, digits)

    printed = _names(frame, labels) | {
        "Cases": [str(r["n_cases"]) for r in rows],
        "Readers": [str(r["n_readers"]) for r in rows],
        "Readings": [str(r["n_readings"]) for r in rows],
        "Present (%)": [percent(r["prevalence"]) for r in rows],
        "Observed agreement": [estimate(r["observed_agreement"], digits) for r in rows],
        "Positive agreement": [specific(r, "positive_agreement") for r in rows],
        "Negative agreement": [specific(r, "negative_agreement") for r in rows],
        "Fleiss' κ (95 % CI)": [coefficient(r, "fleiss_kappa") for r in rows],
        "Bootstrap CI": [interval(r["fleiss_kappa_boot_low"], r["fleiss_kappa_boot_high"], digits) for r in rows],
        "AC1 (95 % CI)": [coefficient(r, "ac1") for r in rows],
        "PABAK": [estimate(r["pabak"], digits) for r in rows],
        "Krippendorff's α (95 % CI)": [coefficient(r, "krippendorff_alpha", "alpha") for r in rows],
        "Remark": [_remark(r["status"]) for r in rows],
    }
    return Table(frame, "Agreement between readers", AGREEMENT_NOTE, pd.DataFrame(printed))


def _remark(status: str) -> str:
    return "" if status == "ok" else status.replace("not estimable", "κ not estimable", 1)


def prevalence_printed(frame: pd.DataFrame, labels: Labels) -> Table:
    """`prevalence.csv` with its printed form."""
    rows = frame.to_dict("records")
    shares = [
        with_interval(100 * r["prevalence"], 100 * r["low"], 100 * r["high"], 1) if r["n"] else NOT_ESTIMABLE
        for r in rows
    ]
    printed = _names(frame, labels) | {
        "Reader": list(frame["reader_id"]),
        "n": [str(r["n"]) for r in rows],
        "Tied": [str(r["n_tied"]) if r["reader_id"] == "majority" else "" for r in rows],
        "Not assessable": [str(r["n_not_assessable"]) for r in rows],
        "Present": [str(r["present"]) for r in rows],
        "Prevalence, % (95 % CI)": shares,
    }
    return Table(frame, "Prevalence", PREVALENCE_NOTE, pd.DataFrame(printed))
