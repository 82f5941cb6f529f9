"""The editor of keys under real events: a key pressed is the key from then on, in the room too; no conflicts."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from readerapp import keymaps, theme, translation
from readerapp.preferences import PreferencesPanel
from readerapp.preferences_keys import KeymapEditor
from readerapp.settings import SCREENS, settings
from readerapp.viewer.rebinding import Target
from tests.readerapp.made_study import MadeStudy
from tests.readerapp.test_room import (
    CTRL,
    LEFT,
    NONE,
    SHIFT,
    Enter,
    answers,
    begin,
    draw,
    enter,
    every_text,
    key,
    study,
)

__all__ = ["enter", "study"]  # fixtures

BOX = Target("action", "draw_box")


@pytest.fixture
def panel(qtbot: QtBot) -> PreferencesPanel:
    made = PreferencesPanel()
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    made.activateWindow()
    return made


def press(panel: QWidget, target: Target, name: str | Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Chooses a row, Enter, the new key."""
    editor = panel.findChild(KeymapEditor)
    assert editor is not None
    editor.select(target)
    editor.tree.setFocus()
    QTest.keyClick(editor.tree, Qt.Key.Key_Return)
    assert editor.capture.isVisible()
    QTest.keyClick(editor.capture, name, modifiers)


def test_a_key_is_changed_by_pressing_it(panel: PreferencesPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.keymap_changed):
        press(panel, BOX, "X")
    assert panel.keymap.keys("draw_box") == ("X",)
    assert panel.keymap.name == "Standard, my own"
    assert keymaps.chosen()[1] == panel.keymap  # kept, and used from now on
    assert panel.chooser.currentText() == "Standard, my own"


@pytest.mark.parametrize(
    ("name", "modifiers", "key_text"),
    [
        (Qt.Key.Key_Tab, NONE, "next item"),
        (Qt.Key.Key_Return, NONE, "finish the case"),
        ("Z", CTRL, "undo answer or mark"),
        (Qt.Key.Key_Up, NONE, "previous slice"),
    ],
)
def test_a_conflict_is_refused_and_names_both(
    panel: PreferencesPanel, name: str | Qt.Key, modifiers: Qt.KeyboardModifier, key_text: str
) -> None:
    press(panel, BOX, name, modifiers)
    assert key_text in panel.editor.message.text()
    assert "box for the item in focus" in panel.editor.message.text()
    assert panel.keymap == keymaps.load("standard")


def test_the_key_can_be_moved_and_the_other_gets_the_old_one(panel: PreferencesPanel) -> None:
    press(panel, BOX, "Q")
    assert "“arrow for the item in focus” has: B." in panel.editor.message.text()
    assert QApplication.focusWidget() is panel.editor.move_button
    QTest.keyClick(panel.editor.move_button, Qt.Key.Key_Space)
    assert (panel.keymap.keys("draw_box"), panel.keymap.keys("draw_arrow")) == (("Q",), ("B",))
    assert panel.editor.message.text() == ""


@pytest.mark.parametrize(
    ("name", "modifiers", "why"), [("B", SHIFT, "jumps to an item"), ("7", NONE, "digits choose windows")]
)
def test_keys_that_are_kept_are_refused(
    panel: PreferencesPanel, name: str, modifiers: Qt.KeyboardModifier, why: str
) -> None:
    press(panel, BOX, name, modifiers)
    assert why in panel.editor.message.text()
    assert not panel.editor.move_button.isVisible()
    assert panel.keymap.keys("draw_box") == ("B",)


def test_esc_goes_back_without_a_key_and_is_a_key_for_cancel(panel: PreferencesPanel) -> None:
    press(panel, BOX, Qt.Key.Key_Escape)
    assert panel.editor.tree.isVisible() and not panel.editor.capture.isVisible()
    assert panel.keymap == keymaps.load("standard")
    press(panel, Target("action", "cancel"), "X")
    press(panel, Target("action", "cancel"), Qt.Key.Key_Escape)
    assert panel.keymap.keys("cancel") == ("Esc",)


def test_add_remove_and_reset_one(panel: PreferencesPanel) -> None:
    panel.editor.select(BOX)
    assert not panel.editor.findChildren(QPushButton, "remove_key")  # the only key stays
    click(panel, "add_key")
    QTest.keyClick(panel.editor.capture, Qt.Key.Key_F10)
    assert panel.keymap.keys("draw_box") == ("B", "F10")
    click(panel, "remove_key")
    assert panel.keymap.keys("draw_box") == ("F10",)
    click(panel, "reset_key")
    assert panel.keymap.keys("draw_box") == ("B",)


def test_all_changes_are_removed_at_once(panel: PreferencesPanel) -> None:
    press(panel, BOX, "X")
    QTest.mouseClick(panel.reset_all, LEFT)
    assert panel.chooser.currentData() == "standard"
    assert [entry.own for entry in keymaps.entries()] == [False] * 5


