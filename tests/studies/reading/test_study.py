"""A study as its people see it: what a reader can reach, what the coordinator gets, and when."""

import dataclasses
import threading
from pathlib import Path

import pandas as pd
import pytest

from engine.images import Image
from readerapp.reading.session import ReadingSession
from studies.errors import AccessError, ReadingError, SealError, StudyError
from studies.reading.events import DESK
from studies.reading.frames import MARKS, PROGRESS, READINGS, TIMES
from studies.reading.journal import Journal
from studies.reading.study import (
    CoordinatorView,
    is_pack,
    list_readers,
    open_as_coordinator,
    open_as_reader,
    study_state,
    study_title,
)
from tests.studies.made_studies import (
    COORDINATOR_PHRASE,
    OTHER_ITEMS,
    PROTOCOL,
    freeze_images,
    make_study,
    phrase,
)


def read(root: Path, reader: str, cases: int, value: str = "present") -> None:
    """A reader answers the first item of each of the next cases and marks it."""
    session = ReadingSession(open_as_reader(root, reader, phrase(reader)))
    for _ in range(cases):
        session.open_next()
        session.painted()
        session.answer("catheter", value)
        session.marks.add("catheter", "box", ((1, 2), (3.5, 4)), 0, 0)
        session.finish(confirmed=True)
    session.end()
    session.view.close()


def desk(root: Path) -> CoordinatorView:
    return open_as_coordinator(root, COORDINATOR_PHRASE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_study(tmp_path / "study")


# Who gets in


def test_a_draft_a_sealed_study_and_no_study(tmp_path: Path, root: Path) -> None:
    draft = tmp_path / "draft"
    draft.mkdir()
    (draft / "protocol.toml").write_text(PROTOCOL + '\n[[readers]]\nid = "anna"\n', encoding="utf-8")
    assert (study_state(draft), study_title(draft), list_readers(draft)) == ("draft", "Small study", ("anna",))
    assert (study_state(root), study_title(root), list_readers(root)) == ("sealed", "Small study", ("r1", "r2"))
    assert not is_pack(draft) and not is_pack(root)
    with pytest.raises(SealError, match="not sealed yet"):
        open_as_reader(draft, "anna", "whatever")
    with pytest.raises(SealError, match="is not a study"):
        study_state(tmp_path)


def test_each_passphrase_opens_its_own_door_only(root: Path) -> None:
    for reader, given in [("r1", phrase("r2")), ("r1", COORDINATOR_PHRASE), ("r1", "")]:
        with pytest.raises(AccessError, match="not the passphrase of reader r1"):
            open_as_reader(root, reader, given)
    with pytest.raises(AccessError, match="no reader 'r9'; it has r1, r2"):
        open_as_reader(root, "r9", phrase("r1"))
    with pytest.raises(AccessError, match="no reader 'coordinator'"):
        open_as_reader(root, "coordinator", COORDINATOR_PHRASE)
    with pytest.raises(AccessError, match="not the coordinator's passphrase"):
        open_as_coordinator(root, phrase("r1"))
    with Journal(root) as journal:
        assert [event.kind for event in journal.events(DESK)] == ["sealed"]


# What a reader sees


def test_a_reader_sees_no_case_arm_repeat_stratum_or_other_reader(tmp_path: Path) -> None:
    root = make_study(tmp_path / "s", repeat=(0, 1), arm=("sham-arm",), explained=(True,))
    read(root, "r2", 1)
    view = open_as_reader(root, "r1", phrase("r1"))
    for presentation in view.presentations:
        assert (presentation.case_id, presentation.arm, presentation.repeat) == ("", "", 0)
    reached = repr([getattr(view, name) for name in dir(view) if not name.startswith("_") and name not in METHODS])
    reached += repr([view.events(), view.head()])
    for secret in ("case-", "patient-", "stratum", "sham", "r2", "D20", "image-"):
        assert secret not in reached
    assert "C20" in reached  # the words above are looked for in something


METHODS = ("events", "head", "journal_append", "load_images", "close")


def test_a_reader_sees_their_own_events_only(root: Path) -> None:
    read(root, "r2", 2)
    view = open_as_reader(root, "r1", phrase("r1"))
    assert view.events() == []
    view.journal_append("s", "session_started", "", {})
    assert [event.chain for event in view.events()] == ["r1"]


def test_images_come_by_code_and_are_the_sealed_ones(tmp_path: Path) -> None:
    names = freeze_images(tmp_path / "s", 2)
    view = open_as_reader(make_study(tmp_path / "s", images=names), "r1", phrase("r1"))
    (image,) = view.load_images("C21")
    assert isinstance(image, Image) and image.pixels[0, 0] == 101
    results: list[Image] = []
    thread = threading.Thread(target=lambda: results.extend(view.load_images("C20")))
    thread.start()
    thread.join()
    assert results[0].pixels[0, 0] == 100
    with pytest.raises(ReadingError, match="no case 'D20'"):
        view.load_images("D20")  # another reader's


def test_an_image_that_was_changed_or_lost_is_told_by_code_only(tmp_path: Path) -> None:
    names = freeze_images(tmp_path / "s", 2)
    view = open_as_reader(make_study(tmp_path / "s", images=names), "r1", phrase("r1"))
    path = tmp_path / "s" / "images" / names[0]
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ReadingError, match="image 1 of case C20 is not the one that was sealed") as caught:
        view.load_images("C20")
    path.unlink()
    with pytest.raises(ReadingError, match="image 1 of case C20 cannot be read") as lost:
        view.load_images("C20")
    assert names[0] not in str(caught.value) + str(lost.value) and str(tmp_path) not in str(lost.value)


