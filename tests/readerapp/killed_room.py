"""A reader in a process of their own, who works as fast as the room allows until killed. Run by test_kill_window.

Every line printed is a promise: it is written only after the room has shown the answer or mark as saved. Every other
case comes twice: once its answers are locked it is read again with an explanation.
"""

import json
import os
import random
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from readerapp.reading.room import ReadingRoom
from readerapp.reading.session import ReadingSession
from studies.reading.study import open_as_reader
from tests.readerapp.made_study import PASSPHRASE


def main(root: Path, seed: int) -> None:
    application = QApplication([])
    room = ReadingRoom(ReadingSession(open_as_reader(root, "r1", PASSPHRASE)))
    room.resize(900, 600)
    room.show()
    generator = random.Random(seed)
    tell(room, "ready")
    while not room.session.finished:
        if room.mode == "page":
            QTest.keyClick(room, Qt.Key.Key_Return)
        wait_until_painted(room)
        if (room.stage.canvas.heat is not None) != room.session.reviewing:
            tell(room, "NO MAP" if room.session.reviewing else "MAP BEFORE THE LOCK")
            return
        for _ in range(generator.randint(2, 6)):
            act(room, generator)
            application.processEvents()
            tell(room, "saved")
        QTest.keyClick(room, Qt.Key.Key_Return)
        if room.mode == "confirming":
            QTest.keyClick(room, Qt.Key.Key_Return)
        tell(room, "locked" if room.session.reviewing else "finished")  # finished: the next case is opened


def act(room: ReadingRoom, generator: random.Random) -> None:
    """One answer, change of mind, mark, or change of the window."""
    choice = generator.random()
    canvas = room.stage.canvas
    if choice < 0.62:
        QTest.keyClick(room, generator.choice("GSRC"))
    elif choice < 0.66:
        QTest.keyClick(room, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)  # the rest absent, or as before
    elif choice < 0.7:
        QTest.keyClick(room, "W")  # the explanation, where there is one
    elif choice < 0.8:
        QTest.keyClick(room, "Z", Qt.KeyboardModifier.ControlModifier)
    else:
        if choice < 0.9:
            QTest.keyClick(room, generator.choice("QB"))
        elif choice < 0.97:
            QTest.keyClick(room, generator.choice("BBE"), Qt.KeyboardModifier.ControlModifier)  # paints, or erases
        else:
            QTest.keyClick(room, "0")
        start = QPoint(generator.randint(150, 400), generator.randint(150, 300))
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
        QTest.mouseMove(canvas, start + QPoint(60, 40))
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start + QPoint(60, 40))


def tell(room: ReadingRoom, what: str) -> None:
    state = room.session.state
    if not room.saved:
        what = "NOT SAVED"
    said = {
        "what": what,
        "position": room.session.position,
        "code": state.code,
        "head": room.session.view.head(),
        "focus": state.focus,
        "locked": {item: answer.value for item, answer in (state.locked_answers or {}).items()},
        "locked_marks": sorted(state.locked_marks),
        "phase": state.phase,
        "map_shown": state.explanation_shown,
        "answers": {item: answer.value for item, answer in state.answers.items()},
        "masks": {mark.id: mark.mask.counts for mark in state.marks.values() if mark.mask},
        "marks": {mark.id: [list(point) for point in mark.points] for mark in state.marks.values()},
    }
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


def wait_until_painted(room: ReadingRoom) -> None:
    while room.mode == "loading":
        loop = QEventLoop()
        QTimer.singleShot(2, loop.quit)
        loop.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
