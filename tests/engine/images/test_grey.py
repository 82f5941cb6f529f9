"""The grey pipeline against values worked out by hand from PS3.3 and against pydicom's own pipeline."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_modality_lut, apply_voi_lut, apply_windowing

from engine.images import Image, Lut, Window, open_image
from engine.images.grey import (
    default_window,
    display_table,
    full_window,
    modality_value,
    modality_values,
    percentile_window,
    presentation,
    quantized,
)

STORED = np.arange(0, 4096, dtype=np.uint16).reshape(64, 64)


def screen(image: Image, window: Window | Lut | None, **options: object) -> np.ndarray:
    return display_table(image, window, **options).apply(quantized(image))  # type: ignore[arg-type]


# PS3.3 C.11.2.1.2.1: c = 2048, w = 4096 on 12 bits is y = ((x - 2047.5) / 4095 + 0.5) * 255, so x * 255 / 4095;
# Note 2 of the clause gives the two other cases: c = 2048, w = 1 splits at 2047.5, c = 0, w = 100 clips at -50 and 49.
@pytest.mark.parametrize(
    ("window", "values"),
    [
        (Window(2048, 4096), {0: 0, 1: 0, 9: 1, 2047: 127, 2048: 128, 4094: 255, 4095: 255}),
        (Window(2048, 1), {2047: 0, 2048: 255}),
        (Window(100, 100), {50: 0, 51: 3, 100: 129, 149: 255, 150: 255}),
        # C.11.2.1.3.2: LINEAR_EXACT, c = 100, w = 100: 50 to 150, (x - 50) / 100 * 255
        (Window(100, 100, "LINEAR_EXACT"), {50: 0, 51: 3, 100: 128, 149: 252, 150: 255, 151: 255}),
        # C.11.2.1.3.1: 255 / (1 + exp(-4 (x - 100) / 100)): 2.6923 % -> 255 * 0.1192 = 30.4 at 50, 224.6 at 150
        (Window(100, 100, "SIGMOID"), {0: 5, 50: 30, 100: 128, 150: 225, 200: 250, 4095: 255}),
    ],
)
def test_window_functions_by_hand(window: Window, values: dict[int, int]) -> None:
    shown = screen(Image(STORED), window).ravel()
    assert {stored: int(shown[stored]) for stored in values} == values


def test_monochrome1_and_the_readers_toggle_invert() -> None:
    plain, window = Image(STORED), Window(2048, 4096)
    negative = Image(STORED, "MONOCHROME1", inverted=True)
    assert (screen(negative, window) == 255 - screen(plain, window)).all()
    assert (screen(negative, window, inverted=True) == screen(plain, window)).all()


def test_rescale_comes_before_the_window() -> None:
    image = Image(STORED, slope=1.0, intercept=-1024.0)
    assert modality_value(image, 1024) == 0.0
    assert modality_values(image)[0, :3].tolist() == [-1024.0, -1023.0, -1022.0]
    shown = screen(image, Window(40, 400)).ravel()  # mediastinum: -160 is black, 239 is white
    assert (shown[864], shown[1263], shown[1064]) == (0, 255, 128)


def test_modality_lut_clips_at_its_ends() -> None:
    image = Image(STORED, modality_lut=Lut(10, np.array([5, 7, 9], np.uint16), 16))
    assert [modality_value(image, value) for value in (0, 10, 11, 12, 4000)] == [5.0, 5.0, 7.0, 9.0, 9.0]


def test_voi_lut_is_scaled_by_its_bits_and_is_the_default() -> None:
    lut = Lut(100, np.array([0, 512, 1023], np.uint16), 10)
    image = Image(STORED, voi_luts=(lut,), windows=(Window(1, 1),))
    shown = screen(image, None).ravel()
    assert (shown[0], shown[100], shown[101], shown[102], shown[4000]) == (0, 0, 128, 255, 255)
    assert (screen(image, lut) == screen(image, None)).all()


def test_padding_is_black_whatever_the_inversion() -> None:
    image = Image(STORED, "MONOCHROME1", inverted=True, padding=(0, 9))
    shown = screen(image, Window(2048, 4096)).ravel()
    assert (shown[:10] == 0).all() and shown[10] == 254
    assert (presentation(image).ravel()[:10] == 0).all()
    assert percentile_window(image, low=0, high=100).center == (10 + 4095) / 2


def test_default_windows() -> None:
    assert default_window(Image(STORED, windows=(Window(1, 2),))) == Window(1, 2)
    eight = Image(STORED.astype(np.uint8), bits_stored=8)
    assert (default_window(eight).center, default_window(eight).width) == (127.5, 255)
    assert (screen(eight, None) == eight.pixels).all(), "8-bit pixels are shown as stored"
    bits = percentile_window(Image(STORED))
    assert bits.center == pytest.approx(2047.5) and bits.width == pytest.approx(0.99 * 4095)
    assert full_window(Image(STORED)).width == 4095
    signed = Image(np.array([[-5, 5]], np.int8), bits_stored=8)
    assert (full_window(signed).center, full_window(signed).width) == (-0.5, 255)


def test_a_constant_image_is_shown_without_a_warning() -> None:
    constant = Image(np.full((4, 4), 7, np.uint16))
    assert screen(constant, None)[0, 0] in range(100, 156)
    assert presentation(Image(np.full((4, 4), 0.0, np.float32)))[0, 0] == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.uint32, np.int32])
def test_wide_pixels_are_quantized_consistently(dtype: type) -> None:
    values = np.linspace(0, 1e6, 5000).reshape(50, 100).astype(dtype)
    image = Image(values, bits_stored=32)
    window = Window(5e5, 1e6, "LINEAR_EXACT")
    assert quantized(image).dtype == np.uint16
    exact = np.rint(values.astype(float) / 1e6 * 255)
    assert np.abs(screen(image, window) - exact).max() <= 1
    assert (screen(image, window) == exact).mean() > 0.99


def test_32_bit_integers_of_a_small_range_are_exact() -> None:
    values = np.arange(1_000_000, 1_004_096, dtype=np.uint32).reshape(64, 64)
    image = Image(values, bits_stored=32)
    window = Window(1_002_048, 4096)
    assert (screen(image, window) == screen(Image(STORED), Window(2048, 4096))).all()


def test_what_is_not_a_number_is_black() -> None:
    values = np.array([[np.nan, np.inf, 0.0, 1.0]], np.float32)
    image = Image(values, inverted=True)
    assert quantized(image)[0, :2].tolist() == [0, 0]
    assert screen(image, Window(0.5, 1.0, "LINEAR_EXACT"))[0].tolist() == [0, 0, 255, 0]
    assert presentation(image, window=Window(0.5, 1.0, "LINEAR_EXACT"))[0].tolist() == [0.0, 0.0, 1.0, 0.0]


def test_colour_is_shown_as_stored_and_presented_as_luma() -> None:
    pixels = np.array([[[255, 0, 0], [0, 255, 0]], [[10, 20, 30], [255, 255, 255]]], np.uint8)
    image = Image(pixels, "RGB", bits_stored=8)
    assert (screen(image, None) == pixels).all()
    expected = [[0.299, 0.587], [0.299 * 10 / 255 + 0.587 * 20 / 255 + 0.114 * 30 / 255, 1.0]]
    assert np.allclose(presentation(image), expected, atol=1e-6)


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")  # pydicom's, far from the window
@settings(deadline=None)
@given(
    center=st.floats(-3000, 3000),
    width=st.floats(1, 5000),
    function=st.sampled_from(["LINEAR", "LINEAR_EXACT", "SIGMOID"]),
    slope=st.floats(0.01, 4),
    intercept=st.floats(-2000, 2000),
    inverted=st.booleans(),
)
def test_table_is_the_rounded_float_pipeline(
    center: float, width: float, function: str, slope: float, intercept: float, inverted: bool
) -> None:
    """The oracle is pydicom's windowing of the rescaled values, from another hand than ours."""
    stored = np.arange(-2048, 2048, dtype=np.int16)
    image = Image(stored.reshape(64, 64), slope=slope, intercept=intercept, inverted=inverted)
    grey = oracle(stored * slope + intercept, center, width, function)
    expected = np.rint((1 - grey if inverted else grey) * 255).reshape(64, 64)
    table = display_table(image, Window(center, width, function))  # type: ignore[arg-type]
    shown = table.apply(quantized(image))
    close = np.abs((1 - grey if inverted else grey) * 255 % 1 - 0.5).reshape(64, 64) < 1e-6  # a tie may fall either way
    assert (shown == expected)[~close].all()
    assert (table.values[image.pixels.astype(int) - table.first] == shown).all()
    assert len(table.values) <= 65_536 and table.values.dtype == np.uint8


