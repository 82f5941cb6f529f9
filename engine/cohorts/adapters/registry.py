"""The one list of cohort adapters: name → what it reads and the function that does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.cohorts.adapters.chexpert import CHEXPERT
from engine.cohorts.adapters.embed import EMBED
from engine.cohorts.adapters.folder import import_folder
from engine.cohorts.adapters.hand_atlas import HAND_ATLAS
from engine.cohorts.adapters.manifest import import_manifest
from engine.cohorts.adapters.mimic import MIMIC
from engine.cohorts.adapters.nih import NIH
from engine.cohorts.adapters.nlst import NLST
from engine.cohorts.adapters.padchest import PADCHEST
from engine.cohorts.adapters.published import Dataset
from engine.cohorts.adapters.request import Progress, Request
from engine.cohorts.adapters.rspect import RSPECT
from engine.cohorts.adapters.ucsf_pdgm import UCSF_PDGM
from engine.cohorts.adapters.vindr import VINDR
from engine.cohorts.cohort import Cohort
from engine.errors import CohortError

DATASETS: tuple[Dataset, ...] = (
    CHEXPERT,
    MIMIC,
    PADCHEST,
    NIH,
    VINDR,
    UCSF_PDGM,
    NLST,
    RSPECT,
    HAND_ATLAS,
    EMBED,
)


@dataclass(frozen=True)
class Adapter:
    """One way to a cohort, with what a person choosing it has to know."""

    summary: str
    run: Callable[[Request], Cohort]
    apply: str = ""  # where a researcher applies for the dataset
    files: str = ""  # what has to lie in the source
    constructions: tuple[str, ...] = ()  # choices of rows; the first is the default
    takes_columns: bool = False
    takes_demographics: bool = False


ADAPTERS: Mapping[str, Adapter] = {
    "folder": Adapter("a folder of DICOM, NIfTI, PNG or JPEG files, or a DICOMDIR", import_folder),
    "csv": Adapter("a table with a column map (--columns MAP.toml)", import_manifest, takes_columns=True),
    **{
        dataset.name: Adapter(
            dataset.summary,
            dataset.run,
            dataset.apply,
            dataset.files,
            dataset.constructions,
            takes_demographics=dataset.takes_demographics,
        )
        for dataset in DATASETS
    },
}


def import_cohort(
    adapter: str,
    source: Path,
    out: Path,
    *,
    columns: Path | None = None,
    demographics: Path | None = None,
    construction: str = "",
    seed: int = 0,
    progress: Progress | None = None,
) -> Cohort:
    """Make a cohort with the named adapter. CohortError where `out` holds one already or nothing can be read.

    demographics: the table, or a folder with tables, that is shipped apart (CheXpert's race, MIMIC-IV, RSPECT's race).
    construction: "published" (the rows of the paper) or "all" (every image); "" is the adapter's default.
    """
    if adapter not in ADAPTERS:
        raise CohortError(f"there is no adapter '{adapter}'; there are {', '.join(ADAPTERS)}")
    for place in (source, *([demographics] if demographics else [])):
        if not place.exists():
            raise CohortError(f"the source {place} does not exist")
    if (out / "cohort.csv").exists():
        raise CohortError(f"{out} already holds a cohort; choose another folder")
    report = progress or (lambda share: None)
    return ADAPTERS[adapter].run(Request(source, out, seed, columns, demographics, construction, report))
