"""Hands in the reading room as they are: they type and then click, hold two keys at once, mark while slices run."""

import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from engine.images.image import Image, Window
from readerapp import theme
from readerapp.reading.room import ReadingRoom
from readerapp.reading.tool_sheet import ToolSheet
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.stage_window import StageWindow
from tests.readerapp.canvases import LEFT, NONE, RIGHT, drag
from tests.readerapp.conftest import ShowRoom
from tests.readerapp.made_study import ITEMS, MORE_ITEMS, MadeStudy, make_study, small_image
from tests.readerapp.test_room import begin

Enter = Callable[..., ReadingRoom]

COMMENT = '[[items]]\nid = "comment"\ntext = "Comment"\nkind = "text"\n' + ITEMS
SHIFT = Qt.KeyboardModifier.ShiftModifier
MIDDLE = QPoint(200, 200)
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def enter(show_room: ShowRoom, qtbot: QtBot, tmp_path: Path) -> Enter:
    """Opens a room on cases and waits until the first one can be read."""
    made = itertools.count()

    def open_room(*cases: list[Image], items: str = ITEMS) -> ReadingRoom:
        shown = cases or ([small_image(1)], [small_image(2)])
        room = show_room(make_study(tmp_path / f"study{next(made)}", shown, items=items).session())
        begin(room, qtbot)
        return room

    return open_room


def stack(frames: int = 12) -> Image:
    """A CT stack with its geometry, so that stacks beside each other are linked."""
    pixels = np.random.default_rng(1).integers(0, 2000, (frames, 64, 64)).astype(np.int16)
    return Image(pixels=pixels, modality="CT", units="HU", windows=(Window(40, 400),), spacing_mm=(1.0, 1.0))


def type_text(text: str) -> None:
    widget = QApplication.focusWidget()
    assert isinstance(widget, QWidget)
    QTest.keyClicks(widget, text)


def canvas_click(canvas: ImageCanvas, at: QPoint = MIDDLE) -> None:
    QTest.mouseMove(canvas, at)
    QTest.mouseClick(canvas, LEFT, NONE, at)


# The keyboard


def test_tab_goes_to_the_next_item_after_a_click_on_the_image(enter: Enter) -> None:
    room = enter()
    canvas_click(room.stage.canvas)
    focus = QApplication.focusWidget()
    assert isinstance(focus, QWidget)
    QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert room.session.focus == "drain"
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab, SHIFT)
    assert room.session.focus == "tube"


def test_a_held_key_is_let_go_with_whatever_else_is_held_by_then(enter: Enter) -> None:
    room = enter()
    canvas = room.stage.canvas
    QTest.keyPress(room, Qt.Key.Key_Space)
    assert "research use only, not for diagnosis" in canvas.painted_texts()
    hidden = canvas.grab().toImage()
    QTest.keyRelease(room, Qt.Key.Key_Space, SHIFT)
    assert canvas.grab().toImage() != hidden


def test_marks_stay_hidden_while_the_hidden_image_is_windowed(enter: Enter) -> None:
    room = enter()
    canvas = room.stage.canvas
    QTest.keyPress(room, Qt.Key.Key_Space)
    drag(canvas, LEFT, QPoint(200, 200), QPoint(40, 0))
    held = canvas.grab().toImage()
    QTest.keyRelease(room, Qt.Key.Key_Space)
    assert canvas.grab().toImage() != held


@pytest.mark.parametrize("name", ["T", "K", "9", "F7", "F9", "."])
def test_a_key_that_cannot_act_says_why_until_the_next_key(enter: Enter, name: str) -> None:
    room = enter([small_image(1, windows=())])
    view = room.stage.canvas.view
    QTest.keySequence(room, name)
    assert room.panel.notice
    assert room.stage.canvas.view == view
    assert room.stage.arrangement == {"grid": "1x1", "maximised": False}
    QTest.keyClick(room, Qt.Key.Key_I)
    assert not room.panel.notice


def test_a_link_that_links_nothing_in_view_is_not_switched_unseen(enter: Enter) -> None:
    room = enter()
    QTest.keyClick(room, Qt.Key.Key_1, CTRL)
    assert room.stage.links == {"zoom", "scroll", "window"}
    assert room.panel.notice


# Asked before finishing


