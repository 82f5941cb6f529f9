"""Blinding: the code and the position, and nothing else, tell one case from another."""

import logging
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from tests.readerapp.made_study import FORBIDDEN, ITEMS, MORE_ITEMS, make_study, small_image
from tests.readerapp.test_room import CTRL, NONE, Enter, begin, draw, enter, every_text, key

__all__ = ["enter"]  # a fixture


def forbidden(root: Path) -> tuple[str, ...]:
    hashes = tuple(path.name for path in (root / "images").iterdir())
    return (*FORBIDDEN, root.name, str(root), *hashes, *(sha256[:12] for sha256 in hashes))


def test_nothing_seen_or_said_identifies_a_case(
    enter: Enter, tmp_path: Path, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    images = [[small_image(n, body_part="CHEST", view="PA")] for n in range(4)]
    made = make_study(tmp_path / "secretplace", images, items=ITEMS + MORE_ITEMS, practice=1)
    damaged = sorted((made.root / "images").iterdir())[0]
    words = forbidden(made.root)
    damaged.write_bytes(b"not an image")
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    room = enter(made)
    seen: list[str] = every_text(room)
    begin(room, qtbot)
    while not room.session.finished:
        seen += every_text(room)
        QTest.mouseClick(room.stage.canvas, Qt.MouseButton.RightButton, NONE, QPoint(50, 50))
        seen += every_text(room)
        QTest.mouseClick(room.stage.canvas, Qt.MouseButton.LeftButton, NONE, QPoint(50, 50))
        key(room, "Q")
        if room.stage.canvas.image is not None:
            draw(room, (20, 20), (60, 50))
        key(room, Qt.Key.Key_Question)
        seen += every_text(room)
        key(room, Qt.Key.Key_Escape)
        for modifier, name in ((CTRL, "C"), (CTRL, "A"), (CTRL, "S"), (CTRL, "P"), (CTRL, "E")):
            key(room, name, modifier)
            seen += every_text(room)
        key(room, Qt.Key.Key_Escape)  # Ctrl+E took the eraser, which Return would use
        key(room, Qt.Key.Key_Return, CTRL)
        key(room, Qt.Key.Key_Return)
        seen += every_text(room)
        position = room.session.position
        key(room, Qt.Key.Key_Return)
        if room.mode == "feedback":
            seen += every_text(room)
            key(room, Qt.Key.Key_Return)
        qtbot.waitUntil(
            lambda p=position: room.session.finished or (room.session.position > p and room.mode == "reading")
        )
    seen += every_text(room)
    everything = "\n".join([*seen, clipboard.text(), caplog.text]).casefold()
    assert "k1-rf" in everything and "2 of 4" in everything and "flip left and right" in everything
    for word in words:
        assert word.casefold() not in everything, f"'{word}' is visible while reading"
    assert clipboard.text() == "before"


def test_no_menu_no_dialog_and_nothing_to_drag_out(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    room = enter(make_study(tmp_path / "study", [[small_image(0)]]))
    begin(room, qtbot)
    for widget in [room, *room.findChildren(QWidget)]:
        middle = QPoint(widget.width() // 2, widget.height() // 2)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, widget.mapToGlobal(middle))
        QApplication.sendEvent(widget, event)
        QTest.mouseClick(room.stage.canvas, Qt.MouseButton.RightButton, NONE, QPoint(50, 50))
        assert QApplication.activePopupWidget() is None
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, (QMenu, QDialog)) and w.isVisible()]
    assert room.windowTitle() == ""


def test_events_of_the_window_around_do_not_reach_it_as_shortcuts(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    """Every key pressed in the room is the room's: it accepts the override that Qt offers before a menu's shortcut."""
    from PySide6.QtGui import QKeyEvent

    room = enter(make_study(tmp_path / "study", [[small_image(0)]]))
    begin(room, qtbot)
    override = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_S, CTRL)
    override.ignore()
    QApplication.sendEvent(room, override)
    assert override.isAccepted()
