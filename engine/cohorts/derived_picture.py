"""An image of a counterfactual case as a DICOM Secondary Capture that says in pixels and header what it is."""

import hashlib
from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian

from engine.counterfactuals import BADGE

__all__ = ["badged", "write_picture"]

_SECONDARY_CAPTURE = UID("1.2.840.10008.5.1.4.1.1.7")
_LEAST_SIDE, _STRIP = 512, 30  # pixels: smaller images are enlarged, so that words below them can be read
_WORDS = {
    "factual": "ORIGINAL, resampled · research use only",
    "reconstruction": f"{BADGE} · reconstruction · research use only",
    "counterfactual": f"{BADGE} · counterfactual · research use only",
}
_DERIVATION = {
    "factual": "Resampled to the size that a network sees; research use only, not for diagnosis",
    "reconstruction": "SYNTHETIC: drawn by a network from its code of an image; research use only, not for diagnosis",
    "counterfactual": "SYNTHETIC: drawn by a network as it imagines a finding; research use only, not for diagnosis",
}


def badged(picture: np.ndarray, kind: str) -> np.ndarray:
    """(h, w) float32 in [0, 1] → (H + strip, W) uint8, enlarged to 512 pixels or more, what it is in a strip below.

    All kinds have the same strip, so that pictures of one case lie over each other.
    """
    factor = max(1, -(-_LEAST_SIDE // max(picture.shape)))
    grey = Pillow.fromarray(np.round(picture * 255).astype(np.uint8))
    grey = grey.resize((grey.width * factor, grey.height * factor), Pillow.Resampling.BICUBIC)
    sheet = Pillow.new("L", (grey.width, grey.height + _STRIP), 0)
    sheet.paste(grey, (0, 0))
    ImageDraw.Draw(sheet).text(
        (8, grey.height + _STRIP // 2), _WORDS[kind], fill=255, font=ImageFont.load_default(16), anchor="lm"
    )
    return np.asarray(sheet)


def write_picture(path: Path, picture: np.ndarray, kind: str) -> None:
    """Write one file: Image Type DERIVED\\SECONDARY, no patient; the same picture gives the same bytes."""
    pixels = badged(picture, kind)
    uid = UID(f"2.25.{int(hashlib.sha256(pixels.tobytes() + path.name.encode()).hexdigest()[:32], 16)}")
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = _SECONDARY_CAPTURE, uid
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = UID(f"{uid[:60]}.1"), UID(f"{uid[:60]}.2")
    dataset.PatientName = dataset.PatientID = dataset.PatientBirthDate = dataset.PatientSex = ""
    dataset.StudyDate = dataset.StudyTime = dataset.AccessionNumber = dataset.ReferringPhysicianName = ""
    dataset.StudyID, dataset.SeriesNumber, dataset.InstanceNumber = "", None, "1"
    dataset.Modality, dataset.ConversionType = "OT", "SYN"
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = "Names nobody: made by a network, or resampled for one"
    dataset.ImageType = ["DERIVED", "SECONDARY", "", kind.upper()]
    dataset.DerivationDescription = _DERIVATION[kind]
    dataset.ImageComments = _WORDS[kind].replace("·", "-")
    dataset.BurnedInAnnotation = "YES"
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.Rows, dataset.Columns = pixels.shape
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation = 7, 0
    dataset.PixelData = pixels.tobytes() + b"\0" * (pixels.size % 2)
    dataset.SpecificCharacterSet = "ISO_IR 192"
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = _SECONDARY_CAPTURE, uid
    dataset.file_meta = meta
    dataset.save_as(path, enforce_file_format=True)
