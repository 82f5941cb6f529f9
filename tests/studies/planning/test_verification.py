"""A sealed study is tampered with in every way we could think of; verify names the place."""

import dataclasses
import json
import shutil
import sqlite3

import pytest

from studies.design import compute_seal_hash
from studies.errors import SealError
from studies.planning.sealing import create_study, seal_study
from studies.planning.verification import verify_study
from studies.reading.journal import Journal
from tests.studies.made_cohorts import passphrases, protocol_text, stratum, write_small_cohort
from tests.studies.made_studies import tamper

PROTOCOL = protocol_text(
    "[order]\nrepeat_share = 0.2\nrepeat_distance = 3",
    "[training]\nn = 2",
    stratum("a", '"label.a" = 1', 5),
    stratum("b", '"label.a" = 0', 5),
)


@pytest.fixture(scope="module")
def intact(tmp_path_factory):
    """A sealed study with a few events in two chains."""
    folder = tmp_path_factory.mktemp("sealed")
    cohort = write_small_cohort(
        folder / "cohort", [f"p{n}" for n in range(12)], **{"label.a": [n % 2 for n in range(12)], "age_years": 63.0}
    )
    file = folder / "protocol.toml"
    file.write_text(PROTOCOL, encoding="utf-8")
    root = create_study(file, cohort, folder / "study")
    design = seal_study(root, passphrases("r1", "r2"))
    with Journal(root) as journal:
        for reader in ("r1", "r2"):
            code = next(p.code for p in design.presentations if p.reader_id == reader)
            journal.append(reader, "s1", "session started", "", {})
            journal.append(reader, "s1", "case opened", code, {})
            journal.append(reader, "s1", "answered", code, {"item": "drain", "old": "", "new": "absent"})
    return root


@pytest.fixture
def study(intact, tmp_path):
    return shutil.copytree(intact, tmp_path / "study")


def design_of(root):
    with Journal(root) as journal:
        return journal.design()


def change_record(root, table, number, **fields):
    database = sqlite3.connect(root / "study.db")
    (text,) = database.execute(f"SELECT record FROM {table} WHERE number = ?", [number]).fetchone()
    database.close()
    record = json.dumps({**json.loads(text), **fields}, sort_keys=True, separators=(",", ":"))
    tamper(root, (f"UPDATE {table} SET record = ? WHERE number = ?", [record, number]))


def reseal(root):
    """What a careful forger does after changing the design: give it the hash it should have."""
    tamper(root, ("UPDATE seal SET value = ? WHERE name = 'seal_hash'", [compute_seal_hash(design_of(root))]))


def found(root):
    return [f"{problem.where}: {problem.what}" for problem in verify_study(root)]


def test_an_intact_study_has_no_problems(study):
    assert found(study) == []


def test_progress_reaches_the_end(study):
    shares = []
    verify_study(study, shares.append)
    assert shares[-1] == 1.0 and shares == sorted(shares)


def test_an_edited_protocol_file(study):
    path = study / "protocol.toml"
    path.write_text(path.read_text().replace("repeat_share = 0.2", "repeat_share = 0.3"))
    assert found(study) == [
        "protocol.toml: line 4 was changed after sealing: it is 'repeat_share = 0.3', sealed was 'repeat_share = 0.2'"
    ]
    path.unlink()
    assert found(study)[0].startswith("protocol.toml: the file cannot be read")


def test_a_flipped_byte_in_an_image(study):
    design = design_of(study)
    image = design.cases[3].images[0].sha256
    content = bytearray((study / "images" / image).read_bytes())
    content[len(content) // 2] ^= 1
    (study / "images" / image).write_bytes(content)
    [problem] = found(study)
    assert problem.startswith(
        f"image {image[:12]} of case {design.cases[3].case_id}: the file was changed after sealing"
    )


def test_missing_and_added_images(study):
    design = design_of(study)
    image = design.cases[0].images[0].sha256
    (study / "images" / image).rename(study / "images" / "other.png")
    assert found(study) == [
        f"image {image[:12]} of case {design.cases[0].case_id}: the file images/{image} is missing",
        "file images/other.png: it is no image of the sealed study: it was added",
    ]
    shutil.rmtree(study / "images")
    assert sum("is missing" in problem for problem in found(study)) == 12


@pytest.mark.parametrize("resealed", [False, True])
def test_two_presentations_in_another_order(study, resealed):
    presentations = [p for p in design_of(study).presentations if p.reader_id == "r2"]
    first, second = presentations[4], presentations[7]
    numbers = {p.code: i for i, p in enumerate(design_of(study).presentations)}
    for here, there in ((first, second), (second, first)):
        change_record(study, "presentations", numbers[here.code], case_id=there.case_id, images=list(there.images))
    if resealed:
        reseal(study)
    problems = found(study)
    assert any(
        line.startswith(f"reader r2, presentation 5: {first.code}: images")
        and f"case is {second.case_id}, should be {first.case_id}; the order was changed after sealing" in line
        for line in problems
    )
    assert any(line.startswith(f"reader r2, presentation 8: {second.code}") for line in problems)
    assert not any(line.startswith("reader r1") for line in problems)
    if resealed:  # each chain begins with the hash of the seal it was written under
        assert any(line.startswith("journal of r1, event 1") for line in problems)
    else:
        assert any(line.startswith("seal: the sealed design was changed: its hash is") for line in problems)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("code", "K7-RF", "code is K7-RF, should be"),
        ("arm", "aided", "arm is aided, should be unaided"),
        ("explained", True, "explanation is yes, should be no"),
        ("repeat", 1, "repeat is 1, should be 0"),
        ("part", 3, "part is 3, should be 0"),
        ("practice", False, "practice is no, should be yes"),
    ],
)
def test_a_changed_presentation_names_what_was_changed(study, field, value, sentence):
    change_record(study, "presentations", 0, **{field: value})
    [line] = [line for line in found(study) if line.startswith("reader r1, presentation 1: ")]
    assert sentence in line


