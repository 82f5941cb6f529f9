"""What headers say: ages, sexes, views, and words that are kept or thrown away."""

from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from engine.images import read_header
from engine.images.dicom_header import coded, laterality_of, view_of
from engine.images.header import Header, age_between, parse_age, parse_sex


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("028Y", 28),
        ("18M", 1.5),
        ("003W", 21 / 365.25),
        ("000D", 0),
        ("100D", 100 / 365.25),
        ("62", 62),
        (" 7y ", 7),
        ("", None),
        ("000Y", None),
        ("148Y", None),
        ("Y", None),
        ("-5Y", None),
        ("28 years", None),
    ],
)
def test_ages(text: str, years: float | None) -> None:
    assert parse_age(text) == (None if years is None else pytest.approx(years))


def test_age_from_dates() -> None:
    assert age_between("19500101", "20000101") == pytest.approx(50, abs=0.01)
    assert age_between("", "20000101") is None and age_between("20000101", "19990101") is None
    assert age_between("20000101", "20000101") is None


def test_sexes() -> None:
    assert [parse_sex(text) for text in ("F", "m ", "O", "", "female", "Man", "X")] == ["F", "M", "", "", "F", "M", ""]


def test_free_text_is_no_code() -> None:
    assert coded("chest ") == "CHEST" and coded("MLO") == "MLO"
    assert coded("Mr. Smith's chest") == "" and coded("A" * 17) == "" and coded(None) == ""


def test_views() -> None:
    dataset = Dataset()
    assert view_of(dataset) == ""
    code = Dataset()
    dataset.ViewCodeSequence = [code]
    for meaning, view in {
        "medio-lateral oblique": "MLO",
        "cranio-caudal": "CC",
        "postero-anterior": "PA",
        "left lateral": "LATERAL",
        "Seen by Dr. Who": "",
    }.items():
        code.CodeMeaning = meaning
        assert view_of(dataset) == view
    dataset.ViewPosition = "LL"
    assert view_of(dataset) == "LATERAL"
    dataset.Laterality, dataset.ImageLaterality = "R", "L"
    assert laterality_of(dataset) == "L"


def test_real_headers(shared_data: Path) -> None:
    dicom = shared_data / "dicom"
    mammogram = read_header(dicom / "radiographs/mammo_MG1_mlo_j2k.dcm")
    assert (mammogram.sex, mammogram.age_years, mammogram.rows, mammogram.columns) == ("F", 75, 4664, 3064)
    chest = read_header(dicom / "radiographs/cxr_siim_nih_jpeg.dcm")
    assert (chest.sex, chest.age_years, chest.body_part, chest.modality) == ("M", 62, "CHEST", "CR")
    report = read_header(dicom / "nonimage/report_sr.dcm")
    assert not report.has_pixels and report.modality == "SR"
    assert read_header(dicom / "formats/emri_small.dcm").frames == 10


def test_burned_in_text_is_suspected_where_it_is_usual() -> None:
    assert Header("dicom", burned_in=True).burned_in_suspected
    assert Header("dicom", modality="US").burned_in_suspected
    assert not Header("dicom", modality="US", burned_in=False).burned_in_suspected
    assert not Header("dicom", modality="DX").burned_in_suspected
