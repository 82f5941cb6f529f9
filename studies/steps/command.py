"""The commands of DiffChest's reader study in three steps."""

from collections.abc import Callable
from pathlib import Path

import click

__all__ = ["step_commands"]

FOLDER = click.Path(path_type=Path)
PAST = click.Path(path_type=Path, exists=True)


@click.command()
@click.option("--cohort", required=True, type=PAST, help="Counterfactuals: made by `engine cohort counterfactual`.")
@click.option("--protocol", type=PAST, help="Items, instructions and order.  [default: the one that ships]")
@click.option("--reader", "readers", multiple=True, help="Id of a reader; may be repeated.  [default: the protocol's]")
@click.option("--out", required=True, type=FOLDER, help="The protocol (TOML) to write.")
def step1(cohort: Path, protocol: Path | None, readers: tuple[str, ...], out: Path) -> None:
    """Write the protocol of a study of counterfactuals: which confounders come with which finding?

    \b
    Example:
      engine cohort counterfactual head --cohort cohort --target pneumothorax --target cardiomegaly --out imagined
      studies step1 --cohort imagined --reader anna --out step1.toml
      studies create step1.toml --cohort imagined --out step1
      studies seal step1
    """
    from resources.files import shipped_file
    from studies.planning.protocol_text import protocol_text, write_protocol
    from studies.protocol import load_protocol, parse_protocol
    from studies.steps.step1 import STEP1_PROTOCOL, step1_entries

    base = load_protocol(protocol or shipped_file(STEP1_PROTOCOL))
    text = protocol_text(step1_entries(base, cohort, readers))
    made = parse_protocol(text, out.name)
    write_protocol(out, text)
    for stratum in made.selection.strata:
        click.echo(f"{stratum.name}: {stratum.n} cases")
    click.echo(f"{out}: {len(made.items)} items, readers {', '.join(reader.id for reader in made.readers)}")


def _step2(passphrase: Callable[[str], str]) -> click.Command:
    @click.command()
    @click.argument("study", type=PAST)
    @click.option("--cohort", required=True, type=PAST, help="Real images, with the findings as labels.")
    @click.option("--per-finding", default=30, show_default=True, type=click.IntRange(1), help="Images, or all.")
    @click.option("--seed", default=0, show_default=True)
    @click.option("--min-readers", default=1, show_default=True, type=click.IntRange(1), help="Who found it in a case,")
    @click.option("--min-cases", default=1, show_default=True, type=click.IntRange(1), help="in so many of its cases.")
    @click.option("--reader", "readers", multiple=True, help="Reader of step 3; may be repeated.  [default: three]")
    @click.option("--title", default="", help="Of step 3's study.")
    @click.option("--reason", help="Why you look before every reader of step 1 has finished; it is recorded.")
    @click.option("--out", required=True, type=FOLDER, help="Step 3's protocol (TOML) to write.")
    def step2(study: Path, cohort: Path, reason: str | None, out: Path, **given: object) -> None:
        """From the finished STUDY of counterfactuals to the protocol that checks its findings in real images.

        Asks for the passphrase of that study's coordinator (or reads it from stdin).

        \b
        Example:
          studies step2 step1 --cohort cohort --min-readers 1 --min-cases 3 --out step3.toml
          studies create step3.toml --cohort cohort --out step3
          studies seal step3
        """
        _select(study, cohort, reason, out, passphrase("coordinator"), given)

    return step2


def _select(study: Path, cohort: Path, reason: str | None, out: Path, phrase: str, given: dict[str, object]) -> None:
    from studies.planning.protocol_text import write_protocol
    from studies.reading.study import open_as_coordinator
    from studies.steps.step2 import Step2, step3_protocol

    view = open_as_coordinator(study, phrase)
    try:
        if reason is not None and not view.complete:
            view.look_early(reason)
        selected = step3_protocol(view, cohort, Step2(**given))  # type: ignore[arg-type]
    finally:
        view.close()
    write_protocol(out, selected.text)
    for part in selected.sampled:
        elsewhere = f"; {part.taken_elsewhere} of patients read for another finding" if part.taken_elsewhere else ""
        click.echo(f"{part.name}: {part.sampled} of {part.available} images{elsewhere}")
    for sentence in selected.left_out:
        click.echo(f"left out: {sentence}")
    click.echo(f"{out}: which confounders belong to which finding stands in it; keep it from the readers")


@click.command()
@click.argument("proposals", type=PAST)
@click.option("--base", default="chest_confounders", show_default=True, help="A vocabulary that ships, or a file.")
@click.option("--out", required=True, type=FOLDER, help="The vocabulary (TOML) to write.")
def vocabulary(proposals: Path, base: str, out: Path) -> None:
    """Take accepted PROPOSALS (proposals.csv of an export) into a vocabulary.

    Write "yes" into the column accepted, and a definition into help, of each that is to become an item.

    \b
    Example:
      studies vocabulary tables/proposals.csv --out chest_confounders_2.toml
    """
    from studies.planning.vocabulary import load_vocabulary, shipped_vocabulary
    from studies.steps.proposals import accept_proposals

    known = load_vocabulary(Path(base)) if base.endswith(".toml") else shipped_vocabulary(base)
    made = accept_proposals(proposals, known, out)
    click.echo(f"{out}: version {made.version}, {len(made.items)} items, {len(made.items) - len(known.items)} new")


def step_commands(passphrase: Callable[[str], str]) -> tuple[click.Command, ...]:
    """The commands; `passphrase` asks for the one of a person."""
    return step1, _step2(passphrase), vocabulary
