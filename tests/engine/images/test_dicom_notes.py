from pathlib import Path

import pydicom
import pytest

from engine.images import open_image


@pytest.mark.parametrize(
    ("written", "expected"),
    [(["L", "F"], ("L", "F")), (["A", "F"], ("A", "F")), (["LEFT", "DOWN"], ("", "")), (["", ""], ("", ""))],
)
def test_projection_images_say_their_sides(
    shared_data: Path, tmp_path: Path, written: list[str], expected: tuple[str, str]
) -> None:
    """PS3.3 C.7.6.1.1.1: Patient Orientation gives the direction of the rows, then of the columns."""
    dataset = pydicom.dcmread(shared_data / "dicom" / "radiographs" / "cxr_mono1_10bit_gdcm.dcm")
    dataset.PatientOrientation = written
    dataset.save_as(tmp_path / "film.dcm")
    image = open_image(tmp_path / "film.dcm")
    assert (image.row_direction, image.column_direction) == expected


@pytest.mark.parametrize("word", ["SIMULATED", "SYNTHETIC"])
def test_an_image_that_no_patient_has_says_so(shared_data: Path, tmp_path: Path, word: str) -> None:
    dataset = pydicom.dcmread(shared_data / "dicom" / "radiographs" / "cxr_mono1_10bit_gdcm.dcm")
    dataset.ImageType = ["DERIVED", "PRIMARY", "", word]
    dataset.save_as(tmp_path / "film.dcm")
    assert word.lower() in open_image(tmp_path / "film.dcm").notes
