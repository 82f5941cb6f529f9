"""The command `engine cohort counterfactual`: findings imagined in images that have none, as a cohort to be read."""

from pathlib import Path
from typing import Any

import click

from engine.commandline import RunToRead, progress_bar
from engine.ending import tidy_end
from engine.jobs.work import imported
from engine.progress import duration

__all__ = ["counterfactual_command"]


@click.command("counterfactual")
@click.argument("run", type=RunToRead())
@click.option("--cohort", required=True, type=click.Path(path_type=Path, exists=True), help="Of real images.")
@click.option("--target", "targets", multiple=True, required=True, help="Finding or class to imagine; may be repeated.")
@click.option("--per-finding", default=20, show_default=True, type=click.IntRange(1), help="Images of each, or fewer.")
@click.option(
    "--split",
    default="test",
    show_default=True,
    type=click.Choice(["train", "val", "test", "any"]),
    help="Of the cohort's images without findings.",
)
@click.option("--seed", default=0, show_default=True)
@click.option("--amplitude", type=float, help="Step along the unit weights of the finding.")
@click.option("--probability", type=float, help="The smallest step to this probability.")
@click.option("--named", type=click.Choice(["paper", "released"]), help="A published step.  [default: released]")
@click.option("--preview", is_flag=True, help="20 + 20 steps in place of 250 + 200: quick, and nearly as good.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder of the new cohort.")
def counterfactual_command(
    run: Path,
    cohort: Path,
    targets: tuple[str, ...],
    per_finding: int,
    split: str,
    seed: int,
    amplitude: float | None,
    probability: float | None,
    named: str | None,
    preview: bool,
    out: Path,
) -> None:
    """Images without any finding, as RUN imagines them with one: the cohort of step 1 of DiffChest's reader study.

    RUN is a head on a diffusion run; where it chooses a class (race, sex …), images of other classes are taken. Each
    case is a study of three images: original, reconstruction, counterfactual.

    \b
    Example:
      engine cohort counterfactual head --cohort cohort --target pneumothorax --target cardiomegaly --out imagined
      studies step1 --cohort imagined --out step1.toml
    """
    from engine.cohorts.cohort import load_cohort
    from engine.counterfactuals import Counterfactual, counterfactual_options
    from engine.explain.derived_cohort import ImaginedSpec, choose_sources, imagine_cohort

    steps = None if amplitude is None else (amplitude,)
    entries = {"amplitudes": steps, "probability": probability, "named": named, "preview": preview}
    options = counterfactual_options({name: value for name, value in entries.items() if value is not None})
    imagined = imported("engine.explain.counterfactual:load_imagined")(run)
    imagined.explained.indices(targets)  # says now, and not after an hour, which of them the run does not know
    real = load_cohort(cohort)
    wanted = tuple(dict.fromkeys(targets))
    spec = ImaginedSpec(wanted, per_finding, "" if split == "any" else split, seed, imagined.column)
    chosen = choose_sources(real, spec)
    for target, rows in chosen.rows.items():
        click.echo(f"{target}: {len(rows)} images without findings")
    draw_all = imported("engine.explain.counterfactual:counterfactuals")
    expected = imported("engine.explain.counterfactual:seconds_expected")(imagined, options, targets[:1])
    cases = sum(len(rows) for rows in chosen.rows.values())
    click.echo(f"about {duration(max(1, expected * cases))} for {cases} cases, {duration(max(1, expected))} each")

    def draw(pixels: Any, target: str) -> Counterfactual:
        found: Counterfactual = draw_all(imagined, pixels, (target,), options)[0]
        return found

    with tidy_end(), progress_bar("imagining") as progress:
        facts = {"run": run.name, "options": options.model_dump(mode="json")}
        made = imagine_cohort(real, out, spec, draw, facts, progress)
    click.echo(
        f"{out}: {len(made.frame)} images of {made.frame['study_id'].nunique()} cases, synthetic and marked as such"
    )
    for entry in made.info["dropped"]:
        click.echo(f"  left out {entry['examples'][0]}: {entry['reason']}")
