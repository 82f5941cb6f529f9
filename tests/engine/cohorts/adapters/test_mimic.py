"""MIMIC-CXR-JPG beside MIMIC-IV of both generations."""

from pathlib import Path

import pandas as pd
import pytest

from engine.cohorts.adapters.mimic import MIMIC
from engine.cohorts.splits import assign_splits
from engine.errors import CohortError
from tests.engine.cohorts.adapters.building import imported, printed, steps, write_csv, write_film

METADATA = (
    "dicom_id,subject_id,study_id,PerformedProcedureStepDescription,ViewPosition,Rows,Columns,StudyDate,StudyTime,"
    "ProcedureCodeSequence_CodeMeaning,ViewCodeSequence_CodeMeaning,PatientOrientationCodeSequence_CodeMeaning"
)
LABELS = (
    "subject_id,study_id,Atelectasis,Cardiomegaly,Consolidation,Edema,Enlarged Cardiomediastinum,Fracture,Lung Lesion,"
    "Lung Opacity,No Finding,Pleural Effusion,Pleural Other,Pneumonia,Pneumothorax,Support Devices"
)
READ = (
    "study_id,Atelectasis,Cardiomegaly,Consolidation,Edema,Enlarged Cardiomediastinum,Fracture,Lung Lesion,"
    "Airspace Opacity,No Finding,Pleural Effusion,Pleural Other,Pneumonia,Pneumothorax,Support Devices"
)
# subject, view, date, split, v1 ethnicity of each admission, v2 race of each admission
PATIENTS = [
    ("10000032", "PA", "21800506", "train", ["WHITE"], ["WHITE - RUSSIAN", "WHITE"]),
    ("10000764", "AP", "21321015", "validate", ["BLACK/AFRICAN AMERICAN"] * 2, ["BLACK/CAPE VERDEAN"]),
    ("10000898", "PA", "21880330", "test", ["ASIAN"], ["ASIAN - CHINESE"]),
    ("10000935", "AP", "21820801", "train", ["WHITE", "WHITE", "UNKNOWN"], ["WHITE", "UNKNOWN"]),
    ("10000980", "LATERAL", "21850616", "train", ["WHITE"], ["WHITE"]),
    ("10001038", "PA", "21490909", "train", ["HISPANIC/LATINO"], ["PORTUGUESE"]),
    ("10001122", "AP", "21590102", "train", [], []),
]


def mimic(root: Path, gz: str = "", metadata: str = METADATA) -> Path:
    folder = root / "physionet.org/files/mimic-cxr-jpg/2.0.0"
    rows, labels, splits = [], [], []
    for number, (subject, view, date, split, *_) in enumerate(PATIENTS):
        study, image = f"5{number:07d}", f"{number:08x}-aa"
        rows.append(f"{image},{subject},{study},CHEST (PA AND LAT),{view},3056,2544,{date},213014.53,a,b,c")
        labels.append(f"{subject},{study},1.0,0.0,,-1.0,,,,{number % 2}.0,,,,,,")
        splits.append(f"{image},{study},{subject},{split}")
        write_film(folder / f"files/p{subject[:2]}/p{subject}/s{study}/{image}.jpg")
    write_csv(folder / f"mimic-cxr-2.0.0-metadata.csv{gz}", metadata, rows)
    write_csv(folder / f"mimic-cxr-2.0.0-chexpert.csv{gz}", LABELS, labels)
    write_csv(folder / f"mimic-cxr-2.0.0-split.csv{gz}", "dicom_id,study_id,subject_id,split", splits)
    return folder


def mimic_iv(root: Path, version: int) -> Path:
    folder = root / "mimiciv"
    room, column = ("core", "ethnicity") if version == 1 else ("hosp", "race")
    admissions = [
        f"{subject},{hadm},{word}"
        for subject, *_, v1, v2 in PATIENTS
        for hadm, word in enumerate(v1 if version == 1 else v2)
    ]
    write_csv(folder / room / "admissions.csv.gz", f"subject_id,hadm_id,{column}", admissions)
    people = [
        f"{subject},{'FM'[number % 2]},{91 if number == 2 else 52 + number},2180,2014 - 2016,"
        for number, (subject, *_) in enumerate(PATIENTS)
    ]
    header = "subject_id,gender,anchor_age,anchor_year,anchor_year_group,dod"
    write_csv(folder / room / "patients.csv.gz", header, people)
    return folder


