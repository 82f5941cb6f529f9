"""Disputed cases as the desk sees them: what each reader said and marked, under letters, not names.

Letters are dealt to the readers of a case anew for each case, by the order of sha256(seal hash, case, reader): the same
whenever the case is opened, different from case to case, so that who looks through many cases does not come to know
who A is. They are no secret from someone who computes them; `CoordinatorView.name_readers` gives them away in the open.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import TYPE_CHECKING

from studies.design import Presentation, SealedDesign, canonical_json, sha256_text
from studies.protocol import Protocol
from studies.reading.events import Event
from studies.reading.mask_overlap import MaskOverlap, mask_overlaps
from studies.reading.readings import CaseState, Mark, Phase
from studies.statistics.disputes import Disputed

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Voice:
    """What one reader said of a case, without the name."""

    letter: str  # A, B, C …; after Z AA, AB …
    says: str  # category of the line that is disputed; "" where the reading counts as neither
    answers: Mapping[str, str]  # item id → answer as it was given, "" unanswered; of the items behind the line
    marks: tuple[Mark, ...]  # tied to those items


@dataclass(frozen=True)
class Dispute:
    """A case on which readers differ, ready to be looked at."""

    case_id: str
    stratum: str
    arm: str
    images: tuple[str, ...]  # sha256, in hanging order
    voices: tuple[Voice, ...]  # in the order of their letters
    overlaps: tuple[MaskOverlap, ...] = ()  # of what two of them painted; their letters are its `a` and `b`

    def voice(self, letter: str) -> Voice | None:
        """The voice of a letter; None where that reader has not read the case in this arm."""
        return next((voice for voice in self.voices if voice.letter == letter), None)


def letters_of(design: SealedDesign, case_id: str, readers: Sequence[str]) -> dict[str, str]:
    """Letter → reader of one case."""
    drawn = sorted(readers, key=lambda reader: sha256_text(canonical_json([design.seal_hash, case_id, reader])))
    return {_letter(number): reader for number, reader in enumerate(drawn)}


def _letter(number: int) -> str:
    rest, last = divmod(number, len(ascii_uppercase))
    return (_letter(rest - 1) if rest else "") + ascii_uppercase[last]


def composite_items(protocol: Protocol) -> dict[str, tuple[str, ...]]:
    """Stratum → the items of its composites: what step 1 found for the diagnosis, never the diagnosis itself."""
    strata = protocol.selection.strata
    return {s.name: tuple(item for item in s.confounders if item not in s.finding_items) for s in strata}


def items_behind(protocol: Protocol, item: str, stratum: str) -> tuple[str, ...]:
    """The protocol's items that a line of the tables counts: itself, the multi item of an option, or a composite's."""
    if not item.startswith("any:"):
        return (item.partition(" = ")[0],)
    group, _, rest = item.removeprefix("any:").partition(" ")
    own = composite_items(protocol).get(stratum, ())
    return tuple(i.id for i in protocol.items if i.group == group and i.kind == "presence" and (rest or i.id in own))


def disputes_of(
    found: Iterable[Disputed],
    design: SealedDesign,
    protocol: Protocol,
    items: Sequence[str],
    states: Mapping[str, Mapping[str, CaseState]],
) -> tuple[Dispute, ...]:
    """The voices of disputed cases. `states`: reader id → code → state."""
    cases = {str(case.case_id): case for case in design.cases}
    showings: dict[str, list[Presentation]] = {}
    for p in design.presentations:
        if not (p.repeat or p.practice):
            showings.setdefault(str(p.case_id), []).append(p)
    unaided = next(arm.name for arm in protocol.arms if arm.kind == "unaided")
    disputes = []
    for one in found:
        explained = one.arm not in (unaided, "")
        shown = _finished(showings.get(one.case_id, ()), one.arm if explained else "", states)
        voices = _voices(design, protocol, one, shown, "explained" if explained else "unaided", items)
        case = cases[one.case_id]
        images = tuple(image.sha256 for image in case.images)
        overlaps = mask_overlaps({voice.letter: voice.marks for voice in voices})
        disputes.append(Dispute(one.case_id, case.stratum, one.arm, images, voices, overlaps))
    return tuple(disputes)


def _finished(
    showings: Iterable[Presentation], arm: str, states: Mapping[str, Mapping[str, CaseState]]
) -> dict[str, CaseState]:
    """Reader → state of their finished showing; with an arm, of those whose explanation was shown in it."""
    shown = {}
    for p in showings:
        state = states.get(p.reader_id, {}).get(p.code)
        if state is not None and state.closed and (not arm or (p.arm == arm and state.locked_answers is not None)):
            shown[str(p.reader_id)] = state
    return shown


def _voices(
    design: SealedDesign,
    protocol: Protocol,
    one: Disputed,
    shown: Mapping[str, CaseState],
    phase: Phase,
    items: Sequence[str],
) -> tuple[Voice, ...]:
    letters = letters_of(design, one.case_id, [reader.id for reader in protocol.readers])
    return tuple(
        _voice(letter, one.says.get(reader, ""), shown[reader], phase, items)
        for letter, reader in letters.items()
        if reader in shown
    )


def _voice(letter: str, says: str, state: CaseState, phase: Phase, items: Sequence[str]) -> Voice:
    answers, marks = state.sheet(phase)
    given = {item: answers[item].value if item in answers else "" for item in items}
    return Voice(letter, says, given, tuple(mark for mark in marks.values() if mark.item_id in items))


ADJUDICATED = "adjudicated"  # kind of the desk's event
ADJUDICATION_COLUMNS = ["case_id", "patient_id", "stratum", "arm", "item", "value", "reason", "adjudicated_at"]


@dataclass(frozen=True)
class Verdict:
    """What was agreed on for an item of a case after the readings, and why. It changes no reading."""

    case_id: str
    arm: str
    item: str
    value: str
    reason: str
    wall_time: str = ""  # of its event


def verdicts(events: Iterable[Event]) -> dict[tuple[str, str, str], Verdict]:
    """(case, arm, item) → the verdict given last, from the desk's chain."""
    found = {}
    for event in events:
        if event.kind == ADJUDICATED:
            fields = {name: str(event.payload[name]) for name in ("case_id", "arm", "item", "value", "reason")}
            found[fields["case_id"], fields["arm"], fields["item"]] = Verdict(**fields, wall_time=event.wall_time)
    return found


def adjudication_frame(events: Iterable[Event], design: SealedDesign) -> "pd.DataFrame":
    """One row a verdict, the columns of `adjudication.csv`."""
    import pandas as pd

    cases = {str(case.case_id): case for case in design.cases}
    rows = []
    for one in verdicts(events).values():
        case = cases[one.case_id]
        who = (one.case_id, case.patient_id, case.stratum, one.arm)
        rows.append((*who, one.item, one.value, one.reason, one.wall_time))
    return pd.DataFrame.from_records(rows, columns=ADJUDICATION_COLUMNS)
