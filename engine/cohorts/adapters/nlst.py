"""Adapter `nlst`: CT of the National Lung Screening Trial with the participants' table of the Imaging Data Commons.

Race is a number (1 White, 2 Black or African-American, 3 Asian, 4 American Indian or Alaska Native, 5 Native Hawaiian
or other Pacific Islander, 6 more than one, 7 refused; 95, 96, 98 and 99 are missing). `ethnic` (1 Hispanic or Latino)
is in the release of CDAS only. `published` keeps Black and White participants as Reading Race does for CT; which 512 of
them it used was never released. Images lie in folders named by the participant (pid), at any depth the NBIA tools make.
"""

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from engine.cohorts.adapters.published import ALL, PUBLISHED, Dataset, Source
from engine.cohorts.adapters.stacks import ct_stacks
from engine.cohorts.adapters.tables import Names
from engine.cohorts.adapters.vocabulary import ages
from engine.errors import CohortError

_COLUMNS: dict[str, Names] = {"patient_id": ("pid", "dicom_patient_id"), "sex": "gender", "age": "age", "race": "race"}
_OPTIONAL = {"ethnic": "ethnic", "cancer": "can_scr"}
_SEX = {"1": "M", "2": "F"}
_RACES = {"1": "White", "2": "Black", "3": "Asian", "4": "AI/AN", "5": "NH/PI", "6": "Other"}
_HISPANIC = "1"
_DEPTH = 4  # folders between the source and those of the participants


def _build(source: Source) -> pd.DataFrame:
    path = source.demographics("nlst_*prsn*.csv") or source.one("nlst_*prsn*.csv")
    table = source.table(path, _COLUMNS, _OPTIONAL).drop_duplicates("patient_id")
    source.facts["participants in the table"] = len(table)
    people = _people(table).set_index("patient_id")
    folders = list(_folders(source.root, set(people.index), _DEPTH))
    if not folders:
        raise CohortError(
            f"NLST: none of the {len(people)} participants of {path.name} has a folder named by its number within "
            f"{_DEPTH} folders of {source.root}"
        )
    chosen = _chosen(source, people.loc[[folder.name for folder in folders]])
    frame = _stacks(source, [folder for folder in folders if folder.name in chosen.index])
    return frame.join(chosen.drop(columns="hispanic"), on="patient_id")


def _people(table: pd.DataFrame) -> pd.DataFrame:
    if odd := sorted(set(table["sex"]) - {*_SEX, "", "9", "99"}):
        raise CohortError(f"NLST: gender holds '{odd[0]}', which is neither 1 (male) nor 2 (female)")
    frame = pd.DataFrame(
        {
            "patient_id": table["patient_id"],
            "sex": table["sex"].map(_SEX).fillna(""),
            "age_years": ages(table["age"]),
            "race": table["race"].map(_RACES).fillna(""),
            "hispanic": table["ethnic"] == _HISPANIC if "ethnic" in table else False,
        }
    )
    if "cancer" in table:  # 0 no cancer; 1 to 4 a cancer, by the screen it followed
        cancer = pd.to_numeric(table["cancer"], errors="coerce")
        frame["label.lung_cancer"] = (cancer > 0).astype("Int8").where(cancer.notna())
    return frame


def _folders(root: Path, names: set[str], depth: int) -> Iterator[Path]:
    """Folders named by a participant; those above them are entered, nothing below is."""
    with os.scandir(root) as entries:
        folders = sorted(entry.name for entry in entries if entry.is_dir())
    for name in folders:
        if name in names:
            yield root / name
        elif depth:
            yield from _folders(root / name, names, depth - 1)


def _chosen(source: Source, people: pd.DataFrame) -> pd.DataFrame:
    """The participants to read, counted as persons: their volumes are found afterwards."""
    people = people[~people.index.duplicated()]
    counted = people.assign(image_id=people.index, patient_id=people.index)
    source.ledger.count(counted, "participants with a folder (one line each)")
    if source.published:
        keep = source.ledger.keep
        kept = counted["race"].isin(["Black", "White"])
        counted = keep(counted, kept, "Black or White", "are of another race, or none was recorded")
        counted = keep(counted, ~counted["hispanic"], "not Hispanic or Latino", "are Hispanic or Latino")
    return counted.set_index("patient_id").drop(columns="image_id")


def _stacks(source: Source, folders: list[Path]) -> pd.DataFrame:
    """One row a volume; a study is a folder directly below the participant's."""
    rows: list[dict[str, object]] = []
    studies: dict[str, list[str]] = {}  # participant → folders of the studies met so far
    volumes: Counter[str] = Counter()
    for number, stack in ct_stacks(source, folders):
        patient = folders[number].name
        known = studies.setdefault(patient, [])
        folder = next(iter(stack.folder.relative_to(folders[number]).parts), "")
        if folder not in known:
            known.append(folder)
        study = f"{patient}-S{known.index(folder) + 1}"
        volumes[study] += 1
        image_id = f"{study}-V{volumes[study]}"
        source.stacks[image_id] = stack.paths
        row = {"image_id": image_id, "patient_id": patient, "study_id": study, "path": image_id}
        rows.append({**row, "n_slices": len(stack.paths), "modality": "CT", "body_part": "CHEST"})
    frame = pd.DataFrame(rows) if rows else pd.DataFrame({"image_id": [], "patient_id": []})
    source.ledger.count(frame, "volumes of CT")
    return frame


NLST = Dataset(
    name="nlst",
    title="NLST",
    summary="NLST: screening CT with race, sex, age and cancer (33 centres of the US)",
    apply="CT and tables are at https://www.cancerimagingarchive.net/collection/nlst/ and, for projects that apply, at "
    "https://cdas.cancer.gov/nlst/",
    files="nlst_780_prsn_idc_20210527.csv, folders named by pid with DICOM series",
    build=_build,
    constructions=(PUBLISHED, ALL),
    takes_demographics=True,
    groups={"sex": ("F", "M")},
    published_groups={"race": ("Black", "White")},
    shares=(0.78, 0.10, 0.12),  # Reading Race, Table 1
)
