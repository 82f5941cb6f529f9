"""A DICOM dataset to a `Header`: coded words cleaned, enhanced files looked through."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from engine.errors import ImageError
from engine.images.dicom_file import DicomFile, read_dicom_header
from engine.images.header import Header, Vector, age_between, parse_age, parse_sex
from engine.images.refusal import named

# View Position (0018,5101) words to ours; decubitus and oblique words stay as they are.
_VIEWS = {
    "LL": "LATERAL",
    "RL": "LATERAL",
    "LAT": "LATERAL",
    "LATERAL": "LATERAL",
    "LLAT": "LATERAL",
    "RLAT": "LATERAL",
}
# Words of a view's Code Meaning (CID 4010, 4014), looked for in this order; the meaning itself is never kept.
_VIEW_MEANINGS = (
    (("medio", "lateral", "oblique"), "MLO"),
    (("latero", "medial", "oblique"), "LMO"),
    (("exaggerated", "cranio", "caudal"), "XCC"),
    (("cranio", "caudal"), "CC"),
    (("medio", "lateral"), "ML"),
    (("latero", "medial"), "LM"),
    (("postero", "anterior"), "PA"),
    (("antero", "posterior"), "AP"),
    (("lateral",), "LATERAL"),
)


def dicom_header(path: Path) -> Header:
    """The header of a file; its pixels are not read. Raises ImageError with one sentence."""
    with named(path):
        return header_of(read_dicom_header(path))


def header_of(file: DicomFile) -> Header:
    """The header of a parsed file."""
    dataset = file.dataset
    if not file.has_pixels and "DirectoryRecordSequence" in dataset:
        raise ImageError("is a DICOMDIR, a list of files; open the folder it lies in")
    orientation = numbers(from_frames(dataset, "PlaneOrientationSequence", "ImageOrientationPatient"), 6)
    position = numbers(from_frames(dataset, "PlanePositionSequence", "ImagePositionPatient"), 3)
    return Header(
        kind="dicom",
        patient_id=text(dataset, "PatientID"),
        study_id=text(dataset, "StudyInstanceUID"),
        series_id=text(dataset, "SeriesInstanceUID"),
        instance_id=text(dataset, "SOPInstanceUID"),
        modality=coded(value_of(dataset, "Modality")),
        body_part=coded(value_of(dataset, "BodyPartExamined")),
        view=view_of(dataset),
        laterality=laterality_of(dataset),
        sex=parse_sex(text(dataset, "PatientSex")),
        age_years=_age(dataset),
        rows=_count(dataset, "Rows"),
        columns=_count(dataset, "Columns"),
        frames=max(1, _count(dataset, "NumberOfFrames")),
        samples=max(1, _count(dataset, "SamplesPerPixel")),
        photometric=coded(value_of(dataset, "PhotometricInterpretation")),
        transfer_syntax=file.syntax,
        instance_number=_count(dataset, "InstanceNumber", None),
        position_mm=None if position is None else _vector(position),
        orientation=tuple(orientation or ()),
        stack=tuple(str(dataset.get(word, "")) for word in _STACK_WORDS),
        has_pixels=file.has_pixels,
        burned_in={"YES": True, "NO": False}.get(coded(value_of(dataset, "BurnedInAnnotation"))),
    )


_STACK_WORDS = (
    "ImageType",
    "EchoNumbers",
    "EchoTime",
    "AcquisitionNumber",
    "TemporalPositionIdentifier",
    "TriggerTime",
)


@cache
def _tag(keyword: str) -> BaseTag:
    tag = tag_for_keyword(keyword)
    assert tag is not None, keyword
    return BaseTag(tag)


def value_of(dataset: Dataset, keyword: str) -> Any:
    """`dataset.get(keyword)`; most of what a header may hold is not there, and this says so ten times as fast."""
    tag = _tag(keyword)
    return dataset[tag].value if tag in dataset.keys() else None  # noqa: SIM118  a dataset's own `in` is slow


def text(dataset: Dataset, keyword: str) -> str:
    """A string value without padding; "" where there is none."""
    value = value_of(dataset, keyword)
    return "" if value is None else str(value).strip(" \0")


def coded(value: object) -> str:
    """A code string (CS): up to 16 capitals, digits, spaces, underscores; anything else is free text, so ""."""
    word = str(value or "").strip(" \0").upper()
    return word if re.fullmatch(r"[A-Z0-9_ ]{1,16}", word) else ""


def numbers(value: Any, count: int) -> list[float] | None:
    """`count` finite numbers, or None."""
    try:
        found = [float(item) for item in value]
    except (TypeError, ValueError):
        return None
    ok = len(found) == count and all(abs(item) < 1e12 for item in found)  # also false for NaN
    return found if ok else None


def functional_groups(dataset: Dataset, frame: int = 0) -> Iterator[Dataset]:
    """Where an enhanced file may keep a macro: this frame's own groups, the shared ones, the dataset itself."""
    per_frame = value_of(dataset, "PerFrameFunctionalGroupsSequence")
    if per_frame and frame < len(per_frame):
        yield per_frame[frame]
    if shared := value_of(dataset, "SharedFunctionalGroupsSequence"):
        yield shared[0]
    yield dataset


def from_frames(dataset: Dataset, macro: str, keyword: str, frame: int = 0) -> Any:
    """A value from its macro in the functional groups, else from the top of the dataset; None where it is nowhere."""
    for group in functional_groups(dataset, frame):
        if items := value_of(group, macro):
            value = value_of(items[0], keyword)
            if value is not None:
                return value
    return value_of(dataset, keyword)


def view_of(dataset: Dataset) -> str:
    """ "PA", "AP", "LATERAL", "MLO", "CC" … from View Position, else from the View Code Sequence; "" if neither."""
    word = coded(value_of(dataset, "ViewPosition"))
    if word:
        return _VIEWS.get(word, word)
    items = value_of(dataset, "ViewCodeSequence") or []
    meaning = str(items[0].get("CodeMeaning", "")).lower() if len(items) else ""
    return next((view for words, view in _VIEW_MEANINGS if all(part in meaning for part in words)), "")


def laterality_of(dataset: Dataset) -> str:
    """ "L", "R", "B" or ""; Image Laterality before Laterality before Frame Laterality."""
    found = (value_of(dataset, "ImageLaterality"), value_of(dataset, "Laterality"))
    words = [*found, from_frames(dataset, "FrameAnatomySequence", "FrameLaterality")]
    return next((word for word in map(coded, words) if word in ("L", "R", "B")), "")


def _age(dataset: Dataset) -> float | None:
    age = parse_age(text(dataset, "PatientAge"))
    if age is not None:
        return age
    return age_between(text(dataset, "PatientBirthDate"), text(dataset, "StudyDate"))


def _count(dataset: Dataset, keyword: str, default: Any = 0) -> Any:
    try:
        return int(value_of(dataset, keyword))
    except (TypeError, ValueError, OverflowError):
        return default


def _vector(values: list[float]) -> Vector:
    return values[0], values[1], values[2]
