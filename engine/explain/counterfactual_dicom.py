"""Pictures of a counterfactual as DICOM, Secondary Capture, of which nobody can think that a patient was before it.

ImageType says DERIVED, Conversion Type SYN (PS3.3 C.8.6.1), Synthetic Data YES (C.12.1), the derivation is described in
words and, where DICOM has one, by a code (CID 7203). There is no patient's name, no id, no date. The source image is
named only where it says of itself that it was de-identified.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from textwrap import shorten
from typing import Literal

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.errors import InvalidDicomError
from pydicom.sequence import Sequence as Items
from pydicom.sr.coding import Code
from pydicom.uid import UID, ExplicitVRLittleEndian, SecondaryCaptureImageStorage

from engine.counterfactuals import BADGE, Counterfactual
from engine.explain.counterfactual_badge import STATEMENT

__all__ = ["Part", "derived_dicom", "description_of"]

# The last two are pictures of a screen: all views of one amplitude, and one drawing of every finding.
Part = Literal["reconstruction", "drawing", "difference", "views", "findings"]

_NAMED = 480  # characters of the findings of a grid: a description has 1,024 (VR ST, PS3.5 6.2)
_OF_SCREENS = 1001  # instance numbers from here on; a trajectory has 101 amplitudes at most
_SUBTRACTION = Code("113062", "DCM", "Pixel by pixel subtraction")
_RESAMPLING = Code("113085", "DCM", "Spatial resampling")
_PURPOSE = Code("121322", "DCM", "Source Image for Image Processing Operation")


def description_of(all_found: Sequence[Counterfactual], part: Part, place: int) -> str:
    """What a picture is, for every file's metadata. place: of "views" −1 is amplitude 0. Several found: "findings"."""
    found = all_found[0]
    made = f"by the diffusion run {found.base_sha256[:12]} and the head {found.run} {found.weights_sha256[:12]}"
    if part == "reconstruction":
        return f"{STATEMENT}. The image drawn again {made}, at amplitude 0."
    if part == "findings":
        towards = ", ".join(f"{each.target} {each.amplitudes[place]:+.3g}" for each in all_found)
        towards = shorten(towards, _NAMED, placeholder=" …")
        return f"{STATEMENT}. Counterfactuals of one image {made}, beside its reconstruction, by amplitude: {towards}."
    if place < 0:
        return f"{STATEMENT}. The image, and the image drawn again {made}, at amplitude 0."
    what = f"the image drawn towards {found.target} at amplitude {found.amplitudes[place]:+.6g} {made}"
    told = f"probability {found.probability:.3f} to {found.wanted[place]:.3f}, seen {found.drawn[place]:.3f}"
    if part == "drawing":
        return f"{STATEMENT}. Counterfactual: {what}; {told}."
    if part == "views":
        return (
            f"{STATEMENT}. The image, its reconstruction, the counterfactual, that is {what}, and what differs; {told}."
        )
    return f"{STATEMENT}. Difference of {what} and its reconstruction, colours: red brighter, blue darker."


def derived_dicom(
    picture: np.ndarray,
    all_found: Sequence[Counterfactual],
    part: Part,
    place: int = 0,
    source: Path | None = None,
    frame: int = 0,
) -> Dataset:
    """A whole object, to be saved with `enforce_file_format`.

    picture: of `engine.explain.counterfactual_picture`, with its badge: (h, w) or (h, w, 3) uint8. all_found: what it
    shows, one but for "findings", all with the same head. source: file of the
    image, and which frame of it; it is referred to only where it is DICOM that says it was de-identified.
    """
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    _names(dataset, all_found, part, place, picture)
    _patient_and_study(dataset)
    _series_and_equipment(dataset, all_found)
    _derivation(dataset, all_found, part, place)
    _source(dataset, source, frame)
    _pixels(dataset, picture)
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = dataset.SOPClassUID, dataset.SOPInstanceUID
    dataset.file_meta = meta
    return dataset


