"""A cohort: a folder with `cohort.csv`, one row an image, and `cohort.json`, which says where the rows came from.

Paths are relative to the cohort where the images lie in it, else they begin with a root named in `cohort.json`:
`{source}/a/b.dcm`. A stack of several files has `n_slices` and a path to a list in the cohort, `series/<image_id>.txt`,
one file a line in stack order. Where a public dataset's rows were chosen in steps, "steps" of `cohort.json` holds the
images and patients left after each, and "published" beside them what the paper prints.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from engine.errors import CohortError

COLUMNS = (
    "image_id",
    "patient_id",
    "study_id",
    "path",
    "n_slices",
    "modality",
    "body_part",
    "view",
    "laterality",
    "sex",
    "age_years",
    "race",
    "site",
    "split",
)
PREFIXES = ("label.", "attr.", "mask.")  # finding (1, 0, −1 uncertain, empty), attribute, path of a mask
FORMAT_VERSION = 1
_SHOWN_EXAMPLES = 5
_WHOLE_NUMBERS = (pd.Int8Dtype, pd.Int64Dtype)  # PadChest has 30 million labels; as text they would take a minute
_NUMBERS = {"n_slices": "Int64", "age_years": "Float64"}


@dataclass(frozen=True)
class Dropped:
    """What one step of making a cohort left out, and why."""

    step: str
    reason: str
    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Cohort:
    """A cohort as read from its folder. `frame` has the columns of `COLUMNS` and any of the prefixes of `PREFIXES`."""

    root: Path
    frame: pd.DataFrame
    info: dict[str, Any] = field(default_factory=dict)

    @property
    def roots(self) -> dict[str, Path]:
        """The named folders that paths may begin with."""
        return {name: Path(folder) for name, folder in self.info.get("roots", {}).items()}

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of the findings, without the prefix."""
        return tuple(column.removeprefix("label.") for column in self.frame if column.startswith("label."))

    def resolve(self, path: str) -> Path:
        """The place on disk of a path of the table. CohortError for an unknown root or a way out of the cohort."""
        if path.startswith("{"):
            name, _, rest = path[1:].partition("}/")
            if name not in self.roots:
                raise CohortError(f"path '{path}' begins with root '{name}', which cohort.json does not name")
            return self.roots[name] / rest
        place = self.root / path
        if Path(path).is_absolute() or ".." in Path(path).parts:
            raise CohortError(f"path '{path}' leads out of the cohort")
        return place

    def image_paths(self, row: "pd.Series | Mapping[str, Any]") -> tuple[Path, ...]:
        """The files of one row: one, or the slices of a stack in order."""
        place = self.resolve(str(row["path"]))
        if place.suffix != ".txt":
            return (place,)
        try:
            lines = place.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise CohortError(f"the slice list of image {row['image_id']} cannot be read: {error.strerror}") from error
        return tuple(self.resolve(line) for line in lines if line)


