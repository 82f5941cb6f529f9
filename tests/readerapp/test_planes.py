"""Three planes of a stack, or one cell in another plane, under real keys and mouse."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.images import open_series
from engine.images.image import Image, Window
from readerapp.reading.room import ReadingRoom
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.laid_over import PlacedMark
from readerapp.viewer.layouts import HangingError, hang, parse_rules
from readerapp.viewer.marks import MarkView
from readerapp.viewer.stage import Stage
from tests.readerapp.made_study import make_study, small_image
from tests.readerapp.test_linking import volume
from tests.readerapp.test_room import CTRL, NONE, SHIFT, Enter, begin, draw, enter, every_text, key
from tests.readerapp.test_stage import LEFT, hover, show, wheel

__all__ = ["enter", "show"]

Show = Callable[..., Stage]
FRAMES, PIXELS = 24, 60  # 24 slices of 2.5 mm, 60 × 60 pixels of 1 mm
CTRL_SHIFT = CTRL | SHIFT


def head(**facts: object) -> Image:
    """An axial CT: a gradient along every axis, and one bright voxel at frame 16, row 20, column 40."""
    empty = volume(FRAMES, PIXELS, 1.0, 2.5, row_direction="L", column_direction="P", units="HU", **facts)
    frame, row, column = np.indices(empty.pixels.shape)
    pixels = (10 * frame + 2 * row + column).astype(np.int16)
    pixels[16, 20, 40] = 2000
    return replace(empty, pixels=pixels, windows=(Window(200, 500),), spacing_calibrated=True)


def shifted() -> Image:
    """As of a tilted gantry."""
    image = head()
    places = tuple((x, y + 0.8 * k, z) for k, (x, y, z) in enumerate(image.frame_origins_mm))
    return replace(image, frame_origins_mm=places)


def frames(stage: Stage) -> list[int]:
    return [canvas.view.frame for canvas in stage.canvases]


def mpr(show: Show, image: Image | None = None) -> Stage:
    stage = show([image or head()], (1202, 640))
    stage.set_layout("mpr")
    return stage


def pull(canvas: ImageCanvas, start: QPointF, end: QPointF) -> None:
    QTest.mousePress(canvas, LEFT, NONE, start.toPoint())
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(canvas, (start + (end - start) * share).toPoint())
    QTest.mouseRelease(canvas, LEFT, NONE, end.toPoint())


def texts(canvas: ImageCanvas) -> str:
    return " | ".join(canvas.painted_texts())


def line_at(canvas: ImageCanvas) -> tuple[int, int]:
    """Column and row of the picture at which the two lines are painted: where it differs from the one without."""
    with_lines = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)

    def blue(x: int, y: int) -> bool:
        color = with_lines.pixelColor(x, y)
        return color.blue() > color.red() + 60

    left, top = canvas.to_screen(0, 0).toPoint().toTuple()
    width, height = canvas.width(), canvas.height()
    upright = [x for x in range(5, width - 5) if sum(blue(x, top + dy) for dy in range(3, 9)) == 6]
    level = [y for y in range(5, height - 5) if sum(blue(left + dx, y) for dx in range(3, 9)) == 6]
    assert upright and level
    at = canvas.to_image(QPointF(upright[len(upright) // 2] + 0.5, level[len(level) // 2] + 0.5))
    return round(at[0]), round(at[1])


def test_the_three_planes_of_a_ct(show: Show) -> None:
    stage = mpr(show)
    axial, coronal, sagittal = stage.canvases
    assert "as acquired, axial" in texts(axial) and "reformatted" not in texts(axial)
    assert "reformatted, coronal" in texts(coronal) and "reformatted, sagittal" in texts(sagittal)
    for canvas, letters in ((axial, "R A L P"), (coronal, "R H L F"), (sagittal, "A H P F")):
        assert all(letter in canvas.painted_texts() for letter in letters.split())
    per_mm = {canvas.placement().scale / canvas.image.spacing_mm[1] for canvas in stage.canvases}  # type: ignore[union-attr,index]
    assert len(per_mm) == 1, "a millimetre is as long in every plane"
    assert coronal.placement().aspect == pytest.approx(2.5), "and upright as long as across"
    assert {canvas.view.window for canvas in stage.canvases} == {Window(200, 500)}


def test_a_plane_shows_its_voxels_interpolated_along_the_slices(show: Show) -> None:
    stage = mpr(show)
    coronal = stage.canvases[1]
    coronal.set_frame(20)
    stage.hide_overlays(True)
    bright = coronal.to_screen(40, FRAMES - 1 - 16)
    picture = coronal.grab().toImage()
    values = [picture.pixelColor(bright.toPoint() + QPoint(0, dy)).red() for dy in range(-40, 41)]
    assert max(values[38:43]) == 255 and values[0] < 200 and values[-1] < 200
    # Between two slices values run evenly: no step of a whole slice on a column of the gradient.
    x = coronal.to_screen(10, 0).toPoint().x()
    ends = [coronal.to_screen(10, row).toPoint().y() for row in (4, 18)]
    run = np.array([picture.pixelColor(x, y).red() for y in range(*ends)])
    assert run[0] > run[-1] and np.abs(np.diff(run)).max() <= 2


def test_lines_stand_where_the_others_cut_and_follow_scrolling(show: Show) -> None:
    stage = mpr(show)
    axial, coronal, sagittal = stage.canvases
    assert frames(stage) == [0, 30, 30]
    wheel(axial, -7)
    wheel(coronal, 5)
    assert frames(stage) == [7, 25, 30]
    assert line_at(axial) == (29, 25), "sagittal slices run from L to R"
    assert line_at(coronal) == (29, FRAMES - 1 - 7)
    assert line_at(sagittal) == (25, FRAMES - 1 - 7)
    stage.hide_overlays(True)
    with pytest.raises(AssertionError):
        line_at(axial)


def test_a_line_is_dragged_and_the_crossing_too(show: Show) -> None:
    stage = mpr(show)
    axial, coronal, sagittal = stage.canvases
    window = axial.view.window
    pull(axial, axial.to_screen(29, 8), axial.to_screen(40, 20))  # the upright line alone
    assert frames(stage) == [0, 30, PIXELS - 1 - 40]
    pull(axial, axial.to_screen(40, 30), axial.to_screen(12, 20))  # both
    assert frames(stage) == [0, 20, PIXELS - 1 - 12]
    pull(coronal, coronal.to_screen(30, FRAMES - 1), coronal.to_screen(30, FRAMES - 1 - 16))  # the level line
    assert frames(stage) == [16, 20, PIXELS - 1 - 12]
    assert axial.view.window == window and stage.canvas is coronal
    pull(sagittal, sagittal.to_screen(50, 5), sagittal.to_screen(54, 5))  # beside the lines: the window as ever
    assert frames(stage) == [16, 20, PIXELS - 1 - 12] and sagittal.view.window != window


def test_escape_takes_a_dragged_line_back(show: Show) -> None:
    stage = mpr(show)
    axial = stage.canvases[0]
    start = axial.to_screen(29, 8).toPoint()
    QTest.mousePress(axial, LEFT, NONE, start)
    for step in (20, 60):
        QTest.mouseMove(axial, start + QPoint(step, 0))
    assert frames(stage)[2] != 30
    assert axial.cancel()
    assert frames(stage) == [0, 30, 30]


def test_lines_of_a_turned_picture_are_dragged_the_way_they_lie(show: Show) -> None:
    stage = mpr(show)
    axial = stage.canvases[0]
    axial.rotate(1)
    pull(axial, axial.to_screen(29, 8), axial.to_screen(40, 8))
    assert frames(stage) == [0, 30, PIXELS - 1 - 40]


def test_shift_with_the_mouse_shows_a_place_in_every_plane(show: Show) -> None:
    stage = mpr(show)
    axial, coronal, sagittal = stage.canvases
    hover(coronal, (40.0, 7.0), SHIFT)
    assert frames(stage) == [FRAMES - 1 - 7, 30, PIXELS - 1 - 40]
    hover(sagittal, (12.0, 3.0), SHIFT)
    assert frames(stage) == [FRAMES - 1 - 3, 12, PIXELS - 1 - 40]
    before = frames(stage)
    hover(axial, (40.0, 700.0), SHIFT)  # beside the volume
    assert frames(stage) == before


def test_window_and_zoom_are_linked_and_can_be_let_go(show: Show) -> None:
    stage = mpr(show)
    axial, coronal, sagittal = stage.canvases
    assert stage.possible_links == {"zoom", "window"}
    coronal.set_window(Window(40, 80))
    assert {canvas.view.window for canvas in stage.canvases} == {Window(40, 80)}
    axial.zoom_at(axial.to_screen(45, 25), 2.0, axial.placement())
    scales = [canvas.placement().scale / canvas.image.spacing_mm[1] for canvas in stage.canvases]  # type: ignore[union-attr,index]
    assert scales == pytest.approx([scales[0]] * 3)
    assert coronal.placement().x == pytest.approx(axial.placement().x), "what both share stays one above the other"
    assert sagittal.placement().x == pytest.approx(axial.placement().y)
    assert coronal.placement().y == pytest.approx((FRAMES - 1) / 2), "what is across the first stays"
    stage.toggle_link("window")
    coronal.set_window(Window(300, 900))
    assert axial.view.window == Window(40, 80)


def test_planes_of_one_scan_have_one_window_whichever_it_was_taken_from(show: Show) -> None:
    """An automatic window is that of the plane at hand; the planes beside it do not take one of their own."""
    stage = mpr(show, replace(head(), modality="MR", windows=(), units=""))
    coronal = stage.canvases[1]
    coronal.set_frame(3)
    coronal.step_window(wider=5)
    coronal.reset_view()
    assert coronal.view.preset_id == "auto"
    assert {canvas.view.window for canvas in stage.canvases} == {coronal.view.window}


def test_the_probe_tells_real_values_in_a_reformat(show: Show) -> None:
    stage = mpr(show)
    coronal = stage.canvases[1]
    coronal.set_frame(20)
    stage.pointing.toggle_probe()
    hover(coronal, (40.0, FRAMES - 1 - 16.0), NONE)
    assert "2000 HU" in texts(coronal)


def test_a_slab_of_a_reformat_shows_its_greatest_value(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    room = opened(enter, tmp_path, qtbot, head())
    key(room, "M", CTRL)
    key(room, Qt.Key.Key_Right)
    coronal = room.stage.canvas
    coronal.set_frame(21)
    key(room, Qt.Key.Key_Up, CTRL)
    key(room, "P", CTRL)
    assert "maximum of 3 slices" in texts(coronal)
    room.stage.hide_overlays(True)
    at = coronal.to_screen(40, FRAMES - 1 - 16).toPoint()
    assert coronal.grab().toImage().pixelColor(at).red() == 255


def opened(enter: Enter, tmp_path: Path, qtbot: QtBot, *images: Image) -> ReadingRoom:
    room = enter(make_study(tmp_path / "study", [list(images)]))
    room.resize(1366, 768)
    begin(room, qtbot)
    return room


def told(room: ReadingRoom) -> str:
    return " ".join(every_text(room))


def test_keys_open_planes_and_close_them(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    room = opened(enter, tmp_path, qtbot, head())
    stage = room.stage
    key(room, "M", CTRL)
    assert len(stage.canvases) == 3 and stage.arrangement["grid"] == "mpr"
    key(room, Qt.Key.Key_Right)
    assert stage.canvas is stage.canvases[1]
    key(room, Qt.Key.Key_Down)
    assert frames(stage) == [0, 31, 30]
    key(room, "M", CTRL_SHIFT)
    key(room, Qt.Key.Key_F9)
    assert [canvas.reformat.plane for canvas in stage.canvases if canvas.reformat] == ["sagittal"]
    key(room, Qt.Key.Key_F9)
    key(room, "M", CTRL)
    assert len(stage.canvases) == 1 and stage.canvas.reformat is None and stage.arrangement["grid"] == "1x1"
    key(room, "M", CTRL)
    key(room, Qt.Key.Key_F6)
    assert stage.arrangement["grid"] == "1x1"


def test_one_cell_goes_through_the_planes(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    room = opened(enter, tmp_path, qtbot, head())
    seen = []
    for _ in range(3):
        key(room, "M", CTRL_SHIFT)
        seen.append(room.stage.canvas.reformat.plane if room.stage.canvas.reformat else "")
    assert seen == ["coronal", "sagittal", ""]
    assert len(room.stage.canvases) == 1


@pytest.mark.parametrize(
    ("image", "sentence"),
    [
        (shifted(), "shifted against each other"),
        (head(frame_positions_mm=tuple(2.5 * k + (1.0 if k > 9 else 0.0) for k in range(FRAMES))), "unevenly spaced"),
        (small_image(0), "one image, not a stack"),
    ],
    ids=["tilted", "uneven", "single"],
)
def test_what_has_no_planes_says_why(enter: Enter, tmp_path: Path, qtbot: QtBot, image: Image, sentence: str) -> None:
    room = opened(enter, tmp_path, qtbot, image)
    assert sentence not in told(room)
    for modifiers in (CTRL, CTRL_SHIFT):
        key(room, "M", modifiers)
        assert sentence in told(room)
        assert len(room.stage.canvases) == 1 and room.stage.canvas.reformat is None


def test_marks_are_refused_on_a_reformat_and_stay_on_their_slice(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    room = opened(enter, tmp_path, qtbot, head())
    stage = room.stage
    key(room, "B")
    draw(room, (10, 10), (20, 22))
    assert len(room.session.state.marks) == 1
    key(room, "M", CTRL)
    assert [len(canvas._marks) for canvas in stage.canvases] == [1, 0, 0]
    key(room, Qt.Key.Key_Right)
    for tool in "BQEDA":
        key(room, tool)
        assert stage.canvas.armed is None and "slices as acquired" in told(room)
    key(room, Qt.Key.Key_Left)
    key(room, "B")
    assert stage.canvas.armed == "box"
    window = stage.canvases[1].view.window
    draw_on(stage.canvases[1], (10, 3), (20, 12))  # armed over there: put away, not drawn here
    assert len(room.session.state.marks) == 1 and stage.canvases[1].armed is None
    assert stage.canvases[1].view.window != window
    key(room, "J")  # the next mark: back on the plane it lies on
    assert stage.place == (0, 0) and stage.selected_mark


def draw_on(canvas: ImageCanvas, start: tuple[float, float], end: tuple[float, float]) -> None:
    pull(canvas, canvas.to_screen(*start), canvas.to_screen(*end))


def test_a_mark_brings_its_own_plane_up(show: Show) -> None:
    stage = show([head()])
    stage.set_marks([PlacedMark(0, 5, MarkView("m", "1", "box", ((1.0, 1.0), (9.0, 9.0)), True))])
    stage.next_plane()
    stage.canvas.set_frame(5)
    assert stage.canvas.painted_texts().count("1") == 0
    stage.show_mark("m")
    assert stage.place == (0, 0) and stage.canvas.view.frame == 5 and stage.selected_mark == "m"


def test_planes_are_kept_and_restored(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    made = make_study(tmp_path / "study", [[head()]])
    room = enter(made)
    begin(room, qtbot)
    key(room, "M", CTRL)
    key(room, Qt.Key.Key_Right)
    for _ in range(4):
        key(room, Qt.Key.Key_Up)
    arrangement = room.stage.arrangement
    room.leave()
    again = enter(made)
    qtbot.waitUntil(lambda: again.mode == "reading", timeout=10_000)
    assert again.stage.arrangement == arrangement and frames(again.stage) == [0, 26, 30]
    assert again.stage.canvas is again.stage.canvases[1]


@pytest.mark.parametrize("kept", [{"frames": [[0, 7, 1], [9, 1, 1], "x"], "shown": [[0, 5]]}, 3, {"frames": 1}])
def test_planes_that_do_not_fit_are_passed_over(show: Show, kept: object) -> None:
    stage = show([head()], arrangement={"grid": "1x1", "planes": kept})
    assert stage.place == (0, 0)


def test_two_series_in_another_plane_scroll_together(show: Show) -> None:
    """Side by side and both cut coronally, they are two stacks of one plane."""
    stage = show([head(), replace(head(), pixels=head().pixels.copy())], (1202, 640))
    for index in (1, 0):
        stage.show_image(index)
        stage.next_plane()
    assert [canvas.reformat.plane for canvas in stage.canvases if canvas.reformat] == ["coronal"] * 2
    stage.canvas.set_frame(12)
    assert frames(stage) == [12, 12]


MPR_RULES = """
[[rules]]
name = "CT in three planes"
grid = "mpr"
images = [1, 1]
modality = "CT"
stacks = true

