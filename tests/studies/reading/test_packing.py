"""Packs: one reader's study to another workstation and back."""

import json
import zipfile
from pathlib import Path

import pytest

from engine.errors import Cancelled
from readerapp.reading.session import ReadingSession
from studies.errors import AccessError, SealError, StudyError
from studies.reading.database import DATABASE
from studies.reading.journal import Journal
from studies.reading.packing import merge_packs, pack_study, read_pack, unpack_study
from studies.reading.study import is_pack, list_readers, open_as_coordinator, open_as_reader, study_state, study_title
from tests.studies.made_studies import COORDINATOR_PHRASE, freeze_images, made_design, make_study, phrase, write_study


@pytest.fixture
def root(tmp_path: Path) -> Path:
    names = freeze_images(tmp_path / "study", 4)
    return make_study(tmp_path / "study", images=names, repeat=(0, 0, 0, 1), arm=("unaided", "sham-arm"))


def read(root: Path, cases: int, value: str = "present", reader: str = "r1") -> None:
    session = ReadingSession(open_as_reader(root, reader, phrase(reader)))
    for _ in range(cases):
        session.open_next()
        session.painted()
        session.answer("catheter", value)
        session.finish(confirmed=True)
    session.end()
    session.view.close()


def pack(root: Path, out: Path, reader: str = "r1") -> Path:
    return pack_study(root, reader, out, COORDINATOR_PHRASE)


def rewritten(file: Path, out: Path, changes: dict[str, bytes], leave_out: tuple[str, ...] = ()) -> Path:
    """A copy of a pack with some members changed, added or left out."""
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            if name not in changes and name not in leave_out:
                target.writestr(name, source.read(name))
        for name, content in changes.items():
            target.writestr(name, content)
    return out


def test_there_and_back(root: Path, tmp_path: Path) -> None:
    read(root, 1)
    folder = unpack_study(pack(root, tmp_path / "r1.pack"))
    assert folder == tmp_path / "r1 study" and is_pack(folder)
    assert (study_state(folder), study_title(folder), list_readers(folder)) == ("sealed", "Small study", ("r1",))
    view = open_as_reader(folder, "r1", phrase("r1"))
    original = open_as_reader(root, "r1", phrase("r1"))
    assert view.presentations == original.presentations and view.items == original.items
    assert view.load_images("C21")[0].pixels[0, 0] == 101
    read(folder, 2, "absent")
    back = pack_study(folder, "r1", tmp_path / "back.pack", phrase("r1"))
    report = merge_packs(root, [back], COORDINATOR_PHRASE)
    assert [(entry.reader_id, entry.finished, entry.count) for entry in report.merged] == [("r1", 3, 4)]
    assert "r1" in report.lines()[0] and "3 of 4 cases finished" in report.lines()[0]
    with Journal(root) as here, Journal(folder) as there:
        assert here.events("r1") == there.events("r1")
        assert [here.walk(chain) for chain in here.chains()] == [[], [], []] and there.walk("r1") == []
    desk = open_as_coordinator(root, COORDINATOR_PHRASE)
    desk.look_early("test")
    catheter = desk.readings().query("item == 'catheter'")
    assert catheter["value"].tolist() == ["present", "absent", "absent"]


def test_merging_again_changes_nothing(root: Path, tmp_path: Path) -> None:
    folder = unpack_study(pack(root, tmp_path / "r1.pack"))
    read(folder, 1)
    back = pack_study(folder, "r1", tmp_path / "back.pack", phrase("r1"))
    merge_packs(root, [back], COORDINATOR_PHRASE)
    with Journal(root) as journal:
        heads = journal.heads()
    report = merge_packs(root, [back, folder, tmp_path / "r1.pack"], COORDINATOR_PHRASE)  # a folder will do as well
    assert [entry.new_events for entry in report.merged] == [0, 0, 0]
    assert "nothing new" in report.lines()[0]
    with Journal(root) as journal:
        assert journal.heads() == heads


def test_a_pack_that_is_packed_later_brings_only_what_is_new(root: Path, tmp_path: Path) -> None:
    folder = unpack_study(pack(root, tmp_path / "r1.pack"))
    read(folder, 1)
    first = pack_study(folder, "r1", tmp_path / "first.pack", phrase("r1"))
    read(folder, 3)
    second = pack_study(folder, "r1", tmp_path / "second.pack", phrase("r1"))
    report = merge_packs(root, [first, second], COORDINATOR_PHRASE)
    assert [entry.finished for entry in report.merged] == [1, 4] or report.merged[1].finished == 4
    assert all(entry.new_events for entry in report.merged)


def test_a_pack_holds_nothing_that_would_unblind(root: Path, tmp_path: Path) -> None:
    read(root, 2, reader="r2")
    folder = unpack_study(pack(root, tmp_path / "r1.pack"))
    with zipfile.ZipFile(tmp_path / "r1.pack") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist() if not name.startswith("images/"))
        assert sum(name.startswith("images/") for name in archive.namelist()) == 4
    read(folder, 1)
    for path in folder.glob(f"{DATABASE}*"):
        everything += path.read_bytes()
    for secret in (b"case-", b"patient-", b"stratum", b"sham", b"r2", b"D20", b"image-", b"label.", b"unaided"):
        assert secret not in everything
    assert b"C20" in everything


