from pathlib import Path

import pandas as pd
import pytest

from engine.cohorts.cohort import COLUMNS, cohort_sha256, load_cohort, write_cohort
from engine.errors import CohortError


def rows(**changes: list) -> pd.DataFrame:
    base = {
        "image_id": ["a", "b"],
        "patient_id": ["007", "008"],
        "path": ["images/a.dcm", "images/b.dcm"],
        "age_years": [61.0, None],
        "label.effusion": [1, -1],
        "attr.bmi": [24.5, 31.0],
    }
    return pd.DataFrame(base | changes)


def test_a_cohort_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_cohort(tmp_path, rows(), {"adapter": "test"})
    cohort = load_cohort(tmp_path)
    assert tuple(cohort.frame.columns[: len(COLUMNS)]) == COLUMNS
    assert cohort.frame["patient_id"].tolist() == ["007", "008"]  # no number is made of an id
    assert cohort.frame["age_years"].tolist() == [61.0, pd.NA]
    assert cohort.frame["label.effusion"].tolist() == [1, -1]
    assert cohort.labels == ("effusion",)
    assert cohort.info["images"] == 2
    assert cohort.info["patients"] == 2


def test_the_same_rows_make_the_same_file(tmp_path: Path) -> None:
    write_cohort(tmp_path / "one", rows(), {})
    write_cohort(tmp_path / "two", load_cohort(tmp_path / "one").frame, {})
    assert cohort_sha256(tmp_path / "one") == cohort_sha256(tmp_path / "two")


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (rows(image_id=["a", "a"]), "image_id 'a' stands twice"),
        (rows(patient_id=["1", ""]), "row 3 of cohort.csv has no patient_id"),
        (rows(**{"label.effusion": [1, 2]}), "a label is 1, 0, -1"),
        (rows(**{"label.effusion": [1, "yes"]}), "no number"),
        (rows(effusion=[1, 0]), "findings begin with 'label.'"),
        (rows(split=["train", "dev"]), "split must be train, val, test"),
        (rows(split=["train", "test"], patient_id=["1", "1"]), "patient '1' is in more than one split"),
        (rows().iloc[:0], "no image left"),
    ],
)
def test_bad_rows_get_one_sentence(tmp_path: Path, frame: pd.DataFrame, sentence: str) -> None:
    with pytest.raises(CohortError, match=sentence.replace("(", r"\(")):
        write_cohort(tmp_path, frame, {})


def test_a_folder_that_is_no_cohort_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(CohortError, match="engine cohort import"):
        load_cohort(tmp_path)


def test_paths_start_in_the_cohort_or_at_a_named_root(tmp_path: Path) -> None:
    frame = rows(path=["{films}/a.png", "series/b.txt"])
    cohort = write_cohort(tmp_path, frame, {"roots": {"films": str(tmp_path / "elsewhere")}})
    (tmp_path / "series").mkdir()
    (tmp_path / "series" / "b.txt").write_text("{films}/1.dcm\n{films}/2.dcm\n")
    assert cohort.image_paths(cohort.frame.iloc[0]) == (tmp_path / "elsewhere" / "a.png",)
    assert [p.name for p in cohort.image_paths(cohort.frame.iloc[1])] == ["1.dcm", "2.dcm"]


@pytest.mark.parametrize("path", ["../secret.dcm", "/etc/passwd", "{nowhere}/a.dcm"])
def test_a_path_out_of_the_cohort_is_refused(tmp_path: Path, path: str) -> None:
    cohort = write_cohort(tmp_path, rows(), {})
    with pytest.raises(CohortError):
        cohort.resolve(path)


def test_labels_of_whole_numbers_are_the_same_table_as_labels_of_text(tmp_path: Path) -> None:
    text, numbers = rows(), rows()
    text["label.effusion"] = ["1", ""]
    numbers["label.effusion"] = pd.Series([1, pd.NA], dtype="Int8")
    write_cohort(tmp_path / "text", text, {})
    made = write_cohort(tmp_path / "numbers", numbers, {})
    assert cohort_sha256(tmp_path / "text") == cohort_sha256(tmp_path / "numbers")
    for frame in (made.frame, load_cohort(tmp_path / "numbers").frame):
        assert str(frame["label.effusion"].dtype) == "Int64"
        assert frame["label.effusion"].tolist() == [1, pd.NA]


@pytest.mark.parametrize(("word", "sentence"), [("maybe", "column 'label.effusion' .* no number"), ("7", "holds 7")])
def test_a_label_that_someone_wrote_by_hand_is_named(tmp_path: Path, word: str, sentence: str) -> None:
    write_cohort(tmp_path, rows(), {})
    table = tmp_path / "cohort.csv"
    table.write_text(table.read_text().replace(",1,", f",{word},", 1))
    with pytest.raises(CohortError, match=sentence):
        load_cohort(tmp_path)
