"""EMBED: findings of a side and of no side, joined to files by accession and side."""

from pathlib import Path

import pytest

from engine.errors import CohortError
from tests.engine.cohorts.adapters.building import imported, reasons, steps, write_bytes, write_csv

METADATA = (
    "empi_anon,acc_anon,study_date_anon,anon_dicom_path,ImageLateralityFinal,ViewPosition,FinalImageType,spot_mag"
)
CLINICAL = (
    "empi_anon,acc_anon,desc,side,asses,tissueden,path_severity,numfind,ETHNICITY_DESC,ETHNIC_GROUP_DESC,GENDER_DESC,"
    "age_at_study"
)
SCREEN, DIAGNOSTIC = "MG Screening Bilateral w/CAD", "MG Diagnostic Left"
WHITE, BLACK = "Caucasian or White,Non-Hispanic or Latino,Female,61", "African American  or Black,,Female,48"
FINDINGS = [
    f"11,901,{SCREEN},L,N,2.0,,1,{WHITE}",
    f"11,901,{SCREEN},L,S,2.0,0.0,2,{WHITE}",
    f"11,901,{SCREEN},R,N,2.0,,1,{WHITE}",
    f"12,902,{SCREEN},B,B,3.0,,1,{BLACK}",
    f"13,903,{SCREEN},,A,5.0,4.0,1,{BLACK}",
    f"14,904,{DIAGNOSTIC},L,M,1.0,1.0,1,{WHITE}",
    f"15,905,{SCREEN},L,N,1.0,,1,Asian,,Female,50",
    f"17,907,{SCREEN},L,N,1.0,,1,{WHITE.replace('Non-H', 'H')}",
    f"16,906,{SCREEN},R,N,1.0,,1,{WHITE}",  # the file is of the left breast
]


def embed(root: Path, clinical: str = CLINICAL) -> Path:
    rows = []
    for exam, sides in {901: "LR", 902: "LR", 903: "LR", 904: "L", 905: "L", 906: "L", 907: "L"}.items():
        patient = exam - 890
        for side in sides:
            place = f"cohort_1/{patient}/{exam}/{side}MLO.dcm"
            rows.append(f"{patient},{exam},2014-01-01,/mnt/NAS2/mammo/anon_dicom/{place},{side},MLO,2D,")
            write_bytes(root / "images" / place)
    rows.append("11,901,2014-01-01,/mnt/NAS2/mammo/anon_dicom/cohort_1/11/901/c.dcm,L,MLO,cview,")
    rows.append(rows[-1])
    write_csv(root / "tables" / "EMBED_OpenData_metadata.csv", METADATA, rows)
    write_csv(root / "tables" / "EMBED_OpenData_clinical.csv", clinical, FINDINGS)
    return root


def test_findings_meet_the_images_of_their_side(tmp_path: Path) -> None:
    cohort = imported("embed", embed(tmp_path / "embed"), tmp_path / "cohort")
    assert steps(cohort) == [
        ("EMBED_OpenData_metadata.csv", 12, 7),
        ("each file once", 11, 7),
        ("examination and side are in the clinical table", 10, 6),
        ("2D", 9, 6),
        ("screening", 8, 5),
        ("Black or White", 7, 4),
        ("not Hispanic or Latino", 6, 3),
        ("image file is there", 6, 3),
    ]
    frame = cohort.frame.set_index("image_id")
    left, right = frame.loc["cohort_1-11-901-LMLO"], frame.loc["cohort_1-11-901-RMLO"]
    assert (left["label.cancer"], right["label.cancer"]) == (1, 0)  # the worst of two findings; negative
    assert (left["attr.assessment"], right["attr.assessment"]) == ("S", "N")
    both = frame.loc[["cohort_1-12-902-LMLO", "cohort_1-12-902-RMLO"]]
    assert both["attr.assessment"].tolist() == ["B", "B"] and both["attr.density"].tolist() == ["3", "3"]
    no_side = frame.loc[["cohort_1-13-903-LMLO", "cohort_1-13-903-RMLO"]]
    assert no_side["label.recalled"].tolist() == [1, 1] and no_side["label.cancer"].tolist() == [0, 0]
    assert no_side["attr.density"].tolist() == ["", ""]  # 5 is a male breast
    assert frame["race"].value_counts().to_dict() == {"Black": 4, "White": 2}
    assert (frame["sex"] == "F").all() and left["age_years"] == 61
    assert cohort.image_paths(cohort.frame.iloc[0])[0].is_file()
    assert "publishing weights" in cohort.info["terms"]


def test_race_where_the_readme_says_it_is(tmp_path: Path) -> None:
    header = CLINICAL.replace("ETHNICITY_DESC", "RACE_DESC")
    frame = imported("embed", embed(tmp_path / "embed", header), tmp_path / "cohort").frame
    assert set(frame["race"]) == {"Black", "White"}


def test_every_image_where_asked(tmp_path: Path) -> None:
    cohort = imported("embed", embed(tmp_path / "embed"), tmp_path / "cohort", construction="all")
    assert len(cohort.frame) == 9
    assert reasons(cohort)["have no image file, or an empty one"] == 1
    assert "Asian" in set(cohort.frame["race"])


def test_another_release_is_refused(tmp_path: Path) -> None:
    header = CLINICAL.replace("ETHNICITY_DESC", "RACE")
    with pytest.raises(CohortError, match="has no column 'RACE_DESC' or 'ETHNICITY_DESC'"):
        imported("embed", embed(tmp_path / "one", header), tmp_path / "cohort")
    folder = embed(tmp_path / "two")
    table = folder / "tables" / "EMBED_OpenData_clinical.csv"
    table.write_text(table.read_text().replace(",L,N,", ",Left,N,"))
    with pytest.raises(CohortError, match="side holds 'LEFT'"):
        imported("embed", folder, tmp_path / "cohort")
