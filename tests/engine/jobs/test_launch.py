import sys
from pathlib import Path

import pytest

from engine.errors import JobError
from engine.jobs.launch import Here, Slurm, Torchrun, command_for, launch
from engine.jobs.making import make_spec
from engine.jobs.run import create_run


def test_one_process_here(tmp_path: Path) -> None:
    assert command_for(tmp_path, Here()) == [
        sys.executable,
        "-m",
        "engine",
        "resume",
        "--launched",
        str(tmp_path.resolve()),
    ]


def test_several_processes_and_machines(tmp_path: Path) -> None:
    one = command_for(tmp_path, Torchrun(2))
    assert one[1:5] == ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    several = command_for(tmp_path, Torchrun(8, machines=2, rendezvous="node1:29500"))
    assert several[3:7] == ["--nnodes=2", "--rdzv-backend=c10d", "--rdzv-endpoint=node1:29500", "--nproc-per-node=8"]
    with pytest.raises(JobError, match="several machines need a rendezvous"):
        command_for(tmp_path, Torchrun(8, machines=2))


def test_slurm_is_refused_where_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    run = create_run(tmp_path / "run", make_spec("race"))
    with pytest.raises(JobError, match="there is no sbatch on this machine"):
        launch(run, Slurm())
    assert run.state() == "queued" and run.events() == []
