"""Readers with known error rates for the demonstration: their answers, and the prevalence these should give. No Qt."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studies.design import Case
from studies.protocol import Protocol

Truth = Mapping[str, bool]  # item id → planted; items without a label are left out
_SPREAD = 0.05  # items are not equally hard


@dataclass(frozen=True)
class ErrorRates:
    """How often a reader is right about one item."""

    sensitivity: float
    specificity: float

    def present(self, planted: bool) -> float:
        """Probability of the answer "present"."""
        return self.sensitivity if planted else 1 - self.specificity


@dataclass(frozen=True)
class SimulatedReader:
    """Answers depend on seed, showing and item alone: a hidden repeat is read anew, whatever was read before.

    With probability `hesitation` the answer is "uncertain", whether the item is planted or not, so that leaving these
    out changes no expectation.
    """

    reader_id: str
    rates: Mapping[str, ErrorRates]
    hesitation: float = 0.03
    seed: int = 0
    follows: float = 0.6  # how often a map that points at what was planted makes the answer "present"
    doubts: float = 0.0  # how often a map that points elsewhere, or nowhere, makes "present" "absent"

    def answer(self, code: str, item_id: str, planted: bool) -> str:
        """The answer to a presence item of one showing."""
        dice = random.Random(f"{self.seed}/{self.reader_id}/{code}/{item_id}")
        if dice.random() < self.hesitation:
            return "uncertain"
        return "present" if dice.random() < self.rates[item_id].present(planted) else "absent"

    def answer_again(self, code: str, item_id: str, before: str, pointed_at: bool | None) -> str:
        """The answer with the explanation in view: `pointed_at` where its map points at what was planted for the item;
        None where it has no map for it.

        Aided or sham, the reader cannot tell and follows both alike.
        """
        dice = random.Random(f"{self.seed}/{self.reader_id}/{code}/{item_id}/again")
        if pointed_at and before != "present":
            return "present" if dice.random() < self.follows else before
        if pointed_at is False and before == "present":
            return "absent" if dice.random() < self.doubts else before
        return before


def simulated_readers(protocol: Protocol, seed: int) -> tuple[SimulatedReader, ...]:
    """A reader for each of the protocol's: the first the most experienced, who follows no map, the last the least."""
    items = [item.id for item in protocol.items if item.kind == "presence"]
    skills = [(0.94, 0.98), (0.89, 0.96), (0.74, 0.93)]
    trust = [(0.0, 0.0), (0.5, 0.1), (0.95, 0.35)]  # in maps: the more experience, the less
    readers = []
    for number, reader in enumerate(protocol.readers):
        sensitivity, specificity = skills[number % len(skills)]
        dice = random.Random(f"{seed}/rates/{reader.id}")
        rates = {item: ErrorRates(_near(sensitivity, dice), _near(specificity, dice, 0.02)) for item in items}
        follows, doubts = trust[number % len(trust)]
        readers.append(SimulatedReader(reader.id, rates, seed=seed, follows=follows, doubts=doubts))
    return tuple(readers)


def _near(rate: float, dice: random.Random, spread: float = _SPREAD) -> float:
    return round(min(0.995, max(0.5, rate + dice.uniform(-spread, spread))), 3)


def planted_truth(protocol: Protocol, case: Case) -> Truth:
    """What was planted in a case, by item, from the cohort labels that the protocol's practice cases are judged by."""
    labels = case.labels or {}
    columns = protocol.training.truth if protocol.training else {}
    truth = {}
    for item, named in columns.items():
        found = [labels[column] for column in named if column in labels]
        if found:
            truth[item] = "1" in found
    return truth


@dataclass(frozen=True)
class Expectation:
    """What should be seen of one item, all readings together."""

    item: str
    planted: float  # share of cases in which it is planted
    expected: float  # share of readings that say "present"
    n: int  # readings


def expected_prevalences(truths: Sequence[Truth], readers: Sequence[SimulatedReader]) -> list[Expectation]:
    """Planted prevalence p seen through error rates s and c: p·s + (1 − p)(1 − c), the mean over readers.

    `truths`: one entry a case (hidden repeats and practice not among them).
    """
    lines = []
    for item in dict.fromkeys(item for truth in truths for item in truth):
        planted = [truth[item] for truth in truths if item in truth]
        share = sum(planted) / len(planted)
        seen = [share * r.rates[item].sensitivity + (1 - share) * (1 - r.rates[item].specificity) for r in readers]
        lines.append(Expectation(item, share, sum(seen) / len(seen), len(planted) * len(readers)))
    return lines


def expected_composite(
    name: str, items: Sequence[str], truths: Sequence[Truth], readers: Sequence[SimulatedReader]
) -> Expectation:
    """The same for "any of `items`", which has no formula in p alone: case by case and reader by reader.

    Present if any is answered present, absent if all are answered absent, else left out.
    """
    present = absent = 0.0
    for truth in truths:
        for reader in readers:
            sure = 1 - reader.hesitation
            shares = [reader.rates[item].present(truth[item]) for item in items]
            present += 1 - math.prod(1 - sure * share for share in shares)
            absent += math.prod(sure * (1 - share) for share in shares)
    planted = sum(any(truth[item] for item in items) for truth in truths) / len(truths)
    return Expectation(name, planted, present / (present + absent), len(truths) * len(readers))


@dataclass(frozen=True)
class Look:
    """One look of a reader at the map of an item."""

    arm: str
    reader_id: str
    item: str
    planted: bool
    pointed_at: bool  # the map points at what was planted


@dataclass(frozen=True)
class ExpectedChanges:
    """How many answers of a reader should change in an arm, with the standard errors; `n`: looks at a map."""

    arm: str
    reader_id: str
    n: int
    to_present: tuple[float, float]  # from absent
    to_absent: tuple[float, float]  # from present


def expected_changes(looks: Sequence[Look], readers: Sequence[SimulatedReader]) -> list[ExpectedChanges]:
    """A line an arm and reader: who missed a thing follows a map that points at it, who saw one where the map points
    elsewhere takes it back, each as often as told; independent from look to look.
    """
    lines = []
    for arm in sorted({look.arm for look in looks}):
        for reader in readers:
            own = [look for look in looks if (look.arm, look.reader_id) == (arm, reader.reader_id)]
            chances = [_chances(reader, look) for look in own]
            up, down = ([chance[way] for chance in chances] for way in (0, 1))
            lines.append(ExpectedChanges(arm, reader.reader_id, len(own), _sum(up), _sum(down)))
    return lines


def _chances(reader: SimulatedReader, look: Look) -> tuple[float, float]:
    """Probability that the answer goes from absent to present, and from present to absent."""
    seen = reader.rates[look.item].present(look.planted)
    sure = 1 - reader.hesitation
    if look.pointed_at:
        return sure * (1 - seen) * reader.follows, 0.0
    return 0.0, sure * seen * reader.doubts


def _sum(chances: Sequence[float]) -> tuple[float, float]:
    return math.fsum(chances), math.sqrt(math.fsum(p * (1 - p) for p in chances))
