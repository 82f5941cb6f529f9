import numpy as np
import pandas as pd
import pytest

from engine.errors import JobError
from engine.jobs.making import make_spec
from engine.jobs.specs import ClassifierSpec
from engine.training.labels import (
    UNCERTAIN,
    UNSTATED,
    stated_truths,
    task_classes,
    task_frame,
    training_truths,
)


def spec(task: str, **entries: object) -> ClassifierSpec:
    made = make_spec(task, settings=entries)
    assert isinstance(made, ClassifierSpec)
    return made


def frame(**columns: list) -> pd.DataFrame:
    n = len(next(iter(columns.values())))
    base = {"image_id": [f"i{k}" for k in range(n)], "patient_id": [f"p{k}" for k in range(n)], "split": "train"}
    made = pd.DataFrame({**base, "view": "PA", **columns})
    for column in made:
        if column.startswith("label."):
            made[column] = made[column].astype("Int64")
    return made


def test_classes_are_those_of_train_in_alphabetical_order() -> None:
    rows = frame(race=["White", "Asian", "", "Black"], split=["train", "train", "train", "val"])
    assert task_classes(spec("race"), rows, ()) == ("Asian", "White")


@pytest.mark.parametrize(
    ("entries", "rows", "sentence"),
    [
        ({"classes": ("White", "Black")}, {"race": ["White", "Asian"]}, "class 'Black' of race has no image in train"),
        ({}, {"race": ["White", "White"]}, "race needs two classes in train; it has White"),
        ({}, {"race": ["", ""]}, "race needs two classes in train; it has none"),
        ({"target": "hair"}, {"race": ["White", "Asian"]}, "the cohort has no column 'hair'"),
        ({}, {"race": ["White", "Asian"], "split": ["val", "test"]}, "no image is in split 'train'"),
    ],
)
def test_a_race_without_classes_to_learn_is_refused(entries: dict, rows: dict, sentence: str) -> None:
    with pytest.raises(JobError, match=sentence):
        task_classes(spec("race", **entries), frame(**rows), ())


def test_findings_are_those_that_train_has_with_and_without() -> None:
    rows = frame(**{"label.a": [1, 0], "label.b": [1, 1], "label.c": [None, 0], "label.d": [-1, 0]})
    assert task_classes(spec("pathology"), rows, ("a", "b", "c", "d")) == ("a",)
    assert task_classes(spec("pathology", uncertain="present"), rows, ("a", "b", "c", "d")) == ("a", "d")


@pytest.mark.parametrize(
    ("findings", "sentence"),
    [
        (("b",), "no image of train is without 'b'"),
        (("c",), "no image of train is with 'c'"),
        (("z",), "the cohort has no finding 'z'; it has a, b, c"),
    ],
)
def test_a_finding_that_cannot_be_learned_is_refused(findings: tuple[str, ...], sentence: str) -> None:
    rows = frame(**{"label.a": [1, 0], "label.b": [1, 1], "label.c": [0, 0]})
    with pytest.raises(JobError, match=sentence):
        task_classes(spec("pathology", findings=findings), rows, ("a", "b", "c"))


def test_a_cohort_without_a_finding_has_nothing_to_learn() -> None:
    with pytest.raises(JobError, match="nothing to learn"):
        task_classes(spec("pathology"), frame(race=["White"]), ())


def test_truths_of_groups() -> None:
    rows = frame(race=["White", "Black", "Other", ""])
    truths = stated_truths(spec("race"), rows, ("Black", "White"))
    assert truths.dtype == np.int8
    assert truths.tolist() == [[0, 1], [1, 0], [UNSTATED] * 2, [UNSTATED] * 2]


@pytest.mark.parametrize(("word", "value"), [("masked", UNSTATED), ("present", 1), ("absent", 0)])
def test_truths_of_findings(word: str, value: int) -> None:
    rows = frame(**{"label.a": [1, 0, -1, None], "label.b": [None, 1, 0, -1]})
    asked = spec("pathology", uncertain=word)
    stated = stated_truths(asked, rows, ("a", "b", "elsewhere"))
    assert stated[:, 0].tolist() == [1, 0, UNCERTAIN, UNSTATED]
    assert stated[:, 1].tolist() == [UNSTATED, 1, 0, UNCERTAIN]
    assert (stated[:, 2] == UNSTATED).all()
    learned = training_truths(asked, stated)
    assert learned[:, 0].tolist() == [1, 0, value, UNSTATED]


def test_reidentification_splits_the_frontal_images_of_each_patient() -> None:
    patients = ["a"] * 12 + ["b"] * 12 + ["c"] * 2
    views = ["PA"] * 10 + ["LATERAL"] * 2 + ["AP"] * 12 + ["PA"] * 2
    rows = frame(patient_id=patients, view=views, split=["train"] * 12 + ["test"] * 14)
    asked = spec("reidentification", least_images=10)
    kept = task_frame(asked, rows)
    assert sorted(set(kept["patient_id"])) == ["a", "b"]
    assert not (kept["view"] == "LATERAL").any()
    assert kept.groupby("patient_id")["split"].agg(set).tolist() == [{"train", "val", "test"}] * 2
    assert task_classes(asked, kept, ()) == ("a", "b")
    assert task_frame(asked, rows.sample(frac=1, random_state=1)).sort_index()["split"].equals(kept["split"])


def test_reidentification_needs_patients_with_many_images() -> None:
    with pytest.raises(JobError, match="at least 5 frontal images; the most is 2"):
        task_frame(spec("reidentification", least_images=5), frame(patient_id=["a", "a", "b"]))
