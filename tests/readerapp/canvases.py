"""Canvases for tests: shown, painted, and moved by real mouse events."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.images.image import Image, Window
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.hands import Hands
from readerapp.viewer.view_state import prepare

NONE = Qt.KeyboardModifier.NoModifier
LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton

Show = Callable[..., ImageCanvas]

HANDS = Hands(
    drags={
        "Left": "window",
        "Middle": "pan",
        "Shift+Left": "pan",
        "Right": "zoom",
        "Ctrl+Left": "window_region",
        "Shift+Right": "scroll",
        "Ctrl+Right": "magnify",
    }
)


def ramp(**more: object) -> Image:
    """200 × 200, 12 bits, from left to right."""
    pixels = np.tile(np.linspace(0, 4095, 200).astype(np.uint16), (200, 1))
    facts: dict = {"pixels": pixels, "bits_stored": 12, "windows": (Window(2000, 1000),), "modality": "CT"}
    return Image(**(facts | {"units": "HU"} | more))


def drag(
    canvas: ImageCanvas,
    button: Qt.MouseButton,
    start: QPoint,
    by: QPoint,
    modifiers: Qt.KeyboardModifier = NONE,
) -> None:
    """Press, three moves, release."""
    QTest.mousePress(canvas, button, modifiers, start)
    for step in (0.3, 0.7, 1.0):
        QTest.mouseMove(canvas, start + QPoint(round(by.x() * step), round(by.y() * step)))
    QTest.mouseRelease(canvas, button, modifiers, start + by)


def click(canvas: ImageCanvas, at: QPointF) -> None:
    """Move there, press, release."""
    QTest.mouseMove(canvas, at.toPoint())
    QTest.mouseClick(canvas, LEFT, NONE, at.toPoint())


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    def open_canvas(image: Image | None = None, size: tuple[int, int] = (400, 400)) -> ImageCanvas:
        canvas = ImageCanvas(HANDS)
        qtbot.addWidget(canvas)
        canvas.resize(*size)
        canvas.show_image(prepare(image or ramp()))
        with qtbot.waitSignal(canvas.first_painted, timeout=5000):
            canvas.show()
        return canvas

    return open_canvas


def stack() -> Image:
    return Image(pixels=np.arange(30 * 64 * 64, dtype=np.uint16).reshape(30, 64, 64), windows=(Window(5000, 9000),))


def wheel(canvas: ImageCanvas, at: QPoint, notches: int, modifiers: Qt.KeyboardModifier = NONE) -> None:
    event = QWheelEvent(
        QPointF(at), QPointF(canvas.mapToGlobal(at)), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        modifiers, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


def window_of(canvas: ImageCanvas) -> Window:
    assert canvas.view.window is not None
    return canvas.view.window


def opened(qtbot: QtBot, hands: Hands, image: Image | None = None) -> ImageCanvas:
    canvas = ImageCanvas(hands)
    qtbot.addWidget(canvas)
    canvas.resize(400, 400)
    canvas.show_image(prepare(image or ramp()))
    canvas.show()
    return canvas
