"""The stage under real keys and mouse: layouts, pages, links, what is kept."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.images import open_image
from engine.images.image import Image, Window
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.hands import Hands
from readerapp.viewer.laid_over import PlacedMark
from readerapp.viewer.linked_cursor import LinkedCursor
from readerapp.viewer.marks import MarkView
from readerapp.viewer.stage import Stage
from readerapp.viewer.view_state import prepare
from tests.readerapp.made_study import make_study
from tests.readerapp.test_layouts import breast
from tests.readerapp.test_linking import film, volume
from tests.readerapp.test_room import CTRL, NONE, Enter, begin, enter, every_text, key

__all__ = ["enter"]

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton

Show = Callable[..., Stage]


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    def open_stage(images: list[Image], size: tuple[int, int] = (802, 640), **more: object) -> Stage:
        stage = Stage(Hands())
        qtbot.addWidget(stage)
        stage.resize(*size)
        prepared = [prepare(image) for image in images]
        stage.show_case(prepared, [None] * len(images), **more)  # type: ignore[arg-type]
        with qtbot.waitSignal(stage.first_painted, timeout=5000):
            stage.show()
        return stage

    return open_stage


def textured(image: Image, **facts: object) -> Image:
    pixels = np.random.default_rng(1).integers(0, 2000, image.pixels.shape).astype(image.pixels.dtype)
    return replace(image, pixels=pixels, windows=(Window(1000, 2000),), **facts)  # type: ignore[arg-type]


def four() -> list[Image]:
    views = [("MLO", "L"), ("CC", "L"), ("MLO", "R"), ("CC", "R")]
    return [textured(breast(*each, spacing_mm=(0.1 * (1 + n % 2),) * 2)) for n, each in enumerate(views)]


def pair() -> list[Image]:
    return [textured(volume(40, 64, 1.0, 1.0)), textured(volume(10, 32, 2.0, 4.0))]


def wheel(canvas: ImageCanvas, notches: int) -> None:
    at = QPointF(canvas.rect().center())
    event = QWheelEvent(
        at, at, QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton, NONE, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(canvas, event)


def drag(canvas: ImageCanvas, button: Qt.MouseButton, dx: int, dy: int) -> None:
    start = canvas.rect().center()
    QTest.mousePress(canvas, button, NONE, start)
    for share in (0.4, 1.0):
        QTest.mouseMove(canvas, start + QPoint(round(dx * share), round(dy * share)))
    QTest.mouseRelease(canvas, button, NONE, start + QPoint(dx, dy))


def hung(stage: Stage) -> list[ImageCanvas]:
    return stage.canvases


def edge(canvas: ImageCanvas, side: str) -> float:
    """Distance of the picture from a side of its cell, logical pixels."""
    image = canvas.image
    assert image is not None
    ends = canvas.to_screen(-0.5, 0).x(), canvas.to_screen(image.columns - 0.5, 0).x()
    return min(ends) if side == "left" else canvas.width() - max(ends)


def test_four_mammograms_on_the_screen(show: Show) -> None:
    stage = show(four())
    shown = [(canvas.image.laterality, canvas.image.view) for canvas in hung(stage) if canvas.image is not None]
    assert shown == [("R", "CC"), ("L", "CC"), ("R", "MLO"), ("L", "MLO")]
    places = [canvas.mapTo(stage, QPoint(0, 0)) for canvas in hung(stage)]
    assert places[0].x() < places[1].x() and places[0].y() == places[1].y() < places[2].y()
    assert [edge(canvas, side) for canvas, side in zip(hung(stage), ("right", "left") * 2, strict=True)] == (
        pytest.approx([0, 0, 0, 0], abs=0.01)
    )
    per_mm = [canvas.placement().scale / canvas.image.spacing_mm[1] for canvas in hung(stage)]  # type: ignore[union-attr,index]
    assert per_mm == pytest.approx([per_mm[0]] * 4)
    assert len({canvas.size().toTuple() for canvas in hung(stage)}) == 1
    assert "R CC" in stage.painted_texts()


def test_images_stay_at_their_edge_when_the_window_changes_its_size(show: Show, qtbot: QtBot) -> None:
    stage = show(four())
    stage.resize(1000, 500)
    qtbot.waitUntil(lambda: stage.width() == 1000)
    assert edge(hung(stage)[0], "right") == pytest.approx(0, abs=0.01)


def test_an_image_stored_the_other_way_is_painted_mirrored(show: Show) -> None:
    right = textured(breast("MLO", "R", row_direction="A"))
    stage = show([textured(breast("MLO", "L")), right])
    assert [view.flipped for view in stage.views] == [False, True]
    canvas = hung(stage)[0]
    assert canvas.image is not None and canvas.image.laterality == "R"
    assert edge(canvas, "right") == pytest.approx(0, abs=0.01)
    assert canvas.to_screen(0, 0).x() > canvas.to_screen(10, 0).x()
    canvas.zoom_by(3)
    canvas.reset_view()
    assert stage.views[1].flipped
    assert edge(canvas, "right") == pytest.approx(0, abs=0.01)
    canvas.flip_horizontal()
    assert edge(canvas, "right") == pytest.approx(0, abs=0.01)


def test_layouts_and_pages(show: Show) -> None:
    stage = show([film(view) for view in ("PA", "LATERAL", "PA", "PA", "PA")])
    assert stage.arrangement == {"grid": "1x2", "maximised": False}
    seen = []
    for _ in range(5):
        seen.append([canvas.painted_texts()[0] for canvas in hung(stage)])
        stage.step_image(1)
    assert len(seen[0]) == 2 and len(seen[4]) == 1  # the last page has one image
    stage.set_layout("2x2")
    assert stage.active == 4 and len(hung(stage)) == 1
    stage.step_image(-1)
    assert len(hung(stage)) == 4
    stage.next_layout()
    assert stage.arrangement["grid"] == "1x1" and hung(stage) == [stage.canvas]


def test_marks_stay_with_their_image_in_every_layout(show: Show) -> None:
    stage = show([film("PA"), film("LATERAL"), film("PA")])
    marks = [
        PlacedMark(number, 0, MarkView(f"m{number}", str(number), "box", ((5, 5), (20, 20)), False))
        for number in range(3)
    ]
    stage.set_marks(marks)
    for name in ("1x1", "2x2", "1x2"):
        stage.set_layout(name)
        for number in range(3):
            stage.show_mark(f"m{number}")
            assert (stage.active, stage.selected_mark) == (number, f"m{number}")


def test_double_click_shows_one_alone_and_all_again(show: Show) -> None:
    stage = show(four())
    second = hung(stage)[1]
    small = second.width()
    drag(second, MIDDLE, 20, 0)
    placement = second.view.placement
    QTest.mouseDClick(second, LEFT)
    assert hung(stage) == [second] and second.width() > 1.9 * small
    assert second.view.placement == placement
    QTest.mouseDClick(second, LEFT)
    assert len(hung(stage)) == 4 and second.width() == small


def test_keys_zoom_about_the_chest_wall(show: Show) -> None:
    stage = show(four())
    stage.canvas.zoom_by(4)
    stage.canvas.zoom_by(-1)
    walls = [edge(canvas, side) for canvas, side in zip(hung(stage), ("right", "left") * 2, strict=True)]
    assert walls == pytest.approx([0, 0, 0, 0], abs=0.01)
    stage.toggle_maximised()
    stage.canvas.fit()
    middle = stage.canvas.to_image(QPointF(stage.canvas.width() / 2, stage.canvas.height() / 2))
    stage.canvas.zoom_by(3)
    assert stage.canvas.to_image(QPointF(stage.canvas.width() / 2, stage.canvas.height() / 2)) == pytest.approx(middle)


def test_what_waits_behind_a_maximised_series_follows_it(show: Show) -> None:
    stage = show(pair())
    first, second = hung(stage)
    stage.toggle_maximised()
    assert hung(stage) == [first]
    wheel(first, -16)
    stage.toggle_maximised()
    assert (first.view.frame, second.view.frame) == (16, 4)
    assert stage.views[1].frame == 4


def test_images_do_not_jump_when_a_stack_begins_to_play(show: Show) -> None:
    stage = show([textured(volume(12, 64, 1.0, 1.0))])
    before = stage.canvas.size()
    stage.set_playing("▶ 15 images/s")
    QApplication.processEvents()
    assert stage.canvas.size() == before


def test_panning_one_breast_pans_the_others_mirrored(show: Show) -> None:
    stage = show(four())
    before = [canvas.placement() for canvas in hung(stage)]
    drag(hung(stage)[0], MIDDLE, 30, 12)
    moved = [
        (
            (canvas.placement().x - was.x) * canvas.image.spacing_mm[1],
            (canvas.placement().y - was.y) * canvas.image.spacing_mm[0],
        )  # type: ignore[union-attr,index]
        for canvas, was in zip(hung(stage), before, strict=True)
    ]
    across, down = moved[0]
    assert across < 0 and down < 0
    assert [x for x, _ in moved] == pytest.approx([across, -across, across, -across])
    assert [y for _, y in moved] == pytest.approx([down] * 4)


def test_links_can_be_switched_off_and_say_so(show: Show) -> None:
    stage = show(pair())
    first, second = hung(stage)
    assert {"✓ zoom", "✓ slices", "✓ window"} <= set(stage.painted_texts())
    wheel(first, -8)
    assert (first.view.frame, second.view.frame) == (8, 2)
    for link in ("zoom", "scroll", "window"):
        stage.toggle_link(link)  # type: ignore[arg-type]
    assert {"✗ zoom", "✗ slices", "✗ window"} <= set(stage.painted_texts())
    before = second.view
    wheel(first, -8)
    drag(first, LEFT, 40, 0)
    drag(first, MIDDLE, 15, 0)
    first.zoom_by(2)
    assert second.view == before and first.view.frame == 16
    stage.toggle_link("scroll")
    wheel(first, -1)
    assert second.view.frame == 4


def test_a_window_drag_goes_to_the_other_series(show: Show) -> None:
    stage = show(pair())
    first, second = hung(stage)
    drag(first, LEFT, 60, -30)
    assert first.view.window is not None and first.view.window.width > 2000
    assert second.view.window == first.view.window
    assert [view.window for view in stage.views] == [first.view.window] * 2


def test_zoom_and_fit_are_followed(show: Show) -> None:
    stage = show(pair())
    first, second = hung(stage)
    first.zoom_by(2)
    assert second.placement().scale == pytest.approx(2 * first.placement().scale)  # pixels twice as large
    first.fit()
    assert second.view.placement is None


def test_shift_shows_the_same_place_in_the_other_series(show: Show) -> None:
    stage = show(pair())
    first, second = hung(stage)
    pointer = second.findChild(LinkedCursor)
    assert isinstance(pointer, LinkedCursor)
    wheel(first, -17)
    stage.toggle_link("scroll")
    second.set_frame(0)
    hover(first, (40.0, 20.0), Qt.KeyboardModifier.ShiftModifier)
    assert second.view.frame == 4 and first.view.frame == 17
    assert pointer.point == pytest.approx((15.5 + 8.5 / 2, 15.5 - 11.5 / 2), abs=0.6)
    assert pointer.point is not None
    arm = (second.to_screen(*pointer.point) + QPointF(9, 0)).toPoint()
    picture = second.grab().toImage()
    colors = [picture.pixelColor(arm + QPoint(0, down)) for down in (-1, 0, 1)]
    assert any(color.blue() > color.red() + 80 for color in colors)
    hover(first, (40.0, 20.0), NONE)
    assert pointer.point is None


def hover(canvas: ImageCanvas, point: tuple[float, float], modifiers: Qt.KeyboardModifier) -> None:
    at = canvas.to_screen(*point)
    nothing = Qt.MouseButton.NoButton
    QApplication.sendEvent(canvas, QMouseEvent(QEvent.Type.MouseMove, at, at, nothing, nothing, modifiers))


def test_the_layout_is_kept_and_restored(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    made = make_study(tmp_path / "study", [four()])
    room = enter(made)
    begin(room, qtbot)
    key(room, Qt.Key.Key_F7)
    key(room, Qt.Key.Key_Right)
    key(room, Qt.Key.Key_F9)
    active = room.stage.active
    room.leave()
    again = enter(made)
    qtbot.waitUntil(lambda: again.mode == "reading", timeout=10_000)
    assert again.stage.arrangement == {"grid": "1x2", "maximised": True}
    assert again.stage.active == active
    assert len(again.stage.canvases) == 1


def test_keys_lay_out_and_link(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    room = enter(make_study(tmp_path / "study", [pair()]))
    begin(room, qtbot)
    grids = []
    for name in (Qt.Key.Key_F6, Qt.Key.Key_F7, Qt.Key.Key_F8, Qt.Key.Key_Period):
        key(room, name)
        grids.append(room.stage.arrangement["grid"])
    assert grids == ["1x1", "1x2", "2x2", "1x1"]
    key(room, Qt.Key.Key_F7)
    for name, link in (("1", "zoom"), ("2", "scroll"), ("3", "window")):
        key(room, name, CTRL)
        assert link not in room.stage.links


def test_links_are_not_an_answer(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    room = enter(make_study(tmp_path / "study", [pair()]))
    begin(room, qtbot)
    before = len(room.session.view.events())
    key(room, Qt.Key.Key_F8)
    key(room, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: len(room.session.view.events()) > before)
    assert {event.kind for event in room.session.view.events()[before:]} == {"view_changed"}


def test_the_line_under_the_images_tells_nothing_of_the_case(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    room = enter(make_study(tmp_path / "study", [four()]))
    begin(room, qtbot)
    assert not any("secret" in text or "MUSTERMANN" in text for text in every_text(room))


def test_a_real_mammogram_hangs_with_its_mirror_image(show: Show, shared_data: Path) -> None:
    left = replace(open_image(shared_data / "dicom/radiographs/mammo_MG1_mlo_j2k.dcm"), overlays=())
    right = replace(left, pixels=np.ascontiguousarray(left.pixels[:, ::-1]), laterality="R", row_direction="P")
    stage = show([left, right])
    assert [canvas.image.laterality for canvas in hung(stage) if canvas.image] == ["R", "L"]
    both = [canvas.grab().toImage() for canvas in hung(stage)]
    row = both[0].height() // 2
    for column in range(0, both[0].width() // 2, 7):  # free of captions at half height
        ours = both[0].pixelColor(both[0].width() - 4 - column, row).red()
        assert abs(ours - both[1].pixelColor(3 + column, row).red()) <= 3


def stacks(number: int) -> list[Image]:
    return [textured(volume(40, 64, 1.0, 1.0)) for _ in range(number)]


def test_links_hold_when_the_page_is_turned(show: Show) -> None:
    stage = show(stacks(4))
    stage.set_layout("1x1")
    wheel(stage.canvas, -7)
    stage.canvas.zoom_by(3)
    stage.canvas.pan_by(1, -1)
    stage.canvas.set_window(Window(700, 900))
    lead = stage.canvas.view
    assert lead.frame == 7 and lead.placement is not None
    stage.set_layout("1x2")
    for steps in (1, 1, 1):
        stage.step_image(steps)
        view = stage.canvas.view
        assert (view.frame, view.window) == (7, lead.window)
        assert view.placement == stage.views[stage.active].placement
        assert view.placement is not None
        assert (view.placement.scale, view.placement.x, view.placement.y) == pytest.approx(
            (lead.placement.scale, lead.placement.x, lead.placement.y)
        )


def test_only_what_happened_while_a_link_was_on_is_taken_over(show: Show) -> None:
    stage = show(stacks(2))
    stage.set_layout("1x1")
    assert stage.possible_links == {"zoom", "scroll", "window"}  # of the case, not of what this page shows
    stage.canvas.set_frame(5)
    stage.toggle_link("scroll")
    stage.canvas.set_frame(20)
    stage.canvas.zoom_by(2)
    stage.step_image(1)
    assert stage.canvas.view.frame == 5
    assert stage.canvas.view.placement is not None
    stage.canvas.set_frame(30)
    stage.step_image(-1)
    assert stage.canvas.view.frame == 20


def test_what_another_page_follows_belongs_to_its_case(show: Show) -> None:
    stage = show(stacks(2))
    stage.set_layout("1x1")
    stage.canvas.set_frame(9)
    images = [prepare(image) for image in stacks(2)]
    stage.show_case(images, [None, None], arrangement={"grid": "1x1", "maximised": False})
    stage.step_image(1)
    assert stage.canvas.view.frame == images[1].opening.frame


def test_fit_on_one_page_fits_the_others(show: Show) -> None:
    stage = show(stacks(2))
    stage.set_layout("1x1")
    stage.canvas.zoom_by(4)
    stage.step_image(1)
    stage.canvas.fit()
    stage.step_image(-1)
    assert stage.canvas.view.placement is None
