"""Adapter `folder`: whatever images lie in a folder (or under a DICOMDIR) become a cohort.

Names of the cohort are given here, in the order of the files: patient, study and image numbers, never what a header or
a file name says about a person. Which file an image came from stays in `path`, so that someone who has the source can
find it again. Where the header names no patient, the first folder below the source is taken as the patient, and a file
directly in the source is a patient of its own.
"""

from pathlib import Path
from typing import Any

import pandas as pd

from engine.cohorts.adapters.request import Request
from engine.cohorts.cohort import Cohort, dropped_by_reason, dropped_to_json, write_cohort
from engine.cohorts.sources import write_sources
from engine.cohorts.splits import assign_splits
from engine.errors import CohortError
from engine.images import FoundImage, Rejected, find_series
from engine.images.refusal import shown_name

_HEADERS = 0.5  # share of the progress that goes to reading headers; the rest to hashing whole files


def import_folder(request: Request) -> Cohort:
    """A cohort from every image and stack below `request.source`. Images stay where they are.

    Raises CohortError where nothing can be read; files that cannot be read are left out with their reason.
    """
    request.refuse("folder", "columns", "demographics", "construction")
    source, out, seed, report = request.source, request.out, request.seed, request.progress
    found = [_with_plain_names(entry) for entry in find_series(source, lambda share: report(_HEADERS * share))]
    images = [entry for entry in found if isinstance(entry, FoundImage)]
    rejected = [entry for entry in found if isinstance(entry, Rejected)]
    if not images:
        first = f"; the first: {rejected[0].reason}" if rejected else ""
        raise CohortError(f"{source} holds no image that can be read{first}")
    base = source if source.is_dir() else source.parent
    rows = _rows(images, base, out)
    frame = pd.DataFrame(rows)
    frame["split"] = assign_splits(frame["patient_id"], seed=seed)
    files = [path for image in images for path in image.paths]
    info = {
        "adapter": "folder",
        "adapter_version": 2,
        "seed": seed,
        "roots": {"source": str(base.resolve())},
        "source_files": write_sources(out, base, files, lambda share: report(_HEADERS + (1 - _HEADERS) * share)),
        "counts": {
            "files found": len(files) + len(rejected),
            "files left out": len(rejected),
            "files kept": len(files),
            "images kept": len(rows),
        },
        "dropped": dropped_to_json(
            dropped_by_reason("read files", ((shown_name(entry.path), entry.reason) for entry in rejected))
        ),
    }
    return write_cohort(out, frame, info)


def _with_plain_names(entry: FoundImage | Rejected) -> FoundImage | Rejected:
    """The entry, rejected where a table of lines in UTF-8 cannot hold one of its paths."""
    if isinstance(entry, Rejected):
        return entry
    for path in entry.paths:
        odd = [letter for letter in str(path) if letter in "\r\n" or "\ud800" <= letter <= "\udfff"]
        if odd:
            reason = "its path holds a line break or bytes that are no text; rename the file or folder"
            return Rejected(path, f"{shown_name(path)}: {reason}")
    return entry


def _rows(images: list[FoundImage], root: Path, out: Path) -> list[dict[str, Any]]:
    patients, studies = _Numbers("P"), _Numbers("S")
    rows = []
    for number, image in enumerate(images, start=1):
        header = image.header
        patient = patients.name(header.patient_id or _folder_patient(image.paths[0], root))
        image_id = f"I{number:06d}"
        rows.append(
            {
                "image_id": image_id,
                "patient_id": patient,
                "study_id": studies.name((patient, header.study_id or str(image.paths[0].parent))),
                "path": _path(image, image_id, root, out),
                "n_slices": len(image.paths) if len(image.paths) > 1 else header.frames,
                "modality": header.modality,
                "body_part": header.body_part,
                "view": header.view,
                "laterality": header.laterality,
                "sex": header.sex,
                "age_years": header.age_years,
            }
        )
    return rows


class _Numbers:
    """Numbered names in order of first appearance: P00001, P00002 …"""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._names: dict[Any, str] = {}

    def name(self, key: Any) -> str:
        return self._names.setdefault(key, f"{self._prefix}{len(self._names) + 1:05d}")


def _folder_patient(path: Path, root: Path) -> tuple[str, str]:
    parts = path.relative_to(root).parts
    return ("folder" if len(parts) > 1 else "file", parts[0])


def _path(image: FoundImage, image_id: str, root: Path, out: Path) -> str:
    lines = ["{source}/" + path.relative_to(root).as_posix() for path in image.paths]
    if len(lines) == 1:
        return lines[0]
    listing = out / "series" / f"{image_id}.txt"
    listing.parent.mkdir(parents=True, exist_ok=True)
    listing.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return f"series/{image_id}.txt"
