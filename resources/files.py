"""Reach the files that ship with the program: vocabularies, protocols, keymaps, window presets, theme."""

from importlib.resources import files
from pathlib import Path


def shipped_file(relative: str) -> Path:
    """A shipped file by its path inside `resources`, e.g. `protocols/demo.toml`. Raises FileNotFoundError."""
    place = Path(str(files("resources"))) / relative
    if not place.is_file():
        near = sorted(file.name for file in place.parent.glob("*")) if place.parent.is_dir() else []
        raise FileNotFoundError(
            f"no file '{relative}' ships with the program; beside it are: {', '.join(near) or 'none'}"
        )
    return place


def shipped_folder() -> Path:
    """The folder of all that ships."""
    return Path(str(files("resources")))


def shipped_files(folder: str) -> tuple[Path, ...]:
    """The files of one folder inside `resources`, e.g. `protocols`, sorted by name."""
    return tuple(sorted(file for file in Path(str(files("resources"))).joinpath(folder).iterdir() if file.is_file()))
