"""What stands at the edges of an image: side letters, window, magnification, calibration. Nothing about a person. No Qt
widgets; strings go through Qt's translation."""

import re

from PySide6.QtCore import QCoreApplication

from engine.images.image import Image
from readerapp.viewer.presets import preset_text, presets_for
from readerapp.viewer.view_state import ImageView, drag_start
from readerapp.wording import QT_TRANSLATE_NOOP

__all__ = [
    "badges",
    "calibration_caption",
    "purpose_caption",
    "reading_notes",
    "scale_caption",
    "side_letters",
    "slice_caption",
    "window_caption",
]

# Notes of `engine.images` that bear on what is seen, and how they stand on the image. A note that is not one of these,
# word for word, is not shown: how a file was written could tell cases apart, and nothing unforeseen may come before a
# reader.
_READING_NOTES = (
    (r"the gantry was tilted by (?P<n>[\d.]+) degrees: .*", QT_TRANSLATE_NOOP("Captions", "gantry tilted by {n}°")),
    (
        r"slices are unevenly spaced: (?P<n>[\d.]+ to [\d.]+) mm apart",
        QT_TRANSLATE_NOOP("Captions", "slices {n} mm apart"),
    ),
    (
        r"a slice is missing after slice (?P<n>\d+): .*",
        QT_TRANSLATE_NOOP("Captions", "a slice is missing after slice {n}"),
    ),
    (r"(?P<n>\d+) slices are missing, .*", QT_TRANSLATE_NOOP("Captions", "{n} slices are missing")),
    (r"slices (?P<n>\d+ and \d+) lie at the same place", QT_TRANSLATE_NOOP("Captions", "slices {n} lie at one place")),
    (
        r"(?P<n>\d+) slices lie at the same place as .*",
        QT_TRANSLATE_NOOP("Captions", "{n} slices lie where another does"),
    ),
    (r"(?P<n>\d+) volumes, one after another", QT_TRANSLATE_NOOP("Captions", "{n} volumes, one after another")),
    (r"the file does not say how the volume lies .*", QT_TRANSLATE_NOOP("Captions", "orientation not known")),
    (r"the file asks to be turned .*", QT_TRANSLATE_NOOP("Captions", "shown as stored, may lie turned")),
)
_SMOOTHED_FROM = 8.0  # magnification from which single pixels would be seen if they were not interpolated

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
    name = f"  ({preset_text(preset)})" if preset is not None else ""
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
    """ "1.42×": screen pixels per image pixel; what is magnified much says that pixels are smoothed."""
    number = f"{scale:.2f}×" if scale < 10 else f"{scale:.1f}×"
    return f"{number} " + _tr("smoothed") if scale >= _SMOOTHED_FROM else number


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


def reading_notes(image: Image) -> list[str]:
    """What of the image's notes a reader must know: tilt, gaps, unknown orientation. Never free text of a file."""
    words = []
    for note in image.notes:
        for pattern, text in _READING_NOTES:
            if known := re.fullmatch(pattern, note):
                words.append(_tr(text).format(**known.groupdict()))
    return words


def purpose_caption(image: Image) -> str:
    """What the picture is for, and before it that no patient has it where that is so."""
    return " · ".join([*badges(image), _tr("research use only, not for diagnosis")])


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
