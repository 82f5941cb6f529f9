"""Colours of a difference: grey where there is none, darker and blue below, lighter and orange above.

Lightness rises from one end to the other, so that the sign is told without colour vision; blue and orange are told
apart with any. Qt-free.
"""

from functools import cache

import numpy as np

__all__ = ["difference_colors", "scale_of"]

_ENDS = ((16, 58, 140), (128, 128, 128), (255, 196, 84))  # −1, 0, 1; sRGB
_STEPS = 511  # odd: 0 has a step of its own
_LEAST_SCALE = 0.02  # of the grey range: below it a difference is rounding


def difference_colors(values: np.ndarray, scale: float) -> np.ndarray:
    """Differences (…) as colours (…, 3) uint8; `scale` is the difference that has the last colour, above 0."""
    middle = _STEPS // 2
    steps = np.rint(np.clip(values / scale, -1, 1) * middle).astype(np.int16) + middle
    return np.take(_table(), steps, axis=0)


def scale_of(differences: np.ndarray) -> float:
    """The scale of several differences together: 99.5 % of all pixels lie within it; two digits, rounded up.

    The few that are beyond have the last colour.
    """
    reach = max(float(np.quantile(np.abs(differences), 0.995)), _LEAST_SCALE)
    return min(1.0, float(np.ceil(reach * 100 - 1e-6) / 100))


@cache
def _table() -> np.ndarray:
    """(511, 3) uint8."""
    places = np.linspace(-1, 1, _STEPS)
    channels = [np.interp(places, (-1, 0, 1), channel) for channel in zip(*_ENDS, strict=True)]
    return np.rint(np.stack(channels, axis=1)).astype(np.uint8)