def test_any_other_key_goes_back_to_a_case_that_was_to_be_finished(enter: Enter) -> None:
    room = enter()
    for name in ("I", "+", "9"):
        QTest.keyClick(room, Qt.Key.Key_Return)
        assert room.mode == "confirming"
        QTest.keySequence(room, name)
        assert room.mode == "reading", name
    assert room.session.position == 0


def test_a_hand_on_the_image_goes_back_to_a_case_that_was_to_be_finished(enter: Enter) -> None:
    room = enter()
    QTest.keyClick(room, Qt.Key.Key_B)
    room.panel.finish_asked.emit()
    assert room.mode == "confirming"
    drag(room.stage.canvas, LEFT, QPoint(200, 200), QPoint(90, 90))
    assert room.mode == "reading"
    assert len(room.session.state.marks) == 1


# What is typed


@pytest.mark.parametrize("elsewhere", ["image", "item", "finish", "back"])
def test_what_was_typed_is_never_lost_to_a_click_elsewhere(enter: Enter, elsewhere: str, qtbot: QtBot) -> None:
    room = enter(items=COMMENT)
    QTest.keyClick(room, Qt.Key.Key_F2)
    type_text("old scar")
    if elsewhere == "image":
        canvas_click(room.stage.canvas)
    elif elsewhere == "item":
        QTest.mouseClick(room.panel.rows["drain"], LEFT)
    elif elsewhere == "finish":
        room.panel.finish_asked.emit()
    else:
        room.leave()
    assert room.session.state.answers["comment"].value == "old scar"  # type: ignore[index]
    assert not room.panel.editing


def test_escape_leaves_a_text_as_it_was_answered(enter: Enter) -> None:
    room = enter(items=COMMENT)
    QTest.keyClick(room, Qt.Key.Key_F2)
    type_text("one two ")
    type_text("three")
    editor = QApplication.focusWidget()
    assert isinstance(editor, QWidget)
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert "comment" not in room.session.state.answers
    assert room.panel.editor._line.text() == ""


def test_options_only_moved_over_are_no_answer(enter: Enter) -> None:
    room = enter(items=MORE_ITEMS)
    QTest.keyClick(room, Qt.Key.Key_F2)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    canvas_click(room.stage.canvas)
    assert not room.session.state.answers


def test_options_that_were_ticked_are_an_answer(enter: Enter) -> None:
    room = enter(items=MORE_ITEMS)
    QTest.keyClick(room, Qt.Key.Key_Tab)
    QTest.keyClick(room, Qt.Key.Key_F2)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    canvas_click(room.stage.canvas)
    assert room.session.state.answers["limits"].value == '["rotation"]'  # type: ignore[index]


# From case to case


def test_what_was_meant_for_one_case_does_not_reach_the_next(enter: Enter, qtbot: QtBot) -> None:
    room = enter([small_image(1), small_image(2)], [small_image(3), small_image(4)])
    QTest.keyClick(room, Qt.Key.Key_Right)
    for key in (Qt.Key.Key_H, Qt.Key.Key_I, Qt.Key.Key_B):
        QTest.keyClick(room, key)
    assert room.stage.canvas.armed == "box"
    for _ in range(2):
        room.panel.finish_asked.emit()
    qtbot.waitUntil(lambda: room.mode == "reading" and room.session.position == 1, timeout=10_000)
    assert [canvas.armed for canvas in room.stage.all_canvases] == [None] * 4
    assert not any(view.flipped or view.inverted for view in room.stage.views)


def test_the_probe_follows_the_mouse_through_the_views_and_stays_for_the_next_case(enter: Enter, qtbot: QtBot) -> None:
    room = enter([small_image(1), small_image(2)], [small_image(3)])
    QTest.keyClick(room, Qt.Key.Key_P)
    one, other = room.stage.canvases
    shown = len(other.painted_texts())
    for place in (QPoint(140, 150), QPoint(150, 150)):
        QTest.mouseMove(other, place)
    assert len(other.painted_texts()) == shown + 1
    for _ in range(2):
        QTest.keyClick(room, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: room.mode == "reading" and room.session.position == 1, timeout=10_000)
    assert room.stage.pointing.probing
    QTest.keyClick(room, Qt.Key.Key_P)
    assert not any(canvas.probing for canvas in room.stage.all_canvases)


