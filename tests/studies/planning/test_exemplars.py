"""Exemplar images of items: from beside the protocol into the draft, frozen by the seal, packed, verified."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.cohorts.cohort import load_cohort
from engine.images import load_image
from studies.errors import ProtocolError, ReadingError, SealError
from studies.planning.draft import change_draft, create_draft
from studies.planning.exemplars import cohort_images, free_name
from studies.planning.sealing import create_study, readiness, seal_study
from studies.planning.verification import verify_study
from studies.protocol import Item, parse_protocol
from studies.reading.journal import Journal
from studies.reading.packing import pack_study, unpack_study
from studies.reading.study import open_as_reader
from tests.studies.made_cohorts import passphrases, protocol_text, write_small_cohort

PHRASES = passphrases("r1", "r2")
ITEM = '\n[[items]]\nid = "shown"\ntext = "Shown"\nexemplars = ["pictures/a.png", "b.png"]\n'


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    return write_small_cohort(tmp_path / "cohort", [f"p{number}" for number in range(4)])


@pytest.fixture
def protocol(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    (folder / "pictures").mkdir(parents=True)
    for name, grey in (("pictures/a.png", 40), ("b.png", 200)):
        Image.fromarray(np.full((12, 10), grey, np.uint8)).save(folder / name)
    text = protocol_text("[order]\nseed = 1")
    place = text.index("[[items]]")
    (folder / "protocol.toml").write_text(text[:place] + ITEM.lstrip() + text[place:], encoding="utf-8")
    return folder / "protocol.toml"


def greys(root: Path) -> list[int]:
    view = open_as_reader(root, "r1", PHRASES["r1"])
    try:
        return [int(image.pixels[0, 0]) for image in view.load_exemplars("shown")]
    finally:
        view.close()


def test_the_sealed_study_has_them_for_its_readers(tmp_path: Path, cohort: Path, protocol: Path) -> None:
    root = create_study(protocol, cohort, tmp_path / "study")
    protocol.parent.rename(tmp_path / "gone")
    assert all(line.ok for line in readiness(root) if line.blocking)
    sealed = seal_study(root, PHRASES)
    assert greys(root) == [40, 200]
    assert not (root / "exemplars").exists()
    assert set(sealed.exemplars) == {"pictures/a.png", "b.png"}
    assert verify_study(root) == []
    with Journal(root) as journal:
        assert journal.design() == sealed
        shown = next(item for item in journal.reading_design("r1").items if item.id == "shown")
    assert shown.exemplars == tuple(sealed.exemplars.values())  # no file's name comes to a reader
    assert load_image(root / "images" / shown.exemplars[0]).pixels.shape == (12, 10)


def test_a_pack_takes_them_along(tmp_path: Path, cohort: Path, protocol: Path) -> None:
    root = create_study(protocol, cohort, tmp_path / "study")
    seal_study(root, PHRASES)
    folder = unpack_study(pack_study(root, "r1", tmp_path / "r1.pack", PHRASES["coordinator"]))
    assert greys(folder) == [40, 200]


def test_a_changed_exemplar_is_found_and_not_shown(tmp_path: Path, cohort: Path, protocol: Path) -> None:
    root = create_study(protocol, cohort, tmp_path / "study")
    sealed = seal_study(root, PHRASES)
    (root / "images" / sealed.exemplars["b.png"]).write_bytes(b"other")
    assert ["exemplar b.png" in problem.where for problem in verify_study(root)] == [True]
    with pytest.raises(ReadingError, match="image 2 of item shown is not the one that was sealed"):
        greys(root)


def test_one_that_is_not_there_is_named(tmp_path: Path, cohort: Path, protocol: Path) -> None:
    root = create_study(protocol, cohort, tmp_path / "first")
    (root / "exemplars" / "b.png").unlink()
    assert [line.sentence for line in readiness(root) if not line.ok] == ["not in exemplars: b.png; put them there"]
    with pytest.raises(SealError, match=r"the exemplar image b\.png cannot be read"):
        seal_study(root, PHRASES)
    (protocol.parent / "b.png").unlink()
    with pytest.raises(ProtocolError, match=r"the exemplar image b\.png is not beside the protocol"):
        create_study(protocol, cohort, tmp_path / "second")
    assert not (tmp_path / "second").exists()


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../a.png", "C:\\\\a.png", "sub/../../a.png"])
def test_only_files_beside_the_protocol_are_taken(protocol: Path, name: str) -> None:
    text = protocol.read_text(encoding="utf-8").replace("b.png", name)
    with pytest.raises(ProtocolError, match="must be a file beside the protocol"):
        parse_protocol(text)


@pytest.mark.parametrize(
    ("item", "file", "name"),
    [
        ("drain", "Doe^Jane 1960.dcm", "drain_2.dcm"),
        ("drain", "volume.nii.gz", "drain_1.nii.gz"),
        ("a:b/..", "x.p:g", "a_b____1"),
        ("", "IM0001", "item_1"),
    ],
)
def test_a_chosen_file_gets_a_name_that_says_nothing(item: str, file: str, name: str) -> None:
    assert free_name(item, Path(file), {"drain_1.dcm"}) == name
    Item.model_validate({"id": "i", "text": "t", "exemplars": [name]})


def test_the_images_of_a_cohort_come_with_words_to_find_them(cohort: Path) -> None:
    found = cohort_images(cohort)
    assert [image.image_id for image in found] == list(load_cohort(cohort).frame["image_id"])
    assert all(image.place.is_file() for image in found)


def test_a_draft_takes_chosen_files_and_refuses_one_that_is_gone(tmp_path: Path, cohort: Path) -> None:
    source = cohort_images(cohort)[0].place
    whole = protocol_text("[order]\nseed = 1")
    place = whole.index("[[items]]")
    text = f'{whole[:place]}[[items]]\nid = "more"\ntext = "More"\nexemplars = ["more_1.png"]\n{whole[place:]}'
    root = tmp_path / "chosen"
    with pytest.raises(ProtocolError, match="is not there any more"):
        create_draft(text, cohort, root, exemplars={"more_1.png": tmp_path / "gone.png"})
    assert not root.exists()
    create_draft(text, cohort, root, exemplars={"more_1.png": source})
    assert (root / "exemplars" / "more_1.png").read_bytes() == source.read_bytes()
    told = [check for check in readiness(root) if check.what == "exemplars"]
    assert ["also read as cases: more_1.png" in check.sentence for check in told] == [True]
    with pytest.raises(ProtocolError, match="is not there any more"):
        change_draft(root, text, {"more_1.png": tmp_path / "gone.png"})
    assert (root / "exemplars" / "more_1.png").read_bytes() == source.read_bytes()
