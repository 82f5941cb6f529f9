"""What holds for the whole house: no torch where people read, and a README that tells the truth about the commands."""

import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).resolve().parents[1]
WITHOUT_TORCH = ("readerapp", "studies", "engine.images", "engine.cohorts", "engine.jobs", "engine.metrics")


def modules_of(package: str) -> list[str]:
    found = importlib.import_module(package)
    names = [info.name for info in pkgutil.walk_packages(found.__path__, f"{package}.")]
    return [name for name in names if not name.endswith("__main__")]


def test_reading_imports_no_torch() -> None:
    """Every module of the rooms that must do without torch, imported in a fresh process."""
    names = [name for package in WITHOUT_TORCH for name in modules_of(package)]
    code = (
        f"import importlib, sys\nfor name in {names!r}: importlib.import_module(name)\n"
        "heavy = [m for m in sys.modules if m.split('.')[0] in ('torch', 'torchvision')]\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def commands_of(group: click.Group, prefix: str) -> set[str]:
    names = set()
    for name, command in group.commands.items():
        full = f"{prefix} {name}"
        names |= commands_of(command, full) if isinstance(command, click.Group) else {full}
    return names


@pytest.mark.parametrize("script", ["engine", "studies"])
def test_every_command_is_in_the_readme(script: str) -> None:
    group = importlib.import_module(f"{script}.__main__").main
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    missing = {name for name in commands_of(group, script) if name not in readme}
    assert not missing


def _same(named: str, command: str) -> bool:
    """`engine train race` is the command `engine train` with an argument."""
    return command.startswith(named) or f"{named} ".startswith(f"{command} ")


def test_every_command_of_the_readme_exists() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`?uv run (engine \w+ \w+|studies \w+)", readme))
    assert named
    for script in ("engine", "studies"):
        known = commands_of(importlib.import_module(f"{script}.__main__").main, script)
        unknown = {name for name in named if name.startswith(script) and not any(_same(name, k) for k in known)}
        assert not unknown


def test_pictures_of_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", readme):
        assert (ROOT / path).is_file(), path
