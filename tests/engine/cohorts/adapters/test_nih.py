"""NIH ChestX-ray14: a header with commas inside its names, ages with a unit, official lists."""

from pathlib import Path

import pytest

from engine.errors import CohortError
from tests.engine.cohorts.adapters.building import imported, reasons, write_csv, write_film

HEADER = (
    "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,"
    "OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y]"
)
ROWS = [
    "00000001_000.png,Cardiomegaly|Effusion,0,1,57,M,PA,2682,2749,0.143,0.143",
    "00000001_001.png,No Finding,1,1,58,M,PA,2894,2729,0.143,0.143",
    "00000002_000.png,Pleural_Thickening,0,2,414,F,AP,2500,2048,0.168,0.171",
    "00000003_000.png,Hernia,0,3,081Y,F,PA,2582,2991,0.143,0.143",
    "00000004_000.png,No Finding,0,4,0,F,AP,2582,2991,0.143,0.143",
]


def nih(root: Path, header: str = HEADER, end: str = "") -> Path:
    write_csv(root / "Data_Entry_2017_v2020.csv", header, [row + end for row in ROWS])
    write_csv(root / "train_val_list.txt", "00000001_000.png", ["00000001_001.png", "00000002_000.png"])
    write_csv(root / "test_list.txt", "00000003_000.png", [])
    for number, row in enumerate(ROWS):
        write_film(root / f"images_{1 + number // 3:03d}" / "images" / row.split(",")[0])
    return root


@pytest.mark.parametrize("end", ["", ","])  # the first release ends its rows with a comma
def test_names_with_a_comma_inside_do_not_shift_the_columns(tmp_path: Path, end: str) -> None:
    cohort = imported("nih", nih(tmp_path / "nih", HEADER + end, end), tmp_path / "cohort")
    frame = cohort.frame.set_index("image_id")
    assert frame.index.tolist() == ["00000001_000", "00000001_001", "00000002_000", "00000003_000"]
    row = frame.loc["00000002_000"]
    assert (row["attr.original_width"], row["attr.original_height"]) == ("2500", "2048")
    assert (row["attr.spacing_x_mm"], row["attr.spacing_y_mm"]) == ("0.168", "0.171")
    assert (row["patient_id"], row["sex"], row["view"]) == ("2", "F", "AP")
    assert frame["age_years"].isna().tolist() == [False, False, True, False]  # 414 years
    assert frame.loc["00000003_000", "age_years"] == 81
    assert frame.loc["00000001_000", ["label.cardiomegaly", "label.pleural_effusion"]].tolist() == [1, 1]
    assert frame["label.no_finding"].tolist() == [0, 1, 0, 0]
    assert cohort.image_paths(cohort.frame.iloc[3])[0].is_file()


def test_the_official_test_list(tmp_path: Path) -> None:
    cohort = imported("nih", nih(tmp_path / "nih"), tmp_path / "cohort")
    frame = cohort.frame.set_index("image_id")
    assert frame.loc["00000003_000", "split"] == "test"
    assert set(frame["split"].drop("00000003_000")) <= {"train", "val"}
    assert reasons(cohort) == {"are in neither list of the split": 1}
    assert cohort.info["split"].startswith("official test_list.txt")


def test_without_lists_the_split_is_by_patient_and_says_so(tmp_path: Path) -> None:
    folder = nih(tmp_path / "nih")
    (folder / "test_list.txt").unlink()
    cohort = imported("nih", folder, tmp_path / "cohort")
    assert len(cohort.frame) == 5
    assert cohort.info["split"] == "by patient, 70/10/20, seed 0"
    assert cohort.frame.groupby("patient_id")["split"].nunique().max() == 1


def test_a_constant_view_is_refused(tmp_path: Path) -> None:
    folder = nih(tmp_path / "nih")
    table = folder / "Data_Entry_2017_v2020.csv"
    table.write_text(table.read_text().replace(",AP,", ",PA,"))
    with pytest.raises(CohortError, match="column 'view' holds no AP"):
        imported("nih", folder, tmp_path / "cohort")


def test_it_knows_one_construction_and_no_demographics(tmp_path: Path) -> None:
    folder = nih(tmp_path / "nih")
    with pytest.raises(CohortError, match="knows the construction all; given 'published'"):
        imported("nih", folder, tmp_path / "cohort", construction="published")
    with pytest.raises(CohortError, match="takes no --demographics"):
        imported("nih", folder, tmp_path / "cohort", demographics=folder)
