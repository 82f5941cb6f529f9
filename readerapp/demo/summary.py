"""What the demonstration's tables should show, beside what they show. No Qt."""

import csv
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from readerapp.demo.simulated_reader import (
    Expectation,
    ExpectedChanges,
    Look,
    SimulatedReader,
    expected_changes,
    expected_composite,
    expected_prevalences,
    planted_truth,
)
from studies.planning.allocation import unaided_arm
from studies.statistics.changes import ALL_ITEMS

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

_GROUPS = ("treatment", "physiology")


def summary_lines(view: "CoordinatorView", readers: Sequence[SimulatedReader], prevalence_csv: Path) -> list[str]:
    """Expected and observed prevalence of every item, all unaided readings together, uncertain left out."""
    truths = [planted_truth(view.protocol, case) for case in view.design.cases if not case.practice]
    expected = expected_prevalences(truths, readers)
    for group in _GROUPS:
        items = [item.id for item in view.protocol.items if item.group == group and item.kind == "presence"]
        if items:
            expected.append(expected_composite(f"any:{group} (all items)", items, truths, readers))
    several = len(view.protocol.arms) > 1
    observed = _observed(prevalence_csv, unaided_arm(view.protocol) if several else "all")
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


def _observed(prevalence_csv: Path, arm: str) -> dict[str, float]:
    rows = [row for row in _rows(prevalence_csv) if row["stratum"] == row["reader_id"] == "all" and row["arm"] == arm]
    chosen = [row for row in rows if row["uncertain_as"] == "left out"] or rows
    return {row["item"]: float(row["prevalence"]) for row in chosen if row["prevalence"]}


def changes_lines(looks: Sequence[Look], readers: Sequence[SimulatedReader], changes_csv: Path) -> list[str]:
    """Expected and observed changes of answers by arm and reader; items without a map have a line of their own."""
    mapped = {look.item for look in looks}
    rows = [row for row in _rows(changes_csv) if row["stratum"] == "all" and row["item"] != ALL_ITEMS]
    trust = ", ".join(f"{r.reader_id} {r.follows:.0%} and {r.doubts:.0%}" for r in readers)
    lines = [
        "Answers changed with a map in view (A absent, P present). A reader who missed what a map points at follows "
        f"it, and takes back what it does not point at, so often: {trust}.",
        f"{'arm':8}{'reader':10}{'maps':>5}  {'A→P expected':>12}  observed  {'P→A expected':>12}  observed",
    ]
    for line in expected_changes(looks, readers):
        own = [row for row in rows if (row["arm"], row["reader_id"]) == (line.arm, line.reader_id)]
        lines.append(_changes_line(line, [row for row in own if row["item"] in mapped]))
    without = sum(int(row["n_changed"]) for row in rows if row["item"] not in mapped and row["reader_id"] != "all")
    return [*lines, f"items without a map: {without} answers changed, 0 expected"]


def _changes_line(expected: ExpectedChanges, rows: Sequence[Mapping[str, str]]) -> str:
    words = f"{expected.arm:8}{expected.reader_id:10}{expected.n:5d}"
    far = False
    for name, (mean, error) in (
        ("absent_to_present", expected.to_present),
        ("present_to_absent", expected.to_absent),
    ):
        seen = sum(int(row[name]) for row in rows)
        words += f"  {mean:12.1f}  {seen:8d}"
        far = far or abs(seen - mean) > 2 * error + 1e-9
    return words + ("  (more than 2 standard errors)" if far else "")


def _rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
