"""The headless demonstration, whole, on a tiny cohort: real windows, simulated readers, tables, journal."""

import csv
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PySide6.QtGui import QImage

from readerapp import demo_study
from readerapp.demo.headless import run_headless
from readerapp.demo_study import (
    DemoSize,
    clear_demo,
    demo_design,
    demo_passphrases,
    make_demo_study,
    mark_demo,
    unaided_only,
)
from studies.errors import StudyError
from studies.planning.verification import verify_study
from studies.reading.study import open_as_coordinator
from studies.statistics.changes import ALL_ITEMS

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
    promised = {"agreement.csv", "prevalence.csv", "changes.csv", "journal.csv", "journal.jsonl", "screenshots"}
    promised |= {"tables", "study"}
    assert promised <= left
    assert "window" not in left
    assert (ran.out / "tables" / "agreement.csv").read_bytes() == (ran.out / "agreement.csv").read_bytes()


def test_every_page_has_a_screenshot_that_shows_something(ran: Ran) -> None:
    pictures = sorted((ran.out / "screenshots").glob("*.png"))
    names = " ".join(picture.stem for picture in pictures)
    pages = "newcomer new_study seal wrong_passphrase instructions practice feedback reading_room all_read locked"
    pages += " reading_room_aided reading_room_sham desk_changes_aided desk_changes_sham"
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
        if (row["stratum"], row["arm"], row["reader_id"], row["uncertain_as"]) == ("all", "unaided", "all", "left out")
    }
    lines = (ran.out / "summary.txt").read_text(encoding="utf-8").splitlines()
    assert set(lines) <= set(ran.said)
    prevalences = lines[2 : lines.index("")]
    stated = {line.split()[0]: line.split() for line in prevalences if not line.startswith("any:")}
    assert len(stated) == 16
    for item, (_, planted, expected, observed, difference, *_) in stated.items():
        assert observed == f"{float(table[item]['prevalence']):.1%}"
        assert 0 <= float(planted.strip("%")) <= 100
        # Readers are far better than chance: what is seen lies near what is expected.
        assert abs(float(observed.strip("%")) - float(expected.strip("%"))) < 25
        assert float(difference) == pytest.approx(float(observed.strip("%")) - float(expected.strip("%")), abs=0.11)


def planted_points(cohort: Path, image_id: str, columns: list[str]) -> list[np.ndarray]:
    """(n, 2) column and row of what was drawn for the columns of an item, by another way than the demo's."""
    facts = json.loads((cohort / "truth" / f"{image_id}.json").read_text(encoding="utf-8"))
    found = []
    for drawn in facts["objects"]:
        if f"label.{drawn['kind']}" in columns and "mask" in drawn:
            rows_, columns_ = np.nonzero(np.asarray(Pillow.open(cohort / drawn["mask"])))
            found.append(np.stack([columns_, rows_], axis=1)[(columns_ % 4 == 0) & (rows_ % 4 == 0)])
        elif f"label.{drawn['kind']}" in columns:
            found.append(np.array(drawn["polyline"]))
    return [points for points in found if len(points)]


def points_at(values: np.ndarray, drawn: list[np.ndarray], size: int) -> bool:
    """Whether the largest value lies within 3 % of the width of what was drawn."""
    if not values.any() or not drawn:
        return False
    place = np.argwhere(values == values.max())[0][::-1] + 0.5
    there = place * size / np.array(values.shape[::-1]) - 0.5
    return min(float(np.hypot(*(points - there).T).min()) for points in drawn) <= 0.03 * size


@dataclass(frozen=True)
class Answered:
    """What the simulated readers should have answered, worked out from what was planted and frozen."""

    before: dict[tuple[str, str], str]  # code, item
    after: dict[tuple[str, str], str]
    arms: dict[str, tuple[str, str]]  # code → reader, arm; of presentations that were explained


@pytest.fixture(scope="module")
def expected(ran: Ran) -> Answered:
    from readerapp.demo.simulated_reader import planted_truth, simulated_readers
    from studies.reading.shown_maps import map_from_bytes

    view = open_as_coordinator(ran.out / "study", demo_passphrases(ran.out / "study")["coordinator"])
    design, protocol = view.design, view.protocol
    view.close()
    cases = {case.case_id: case for case in design.cases}
    readers = {reader.reader_id: reader for reader in simulated_readers(protocol, TINY.seed)}
    maps = {
        (one["case_id"], one["arm"], one["item"]): map_from_bytes(
            (ran.out / "study" / "explanations" / one["sha256"]).read_bytes()
        ).values
        for one in design.explanations
    }
    before, after, arms = {}, {}, {}
    for shown in design.presentations:
        case, reader = cases[shown.case_id], readers[shown.reader_id]
        if shown.explained:
            arms[shown.code] = (shown.reader_id, shown.arm)
        for item, planted in planted_truth(protocol, case).items():
            before[shown.code, item] = value = reader.answer(shown.code, item, planted)
            values = maps.get((shown.case_id, shown.arm, item)) if shown.explained else None
            drawn = planted_points(ran.out / "cohort", case.images[0].image_id, list(protocol.training.truth[item]))
            pointed = None if values is None else points_at(values, drawn, TINY.size)
            after[shown.code, item] = reader.answer_again(shown.code, item, value, pointed)
    return Answered(before, after, arms)


