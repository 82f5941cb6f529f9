"""`engine evaluate`: the report of a run, and its areas in the shell."""

from pathlib import Path

import click

from engine.cohorts.cohort import load_cohort
from engine.commandline import progress_bar
from engine.counterfactuals import CounterfactualOptions
from engine.jobs.making import cohort_source
from engine.jobs.run import open_run
from engine.jobs.work import imported

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
@click.option("--explanations", is_flag=True, help="Hold explanations against the truth of a simulated cohort.")
@click.option("--counterfactuals", is_flag=True, help="What a head's counterfactuals draw, against the truth.")
@click.option("--target", "targets", multiple=True, help="A finding to push to; --counterfactuals. Default: all.")
@click.option("--amplitude", type=float, help="How far to push, along the unit weights; default: as released.")
@click.option("--probability", type=click.FloatRange(0, 1, min_open=True, max_open=True), help="Push as far as this.")
@click.option("--full-quality", is_flag=True, help="Draw in 250 + 200 steps, not in a preview's 20 + 20.")
@click.option("--images", default=25, show_default=True, type=click.IntRange(1), help="Of a finding, for these two.")
def evaluate(
    run: Path,
    split: str,
    cohorts: tuple[str, ...],
    against: Path | None,
    redraws: int,
    permutations: int,
    seed: int,
    explanations: bool,
    counterfactuals: bool,
    targets: tuple[str, ...],
    amplitude: float | None,
    probability: float | None,
    full_quality: bool,
    images: int,
) -> None:
    """Write RUN/report: areas, thresholds and calibration by subgroup with intervals by patient, and figures.

    \b
    Example:
      engine evaluate race-run
      engine evaluate race-run --against other-run
      engine evaluate pathology-run --explanations
      engine evaluate head-run --counterfactuals --target pneumothorax --images 40
    """
    from engine.evaluation import report

    sources = [cohort_source(text) for text in cohorts]
    named = {source.name: load_cohort(Path(source.path)) for source in sources}
    with progress_bar("evaluating") as progress:
        folder = report.evaluate(
            open_run(run),
            split=split,
            cohorts=named,
            against=open_run(against) if against else None,
            redraws=redraws,
            permutations=permutations,
            seed=seed,
            progress=progress,
        )
    for line in report.summary_lines(folder):
        click.echo(line)
    if explanations:
        truth = "engine.explain.truth"  # by name: it brings torch, which a report does without
        sampling = imported(f"{truth}:Sampling")(images, redraws, seed)
        with progress_bar("explaining") as progress:
            table = imported(f"{truth}:evaluate_explanations")(open_run(run), named, split, sampling, progress)
        for line in imported(f"{truth}:truth_lines")(table):
            click.echo(line)
    if counterfactuals:
        imagined = "engine.explain.imagined.evaluation"
        options = CounterfactualOptions(
            amplitudes=() if amplitude is None else (amplitude,), probability=probability, preview=not full_quality
        )
        draws = imported("engine.explain.imagined.measures:Draws")(redraws, seed)
        how = imported(f"{imagined}:Imagining")(images, targets, options, draws)
        with progress_bar("imagining") as progress:
            table = imported(f"{imagined}:evaluate_counterfactuals")(open_run(run), named, split, how, progress)
        for line in imported(f"{imagined}:imagined_lines")(table):
            click.echo(line)
