import hashlib
import json
import os
import subprocess
import sys
import textwrap

import pytest

from engine.errors import Cancelled, CohortError
from engine.images import load_image, open_image
from resources.files import shipped_file
from studies.design import compute_seal_hash
from studies.errors import ProtocolError, SealError
from studies.planning.sealing import create_study, readiness, seal_study
from studies.planning.verification import verify_study
from studies.protocol import protocol_hash
from studies.reading.journal import Journal
from tests.studies.made_cohorts import AIDED_AND_SHAM, passphrases, protocol_text, stratum, write_small_cohort

PASSPHRASES = passphrases("r1", "r2")
TWELVE = [f"p{number}" for number in range(12)]
PROTOCOL = protocol_text("[order]\nrepeat_share = 0.25\nrepeat_distance = 3", "[training]\nn = 2")


@pytest.fixture
def cohort(tmp_path):
    return write_small_cohort(tmp_path / "cohort", TWELVE, **{"label.a": [number % 2 for number in range(12)]})


def draft(tmp_path, cohort, text=PROTOCOL, name="study"):
    file = tmp_path / "protocol.toml"
    file.write_text(text, encoding="utf-8")
    return create_study(file, cohort, tmp_path / name)


def snapshot(root):
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def refusal(root, phrases=PASSPHRASES):
    with pytest.raises(SealError) as caught:
        seal_study(root, phrases)
    return str(caught.value)


def test_a_sealed_study_needs_nothing_but_its_folder(tmp_path, cohort):
    root = draft(tmp_path, cohort)
    sealed = seal_study(root, PASSPHRASES)
    cohort.rename(tmp_path / "gone")
    assert {path.name for path in root.iterdir()} >= {"protocol.toml", "images", "study.db"}
    assert not (root / "draft.json").exists()  # it named a place outside
    assert verify_study(root) == []
    assert Journal(root).design() == sealed
    assert len(sealed.cases) == 12 and len(sealed.presentations) == 2 * (2 + 10 + 3)  # practice, cases, repeats
    assert all(len(p.images) == 1 and (root / "images" / p.images[0]).is_file() for p in sealed.presentations)


def test_frozen_images_have_the_pixels_and_the_name_is_their_hash(tmp_path, cohort):
    root = draft(tmp_path, cohort)
    for case in seal_study(root, PASSPHRASES).cases:
        frozen = root / "images" / case.images[0].sha256
        assert hashlib.sha256(frozen.read_bytes()).hexdigest() == frozen.name
        source = open_image(cohort / f"{case.images[0].image_id}.png")
        assert (load_image(frozen).pixels == source.pixels).all()


def test_the_seal_hash_covers_everything(tmp_path, cohort):
    import dataclasses

    sealed = seal_study(draft(tmp_path, cohort), PASSPHRASES)
    assert sealed.seal_hash == compute_seal_hash(sealed)
    changed = {"flags": {"x": "y"}, "sealed_at": "2001-01-01", "cases": sealed.cases[:-1], "software": "0"}
    changed |= {"presentations": sealed.presentations[::-1], "protocol_text": sealed.protocol_text + "\n"}
    for field, value in changed.items():
        assert compute_seal_hash(dataclasses.replace(sealed, **{field: value})) != sealed.seal_hash, field


def test_the_passphrases_are_nowhere_in_the_study(tmp_path, cohort):
    root = draft(tmp_path, cohort)
    seal_study(root, PASSPHRASES)
    for name, content in snapshot(root).items():
        assert not any(phrase.encode() in content for phrase in PASSPHRASES.values()), name


def test_windows_line_endings_are_the_same_protocol(tmp_path, cohort):
    file = tmp_path / "crlf.toml"
    file.write_bytes(PROTOCOL.replace("\n", "\r\n").encode())
    root = create_study(file, cohort, tmp_path / "study")
    assert seal_study(root, PASSPHRASES).protocol_sha256 == protocol_hash(PROTOCOL)
    (root / "protocol.toml").write_bytes(PROTOCOL.replace("\n", "\r\n").encode())  # a copy through another system
    assert verify_study(root) == []


def test_nothing_can_be_added_after_the_seal(tmp_path, cohort):
    root = draft(tmp_path, cohort)
    seal_study(root, PASSPHRASES)
    before = snapshot(root)
    assert "the study is sealed already: nothing can be added" in refusal(root)
    assert snapshot(root) == before
    (root / "protocol.toml").write_text(PROTOCOL.replace("n = 2", "n = 3"), encoding="utf-8")
    assert "its protocol.toml was changed afterwards: the change has no effect" in refusal(root)
    with pytest.raises(SealError, match="is not empty"):
        draft(tmp_path, cohort)


