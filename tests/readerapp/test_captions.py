"""What stands on an image: what bears on reading, and nothing that could tell whose it is."""

import numpy as np
import pytest

from engine.images.geometry import stack_order
from engine.images.image import Image
from readerapp.viewer.captions import purpose_caption, reading_notes, scale_caption


def image(*notes: str) -> Image:
    return Image(pixels=np.zeros((4, 4), np.uint16), notes=notes)


def test_what_bears_on_reading_is_told_shortly() -> None:
    notes = (
        "slices are unevenly spaced: 1.08 to 7.00 mm apart",
        "the gantry was tilted by 18.5 degrees: slices are shifted against each other",
    )
    assert reading_notes(image(*notes)) == ["slices 1.08 to 7.00 mm apart", "gantry tilted by 18.5°"]


def test_every_note_of_a_stack_is_one_that_readers_are_told() -> None:
    """The sentences that `engine.images` really writes, so that one reworded there does not vanish here."""
    for depths, sideways in (
        ([0, 1, 2, 4, 5, 6, 7, 8, 9], 0.0),
        ([0, 1, 2, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15], 0.0),
        ([0, 1, 1, 2, 3], 0.0),
        ([0, 1, 1, 2, 2, 3], 0.0),
        ([0, 1, 3.3, 4, 7.1], 0.0),
        ([0, 1, 2, 3], 0.4),
    ):
        places = [(0.0, sideways * depth, float(depth)) for depth in depths]
        notes = stack_order(places, (1, 0, 0, 0, 1, 0)).notes
        assert notes, depths
        assert len(reading_notes(image(*notes))) == len(notes), notes


@pytest.mark.parametrize(
    "note",
    [
        "the file has no DICOM preamble",
        "the file does not name its transfer syntax; read as Implicit VR Little Endian",
        "MUSTERMANN^ERIKA",
        "the gantry was tilted by 18.5 degrees",
        "3 volumes, one after another, of MUSTERMANN",
    ],
)
def test_no_other_note_comes_before_a_reader(note: str) -> None:
    assert reading_notes(image(note)) == []


def test_what_no_patient_has_says_so_with_its_purpose() -> None:
    assert purpose_caption(image("simulated")) == "simulated · research use only, not for diagnosis"
    assert purpose_caption(image()) == "research use only, not for diagnosis"


def test_much_magnified_pixels_are_said_to_be_smoothed() -> None:
    assert [scale_caption(scale) for scale in (0.224, 1.0, 7.99, 63.4)] == ["0.22×", "1.00×", "7.99×", "63.4× smoothed"]
