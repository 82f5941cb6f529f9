"""The sheets over the room: keys, marks, help with examples, instructions, a flag; the case beneath stays as it is."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Picture
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from engine.images.image import Image, Window
from readerapp.reading.flag_sheet import FlagSheet
from readerapp.reading.item_help import ItemHelp, TextSheet
from readerapp.reading.marks_list import MarksList
from readerapp.reading.overlay import Overlay
from readerapp.reading.room import ReadingRoom
from readerapp.reading.session import ReadingSession
from readerapp.reading.shortcut_sheet import ShortcutSheet
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.keymap import SHIPPED, load_keymap
from studies.errors import ReadingError
from studies.planning.sealing import create_study, seal_study
from studies.reading.study import open_as_coordinator, open_as_reader
from tests.readerapp import small_study
from tests.readerapp.made_study import ITEMS, MORE_ITEMS, MadeStudy, make_study, small_image
from tests.readerapp.small_study import PHRASES
from tests.readerapp.test_room import CTRL, NONE, SHIFT, Enter, answers, begin, draw, enter, key, study

__all__ = ["enter", "study"]  # fixtures


def sheet_of(room: ReadingRoom, kind: type[Overlay]) -> Overlay:
    sheet = room.findChild(kind)
    assert sheet is not None and sheet.isVisible()
    assert room.rect().contains(sheet.geometry())
    return sheet


def words(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def type_text(text: str) -> None:
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, text)


def press(name: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClick(field, name, modifiers)


@pytest.mark.parametrize(
    ("name", "modifiers", "kind"),
    [
        (Qt.Key.Key_Question, SHIFT, ShortcutSheet),
        (Qt.Key.Key_F1, NONE, ShortcutSheet),
        (Qt.Key.Key_F3, NONE, ItemHelp),
        (Qt.Key.Key_F4, NONE, MarksList),
        (Qt.Key.Key_F5, NONE, TextSheet),
        ("F", CTRL, FlagSheet),
    ],
)
def test_the_key_opens_and_closes_and_nothing_reaches_the_case(
    enter: Enter, study: MadeStudy, qtbot: QtBot, name: Qt.Key, modifiers: Qt.KeyboardModifier, kind: type[Overlay]
) -> None:
    room = enter(study)
    begin(room, qtbot)
    before = len(room.session.view.events())
    key(room, name, modifiers)
    sheet = sheet_of(room, kind)
    assert sheet.isAncestorOf(QApplication.focusWidget()) or QApplication.focusWidget() is sheet
    for other in (Qt.Key.Key_G, Qt.Key.Key_Tab, Qt.Key.Key_Delete):
        press(other)
        assert sheet.isAncestorOf(QApplication.focusWidget()) or QApplication.focusWidget() is sheet
    assert answers(room) == {} and room.session.focus == "tube"
    press(Qt.Key.Key_Escape)
    assert not sheet.isVisible() and QApplication.focusWidget() is room
    key(room, name, modifiers)
    assert sheet.isVisible()
    key(room, name, modifiers)  # the same key closes it too
    assert not sheet.isVisible()
    kinds = {event.kind for event in room.session.view.events()[before:]}
    assert not kinds & {"answered", "case_finished", "window_active", "session_ended"}
    key(room, "G")
    assert answers(room) == {"tube": "present"}


def test_another_sheet_takes_the_place_of_the_open_one(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    room.toggle_sheet("marks_list")
    room.toggle_sheet("instructions")
    assert [type(sheet) for sheet in room.findChildren(Overlay) if sheet.isVisible()] == [TextSheet]
    assert "Read as usual." in words(room)


def test_sheets_of_a_case_wait_for_one(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    qtbot.waitUntil(room.isActiveWindow)
    assert room.mode == "page"
    for name in ("marks_list", "item_help", "flag_case"):
        room.toggle_sheet(name)
    assert not [sheet for sheet in room.findChildren(Overlay) if sheet.isVisible()]
    key(room, Qt.Key.Key_Question)
    sheet_of(room, ShortcutSheet)
    press(Qt.Key.Key_Escape)
    begin(room, qtbot)
    assert room.mode == "reading"


@pytest.mark.parametrize("size", [(1366, 768), (1024, 680)])
@pytest.mark.parametrize("name", SHIPPED)
def test_every_action_stands_on_the_sheet_and_no_word_is_cut(
    enter: Enter, study: MadeStudy, qtbot: QtBot, size: tuple[int, int], name: str
) -> None:
    room = enter(study)
    room.resize(*size)
    begin(room, qtbot)
    room.use_keymap(load_keymap(name))
    key(room, Qt.Key.Key_Question)
    sheet = sheet_of(room, ShortcutSheet)
    QApplication.processEvents()
    said = words(sheet)
    for text in ("present", "measure a Cobb angle", "link slices on or off", "left drag", "wheel", "jump to the item"):
        assert any(text in label for label in said), text
    for label in sheet.findChildren(QLabel):
        if label.isVisible():
            assert label.width() >= label.minimumSizeHint().width(), label.text()
            right = label.mapTo(sheet, label.rect().topRight()).x()
            assert right <= sheet.width(), label.text()


def test_the_search_finds_by_word_and_by_key(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    key(room, Qt.Key.Key_Question)
    sheet = sheet_of(room, ShortcutSheet)
    type_text("slab thick")
    assert [text for text in words(sheet) if "slab" in text] == ["thicker slab"]
    press(Qt.Key.Key_A, CTRL)
    type_text("no such thing")
    assert any("Nothing is called so" in text for text in words(sheet))
    press(Qt.Key.Key_Escape)
    key(room, Qt.Key.Key_Question)
    assert "present" in words(sheet)  # the search begins anew


def test_the_list_of_marks_jumps_to_image_and_slice(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    pixels = np.random.default_rng(0).integers(0, 2000, (20, 48, 48), dtype=np.int16)
    stack = Image(pixels=pixels, windows=(Window(40, 400),), modality="CT")
    room = enter(make_study(tmp_path / "stack", [[stack]]))
    begin(room, qtbot)
    for slices, tool in ((0, "Q"), (3, "B")):
        for _ in range(slices):
            key(room, Qt.Key.Key_Down)
        key(room, tool)
        draw(room, (5, 5), (30, 30))
    key(room, Qt.Key.Key_Home)
    key(room, Qt.Key.Key_F4)
    entries = sheet_of(room, MarksList).findChild(QListWidget)
    assert entries is not None
    assert [entries.item(row).text() for row in range(2)] == [
        "1  Endotracheal tube:  arrow",
        "1  Endotracheal tube:  box, slice 4",
    ]
    press(Qt.Key.Key_End)
    assert room.stage.canvas.view.frame == 3
    assert room.session.state.marks[room.stage.selected_mark].kind == "box"
    press(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is room
    key(room, Qt.Key.Key_Delete)  # the mark that was chosen in the list
    assert [mark.kind for mark in room.session.state.marks.values()] == ["arrow"]


def test_a_case_without_marks_says_so(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    key(room, Qt.Key.Key_F4)
    assert any("No mark yet" in text for text in words(sheet_of(room, MarksList)))


def test_help_shows_the_words_and_the_images_of_the_item_in_focus(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    Picture.fromarray(np.full((30, 40), 120, np.uint8)).save(folder / "drain.png")
    text = small_study.PROTOCOL.replace('text = "Chest drain"', 'text = "Chest drain"\nexemplars = ["drain.png"]')
    root = create_study(small_study.make_protocol(folder, text), small_study.make_cohort(tmp_path), tmp_path / "study")
    seal_study(root, PHRASES)
    room = ReadingRoom(ReadingSession(open_as_reader(root, "anna", PHRASES["anna"])))
    qtbot.addWidget(room)
    room.resize(1100, 760)
    room.show()
    begin(room, qtbot)
    assert any("F3 shows examples" in text for text in words(room.panel))
    key(room, Qt.Key.Key_F3)
    sheet = sheet_of(room, ItemHelp)
    assert "1  Chest drain" in words(sheet)
    qtbot.waitUntil(lambda: sheet.findChildren(ImageCanvas)[0].image is not None)
    (canvas,) = sheet.findChildren(ImageCanvas)
    assert canvas.image is not None and canvas.image.pixels.shape == (30, 40)
    assert canvas.accessibleName() == "example 1 of Chest drain"
    press(Qt.Key.Key_Escape)
    key(room, Qt.Key.Key_Tab)
    key(room, Qt.Key.Key_F3)
    assert "2  Sternal wires" in words(sheet)
    assert not [canvas for canvas in sheet.findChildren(ImageCanvas) if canvas.isVisible()]
    room.close()


def test_a_flag_is_journaled_and_reaches_the_coordinator(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    root = small_study.make_study(tmp_path)
    session = ReadingSession(open_as_reader(root, "anna", PHRASES["anna"]))
    room = ReadingRoom(session)
    qtbot.addWidget(room)
    room.show()
    begin(room, qtbot)
    code = str(session.presentation.code)
    flag(room, "  lower edge   is cut off ")
    assert QApplication.focusWidget() is room and session.state.flag == "lower edge is cut off"
    assert answers(room) == {} and not session.can_undo
    key(room, "F", CTRL)
    sheet = sheet_of(room, FlagSheet)
    assert isinstance(sheet, FlagSheet) and sheet.comment.text() == "lower edge is cut off"  # to be changed
    press(Qt.Key.Key_Escape)
    room.close()
    view = open_as_coordinator(root, PHRASES["coordinator"])
    assert view.flags()[["reader_id", "code", "comment"]].to_numpy().tolist() == [
        ["anna", code, "lower edge is cut off"]
    ]
    view.close()
    again = ReadingSession(open_as_reader(root, "anna", PHRASES["anna"]))
    again.open_next()
    again.painted()
    assert again.state.flag == "lower edge is cut off"
    again.flag("")
    assert again.state.flag == ""
    with pytest.raises(ReadingError, match="600 letters; 500 fit"):
        again.flag("x" * 600)
    kinds = [(e.payload["old"], e.payload["new"]) for e in again.view.events() if e.kind == "case_flagged"]
    assert kinds == [("", "lower edge is cut off"), ("lower edge is cut off", "")]
    again.view.close()


def flag(room: ReadingRoom, comment: str) -> None:
    key(room, "F", CTRL)
    type_text(comment)
    press(Qt.Key.Key_Return)


class WindowsSeen(QObject):
    """Notes every widget that is shown as a window."""

    def __init__(self) -> None:
        super().__init__()
        self.kinds: set[str] = set()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.kinds.add(type(watched).__name__)
        return False


def test_no_sheet_is_a_window_not_even_for_a_moment(
    enter: Enter, study: MadeStudy, qtbot: QtBot, qapp: QApplication
) -> None:
    """A window would take the room from the front, and the reader would be counted as away."""
    watch = WindowsSeen()
    qapp.installEventFilter(watch)
    try:
        room = enter(study)
        begin(room, qtbot)
        for name in ("shortcuts", "preferences", "instructions", "marks_list", "item_help", "flag_case"):
            room.toggle_sheet(name)
            QApplication.processEvents()
        room.use_keymap(load_keymap("horos"))
        assert room.presence.paused == ""
    finally:
        qapp.removeEventFilter(watch)
    assert watch.kinds == {"ReadingRoom"}


def test_tab_stays_within_the_sheet(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    room = enter(make_study(tmp_path / "kinds", [[small_image(0)]], items=ITEMS + MORE_ITEMS))
    begin(room, qtbot)
    key(room, Qt.Key.Key_Comma, CTRL)
    sheet = next(sheet for sheet in room.findChildren(Overlay) if sheet.isVisible())
    visited = []
    for _ in range(30):
        press(Qt.Key.Key_Tab)
        visited.append(QApplication.focusWidget())
    assert all(sheet.isAncestorOf(widget) for widget in visited)
    assert len(set(visited)) >= 8
    for _ in range(30):
        press(Qt.Key.Key_Backtab, SHIFT)
        assert sheet.isAncestorOf(QApplication.focusWidget())
