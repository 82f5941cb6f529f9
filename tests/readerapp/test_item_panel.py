"""The list of items at every size of the window: no text cut, the item in focus in view."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from readerapp.reading.room import ReadingRoom
from tests.readerapp.made_study import MadeStudy, make_study, small_image
from tests.readerapp.test_room import Enter, begin, enter, key

__all__ = ["enter"]  # a fixture

LONG = "seen at least once on any of the projections of the examination, however faint it may be"


@pytest.fixture
def long_list(tmp_path: Path) -> MadeStudy:
    """40 items, every third with a long text, and a choice of 12 options among the last."""
    entries = [
        f'[[items]]\nid = "i{n}"\ntext = "Finding {n}{", " + LONG if n % 3 == 1 else ""}"\nhelp = "Help {n}."\n'
        for n in range(38)
    ]
    options = ", ".join(f'"option {n}"' for n in range(12))
    entries.append(f'[[items]]\nid = "choice"\ntext = "Choice"\nkind = "choice"\noptions = [{options}]\n')
    entries.append('[[items]]\nid = "comment"\ntext = "Comment"\nkind = "text"\n')
    return make_study(tmp_path / "long", [[small_image(0)]], items="\n".join(entries))


@pytest.mark.parametrize("size", [(1024, 680), (1366, 768), (1680, 1050)])
def test_every_item_is_whole_and_the_one_in_focus_in_view(
    enter: Enter, long_list: MadeStudy, qtbot: QtBot, size: tuple[int, int]
) -> None:
    room = enter(long_list)
    room.resize(*size)
    begin(room, qtbot)
    settle()
    for label in room.panel.findChildren(QLabel):
        if label.isVisible() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()), label.text()
    seen = []
    for _ in room.session.items:
        seen.append(in_view(room))
        key(room, Qt.Key.Key_Tab)
        settle()
    assert seen == [True] * 40


def test_the_item_in_focus_stays_in_view_when_a_notice_takes_room(
    enter: Enter, long_list: MadeStudy, qtbot: QtBot
) -> None:
    room = enter(long_list)
    room.resize(1366, 768)
    begin(room, qtbot)
    key(room, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    key(room, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert room.session.focus == "choice"
    key(room, "G")
    settle()
    assert room.panel.notice
    assert in_view(room)


def in_view(room: ReadingRoom) -> bool:
    row = room.panel.rows[room.panel.focus]
    viewport = row.parentWidget().parentWidget()
    top = row.mapTo(viewport, QPoint(0, 0)).y()
    return top >= 0 and top + row.height() <= viewport.height()


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()