def oracle(modality: np.ndarray, center: float, width: float, function: str) -> np.ndarray:
    """Grey in [0, 1] from pydicom."""
    dataset = Dataset()
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsStored, dataset.PixelRepresentation = 16, 0
    dataset.WindowCenter, dataset.WindowWidth, dataset.VOILUTFunction = center, width, function
    return np.asarray(apply_windowing(modality.astype(np.float64), dataset)) / 65_535


@pytest.mark.parametrize(
    "name",
    [
        "radiographs/cxr_mono1_10bit_gdcm.dcm",
        "radiographs/dx_mono1_veterinary.dcm",
        "formats/MR_small.dcm",
        "formats/MR-SIEMENS-DICOM-WithOverlays.dcm",
        "syntax_ct/ct_1.2.840.10008.1.2.1.dcm",
        "formats/vlut_04.dcm",
    ],
)
def test_golden_pixels_of_real_files(shared_data: Path, name: str) -> None:
    path = shared_data / "dicom" / name
    dataset = dcmread(path)
    image = open_image(path)
    values = apply_modality_lut(dataset.pixel_array, dataset)
    assert np.allclose(modality_values(image), values)
    grey = voi_oracle(np.asarray(values, np.float64), dataset)
    if dataset.PhotometricInterpretation == "MONOCHROME1":
        grey = 1 - grey
    assert np.abs(screen(image, None).astype(float) - grey * 255).max() <= 0.5 + 1e-6
    assert np.abs(presentation(image) - grey).max() < 1e-6


