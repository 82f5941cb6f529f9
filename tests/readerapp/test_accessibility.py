"""Names for screen readers, a focus that is seen, and no text that is cut at another size: windows and sheets."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QTranslator
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from readerapp import theme, translation
from readerapp.demo.hands import Hands
from readerapp.reading.overlay import Overlay
from readerapp.reading.room import ReadingRoom
from readerapp.reading.tool_sheet import ToolSheet
from readerapp.recent import Memory
from readerapp.viewer.canvas import ImageCanvas
from readerapp.window import MainWindow
from studies.reading.study import open_as_coordinator
from tests.readerapp import every_page, small_study
from tests.readerapp.made_study import ITEMS, MORE_ITEMS, make_study, small_image
from tests.readerapp.small_study import PHRASES
from tests.readerapp.test_room import Enter, begin, enter

__all__ = ["enter"]  # a fixture

Show = Callable[[], QWidget]
SHEETS = ("shortcuts", "preferences", "instructions", "marks_list", "item_help", "flag_case")
PLACES = ("start", "start with a study", "preferences page", "instructions page", "room", *SHEETS)
_SEEN = 12  # of 255: how far a pixel changes to count
_LEAST_PIXELS = 12


@pytest.fixture(params=[100, 150])
def scale(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[int]:
    theme.keep_scale(request.param)
    theme.apply(qapp)
    yield request.param
    theme.apply(qapp, 100)


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    translation.choose_language("de")
    assert translation.install(qapp) == "de"
    yield
    for translator in qapp.findChildren(QTranslator):
        qapp.removeTranslator(translator)


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, scale: int, enter: Enter, qtbot: QtBot, tmp_path: Path) -> QWidget:
    """A window, or a page or sheet in it, at 1366 × 768."""
    name = request.param
    if name in ("start", "start with a study", "preferences page"):
        shown = _window(name, qtbot, tmp_path)
    else:
        shown = _room(name, enter, qtbot, tmp_path)
    qtbot.waitUntil(shown.window().isActiveWindow)
    for _ in range(4):
        QApplication.processEvents()
    return shown


def _window(name: str, qtbot: QtBot, folder: Path) -> QWidget:
    window = MainWindow(Memory(folder / "memory"))
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    hands = Hands(window, folder / "pictures", patience_s=20)
    hands.wait_for_work()
    if name == "start with a study":
        window.offer(small_study.make_study(folder))
        hands.wait_for_work()
        hands.wait_for_work()
    if name == "preferences page":
        window.show_preferences()
    return window


def _room(name: str, enter: Enter, qtbot: QtBot, folder: Path) -> QWidget:
    theme_scale = theme.kept_scale()
    room: ReadingRoom = enter(make_study(folder / "kinds", [[small_image(0)]], items=ITEMS + MORE_ITEMS))
    assert theme_scale == theme.kept_scale()
    room.resize(1366, 768)
    if name == "instructions page":
        return room
    begin(room, qtbot)
    if name in SHEETS:
        room.toggle_sheet(name)
        return next(sheet for sheet in room.findChildren(Overlay) if sheet.isVisible())
    return room


def focusable(root: QWidget) -> list[QWidget]:
    """What Tab, a click or the program gives the keyboard."""
    return [
        widget
        for widget in [root, *root.findChildren(QWidget)]
        if widget.isVisibleTo(root)
        and widget.isEnabled()
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.objectName().startswith("qt_")
    ]


def test_everything_that_takes_the_keyboard_has_a_name(place: QWidget) -> None:
    assert focusable(place)
    assert nameless(place) == []


def test_the_focus_is_seen(place: QWidget) -> None:
    assert unseen_focus(place) == []


def test_no_text_is_cut_and_nothing_lies_outside(place: QWidget) -> None:
    assert cut_texts(place) == []


def test_every_page_of_the_desk(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> None:
    """At 150 % on 1366 × 768: names, focus, and no text cut."""
    study = small_study.make_study(tmp_path)
    for reader in ("anna", "ben"):
        small_study.read(study, reader)
    theme.keep_scale(150)
    theme.apply(qapp)
    try:
        window = MainWindow(Memory(tmp_path / "memory"))
        qtbot.addWidget(window)
        window.resize(1366, 768)
        window.show()
        hands = Hands(window, tmp_path / "pictures", patience_s=30)
        window.enter_desk(open_as_coordinator(study, PHRASES["coordinator"]), PHRASES["coordinator"])
        qtbot.waitUntil(window.isActiveWindow)
        pages = hands.find(QListWidget, "desk_pages")
        found = {}
        for row in range(pages.count()):
            pages.setCurrentRow(row)
            hands.wait_for_work()
            page = pages.item(row).text()
            found[page] = nameless(window) + unseen_focus(window) + cut_texts(window)
            assert (window.width(), window.height()) == (1366, 768), page
        assert not any(found.values()), found
    finally:
        theme.apply(qapp, 100)


def nameless(place: QWidget) -> list[str]:
    """What takes the keyboard and tells a screen reader nothing."""
    return [
        f"no name: {type(widget).__name__} {widget.objectName()}"
        for widget in focusable(place)
        if not (widget.accessibleName() or (isinstance(widget, (QAbstractButton, QLabel)) and widget.text().strip()))
    ]


def unseen_focus(place: QWidget) -> list[str]:
    """What looks the same with the keyboard as without."""
    unseen = []
    for widget in focusable(place):
        # The room outlines the item that is answered, a sheet is in front, the stage outlines the image in use.
        # A label takes the focus only by a click, to have its text copied, and shows that by the selection.
        if isinstance(widget, (ReadingRoom, Overlay, ImageCanvas, QLabel)):
            continue
        widget.window().setFocus()
        widget.clearFocus()
        before = _picture(widget)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if not widget.hasFocus():
            continue
        after = _picture(widget)
        if before.shape != after.shape or (np.abs(after - before).max(axis=2) > _SEEN).sum() < _LEAST_PIXELS:
            unseen.append(f"focus not seen: {type(widget).__name__} {widget.objectName()} {widget.accessibleName()}")
    return unseen


def _picture(widget: QWidget) -> np.ndarray:
    """(H, W, 3) int16: the widget as it is painted now, with what its parent paints of it."""
    QApplication.processEvents()
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(np.int16)


@pytest.mark.parametrize("size", [(1024, 680), (1366, 768)])
def test_longer_words_of_another_language_are_not_cut(
    german: None, scale: int, size: tuple[int, int], enter: Enter, qtbot: QtBot, tmp_path: Path
) -> None:
    room = enter(make_study(tmp_path / "kinds", [[small_image(0)]], items=ITEMS + MORE_ITEMS))
    room.resize(*size)
    begin(room, qtbot)
    for _ in range(4):
        QApplication.processEvents()
    assert (room.width(), room.height()) == size  # nothing in it asks for more than the screen has
    assert cut_texts(room) == []
    for name in SHEETS:
        room.toggle_sheet(name)
        QApplication.processEvents()
        assert cut_texts(room) == []
        assert (room.width(), room.height()) == size


def test_longer_words_of_another_language_are_not_cut_at_the_desk(german: None, qtbot: QtBot, tmp_path: Path) -> None:
    window = _window("start", qtbot, tmp_path)
    hands = Hands(window, tmp_path / "pictures", patience_s=30)
    study = small_study.make_study(tmp_path)
    found = {state: cut_texts(window) for state in every_page.desk_when_read(hands, window, study, tmp_path)}
    assert not any(found.values()), found
    assert (window.width(), window.height()) == (1366, 768)


def test_longer_words_of_another_language_are_not_cut_in_the_form(german: None, qtbot: QtBot, tmp_path: Path) -> None:
    window = _window("start", qtbot, tmp_path)
    hands = Hands(window, tmp_path / "pictures", patience_s=30)
    found = {state: cut_texts(window) for state in every_page.form_pages(hands, window, tmp_path)}
    assert not any(found.values()), found
    assert (window.width(), window.height()) == (1366, 768)


def test_another_size_of_text_takes_effect_in_the_open_room(
    enter: Enter, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    room = enter(make_study(tmp_path / "kinds", [[small_image(0)]], items=ITEMS + MORE_ITEMS))
    room.resize(1366, 768)
    begin(room, qtbot)
    try:
        for percent in (150, 80, 200):
            room.toggle_sheet("preferences")
            box = room.findChild(QComboBox, "scale")
            assert box is not None
            box.setCurrentIndex(box.findData(percent))
            box.activated.emit(box.currentIndex())
            qtbot.waitUntil(lambda: cut_texts(room) == [])  # layouts follow the new sizes one after another
            room.toggle_sheet("preferences")
            qtbot.waitUntil(lambda: cut_texts(room) == [])
            caps = [label for label in room.panel.findChildren(QLabel) if label.text().startswith("⇧")]
            assert all(cap.width() >= cap.fontMetrics().horizontalAdvance(cap.text()) + 10 for cap in caps)
    finally:
        theme.apply(qapp, 100)


@pytest.fixture
def largest(qapp: QApplication) -> Iterator[None]:
    theme.keep_scale(theme.SCALES[1])
    theme.apply(qapp)
    yield
    theme.apply(qapp, 100)


@pytest.mark.parametrize("name", (*PLACES, "tools"))
def test_everything_is_reached_at_the_largest_text(
    largest: None, name: str, enter: Enter, qtbot: QtBot, tmp_path: Path
) -> None:
    """At 1366 × 768 and 200 %: nothing lies outside, and what is scrolled comes whole into view with the keyboard."""
    if name in ("start", "start with a study", "preferences page"):
        shown = _window(name, qtbot, tmp_path)
    else:
        shown = _room("room" if name == "tools" else name, enter, qtbot, tmp_path)
    window = shown.window()
    if name == "tools":
        assert isinstance(shown, ReadingRoom)
        shown.stage.menu_asked.emit(QPoint(600, 300))
        shown = next(sheet for sheet in window.findChildren(ToolSheet) if sheet.isVisible())
    for _ in range(4):
        QApplication.processEvents()
    if folder := os.environ.get("KEEP_PICTURES"):
        window.grab().save(f"{folder}/large_{name.replace(' ', '_')}.png")
    assert (window.width(), window.height()) == (1366, 768)
    assert cut_texts(window) == []
    if name != "room":  # where Tab goes along the items
        assert out_of_sight_by_tab(shown) == []


def out_of_sight_by_tab(place: QWidget) -> list[str]:
    """Fields and buttons that Tab reaches and that are not wholly in view then; those it never reaches."""
    hidden, reached = [], set()
    wanted = [one for one in focusable(place) if isinstance(one, (QPushButton, QComboBox, QLineEdit))]
    wanted = [one for one in wanted if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
    if not wanted:
        return []
    wanted[0].setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(3 * len(focusable(place))):
        widget = QApplication.focusWidget()
        assert widget is not None
        QApplication.processEvents()
        if widget in wanted:
            reached.add(widget)
            if widget.visibleRegion().boundingRect() != widget.rect():
                hidden.append(f"hidden: {type(widget).__name__} {widget.accessibleName() or widget.objectName()}")
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    missed = [one for one in wanted if one not in reached]
    return hidden + [f"missed: {one.accessibleName() or one.objectName()}" for one in missed]


def cut_texts(place: QWidget) -> list[str]:
    """What of a page is cut off, or lies outside its window."""
    cut = []
    for widget in place.findChildren(QWidget):
        if not widget.isVisible() or _scrolled_away(widget):
            continue
        if isinstance(widget, QLabel) and widget.text() and widget.wordWrap():
            if widget.height() < widget.heightForWidth(widget.width()):
                cut.append(f"{widget.text()!r}: {widget.height()} of {widget.heightForWidth(widget.width())} high")
        elif isinstance(widget, (QLabel, QPushButton)) and widget.text():
            if widget.width() < widget.minimumSizeHint().width() or widget.height() < widget.minimumSizeHint().height():
                cut.append(f"{widget.text()!r}: {widget.size()} of {widget.minimumSizeHint()}")
        elif isinstance(widget, (QLineEdit, QComboBox)) and widget.height() < widget.minimumSizeHint().height():
            cut.append(f"{widget.accessibleName()}: too low")
        if isinstance(widget, (QLabel, QPushButton, QLineEdit, QComboBox)) and not _inside(widget):
            cut.append(f"{type(widget).__name__} {widget.accessibleName() or widget.objectName()}: outside the window")
    return cut


def _scrolled_away(widget: QWidget) -> bool:
    """In a scroll area what lies below its edge is reached by scrolling."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _inside(widget: QWidget) -> bool:
    window = widget.window()
    corner = widget.mapTo(window, widget.rect().bottomRight())
    return corner.x() <= window.width() and corner.y() <= window.height()
