"""`engine evaluate`: the report of a run, and its areas in the shell."""

from pathlib import Path

import click

from engine.cohorts.cohort import load_cohort
from engine.commandline import progress_bar
from engine.jobs.making import cohort_source
from engine.jobs.run import open_run

__all__ = ["evaluate"]

_RUN = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.argument("run", type=_RUN)
@click.option("--split", default="test", show_default=True, help="Predictions of this split; thresholds are val's.")
@click.option(
    "--cohort", "cohorts", multiple=True, help="[NAME=]DIR of a cohort that has moved, or was predicted later."
)
@click.option("--against", type=_RUN, help="Another run with predictions of the same images, to compare with.")
@click.option("--redraws", default=1000, show_default=True, type=click.IntRange(1), help="Of patients, for intervals.")
@click.option("--permutations", default=10_000, show_default=True, type=click.IntRange(1), help="With --against.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Of redraws and permutations.")
def evaluate(
    run: Path,
    split: str,
    cohorts: tuple[str, ...],
    against: Path | None,
    redraws: int,
    permutations: int,
    seed: int,
) -> None:
    """Write RUN/report: areas, thresholds and calibration by subgroup with intervals by patient, and figures.

    \b
    Example:
      engine evaluate race-run
      engine evaluate race-run --against other-run
    """
    from engine.evaluation import report

    sources = [cohort_source(text) for text in cohorts]
    with progress_bar("evaluating") as progress:
        folder = report.evaluate(
            open_run(run),
            split=split,
            cohorts={source.name: load_cohort(Path(source.path)) for source in sources},
            against=open_run(against) if against else None,
            redraws=redraws,
            permutations=permutations,
            seed=seed,
            progress=progress,
        )
    for line in report.summary_lines(folder):
        click.echo(line)
