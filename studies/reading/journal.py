"""The journal of a study: `study.db`, the only place where SQLite is used.

Table `events` is append-only (triggers refuse UPDATE and DELETE) and hash-chained (`studies.reading.events`); the
tables beside it hold what sealing fixed. An event is on disk when `append` returns: WAL mode, synchronous FULL, one
transaction that takes the write lock before it looks at the chain's head, so that two processes never fork a chain.
"""

import json
import os
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from studies.design import Case, CaseImage, Passphrase, Presentation, SealedDesign, canonical_json, sha256_text
from studies.errors import AccessError, SealError, StudyError
from studies.protocol import CaseId, Protocol, ReaderId, parse_protocol
from studies.provenance import software_version, wall_text
from studies.provenance import utc_now as utc_now
from studies.reading.access import check_passphrase
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
from studies.reading.reading_design import ReadingDesign, presentation_from, reading_design, reading_design_from_json

DATABASE = "study.db"
SCHEMA_VERSION = 1
COORDINATOR = "coordinator"

_BUSY_S = 10.0  # how long a writer waits for another one
_EVENT_FIELDS = tuple(Event.__dataclass_fields__)
_AS_JSON = ("flags", "exemplars", "explanations")  # fields of the design kept as JSON
_INSERT = f"INSERT INTO events ({', '.join(_EVENT_FIELDS)}) VALUES ({', '.join('?' * len(_EVENT_FIELDS))})"
_SELECT = f"SELECT {', '.join(_EVENT_FIELDS)} FROM events"
_SCHEMA = """
CREATE TABLE seal (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE cases (number INTEGER PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE presentations (number INTEGER PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE passphrases (name TEXT PRIMARY KEY, salt TEXT NOT NULL, verifier TEXT NOT NULL, n INTEGER NOT NULL,
    r INTEGER NOT NULL, p INTEGER NOT NULL);
CREATE TABLE events (number INTEGER PRIMARY KEY AUTOINCREMENT, chain TEXT NOT NULL, seq INTEGER NOT NULL,
    session_id TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, payload TEXT NOT NULL, wall_time TEXT NOT NULL,
    monotonic_s REAL NOT NULL, software TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL,
    UNIQUE (chain, seq));
"""
_TABLES = ("seal", "cases", "presentations", "passphrases", "events")


class ChainMoved(StudyError):
    """Somebody else has appended to the chain since this session last did."""


