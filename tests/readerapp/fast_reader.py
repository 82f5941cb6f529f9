"""A reader as fast as the room lets them be: real keys, every item answered, a drag or a mark in every case."""

from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from readerapp.reading.room import ReadingRoom

NO_MODIFIER = Qt.KeyboardModifier.NoModifier
PATIENCE_MS = 20_000


def read_on(room: ReadingRoom, cases: int, after_each: Callable[[int], None] | None = None) -> None:
    """Reads that many cases from where the reader stands; `after_each` is told how many are read."""
    for number in range(cases):
        if room.mode == "page":
            QTest.keyClick(room, Qt.Key.Key_Return)
        wait_for(lambda: room.mode == "reading")
        _look(room, number)
        for place, _ in enumerate(room.session.items):
            QTest.keyClick(room, "SGRC"[(number + place) % 4])
        QTest.keyClick(room, Qt.Key.Key_Return)
        if after_each is not None:
            after_each(number + 1)


def wait_for(ready: Callable[[], bool]) -> None:
    """Lets Qt work until something is so. Raises TimeoutError."""
    for _ in range(PATIENCE_MS):
        if ready():
            return
        rest(1)
    raise TimeoutError(f"waited {PATIENCE_MS / 1000:.0f} s for the room")


def rest(milliseconds: int) -> None:
    """Lets Qt work for so long."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _look(room: ReadingRoom, number: int) -> None:
    """A window drag, a zoom, an arrow: one of them in every case."""
    canvas = room.stage.canvas
    start = canvas.rect().center()
    if number % 3 == 0:
        QTest.keyClick(room, "Q")
    button = (Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton)[number % 3]
    QTest.mousePress(canvas, button, NO_MODIFIER, start)
    for step in range(1, 5):
        QTest.mouseMove(canvas, start + QPoint(12 * step, 7 * step))
        QApplication.processEvents()
    QTest.mouseRelease(canvas, button, NO_MODIFIER, start + QPoint(48, 28))
