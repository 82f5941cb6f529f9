"""The canvas: what is painted, what its marks and captions are, how a view is kept."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from pytestqt.qtbot import QtBot

from engine.images.image import Image, Lut, Window
from readerapp.viewer.lettering import Face, text_width
from readerapp.viewer.marks import MarkView
from readerapp.viewer.overlay import scale_bar
from readerapp.viewer.presets import presets_for
from readerapp.viewer.view_state import view_from_record, view_to_record
from tests.readerapp.canvases import LEFT, Show, drag, ramp, show, stack, window_of

__all__ = ["show"]  # a fixture


def test_one_to_one_and_fit(show: Show) -> None:
    canvas = show()
    canvas.one_to_one()
    assert canvas.placement().scale == 1.0
    canvas.fit()
    assert canvas.placement().scale == 2.0


def test_painted_pixels_are_the_grey_pipeline(show: Show) -> None:
    """A golden pixel: 3000 in the window 2000 ± 1000 of PS3.3 C.11.2.1.2, on the real screen buffer."""
    image = Image(pixels=np.full((100, 100), 2250, np.uint16), windows=(Window(2000, 1000),))
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


def test_a_mark_ends_within_the_image(show: Show, qtbot: QtBot) -> None:
    canvas = show()
    canvas.zoom_by(-3)
    canvas.arm("box")
    with qtbot.waitSignal(canvas.mark_drawn) as drawn:
        drag(canvas, LEFT, QPoint(200, 200), QPoint(195, 195))
    assert drawn.args[1][1] == (199.5, 199.5)


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
    sampled = canvas._painting.pixels.sampled
    assert sampled is not None
    assert sampled.values.size <= 300 * 300 * round(canvas.devicePixelRatioF()) ** 2


@pytest.mark.parametrize("width", [300, 460, 1200])
def test_captions_never_cover_each_other(show: Show, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """However narrow the image and long the item: every text lies within the canvas and on its own ground."""
    sides = {"row_direction": "L", "column_direction": "F"}
    canvas = show(ramp(notes=("simulated",), spacing_mm=(0.14, 0.14), **sides), (width, 400))
    canvas.arm("cobb")
    canvas.flip_horizontal()
    canvas.rotate(1)
    canvas.true_size()
    canvas.set_echo("Central venous catheter (jugular, subclavian or peripherally inserted): not assessable")
    boxes = []

    def note(painter: object, baseline: QPointF, text: str, letters: Face, color: str) -> None:
        size = QSizeF(text_width(text, letters), letters.height - 1)
        boxes.append(QRectF(baseline - QPointF(0, letters.ascent), size))

    monkeypatch.setattr("readerapp.viewer.overlay.draw_text", note)
    canvas.grab()
    assert len(boxes) >= 11
    for number, box in enumerate(boxes):
        assert QRectF(canvas.rect()).contains(box)
        assert not any(box.intersects(other) for other in boxes[:number])


def test_fill_leaves_nothing_empty(show: Show) -> None:
    canvas = show(size=(400, 200))
    canvas.fill()
    assert canvas.placement().scale == 2.0
    corners = [canvas.to_image(QPointF(x, y)) for x in (0, 400) for y in (0, 200)]
    assert all(-0.5 <= value <= 199.5 for corner in corners for value in corner)


def test_true_size_is_as_many_pixels_as_the_screen_has_to_the_mm(show: Show) -> None:
    canvas = show(ramp(spacing_mm=(0.2, 0.2), spacing_calibrated=True))
    dots = canvas.screen().physicalDotsPerInch() * canvas.devicePixelRatioF()
    assert canvas.true_size()
    assert canvas.placement().scale == pytest.approx(0.2 * dots / 25.4)
    assert any("true size" in text and "true size at the detector" not in text for text in canvas.painted_texts())
    canvas.zoom_by(1)
    assert not any("true size" in text for text in canvas.painted_texts())


def test_true_size_says_where_it_is_only_that_of_the_detector_and_needs_a_spacing(show: Show) -> None:
    canvas = show(ramp(spacing_mm=(0.2, 0.2)))
    assert canvas.true_size()
    assert any("true size at the detector" in text for text in canvas.painted_texts())
    unknown = show()
    before = unknown.view
    assert not unknown.true_size()
    assert unknown.view == before


@pytest.mark.parametrize("mm_per_pixel", [0.003, 0.14, 0.9, 7.0])
@pytest.mark.parametrize("width", [200, 460, 1200, 3000])
def test_a_scale_bar_is_round_and_has_its_length(mm_per_pixel: float, width: float) -> None:
    bar = scale_bar(mm_per_pixel, width)
    assert bar is not None
    assert bar.length * mm_per_pixel == pytest.approx(bar.mm)
    assert 0.08 * width < bar.length <= 0.22 * width
    assert f"{bar.mm:.0e}"[0] in "125"


def test_the_scale_bar_follows_the_zoom_and_needs_a_spacing(show: Show) -> None:
    canvas = show(ramp(spacing_mm=(0.5, 0.5)))
    assert "2 cm" in canvas.painted_texts()
    canvas.zoom_by(6)
    assert "5 mm" in canvas.painted_texts()
    assert not any(text in ("2 cm", "5 mm") for text in show().painted_texts())


def test_a_turned_canvas_is_set_from_outside_as_linked_ones_are(show: Show, qtbot: QtBot) -> None:
    one, other = show(), show()
    one.rotate(1)
    one.zoom_by(2)
    with qtbot.waitSignal(other.view_changed):
        other.set_placement(one.placement())
    assert other.view.quarter_turns == 1
    other.set_window(Window(123, 45))
    assert (window_of(other).center, other.view.preset_id) == (123, "")
    with qtbot.assertNotEmitted(other.view_changed):
        other.set_placement(one.placement())
