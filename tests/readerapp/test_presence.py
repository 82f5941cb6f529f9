"""Away or at work: the window in front, and any input within the limit."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from readerapp.reading.presence import Presence
from readerapp.reading.room import ReadingRoom
from readerapp.reading.session import ReadingSession
from readerapp.reading.top_bar import TopBar
from studies.reading.study import open_as_reader
from tests.readerapp.made_study import ITEMS, MORE_ITEMS, PASSPHRASE, make_study, small_image
from tests.readerapp.test_room import Enter, begin, enter, key

__all__ = ["enter"]  # a fixture


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)  # the mouse over a window that lies behind is no input
    yield widget


def test_without_input_the_clock_stands_until_something_is_done(window: QWidget, qtbot: QtBot) -> None:
    presence = Presence(window, limit_s=0.05)
    field = QLineEdit(window)
    presence.watch(field)
    presence.note()
    assert presence.paused == ""
    qtbot.waitUntil(lambda: presence.paused == "nothing was done for 0.05 s")
    qtbot.waitUntil(lambda: not presence.resting)  # inputs within a second are one
    with qtbot.waitSignal(presence.input_came):
        QTest.keyClick(field, "x")
    assert presence.paused == ""


@pytest.mark.parametrize("how", ["key", "press", "move"])
def test_keys_and_mouse_are_input(window: QWidget, qtbot: QtBot, how: str) -> None:
    presence = Presence(window, limit_s=60)
    field = QLineEdit(window)
    field.setMouseTracking(True)
    field.resize(40, 20)
    field.show()
    presence.watch(field)
    with qtbot.waitSignal(presence.input_came):
        if how == "key":
            QTest.keyClick(field, "x")
        elif how == "press":
            QTest.mouseClick(field, Qt.MouseButton.LeftButton)
        else:
            QTest.mouseMove(field, QPoint(8, 8))
            QTest.mouseMove(field, QPoint(5, 5))  # one of the two is a move, wherever the mouse lay


def test_an_application_that_is_put_away_is_not_in_front(window: QWidget, qtbot: QtBot) -> None:
    """As Qt tells it: the signal that comes when the screen is locked or another program comes to the front."""
    presence = Presence(window, limit_s=60)
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)
    with qtbot.waitSignal(presence.changed):
        application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    assert presence.paused == "this window is not in front"


def test_typing_a_text_is_activity(tmp_path: Path, qtbot: QtBot) -> None:
    """100 s of the clock between the keys of a comment, in a study that calls 120 s without input away."""
    study = make_study(tmp_path / "text", [[small_image(0)]], items=ITEMS + MORE_ITEMS)
    now = [0.0]
    room = ReadingRoom(ReadingSession(open_as_reader(study.root, "r1", PASSPHRASE), clock=lambda: now[0]))
    qtbot.addWidget(room)
    room.show()
    begin(room, qtbot)
    key(room, "O", Qt.KeyboardModifier.ShiftModifier)
    key(room, Qt.Key.Key_F2)
    for letter in "abc":
        qtbot.waitUntil(lambda: not room.presence.resting)  # inputs within a second are one
        now[0] += 100
        QTest.keyClick(QApplication.focusWidget(), letter)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert room.session.state.answers["comment"].value == "abc"  # type: ignore[index]
    assert "idle" not in [event.kind for event in room.session.view.events()]
    assert room.session.state.away_s == 0
    assert room.session.state.active_s == pytest.approx(300)


def test_behind_another_window_the_clock_stands_and_says_so(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    room = enter(make_study(tmp_path / "minimised", [[small_image(0)]]))
    begin(room, qtbot)
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: not room.isActiveWindow())
    bar = room.findChild(TopBar)
    assert bar is not None
    assert bar.paused == "paused: this window is not in front"
    assert [e.payload["active"] for e in room.session.view.events() if e.kind == "window_active"][-1] is False
    room.activateWindow()
    qtbot.waitUntil(lambda: bar.paused == "")
    assert [e.payload["active"] for e in room.session.view.events() if e.kind == "window_active"][-1] is True


def test_minimised_the_clock_stands(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    room = enter(make_study(tmp_path / "minimised", [[small_image(0)]]))
    begin(room, qtbot)
    room.showMinimized()
    qtbot.waitUntil(lambda: room.presence.paused == "this window is not in front")
    room.showNormal()
    room.activateWindow()
    key(room, "G")
    assert room.presence.paused == ""
    told = [e.payload["active"] for e in room.session.view.events() if e.kind == "window_active"]
    assert told[-2:] == [False, True]


def test_the_mouse_over_a_window_behind_is_not_activity(window: QWidget, qtbot: QtBot) -> None:
    presence = Presence(window, limit_s=60)
    presence.watch(window)
    window.setMouseTracking(True)
    presence.set_front(False)
    with qtbot.assertNotEmitted(presence.input_came, wait=50):
        QTest.mouseMove(window, QPoint(5, 5))
        QTest.mouseMove(window, QPoint(9, 9))
    with qtbot.waitSignal(presence.input_came):
        QTest.keyClick(window, "x")
    assert presence.front