def test_the_lens_goes_with_the_mouse_from_view_to_view(enter: Enter) -> None:
    room = enter([small_image(1), small_image(2)])
    one, other = room.stage.canvases
    for place in (QPoint(140, 150), QPoint(150, 150)):  # a mouse that lies there already tells nothing
        QTest.mouseMove(other, place)
    QTest.keyPress(room, Qt.Key.Key_M)
    assert (one.magnifying, other.magnifying) == (False, True)
    QTest.mouseMove(one, QPoint(150, 150))
    assert (one.magnifying, other.magnifying) == (True, False)
    QTest.keyRelease(room, Qt.Key.Key_M)
    assert not one.magnifying


# Slices


def test_points_set_on_one_slice_never_land_on_another(enter: Enter) -> None:
    room = enter([stack()])
    canvas = room.stage.canvas
    QTest.keyClick(room, Qt.Key.Key_Y)
    canvas_click(canvas, QPoint(200, 200))
    QTest.keyClick(room, Qt.Key.Key_PageDown)
    assert canvas.armed == "polyline"
    for place in (QPoint(300, 200), QPoint(300, 300)):
        canvas_click(canvas, place)
    QTest.keyClick(room, Qt.Key.Key_Return)
    (mark,) = room.session.state.marks.values()
    assert mark.frame == 10
    assert len(mark.points) == 2


def test_a_mark_being_drawn_is_dropped_when_a_key_scrolls(enter: Enter) -> None:
    room = enter([stack()])
    canvas = room.stage.canvas
    QTest.keyClick(room, Qt.Key.Key_B)
    QTest.mousePress(canvas, LEFT, NONE, QPoint(200, 200))
    QTest.mouseMove(canvas, QPoint(250, 250))
    QTest.keyClick(room, Qt.Key.Key_PageDown)
    QTest.mouseMove(canvas, QPoint(300, 300))
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(300, 300))
    assert not room.session.state.marks
    drag(canvas, LEFT, QPoint(200, 200), QPoint(80, 80))
    assert [mark.frame for mark in room.session.state.marks.values()] == [10]


def test_slices_stop_running_for_a_tool(enter: Enter, qtbot: QtBot) -> None:
    room = enter([stack(60)])
    canvas = room.stage.canvas
    QTest.keyClick(room, Qt.Key.Key_K)
    qtbot.waitUntil(lambda: canvas.view.frame > 2, timeout=5000)
    QTest.keyClick(room, Qt.Key.Key_B)
    seen = canvas.view.frame
    qtbot.wait(300)
    assert canvas.view.frame == seen


# Marks


@pytest.mark.parametrize("key", [Qt.Key.Key_B, Qt.Key.Key_E, Qt.Key.Key_U, Qt.Key.Key_L])
def test_a_drag_beside_the_image_draws_nothing_and_keeps_the_tool(enter: Enter, key: Qt.Key) -> None:
    room = enter([small_image(1, rows=200, columns=60)])
    canvas = room.stage.canvas
    QTest.keyClick(room, key)
    drag(canvas, LEFT, QPoint(20, 100), QPoint(60, 0))
    assert not room.session.state.marks
    assert canvas.armed
    drag(canvas, LEFT, canvas.rect().center(), QPoint(60, 60))
    assert len(room.session.state.marks) == 1


def test_opening_the_list_of_marks_scrolls_nothing_away(enter: Enter) -> None:
    room = enter([stack()])
    canvas = room.stage.canvas
    QTest.keyClick(room, Qt.Key.Key_B)
    drag(canvas, LEFT, MIDDLE, QPoint(60, 60))
    QTest.keyClick(room, Qt.Key.Key_PageDown)
    QTest.keyClick(room, Qt.Key.Key_F4)
    assert canvas.view.frame == 10
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert canvas.view.frame == 0
    assert room.stage.selected_mark == "m1"


# The tools of a right click


def right_click(canvas: ImageCanvas, at: QPoint = MIDDLE) -> None:
    QTest.mouseMove(canvas, at)
    QTest.mouseClick(canvas, RIGHT, NONE, at)


def tools(room: QWidget) -> ToolSheet | None:
    sheet = room.findChild(ToolSheet)
    return sheet if sheet is not None and sheet.isVisible() else None


def entry(room: ReadingRoom, words: str) -> QPushButton:
    sheet = tools(room)
    assert sheet is not None
    return next(button for button in sheet.buttons if button.text().startswith(words))


