"""What the browser shows of a cohort: filters and counts, checked by hand on a small one and timed on a large one."""

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cohorts.cohort import write_cohort
from readerapp.lab.cohort_table import STATED, CohortLook, Filter, look_at_cohort


def made(root: Path, n: int = 12) -> CohortLook:
    rows = [
        {
            "image_id": f"i{k}",
            "patient_id": f"p{k // 2}",
            "study_id": f"s{k // 2}",
            "path": f"i{k}.png",
            "sex": "FM"[k // 2 % 2],
            "race": ("Black", "White", "")[k // 2 % 3],
            "view": "PA",
            "split": ("train", "val", "test")[k // 2 % 3],
            "label.effusion": ("1", "0", "-1", "")[k % 4],
            "label.nodule": ("0", "1")[k % 2],
        }
        for k in range(n)
    ]
    write_cohort(root, pd.DataFrame(rows), {"adapter": "made"})
    return look_at_cohort(root)


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> CohortLook:
    return made(tmp_path_factory.mktemp("cohort"))


def test_filters_are_and(look: CohortLook) -> None:
    assert look.rows(Filter()).tolist() == list(range(12))
    assert look.rows(Filter({"sex": "M"})).tolist() == [2, 3, 6, 7, 10, 11]
    assert look.rows(Filter({"sex": "M", "race": "White"})).tolist() == [2, 3]
    assert look.rows(Filter({"race": ""})).tolist() == [4, 5, 10, 11]
    assert look.rows(Filter(label="effusion", stated="uncertain")).tolist() == [2, 6, 10]
    assert look.rows(Filter({"sex": "F"}, "nodule", "present")).tolist() == [1, 5, 9]
    assert look.rows(Filter(text="I1")).tolist() == [1, 10, 11]
    assert look.rows(Filter(text="p3")).tolist() == [6, 7]


def test_counts_by_group(look: CohortLook) -> None:
    counts = look.counts("effusion", "sex", look.rows(Filter()))
    assert (counts["F"].present, counts["F"].absent, counts["F"].uncertain, counts["F"].not_given) == (3, 3, 0, 0)
    assert (counts["M"].present, counts["M"].absent, counts["M"].uncertain, counts["M"].not_given) == (0, 0, 3, 3)


def test_a_constant_column_offers_no_choice(look: CohortLook) -> None:
    assert look.choices("view") == []
    assert look.choices("race") == ["", "Black", "White"]


def test_findings_in_words(look: CohortLook) -> None:
    assert look.findings(1) == "nodule"
    assert look.findings(2) == "effusion?"
    assert look.findings(0) == "effusion"


@settings(deadline=None, max_examples=40)
@given(
    sex=st.sampled_from(["F", "M"]), label=st.sampled_from(["effusion", "nodule"]), stated=st.sampled_from([*STATED])
)
def test_counts_are_what_filters_find(
    tmp_path_factory: pytest.TempPathFactory, sex: str, label: str, stated: str
) -> None:
    look = made(tmp_path_factory.mktemp("cohort"))
    found = look.counts(label, "sex", look.rows(Filter()))[sex]
    assert getattr(found, stated) == len(look.rows(Filter({"sex": sex}, label, stated)))


def test_a_hundred_thousand_rows_are_filtered_within_a_frame(tmp_path: Path) -> None:
    look = made(tmp_path, 100_000)
    begun = time.perf_counter()
    rows = look.rows(Filter({"sex": "F", "split": "train"}, "nodule", "present"))
    took = time.perf_counter() - begun
    assert len(rows) > 5_000
    assert took < 0.25, f"{took:.3f} s"
    assert np.all(look.values["sex"][rows] == "F")
