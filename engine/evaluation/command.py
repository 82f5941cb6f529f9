"""`engine evaluate`: the report of a run, and its areas in the shell."""

from collections.abc import Mapping
from pathlib import Path

import click

from engine.cohorts.cohort import Cohort, load_cohort
from engine.commandline import progress_bar
from engine.counterfactuals import CounterfactualOptions
from engine.errors import JobError
from engine.jobs.commands import worked
from engine.jobs.making import cohort_source, parse_settings
from engine.jobs.run import RunFolder, open_run
from engine.jobs.work import imported

__all__ = ["efficiency", "evaluate"]

_RUN = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command()
@click.argument("run", type=_RUN)
@click.option("--split", default="test", show_default=True, help="Predictions of this split; thresholds are val's.")
@click.option(
    "--cohort", "cohorts", multiple=True, help="[NAME=]DIR of a cohort that has moved, or was predicted later."
)
@click.option(
    "--against",
    type=click.Path(path_type=Path, exists=True),
    help="Another run with predictions of the same images, or a CSV with image_id and a column a finding.",
)
@click.option(
    "--least-positives",
    default=31,
    show_default=True,
    type=click.IntRange(1),
    help="Of a finding, to stand in the table and figure of all findings.",
)
@click.option("--redraws", default=1000, show_default=True, type=click.IntRange(1), help="Of patients, for intervals.")
@click.option("--permutations", default=10_000, show_default=True, type=click.IntRange(1), help="With --against.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Of redraws and permutations.")
@click.option("--explanations", is_flag=True, help="Hold explanations against the truth of a simulated cohort.")
@click.option("--counterfactuals", is_flag=True, help="What a head's counterfactuals draw, against the truth.")
@click.option("--information", is_flag=True, help="How much a diffusion run's codes tell of images, at least.")
@click.option("--codes", default=16, show_default=True, type=click.IntRange(2), help="To tell apart; --information.")
@click.option("--target", "targets", multiple=True, help="A finding to push to; --counterfactuals. Default: all.")
@click.option("--amplitude", type=float, help="How far to push, along the unit weights; default: as released.")
@click.option("--probability", type=click.FloatRange(0, 1, min_open=True, max_open=True), help="Push as far as this.")
@click.option("--full-quality", is_flag=True, help="Draw in 250 + 200 steps, not in a preview's 20 + 20.")
@click.option(
    "--images", default=25, show_default=True, type=click.IntRange(1), help="Of a finding, or in all for --information."
)
@click.option(
    "--detectors",
    "school",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A simulated cohort without confounding, where the detectors of --counterfactuals learn.",
)
def evaluate(
    run: Path,
    split: str,
    cohorts: tuple[str, ...],
    against: Path | None,
    least_positives: int,
    redraws: int,
    permutations: int,
    seed: int,
    explanations: bool,
    counterfactuals: bool,
    information: bool,
    codes: int,
    targets: tuple[str, ...],
    amplitude: float | None,
    probability: float | None,
    full_quality: bool,
    images: int,
    school: Path | None,
) -> None:
    """Write RUN/report: areas, thresholds and calibration by subgroup with intervals by patient, and figures.

    A diffusion run tells no class and has no areas; --information is what can be evaluated of it.

    \b
    Example:
      engine evaluate race-run
      engine evaluate race-run --against other-run
      engine evaluate pathology-run --explanations
      engine evaluate head-run --counterfactuals --target pneumothorax --images 40 --detectors flat-cohort
      engine evaluate diffusion-run --information --images 100 --codes 64
    """
    from engine.evaluation import report

    opened = open_run(run)
    sources = [cohort_source(text) for text in cohorts]
    named = {source.name: load_cohort(Path(source.path)) for source in sources}
    if information or opened.spec.task == "diffusion":
        _estimate_information(opened, named, split, information, (images, codes, redraws, seed))
        return
    with progress_bar("evaluating") as progress:
        folder = report.evaluate(
            opened,
            split=split,
            cohorts=named,
            against=open_run(against) if against and against.is_dir() else against,
            least_positives=least_positives,
            redraws=redraws,
            permutations=permutations,
            seed=seed,
            progress=progress,
        )
    for line in report.summary_lines(folder):
        click.echo(line)
    if explanations:
        _hold_explanations(opened, named, split, (images, redraws, seed))
    if counterfactuals:
        options = CounterfactualOptions(
            amplitudes=() if amplitude is None else (amplitude,), probability=probability, preview=not full_quality
        )
        _hold_counterfactuals(opened, named, split, options, targets, (images, redraws, seed), school)