# What the coordinator gets, and when


def test_answers_are_locked_until_every_reader_has_finished(root: Path) -> None:
    read(root, "r1", 4)
    read(root, "r2", 3)
    view = desk(root)
    assert not view.complete and not view.agreement_unlocked
    for locked in (view.readings, view.marks, view.events):
        with pytest.raises(AccessError, match="r1 4 of 4; r2 3 of 4"):
            locked()
    assert len(view.times()) == 7 and len(view.progress()) == 8  # no answer is in these
    read(root, "r2", 1)
    assert view.complete and view.agreement_unlocked  # the same view: it looks anew
    assert len(view.readings()) == 8 * 3


def test_looking_early_needs_a_reason_which_is_journaled(root: Path) -> None:
    read(root, "r1", 1)
    view = desk(root)
    with pytest.raises(AccessError, match="needs a reason"):
        view.look_early("  ")
    view.look_early("safety board asked")
    assert view.agreement_unlocked and not view.complete
    assert len(view.readings()) == 3
    with Journal(root) as journal:
        event = journal.events(DESK)[-1]
        assert journal.walk(DESK) == []
    assert event.kind == "looked_early"
    assert event.payload == {"reason": "safety board asked", "finished": {"r1": [1, 4], "r2": [0, 4]}}
    assert not desk(root).agreement_unlocked  # each looking is on record


def test_opening_the_desk_notes_the_heads(root: Path) -> None:
    read(root, "r1", 1)
    view = desk(root)
    with Journal(root) as journal:
        noted = journal.events(DESK)[-1].payload["heads"]
        assert noted["r1"] == [len(journal.events("r1")), journal.head("r1")]
    assert view.heads()["r1"] == noted["r1"][1]


def test_readings_are_long_with_unanswered_items_as_empty(tmp_path: Path) -> None:
    root = make_study(tmp_path / "s", cases=2, repeat=(0, 1), part=(0, 1), extra=OTHER_ITEMS)
    session = ReadingSession(open_as_reader(root, "r1", phrase("r1")))
    session.open_next()
    session.painted()
    session.answer("catheter", "uncertain")
    session.answer("devices", '["leads", "tube"]')
    session.marks.add("catheter", "box", ((1, 2), (3.5, 4)), 0, 0)
    session.marks.add("catheter", "length", ((1, 2), (4, 6)), 0, 0, spacing_mm=(0.5, 0.5), calibrated=True)
    session.finish(confirmed=True)
    session.open_next()
    session.painted()
    session.answer("devices", "[]")
    session.finish(confirmed=True)
    view = desk(root)
    view.look_early("test")
    table = view.readings()
    assert list(table.columns) == READINGS
    first = table[table["code"] == "C20"].set_index("item")
    assert first["value"].to_dict() == {
        "catheter": "uncertain",
        "pacemaker": "",
        "congestion": "",
        "quality": "",
        "devices": "tube; leads",
        "remark": "",
    }
    columns = ["case_id", "patient_id", "stratum", "arm", "repeat", "part", "position"]
    assert first.loc["catheter", columns].tolist() == ["case-0", "patient-0", "secret-stratum", "unaided", 0, 0, 0]
    assert first["n_marks"].tolist() == [2, 0, 0, 0, 0, 0]
    second = table[table["code"] == "C21"].set_index("item")
    assert second.loc["devices", "value"] == "none" and set(second["repeat"]) == {1} and set(second["part"]) == {1}
    marks = view.marks()
    assert list(marks.columns) == MARKS
    assert marks.loc[0, ["item", "kind", "x0", "y0", "x1", "y1"]].tolist() == ["catheter", "box", 1.0, 2.0, 3.5, 4.0]
    measurement = marks.loc[1, ["kind", "points", "measured", "unit", "row_spacing_mm", "calibrated"]].tolist()
    assert measurement == ["length", "[[1.0, 2.0], [4.0, 6.0]]", 2.5, "mm", 0.5, 1]
    assert marks["measured"].isna().tolist() == [True, False]


