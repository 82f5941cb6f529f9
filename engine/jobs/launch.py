"""Starting a run somewhere else than in this process: here, on several GPUs or machines, or on a Slurm cluster.

Whoever starts a run may go away: the process is nobody's child, and its folder tells how it goes. `engine resume RUN`
is the one command that carries a run out, wherever it stands.
"""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from engine.errors import JobError
from engine.jobs.run import RunFolder

__all__ = ["Here", "Place", "Slurm", "Torchrun", "command_for", "launch", "slurm_is_there"]


@dataclass(frozen=True)
class Here:
    """One process on this machine, on its GPU where it has one."""


@dataclass(frozen=True)
class Torchrun:
    """Several processes, one a GPU; on several machines the same command is given on each of them."""

    processes: int  # on each machine
    machines: int = 1
    rendezvous: str = ""  # HOST:PORT of one of several machines


@dataclass(frozen=True)
class Slurm:
    """A job on a Slurm cluster. When it is preempted or runs out of time it is queued again, and resumes."""

    partition: str = ""
    gpus: int = 1  # on each node
    nodes: int = 1
    cpus: int = 4  # for each GPU
    memory_gb: int = 32  # on each node
    minutes: int = 24 * 60
    account: str = ""


Place = Here | Torchrun | Slurm
Started = tuple[Literal["process", "slurm"], str]


def launch(run: RunFolder, place: Place) -> Started:
    """Start a run and return at once: ("process", pid) or ("slurm", job id); both are said in an event.

    Raises JobError where the place does not exist on this machine, or Slurm refuses the job.
    """
    run.forget_cancel()
    if isinstance(place, Slurm):
        started: Started = ("slurm", _submitted(run, place))
    else:
        started = ("process", str(_detached(command_for(run.path, place), run.path / "log.txt").pid))
    run.log.say("state", state="queued", started_as=started[0], id=started[1])
    return started


def command_for(run: Path, place: Here | Torchrun) -> list[str]:
    """The command line that carries a run out."""
    resume = ["-m", "engine", "resume", "--launched", str(run.resolve())]
    if isinstance(place, Here):
        return [sys.executable, *resume]
    if place.machines > 1 and not place.rendezvous:
        raise JobError("several machines need a rendezvous, HOST:PORT of one of them")
    several = ["--standalone"]
    if place.machines > 1:
        several = [f"--nnodes={place.machines}", "--rdzv-backend=c10d", f"--rdzv-endpoint={place.rendezvous}"]
    return [sys.executable, "-m", "torch.distributed.run", *several, f"--nproc-per-node={place.processes}", *resume]


def slurm_is_there() -> bool:
    """Whether jobs can be submitted from this machine."""
    return shutil.which("sbatch") is not None


def _detached(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    """A process that outlives this one and its terminal."""
    flags: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        flags = {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
    with log.open("ab") as stream:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, **flags)


def _submitted(run: RunFolder, place: Slurm) -> str:
    if not slurm_is_there():
        raise JobError("there is no sbatch on this machine; log in where Slurm is, or start the run here")
    try:
        import submitit
    except ModuleNotFoundError:
        raise JobError("Slurm needs submitit; install the extra: pip install 'readerapp[engine]'") from None
    executor = submitit.AutoExecutor(folder=run.path / "slurm", cluster="slurm")
    asked = {"slurm_partition": place.partition, "slurm_account": place.account}
    executor.update_parameters(
        name=f"engine-{run.path.name}",
        nodes=place.nodes,
        tasks_per_node=1,
        gpus_per_node=place.gpus or None,
        cpus_per_task=max(1, place.cpus * max(place.gpus, 1)),
        mem_gb=place.memory_gb,
        timeout_min=place.minutes,
        **{key: value for key, value in asked.items() if value},
    )
    try:
        return str(executor.submit(SlurmRun(str(run.path.resolve()), place.nodes, place.gpus)).job_id)
    except submitit.core.utils.FailedJobError as error:
        said = str(error).strip().removeprefix("sbatch: error: ")
        raise JobError(f"Slurm refused the job: {said}; ask for what its machines have (`sinfo -N -l`)") from error


class SlurmRun:
    """What a node of the cluster does. submitit calls `checkpoint` before a time-out or a preemption."""

    def __init__(self, run: str, nodes: int, gpus: int) -> None:
        self.run, self.nodes, self.gpus = run, nodes, gpus

    def __call__(self) -> None:
        place: Here | Torchrun = Here()
        if self.nodes > 1 or self.gpus > 1:
            place = Torchrun(max(self.gpus, 1), self.nodes, _rendezvous() if self.nodes > 1 else "")
        subprocess.run(command_for(Path(self.run), place), check=True)

    def checkpoint(self) -> Any:
        import submitit

        return submitit.helpers.DelayedSubmission(SlurmRun(self.run, self.nodes, self.gpus))


def _rendezvous() -> str:
    """The first node of the job, and a port that follows from the job's number."""
    import submitit

    environment = submitit.JobEnvironment()
    return f"{environment.hostnames[0]}:{20_000 + int(environment.job_id.split('_')[0]) % 20_000}"
