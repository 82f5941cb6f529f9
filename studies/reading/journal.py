"""The journal of a study: who may write what, one hash chain a reader and one of the desk, and what was done to them.

The events are hash-chained (`studies.reading.events`) and lie in `study.db` (`studies.reading.database`). An event is
on disk when `append` returns: one transaction takes the write lock before it looks at the chain's head, so that two
processes never fork a chain.
"""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from studies.design import Passphrase, SealedDesign, canonical_json, sha256_text
from studies.errors import AccessError, SealError, StudyError
from studies.protocol import Protocol, ReaderId, parse_protocol
from studies.provenance import software_version, utc_now, wall_text
from studies.reading.access import check_passphrase
from studies.reading.database import StudyDatabase, write_database
from studies.reading.events import (
    DESK,
    SEALED,
    ChainProblem,
    Event,
    Payload,
    event_hash,
    genesis_hash,
    sealed_event,
    walk_events,
)
from studies.reading.reading_design import ReadingDesign, reading_design, reading_design_from_json

COORDINATOR = "coordinator"

_AS_JSON = ("flags", "exemplars", "explanations")  # fields of the design kept as JSON


class ChainMoved(StudyError):
    """Somebody else has appended to the chain since this session last did."""


class Journal:
    """The database of one sealed study, or of one reader's pack. May be used from any thread, one at a time."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._db = StudyDatabase(root)
        self._software = software_version()
        self._seal = self._db.seal()

    @classmethod
    def create(
        cls, root: Path, design: SealedDesign, passphrases: Mapping[str, Passphrase], noted: Payload | None = None
    ) -> None:
        """Write the database of a newly sealed study, as a whole or not at all. Raises SealError where there is one.

        The desk's chain begins with the sealing: with a hash of the passphrases' verifiers, which the seal leaves out,
        and with what is `noted`.
        """
        seal = {name: value for name, value in asdict(design).items() if name not in ("cases", "presentations")}
        for name in _AS_JSON:
            seal[name] = canonical_json(seal[name])
        first = sealed_event(design.seal_hash, _fingerprint(passphrases), noted or {})
        write_database(root, {**seal, "kind": "study"}, design.cases, design.presentations, passphrases, [first])

    @classmethod
    def create_for_reader(
        cls, root: Path, design: ReadingDesign, passphrase: Passphrase, events: Iterable[Event]
    ) -> None:
        """Write the database of an unpacked pack: one reader's presentations, passphrase and events, nothing else."""
        seal = {"kind": "pack", "seal_hash": design.seal_hash, "design": design.to_json()}
        write_database(root, seal, (), design.presentations, {design.reader_id: passphrase}, events)

    def close(self) -> None:
        """Let go of the file; the journal cannot be used afterwards."""
        self._db.close()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # What sealing fixed

    @property
    def seal_hash(self) -> str:
        return self._seal["seal_hash"]

    @property
    def is_pack(self) -> bool:
        """True for an unpacked pack, which knows one reader and no case, stratum or arm."""
        return self._seal["kind"] == "pack"

    def design(self) -> SealedDesign:
        """All that sealing fixed. Raises SealError in a pack, which does not hold it."""
        if self.is_pack:
            raise SealError("this is one reader's pack: the study's design stays with the coordinator")
        fields = {name: value for name, value in self._seal.items() if name not in ("kind", *_AS_JSON)}
        return SealedDesign(
            **fields,
            flags=json.loads(self._seal["flags"]),
            exemplars=self._exemplars(),
            explanations=tuple(json.loads(self._seal.get("explanations", "[]"))),
            cases=self._db.cases(),
            presentations=self._db.presentations(),
        )

    def _exemplars(self) -> dict[str, str]:
        return json.loads(self._seal.get("exemplars", "{}"))

    def reading_design(self, reader_id: str) -> ReadingDesign:
        """What that reader may know. Raises AccessError for a reader the study does not have."""
        if reader_id not in self.readers():
            raise AccessError(f"the study has no reader '{reader_id}'; it has {', '.join(self.readers())}")
        if self.is_pack:
            return reading_design_from_json(self._seal["design"])
        own = [p for p in self._db.presentations() if p.reader_id == reader_id]
        return reading_design(self._protocol(), ReaderId(reader_id), own, self.seal_hash, self._exemplars())

    def title(self) -> str:
        return self.reading_design(self.readers()[0]).title if self.is_pack else self._protocol().title

    def readers(self) -> tuple[str, ...]:
        """Readers whose chains this database may hold, in the protocol's order."""
        if self.is_pack:
            return tuple(self._db.passphrases())
        return tuple(reader.id for reader in self._protocol().readers)

    def passphrase(self, name: str) -> Passphrase:
        """The verifier of a reader or of the coordinator. Raises AccessError where there is none."""
        verifiers = self._db.passphrases()
        if name not in verifiers:
            raise AccessError(f"nobody called '{name}' has a passphrase in this study")
        return verifiers[name]

    def check_coordinator(self, text: str) -> None:
        """Raises AccessError where this is not the coordinator's passphrase."""
        if not check_passphrase(text, self.passphrase(COORDINATOR)):
            raise AccessError("this is not the coordinator's passphrase; nothing was opened")

    def check_reader(self, reader_id: str, text: str) -> None:
        """Raises AccessError for an unknown reader or another passphrase than theirs."""
        if reader_id not in self.readers():
            raise AccessError(f"the study has no reader '{reader_id}'; it has {', '.join(self.readers())}")
        if not check_passphrase(text, self.passphrase(reader_id)):
            raise AccessError(f"this is not the passphrase of reader {reader_id}; ask the coordinator for it")

    # Events

    def append(
        self,
        chain: str,
        session_id: str,
        kind: str,
        code: str,
        payload: Payload,
        *,
        monotonic_s: float | None = None,
        wall: datetime | None = None,
        after: str | None = None,
    ) -> Event:
        """Add an event to a chain; it is on disk when this returns.

        `after`: the hash that the chain's head must have; raises ChainMoved where another process has gone on.
        Raises StudyError where the event could not be written; then nothing was.
        """
        if chain != DESK and chain not in self.readers():
            raise AccessError(f"the study has no reader '{chain}'")
        seconds = time.monotonic() if monotonic_s is None else monotonic_s
        moment = wall_text(wall or utc_now())
        plain = json.loads(canonical_json(dict(payload)))
        with self._db.writing():
            seq, head = self._head(chain)
            if after is not None and after != head:
                raise ChainMoved(
                    "this reader's study was opened a second time and goes on there; close this window, open it again"
                )
            event = Event(
                chain, seq + 1, session_id, kind, code, plain, moment, float(seconds), self._software, head, ""
            )
            event = replace(event, hash=event_hash(event))
            self._db.insert(event)
        return event

    def adopt(self, chain: str, events: Sequence[Event]) -> None:
        """Add events written elsewhere, as they are. Raises StudyError where they do not follow the chain's head."""
        with self._db.writing():
            seq, head = self._head(chain)
            for event in events:
                if (event.chain, event.seq, event.previous_hash) != (chain, seq + 1, head) or event_hash(
                    event
                ) != event.hash:
                    raise StudyError(
                        f"event {event.seq} of {chain} does not follow event {seq}; nothing was taken over"
                    )
                self._db.insert(event)
                seq, head = event.seq, event.hash

    def events(self, chain: str) -> list[Event]:
        """Every event of a chain, in the order of `seq`. Raises StudyError where a row cannot be read."""
        try:
            return self._db.events(chain)
        except (ValueError, TypeError) as error:
            raise StudyError(f"the journal of {chain} is damaged: {error}; `studies verify` says where") from error

    def head(self, chain: str) -> str:
        """Hash of a chain's last event; where it has none, what the first event must follow."""
        return self._head(chain)[1]

    def heads(self) -> dict[str, str]:
        """Head of each chain, for the readers in the protocol's order and the desk."""
        return {chain: self.head(chain) for chain in self.chains()}

    def noted_heads(self) -> dict[str, list[Any]]:
        """Chain → [number of events, head]: what the desk's chain notes when the study is opened."""
        return {chain: list(self._head(chain)) for chain in self.chains()}

    def chains(self) -> tuple[str, ...]:
        """Names of the chains this database may hold."""
        return self.readers() if self.is_pack else (*self.readers(), DESK)

    def walk(self, chain: str) -> list[ChainProblem]:
        """What was done to a chain after it was written, with the place. Empty: nothing that a chain can show.

        The desk's chain also stands for the database: missing triggers, events of unknown chains, rows removed from
        the end of a chain. Each chain is compared with the heads that the desk's chain noted when the study was opened.
        """
        rows = list(self._db.events_as_written(chain))
        events = [row for row in rows if isinstance(row, Event)]
        problems = [ChainProblem(chain, *row) for row in rows if not isinstance(row, Event)]
        problems += walk_events(events, self.seal_hash, chain)
        if not self.is_pack:
            problems += self._walk_noted_heads(chain, events)
        if chain == DESK:
            problems += self._walk_passphrases(events)
        if chain == DESK or self.is_pack:
            problems += self._walk_database(chain)
        return problems

    def _walk_noted_heads(self, chain: str, events: Sequence[Event]) -> list[ChainProblem]:
        found = {event.seq: event.hash for event in events}
        problems = []
        for text in self._db.payloads(DESK):
            seq, head = _noted_head(text, chain)
            if seq and found.get(seq) != head:
                what = "is missing" if seq not in found else "is not the one"
                what = f"event {seq} {what} that the desk's chain noted as the head when the study was opened"
                problems.append(ChainProblem(chain, seq, what))
        return list(dict.fromkeys(problems))

    def _walk_passphrases(self, events: Sequence[Event]) -> list[ChainProblem]:
        """The desk's chain begins with the sealing, and everybody's passphrase is the one they sealed with."""
        if not events or events[0].kind != SEALED:
            return [ChainProblem(DESK, 0, "it does not begin with the sealing of the study: events were removed")]
        if _fingerprint(self._db.passphrases()) == events[0].payload["passphrases"]:
            return []
        what = "a passphrase was changed, added or removed after sealing: whoever did it may have read or answered"
        return [ChainProblem(DESK, 0, what)]

    def _walk_database(self, chain: str) -> list[ChainProblem]:
        problems = []
        if missing := self._db.missing_triggers():
            what = f"the database lacks {', '.join(missing)}, which refuses changes: somebody has removed or changed it"
            problems.append(ChainProblem(chain, 0, what))
        for name in self._db.chains():
            if name not in self.chains():
                problems.append(ChainProblem(chain, 0, f"there are events of '{name}', which the study does not know"))
        ever, here = self._db.event_counts()
        if ever != here:
            what = f"{ever} events were written and {here} are there: events were removed or put in from outside"
            problems.append(ChainProblem(chain, 0, what))
        return problems

    def _protocol(self) -> Protocol:
        if "_parsed" not in self.__dict__:
            self._parsed = parse_protocol(self._seal["protocol_text"], "the sealed protocol")
        return self._parsed

    def _head(self, chain: str) -> tuple[int, str]:
        return self._db.head(chain) or (0, genesis_hash(self.seal_hash, chain))


def _fingerprint(passphrases: Mapping[str, Passphrase]) -> str:
    """sha256 (hex) of everybody's verifier."""
    return sha256_text(canonical_json({name: asdict(verifier) for name, verifier in passphrases.items()}))


def _noted_head(payload: str, chain: str) -> tuple[int, str]:
    """Number of events and head of a chain that an event of the desk noted; 0 where it noted none."""
    try:
        seq, head = json.loads(payload)["heads"][chain]
        return int(seq), str(head)
    except (ValueError, KeyError, TypeError):
        return 0, ""