class Journal:
    """The database of one sealed study, or of one reader's pack. May be used from any thread, one at a time."""

    def __init__(self, root: Path) -> None:
        path = root / DATABASE
        if not path.is_file():
            raise SealError(f"{root} is not a sealed study: it has no {DATABASE}")
        self.root = root
        self._lock = threading.RLock()
        self._software = software_version()
        with _sentences(root):
            self._db = _open(path)
            try:
                self._check_schema()
            except BaseException:
                self._db.close()
                raise
        self._seal = dict(self._rows("SELECT name, value FROM seal"))

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
        _write_database(root, {**seal, "kind": "study"}, design.cases, design.presentations, passphrases, [first])

    @classmethod
    def create_for_reader(
        cls, root: Path, design: ReadingDesign, passphrase: Passphrase, events: Iterable[Event]
    ) -> None:
        """Write the database of an unpacked pack: one reader's presentations, passphrase and events, nothing else."""
        seal = {"kind": "pack", "seal_hash": design.seal_hash, "design": design.to_json()}
        _write_database(root, seal, (), design.presentations, {design.reader_id: passphrase}, events)

    def close(self) -> None:
        """Let go of the file; the journal cannot be used afterwards."""
        with self._lock:
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
        with _sentences(self.root):
            cases = tuple(_case(json.loads(record)) for (record,) in self._rows(_ordered("cases")))
        fields = {name: value for name, value in self._seal.items() if name not in ("kind", *_AS_JSON)}
        return SealedDesign(
            **fields,
            flags=json.loads(self._seal["flags"]),
            exemplars=self._exemplars(),
            explanations=tuple(json.loads(self._seal.get("explanations", "[]"))),
            cases=cases,
            presentations=self._presentations(),
        )

    def _exemplars(self) -> dict[str, str]:
        return json.loads(self._seal.get("exemplars", "{}"))

    def reading_design(self, reader_id: str) -> ReadingDesign:
        """What that reader may know. Raises AccessError for a reader the study does not have."""
        if reader_id not in self.readers():
            raise AccessError(f"the study has no reader '{reader_id}'; it has {', '.join(self.readers())}")
        if self.is_pack:
            return reading_design_from_json(self._seal["design"])
        own = [p for p in self._presentations() if p.reader_id == reader_id]
        return reading_design(self._protocol(), ReaderId(reader_id), own, self.seal_hash, self._exemplars())

    def title(self) -> str:
        return self.reading_design(self.readers()[0]).title if self.is_pack else self._protocol().title

    def readers(self) -> tuple[str, ...]:
        """Readers whose chains this database may hold, in the protocol's order."""
        if self.is_pack:
            return tuple(name for (name,) in self._rows("SELECT name FROM passphrases"))
        return tuple(reader.id for reader in self._protocol().readers)

    def passphrase(self, name: str) -> Passphrase:
        """The verifier of a reader or of the coordinator. Raises AccessError where there is none."""
        rows = list(self._rows("SELECT salt, verifier, n, r, p FROM passphrases WHERE name = ?", [name]))
        if not rows:
            raise AccessError(f"nobody called '{name}' has a passphrase in this study")
        return Passphrase(*rows[0])

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
        with self._writing():
            seq, head = self._head(chain)
            if after is not None and after != head:
                raise ChainMoved(
                    "this reader's study was opened a second time and goes on there; close this window, open it again"
                )
            event = Event(
                chain, seq + 1, session_id, kind, code, plain, moment, float(seconds), self._software, head, ""
            )
            event = replace(event, hash=event_hash(event))
            self._db.execute(_INSERT, _row(event))
        return event

    def adopt(self, chain: str, events: Sequence[Event]) -> None:
        """Add events written elsewhere, as they are. Raises StudyError where they do not follow the chain's head."""
        with self._writing():
            seq, head = self._head(chain)
            for event in events:
                if (event.chain, event.seq, event.previous_hash) != (chain, seq + 1, head) or event_hash(
                    event
                ) != event.hash:
                    raise StudyError(
                        f"event {event.seq} of {chain} does not follow event {seq}; nothing was taken over"
                    )
                self._db.execute(_INSERT, _row(event))
                seq, head = event.seq, event.hash

    def events(self, chain: str) -> list[Event]:
        """Every event of a chain, in the order of `seq`. Raises StudyError where a row cannot be read."""
        rows = self._rows(f"{_SELECT} WHERE chain = ? ORDER BY seq", [chain])
        try:
            return [_event(row) for row in rows]
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
        rows = list(self._rows(f"{_SELECT} WHERE chain = ? ORDER BY number", [chain]))
        events, problems = [], []
        for row in rows:
            try:
                events.append(_event(row))
            except (ValueError, TypeError) as error:
                problems.append(ChainProblem(chain, _seq(row), f"event {row[1]!r} is damaged: {error}"))
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
        for (text,) in self._rows("SELECT payload FROM events WHERE chain = ? ORDER BY seq", [DESK]):
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
        rows = self._rows("SELECT name, salt, verifier, n, r, p FROM passphrases")
        if _fingerprint({name: Passphrase(*verifier) for name, *verifier in rows}) == events[0].payload["passphrases"]:
            return []
        what = "a passphrase was changed, added or removed after sealing: whoever did it may have read or answered"
        return [ChainProblem(DESK, 0, what)]

    def _walk_database(self, chain: str) -> list[ChainProblem]:
        problems = []
        there = dict(self._rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        if missing := [name for name in _trigger_names() if there.get(name) != _trigger(name)]:
            what = f"the database lacks {', '.join(missing)}, which refuses changes: somebody has removed or changed it"
            problems.append(ChainProblem(chain, 0, what))
        for (name,) in self._rows("SELECT DISTINCT chain FROM events"):
            if name not in self.chains():
                problems.append(ChainProblem(chain, 0, f"there are events of '{name}', which the study does not know"))
        ever = sum(number for (number,) in self._rows("SELECT seq FROM sqlite_sequence WHERE name = 'events'"))
        here = sum(number for (number,) in self._rows("SELECT COUNT(*) FROM events"))
        if ever != here:
            what = f"{ever} events were written and {here} are there: events were removed or put in from outside"
            problems.append(ChainProblem(chain, 0, what))
        return problems

    # SQLite

    def _protocol(self) -> Protocol:
        if "_parsed" not in self.__dict__:
            self._parsed = parse_protocol(self._seal["protocol_text"], "the sealed protocol")
        return self._parsed

    def _presentations(self) -> tuple[Presentation, ...]:
        with _sentences(self.root):
            return tuple(presentation_from(json.loads(record)) for (record,) in self._rows(_ordered("presentations")))

    def _head(self, chain: str) -> tuple[int, str]:
        rows = list(self._rows("SELECT seq, hash FROM events WHERE chain = ? ORDER BY seq DESC LIMIT 1", [chain]))
        return rows[0] if rows else (0, genesis_hash(self.seal_hash, chain))

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        with self._lock, _sentences(self.root):
            return iter(self._db.execute(sql, values).fetchall())

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """One transaction that holds the write lock from its start. Whatever goes wrong, nothing of it remains."""
        with self._lock, _sentences(self.root):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.conn.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _check_schema(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA_VERSION:
            raise StudyError(
                f"the study in {self.root} was made by a newer version of this program (schema {version}, this one "
                f"knows {SCHEMA_VERSION}); update the program to open it"
            )
        if version < 1 or not set(_TABLES) <= set(self._db.table_names()):
            raise StudyError(f"{DATABASE} in {self.root} is not the journal of a study, or is damaged")


def _case(fields: Mapping[str, Any]) -> Case:
    images = tuple(CaseImage(**image) for image in fields["images"])
    return Case(**{**fields, "case_id": CaseId(fields["case_id"]), "images": images})


def _open(path: Path) -> Database:
    # isolation_level None: every transaction is begun by hand. Any thread: one opens a session, another uses it.
    connection = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    db = Database(connection)
    try:
        db.execute("PRAGMA trusted_schema = OFF")
        (mode,) = db.execute("PRAGMA journal_mode = WAL").fetchone()
        if mode != "wal":
            raise StudyError(f"{path} does not support write-ahead logging; keep the study on a local disk")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA fullfsync = ON")  # macOS: fsync alone leaves data in the drive's cache
    except BaseException:
        db.close()
        raise
    return db


def _write_database(
    root: Path,
    seal: Mapping[str, str],
    cases: Sequence[Case],
    presentations: Sequence[Presentation],
    passphrases: Mapping[str, Passphrase],
    events: Iterable[Event],
) -> None:
    if (root / DATABASE).exists():
        raise SealError(f"{root} is sealed already; make a new study for another design")
    part = root / f".{DATABASE}.{secrets.token_hex(4)}"
    with _sentences(root):
        try:
            db = Database(sqlite3.connect(part, isolation_level=None))
            try:
                _fill(db, seal, cases, presentations, passphrases, events)
            finally:
                db.close()
            os.replace(part, root / DATABASE)
            _open(root / DATABASE).close()  # WAL mode is kept in the file; SQLite flushes the folder with it
        finally:
            part.unlink(missing_ok=True)


def _fill(
    db: Database,
    seal: Mapping[str, str],
    cases: Sequence[Case],
    presentations: Sequence[Presentation],
    passphrases: Mapping[str, Passphrase],
    events: Iterable[Event],
) -> None:
    db.execute("PRAGMA synchronous = FULL")
    db.execute("BEGIN")
    for statement in _SCHEMA.split(";"):
        db.execute(statement)
    db.table("seal").insert_all({"name": name, "value": value} for name, value in seal.items())
    db.table("cases").insert_all(_numbered(asdict(case) for case in cases))
    db.table("presentations").insert_all(_numbered(asdict(presentation) for presentation in presentations))
    db.table("passphrases").insert_all({"name": name} | asdict(verifier) for name, verifier in passphrases.items())
    for event in events:
        db.execute(_INSERT, _row(event))
    for name in _trigger_names():
        db.execute(_trigger(name))
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    db.execute("COMMIT")


def _numbered(records: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    return ({"number": number, "record": canonical_json(record)} for number, record in enumerate(records))


def _trigger_names() -> list[str]:
    fixed = [f"refuse_{table}_insert" for table in _TABLES if table != "events"]
    return fixed + [f"refuse_{table}_{action}" for table in _TABLES for action in ("update", "delete")]


def _trigger(name: str) -> str:
    """The statement that makes a trigger, as SQLite keeps it."""
    table, _, action = name.removeprefix("refuse_").rpartition("_")
    refuse = f"SELECT RAISE(ABORT, '{table} is append-only')"
    return f"CREATE TRIGGER {name} BEFORE {action.upper()} ON {table} BEGIN {refuse}; END"


def _fingerprint(passphrases: Mapping[str, Passphrase]) -> str:
    """sha256 (hex) of everybody's verifier."""
    return sha256_text(canonical_json({name: asdict(verifier) for name, verifier in passphrases.items()}))


def _ordered(table: str) -> str:
    return f"SELECT record FROM {table} ORDER BY number"


def _row(event: Event) -> tuple[Any, ...]:
    fields = {**vars(event), "payload": canonical_json(event.payload)}
    return tuple(fields[name] for name in _EVENT_FIELDS)


def _event(row: Sequence[Any]) -> Event:
    fields = dict(zip(_EVENT_FIELDS, row, strict=True))
    text = fields["payload"]
    payload = json.loads(text)
    if not isinstance(payload, dict) or canonical_json(payload) != text:
        raise ValueError("its payload is not the canonical JSON that was written")
    return Event(**{**fields, "payload": payload})


def _seq(row: Sequence[Any]) -> int:
    return row[1] if isinstance(row[1], int) else 0


def _noted_head(payload: str, chain: str) -> tuple[int, str]:
    """Number of events and head of a chain that an event of the desk noted; 0 where it noted none."""
    try:
        seq, head = json.loads(payload)["heads"][chain]
        return int(seq), str(head)
    except (ValueError, KeyError, TypeError):
        return 0, ""


@contextmanager
def _sentences(root: Path) -> Iterator[None]:
    """What SQLite and the disk complain of, as a sentence for a person."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise StudyError(_sentence(root, error)) from error
    except OSError as error:
        raise StudyError(f"the study in {root} could not be written or read: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise StudyError(
            f"the study's database in {root} is damaged ({error}); restore the folder from a copy"
        ) from error


def _sentence(root: Path, error: sqlite3.DatabaseError) -> str:
    text = str(error)
    if "locked" in text or "busy" in text:
        return (
            f"another program has held the study's database for {_BUSY_S:g} s; nothing was lost: close it and try again"
        )
    if "readonly" in text:
        return f"the study in {root} cannot be written: the folder or its {DATABASE} is read-only; nothing was changed"
    if "full" in text:
        return (
            "the disk of the study is full: this was not saved, everything before it was; free some space and try again"
        )
    if "unable to open" in text:
        return f"{DATABASE} in {root} cannot be opened; check that the folder is there and can be written"
    if "append-only" in text:
        return f"the journal refuses changes: {text}"
    return f"the database in {root} is damaged ({text}); restore the folder from a copy; `studies verify` says more"
