"""Turned and flipped pictures: both ways of the mapping, the pixels, the letters, and what keeps them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF
from pytestqt.qtbot import QtBot

from engine.images.image import Image, Window
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.captions import SideLetters, orientation_caption, side_letters
from readerapp.viewer.display import Placement, fill, fit, sample
from readerapp.viewer.marks import MarkView
from readerapp.viewer.pyramid import build_pyramid
from readerapp.viewer.view_state import ImageView, prepare, view_from_record, view_to_record
from tests.readerapp.canvases import LEFT, MIDDLE, drag, ramp

SIZE = (400, 300)
TURNS, FLIPS = st.integers(0, 3), st.booleans()


@given(turns=TURNS, flipped=FLIPS, sx=st.floats(0, 400), sy=st.floats(0, 300), aspect=st.floats(0.3, 3))
def test_screen_and_image_points_are_inverse_however_it_lies(
    turns: int, flipped: bool, sx: float, sy: float, aspect: float
) -> None:
    placement = Placement(1.7, 30.0, 20.0, aspect, turns, flipped)
    assert placement.to_screen(*placement.to_image(sx, sy, SIZE), SIZE) == pytest.approx((sx, sy), abs=1e-6)


@given(turns=TURNS, flipped=FLIPS, dx=st.floats(-90, 90), dy=st.floats(-90, 90))
def test_a_pan_moves_the_picture_with_the_hand_however_it_lies(turns: int, flipped: bool, dx: float, dy: float) -> None:
    placement = Placement(0.6, 30.0, 20.0, 1.5, turns, flipped)
    held = placement.to_image(120, 90, SIZE)
    moved = placement.panned(dx, dy)
    assert moved.to_screen(*held, SIZE) == pytest.approx((120 + dx, 90 + dy), abs=1e-6)


@given(turns=TURNS, flipped=FLIPS)
def test_turns_and_mirrors_are_what_is_seen(turns: int, flipped: bool) -> None:
    """As seen on the screen: a mirror changes one screen direction only, a right turn takes up to the right."""
    before = Placement(1.0, 50.0, 40.0, 1.0, turns, flipped)
    x, y = before.to_screen(57.0, 43.0, SIZE)
    left_right = before.mirrored().to_screen(57.0, 43.0, SIZE)
    assert left_right == pytest.approx((SIZE[0] - x, y))
    assert before.mirrored(vertically=True).to_screen(57.0, 43.0, SIZE) == pytest.approx((x, SIZE[1] - y))
    across, down = x - SIZE[0] / 2, y - SIZE[1] / 2
    turned = before.rotated(1).to_screen(57.0, 43.0, SIZE)
    assert turned == pytest.approx((SIZE[0] / 2 - down, SIZE[1] / 2 + across))
    assert before.mirrored().mirrored() == before
    assert before.rotated(-1).rotated(5) == before


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("flipped", [False, True])
def test_pixels_are_those_of_numpy(turns: int, flipped: bool) -> None:
    pixels = np.random.default_rng(1).integers(0, 4096, (120, 200), dtype=np.uint16)
    seen = np.rot90(pixels[:, ::-1] if flipped else pixels, -turns)
    size = (seen.shape[1], seen.shape[0])
    placement = fit(120, 200, size, 1.0, turns, flipped)
    assert placement.scale == 1.0
    sampled = sample(build_pyramid(Image(pixels=pixels)), placement, size)
    assert sampled is not None and (sampled.left, sampled.top) == (0, 0)
    np.testing.assert_array_equal(sampled.values, seen)


@given(turns=TURNS, flipped=FLIPS, row=st.integers(2, 27), column=st.integers(2, 37))
@settings(max_examples=60, deadline=None)
def test_a_pixel_lands_where_the_mapping_says(turns: int, flipped: bool, row: int, column: int) -> None:
    pixels = np.zeros((30, 40), np.uint16)
    pixels[row, column] = 4000
    placement = Placement(8.0, 20.5, 14.5, 1.0, turns, flipped)
    sampled = sample(build_pyramid(Image(pixels=pixels)), placement, SIZE, smooth=False)
    x, y = placement.to_screen(column, row, SIZE)
    if sampled is None or not (8 < x < SIZE[0] - 8 and 8 < y < SIZE[1] - 8):
        return
    rows, columns = np.nonzero(sampled.values)
    assert sampled.left + (columns.min() + columns.max() + 1) / 2 == pytest.approx(x, abs=0.51)
    assert sampled.top + (rows.min() + rows.max() + 1) / 2 == pytest.approx(y, abs=0.51)


def test_padding_is_turned_with_the_pixels() -> None:
    pixels = np.full((60, 90), 500, np.uint16)
    pixels[:, :30] = 0
    sampled = sample(build_pyramid(Image(pixels=pixels, padding=(0, 0))), fit(60, 90, (60, 90), 1.0, 1), (60, 90))
    assert sampled is not None and sampled.black is not None
    assert sampled.black[:30].all() and not sampled.black[30:].any()


@pytest.mark.parametrize("turns", [0, 1])
def test_fit_shows_all_and_fill_leaves_nothing_empty(turns: int) -> None:
    for how, covers in ((fit, False), (fill, True)):
        placement = how(100, 200, SIZE, 1.0, turns)
        corners = [placement.to_screen(x, y, SIZE) for x in (-0.5, 199.5) for y in (-0.5, 99.5)]
        width = max(x for x, _ in corners) - min(x for x, _ in corners)
        height = max(y for _, y in corners) - min(y for _, y in corners)
        assert (width >= SIZE[0] - 1e-6 and height >= SIZE[1] - 1e-6) is covers
        assert width == pytest.approx(SIZE[0]) or height == pytest.approx(SIZE[1])


def test_letters_follow_the_picture() -> None:
    image = ramp(row_direction="L", column_direction="FP")
    assert side_letters(image, ImageView()) == SideLetters("R", "H", "L", "F")
    assert side_letters(image, ImageView(flipped=True)) == SideLetters("L", "H", "R", "F")
    assert side_letters(image, ImageView(quarter_turns=1)) == SideLetters("F", "R", "H", "L")
    assert side_letters(image, ImageView(quarter_turns=2, flipped=True)) == SideLetters("R", "F", "L", "H")
    assert side_letters(ramp(), ImageView(quarter_turns=1)) == SideLetters()


def test_it_is_said_while_it_is_on() -> None:
    assert orientation_caption(ImageView()) == ""
    assert orientation_caption(ImageView(quarter_turns=3, flipped=True)) == "flipped, rotated 270°"


@pytest.fixture
def canvas(qtbot: QtBot) -> ImageCanvas:
    made = ImageCanvas()
    qtbot.addWidget(made)
    made.resize(400, 300)
    pixels = np.random.default_rng(0).integers(0, 4096, (100, 180), dtype=np.uint16)
    made.show_image(prepare(Image(pixels=pixels, windows=(Window(2048, 4096),), row_direction="L")))
    with qtbot.waitSignal(made.first_painted, timeout=5000):
        made.show()
    return made


def test_a_turned_picture_still_fits_and_comes_back(canvas: ImageCanvas) -> None:
    before = canvas.view
    canvas.rotate(1)
    assert canvas.placement().scale == pytest.approx(300 / 180)
    assert "rotated 90°" in canvas.painted_texts()
    canvas.flip_vertical()
    canvas.flip_vertical()
    canvas.rotate(-1)
    assert canvas.view == before


def test_marks_stay_in_stored_coordinates_while_the_picture_lies_otherwise(canvas: ImageCanvas, qtbot: QtBot) -> None:
    canvas.rotate(1)
    canvas.flip_horizontal()
    canvas.set_marks([MarkView("m1", "1", "arrow", ((20.0, 30.0), (120.0, 60.0)))])
    with qtbot.waitSignal(canvas.mark_moved) as moved:
        start = canvas.to_screen(70, 45).toPoint()
        drag(canvas, LEFT, start, canvas.to_screen(80, 40).toPoint() - start)
    assert np.allclose(moved.args[1], ((30, 25), (130, 55)), atol=1.5)
    canvas.arm("box")
    with qtbot.waitSignal(canvas.mark_drawn) as drawn:
        start = canvas.to_screen(10, 10).toPoint()
        drag(canvas, LEFT, start, canvas.to_screen(50, 40).toPoint() - start)
    assert np.allclose(drawn.args[1], ((10, 10), (50, 40)), atol=1)


def test_a_turned_picture_is_dragged_with_the_hand(canvas: ImageCanvas) -> None:
    canvas.rotate(1)
    canvas.zoom_by(2)
    held = canvas.to_image(QPointF(200, 150))
    drag(canvas, MIDDLE, QPoint(200, 150), QPoint(60, -40))
    assert canvas.to_image(QPointF(260, 110)) == pytest.approx(held)
    assert (canvas.view.quarter_turns, canvas.view.flipped) == (1, False)


def test_the_record_keeps_how_it_lies_and_an_older_one_lies_as_stored(canvas: ImageCanvas) -> None:
    assert canvas.image is not None
    canvas.rotate(3)
    canvas.flip_horizontal()
    canvas.toggle_smoothing()
    for _ in range(2):
        again = view_from_record(view_to_record(canvas.view), canvas.image)
        assert (again.quarter_turns, again.flipped, again.smooth) == (1, True, False)
        assert again.placement == canvas.view.placement
        canvas.zoom_by(1)
    older = view_from_record({"frame": 0, "preset": "", "inverted": False}, canvas.image)
    assert (older.quarter_turns, older.flipped, older.smooth) == (0, False, True)
    assert view_from_record({"frame": 0, "preset": "", "inverted": False, "turned": 7}, canvas.image).quarter_turns == 0


def test_reset_puts_it_upright(canvas: ImageCanvas) -> None:
    canvas.rotate(1)
    canvas.zoom_by(3)
    canvas.reset_view()
    assert (canvas.view.quarter_turns, canvas.view.placement) == (0, None)