def test_practice_and_open_cases_are_not_among_the_readings(tmp_path: Path) -> None:
    root = make_study(tmp_path / "s", practice=(True, False, False, False))
    read(root, "r1", 2)
    session = ReadingSession(open_as_reader(root, "r1", phrase("r1")))
    session.open_next()
    session.painted()
    session.answer("catheter", "present")
    view = desk(root)
    view.look_early("test")
    assert set(view.readings()["code"]) == {"C21"} == set(view.times()["code"])
    progress = view.progress()
    assert list(progress.columns) == PROGRESS
    own = progress[progress["reader_id"] == "r1"].set_index("code")
    assert own["state"].to_dict() == {"C20": "read", "C21": "read", "C22": "open", "C23": "unread"}
    assert own["n_answered"].tolist() == [1, 1, 1, 0]


def test_an_explained_case_gives_the_unaided_and_the_aided_reading(tmp_path: Path) -> None:
    extra = '\n[[arms]]\nname = "unaided"\n[[arms]]\nname = "helped"\nkind = "aided"\n'
    extra += 'explanation = { run = "r", method = "gradcam", target = "effusion" }\n'
    shown = (("e" * 64,), (), (), ())
    root = make_study(tmp_path / "s", extra=extra, arm=("helped",), explained=(True,), explanations=shown)
    session = ReadingSession(open_as_reader(root, "r1", phrase("r1")))
    session.open_next()
    session.painted()
    session.answer("catheter", "absent")
    session.finish(confirmed=True)
    session.answer("catheter", "present")
    session.finish(confirmed=True)
    session.open_next()  # nothing was frozen for this one: it is read unaided only
    session.painted()
    session.finish(confirmed=True)
    view = desk(root)
    view.look_early("test")
    table = view.readings()
    catheter = table[table["item"] == "catheter"]
    assert list(zip(catheter["code"], catheter["arm"], catheter["value"], strict=True)) == [
        ("C20", "unaided", "absent"),
        ("C20", "helped", "present"),
        ("C21", "unaided", ""),
    ]
    assert view.times()[["code", "arm"]].to_numpy().tolist() == [
        ["C20", "unaided"],
        ["C20", "helped"],
        ["C21", "unaided"],
    ]


def test_times_have_a_column_for_each_item(root: Path) -> None:
    read(root, "r1", 1)
    table = desk(root).times()
    assert list(table.columns) == [*TIMES, "answer_s.catheter", "answer_s.pacemaker", "answer_s.congestion"]
    row = table.iloc[0]
    assert 0 <= row["answer_s.catheter"] <= row["first_mark_s"] <= row["total_s"]
    assert row["active_s"] == row["total_s"] - row["away_s"] and pd.isna(row["answer_s.pacemaker"])


def test_events_hold_every_chain_as_recorded(root: Path) -> None:
    read(root, "r1", 4)
    read(root, "r2", 4)
    view = desk(root)
    table = view.events()
    with Journal(root) as journal:
        recorded = [event for chain in ("r1", "r2", DESK) for event in journal.events(chain)]
    assert table.to_dict("records") == [dataclasses.asdict(event) for event in recorded]


def test_an_empty_study_gives_empty_tables(root: Path) -> None:
    view = desk(root)
    view.look_early("test")
    assert view.readings().empty and list(view.readings().columns) == READINGS
    assert view.marks().empty and view.times().empty and set(view.progress()["state"]) == {"unread"}


def test_a_chain_that_makes_no_sense_is_a_sentence(root: Path) -> None:
    with Journal(root) as journal:
        journal.append("r1", "s", "undone", "C20", {"of": 1, "changes": []})
    with pytest.raises(StudyError, match="event 1 of r1"):
        desk(root).progress()
