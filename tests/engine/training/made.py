"""A training that takes a second: stripes told from noise. Run as a module it trains the run in the folder it is given.

It has everything that a resumed run could get wrong: batch statistics, dropout, augmentation, balanced sampling, a
moving average, Adam, a plateau schedule.
"""

import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from torch import nn

from engine.jobs.making import make_spec
from engine.jobs.run import RunFolder, create_run, open_run
from engine.models.classifier import Classifier
from engine.training.augmentation import Augmentation
from engine.training.classification import softmax_loss
from engine.training.examples import ImageExamples, Pixels
from engine.training.loop import Learning, train_model
from engine.training.prediction import outputs_of
from engine.training.sampling import Epochs, balanced_weights
from engine.training.world import World, joined

N, SIZE = 44, 16
SETTINGS: Mapping[str, Any] = {
    "epochs": 5,
    "batch_size": 8,
    "learning_rate": 0.01,
    "seed": 7,
    "ema_decay": 0.9,
    "clip_norm": 1.0,
    "schedule_patience": 1,
    "schedule_factor": 0.5,
    "rotate_degrees": 5.0,
    "zoom": 0.1,
    "checkpoint_every_images": 16,
    "image_size": SIZE,
}


def made_images(n: int = N) -> tuple[np.ndarray, np.ndarray]:
    """(n, SIZE, SIZE) uint8 and truths (n, 2) int8; images of the second class have stripes."""
    generator = np.random.default_rng(1)
    images = generator.uniform(0.3, 0.7, (n, SIZE, SIZE))
    striped = np.arange(n) % 3 == 0
    images[striped, :, ::2] += 0.2
    return np.rint(images * 255).astype(np.uint8), np.stack([~striped, striped], axis=1).astype(np.int8)


def small_network(batch_statistics: bool = True, dropout: float = 0.2) -> Classifier:
    norm: nn.Module = nn.BatchNorm2d(6) if batch_statistics else nn.Identity()
    trunk = nn.Sequential(nn.Conv2d(3, 6, 3, padding=1), norm, nn.ReLU(), nn.Conv2d(6, 8, 3, stride=2), nn.ReLU())
    return Classifier(trunk, 8, 2, dropout=dropout)


class SlowExamples(ImageExamples):
    """The same, at a pace at which a process can be killed between any two steps."""

    def batches(self, positions: Any, draws: Any) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        for batch in super().batches(positions, draws):
            time.sleep(0.05 if draws is not None else 0)
            yield batch


def made_learning(
    run: RunFolder, world: World, *, slow: bool = False, model: Classifier | None = None, balanced: bool = True
) -> Learning:
    spec = run.spec
    torch.manual_seed(spec.seed)
    images, truths = made_images()
    pixels = Pixels([(images, np.arange(N))], world.device)
    names = [f"image{number}" for number in range(N)]
    augmentation = Augmentation(spec.flip, spec.rotate_degrees, spec.zoom)
    kind = SlowExamples if slow else ImageExamples
    source = kind(pixels, torch.from_numpy(truths), names, augmentation)
    groups = np.where(truths[:, 1] == 1, "striped", "plain")

    def validate(net: nn.Module) -> dict[str, float]:
        logits = torch.from_numpy(outputs_of(net, replace(source, augmentation=Augmentation()), N, world))
        total, weight = softmax_loss(lambda x: x, logits, torch.from_numpy(truths))
        return {"loss": float(total / weight)}

    return Learning(
        model=model or small_network(),
        loss=softmax_loss,
        validate=validate,
        score=lambda metrics: -metrics["loss"],
        source=source,
        epochs=Epochs(N, spec.batch_size, spec.seed, balanced_weights(groups) if balanced else None),
        draws=Augmentation.DRAWS,
        description="{}",
    )


def made_run(path: Path, **settings: Any) -> RunFolder:
    return create_run(path, make_spec("race", settings={**SETTINGS, **settings}))


def tensors_of(path: Path) -> dict[str, np.ndarray]:
    with safe_open(path, framework="np") as file:
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


def assert_same_weights(one: RunFolder, other: RunFolder) -> None:
    """Bit by bit, in every checkpoint."""
    for name in ("best", "last", "last.state"):
        mine, theirs = (tensors_of(run.checkpoints / f"{name}.safetensors") for run in (one, other))
        assert mine.keys() == theirs.keys()
        different = [key for key in mine if mine[key].tobytes() != theirs[key].tobytes()]
        assert not different, f"{name}: {different}"


if __name__ == "__main__":
    torch.set_num_threads(1)
    opened = open_run(Path(sys.argv[1]))
    with joined() as together:
        if "--without-chance" in sys.argv:
            torch.manual_seed(opened.spec.seed)
            made = made_learning(opened, together, model=small_network(False, 0.0), balanced=False)
        else:
            made = made_learning(opened, together, slow="--slow" in sys.argv)
        train_model(made, opened.spec, opened, together)
