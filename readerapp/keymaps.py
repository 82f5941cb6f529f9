"""The keymaps of this computer: those that ship, a person's own, and which of them a person uses.

Own keymaps are TOML files of the form that ships (`resources/keymaps`), one file each, beside the settings: they can be
read, mended, sent to a colleague and taken to another computer.
"""

import hashlib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from readerapp.settings import settings, settings_folder
from readerapp.viewer.keymap import SHIPPED, Keymap, KeymapError, load_keymap, parse_keymap
from readerapp.viewer.rebinding import keymap_text

__all__ = [
    "KeymapEntry",
    "change",
    "choose",
    "chosen",
    "entries",
    "export_keymap",
    "import_keymap",
    "is_shipped",
    "load",
    "remove",
]

_OWN = "own:"  # ids of own keymaps: "own:" and the file's name without its ending
_LARGEST_FILE = 200_000  # bytes; a keymap has some 5,000


@dataclass(frozen=True)
class KeymapEntry:
    """A keymap to choose. `broken` says why an own file cannot be used, "" where it can."""

    id: str
    name: str
    own: bool = False
    broken: str = ""


def entries() -> tuple[KeymapEntry, ...]:
    """The keymaps that ship, then the person's own by name."""
    shipped = tuple(KeymapEntry(name, load_keymap(name).name) for name in SHIPPED)
    return (*shipped, *sorted((_entry(file) for file in _own_files()), key=lambda entry: entry.name.casefold()))


def load(keymap_id: str) -> Keymap:
    """A keymap by its id. Raises KeymapError where there is none, or its file cannot be used."""
    return _read(_file(keymap_id)) if keymap_id.startswith(_OWN) else load_keymap(keymap_id)


def chosen(person: str = "") -> tuple[str, Keymap]:
    """The id and keymap that a person uses, else the one chosen last on this computer, else the standard one.

    A keymap that was removed, or broken by hand, is no reason not to start: the next of these is taken.
    """
    for key in filter(None, (_person_key(person), _LAST)):
        keymap_id = settings().value(key)
        if isinstance(keymap_id, str):
            try:
                return keymap_id, load(keymap_id)
            except KeymapError:
                continue
    return SHIPPED[0], load_keymap()


def choose(keymap_id: str, person: str = "") -> Keymap:
    """Use a keymap from now on: this person, and whoever has not chosen on this computer. Raises KeymapError."""
    keymap = load(keymap_id)
    kept = settings()
    for key in filter(None, (_person_key(person), _LAST)):
        kept.setValue(key, keymap_id)
    kept.sync()
    return keymap


def change(keymap_id: str, edit: Callable[[Keymap], Keymap], own_name: str) -> str:
    """Change a keymap and keep it; returns its id. One that ships is copied first and named `own_name` ("{name}, own").

    Raises KeymapError: the change is refused, or the file cannot be written.
    """
    keymap = edit(load(keymap_id))
    if keymap_id.startswith(_OWN):
        _write(_file(keymap_id), keymap)
        return keymap_id
    return _keep_new(replace(keymap, name=own_name.format(name=keymap.name), base=keymap_id))


def is_shipped(keymap_id: str) -> bool:
    """True for a keymap of the program, False for a person's own."""
    return not keymap_id.startswith(_OWN)


def remove(keymap_id: str) -> None:
    """Delete an own keymap. Raises KeymapError for one that ships."""
    if not keymap_id.startswith(_OWN):
        raise KeymapError("this keymap ships with the program and stays; only your own can be removed")
    _file(keymap_id).unlink(missing_ok=True)


def import_keymap(file: Path) -> str:
    """Take in a keymap from a file, as an own one; returns its id. Raises KeymapError naming what is wrong with it."""
    return _keep_new(_read(file))


def export_keymap(keymap_id: str, file: Path) -> None:
    """Write a keymap to a file. Raises KeymapError where it cannot be written."""
    _write(file, load(keymap_id))


_LAST = "keymap/chosen"


def _person_key(person: str) -> str:
    """Several people may read at one computer under one account; their ids are of a study, so only a hash is kept."""
    return f"keymap/of/{hashlib.sha256(person.encode()).hexdigest()[:16]}" if person else ""


def _own_folder() -> Path:
    return settings_folder() / "keymaps"


def _own_files() -> list[Path]:
    return sorted(_own_folder().glob("*.toml")) if _own_folder().is_dir() else []


def _file(keymap_id: str) -> Path:
    stem = keymap_id.removeprefix(_OWN)
    if not re.fullmatch(r"[a-z0-9-]+", stem):
        raise KeymapError(f"there is no keymap '{keymap_id}'")
    return _own_folder() / f"{stem}.toml"


def _entry(file: Path) -> KeymapEntry:
    keymap_id = f"{_OWN}{file.stem}"
    try:
        return KeymapEntry(keymap_id, load(keymap_id).name, own=True)
    except KeymapError as error:
        return KeymapEntry(keymap_id, file.stem, own=True, broken=str(error))


def _read(file: Path) -> Keymap:
    try:
        if file.stat().st_size > _LARGEST_FILE:
            raise KeymapError(f"{file.name} has {file.stat().st_size:,} bytes; that is no keymap")
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeymapError(f"{file.name} cannot be read ({_reason(error)}); choose another file") from error
    return parse_keymap(text, file.name)


def _keep_new(keymap: Keymap) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", keymap.name.casefold()).strip("-") or "keymap"
    number, folder = 1, _own_folder()
    while (folder / f"{_numbered(stem, number)}.toml").exists():
        number += 1
    name = keymap.name if number == 1 else f"{keymap.name} ({number})"
    file = folder / f"{_numbered(stem, number)}.toml"
    _write(file, replace(keymap, name=name))
    return f"{_OWN}{file.stem}"


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}-{number}"


def _write(file: Path, keymap: Keymap) -> None:
    """Beside it first, then in its place: a keymap is never half written."""
    part = file.with_name(f"{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(keymap_text(keymap), encoding="utf-8", newline="\n")
        os.replace(part, file)
    except OSError as error:
        raise KeymapError(f"{file.name} could not be written ({_reason(error)}); choose another place") from error


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return "it is not text" if isinstance(error, UnicodeDecodeError) else error.strerror or "the system refused"
