"""Pixel spacing and what it is worth, PS3.3 10.7."""

from dataclasses import dataclass, replace

from pydicom.dataset import Dataset

from engine.images.dicom_header import coded, from_frames, numbers, value_of

# Projections: Pixel Spacing may be that of the detector, larger than the patient's by an unknown magnification.
_PROJECTIONS = {"CR", "DX", "MG", "XA", "RF", "PX", "IO", "DR", "RG", "XRF"}
_LARGEST_MM = 1000.0


@dataclass(frozen=True)
class Spacing:
    """mm between rows and between columns; calibrated means distances in the patient may be read off."""

    between: tuple[float, float] | None
    calibrated: bool = False
    notes: tuple[str, ...] = ()


def pixel_spacing(dataset: Dataset) -> Spacing:
    """The best spacing a header offers (PS3.3 10.7.1.1 to 10.7.1.3); one that cannot be one is left out with a note."""
    stated = from_frames(dataset, "PixelMeasuresSequence", "PixelSpacing")
    spacing = _best_spacing(dataset, _pair(stated))
    if stated in (None, "") or _pair(stated) is not None:
        return spacing
    note = "the Pixel Spacing (0028,0030) of the header is not two positive lengths and was left out"
    return replace(spacing, notes=(*spacing.notes, note))


def _best_spacing(dataset: Dataset, pixel: tuple[float, float] | None) -> Spacing:
    imager = _pair(value_of(dataset, "ImagerPixelSpacing"))
    projection = coded(value_of(dataset, "Modality")) in _PROJECTIONS or imager is not None
    if pixel is not None:
        if not projection:
            return Spacing(pixel, True)
        declared = coded(value_of(dataset, "PixelSpacingCalibrationType")) in ("GEOMETRY", "FIDUCIAL")
        differs = imager is not None and any(abs(p - i) > 1e-6 * i for p, i in zip(pixel, imager))
        if declared or differs:  # 10.7.1.3: equal to the detector's own means not corrected
            return Spacing(pixel, True)
        return Spacing(pixel, False)
    if imager is not None:
        return _at_detector(dataset, imager)
    if regions := value_of(dataset, "SequenceOfUltrasoundRegions"):
        return _ultrasound(regions)
    return Spacing(_pair(value_of(dataset, "NominalScannedPixelSpacing")), False)


def _at_detector(dataset: Dataset, imager: tuple[float, float]) -> Spacing:
    """Divided by the Estimated Radiographic Magnification Factor (0018,1114) where there is one."""
    factor = numbers([value_of(dataset, "EstimatedRadiographicMagnificationFactor")], 1)
    if factor is None or not 1.0 <= factor[0] <= 10.0:
        return Spacing(imager, False)
    row, column = imager
    note = f"spacing is that of the detector divided by the estimated magnification {factor[0]:.3g}"
    return Spacing((row / factor[0], column / factor[0]), True, (note,))


def _ultrasound(regions: list[Dataset]) -> Spacing:
    """C.8.5.5: 2D tissue regions in centimetres; used where all of them agree."""
    found = set()
    for region in regions:
        units = region.get("PhysicalUnitsXDirection"), region.get("PhysicalUnitsYDirection")
        if region.get("RegionSpatialFormat") == 1 and units == (3, 3):
            deltas = numbers([region.get("PhysicalDeltaY"), region.get("PhysicalDeltaX")], 2)
            if deltas is not None:
                found.add((round(abs(deltas[0]) * 10, 6), round(abs(deltas[1]) * 10, 6)))
    if len(found) != 1:
        return Spacing(None)
    return Spacing(_pair(found.pop()), True)


def _pair(value: object) -> tuple[float, float] | None:
    found = numbers(value, 2)
    if found is None or not all(0 < size < _LARGEST_MM for size in found):
        return None
    return found[0], found[1]