[[rules]]
name = "rest"
grid = "1x1"
"""


def test_a_rule_hangs_ct_in_three_planes_where_that_can_be_done(show: Show) -> None:
    rules = parse_rules(MPR_RULES)
    assert hang([head()], rules).grid.name == "mpr"
    assert hang([shifted()], rules).grid.name == "1x1"
    assert hang([replace(head(), modality="MR")], rules).grid.name == "1x1"
    assert hang([small_image(0)], rules).grid.name == "1x1"
    with pytest.raises(HangingError, match="not mpr"):
        parse_rules('[[rules]]\nname = "all"\ngrid = "mpr"\n')
    with pytest.raises(HangingError, match="describes cells"):
        parse_rules(MPR_RULES.replace("stacks = true", 'cells = [{view = "PA"}]'))


def test_a_real_mr_series_in_three_planes(show: Show, shared_data: Path) -> None:
    image = open_series(sorted((shared_data / "dicom" / "series_mr_axial").iterdir()))
    stage = mpr(show, image)
    assert [canvas.reformat.plane for canvas in stage.canvases if canvas.reformat] == ["axial", "coronal", "sagittal"]
    assert stage.canvases[1].placement().aspect == pytest.approx(7.0 / 0.859375, rel=1e-3)
    stage.canvases[2].set_frame(100)
    assert line_at(stage.canvases[1])[0] == 255 - 100