def test_only_the_coordinator_packs_a_study_and_only_the_reader_a_pack(root: Path, tmp_path: Path) -> None:
    with pytest.raises(AccessError, match="coordinator"):
        pack_study(root, "r1", tmp_path / "x.pack", phrase("r1"))
    with pytest.raises(AccessError, match="no reader 'r9'"):
        pack_study(root, "r9", tmp_path / "x.pack", COORDINATOR_PHRASE)
    folder = unpack_study(pack(root, tmp_path / "r1.pack"))
    with pytest.raises(AccessError, match="not the passphrase of reader r1"):
        pack_study(folder, "r1", tmp_path / "x.pack", COORDINATOR_PHRASE)
    with pytest.raises(AccessError, match="opens the study it was packed from"):
        open_as_coordinator(folder, COORDINATOR_PHRASE)
    with pytest.raises(AccessError, match="coordinator"):
        merge_packs(root, [folder], phrase("r1"))
    assert not (tmp_path / "x.pack").exists()


def test_another_seal_is_refused_and_nothing_of_the_call_is_merged(root: Path, tmp_path: Path) -> None:
    good = unpack_study(pack(root, tmp_path / "r1.pack"))
    read(good, 1)
    other = make_study(tmp_path / "other", images=freeze_images(tmp_path / "other", 2))
    with pytest.raises(SealError, match=r"other\.pack has another seal"):
        merge_packs(root, [good, pack(other, tmp_path / "other.pack")], COORDINATOR_PHRASE)
    with Journal(root) as journal:
        assert journal.events("r1") == []


def test_another_passphrase_or_reader_is_refused(root: Path, tmp_path: Path) -> None:
    file = pack(root, tmp_path / "r1.pack")
    with zipfile.ZipFile(file) as archive:
        head = json.loads(archive.read("pack.json"))
    head["passphrase"]["salt"] = "00"
    other = rewritten(file, tmp_path / "a.pack", {"pack.json": json.dumps(head).encode()})
    with pytest.raises(SealError, match="another passphrase for reader r1"):
        merge_packs(root, [other], COORDINATOR_PHRASE)
    head["design"]["reader_id"] = "r9"
    other = rewritten(file, tmp_path / "b.pack", {"pack.json": json.dumps(head).encode()})
    with pytest.raises(SealError, match="reader 'r9'"):
        merge_packs(root, [other], COORDINATOR_PHRASE)


def test_other_cases_under_the_same_seal_are_refused(root: Path, tmp_path: Path) -> None:
    file = pack(root, tmp_path / "r1.pack")
    with zipfile.ZipFile(file) as archive:
        head = json.loads(archive.read("pack.json"))
    head["design"]["presentations"].reverse()
    other = rewritten(file, tmp_path / "a.pack", {"pack.json": json.dumps(head).encode()})
    with pytest.raises(SealError, match="other cases or items"):
        merge_packs(root, [other], COORDINATOR_PHRASE)


def test_readings_that_went_on_in_two_places_are_refused_and_both_kept(root: Path, tmp_path: Path) -> None:
    read(root, 1)
    folder = unpack_study(pack(root, tmp_path / "r1.pack"))
    read(folder, 1, "absent")
    read(root, 1, "present")
    with Journal(root) as journal, Journal(folder) as there:
        before, other = journal.events("r1"), there.events("r1")
    with pytest.raises(StudyError, match=r"went on reading in two places.*Keep both"):
        merge_packs(root, [folder], COORDINATOR_PHRASE)
    with Journal(root) as journal, Journal(folder) as there:
        assert (journal.events("r1"), there.events("r1")) == (before, other)


def test_a_changed_chain_is_refused_with_the_place(root: Path, tmp_path: Path) -> None:
    read(root, 2)
    file = pack(root, tmp_path / "r1.pack")
    with zipfile.ZipFile(file) as archive:
        lines = archive.read("events.jsonl").decode().splitlines()
    lines[3] = lines[3].replace("present", "absent")
    other = rewritten(file, tmp_path / "a.pack", {"events.jsonl": "\n".join(lines).encode()})
    with pytest.raises(StudyError, match=r"a\.pack was changed or damaged: event 4"):
        merge_packs(root, [other], COORDINATOR_PHRASE)


def test_unpacking_again_goes_on_where_the_reader_is(root: Path, tmp_path: Path) -> None:
    first = pack(root, tmp_path / "first.pack")
    folder = unpack_study(first, tmp_path / "here")
    read(folder, 2)
    assert unpack_study(first, folder) == folder
    with Journal(folder) as journal:
        assert len([event for event in journal.events("r1") if event.kind == "case_finished"]) == 2
    readings_only = pack_study(folder, "r1", tmp_path / "back.pack", phrase("r1"))
    with pytest.raises(StudyError, match="holds readings to be merged"):
        unpack_study(readings_only, tmp_path / "elsewhere")


