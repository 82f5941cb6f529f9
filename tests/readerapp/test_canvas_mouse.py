"""The canvas under real mouse events: direction of the window drag, pan, zoom, wheel, marks, two fingers."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.images.image import Window
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.hands import Hands
from readerapp.viewer.keymap import load_keymap
from readerapp.viewer.marks import MarkView
from readerapp.viewer.view_state import prepare
from tests.readerapp.canvases import LEFT, MIDDLE, NONE, RIGHT, Show, drag, opened, ramp, show, stack, wheel, window_of

__all__ = ["show"]  # a fixture


def test_drag_right_widens_and_drag_up_raises_the_centre(show: Show) -> None:
    canvas = show()
    drag(canvas, LEFT, QPoint(100, 200), QPoint(50, 0))
    assert window_of(canvas).width == pytest.approx(1000 + 50 * 1000 / 250)
    assert window_of(canvas).center == 2000
    drag(canvas, LEFT, QPoint(100, 200), QPoint(0, -50))
    assert window_of(canvas).center > 2000
    assert canvas.view.preset_id == ""


def test_drag_gain_follows_the_width(show: Show) -> None:
    canvas = show(ramp(windows=(Window(2000, 4000),)))
    drag(canvas, LEFT, QPoint(100, 200), QPoint(50, 0))
    assert window_of(canvas).width == pytest.approx(4000 + 50 * 4000 / 250)


def test_a_narrow_window_can_be_opened_again(show: Show) -> None:
    canvas = show()
    drag(canvas, LEFT, QPoint(350, 200), QPoint(-340, 0))
    narrow = window_of(canvas).width
    assert narrow == 1.0
    drag(canvas, LEFT, QPoint(20, 200), QPoint(340, 0))
    assert window_of(canvas).width > 100


@pytest.mark.parametrize("how", ["escape", "right button"])
def test_a_drag_is_taken_back(show: Show, how: str) -> None:
    canvas = show()
    before = canvas.view
    QTest.mousePress(canvas, LEFT, NONE, QPoint(100, 200))
    QTest.mouseMove(canvas, QPoint(180, 120))
    assert canvas.view != before
    if how == "escape":
        assert canvas.cancel()
    else:
        QTest.mousePress(canvas, RIGHT, NONE, QPoint(180, 120))
    assert canvas.view == before
    QTest.mouseMove(canvas, QPoint(220, 120))
    assert canvas.view == before
    QTest.mouseRelease(canvas, RIGHT, NONE, QPoint(220, 120))
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(220, 120))
    drag(canvas, LEFT, QPoint(100, 200), QPoint(50, 0))
    assert canvas.view != before


def test_a_click_does_not_change_the_window(show: Show) -> None:
    canvas = show()
    before = canvas.view
    drag(canvas, LEFT, QPoint(100, 200), QPoint(1, 1))
    assert canvas.view == before


@pytest.mark.parametrize(("button", "modifiers"), [(MIDDLE, NONE), (LEFT, Qt.KeyboardModifier.ShiftModifier)])
def test_pan_moves_the_picture_with_the_hand(
    show: Show, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier
) -> None:
    canvas = show()
    held = canvas.to_image(QPointF(100, 200))
    drag(canvas, button, QPoint(100, 200), QPoint(60, -40), modifiers)
    assert canvas.to_image(QPointF(160, 160)) == pytest.approx(held)


def test_right_drag_up_zooms_in(show: Show) -> None:
    canvas = show()
    before = canvas.placement().scale
    held = canvas.to_image(QPointF(100, 200))
    drag(canvas, RIGHT, QPoint(100, 200), QPoint(0, -60))
    assert canvas.placement().scale > before
    assert canvas.to_image(QPointF(100, 200)) == pytest.approx(held)


def test_wheel_zooms_a_single_image_at_the_pointer(show: Show) -> None:
    canvas = show()
    held = canvas.to_image(QPointF(300, 100))
    before = canvas.placement().scale
    wheel(canvas, QPoint(300, 100), 1)
    assert canvas.placement().scale == pytest.approx(before * 1.25)
    assert canvas.to_image(QPointF(300, 100)) == pytest.approx(held)


def test_wheel_scrolls_a_stack_and_zooms_with_ctrl(show: Show) -> None:
    canvas = show(stack())
    wheel(canvas, QPoint(100, 100), -3)
    assert canvas.view.frame == 3
    wheel(canvas, QPoint(100, 100), 9)
    assert canvas.view.frame == 0
    before = canvas.placement().scale
    wheel(canvas, QPoint(100, 100), 1, Qt.KeyboardModifier.ControlModifier)
    assert canvas.placement().scale > before
    assert canvas.view.frame == 0


def test_an_arrow_is_drawn_where_the_hand_was(show: Show, qtbot: QtBot) -> None:
    canvas = show()
    canvas.arm("arrow")
    tail, tip = canvas.to_image(QPointF(100, 150)), canvas.to_image(QPointF(180, 90))
    with qtbot.waitSignal(canvas.mark_drawn) as drawn:
        drag(canvas, LEFT, QPoint(100, 150), QPoint(80, -60))
    kind, points = drawn.args
    assert kind == "arrow"
    assert points[0] == pytest.approx(tail)
    assert points[1] == pytest.approx(tip)
    assert canvas.armed is None


def test_an_armed_click_draws_nothing_and_stays_armed(show: Show, qtbot: QtBot) -> None:
    canvas = show()
    canvas.arm("box")
    with qtbot.assertNotEmitted(canvas.mark_drawn):
        drag(canvas, LEFT, QPoint(100, 150), QPoint(1, 1))
    assert canvas.armed == "box"
    assert canvas.cancel()
    assert canvas.armed is None


def test_a_mark_is_selected_and_moved_then_one_end_of_it(show: Show, qtbot: QtBot) -> None:
    canvas = show()
    mark = MarkView("m1", "3", "arrow", ((50.0, 50.0), (100.0, 50.0)))
    canvas.set_marks([mark])
    middle = canvas.to_screen(75, 50).toPoint()
    with qtbot.waitSignal(canvas.mark_moved) as moved:
        drag(canvas, LEFT, middle, QPoint(20, 40))
    assert canvas.selected_mark == "m1"
    assert moved.args[0] == "m1"
    assert moved.args[1][0] == pytest.approx((60, 70))
    assert moved.args[1][1] == pytest.approx((110, 70))
    with qtbot.waitSignal(canvas.mark_moved) as moved:
        drag(canvas, LEFT, canvas.to_screen(100, 50).toPoint(), QPoint(0, 40))
    assert moved.args[1][0] == (50.0, 50.0)
    assert moved.args[1][1] == pytest.approx((100, 70))


def test_the_window_is_dragged_with_alt_even_where_a_tool_is_armed(qtbot: QtBot) -> None:
    canvas = ImageCanvas(load_keymap().hands)
    qtbot.addWidget(canvas)
    canvas.resize(400, 400)
    canvas.show_image(prepare(ramp()))
    canvas.arm("arrow")
    with qtbot.assertNotEmitted(canvas.mark_drawn):
        drag(canvas, LEFT, QPoint(100, 200), QPoint(50, 0), Qt.KeyboardModifier.AltModifier)
    assert window_of(canvas).width > 1000
    assert canvas.armed == "arrow"


@pytest.mark.parametrize(("direction", "raises"), [("up", -50), ("down", 50)])
def test_which_way_raises_the_centre_is_for_the_keymap_to_say(qtbot: QtBot, direction: str, raises: int) -> None:
    canvas = opened(qtbot, Hands(level_up=direction))  # type: ignore[arg-type]
    drag(canvas, LEFT, QPoint(100, 200), QPoint(0, raises))
    assert window_of(canvas).center == pytest.approx(2000 + 50 * 1000 / 250)


def test_a_drag_scrolls_a_stack(qtbot: QtBot) -> None:
    canvas = opened(qtbot, Hands(drags={"Left": "scroll"}), stack())
    drag(canvas, LEFT, QPoint(100, 50), QPoint(0, 100))
    down = canvas.view.frame
    assert 5 <= down <= 20
    drag(canvas, LEFT, QPoint(100, 200), QPoint(0, -300))
    assert canvas.view.frame == 0
    QTest.mousePress(canvas, LEFT, NONE, QPoint(100, 50))
    QTest.mouseMove(canvas, QPoint(100, 200))
    assert canvas.view.frame > 0
    assert canvas.cancel()
    assert canvas.view.frame == 0


def test_the_wheel_is_what_the_keymap_says(qtbot: QtBot) -> None:
    canvas = opened(qtbot, Hands(wheel={"Wheel": "zoom", "Shift+Wheel": "scroll"}), stack())
    before = canvas.placement().scale
    wheel(canvas, QPoint(100, 100), 1)
    assert (canvas.view.frame, canvas.placement().scale) == (0, pytest.approx(before * 1.25))
    wheel(canvas, QPoint(100, 100), -2, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.view.frame == 2
    canvas.set_hands(Hands(wheel={"Wheel": "scroll"}))
    wheel(canvas, QPoint(100, 100), -1)
    assert canvas.view.frame == 3


@pytest.mark.parametrize("wanted", [True, False])
def test_a_double_click_asks_for_the_whole_window(qtbot: QtBot, wanted: bool) -> None:
    canvas = opened(qtbot, Hands(double_click="maximise" if wanted else "nothing"))
    asked: list[bool] = []
    canvas.maximise_asked.connect(lambda: asked.append(True))
    before = canvas.view
    QTest.mouseClick(canvas, LEFT, NONE, QPoint(100, 100))
    QTest.mouseDClick(canvas, LEFT, NONE, QPoint(100, 100))
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(100, 100))
    assert (asked == [True]) is wanted
    assert canvas.view == before


def test_where_the_mouse_is_on_the_image_is_told(show: Show, qtbot: QtBot) -> None:
    canvas = show()
    with qtbot.waitSignal(canvas.cursor_moved) as moved:
        QTest.mouseMove(canvas, QPoint(120, 80))
    assert moved.args[0] == pytest.approx(canvas.to_image(QPointF(120, 80)))
    with qtbot.waitSignal(canvas.cursor_moved) as left:
        QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert left.args == [None]


def test_two_fingers_zoom(show: Show) -> None:
    canvas = show()
    device = QTest.createTouchDevice()
    before, held = canvas.placement().scale, canvas.to_image(QPointF(200, 200))
    QTest.touchEvent(canvas, device).press(0, QPoint(180, 200), canvas).press(1, QPoint(220, 200), canvas).commit()
    for reach in range(30, 121, 10):
        touch = QTest.touchEvent(canvas, device)
        touch.move(0, QPoint(200 - reach, 200), canvas).move(1, QPoint(200 + reach, 200), canvas).commit()
    touch = QTest.touchEvent(canvas, device)
    touch.release(0, QPoint(80, 200), canvas).release(1, QPoint(320, 200), canvas).commit()
    assert canvas.placement().scale > 2 * before
    assert canvas.to_image(QPointF(200, 200)) == pytest.approx(held, abs=2)
    assert canvas.view.window == Window(2000, 1000)
