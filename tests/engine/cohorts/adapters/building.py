"""Small copies of published datasets: files as the publisher names them, rows as the publisher writes them."""

import gzip
from collections.abc import Iterable
from pathlib import Path

import nibabel
import numpy as np
from PIL import Image as Raster
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

from engine.cohorts.adapters.registry import import_cohort
from engine.cohorts.cohort import Cohort, load_cohort


def write_film(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Raster.fromarray(np.full((4, 5), 7, np.uint8)).save(path)


def write_bytes(path: Path) -> None:
    """A file whose pixels nobody reads."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"pixels")


def write_csv(path: Path, header: str, rows: Iterable[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "\n".join([header, *rows]) + "\n"
    data = text.encode()
    path.write_bytes(gzip.compress(data) if path.name.endswith(".gz") else data)


def write_nifti(path: Path, slices: int = 3) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nibabel.Nifti1Image(np.zeros((4, 4, slices), np.int16), np.eye(4)).to_filename(path)


def write_ct(folder: Path, slices: int, *, named_by_uid: bool = False, modality: str = "CT") -> list[str]:
    """A CT series; gives the file names from the feet up. Names are in no order where `named_by_uid`."""
    folder.mkdir(parents=True, exist_ok=True)
    series, study, names = generate_uid(), generate_uid(), []
    for number in range(slices):
        uid = generate_uid()
        name = f"{uid}.dcm" if named_by_uid else f"1-{number + 1:03d}.dcm"
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = CTImageStorage, uid
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        slice_ = FileDataset(str(folder / name), {}, file_meta=meta, preamble=b"\0" * 128)
        slice_.SOPClassUID, slice_.SOPInstanceUID = CTImageStorage, uid
        slice_.StudyInstanceUID, slice_.SeriesInstanceUID, slice_.Modality = study, series, modality
        slice_.ImagePositionPatient, slice_.ImageOrientationPatient = [0, 0, 2.5 * number], [1, 0, 0, 0, 1, 0]
        slice_.PixelSpacing, slice_.InstanceNumber = [1, 1], number + 1
        slice_.Rows = slice_.Columns = 2
        slice_.SamplesPerPixel, slice_.PhotometricInterpretation = 1, "MONOCHROME2"
        slice_.BitsAllocated = slice_.BitsStored = 16
        slice_.HighBit, slice_.PixelRepresentation = 15, 0
        slice_.PixelData = bytes(8)
        slice_.save_as(folder / name)
        names.append(name)
    return names


def imported(adapter: str, source: Path, out: Path, **options: object) -> Cohort:
    """The cohort as it is read back from its folder."""
    import_cohort(adapter, source, out, **options)  # type: ignore[arg-type]
    return load_cohort(out)


def steps(cohort: Cohort) -> list[tuple[str, int, int]]:
    """(step, images, patients) in order."""
    return [(entry["step"], entry["images"], entry["patients"]) for entry in cohort.info["steps"]]


def printed(cohort: Cohort) -> dict[str, dict[str, int]]:
    """Step → the counts its paper gives."""
    return {entry["step"]: entry["published"] for entry in cohort.info["steps"] if "published" in entry}


def reasons(cohort: Cohort) -> dict[str, int]:
    """Reason → how many were left out for it."""
    return {entry["reason"]: entry["count"] for entry in cohort.info["dropped"]}
