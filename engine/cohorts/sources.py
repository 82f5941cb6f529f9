"""Which files a cohort was made from: `sources.csv` in the cohort, one row a file with its size and sha256.

`cohort.json` holds the sha256 of that table, so that one number stands for every byte the cohort came from. Of public
datasets, too large to be read whole for a table, most images are listed with their size and without a sha256.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd

from engine.cohorts.cohort import Cohort
from engine.errors import CohortError
from engine.hashing import file_sha256

TABLE = "sources.csv"
_MOST_THREADS = 4  # sha256 lets go of Python's lock; more threads than this only wait for the disk


def write_sources(
    out: Path,
    root: Path,
    paths: Sequence[Path],
    progress: Callable[[float], None],
    *,
    sizes_only: Mapping[Path, int] | None = None,
    roots: Mapping[str, Path] | None = None,
) -> dict[str, Any]:
    """Hash files and write `sources.csv` (path, bytes, sha256; paths relative to `root`, "/" between).

    sizes_only: further files and their bytes, listed with an empty sha256. roots: named folders of files that do not
    lie below `root`; their paths begin with `{name}/`.

    Returns what `cohort.json` keeps: table, its sha256, number of files and their bytes, and how many were hashed.
    Raises CohortError for a file that cannot be read any more.
    """
    listed = dict(sizes_only or {})
    sizes = [_size(path) for path in paths]
    total, done, hashes = max(1, sum(sizes)), 0, []
    for digest, size in zip(_digests(paths), sizes, strict=True):
        hashes.append(digest)
        done += size
        progress(done / total)
    names = [_name(path, root, roots or {}) for path in [*paths, *listed]]
    sizes += listed.values()
    out.mkdir(parents=True, exist_ok=True)
    table = pd.DataFrame({"path": names, "bytes": sizes, "sha256": hashes + [""] * len(listed)})
    table.to_csv(out / TABLE, index=False, encoding="utf-8", lineterminator="\n")
    facts = {"table": TABLE, "sha256": file_sha256(out / TABLE), "files": len(names), "bytes": sum(sizes)}
    return facts if not listed else {**facts, "hashed": len(paths)}


def _name(path: Path, root: Path, roots: Mapping[str, Path]) -> str:
    if path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    for name, folder in roots.items():
        if path.resolve().is_relative_to(folder):
            return f"{{{name}}}/{path.resolve().relative_to(folder).as_posix()}"
    raise CohortError(f"the source file {path} lies in none of the folders of the cohort")


def changed_sources(cohort: Cohort) -> list[str]:
    """Files of the source that are gone or have other bytes than when the cohort was made, as `sources.csv` names them.

    A file listed without a sha256 is compared by its size.

    Raises CohortError where the cohort keeps no such table, or the table itself was changed.
    """
    facts, root = cohort.info.get("source_files"), cohort.roots.get("source")
    if not facts or root is None:
        raise CohortError(f"the cohort {cohort.root.name} names no source files")
    place = cohort.root / TABLE
    if not place.is_file() or file_sha256(place) != facts["sha256"]:
        raise CohortError(f"{TABLE} of the cohort {cohort.root.name} is gone or was changed since the cohort was made")
    table = pd.read_csv(place, dtype=str, keep_default_na=False)
    changed = []
    for name, size, digest in zip(table["path"], table["bytes"], table["sha256"]):
        path = cohort.resolve(name) if name.startswith("{") else root / name
        now = _digest_or_none(path) if digest else _size_or_none(path)
        if now != (digest or size):
            changed.append(name)
    return changed


def _digests(paths: Sequence[Path]) -> Iterator[str]:
    with ThreadPoolExecutor(min(_MOST_THREADS, os.cpu_count() or 1)) as threads:
        try:
            yield from threads.map(_digest, paths)
        except BaseException:  # an error or Ctrl+C: what has not begun is dropped
            threads.shutdown(wait=False, cancel_futures=True)
            raise


def _digest(path: Path) -> str:
    try:
        return file_sha256(path)
    except OSError as error:
        raise CohortError(f"{path.name} cannot be read any more: {error.strerror}") from error


def _digest_or_none(path: Path) -> str | None:
    return file_sha256(path) if path.is_file() else None


def _size_or_none(path: Path) -> str | None:
    return str(path.stat().st_size) if path.is_file() else None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise CohortError(f"{path.name} cannot be read any more: {error.strerror}") from error
