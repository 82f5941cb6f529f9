"""Canvases for tests: shown, painted, and moved by real mouse events."""

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from engine.images.image import Image, Window
from readerapp.viewer.canvas import ImageCanvas

NONE = Qt.KeyboardModifier.NoModifier
LEFT, MIDDLE, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton

Show = Callable[..., ImageCanvas]


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
