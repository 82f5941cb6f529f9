"""`readerapp demo --headless`: the windows that people use, driven with real keys and mouse by simulated readers.

A cohort is simulated, a study is made of it through the form, three readers with known error rates read every case,
twice where an explanation is shown, and the coordinator looks at each page and exports. What the tables should show is
worked out from what was planted.
"""

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
from readerapp.demo.planted import Planted, looks, planted_in
from readerapp.demo.reading_hands import ReadingHands
from readerapp.demo.simulated_reader import SimulatedReader, simulated_readers
from readerapp.demo.summary import changes_lines, summary_lines
from readerapp.demo_study import COHORT, COORDINATOR, FULL, SCREENSHOTS, STUDY, TABLES, DemoDesign, DemoSize
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
    design = demo_study.demo_design()
    phrases = demo_study.mark_demo(out, size, design)
    if design.unaided_only:
        say(f"The demo is read unaided only: {design.unaided_only}")
    os.environ[FOLDER_VARIABLE] = str(out / "window")  # the demonstration shows the program, not this person's keys
    make_application()
    window = MainWindow(Memory(out / "window"))
    window.resize(*screen)
    window.show()
    try:
        show = Demonstration(window, out, size, design, phrases, say)
        show.run()
    finally:
        window.close()
        shutil.rmtree(out / "window", ignore_errors=True)
    taken = time.monotonic() - started
    say(f"Done in {taken:.0f} s: {len(show.hands.taken)} screenshots, tables and journal in {out}")


class Demonstration:
    """The acts of the demonstration, in the order in which a team would meet them."""

    def __init__(
        self, window: MainWindow, out: Path, size: DemoSize, design: DemoDesign, phrases: dict[str, str], say: Say
    ) -> None:
        self.hands = Hands(window, out / SCREENSHOTS)
        self._design = design
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
        planted = planted_in(view.design, view.protocol, self._out / COHORT)
        readers = simulated_readers(view.protocol, self._size.seed)
        for number, reader in enumerate(readers):
            self._read(reader, view, planted, first=number == 0)
            if number == 0:
                self._look_while_reading()
        self._at_the_desk()
        self._leave_files(view, planted, readers)

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
        hands.choose(hands.find(QComboBox, "protocol"), self._design.protocol.stem.replace("_", " "))
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
        hands.wait_for_work(times=3)  # explanations are computed, on a computer that may have other work
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

    def _read(self, reader: SimulatedReader, view: "CoordinatorView", planted: Planted, first: bool) -> None:
        if first:
            self._enter(reader.reader_id, "a wrong passphrase")
            self.hands.picture("wrong_passphrase")
        self._enter(reader.reader_id, self._phrases[reader.reader_id])
        self.hands.wait_for("the reading room", lambda: self._window.page == "reading")
        if first:
            self.hands.picture("instructions")
        at_work = ReadingHands(self.hands, self._sessions[-1], reader, planted)
        at_work.read_all(
            {0: "practice", 5: "reading_room", 6: "reading_room_next"} if first else {},
            _explained_pictures(view, planted, reader.reader_id) if first else {},
        )
        if first:
            self.hands.picture("all_read")
        at_work.close()
        self.hands.wait_for("the start page", lambda: self._window.page == "start")
        self.hands.wait_for_work()
        self._say(
            f"{reader.reader_id}: {at_work.read} cases read, {at_work.explained} again with an explanation, "
            f"{at_work.marks} marks, {at_work.windowed} window drags, {at_work.undone} answers undone"
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
        if not self._design.unaided_only:
            self._look_at_changes()
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

    def _look_at_changes(self) -> None:
        """What the maps changed: aided, and sham beside it."""
        hands = self.hands
        self._show("Explanations", "desk_changes_aided")
        hands.turn_tab(hands.find(QTabWidget), "Time in view")
        hands.picture("desk_changes_time_in_view")
        hands.turn_tab(hands.find(QTabWidget), "Changes")
        hands.choose(hands.find(QComboBox, "choose_arm"), "sham")
        hands.picture("desk_changes_sham")

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

    def _leave_files(self, view: "CoordinatorView", planted: Planted, readers: tuple[SimulatedReader, ...]) -> None:
        for name in _LEFT_IN_OUT:
            shutil.copyfile(self._out / TABLES / name, self._out / name)
        lines = summary_lines(view, readers, self._out / "prevalence.csv")
        if not self._design.unaided_only:
            changes = self._out / "changes.csv"
            shutil.copyfile(self._out / TABLES / changes.name, changes)
            seen = tuple(looks(self._out / STUDY, view.design, planted))
            lines += ["", *changes_lines(seen, readers, changes)]
        (self._out / "summary.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        for line in lines:
            self._say(line)


def _explained_pictures(view: "CoordinatorView", planted: Planted, reader_id: str) -> dict[str, dict[str, str]]:
    """Code → item → name of a picture: of each kind of arm the first case where something with a map was planted."""
    mapped = [str(item.id) for item in view.protocol.items if item.finding]
    pictures: dict[str, dict[str, str]] = {}
    for arm in [arm for arm in view.protocol.arms if arm.explanation]:
        for shown in view.design.presentations:
            code = str(shown.code)
            found = [item for item in mapped if planted.truth[code][item]]
            if (shown.reader_id, shown.arm) == (reader_id, arm.name) and found:
                pictures[code] = {mapped[0]: f"reading_room_{arm.kind}_begun", found[-1]: f"reading_room_{arm.kind}"}
                break
    return pictures