def test_a_cohort_that_grew_changes_the_draft_but_not_the_sealed_study(tmp_path, cohort):
    root = draft(tmp_path, cohort)
    write_small_cohort(cohort, [*TWELVE, "p12", "p13"], **{"label.a": 1})
    assert len(seal_study(root, PASSPHRASES).cases) == 14
    write_small_cohort(cohort, [*TWELVE, "p12", "p13", "p14"], **{"label.a": 1})
    assert len(Journal(root).design().cases) == 14 and verify_study(root) == []


@pytest.mark.parametrize(
    ("phrases", "sentence"),
    [
        ({"coordinator": "c", "r1": "a"}, "a passphrase is missing for r2"),
        ({"coordinator": "", "r1": "a", "r2": " "}, "a passphrase is missing for coordinator, r2"),
        (PASSPHRASES | {"r3": "x"}, "a passphrase was given for r3; the protocol has coordinator, r1, r2"),
        (PASSPHRASES | {"r2": PASSPHRASES["coordinator"]}, "reader r2 has the coordinator's passphrase"),
    ],
)
def test_passphrases_are_asked_of_everyone(tmp_path, cohort, phrases, sentence):
    root = draft(tmp_path, cohort)
    before = snapshot(root)
    assert sentence in refusal(root, phrases)
    assert snapshot(root) == before


def test_images_that_cannot_be_read_are_named_and_leave_a_draft(tmp_path, cohort):
    root = draft(tmp_path, cohort)
    before = snapshot(root)
    (cohort / "image3.png").write_bytes(b"no picture at all")
    (cohort / "image7.png").unlink()
    message = refusal(root)
    assert message.startswith("2 of 12 images cannot be read: ")
    assert "image3.png" in message and "image7.png" in message and "selection.filter" in message
    assert snapshot(root) == before
    check = next(line for line in readiness(root) if line.what == "images")
    assert not check.ok and check.blocking and "image7.png" in check.sentence


def test_cancelling_leaves_a_draft_that_can_be_sealed(tmp_path, cohort):
    root = draft(tmp_path, cohort)
    before = snapshot(root)
    told = []

    def cancel_at_half(share, what):
        told.append((share, what))
        if share > 0.5:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        seal_study(root, PASSPHRASES, cancel_at_half)
    assert snapshot(root) == before
    assert [share for share, _ in told] == sorted(share for share, _ in told)
    seal_study(root, PASSPHRASES)
    assert verify_study(root) == []


@pytest.mark.parametrize("where", ["freezing image 4", "writing the seal", "sealed"])
def test_a_killed_seal_is_a_draft_or_a_study_and_nothing_between(tmp_path, cohort, where):
    """A process is ended without warning, as by `kill -9`, when it reports this point."""
    root = draft(tmp_path, cohort)
    script = f"""
        import os
        from pathlib import Path
        from studies.planning.sealing import seal_study

        def tell(share, what):
            if what.startswith({where!r}):
                os._exit(9)

        seal_study(Path({str(root)!r}), {PASSPHRASES!r}, tell)
    """
    outcome = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], env=os.environ, check=False)
    assert outcome.returncode == 9
    if where != "sealed":
        assert not (root / "study.db").exists() and (root / "draft.json").exists()
        seal_study(root, PASSPHRASES)
    assert verify_study(root) == []
    assert not list(root.glob("sealing-*"))


def test_a_seal_killed_while_it_was_written_can_be_sealed_again(tmp_path, cohort):
    root = draft(tmp_path, cohort)
    (root / "draft.json").rename(root / "draft-0a1b2c3d.json")  # as the moment before the database leaves it
    (root / "sealing-0a1b2c3d").mkdir()
    assert readiness(root)[0].what == "cohort"
    seal_study(root, PASSPHRASES)
    assert verify_study(root) == []
    assert {path.name for path in root.iterdir() if not path.name.startswith("study.db")} == {"protocol.toml", "images"}


def test_what_a_stopped_seal_left_among_the_images_goes(tmp_path, cohort):
    root = draft(tmp_path, cohort)
    (root / "images").mkdir()
    (root / "images" / ("0" * 64)).write_bytes(b"left over")
    seal_study(root, PASSPHRASES)
    assert verify_study(root) == []


