"""Leaving by closing the window, and what a coordinator finds of a reader's flag."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QPushButton, QTreeWidget

from readerapp.demo.hands import Hands
from readerapp.desk.tables import RowsTable
from readerapp.reading.room import ReadingRoom
from readerapp.window import MainWindow
from studies.reading.journal import Journal
from tests.readerapp.small_study import PHRASES, make_study
from tests.readerapp.test_room import CTRL
from tests.readerapp.test_start import enter, offer, visible_words


def in_a_case(window: MainWindow, hands: Hands, study: Path) -> ReadingRoom:
    offer(hands, window, study)
    enter(hands, "Reader: anna", PHRASES["anna"])
    hands.wait_for("the reading room", lambda: window.page == "reading")
    room = hands.find(ReadingRoom)
    QTest.keyClick(room, Qt.Key.Key_Return)
    hands.wait_for("the case", lambda: room.mode == "reading")
    return room


def test_closing_the_window_in_a_case_shows_the_head_first(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    study = make_study(tmp_path)
    room = in_a_case(window, hands, study)
    QTest.keyClick(room, "G")
    window.close()
    hands.wait_for_work()
    assert window.isVisible() and window.page == "start"
    with Journal(study) as journal:
        assert window.start.head.text() == journal.head("anna")
        assert [event.kind for event in journal.events("anna")][-1] == "session_ended"
    assert "Close the window once more" in visible_words(window.start)
    window.close()
    assert not window.isVisible()


def test_closing_elsewhere_closes_at_once(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    window.close()
    assert not window.isVisible()


def test_preferences_open_from_the_start_page_and_esc_goes_back(window: MainWindow, hands: Hands) -> None:
    window.activateWindow()
    hands.wait_for("the window in front", window.isActiveWindow)
    hands.click(window.start.preferences)
    tree = hands.find(QTreeWidget)
    assert QApplication.focusWidget() is tree
    QTest.keyClick(tree, Qt.Key.Key_Escape)
    assert window.start.isVisible()


def test_a_flag_stands_at_the_desk(window: MainWindow, hands: Hands, tmp_path: Path) -> None:
    study = make_study(tmp_path)
    room = in_a_case(window, hands, study)
    QTest.keyClick(room, "F", CTRL)
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "mirrored?")
    QTest.keyClick(field, Qt.Key.Key_Return)
    code = str(room.session.presentation.code)
    QTest.keyClick(room, "W", CTRL)
    hands.wait_for_work()
    enter(hands, "Coordinator", PHRASES["coordinator"])
    hands.wait_for("the desk", lambda: window.page == "desk")
    hands.choose_row(hands.find(QListWidget, "desk_pages"), "Flags")
    hands.wait_for_work()
    flags = hands.find(RowsTable, "flags")
    hands.click(hands.find(QPushButton, "copy_flags"))
    titles, *lines = QGuiApplication.clipboard().text().splitlines()
    assert titles.split("\t") == ["Case", "Reader", "Code", "Place", "Comment"]
    assert len(lines) == 1 and lines[0].split("\t")[1:] == ["anna", code, "1", "mirrored?"]
    hands.type(hands.find(QLineEdit, "filter"), "rotated")
    hands.wait_for("no row left", lambda: flags.rows_model.rowCount() == 0)
    hands.type(hands.find(QLineEdit, "filter"), "MIRROR")
    hands.wait_for("the row", lambda: flags.rows_model.rowCount() == 1)
