"""The journal: durable, append-only, chained, and honest about what was done to it."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies.design import canonical_json, sha256_text
from studies.errors import AccessError, SealError, StudyError
from studies.reading.database import DATABASE
from studies.reading.events import DESK, Event, event_from_json, event_hash, event_to_json, walk_events
from studies.reading.journal import ChainMoved, Journal
from tests.studies.made_studies import (
    COORDINATOR_PHRASE,
    made_design,
    make_study,
    quick_passphrase,
    tamper,
    write_study,
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_study(tmp_path / "study")


@pytest.fixture
def written(root: Path) -> Path:
    """A study with ten events of r1 and three of r2."""
    with Journal(root) as journal:
        for number in range(10):
            journal.append("r1", "s1", "answered", "C20", {"number": number})
        for number in range(3):
            journal.append("r2", "s2", "answered", "D20", {"number": number})
    return root


def problems(root: Path, chain: str = "r1") -> list[tuple[int, str]]:
    with Journal(root) as journal:
        return [(problem.seq, problem.what) for problem in journal.walk(chain)]


# Creating and opening


def test_what_sealing_fixed_comes_back_as_it_was(tmp_path: Path) -> None:
    design = replace(
        made_design(practice=(True, False), feedback=({"catheter": "present"}, None)), flags={"ab": "text?"}
    )
    write_study(tmp_path / "study", design)
    with Journal(tmp_path / "study") as journal:
        assert journal.design() == design
        assert journal.readers() == ("r1", "r2")
        assert journal.passphrase("coordinator") == quick_passphrase(COORDINATOR_PHRASE)
        with pytest.raises(AccessError, match="nobody called 'x'"):
            journal.passphrase("x")


def test_a_study_is_sealed_once(root: Path) -> None:
    with pytest.raises(SealError, match="sealed already"):
        Journal.create(root, made_design(), {})
    assert sorted(path.name for path in root.iterdir() if not path.name.startswith(DATABASE)) == []


# Appending


def test_an_event_says_who_what_and_when(root: Path) -> None:
    with Journal(root) as journal:
        event = journal.append("r1", "s1", "answered", "C20", {"new": "présent", "at": (1, 2)}, monotonic_s=5)
        assert journal.events("r1") == [event]
        assert journal.heads()["r1"] == event.hash
    assert (event.seq, event.monotonic_s, event.payload) == (1, 5.0, {"new": "présent", "at": [1, 2]})
    assert len(event.wall_time) == len("2026-03-01T09:30:00.125Z") and event.wall_time.endswith("Z")


def test_the_hash_is_what_the_documentation_says(root: Path) -> None:
    with Journal(root) as journal:
        first = journal.append("r1", "s1", "answered", "C20", {"b": 1, "a": [0.5, "ü"]}, monotonic_s=12.25)
        assert first.previous_hash == sha256_text(canonical_json([journal.seal_hash, "r1"]))
    fields = {**asdict(first), "payload": '{"a":[0.5,"ü"],"b":1}'}
    del fields["hash"]
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert first.hash == sha256_text(text)


def test_the_chain_of_each_reader_is_its_own(written: Path) -> None:
    with Journal(written) as journal:
        assert [event.seq for event in journal.events("r1")] == list(range(1, 11))
        assert [event.seq for event in journal.events("r2")] == [1, 2, 3]
        assert [journal.walk(chain) for chain in journal.chains()] == [[], [], []]


def test_only_known_chains_take_events(root: Path) -> None:
    with Journal(root) as journal, pytest.raises(AccessError, match="no reader 'r9'"):
        journal.append("r9", "s", "answered", "", {})


def test_an_event_after_a_head_that_has_moved_is_refused(root: Path) -> None:
    with Journal(root) as journal:
        head = journal.head("r1")
        journal.append("r1", "s1", "a", "", {}, after=head)
        with pytest.raises(ChainMoved):
            journal.append("r1", "s2", "b", "", {}, after=head)
        assert [event.kind for event in journal.events("r1")] == ["a"]


WRITER = """
import sys
from pathlib import Path
from studies.reading.journal import Journal
journal = Journal(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(100):
    journal.append(sys.argv[2], sys.argv[3], "answered", "", {"number": number})
"""


def test_processes_that_write_at_once_never_fork_a_chain(root: Path) -> None:
    """Two for the same reader, one for another."""
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(root), chain, session], stdin=PIPE, stdout=PIPE)
        for chain, session in (("r1", "a"), ("r1", "b"), ("r2", "c"))
    ]
    for writer in writers:
        assert writer.stdout and writer.stdout.readline().strip() == b"ready"
    for writer in writers:
        assert writer.stdin
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    with Journal(root) as journal:
        for session in "ab":
            own = [event.payload["number"] for event in journal.events("r1") if event.session_id == session]
            assert own == list(range(100))
        assert len(journal.events("r2")) == 100
        assert journal.walk("r1") == journal.walk("r2") == []


# What was done to it


def test_an_edited_answer_is_found_with_its_place(written: Path) -> None:
    tamper(written, "UPDATE events SET payload = '{\"number\":77}' WHERE chain = 'r1' AND seq = 4")
    assert problems(written) == [(4, "event 4 was changed after it was written: its hash does not fit what it says")]
    assert problems(written, "r2") == []


@pytest.mark.parametrize("column", ["session_id", "kind", "code", "wall_time", "software", "monotonic_s"])
def test_every_field_is_under_the_hash(written: Path, column: str) -> None:
    tamper(written, f"UPDATE events SET {column} = 12345 WHERE chain = 'r1' AND seq = 4")
    assert [seq for seq, _ in problems(written)] == [4]


def test_an_edit_with_a_new_hash_breaks_the_next_link(written: Path) -> None:
    with Journal(written) as journal:
        event = replace(journal.events("r1")[3], kind="x")
    tamper(written, f"UPDATE events SET kind = 'x', hash = '{event_hash(event)}' WHERE chain = 'r1' AND seq = 4")
    ((seq, what),) = problems(written)
    assert seq == 5 and "does not follow event 4" in what


def test_deleted_events_are_missed_in_the_middle_and_at_the_end(written: Path) -> None:
    tamper(written, "DELETE FROM events WHERE chain = 'r1' AND seq IN (4, 5)")
    assert problems(written)[0] == (6, "events 4 to 5 are missing before event 6")
    tamper(written, "DELETE FROM events WHERE chain = 'r2' AND seq = 3")
    assert problems(written, "r2") == []  # the chain alone cannot tell …
    assert problems(written, DESK) == [
        (0, "14 events were written and 11 are there: events were removed or put in from outside")
    ]


def test_a_foreign_row_is_found(written: Path) -> None:
    columns = "session_id, kind, code, payload, wall_time, monotonic_s, software, previous_hash, hash"
    insert = f"INSERT INTO events (chain, seq, {columns}) SELECT 'r1', 11, {columns} FROM events WHERE number = 3"
    tamper(written, insert)
    assert {seq for seq, _ in problems(written)} == {11}


def test_reordered_events_are_found(written: Path) -> None:
    swap = "UPDATE events SET seq = {} WHERE chain = 'r1' AND seq = {}"
    tamper(written, swap.format(-1, 4), swap.format(4, 5), swap.format(5, -1))
    assert {4, 5} <= {seq for seq, _ in problems(written)}


def test_a_chain_written_anew_is_found_by_the_head_the_desk_noted(written: Path) -> None:
    with Journal(written) as journal:
        journal.append(DESK, "d", "desk_opened", "", {"heads": journal.noted_heads()})
        first = journal.events("r1")[0]
    tamper(written, "DELETE FROM events WHERE chain = 'r1'", "UPDATE sqlite_sequence SET seq = 5")
    with Journal(written) as journal:
        for number in range(10):
            journal.append("r1", first.session_id, "answered", "C20", {"number": -number})
    ((seq, what),) = problems(written)
    assert seq == 10 and "noted as the head" in what


def test_missing_triggers_and_unknown_chains_are_found(written: Path) -> None:
    with sqlite3.connect(written / DATABASE) as db:
        db.execute("DROP TRIGGER refuse_events_update")
    db.close()
    assert "refuse_events_update" in problems(written, DESK)[0][1]
    tamper(written, "UPDATE events SET chain = 'ghost' WHERE chain = 'r2'")
    assert any("'ghost'" in what for _, what in problems(written, DESK))


def test_a_trigger_that_refuses_nothing_is_found(written: Path) -> None:
    with sqlite3.connect(written / DATABASE) as db:
        db.execute("DROP TRIGGER refuse_events_delete")
        db.execute("CREATE TRIGGER refuse_events_delete BEFORE DELETE ON events BEGIN SELECT 1; END")
    db.close()
    ((_, what),) = problems(written, DESK)
    assert "refuse_events_delete" in what and "changed" in what


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE passphrases SET verifier = (SELECT verifier FROM passphrases WHERE name = 'r2') WHERE name = 'r1'",
        "UPDATE passphrases SET n = 8 WHERE name = 'coordinator'",
        "DELETE FROM passphrases WHERE name = 'r2'",
        "INSERT INTO passphrases SELECT 'eve', salt, verifier, n, r, p FROM passphrases WHERE name = 'r1'",
    ],
)
def test_another_passphrase_is_found(written: Path, statement: str) -> None:
    assert problems(written, DESK) == []
    tamper(written, statement)
    ((_, what),) = problems(written, DESK)
    assert what.startswith("a passphrase was changed, added or removed after sealing")


def test_a_desk_s_chain_without_its_beginning_is_found(written: Path) -> None:
    tamper(written, "DELETE FROM events WHERE chain = 'desk'", "UPDATE sqlite_sequence SET seq = 13")
    assert problems(written, DESK) == [(0, "it does not begin with the sealing of the study: events were removed")]


def test_rows_that_cannot_be_read_are_named_and_the_walk_goes_on(written: Path) -> None:
    tamper(written, "UPDATE events SET payload = '{\"number\"' WHERE chain = 'r1' AND seq = 4")
    assert [seq for seq, _ in problems(written)] == [4, 5]
    with Journal(written) as journal, pytest.raises(StudyError, match="damaged"):
        journal.events("r1")


# Any chain, any harm

NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
LEAVES = st.none() | st.booleans() | NUMBERS | st.text(max_size=10)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
PAYLOADS = st.dictionaries(st.text(max_size=5), VALUES, max_size=4)


def chain_of(payloads: list[dict[str, Any]]) -> list[Event]:
    events: list[Event] = []
    head = sha256_text(canonical_json(["seal", "r1"]))
    for seq, payload in enumerate(payloads, start=1):
        event = Event("r1", seq, "s", "answered", "C", payload, "2026-03-01T09:00:00.000Z", float(seq), "1", head, "")
        events.append(replace(event, hash=event_hash(event)))
        head = events[-1].hash
    return events


@given(st.lists(PAYLOADS, min_size=1, max_size=6))
def test_events_survive_their_line_of_json(payloads: list[dict[str, Any]]) -> None:
    events = chain_of(payloads)
    back = [event_from_json(event_to_json(event)) for event in events]
    assert back == events and walk_events(back, "seal", "r1") == []


def moved(events: list[Event], i: int, j: int) -> list[Event]:
    others = [*events[:i], *events[i + 1 :]]
    return [*others[:j], events[i], *others[j:]]


HARMS: dict[str, Callable[[list[Event], int, int], list[Event]]] = {
    "changed": lambda events, i, _: [*events[:i], replace(events[i], code="D"), *events[i + 1 :]],
    "deleted": lambda events, i, _: [*events[:i], *events[i + 1 :]],
    "repeated": lambda events, i, _: [*events[: i + 1], events[i], *events[i + 1 :]],
    "moved": moved,
}


@given(
    st.lists(PAYLOADS, min_size=3, max_size=6), st.sampled_from(sorted(HARMS)), st.integers(0, 99), st.integers(0, 99)
)
def test_no_harm_to_a_chain_goes_unseen(payloads: list[dict[str, Any]], harm: str, i: int, j: int) -> None:
    """Only the last event can go without a trace in the chain itself: the desk's notes are for that."""
    events = chain_of(payloads)
    harmed = HARMS[harm](events, i % (len(events) - 1), j % len(events))
    assert (harmed == events) == (walk_events(harmed, "seal", "r1") == [])


@pytest.mark.parametrize("line", ["", "[]", "{}", '{"seq": 1}', "null", '"x"'])
def test_lines_that_are_no_event_are_refused(line: str) -> None:
    with pytest.raises(ValueError):
        event_from_json(line)
    good = json.loads(event_to_json(chain_of([{}])[0]))
    for name, value in [("seq", True), ("monotonic_s", "1"), ("payload", []), ("kind", None), ("monotonic_s", 1e999)]:
        with pytest.raises(ValueError):
            event_from_json(json.dumps({**good, name: value}))
