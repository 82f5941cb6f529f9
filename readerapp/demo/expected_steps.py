"""What Tables 1 and 2 should show of a study whose truth and whose readers' error rates are known. No Qt.

Composites have no formula in the planted prevalence alone: everything is worked out case by case and reader by reader.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import pandas as pd

from readerapp.demo.simulated_reader import SimulatedReader, Truth

__all__ = ["ExpectedRow", "expected_row", "row_lines"]

_FAR = 2.0  # standard errors that a line is remarked on


@dataclass(frozen=True)
class ExpectedRow:
    """A row of Table 1 or 2 as it should be, with the standard error of what chance alone does to the readings."""

    planted: float  # share of cases in which any of the confounders is there
    ratio: float  # of valid readings that are positive, in per cent
    ratio_error: float
    votes: tuple[float, ...]  # of each case, the probability that the majority of readers calls it positive

    @property
    def majority(self) -> float:
        """Cases that the majority calls positive."""
        return sum(self.votes)

    @property
    def majority_error(self) -> float:
        return math.sqrt(sum(q * (1 - q) for q in self.votes))

    def far(self, row: Mapping[str, Any]) -> float:
        """By how many standard errors a row of the table is off, the larger of its two numbers.

        The majority's count is a sum of few and lopsided chances: its exact tail, as the standard errors that a normal
        number would be off at the same probability. A number that cannot be is infinitely far.
        """
        difference = float(row["ratio_percent"]) - self.ratio
        if abs(difference) > 1e-9 and not self.ratio_error:
            return math.inf
        ratio = abs(difference) / self.ratio_error if self.ratio_error else 0.0
        return max(ratio, _off(int(row["confounder_present"]), self.votes))


def _off(count: int, votes: Sequence[float]) -> float:
    """How far a number of successes is from what independent chances make likely, two-sided."""
    chances = [1.0]  # of 0, 1, … successes
    for vote in votes:
        chances = [
            (chances[k] * (1 - vote) if k < len(chances) else 0.0) + (chances[k - 1] * vote if k else 0.0)
            for k in range(len(chances) + 1)
        ]
    tail = 2 * min(math.fsum(chances[: count + 1]), math.fsum(chances[count:]))
    return NormalDist().inv_cdf(1 - min(tail, 1.0) / 2) if tail > 1e-15 else math.inf


def expected_row(items: Sequence[str], truths: Sequence[Truth], readers: Sequence[SimulatedReader]) -> ExpectedRow:
    """`truths`: one a case of the finding. `items`: its confounders of the table's group.

    A reading is present where any item is, absent where all are, else missing (an item was uncertain, none present).
    Missing readings are the same share of planted and clean cases only roughly: the ratio's expectation is the ratio of
    expectations, good to second order.
    """
    chances = [[_chances(items, truth, reader) for reader in readers] for truth in truths]
    flat = [one for case in chances for one in case]
    present, valid = sum(p for p, _ in flat), sum(p + a for p, a in flat)
    ratio = present / valid
    # Delta method for a ratio of sums of independent readings: variance of (present − ratio · valid) / valid.
    variance = sum(p * (1 - ratio) ** 2 + a * ratio**2 - (p - ratio * (p + a)) ** 2 for p, a in flat)
    return ExpectedRow(
        planted=sum(any(truth.get(item, False) for item in items) for truth in truths) / len(truths),
        ratio=100 * ratio,
        ratio_error=100 * math.sqrt(max(0.0, variance)) / valid,
        votes=tuple(_majority(case) for case in chances),
    )


def _chances(items: Sequence[str], truth: Truth, reader: SimulatedReader) -> tuple[float, float]:
    """Probability that a reader's composite of a case is present, and that it is absent."""
    sure = 1 - reader.hesitation
    seen = [reader.rates[item].present(truth.get(item, False)) for item in items]
    return 1 - math.prod(1 - sure * share for share in seen), math.prod(sure * (1 - share) for share in seen)


def _majority(readings: Sequence[tuple[float, float]]) -> float:
    """Probability that more readings are present than absent."""
    leads = {0: 1.0}  # present minus absent → probability
    for present, absent in readings:
        after: dict[int, float] = {}
        for lead, share in leads.items():
            for step, chance in ((1, present), (-1, absent), (0, 1 - present - absent)):
                after[lead + step] = after.get(lead + step, 0.0) + share * chance
        leads = after
    return sum(share for lead, share in leads.items() if lead > 0)


def row_lines(table: pd.DataFrame, expected: Mapping[str, ExpectedRow]) -> list[str]:
    """A line a diagnosis: planted, expected and found, remarked on where they are far apart."""
    widest = max(len("diagnosis"), *(len(name) for name in expected))
    lines = [f"{'diagnosis':{widest}}    n  planted  ratio expected  found   majority expected  found    κ"]
    for row in table.to_dict("records"):
        line = expected[row["diagnosis"]]
        remark = f"  ({line.far(row):.1f} standard errors)" if line.far(row) > _FAR else ""
        kappa = "  n/e" if math.isnan(row["fleiss_kappa"]) else f"{row['fleiss_kappa']:.2f}"
        lines.append(
            f"{row['diagnosis']:{widest}}  {row['radiographs_n']:3d}  {line.planted:7.1%}  "
            f"{line.ratio:8.1f} ± {line.ratio_error:3.1f}  {row['ratio_percent']:5.1f}   "
            f"{line.majority:11.1f} ± {line.majority_error:3.1f}  {row['confounder_present']:5d}  {kappa:>5}{remark}"
        )
    return lines
