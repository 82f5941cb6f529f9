"""The headless demonstration, whole, on a tiny cohort: real windows, simulated readers, tables, journal."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from readerapp import demo_study
from readerapp.demo.headless import run_headless
from readerapp.demo_study import DemoSize, clear_demo, demo_passphrases, make_demo_study, mark_demo
from studies.errors import StudyError
from studies.planning.verification import verify_study
from studies.reading.study import open_as_coordinator

TINY = DemoSize(patients=20, size=128, seed=3, processes=1)
SCREEN = (1366, 768)


@dataclass(frozen=True)
class Ran:
    out: Path
    said: list[str]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    out, said = tmp_path_factory.mktemp("demo") / "out", []
    run_headless(out, said.append, TINY, SCREEN)
    return Ran(out, said)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def events(ran: Ran) -> list[dict]:
    return [json.loads(line) for line in (ran.out / "journal.jsonl").read_text(encoding="utf-8").splitlines()]


def test_it_leaves_what_it_promises_and_nothing_of_its_own_use(ran: Ran) -> None:
    left = {path.name for path in ran.out.iterdir()}
    promised = {"agreement.csv", "prevalence.csv", "journal.csv", "journal.jsonl", "screenshots", "tables", "study"}
    assert promised <= left
    assert "window" not in left
    assert (ran.out / "tables" / "agreement.csv").read_bytes() == (ran.out / "agreement.csv").read_bytes()


def test_every_page_has_a_screenshot_that_shows_something(ran: Ran) -> None:
    pictures = sorted((ran.out / "screenshots").glob("*.png"))
    names = " ".join(picture.stem for picture in pictures)
    pages = "newcomer new_study seal wrong_passphrase instructions practice feedback reading_room all_read locked"
    for page in f"{pages} desk_progress desk_agreement desk_prevalence desk_packs desk_study desk_export".split():
        assert page in names
    for picture in pictures:
        image = QImage(str(picture))
        assert (image.width(), image.height()) == SCREEN
        colors = {image.pixel(x, y) for x in range(0, SCREEN[0], 7) for y in range(0, SCREEN[1], 7)}
        assert len(colors) > 8, f"{picture.name} is nearly empty"


def test_every_case_was_read_through_the_room_with_marks_undo_and_windows(ran: Ran) -> None:
    phrase = demo_passphrases(ran.out / "study")["coordinator"]
    view = open_as_coordinator(ran.out / "study", phrase)
    assert view.complete
    view.close()
    kinds = [event["kind"] for event in events(ran)]
    for kind in ("answered", "undone", "mark_added", "view_changed", "painted", "case_finished", "desk_opened"):
        assert kind in kinds
    assert "looked_early" not in kinds
    assert {row["item"] for row in rows(ran.out / "tables" / "marks.csv")}


def test_the_study_it_leaves_is_intact(ran: Ran) -> None:
    assert verify_study(ran.out / "study") == []


def test_the_summary_states_expected_and_observed_prevalence_of_the_table(ran: Ran) -> None:
    table = {
        row["item"]: row
        for row in rows(ran.out / "prevalence.csv")
        if (row["stratum"], row["arm"], row["reader_id"], row["uncertain_as"]) == ("all", "all", "all", "left out")
    }
    lines = (ran.out / "summary.txt").read_text(encoding="utf-8").splitlines()
    assert set(lines) <= set(ran.said)
    stated = {line.split()[0]: line.split() for line in lines[2:] if not line.startswith("any:")}
    assert len(stated) == 16
    for item, (_, planted, expected, observed, difference, *_) in stated.items():
        assert observed == f"{float(table[item]['prevalence']):.1%}"
        assert 0 <= float(planted.strip("%")) <= 100
        # Readers are far better than chance: what is seen lies near what is expected.
        assert abs(float(observed.strip("%")) - float(expected.strip("%"))) < 25
        assert float(difference) == pytest.approx(float(observed.strip("%")) - float(expected.strip("%")), abs=0.11)


def test_a_wrong_answer_of_the_demo_would_show(ran: Ran) -> None:
    """The readings are the answers that the simulated readers gave, key by key."""
    from readerapp.demo.simulated_reader import planted_truth, simulated_readers

    view = open_as_coordinator(ran.out / "study", demo_passphrases(ran.out / "study")["coordinator"])
    cases = {case.case_id: case for case in view.design.cases}
    readers = {reader.reader_id: reader for reader in simulated_readers(view.protocol, TINY.seed)}
    readings = view.readings().to_dict("records")
    view.close()
    assert readings
    for row in readings:
        planted = planted_truth(view.protocol, cases[row["case_id"]])[row["item"]]
        assert row["value"] == readers[row["reader_id"]].answer(row["code"], row["item"], planted)


def test_an_earlier_demo_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    mark_demo(tmp_path / "demo", TINY)
    (tmp_path / "demo" / "notes.txt").write_text("mine")
    (tmp_path / "demo" / "cohort").mkdir()
    clear_demo(tmp_path / "demo")
    assert [path.name for path in (tmp_path / "demo").iterdir()] == ["notes.txt"]


def test_a_folder_of_someone_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years")
    with pytest.raises(StudyError, match="not made by the demo"):
        clear_demo(tmp_path)
    with pytest.raises(StudyError, match="not made by the demo"):
        make_demo_study(tmp_path, lambda _share, _what: None, TINY)


def test_the_desktop_demo_keeps_the_readings_of_an_earlier_one(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_arguments: object) -> None:
        raise AssertionError("the study was made again")

    monkeypatch.setattr(demo_study, "simulate_cohort", never)
    assert make_demo_study(ran.out, lambda _share, _what: None, TINY) == ran.out / "study"


def test_passphrases_are_shown_for_the_demo_only(ran: Ran, tmp_path: Path) -> None:
    assert list(demo_passphrases(ran.out / "study")) == ["coordinator", "reader1", "reader2", "reader3"]
    assert demo_passphrases(ran.out / "tables") == {}
    assert demo_passphrases(tmp_path / "study") == {}
