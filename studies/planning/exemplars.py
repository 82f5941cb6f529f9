"""Exemplar images of items: files beside the protocol or chosen for it, copied into a draft, frozen by the seal."""

import filecmp
import re
import shutil
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from engine.cohorts.cohort import Cohort, load_cohort
from engine.errors import CohortError
from studies.errors import ProtocolError
from studies.protocol import Protocol

__all__ = [
    "EXEMPLARS",
    "MOST_EXEMPLARS",
    "CohortImage",
    "cohort_images",
    "copy_chosen",
    "copy_exemplars",
    "exemplar_names",
    "free_name",
    "missing_exemplars",
    "read_as_cases",
    "refuse_missing",
]

EXEMPLARS = "exemplars"  # folder of a draft
MOST_EXEMPLARS = 4  # of an item, which the reading room shows side by side
_NONE: Mapping[str, Path] = {}


@dataclass(frozen=True)
class CohortImage:
    """An image of a cohort that an item may be shown by: its file, and words to find it by."""

    image_id: str
    place: Path
    words: str  # view and findings


def cohort_images(folder: Path) -> tuple[CohortImage, ...]:
    """The images of a cohort in its order; of a stack of files the middle slice. A volume in one file is left out: it
    would be shown by its first slice. Raises CohortError.
    """
    cohort = load_cohort(folder)
    findings = [name for name in cohort.frame if str(name).startswith("label.")]
    found = []
    for _, row in cohort.frame.iterrows():
        if (place := _picture_of(cohort, row)) is not None:
            found.append(CohortImage(str(row["image_id"]), place, _words_of(row, findings)))
    return tuple(found)


def _picture_of(cohort: Cohort, row: pd.Series) -> Path | None:
    """The file that shows a row; None for a volume in one file, and for a list of slices that cannot be read."""
    try:
        places = cohort.image_paths(row)
    except CohortError:
        return None
    slices = row.get("n_slices")
    in_one = len(places) == 1 and not pd.isna(slices) and int(slices) > 1
    return None if in_one or not places else places[len(places) // 2]


def _words_of(row: pd.Series, findings: Iterable[str]) -> str:
    told = [str(row[name]) for name in ("modality", "view") if row.get(name)]
    present = [name.removeprefix("label.") for name in findings if str(row[name]) in ("1", "1.0")]
    return " ".join([*told, ", ".join(present)]).strip()


def free_name(item_id: str, source: Path, taken: Collection[str]) -> str:
    """A name for a chosen file that says nothing of where it comes from: the item and a number not in `taken`."""
    endings = source.suffixes[-2:] if source.suffix == ".gz" else [source.suffix]
    suffix = "".join(ending for ending in endings if re.fullmatch(r"\.[A-Za-z0-9]{1,5}", ending))
    stem = re.sub(r"[^A-Za-z0-9_-]", "_", item_id) or "item"
    number = 1
    while f"{stem}_{number}{suffix}" in taken:
        number += 1
    return f"{stem}_{number}{suffix}"


def missing_exemplars(protocol: Protocol, folder: Path, chosen: Mapping[str, Path] = _NONE) -> list[str]:
    """The exemplar files that a protocol names and neither `chosen` (name → file) nor a folder has."""
    return [name for name in exemplar_names(protocol) if not chosen.get(name, folder / name).is_file()]


def refuse_missing(protocol: Protocol, folder: Path, chosen: Mapping[str, Path] = _NONE) -> None:
    """Raises ProtocolError for a file that the protocol names and that is not there."""
    _refuse_gone(protocol, chosen)
    if missing := missing_exemplars(protocol, folder, chosen):
        raise ProtocolError(
            f"the exemplar image {missing[0]} is not beside the protocol; put it there or take it out of the item"
        )


def copy_exemplars(protocol: Protocol, source: Path, root: Path, chosen: Mapping[str, Path] = _NONE) -> None:
    """Copy the files that were chosen, and the others from beside the protocol, into a draft."""
    for name in exemplar_names(protocol):
        _copy(chosen.get(name, source / name), root / EXEMPLARS / name)


def copy_chosen(protocol: Protocol, root: Path, chosen: Mapping[str, Path]) -> None:
    """Copy into a draft what was chosen anew; what lies there already stays. Raises ProtocolError, with nothing
    copied, where a chosen file is gone.
    """
    _refuse_gone(protocol, chosen)
    for name in exemplar_names(protocol):
        if name in chosen:
            _copy(chosen[name], root / EXEMPLARS / name)


def _refuse_gone(protocol: Protocol, chosen: Mapping[str, Path]) -> None:
    for name in exemplar_names(protocol):
        if name in chosen and not chosen[name].is_file():
            raise ProtocolError(f"the image {chosen[name]} is not there any more; choose another, or take it out")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def read_as_cases(protocol: Protocol, folder: Path, images: Iterable[Path]) -> list[str]:
    """The exemplars in `folder` whose file is also an image that is read: readers would know its answer."""
    sizes: dict[int, list[Path]] = {}
    for name in exemplar_names(protocol):
        if (folder / name).is_file():
            sizes.setdefault((folder / name).stat().st_size, []).append(folder / name)
    found = {
        exemplar.relative_to(folder).as_posix()
        for image in images
        if sizes and image.is_file()
        for exemplar in sizes.get(image.stat().st_size, ())
        if filecmp.cmp(exemplar, image, shallow=False)
    }
    return sorted(found)


def exemplar_names(protocol: Protocol) -> list[str]:
    """The files that the protocol names, each once."""
    return list(dict.fromkeys(name for item in protocol.items for name in item.exemplars))
