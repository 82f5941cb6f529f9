"""NLST and RSPECT: stacks of CT slices found below folders of patients and series."""

from pathlib import Path

import pytest

from engine.errors import CohortError
from engine.images import open_series
from tests.engine.cohorts.adapters.building import imported, reasons, steps, write_bytes, write_csv, write_ct

PERSONS = "pid,cigsmok,gender,age,race,can_scr"
PEOPLE = ["100012,1,1,61,1,0", "100158,1,2,66,2,1", "100181,0,1,59,3,0", "100201,0,2,70,99,0", "100300,0,2,55,1,0"]
SLICES = 24


@pytest.fixture
def nlst(tmp_path: Path) -> Path:
    root = tmp_path / "nlst"
    write_csv(root / "tables" / "nlst_780_prsn_idc_20210527.csv", PERSONS, PEOPLE)
    for pid in ("100012", "100158", "100181", "100201"):
        series = root / "manifest-1" / "NLST" / pid / "01-02-1999-NLST-LSS-12345" / "2.000000-0OPAGELSPLUS-67890"
        write_ct(series, SLICES)
    study = root / "manifest-1" / "NLST" / "100158"
    write_ct(study / "01-02-1999-NLST-LSS-12345" / "1.000000-localizer-1", 2)
    write_ct(study / "01-02-2000-NLST-LSS-54321" / "2.000000-0OPAGELSPLUS-4", SLICES)
    write_bytes(study / "01-02-2000-NLST-LSS-54321" / "LICENSE")
    return root


def test_nlst_volumes_of_black_and_white_participants(nlst: Path, tmp_path: Path) -> None:
    cohort = imported("nlst", nlst, tmp_path / "cohort")
    frame = cohort.frame.set_index("image_id")
    assert frame.index.tolist() == ["100012-S1-V1", "100158-S1-V1", "100158-S2-V1"]
    assert frame["race"].tolist() == ["White", "Black", "Black"] and frame["sex"].tolist() == ["M", "F", "F"]
    assert frame["label.lung_cancer"].tolist() == [0, 1, 1]
    assert frame["n_slices"].tolist() == [SLICES] * 3
    assert steps(cohort)[:4] == [
        ("participants with a folder (one line each)", 4, 4),
        ("Black or White", 2, 2),
        ("not Hispanic or Latino", 2, 2),
        ("volumes of CT", 3, 2),
    ]
    assert sum(count for reason, count in reasons(cohort).items() if "fewer than 20" in reason) == 1
    assert open_series(cohort.image_paths(cohort.frame.iloc[0])).frames == SLICES
    listed = (cohort.root / "sources.csv").read_text().splitlines()
    assert len(listed) == 1 + 1 + 3 * SLICES


def test_nlst_keeps_all_groups_where_asked(nlst: Path, tmp_path: Path) -> None:
    frame = imported("nlst", nlst, tmp_path / "cohort", construction="all").frame
    assert sorted(set(frame["race"])) == ["", "Asian", "Black", "White"]


def test_nlst_of_cdas_tells_who_is_hispanic(nlst: Path, tmp_path: Path) -> None:
    table = nlst / "tables" / "nlst_780_prsn_idc_20210527.csv"
    ethnic = {"100012": 2, "100158": 1}
    write_csv(table, f"{PERSONS},ethnic", [f"{row},{ethnic.get(row[:6], 2)}" for row in PEOPLE])
    with pytest.raises(CohortError, match="column 'sex' holds no F"):  # the Black participant is Hispanic too
        imported("nlst", nlst, tmp_path / "cohort")


def test_nlst_words_that_are_no_codes_are_refused(nlst: Path, tmp_path: Path) -> None:
    table = nlst / "tables" / "nlst_780_prsn_idc_20210527.csv"
    write_csv(table, PERSONS, [row.replace(",1,1,61", ",1,Male,61") for row in PEOPLE])
    with pytest.raises(CohortError, match="gender holds 'Male', which is neither 1"):
        imported("nlst", nlst, tmp_path / "cohort")


KAGGLE = (
    "StudyInstanceUID,SeriesInstanceUID,SOPInstanceUID,pe_present_on_image,negative_exam_for_pe,qa_motion,qa_contrast,"
    "flow_artifact,rv_lv_ratio_gte_1,rv_lv_ratio_lt_1,leftsided_pe,chronic_pe,true_filling_defect_not_pe,rightsided_pe,"
    "acute_and_chronic_pe,central_pe,indeterminate"
)
STUDIES = {"1.2.1": (0, 0), "1.2.2": (1, 0), "1.2.3": (0, 1), "1.2.4": (1, 0)}  # study → (negative, indeterminate)


@pytest.fixture
def rspect(tmp_path: Path) -> Path:
    root, rows = tmp_path / "rspect", []
    for study, (negative, indeterminate) in STUDIES.items():
        names = write_ct(root / "train" / study / f"{study}.9", SLICES, named_by_uid=True)
        for number, name in enumerate(names):
            here = int(not negative and not indeterminate and number < 3)
            rows.append(
                f"{study},{study}.9,{name[:-4]},{here},{negative},0,0,0,0,1,{1 - negative},0,0,0,0,0,{indeterminate}"
            )
    write_csv(root / "train.csv", KAGGLE, rows)
    return root


def test_rspect_takes_race_from_a_table_of_the_researcher(rspect: Path, tmp_path: Path) -> None:
    own = tmp_path / "own" / "race.csv"
    people = [
        "1.2.1,White,A,F,44",
        "1.2.2,Black or African American,B,M,60",
        "1.2.3,Asian,C,F,50",
        "1.2.4,White,A,F,45",
    ]
    write_csv(own, "StudyInstanceUID,race,patient,sex,age", people)
    cohort = imported("rspect", rspect, tmp_path / "cohort", demographics=own)
    frame = cohort.frame.set_index("study_id")
    assert frame["race"].to_dict() == {"1.2.1": "White", "1.2.2": "Black", "1.2.4": "White"}
    assert frame["patient_id"].tolist() == ["A", "B", "A"]
    assert frame["label.pulmonary_embolism"].tolist() == [1, 0, 0]
    assert frame["attr.slices_with_pe"].tolist() == ["3", "0", "0"]
    assert frame["sex"].tolist() == ["F", "M", "F"] and frame.loc["1.2.4", "age_years"] == 45


def test_slices_named_by_uid_are_in_the_order_of_the_patient(rspect: Path, tmp_path: Path) -> None:
    cohort = imported("rspect", rspect, tmp_path / "cohort", construction="all")
    table = (rspect / "train.csv").read_text().splitlines()[1 : 1 + SLICES]
    from_the_feet = [row.split(",")[2] for row in table]
    assert [path.stem for path in cohort.image_paths(cohort.frame.iloc[0])] == from_the_feet
    assert cohort.frame["label.pulmonary_embolism"].tolist() == [1, 0, -1, 0]


def test_rspect_says_that_race_was_never_released(rspect: Path, tmp_path: Path) -> None:
    with pytest.raises(CohortError, match=r"never released; give a table of your own .* --construction all"):
        imported("rspect", rspect, tmp_path / "cohort")
    own = tmp_path / "race.csv"
    write_csv(own, "StudyInstanceUID,ethnicity", ["1.2.1,White"])
    with pytest.raises(CohortError, match=r"race\.csv has no column 'race' or 'PRIMARY_RACE'"):
        imported("rspect", rspect, tmp_path / "cohort", demographics=own)
