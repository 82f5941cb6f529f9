"""The one training loop: what is learned is passed in, and a run killed at any moment ends as if it had not been.

Everything that chance decides is a function of seed, epoch and step; everything else is in one state file. So a run on
CPU that was killed and resumed ends with the same bits as one that was not. Progress is counted in images.
"""

import copy
import json
import math
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

import numpy as np
import torch
from torch import nn

from engine.errors import Cancelled, JobError
from engine.jobs.run import RunFolder
from engine.jobs.specs import TrainingSpec
from engine.training.checkpoints import STATE, load_optimizer, optimizer_tensors, read_state, write_whole
from engine.training.optimisation import MovingAverage, learning_rate, make_optimizer, shall_stop
from engine.training.sampling import Epochs
from engine.training.world import World

__all__ = ["Forward", "Learning", "Session", "Source", "train_model"]

Forward = Callable[..., torch.Tensor]
Loss = Callable[[Forward, torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor]]
_LOOK_EVERY_S = 0.5  # how long work queued on a GPU goes on before its losses, and the file `cancel`, are looked at
_SAY_EVERY_S = 0.8


class Source(Protocol):
    """Where examples come from."""

    def batches(
        self, positions: Iterable[np.ndarray], draws: Iterable[np.ndarray] | None
    ) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Inputs and targets on the device, one pair for each (b,) positions; draws: (b, DRAWS), None for as it is."""
        ...

    def names(self, positions: np.ndarray) -> list[str]:
        """Image ids, for sentences."""
        ...


@dataclass(frozen=True, eq=False)
class Learning:
    """What is learned, from what, and how it is judged.

    loss(forward, inputs, targets) gives a sum and the weight it is to be divided by, so that the shares of several
    processes add up to the loss of the whole batch. validate(model) gives the metrics of an epoch in every process;
    `score` turns them into one number, larger is better, NaN where it cannot be told. description: what a checkpoint
    says of its network, JSON.
    """

    model: nn.Module
    loss: Loss
    validate: Callable[[nn.Module], Mapping[str, float]]
    score: Callable[[Mapping[str, float]], float]
    source: Source
    epochs: Epochs
    draws: int  # numbers that chance gives for one image
    description: str


@dataclass
class _Place:
    """How far a run is; goes into the state file."""

    epoch: int = 0
    step: int = 0  # of this epoch
    loss_sum: float = 0.0  # of this epoch's steps
    scores: list[float] = field(default_factory=list)  # of the epochs that had one
    metrics: dict[str, float | None] = field(default_factory=dict)  # of the last epoch


@dataclass(frozen=True)
class Session:
    """What a session of training did: images seen since the beginning of the run, and how fast it was."""

    images: int
    images_per_s: float


def train_model(learning: Learning, spec: TrainingSpec, run: RunFolder, world: World) -> Session:
    """Train to the end, from the run's last state where there is one.

    Writes checkpoints and events. Raises JobError for a loss that is not finite or a checkpoint that cannot be written,
    Cancelled when the run's file `cancel` is there; the run can be resumed after each.
    """
    training = _Training(learning, spec, run, world)
    training.resume()
    while not training.done:
        training.train_epoch()
        training.finish_epoch()
    return Session(training.images, training.pace.images_per_s)


class _Training:
    def __init__(self, learning: Learning, spec: TrainingSpec, run: RunFolder, world: World) -> None:
        if learning.epochs.batch < world.size:
            raise JobError(
                f"a batch of {learning.epochs.batch} cannot be shared by {world.size} processes; start fewer, or raise "
                "batch_size"
            )
        self.learning, self.spec, self.run, self.world = learning, spec, run, world
        self.model = _placed(learning.model, spec, world)
        self.forward = _forward(self.model, spec, world)
        self.weights = [each for each in self.model.parameters() if each.requires_grad]
        self.optimizer = make_optimizer(self.weights, spec)
        self.average = MovingAverage(copy.deepcopy(self.model), self.model, spec.ema_decay) if spec.ema_decay else None
        self.place = _Place()
        self.pace = _Pace(world, learning.epochs.batch)
        self.unseen: list[tuple[torch.Tensor, torch.Tensor, np.ndarray]] = []  # steps whose loss was not looked at yet
        self.written_at = 0  # images at the last checkpoint

    @property
    def done(self) -> bool:
        """Whether all epochs are trained, or no better one is to be expected."""
        return self.place.epoch >= self.spec.epochs or shall_stop(self.spec, self.place.scores)

    @property
    def steps(self) -> int:
        """Steps since the beginning of the run."""
        return self.place.epoch * self.learning.epochs.steps + self.place.step

    @property
    def images(self) -> int:
        return self.steps * self.learning.epochs.batch

    @property
    def judged(self) -> nn.Module:
        """The model that is validated and kept: the moving average where there is one."""
        return self.average.model if self.average else self.model

    def train_epoch(self) -> None:
        """The steps of an epoch that are left."""
        epochs, place = self.learning.epochs, self.place
        rate = learning_rate(self.spec, place.epoch, place.scores)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.model.train()
        share = slice(self.world.rank, None, self.world.size)
        cuts = [slice(k * epochs.batch, (k + 1) * epochs.batch) for k in range(place.step, epochs.steps)]
        order, draws = epochs.order(place.epoch), epochs.draws(place.epoch, self.learning.draws)
        batches = self.learning.source.batches((order[cut][share] for cut in cuts), (draws[cut][share] for cut in cuts))
        self.pace.begin()
        for cut, (inputs, targets) in zip(cuts, batches, strict=True):
            self._step(inputs, targets, order[cut])
            place.step += 1
            if self.pace.time_to_look(len(self.unseen)) or place.step == epochs.steps:
                self._look(rate)
        self.pace.end()

    def _step(self, inputs: torch.Tensor, targets: torch.Tensor, positions: np.ndarray) -> None:
        torch.manual_seed(_step_seed(self.spec.seed, self.steps, self.world.rank))
        with torch.autocast(self.world.device.type, torch.bfloat16, enabled=_half(self.spec, self.world)):
            total, weight = self.learning.loss(self.forward, inputs, targets)
        weight = self.world.summed(weight.detach().to(torch.float32).clone()).clamp(min=1)
        (total * (self.world.size / weight)).backward()  # DDP takes the mean over processes
        if self.spec.clip_norm:
            nn.utils.clip_grad_norm_(self.weights, self.spec.clip_norm)
        self.optimizer.step()
        self.optimizer.zero_grad()
        if self.average:
            self.average.update(self.steps + 1)
        self.unseen.append((total.detach(), weight, positions))

    def _look(self, rate: float) -> None:
        """Look at the losses since the last look, and at what was asked meanwhile; a GPU waits for us only here."""
        sums = self.world.summed(torch.stack([total for total, _, _ in self.unseen]).to(torch.float32))
        losses = (sums / torch.stack([weight for _, weight, _ in self.unseen])).tolist()
        for loss, (_, _, positions) in zip(losses, self.unseen, strict=True):
            if not math.isfinite(loss):
                raise JobError(self._not_finite(positions, rate))
            self.place.loss_sum += loss
        self.pace.looked(len(self.unseen))
        self.unseen.clear()
        self._say_step(losses[-1], rate)
        if self.world.from_first(self.run.cancel_asked):
            self.write()
            raise Cancelled(f"the training was stopped at {self.images:,} images; `engine resume` goes on from there")
        if self.images - self.written_at >= self.spec.checkpoint_every_images:
            self.write()

    def _not_finite(self, positions: np.ndarray, rate: float) -> str:
        names = self.learning.source.names(positions)
        shown = ", ".join(names[:40]) + (f" and {len(names) - 40} more" if len(names) > 40 else "")
        return (
            f"the loss was not a finite number at epoch {self.place.epoch + 1}, learning rate {rate:g}, with images "
            f"{shown}; lower learning_rate, set clip_norm=1, or look at these images; the last checkpoint is untouched"
        )

    def finish_epoch(self) -> None:
        """Validate, keep the best, write the state."""
        place = self.place
        self.judged.eval()
        metrics = dict(self.learning.validate(self.judged))
        place.metrics = {name: value if math.isfinite(value) else None for name, value in metrics.items()}
        self._say_metrics({"loss": place.loss_sum / self.learning.epochs.steps}, "train")
        self._say_metrics(metrics, "val")
        score = self.learning.score(metrics)
        better = not math.isfinite(score) or score > max(place.scores, default=-math.inf)
        if math.isfinite(score):
            place.scores.append(score)
        place.epoch, place.step, place.loss_sum = place.epoch + 1, 0, 0.0
        self.write(best=better)

    def write(self, best: bool = False) -> None:
        """The checkpoints, the state last: until it is there, the old one counts and the rest is made again."""
        if self.world.first:
            if not all(bool(torch.isfinite(weight).all()) for weight in self.weights):
                raise JobError(
                    f"the weights were not finite numbers at {self.images:,} images; lower learning_rate or set "
                    "clip_norm=1; the last checkpoint is untouched"
                )
            kept = self.judged.state_dict()
            facts = {"images": self.images, "epoch": self.place.epoch, "metrics": self.place.metrics}
            metadata = {"network": self.learning.description, "facts": json.dumps(facts)}
            for name in ("best", "last") if best else ("last",):
                write_whole(self.run.checkpoints / f"{name}.safetensors", kept, metadata)
            write_whole(self.run.checkpoints / STATE, self._tensors(), {"state": json.dumps(asdict(self.place))})
        self.written_at = self.images
        self.world.wait()

    def _tensors(self) -> dict[str, torch.Tensor]:
        tensors = {f"model.{name}": value for name, value in self.model.state_dict().items()}
        if self.average:
            tensors |= {f"average.{name}": value for name, value in self.average.model.state_dict().items()}
        return tensors | optimizer_tensors(self.optimizer)

    def resume(self) -> None:
        """Go back to the last state, where there is one."""
        state = read_state(self.run.checkpoints / STATE)
        if state is None:
            return
        tensors, facts = state
        self.place = _Place(**facts)
        self.model.load_state_dict(_under("model.", tensors))
        if self.average:
            self.average.model.load_state_dict(_under("average.", tensors))
        load_optimizer(self.optimizer, tensors)
        self.written_at = self.images

    def _say_step(self, loss: float, rate: float) -> None:
        if not (self.world.first and self.pace.time_to_say()):
            return
        of = self.spec.epochs * self.learning.epochs.images
        self.run.log.say(
            "step",
            images=self.images,
            of=of,
            epoch=self.place.epoch + 1,
            loss=loss,
            learning_rate=rate,
            images_per_s=self.pace.images_per_s,
            remaining_s=(of - self.images) / self.pace.images_per_s,
        )

    def _say_metrics(self, metrics: Mapping[str, float], split: str) -> None:
        if self.world.first:
            for name, value in metrics.items():
                self.run.log.say(
                    "metric", epoch=self.place.epoch + 1, images=self.images, split=split, name=name, value=value
                )


class _Pace:
    """How fast it goes, and when to look up from the work. Every process looks at the same steps."""

    def __init__(self, world: World, batch: int) -> None:
        self._world, self._batch = world, batch
        self._stride = 1
        self._worked_s, self._steps = 0.0, 0  # of this session, validation left out
        self._since = self._said = 0.0

    @property
    def images_per_s(self) -> float:
        return self._steps * self._batch / max(self._worked_s, 1e-9)

    def begin(self) -> None:
        self._since = time.perf_counter()

    end = begin

    def time_to_look(self, unseen: int) -> bool:
        return unseen >= self._stride

    def looked(self, steps: int) -> None:
        now = time.perf_counter()
        spent = now - self._since
        self._worked_s, self._steps, self._since = self._worked_s + spent, self._steps + steps, now
        if self._world.size > 1 or self._world.device.type == "cuda":  # else a look costs nothing
            self._stride = self._world.from_first(max(1, min(4 * self._stride, int(_LOOK_EVERY_S * steps / spent))))

    def time_to_say(self) -> bool:
        now = time.perf_counter()
        if now - self._said < _SAY_EVERY_S:
            return False
        self._said = now
        return True


def _placed(model: nn.Module, spec: TrainingSpec, world: World) -> nn.Module:
    if world.size > 1 and world.device.type == "cuda":
        model = nn.SyncBatchNorm.convert_sync_batchnorm(model)
    layout = torch.channels_last if spec.channels_last else torch.preserve_format
    return model.to(device=world.device, memory_format=layout)  # type: ignore[call-overload, no-any-return]


def _forward(model: nn.Module, spec: TrainingSpec, world: World) -> Forward:
    """The model as the loss calls it: shared between processes, compiled where asked."""
    forward: Any = model
    if world.size > 1:
        forward = nn.parallel.DistributedDataParallel(
            model, device_ids=[world.device] if world.device.type == "cuda" else None
        )
    return torch.compile(forward) if spec.compile else forward


def _half(spec: TrainingSpec, world: World) -> bool:
    """bfloat16 where asked; by itself on CUDA only: most CPUs are thirty times slower with it."""
    return spec.precision == "bfloat16" or (spec.precision == "auto" and world.device.type == "cuda")


def _step_seed(seed: int, step: int, rank: int) -> int:
    return int(np.random.SeedSequence([seed, step, rank]).generate_state(1)[0])


def _under(prefix: str, tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
