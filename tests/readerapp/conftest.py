"""One application for all tests of the window, which notes how long events take; settings and a window for each."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from readerapp import theme
from readerapp.application import make_application
from readerapp.demo.hands import Hands
from readerapp.reading.room import ReadingRoom
from readerapp.reading.session import ReadingSession
from readerapp.recent import Memory
from readerapp.settings import FOLDER_VARIABLE
from readerapp.viewer.keymap import load_keymap
from readerapp.window import MainWindow
from tests.readerapp.watchdog import WatchedApplication

ShowRoom = Callable[..., ReadingRoom]


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return WatchedApplication


@pytest.fixture(scope="session", autouse=True)
def one_application(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> QApplication:
    """Made before any test, and dressed as the program dresses it, so that no test depends on the ones before it.

    Its language and size of text are those of a fresh computer, not of whoever runs the tests.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER_VARIABLE, str(tmp_path_factory.mktemp("settings")))
        return make_application()


@pytest.fixture(autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the settings of whoever runs it, nor those of another test."""
    folder = tmp_path_factory.mktemp("settings")
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    return folder


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    """What the program remembers between starts: nothing yet."""
    return Memory(tmp_path / "memory")


@pytest.fixture
def window(qtbot: QtBot, memory: Memory) -> MainWindow:
    """The program's window, as large as a laptop's screen."""
    window = MainWindow(memory)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    return window


@pytest.fixture
def hands(window: MainWindow, tmp_path: Path) -> Hands:
    """Keys and mouse on that window, once it is at rest."""
    hands = Hands(window, tmp_path / "pictures", patience_s=30)
    hands.wait_for_work()
    return hands


@pytest.fixture
def show_room(qtbot: QtBot, qapp: QApplication) -> Iterator[ShowRoom]:
    """Shows the reading room of a session, in a keymap or in the one it comes with; closed when the test is over."""
    theme.apply(qapp)
    rooms: list[ReadingRoom] = []

    def show(session: ReadingSession, keymap: str = "") -> ReadingRoom:
        room = ReadingRoom(session)
        rooms.append(room)
        qtbot.addWidget(room)
        room.resize(1100, 760)
        if keymap:
            room.use_keymap(load_keymap(keymap))
        room.show()
        return room

    yield show
    for room in rooms:
        room.close()