def _estimate_information(
    run: RunFolder, cohorts: Mapping[str, Cohort], split: str, wanted: bool, sampled: tuple[int, int, int, int]
) -> None:
    """Of a diffusion run. sampled: images, codes, redraws, seed. By name: it brings torch."""
    if not wanted:
        raise JobError(
            f"{run.path.name} was trained without labels and has no areas; ask with --information how much its codes "
            "tell, or evaluate a head on its codes"
        )
    module = "engine.diffusion.information_report"
    images, codes, redraws, seed = sampled
    asked = imported(f"{module}:Asked")(images=images, codes=codes, redraws=redraws, seed=seed)
    with progress_bar("information") as progress:
        table = imported(f"{module}:evaluate_information")(run, cohorts, split, asked, progress)
    for line in imported(f"{module}:information_lines")(table):
        click.echo(line)


def _hold_explanations(
    run: RunFolder, cohorts: Mapping[str, Cohort], split: str, sampled: tuple[int, int, int]
) -> None:
    """Against the planted truth. sampled: images of a finding, redraws, seed. By name: it brings torch."""
    truth = "engine.explain.truth"
    with progress_bar("explaining") as progress:
        sampling = imported(f"{truth}:Sampling")(*sampled)
        table = imported(f"{truth}:evaluate_explanations")(run, cohorts, split, sampling, progress)
    for line in imported(f"{truth}:truth_lines")(table):
        click.echo(line)


def _hold_counterfactuals(
    run: RunFolder,
    cohorts: Mapping[str, Cohort],
    split: str,
    options: CounterfactualOptions,
    targets: tuple[str, ...],
    sampled: tuple[int, int, int],
    school: Path | None,
) -> None:
    """The same of what is drawn. school: the cohort that detectors learn from, where it is another."""
    images, redraws, seed = sampled
    imagined = "engine.explain.imagined.evaluation"
    draws = imported("engine.explain.imagined.measures:Draws")(redraws, seed)
    how = imported(f"{imagined}:Imagining")(
        images, targets, options, draws, school=load_cohort(school) if school else None
    )
    with progress_bar("imagining") as progress:
        table = imported(f"{imagined}:evaluate_counterfactuals")(run, cohorts, split, how, progress)
    for line in imported(f"{imagined}:imagined_lines")(table):
        click.echo(line)


@click.command()
@click.argument("base", type=_RUN)
@click.option("--cohort", required=True, help="[NAME=]DIR with labels.")
@click.option("--shares", default="0.03,0.1,1", show_default=True, help="Of the training patients.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for heads and report.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="One entry of the heads' spec.")
@click.option("--redraws", default=1000, show_default=True, type=click.IntRange(1), help="Of patients, for intervals.")
def efficiency(base: Path, cohort: str, shares: str, out: Path, settings: tuple[str, ...], redraws: int) -> None:
    """Train heads on shares of the patients over the features of one run, and lay their areas beside readers.

    \b
    Example:
      engine efficiency diffusion-run --cohort cohort --out efficiency
    """
    from engine.evaluation.efficiency import curves_of, efficiency_report, heads_of
    from engine.evaluation.measures import Draws

    source = cohort_source(cohort)
    try:
        parts = [float(part) for part in shares.split(",")]
    except ValueError:
        raise JobError(f"--shares {shares}: numbers with commas between them, as in 0.03,0.1,1") from None
    runs = heads_of(base, source, parts, out, parse_settings(settings))
    for run in runs.values():
        if run.state() != "finished":
            worked(run)
    loaded = load_cohort(Path(source.path))
    for line in efficiency_report(curves_of(runs, loaded, source.name), loaded, out, Draws(redraws)):
        click.echo(line)
