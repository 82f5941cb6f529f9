from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Raster

from engine.cohorts.adapters.manifest import finding_name
from engine.cohorts.adapters.registry import import_cohort
from engine.cohorts.cohort import load_cohort
from engine.errors import CohortError

CXR_COLUMNS = Path(__file__).with_name("cxr_columns.toml")


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """Three films, one of them broken, and their table."""
    folder = tmp_path / "films"
    (folder / "png").mkdir(parents=True)
    for name in ("one", "two"):
        Raster.fromarray(np.zeros((8, 6), np.uint8)).save(folder / "png" / f"{name}.png")
    (folder / "png" / "three.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing more")
    (folder / "metadata.csv").write_text(
        "file,patient,Sex,Age,dx,votes\n"
        "one.png,7,Female,61,Effusion|Pleural Thickening,4\n"
        "two.png,7,Female,0,No Finding,1\n"
        "three.png,8,Male,50,,\n"
    )
    return folder


def column_map(tmp_path: Path, text: str = "") -> Path:
    path = tmp_path / "map.toml"
    path.write_text(
        text
        or """
path = "file"
images = "png"
[columns]
patient_id = "patient"
sex = "Sex"
age_years = "Age"
[constants]
modality = "DX"
[findings]
column = "dx"
[labels.effusion_read]
column = "votes"
present_from = 3
"""
    )
    return path


def test_a_table_becomes_a_cohort(films: Path, tmp_path: Path) -> None:
    import_cohort("csv", films, tmp_path / "cohort", columns=column_map(tmp_path))
    cohort = load_cohort(tmp_path / "cohort")
    frame = cohort.frame.set_index("image_id")
    assert frame.index.tolist() == ["one", "two"]
    assert frame["sex"].tolist() == ["F", "F"]
    assert frame.loc["one", "age_years"] == 61
    assert frame["age_years"].isna().tolist() == [False, True]  # age 0 is missing
    assert frame["label.pleural_thickening"].tolist() == [1, 0]
    assert frame["label.effusion_read"].tolist() == [1, 0]
    assert frame["split"].nunique() == 1  # one patient
    assert cohort.image_paths(cohort.frame.iloc[0])[0].is_file()


def test_what_was_left_out_is_counted_with_its_reason(films: Path, tmp_path: Path) -> None:
    import_cohort("csv", films, tmp_path / "cohort", columns=column_map(tmp_path))
    info = load_cohort(tmp_path / "cohort").info
    assert info["counts"] == {"rows in the table": 3, "images left out": 1, "images kept": 2}
    assert [entry["count"] for entry in info["dropped"]] == [1]
    assert info["dropped"][0]["examples"] == ["three.png"]
    assert info["dropped"][0]["reason"].startswith("is damaged")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('path = "nothing"', "has no column 'nothing'; its columns are file, patient"),
        ('path = "file"\nfoo = 1', "foo"),
        ('path = "file"\n[columns]\nbmi = "Age"', "no column of a cohort"),
        ('path = "file"\nimages = "png"\n[labels.x]\ncolumn = "Sex"', "row 2: column 'Sex' holds 'Female'"),
        ("path = ", "cannot be read"),
        ('path = "file"\nimages = "gone"', "none of the 3 images"),
    ],
)
def test_a_map_that_does_not_fit_gets_one_sentence(films: Path, tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(CohortError, match=sentence):
        import_cohort("csv", films, tmp_path / "cohort", columns=column_map(tmp_path, text))


def test_without_a_map_the_sentence_says_what_to_add(films: Path, tmp_path: Path) -> None:
    with pytest.raises(CohortError, match="--columns"):
        import_cohort("csv", films, tmp_path / "cohort")


def test_finding_names_are_plain_words() -> None:
    assert finding_name("Pleural Thickening") == "pleural_thickening"
    assert finding_name("COVID-19") == "covid_19"


def test_the_real_radiographs(shared_data: Path, tmp_path: Path) -> None:
    """457 images of 356 patients, 180 without a finding: the counts of the table itself."""
    import_cohort("csv", shared_data / "cxr", tmp_path / "cohort", columns=CXR_COLUMNS)
    cohort = load_cohort(tmp_path / "cohort")
    assert len(cohort.frame) == 457
    assert cohort.frame["patient_id"].nunique() == 356
    assert cohort.info["dropped"] == []
    findings = [f"label.{name}" for name in cohort.labels if not name.startswith("read_")]
    assert (cohort.frame[findings].sum(axis=1) == 0).sum() == 180
    assert (cohort.frame["view"] == "AP").sum() == 54 + 43
    assert (cohort.frame["mask.lungs"] != "").sum() == 90
