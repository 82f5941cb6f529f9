"""The images in a window of their own: keys, the clock, what is remembered."""

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from readerapp.reading.room import ReadingRoom
from readerapp.viewer.stage_window import StageWindow
from tests.readerapp.made_study import FORBIDDEN, ITEMS, MORE_ITEMS, make_study, small_image
from tests.readerapp.test_room import Enter, answers, begin, enter, every_text, key

__all__ = ["enter"]

SCREENS = """{"screens": [
{"name": "ONE", "x": 0, "y": 0, "width": 1366, "height": 768, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1},
{"name": "TWO", "x": 1366, "y": 0, "width": 1920, "height": 1080, "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}]}"""


def out(room: ReadingRoom, qtbot: QtBot) -> StageWindow:
    key(room, Qt.Key.Key_F12)
    window = room.stage.window()
    assert isinstance(window, StageWindow)
    qtbot.waitUntil(window.isActiveWindow)
    return window


def test_keys_work_in_both_windows(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    room = enter(make_study(tmp_path / "study", [[small_image(0)], [small_image(1)]]))
    begin(room, qtbot)
    window = out(room, qtbot)
    QTest.keyClick(window, "G")
    QTest.keyClick(room.stage.canvas, "S")
    key(room, "R")
    assert answers(room) == {"tube": "present", "drain": "absent", "congestion": "uncertain"}
    QTest.keyClick(window, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(room.stage.canvas, Qt.Key.Key_Tab)
    QTest.keyClick(window, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: room.session.position == 1 and room.mode == "reading")
    assert room.stage.window() is window
    QTest.keyPress(window, Qt.Key.Key_Space)
    hidden = room.stage.canvas.grab().toImage()
    QTest.keyRelease(window, Qt.Key.Key_Space)
    assert room.stage.canvas.grab().toImage() != hidden


def test_the_clock_runs_in_either_window_and_stands_behind_another(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    room = enter(make_study(tmp_path / "study", [[small_image(0)]]))
    begin(room, qtbot)
    window = out(room, qtbot)
    qtbot.wait(120)
    assert room.presence.paused == ""
    told = [event.kind for event in room.session.view.events()].count("window_active")
    room.activateWindow()
    qtbot.waitUntil(room.isActiveWindow)
    qtbot.wait(120)
    assert room.presence.paused == ""
    assert [event.kind for event in room.session.view.events()].count("window_active") == told
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: room.presence.paused == "this window is not in front")
    window.activateWindow()
    qtbot.waitUntil(lambda: room.presence.paused == "")


def test_nothing_in_the_window_tells_of_the_case(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    room = enter(make_study(tmp_path / "study", [[small_image(0), small_image(1)]]))
    begin(room, qtbot)
    window = out(room, qtbot)
    texts = [*every_text(window), window.windowTitle(), *room.stage.painted_texts()]
    assert window.windowTitle() == "Images"
    assert not any(word in text for word in (*FORBIDDEN, *room.session.presentation.code.split()) for text in texts)


def test_closing_the_window_brings_the_images_home(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    room = enter(make_study(tmp_path / "study", [[small_image(0)]]))
    begin(room, qtbot)
    window = out(room, qtbot)
    assert room.mode == "reading"
    window.close()
    assert room.stage.window() is room
    assert room.stage.isVisible() and not window.isVisible()
    assert room.mode == "reading"
    out(room, qtbot)
    key(room, Qt.Key.Key_F12)
    assert room.stage.window() is room


def test_a_field_that_a_key_opens_is_typed_into(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    room = enter(make_study(tmp_path / "study", [[small_image(0)]], items=ITEMS + MORE_ITEMS))
    begin(room, qtbot)
    window = out(room, qtbot)
    room.session.set_focus("comment")  # type: ignore[arg-type]
    key(room, "O", Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(window, Qt.Key.Key_F2)
    qtbot.waitUntil(room.isActiveWindow)


def test_leaving_takes_the_window_along(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    made = make_study(tmp_path / "study", [[small_image(0)]])
    room = enter(made)
    begin(room, qtbot)
    window = out(room, qtbot)
    room.leave()
    assert not window.isVisible()
    again = enter(made)  # on a machine with one screen the window comes again where it was
    qtbot.waitUntil(lambda: again.mode == "reading", timeout=10_000)
    assert isinstance(again.stage.window(), StageWindow)
    key(again, Qt.Key.Key_F12)
    again.leave()
    third = enter(made)
    assert third.stage.window() is third


def test_on_two_screens_the_images_fill_the_second_and_come_back_to_it(tmp_path: Path, own_settings: Path) -> None:
    """In a process of its own: screens are those of the platform."""
    (tmp_path / "screens.json").write_text(SCREENS, encoding="utf-8")
    platform = f"offscreen:configfile={tmp_path / 'screens.json'}"
    made = make_study(tmp_path / "study", [[small_image(0)]])
    script = _SCRIPT.format(root=str(made.root))
    surroundings = os.environ | {"QT_QPA_PLATFORM": platform}
    for first in (True, False):
        done = subprocess.run(
            [sys.executable, "-c", script], env=surroundings, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        began, now = done.stdout.split()[-2:]
        assert now == "TWO-1920x1080-full"
        assert began == ("home" if first else now)


_SCRIPT = """
import sys
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from readerapp.reading.room import ReadingRoom
from readerapp.viewer.stage_window import StageWindow
from tests.readerapp.made_study import MadeStudy
from PySide6.QtWidgets import QApplication

application = QApplication(sys.argv)
room = ReadingRoom(MadeStudy(Path({root!r}), ()).session())
room.resize(1200, 700)
room.show()

def tell():
    window = room.stage.window()
    if not isinstance(window, StageWindow):
        return "home"
    size = window.size()
    full = "full" if window.isFullScreen() else "part"
    return f"{{window.screen().name()}}-{{size.width()}}x{{size.height()}}-{{full}}"

application.processEvents()
began = tell()
if began == "home":
    QTest.keyClick(room, Qt.Key.Key_F12)
application.processEvents()
print(began, tell())
room.leave()
"""
