"""What a cohort holds, in lines a person reads."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from engine.cohorts.cohort import Cohort

GROUPS = ("modality", "view", "sex", "race", "site", "split")


def summary_lines(cohort: Cohort) -> Iterator[str]:
    """Counts, groups, age, findings, and what was left out and why; one line each."""
    frame = cohort.frame
    yield f"{cohort.root.name}: {len(frame)} images of {frame['patient_id'].nunique()} patients"
    yield f"  made by    {cohort.info.get('adapter', 'unknown')}"
    for column in GROUPS:
        counts = frame[column].replace("", "not given").value_counts()
        yield f"  {column:<10} " + ", ".join(f"{value} {count}" for value, count in counts.items())
    ages = frame["age_years"].dropna()
    if len(ages):
        missing = int(frame["age_years"].isna().sum())
        span = f"{ages.min():.0f} to {ages.max():.0f} years"
        yield f"  age        median {ages.median():.0f}, {span}, {missing} not given"
    for label in cohort.labels:
        yield f"  label      {label}: {_label_counts(frame[f'label.{label}'])}"
    yield from step_lines(cohort.info)
    for entry in cohort.info.get("dropped", []):
        yield f"  left out   {entry['count']}: {entry['reason']}"


def step_lines(info: Mapping[str, Any]) -> Iterator[str]:
    """How many images and patients were left after each step of an import, beside what is published."""
    for entry in info.get("steps", []):
        left = f"{entry['images']:,} images of {entry['patients']:,} patients"
        yield f"  step       {left}: {entry['step']}{_printed(entry)}"


def _printed(entry: dict[str, Any]) -> str:
    """What the paper prints for the step, as " (published: 127,118 images, as here)"."""
    published = entry.get("published")
    if not published:
        return ""
    numbers = " and ".join(f"{number:,} {what}" for what, number in published.items())
    same = all(entry[what] == number for what, number in published.items())
    return f" (published: {numbers}{', as here' if same else ''})"


def _label_counts(values: pd.Series) -> str:
    words = {1: "present", 0: "absent", -1: "uncertain"}
    counts = [f"{word} {(values == value).sum()}" for value, word in words.items() if (values == value).any()]
    if missing := int(values.isna().sum()):
        counts.append(f"not given {missing}")
    return ", ".join(counts)
