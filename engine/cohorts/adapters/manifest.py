"""Adapter `csv`: a table that someone already has, brought in through a small column map.

The map is a TOML file; every entry but `path` has a default:

    manifest = "metadata.csv"            # the table, in the source folder
    images = "images"                    # folder that the path column starts from
    path = "image"                       # column with the file name
    [columns]                            # cohort column = column of the table
    patient_id = "patient_id"
    view = "view"
    [values.view]                        # word of the table = word of the cohort
    "AP Supine" = "AP"
    [constants]
    modality = "DX"
    [findings]                           # one column that lists the findings
    column = "findings"
    separator = "|"
    none = ["No Finding"]                # words that mean no finding at all
    [labels.effusion]                    # or one column a finding: present from this number on
    column = "votes_Effusion"
    present_from = 3
    [masks]
    lungs = "lung_mask"
    [attributes]
    bmi = "BMI"
"""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from engine.cohorts.adapters.request import Request
from engine.cohorts.adapters.vocabulary import finding_name
from engine.cohorts.cohort import (
    COLUMNS,
    Cohort,
    Dropped,
    dropped_by_reason,
    dropped_to_json,
    write_cohort,
)
from engine.cohorts.sources import write_sources
from engine.cohorts.splits import assign_splits
from engine.errors import CohortError, ImageError
from engine.hashing import file_sha256
from engine.images import read_header

SEX_WORDS = {"f": "F", "female": "F", "w": "F", "woman": "F", "m": "M", "male": "M", "man": "M"}
_HEADERS = 0.5  # share of the progress that goes to reading headers; the rest to hashing whole files
_LABEL_WORDS = {"1": 1, "1.0": 1, "yes": 1, "true": 1, "0": 0, "0.0": 0, "no": 0, "false": 0, "-1": -1, "-1.0": -1}


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FindingsColumn(_Entry):
    column: str
    separator: str = "|"
    none: tuple[str, ...] = ("No Finding",)


class LabelColumn(_Entry):
    column: str
    present_from: float | None = None  # None: the column holds 1, 0, −1, yes, no …


class ColumnMap(_Entry):
    """How the columns of a table become the columns of a cohort."""

    path: str
    manifest: str = ""
    images: str = ""
    columns: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    constants: dict[str, str] = {}
    findings: FindingsColumn | None = None
    labels: dict[str, LabelColumn] = {}
    masks: dict[str, str] = {}
    attributes: dict[str, str] = {}


def import_manifest(request: Request) -> Cohort:
    """A cohort from a table in `request.source` and the column map in `request.columns`. Images stay where they are.

    Raises CohortError with one sentence for a map or table that does not fit; images that cannot be read are left out
    with their reason in `cohort.json`.
    """
    request.refuse("csv", "demographics", "construction")
    source, out, seed, report = request.source, request.out, request.seed, request.progress
    if request.columns is None:
        raise CohortError("the csv adapter needs a column map: add --columns MAP.toml (the manual shows one)")
    mapping = load_column_map(request.columns)
    table_path = source if source.is_file() else source / (mapping.manifest or "metadata.csv")
    folder = table_path.parent.resolve()
    table = _read_table(table_path)
    _check_columns(mapping, table, table_path.name)
    frame = _mapped(mapping, table)
    frame, dropped = _readable(frame, folder / mapping.images, lambda share: report(_HEADERS * share))
    dropped += _without_missing_masks(frame, folder)
    if "split" not in mapping.columns:
        frame["split"] = assign_splits(frame["patient_id"], frame.get("race"), seed=seed)
    prefix = f"{{source}}/{mapping.images}/" if mapping.images else "{source}/"
    frame["path"] = [prefix + Path(value).as_posix() for value in frame["path"]]
    for column in _mask_columns(frame):
        frame[column] = [f"{{source}}/{value}" if value else "" for value in frame[column]]
    files = _files(frame, folder)
    info = {
        "adapter": "csv",
        "adapter_version": 2,
        "seed": seed,
        "roots": {"source": str(folder)},
        "sources": {table_path.name: file_sha256(table_path), request.columns.name: file_sha256(request.columns)},
        "source_files": write_sources(out, folder, files, lambda share: report(_HEADERS + (1 - _HEADERS) * share)),
        "counts": {
            "rows in the table": len(table),
            "images left out": len(table) - len(frame),
            "images kept": len(frame),
        },
        "dropped": dropped_to_json(dropped),
    }
    return write_cohort(out, frame, info)


