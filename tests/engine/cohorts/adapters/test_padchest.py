"""PadChest: lists of labels with stray spaces, two ways of labelling, DiffChest's two sets of patients."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cohorts.adapters.padchest import _BROKEN, _listed
from engine.errors import CohortError
from tests.engine.cohorts.adapters.building import imported, printed, reasons, steps, write_csv, write_film

TABLE = "PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv"
HEADER = (
    ",ImageID,ImageDir,StudyDate_DICOM,StudyID,PatientID,PatientBirth,PatientSex_DICOM,ViewPosition_DICOM,Projection,"
    "MethodProjection,Pediatric,Modality_DICOM,ReportID,Report,MethodLabel,Labels,Localizations,"
    "LabelsLocalizationsBySentence,labelCUIS,LocalizationsCUIS"
)
# image, folder, date, patient, birth, sex, projection, method, labels
ROWS = [
    ("a", 0, "20140915", "P1", "1930.0", "F", "PA", "Physician", "['normal']"),
    ("b", 0, "20140915", "P1", "1930.0", "F", "L", "Physician", "['normal']"),
    ("c", 1, "20100101", "P2", "1950", "M", "AP_horizontal", "Physician", "[' pleural effusion', 'NSG tube ', '']"),
    ("d", 1, "20100101", "P2", "1950", "M", "PA", "RNN_model", "['cardiomegaly']"),
    ("e", 54, "20160301", "P3", "2016", "F", "PA", "RNN_model", "['pleural effusion', 'unchanged']"),
    ("f", 54, "20160301", "P4", "", "M", "AP", "RNN_model", ""),
    ("g", 54, "20160301", "P5", "1850", "O", "COSTAL", "RNN_model", "['rib fracture']"),
    (_BROKEN[0], 2, "20160301", "P6", "1960", "F", "PA", "Physician", "['normal']"),
]


def padchest(
    root: Path, gz: str = "", *, flat: bool = False, table: str = TABLE, projection: str = "Projection"
) -> Path:
    rows = [
        f"{n},{image}.png,{folder},{date},S{image},{patient},{birth},{sex},POSTEROANTERIOR,{view},Manual,No,DX,"
        f'R{n},informe,{method},"{labels}","[]","[]","[]","[]"'
        for n, (image, folder, date, patient, birth, sex, view, method, labels) in enumerate(ROWS)
    ]
    write_csv(root / (table + gz), HEADER.replace("Projection,M", f"{projection},M", 1), rows)
    for image, folder, *_ in ROWS[:-1]:
        write_film(root / ("images" if flat else str(folder)) / f"{image}.png")
    return root


def test_the_two_sets_of_diffchest(tmp_path: Path) -> None:
    cohort = imported("padchest", padchest(tmp_path / "padchest", ".gz"), tmp_path / "cohort")
    assert steps(cohort) == [
        (f"{TABLE}.gz", 8, 6),
        ("patient is named", 8, 6),
        ("not known to be broken", 7, 5),
        ("frontal", 5, 4),
        ("one kind of label a patient", 4, 4),
        ("labelled by physicians", 2, 2),
        ("test: 30 % of the physicians' patients", 1, 1),
        ("image file is there", 4, 4),
    ]
    assert printed(cohort)["labelled by physicians"] == {"images": 26_432, "patients": 24_239}
    frame = cohort.frame.set_index("image_id")
    assert frame["attr.labelled_by"].to_dict() == {
        "a": "physician",
        "c": "physician",
        "e": "automatic",
        "f": "automatic",
    }
    assert set(frame.loc[["e", "f"], "split"]) == {"train"}


def test_words_lose_their_stray_spaces(tmp_path: Path) -> None:
    cohort = imported("padchest", padchest(tmp_path / "padchest"), tmp_path / "cohort", construction="all")
    assert set(cohort.labels) == {"normal", "pleural_effusion", "nsg_tube", "cardiomegaly", "rib_fracture"}
    frame = cohort.frame.set_index("image_id")
    assert frame.loc[["c", "e"], "label.pleural_effusion"].tolist() == [1, 1]
    assert frame.loc["f"].filter(like="label.").isna().all()  # no list is no label, not an absent finding
    assert frame.loc["c", "view"] == "AP" and frame.loc["c", "attr.projection"] == "AP_horizontal"
    assert frame["sex"].to_dict()["g"] == ""
    assert frame.loc["a", "age_years"] == 84
    assert frame.loc[["e", "f", "g"], "age_years"].isna().all()  # born in the year of the film, unknown, 166 years
    assert set(frame["split"]) <= {"train", "val", "test"}


_WORDS = st.text("abcdefghij-' ", min_size=1, max_size=12).map(str.strip).filter(lambda word: word.strip("'\" "))
_SPACED = st.tuples(_WORDS, st.sampled_from(["", " ", "  "]), st.sampled_from(["", " "]))


@settings(deadline=None)
@given(st.lists(_SPACED, max_size=6))
def test_a_list_reads_the_same_whatever_spaces_stand_around_its_words(words: list[tuple[str, str, str]]) -> None:
    spaced = repr([before + word + after for word, before, after in words])
    assert _listed(spaced) == {word.strip(" '") for word, *_ in words}


def test_a_flat_copy_of_the_images(tmp_path: Path) -> None:
    cohort = imported("padchest", padchest(tmp_path / "padchest", flat=True), tmp_path / "cohort")
    assert cohort.frame["path"].iloc[0] == "{source}/images/a.png"


def test_missing_files_are_left_out_with_their_reason(tmp_path: Path) -> None:
    folder = padchest(tmp_path / "padchest")
    (folder / "54" / "f.png").unlink()
    (folder / "54" / "e.png").write_bytes(b"")
    cohort = imported("padchest", folder, tmp_path / "cohort")
    assert reasons(cohort)["have no image file, or an empty one"] == 2
    assert cohort.frame["image_id"].tolist() == ["a", "c"]


def test_columns_and_words_to_verify_are_named(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match="has no column 'Projection'; its columns are"):
        imported("padchest", padchest(tmp_path / "one", projection="View"), tmp_path / "cohort")
    folder = padchest(tmp_path / "two")
    table = folder / TABLE
    table.write_text(table.read_text().replace("Physician", "Manual"))
    with pytest.raises(CohortError, match=r"MethodLabel holds no 'Physician' \(it holds Manual, RNN_model\)"):
        imported("padchest", folder, tmp_path / "cohort")
    with pytest.raises(CohortError, match=r"bimcv\.cipf\.es"):
        imported("padchest", folder / "0", tmp_path / "cohort")