def test_a_wrong_answer_of_the_demo_would_show(ran: Ran, expected: Answered) -> None:
    """The readings are the answers that the simulated readers gave, key by key, before and after the lock."""
    view = open_as_coordinator(ran.out / "study", demo_passphrases(ran.out / "study")["coordinator"])
    readings = view.readings().to_dict("records")
    view.close()
    assert {row["arm"] for row in readings} == {"unaided", "aided", "sham"}
    for row in readings:
        answers = expected.before if row["arm"] == "unaided" else expected.after
        assert row["value"] == answers[row["code"], row["item"]], row


def test_a_wrong_count_of_changed_answers_would_show(ran: Ran, expected: Answered) -> None:
    """Every count of changes.csv, by reader and pooled, is that of the answers the readers should have given."""
    counts: Counter[tuple[str, str, str, str]] = Counter()
    shown: Counter[tuple[str, str]] = Counter()
    for reader, arm in expected.arms.values():
        for who in (reader, "all"):
            shown[arm, who] += 1
    for (code, item), after in expected.after.items():
        before = expected.before[code, item]
        if code in expected.arms and before != after:
            way = "from_uncertain" if before == "uncertain" else f"{before}_to_{after}"
            reader, arm = expected.arms[code]
            for who in (reader, "all"):
                counts[item, arm, who, way] += 1
                counts[ALL_ITEMS, arm, who, way] += 1
    table = [row for row in rows(ran.out / "changes.csv") if row["stratum"] == "all"]
    assert len(table) == (16 + 1) * 2 * 4  # items and all of them, arms, readers and all of them
    ways = ("absent_to_present", "present_to_absent", "to_uncertain", "from_uncertain", "other_change")
    for row in table:
        key = (row["item"], row["arm"], row["reader_id"])
        assert [int(row[way]) for way in ways] == [counts[(*key, way)] for way in ways], key
        answers = 16 if row["item"] == ALL_ITEMS else 1  # of each case
        assert int(row["n"]) == answers * shown[row["arm"], row["reader_id"]]
        assert int(row["n_changed"]) == sum(counts[(*key, way)] for way in ways)
    by_reader = {
        who: sum(n for (item, _, reader, _), n in counts.items() if item == ALL_ITEMS and reader == who)
        for who in ("reader1", "reader3")
    }
    assert by_reader["reader1"] == 0 < by_reader["reader3"]  # one follows the maps, one does not


def test_the_summary_states_the_changes_of_the_table(ran: Ran) -> None:
    lines = (ran.out / "summary.txt").read_text(encoding="utf-8").splitlines()
    table = [row for row in rows(ran.out / "changes.csv") if row["stratum"] == "all" and row["item"] != ALL_ITEMS]
    stated = [line.split() for line in lines if line.startswith(("aided", "sham"))]
    assert [tuple(line[:2]) for line in stated] == [
        (arm, f"reader{number}") for arm in ("aided", "sham") for number in (1, 2, 3)
    ]
    for arm, reader, maps, up, seen_up, down, seen_down, *_ in stated:
        own = [row for row in table if (row["arm"], row["reader_id"]) == (arm, reader)]
        assert int(seen_up) == sum(int(row["absent_to_present"]) for row in own)
        assert int(seen_down) == sum(int(row["present_to_absent"]) for row in own)
        assert int(maps) == 8 * int(own[0]["n"])  # items with a map
        assert reader != "reader1" or float(up) == float(down) == 0
        assert abs(float(up) - int(seen_up)) < 8 and abs(float(down) - int(seen_down)) < 8
    assert lines[-1] == "items without a map: 0 answers changed, 0 expected"


WITHOUT_TORCH = """
import sys
from importlib.machinery import PathFinder

class Hidden(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.split(".")[0] in ("torch", "torchvision") else PathFinder.find_spec(name, path, target)

sys.meta_path[:] = [Hidden if finder is PathFinder else finder for finder in sys.meta_path]
from pathlib import Path
from readerapp.demo.headless import run_headless
from readerapp.demo_study import DemoSize
run_headless(Path(sys.argv[1]), print, DemoSize(patients=20, size=128, seed=3, processes=1), (1366, 768))
assert "torch" not in sys.modules
"""


def test_without_torch_the_demo_is_read_unaided_and_says_why(tmp_path: Path) -> None:
    out = tmp_path / "demo"
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_TORCH, str(out)],
        capture_output=True,
        text=True,
        timeout=600,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    assert run.returncode == 0, run.stderr[-2000:]
    said = run.stdout.splitlines()
    assert said[0].startswith("The demo is read unaided only: arms with explanations need the engine, which is not")
    assert sum("unaided only" in line for line in said) == 1
    assert {row["arm"] for row in rows(out / "agreement.csv")} == {"all"}
    assert not (out / "changes.csv").exists() and not (out / "study" / "explanations").exists()
    assert "need the engine" in unaided_only(out / "study")
    assert unaided_only(tmp_path / "study") == ""


def test_an_earlier_demo_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    mark_demo(tmp_path / "demo", TINY, demo_design())
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


def test_the_start_page_says_why_a_demo_has_no_explanations(tmp_path: Path) -> None:
    from readerapp.start import _demo_hint

    design = demo_design()
    mark_demo(tmp_path / "with", TINY, replace(design, unaided_only=""))
    mark_demo(tmp_path / "without", TINY, replace(design, unaided_only="the run is not there"))
    assert "reader3-demo" in _demo_hint(tmp_path / "with" / "study")
    assert "Without explanations" not in _demo_hint(tmp_path / "with" / "study")
    assert "Without explanations: the run is not there" in _demo_hint(tmp_path / "without" / "study")
