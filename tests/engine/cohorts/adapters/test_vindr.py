"""VinDr-CXR: boxes of three radiologists an image to a majority; nobody is named as patient."""

from pathlib import Path

import pytest

from engine.errors import CohortError
from tests.engine.cohorts.adapters.building import imported, reasons, steps, write_bytes, write_csv

HEADER = "image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max"
BOX, NO_BOX = "691.0,1375.0,1653.0,1831.0", ",,,"


def row(image: str, finding: str, number: int, reader: str) -> str:
    return f"{image},{finding},{number},{reader},{NO_BOX if number == 14 else BOX}"


ROWS = [
    row("aa", "Cardiomegaly", 3, "R10"),
    row("aa", "Cardiomegaly", 3, "R10"),  # two boxes of one reader are one vote
    row("aa", "Cardiomegaly", 3, "R8"),
    row("aa", "Pleural effusion", 10, "R8"),
    row("aa", "No finding", 14, "R9"),
    *[row("bb", "No finding", 14, reader) for reader in ("R1", "R2", "R3")],
    row("cc", "Pleural effusion", 10, "R1"),
    row("cc", "No finding", 14, "R2"),
]


def vindr(root: Path, rows: list[str] = ROWS) -> Path:
    write_csv(root / "train.csv", HEADER, rows)
    for image in ("aa", "bb", "cc"):
        write_bytes(root / "train" / f"{image}.dicom")
    return root


def test_the_majority_of_three(tmp_path: Path) -> None:
    cohort = imported("vindr", vindr(tmp_path / "vindr"), tmp_path / "cohort")
    frame = cohort.frame.set_index("image_id")
    assert frame["label.cardiomegaly"].to_dict() == {"aa": 1, "bb": 0, "cc": 0}
    assert frame["label.pleural_effusion"].to_dict() == {"aa": 0, "bb": 0, "cc": -1}  # one of two is uncertain
    assert frame["label.no_finding"].to_dict() == {"aa": 0, "bb": 1, "cc": -1}
    assert frame.loc["aa", "attr.votes.cardiomegaly"] == "2"
    assert frame.loc["aa", "attr.readers"] == "R10 R8 R9"
    assert steps(cohort)[0] == ("train.csv: images of 10 boxes", 3, 3)
    assert reasons(cohort) == {"images have not 3 readers and are kept": 1}
    assert (frame["patient_id"] == frame.index).all()


def test_classes_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"class_id 14 and 'No finding' of train\.csv do not name the same rows"):
        imported("vindr", vindr(tmp_path / "one", [*ROWS, row("bb", "Nodule/Mass", 14, "R1")]), tmp_path / "cohort")
    with pytest.raises(CohortError, match=r"rows of 'No finding' in train\.csv have a box"):
        imported("vindr", vindr(tmp_path / "two", [*ROWS, f"bb,No finding,14,R1,{BOX}"]), tmp_path / "cohort")
    with pytest.raises(CohortError, match="none of the 1 labels has both present and absent images"):
        imported("vindr", vindr(tmp_path / "three", ROWS[5:8]), tmp_path / "cohort")
