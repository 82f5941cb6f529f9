"""What turns gradients into weights: optimizer, learning rate, when to stop, and the moving average of the weights."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from engine.jobs.specs import TrainingSpec

__all__ = ["MovingAverage", "learning_rate", "make_optimizer", "shall_stop"]


def make_optimizer(parameters: Sequence[nn.Parameter], spec: TrainingSpec) -> torch.optim.Optimizer:
    """The spec's optimizer; fused: one pass over the weights in place of a dozen."""
    rate: dict[str, Any] = {"lr": spec.learning_rate, "weight_decay": spec.weight_decay, "fused": True}
    if spec.optimizer == "sgd":
        return torch.optim.SGD(parameters, momentum=spec.momentum, **rate)
    kind = torch.optim.Adam if spec.optimizer == "adam" else torch.optim.AdamW
    return kind(parameters, betas=(spec.beta1, spec.beta2), **rate)


def learning_rate(spec: TrainingSpec, epoch: int, scores: Sequence[float]) -> float:
    """The rate of an epoch (from 0), after the validation scores so far (larger is better).

    A function of the past alone, so that a resumed run needs no state of a scheduler. `plateau` multiplies by the
    factor after `schedule_patience` epochs without a better score and then waits anew, as Keras does.
    """
    rate = spec.learning_rate
    if spec.schedule == "step":
        rate *= spec.schedule_factor ** (epoch // spec.schedule_every)
    if spec.schedule == "plateau":
        rate *= spec.schedule_factor ** _plateaus(scores, max(spec.schedule_patience, 1))
    return max(rate, min(spec.least_learning_rate, spec.learning_rate))


def _plateaus(scores: Sequence[float], patience: int) -> int:
    count, waited, best = 0, 0, float("-inf")
    for score in scores:
        waited = 0 if score > best else waited + 1
        best = max(best, score)
        if waited >= patience:
            count, waited = count + 1, 0
    return count


def shall_stop(spec: TrainingSpec, scores: Sequence[float]) -> bool:
    """Whether the last `early_stopping_patience` epochs brought no better score."""
    patience = spec.early_stopping_patience
    if patience is None or len(scores) <= patience:
        return False
    return max(scores[-patience:]) <= max(scores[:-patience])


class MovingAverage:
    """Exponential moving average of a model's weights and statistics, held in a second model.

    decay(step) = min(decay, (1 + step) / (10 + step)): a short training is not held back by its first weights
    (TensorFlow, ExponentialMovingAverage, num_updates).
    """

    def __init__(self, average: nn.Module, model: nn.Module, decay: float) -> None:
        self.model = average.requires_grad_(False).eval()
        self._decay = decay
        state, shadow = model.state_dict(), average.state_dict()
        floating = [name for name, value in state.items() if value.is_floating_point()]
        counted = [name for name in state if name not in set(floating)]
        self._floats = [shadow[name] for name in floating], [state[name] for name in floating]
        self._counts = [shadow[name] for name in counted], [state[name] for name in counted]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the model's weights after step `step` (from 1)."""
        decay = min(self._decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(self._floats[0], self._floats[1], 1 - decay)
        if self._counts[0]:
            torch._foreach_copy_(*self._counts)
