"""The commands of a run's life: train, resume, cancel, watch, predict. torch is imported only where a model works."""

import threading
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from engine.cohorts.cohort import load_cohort
from engine.errors import JobError
from engine.jobs.following import event_line, follow
from engine.jobs.launch import Here, Place, Slurm, Torchrun, launch
from engine.jobs.making import cohort_source, make_spec, parse_settings, software_versions
from engine.jobs.presets import PRESETS
from engine.jobs.run import RunFolder, create_run, open_run
from engine.jobs.tasks import TASKS
from engine.jobs.work import imported, work

__all__ = ["COMMANDS", "worked"]

RUN = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.argument("task", type=click.Choice(list(TASKS)))
@click.option("--cohort", "cohorts", multiple=True, required=True, help="[NAME=]DIR; may be repeated.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder of the new run.")
@click.option("--preset", default="", help="Named starting point; `engine presets` lists them.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="One entry of the spec; may be repeated.")
@click.option(
    "--gpus",
    type=click.IntRange(0),
    help="Processes under torchrun, one a GPU, in the background; of each node on Slurm.",
)
@click.option("--slurm", metavar="PARTITION", help="Submit to this partition of a Slurm cluster instead.")
@click.option("--background", is_flag=True, help="Start it and return; the run's folder tells how it goes.")
def train(
    task: str,
    cohorts: tuple[str, ...],
    out: Path,
    preset: str,
    settings: tuple[str, ...],
    gpus: int | None,
    slurm: str | None,
    background: bool,
) -> None:
    """Train a model on one cohort or several.

    \b
    Example:
      engine train race --cohort cohort --out race-run
      engine train pathology --cohort cohort --out run --set epochs=5 --set model=densenet121
    """
    sources = [cohort_source(text) for text in cohorts]
    if len({source.name for source in sources}) < len(sources):
        raise JobError("two cohorts have the same name; name them, as in --cohort first=DIR --cohort second=DIR")
    run = create_run(out, make_spec(task, sources, preset, parse_settings(settings)), software_versions())
    place = _place(gpus, slurm)
    if background or not isinstance(place, Here):
        how, number = launch(run, place)
        click.echo(f"{out} was started as {how} {number}; watch it with `engine watch {out}`")
    else:
        worked(run)


@click.command()
@click.argument("run", type=RUN)
@click.option(
    "--gpus",
    type=click.IntRange(0),
    help="Processes under torchrun, one a GPU, in the background; of each node on Slurm.",
)
@click.option("--slurm", metavar="PARTITION", help="Submit to this partition of a Slurm cluster instead.")
@click.option("--background", is_flag=True, help="Start it and return.")
@click.option("--launched", is_flag=True, hidden=True)  # by `launch`: a cancel since then counts
def resume(run: Path, gpus: int | None, slurm: str | None, background: bool, launched: bool) -> None:
    """Go on with a run from its last checkpoint, or begin it.

    \b
    Example:
      engine resume race-run
    """
    opened = open_run(run)
    if opened.state() == "finished":
        raise JobError(f"{run} is finished; there is nothing to go on with")
    place = _place(gpus, slurm)
    if background or not isinstance(place, Here):
        how, number = launch(opened, place)
        click.echo(f"{run} was started as {how} {number}; watch it with `engine watch {run}`")
    else:
        if not launched:
            opened.forget_cancel()
        worked(opened)


@click.command()
@click.argument("run", type=RUN)
def cancel(run: Path) -> None:
    """Ask a run to stop at its next batch; it can be resumed.

    \b
    Example:
      engine cancel race-run
    """
    opened = open_run(run)
    if opened.state() not in ("running", "queued"):
        raise JobError(f"nobody works on {run}: it is {opened.state()}")
    opened.ask_to_cancel()
    click.echo(f"{run} will stop at its next batch")


@click.command()
@click.argument("run", type=RUN)
def watch(run: Path) -> None:
    """Show how a run goes until it ends; leaving does not stop it.

    \b
    Example:
      engine watch race-run
    """
    opened = open_run(run)
    _shown(opened, lambda: opened.state() not in ("running", "queued"))
    click.echo(f"{run}: {opened.state()}")


@click.command()
@click.argument("run", type=RUN)
@click.option("--cohort", required=True, help="[NAME=]DIR")
@click.option("--split", type=click.Choice(["train", "val", "test"]), default="test", show_default=True)
def predict(run: Path, cohort: str, split: str) -> None:
    """Write a run's predictions for a split of a cohort.

    \b
    Example:
      engine predict race-run --cohort elsewhere=cohort2 --split test
    """
    opened, source = open_run(run), cohort_source(cohort)
    path = imported(TASKS[opened.spec.task].predict)(opened, load_cohort(Path(source.path)), source.name, split)
    click.echo(str(path))


@click.command()
@click.argument("task", required=False, type=click.Choice(list(TASKS)))
def presets(task: str | None) -> None:
    """List the presets of a task, or of all.

    \b
    Example:
      engine presets race
    """
    for name in [task] if task else list(TASKS):
        click.echo(f"{name}: {TASKS[name].summary}")
        for preset, entry in PRESETS.get(name, {}).items():
            click.echo(f"  {preset:<28} {entry.summary}")


def _place(gpus: int | None, slurm: str | None) -> Place:
    if slurm is not None:
        return Slurm(partition=slurm, gpus=1 if gpus is None else gpus)
    return Torchrun(gpus) if gpus and gpus > 1 else Here()


def worked(run: RunFolder) -> None:
    """The run carried out in this process, shown meanwhile."""
    ended = threading.Event()
    start = (run.path / "events.jsonl").stat().st_size if (run.path / "events.jsonl").exists() else 0
    shown = threading.Thread(target=_shown, args=(run, ended.is_set, start), daemon=True)
    shown.start()
    try:
        work(run)
    except KeyboardInterrupt:
        raise JobError(f"stopped; go on with `engine resume {run.path}`") from None
    finally:
        ended.set()
        shown.join()
    click.echo(f"{run.path}: finished; look at it with `engine evaluate {run.path}`")


def _shown(run: RunFolder, until: Any, start: int = 0) -> None:
    """A bar in images, and a line for every metric, warning and error."""
    with tqdm(total=1, unit=" images", desc=run.path.name, leave=False) as bar:
        for event in follow(run, until, start):
            if event.kind == "step":
                bar.total = event.facts["of"]
                bar.set_postfix_str(f"loss {event.facts['loss']:.4f}" if event.facts["loss"] is not None else "")
                bar.update(event.facts["images"] - bar.n)
            elif line := event_line(event):
                tqdm.write(line)


COMMANDS = (train, resume, cancel, watch, predict, presets)
