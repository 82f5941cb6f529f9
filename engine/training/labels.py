"""What the images of cohorts are said to be: the table behind a training, and the truths of each of its tasks."""

from collections.abc import Sequence
from typing import TypeGuard

import numpy as np
import pandas as pd

from engine.cohorts.splits import assign_splits
from engine.errors import JobError
from engine.jobs.specs import ClassifierSpec, PathologySpec, ProbeSpec, RaceSpec, ReidentificationSpec

__all__ = [
    "UNCERTAIN",
    "UNSTATED",
    "Truths",
    "group_column",
    "stated_truths",
    "task_classes",
    "task_frame",
    "tells_findings",
    "training_truths",
]

FINDINGS = "findings"  # the target of a probe that tells them
UNSTATED = -1  # of truths: nothing is said, and nothing is learned from it
UNCERTAIN = -2  # of truths as stated: the label says that it is uncertain
_FRONTAL = frozenset({"AP", "PA", "FRONTAL", "ANTEROPOSTERIOR", "POSTEROANTERIOR"})

Truths = np.ndarray  # (n, C) int8: 1, 0, UNSTATED, and UNCERTAIN where stated


def task_frame(spec: ClassifierSpec, frame: pd.DataFrame) -> pd.DataFrame:
    """The images that a task is about, with the splits it goes by.

    Re-identification takes the frontal images of patients with enough of them and splits the images of each patient,
    by the same rule that else splits patients. Raises JobError where nobody has enough.
    """
    if not isinstance(spec, ReidentificationSpec):
        return frame
    views = frame["view"].str.upper()
    frontal = frame[views.isin(_FRONTAL)] if (views != "").any() else frame
    counts = frontal["patient_id"].value_counts()
    kept = frontal[frontal["patient_id"].isin(counts.index[counts >= spec.least_images])]
    if kept["patient_id"].nunique() < 2:
        raise JobError(
            f"re-identification needs two patients with at least {spec.least_images} frontal images; the most "
            f"is {int(counts.max()) if len(counts) else 0}; lower least_images"
        )
    return kept.assign(split=assign_splits(kept["image_id"], kept["patient_id"], seed=spec.seed))


def tells_findings(spec: ClassifierSpec) -> TypeGuard[PathologySpec | ProbeSpec]:
    """Whether a task tells several findings at once, and not one of several groups."""
    return isinstance(spec, PathologySpec) or (isinstance(spec, ProbeSpec) and spec.target == FINDINGS)


def group_column(spec: ClassifierSpec) -> str:
    """The column of the cohort whose value is the class."""
    if isinstance(spec, RaceSpec | ProbeSpec):
        return spec.target
    return "patient_id"


def task_classes(spec: ClassifierSpec, frame: pd.DataFrame, labels: Sequence[str]) -> tuple[str, ...]:
    """The classes a training tells apart: those that the spec names, else those that the training split has.

    frame: of `task_frame`. Raises JobError for a class without an image in train, and where fewer than two groups (or
    no finding with and without) are left.
    """
    train = frame[frame["split"] == "train"]
    if train.empty:
        raise JobError("no image is in split 'train'; give the cohort splits, or import it again")
    if tells_findings(spec):
        return _findings(spec, train, labels)
    column = group_column(spec)
    if column not in train:
        raise JobError(f"the cohort has no column '{column}' to predict; it has {', '.join(frame.columns)}")
    named = spec.classes if isinstance(spec, RaceSpec | ProbeSpec) else ()
    present = sorted(set(train[column].dropna().astype(str)) - {""})
    if absent := [name for name in named if name not in present]:
        raise JobError(
            f"class '{absent[0]}' of {column} has no image in train; there are {', '.join(present) or 'none'}"
        )
    classes = named or tuple(present)
    if len(classes) < 2:
        raise JobError(f"{column} needs two classes in train; it has {', '.join(classes) or 'none'}")
    return classes


def _findings(spec: PathologySpec | ProbeSpec, train: pd.DataFrame, labels: Sequence[str]) -> tuple[str, ...]:
    def has(finding: str, value: int) -> bool:
        counts_as = {1: "present", 0: "absent"}[value]
        values = train[f"label.{finding}"]
        return bool((values == value).any() or (spec.uncertain == counts_as and (values == -1).any()))

    if unknown := [name for name in spec.findings if name not in labels]:
        raise JobError(f"the cohort has no finding '{unknown[0]}'; it has {', '.join(labels) or 'none'}")
    for finding in spec.findings:
        for value, word in ((1, "with"), (0, "without")):
            if not has(finding, value):
                raise JobError(f"no image of train is {word} '{finding}'; leave it out of findings")
    findings = spec.findings or tuple(name for name in labels if has(name, 1) and has(name, 0))
    if not findings:
        raise JobError("no finding of the cohort has images with and without it in train; there is nothing to learn")
    return findings


def stated_truths(spec: ClassifierSpec, frame: pd.DataFrame, classes: Sequence[str]) -> Truths:
    """What the table says of each image, (n, C) int8. An image of no class of these is not stated."""
    if tells_findings(spec):
        columns = [
            frame[f"label.{name}"].astype("Int64").replace(-1, UNCERTAIN).fillna(UNSTATED).to_numpy(np.int8)
            if f"label.{name}" in frame
            else np.full(len(frame), UNSTATED, np.int8)
            for name in classes
        ]
        return np.stack(columns, axis=1)
    column = group_column(spec)
    values = frame[column].astype(str).to_numpy() if column in frame else np.full(len(frame), "")
    truths = (values[:, None] == np.asarray(classes)[None]).astype(np.int8)
    truths[truths.sum(1) == 0] = UNSTATED
    return truths


def training_truths(spec: ClassifierSpec, stated: Truths) -> Truths:
    """What is learned: uncertain ones as the spec says."""
    word = spec.uncertain if tells_findings(spec) else "masked"
    value = {"masked": UNSTATED, "present": 1, "absent": 0}[word]
    return np.where(stated == UNCERTAIN, np.int8(value), stated)