def test_every_tool_is_reached_by_mouse_alone(enter: Enter) -> None:
    room = enter([stack()])
    canvas = room.stage.canvas
    right_click(canvas)
    QTest.mouseClick(entry(room, "box"), LEFT)
    assert tools(room) is None
    assert canvas.armed == "box"
    drag(canvas, LEFT, MIDDLE, QPoint(80, 80))
    assert len(room.session.state.marks) == 1
    right_click(canvas, MIDDLE + QPoint(0, 40))  # on the edge of the box
    QTest.mouseClick(entry(room, "delete"), LEFT)
    assert not room.session.state.marks
    right_click(canvas)
    QTest.mouseClick(entry(room, "lung"), LEFT)
    assert canvas.view.preset_id == "lung"
    assert QApplication.focusWidget() is room


def test_a_right_drag_opens_no_tools_and_neither_does_a_drag_taken_back(enter: Enter) -> None:
    room = enter()
    canvas = room.stage.canvas
    drag(canvas, RIGHT, MIDDLE, QPoint(0, 40))
    assert tools(room) is None
    drag(canvas, RIGHT, MIDDLE, QPoint(0, 0))
    assert tools(room) is not None
    room.stage.canvas.cancel()
    canvas_click(canvas, QPoint(20, 20))
    assert tools(room) is None
    QTest.mousePress(canvas, LEFT, NONE, MIDDLE)
    QTest.mouseMove(canvas, MIDDLE + QPoint(40, 0))
    QTest.mouseClick(canvas, RIGHT, NONE, MIDDLE + QPoint(40, 0))
    QTest.mouseRelease(canvas, LEFT, NONE, MIDDLE + QPoint(40, 0))
    assert tools(room) is None


def test_no_tools_are_offered_where_no_case_is_open(enter: Enter) -> None:
    room = enter([small_image(1)])
    for _ in range(2):
        QTest.keyClick(room, Qt.Key.Key_Return)
    assert room.mode == "page"
    room.stage.menu_asked.emit(MIDDLE)
    assert tools(room) is None


def test_the_tools_keep_the_keyboard_until_they_close(enter: Enter) -> None:
    room = enter()
    right_click(room.stage.canvas)
    sheet = tools(room)
    assert sheet is not None
    QTest.keyClick(QApplication.focusWidget(), "G")
    assert not room.session.state.answers
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert sheet.isAncestorOf(QApplication.focusWidget())
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert tools(room) is None
    QTest.keyClick(QApplication.focusWidget(), "G")
    assert room.session.state.answers


@pytest.mark.parametrize("percent", [100, 150])
def test_the_tools_fit_the_smallest_screen(enter: Enter, qapp: QApplication, percent: int) -> None:
    room = enter([stack()])
    room.resize(1366, 768)
    theme.apply(qapp, percent)
    try:
        for _ in range(4):
            QApplication.processEvents()
        right_click(room.stage.canvas, QPoint(600, 500))
        QApplication.processEvents()
        sheet = tools(room)
        assert sheet is not None
        assert room.stage.rect().contains(sheet.geometry())
        assert all(button.width() >= button.sizeHint().width() for button in sheet.buttons)
    finally:
        theme.apply(qapp, 100)


def test_keys_go_on_after_the_tools_in_the_second_window(enter: Enter) -> None:
    room = enter()
    QTest.keyClick(room, Qt.Key.Key_F12)
    window = room.stage.window()
    assert isinstance(window, StageWindow)
    right_click(room.stage.canvas)
    sheet = tools(room.stage)
    assert sheet is not None and sheet.window() is window
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Escape)
    assert tools(room.stage) is None
    assert window.focusWidget() is window
    QTest.keyClick(window, Qt.Key.Key_Tab)
    assert room.session.focus == "drain"
    QTest.keyClick(window, Qt.Key.Key_F12)
    assert room.stage.window() is room.window()


