"""Adapter `ucsf-pdgm`: preoperative diffuse gliomas of UCSF (Calabrese et al. 2022), one FLAIR volume an examination.

As in the reconstruction paper, FLAIR is the image. The other sequences lie beside it and are named in `attr.sequences`.
The table writes three digits (UCSF-PDGM-004), the folders four (UCSF-PDGM-0004_nifti). A follow-up (`_FU003d`) is
another study of the same patient: 501 examinations are 495 patients, and the split is by patient.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from engine.cohorts.adapters.ledger import Printed
from engine.cohorts.adapters.published import Dataset, Source
from engine.cohorts.adapters.tables import Names
from engine.cohorts.adapters.vocabulary import ages, sexes
from engine.errors import CohortError, ImageError
from engine.images import read_header

_COLUMNS: dict[str, Names] = {
    "id": "ID",
    "sex": "Sex",
    "age": "Age at MRI",
    "grade": "WHO CNS Grade",
    "diagnosis": ("Final pathologic diagnosis (WHO 2021)", "Final pathologic diagnosis"),
    "mgmt": "MGMT status",
    "idh": "IDH",
    "codeletion": "1p/19q",
}
_OPTIONAL = {
    "attr.mgmt_index": "MGMT index",
    "attr.dead": "1-dead 0-alive",
    "attr.survival_days": "OS",
    "attr.resection": "EOR",
    "attr.biopsy_before": "Biopsy prior to imaging",
    "attr.brats21_id": "BraTS21 ID",
}
_ID = re.compile(r"UCSF-PDGM-0*(\d+)((?:_FU\d+d)?)", re.IGNORECASE)
_MASKS = {"tumor": "tumor_segmentation", "brain": "brain_segmentation"}
_DEPTH = 3  # folders between the source and those of the examinations


def _build(source: Source) -> pd.DataFrame:
    tables = source.find("UCSF-PDGM-metadata*.csv") or [source.one("UCSF-PDGM-metadata*.csv")]
    path = max(tables, key=lambda table: table.name)  # v5 replaces v1 and v2
    table = source.table(path, _COLUMNS, _OPTIONAL)
    table.index = pd.Index([_exam(text) for text in table["id"]])
    exams = pd.DataFrame({"study_id": table.index, "patient_id": [exam.split("_")[0] for exam in table.index]})
    source.ledger.count(exams, path.name, Printed(501, 495))
    folders = {_exam(folder.name): folder for folder in _exam_folders(source.root, _DEPTH)}
    if not folders:
        raise CohortError(f"UCSF-PDGM: no folder UCSF-PDGM-…_nifti within {_DEPTH} folders of {source.root}")
    rows = [_row(source, exam, patient, folders.get(exam)) for exam, patient in exams.itertuples(index=False)]
    frame = pd.concat([pd.DataFrame(rows), _told(table).reset_index(drop=True)], axis=1)
    frame = source.ledger.keep(frame, frame["path"] != "", "has a FLAIR volume", "have no folder or no FLAIR volume")
    return _with_slices(source, frame)


def _exam(text: str) -> str:
    """ "UCSF-PDGM-004", "UCSF-PDGM-0004_nifti" → "UCSF-PDGM-0004"; a follow-up keeps its mark."""
    match = _ID.match(text.strip())
    if not match:
        raise CohortError(f"UCSF-PDGM: '{text}' is no id of an examination, such as UCSF-PDGM-004")
    return f"UCSF-PDGM-{int(match[1]):04d}{match[2]}"


def _exam_folders(root: Path, depth: int) -> Iterator[Path]:
    for folder in sorted(place for place in root.iterdir() if place.is_dir()):
        if _ID.match(folder.name):
            yield folder
        elif depth:
            yield from _exam_folders(folder, depth - 1)


def _row(source: Source, exam: str, patient: str, folder: Path | None) -> dict[str, str]:
    row = {"image_id": f"{exam}-FLAIR", "patient_id": patient, "study_id": exam, "path": ""}
    row |= {"modality": "MR", "body_part": "BRAIN", "attr.sequences": ""}
    row |= {f"mask.{name}": "" for name in _MASKS}
    if folder is None:
        return row
    volumes = {
        re.sub(_ID.pattern + "_", "", path.name.split(".nii")[0]): path for path in sorted(folder.glob("*.nii*"))
    }
    row["attr.sequences"] = " ".join(name for name in volumes if not name.endswith("segmentation"))
    row |= {f"mask.{name}": source.relative(volumes[word]) for name, word in _MASKS.items() if word in volumes}
    return row | ({"path": source.relative(volumes["FLAIR"])} if "FLAIR" in volumes else {})


def _told(table: pd.DataFrame) -> pd.DataFrame:
    """Sex, age, labels and attributes; "unknown" and "indeterminate" are missing."""
    known = table.replace(["unknown", "Unknown", "indeterminate", "n/a"], "")
    diagnosis = known["diagnosis"].str.lower()
    frame = pd.DataFrame(
        {
            "sex": sexes(table["sex"]),
            "age_years": ages(table["age"]),
            "label.grade_4": _present(known["grade"], known["grade"].isin(["4", "4.0", "IV"])),
            "label.glioblastoma_idh_wildtype": _present(
                diagnosis, diagnosis.str.contains("glioblastoma") & diagnosis.str.contains("wild")
            ),
            "label.idh_mutated": _present(known["idh"], ~known["idh"].str.lower().str.contains("wild")),
            "label.mgmt_methylated": _present(known["mgmt"], known["mgmt"].str.lower() == "positive"),
            "label.codeletion_1p19q": _present(
                known["codeletion"], known["codeletion"].str.lower().str.contains("co-?deletion|codeleted")
            ),
            "attr.diagnosis": known["diagnosis"],
        }
    )
    return pd.concat([frame, known[[column for column in _OPTIONAL if column in known]]], axis=1)


def _present(told: pd.Series, present: pd.Series) -> pd.Series:
    return present.astype("Int8").where(told != "")


def _with_slices(source: Source, frame: pd.DataFrame) -> pd.DataFrame:
    """Number of slices of each volume; those whose header cannot be read are left out."""
    slices: list[int] = []
    for number, path in enumerate(frame["path"]):
        try:
            slices.append(read_header(source.root / path).frames)
        except ImageError:
            slices.append(0)
        source.progress((number + 1) / len(frame))
    frame["n_slices"] = slices
    return source.ledger.keep(frame, frame["n_slices"] > 0, "volume can be read", "have a damaged FLAIR volume")


UCSF_PDGM = Dataset(
    name="ucsf-pdgm",
    title="UCSF-PDGM",
    summary="UCSF-PDGM: FLAIR volumes of gliomas with masks, grade and genetics (San Francisco)",
    apply="it is free (CC BY 4.0) at https://www.cancerimagingarchive.net/collection/ucsf-pdgm/",
    files="UCSF-PDGM-metadata_v5.csv, folders UCSF-PDGM-0004_nifti …",
    build=_build,
    groups={"sex": ("F", "M")},
)
