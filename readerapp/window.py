"""The one window: start page, new study, reading room, desk, lab. Its title is the program's name alone, always."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QWidget

from readerapp import background, operations
from readerapp.new_study.page import NewStudyPage
from readerapp.recent import Memory
from readerapp.start import StartPage
from readerapp.trouble import APPLICATION

if TYPE_CHECKING:
    from readerapp.reading.session import ReadingSession
    from studies.reading.study import CoordinatorView

SMALLEST = (1024, 680)


class MainWindow(QMainWindow):
    """Switches between the pages; a page that is left is thrown away with all it knew."""

    page_changed = Signal(str)  # "start", "new study", "reading", "desk", "lab"

    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self._memory = memory
        self.setWindowTitle(APPLICATION)
        self.setMinimumSize(*SMALLEST)
        self.start = StartPage(memory)
        self.new_study = NewStudyPage(memory)
        self.page = ""
        self.page_changed.connect(self._note_page)
        self._visit: QWidget | None = None  # the reading room, the desk or the lab
        self._close_study: Callable[[], None] = lambda: None  # lets go of its database
        self._pages = QStackedWidget()
        self._pages.addWidget(self.start)
        self._pages.addWidget(self.new_study)
        self._preferences: QWidget | None = None  # made when it is asked for
        self.setCentralWidget(self._pages)
        self._connect()
        self._restore()
        self.show_start()

    def show_start(self, choose: Path | None = None) -> None:
        """The start page; `choose` is selected there."""
        self._leave_visit()
        self.start.show_farewell("", "")
        self._pages.setCurrentWidget(self.start)
        self.start.refresh(choose)
        self.page_changed.emit("start")

    def offer(self, place: Path) -> None:
        """The start page with this study, or this reader's pack, ready to be opened."""
        self.start.offer(place)

    def make_demo(self, out: Path) -> None:
        """Make the demonstration study in a folder, with visible progress, and offer it."""
        operations.make_demo(parent=self, out=out).on_success(self.offer).disabling(self.start.demo).run()

    def show_new_study(self) -> None:
        self.new_study.start_over()
        self._show_form()

    def continue_draft(self, root: Path) -> None:
        self.new_study.continue_draft(root)
        self._show_form()

    def plan_step1(self, cohort: Path) -> None:
        """The form with the protocol of step 1 for a cohort of counterfactuals."""
        operations.plan_step1(parent=self, cohort=cohort).on_success(self.begin_planned).run()

    def begin_planned(self, planned: operations.Planned) -> None:
        """The form with a protocol that another page made."""
        self.new_study.begin_with(planned)
        self._show_form()

    def show_preferences(self) -> None:
        """Keys, mouse, size of text and language, for whoever sits at this computer."""
        from readerapp.preferences_page import PreferencesPage

        if self._preferences is not None:
            self._pages.removeWidget(self._preferences)
            self._preferences.deleteLater()
        page = PreferencesPage()
        page.left.connect(lambda: self._pages.setCurrentWidget(self.start))
        self._preferences = page
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        page.start()

    def enter_room(self, session: "ReadingSession") -> None:
        """The reading room; nothing of the study but the room's own words is visible from here on."""
        from readerapp.reading.room import ReadingRoom

        room = ReadingRoom(session)
        room.left.connect(self._leave_room)
        room.finished.connect(self._leave_room)
        self._enter(room, "reading", session.view.close)

    def enter_desk(self, view: "CoordinatorView", passphrase: str) -> None:
        """The coordinator's desk."""
        from readerapp.desk.desk import Desk

        desk = Desk(view, passphrase)
        desk.left.connect(self.show_start)
        desk.planned.connect(self.begin_planned)
        self._enter(desk, "desk", view.close)

    def show_lab(self) -> None:
        """The researcher's lab; its modules are read in the background first."""
        opening = operations.open_lab(parent=self).on_success(lambda _: self._enter_lab())
        opening.disabling(self.start.lab).run()

    def _enter_lab(self) -> None:
        from readerapp.lab.lab import Lab

        lab = Lab(self._memory.folder)
        lab.left.connect(self.show_start)
        lab.step1_asked.connect(self.plan_step1)
        self._enter(lab, "lab", lambda: None)

    def closeEvent(self, event: QCloseEvent) -> None:
        """From the middle of a case the first close only leaves the room: the head of the journal has to be seen."""
        if self._is_reading() and not self._system_ends():
            event.ignore()
            self._leave_room()
            self.start.say_closing()
            return
        self._memory.keep_geometry(self.saveGeometry())
        self._leave_visit()
        background.stop_all()
        super().closeEvent(event)

    def _connect(self) -> None:
        self.start.new_study_asked.connect(self.show_new_study)
        self.start.demo_asked.connect(self._make_default_demo)
        self.start.lab_asked.connect(self.show_lab)
        self.start.preferences_asked.connect(self.show_preferences)
        self.start.way_in.reading_opened.connect(self.enter_room)
        self.start.way_in.desk_opened.connect(self.enter_desk)
        self.start.way_in.draft_asked.connect(self.continue_draft)
        self.new_study.left.connect(self.show_start)
        self.new_study.sealed.connect(self.show_start)

    def _make_default_demo(self) -> None:
        self.make_demo(self._memory.demo)

    def _show_form(self) -> None:
        self._leave_visit()
        self._pages.setCurrentWidget(self.new_study)
        self.page_changed.emit("new study")

    def _enter(self, page: QWidget, name: str, close: Callable[[], None]) -> None:
        self._leave_visit()
        self._visit, self._close_study = page, close
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        page.setFocus()
        self.page_changed.emit(name)

    def _leave_room(self) -> None:
        """The start page tells the reader that all is saved, and where their journal ends."""
        from readerapp.reading.room import ReadingRoom

        room = self._visit
        if isinstance(room, ReadingRoom):
            room.close()  # ends the session, whose head is known from then on
        farewell = (room.farewell, room.head) if isinstance(room, ReadingRoom) else ("", "")
        self.show_start()
        self.start.show_farewell(*farewell)

    def _leave_visit(self) -> None:
        if self._visit is not None:
            self._pages.removeWidget(self._visit)
            self._visit.close()
            background.leave(self._visit, self._close_study)
            self._visit.deleteLater()
            self._visit = None

    def _is_reading(self) -> bool:
        if self.page != "reading":
            return False
        from readerapp.reading.room import ReadingRoom

        return isinstance(self._visit, ReadingRoom) and not self._visit.head

    def _system_ends(self) -> bool:
        """The person logs off, or the computer shuts down: nothing may stand in the way."""
        application = QGuiApplication.instance()
        return isinstance(application, QGuiApplication) and application.isSavingSession()

    def _note_page(self, name: str) -> None:
        self.page = name

    def _restore(self) -> None:
        geometry = self._memory.geometry()
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(1680, 1050)
