"""The canvas under real mouse events: direction of the window drag, pan, zoom, marks, what is painted."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.images.image import Image, Lut, Window
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.keymap import load_keymap
from readerapp.viewer.marks import MarkView
from readerapp.viewer.presets import presets_for
from readerapp.viewer.view_state import prepare, view_from_record, view_to_record

NONE = Qt.KeyboardModifier.NoModifier
LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton

Show = Callable[..., ImageCanvas]


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    def open_canvas(image: Image | None = None, size: tuple[int, int] = (400, 400)) -> ImageCanvas:
        canvas = ImageCanvas({"Left": "window", "Middle": "pan", "Shift+Left": "pan", "Right": "zoom"})
        qtbot.addWidget(canvas)
        canvas.resize(*size)
        canvas.show_image(prepare(image or ramp()))
        with qtbot.waitSignal(canvas.first_painted, timeout=5000):
            canvas.show()
        return canvas

    return open_canvas


def ramp(**more: object) -> Image:
    pixels = np.tile(np.linspace(0, 4095, 200).astype(np.uint16), (200, 1))
    facts: dict = {"bits_stored": 12, "windows": (Window(2000, 1000),), "modality": "CT", "units": "HU"}
    return Image(pixels=pixels, **(facts | more))


def stack() -> Image:
    return Image(pixels=np.arange(30 * 64 * 64, dtype=np.uint16).reshape(30, 64, 64), windows=(Window(5000, 9000),))


def drag(canvas: ImageCanvas, button: Qt.MouseButton, start: QPoint, by: QPoint, modifiers=NONE) -> None:  # type: ignore[no-untyped-def]
    QTest.mousePress(canvas, button, modifiers, start)
    for step in (0.3, 0.7, 1.0):
        QTest.mouseMove(canvas, start + QPoint(round(by.x() * step), round(by.y() * step)))
    QTest.mouseRelease(canvas, button, modifiers, start + by)


def wheel(canvas: ImageCanvas, at: QPoint, notches: int, modifiers=NONE) -> None:  # type: ignore[no-untyped-def]
    event = QWheelEvent(
        QPointF(at), QPointF(canvas.mapToGlobal(at)), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        modifiers, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


def window_of(canvas: ImageCanvas) -> Window:
    assert canvas.view.window is not None
    return canvas.view.window


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


def test_one_to_one_and_fit(show: Show) -> None:
    canvas = show()
    canvas.one_to_one()
    assert canvas.placement().scale == 1.0
    canvas.fit()
    assert canvas.placement().scale == 2.0


def test_painted_pixels_are_the_grey_pipeline(show: Show) -> None:
    """A golden pixel: 3000 in the window 2000 ± 1000 of PS3.3 C.11.2.1.2, on the real screen buffer."""
    image = (
        ramp(pixels=None)
        if False
        else Image(pixels=np.full((100, 100), 2250, np.uint16), windows=(Window(2000, 1000),))
    )
    canvas = show(image, (200, 200))
    picture = canvas.grab().toImage()
    expected = round((((2250 - 1999.5) / 999) + 0.5) * 255)
    assert picture.pixelColor(100, 100).red() == expected
    canvas.invert()
    assert canvas.grab().toImage().pixelColor(100, 100).red() == 255 - expected


def test_a_lookup_table_is_shown_and_a_drag_leaves_it(show: Show) -> None:
    lut = Lut(0, np.linspace(0, 255, 4096).astype(np.uint8), 8)
    canvas = show(ramp(voi_luts=(lut,)))
    assert canvas.view.window is None
    assert any("lookup table" in text for text in canvas.painted_texts())
    drag(canvas, LEFT, QPoint(100, 200), QPoint(20, 0))
    assert canvas.view.window is not None


def test_presets_by_id(show: Show) -> None:
    canvas = show()
    canvas.apply_preset(presets_for(ramp())["lung"])
    assert (window_of(canvas).center, window_of(canvas).width) == (-600, 1500)
    assert any("W 1500  L −600 HU  (lung)" in text for text in canvas.painted_texts())


def test_percentiles_of_an_inverted_image_count_from_dark_to_bright() -> None:
    """ "Lung field" is the dark part of the picture: low values as stored, high values where the image is inverted."""
    normal, inverted = ramp(modality="DX"), ramp(modality="DX", photometric="MONOCHROME1", inverted=True)
    from readerapp.viewer.presets import preset_window

    low = preset_window(normal, presets_for(normal)["lung"])
    high = preset_window(inverted, presets_for(inverted)["lung"])
    assert low is not None and high is not None
    assert low.center < 2047 < high.center
    assert low.center + high.center == pytest.approx(4095, abs=20)


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


def test_a_mark_ends_within_the_image(show: Show, qtbot: QtBot) -> None:
    canvas = show()
    canvas.zoom_by(-3)
    canvas.arm("box")
    with qtbot.waitSignal(canvas.mark_drawn) as drawn:
        drag(canvas, LEFT, QPoint(200, 200), QPoint(195, 195))
    assert drawn.args[1][1] == (199.5, 199.5)


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


def test_hidden_marks_cannot_be_hit(show: Show) -> None:
    canvas = show()
    canvas.set_marks([MarkView("m1", "3", "box", ((50.0, 50.0), (100.0, 90.0)))])
    canvas.hide_overlays(True)
    before = canvas.grab().toImage()
    drag(canvas, LEFT, canvas.to_screen(50, 70).toPoint(), QPoint(1, 0))
    assert canvas.selected_mark == ""
    canvas.hide_overlays(False)
    assert canvas.grab().toImage() != before


def test_side_letters_only_where_the_header_says(show: Show) -> None:
    assert not {"L", "R"} & set(show(ramp()).painted_texts())
    texts = show(ramp(row_direction="L")).painted_texts()
    assert texts.index("R") < texts.index("L")


def test_captions_say_what_is_known(show: Show) -> None:
    texts = " ".join(show(ramp(notes=("simulated chest radiograph",))).painted_texts())
    assert "spacing not calibrated" in texts
    assert "simulated" in texts
    assert "research use only, not for diagnosis" in texts
    texts = " ".join(show(ramp(spacing_mm=(0.14, 0.14), spacing_calibrated=False)).painted_texts())
    assert "0.14 mm at the detector, not calibrated" in texts


def test_the_view_survives_its_record(show: Show) -> None:
    canvas = show(stack())
    canvas.set_frame(7)
    canvas.zoom_by(2)
    drag(canvas, LEFT, QPoint(100, 200), QPoint(33, 12))
    canvas.invert()
    again = view_from_record(view_to_record(canvas.view), stack())
    assert (again.frame, again.inverted, again.placement) == (7, True, canvas.view.placement)
    assert again.window is not None
    assert (again.window.center, again.window.width) == (window_of(canvas).center, window_of(canvas).width)


@pytest.mark.parametrize("record", [{}, {"frame": "x"}, {"frame": 2, "preset": "", "inverted": 0, "window": [1, "w"]}])
def test_a_record_that_does_not_fit_opens_as_usual(record: dict) -> None:
    view = view_from_record(record, stack())
    assert view.frame in (0, 2)
    assert view.placement is None


def test_no_menu_and_no_tool_tip(show: Show) -> None:
    canvas = show()
    assert canvas.contextMenuPolicy() == Qt.ContextMenuPolicy.NoContextMenu
    assert canvas.toolTip() == ""


def test_every_display_size_has_the_cost_of_the_viewport(show: Show) -> None:
    """What is cached for a drag is no larger than the screen, however large the image."""
    pixels = np.random.default_rng(0).integers(0, 4096, (3000, 2500), dtype=np.uint16)
    canvas = show(Image(pixels=pixels, bits_stored=12), (300, 300))
    sampled = canvas._sampled[1]
    assert sampled is not None
    assert sampled.values.size <= 300 * 300 * round(canvas.devicePixelRatioF()) ** 2


def test_the_window_is_dragged_with_alt_even_where_a_tool_is_armed(qtbot: QtBot) -> None:
    canvas = ImageCanvas(dict(load_keymap().hands.drags))
    qtbot.addWidget(canvas)
    canvas.resize(400, 400)
    canvas.show_image(prepare(ramp()))
    canvas.arm("arrow")
    with qtbot.assertNotEmitted(canvas.mark_drawn):
        drag(canvas, LEFT, QPoint(100, 200), QPoint(50, 0), Qt.KeyboardModifier.AltModifier)
    assert window_of(canvas).width > 1000
    assert canvas.armed == "arrow"


@pytest.mark.parametrize("width", [300, 460, 1200])
def test_captions_at_the_foot_never_cover_each_other(show: Show, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """However narrow the image and long the item: every text lies within the canvas and on its own ground."""
    canvas = show(ramp(notes=("simulated",), spacing_mm=(0.14, 0.14)), (width, 400))
    canvas.set_echo("Central venous catheter (jugular, subclavian or peripherally inserted): not assessable")
    boxes = []

    def note(painter: object, baseline: QPointF, text: str, font: QFont, color: object) -> None:
        metrics = QFontMetricsF(font)
        size = QSizeF(metrics.horizontalAdvance(text), metrics.height() - 1)
        boxes.append(QRectF(baseline - QPointF(0, metrics.ascent()), size))

    monkeypatch.setattr("readerapp.viewer.canvas.draw_text", note)
    canvas.grab()
    assert len(boxes) >= 4
    for number, box in enumerate(boxes):
        assert QRectF(canvas.rect()).contains(box)
        assert not any(box.intersects(other) for other in boxes[:number])