@pytest.mark.parametrize("version", [1, 2])
def test_the_construction_of_reading_race_with_either_mimic_iv(tmp_path: Path, version: int) -> None:
    folder, people = mimic(tmp_path, gz=".gz"), mimic_iv(tmp_path, version)
    cohort = imported("mimic", folder, tmp_path / "cohort", demographics=people)
    assert steps(cohort) == [
        ("mimic-cxr-2.0.0-metadata.csv.gz", 7, 7),
        ("patient has an admission in MIMIC-IV", 6, 6),
        ("one race in all admissions", 5, 5),  # 10000935 says UNKNOWN in a later admission
        ("Asian, Black or White", 4, 4),
        ("AP or PA", 3, 3),
        ("image file is there", 3, 3),
    ]
    assert printed(cohort)["mimic-cxr-2.0.0-metadata.csv.gz"] == {"images": 377_110, "patients": 65_379}
    assert printed(cohort)["AP or PA"] == {"images": 183_217, "patients": 43_209}
    frame = cohort.frame.set_index("patient_id")
    assert frame["race"].to_dict() == {"10000032": "White", "10000764": "Black", "10000898": "Asian"}
    assert frame.loc["10000032", "age_years"] == 52  # anchor 52 in 2180, film of 2180
    assert frame.loc["10000764", "age_years"] == 53 - 48  # film of 2132
    assert frame.loc["10000898", "age_years"] == 91  # older than 89
    assert frame.loc["10000764", "sex"] == "M"
    assert (frame["label.edema"] == -1).all() and frame["label.fracture"].isna().all()
    assert cohort.image_paths(cohort.frame.iloc[0])[0].is_file()


def test_one_source_may_hold_both_datasets(tmp_path: Path) -> None:
    mimic(tmp_path)
    mimic_iv(tmp_path, 2)
    assert len(imported("mimic", tmp_path, tmp_path / "cohort").frame) == 3


def test_every_image_with_the_official_split_and_a_radiologists_labels(tmp_path: Path) -> None:
    folder = mimic(tmp_path)
    write_csv(folder / "mimic-cxr-2.1.0-test-set-labeled.csv", READ, ["50000002,0.0,1.0,,,,,,1.0,,,,,,"])
    cohort = imported("mimic", folder, tmp_path / "cohort", construction="all")
    frame = cohort.frame.set_index("patient_id")
    assert frame["split"].value_counts().to_dict() == {"train": 5, "val": 1, "test": 1}
    assert frame.loc["10000898", "label.lung_opacity"] == 1  # "Airspace Opacity"
    assert frame.loc["10000898", "label.cardiomegaly"] == 1
    assert frame.loc["10000898", "attr.labelled_by"] == "radiologist"
    assert frame.loc["10000032", "attr.labelled_by"] == "chexpert"
    assert frame.loc["10000980", "view"] == "LATERAL"
    assert (frame["race"] == "").all()


def test_negbio_where_chexpert_is_not(tmp_path: Path) -> None:
    folder = mimic(tmp_path)
    (folder / "mimic-cxr-2.0.0-chexpert.csv").rename(folder / "mimic-cxr-2.0.0-negbio.csv")
    cohort = imported("mimic", folder, tmp_path / "cohort", demographics=mimic_iv(tmp_path, 1))
    assert set(cohort.frame["attr.labelled_by"]) == {"negbio"}


def test_what_is_missing_is_named_with_where_to_apply(tmp_path: Path) -> None:
    folder = mimic(tmp_path)
    with pytest.raises(CohortError, match=r"no admissions\.csv of MIMIC-IV: apply at https://physionet\.org"):
        imported("mimic", folder, tmp_path / "cohort")
    people = mimic_iv(tmp_path / "other", 2)
    write_csv(people / "hosp/admissions.csv.gz", "subject_id,hadm_id,insurance", ["1,2,x"])
    with pytest.raises(CohortError, match=r"has no column 'race' or 'ethnicity'; its columns are subject_id, hadm_id"):
        imported("mimic", folder, tmp_path / "cohort", demographics=people)
    with pytest.raises(CohortError, match=r"no table mimic-cxr-2\.\*-metadata\.csv in .* \(credentialed"):
        imported("mimic", people, tmp_path / "cohort")


def test_the_shares_give_the_papers_patients() -> None:
    """Reading Race: 25,925 / 4,321 / 12,963 of 43,209 patients."""
    counts = assign_splits(pd.Series(range(43_209)), seed=0, shares=MIMIC.shares).value_counts()
    assert counts.to_dict() == {"train": 25_925, "val": 4_321, "test": 12_963}
