"""What a file says about its image without its pixels being read; the importers' and the desk's side of a file."""

import math
import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["dicom", "nifti", "raster"]
Vector = tuple[float, float, float]

OLDEST_YEARS = 120.0
_DAYS_PER_YEAR = 365.25
_YEARS_PER_UNIT = {"D": 1 / _DAYS_PER_YEAR, "W": 7 / _DAYS_PER_YEAR, "M": 1 / 12, "Y": 1.0, "": 1.0}
# Modalities whose files usually carry letters in the pixels (ultrasound machines, captured screens, scanned film).
_TEXT_MODALITIES = {"US", "OT", "SC", "XC", "ES", "GM", "IVUS", "DG"}


@dataclass(frozen=True)
class Header:
    """The identifying and geometric part of a file. It names the patient: it stays on the researcher's side."""

    kind: Kind
    patient_id: str = ""
    study_id: str = ""  # Study Instance UID
    series_id: str = ""  # Series Instance UID
    instance_id: str = ""  # SOP Instance UID
    modality: str = ""
    body_part: str = ""
    view: str = ""  # "PA", "AP", "LATERAL", "MLO", "CC" …
    laterality: str = ""  # "L", "R", "B", ""
    sex: str = ""  # "F", "M", ""
    age_years: float | None = None
    rows: int = 0
    columns: int = 0
    frames: int = 1
    samples: int = 1  # 3 for colour
    photometric: str = ""  # Photometric Interpretation as stored
    transfer_syntax: str = ""
    instance_number: int | None = None
    position_mm: Vector | None = None  # of the first pixel, in the patient (PS3.3 C.7.6.2.1.1)
    orientation: tuple[float, ...] = ()  # six direction cosines: along a row, down a column
    # What tells the stacks of one series apart where positions repeat: echo, acquisition, time point, image type.
    stack: tuple[str, ...] = ()
    has_pixels: bool = True
    burned_in: bool | None = None  # Burned In Annotation (0028,0301); None where the file does not say

    @property
    def burned_in_suspected(self) -> bool:
        """The file says that text is burned in, or says nothing and is of a kind that usually has some."""
        return self.burned_in is True or (self.burned_in is None and self.modality in _TEXT_MODALITIES)

    @property
    def no_image(self) -> str:
        """Why the file cannot be an image, as far as its header tells; "" where nothing speaks against it."""
        if self.has_pixels:
            missing = "Rows" if not self.rows else "Columns" if not self.columns else ""
            return f"its header has no {missing}, so its pixels cannot be read" if missing else ""
        if self.rows and self.photometric:
            return "ends before its pixel data, although its header describes an image"
        return f"holds no pixels (modality {self.modality})" if self.modality else "holds no pixels"

    @property
    def normal(self) -> Vector | None:
        """Unit normal of the image plane, row direction × column direction; None where the plane is unknown."""
        if len(self.orientation) != 6:
            return None
        a, b, c, d, e, f = self.orientation
        normal = (b * f - c * e, c * d - a * f, a * e - b * d)
        length = math.sqrt(sum(value * value for value in normal))
        return None if length < 0.5 else (normal[0] / length, normal[1] / length, normal[2] / length)

    @property
    def depth_mm(self) -> float | None:
        """Distance of the image plane from the origin along its normal."""
        if self.normal is None or self.position_mm is None:
            return None
        return sum(n * p for n, p in zip(self.normal, self.position_mm))


def parse_sex(text: str) -> str:
    """ "F", "M", or "" for other, unknown and empty."""
    word = text.strip().upper()
    return {"FEMALE": "F", "WOMAN": "F", "MALE": "M", "MAN": "M"}.get(word, word if word in ("F", "M") else "")


def parse_age(text: str) -> float | None:
    """Years of a DICOM age string: "028Y", "18M", "3W", "62" (years); None where empty, odd, or above 120 years.

    Zero years stands for "not filled in" in too many files to be believed; "000D" is a newborn.
    """
    match = re.fullmatch(r"\s*(\d{1,4}(?:\.\d+)?)\s*([DWMY]?)\s*", text.upper())
    if not match:
        return None
    number, unit = float(match[1]), match[2]
    years = number * _YEARS_PER_UNIT[unit]
    if years > OLDEST_YEARS or (number == 0 and unit in ("", "Y")):
        return None
    return years


def age_between(birth: str, study: str) -> float | None:
    """Years from one DICOM date ("YYYYMMDD") to another; None where either is missing or the age is impossible.

    Born on the day of the study is how de-identified files say that they say nothing.
    """
    try:
        born, seen = (date(int(t[:4]), int(t[4:6]), int(t[6:8])) for t in (birth.strip(), study.strip()))
    except ValueError:
        return None
    years = (seen - born).days / _DAYS_PER_YEAR
    return years if 0 < years <= OLDEST_YEARS else None
