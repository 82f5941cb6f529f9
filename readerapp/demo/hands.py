"""Hands for the headless demonstration: real key and mouse events to the real widgets, and a look at the screen."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QListWidget, QTabWidget, QWidget

from readerapp import background
from studies.errors import StudyError

Found = TypeVar("Found", bound=QWidget)
PATIENCE_S = 180.0  # a busy computer is no fault of the windows


class Stuck(StudyError):
    """The windows did not do what a person would expect; the message names what was waited for."""


class Hands:
    """What a person does with a window. Every wait lets Qt work, and gives up with a sentence."""

    def __init__(self, window: QWidget, screenshots: Path, patience_s: float = PATIENCE_S) -> None:
        self.window = window
        self._screenshots = screenshots
        self._patience_s = patience_s
        self.taken: list[Path] = []

    def wait_for(self, what: str, ready: Callable[[], bool], times: int = 1) -> None:
        """Let Qt work until something is so; `times` as patient as usual. Raises Stuck."""
        patience_s = times * self._patience_s
        end = time.monotonic() + patience_s
        while not ready():
            if time.monotonic() > end:
                raise Stuck(f"waited {patience_s:.0f} s for {what}, which did not come")
            QApplication.processEvents()
            time.sleep(0.002)

    def wait_for_work(self, times: int = 1) -> None:
        """Until nothing goes on in the background."""
        self.wait_for("work in the background", lambda: not background.running(), times)
        self.settle()

    def settle(self) -> None:
        """Let queued events and paints happen."""
        for _ in range(3):
            QApplication.processEvents()

    def find(self, kind: type[Found], name: str = "") -> Found:
        """A visible widget of the window. Raises Stuck."""
        for widget in self.window.findChildren(kind, name) if name else self.window.findChildren(kind):
            if widget.isVisible():
                return widget
        raise Stuck(f"no {kind.__name__} '{name}' is visible")

    def click(self, widget: QWidget) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.settle()

    def type(self, field: QLineEdit, text: str) -> None:
        """Click into a field and type instead of what it held."""
        self.click(field)
        field.selectAll()
        QTest.keyClicks(field, text)

    def choose(self, box: QComboBox, text: str) -> None:
        """Choose an entry of a combo box with the keyboard."""
        row = box.findText(text)
        if row < 0:
            raise Stuck(f"'{text}' is not offered; there are {', '.join(box.itemText(i) for i in range(box.count()))}")
        box.setFocus()
        while box.currentIndex() != row:
            QTest.keyClick(box, Qt.Key.Key_Down if box.currentIndex() < row else Qt.Key.Key_Up)

    def choose_row(self, entries: QListWidget, text: str) -> None:
        """Click an entry of a list."""
        for row in range(entries.count()):
            if entries.item(row).text() == text:
                place = entries.visualItemRect(entries.item(row)).center()
                QTest.mouseClick(entries.viewport(), Qt.MouseButton.LeftButton, pos=place)
                self.settle()
                return
        raise Stuck(f"'{text}' is not in the list")

    def turn_tab(self, tabs: QTabWidget, text: str) -> None:
        """Click a tab by what stands on it."""
        for place in range(tabs.count()):
            if tabs.tabText(place) == text:
                middle = tabs.tabBar().tabRect(place).center()
                QTest.mouseClick(tabs.tabBar(), Qt.MouseButton.LeftButton, pos=middle)
                self.settle()
                return
        raise Stuck(f"there is no tab '{text}'")

    def press(self, widget: QWidget, key: str) -> None:
        """Press and release a key as a keymap writes it: "G", "Ctrl+Z", "Return"."""
        combination = QKeySequence.fromString(key, QKeySequence.SequenceFormat.PortableText)[0]  # type: ignore[index]
        QTest.keyClick(widget, combination.key(), combination.keyboardModifiers())

    def drag(
        self, widget: QWidget, start: QPointF, end: QPointF, button: Qt.MouseButton = Qt.MouseButton.LeftButton
    ) -> None:
        """Press, move in steps, release."""
        QTest.mousePress(widget, button, pos=start.toPoint())
        for step in range(1, 6):
            place = start + (end - start) * (step / 5)
            _move(widget, place.toPoint(), button)
        QTest.mouseRelease(widget, button, pos=end.toPoint())
        self.settle()

    def picture(self, name: str) -> None:
        """A screenshot of the whole window."""
        self.settle()
        self._screenshots.mkdir(parents=True, exist_ok=True)
        file = self._screenshots / f"{len(self.taken) + 1:02d}_{name}.png"
        self.window.grab().save(str(file))
        self.taken.append(file)


def _move(widget: QWidget, place: QPoint, button: Qt.MouseButton) -> None:
    """QTest.mouseMove carries no pressed button, so a drag is sent as the system would send it."""

    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(place),
        QPointF(widget.mapToGlobal(place)),
        Qt.MouseButton.NoButton,
        button,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)
