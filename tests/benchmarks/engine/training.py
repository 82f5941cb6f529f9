"""Training: the moving average against a loop over state_dict, and the one loop against a plain one.

The plain loop is eager PyTorch in NCHW, with automatic mixed precision where there is a GPU, over one batch that lies
on the device already: it reads, augments and tells nothing. Ours reads the images, normalises them, looks at the loss
and says how it goes. Where there is a GPU: ResNet-34 at 320² and DenseNet-121 at 224²; on a CPU, for information, a
small ResNet-18.
"""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, thread_time

import numpy as np
import torch
import torchvision
from torch import nn

from engine.jobs.making import make_spec
from engine.jobs.run import create_run
from engine.jobs.specs import ModelName
from engine.models.classifier import build_classifier
from engine.training.augmentation import Augmentation
from engine.training.classification import softmax_loss
from engine.training.examples import ImageExamples, Pixels
from engine.training.loop import Learning, Source, train_model
from engine.training.optimisation import MovingAverage
from engine.training.sampling import Epochs
from engine.training.world import World, joined
from tests.benchmarks.figure import Figure

TURNS = 5
CLASSES = 3


@dataclass(frozen=True)
class Case:
    network: ModelName
    size: int
    batch: int
    steps: int  # of one turn

    @property
    def name(self) -> str:
        return f"{self.network}_{self.size}"


ON_GPU = (Case("resnet34", 320, 256, 40), Case("densenet121", 224, 256, 40))
ON_CPU = (Case("resnet18", 96, 16, 4),)


def run() -> Iterator[Figure]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield _moving_average()
    torch.set_num_threads(threads)
    with joined() as world:
        gpu = world.device.type == "cuda"
        for case in ON_GPU if gpu else ON_CPU:
            yield from _loops(case, world, gpu)


def _moving_average() -> Figure:
    """ResNet-50's 25.6 million weights; the peer is `ema()` of diffae, which DiffChest trains with. One thread."""
    model, shadow, peer = (torchvision.models.resnet50(weights=None) for _ in range(3))
    average = MovingAverage(shadow, model, 0.9999)
    ours, loop = [], []
    for turn in range(2 * TURNS):
        ours.append(_seconds(lambda turn=turn: average.update(turn + 1)))  # type: ignore[misc]
        loop.append(_seconds(lambda: _state_dict_loop(model, peer, 0.9999)))
    mine, theirs = min(ours), min(loop)
    note = "resnet50, one thread; peer: a loop over state_dict, as diffae's ema()"
    return Figure("ema_update", 1e3 * mine, "ms", "<= 0.3x", mine <= 0.3 * theirs, theirs / mine, note)


def _seconds(work: Callable[[], None]) -> float:
    start = thread_time()
    work()
    return thread_time() - start


def _state_dict_loop(source: nn.Module, target: nn.Module, decay: float) -> None:
    source_dict, target_dict = source.state_dict(), target.state_dict()
    for key in source_dict:
        target_dict[key].data.copy_(target_dict[key].data * decay + source_dict[key].data * (1 - decay))


def _loops(case: Case, world: World, gpu: bool) -> Iterator[Figure]:
    images = np.random.default_rng(0).integers(0, 255, (case.batch * case.steps, case.size, case.size), np.uint8)
    truths = np.eye(CLASSES, dtype=np.int8)[np.arange(len(images)) % CLASSES]
    source = ImageExamples(
        Pixels([(images, np.arange(len(images)))], world.device),
        torch.from_numpy(truths).to(world.device),
        [str(number) for number in range(len(images))],
    )
    fixed = _Fixed(*next(source.batches([np.arange(case.batch)], None)))
    ours, same, plain = [], [], []
    for turn in range(TURNS + 1):  # the first warms all three
        rates = _trained(case, source, world), _trained(case, fixed, world), _plain(case, fixed, world)
        if turn:
            for rate, rates_so_far in zip(rates, (ours, same, plain), strict=True):
                rates_so_far.append(rate)
    mine, own, peer = max(ours), max(same), max(plain)
    note = f"{case.network} at {case.size}², batch {case.batch}; peer: eager NCHW" + (" with AMP" if gpu else ", CPU")
    goal = ">= 1.25x" if gpu else ""
    yield Figure(f"train_{case.name}", mine, "images/s", goal, not gpu or mine >= 1.25 * peer, mine / peer, note)
    note = "a step with real data against the same step on one batch"
    yield Figure(
        f"data_{case.name}", own / mine, "x", "<= 1.03" if gpu else "", not gpu or own <= 1.03 * mine, note=note
    )


@dataclass(frozen=True, eq=False)
class _Fixed:
    """The same batch again and again."""

    inputs: torch.Tensor
    truths: torch.Tensor

    def batches(
        self, positions: Iterable[np.ndarray], draws: Iterable[np.ndarray] | None
    ) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        return ((self.inputs, self.truths) for _ in positions)

    def names(self, positions: np.ndarray) -> list[str]:
        return []


def _trained(case: Case, source: Source, world: World) -> float:
    """Images a second of the one loop."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {"model": case.network, "batch_size": case.batch, "epochs": 1, "image_size": case.size}
        run = create_run(Path(folder) / "run", make_spec("race", settings=settings))
        torch.manual_seed(0)
        learning = Learning(
            model=build_classifier(case.network, CLASSES),
            loss=softmax_loss,
            validate=lambda net: {},
            score=lambda metrics: float("nan"),
            source=source,
            epochs=Epochs(case.batch * case.steps, case.batch, 0),
            draws=Augmentation.DRAWS,
            description="{}",
        )
        return train_model(learning, run.spec, run, world).images_per_s


def _plain(case: Case, fixed: _Fixed, world: World) -> float:
    torch.manual_seed(0)
    net = torchvision.models.get_model(case.network, weights=None, num_classes=CLASSES).to(world.device)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    x, y = fixed.inputs.contiguous(), fixed.truths.argmax(1)
    gpu = world.device.type == "cuda"
    start = perf_counter()
    for _ in range(case.steps):
        optimizer.zero_grad()
        with torch.autocast(world.device.type, torch.bfloat16, enabled=gpu):
            loss = nn.functional.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
    if gpu:
        torch.cuda.synchronize()
    return case.batch * case.steps / (perf_counter() - start)
