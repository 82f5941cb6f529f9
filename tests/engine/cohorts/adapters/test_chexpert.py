"""CheXpert as it ships: both prefixes, the renamed columns, demographics in a workbook, labels of the test set."""

from pathlib import Path

import pandas as pd
import pytest

from engine.cohorts.adapters.chexpert import CHEXPERT
from engine.cohorts.splits import assign_splits
from engine.errors import CohortError
from tests.engine.cohorts.adapters.building import imported, printed, reasons, steps, write_csv, write_film

FINDINGS = (
    "No Finding,Enlarged Cardiomediastinum,Cardiomegaly,Lung Opacity,Lung Lesion,Edema,Consolidation,Pneumonia,"
    "Atelectasis,Pneumothorax,Pleural Effusion,Pleural Other,Fracture,Support Devices"
)
HEADER = f"Path,Sex,Age,Frontal/Lateral,AP/PA,{FINDINGS}"
AIMI_HEADER = f"Path,Sex,Age,FrontalLateral,Position,{FINDINGS}"
NONE, EFFUSION, UNSURE = "1.0" + "," * 13, ",,,,,,,,,," + "1.0,,,1.0", "0.0,,,,-1.0,,,,,,0.0,,,"
# patient, study, file, sex, age, plane, position, labels
ROWS = [
    ("patient00001", "study1", "view1_frontal.jpg", "Female", 68, "Frontal", "AP", NONE),
    ("patient00001", "study1", "view2_lateral.jpg", "Female", 68, "Lateral", "", NONE),
    ("patient00002", "study1", "view1_frontal.jpg", "Male", 0, "Frontal", "PA", EFFUSION),
    ("patient00003", "study2", "view1_frontal.jpg", "Unknown", 44, "Frontal", "AP", UNSURE),
    ("patient00004", "study1", "view1_frontal.jpg", "Female", 51, "Frontal", "LL", NONE),
    ("patient00005", "study1", "view1_frontal.jpg", "Male", 90, "Frontal", "PA", NONE),
    ("patient00006", "study1", "view1_frontal.jpg", "Male", 33, "Frontal", "PA", NONE),
    ("patient00007", "study1", "view1_frontal.jpg", "Female", 61, "Frontal", "PA", NONE),
]
PEOPLE = [
    ("patient00001", "Female", 68, "White, non-Hispanic", "Non-Hispanic/Non-Latino"),
    ("patient00002", "Male", 57, "Black or African American", "Not Hispanic"),
    ("patient00003", "Female", 44, "Asian", "Non-Hispanic/Non-Latino"),
    ("patient00004", "Female", 51, "White", "Not Hispanic"),
    ("patient00005", "Male", 90, "White", "Hispanic/Latino"),
    ("patient00006", "Male", 33, "Native Hawaiian or Other Pacific Islander", "Not Hispanic"),
    ("patient64741", "Male", 70, "Black or African American", "Not Hispanic"),
]


def chexpert(root: Path, prefix: str = "CheXpert-v1.0", header: str = HEADER) -> Path:
    lines = [
        f"{prefix}/train/{patient}/{study}/{name},{sex},{age},{plane},{position},{labels}"
        for patient, study, name, sex, age, plane, position, labels in ROWS
    ]
    folder = root / prefix
    write_csv(folder / "train.csv", header, lines)
    for patient, study, name, *_ in ROWS:
        write_film(folder / "train" / patient / study / name)
    return folder


def demographics(folder: Path, people: list[tuple[str, str, int, str, str]] = PEOPLE) -> Path:
    path = folder / "CHEXPERT DEMO.xlsx"
    columns = ["PATIENT", "GENDER", "AGE_AT_CXR", "PRIMARY_RACE", "ETHNICITY"]
    pd.DataFrame(people, columns=columns).to_excel(path, index=False)
    return path


