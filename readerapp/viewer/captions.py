"""What stands at the edges of an image: side letters, window, magnification, calibration. Nothing about a person. No Qt
widgets; strings go through Qt's translation."""

import re
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from engine.images.image import Image
from readerapp.viewer.display import Placement
from readerapp.viewer.presets import preset_text, presets_for
from readerapp.viewer.slab import slab_frames
from readerapp.viewer.view_state import ImageView, drag_start
from readerapp.wording import QT_TRANSLATE_NOOP

__all__ = [
    "SideLetters",
    "badges",
    "calibration_caption",
    "is_synthetic",
    "orientation_caption",
    "probe_caption",
    "purpose_caption",
    "reading_notes",
    "scale_caption",
    "side_letters",
    "slice_caption",
    "true_size_caption",
    "watermark",
    "window_caption",
]

translate = QCoreApplication.translate  # by the name that `pyside6-lupdate` looks for

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
_BADGES = (QT_TRANSLATE_NOOP("Captions", "simulated"), QT_TRANSLATE_NOOP("Captions", "synthetic"))
_SMOOTHED_FROM = 8.0  # magnification from which single pixels would be seen if they were not interpolated

_OPPOSITE = {"L": "R", "R": "L", "A": "P", "P": "A", "H": "F", "F": "H"}


@dataclass(frozen=True)
class SideLetters:
    """Patient sides at the edges of the picture as it lies on the screen, "" where the header does not say."""

    left: str = ""
    top: str = ""
    right: str = ""
    bottom: str = ""


def side_letters(image: Image, view: ImageView | None = None) -> SideLetters:
    """Patient sides at the edges of the picture, turned and flipped as the view is.

    DICOM PS3.3 C.7.6.1.1.1: the row direction is towards the last column, the column direction towards the last row.
    Oblique directions show their main letter.
    """
    lies = Placement(1.0, 0.0, 0.0, 1.0, view.quarter_turns, view.flipped) if view else Placement(1.0, 0.0, 0.0)
    edges = {(-1.0, 0.0): "left", (0.0, -1.0): "top", (1.0, 0.0): "right", (0.0, 1.0): "bottom"}
    letters: dict[str, str] = {}
    for direction, along in ((image.row_direction, (1.0, 0.0)), (image.column_direction, (0.0, 1.0))):
        towards = direction[:1].upper()
        if towards in _OPPOSITE:
            across, down = lies.turned(*along)
            letters[edges[across, down]] = towards
            letters[edges[-across, -down]] = _OPPOSITE[towards]
    return SideLetters(**letters)


def orientation_caption(view: ImageView) -> str:
    """ "flipped, rotated 90°" while the picture is shown so, else "". Clockwise."""
    words = [translate("Captions", "flipped")] if view.flipped else []
    if view.quarter_turns % 4:
        words.append(translate("Captions", "rotated {angle}°").format(angle=90 * (view.quarter_turns % 4)))
    return ", ".join(words)


def window_caption(image: Image, view: ImageView) -> str:
    """ "W 1500  L −600 HU  (lung)"."""
    preset = presets_for(image).get(view.preset_id)
    name = f"  ({preset_text(preset)})" if preset is not None else ""
    if image.is_color:
        text = translate("Captions", "colour")
    elif view.window is None and image.voi_luts:
        text = translate("Captions", "lookup table of the image")
    else:
        window = drag_start(image, view)
        units = f" {image.units}" if image.units and image.units != "US" else ""
        text = f"W {_number(window.width)}  L {_number(window.center)}{units}"
    inverted = "  " + translate("Captions", "inverted") if view.inverted else ""
    return f"{text}{name}{inverted}"


def scale_caption(scale: float, smooth: bool = True, true_size: str = "") -> str:
    """ "1.42×": screen pixels per image pixel; what is magnified much says that pixels are smoothed."""
    number = f"{scale:.2f}×" if scale < 10 else f"{scale:.1f}×"
    if true_size:
        number = f"{number} {true_size}"
    if not smooth:
        return f"{number} " + translate("Captions", "not smoothed")
    return f"{number} " + translate("Captions", "smoothed") if scale >= _SMOOTHED_FROM else number


def true_size_caption(image: Image) -> str:
    """What a picture as large as life says: a header that does not calibrate knows the size at the detector only."""
    return (
        translate("Captions", "true size")
        if image.spacing_calibrated
        else translate("Captions", "true size at the detector")
    )


def calibration_caption(image: Image) -> str:
    """What is known of lengths, and the bit depth, where whole numbers are stored."""
    if image.pixels.dtype.kind not in "ui":
        bits = translate("Captions", "floating point")
    else:
        bits = translate("Captions", "{bits}-bit").format(bits=image.bits_stored)
    if image.spacing_mm is None:
        return f"{bits}, " + translate("Captions", "spacing not calibrated")
    spacing = f"{image.spacing_mm[1]:.3g} mm"
    state = (
        translate("Captions", "calibrated")
        if image.spacing_calibrated
        else translate("Captions", "at the detector, not calibrated")
    )
    return f"{bits}, {spacing} {state}"


def slice_caption(image: Image, view: ImageView) -> str:
    """ "slice 12 of 300", with "mean of 5" where several are seen as one; "" for a single image."""
    if image.frames == 1:
        return ""
    place = translate("Captions", "slice {number} of {count}").format(number=view.frame + 1, count=image.frames)
    frames = len(slab_frames(image, view.frame, view.slab))
    if frames == 1:
        return place
    mean, greatest = translate("Captions", "mean of {n} slices"), translate("Captions", "maximum of {n} slices")
    return f"{place}  {(mean if view.slab.mode == 'mean' else greatest).format(n=frames)}"


def probe_caption(value: str, view: ImageView) -> str:
    """The value under the pointer; where several slices are seen as one it is still of the one in the middle."""
    thick = value and view.slab.frames > 1
    return translate("Captions", "{value}, this slice alone").format(value=value) if thick else value


def reading_notes(image: Image) -> list[str]:
    """What of the image's notes a reader must know: tilt, gaps, unknown orientation. Never free text of a file."""
    words = []
    for note in image.notes:
        for pattern, text in _READING_NOTES:
            if known := re.fullmatch(pattern, note):
                words.append(translate("Captions", text).format(**known.groupdict()))
    return words


def purpose_caption(image: Image) -> str:
    """What the picture is for, and before it that no patient has it where that is so."""
    return " · ".join([*badges(image), translate("Captions", "research use only, not for diagnosis")])


def badges(image: Image) -> list[str]:
    """Words that must stand on an image that no patient has."""
    words = []
    for note in image.notes:
        for word in _BADGES:
            if word in note.casefold() and translate("Captions", word) not in words:
                words.append(translate("Captions", word))
    return words


def is_synthetic(image: Image) -> bool:
    """A network drew it: it bears a watermark that no key takes away."""
    return any("synthetic" in note.casefold() for note in image.notes)


def watermark() -> str:
    """What stands across a picture that a network drew."""
    return translate("Captions", "SYNTHETIC")


def _number(value: float) -> str:
    if abs(value) >= 100 or value == round(value):
        text = f"{value:.0f}"
    else:
        text = f"{value:.3g}"
    return text.replace("-", "−")
