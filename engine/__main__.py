"""`engine`: cohorts in, models trained, explanations out."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.commandline import Commands, progress_bar
from engine.ending import end_with_input
from engine.errors import CohortError
from engine.evaluation.command import efficiency, evaluate
from engine.explain.command import explain_group, worker_command
from engine.explain.derived_command import counterfactual_command
from engine.jobs.commands import COMMANDS
from engine.priority import stand_back

if TYPE_CHECKING:
    from engine.cohorts.simulated.spec import View

FOLDER = click.Path(path_type=Path)
PAST_FOLDER = click.Path(path_type=Path, exists=True)


@click.group(cls=Commands)
def main() -> None:
    """Cohorts in, models trained, explanations out. Research use only, not for diagnosis.

    \b
    Example:
      engine cohort simulate --patients 40 --seed 1 --out cohort
      engine cohort show cohort
      engine train race --cohort cohort --out race-run
      engine evaluate race-run
    """


for command in (*COMMANDS, evaluate, efficiency, explain_group, worker_command):
    main.add_command(command)


@main.group(cls=Commands)
def cohort() -> None:
    """Make and look at cohorts."""


cohort.add_command(counterfactual_command)


class _Import(click.Command):
    """Its help ends with the list of adapters, read from where they are."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from engine.cohorts.adapters.registry import ADAPTERS

        with formatter.section("Adapters"):
            formatter.write_dl([(name, adapter.summary) for name, adapter in ADAPTERS.items()])
        with formatter.section("Needed in the source, below it, or with --demographics"):
            formatter.write_dl(
                [(name, f"{adapter.files}; {adapter.apply}") for name, adapter in ADAPTERS.items() if adapter.files]
            )


@cohort.command("import", cls=_Import)
@click.argument("adapter")
@click.option("--source", required=True, type=PAST_FOLDER, help="Folder (or table) as the dataset ships it.")
@click.option("--out", required=True, type=FOLDER, help="Folder of the new cohort.")
@click.option("--columns", type=PAST_FOLDER, help="Column map (TOML) of the csv adapter.")
@click.option("--demographics", type=PAST_FOLDER, help="Table, or folder of tables, that is shipped apart (race …).")
@click.option(
    "--construction",
    type=click.Choice(["published", "all"]),
    help="Rows as a paper chose them, or every image.  [default: published where there is such a paper]",
)
@click.option("--seed", default=0, show_default=True, help="Seed of the split by patient.")
def import_command(
    adapter: str,
    source: Path,
    out: Path,
    columns: Path | None,
    demographics: Path | None,
    construction: str | None,
    seed: int,
) -> None:
    """Make a cohort from images, a table, or a public dataset as it is published; ADAPTER is one of those below.

    \b
    Example:
      engine cohort import folder --source films --out cohort
      engine cohort import csv --source dataset --columns columns.toml --out cohort
      engine cohort import chexpert --source CheXpert-v1.0 --demographics "CHEXPERT DEMO.xlsx" --out chexpert
    """
    from engine.cohorts.adapters.registry import import_cohort

    with progress_bar("reading images") as progress:
        made = import_cohort(
            adapter,
            source,
            out,
            columns=columns,
            demographics=demographics,
            construction=construction or "",
            seed=seed,
            progress=progress,
        )
    _print_summary(out, made.info)


@cohort.command()
@click.option("--kind", type=click.Choice(["chest"]), default="chest", show_default=True)
@click.option("--patients", required=True, type=click.IntRange(1), help="Number of patients.")
@click.option("--seed", default=0, show_default=True)
@click.option("--size", default=512, show_default=True, type=click.IntRange(64, 4096), help="Pixels along each side.")
@click.option("--table", type=PAST_FOLDER, help="Confounding table (TOML) in place of the default one.")
@click.option(
    "--view",
    "views",
    multiple=True,
    type=click.Choice(["PA", "AP", "LATERAL"]),
    help="A view that may be taken; several may be named.  [default: all]",
)
@click.option(
    "--processes",
    type=click.IntRange(1),
    help="Processes that draw at once. The cohort is the same with any number.  [default: all cores but one]",
)
@click.option("--out", required=True, type=FOLDER)
def simulate(
    kind: str,
    patients: int,
    seed: int,
    size: int,
    table: Path | None,
    views: tuple["View", ...],
    processes: int | None,
    out: Path,
) -> None:
    """Write a simulated cohort: DICOM radiographs with planted findings, devices and confounding.

    \b
    Example:
      engine cohort simulate --patients 40 --seed 1 --out cohort
    """
    from engine.cohorts.simulated.cohort import simulate_chest_cohort
    from engine.cohorts.simulated.confounding import load_table
    from engine.cohorts.simulated.spec import VIEWS

    with progress_bar("simulating") as progress:
        simulate_chest_cohort(
            patients,
            seed,
            out,
            size=size,
            table=load_table(table) if table else None,
            views=views or VIEWS,
            processes=processes or _processes(patients),
            progress=progress,
        )
    _show(out)


def _processes(patients: int) -> int:
    """All cores but one; fewer for a few patients, who are drawn before another process has started."""
    return max(1, min((os.cpu_count() or 1) - 1, patients // 10))


@cohort.command()
@click.argument("folder", type=PAST_FOLDER)
@click.option("--check", is_flag=True, help="Hash the files it was made from again, and name those that changed.")
def show(folder: Path, check: bool) -> None:
    """Print what a cohort holds: counts, labels, groups, and what was left out and why.

    \b
    Example:
      engine cohort show cohort
      engine cohort show cohort --check
    """
    _show(folder)
    if check:
        _check_sources(folder)


def _show(folder: Path) -> None:
    from engine.cohorts.cohort import load_cohort
    from engine.cohorts.summary import summary_lines

    for line in summary_lines(load_cohort(folder)):
        click.echo(line)


def _check_sources(folder: Path) -> None:
    """Raises CohortError naming up to three of the files that changed."""
    from engine.cohorts.cohort import load_cohort
    from engine.cohorts.sources import changed_sources

    changed = changed_sources(load_cohort(folder))
    if changed:
        names = ", ".join(changed[:3]) + (" …" if len(changed) > 3 else "")
        raise CohortError(
            f"{len(changed)} of the files that {folder.name} was made from are gone or have changed since: {names}; "
            "import it again"
        )
    click.echo("the files it was made from are unchanged")


def _print_summary(out: Path, info: dict) -> None:
    from engine.cohorts.summary import step_lines

    click.echo(f"{out}: {info['images']} images of {info['patients']} patients")
    if files := info.get("source_files"):
        hashed = f"sha256 of {files['hashed']:,} of them and every size" if "hashed" in files else "their sha256"
        click.echo(f"  source     {files['files']:,} files, {files['bytes']:,} bytes; {hashed} in {files['table']}")
    for line in step_lines(info):
        click.echo(line)
    for entry in info.get("dropped", []):
        click.echo(f"  left out {entry['count']}: {entry['reason']}")


if __name__ == "__main__":  # as the window starts it, beside people who read
    end_with_input()
    stand_back()
    main()
