"""Explanations for tests without torch: a run's folder as training leaves it, and who explains by a rule of thumb."""

import json
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import Cancelled
from engine.explanations import Explanation
from engine.jobs.run import create_run, open_run, spec_sha256
from engine.jobs.specs import PathologySpec


def make_run(folder: Path, classes: Sequence[str] = ("pneumothorax", "effusion")) -> Path:
    """A run whose checkpoint says its classes, as safetensors keeps them, and holds no weights."""
    create_run(folder, PathologySpec(findings=tuple(classes)))
    facts = {"network": json.dumps({"classes": list(classes)})}
    header = json.dumps({"__metadata__": facts}).encode()
    (folder / "checkpoints" / "best.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)
    return folder


@dataclass
class RuleExplainer:
    """Explains by brightness; with random weights by noise of that seed. `asked`: the requests worked on.

    `stop_after`: how many requests it answers before it is as if the person had stopped it within one.
    """

    asked: list[tuple[str, tuple[str, ...], int | None]] = field(default_factory=list)
    stop_after: int = 10**9

    def explain(
        self,
        presentation: np.ndarray,
        run: Path,
        method: Any,
        targets: Sequence[str],
        options: Mapping[str, Any] | None = None,
        on_progress: Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
        *,
        randomised_seed: int | None = None,
    ) -> list[Explanation]:
        if len(self.asked) >= self.stop_after:
            raise Cancelled("stopped")
        self.asked.append((str(method), tuple(targets), randomised_seed))
        if on_progress:
            on_progress(0.5)
        if cancelled and cancelled():
            raise Cancelled("stopped")
        rows, columns = presentation.shape
        coarse = presentation[: rows // 4 * 4, : columns // 4 * 4].reshape(4, rows // 4, 4, columns // 4).mean((1, 3))
        if randomised_seed is not None:
            coarse = np.random.default_rng(randomised_seed + int(1e6 * coarse.sum())).random((4, 4))
        return [
            Explanation(
                values=np.float32(number + 1) * coarse.astype(np.float32),
                image_rows=rows,
                image_columns=columns,
                method=method,
                target=target,
                run=run.name,
                spec_sha256=spec_sha256(open_run(run).spec),
                probability=0.625,
                options=dict(options or {}),
                randomised_seed=randomised_seed,
            )
            for number, target in enumerate(targets)
        ]
