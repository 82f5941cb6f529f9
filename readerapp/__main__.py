"""`readerapp`: the desktop, and its demonstration."""

import os
import sys
from pathlib import Path

import click

from engine.commandline import Commands
from engine.errors import EngineError
from studies.errors import StudyError


class WindowCommands(Commands):
    """`readerapp [STUDY]` is the command `open`, which nobody has to type."""

    sentences = (StudyError, EngineError, OSError)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        words = [word for word in args if not word.startswith("-")]
        if "--help" not in args and (not words or words[0] not in self.commands):
            flags = [word for word in args if word == "--debug"]
            args = [*flags, "open", *(word for word in args if word != "--debug")]
        return super().parse_args(ctx, args)


@click.group(cls=WindowCommands, subcommand_metavar="[STUDY] | demo [OPTIONS]")
def main() -> None:
    """Confounder reader studies: open the desktop, or see the demonstration. Research use only, not for diagnosis.

    \b
    Example:
      readerapp
      readerapp my_study
      readerapp demo --headless --out demo
    """


@main.command("open", hidden=True)
@click.argument("study", required=False, type=click.Path(path_type=Path))
def open_desktop(study: Path | None) -> None:
    """Open the desktop, with STUDY (a folder, or a reader's pack) ready to be opened."""
    from readerapp.application import run_desktop

    if study is not None:
        _check_study(study)
    _need_display()
    raise SystemExit(run_desktop(study))


@main.command()
@click.option(
    "--headless", is_flag=True, help="Drive the windows off-screen with simulated readers; no display needed."
)
@click.option(
    "--out",
    default="readerapp-demo",
    show_default=True,
    type=click.Path(path_type=Path),
    help="A new folder, or one an earlier demo made.",
)
@click.option(
    "--three-steps", is_flag=True, help="DiffChest's reader study: imagine findings, choose images, check them there."
)
def demo(headless: bool, out: Path, three_steps: bool) -> None:
    """Make a simulated cohort and a study on it, and open it.

    Without a display, or with --headless, three simulated readers read every case through the real windows; screenshots
    of each page, agreement.csv, prevalence.csv, changes.csv (what explanations changed) and the journal are left in the
    folder. Explanations need the extra `engine`; without it the demo is read unaided.

    With --three-steps no window is driven: a network imagines findings, simulated readers say what came along,
    others look for it in real images, and Tables 1 and 2 of DiffChest stand beside what they should be.

    \b
    Example:
      readerapp demo --headless --out demo
      readerapp demo --three-steps --out steps
    """
    if three_steps:
        from readerapp.demo.three_steps import run_three_steps

        run_three_steps(out, click.echo)
        return
    if headless or not _has_display():
        # Windows and macOS have their own platform names; off-screen exists on all of them.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        from readerapp.demo.headless import run_headless

        run_headless(out, click.echo)
        return
    from readerapp.application import run_demo

    raise SystemExit(run_demo(out))


def _check_study(study: Path) -> None:
    from studies.reading.study import study_title

    if not study.exists():
        raise StudyError(f"{study} does not exist; make a study with `studies create`, or see `readerapp demo`")
    if study.is_dir():
        study_title(study)


def _has_display() -> bool:
    if os.environ.get("QT_QPA_PLATFORM") or not sys.platform.startswith("linux"):
        return os.environ.get("QT_QPA_PLATFORM") != "offscreen"
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _need_display() -> None:
    if not _has_display() and not os.environ.get("QT_QPA_PLATFORM"):
        raise StudyError("no display is connected here; `readerapp demo --headless` shows the program without one")


if __name__ == "__main__":
    main()
