"""What a network says of images, and the table it is written to."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from engine.training.labels import UNCERTAIN, UNSTATED, Truths
from engine.training.loop import Source
from engine.training.world import World

__all__ = ["outputs_of", "write_predictions"]

_AT_ONCE = 64


@torch.no_grad()
def outputs_of(forward: Callable[[torch.Tensor], torch.Tensor], source: Source, n: int, world: World) -> np.ndarray:
    """(n, k) float32 outputs (N, k) of all examples of a source, in every process; each computes its share."""
    own = np.arange(world.rank, n, world.size)
    pieces = [own[start : start + _AT_ONCE] for start in range(0, len(own), _AT_ONCE)]
    outputs = [forward(inputs).float().cpu().numpy() for inputs, _ in source.batches(pieces, None)]
    shares = world.gathered(np.concatenate(outputs) if outputs else None)
    whole = np.empty((n, next(share for share in shares if share is not None).shape[1]), np.float32)
    for rank, share in enumerate(shares):
        if share is not None:
            whole[rank :: world.size] = share
    return whole


def write_predictions(
    path: Path, frame: pd.DataFrame, classes: Sequence[str], probabilities: np.ndarray, stated: Truths
) -> Path:
    """The predictions of a split: `image_id, patient_id, study_id, p.<class>, y.<class>`, whole or not at all.

    frame: the images in order; probabilities: (n, C); y is 1, 0, −1 for uncertain, empty for not stated.
    """
    table = frame[["image_id", "patient_id", "study_id"]].reset_index(drop=True)
    scores = pd.DataFrame(probabilities.astype(np.float64), columns=[f"p.{name}" for name in classes])
    table = pd.concat([table, scores, _words(stated, classes)], axis=1)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    table.to_csv(part, index=False, lineterminator="\n", encoding="utf-8")
    part.replace(path)
    return path


def _words(stated: Truths, classes: Sequence[str]) -> pd.DataFrame:
    words = {1: "1", 0: "0", UNCERTAIN: "-1", UNSTATED: ""}
    return pd.DataFrame({f"y.{name}": [words[int(y)] for y in stated[:, k]] for k, name in enumerate(classes)})
