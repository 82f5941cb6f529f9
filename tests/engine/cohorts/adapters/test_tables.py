"""Published tables found by name, and their columns by theirs."""

from pathlib import Path

import pandas as pd
import pytest

from engine.cohorts.adapters.tables import find_tables, named, read_table
from engine.errors import CohortError
from tests.engine.cohorts.adapters.building import write_csv


def test_tables_are_found_in_folders_but_not_among_patients(tmp_path: Path) -> None:
    write_csv(tmp_path / "a" / "b" / "Train.csv.gz", "x", ["1"])
    write_csv(tmp_path / "train.csv", "x", ["1"])
    for number in range(301):
        (tmp_path / "files" / f"p{number}").mkdir(parents=True)
    write_csv(tmp_path / "files" / "p1" / "train.csv", "x", ["1"])
    found = named(find_tables(tmp_path), "train.csv")
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["train.csv", "a/b/Train.csv.gz"]


def test_the_first_pattern_that_fits_wins(tmp_path: Path) -> None:
    for name in ("Data_Entry_2017.csv", "Data_Entry_2017_v2020.csv"):
        write_csv(tmp_path / name, "x", ["1"])
    found = named(find_tables(tmp_path), "Data_Entry_2017_v2020.csv", "Data_Entry_2017*.csv")
    assert [path.name for path in found] == ["Data_Entry_2017_v2020.csv"]
    assert named(find_tables(tmp_path), "other.csv") == []


@pytest.mark.parametrize("name", ["table.csv", "table.csv.gz", "table.xlsx"])
def test_every_kind_of_table_reads_the_same(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("xlsx"):
        pd.DataFrame([["007", " F ", 61], ["8", None, None]], columns=["ID", "Sex ", "Age"]).to_excel(path, index=False)
    else:
        write_csv(path, "﻿ID,Sex ,Age", ["007, F ,61", "8,,"])
    table = read_table(path, {"patient": "id", "sex": ("Gender", "Sex")}, {"age": "Age", "race": "Race"})
    assert list(table) == ["patient", "sex", "age"]
    assert table.to_numpy().tolist() == [["007", "F", "61"], ["8", "", ""]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"a,b\n1,2\n", r"no column 'ID' or 'pid'; its columns are a, b$"),
        (b"ID,b\n", "has no rows"),
        (b"", "cannot be read"),
        (b'ID,b\n"1,2\n', "cannot be read"),
    ],
)
def test_a_table_that_does_not_fit_gets_one_sentence(tmp_path: Path, text: bytes, sentence: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(text)
    with pytest.raises(CohortError, match=sentence):
        read_table(path, {"id": ("ID", "pid")})


@pytest.mark.parametrize("name", ["table.csv.gz", "table.xlsx"])
def test_a_damaged_table_gets_one_sentence(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\x1f\x8b" + bytes(30))
    with pytest.raises(CohortError, match=rf"the table {name} cannot be read"):
        read_table(path, {"id": "ID"})
