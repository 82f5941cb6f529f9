"""A made-up model of films: it draws what it is told to, so that every count is known beforehand."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from engine.explain.imagined.detectors import Films
from engine.explain.imagined.drawing import RANDOM, Wanted
from engine.explain.imagined.truth_maps import DEVICES

SIZE = 16


class MadeImaginer:
    """Codes are pixels. Pushed to a finding, a film gets the marks of the devices that come along with it."""

    classes = ("pneumothorax", "cardiomegaly")

    def __init__(self, along: dict[str, Callable[[np.ndarray], Sequence[str]]], blur: float = 0.0) -> None:
        self.along, self.blur = along, blur
        self.drawn = 0

    def draw(
        self, squares: np.ndarray, wanted: Sequence[Wanted], check: Callable[[float], None]
    ) -> tuple[np.ndarray, np.ndarray]:
        again = squares * (1 - self.blur)
        made = [marked(again[one.image], self._added(squares[one.image], one.target)) for one in wanted]
        self.drawn += len(squares)
        check(1.0)
        return again, np.stack(made) if made else np.empty((0, SIZE, SIZE), np.float32)

    def _added(self, square: np.ndarray, target: str) -> Sequence[str]:
        return self.along[target](square) if target in self.along else ()

    def codes(self, squares: np.ndarray) -> np.ndarray:
        return squares.reshape(len(squares), SIZE * SIZE).astype(np.float64)

    def direction(self, target: str) -> np.ndarray:
        unit = np.zeros(SIZE * SIZE)
        unit[self.classes.index(target)] = 1.0
        return unit

    def probabilities(self, codes: np.ndarray, target: str) -> np.ndarray:
        return np.asarray(1 / (1 + np.exp(-codes @ self.direction(target))))

    def pushed(self, codes: np.ndarray, target: str) -> np.ndarray:
        return codes + 4 * self.direction(target)


def marked(square: np.ndarray, devices: Sequence[str]) -> np.ndarray:
    """A device's mark is one white pixel of the last row."""
    drawn = square.astype(np.float32).copy()
    for device in devices:
        drawn[-1, DEVICES.index(device)] = 1.0
    return drawn


def calls(pictures: np.ndarray) -> np.ndarray:
    """The detector that sees every mark and nothing else."""
    return np.asarray(pictures[:, -1, : len(DEVICES)] > 0.5)


def films(devices: Sequence[Sequence[str]], findings: dict[str, Sequence[int]], patients: Sequence[str]) -> Films:
    """Dim noise with marks; the first pixel of each film is its number, so that it can be told again."""
    noise = np.random.default_rng(0).uniform(0, 0.3, (len(devices), SIZE, SIZE)).astype(np.float32)
    squares = np.stack([marked(square, own) for square, own in zip(noise, devices, strict=True)])
    places = np.zeros((len(devices), len(DEVICES), SIZE // 2, SIZE // 2), np.uint8)
    for row, own in enumerate(devices):
        for device in own:
            places[row, DEVICES.index(device), -1, 0] = 255
    ids = tuple(f"i{row}" for row in range(len(devices)))
    return Films(ids, np.array(patients), squares, places, pd.DataFrame(findings))


__all__ = ["RANDOM", "SIZE", "MadeImaginer", "calls", "films", "marked"]
