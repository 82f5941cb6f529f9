"""The database of a study, `study.db`: the only place where SQLite is used.

Table `events` is append-only (triggers refuse UPDATE and DELETE); the tables beside it hold what sealing fixed, and
nothing can be added to them. What is written is on disk when the call returns: WAL mode, synchronous FULL. What the
events mean, and who may write them, is for `studies.reading.journal` to say.
"""

import json
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from studies.design import Case, CaseImage, Passphrase, Presentation, canonical_json
from studies.errors import SealError, StudyError
from studies.protocol import CaseId
from studies.reading.events import Event
from studies.reading.reading_design import presentation_from

DATABASE = "study.db"
SCHEMA_VERSION = 1

_BUSY_S = 10.0  # how long a writer waits for another one
_EVENT_FIELDS = tuple(Event.__dataclass_fields__)
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


class StudyDatabase:
    """An open `study.db`. May be used from any thread, one at a time.

    Every method raises StudyError, as a sentence for a person, where SQLite or the disk complains.
    """

    def __init__(self, root: Path) -> None:
        path = root / DATABASE
        if not path.is_file():
            raise SealError(f"{root} is not a sealed study: it has no {DATABASE}")
        self._root = root
        self._lock = threading.RLock()
        with _sentences(root):
            self._db = _open(path)
            try:
                self._check_schema()
            except BaseException:
                self._db.close()
                raise

    def close(self) -> None:
        """Let go of the file; the database cannot be used afterwards."""
        with self._lock:
            self._db.close()

    # What sealing fixed

    def seal(self) -> dict[str, str]:
        """Name → value of all that is neither a case, nor a presentation, nor a passphrase."""
        return dict(self._rows("SELECT name, value FROM seal"))

    def cases(self) -> tuple[Case, ...]:
        with _sentences(self._root):
            return tuple(_case(record) for record in self._records("cases"))

    def presentations(self) -> tuple[Presentation, ...]:
        with _sentences(self._root):
            return tuple(presentation_from(record) for record in self._records("presentations"))

    def passphrases(self) -> dict[str, Passphrase]:
        """Name → verifier, in the order in which they were sealed."""
        rows = self._rows("SELECT name, salt, verifier, n, r, p FROM passphrases ORDER BY rowid")
        return {name: Passphrase(*verifier) for name, *verifier in rows}

    # Events

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction that holds the write lock from its start. Whatever goes wrong, nothing of it remains."""
        with self._lock, _sentences(self._root):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.conn.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def insert(self, event: Event) -> None:
        """Write an event, within `writing`."""
        self._db.execute(_INSERT, _row(event))

    def head(self, chain: str) -> tuple[int, str] | None:
        """Place and hash of a chain's last event, None where it has none."""
        rows = list(self._rows("SELECT seq, hash FROM events WHERE chain = ? ORDER BY seq DESC LIMIT 1", [chain]))
        return rows[0] if rows else None

    def events(self, chain: str) -> list[Event]:
        """Every event of a chain, in the order of `seq`. Raises ValueError where a row cannot be read."""
        return [_event(row) for row in self._rows(f"{_SELECT} WHERE chain = ? ORDER BY seq", [chain])]

    def events_as_written(self, chain: str) -> Iterator[Event | tuple[int, str]]:
        """Every row of a chain in the order in which they were written: an event, or where and why it is none."""
        for row in self._rows(f"{_SELECT} WHERE chain = ? ORDER BY number", [chain]):
            try:
                yield _event(row)
            except (ValueError, TypeError) as error:
                yield _seq(row), f"event {row[1]!r} is damaged: {error}"

    def payloads(self, chain: str) -> list[str]:
        """What the events of a chain carry, as it lies there, in the order of `seq`."""
        return [text for (text,) in self._rows("SELECT payload FROM events WHERE chain = ? ORDER BY seq", [chain])]

    def chains(self) -> list[str]:
        """Names of the chains that have events, whether the study knows them or not."""
        return [name for (name,) in self._rows("SELECT DISTINCT chain FROM events")]

    def missing_triggers(self) -> list[str]:
        """Names of the triggers that are gone, or do something else than was written."""
        there = dict(self._rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
        return [name for name in _trigger_names() if there.get(name) != _trigger(name)]

    def event_counts(self) -> tuple[int, int]:
        """How many events were ever written, and how many are there."""
        ever = sum(number for (number,) in self._rows("SELECT seq FROM sqlite_sequence WHERE name = 'events'"))
        here = sum(number for (number,) in self._rows("SELECT COUNT(*) FROM events"))
        return ever, here

    # SQLite

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        with self._lock, _sentences(self._root):
            return iter(self._db.execute(sql, values).fetchall())

    def _records(self, table: str) -> list[Any]:
        return [json.loads(record) for (record,) in self._rows(f"SELECT record FROM {table} ORDER BY number")]

    def _check_schema(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > SCHEMA_VERSION:
            raise StudyError(
                f"the study in {self._root} was made by a newer version of this program (schema {version}, this one "
                f"knows {SCHEMA_VERSION}); update the program to open it"
            )
        if version < 1 or not set(_TABLES) <= set(self._db.table_names()):
            raise StudyError(f"{DATABASE} in {self._root} is not the journal of a study, or is damaged")


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


def write_database(
    root: Path,
    seal: Mapping[str, str],
    cases: Sequence[Case],
    presentations: Sequence[Presentation],
    passphrases: Mapping[str, Passphrase],
    events: Iterable[Event],
) -> None:
    """Make the database of a study or a pack, as a whole or not at all. Raises SealError where there is one."""
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
