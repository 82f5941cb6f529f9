"""Suspicion of text burned into the pixels: what a person should look at before a study goes to readers.

A header may say that annotation is burned in; most say nothing. The pixels are searched for what printed text looks
like: strokes as bright (or as dark) as the image gets, standing out from their surroundings, in connected pieces of
the size of letters that stand in a row. One or two letters, such as a side marker, are no row. The search is a help
for the eye, not a guarantee: faint, handwritten or very large text escapes it, and a row of clips or buttons may look
like letters.
"""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from engine.images.grey import full_window, presentation
from engine.images.header import Header
from engine.images.image import Image

ROW_OF_LETTERS = 4  # letters in one row that make a suspicion
_LARGEST_SIDE = 1536  # larger images are searched in blocks of pixels, each as bright as its brightest
_SMALLEST_LETTER, _LARGEST_LETTER = 5, 48  # height in pixels of what is searched
_SATURATED = 0.88  # of the full range
_CONTRAST = 0.25  # between a stroke and the darkest place around it, of the full range
_GREY_PRINT = 0.4  # of the brightest pixel: print on black ground need not be white (ultrasound)
_BRIGHT_GROUND = 0.25  # share of bright pixels above which they are ground, not print
_BLACK = 0.06  # of the brightest pixel


@dataclass(frozen=True)
class Letter:
    """A connected piece that has the size and density of a letter; rows and columns of the searched frame."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def height(self) -> int:
        return self.bottom - self.top


def suspect_burned_in(image: Image, header: Header | None = None) -> str:
    """Why burned-in text is suspected, in a few words; "" where it is not."""
    if header is not None and header.burned_in:
        return "the header says that annotation is burned in (0028,0301)"
    for frame in sorted({0, image.frames // 2, image.frames - 1}):
        if len(row := longest_row(image, frame)) >= ROW_OF_LETTERS:
            of_frames = f" of frame {frame + 1} of {image.frames}" if image.frames > 1 else ""
            return f"{len(row)} shapes like printed letters stand in a row {_place(row)}{of_frames}"
    if header is not None and header.burned_in_suspected:
        return f"images of modality {header.modality} usually have text in the pixels, and the header does not deny it"
    return ""


def longest_row(image: Image, frame: int = 0) -> list[Letter]:
    """The longest row of letter-like shapes in a frame, left to right, in stored pixels; empty where there is none."""
    grey = presentation(image, frame, full_window(image, frame))
    step = -(-max(grey.shape) // _LARGEST_SIDE)
    light, dark = _block_maximum(grey, step), _block_maximum(1 - grey, step)
    strokes = (_saturated(light), _saturated(dark), _grey_on_black(light))
    best = max((row for mask in strokes for row in _rows(_letters(mask))), key=len, default=[])
    return [Letter(piece.top * step, piece.bottom * step, piece.left * step, piece.right * step) for piece in best]


def _place(row: list[Letter]) -> str:
    top, left = min(letter.top for letter in row), min(letter.left for letter in row)
    return f"at row {top}, column {left}"


def _block_maximum(grey: np.ndarray, step: int) -> np.ndarray:
    """The brightest pixel of each block of step × step, so that thin strokes survive."""
    if step == 1:
        return grey
    rows, columns = (side // step * step for side in grey.shape)
    return grey[:rows, :columns].reshape(rows // step, step, columns // step, step).max(axis=(1, 3))


def _saturated(grey: np.ndarray) -> np.ndarray:
    """Pixels of a frame in [0, 1] that are as bright as can be and stand out from their surroundings."""
    bright = grey >= _SATURATED
    if bright.mean() > _BRIGHT_GROUND:
        return np.zeros_like(bright)
    return bright & (grey - ndimage.minimum_filter(grey, size=9) >= _CONTRAST)


def _grey_on_black(grey: np.ndarray) -> np.ndarray:
    """Pixels that stand out from black all around: print of any brightness outside the anatomy."""
    brightest = float(grey.max())
    if brightest == 0:
        return np.zeros(grey.shape, bool)
    ground = ndimage.minimum_filter(grey, size=9) <= _BLACK * brightest
    return (grey >= _GREY_PRINT * brightest) & ground


def _letters(strokes: np.ndarray) -> list[Letter]:
    """Pieces of a mask that have the size and density of letters."""
    labels, count = ndimage.label(strokes, structure=np.ones((3, 3)))
    if count == 0:
        return []
    areas = np.bincount(labels.ravel())
    largest = min(_LARGEST_LETTER, max(strokes.shape) // 12)
    letters = []
    for number, (rows, columns) in enumerate(ndimage.find_objects(labels), start=1):
        height, width = rows.stop - rows.start, columns.stop - columns.start
        if not _SMALLEST_LETTER <= height <= largest or width > 1.6 * height:
            continue
        if 0.18 <= areas[number] / (height * width) <= 0.9 or width <= 0.35 * height:
            letters.append(Letter(rows.start, rows.stop, columns.start, columns.stop))
    return letters


def _rows(letters: list[Letter]) -> list[list[Letter]]:
    """Letters of about one height, side by side, no further apart than a space is wide."""
    rows: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda letter: letter.left):
        row = next((row for row in rows if _continues(row[-1], letter)), None)
        if row is None:
            rows.append([letter])
        else:
            row.append(letter)
    return rows


def _continues(last: Letter, letter: Letter) -> bool:
    height = max(last.height, letter.height)
    gap = letter.left - last.right
    level = abs(letter.bottom - last.bottom) <= 0.25 * height
    return level and -0.2 * height <= gap <= 1.2 * height and min(last.height, letter.height) >= 0.65 * height