def test_a_removed_and_an_added_presentation(study):
    count = len(design_of(study).presentations)
    last = design_of(study).presentations[-1]
    tamper(study, ("DELETE FROM presentations WHERE number = ?", [count - 1]))
    assert f"reader r2, presentation {last.position + 1}: it is missing; the protocol gives it" in found(study)
    extra = json.dumps({**dataclasses.asdict(last), "reader_id": "r1", "code": "X2-XX"})
    tamper(study, ("INSERT INTO presentations VALUES (?, ?)", [count, extra]))
    assert any(line.endswith("X2-XX was added; the protocol does not give it") for line in found(study))


def test_a_case_moved_to_another_stratum(study):
    design = design_of(study)
    number = next(i for i, case in enumerate(design.cases) if case.stratum == "a")
    change_record(study, "cases", number, stratum="b")
    assert f"case {design.cases[number].case_id}: stratum is b, should be a; it was changed after sealing" in found(
        study
    )


def test_a_case_added_and_a_case_removed(study):
    design = design_of(study)
    extra = dataclasses.asdict(design.cases[0]) | {"case_id": "image99"}
    tamper(
        study,
        ("DELETE FROM cases WHERE number = 1", []),
        ("INSERT INTO cases VALUES (?, ?)", [99, json.dumps(extra)]),
    )
    problems = found(study)
    assert f"case {design.cases[1].case_id}: it is missing; protocol and cohort rows give it" in problems
    assert "case image99: it was added; protocol and cohort rows do not give it" in problems


def test_changed_rows_hash_and_protocol_in_the_database(study):
    design = design_of(study)
    rows = design.cohort_rows.replace(",63,", ",36,", 1)
    assert rows != design.cohort_rows
    tamper(study, ("UPDATE seal SET value = ? WHERE name = 'cohort_rows'", [rows]))
    assert "cohort rows: the frozen cohort rows do not have the sealed hash: rows or hash were changed" in found(study)
    text = design.protocol_text.replace('text = "Chest drain"', 'text = "Drain"')
    tamper(study, ("UPDATE seal SET value = ? WHERE name = 'protocol_text'", [text]))
    problems = found(study)
    assert any(line.startswith("seal: the sealed protocol's text does not have") for line in problems)
    assert any(line.startswith("protocol.toml: line") for line in problems)


def test_a_changed_answer_is_found_at_its_event(study):
    payload = '{"item":"drain","new":"present","old":""}'
    tamper(study, ("UPDATE events SET payload = ? WHERE chain = 'r1' AND seq = 3", [payload]))
    problems = found(study)
    assert any(line.startswith("journal of r1, event 3: event 3 was changed") for line in problems)
    assert not any("journal of r2" in line for line in problems)


def test_a_deleted_event_is_found_where_it_is_missing(study):
    tamper(study, ("DELETE FROM events WHERE chain = 'r2' AND seq = 2", []))
    assert any(line.startswith("journal of r2, event 3: event 2 is missing before event 3") for line in found(study))


def test_an_event_about_someone_else_s_presentation(study):
    other = next(p.code for p in design_of(study).presentations if p.reader_id == "r2")
    with Journal(study) as journal:
        journal.append("r1", "s1", "answered", other, {"item": "drain", "old": "", "new": "present"})
    assert found(study) == [
        f"journal of r1, event 4: it is about presentation {other}, which is not one of this reader"
    ]


def test_a_dropped_trigger_is_found(study):
    database = sqlite3.connect(study / "study.db")
    [name] = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' LIMIT 1").fetchone()
    database.execute(f"DROP TRIGGER {name}")
    database.close()
    assert any(name in line for line in found(study))


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + bytes(4000)])
def test_a_damaged_database_is_a_sentence(study, content):
    for file in study.glob("study.db*"):
        file.unlink()
    (study / "study.db").write_bytes(content)
    [problem] = found(study)
    assert problem.startswith("study.db: it cannot be read: ")


def test_a_record_that_is_no_record_is_a_sentence(study):
    tamper(study, ("UPDATE presentations SET record = '[]' WHERE number = 0", []))
    assert any("cannot be read" in line for line in found(study))


def test_a_draft_and_a_stray_folder_are_no_sealed_studies(tmp_path):
    with pytest.raises(SealError, match=r"it has no study\.db"):
        verify_study(tmp_path)
    (tmp_path / "draft.json").write_text("{}")
    with pytest.raises(SealError, match="it is a draft: seal it first"):
        verify_study(tmp_path)
