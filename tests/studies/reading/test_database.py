"""The database of a study: what it refuses, what the disk and other programs may do to it, each as a sentence."""

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from studies.errors import SealError, StudyError
from studies.reading.database import DATABASE, SCHEMA_VERSION, StudyDatabase
from studies.reading.events import Event
from tests.studies.made_studies import make_study, tamper


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_study(tmp_path / "study")


@pytest.fixture
def database(root: Path) -> Iterator[StudyDatabase]:
    """A study with three events of r1."""
    database = StudyDatabase(root)
    for seq in (1, 2, 3):
        write(database, seq)
    yield database
    database.close()


def write(database: StudyDatabase, seq: int, text: str = "") -> None:
    event = Event("r1", seq, "s1", "answered", "C20", {"text": text}, "2026-01-01", 1.0, "0", "before", f"hash {seq}")
    with database.writing():
        database.insert(event)


def test_a_folder_that_is_no_sealed_study_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SealError, match="not a sealed study"):
        StudyDatabase(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_newer_schema_is_a_sentence(root: Path) -> None:
    tamper(root, f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    with pytest.raises(StudyError, match="newer version of this program"):
        StudyDatabase(root)


@pytest.mark.parametrize("content", [b"", b"not a database at all, whatever its name says" * 50])
def test_a_file_that_is_no_database_is_a_sentence(root: Path, content: bytes) -> None:
    for path in root.glob(f"{DATABASE}*"):
        path.unlink()
    (root / DATABASE).write_bytes(content)
    with pytest.raises(StudyError, match=r"damaged"):
        StudyDatabase(root)


def test_a_damaged_page_is_a_sentence(root: Path, database: StudyDatabase) -> None:
    database.close()
    with sqlite3.connect(root / DATABASE) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    data = bytearray((root / DATABASE).read_bytes())
    data[len(data) // 2 :] = b"\xff" * (len(data) - len(data) // 2)
    (root / DATABASE).write_bytes(bytes(data))
    with pytest.raises(StudyError, match="damaged"):
        database = StudyDatabase(root)
        database.cases(), database.presentations(), database.passphrases()
        database.events("r1"), database.missing_triggers()


@pytest.mark.parametrize(
    "record", ["{", "[]", '{"case_id": 1}', "null"], ids=["no JSON", "a list", "without fields", "null"]
)
def test_a_record_that_was_changed_is_a_sentence(root: Path, record: str) -> None:
    tamper(root, ("UPDATE cases SET record = ?", [record]), ("UPDATE presentations SET record = ?", [record]))
    database = StudyDatabase(root)
    for asked in (database.cases, database.presentations):
        with pytest.raises(StudyError, match="damaged"):
            asked()
    database.close()


def test_rows_that_are_no_event_are_told_with_their_place(root: Path, database: StudyDatabase) -> None:
    tamper(root, "UPDATE events SET payload = '{' WHERE seq = 2")
    first, second, third = database.events_as_written("r1")
    assert isinstance(first, Event) and isinstance(third, Event) and (first.seq, third.seq) == (1, 3)
    assert second[0] == 2 and "damaged" in second[1]
    with pytest.raises(ValueError):
        database.events("r1")


def test_triggers_and_counts_tell_of_another_program(root: Path, database: StudyDatabase) -> None:
    assert (database.missing_triggers(), database.event_counts(), database.chains()) == ([], (4, 4), ["desk", "r1"])
    tamper(root, "DELETE FROM events WHERE seq = 3")
    assert database.event_counts() == (4, 3)
    with sqlite3.connect(root / DATABASE) as db:
        db.execute("DROP TRIGGER refuse_events_delete")
    db.close()
    assert database.missing_triggers() == ["refuse_events_delete"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET kind = 'x'",
        "DELETE FROM events",
        "INSERT OR REPLACE INTO events SELECT * FROM events WHERE seq = 2",
        "UPDATE seal SET value = 'x'",
        "INSERT INTO presentations VALUES (99, '{}')",
        "DELETE FROM passphrases",
    ],
)
def test_the_database_refuses_changes(root: Path, database: StudyDatabase, statement: str) -> None:
    with sqlite3.connect(root / DATABASE) as db, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute("PRAGMA recursive_triggers = ON")  # so that REPLACE counts as the deletion it is
        db.execute(statement)
    db.close()
    assert database.head("r1") == (3, "hash 3")


def test_what_goes_wrong_within_a_transaction_leaves_nothing(database: StudyDatabase) -> None:
    with pytest.raises(RuntimeError), database.writing():
        database.insert(replace(database.events("r1")[0], seq=4))
        raise RuntimeError
    assert database.head("r1") == (3, "hash 3")


# When the disk or another program is in the way


def test_a_database_held_by_another_program_is_a_sentence_and_loses_nothing(
    root: Path, database: StudyDatabase
) -> None:
    holder = sqlite3.connect(root / DATABASE, isolation_level=None)
    database._db.execute("PRAGMA busy_timeout = 50")
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StudyError, match="another program"):
        write(database, 4)
    holder.execute("ROLLBACK")
    holder.close()
    write(database, 4)
    assert database.head("r1") == (4, "hash 4")


def test_a_full_disk_is_a_sentence_and_loses_nothing(database: StudyDatabase) -> None:
    (pages,) = database._db.execute("PRAGMA page_count").fetchone()
    database._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StudyError, match="disk of the study is full"):
        write(database, 4, "x" * 100_000)
    assert database.head("r1") == (3, "hash 3")
    database._db.execute(f"PRAGMA max_page_count = {pages + 1000}")
    write(database, 4)
    assert len(database.events("r1")) == 4


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write read-only files")
def test_a_read_only_study_is_a_sentence(root: Path) -> None:
    (root / DATABASE).chmod(0o444)
    with pytest.raises(StudyError, match="read-only"):
        write(StudyDatabase(root), 1)


def test_a_write_that_is_not_allowed_is_a_sentence(database: StudyDatabase) -> None:
    database._db.execute("PRAGMA query_only = ON")
    with pytest.raises(StudyError, match="read-only"):
        write(database, 4)
