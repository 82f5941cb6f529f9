"""Whom and what an explanation is of: a run's network with its provenance, and one image as that network sees it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from engine.cohorts.store import to_stored
from engine.errors import ImageError, JobError
from engine.hashing import file_sha256
from engine.images.resampling import Box, prepare
from engine.jobs.making import software_versions
from engine.jobs.run import open_run, spec_sha256
from engine.models.trained import Trained, load_trained

__all__ = ["ExplainedRun", "Subject", "load_explained", "look_at", "unit_presentation"]


@dataclass(frozen=True, eq=False)
class ExplainedRun:
    """A network ready to be explained, and where it comes from."""

    trained: Trained
    name: str
    spec_sha256: str
    weights_sha256: str
    randomised_seed: int | None = None
    versions: dict[str, str] = field(default_factory=software_versions)

    def indices(self, targets: Sequence[str]) -> list[int]:
        """Columns of the logits; of no targets all. JobError naming what this run does not tell."""
        classes = self.trained.classes
        for target in targets:
            if target not in classes:
                raise JobError(f"run {self.name} does not know '{target}'; it knows {', '.join(classes)}")
        return [classes.index(target) for target in targets] if targets else list(range(len(classes)))


@dataclass(frozen=True, eq=False)
class Subject:
    """One image in the network's square, exactly as the store of its training holds it."""

    trained: Trained
    stored: np.ndarray  # (size, size) uint8 or uint16
    box: Box  # of the image inside the square: left, top, width, height in its pixels
    rows: int  # of the image itself
    columns: int

    @cached_property
    def unit(self) -> np.ndarray:
        """(size, size) float32 in [0, 1]: raw intensities."""
        return (self.stored / np.float32(np.iinfo(self.stored.dtype).max)).astype(np.float32)

    @cached_property
    def x(self) -> torch.Tensor:
        """(1, 3, size, size), normalised."""
        return self.trained.tensor(self.stored[None])

    @property
    def map_shape(self) -> tuple[int, int]:
        """(h, w) of a map over the image alone, a value for each pixel of the square that it covers."""
        return max(1, round(self.box[3])), max(1, round(self.box[2]))


def load_explained(
    run: Path, *, randomised_seed: int | None = None, device: torch.device | str = "cpu"
) -> ExplainedRun:
    """The best network of the run in a folder. JobError where there is no run, or no checkpoint yet."""
    opened = open_run(run)
    trained = load_trained(opened, randomised_seed=randomised_seed, device=device)
    weights = file_sha256(opened.checkpoints / "best.safetensors")
    return ExplainedRun(trained, run.resolve().name, spec_sha256(opened.spec), weights, randomised_seed)


def unit_presentation(pixels: np.ndarray) -> np.ndarray:
    """A presentation as float32 in [0, 1] from float32, or from uint8 or uint16 over their full range.

    Raises ImageError for anything else: another shape or dtype, values outside, values that are no number.
    """
    if pixels.ndim != 2 or 0 in pixels.shape or pixels.dtype not in (np.float32, np.uint8, np.uint16):
        raise ImageError(
            f"an image to explain is a plane of float32, uint8 or uint16, not {pixels.dtype} {pixels.shape}"
        )
    if pixels.dtype != np.float32:
        return (pixels / np.float32(np.iinfo(pixels.dtype).max)).astype(np.float32)
    if not (pixels.min() >= 0 and pixels.max() <= 1):  # also where one is NaN
        raise ImageError("an image to explain has values from 0 to 1; use its presentation")
    return pixels


def look_at(trained: Trained, presentation: np.ndarray) -> Subject:
    """An image (`unit_presentation`) in the square of a network, padded, averaged and rounded as its store was."""
    square, box = prepare(presentation, trained.image_size)
    return Subject(trained, to_stored(square, trained.description.bits), box, *presentation.shape)


@torch.no_grad()
def probabilities(trained: Trained, x: torch.Tensor) -> np.ndarray:
    """(N, 3, size, size) → (N, C) float32 in [0, 1]."""
    return trained.probabilities(trained.net(x).float()).cpu().numpy()