def test_an_unpacking_that_was_stopped_can_be_done_again(root: Path, tmp_path: Path) -> None:
    file = pack(root, tmp_path / "r1.pack")
    folder = unpack_study(file, tmp_path / "here")
    for path in folder.glob(f"{DATABASE}*"):
        path.unlink()  # the database is what is written last
    assert open_as_reader(unpack_study(file, folder), "r1", phrase("r1")).load_images("C20")


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/evil", "images/../../evil", "images/" + "a" * 63, "images\\evil", "study.db", "C:evil"]
)
def test_names_that_no_pack_has_are_refused_before_anything_is_written(root: Path, tmp_path: Path, name: str) -> None:
    file = rewritten(pack(root, tmp_path / "r1.pack"), tmp_path / "bad.pack", {name: b"x"})
    with pytest.raises(StudyError, match="is not a pack: it holds"):
        unpack_study(file, tmp_path / "here")
    assert not (tmp_path / "here").exists()


def test_members_of_absurd_size_are_refused(root: Path, tmp_path: Path) -> None:
    file = pack(root, tmp_path / "r1.pack")
    data = bytearray(file.read_bytes())
    place = data.index(b"PK\x01\x02")  # first entry of the central directory: pack.json
    data[place + 24 : place + 28] = (2**32 - 2).to_bytes(4, "little")  # its unpacked size
    (tmp_path / "bad.pack").write_bytes(bytes(data))
    with pytest.raises(StudyError, match=r"'pack\.json' would have 4,294,967,294 bytes"):
        unpack_study(tmp_path / "bad.pack", tmp_path / "here")
    assert not (tmp_path / "here").exists()


def test_an_image_that_is_not_the_sealed_one_is_refused(root: Path, tmp_path: Path) -> None:
    file = pack(root, tmp_path / "r1.pack")
    (image, *_) = [name for name in zipfile.ZipFile(file).namelist() if name.startswith("images/")]
    changed = rewritten(file, tmp_path / "bad.pack", {image: b"other pixels"})
    with pytest.raises(StudyError, match="is not the one that was sealed"):
        unpack_study(changed, tmp_path / "here")
    missing = rewritten(file, tmp_path / "less.pack", {}, leave_out=(image,))
    with pytest.raises(StudyError, match="has 3 images and needs 4"):
        unpack_study(missing, tmp_path / "there")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and then nothing", b"hello" * 1000])
def test_files_that_are_no_pack_are_a_sentence(tmp_path: Path, root: Path, content: bytes) -> None:
    (tmp_path / "x.pack").write_bytes(content)
    for use in (lambda f: unpack_study(f, tmp_path / "y"), lambda f: merge_packs(root, [f], COORDINATOR_PHRASE)):
        with pytest.raises(StudyError, match=r"x\.pack"):
            use(tmp_path / "x.pack")
    with pytest.raises(StudyError, match=r"nowhere\.pack"):
        read_pack(tmp_path / "nowhere.pack")


def test_a_truncated_pack_is_a_sentence_at_every_length(tmp_path: Path, root: Path) -> None:
    data = pack(root, tmp_path / "r1.pack").read_bytes()
    for length in range(0, len(data), max(len(data) // 60, 1)):
        (tmp_path / "cut.pack").write_bytes(data[:length])
        with pytest.raises(StudyError, match=r"cut\.pack"):
            read_pack(tmp_path / "cut.pack")


def test_packing_and_unpacking_tell_how_far_they_are_and_can_be_stopped(root: Path, tmp_path: Path) -> None:
    shares: list[float] = []

    def stop(share: float, _what: str) -> None:
        shares.append(share)
        if len(shares) == 3:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        pack_study(root, "r1", tmp_path / "x.pack", COORDINATOR_PHRASE, stop)
    assert shares == [0, 0.25, 0.5] and not list(tmp_path.glob("*x.pack*"))
    file = pack(root, tmp_path / "r1.pack")
    shares.clear()
    with pytest.raises(Cancelled):
        unpack_study(file, tmp_path / "here", stop)
    assert not (tmp_path / "here" / DATABASE).exists()
    assert open_as_reader(unpack_study(file, tmp_path / "here"), "r1", phrase("r1")).load_images("C23")


def test_a_whole_study_is_not_a_pack(root: Path, tmp_path: Path) -> None:
    other = write_study(tmp_path / "other", made_design())
    with pytest.raises(StudyError, match="whole study"):
        merge_packs(root, [other], COORDINATOR_PHRASE)


def test_packing_is_on_record_at_the_desk(root: Path, tmp_path: Path) -> None:
    folder = unpack_study(pack(root, tmp_path / "r1.pack"))
    read(folder, 1)
    merge_packs(root, [folder], COORDINATOR_PHRASE)
    with Journal(root) as journal:
        assert [event.kind for event in journal.events("desk")] == ["sealed", "packed", "merged"]
        assert journal.events("desk")[-1].payload["heads"]["r1"] == [len(journal.events("r1")), journal.head("r1")]