def _names(dataset: Dataset, all_found: Sequence[Counterfactual], part: Part, place: int, picture: np.ndarray) -> None:
    """UIDs that depend on what is in the file alone: written again, it is the same object."""
    found, targets = all_found[0], " ".join(each.target for each in all_found)
    image = hashlib.sha256(found.factual.tobytes()).hexdigest()
    series = f"{image} {found.weights_sha256} {found.base_sha256} {targets}"
    dataset.SOPClassUID = SecondaryCaptureImageStorage
    dataset.StudyInstanceUID = _uid("study", image)
    dataset.SeriesInstanceUID = _uid("series", series)
    content = hashlib.sha256(picture.tobytes()).hexdigest()
    dataset.SOPInstanceUID = _uid("image", f"{series} {part} {place} {content}")
    numbers = {"reconstruction": 1, "drawing": 2 + 2 * place, "difference": 3 + 2 * place}
    numbers |= {"findings": _OF_SCREENS, "views": _OF_SCREENS + 2 + place}
    dataset.SeriesNumber, dataset.InstanceNumber = 1, numbers[part]


def _uid(level: str, name: str) -> UID:
    """Under the UUID root (PS3.5 B.2)."""
    digest = hashlib.sha256(f"counterfactual/{level}/{name}".encode()).digest()
    return UID(f"2.25.{int.from_bytes(digest[:16], 'big')}")


def _patient_and_study(dataset: Dataset) -> None:
    dataset.PatientName = dataset.PatientBirthDate = dataset.PatientSex = ""
    dataset.PatientID = BADGE
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = "Drawn by a model; nothing of the source's header is in this file"
    dataset.StudyDate = dataset.StudyTime = dataset.StudyID = dataset.AccessionNumber = ""
    dataset.ReferringPhysicianName = ""


def _series_and_equipment(dataset: Dataset, all_found: Sequence[Counterfactual]) -> None:
    found = all_found[0]
    of = found.target if len(all_found) == 1 else f"{len(all_found)} findings"
    dataset.Modality, dataset.ConversionType = "OT", "SYN"
    dataset.SeriesDescription = f"{BADGE} {of}"[:64]
    dataset.Manufacturer = "readerapp"
    dataset.SoftwareVersions = [f"{name} {version}"[:64] for name, version in sorted(found.versions.items())]


def _derivation(dataset: Dataset, all_found: Sequence[Counterfactual], part: Part, place: int) -> None:
    dataset.ImageType = ["DERIVED", "SECONDARY", "OTHER", BADGE]
    dataset.SyntheticData = "YES"
    dataset.DerivationDescription = description_of(all_found, part, place)
    codes = [_RESAMPLING, _SUBTRACTION] if part in ("difference", "views") else [_RESAMPLING]
    dataset.DerivationCodeSequence = Items([_coded(code) for code in codes])
    dataset.ImageComments = STATEMENT
    dataset.BurnedInAnnotation = "YES"
    dataset.ContentDate = dataset.ContentTime = ""


def _coded(code: Code) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = code.value, code.scheme_designator, code.meaning
    return item


def _source(dataset: Dataset, source: Path | None, frame: int) -> None:
    named = _deidentified(source) if source is not None else None
    if named is None:
        return
    item = Dataset()
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = named.SOPClassUID, named.SOPInstanceUID
    if int(named.get("NumberOfFrames") or 1) > 1:
        item.ReferencedFrameNumber = frame + 1
    item.PurposeOfReferenceCodeSequence = Items([_coded(_PURPOSE)])
    dataset.SourceImageSequence = Items([item])


def _deidentified(source: Path) -> Dataset | None:
    """The header of a source that may be named. A UID leads back to its patient wherever it was not replaced."""
    tags = ["SOPClassUID", "SOPInstanceUID", "NumberOfFrames", "PatientIdentityRemoved"]
    try:
        header = pydicom.dcmread(source, stop_before_pixels=True, specific_tags=tags)
    except (InvalidDicomError, OSError):
        return None
    whole = "SOPClassUID" in header and "SOPInstanceUID" in header
    return header if whole and header.get("PatientIdentityRemoved") == "YES" else None


def _pixels(dataset: Dataset, picture: np.ndarray) -> None:
    colour = picture.ndim == 3
    dataset.SamplesPerPixel = 3 if colour else 1
    dataset.PhotometricInterpretation = "RGB" if colour else "MONOCHROME2"
    if colour:
        dataset.PlanarConfiguration = 0
    dataset.Rows, dataset.Columns = picture.shape[:2]
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation = 7, 0
    if not colour:
        dataset.PresentationLUTShape = "IDENTITY"
    data = np.ascontiguousarray(picture).tobytes()
    dataset.PixelData = data + b"\0" * (len(data) % 2)