def test_mouse_buttons_and_the_wheel_are_pressed_too(panel: PreferencesPanel) -> None:
    editor = panel.editor
    editor.select(Target("drag", "scroll"))
    click(panel, "add_key")
    QTest.mouseClick(editor.capture, Qt.MouseButton.MiddleButton, SHIFT, QPoint(20, 20))
    assert panel.keymap.hands.drags["Shift+Middle"] == "scroll"
    editor.select(Target("wheel", "brush"))
    click(panel, "remove_key")
    assert "Shift+Wheel" not in panel.keymap.hands.wheel
    editor.select(Target("wheel", "zoom"))
    click(panel, "add_key")
    place = QPointF(20, 20)
    turned = QWheelEvent(
        place, editor.capture.mapToGlobal(place), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, SHIFT,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(editor.capture, turned)
    assert panel.keymap.hands.wheel["Shift+Wheel"] == "zoom"


def test_the_vertical_direction_and_the_double_click_belong_to_the_keymap(panel: PreferencesPanel) -> None:
    choose(panel.chooser, "OHIF")
    assert panel.level_up.currentData() == "down"
    choose(panel.level_up, "upwards")
    choose(panel.double_click, "does nothing")
    assert (panel.keymap.hands.level_up, panel.keymap.hands.double_click) == ("up", "nothing")
    assert panel.keymap.base == "ohif"


def test_a_search_finds_by_action_and_by_key(panel: PreferencesPanel) -> None:
    editor = panel.editor
    QTest.keyClicks(editor.search, "cobb")
    shown = [row for row in editor._rows.values() if not row.isHidden()]
    assert [row.text(0) for row in shown] == ["measure a Cobb angle"]
    editor.search.setText("Ctrl+Shift+Z")
    assert [row.text(0) for row in editor._rows.values() if not row.isHidden()] == ["redo"]


def test_files_out_and_in(panel: PreferencesPanel, tmp_path: Path) -> None:
    press(panel, BOX, "X")
    panel.export_file(tmp_path / "mine.toml")
    QTest.mouseClick(panel.reset_all, LEFT)
    panel.import_file(tmp_path / "mine.toml")
    assert panel.keymap.keys("draw_box") == ("X",)
    (tmp_path / "bad.toml").write_text("name = 1", encoding="utf-8")
    panel.import_file(tmp_path / "bad.toml")
    assert "bad.toml has no entry" in panel.editor.message.text()
    assert panel.keymap.keys("draw_box") == ("X",)


def test_size_language_and_places_are_remembered(panel: PreferencesPanel, qapp: QApplication) -> None:
    settings().setValue(f"{SCREENS}/second", "somewhere")
    try:
        before = panel.fontMetrics().height()
        choose(panel.scale, "150 %")
        QApplication.processEvents()
        assert theme.kept_scale() == 150
        assert panel.fontMetrics().height() > before * 1.3  # at once
    finally:
        theme.apply(qapp, 100)
    choose(panel.language, "Deutsch")
    assert translation.chosen_language() == "de"
    assert any("started again" in label.text() for label in panel.findChildren(QLabel))
    QTest.mouseClick(panel.forget_screens, LEFT)
    assert settings().value(f"{SCREENS}/second") is None


def test_keys_are_changed_without_leaving_the_case(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    key(room, Qt.Key.Key_Comma, CTRL)
    panel = room.findChild(PreferencesPanel)
    assert panel is not None and panel.isVisible()
    assert not panel.import_button.isVisible() and not panel.export_button.isVisible()  # no folders in a blinded room
    press(panel, Target("action", "answer_present"), "X")
    press(panel, BOX, ";")
    assert room.mode == "reading" and room.presence.paused == "" and answers(room) == {}
    QTest.keyClick(panel.editor.tree, Qt.Key.Key_Escape)
    assert not panel.isVisible() and QApplication.focusWidget() is room
    assert any(text.startswith("X ") and "present" in text for text in every_text(room))
    key(room, "G")
    assert answers(room) == {}
    key(room, "X")
    assert answers(room) == {"tube": "present"}
    key(room, ";")
    draw(room, (10, 10), (40, 40))
    assert [mark.kind for mark in room.session.state.marks.values()] == ["box"]
    key(room, Qt.Key.Key_Question)
    assert any(text == ";" for text in every_text(room))


def test_another_keymap_turns_the_mouse_too(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    canvas = room.stage.canvas
    key(room, Qt.Key.Key_Comma, CTRL)
    chooser = room.findChild(QComboBox, "keymap")
    assert chooser is not None
    choose(chooser, "Horos / OsiriX")
    QTest.keyClick(chooser, Qt.Key.Key_Escape)
    before = canvas.placement().x
    drag(canvas, CTRL)
    assert canvas.placement().x != before  # Ctrl with the left button moves, in Horos
    scale = canvas.placement().scale
    key(room, Qt.Key.Key_Up)
    assert canvas.placement().scale > scale  # and the arrow up zooms
    assert keymaps.chosen("r1")[0] == "horos"  # this reader's from now on


def drag(canvas: QWidget, modifiers: Qt.KeyboardModifier) -> None:
    middle = canvas.rect().center()
    QTest.mousePress(canvas, LEFT, modifiers, middle)
    for step in (10, 20, 40):
        QTest.mouseMove(canvas, middle + QPoint(step, 0))
    QTest.mouseRelease(canvas, LEFT, modifiers, middle + QPoint(40, 0))


def choose(box: QComboBox, text: str) -> None:
    """By the keyboard, as a person who types the beginning of an entry."""
    box.setFocus()
    index = box.findText(text)
    assert index >= 0, [box.itemText(number) for number in range(box.count())]
    step = Qt.Key.Key_Down if index > box.currentIndex() else Qt.Key.Key_Up
    while box.currentIndex() != index:
        QTest.keyClick(box, step)


def click(panel: PreferencesPanel, name: str) -> None:
    QApplication.processEvents()  # buttons just made are shown
    button = next(made for made in panel.findChildren(QPushButton, name) if made.isVisibleTo(panel))
    QTest.mouseClick(button, LEFT)
