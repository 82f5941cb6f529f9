"""Which files a cohort was made from: `sources.csv` in the cohort, one row a file with its size and sha256.

`cohort.json` holds the sha256 of that table, so that one number stands for every byte the cohort came from.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd

from engine.cohorts.cohort import Cohort, file_sha256
from engine.errors import CohortError

TABLE = "sources.csv"
_MOST_THREADS = 4  # sha256 lets go of Python's lock; more threads than this only wait for the disk


def write_sources(out: Path, root: Path, paths: Sequence[Path], progress: Callable[[float], None]) -> dict[str, Any]:
    """Hash files below `root` and write `sources.csv` (path, bytes, sha256; paths relative to `root`, "/" between).

    Returns what `cohort.json` keeps: table, its sha256, number of files and their bytes. Raises CohortError for a file
    that cannot be read any more.
    """
    sizes = [_size(path) for path in paths]
    total, done, hashes = max(1, sum(sizes)), 0, []
    for digest, size in zip(_digests(paths), sizes, strict=True):
        hashes.append(digest)
        done += size
        progress(done / total)
    names = [path.relative_to(root).as_posix() for path in paths]
    out.mkdir(parents=True, exist_ok=True)
    table = pd.DataFrame({"path": names, "bytes": sizes, "sha256": hashes})
    table.to_csv(out / TABLE, index=False, encoding="utf-8", lineterminator="\n")
    return {"table": TABLE, "sha256": file_sha256(out / TABLE), "files": len(paths), "bytes": sum(sizes)}


def changed_sources(cohort: Cohort) -> list[str]:
    """Files of the source that are gone or have other bytes than when the cohort was made, as `sources.csv` names them.

    Raises CohortError where the cohort keeps no such table, or the table itself was changed.
    """
    facts, root = cohort.info.get("source_files"), cohort.roots.get("source")
    if not facts or root is None:
        raise CohortError(f"the cohort {cohort.root.name} names no source files")
    place = cohort.root / TABLE
    if not place.is_file() or file_sha256(place) != facts["sha256"]:
        raise CohortError(f"{TABLE} of the cohort {cohort.root.name} is gone or was changed since the cohort was made")
    table = pd.read_csv(place, dtype=str, keep_default_na=False)
    return [name for name, digest in zip(table["path"], table["sha256"]) if _digest_or_none(root / name) != digest]


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


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError as error:
        raise CohortError(f"{path.name} cannot be read any more: {error.strerror}") from error
