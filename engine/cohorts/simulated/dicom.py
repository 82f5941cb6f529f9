"""A simulated radiograph as a DICOM Digital X-Ray image, For Presentation (PS3.3 A.26), the same bytes every time.

Nothing in the file comes from a clock or from chance: UIDs are derived from the cohort's seed (PS3.5 B.2, the "2.25"
root), dates stay empty. Image Type, Series Description and Image Comments say that the picture is simulated.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian

from engine.cohorts.simulated.spec import ChestSpec, SimulatedImage
from engine.images.image import Image

DX_FOR_PRESENTATION = UID("1.2.840.10008.5.1.4.1.1.1.1.1")
_VIEW_CODES = {  # PS3.16 CID 4010
    "PA": ("272479007", "postero-anterior"),
    "AP": ("399348003", "antero-posterior"),
    "LATERAL": ("399173006", "left lateral"),
}


@dataclass(frozen=True)
class Identity:
    """Names of one image within its cohort; all are pseudonyms."""

    image_id: str
    patient_id: str
    study_id: str
    number: int  # of the image in its study, from 1
    seed: int  # of the cohort
    site: str


def write_dicom(path: Path, simulated: SimulatedImage, identity: Identity) -> None:
    """Write one DX file. Raises OSError where the place cannot be written."""
    image, spec = simulated.image, simulated.spec
    dataset = Dataset()
    _patient_and_study(dataset, spec, identity)
    _series_and_equipment(dataset, spec, identity)
    _pixels(dataset, image)
    _presentation(dataset, image)
    _positioning(dataset, image, spec)
    dataset.SOPClassUID = DX_FOR_PRESENTATION
    dataset.SOPInstanceUID = derived_uid(identity, "instance", identity.image_id)
    dataset.SpecificCharacterSet = "ISO_IR 192"
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta = meta
    dataset.save_as(path, enforce_file_format=True)


def derived_uid(identity: Identity, level: str, name: str) -> UID:
    """A UID under the UUID root (PS3.5 B.2) that depends on the cohort's seed and the object's name alone."""
    digest = hashlib.sha256(f"{identity.seed}/{level}/{name}".encode()).digest()
    return UID(f"2.25.{int.from_bytes(digest[:16], 'big')}")


def _patient_and_study(dataset: Dataset, spec: ChestSpec, identity: Identity) -> None:
    dataset.PatientName = f"Simulated^{identity.patient_id}"
    dataset.PatientID = identity.patient_id
    dataset.PatientBirthDate = ""
    dataset.PatientSex = spec.sex
    dataset.PatientAge = f"{int(spec.age_years):03d}Y"
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = "Simulated: there is no patient"
    dataset.StudyInstanceUID = derived_uid(identity, "study", identity.study_id)
    dataset.StudyDate = dataset.StudyTime = ""
    dataset.ReferringPhysicianName = ""
    dataset.StudyID = identity.study_id[-16:]
    dataset.AccessionNumber = ""
    dataset.StudyDescription = "Simulated chest radiograph"


def _series_and_equipment(dataset: Dataset, spec: ChestSpec, identity: Identity) -> None:
    dataset.Modality = "DX"
    dataset.SeriesInstanceUID = derived_uid(identity, "series", identity.image_id)
    dataset.SeriesNumber = identity.number
    dataset.SeriesDescription = f"SIMULATED chest {spec.view}"
    dataset.PresentationIntentType = "FOR PRESENTATION"
    dataset.BodyPartExamined = "CHEST"
    dataset.Manufacturer = "Simulated"
    dataset.InstitutionName = f"Simulated site {identity.site}"
    dataset.ManufacturerModelName = "readerapp chest simulator"
    dataset.InstanceNumber = "1"
    dataset.ContentDate = dataset.ContentTime = ""
    dataset.ImageType = ["DERIVED", "PRIMARY", "", "SIMULATED"]
    dataset.DerivationDescription = "Computed from a mathematical chest; research use only, not for diagnosis"
    dataset.ImageComments = "SIMULATED, no patient; research use only, not for diagnosis"
    dataset.BurnedInAnnotation = "NO"
    dataset.LossyImageCompression = "00"
    dataset.AcquisitionContextSequence = Sequence()


def _pixels(dataset: Dataset, image: Image) -> None:
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = image.photometric
    dataset.Rows, dataset.Columns = image.rows, image.columns
    dataset.BitsAllocated = 16
    dataset.BitsStored = image.bits_stored
    dataset.HighBit = image.bits_stored - 1
    dataset.PixelRepresentation = 0
    dataset.PixelData = image.pixels.astype("<u2").tobytes()


def _presentation(dataset: Dataset, image: Image) -> None:
    window = image.windows[0]
    dataset.WindowCenter, dataset.WindowWidth = f"{window.center:.1f}", f"{window.width:.0f}"
    dataset.WindowCenterWidthExplanation = window.explanation
    dataset.VOILUTFunction = window.function
    dataset.PresentationLUTShape = "INVERSE" if image.inverted else "IDENTITY"
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = "0", "1", "US"
    dataset.PixelIntensityRelationship = "LOG"
    dataset.PixelIntensityRelationshipSign = 1 if image.inverted else -1  # −1: larger values met less radiation


def _positioning(dataset: Dataset, image: Image, spec: ChestSpec) -> None:
    spacing = [f"{value:.6f}" for value in image.spacing_mm or (1.0, 1.0)]
    dataset.ImagerPixelSpacing = spacing
    dataset.DetectorType = "SCINTILLATOR"
    dataset.ViewPosition = "LL" if spec.view == "LATERAL" else spec.view
    dataset.PatientOrientation = [image.row_direction, image.column_direction]
    dataset.ImageLaterality = "U"  # a chest is unpaired, from whichever side it is seen
    dataset.PositionerType = ""
    code, meaning = _VIEW_CODES[spec.view]
    dataset.ViewCodeSequence = Sequence([_code(code, meaning)])
    dataset.ViewCodeSequence[0].ViewModifierCodeSequence = Sequence()
    dataset.AnatomicRegionSequence = Sequence([_code("51185008", "Chest")])


def _code(value: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "SCT", meaning
    return item
