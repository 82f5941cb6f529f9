"""Runs started and left alone: in a process of their own, under torchrun, and on a real Slurm where there is one."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.__main__ import main
from engine.jobs.launch import Here, Place, Slurm, Torchrun, launch
from engine.jobs.making import cohort_source, make_spec
from engine.jobs.run import RunFolder, create_run
from tests.engine.training.pictures import made_pictures

PATIENCE_S = 180


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    cohort = made_pictures(tmp_path / "cohort")
    settings = {"model": "small", "epochs": 1, "image_size": 32, "batch_size": 8, "compile": False}
    return create_run(tmp_path / "run", make_spec("race", [cohort_source(str(cohort.root))], settings=settings))


def ended(run: RunFolder) -> str:
    until = time.monotonic() + PATIENCE_S
    while run.state() not in ("finished", "failed", "cancelled") and time.monotonic() < until:
        time.sleep(0.2)
    return run.state()


@pytest.mark.parametrize("place", [Here(), Torchrun(2)], ids=["alone", "torchrun"])
def test_a_run_is_started_and_left_alone(run: RunFolder, place: Place) -> None:
    how, number = launch(run, place)
    assert how == "process" and int(number) > 0
    assert ended(run) == "finished", (run.path / "log.txt").read_text()
    assert run.predictions("cohort", "test").is_file()


def test_a_cancel_before_the_process_begins_counts(run: RunFolder) -> None:
    """Queued on a cluster, or still importing torch: who cancels then must not see it train."""
    launch(run, Here())
    run.ask_to_cancel()
    assert ended(run) == "cancelled"
    assert not list(run.checkpoints.iterdir())


def _slurm_works() -> bool:
    if shutil.which("sinfo") is None:
        return False
    asked = subprocess.run(["sinfo", "-h", "-t", "idle,mixed"], capture_output=True, text=True)
    return asked.returncode == 0 and bool(asked.stdout.strip())


@pytest.mark.skipif(sys.platform == "win32" or not _slurm_works(), reason="no Slurm with an idle node on this machine")
def test_a_run_is_carried_out_by_slurm(run: RunFolder) -> None:
    how, number = launch(run, Slurm(gpus=0, cpus=1, memory_gb=2, minutes=10))
    assert how == "slurm" and int(number) > 0
    assert ended(run) == "finished", [path.read_text() for path in (run.path / "slurm").glob("*.err")]
    assert run.predictions("cohort", "test").is_file()


def test_the_shell_trains_cancels_and_resumes(run: RunFolder) -> None:
    """What a person does: train to the end in the foreground; a finished run is not begun again."""
    shell = CliRunner()
    done = shell.invoke(main, ["resume", str(run.path)])
    assert done.exit_code == 0, done.output
    assert "finished; look at it with `engine evaluate" in done.output
    again = shell.invoke(main, ["resume", str(run.path)])
    assert again.exit_code == 1 and "is finished; there is nothing to go on with" in again.output
    cancelled = shell.invoke(main, ["cancel", str(run.path)])
    assert cancelled.exit_code == 1 and "nobody works on" in cancelled.output
