"""Training the autoencoder: the moving average, what the loop adds to a bare step, and images a second.

The peer of images a second is the same network in a plain eager loop, NCHW, half precision with a scaler where there is
a GPU, and diffae's moving average over state_dict, on one batch that lies on the device already.
"""

import copy
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import torch
from torch import nn

from engine.diffusion.schedule import NoiseSchedule
from engine.jobs.making import make_spec
from engine.jobs.run import create_run
from engine.jobs.specs import DiffusionSpec
from engine.models.autoencoder import Autoencoder, weights_of
from engine.models.normalisation import symmetric
from engine.training.augmentation import Augmentation
from engine.training.diffusion import noise_loss, shape_of
from engine.training.examples import ImageExamples, Pixels
from engine.training.loop import Learning, train_model
from engine.training.optimisation import MovingAverage
from engine.training.sampling import Epochs
from engine.training.world import World, joined
from tests.benchmarks.figure import Figure

TURNS = 4
ON_GPU = (("diffchest-128", 128, 60, 450.0), ("diffchest-256", 48, 30, 120.0))  # preset, batch, steps, floor
ON_CPU = (("", 16, 3, 0.0),)
SCHEDULE = NoiseSchedule()


def run() -> Iterator[Figure]:
    yield _moving_average()
    with joined() as world:
        gpu = world.device.type == "cuda"
        for preset, batch, steps, floor in ON_GPU if gpu else ON_CPU:
            yield from _loops(preset, batch, steps, floor, world, gpu)


def _spec(preset: str, batch: int) -> DiffusionSpec:
    settings = {"batch_size": batch, "epochs": 1, "samples": 0}
    spec = make_spec("diffusion", preset=preset, settings=settings)
    assert isinstance(spec, DiffusionSpec)
    return spec


def _moving_average() -> Figure:
    """The network at 64², one thread; peer: `ema()` of diffae, which DiffChest trains with."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    model = Autoencoder(shape_of(_spec("diffchest-64", 1)))
    shadow, peer = copy.deepcopy(model), copy.deepcopy(model)
    average = MovingAverage(shadow, model, 0.9999)
    ours, loop = [], []
    for turn in range(2 * TURNS):
        start = process_time()
        average.update(turn + 1)
        between = process_time()
        _state_dict_loop(model, peer)
        ours.append(between - start)
        loop.append(process_time() - between)
    torch.set_num_threads(threads)
    mine, theirs = min(ours), min(loop)
    note = f"{weights_of(model) / 1e6:.0f} million weights, one thread; peer: a loop over state_dict, as diffae's ema()"
    return Figure("ema_update", 1e3 * mine, "ms", "<= 0.3x", mine <= 0.3 * theirs, theirs / mine, note)


def _state_dict_loop(source: nn.Module, target: nn.Module, decay: float = 0.9999) -> None:
    source_dict, target_dict = source.state_dict(), target.state_dict()
    for key in source_dict:
        target_dict[key].data.copy_(target_dict[key].data * decay + source_dict[key].data * (1 - decay))


def _loops(preset: str, batch: int, steps: int, floor: float, world: World, gpu: bool) -> Iterator[Figure]:
    spec = _spec(preset, batch)
    images = np.random.default_rng(0).integers(0, 255, (batch * steps, spec.image_size, spec.image_size), np.uint8)
    source = ImageExamples(
        Pixels([(images, np.arange(len(images)))], world.device),
        torch.zeros((len(images), 0), dtype=torch.int8, device=world.device),
        [str(number) for number in range(len(images))],
        prepare=partial(symmetric, colours=spec.colours),
    )
    fixed = next(source.batches([np.arange(batch)], None))[0]
    ours, bare, plain = [], [], []
    for turn in range(TURNS + 1):  # the first warms all three
        rates = (
            _trained(spec, source, steps, world),
            _stepped(spec, fixed, steps, world, plain=False),
            _stepped(spec, fixed, steps, world, plain=True),
        )
        if turn:
            for rate, so_far in zip(rates, (ours, bare, plain), strict=True):
                so_far.append(rate)
    mine, own, peer = max(ours), max(bare), max(plain)
    size = spec.image_size
    note = f"{preset or 'the default'} at {size}², batch {batch}; peer: eager NCHW, a state_dict EMA" + (
        ", fp16" if gpu else ", CPU"
    )
    met = mine >= floor and mine >= 2 * peer
    goal = f">= {floor:g} and >= 2x" if gpu else ""
    yield Figure(f"train_{size}", mine, "images/s", goal, met or not gpu, mine / peer, note)
    note = (
        "a step of the one loop, with data, moving average, clipping and events, against its bare forward and backward"
    )
    yield Figure(f"step_overhead_{size}", own / mine, "x", "<= 1.1", own <= 1.1 * mine, note=note)


def _trained(spec: DiffusionSpec, source: ImageExamples, steps: int, world: World) -> float:
    """Images a second of the one loop."""
    with tempfile.TemporaryDirectory() as folder:
        run = create_run(Path(folder) / "run", spec)
        torch.manual_seed(0)
        learning = Learning(
            model=Autoencoder(shape_of(spec)),
            loss=partial(noise_loss, SCHEDULE),
            validate=lambda net: {},
            score=lambda metrics: float("nan"),
            source=source,
            epochs=Epochs(spec.batch_size * steps, spec.batch_size, 0),
            draws=Augmentation.DRAWS,
            description="{}",
        )
        return train_model(learning, spec, run, world).images_per_s


def _stepped(spec: DiffusionSpec, images: torch.Tensor, steps: int, world: World, plain: bool) -> float:
    """Images a second of a bare loop over one batch: ours (bf16, channels_last), or the peer's (`plain`)."""
    torch.manual_seed(0)
    gpu = world.device.type == "cuda"
    net = Autoencoder(shape_of(spec)).to(world.device)
    if not plain:
        net = net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    shadow = copy.deepcopy(net) if plain else None
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-4, fused=not plain)
    scaler = torch.amp.GradScaler(world.device.type, enabled=plain and gpu)  # type: ignore[attr-defined]
    x = images.contiguous() if plain else images
    half = torch.float16 if plain else torch.bfloat16
    start = perf_counter()
    for _ in range(steps):
        with torch.autocast(world.device.type, half, enabled=gpu):
            total, weight = noise_loss(SCHEDULE, net, x, x)
        scaler.scale(total / weight).backward()  # type: ignore[no-untyped-call]
        scaler.unscale_(optimizer)
        if plain:
            nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad()
        if shadow is not None:
            _state_dict_loop(net, shadow)
    if gpu:
        torch.cuda.synchronize()
    return len(images) * steps / (perf_counter() - start)
