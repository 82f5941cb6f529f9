"""The printed form of the tables: rounded, intervals beside their value, columns that say nothing left out."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from studies.exports.writing import Table
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


def number(value: float, digits: int = 3) -> str:
    """Rounded, with a true minus sign; "" for what is not there."""
    if value is None or np.isnan(value):
        return ""
    text = f"{value:.{digits}f}"
    return text.replace("-", "−") if float(text) else f"{0:.{digits}f}"


def percent(value: float) -> str:
    return number(100 * value, 1)


def with_interval(value: float, low: float, high: float, digits: int = 3) -> str:
    """ "0.430 (0.319 to 0.541)"; "not estimable" where there is no value; an interval of no width is not printed."""
    if np.isnan(value):
        return "not estimable"
    if np.isnan(low) or low == high:
        return number(value, digits)
    return f"{number(value, digits)} ({number(low, digits)} to {number(high, digits)})"


def _interval(low: float, high: float) -> str:
    return "" if np.isnan(low) or low == high else f"{number(low)} to {number(high)}"


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
    """The text of an item, its id in words where it has none; "id = option" keeps its option."""
    if item.startswith("any:"):
        group, mark, _ = item.removeprefix("any:").partition(" (all items)")
        return f"Any {group} confounder{mark}"
    name, mark, option = item.partition(" = ")
    return labels.get(item) or labels.get(name, name.replace("_", " ")) + mark + option


def agreement_printed(frame: pd.DataFrame, labels: Labels) -> Table:
    """`agreement.csv` with its printed form."""
    rows = frame.to_dict("records")
    printed = _names(frame, labels) | {
        "Cases": [str(r["n_cases"]) for r in rows],
        "Readers": [str(r["n_readers"]) for r in rows],
        "Readings": [str(r["n_readings"]) for r in rows],
        "Present (%)": [percent(r["prevalence"]) for r in rows],
        "Observed agreement": [number(r["observed_agreement"]) for r in rows],
        "Positive agreement": [number(r["positive_agreement"]) for r in rows],
        "Negative agreement": [number(r["negative_agreement"]) for r in rows],
        "Fleiss' κ (95 % CI)": [
            with_interval(r["fleiss_kappa"], r["fleiss_kappa_low"], r["fleiss_kappa_high"]) for r in rows
        ],
        "Bootstrap CI": [_interval(r["fleiss_kappa_boot_low"], r["fleiss_kappa_boot_high"]) for r in rows],
        "AC1 (95 % CI)": [with_interval(r["ac1"], r["ac1_low"], r["ac1_high"]) for r in rows],
        "PABAK": [number(r["pabak"]) for r in rows],
        "Krippendorff's α (95 % CI)": [
            with_interval(r["krippendorff_alpha"], r["alpha_low"], r["alpha_high"]) for r in rows
        ],
        "Remark": [_remark(r["status"]) for r in rows],
    }
    return Table(frame, "Agreement between readers", AGREEMENT_NOTE, pd.DataFrame(printed))


def _remark(status: str) -> str:
    return "" if status == "ok" else status.replace("not estimable", "κ not estimable", 1)


def prevalence_printed(frame: pd.DataFrame, labels: Labels) -> Table:
    """`prevalence.csv` with its printed form."""
    rows = frame.to_dict("records")
    shares = [
        with_interval(100 * r["prevalence"], 100 * r["low"], 100 * r["high"], 1) if r["n"] else "not estimable"
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