def voi_oracle(values: np.ndarray, dataset: Dataset) -> np.ndarray:
    if "VOILUTSequence" in dataset:
        bits = dataset.VOILUTSequence[0].LUTDescriptor[2]
        return np.asarray(apply_voi_lut(values.astype(np.uint16), dataset)) / (2**bits - 1)
    center, width = dataset.WindowCenter, dataset.WindowWidth
    if not isinstance(center, float):
        center, width = center[0], width[0]
    return oracle(values, float(center), float(width), "LINEAR")


def test_modality_lut_of_a_real_file(shared_data: Path) -> None:
    path = shared_data / "dicom/formats/mlut_18.dcm"
    dataset = dcmread(path)
    expected = apply_modality_lut(dataset.pixel_array, dataset)
    assert np.array_equal(modality_values(open_image(path)), expected.astype(np.float32))


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.uint16, np.int16])
@pytest.mark.parametrize("shape", [(1, 1), (181, 362), (300, 217)])  # below, about and above what is taken at once
def test_looking_up_in_pieces_is_looking_up(dtype: type, shape: tuple[int, int]) -> None:
    limits = np.iinfo(dtype)
    stored = np.random.default_rng(0).integers(limits.min, limits.max, shape, dtype, endpoint=True)
    table = display_table(Image(stored, bits_stored=limits.bits), Window(limits.max / 3, limits.max / 2))
    expected = table.values[stored.astype(np.int64) - table.first]
    assert np.array_equal(table.apply(stored), expected)
    assert np.array_equal(table.apply(stored[::-1, ::2]), expected[::-1, ::2])


@pytest.mark.parametrize("padding", [(-5.5, 7.25), (-40_000.0, -32_768.0), (float("nan"), float("nan")), (9.0, 3.0)])
def test_padding_blackens_its_own_values_only(padding: tuple[float, float]) -> None:
    stored = np.zeros((2, 2), np.int16)
    window = Window(0.0, 4.0, "LINEAR_EXACT")
    plain = display_table(Image(stored), window, inverted=True).values
    padded = display_table(Image(stored, padding=padding), window, inverted=True).values
    values = np.arange(-32_768, 32_768)
    inside = (values >= padding[0]) & (values <= padding[1])
    assert np.array_equal(padded, np.where(inside, 0, plain))


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint16"])
def test_a_table_of_the_values_in_use_is_the_table(dtype: str) -> None:
    pixels = np.arange(100, dtype=dtype).reshape(10, 10)
    image = Image(pixels=pixels, bits_stored=8 * pixels.itemsize, padding=(3, 4), inverted=True)
    window = Window(50, 60)
    whole = display_table(image, window)
    used = (10 - whole.first, 70 - whole.first)
    part = display_table(image, window, used=used)
    assert part.first == whole.first and len(part.values) == len(whole.values)
    np.testing.assert_array_equal(part.values[used[0] : used[1] + 1], whole.values[used[0] : used[1] + 1])
    assert not part.values[: used[0]].any() and not part.values[used[1] + 1 :].any()
