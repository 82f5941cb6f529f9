"""What the demonstration's tables should show, beside what they show. No Qt."""

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from readerapp.demo.simulated_reader import (
    Expectation,
    SimulatedReader,
    expected_composite,
    expected_prevalences,
    planted_truth,
)

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

_GROUPS = ("treatment", "physiology")


def summary_lines(view: "CoordinatorView", readers: Sequence[SimulatedReader], prevalence_csv: Path) -> list[str]:
    """Expected and observed prevalence of every item, all readings together, uncertain left out."""
    truths = [planted_truth(view.protocol, case) for case in view.design.cases if not case.practice]
    expected = expected_prevalences(truths, readers)
    for group in _GROUPS:
        items = [item.id for item in view.protocol.items if item.group == group and item.kind == "presence"]
        if items:
            expected.append(expected_composite(f"any:{group} (all items)", items, truths, readers))
    observed = _observed(prevalence_csv)
    widest = max(len(line.item) for line in expected)
    lines = [
        f"Prevalence over {len(truths)} cases and {len(readers)} readers; expected is p·s + (1 − p)(1 − c) with each "
        "reader's sensitivity s and specificity c, case by case for composites:",
        f"{'item':{widest}}  planted  expected  observed  difference",
    ]
    return lines + [_line(entry, observed, widest) for entry in expected]


def _line(entry: Expectation, observed: Mapping[str, float], widest: int) -> str:
    seen = observed[entry.item]
    error = math.sqrt(entry.expected * (1 - entry.expected) / entry.n)
    within = "" if abs(seen - entry.expected) <= 2 * error else "  (more than 2 standard errors)"
    return (
        f"{entry.item:{widest}}  {entry.planted:7.1%}  {entry.expected:8.1%}  {seen:8.1%}  "
        f"{100 * (seen - entry.expected):+9.1f}{within}"
    )


def _observed(prevalence_csv: Path) -> dict[str, float]:
    with prevalence_csv.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["stratum"] == row["arm"] == row["reader_id"] == "all"]
    chosen = [row for row in rows if row["uncertain_as"] == "left out"] or rows
    return {row["item"]: float(row["prevalence"]) for row in chosen if row["prevalence"]}