def load_cohort(root: Path) -> Cohort:
    """The cohort in a folder. Raises CohortError with a sentence for a missing, empty or inconsistent one."""
    table, facts = root / "cohort.csv", root / "cohort.json"
    for file in (table, facts):
        if not file.is_file():
            raise CohortError(f"{root} is not a cohort: it has no {file.name}; make one with `engine cohort import`")
    try:
        frame = _read(table)
        info = json.loads(facts.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise CohortError(f"the cohort {root.name} cannot be read: {error}") from error
    return Cohort(root, _typed(_checked(frame)), info)


def _read(table: Path) -> pd.DataFrame:
    """All columns as text, but labels as whole numbers where all of them are such."""
    names = pd.read_csv(table, nrows=0, encoding="utf-8").columns
    labels = [name for name in names if name.startswith("label.")]
    kinds = dict.fromkeys(names, "str") | dict.fromkeys(labels, "Int8")
    missing = {name: [""] for name in labels}
    try:
        return pd.read_csv(table, dtype=kinds, na_values=missing, keep_default_na=False, encoding="utf-8")
    except (ValueError, TypeError):  # a word among the labels; read as text it is named
        return pd.read_csv(table, dtype=str, keep_default_na=False, encoding="utf-8")


def write_cohort(root: Path, frame: pd.DataFrame, info: Mapping[str, Any]) -> Cohort:
    """Write `cohort.json` and `cohort.csv`; missing standard columns are added empty. CohortError on bad rows.

    The table comes last and appears whole or not at all: a folder without it is no cohort, whatever was interrupted.
    """
    frame = frame.reindex(columns=[*COLUMNS, *(column for column in frame if column not in COLUMNS)])
    frame = _checked(_as_text(frame))
    root.mkdir(parents=True, exist_ok=True)
    facts = {
        "format_version": FORMAT_VERSION,
        "images": len(frame),
        "patients": int(frame["patient_id"].nunique()),
        **info,
    }
    _write_whole(root / "cohort.json", json.dumps(facts, indent=2, ensure_ascii=False) + "\n")
    _write_whole(root / "cohort.csv", frame.to_csv(index=False, lineterminator="\n"))
    return Cohort(root, _typed(frame), facts)


def dropped_by_reason(step: str, left_out: Iterable[tuple[str, str]]) -> list[Dropped]:
    """What `step` left out, grouped. left_out: (file name, reason); a reason that begins with the name loses it."""
    files: dict[str, list[str]] = {}
    for name, reason in left_out:
        files.setdefault(reason.removeprefix(f"{name}: "), []).append(name)
    return [Dropped(step, reason, len(names), tuple(names[:_SHOWN_EXAMPLES])) for reason, names in files.items()]


def dropped_to_json(dropped: Iterable[Dropped]) -> list[dict[str, Any]]:
    """The list that `cohort.json` keeps under "dropped"."""
    return [{"step": d.step, "reason": d.reason, "count": d.count, "examples": list(d.examples)} for d in dropped]


def _write_whole(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(path)


def cohort_sha256(root: Path) -> str:
    """sha256 (hex) of `cohort.csv` as it lies on disk."""
    return hashlib.sha256((root / "cohort.csv").read_bytes()).hexdigest()


def _checked(frame: pd.DataFrame) -> pd.DataFrame:
    unknown = [c for c in frame if c not in COLUMNS and not c.startswith(PREFIXES)]
    if unknown:
        raise CohortError(
            f"cohort.csv has columns it does not know: {', '.join(unknown)}; findings begin with 'label.', "
            "attributes with 'attr.', masks with 'mask.'"
        )
    missing = [column for column in ("image_id", "patient_id", "path") if column not in frame]
    if missing:
        raise CohortError(f"cohort.csv has no column {', '.join(missing)}")
    if frame.empty:
        raise CohortError("the cohort has no image left; cohort.json would say why each was left out")
    for column in ("image_id", "patient_id", "path"):
        if (empty := frame[column] == "").any():
            raise CohortError(f"row {int(empty.argmax()) + 2} of cohort.csv has no {column}")
    if (twice := frame["image_id"].duplicated()).any():
        raise CohortError(f"image_id '{frame['image_id'][twice].iloc[0]}' stands twice in cohort.csv")
    splits = frame["split"] if "split" in frame else pd.Series(dtype=str)
    if odd := sorted(set(splits) - {"", "train", "val", "test"}):
        raise CohortError(f"split must be train, val, test or empty; cohort.csv has '{odd[0]}'")
    if "split" in frame:
        _refuse_shared_patients(frame[frame["split"] != ""])
    return frame


def _refuse_shared_patients(frame: pd.DataFrame) -> None:
    splits = frame.groupby("patient_id")["split"].nunique()
    if (shared := splits.index[splits > 1]).size:
        raise CohortError(f"patient '{shared[0]}' is in more than one split: splits are by patient")


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Every column as text, a missing value empty; labels that are whole numbers already are written as they are."""
    text = frame.copy()
    for column in text:
        if column.startswith("label.") and isinstance(text[column].dtype, _WHOLE_NUMBERS):
            continue
        text[column] = ["" if pd.isna(value) else _plain(value) for value in text[column]]
    return text


def _plain(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    typed = frame.reindex(columns=[*COLUMNS, *(column for column in frame if column not in COLUMNS)], fill_value="")
    numbers = {c: "Int64" for c in typed if c.startswith("label.")} | _NUMBERS
    for column, dtype in numbers.items():
        if isinstance(typed[column].dtype, _WHOLE_NUMBERS):
            typed[column] = typed[column].astype(dtype)
            continue
        try:
            typed[column] = pd.to_numeric(typed[column].replace("", pd.NA)).astype(dtype)
        except (ValueError, TypeError) as error:
            raise CohortError(f"column '{column}' of cohort.csv holds something that is no number: {error}") from error
    labels = [c for c in typed if c.startswith("label.")]
    for column in labels:
        if odd := set(typed[column].dropna()) - {1, 0, -1}:
            raise CohortError(f"column '{column}' holds {sorted(odd)[0]}; a label is 1, 0, -1 (uncertain) or empty")
    return typed
