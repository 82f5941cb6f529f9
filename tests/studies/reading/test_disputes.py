"""Disputed cases from the coordinator's view: blind letters, marks, what is journaled, what stays locked."""

from pathlib import Path

import pandas as pd
import pytest

from readerapp.reading.session import ReadingSession
from studies.errors import AccessError, ReadingError
from studies.exports.export import export_study
from studies.reading.disputes import Verdict, adjudication_frame, items_behind, letters_of
from studies.reading.events import DESK, walk_events
from studies.reading.journal import Journal
from studies.reading.study import CoordinatorView, open_as_coordinator, open_as_reader
from studies.statistics.disputes import Topic
from tests.studies.made_studies import COORDINATOR_PHRASE, make_study, phrase

READERS = ("r1", "r2", "r3")


def read(root: Path, reader: str, says: dict[str, str]) -> None:
    """Answers by case id (absent elsewhere); a box on every case called present."""
    view = open_as_reader(root, reader, phrase(reader))
    with Journal(root) as journal:
        case_of = {p.code: p.case_id for p in journal.design().presentations}
    session = ReadingSession(view)
    for _ in range(session.count):
        session.open_next()
        session.painted()
        value = says.get(case_of[session.presentation.code], "absent")
        session.answer("catheter", value)
        if value == "present":
            session.marks.add("catheter", "box", ((1, 2), (3, 4)), 0, 0)
        session.finish(confirmed=True)
    session.end()
    view.close()


def desk_chain_is_whole(root: Path) -> bool:
    with Journal(root) as journal:
        return not walk_events(journal.events(DESK), journal.seal_hash, DESK)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = make_study(tmp_path / "study", readers=READERS)
    read(root, "r1", {"case-0": "present", "case-2": "present"})
    read(root, "r2", {"case-0": "present", "case-1": "uncertain"})
    return root


def desk(root: Path) -> CoordinatorView:
    return open_as_coordinator(root, COORDINATOR_PHRASE)


def desk_events(root: Path, kind: str) -> list[dict]:
    with Journal(root) as journal:
        return [dict(event.payload) for event in journal.events(DESK) if event.kind == kind]


def test_disputes_are_locked_while_reading_goes_on(root: Path) -> None:
    view = desk(root)
    for ask in (lambda: view.disputes(Topic("catheter")), lambda: view.name_readers("case-0"), view.verdicts):
        with pytest.raises(AccessError, match="until every reader has finished"):
            ask()
    view.close()
    assert not desk_events(root, "disputes_opened") and not desk_events(root, "readers_named")


def test_voices_say_what_was_said_without_names(root: Path) -> None:
    read(root, "r3", {})
    view = desk(root)
    first, second = view.disputes(Topic("catheter"))
    assert (first.case_id, second.case_id) == ("case-0", "case-2")
    assert [voice.letter for voice in first.voices] == ["A", "B", "C"]
    assert sorted(voice.says for voice in first.voices) == ["absent", "present", "present"]
    for voice in first.voices:
        assert voice.answers == {"catheter": voice.says}
        assert [mark.kind for mark in voice.marks] == (["box"] if voice.says == "present" else [])
    assert not any(reader in repr(first) for reader in READERS)
    assert [d.case_id for d in view.disputes(Topic("catheter", readers=("r1", "r2")))] == ["case-2"]
    view.close()
    opened = desk_events(root, "disputes_opened")
    assert [(event["item"], event["readers"], event["n_cases"]) for event in opened] == [
        ("catheter", [], 2),
        ("catheter", ["r1", "r2"], 1),
    ]
    assert desk_chain_is_whole(root)


def test_letters_are_stable_and_not_the_same_in_every_case(root: Path) -> None:
    view = desk(root)
    dealt = [tuple(letters_of(view.design, f"case-{k}", READERS).items()) for k in range(40)]
    assert dealt == [tuple(letters_of(view.design, f"case-{k}", READERS[::-1]).items()) for k in range(40)]
    assert {dict(letters)["A"] for letters in dealt} == set(READERS)
    many = letters_of(view.design, "case-0", [f"r{n}" for n in range(30)])
    assert list(many)[25:28] == ["Z", "AA", "AB"]
    view.close()


def test_naming_the_readers_is_journaled_and_right(root: Path) -> None:
    read(root, "r3", {})
    view = desk(root)
    dispute = view.disputes(Topic("catheter"))[1]
    names = view.name_readers(dispute.case_id)
    assert [names[voice.letter] for voice in dispute.voices if voice.says == "present"] == ["r1"]
    view.close()
    assert desk_events(root, "readers_named") == [{"case_id": "case-2"}]


def test_a_verdict_needs_a_reason_is_journaled_and_the_last_one_counts(root: Path) -> None:
    read(root, "r3", {})
    view = desk(root)
    before = view.readings()
    with pytest.raises(ReadingError, match="a reason"):
        view.adjudicate(Verdict("case-2", "unaided", "catheter", "present", "  "))
    view.adjudicate(Verdict("case-2", "unaided", "catheter", "present", "seen on the lateral"))
    view.adjudicate(Verdict("case-2", "unaided", "catheter", "absent", "it is the ECG lead"))
    (verdict,) = view.verdicts().values()
    assert (verdict.value, verdict.reason) == ("absent", "it is the ECG lead")
    assert view.readings().equals(before)
    with Journal(root) as journal:
        table = adjudication_frame(journal.events(DESK), view.design)
    assert table[["case_id", "patient_id", "value", "reason"]].values.tolist() == [
        ["case-2", "patient-2", "absent", "it is the ECG lead"]
    ]
    view.close()
    assert desk_chain_is_whole(root)


def test_verdicts_and_biases_are_exported_with_their_meaning(root: Path, tmp_path: Path) -> None:
    read(root, "r3", {})
    view = desk(root)
    export_study(view, tmp_path / "without", redraws=20)
    view.adjudicate(Verdict("case-2", "unaided", "catheter", "present", "seen on the lateral"))
    export_study(view, tmp_path / "with", redraws=20)
    assert not (tmp_path / "without" / "adjudication.csv").exists()
    table = pd.read_csv(tmp_path / "with" / "adjudication.csv")
    assert table.loc[0, ["case_id", "stratum", "item", "value", "reason"]].tolist() == [
        "case-2", "secret-stratum", "catheter", "present", "seen on the lateral"
    ]  # fmt: skip
    bias = pd.read_csv(tmp_path / "with" / "reader_bias.csv").set_index(
        ["item", "reader_id", "stratum", "uncertain_as"]
    )
    assert bias.loc[("catheter", "r1", "all", "left out"), "bias"] == pytest.approx(0.5 - (1 / 2 + 0 + 0 + 0) / 4)
    book = pd.read_csv(tmp_path / "with" / "codebook.csv")
    told = book[book["file"].isin(["adjudication.csv", "reader_bias.csv"])]
    assert len(told) > 15 and told["meaning"].notna().all()
    view.close()


def test_the_items_behind_a_line(root: Path) -> None:
    view = desk(root)
    assert items_behind(view.protocol, "catheter", "all") == ("catheter",)
    assert items_behind(view.protocol, "zones = upper", "all") == ("zones",)
    assert items_behind(view.protocol, "any:treatment", "secret-stratum") == ("catheter",)
    assert items_behind(view.protocol, "any:treatment (all items)", "all") == ("catheter", "pacemaker")
    view.close()
