import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import Cancelled, JobError
from engine.jobs.run import RunFolder, open_run
from engine.training.loop import train_model
from engine.training.world import World
from tests.engine.training.made import (
    N,
    assert_same_weights,
    made_learning,
    made_run,
    small_network,
    tensors_of,
)


def trained(run: RunFolder) -> RunFolder:
    train_model(made_learning(run, World()), run.spec, run, World())
    return run


def metrics(run: RunFolder, split: str) -> list[float]:
    return [e.facts["value"] for e in run.events() if e.kind == "metric" and e.facts["split"] == split]


def test_it_learns(tmp_path: Path) -> None:
    run = trained(made_run(tmp_path / "run", epochs=12, schedule="none"))
    losses = metrics(run, "val")
    assert len(losses) == 12
    assert min(losses) < 0.5 * losses[0]


def test_progress_is_told_in_images(tmp_path: Path) -> None:
    run = trained(made_run(tmp_path / "run", epochs=2))
    steps = [event.facts for event in run.events() if event.kind == "step"]
    assert steps[0]["of"] == 2 * (N // 8) * 8
    assert 0 < steps[0]["images"] <= steps[-1]["images"] <= steps[0]["of"]
    assert all(step["images_per_s"] > 0 and step["learning_rate"] == 0.01 for step in steps)
    assert steps[0]["remaining_s"] > 0


def test_the_same_seed_trains_the_same_weights_and_another_does_not(tmp_path: Path) -> None:
    one, two = (trained(made_run(tmp_path / name, epochs=2)) for name in ("one", "two"))
    assert_same_weights(one, two)
    other = trained(made_run(tmp_path / "other", epochs=2, seed=8))
    with pytest.raises(AssertionError):
        assert_same_weights(one, other)


def test_cancelled_at_any_step_it_resumes_to_the_same_bits(tmp_path: Path) -> None:
    whole = trained(made_run(tmp_path / "whole", epochs=3))
    parts = made_run(tmp_path / "parts", epochs=3)
    for number in range(40):
        learning = made_learning(parts, World())
        parts.ask_to_cancel()  # found at the first step of every turn: one step a turn
        try:
            train_model(learning, parts.spec, parts, World())
            break
        except Cancelled as cancelled:
            assert f"{8 * (number + 1)} images" in str(cancelled)
    else:
        pytest.fail("it never ended")
    assert number == 3 * (N // 8)
    assert_same_weights(whole, parts)
    assert metrics(whole, "train") == metrics(parts, "train")


@pytest.mark.parametrize("seed", [0, 1])
def test_killed_at_random_moments_it_resumes_to_the_same_bits(tmp_path: Path, seed: int) -> None:
    """Real processes, killed without a word of warning, also while they write checkpoints."""
    whole = trained(made_run(tmp_path / "whole"))
    killed = made_run(tmp_path / "killed")
    moment = random.Random(seed)
    for _ in range(2):
        process = started(killed, "--slow")
        wait_for_a_step(killed, process)
        time.sleep(moment.uniform(0, 0.6))
        assert process.poll() is None, "it was over before it could be killed"
        process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        process.wait()
    trained(open_run(killed.path))
    assert_same_weights(whole, killed)


def started(run: RunFolder, *options: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen([sys.executable, "-m", "tests.engine.training.made", str(run.path), *options])


def wait_for_a_step(run: RunFolder, process: "subprocess.Popen[bytes]") -> None:
    before = len(run.events())
    while len(run.events()) == before:
        assert process.poll() is None
        time.sleep(0.01)


def test_a_run_that_is_over_trains_no_step_more(tmp_path: Path) -> None:
    run = trained(made_run(tmp_path / "run", epochs=1))
    before = tensors_of(run.checkpoints / "last.safetensors")
    events = len(run.events())
    trained(run)
    assert len(run.events()) == events
    after = tensors_of(run.checkpoints / "last.safetensors")
    assert all(np.array_equal(before[name], after[name]) for name in before)


def test_the_best_epoch_is_kept(tmp_path: Path) -> None:
    run = made_run(tmp_path / "run", epochs=4, schedule="none")
    scores = iter([0.1, 0.9, 0.3, 0.2])
    kept = []
    learning = made_learning(run, World())

    def validate(net: torch.nn.Module) -> dict[str, float]:
        kept.append({name: value.clone() for name, value in net.state_dict().items()})
        return {"auc": next(scores)}

    train_model(replace(learning, validate=validate, score=lambda m: m["auc"]), run.spec, run, World())
    best = tensors_of(run.checkpoints / "best.safetensors")
    assert all(np.array_equal(best[name], kept[1][name].numpy()) for name in best)
    last = tensors_of(run.checkpoints / "last.safetensors")
    assert all(np.array_equal(last[name], kept[3][name].numpy()) for name in last)


def test_it_stops_early_and_stays_stopped(tmp_path: Path) -> None:
    run = made_run(tmp_path / "run", epochs=9, early_stopping_patience=2)
    learning = replace(made_learning(run, World()), validate=lambda net: {"auc": 0.5}, score=lambda m: m["auc"])
    train_model(learning, run.spec, run, World())
    assert len(metrics(run, "val")) == 3
    train_model(learning, run.spec, run, World())
    assert len(metrics(run, "val")) == 3


def test_without_a_score_the_last_epoch_is_the_best_and_the_rate_stays(tmp_path: Path) -> None:
    run = made_run(tmp_path / "run", epochs=3, early_stopping_patience=1)
    learning = replace(made_learning(run, World()), validate=lambda net: {}, score=lambda m: float("nan"))
    train_model(learning, run.spec, run, World())
    best, last = (tensors_of(run.checkpoints / f"{name}.safetensors") for name in ("best", "last"))
    assert all(np.array_equal(best[name], last[name]) for name in best)
    assert {e.facts["learning_rate"] for e in run.events() if e.kind == "step"} == {0.01}


def test_a_loss_that_is_not_finite_names_the_images_and_leaves_the_checkpoint(tmp_path: Path) -> None:
    run = trained(made_run(tmp_path / "run", epochs=1))
    state = tensors_of(run.checkpoints / "last.state.safetensors")
    longer = RunFolder(run.path, run.spec.model_copy(update={"epochs": 2}))
    learning = made_learning(longer, World())

    def poisoned(forward, inputs, truths):  # type: ignore[no-untyped-def]
        total, weight = learning.loss(forward, inputs, truths)
        return total * float("nan"), weight

    with pytest.raises(JobError) as caught:
        train_model(replace(learning, loss=poisoned), longer.spec, longer, World())
    first = learning.epochs.order(1)[:8]
    assert all(f"image{position}" in str(caught.value) for position in first)
    assert "epoch 2" in str(caught.value) and "lower learning_rate" in str(caught.value)
    after = tensors_of(run.checkpoints / "last.state.safetensors")
    assert all(state[name].tobytes() == after[name].tobytes() for name in state)


def test_a_loss_of_nothing_moves_nothing_by_its_gradient(tmp_path: Path) -> None:
    """A batch whose labels are all missing has weight 0."""
    run = made_run(tmp_path / "run", epochs=1, ema_decay=None, optimizer="sgd", momentum=0.0)
    learning = made_learning(run, World())
    before = {name: value.clone() for name, value in learning.model.named_parameters()}

    def nothing(forward, inputs, truths):  # type: ignore[no-untyped-def]
        return (forward(inputs) * 0).sum(), torch.tensor(0.0)

    train_model(replace(learning, loss=nothing), run.spec, run, World())
    assert all(torch.equal(before[name], value) for name, value in learning.model.named_parameters())


@pytest.mark.skipif(os.name != "posix", reason="limits the size of files as only POSIX can")
def test_a_full_disk_is_one_sentence_and_the_run_resumes(tmp_path: Path) -> None:
    whole = trained(made_run(tmp_path / "whole", epochs=3))
    run = made_run(tmp_path / "run", epochs=3)
    trained(RunFolder(run.path, run.spec.model_copy(update={"epochs": 1})))
    code = f"""
import resource, signal, sys, torch
from pathlib import Path
from engine.errors import JobError
from engine.jobs.run import open_run
from engine.training.loop import train_model
from engine.training.world import World
from tests.engine.training.made import made_learning
torch.set_num_threads(1)
run = open_run(Path({str(run.path)!r}))
learning = made_learning(run, World())
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))
try:
    train_model(learning, run.spec, run, World())
except JobError as error:
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "cannot be written: the disk is full" in done.stdout
    assert "go on with `engine resume" in done.stdout
    assert not list(run.checkpoints.glob("*.part"))
    trained(run)
    assert_same_weights(whole, run)


def test_two_processes_train_what_one_trains(tmp_path: Path) -> None:
    """Two gloo processes under torchrun; no batch statistics and no dropout, so that the sums are the same."""
    settings = {"epochs": 2, "rotate_degrees": 10.0, "ema_decay": 0.5}
    alone, shared = (made_run(tmp_path / name, **settings) for name in ("alone", "shared"))
    torch.manual_seed(alone.spec.seed)
    learning = made_learning(alone, World(), model=small_network(False, 0.0), balanced=False)
    train_model(learning, alone.spec, alone, World())
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    done = subprocess.run(
        [*command, "-m", "tests.engine.training.made", str(shared.path), "--without-chance"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    mine, theirs = (tensors_of(run.checkpoints / "last.state.safetensors") for run in (alone, shared))
    assert mine.keys() == theirs.keys()
    for name, value in mine.items():
        np.testing.assert_allclose(theirs[name], value, rtol=1e-4, atol=1e-6, err_msg=name)
    np.testing.assert_allclose(metrics(shared, "val"), metrics(alone, "val"), rtol=1e-5)
    assert len(metrics(shared, "val")) == 2, "one process speaks for both"