def load_column_map(path: Path) -> ColumnMap:
    """A column map from TOML. Raises CohortError naming the entry."""
    try:
        return ColumnMap.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CohortError(f"the column map {path.name} cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise CohortError(f"the column map {path.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _read_table(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise CohortError(f"the table {path} cannot be read: {error}") from error


def _check_columns(mapping: ColumnMap, table: pd.DataFrame, name: str) -> None:
    asked = [mapping.path, *mapping.columns.values(), *mapping.masks.values(), *mapping.attributes.values()]
    asked += [label.column for label in mapping.labels.values()]
    asked += [mapping.findings.column] if mapping.findings else []
    if missing := [column for column in asked if column not in table]:
        raise CohortError(f"{name} has no column '{missing[0]}'; its columns are {', '.join(table.columns)}")
    for column in (*mapping.columns, *mapping.constants):
        if column not in COLUMNS:
            raise CohortError(f"the column map gives '{column}', which is no column of a cohort ({', '.join(COLUMNS)})")
    if table.empty:
        raise CohortError(f"{name} has no rows")


def _mapped(mapping: ColumnMap, table: pd.DataFrame) -> pd.DataFrame:
    frame = pd.DataFrame({"path": table[mapping.path].str.strip()})
    for column, source in mapping.columns.items():
        words = mapping.values.get(column, {})
        frame[column] = [words.get(value.strip(), value.strip()) for value in table[source]]
    for column, constant in mapping.constants.items():
        frame[column] = constant
    if "image_id" not in frame:
        frame["image_id"] = [Path(value).stem for value in frame["path"]]
    if "patient_id" not in frame:
        frame["patient_id"] = frame["image_id"]
    if "study_id" not in frame:
        frame["study_id"] = frame["image_id"]
    if "sex" in frame:
        frame["sex"] = [SEX_WORDS.get(value.lower(), "") for value in frame["sex"]]
    if "age_years" in frame:
        frame["age_years"] = [_age(value) for value in frame["age_years"]]
    for name, source in mapping.masks.items():
        frame[f"mask.{name}"] = table[source].str.strip()
    for name, source in mapping.attributes.items():
        frame[f"attr.{name}"] = table[source].str.strip()
    return pd.concat([frame, _labels(mapping, table)], axis=1)


def _labels(mapping: ColumnMap, table: pd.DataFrame) -> pd.DataFrame:
    labels: dict[str, list[int | None]] = {}
    if mapping.findings:
        lists = [
            {word.strip() for word in value.split(mapping.findings.separator) if word.strip()}
            for value in table[mapping.findings.column]
        ]
        for word in sorted(set().union(*lists) - set(mapping.findings.none)):
            labels[f"label.{finding_name(word)}"] = [int(word in listed) if listed else None for listed in lists]
    for name, label in mapping.labels.items():
        labels[f"label.{name}"] = [
            _label(value.strip(), label, row) for row, value in enumerate(table[label.column], 2)
        ]
    return pd.DataFrame(labels, index=table.index, dtype=object)


def _label(value: str, label: LabelColumn, row: int) -> int | None:
    if value == "":
        return None
    try:
        if label.present_from is not None:
            return int(float(value) >= label.present_from)
        return _LABEL_WORDS[value.lower()]
    except (ValueError, KeyError):
        raise CohortError(
            f"row {row}: column '{label.column}' holds '{value}', which is no label (1, 0, -1 or empty)"
        ) from None


def _age(value: str) -> float | None:
    """Years; empty, 0 and impossible ages (some public tables carry 0 and 148) are missing."""
    try:
        years = float(value)
    except ValueError:
        return None
    return years if 0 < years <= 120 else None


def _readable(
    frame: pd.DataFrame, folder: Path, progress: Callable[[float], None]
) -> tuple[pd.DataFrame, list[Dropped]]:
    keep, reasons = [], []
    for number, name in enumerate(frame["path"]):
        try:
            if Path(name).is_absolute() or ".." in Path(name).parts:
                raise ImageError(f"{name}: leads out of the source folder")
            if reason := read_header(folder / name).no_image:
                raise ImageError(f"{name}: {reason}")
        except ImageError as error:
            keep.append(False)
            reasons.append(str(error))
        else:
            keep.append(True)
        progress((number + 1) / len(frame))
    if not any(keep):
        raise CohortError(f"none of the {len(frame)} images in the table can be read; the first: {reasons[0]}")
    names = [Path(name).name for name, kept in zip(frame["path"], keep) if not kept]
    return frame[keep].reset_index(drop=True), dropped_by_reason("read images", zip(names, reasons))


def _mask_columns(frame: pd.DataFrame) -> list[str]:
    return [column for column in frame if column.startswith("mask.")]


def _without_missing_masks(frame: pd.DataFrame, folder: Path) -> list[Dropped]:
    """Empties the cells of masks that are not there; the images stay."""
    missing: list[tuple[str, str]] = []
    for column in _mask_columns(frame):
        for row, value in frame[column].items():
            inside = not (Path(value).is_absolute() or ".." in Path(value).parts)
            if value and not (inside and (folder / value).is_file()):
                missing.append((Path(value).name, "there is no such mask in the source folder"))
                frame.loc[row, column] = ""
    return dropped_by_reason("read masks", missing)


def _files(frame: pd.DataFrame, folder: Path) -> list[Path]:
    """Images and masks, each once, from the paths of the finished table."""
    values = pd.concat([frame[column] for column in ["path", *_mask_columns(frame)]])
    return [folder / value.removeprefix("{source}/") for value in dict.fromkeys(values) if value]
