import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from engine.jobs.making import make_spec
from engine.jobs.specs import TrainingSpec
from engine.training.optimisation import MovingAverage, learning_rate, make_optimizer, shall_stop

SCORES = st.lists(st.sampled_from([0.1, 0.2, 0.3, 0.4, 0.5]), max_size=14)


def spec(**entries: object) -> TrainingSpec:
    return make_spec("race", settings=entries)


@settings(deadline=None)
@given(scores=SCORES, patience=st.integers(1, 4))
def test_a_plateau_lowers_the_rate_as_torch_does(scores: list[float], patience: int) -> None:
    """torch waits for more than its patience, Keras and we for as many epochs as the spec says."""
    ours = spec(learning_rate=1.0, schedule_factor=0.5, schedule_patience=patience)
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    peer = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, mode="max", factor=0.5, patience=patience - 1, threshold=0.0, eps=0
    )
    for score in scores:
        peer.step(score)
    assert learning_rate(ours, len(scores), scores) == optimizer.param_groups[0]["lr"]


def test_a_rate_does_not_fall_below_the_least() -> None:
    falling = spec(learning_rate=1e-3, schedule_patience=1, least_learning_rate=1e-5)
    assert learning_rate(falling, 2, [0.5, 0.4]) == pytest.approx(1e-4)
    assert learning_rate(falling, 9, [0.5] * 9) == 1e-5


def test_steps_count_epochs_also_where_nothing_was_scored() -> None:
    steps = spec(learning_rate=1.0, schedule="step", schedule_factor=0.5, schedule_every=2)
    assert [learning_rate(steps, epoch, []) for epoch in range(5)] == [1.0, 1.0, 0.5, 0.5, 0.25]


@pytest.mark.parametrize(
    ("scores", "stops"),
    [([], False), ([0.5], False), ([0.5, 0.4], False), ([0.5, 0.4, 0.5], True), ([0.5, 0.4, 0.6], False)],
)
def test_it_stops_after_as_many_epochs_without_a_better_score(scores: list[float], stops: bool) -> None:
    assert shall_stop(spec(early_stopping_patience=2), scores) is stops
    assert not shall_stop(spec(), scores)


def test_the_moving_average_is_that_of_a_loop_over_the_state() -> None:
    torch.manual_seed(0)
    model, shadow, peer = (nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)) for _ in range(3))
    shadow.load_state_dict(model.state_dict())
    peer.load_state_dict(model.state_dict())
    average = MovingAverage(shadow, model, 0.9)
    for step in range(1, 200):
        model(torch.randn(2, 3, 5, 5))
        with torch.no_grad():
            for weight in model.parameters():
                weight.add_(torch.randn_like(weight))
        average.update(step)
        decay = min(0.9, (1 + step) / (10 + step))
        source, target = model.state_dict(), peer.state_dict()
        for name in source:
            mixed = target[name] * decay + source[name] * (1 - decay)
            target[name].copy_(mixed if source[name].is_floating_point() else source[name])
    for name, value in peer.state_dict().items():
        torch.testing.assert_close(average.model.state_dict()[name], value, rtol=1e-4, atol=1e-5)
    assert not any(weight.requires_grad for weight in average.model.parameters())


@pytest.mark.parametrize(
    ("name", "kind"), [("adam", torch.optim.Adam), ("adamw", torch.optim.AdamW), ("sgd", torch.optim.SGD)]
)
def test_the_optimizer_is_that_of_the_spec(name: str, kind: type) -> None:
    made = make_optimizer(
        [nn.Parameter(torch.zeros(2))], spec(optimizer=name, beta1=0.8, momentum=0.7, weight_decay=0.1)
    )
    assert type(made) is kind
    group = made.param_groups[0]
    assert group["weight_decay"] == 0.1
    assert group["momentum"] == 0.7 if name == "sgd" else group["betas"] == (0.8, 0.999)
