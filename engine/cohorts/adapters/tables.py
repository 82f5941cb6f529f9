"""Tables as datasets publish them: found by name, read by the names of their columns."""

import fnmatch
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from engine.errors import CohortError

Names = str | tuple[str, ...]  # of a column: the name, or the names of several releases in order of preference

_DEPTH = 5  # folders below the source in which a table is looked for
_MOST_FOLDERS = 300  # a folder with more folders than this holds patients, not tables
_SUFFIXES = (".csv", ".csv.gz", ".xlsx", ".txt")


def find_tables(root: Path) -> list[Path]:
    """Tables below a folder (or the one file), the shallow ones first; folders of patients are not entered."""
    if root.is_file():
        return [root]
    level, found = [root], []
    for _ in range(_DEPTH):
        deeper: list[Path] = []
        for folder in level:
            files, folders = _listed(folder)
            found += [path for path in files if path.name.lower().endswith(_SUFFIXES)]
            deeper += folders if len(folders) <= _MOST_FOLDERS else []
        level = deeper
    return found


def _listed(folder: Path) -> tuple[list[Path], list[Path]]:
    try:
        with os.scandir(folder) as entries:
            listed = sorted((entry.name, entry.is_dir()) for entry in entries if not entry.name.startswith("."))
    except OSError as error:
        raise CohortError(f"the folder {folder} cannot be read: {error.strerror}") from error
    files = [folder / name for name, is_folder in listed if not is_folder]
    return files, [folder / name for name, is_folder in listed if is_folder]


def named(tables: Sequence[Path], *patterns: str) -> list[Path]:
    """The tables whose name fits the first of `patterns` that any fits (`*` as in a shell, case and `.gz` ignored)."""
    for pattern in patterns:
        fitting = [path for path in tables if fnmatch.fnmatch(_plain(path.name), pattern.lower())]
        if fitting:
            return fitting
    return []


def _plain(name: str) -> str:
    return name.lower().removesuffix(".gz")


def read_table(path: Path, columns: Mapping[str, Names], optional: Mapping[str, Names] | None = None) -> pd.DataFrame:
    """The named columns of a .csv, .csv.gz or .xlsx table as text without spaces around it, empty where missing.

    columns, optional: our name → name in the file, or names of several releases. Returns our names as columns; an
    optional one that the file lacks is left out. Raises CohortError that names a missing column and those that exist.
    """
    try:
        there = list(_read(path, None, rows=0).columns)
        wanted = _matched(path, there, columns, optional or {})
        table = _read(path, list(wanted.values()))
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise CohortError(f"the table {path.name} cannot be read: {error}") from error
    if table.empty:
        raise CohortError(f"the table {path.name} has no rows")
    return pd.DataFrame({ours: table[theirs].fillna("").str.strip() for ours, theirs in wanted.items()})


def _read(path: Path, columns: list[str] | None, rows: int | None = None) -> pd.DataFrame:
    if path.suffix.lower() == ".xlsx":
        return pd.read_excel(path, dtype=str, keep_default_na=False, usecols=columns, nrows=rows)
    return pd.read_csv(
        path,
        dtype=str,
        keep_default_na=False,
        usecols=columns,
        nrows=rows,
        index_col=False,  # rows with a comma at their end would make the first column the index
        encoding="utf-8-sig",
        encoding_errors="replace",
    )


def _matched(
    path: Path, there: Sequence[str], columns: Mapping[str, Names], optional: Mapping[str, Names]
) -> dict[str, str]:
    by_name: dict[str, str] = {}
    for name in there:
        by_name.setdefault(name.strip().casefold(), name)
    wanted: dict[str, str] = {}
    for ours, theirs in {**columns, **optional}.items():
        names = (theirs,) if isinstance(theirs, str) else theirs
        found = next((by_name[name.casefold()] for name in names if name.casefold() in by_name), None)
        if found is not None:
            wanted[ours] = found
        elif ours in columns:
            looked = " or ".join(f"'{name}'" for name in names)
            raise CohortError(f"{path.name} has no column {looked}; its columns are {_listing(there)}")
    return wanted


def _listing(names: Sequence[str], most: int = 40) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def image_files(root: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """Every file below `root` with one of the suffixes (lower case, with their dot), folder by folder."""
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            if name.lower().endswith(suffixes) and not name.startswith("."):
                yield Path(folder, name)
