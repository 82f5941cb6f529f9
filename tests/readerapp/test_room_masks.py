"""Regions painted in the reading room: one stroke, one step; kept, undone, resumed; by mouse and by keys."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.images.image import Image, Window
from readerapp.reading.room import ReadingRoom
from readerapp.reading.session import ReadingSession
from readerapp.viewer.keymap import SHIPPED
from readerapp.viewer.mask_raster import empty, mask_of, raster_of
from studies.reading.events import event_to_json
from studies.reading.marks import Mark, mark_value
from studies.reading.masks import LONGEST_COUNTS, area_px, mask_of_counts
from studies.reading.study import open_as_reader
from tests.readerapp.canvases import LEFT, NONE, drag
from tests.readerapp.conftest import ShowRoom
from tests.readerapp.made_study import PASSPHRASE, MadeStudy, make_study
from tests.readerapp.real_cases import mammogram
from tests.readerapp.test_room import begin
from tests.readerapp.test_room_marks import do, marks, press
from tests.readerapp.watchdog import WatchedApplication

Enter = Callable[..., ReadingRoom]


@pytest.fixture
def enter(show_room: ShowRoom, qtbot: QtBot, tmp_path: Path) -> Enter:
    def open_room(keymap: str = "standard", session: ReadingSession | None = None) -> ReadingRoom:
        room = show_room(session or made(tmp_path).session(), keymap)
        begin(room, qtbot)
        return room

    return open_room


def made(folder: Path, frames: int = 1) -> MadeStudy:
    shape = (200, 160) if frames == 1 else (frames, 200, 160)
    pixels = np.random.default_rng(0).integers(0, 4096, shape, dtype=np.uint16)
    image = Image(pixels, bits_stored=12, windows=(Window(2048, 4096),), spacing_mm=(0.5, 0.5), spacing_calibrated=True)
    return make_study(folder / "study", [[image], [image]])


def the_mask(room: ReadingRoom) -> Mark:
    (mark,) = marks(room)
    return mark


def pixels(mark: Mark) -> np.ndarray:
    """(columns, rows) bool."""
    assert mark.mask is not None
    return raster_of(mark.mask, whole=True).pixels[: mark.mask.columns, : mark.mask.rows]


def at(room: ReadingRoom, column: float, row: float) -> QPoint:
    return room.stage.canvas.to_screen(column, row).toPoint()


def stroke(room: ReadingRoom, start: tuple[float, float], end: tuple[float, float]) -> None:
    first = at(room, *start)
    drag(room.stage.canvas, LEFT, first, at(room, *end) - first)


def width(room: ReadingRoom) -> int:
    return room.stage.canvas.brush_diameter


def test_strokes_over_a_mask_extend_it_and_others_begin_one(enter: Enter) -> None:
    room = enter()
    do(room, "draw_mask")
    assert room.stage.canvas.armed == "mask"
    stroke(room, (40, 40), (80, 40))
    first = the_mask(room)
    found = pixels(first)
    assert found[40:81, 40].all() and not found[:30].any() and not found[:, 60:].any()
    assert room.stage.canvas.armed == "mask" and room.stage.selected_mark == first.id
    stroke(room, (80, 40), (80, 90))
    extended = the_mask(room)
    assert extended.id == first.id and (pixels(extended) & found).sum() == found.sum()
    assert pixels(extended)[80, 40:91].all()
    stroke(room, (40, 150), (60, 150))
    assert len(marks(room)) == 2
    assert {mark.item_id for mark in marks(room)} == {room.session.focus}
    value = mark_value(extended)
    assert value is not None and extended.mask is not None
    assert (value.value, value.unit) == (area_px(extended.mask) * 0.25, "mm²") and extended.calibrated


def test_one_stroke_is_one_step(enter: Enter) -> None:
    room = enter()
    do(room, "draw_mask")
    stroke(room, (40, 40), (80, 40))
    one = the_mask(room)
    stroke(room, (60, 40), (60, 90))
    two = the_mask(room)
    do(room, "erase_mask")
    stroke(room, (40, 20), (40, 60))
    three = the_mask(room)
    assert area_px(three.mask) < area_px(two.mask) and not pixels(three)[40, 40]  # type: ignore[arg-type]
    for expected in ([two], [one], []):
        do(room, "undo")
        assert marks(room) == expected
    for expected in ([one], [two], [three]):
        do(room, "redo")
        assert marks(room) == expected


def test_what_is_erased_to_the_last_pixel_is_gone(enter: Enter) -> None:
    room = enter()
    do(room, "draw_mask")
    stroke(room, (40, 40), (60, 40))
    mark = the_mask(room)
    do(room, "erase_mask")
    stroke(room, (100, 150), (120, 150))  # beside it
    assert marks(room) == [mark]
    for _ in range(4):
        do(room, "brush_larger")
    stroke(room, (30, 40), (70, 40))
    assert marks(room) == []
    do(room, "undo")
    assert marks(room) == [mark]


def test_a_mask_of_another_item_is_left_alone(enter: Enter) -> None:
    room = enter()
    do(room, "draw_mask")
    stroke(room, (40, 40), (80, 40))
    mark = the_mask(room)
    do(room, "next_item")
    stroke(room, (60, 40), (60, 90))
    assert len(marks(room)) == 2 and mark in marks(room)
    assert len({mark.item_id for mark in marks(room)}) == 2


@pytest.mark.parametrize("name", SHIPPED)
def test_a_region_is_painted_and_erased_by_keys_alone(enter: Enter, name: str) -> None:
    room = enter(name)
    do(room, "draw_mask")
    for text in ("Return", "Return", "Shift+Right", "Shift+Right", "Return"):
        press(room, text)
    painted = the_mask(room)
    assert painted.mask is not None and painted.points[1][0] - painted.points[0][0] > 2 * width(room)
    before = width(room)
    do(room, "brush_larger")
    do(room, "brush_larger")
    assert width(room) > before
    do(room, "brush_smaller")
    do(room, "erase_mask")
    for text in ("Return", "Return", "Return"):
        press(room, text)
    assert 0 < area_px(the_mask(room).mask) < area_px(painted.mask)  # type: ignore[arg-type]
    do(room, "cancel")
    assert room.stage.canvas.armed is None
    do(room, "duplicate_mark")
    copy = marks(room)[1]
    assert area_px(copy.mask) == area_px(the_mask_of(room, painted.id).mask) and copy.points != painted.points  # type: ignore[arg-type]
    do(room, "delete_mark")
    assert [mark.id for mark in marks(room)] == [painted.id]


def the_mask_of(room: ReadingRoom, mark_id: str) -> Mark:
    return next(mark for mark in marks(room) if mark.id == mark_id)


def turn(room: ReadingRoom, steps: int, modifier: Qt.KeyboardModifier) -> None:
    canvas = room.stage.canvas
    place = QPointF(canvas.rect().center())
    event = QWheelEvent(
        place, QPointF(canvas.mapToGlobal(place.toPoint())), QPoint(), QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton, modifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


@pytest.mark.parametrize("name", SHIPPED)
def test_shift_and_the_wheel_size_the_brush_in_hand(enter: Enter, name: str) -> None:
    room = enter(name)
    shift = Qt.KeyboardModifier.ShiftModifier
    do(room, "draw_mask")
    view, before = room.stage.canvas.view, width(room)
    turn(room, 2, shift)
    wider = width(room)
    turn(room, -1, shift)
    assert wider > width(room) > before and room.stage.canvas.view == view
    do(room, "cancel")
    turn(room, 1, shift)  # no brush in hand: as the wheel alone
    assert room.stage.canvas.view != view


def test_a_brush_that_is_not_in_hand_keeps_its_size_and_says_why(enter: Enter) -> None:
    room = enter()
    before = width(room)
    do(room, "brush_larger")
    assert width(room) == before and "in hand" in room.panel.notice


def test_a_mask_is_there_again_after_the_session_broke_off(enter: Enter, tmp_path: Path) -> None:
    study = made(tmp_path)
    room = enter(session=study.session())
    do(room, "draw_mask")
    stroke(room, (40, 40), (80, 40))
    stroke(room, (60, 40), (60, 90))
    kept = the_mask(room)
    again = enter(session=ReadingSession(open_as_reader(study.root, "r1", PASSPHRASE)))
    assert marks(again) == [kept]
    canvas = again.stage.canvas
    shown = canvas.grab().toImage()
    inside, outside = at(again, 60, 60), at(again, 120, 150)
    again.stage.hide_overlays(True)
    bare = canvas.grab().toImage()
    assert shown.pixel(inside) != bare.pixel(inside)
    assert shown.pixel(outside) == bare.pixel(outside)


def test_a_scribble_too_intricate_to_keep_is_refused_in_words(enter: Enter) -> None:
    room = enter()
    do(room, "draw_mask")
    stroke(room, (40, 40), (80, 40))
    mark = the_mask(room)
    noise = np.random.default_rng(1).integers(1, 60, 60_000)
    scribble = mask_of_counts(2000, 1000, [*noise.tolist(), 2_000_000 - int(noise.sum())])
    assert len(scribble.counts) > LONGEST_COUNTS
    room.stage.mask_painted.emit("", scribble, 0, 0)
    assert marks(room) == [mark]
    assert "larger brush" in room.panel.notice


def test_a_journal_line_of_a_large_region_stays_small(enter: Enter, tmp_path: Path) -> None:
    """An ellipse of 3,000 × 2,000 pixels on a mammogram."""
    room = enter()
    columns, rows = np.arange(3064)[:, None], np.arange(4664)[None, :]
    region = ((columns - 1500) / 1000) ** 2 + ((rows - 2000) / 1500) ** 2 <= 1
    raster = empty(3064, 4664)
    raster.pixels[:3064, :4664] = region
    mask = mask_of(raster.pixels, 4664, 3064, (0, 3064))
    assert mask is not None and len(mask.counts) < 12_000
    room.stage.mask_painted.emit("", mask, 0, 0)
    (event,) = [event for event in room.session.view.events() if event.kind == "mark_added"]
    assert len(event_to_json(event)) < 15_000


def test_strokes_on_the_real_mammogram_keep_no_hand_waiting(
    enter: Enter, tmp_path: Path, shared_data: Path, qapp: WatchedApplication
) -> None:
    """4664 × 3064: paint, extend, erase and undo with a brush of 200 columns; each stroke is in the journal."""
    view = mammogram(shared_data)
    room = enter(session=make_study(tmp_path / "study", [[view], [view]]).session())
    do(room, "draw_mask")
    for _ in range(2):
        do(room, "brush_larger")
    assert width(room) >= 200
    qapp.watch()
    stroke(room, (600, 600), (2400, 3800))
    stroke(room, (2400, 600), (600, 3800))
    do(room, "erase_mask")
    stroke(room, (300, 2000), (2700, 2200))
    do(room, "undo")
    QApplication.processEvents()
    qapp.watching = False
    assert len(room.session.state.undo) == 2 and area_px(the_mask(room).mask) > 1_000_000  # type: ignore[arg-type]
    slowest = max(qapp.slowest, key=lambda slow: slow.processor_s, default=None)
    assert not qapp.above(0.05), slowest
    print(slowest)


def test_a_region_is_moved_by_its_edge_and_windowed_inside(enter: Enter) -> None:
    room = enter()
    do(room, "draw_mask")
    do(room, "brush_larger")
    do(room, "brush_larger")
    do(room, "brush_larger")
    stroke(room, (60, 60), (100, 60))
    do(room, "cancel")
    mark = the_mask(room)
    view = room.stage.canvas.view
    stroke(room, (80, 60), (90, 70))
    assert the_mask(room) == mark and room.stage.canvas.view.window != view.window
    edge = (80, mark.points[0][1] + 0.5)
    stroke(room, edge, (edge[0] + 20, edge[1] + 10))
    moved = the_mask(room)
    assert np.allclose(np.subtract(moved.points, mark.points), (20, 10), atol=1)
    assert area_px(moved.mask) == area_px(mark.mask)  # type: ignore[arg-type]


def test_a_stroke_is_taken_back_by_the_other_button_and_by_another_slice(enter: Enter, tmp_path: Path) -> None:
    room = enter(session=made(tmp_path, frames=3).session())
    do(room, "draw_mask")
    canvas = room.stage.canvas
    QTest.mousePress(canvas, LEFT, NONE, at(room, 40, 40))
    QTest.mouseMove(canvas, at(room, 60, 60))
    QTest.mousePress(canvas, Qt.MouseButton.RightButton, NONE, at(room, 60, 60))
    QTest.mouseRelease(canvas, Qt.MouseButton.RightButton, NONE, at(room, 60, 60))
    QTest.mouseRelease(canvas, LEFT, NONE, at(room, 60, 60))
    assert marks(room) == [] and canvas.armed == "mask"
    QTest.mousePress(canvas, LEFT, NONE, at(room, 40, 40))
    QTest.mouseMove(canvas, at(room, 60, 60))
    do(room, "last_frame")
    QTest.mouseRelease(canvas, LEFT, NONE, at(room, 60, 60))
    assert marks(room) == [] and canvas.armed == "mask"
    stroke(room, (40, 40), (60, 60))
    do(room, "first_frame")
    stroke(room, (40, 40), (60, 60))
    assert [(mark.frame, mark.kind) for mark in marks(room)] == [(2, "mask"), (0, "mask")]
