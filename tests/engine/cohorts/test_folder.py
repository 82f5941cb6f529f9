from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Raster

from engine.cohorts.adapters.registry import import_cohort
from engine.cohorts.cohort import load_cohort
from engine.errors import CohortError
from engine.images import open_series


def test_series_become_one_row_each(shared_data: Path, tmp_path: Path) -> None:
    import_cohort("folder", shared_data / "dicom" / "series_mr_axial", tmp_path / "cohort")
    cohort = load_cohort(tmp_path / "cohort")
    assert cohort.frame["n_slices"].tolist() == [12]
    assert cohort.frame["modality"].tolist() == ["MR"]
    assert open_series(cohort.image_paths(cohort.frame.iloc[0])).frames == 12


def test_every_kind_of_file_of_a_hospital_folder(shared_data: Path, tmp_path: Path) -> None:
    import_cohort("folder", shared_data / "dicom", tmp_path / "cohort")
    cohort = load_cohort(tmp_path / "cohort")
    assert len(cohort.frame) > 60
    assert {"CT", "MR", "CR"} <= set(cohort.frame["modality"])
    assert cohort.info["dropped"]
    left_out = sum(entry["count"] for entry in cohort.info["dropped"])
    assert left_out == cohort.info["counts"]["files left out"]


def test_no_name_of_a_header_reaches_the_table(shared_data: Path, tmp_path: Path) -> None:
    import_cohort("folder", shared_data / "dicom" / "syntax_ct", tmp_path / "cohort")
    frame = load_cohort(tmp_path / "cohort").frame.drop(columns="path")
    text = frame.to_csv()
    assert "MISTER" not in text
    assert "1.2.840" not in text


def test_a_patient_is_a_folder_where_no_header_says(tmp_path: Path) -> None:
    for name in ("anna/1.png", "anna/2.png", "ben/1.png", "3.png"):
        path = tmp_path / "films" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Raster.fromarray(np.full((5, 5), len(name), np.uint8)).save(path)
    import_cohort("folder", tmp_path / "films", tmp_path / "cohort")
    frame = load_cohort(tmp_path / "cohort").frame
    assert sorted(frame.groupby("patient_id").size()) == [1, 1, 2]
    assert not frame["patient_id"].str.contains("anna").any()


def test_a_folder_without_images_says_so(tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    (tmp_path / "films" / "notes.txt").write_text("nothing to see")
    with pytest.raises(CohortError, match="no image that can be read"):
        import_cohort("folder", tmp_path / "films", tmp_path / "cohort")
