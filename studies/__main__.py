"""`studies`: design, seal, verify and export reader studies; agreement of any table of readings."""

import sys
from pathlib import Path

import click

from engine.commandline import Commands, progress_bar
from engine.errors import EngineError
from studies.errors import AccessError, StudyError
from studies.steps.command import step_commands

FOLDER = click.Path(path_type=Path)
PAST = click.Path(path_type=Path, exists=True)


class StudyCommands(Commands):
    sentences = (StudyError, EngineError, OSError)


@click.group(cls=StudyCommands)
def main() -> None:
    """Design, seal, verify and export reader studies. Research use only, not for diagnosis.

    \b
    Example:
      studies create protocol.toml --cohort cohort --out study
      studies seal study
      studies export study --out tables
    """


@main.command()
@click.argument("protocol", type=PAST)
@click.option("--cohort", required=True, type=PAST)
@click.option("--out", required=True, type=FOLDER)
def create(protocol: Path, cohort: Path, out: Path) -> None:
    """Make a draft study from PROTOCOL (a TOML file) and a cohort.

    \b
    Example:
      studies create protocol.toml --cohort cohort --out study
    """
    from studies.planning.sealing import create_study, readiness

    create_study(protocol, cohort, out)
    for check in readiness(out):
        mark = "ok   " if check.ok else "OPEN " if check.blocking else "note "
        click.echo(f"{mark} {check.what}: {check.sentence}")


@main.command()
@click.argument("study", type=PAST)
def seal(study: Path) -> None:
    """Freeze protocol, order and images. Asks for a passphrase for the coordinator and each reader.

    Without a terminal, standard input gives them, one `name: passphrase` a line.

    \b
    Example:
      studies seal study
    """
    from studies.planning.sealing import seal_study
    from studies.reading.study import list_readers

    names = ["coordinator", *list_readers(study)]
    phrases = {name: _new_passphrase(name) for name in names} if sys.stdin.isatty() else _passphrases_from_stdin()
    with progress_bar("sealing") as bar:
        design = seal_study(study, phrases, lambda share, _what: bar(share))
    click.echo(f"sealed: {len(design.cases)} cases, {len(design.presentations)} presentations")
    click.echo(f"seal    {design.seal_hash}")
    for image, why in design.flags.items():
        click.echo(f"look at image {image[:12]}: {why}")


@main.command()
@click.argument("study", type=PAST)
def verify(study: Path) -> None:
    """Check a study: order, hashes, and every link of the journal's chains.

    \b
    Example:
      studies verify study
    """
    from studies.planning.verification import verify_study

    problems = verify_study(study)
    for problem in problems:
        click.echo(f"{problem.where}: {problem.what}")
    if problems:
        raise SystemExit(1)
    click.echo("intact: protocol, order, images and journal are as they were sealed and written")


@main.command()
@click.argument("study", type=PAST)
@click.option("--out", required=True, type=FOLDER)
@click.option("--reason", help="Why you look before every reader has finished; it is recorded in the desk's chain.")
def export(study: Path, out: Path, reason: str | None) -> None:
    """Write the report (PDF), every table, figure and raw file.

    Asks for the coordinator's passphrase (or reads it from stdin).

    \b
    Example:
      studies export study --out tables
      studies export study --out interim --reason "safety look after half of the cases"
    """
    from studies.exports.export import export_study
    from studies.reading.study import open_as_coordinator

    view = open_as_coordinator(study, _passphrase("coordinator"))
    try:
        if reason is not None and not view.complete:
            view.look_early(reason)
        if not view.agreement_unlocked:
            raise AccessError(f"{view.locked_sentence()}: --reason TEXT")
        with progress_bar("exporting") as bar:
            written = export_study(view, out, bar)
    finally:
        view.close()
    click.echo(f"{len(written)} files in {out}")


@main.command()
@click.argument("study", type=PAST)
@click.option("--reader", required=True)
@click.option("--out", required=True, type=FOLDER)
def pack(study: Path, reader: str, out: Path) -> None:
    """One reader's study in a file, to take to another workstation.

    \b
    Example:
      studies pack study --reader r1 --out r1.pack
    """
    from studies.reading.packing import pack_study

    pack_study(study, reader, out, _passphrase("coordinator"))
    click.echo(f"{out}: to be opened with `readerapp {out}` by reader {reader}")


@main.command()
@click.argument("study", type=PAST)
@click.argument("files", nargs=-1, required=True, type=PAST)
def merge(study: Path, files: tuple[Path, ...]) -> None:
    """Bring readings back from packs; refuses another seal.

    \b
    Example:
      studies merge study r1.pack r2.pack
    """
    from studies.reading.packing import merge_packs

    report = merge_packs(study, files, _passphrase("coordinator"))
    for line in report.lines():
        click.echo(line)


@main.command()
@click.argument("ratings", type=PAST)
@click.option("--out", required=True, type=FOLDER)
@click.option("--wide", is_flag=True, help="One row a case and reader, one column an item.")
@click.option("--case", "case_column", help="Wide: column of the case.")
@click.option("--reader", "reader_column", help="Wide: column of the reader.")
@click.option("--patient", "patient_column", help="Wide: column of the patient, where cases of one patient repeat.")
@click.option("--redraws", default=2000, show_default=True, type=click.IntRange(100), help="Bootstrap redraws.")
@click.option("--seed", default=0, show_default=True)
def agreement(
    ratings: Path,
    out: Path,
    wide: bool,
    case_column: str | None,
    reader_column: str | None,
    patient_column: str | None,
    redraws: int,
    seed: int,
) -> None:
    """Agreement and prevalence of any table of readings.

    Long tables have the columns case_id, reader_id, item, value (and patient_id, stratum, arm, repeat where known).

    \b
    Example:
      studies agreement readings.csv --out tables
      studies agreement table.csv --wide --case image --reader radiologist --out tables
    """
    from studies.exports.export import export_ratings
    from studies.statistics.ratings import read_long, read_wide

    if wide and not (case_column and reader_column):
        raise click.UsageError("--wide needs --case and --reader, the columns of the case and of the reader")
    table = read_wide(ratings, str(case_column), str(reader_column), patient_column) if wide else read_long(ratings)
    with progress_bar("agreement") as bar:
        written = export_ratings(table, out, bar, redraws=redraws, seed=seed)
    click.echo(f"{len(written)} files in {out}")


def _passphrase(whose: str) -> str:
    if sys.stdin.isatty():
        return click.prompt(f"Passphrase of the {whose}", hide_input=True)
    return sys.stdin.readline().rstrip("\r\n")


def _new_passphrase(name: str) -> str:
    return click.prompt(f"New passphrase for {name}", hide_input=True, confirmation_prompt=True)


def _passphrases_from_stdin() -> dict[str, str]:
    phrases = {}
    for number, line in enumerate(sys.stdin, start=1):
        name, colon, phrase = line.strip().partition(":")
        if line.strip() and not colon:
            raise StudyError(f"line {number} of standard input is not 'name: passphrase'")
        if line.strip():
            phrases[name.strip()] = phrase.strip()
    return phrases


for command in step_commands(_passphrase):
    main.add_command(command)


if __name__ == "__main__":
    main()
