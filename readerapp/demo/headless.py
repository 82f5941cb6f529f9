"""`readerapp demo --headless`: the windows that people use, driven with real keys and mouse by simulated readers.

A cohort is simulated, a study is made of it through the form, three readers with known error rates read every case, and
the coordinator looks at each page and exports. What the tables should show is worked out from what was planted.
"""

import json
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QListWidget, QPushButton, QTabWidget

from readerapp import demo_study
from readerapp.application import make_application
from readerapp.background import Operation, Progress, ProgressPanel
from readerapp.demo.hands import Hands
from readerapp.demo.reading_hands import Planted, ReadingHands
from readerapp.demo.simulated_reader import SimulatedReader, planted_truth, simulated_readers
from readerapp.demo.summary import summary_lines
from readerapp.demo_study import COHORT, COORDINATOR, FULL, SCREENSHOTS, STUDY, TABLES, DemoSize
from readerapp.recent import Memory
from readerapp.settings import FOLDER_VARIABLE
from readerapp.viewer.stage import Stage
from readerapp.window import MainWindow

if TYPE_CHECKING:
    from readerapp.reading.session import ReadingSession
    from studies.reading.study import CoordinatorView

Say = Callable[[str], None]
SCREEN = (1680, 1050)
_LEFT_IN_OUT = ("agreement.csv", "prevalence.csv", "journal.csv", "journal.jsonl")


def run_headless(out: Path, say: Say, size: DemoSize = FULL, screen: tuple[int, int] = SCREEN) -> None:
    """The whole demonstration into `out`. Raises StudyError for a folder the demo did not make."""
    started = time.monotonic()
    demo_study.clear_demo(out)
    phrases = demo_study.mark_demo(out, size)
    os.environ[FOLDER_VARIABLE] = str(out / "window")  # the demonstration shows the program, not this person's keys
    make_application()
    window = MainWindow(Memory(out / "window"))
    window.resize(*screen)
    window.show()
    try:
        show = Demonstration(window, out, size, phrases, say)
        show.run()
    finally:
        window.close()
        shutil.rmtree(out / "window", ignore_errors=True)
    taken = time.monotonic() - started
    say(f"Done in {taken:.0f} s: {len(show.hands.taken)} screenshots, tables and journal in {out}")


