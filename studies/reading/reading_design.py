"""What a reader may know of a sealed study: the items, the rules of reading, and their own presentations.

No case, patient, stratum, arm, repeat or other reader is in it, so nothing built on it can show one. In a pack this is
all there is of the design.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from studies.design import Presentation, canonical_json
from studies.protocol import CaseId, Item, Navigation, Protocol, ReaderId, Sessions, Timing


@dataclass(frozen=True)
class ReadingDesign:
    """One reader's part of a study. `presentations` are in reading order, practice first."""

    title: str
    instructions: str
    items: tuple[Item, ...]
    navigation: Navigation
    timing: Timing
    sessions: Sessions
    reader_id: ReaderId
    presentations: tuple[Presentation, ...]
    seal_hash: str

    def to_json(self) -> str:
        """Canonical JSON; `reading_design_from_json` is its inverse."""
        return canonical_json(
            {
                "title": self.title,
                "instructions": self.instructions,
                "items": [item.model_dump(mode="json") for item in self.items],
                "navigation": self.navigation.model_dump(mode="json"),
                "timing": self.timing.model_dump(mode="json"),
                "sessions": self.sessions.model_dump(mode="json"),
                "reader_id": self.reader_id,
                "presentations": [asdict(presentation) for presentation in self.presentations],
                "seal_hash": self.seal_hash,
            }
        )


def reading_design(
    protocol: Protocol,
    reader_id: ReaderId,
    presentations: Sequence[Presentation],
    seal_hash: str,
    exemplars: Mapping[str, str],
) -> ReadingDesign:
    """A reader's part of a sealed design; `presentations` are that reader's.

    An item's exemplars are named here by the sha256 of their frozen copies, as `exemplars` has them by file; what a
    network calls it is left out.
    """
    return ReadingDesign(
        title=protocol.title,
        instructions=protocol.instructions,
        items=tuple(_with_frozen(item, exemplars) for item in protocol.items),
        navigation=protocol.navigation,
        timing=protocol.timing,
        sessions=protocol.sessions,
        reader_id=reader_id,
        presentations=tuple(_blinded(p) for p in sorted(presentations, key=lambda p: p.position)),
        seal_hash=seal_hash,
    )


def reading_design_from_json(text: str) -> ReadingDesign:
    """A reading design from its JSON. Raises ValueError, KeyError or TypeError where it is none."""
    fields = json.loads(text)
    return ReadingDesign(
        title=str(fields["title"]),
        instructions=str(fields["instructions"]),
        items=tuple(Item.model_validate(item) for item in fields["items"]),
        navigation=Navigation.model_validate(fields["navigation"]),
        timing=Timing.model_validate(fields["timing"]),
        sessions=Sessions.model_validate(fields["sessions"]),
        reader_id=ReaderId(str(fields["reader_id"])),
        presentations=tuple(_blinded(presentation_from(p)) for p in fields["presentations"]),
        seal_hash=str(fields["seal_hash"]),
    )


def presentation_from(fields: Mapping[str, Any]) -> Presentation:
    """A presentation from its JSON object. Raises TypeError where fields are missing or unknown."""
    lists = {name: tuple(fields[name]) for name in ("images", "explanations")}
    return Presentation(**{**fields, **lists})


def _with_frozen(item: Item, exemplars: Mapping[str, str]) -> Item:
    shown = tuple(exemplars[name] for name in item.exemplars if name in exemplars)
    return item.model_copy(update={"exemplars": shown, "finding": ""})


def _blinded(presentation: Presentation) -> Presentation:
    return replace(presentation, case_id=CaseId(""), arm="", repeat=0)
