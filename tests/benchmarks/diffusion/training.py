"""Training the autoencoder: the moving average, what the loop adds to a bare step, and images a second.

The peer of images a second is the same network in a plain eager loop, NCHW, half precision with a scaler where there is
a GPU, and diffae's moving average over state_dict, on one batch that lies on the device already. On a CPU the default
network takes small batches, and turns end after a minute and a half.
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
ON_CPU = (("", 8, 3, 0.0),)
LONGEST_S = 90.0  # that turns of one size go on for, where the machine is slow
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
    rates = _rates(spec, steps, world)
    mine, own, peer = (max(each) for each in zip(*rates))
    size = spec.image_size
    note = f"{preset or 'the default'} at {size}², batch {batch}, best of {len(rates)} turns; peer: eager NCHW, a "
    note += "state_dict EMA" + (", fp16" if gpu else f", CPU, {torch.get_num_threads()} threads")
    met = mine >= floor and mine >= 2 * peer
    goal = f">= {floor:g} and >= 2x" if gpu else ""
    yield Figure(f"train_{size}", mine, "images/s", goal, met or not gpu, mine / peer, note)
    note = (
        "a step of the one loop, with data, moving average, clipping and events, against its bare forward and backward"
    )
    yield Figure(f"step_overhead_{size}", own / mine, "x", "<= 1.1", own <= 1.1 * mine, note=note)


def _rates(spec: DiffusionSpec, steps: int, world: World) -> list[tuple[float, float, float]]:
    """Images a second of the one loop, its bare step and the peer, in turn; the first turn warms all three."""
    source = _films(spec, spec.batch_size * steps, world)
    fixed = next(source.batches([np.arange(spec.batch_size)], None))[0]
    rates: list[tuple[float, float, float]] = []
    begun = perf_counter()
    for _ in range(TURNS + 1):
        rates.append(
            (
                _trained(spec, source, steps, world),
                _stepped(spec, fixed, steps, world, plain=False),
                _stepped(spec, fixed, steps, world, plain=True),
            )
        )
        if len(rates) > 1 and perf_counter() - begun > LONGEST_S:
            break
    return rates[1:]


def _films(spec: DiffusionSpec, count: int, world: World) -> ImageExamples:
    images = np.random.default_rng(0).integers(0, 255, (count, spec.image_size, spec.image_size), np.uint8)
    return ImageExamples(
        Pixels([(images, np.arange(count))], world.device),
        torch.zeros((count, 0), dtype=torch.int8, device=world.device),
        [str(number) for number in range(count)],
        prepare=partial(symmetric, colours=spec.colours),
    )


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