class Demonstration:
    """The acts of the demonstration, in the order in which a team would meet them."""

    def __init__(self, window: MainWindow, out: Path, size: DemoSize, phrases: dict[str, str], say: Say) -> None:
        self.hands = Hands(window, out / SCREENSHOTS)
        self._window = window
        self._out = out
        self._size = size
        self._phrases = phrases
        self._say = say
        self._sessions: list[ReadingSession] = []
        window.start.way_in.reading_opened.connect(self._sessions.append)

    def run(self) -> None:
        self.hands.wait_for_work()
        self.hands.picture("start_newcomer")
        self._simulate()
        self._make_study()
        view = self._coordinator_view()
        try:
            self._read_and_look(view)
        finally:
            view.close()

    def _read_and_look(self, view: "CoordinatorView") -> None:
        planted = self._planted(view)
        readers = simulated_readers(view.protocol, self._size.seed)
        for number, reader in enumerate(readers):
            self._read(reader, planted, first=number == 0)
            if number == 0:
                self._look_while_reading()
        self._at_the_desk()
        self._leave_files(view, readers)

    def _simulate(self) -> None:
        def work(progress: Progress) -> None:
            demo_study.simulate_cohort(self._out / COHORT, self._size, progress)

        title = QCoreApplication.translate("Operations", "Simulating radiographs")
        operation = Operation(self._window, title, work).run()
        self.hands.wait_for(
            "the progress panel", lambda: bool(self._window.findChildren(ProgressPanel)) or operation.done
        )
        if not operation.done:
            self.hands.picture("progress_panel")
        self.hands.wait_for_work()

    def _make_study(self) -> None:
        hands = self.hands
        hands.click(hands.find(QPushButton, "new_study"))
        hands.choose(hands.find(QComboBox, "protocol"), "demo")
        hands.type(hands.find(QLineEdit, "cohort"), str(self._out / "no such folder"))
        hands.wait_for("the sentence on the cohort", lambda: "is not a cohort" in hands.find(QLabel, "check").text())
        hands.picture("new_study_mistake")
        hands.type(hands.find(QLineEdit, "cohort"), str(self._out / COHORT))
        hands.type(hands.find(QLineEdit, "out"), str(self._out / STUDY))
        hands.wait_for("the counts", lambda: hands.find(QPushButton, "create").isEnabled())
        hands.picture("new_study")
        hands.click(hands.find(QPushButton, "create"))
        hands.wait_for_work()
        for name, phrase in self._phrases.items():
            hands.type(hands.find(QLineEdit, f"passphrase_{name}"), phrase)
            hands.type(hands.find(QLineEdit, f"repeat_{name}"), phrase)
        hands.picture("readiness_and_seal")
        hands.click(hands.find(QPushButton, "seal"))
        hands.wait_for_work()
        hands.wait_for("the sealed study on the start page", lambda: hands.find(QPushButton, "open").isEnabled())
        hands.picture("start_sealed_study")

    def _enter(self, who: str, phrase: str) -> None:
        hands = self.hands
        box = hands.find(QComboBox, "who")
        hands.choose(box, "Coordinator" if who == COORDINATOR else f"Reader: {who}")
        field = hands.find(QLineEdit, "passphrase")
        hands.type(field, phrase)
        hands.press(field, "Return")
        hands.wait_for_work()

    def _read(self, reader: SimulatedReader, planted: Planted, first: bool) -> None:
        if first:
            self._enter(reader.reader_id, "a wrong passphrase")
            self.hands.picture("wrong_passphrase")
        self._enter(reader.reader_id, self._phrases[reader.reader_id])
        self.hands.wait_for("the reading room", lambda: self._window.page == "reading")
        if first:
            self.hands.picture("instructions")
        at_work = ReadingHands(self.hands, self._sessions[-1], reader, planted)
        at_work.read_all({0: "practice", 5: "reading_room", 6: "reading_room_next"} if first else {})
        if first:
            self.hands.picture("all_read")
        at_work.close()
        self.hands.wait_for("the start page", lambda: self._window.page == "start")
        self.hands.wait_for_work()
        self._say(
            f"{reader.reader_id}: {at_work.read} cases read, {at_work.marks} marks, {at_work.windowed} window drags, "
            f"{at_work.undone} answers undone"
        )

    def _look_while_reading(self) -> None:
        """The coordinator looks in after the first reader: progress is open, agreement is locked."""
        self._enter(COORDINATOR, self._phrases[COORDINATOR])
        self._show("Progress", "desk_progress_while_reading")
        self._show("Agreement", "desk_agreement_locked")
        self._leave_desk()

    def _at_the_desk(self) -> None:
        hands = self.hands
        self._enter(COORDINATOR, self._phrases[COORDINATOR])
        self._show("Progress", "desk_progress")
        self._show("Agreement", "desk_agreement")
        hands.choose(hands.find(QComboBox, "matrix_kind"), "Cohen's κ of each pair")
        hands.picture("desk_agreement_kappa_matrix")
        hands.turn_tab(hands.find(QTabWidget), "Forest plot")
        hands.picture("desk_agreement_forest")
        self._show("Prevalence", "desk_prevalence")
        self._show("Reader bias", "desk_reader_bias")
        self._show("Disputes", "")
        hands.click(hands.find(QPushButton, "open_disputes"))
        hands.wait_for_work()
        hands.wait_for("the images of the dispute", lambda: hands.find(Stage).count > 0)
        hands.picture("desk_disputes")
        self._show("Flags", "desk_flags")
        self._show("Packs", "desk_packs")
        self._show("Study", "")
        hands.click(hands.find(QPushButton, "verify"))
        hands.wait_for_work()
        hands.picture("desk_study")
        self._show("Export", "")
        hands.type(hands.find(QLineEdit, "export_folder"), str(self._out / TABLES))
        hands.click(hands.find(QPushButton, "export"))
        hands.wait_for_work()
        hands.wait_for("the list of files", lambda: hands.find(QListWidget, "exported_files").count() > 0)
        hands.picture("desk_export")
        self._leave_desk()

    def _show(self, page: str, picture: str) -> None:
        self.hands.choose_row(self.hands.find(QListWidget, "desk_pages"), page)
        self.hands.wait_for_work()
        if picture:
            self.hands.picture(picture)

    def _leave_desk(self) -> None:
        self.hands.click(self.hands.find(QPushButton, "leave_desk"))
        self.hands.wait_for_work()

    def _coordinator_view(self) -> "CoordinatorView":
        from studies.reading.study import open_as_coordinator

        return open_as_coordinator(self._out / STUDY, self._phrases[COORDINATOR])

    def _planted(self, view: "CoordinatorView") -> Planted:
        cases = {case.case_id: case for case in view.design.cases}
        columns = view.protocol.training.truth if view.protocol.training else {}
        kinds = {item: {column.removeprefix("label.") for column in named} for item, named in columns.items()}
        truth, places = {}, {}
        for presentation in view.design.presentations:
            case = cases[presentation.case_id]
            truth[str(presentation.code)] = planted_truth(view.protocol, case)
            places[str(presentation.code)] = _places(self._out / COHORT, case.images[0].image_id, kinds)
        return Planted(truth, places)

    def _leave_files(self, view: "CoordinatorView", readers: tuple[SimulatedReader, ...]) -> None:
        for name in _LEFT_IN_OUT:
            shutil.copyfile(self._out / TABLES / name, self._out / name)
        lines = summary_lines(view, readers, self._out / "prevalence.csv")
        (self._out / "summary.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        for line in lines:
            self._say(line)


def _places(cohort: Path, image_id: str, kinds: dict[str, set[str]]) -> dict[str, tuple[float, float]]:
    """Item → the middle of what was drawn for it in an image, (column, row)."""
    objects = json.loads((cohort / "truth" / f"{image_id}.json").read_text(encoding="utf-8"))["objects"]
    places = {}
    for item, named in kinds.items():
        lines = [drawn["polyline"] for drawn in objects if drawn["kind"] in named and drawn.get("polyline")]
        if lines:
            column, row = lines[0][len(lines[0]) // 2]
            places[item] = (float(column), float(row))
    return places