def test_the_construction_of_reading_race_in_the_order_of_its_text(tmp_path: Path) -> None:
    folder = chexpert(tmp_path)
    demographics(folder)
    cohort = imported("chexpert", folder, tmp_path / "cohort")
    assert steps(cohort) == [
        ("train.csv", 8, 7),
        ("patient is in the demographics", 7, 6),
        ("Asian, Black or White", 6, 5),
        ("not Hispanic or Latino", 5, 4),
        ("frontal", 4, 4),
        ("AP or PA", 3, 3),
        ("image file is there", 3, 3),
    ]
    assert printed(cohort)["frontal"] == {"images": 127_130}
    assert printed(cohort)["AP or PA"] == {"images": 127_118, "patients": 42_884}
    assert reasons(cohort)["are lateral"] == 1
    frame = cohort.frame.set_index("patient_id")
    assert frame["race"].to_dict() == {"patient00001": "White", "patient00002": "Black", "patient00003": "Asian"}
    assert frame["sex"].to_dict() == {"patient00001": "F", "patient00002": "M", "patient00003": "F"}
    assert pd.isna(frame.loc["patient00002", "age_years"])  # 0 is missing
    assert frame.loc["patient00003", "label.lung_lesion"] == -1
    assert frame.loc["patient00003", "label.pleural_effusion"] == 0
    assert frame.loc["patient00002", "label.support_devices"] == 1
    assert pd.isna(frame.loc["patient00001", "label.edema"])
    assert cohort.image_paths(cohort.frame.iloc[0])[0].is_file()


def test_the_authors_split_counts_rows_of_the_training_table_from_zero(tmp_path: Path) -> None:
    folder = chexpert(tmp_path)
    demographics(folder)
    write_csv(folder / "chexpert_split_2021_08_20.csv", "index,split", ["0,test", "2,train", "3,validate"])
    cohort = imported("chexpert", folder, tmp_path / "cohort")
    splits = cohort.frame.set_index("patient_id")["split"]
    assert splits.to_dict() == {"patient00001": "test", "patient00002": "train", "patient00003": "val"}
    assert cohort.info["split"] == "the authors' own: chexpert_split_2021_08_20.csv"
    write_csv(folder / "chexpert_split_2021_08_20.csv", "index,split", ["0,fold 1"])
    with pytest.raises(CohortError, match="holds 'fold 1'"):
        imported("chexpert", folder, tmp_path / "again")


@pytest.mark.parametrize("prefix", ["CheXpert-v1.0", "CheXpert-v1.0-small"])
@pytest.mark.parametrize("above", [False, True])
def test_both_prefixes_and_the_folder_above(tmp_path: Path, prefix: str, above: bool) -> None:
    folder = chexpert(tmp_path / "data", prefix)
    workbook = demographics(tmp_path)
    cohort = imported("chexpert", folder.parent if above else folder, tmp_path / "cohort", demographics=workbook)
    assert len(cohort.frame) == 3
    assert all(cohort.image_paths(row)[0].is_file() for _, row in cohort.frame.iterrows())
    assert "{demographics}/CHEXPERT DEMO.xlsx" in (cohort.root / "sources.csv").read_text()


def test_the_portal_renames_columns_and_spreads_patients_over_batches(tmp_path: Path) -> None:
    folder = chexpert(tmp_path, header=AIMI_HEADER)
    demographics(folder)
    for number, patients in enumerate((("1", "2"), ("3", "4", "5", "6", "7")), 2):
        for patient in patients:
            batch = folder / f"CheXpert-v1.0 batch {number} (train {number - 1})"
            batch.mkdir(exist_ok=True)
            (folder / "train" / f"patient0000{patient}").rename(batch / f"patient0000{patient}")
    (folder / "train").rmdir()
    cohort = imported("chexpert", folder, tmp_path / "cohort")
    assert len(cohort.frame) == 3
    assert cohort.frame["path"].iloc[0].startswith("{source}/CheXpert-v1.0 batch 2 (train 1)/patient00001/")


