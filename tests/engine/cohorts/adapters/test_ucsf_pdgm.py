"""UCSF-PDGM: ids of three digits in the table and four on disk, follow-ups of the same patient."""

from pathlib import Path

import pytest

from engine.errors import CohortError
from tests.engine.cohorts.adapters.building import imported, printed, reasons, steps, write_csv, write_nifti

HEADER = (
    "ID,Sex,Age at MRI,WHO CNS Grade,Final pathologic diagnosis (WHO 2021),MGMT status,MGMT index,1p/19q,IDH,"
    "1-dead 0-alive,OS,EOR,Biopsy prior to imaging,BraTS21 ID,BraTS21 Segmentation Cohort,BraTS21 MGMT Cohort"
)
GBM, OLIGO = '"Glioblastoma, IDH-wildtype"', '"Oligodendroglioma, IDH-mutant, 1p/19q-codeleted"'
ROWS = [
    f"UCSF-PDGM-004,M,66,4,{GBM},negative,0,unknown,wildtype,1,1303,STR,No,BraTS2021_00097,Training,Training",
    f"UCSF-PDGM-005,F,80,4,{GBM},indeterminate,,unknown,wildtype,1,274,biopsy,No,,,",
    f"UCSF-PDGM-007,M,70,2,{OLIGO},positive,5,relative co-deletion,IDH1 p.R132H,0,,GTR,No,,,",
    f"UCSF-PDGM-007_FU003d,M,70,2,{OLIGO},positive,5,intact,IDH1 p.R132H,0,,GTR,No,,,",
    'UCSF-PDGM-009,F,33,3,"Astrocytoma, IDH-mutant",unknown,,intact,mutated (NOS),0,,GTR,No,,,',
]
FOLDERS = ("UCSF-PDGM-0004", "UCSF-PDGM-0005", "UCSF-PDGM-0007", "UCSF-PDGM-0007_FU003d")


def ucsf(root: Path) -> Path:
    write_csv(root / "UCSF-PDGM-metadata_v2.csv", HEADER, [row.replace("UCSF", "OLD") for row in ROWS])
    write_csv(root / "UCSF-PDGM-metadata_v5.csv", HEADER, ROWS)
    for exam in FOLDERS:
        name = exam.split("_FU")[0]  # files of a follow-up may carry the plain id
        for volume in ("FLAIR", "FLAIR_bias", "T1c", "tumor_segmentation"):
            write_nifti(root / "UCSF-PDGM-v5" / f"{exam}_nifti" / f"{name}_{volume}.nii.gz", slices=5)
    return root


def test_table_and_folders_meet_whatever_their_digits(tmp_path: Path) -> None:
    cohort = imported("ucsf-pdgm", ucsf(tmp_path / "ucsf"), tmp_path / "cohort")
    frame = cohort.frame.set_index("study_id")
    assert frame.index.tolist() == list(FOLDERS)
    assert printed(cohort) == {"UCSF-PDGM-metadata_v5.csv": {"images": 501, "patients": 495}}
    assert steps(cohort)[:2] == [("UCSF-PDGM-metadata_v5.csv", 5, 4), ("has a FLAIR volume", 4, 3)]
    assert reasons(cohort)["have no folder or no FLAIR volume"] == 1
    assert frame.loc["UCSF-PDGM-0007_FU003d", "patient_id"] == "UCSF-PDGM-0007"
    assert frame.groupby("patient_id")["split"].nunique().max() == 1
    assert frame["path"].iloc[0] == "{source}/UCSF-PDGM-v5/UCSF-PDGM-0004_nifti/UCSF-PDGM-0004_FLAIR.nii.gz"
    assert frame["mask.tumor"].str.endswith("tumor_segmentation.nii.gz").all() and (frame["mask.brain"] == "").all()
    assert frame["attr.sequences"].iloc[0] == "FLAIR FLAIR_bias T1c"
    assert frame["n_slices"].tolist() == [5] * 4
    assert frame["sex"].tolist() == ["M", "F", "M", "M"]


def test_unknown_is_missing(tmp_path: Path) -> None:
    frame = imported("ucsf-pdgm", ucsf(tmp_path / "ucsf"), tmp_path / "cohort").frame.set_index("study_id")
    assert frame["label.grade_4"].tolist() == [1, 1, 0, 0]
    assert frame["label.glioblastoma_idh_wildtype"].tolist() == [1, 1, 0, 0]
    assert frame["label.idh_mutated"].tolist() == [0, 0, 1, 1]
    assert frame["label.mgmt_methylated"].isna().tolist() == [False, True, False, False]
    assert frame["label.codeletion_1p19q"].isna().tolist() == [True, True, False, False]
    assert frame.loc["UCSF-PDGM-0007", "label.codeletion_1p19q"] == 1
    assert frame.loc["UCSF-PDGM-0007_FU003d", "label.codeletion_1p19q"] == 0
    assert frame.loc["UCSF-PDGM-0004", "attr.survival_days"] == "1303"


def test_damaged_and_absent_volumes(tmp_path: Path) -> None:
    folder = ucsf(tmp_path / "ucsf")
    (folder / "UCSF-PDGM-v5/UCSF-PDGM-0005_nifti/UCSF-PDGM-0005_FLAIR.nii.gz").write_bytes(b"\x1f\x8bnothing")
    with pytest.raises(CohortError, match="column 'sex' holds no F"):  # the only woman left is damaged
        imported("ucsf-pdgm", folder, tmp_path / "cohort")
    bare = ucsf(tmp_path / "bare")
    (bare / "UCSF-PDGM-v5").rename(tmp_path / "elsewhere")
    with pytest.raises(CohortError, match="no folder UCSF-PDGM-…_nifti within 3 folders"):
        imported("ucsf-pdgm", bare, tmp_path / "cohort")
