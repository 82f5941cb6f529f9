"""What the project's console scripts share: one sentence for bad input, a progress bar for long work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from engine.errors import EngineError
from resources.files import shipped_folder


class Commands(click.Group):
    """A group whose commands end with one sentence and exit code 1 on an error of ours; `--debug` shows it all."""

    sentences: tuple[type[Exception], ...] = (EngineError, OSError)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(click.Option(["--debug"], is_flag=True, help="Show the traceback of an error."))

    def invoke(self, ctx: click.Context) -> Any:
        debug = ctx.params.pop("debug", False)
        try:
            return super().invoke(ctx)
        except self.sentences as error:
            if debug:
                raise
            raise click.ClickException(_sentence(error)) from error


class RunToRead(click.Path):
    """The folder of a run that is only read: one that is there, or the name of one that ships, such as demo/race."""

    name = "run"

    def __init__(self) -> None:
        super().__init__(path_type=Path, exists=True, file_okay=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        shipped = shipped_folder() / str(value)
        if not Path(value).exists() and (shipped / "spec.json").is_file():
            value = str(shipped)
        return super().convert(value, param, ctx)


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or 'a file'}: {error.strerror}"
    return str(error)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[float], None]]:
    """A bar on stderr; the function it gives takes the share that is done, 0 to 1."""
    with tqdm(
        total=1000, desc=what, bar_format="{desc} {percentage:3.0f}%|{bar}| {elapsed}<{remaining}", leave=False
    ) as bar:

        def report(share: float) -> None:
            bar.update(round(share * 1000) - bar.n)

        yield report
