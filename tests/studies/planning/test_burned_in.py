import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from engine.images import Image, open_image, read_header
from engine.images.header import Header
from studies.planning.burned_in import longest_row, suspect_burned_in


def film(size=512, seed=0):
    """A smooth grey ground with noise and a few bright curves, 12 bit, like a radiograph without letters."""
    rows, columns = np.mgrid[0:size, 0:size] / size
    ground = 1800 + 1200 * np.cos(7 * columns) * np.sin(5 * rows + 1)
    return ground + np.random.default_rng(seed).normal(0, 40, (size, size))


def printed(text, place=(20, 20), points=14, pixels=None, value=4095):
    pixels = film() if pixels is None else pixels
    mask = Pillow.new("L", pixels.shape[::-1])
    ImageDraw.Draw(mask).text(place, text, fill=255, font=ImageFont.load_default(points))
    share = np.asarray(mask) / 255
    return Image((pixels * (1 - share) + value * share).clip(0, 4095).astype(np.uint16), bits_stored=12)


@pytest.mark.parametrize("text", ["DOE^JANE 1961-03-04", "PORTABLE", "Patient: 4711"])
@pytest.mark.parametrize("points", [10, 14, 28])
def test_printed_text_is_suspected(text, points):
    flag = suspect_burned_in(printed(text, points=points))
    assert "shapes like printed letters stand in a row at row" in flag


def test_black_print_on_grey_is_suspected():
    assert suspect_burned_in(printed("PORTABLE", points=20, value=0)) != ""


def test_text_is_suspected_in_large_images_and_in_the_last_frame():
    large = printed("DOE JANE", points=60, place=(200, 200), pixels=film(3000))
    assert suspect_burned_in(large) != ""
    plain, last = printed("").pixels, printed("DOE JANE").pixels
    stack = Image(np.stack([plain, plain, plain, last]), bits_stored=12)
    assert suspect_burned_in(stack).endswith("of frame 4 of 4")


@pytest.mark.parametrize("marker", ["L", "R", "L AB", ""])
@pytest.mark.parametrize("points", [16, 40])
def test_side_markers_and_plain_films_are_not(marker, points):
    assert suspect_burned_in(printed(marker, points=points)) == ""


def test_a_row_is_where_the_text_stands():
    row = longest_row(printed("PORTABLE", place=(300, 100), points=16))
    assert 95 <= row[0].top <= 115 and 295 <= row[0].left <= 310
    assert [letter.left for letter in row] == sorted(letter.left for letter in row)


@pytest.mark.parametrize("value", [0, 700, 4095])
def test_an_empty_image_has_no_letters(value):
    assert longest_row(Image(np.full((40, 40), value, np.uint16), bits_stored=12)) == []


def test_what_the_header_says_comes_first_and_ultrasound_is_looked_at():
    plain = printed("")
    assert "(0028,0301)" in suspect_burned_in(plain, Header("dicom", burned_in=True))
    assert "modality US" in suspect_burned_in(plain, Header("dicom", modality="US"))
    assert suspect_burned_in(plain, Header("dicom", modality="US", burned_in=False)) == ""


# Looked at by eye: all 36 that the search names among the 457 radiographs have printed words ("PORTABLE", "liegend" …).
WITH_WORDS = ["ccx_436a6348", "ccx_527321ee", "ccx_61bc50d1", "nih_00001620_005", "nih_00016568_052"]
WITHOUT_WORDS = ["nih_00005360_004", "nih_00010512_009", "nih_00028317_001", "nih_00008008_005", "ccx_c0f74558"]


@pytest.mark.parametrize("name", WITH_WORDS)
def test_real_radiographs_with_words(shared_data, name):
    assert suspect_burned_in(open_image(shared_data / "cxr" / "images" / f"{name}.png")) != ""


@pytest.mark.parametrize("name", WITHOUT_WORDS)
def test_real_radiographs_without_words(shared_data, name):
    assert suspect_burned_in(open_image(shared_data / "cxr" / "images" / f"{name}.png")) == ""


@pytest.mark.parametrize("name", ["examples_ybr_color", "US1_J2KR", "examples_palette"])
def test_real_ultrasound(shared_data, name):
    path = shared_data / "dicom" / "formats" / f"{name}.dcm"
    assert suspect_burned_in(open_image(path), read_header(path)) != ""


@pytest.mark.full
def test_few_of_all_real_radiographs_are_named(shared_data):
    flagged = [path.stem for path in (shared_data / "cxr" / "images").iterdir() if suspect_burned_in(open_image(path))]
    assert len(flagged) == 36 and set(WITH_WORDS) <= set(flagged)
