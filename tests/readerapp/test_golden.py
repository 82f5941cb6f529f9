"""Golden screenshots: at 1:1 the painted canvas has the very values of the engine's grey pipeline."""

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from engine.images.grey import presentation
from engine.images.image import Image, Lut, Window
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.view_state import prepare

SIDE = 256


def painted(canvas: ImageCanvas) -> np.ndarray:
    """The grabbed canvas, (rows, columns, 3) uint8."""
    grabbed = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(grabbed.constBits(), np.uint8).reshape(grabbed.height(), grabbed.bytesPerLine())
    return lines[:, : 3 * grabbed.width()].reshape(grabbed.height(), grabbed.width(), 3).copy()


def pixels(dtype: str, low: int, high: int) -> np.ndarray:
    return np.random.default_rng(5).integers(low, high, (SIDE, SIDE), dtype=dtype)


def table() -> Lut:
    """An S-shaped VOI LUT of 12 bits from −200 on, as mammography units write them."""
    curve = 1 / (1 + np.exp(-np.linspace(-6, 6, 3000)))
    return Lut(-200, np.rint(curve * 4095).astype(np.uint16), 12)


IMAGES = {
    "monochrome2": Image(pixels=pixels("uint16", 0, 4096), bits_stored=12, windows=(Window(1800, 900),)),
    "monochrome1": Image(
        pixels=pixels("uint16", 0, 4096),
        bits_stored=12,
        windows=(Window(1800, 900),),
        photometric="MONOCHROME1",
        inverted=True,
    ),
    "voi lut": Image(pixels=pixels("int16", -500, 3500), voi_luts=(table(),), windows=(Window(40, 400),)),
    "monochrome1 with a voi lut": Image(
        pixels=pixels("int16", -500, 3500), voi_luts=(table(),), photometric="MONOCHROME1", inverted=True
    ),
    "rescaled signed": Image(
        pixels=pixels("int16", -1000, 3000), slope=1.5, intercept=-1024.0, windows=(Window(40, 400),), units="HU"
    ),
    "sigmoid": Image(pixels=pixels("uint16", 0, 4096), windows=(Window(2000, 800, "SIGMOID"),)),
    "linear exact": Image(pixels=pixels("uint8", 0, 256), bits_stored=8, windows=(Window(128, 100, "LINEAR_EXACT"),)),
    "padding in monochrome1": Image(
        pixels=pixels("uint16", 0, 40),
        windows=(Window(20, 40),),
        photometric="MONOCHROME1",
        inverted=True,
        padding=(0, 3),
    ),
}


@pytest.mark.parametrize("name", IMAGES)
def test_the_painted_canvas_is_the_grey_pipeline(name: str, qtbot: QtBot) -> None:
    image = IMAGES[name]
    canvas = ImageCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(SIDE, SIDE)
    canvas.show_image(prepare(image))
    with qtbot.waitSignal(canvas.first_painted, timeout=5000):
        canvas.show()
    canvas.hide_overlays(True)
    canvas.one_to_one()
    shown = painted(canvas)
    assert (shown == shown[..., :1]).all()
    # The nearest of the 256 steps to each value; `presentation` is float32.
    assert np.abs(shown[..., 0] - 255.0 * presentation(image)).max() <= 0.5 + 1e-4
    assert len(np.unique(shown)) > 20


def test_turned_and_flipped_the_pixels_stay_what_they_are(qtbot: QtBot) -> None:
    image = IMAGES["monochrome1"]
    canvas = ImageCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(SIDE, SIDE)
    canvas.show_image(prepare(image))
    canvas.hide_overlays(True)
    canvas.show()
    upright = painted(canvas)
    canvas.rotate(1)
    canvas.flip_horizontal()
    np.testing.assert_array_equal(painted(canvas), np.rot90(upright, -1)[:, ::-1])


def test_magnified_without_smoothing_every_pixel_is_a_block(qtbot: QtBot) -> None:
    image = Image(pixels=pixels("uint16", 0, 4096)[:64, :64], bits_stored=12, windows=(Window(2048, 4096),))
    canvas = ImageCanvas()
    qtbot.addWidget(canvas)
    canvas.resize(SIDE, SIDE)
    canvas.show_image(prepare(image))
    canvas.hide_overlays(True)
    canvas.show()
    smoothed = painted(canvas)
    canvas.toggle_smoothing()
    blocks = painted(canvas)[..., 0].reshape(64, 4, 64, 4)
    assert (blocks == blocks[:, :1, :, :1]).all()
    expected = np.rint(presentation(image).astype(np.float64) * 255).astype(int)
    assert np.abs(blocks[:, 0, :, 0].astype(int) - expected).max() <= 1
    assert (smoothed != painted(canvas)).any()
