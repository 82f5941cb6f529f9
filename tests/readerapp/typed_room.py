"""A room on an X display that is typed into, key by key, under one keyboard layout after another. Run by test_keyboard.

Every line printed is what the room made of it: the layout, the answers, whether a preset was reached, what was undone.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from readerapp.reading.room import ReadingRoom
from readerapp.reading.session import ReadingSession
from studies.reading.study import open_as_reader
from tests.readerapp.made_study import PASSPHRASE

# X key codes: the same keys in every layout.
G, S, C, E, DIGIT_2, DIGIT_3, CTRL, SHIFT = 42, 39, 54, 26, 11, 12, 37, 50
Z = {"fr": 25, "cz": 29}  # AZERTY and QWERTZ have the cap elsewhere
Z_OF_QWERTY = 52


def main(root: Path, layouts: list[str]) -> None:
    application = QApplication([])
    session = ReadingSession(open_as_reader(root, "r1", PASSPHRASE))
    room = ReadingRoom(session)
    room.resize(900, 600)
    room.show()
    QTest.qWaitForWindowExposed(room)
    subprocess.run(["xdotool", "windowfocus", "--sync", str(int(room.winId()))], check=True)
    QTest.keyClick(room, Qt.Key.Key_Return)
    for layout in layouts:
        wait(lambda: room.mode == "reading")
        subprocess.run(["setxkbmap", layout], check=True)
        QTest.qWait(300)
        print(json.dumps({"layout": layout, **typed(room, Z.get(layout, Z_OF_QWERTY))}), flush=True)
        for _ in range(2):
            QTest.keyClick(room, Qt.Key.Key_Return)
    application.quit()


def typed(room: ReadingRoom, z: int) -> dict:
    """What the answer keys, a digit, Shift with a letter and Ctrl with Z do, pressed where Latin caps say so."""
    for code in (G, S, C):
        press(code)
    given = answers(room)
    press(CTRL, z)
    undone = len(given) - len(answers(room))
    presets = []
    for code in (DIGIT_2, DIGIT_3):
        press(code)
        presets.append(room.stage.canvas.view.preset_id)
    press(SHIFT, E)
    return {"given": list(given.values()), "undone": undone, "presets": presets, "focus": str(room.session.focus)}


def answers(room: ReadingRoom) -> dict[str, str]:
    return {item: answer.value for item, answer in room.session.state.answers.items()}


def press(*codes: int) -> None:
    *modifiers, key = codes
    for code in modifiers:
        subprocess.run(["xdotool", "keydown", str(code)], check=True)
    subprocess.run(["xdotool", "key", str(key)], check=True)
    for code in modifiers:
        subprocess.run(["xdotool", "keyup", str(code)], check=True)
    QTest.qWait(60)


def wait(reached: Callable[[], bool]) -> None:
    for _ in range(500):
        if reached():
            return
        QTest.qWait(10)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
