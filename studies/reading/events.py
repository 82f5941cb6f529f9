"""Events of a study and the hash chain that binds them.

Every change of a study is an event of one chain: each reader has a chain, named by the reader's id, and the desk has
one. The hash of an event is SHA-256 over the canonical JSON (`studies.design.canonical_json`) of its other ten fields,
the payload as its canonical JSON text; one of the ten is the hash of the event before it in the chain. The first
event's `previous_hash` is SHA-256 of the canonical JSON of [seal hash, chain].

What an unkeyed chain can and cannot prove: an event changed, removed, inserted or moved breaks it at that place. Who
can write the file can also compute the whole rest of a chain anew; that shows only against a head noted elsewhere:
the exported heads, a pack, or the heads that the desk's own chain records each time the coordinator opens the study.
"""

import json
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NewType

from studies.design import canonical_json, sha256_text
from studies.provenance import software_version, utc_now, wall_text

ChainName = NewType("ChainName", str)

DESK = ChainName("desk")
SEALED = "sealed"  # kind of the first event of the desk's chain

Payload = Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """One thing that happened, as it is on disk."""

    chain: str  # reader id, or "desk"
    seq: int  # 1, 2, 3 … within the chain
    session_id: str  # of one process of one person; monotonic times compare within it only
    kind: str
    code: str  # code of the presentation, "" where none is concerned
    payload: Payload
    wall_time: str  # ISO 8601, UTC, to the millisecond
    monotonic_s: float  # monotonic clock of the session, in seconds
    software: str
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class ChainProblem:
    """Where a chain is broken: at `seq` of `chain` (0: the chain as a whole), and how, in one sentence."""

    chain: str
    seq: int
    what: str


def genesis_hash(seal_hash: str, chain: str) -> str:
    """What the first event of a chain gives as `previous_hash`."""
    return sha256_text(canonical_json([seal_hash, chain]))


def event_hash(event: Event) -> str:
    """The hash an event should have. Raises ValueError or TypeError where its payload is not JSON (or not finite)."""
    fields = dict(vars(event))
    del fields["hash"]
    fields["payload"] = canonical_json(event.payload)
    return sha256_text(canonical_json(fields))


def sealed_event(seal_hash: str, passphrases: str, noted: Payload) -> Event:
    """The first event of the desk's chain. `passphrases`: hash of everybody's verifier as they were sealed; `noted`:
    how the cases were chosen, in numbers, which the design itself does not hold.
    """
    event = Event(
        chain=DESK,
        seq=1,
        session_id=secrets.token_hex(8),
        kind=SEALED,
        code="",
        payload={**noted, "passphrases": passphrases},
        wall_time=wall_text(utc_now()),
        monotonic_s=time.monotonic(),
        software=software_version(),
        previous_hash=genesis_hash(seal_hash, DESK),
        hash="",
    )
    return replace(event, hash=event_hash(event))


def walk_events(events: Iterable[Event], seal_hash: str, chain: str) -> list[ChainProblem]:
    """Every break of a chain whose events come in the order they were written. Empty: the chain is whole."""
    problems = []
    seq, head = 0, genesis_hash(seal_hash, chain)
    for event in events:
        if sentence := _broken_order(event.seq, seq):
            problems.append(ChainProblem(chain, event.seq, sentence))
        elif event.previous_hash != head:
            problems.append(ChainProblem(chain, event.seq, _broken_link(event.seq)))
        if event.chain != chain or event_hash(event) != event.hash:
            what = f"event {event.seq} was changed after it was written: its hash does not fit what it says"
            problems.append(ChainProblem(chain, event.seq, what))
        seq, head = event.seq, event.hash
    return problems


def _broken_order(seq: int, before: int) -> str:
    if seq == before + 1:
        return ""
    if seq <= before:
        return f"event {seq} stands after event {before}: it was inserted or moved"
    missing = f"event {before + 1} is" if seq == before + 2 else f"events {before + 1} to {seq - 1} are"
    return f"{missing} missing before event {seq}"


def _broken_link(seq: int) -> str:
    before = f"event {seq - 1}" if seq > 1 else "the seal"
    return (
        f"event {seq} does not follow {before} as it now stands: something before it was changed, removed or inserted"
    )


def event_to_json(event: Event) -> str:
    """One line of `events.jsonl`."""
    return canonical_json(vars(event))


def event_from_json(line: str) -> Event:
    """An event from its line. Raises ValueError where the line is none; its hash is for `walk_events` to check."""
    fields = json.loads(line)
    texts = ("chain", "session_id", "kind", "code", "wall_time", "software", "previous_hash", "hash")
    if not isinstance(fields, dict) or set(fields) != {*texts, "seq", "payload", "monotonic_s"}:
        raise ValueError("it does not have the fields of an event")
    seconds = fields["monotonic_s"]
    right = (
        all(isinstance(fields[name], str) for name in texts)
        and type(fields["seq"]) is int
        and isinstance(fields["payload"], dict)
        and isinstance(seconds, float)
        and abs(seconds) < float("inf")
    )
    if not right:
        raise ValueError("a field of the event has the wrong type")
    return Event(**fields)
