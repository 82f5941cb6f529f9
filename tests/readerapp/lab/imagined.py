"""A counterfactual made up for tests of what shows it: known pictures, known probabilities."""

import numpy as np

from engine.counterfactuals import Counterfactual

SHAPE = (48, 40)


def made_counterfactual(target: str = "pneumothorax", steps: int = 4, *, preview: bool = True) -> Counterfactual:
    """Each step brightens a patch by 0.05 more, and darkens another by half of that."""
    factual = np.tile(np.linspace(0.2, 0.7, SHAPE[1], dtype=np.float32), (SHAPE[0], 1))
    drawings = np.stack([factual.copy() for _ in range(steps)])
    for step in range(steps):
        drawings[step, 4:12, 4:12] += np.float32(0.05 * (step + 1))
        drawings[step, 30:40, 20:30] -= np.float32(0.025 * (step + 1))
    wanted = tuple(float(p) for p in np.linspace(0.3, 0.9, steps))
    return Counterfactual(
        factual,
        factual + np.float32(0.01),
        drawings + np.float32(0.01),
        tuple(1.5 * (step + 1) for step in range(steps)),
        target,
        0.1,
        wanted,
        tuple(p - 0.1 for p in wanted),
        0.12,
        *SHAPE,
        "head",
        "a" * 64,
        "b" * 64,
        "c" * 64,
        {"preview": preview},
        {},
        1.0,
    )
