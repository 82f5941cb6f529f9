"""The one list of cohort adapters: name → what it reads and the function that does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from engine.cohorts.adapters.folder import import_folder
from engine.cohorts.adapters.manifest import import_manifest
from engine.cohorts.cohort import Cohort
from engine.errors import CohortError


class Importer(Protocol):
    """Makes the cohort `out` from what lies in `source`."""

    def __call__(
        self,
        source: Path,
        out: Path,
        *,
        columns: Path | None,
        seed: int,
        progress: Callable[[float], None] | None = None,
    ) -> Cohort: ...


@dataclass(frozen=True)
class Adapter:
    summary: str
    run: Importer


ADAPTERS: Mapping[str, Adapter] = {
    "folder": Adapter("a folder of DICOM, NIfTI, PNG or JPEG files, or a DICOMDIR", import_folder),
    "csv": Adapter("a table with a column map (--columns MAP.toml)", import_manifest),
}


def import_cohort(
    adapter: str,
    source: Path,
    out: Path,
    *,
    columns: Path | None = None,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> Cohort:
    """Make a cohort with the named adapter. CohortError where `out` holds one already or nothing can be read."""
    if adapter not in ADAPTERS:
        raise CohortError(f"there is no adapter '{adapter}'; there are {', '.join(ADAPTERS)}")
    if not source.exists():
        raise CohortError(f"the source {source} does not exist")
    if (out / "cohort.csv").exists():
        raise CohortError(f"{out} already holds a cohort; choose another folder")
    return ADAPTERS[adapter].run(source, out, columns=columns, seed=seed, progress=progress)
