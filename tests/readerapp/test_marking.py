"""Drawing, measuring and editing on the canvas, by mouse and by keys alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.images.image import Image, Window
from readerapp.viewer import shapes
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.hands import Hands
from readerapp.viewer.marks import MarkView
from readerapp.viewer.tools import HINTS, MOST_STROKE, Drawing
from readerapp.viewer.view_state import prepare
from studies.reading.marks import MOST_POINTS, POINTS
from tests.readerapp.canvases import LEFT, NONE, RIGHT, click, drag, ramp

CTRL = Qt.KeyboardModifier.ControlModifier
PLACES = [QPointF(100, 100), QPointF(180, 120), QPointF(160, 220), QPointF(250, 260)]


@pytest.fixture
def canvas(qtbot: QtBot) -> ImageCanvas:
    return opened(qtbot, ramp(spacing_mm=(0.5, 0.5), spacing_calibrated=True))


def opened(qtbot: QtBot, image: Image, hands: Hands | None = None) -> ImageCanvas:
    made = ImageCanvas(hands)
    qtbot.addWidget(made)
    made.resize(400, 400)
    made.show_image(prepare(image))
    with qtbot.waitSignal(made.first_painted, timeout=5000):
        made.show()
    QTest.mouseMove(made, QPoint(5, 5))
    return made


def drawn(canvas: ImageCanvas, qtbot: QtBot, act: object) -> tuple[str, np.ndarray]:
    with qtbot.waitSignal(canvas.mark_drawn, timeout=1000) as signal:
        act()  # type: ignore[operator]
    return signal.args[0], np.array(signal.args[1])


def images(canvas: ImageCanvas, places: list[QPointF]) -> np.ndarray:
    return np.array([canvas.to_image(place) for place in places])


# The mark in the making


@given(st.sampled_from(sorted(POINTS)), st.lists(st.tuples(st.floats(0, 9), st.floats(0, 9)), max_size=8))
def test_a_drawing_never_has_more_points_than_its_kind(kind: str, points: list[tuple[float, float]]) -> None:
    drawing = Drawing(kind)  # type: ignore[arg-type]
    for point in points:
        drawing = drawing.over(point).set(point)
    least, most = (1, MOST_STROKE) if kind == "mask" else POINTS[kind]
    assert len(drawing.points) == min(len(points), most)
    assert drawing.complete == (len(points) >= most)
    assert drawing.can_end == (least < most and len(points) >= least)
    assert len(drawing.over((99.0, 99.0)).shown) == min(len(points) + 1, most)


def test_every_kind_of_mark_has_a_hint() -> None:
    assert set(POINTS) < set(HINTS)


# By mouse


@pytest.mark.parametrize("kind", ["arrow", "box", "ellipse", "length", "region"])
def test_two_points_are_dragged(canvas: ImageCanvas, qtbot: QtBot, kind: str) -> None:
    canvas.arm(kind)  # type: ignore[arg-type]
    found = drawn(canvas, qtbot, lambda: drag(canvas, LEFT, QPoint(100, 150), QPoint(80, -60)))
    assert found[0] == kind
    assert np.allclose(found[1], images(canvas, [QPointF(100, 150), QPointF(180, 90)]))
    assert canvas.armed is None


@pytest.mark.parametrize(("kind", "number"), [("length", 2), ("angle", 3), ("cobb", 4)])
def test_points_are_clicked(canvas: ImageCanvas, qtbot: QtBot, kind: str, number: int) -> None:
    canvas.arm(kind)  # type: ignore[arg-type]
    with qtbot.assertNotEmitted(canvas.mark_drawn):
        for place in PLACES[: number - 1]:
            click(canvas, place)
    found = drawn(canvas, qtbot, lambda: click(canvas, PLACES[number - 1]))
    assert found[0] == kind
    assert np.allclose(found[1], images(canvas, PLACES[:number]))


def test_a_double_click_ends_a_line_of_any_number_of_points(canvas: ImageCanvas, qtbot: QtBot) -> None:
    canvas.arm("polyline")
    with qtbot.assertNotEmitted(canvas.maximise_asked):
        for place in PLACES:
            click(canvas, place)
        found = drawn(canvas, qtbot, lambda: QTest.mouseDClick(canvas, LEFT, NONE, PLACES[-1].toPoint()))
    assert np.allclose(found[1], images(canvas, PLACES))


def test_return_ends_a_line_that_was_clicked(canvas: ImageCanvas, qtbot: QtBot) -> None:
    canvas.arm("polyline")
    for place in PLACES[:3]:
        click(canvas, place)
    assert canvas.tool_key("Backspace")
    found = drawn(canvas, qtbot, lambda: canvas.tool_key("Return"))
    assert np.allclose(found[1], images(canvas, PLACES[:2]))


def test_a_freehand_line_follows_the_hand(canvas: ImageCanvas, qtbot: QtBot) -> None:
    canvas.arm("freehand")
    path = [QPoint(100 + 3 * n, 200 + round(30 * np.sin(n / 5))) for n in range(50)]

    def by_hand() -> None:
        QTest.mousePress(canvas, LEFT, NONE, path[0])
        for place in path[1:]:
            QTest.mouseMove(canvas, place)
        QTest.mouseRelease(canvas, LEFT, NONE, path[-1])

    kind, points = drawn(canvas, qtbot, by_hand)
    assert kind == "freehand" and len(points) == len(path) <= MOST_POINTS
    assert np.allclose(points, images(canvas, [QPointF(place) for place in path]))


def test_a_drawing_is_dropped_by_escape_and_a_drag_by_the_other_button(canvas: ImageCanvas, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(canvas.mark_drawn):
        canvas.arm("angle")
        click(canvas, PLACES[0])
        assert canvas.cancel()
        assert canvas.armed is None and not canvas.cancel()
        canvas.arm("box")
        QTest.mousePress(canvas, LEFT, NONE, QPoint(100, 100))
        QTest.mouseMove(canvas, QPoint(150, 150))
        QTest.mousePress(canvas, RIGHT, NONE, QPoint(150, 150))
        QTest.mouseRelease(canvas, RIGHT, NONE, QPoint(150, 150))
        QTest.mouseRelease(canvas, LEFT, NONE, QPoint(150, 150))
    assert canvas.armed == "box"
    drawn(canvas, qtbot, lambda: drag(canvas, LEFT, QPoint(100, 150), QPoint(80, -60)))


def test_what_is_being_drawn_is_painted_with_its_value(canvas: ImageCanvas) -> None:
    before = canvas.grab().toImage()
    canvas.arm("length")
    click(canvas, QPointF(100, 200))
    QTest.mouseMove(canvas, QPoint(200, 200))
    assert canvas.grab().toImage() != before


# Keys alone


def test_a_mark_is_drawn_with_keys_alone(canvas: ImageCanvas, qtbot: QtBot) -> None:
    """From the middle: 5 pixels an arrow, 50 with Shift, 1 with Ctrl."""
    canvas.leaveEvent(None)  # type: ignore[arg-type]
    canvas.arm("arrow")
    middle = canvas.area().center()
    assert canvas.tool_key("Right")  # brings the crosshair up
    assert canvas.tool_key("Return")
    for key in ("Shift+Right", "Right", "Ctrl+Up", "Down"):
        assert canvas.tool_key(key)
    kind, points = drawn(canvas, qtbot, lambda: canvas.tool_key("Return"))
    assert kind == "arrow"
    assert np.allclose(points, images(canvas, [middle, middle + QPointF(55, 4)]))


def test_a_line_of_any_number_is_ended_by_return_at_the_same_place(canvas: ImageCanvas, qtbot: QtBot) -> None:
    canvas.leaveEvent(None)  # type: ignore[arg-type]
    canvas.arm("polyline")
    with qtbot.assertNotEmitted(canvas.mark_drawn):
        for key in ("Return", "Return", "Shift+Right", "Return", "Shift+Down", "Return"):
            assert canvas.tool_key(key)
    _, points = drawn(canvas, qtbot, lambda: canvas.tool_key("Enter"))
    assert len(points) == 3


def test_keys_follow_the_picture_as_it_is_seen(canvas: ImageCanvas, qtbot: QtBot) -> None:
    canvas.leaveEvent(None)  # type: ignore[arg-type]
    canvas.rotate(1)
    canvas.arm("length")
    for key in ("Return", "Return", "Shift+Right"):
        canvas.tool_key(key)
    _, points = drawn(canvas, qtbot, lambda: canvas.tool_key("Return"))
    assert points[1][0] == pytest.approx(points[0][0])
    assert points[1][1] == pytest.approx(points[0][1] - 25)  # right on the screen is up in the stored image


def test_the_crosshair_stays_on_the_image_and_in_view(canvas: ImageCanvas) -> None:
    canvas.arm("arrow")
    for _ in range(30):
        canvas.tool_key("Shift+Right")
    assert canvas._hand.crosshair is not None
    assert canvas._hand.crosshair[0] <= 199.5


def test_keys_belong_to_the_room_while_no_tool_is_armed(canvas: ImageCanvas) -> None:
    assert not any(canvas.tool_key(key) for key in ("Left", "Return", "Backspace", "Alt+Left", "S"))
    canvas.arm("box")
    assert not any(canvas.tool_key(key) for key in ("S", "Tab", "Esc", "Ctrl+Z"))


def test_a_selected_mark_is_moved_with_keys(canvas: ImageCanvas, qtbot: QtBot) -> None:
    canvas.set_marks([MarkView("m1", "1", "box", ((50.0, 50.0), (100.0, 90.0)))])
    canvas.select_mark("m1")
    with qtbot.waitSignal(canvas.mark_moved) as moved:
        assert canvas.tool_key("Alt+Shift+Right") or canvas.tool_key("Alt+Right")
    step = np.array(moved.args[1]) - ((50, 50), (100, 90))
    assert np.allclose(step, step[0]) and step[0][0] > 0 and step[0][1] == pytest.approx(0)


# Selecting and editing

MARKS = {
    "arrow": ((50.0, 50.0), (100.0, 60.0)),
    "box": ((50.0, 50.0), (100.0, 90.0)),
    "ellipse": ((50.0, 50.0), (100.0, 90.0)),
    "polyline": ((50.0, 50.0), (100.0, 90.0), (120.0, 60.0)),
    "length": ((50.0, 50.0), (100.0, 90.0)),
    "angle": ((50.0, 50.0), (100.0, 90.0), (120.0, 60.0)),
    "cobb": ((50.0, 50.0), (100.0, 60.0), (50.0, 120.0), (100.0, 100.0)),
    "region": ((50.0, 50.0), (100.0, 90.0)),
}


@pytest.mark.parametrize("kind", MARKS)
def test_each_handle_moves_its_point_and_no_other(canvas: ImageCanvas, qtbot: QtBot, kind: str) -> None:
    points = MARKS[kind]
    canvas.set_marks([MarkView("m1", "1", kind, points)])  # type: ignore[arg-type]
    canvas.select_mark("m1")
    for part in range(len(points)):
        with qtbot.waitSignal(canvas.mark_moved) as moved:
            drag(canvas, LEFT, canvas.to_screen(*points[part]).toPoint(), QPoint(20, 14))
        expected = [(x + 10, y + 7) if index == part else (x, y) for index, (x, y) in enumerate(points)]
        assert np.allclose(moved.args[1], expected, atol=0.6)


def test_the_other_corners_of_a_box_are_handles_too(canvas: ImageCanvas, qtbot: QtBot) -> None:
    canvas.set_marks([MarkView("m1", "1", "box", ((50.0, 50.0), (100.0, 90.0)))])
    canvas.select_mark("m1")
    with qtbot.waitSignal(canvas.mark_moved) as moved:
        drag(canvas, LEFT, canvas.to_screen(100, 50).toPoint(), QPoint(20, 14))
    assert np.allclose(moved.args[1], ((50, 57), (110, 90)), atol=0.6)


@pytest.mark.parametrize("kind", MARKS)
def test_a_mark_is_taken_by_its_line_and_moved_as_a_whole(canvas: ImageCanvas, qtbot: QtBot, kind: str) -> None:
    points = MARKS[kind]
    on_line = {"ellipse": (75.0, 50.0), "region": (75.0, 50.0), "box": (75.0, 50.0)}
    place = on_line.get(kind) or tuple(np.mean(points[:2], axis=0))
    canvas.set_marks([MarkView("m1", "1", kind, points)])  # type: ignore[arg-type]
    with qtbot.waitSignal(canvas.mark_moved) as moved:
        drag(canvas, LEFT, canvas.to_screen(*place).toPoint(), QPoint(20, 14))
    assert canvas.selected_mark == "m1"
    assert np.allclose(moved.args[1], np.add(points, (10, 7)), atol=0.6)
    canvas.select_mark("")
    click(canvas, canvas.to_screen(75, 140))
    assert canvas.selected_mark == ""


def test_a_mark_pushed_against_the_edge_keeps_its_shape(canvas: ImageCanvas, qtbot: QtBot) -> None:
    canvas.set_marks([MarkView("m1", "1", "box", ((150.0, 50.0), (190.0, 90.0)))])
    with qtbot.waitSignal(canvas.mark_moved) as moved:
        drag(canvas, LEFT, canvas.to_screen(170, 50).toPoint(), QPoint(40, 0))
    (x0, _), (x1, _) = moved.args[1]
    assert (x0, x1) == (159.5, 199.5)


def test_a_click_beside_drops_the_selection(canvas: ImageCanvas) -> None:
    canvas.set_marks([MarkView("m1", "1", "box", ((50.0, 50.0), (100.0, 90.0)))])
    canvas.select_mark("m1")
    click(canvas, canvas.to_screen(20, 150))
    assert canvas.selected_mark == ""


@given(
    points=st.lists(st.tuples(st.floats(0, 90), st.floats(0, 70)), min_size=2, max_size=6),
    dx=st.floats(-200, 200),
    dy=st.floats(-200, 200),
)
def test_whole_marks_stay_within_the_image_with_their_shape(
    points: list[tuple[float, float]], dx: float, dy: float
) -> None:
    moved = np.array(shapes.shifted_within(points, dx, dy, 91, 71))
    assert moved.min() >= -0.5 - 1e-9
    assert moved[:, 0].max() <= 90.5 + 1e-9 and moved[:, 1].max() <= 70.5 + 1e-9
    assert np.allclose(np.diff(moved, axis=0), np.diff(np.array(points), axis=0), atol=1e-9)


# Values


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"spacing_mm": (0.5, 0.5), "spacing_calibrated": True}, "25.0 mm"),
        ({"spacing_mm": (0.5, 0.5)}, "25.0 mm at the detector"),
        ({}, "50.0 px"),
    ],
)
def test_lengths_are_in_mm_only_where_the_header_says(qtbot: QtBot, facts: dict, expected: str) -> None:
    canvas = opened(qtbot, ramp(**facts))
    canvas.set_marks([MarkView("m1", "1", "length", ((20.0, 20.0), (70.0, 20.0)))])
    assert expected in canvas.painted_texts()


def test_a_region_tells_its_statistics_in_real_units(qtbot: QtBot) -> None:
    pixels = np.full((200, 200), 1000, np.int16)
    pixels[60:] = 1100
    canvas = opened(qtbot, Image(pixels=pixels, intercept=-1024.0, units="HU", windows=(Window(0, 400),)))
    canvas.set_marks([MarkView("m1", "1", "region", ((20.0, 20.0), (40.0, 40.0)))])
    assert {"314.2 px²", "mean −24 HU  SD 0", "min −24  max −24"} <= set(canvas.painted_texts())
    canvas.set_marks([MarkView("m2", "1", "box", ((20.0, 50.0), (29.0, 69.0)))])
    assert "mean 26 HU  SD 50" not in canvas.painted_texts()
    canvas.select_mark("m2")
    assert {"mean 26 HU  SD 50", "min −24  max 76"} <= set(canvas.painted_texts())


def test_statistics_of_a_large_region_come_when_they_are_worked_out(qtbot: QtBot) -> None:
    canvas = opened(qtbot, Image(pixels=np.full((1500, 1500), 7, np.uint16), windows=(Window(7, 20),)))
    canvas.set_marks([MarkView("m1", "1", "region", ((0.0, 0.0), (1499.0, 1499.0)))])
    assert "…" in canvas.painted_texts()
    qtbot.waitUntil(lambda: "mean 7  SD 0" in canvas.painted_texts(), timeout=5000)


def test_the_probe_tells_the_value_under_the_mouse(canvas: ImageCanvas) -> None:
    canvas.set_probing(not canvas.probing)
    place = canvas.to_screen(100, 50)
    QTest.mouseMove(canvas, place.toPoint())
    value = canvas.image.frame(0)[50, 100]  # type: ignore[union-attr]
    assert f"{value} HU" in canvas.painted_texts()
    canvas.set_probing(not canvas.probing)
    assert not any(text.endswith(f"{value} HU") for text in canvas.painted_texts())


def test_the_probe_of_a_colour_image_has_three_values(qtbot: QtBot) -> None:
    pixels = np.full((50, 50, 3), (10, 20, 30), np.uint8)
    canvas = opened(qtbot, Image(pixels=pixels, photometric="RGB", bits_stored=8))
    canvas.set_probing(not canvas.probing)
    QTest.mouseMove(canvas, QPoint(200, 200))
    assert "R 10  G 20  B 30" in canvas.painted_texts()


# Lens and window of a region


def test_the_lens_magnifies_what_is_under_it(qtbot: QtBot) -> None:
    """A fine grid: one period on the screen is two under the lens."""
    pixels = np.zeros((400, 400), np.uint16)
    pixels[:, ::10] = 4000
    canvas = opened(qtbot, Image(pixels=pixels, bits_stored=12, windows=(Window(2048, 4096),)))
    canvas.hide_overlays(True)
    canvas.toggle_smoothing()

    def period() -> float:
        picture = canvas.grab().toImage()
        line = np.array([picture.pixelColor(x, 203).red() for x in range(120, 281)])
        return float(np.diff(np.nonzero(line > 60)[0]).max())

    assert period() == 10
    QTest.mouseMove(canvas, QPoint(200, 200))
    canvas.set_magnifier(True)
    assert canvas.magnifying
    assert period() == 19  # two columns of screen pixels each, a period of 20
    canvas.set_magnifier(False)
    assert not canvas.magnifying and period() == 10


def test_a_dragged_lens_is_gone_when_the_button_is(qtbot: QtBot) -> None:
    canvas = opened(qtbot, ramp(), Hands(drags={"Left": "magnify"}))
    QTest.mousePress(canvas, LEFT, NONE, QPoint(100, 100))
    QTest.mouseMove(canvas, QPoint(150, 100))
    assert canvas.magnifying
    QTest.mouseRelease(canvas, LEFT, NONE, QPoint(150, 100))
    assert not canvas.magnifying


def test_a_dragged_box_windows_to_its_percentiles(qtbot: QtBot) -> None:
    canvas = opened(qtbot, ramp(), Hands(drags={"Ctrl+Left": "window_region"}))
    with qtbot.assertNotEmitted(canvas.mark_drawn):
        drag(canvas, LEFT, QPoint(100, 100), QPoint(100, 50), CTRL)
    inside = ramp().frame(0)[50:75, 50:100]
    low, high = np.percentile(inside, (1, 99))
    window = canvas.view.window
    assert window is not None
    assert window.center - window.width / 2 == pytest.approx(low, abs=45)
    assert window.center + window.width / 2 == pytest.approx(high, abs=45)
    assert canvas.armed is None
    before = canvas.view
    drag(canvas, LEFT, QPoint(100, 100), QPoint(1, 1), CTRL)
    assert canvas.view == before


def test_the_window_of_a_region_by_keys(canvas: ImageCanvas) -> None:
    canvas.leaveEvent(None)  # type: ignore[arg-type]
    canvas.arm("window_region")
    before = canvas.view.window
    for key in ("Return", "Return", "Shift+Right", "Shift+Down", "Return"):
        assert canvas.tool_key(key)
    assert canvas.view.window != before and canvas.armed is None


def test_a_new_image_starts_with_no_half_drawn_mark(canvas: ImageCanvas, qtbot: QtBot) -> None:
    canvas.arm("angle")
    click(canvas, PLACES[0])
    click(canvas, PLACES[1])
    canvas.show_image(prepare(ramp()))
    with qtbot.assertNotEmitted(canvas.mark_drawn):
        click(canvas, PLACES[2])
    assert canvas.armed == "angle"


def test_the_hand_over_a_mark_is_shown(canvas: ImageCanvas) -> None:
    canvas.set_marks([MarkView("m1", "1", "ellipse", ((50.0, 50.0), (100.0, 90.0)))])
    QTest.mouseMove(canvas, canvas.to_screen(75, 50).toPoint())
    assert canvas.cursor().shape() == QCursor(Qt.CursorShape.SizeAllCursor).shape()
    QTest.mouseMove(canvas, canvas.to_screen(75, 70).toPoint())
    assert canvas.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_a_mark_out_of_sight_leaves_no_label_behind(qtbot: QtBot) -> None:
    canvas = opened(qtbot, ramp())
    canvas.one_to_one()
    for _ in range(6):
        canvas.zoom_by(2)
    alone = canvas.grab().toImage()
    canvas.set_marks([MarkView("m1", "1", "length", ((2.0, 2.0), (2.0, 12.0)))])
    assert canvas.grab().toImage() == alone
    canvas.fit()
    fitted = canvas.grab().toImage()
    canvas.set_marks([])
    assert canvas.grab().toImage() != fitted
