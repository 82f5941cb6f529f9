"""The confounder study of DiffChest from the first counterfactual to Tables 1 and 2, through the windows alone."""

import os
from collections.abc import Callable, Collection
from pathlib import Path

import pandas as pd
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QListWidget, QPushButton

from engine.cohorts.cohort import load_cohort
from engine.cohorts.simulated.cohort import simulate_chest_cohort
from engine.cohorts.simulated.confounding import load_table
from readerapp.demo.hands import Hands
from readerapp.desk.step2_page import Step2Page
from readerapp.lab.memory import LabMemory
from readerapp.reading.room import ReadingRoom
from readerapp.reading.session import ReadingSession
from readerapp.recent import Memory
from readerapp.viewer.keymap import load_keymap
from readerapp.window import MainWindow
from resources.files import shipped_file
from studies.reading.study import open_as_coordinator
from tests.readerapp.lab.conftest import enter_lab

DRAIN = "chest_drain"
IMAGINED, REAL = 2, 6  # films of step 1 and of step 3
Seen = Callable[[str], Collection[str]]  # code of a showing → items that are present in it


class Team:
    """Coordinator and readers at one computer, with real keys and mouse."""

    def __init__(self, window: MainWindow, hands: Hands) -> None:
        self.window, self.hands = window, hands
        self.keys = load_keymap()
        self.sessions: list[ReadingSession] = []
        window.start.way_in.reading_opened.connect(self.sessions.append)

    def make_and_seal(self, out: Path) -> list[str]:
        """From the filled form to the sealed study; the readers."""
        hands = self.hands
        hands.type(hands.find(QLineEdit, "out"), str(out))
        hands.wait_for("the count", lambda: hands.find(QPushButton, "create").isEnabled())
        hands.click(hands.find(QPushButton, "create"))
        hands.wait_for_work()
        fields = [found.objectName() for found in self.window.findChildren(QLineEdit) if found.isVisible()]
        people = [name.removeprefix("passphrase_") for name in fields if name.startswith("passphrase_")]
        for person in people:
            for field in ("passphrase", "repeat"):
                hands.type(hands.find(QLineEdit, f"{field}_{person}"), phrase(person))
        hands.click(hands.find(QPushButton, "seal"))
        hands.wait_for_work()
        hands.wait_for("the sealed study", lambda: hands.find(QPushButton, "open").isEnabled())
        return [person for person in people if person != "coordinator"]

    def enter(self, who: str) -> None:
        hands = self.hands
        hands.choose(hands.find(QComboBox, "who"), "Coordinator" if who == "coordinator" else f"Reader: {who}")
        hands.type(hands.find(QLineEdit, "passphrase"), phrase(who))
        hands.press(hands.find(QLineEdit, "passphrase"), "Return")
        hands.wait_for_work()

    def read(self, reader: str, seen: Seen) -> int:
        """Every case: what is seen is present, the rest absent. How many there were."""
        self.enter(reader)
        self.hands.wait_for("the reading room", lambda: self.window.page == "reading")
        room, session = self.hands.find(ReadingRoom), self.sessions[-1]
        self.press(room, "finish_case")  # past the instructions
        read = 0
        while not session.finished:
            self.hands.wait_for("the case", lambda: session.state.open and session.state.painted)
            for item in seen(str(session.presentation.code)):
                for _ in session.items:
                    if session.focus != item:
                        self.press(room, "next_item")
                self.press(room, "answer_present")
            self.press(room, "rest_absent")
            if not read:
                look(self.window, f"reading_{reader}")
            self.press(room, "finish_case")
            read += 1
        self.press(room, "finish_case")
        self.hands.wait_for("the start page", lambda: self.window.page == "start")
        self.hands.wait_for_work()
        return read

    def show(self, page: str) -> None:
        """A page of the desk."""
        self.hands.choose_row(self.hands.find(QListWidget, "desk_pages"), page)
        self.hands.wait_for_work()

    def press(self, room: ReadingRoom, action: str) -> None:
        self.hands.press(room, self.keys.keys(action)[0])
        self.hands.settle()


def phrase(who: str) -> str:
    return f"the long phrase of {who}"


def look(window: MainWindow, name: str) -> None:
    if place := os.environ.get("PICTURES"):
        window.grab().save(f"{place}/three_steps_{name}.png")


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """60 patients, a drain with nine of ten pneumothoraces and hardly one without."""
    table = load_table(shipped_file("tables/drains.toml"))
    simulate_chest_cohort(60, 8, tmp_path / "films", size=128, table=table, views=("PA",), processes=1)
    return tmp_path / "films"


