"""Small networks and runs to explain. Nothing is trained: weights come from a seed."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from engine.explain.subject import ExplainedRun
from engine.jobs.making import make_spec
from engine.jobs.run import RunFolder, create_run
from engine.jobs.specs import ModelName
from engine.models.classifier import Classifier
from engine.models.trained import Activation, Description, Trained
from engine.training.checkpoints import write_whole

CLASSES = ("effusion", "nodule", "tube")


def trained(
    net: Classifier | None = None,
    model: ModelName = "densenet_small",
    size: int = 64,
    activation: Activation = "sigmoid",
    **entries: Any,
) -> Trained:
    torch.manual_seed(3)
    description = Description(model, "average", 0.0, CLASSES, activation, size, **entries)
    built = net or description.build()
    with torch.no_grad():
        built.fc.weight *= 20  # so that the probabilities differ
    return Trained(built.to(memory_format=torch.channels_last).eval().requires_grad_(False), description, {})


def explained(of: Trained) -> ExplainedRun:
    return ExplainedRun(of, "run", "spec", "weights")


def film(rows: int = 90, columns: int = 60) -> np.ndarray:
    """Smooth structure and noise, float32 in [0, 1]."""
    row, column = np.mgrid[:rows, :columns]
    noise = np.random.default_rng(5).normal(0, 0.05, (rows, columns))
    wave = 0.5 + 0.3 * np.sin(row / 7) * np.cos(column / 5)
    return np.clip(wave + noise, 0, 1).astype(np.float32)


def made_run(path: Path, *, size: int = 64, model: ModelName = "densenet_small", seed: int = 3) -> RunFolder:
    """A run folder with a checkpoint, as a pathology training leaves it."""
    run = create_run(path, make_spec("pathology", settings={"image_size": size, "model": model}))
    torch.manual_seed(seed)
    description = Description(model, "average", 0.0, CLASSES, "sigmoid", size)
    weights = description.build().state_dict()
    facts = {"network": description.to_json(), "facts": '{"epoch": 1}'}
    write_whole(run.checkpoints / "best.safetensors", weights, facts)
    return run


def plain_network(features: int = 3) -> Classifier:
    """The image itself is the last map: everything about it can be worked out by hand."""
    return Classifier(nn.Identity(), features, len(CLASSES))
