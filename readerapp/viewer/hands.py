"""What mouse buttons and the wheel do on an image, as a keymap says it. No Qt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["DoubleClick", "Drag", "Hands", "Wheel"]

Drag = Literal["window", "pan", "zoom", "scroll", "window_region", "magnify"]
Wheel = Literal["scroll", "zoom", "brush"]
DoubleClick = Literal["maximise", "nothing"]


@dataclass(frozen=True)
class Hands:
    """`drags`: button with its modifier ("Left", "Shift+Left") → verb; `wheel`: "Wheel", "Ctrl+Wheel", … → verb.

    A wheel that scrolls zooms where there is nothing to scroll; one that sizes the brush does what the wheel alone does
    while no brush is in hand. `level_up`: the vertical direction of a window drag
    that raises the centre (Horos, Weasis, Slicer: up; OHIF: down).
    """

    drags: Mapping[str, Drag] = field(default_factory=lambda: {"Left": "window", "Middle": "pan", "Right": "zoom"})
    wheel: Mapping[str, Wheel] = field(default_factory=lambda: {"Wheel": "scroll", "Ctrl+Wheel": "zoom"})
    double_click: DoubleClick = "maximise"
    level_up: Literal["up", "down"] = "up"