def test_from_the_first_counterfactual_to_tables_1_and_2(
    films: Path, memory: Memory, window: MainWindow, hands: Hands, tmp_path: Path
) -> None:
    hands._patience_s = 240
    LabMemory(memory.folder).remember_cohort(films)
    team = Team(window, hands)
    imagine(team, tmp_path / "imagined")
    readers = team.make_and_seal(tmp_path / "step1")
    assert readers == ["step1_reader1"]  # one, as in the paper
    for reader in readers:
        assert team.read(reader, lambda _code: (DRAIN,)) == IMAGINED
    choose_real(team, films)
    others = team.make_and_seal(tmp_path / "step3")
    assert len(others) == 3 and not set(others) & set(readers)
    truth = drains_of(tmp_path / "step3", films)
    for reader in others:
        assert team.read(reader, lambda code: (DRAIN,) if truth[code] else ()) == REAL
    team.enter("coordinator")
    team.show("Export")
    hands.type(hands.find(QLineEdit, "export_folder"), str(tmp_path / "tables"))
    hands.click(hands.find(QPushButton, "export"))
    hands.wait_for_work()
    hands.wait_for("the files", lambda: hands.find(QListWidget, "exported_files").count() > 0)
    look(window, "export")
    row = pd.read_csv(tmp_path / "tables" / "table1_treatment.csv").iloc[0]
    planted = sum(truth.values()) // len(others)
    assert (row["diagnosis"], row["radiographs_n"], row["confounder_present"]) == ("pneumothorax", REAL, planted)
    assert row["ratio_percent"] == pytest.approx(100 * planted / REAL)
    assert planted > REAL / 2


def imagine(team: Team, out: Path) -> None:
    """In the lab, with the network that ships; then step 1 in the form."""
    hands = team.hands
    lab = enter_lab(hands)
    hands.click(hands.find(QPushButton, "imagine_cohort"))
    hands.wait_for_work()
    form = lab.cohorts.imagining
    hands.choose(form.run, "demo/drains-head")
    form.findings.setFocus()
    form.findings.setCurrentRow(0)
    assert form.findings.item(0).text() == "pneumothorax"
    QTest.keyClick(form.findings, Qt.Key.Key_Space)
    hands.choose(form.split, "any split")
    hands.choose(form.quality, "preview, 20 + 20 steps")
    form.each.setValue(IMAGINED)
    hands.type(hands.find(QLineEdit, "cohort_out"), str(out))
    look(team.window, "imagine")
    hands.click(form.start_button)
    hands.wait_for("the cohort", lambda: not form.working)
    hands.wait_for_work()
    assert form.message.text() == ""
    look(team.window, "imagined")
    hands.press(form.plan, "Space")
    hands.wait_for("the form", lambda: team.window.page == "new study")
    hands.wait_for_work()


def choose_real(team: Team, films: Path) -> None:
    """At the desk of the finished step 1: what it found, looked for in real films; then step 3 in the form."""
    hands = team.hands
    team.enter("coordinator")
    team.show("Real images")
    page = hands.find(Step2Page)
    hands.type(page.cohort.edit, str(films))
    page.each.setValue(REAL)
    page.min_readers.setValue(1)
    page.min_cases.setValue(IMAGINED)
    hands.click(page.choose)
    hands.wait_for_work()
    assert page.findings.as_text().splitlines()[1].startswith(f"pneumothorax\t{REAL}\t")
    assert page.confounders.as_text().splitlines()[1:] == [f"pneumothorax\tChest drain\t{IMAGINED}\t{IMAGINED}"]
    look(team.window, "real_images")
    hands.click(page.open_form)
    hands.wait_for("the form", lambda: team.window.page == "new study")
    hands.wait_for_work()


def drains_of(study: Path, films: Path) -> dict[str, bool]:
    """Code of each showing → whether a drain was drawn in its film."""
    view = open_as_coordinator(study, phrase("coordinator"))
    try:
        drawn = load_cohort(films).frame.set_index("image_id")[f"label.{DRAIN}"] == 1
        films_of = {case.case_id: str(case.images[0].image_id) for case in view.design.cases}
        return {str(shown.code): bool(drawn[films_of[shown.case_id]]) for shown in view.design.presentations}
    finally:
        view.close()