def test_two_seals_at_once_give_one_sealed_study(tmp_path, cohort):
    root = draft(tmp_path, cohort)
    script = f"""
        from pathlib import Path
        from studies.errors import SealError
        from studies.planning.sealing import seal_study
        try:
            seal_study(Path({str(root)!r}), {PASSPHRASES!r})
        except SealError as error:
            raise SystemExit(7)
    """
    both = [subprocess.Popen([sys.executable, "-c", textwrap.dedent(script)]) for _ in range(2)]
    assert sorted(process.wait(60) for process in both) == [0, 7]
    assert verify_study(root) == []


def test_a_protocol_that_does_not_fit_makes_no_draft(tmp_path, cohort):
    file = tmp_path / "protocol.toml"
    file.write_text(protocol_text(stratum("b", '"label.b" = 1', 3)), encoding="utf-8")
    with pytest.raises(SealError, match=r"stratum 'b': column 'label\.b' is not in the cohort; nearest: 'label\.a'"):
        create_study(file, cohort, tmp_path / "study")
    with pytest.raises(CohortError, match="is not a cohort"):
        create_study(shipped_file("protocols/demo.toml"), tmp_path, tmp_path / "study")
    file.write_text("title = 1", encoding="utf-8")
    with pytest.raises(ProtocolError):
        create_study(file, cohort, tmp_path / "study")
    assert not (tmp_path / "study").exists()


def test_the_checklist_tells_what_is_there(tmp_path, cohort):
    text = protocol_text(
        stratum("a", '"label.a" = 1', 4), stratum("b", '"label.a" = 0', 30), AIDED_AND_SHAM.format(share=0.25)
    )
    checks = {line.what: line for line in readiness(draft(tmp_path, cohort, text))}
    assert checks["cohort"].sentence == "12 images in cohort"
    assert checks["stratum 'a'"].sentence == "4 of 4 wanted; 6 cases of the cohort meet it"
    assert not checks["stratum 'b'"].ok and not checks["stratum 'b'"].blocking
    assert checks["stratum 'b'"].sentence == "6 of 30 wanted; 6 cases of the cohort meet it"
    assert checks["readers"].sentence == "2 readers: r1, r2"
    assert checks["order"].sentence == "each reader reads 10 cases and no hidden repeats"
    assert checks["images"].ok
    assert checks["explanations"].sentence.startswith("the run 'run' is not there")
    assert not checks["explanations"].ok and checks["explanations"].blocking
    assert checks["passphrases"].sentence == "sealing asks for 3: coordinator, r1, r2"


def test_the_checklist_of_a_broken_draft_is_a_sentence(tmp_path, cohort):
    root = draft(tmp_path, cohort)
    (root / "protocol.toml").write_text("title = ", encoding="utf-8")
    assert [(line.ok, line.what) for line in readiness(root)] == [(False, "draft")]
    (root / "protocol.toml").write_text(protocol_text(stratum("x", "nope = 1", 1)), encoding="utf-8")
    assert "column 'nope' is not in the cohort" in readiness(root)[-1].sentence
    (root / "draft.json").write_text(json.dumps({"cohort": str(tmp_path / "moved")}))
    assert "draft.json says where it should lie" in readiness(root)[0].sentence
    assert "has no draft.json" in readiness(tmp_path)[0].sentence


def test_the_checklist_of_a_sealed_study(tmp_path, cohort):
    root = draft(tmp_path, cohort)
    seal_study(root, PASSPHRASES)
    assert [line.what for line in readiness(root)] == ["seal"]


def test_burned_in_text_is_flagged(tmp_path, cohort):
    from PIL import Image as Pillow
    from PIL import ImageDraw, ImageFont

    picture = Pillow.new("L", (300, 200), 40)
    ImageDraw.Draw(picture).text((20, 20), "DOE^JANE 1961", fill=255, font=ImageFont.load_default(16))
    picture.save(cohort / "image5.png")
    sealed = seal_study(draft(tmp_path, cohort), PASSPHRASES)
    [(sha256, why)] = sealed.flags.items()
    assert "letters stand in a row" in why
    assert [i.image_id for case in sealed.cases for i in case.images if i.sha256 == sha256] == ["image5"]


def test_a_real_study_of_radiographs_is_sealed(tmp_path, shared_data):
    from engine.cohorts.cohort import write_cohort
    from tests.studies.made_cohorts import cohort_frame

    files = sorted((shared_data / "cxr" / "images").iterdir())[:20]
    frame = cohort_frame([f"p{number}" for number in range(20)])
    frame["path"] = [f"{{source}}/{file.name}" for file in files]
    write_cohort(tmp_path / "cxr", frame, {"adapter": "made", "roots": {"source": str(files[0].parent)}})
    root = draft(tmp_path, tmp_path / "cxr")
    assert len(seal_study(root, PASSPHRASES).cases) == 20
    assert verify_study(root) == []
