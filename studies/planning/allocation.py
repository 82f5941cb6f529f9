"""Who reads what, when and how: cases, arms, hidden repeats, order and codes, all derived from the protocol.

`allocate` is pure: the protocol, the hash of its text and the cohort's rows give the same allocation on every machine
and in every version of the libraries. Each random decision has its own stream (`studies.planning.random_stream`), named
[ALGORITHM, protocol sha256, seed, purpose, …]:

* "order", reader id: the reader's private order (`studies.planning.ordering`), and the order of the practice cases;
* "arms", stratum: which cases of a stratum stand next to each other in the list that arms are dealt along;
* "repeats", reader id: which unaided cases the reader sees twice;
* "codes": the code of each presentation, drawn in order of reader and position, so that a code says nothing of its
  case.

**Arms.** Shares of the explained arms, and what they leave for the unaided arm, are dealt along a word in which every
stretch has each arm in its share (Tijdeman 1980, The chairman assignment problem, Discrete Math. 32: the count of an
arm after t letters differs from share × t by less than 1). Cases stand in the word stratum by stratum, shuffled
within, and the k-th reader of the protocol starts k letters later. So each arm is balanced within a stratum of a
reader, over a reader's cases, and over the readers of a case; and a case has one arm per reader, so sham never stands
beside aided.

**Repeats.** round(repeat_share × cases) of a reader's unaided cases are shown twice: as many of each stratum as its
share (largest remainder), cases that the earlier readers of the protocol repeat least often first, ties at random.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from studies.design import Case, Presentation
from studies.errors import SealError
from studies.planning.ordering import Showing, random_order
from studies.planning.random_stream import RandomStream
from studies.planning.selection import Sampled, select_cases
from studies.protocol import CaseId, PresentationCode, Protocol, ReaderId

ALGORITHM = "readerapp-allocation/1"

# No vowels, so no words; no 0, O, 1 or I, and no letter that looks like a digit (B, G, S, Z).
CODE_LETTERS = "CDFHJKLMNPQRTVWXY"
CODE_DIGITS = "23456789"
_UNWANTED = ("FC", "FK", "HH", "KK", "WC")  # letter pairs that a reader may take for a word or a sign


@dataclass(frozen=True)
class Allocation:
    """The whole design before images are frozen: `CaseImage.sha256` and `Presentation.images` are still empty."""

    cases: tuple[Case, ...]
    presentations: tuple[Presentation, ...]  # by reader in the protocol's order, then by position
    sampled: tuple[Sampled, ...]
    algorithm: str = ALGORITHM

    @property
    def image_ids(self) -> tuple[str, ...]:
        """Every image that is shown, each once, in the order of the cases."""
        return tuple(dict.fromkeys(image.image_id for case in self.cases for image in case.images))


def allocate(protocol: Protocol, protocol_sha256: str, frame: pd.DataFrame) -> Allocation:
    """Cases and presentations of a protocol on a cohort's rows (all of them, or the rows frozen at seal).

    Raises SealError, with a sentence, for conditions that do not fit the cohort, empty strata, and orders that cannot
    be met.
    """
    selected = select_cases(protocol, frame)
    cases = [case for case in selected.cases if not case.practice]
    practice = [case for case in selected.cases if case.practice]
    name = (ALGORITHM, protocol_sha256, protocol.order.seed)
    arms = _deal_arms(protocol, cases, name)
    repeats = _choose_repeats(protocol, cases, arms, name)
    orders = {
        reader.id: _reader_order(protocol, ReaderId(reader.id), cases, practice, repeats, name)
        for reader in protocol.readers
    }
    codes = _codes(sum(len(order) for order in orders.values()), RandomStream(*name, "codes"))
    presentations = tuple(
        presentation
        for reader_id, order in orders.items()
        for presentation in _presentations(protocol, ReaderId(reader_id), order, arms, selected.cases, codes)
    )
    return Allocation(selected.cases, presentations, selected.sampled)


def _deal_arms(protocol: Protocol, cases: Sequence[Case], name: tuple[str, str, int]) -> dict[tuple[str, CaseId], str]:
    """Arm of each reader × case: the explained arms by their shares, the unaided arm for the rest."""
    unaided = unaided_arm(protocol)
    shares = {arm.name: Fraction(str(arm.share)) for arm in protocol.arms if arm.kind != "unaided"}
    shares[unaided] = 1 - sum(shares.values(), Fraction(0))
    row = []
    for stratum, members in _by_stratum(cases).items():
        row += RandomStream(*name, "arms", stratum).shuffled(members)
    word = balanced_word({arm: share for arm, share in shares.items() if share}, len(row) + len(protocol.readers))
    return {
        (reader.id, case_id): word[place + number]
        for number, reader in enumerate(protocol.readers)
        for place, case_id in enumerate(row)
    }


def balanced_word(shares: Mapping[str, Fraction], length: int) -> list[str]:
    """A word in which each letter keeps its share: after t letters its count differs from share × t by less than 1.

    Tijdeman 1980: among the letters whose deficit is at least 1/(2K − 2), the one that must come soonest.
    """
    slack = Fraction(1, 2 * len(shares) - 2) if len(shares) > 1 else Fraction(0)
    counts: Counter[str] = Counter()
    word = []
    for t in range(1, length + 1):
        deficit = {letter: share * t - counts[letter] for letter, share in shares.items()}
        due = [letter for letter in shares if deficit[letter] >= slack]
        letter = min(due, key=lambda letter: (1 - slack - deficit[letter]) / shares[letter])
        counts[letter] += 1
        word.append(letter)
    return word


def _choose_repeats(
    protocol: Protocol, cases: Sequence[Case], arms: Mapping[tuple[str, CaseId], str], name: tuple[str, str, int]
) -> dict[str, list[CaseId]]:
    """The cases that each reader sees twice, by reader id."""
    unaided = unaided_arm(protocol)
    wanted = round_half_up(Fraction(str(protocol.order.repeat_share)) * len(cases))
    times: Counter[CaseId] = Counter()
    chosen: dict[str, list[CaseId]] = {}
    for reader in protocol.readers:
        stream = RandomStream(*name, "repeats", reader.id)
        strata = {
            stratum: [case_id for case_id in members if arms[reader.id, case_id] == unaided]
            for stratum, members in _by_stratum(cases).items()
        }
        possible = sum(map(len, strata.values()))
        if wanted > possible:
            raise SealError(
                f"order.repeat_share = {protocol.order.repeat_share:g} asks for {wanted} hidden repeats of unaided "
                f"cases; reader '{reader.id}' has {possible}: lower it, or the shares of the aided and sham arms"
            )
        quotas = largest_remainder({stratum: len(members) for stratum, members in strata.items()}, wanted)
        chosen[reader.id] = [
            case_id
            for stratum, members in strata.items()
            for case_id in sorted(stream.shuffled(members), key=lambda case_id: times[case_id])[: quotas[stratum]]
        ]
        times.update(chosen[reader.id])
    return chosen


def largest_remainder(sizes: Mapping[str, int], total: int) -> dict[str, int]:
    """Share `total` among groups in proportion to their sizes, by the largest remainder (ties: the first)."""
    whole = sum(sizes.values()) or 1
    quotas = {name: total * size // whole for name, size in sizes.items()}
    by_remainder = sorted(sizes, key=lambda name: -(total * sizes[name] % whole))
    for name in by_remainder[: total - sum(quotas.values())]:
        quotas[name] += 1
    return quotas


def round_half_up(value: Fraction) -> int:
    """The nearest whole number; a half goes up (Python's round would go to the even one)."""
    return int((value + Fraction(1, 2)) // 1)


def _reader_order(
    protocol: Protocol,
    reader_id: ReaderId,
    cases: Sequence[Case],
    practice: Sequence[Case],
    repeats: Mapping[str, list[CaseId]],
    name: tuple[str, str, int],
) -> list[Showing]:
    stream = RandomStream(*name, "order", reader_id)
    order = random_order(
        {case.case_id: case.patient_id for case in cases},
        repeats[reader_id],
        patient_spacing=protocol.order.patient_spacing,
        repeat_distance=protocol.order.repeat_distance,
        stream=stream,
    )
    warm_up = [Showing(case_id, 0) for case_id in stream.shuffled(sorted(case.case_id for case in practice))]
    return [*warm_up, *order]


def _presentations(
    protocol: Protocol,
    reader_id: ReaderId,
    order: Sequence[Showing],
    arms: Mapping[tuple[str, CaseId], str],
    cases: Sequence[Case],
    codes: Iterator[PresentationCode],
) -> Iterator[Presentation]:
    known = {case.case_id: case for case in cases}
    unaided = unaided_arm(protocol)
    n_practice = sum(known[showing.case_id].practice for showing in order)
    for position, showing in enumerate(order):
        case = known[showing.case_id]
        arm = unaided if case.practice else arms[reader_id, case.case_id]
        place, total = position - n_practice, len(order) - n_practice
        yield Presentation(
            code=next(codes),
            reader_id=reader_id,
            position=position,
            images=(),
            case_id=case.case_id,
            arm=arm,
            explained=arm != unaided,
            repeat=showing.repeat,
            part=0 if case.practice else place * protocol.sessions.parts // total,
            practice=case.practice,
            feedback=case.truth if case.practice else None,
        )


def unaided_arm(protocol: Protocol) -> str:
    """Name of the protocol's one unaided arm."""
    return next(arm.name for arm in protocol.arms if arm.kind == "unaided")


def _codes(count: int, stream: RandomStream) -> Iterator[PresentationCode]:
    """`count` different codes such as "K7-RF"; longer where short ones would run out."""
    pattern = "LD-LL"
    while _capacity(pattern) < 4 * count:
        pattern += "D" if pattern.endswith("L") else "L"
    used: set[str] = set()
    while len(used) < count:
        code = "".join(
            sign if sign == "-" else stream.choice(CODE_LETTERS if sign == "L" else CODE_DIGITS) for sign in pattern
        )
        if code not in used and not any(pair in code for pair in _UNWANTED):
            used.add(code)
            yield PresentationCode(code)


def _capacity(pattern: str) -> int:
    """Number of codes of a pattern, with the unwanted pairs taken off generously."""
    capacity = 1
    for sign in pattern:
        capacity *= {"L": len(CODE_LETTERS), "D": len(CODE_DIGITS), "-": 1}[sign]
    return capacity * 9 // 10


def _by_stratum(cases: Sequence[Case]) -> dict[str, list[CaseId]]:
    strata: defaultdict[str, list[CaseId]] = defaultdict(list)
    for case in cases:
        strata[case.stratum].append(case.case_id)
    return dict(strata)