def test_every_image_with_the_official_split_and_the_radiologists(tmp_path: Path) -> None:
    folder = chexpert(tmp_path)
    demographics(folder)
    write_csv(
        folder / "valid.csv",
        HEADER,
        [f"CheXpert-v1.0/valid/patient64541/study1/view1_frontal.jpg,Male,73,Frontal,AP,{NONE}"],
    )
    write_film(folder / "valid/patient64541/study1/view1_frontal.jpg")
    labels = folder / "chexpert-test-set-labels"
    values = "0,0,0,1,0,0,0,0,0,0,0,0,0,0"
    write_csv(labels / "groundtruth.csv", f"Study,{FINDINGS}", [f"CheXpert-v1.0/test/patient64741/study1,{values}"])
    swapped = FINDINGS.replace("Lung Opacity,Lung Lesion", "Lung Lesion,Lung Opacity")
    reader = labels / "radiologists/benchmark_radiologists/bc4.csv"
    write_csv(reader, f"Study,{swapped}", [f"CheXpert-v1.0/test/patient64741/study1,{values}"])
    write_csv(labels / "example_models/drnet_decisions.csv", f"Study,{FINDINGS}", ["x,1"])  # a model, no reader
    for name in ("view1_frontal.jpg", "view2_lateral.jpg"):
        write_film(folder / "test/patient64741/study1" / name)
    cohort = imported("chexpert", folder, tmp_path / "cohort", construction="all")
    frame = cohort.frame
    assert frame["split"].value_counts().to_dict() == {"train": 8, "test": 2, "val": 1}
    test = frame[frame["split"] == "test"].iloc[0]
    assert (test["label.lung_opacity"], test["label.lung_lesion"]) == (1, 0)
    assert (test["attr.bc4.lung_opacity"], test["attr.bc4.lung_lesion"]) == ("0", "1")
    assert (test["sex"], test["age_years"], test["race"]) == ("M", 70, "Black")
    assert "NH/PI" in set(frame["race"])
    assert not [column for column in frame if "drnet" in column]


def test_without_demographics_the_sentence_says_where_to_apply(tmp_path: Path) -> None:
    folder = chexpert(tmp_path)
    with pytest.raises(CohortError, match=r"CHEXPERT DEMO\.xlsx.*https://aimi\.stanford\.edu.*--construction all"):
        imported("chexpert", folder, tmp_path / "cohort")
    assert imported("chexpert", folder, tmp_path / "cohort", construction="all").frame["race"].eq("").all()


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("AP/PA", "Projection", r"train\.csv has no column 'AP/PA' or 'Position'; its columns are Path, Sex, Age"),
        ("CheXpert-v1.0/train/", "images/", "has no train/, valid/ or test/ in it"),
        ("-1.0", "maybe", "label column 'Lung Lesion' holds 'maybe'"),
    ],
)
def test_another_release_is_refused_with_the_name_of_what_differs(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    folder = chexpert(tmp_path)
    demographics(folder)
    table = folder / "train.csv"
    table.write_text(table.read_text().replace(old, new))
    with pytest.raises(CohortError, match=sentence):
        imported("chexpert", folder, tmp_path / "cohort")


def test_a_sex_in_unknown_words_is_refused(tmp_path: Path) -> None:
    folder = chexpert(tmp_path)
    demographics(folder, [(patient, "", *rest) for patient, _, *rest in PEOPLE])
    table = folder / "train.csv"
    table.write_text(table.read_text().replace("Female", "W."))
    with pytest.raises(CohortError, match="column 'sex' holds no F"):
        imported("chexpert", folder, tmp_path / "cohort")


def test_a_race_that_came_out_empty_is_refused(tmp_path: Path) -> None:
    folder = chexpert(tmp_path)
    demographics(folder, [entry for entry in PEOPLE if entry[3] != "Asian"])
    with pytest.raises(CohortError, match="column 'race' holds no Asian"):
        imported("chexpert", folder, tmp_path / "cohort")


def test_the_shares_give_the_papers_patients() -> None:
    """Reading Race: 25,730 / 4,288 / 12,866 of 42,884 patients."""
    patients = pd.Series([f"patient{number:05d}" for number in range(42_884)])
    counts = assign_splits(patients, seed=0, shares=CHEXPERT.shares).value_counts()
    assert counts.to_dict() == {"train": 25_730, "val": 4_288, "test": 12_866}
