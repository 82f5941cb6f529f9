"""From what a person asks for to a spec: a preset, then single values on top of it."""

import json
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import Any

from pydantic import ValidationError

from engine.cohorts.cohort import cohort_sha256, load_cohort
from engine.errors import JobError
from engine.jobs.presets import preset_values
from engine.jobs.specs import CohortSource, TrainingSpec
from engine.jobs.tasks import spec_class

__all__ = ["cohort_source", "make_spec", "parse_settings", "software_versions"]

_PACKAGES = ("readerapp", "torch", "torchvision", "numpy", "pandas", "pydicom")


def make_spec(
    task: str, cohorts: Iterable[CohortSource] = (), preset: str = "", settings: Mapping[str, Any] | None = None
) -> TrainingSpec:
    """The spec of a task. settings: values of single entries, which win over the preset.

    Raises JobError naming the entry, its value and what it may be.
    """
    kind = spec_class(task)
    values: dict[str, Any] = {"task": task, "cohorts": tuple(cohorts)}
    values |= preset_values(task, preset) if preset else {}
    values |= settings or {}
    if odd := sorted(set(values) - set(kind.model_fields)):
        raise JobError(f"a {task} training has no entry '{odd[0]}'; its entries are {', '.join(kind.model_fields)}")
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        entry = ".".join(str(part) for part in first["loc"])
        raise JobError(f"{entry} = {first['input']!r} is not possible: {first['msg']}") from error


def parse_settings(settings: Iterable[str]) -> dict[str, Any]:
    """`key=value` as the shell gives it; a value is JSON where it reads as JSON, else a word, and a,b,c is a list."""
    values: dict[str, Any] = {}
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals or not key.strip():
            raise JobError(f"'{setting}' is no setting; write key=value, as in epochs=3")
        values[key.strip()] = _value(text.strip())
    return values


def _value(text: str) -> Any:
    if text in ("none", "None"):
        return "none"
    try:
        return json.loads(text)
    except ValueError:
        return tuple(part.strip() for part in text.split(",")) if "," in text else text


def cohort_source(text: str) -> CohortSource:
    """`DIR` or `NAME=DIR`. CohortError where there is no cohort."""
    name, equals, folder = text.partition("=")
    path = Path(folder if equals else text)
    cohort = load_cohort(path)
    return CohortSource(
        name=name if equals else cohort.root.resolve().name,
        path=str(path.resolve()),
        sha256=cohort_sha256(path),
    )


def software_versions() -> dict[str, str]:
    """Versions of what the numbers depend on; nothing is imported for it."""
    versions = {"python": python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions
