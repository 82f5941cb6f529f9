"""What stands at the edges of an image: side letters, window, magnification, calibration. Nothing about a person. No Qt
widgets; strings go through Qt's translation."""

from PySide6.QtCore import QCoreApplication

from engine.images.image import Image
from readerapp.viewer.presets import presets_for
from readerapp.viewer.view_state import ImageView, drag_start

__all__ = ["badges", "calibration_caption", "scale_caption", "side_letters", "slice_caption", "window_caption"]

_OPPOSITE = {"L": "R", "R": "L", "A": "P", "P": "A", "H": "F", "F": "H"}


def _tr(text: str) -> str:
    return QCoreApplication.translate("Captions", text)


def side_letters(image: Image) -> tuple[str, str]:
    """Patient sides at the (left, right) edge of the picture, "" where the header does not say.

    DICOM PS3.3 C.7.6.1.1.1: the row direction is towards the last column. Oblique directions show their main letter.
    """
    right = image.row_direction[:1].upper()
    left = _OPPOSITE.get(right, "")
    return (left, right) if left else ("", "")


def window_caption(image: Image, view: ImageView) -> str:
    """ "W 1500  L −600 HU  (lung)"."""
    preset = presets_for(image).get(view.preset_id)
    name = f"  ({_tr(preset.name)})" if preset is not None else ""
    if image.is_color:
        text = _tr("colour")
    elif view.window is None and image.voi_luts:
        text = _tr("lookup table of the image")
    else:
        window = drag_start(image, view)
        units = f" {image.units}" if image.units and image.units != "US" else ""
        text = f"W {_number(window.width)}  L {_number(window.center)}{units}"
    inverted = "  " + _tr("inverted") if view.inverted else ""
    return f"{text}{name}{inverted}"


def scale_caption(scale: float) -> str:
    """ "1.42×": screen pixels per image pixel."""
    return f"{scale:.2f}×" if scale < 10 else f"{scale:.1f}×"


def calibration_caption(image: Image) -> str:
    """What is known of lengths, and the bit depth."""
    bits = _tr("{bits}-bit").format(bits=image.bits_stored if image.pixels.dtype.kind in "ui" else "float")
    if image.spacing_mm is None:
        return f"{bits}, " + _tr("spacing not calibrated")
    spacing = f"{image.spacing_mm[1]:.3g} mm"
    state = _tr("calibrated") if image.spacing_calibrated else _tr("at the detector, not calibrated")
    return f"{bits}, {spacing} {state}"


def slice_caption(image: Image, frame: int) -> str:
    """ "slice 12 of 300", "" for a single image."""
    if image.frames == 1:
        return ""
    return _tr("slice {number} of {count}").format(number=frame + 1, count=image.frames)


def badges(image: Image) -> list[str]:
    """Words that must stand on an image that no patient has."""
    words = []
    for note in image.notes:
        for word in ("simulated", "synthetic"):
            if word in note.casefold() and _tr(word) not in words:
                words.append(_tr(word))
    return words


def _number(value: float) -> str:
    if abs(value) >= 100 or value == round(value):
        text = f"{value:.0f}"
    else:
        text = f"{value:.3g}"
    return text.replace("-", "−")
