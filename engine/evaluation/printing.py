"""The printed form of the tables of a report: what people read first, rounded; everything else is in the CSV."""

from collections.abc import Sequence

import pandas as pd

from engine.evaluation.measures import ALL
from engine.rounding import NOT_ESTIMABLE, is_missing, number, with_interval
from engine.tables import Table

__all__ = ["comparison_table", "group_label", "metrics_table", "p_value"]

METRICS_NOTE = (
    "AUC: area under the ROC curve, each class against the rest, with 95 % percentile interval of redrawn patients. "
    "Sensitivity and specificity at the threshold with the largest Youden index on validation data, with Wilson's 95 % "
    "interval adjusted where patients repeat. Slope: of the outcome on the logit of the probability; 1 is calibrated. "
    "The CSV has DeLong's intervals, the other thresholds and the Brier score as well."
)
COMPARISON_NOTE = (
    "Difference: AUC of this run less that of the other on the same images. DeLong: two-sided p, placements summed by "
    "patient. Permutation: two-sided p of exchanging the two runs' ranks within patients. Neither is adjusted for the "
    "number of classes."
)


def metrics_table(frame: pd.DataFrame) -> Table:
    """`metrics.csv` with its printed form."""
    rows = frame.to_dict("records")
    printed = _where(frame) | {
        "n": [str(row["n"]) for row in rows],
        "Patients": [str(row["n_patients"]) for row in rows],
        "Positive": [number(row["n_positive"], 0) for row in rows],
        "AUC (95 % CI)": [_estimate(row, "auc") for row in rows],
        "Sensitivity (95 % CI)": [_estimate(row, "sensitivity_youden", "") for row in rows],
        "Specificity (95 % CI)": [_estimate(row, "specificity_youden", "") for row in rows],
        "ECE": [number(row["ece"]) for row in rows],
        "Slope (95 % CI)": [_estimate(row, "calibration_slope", "") for row in rows],
    }
    if (frame["status"] != "ok").any():
        printed["Remark"] = ["" if row["status"] == "ok" else row["status"] for row in rows]
    return Table(frame, "How well the model tells the classes apart", METRICS_NOTE, pd.DataFrame(printed))


def comparison_table(frame: pd.DataFrame, other: str) -> Table:
    """`comparison.csv` with its printed form."""
    rows = frame.to_dict("records")
    printed = _where(frame) | {
        "n": [str(row["n"]) for row in rows],
        "Positive": [number(row["n_positive"], 0) for row in rows],
        "AUC": [number(row["auc"]) or NOT_ESTIMABLE for row in rows],
        "AUC of the other": [number(row["other_auc"]) or NOT_ESTIMABLE for row in rows],
        "Difference (95 % CI)": [_estimate(row, "difference") for row in rows],
        "p, DeLong": [p_value(row["p_delong"]) for row in rows],
        "p, permutation": [p_value(row["p_permutation"]) for row in rows],
    }
    return Table(frame, f"Against {other}", COMPARISON_NOTE, pd.DataFrame(printed))


def p_value(p: float) -> str:
    """ "0.042", "<0.001"; "" for what is not there."""
    if is_missing(p):
        return ""
    return "<0.001" if p < 0.001 else number(p)


def group_label(group: str, value: str) -> str:
    """`all`, `sex F`, `age 60 to 79`."""
    return ALL if group == ALL else f"{group} {value}"


def _estimate(row: dict, name: str, nothing: str = NOT_ESTIMABLE) -> str:
    if is_missing(row[name]):
        return nothing
    return with_interval(row[name], row[f"{name}_low"], row[f"{name}_high"])


def _where(frame: pd.DataFrame) -> dict[str, list[str]]:
    """What a row is about; columns that say the same everywhere are left out."""
    columns: dict[str, list[str]] = {"Class": list(frame["class"])}
    for name in ("cohort", "split", "level"):
        if frame[name].nunique() > 1:
            columns[name.capitalize()] = list(frame[name])
    if "group" in frame and (frame["group"] != ALL).any():
        columns["Subgroup"] = _labels(frame["group"], frame["value"])
    return columns


def _labels(groups: Sequence[str], values: Sequence[str]) -> list[str]:
    return [group_label(group, value) for group, value in zip(groups, values)]
