"""A map over an image: where it lies, how strong it is, what of it is painted."""

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from engine.images.image import Image, Window
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.heat import COLOR_MAPS, HeatLayer, color_table
from readerapp.viewer.marks import MarkView
from readerapp.viewer.view_state import prepare
from tests.readerapp.canvases import ramp


@pytest.fixture
def canvas(qtbot: QtBot) -> ImageCanvas:
    canvas = ImageCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(400, 400)
    canvas.show_image(prepare(Image(pixels=np.zeros((200, 200), np.uint8), windows=(Window(127.5, 255),))))
    with qtbot.waitSignal(canvas.first_painted, timeout=5000):
        canvas.show()
    canvas.hide_overlays(True)
    return canvas


def seen(canvas: ImageCanvas) -> np.ndarray:
    """(h, w, 3) uint8 RGB as it is on the screen."""
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def corner_map() -> np.ndarray:
    values = np.zeros((4, 4), np.float32)
    values[0, 3] = 1
    return values


def at(canvas: ImageCanvas, column: float, row: float) -> tuple[int, int, int]:
    """The colour where an image point lies."""
    point = canvas.to_screen(column, row)
    return tuple(map(int, seen(canvas)[int(point.y()), int(point.x())]))


def test_the_map_covers_the_image_from_edge_to_edge(canvas: ImageCanvas) -> None:
    canvas.set_heat(HeatLayer(corner_map(), opacity=1.0))
    assert at(canvas, 190, 10) == pytest.approx((253, 231, 37), abs=2)  # viridis ends in #fde725 …
    assert at(canvas, 10, 190) == pytest.approx((68, 1, 84), abs=2)  # … and begins in #440154


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
@pytest.mark.parametrize("flipped", [False, True])
def test_the_map_turns_with_the_image(canvas: ImageCanvas, turns: int, flipped: bool) -> None:
    canvas.set_heat(HeatLayer(corner_map(), opacity=1.0))
    canvas.rotate(turns)
    if flipped:
        canvas.flip_horizontal()
    canvas.zoom_by(-2)
    assert at(canvas, 190, 10) == pytest.approx((253, 231, 37), abs=2)
    assert at(canvas, 10, 10) == pytest.approx((68, 1, 84), abs=2)


def test_the_layer_is_equally_strong_everywhere(canvas: ImageCanvas) -> None:
    canvas.set_heat(HeatLayer(corner_map(), opacity=0.5))  # on a black image: half of each colour
    assert at(canvas, 190, 10) == pytest.approx((126, 116, 18), abs=2)
    assert at(canvas, 10, 190) == pytest.approx((34, 0, 42), abs=2)


def test_values_below_the_threshold_leave_the_image_as_it_is(canvas: ImageCanvas) -> None:
    canvas.set_heat(HeatLayer(corner_map(), opacity=1.0, threshold=0.5))
    assert at(canvas, 10, 190) == (0, 0, 0)
    assert at(canvas, 190, 10) == pytest.approx((253, 231, 37), abs=2)


def test_it_goes_with_the_image(canvas: ImageCanvas) -> None:
    plain = seen(canvas)
    canvas.set_heat(HeatLayer(corner_map()))
    assert (seen(canvas) != plain).any()
    canvas.set_heat(None)
    assert (seen(canvas) == plain).all()
    canvas.set_heat(HeatLayer(corner_map()))
    canvas.show_image(prepare(ramp()))
    assert canvas.heat is None


def test_marks_lie_above_it(canvas: ImageCanvas) -> None:
    canvas.hide_overlays(False)
    canvas.set_heat(HeatLayer(np.ones((4, 4), np.float32), opacity=1.0))
    without = seen(canvas)
    canvas.set_marks([MarkView("m1", "1", "box", ((60, 60), (140, 140)))])
    assert (seen(canvas) != without).any()


@pytest.mark.parametrize("name", COLOR_MAPS)
def test_lightness_rises_evenly(name: str) -> None:
    """CIE L* of the 256 steps: never falls, and no step is far from the mean one."""
    table = color_table(name)
    rgb = np.stack([(table >> shift) & 255 for shift in (16, 8, 0)], axis=-1) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    luminance = linear @ np.array([0.2126, 0.7152, 0.0722])
    lightness = np.where(luminance > 0.008856, 116 * np.cbrt(luminance) - 16, 903.3 * luminance)
    steps = np.diff(lightness[::8])
    assert steps.min() > 0.3 * steps.mean()
    assert steps.max() < 1.8 * steps.mean()


@pytest.mark.parametrize("values", [np.zeros((0, 4), np.float32), np.zeros(4, np.float32)])
def test_what_is_no_map_is_refused(values: np.ndarray) -> None:
    with pytest.raises(ValueError, match="rows and columns"):
        HeatLayer(values)