def test_undo_takes_back_a_point_before_it_takes_back_an_answer(enter: Enter) -> None:
    room = enter()
    canvas = room.stage.canvas
    QTest.keyClick(room, "G")
    QTest.keyClick(room, Qt.Key.Key_Y)
    for place in (QPoint(200, 200), QPoint(300, 200), QPoint(300, 300)):
        canvas_click(canvas, place)
    QTest.keyClick(room, Qt.Key.Key_Z, CTRL)
    assert "tube" in room.session.state.answers
    QTest.keyClick(room, Qt.Key.Key_Return)
    (mark,) = room.session.state.marks.values()
    assert len(mark.points) == 2
    for _ in range(2):
        QTest.keyClick(room, Qt.Key.Key_Z, CTRL)
    assert not room.session.state.marks and not room.session.state.answers


def test_a_mark_deleted_under_the_hand_is_no_trouble(enter: Enter) -> None:
    room = enter()
    canvas = room.stage.canvas
    QTest.keyClick(room, Qt.Key.Key_B)
    drag(canvas, LEFT, MIDDLE, QPoint(80, 80))
    QTest.mousePress(canvas, LEFT, NONE, MIDDLE)
    QTest.mouseMove(canvas, MIDDLE + QPoint(30, 30))
    QTest.keyClick(room, Qt.Key.Key_Delete)
    QTest.mouseRelease(canvas, LEFT, NONE, MIDDLE + QPoint(30, 30))
    assert not room.session.state.marks
    assert not room.panel.notice


# The image


@pytest.mark.parametrize("turned", [False, True])
def test_an_image_cannot_be_moved_out_of_sight(enter: Enter, turned: bool) -> None:
    room = enter([small_image(1, rows=300, columns=200)])
    canvas = room.stage.canvas
    if turned:
        QTest.keyClick(room, Qt.Key.Key_Right, CTRL | SHIFT)
        QTest.keyClick(room, Qt.Key.Key_H)
    for start, by in ((QPoint(10, 10), QPoint(700, 600)), (QPoint(700, 600), QPoint(-690, -590))):
        for _ in range(6):
            drag(canvas, Qt.MouseButton.MiddleButton, start, by)
        corners = [canvas.to_screen(x, y) for x, y in ((0, 0), (199, 299))]
        seen = canvas.area().intersected(QRectF(corners[0], corners[1]).normalized())
        assert min(seen.width(), seen.height()) == pytest.approx(64, abs=1)


def test_links_switched_off_are_off_after_a_break_and_for_the_next_case(
    enter: Enter, tmp_path: Path, qtbot: QtBot
) -> None:
    room = enter([stack(), stack()], [stack(), stack()])
    QTest.keyClick(room, Qt.Key.Key_1, CTRL)
    assert room.stage.links == {"scroll", "window"}
    qtbot.wait(600)  # the view is kept once hands rest
    room.close()
    again = ReadingRoom(MadeStudy(tmp_path / "study0", ()).session())
    qtbot.addWidget(again)
    again.resize(1100, 760)
    again.show()
    qtbot.waitUntil(lambda: again.mode == "reading", timeout=10_000)
    assert again.stage.links == {"scroll", "window"}
    for _ in range(2):
        QTest.keyClick(again, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: again.mode == "reading" and again.session.position == 1, timeout=10_000)
    assert again.stage.links == {"scroll", "window"}
    again.close()


def test_a_comment_typed_for_one_case_never_flags_another(enter: Enter, qtbot: QtBot) -> None:
    room = enter()
    QTest.keyClick(room, Qt.Key.Key_F, CTRL)
    type_text("cut off")
    room.panel.rest_absent_asked.emit()
    QTest.mouseClick(room.panel._finish, LEFT)
    qtbot.waitUntil(lambda: room.mode == "reading" and room.session.position == 1, timeout=10_000)
    assert room._sheets.current is None
    assert room.session.state.flag == ""
    assert [event.payload["new"] for event in room.session.view.events() if event.kind == "case_flagged"] == ["cut off"]


def test_the_marks_of_one_case_are_not_listed_over_the_next(enter: Enter, qtbot: QtBot) -> None:
    room = enter()
    QTest.keyClick(room, Qt.Key.Key_B)
    drag(room.stage.canvas, LEFT, MIDDLE, QPoint(80, 80))
    room.panel.rest_absent_asked.emit()
    QTest.keyClick(room, Qt.Key.Key_F4)
    QTest.mouseClick(room.panel._finish, LEFT)
    qtbot.waitUntil(lambda: room.mode == "reading" and room.session.position == 1, timeout=10_000)
    assert room._sheets.current is None
    assert QApplication.focusWidget() is room
