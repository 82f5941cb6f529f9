"""Every real DICOM file: pixels against the manifest, and the expected outcome of each malformed one."""

import csv
import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from engine.images import ImageError, open_image, read_header
from engine.images.decoders import CODECS
from engine.images.dicom_colour import palette_to_rgb
from engine.images.dicom_file import NATIVE, read_dicom
from engine.images.dicom_pixels import stored_pixels

# One file per line of the manifest that the suite can name without the data being there.
FOLDERS = (
    "syntax_ct",
    "syntax_mr",
    "radiographs",
    "formats",
    "malformed",
    "nonimage",
    "series_ct_head",
    "dicomdir_tree",
)
# Lossy JPEG of 12 bits: two right decoders differ by one step of rounding in the inverse cosine transform.
ROUNDED = {"ct_1.2.840.10008.1.2.4.51.dcm", "JPGExtended.dcm"}
NO_IMAGE = {
    "MR_truncated.dcm": "pixel data ends after 8,130 of 8,192 bytes",
    "meta_missing_tsyntax.dcm": "its header has no Rows, so its pixels cannot be read",
    "ExplVR_LitEndNoMeta.dcm": "holds no pixels (modality RTPLAN)",
    "no_meta_group_length.dcm": "holds no pixels",
    "rtplan_truncated.dcm": "holds no pixels (modality RTPLAN)",
    "empty_charset_LEI.dcm": "holds no pixels",
    "UN_sequence.dcm": "holds no pixels",
    "report_sr.dcm": "holds no pixels (modality SR)",
    "rtstruct_no_meta.dcm": "holds no pixels (modality RTSTRUCT)",
}


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "dicom" / "manifest.csv").open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["file"].split("/")[0] in FOLDERS]
    return [row for row in rows if Path(row["file"]).name not in ("DICOMDIR", "mr_reference.nii")]


def md5(pixels: np.ndarray) -> str:
    little = pixels.astype(pixels.dtype.newbyteorder("<"))
    return hashlib.md5(np.ascontiguousarray(little).tobytes(), usedforsecurity=False).hexdigest()


def test_every_file_gives_its_pixels_or_its_sentence(shared_data: Path) -> None:
    same = 0
    for row in rows_of(shared_data):
        path = shared_data / "dicom" / row["file"]
        if sentence := NO_IMAGE.get(path.name):
            with pytest.raises(ImageError) as refused:
                open_image(path)
            assert str(refused.value) == f"{path.name}: {sentence}"
            continue
        image = open_image(path)
        header = read_header(path)
        assert (header.rows, header.columns, header.frames) == (image.rows, image.columns, image.frames), path.name
        pixels = image.pixels
        if row["PhotometricInterpretation"] == "PALETTE COLOR":  # the manifest has the indices
            pixels = stored_pixels(read_dicom(path)).array[0]
        if row["pixel_md5"] and path.name not in ROUNDED:
            assert md5(pixels) == row["pixel_md5"], f"{path.name} is not decoded to the pixels of the manifest"
            same += 1
    assert same >= 110


def test_lossless_copies_of_one_image_are_identical(shared_data: Path) -> None:
    for folder, distinct in (("syntax_ct", 9), ("syntax_mr", 9)):
        files = sorted((shared_data / "dicom" / folder).glob("*.dcm"))
        lossless = [p for p in files if (uid := read_header(p).transfer_syntax) in NATIVE or CODECS[uid].lossless]
        assert len(lossless) == distinct
        assert len({md5(open_image(path).pixels) for path in lossless}) == 1


def test_lossy_jpeg_12_bit_is_close_to_the_original(shared_data: Path) -> None:
    folder = shared_data / "dicom/syntax_ct"
    original = open_image(folder / "ct_1.2.840.10008.1.2.1.dcm").pixels.astype(float)
    for last in ("51", "53", "55"):
        image = open_image(folder / f"ct_1.2.840.10008.1.2.4.{last}.dcm")
        assert image.pixels.dtype == np.uint16 and image.bits_stored == 12
        assert np.corrcoef(image.pixels.ravel(), original.ravel())[0, 1] > 0.9999
    leg = shared_data / "dicom/radiographs"
    lossy = open_image(leg / "leg_mono1_10bit_RG3_jpeg12.dcm").pixels.astype(float)
    exact = open_image(leg / "leg_mono1_10bit_RG3_j2k_lossless.dcm").pixels.astype(float)
    assert np.abs(lossy - exact).mean() < 2.5


def test_segmentation_bits_are_the_same_native_and_rle(shared_data: Path) -> None:
    formats = shared_data / "dicom/formats"
    assert (open_image(formats / "liver.dcm").pixels == open_image(formats / "liver_rle.dcm").pixels).all()


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("malformed/no_meta.dcm", "its header was found at byte 1"),
        ("malformed/OT-PAL-8-face.dcm", "read as Implicit VR Little Endian"),
        ("radiographs/cxr_mono1_10bit_no_preamble_no_meta.dcm", "read as Implicit VR Little Endian"),
    ],
)
def test_files_without_meta_are_opened_and_say_so(shared_data: Path, name: str, note: str) -> None:
    image = open_image(shared_data / "dicom" / name)
    assert any(note in each for each in image.notes)


def test_the_file_without_meta_is_the_same_chest(shared_data: Path) -> None:
    folder = shared_data / "dicom/radiographs"
    bare = open_image(folder / "cxr_mono1_10bit_no_preamble_no_meta.dcm")
    whole = open_image(folder / "cxr_mono1_10bit_gdcm.dcm")
    assert bare.photometric == whole.photometric == "MONOCHROME1"
    assert bare.pixels.shape == whole.pixels.shape and bare.inverted


def test_palettes_against_pydicom(shared_data: Path) -> None:
    from pydicom.pixels.processing import apply_color_lut

    for name in ("formats/examples_palette.dcm", "nonimage/no_pixel_spacing.dcm"):
        dataset = dcmread(shared_data / "dicom" / name)
        expected = apply_color_lut(dataset.pixel_array, dataset)
        expected = expected >> 8 if expected.dtype == np.uint16 else expected
        assert (open_image(shared_data / "dicom" / name).pixels == expected).all()


def test_segmented_palette_by_hand() -> None:
    """PS3.3 C.7.9.2: discrete 0, 1, 2; linear of 4 up to 10; the first segment again (indirect)."""
    dataset = Dataset()
    words = [0, 3, 0, 1, 2, 1, 4, 10, 2, 1, 0, 0]
    for channel in ("Red", "Green", "Blue"):
        setattr(dataset, f"{channel}PaletteColorLookupTableDescriptor", [10, 0, 16])
        data = np.array(words, "<u2").tobytes()
        setattr(dataset, f"Segmented{channel}PaletteColorLookupTableData", data)
    dataset.set_original_encoding(False, True)
    rgb = palette_to_rgb(np.arange(10, dtype=np.uint8), dataset)
    assert rgb[:, 0].tolist() == [0, 1, 2, 4, 6, 8, 10, 0, 1, 2]


def test_overlays(shared_data: Path) -> None:
    image = open_image(shared_data / "dicom/formats/MR-SIEMENS-DICOM-WithOverlays.dcm")
    dataset = dcmread(shared_data / "dicom/formats/MR-SIEMENS-DICOM-WithOverlays.dcm")
    assert image.overlays and image.overlays[0].mask.shape == image.pixels.shape
    assert (image.overlays[0].mask == dataset.overlay_array(0x6000).astype(bool)).all()


def written(folder: Path, pixels: np.ndarray, syntax: str = ExplicitVRLittleEndian, **attributes: object) -> Path:
    """A small DICOM file with these pixels and attributes."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.1.1", "1.2.3"
    dataset.Modality = "DX"
    dataset.Rows, dataset.Columns = pixels.shape[-2:]
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 8 * pixels.dtype.itemsize
    dataset.HighBit, dataset.PixelRepresentation = dataset.BitsStored - 1, int(pixels.dtype.kind == "i")
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    dataset.PixelData = pixels.astype(pixels.dtype.newbyteorder(order)).tobytes()
    dataset["PixelData"].VR = "OB" if pixels.dtype.itemsize == 1 else "OW"
    path = folder / "made.dcm"
    dataset.save_as(path, enforce_file_format=True)
    return path


RAMP = np.arange(64, dtype=np.uint16).reshape(8, 8)


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian])
@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32])
def test_native_pixels_in_every_size_and_order(tmp_path: Path, syntax: str, dtype: type) -> None:
    pixels = (RAMP * 3 - 60).astype(dtype)
    opened = open_image(written(tmp_path, pixels, syntax)).pixels
    assert opened.dtype == dtype and opened.dtype.isnative and (opened == pixels).all()


def test_8_bit_pixels_in_big_endian_words_are_swapped(tmp_path: Path) -> None:
    """PS3.5 8.1.1 and A.3: an OW value is a row of 16-bit words, whatever is in them."""
    words = RAMP.astype(np.uint8).view("<u2").byteswap().view(np.uint8)
    path = written(tmp_path, words, ExplicitVRBigEndian)
    data = path.read_bytes()
    place = data.rindex(b"\x7f\xe0\x00\x10OB")
    path.write_bytes(data[: place + 4] + b"OW" + data[place + 6 :])
    assert (open_image(path).pixels == RAMP).all()


def test_high_bits_are_cut_and_an_embedded_overlay_is_found(tmp_path: Path) -> None:
    mask = (RAMP % 5 == 0).astype(np.uint16)
    path = written(tmp_path, RAMP | mask << 12, BitsStored=12, HighBit=11)
    dataset = dcmread(path)
    for element, vr, value in (
        (0x10, "US", 8),
        (0x11, "US", 8),
        (0x40, "CS", "G"),
        (0x100, "US", 16),
        (0x102, "US", 12),
    ):
        dataset.add_new((0x6000, element), vr, value)
    dataset.save_as(path)
    image = open_image(path)
    assert (image.pixels == RAMP).all()
    assert (image.overlays[0].mask == mask.astype(bool)).all() and image.overlays[0].label == "graphics"


def test_signed_12_bit_pixels_get_their_sign(tmp_path: Path) -> None:
    stored = np.array([[0x0FFF, 0x0800], [0x07FF, 0]], np.int16)  # -1, -2048, 2047, 0
    path = written(tmp_path, stored, BitsStored=12, HighBit=11)
    assert open_image(path).pixels.tolist() == [[-1, -2048], [2047, 0]]


def test_several_windows_with_explanations(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        RAMP,
        WindowCenter=[40, 300, 5],
        WindowWidth=[400, 1500, 0],
        WindowCenterWidthExplanation=["SOFT", "BONE", "BAD"],
        VOILUTFunction="SIGMOID",
        PresentationLUTShape="INVERSE",
        PixelPaddingValue=0,
        PixelPaddingRangeLimit=3,
    )
    image = open_image(path)
    assert [(w.center, w.width, w.function, w.explanation) for w in image.windows] == [
        (40, 400, "SIGMOID", "SOFT"),
        (300, 1500, "SIGMOID", "BONE"),
    ]
    assert image.inverted and image.padding == (0, 3)
    assert "window 3 of the header has an impossible center or width and was left out" in image.notes


@pytest.mark.parametrize(
    ("attributes", "spacing", "calibrated"),
    [
        ({}, None, False),
        ({"ImagerPixelSpacing": [0.2, 0.1]}, (0.2, 0.1), False),
        ({"ImagerPixelSpacing": [0.2, 0.2], "PixelSpacing": [0.2, 0.2]}, (0.2, 0.2), False),
        ({"ImagerPixelSpacing": [0.2, 0.2], "PixelSpacing": [0.18, 0.18]}, (0.18, 0.18), True),
        ({"PixelSpacing": [0.2, 0.2]}, (0.2, 0.2), False),
        ({"PixelSpacing": [0.2, 0.2], "PixelSpacingCalibrationType": "FIDUCIAL"}, (0.2, 0.2), True),
        ({"ImagerPixelSpacing": [0.2, 0.2], "EstimatedRadiographicMagnificationFactor": "1.25"}, (0.16, 0.16), True),
        ({"PixelSpacing": [0, 0.2]}, None, False),
        ({"PixelSpacing": [-0.2, -0.2], "ImagerPixelSpacing": [0.3, 0.3]}, (0.3, 0.3), False),
        ({"Modality": "CT", "PixelSpacing": [0.7, 0.6]}, (0.7, 0.6), True),
    ],
)
def test_spacing_and_calibration(
    tmp_path: Path, attributes: dict[str, Any], spacing: tuple[float, float] | None, calibrated: bool
) -> None:
    """PS3.3 10.7.1.3."""
    image = open_image(written(tmp_path, RAMP, **attributes))
    assert image.spacing_mm == (None if spacing is None else pytest.approx(spacing))
    assert image.spacing_calibrated is calibrated
    impossible = min(attributes.get("PixelSpacing", [1])) <= 0
    assert any("Pixel Spacing (0028,0030)" in note for note in image.notes) is impossible


@pytest.mark.parametrize(
    ("attributes", "sentence"),
    [
        ({"Rows": 60_000, "Columns": 60_000}, "declares 60,000 x 60,000 pixels"),
        ({"NumberOfFrames": "100000000"}, "declares 100,000,000 frames"),
        ({"Rows": 0}, "declares an empty image"),
        ({"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB"}, "pixel data ends after 128 of 384 bytes"),
        ({"BitsAllocated": 12}, "12 bits allocated"),
        ({"BitsStored": 17}, "17 bits stored"),
        ({"PhotometricInterpretation": "HSV"}, "'HSV'"),
    ],
)
def test_impossible_headers_are_refused(tmp_path: Path, attributes: dict[str, object], sentence: str) -> None:
    path = written(tmp_path, RAMP, **attributes)
    with pytest.raises(ImageError, match=sentence.replace("(", r"\(")) as refused:
        open_image(path)
    assert str(refused.value).startswith("made.dcm: ") and str(tmp_path) not in str(refused.value)


def test_a_deflated_bomb_is_refused(tmp_path: Path) -> None:
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    bomb = packer.compress(bytes(2**28)) + packer.flush()
    path = written(tmp_path, RAMP)
    head = dcmread(path, stop_before_pixels=True)
    head.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1.99"
    buffer = io.BytesIO()
    head.save_as(buffer, enforce_file_format=True)
    made = buffer.getvalue()
    path.write_bytes(made[: 144 + int.from_bytes(made[140:144], "little")] + bomb)
    with pytest.raises(ImageError, match="deflated data grow beyond"):
        open_image(path)


def test_deeply_nested_sequences_are_refused(tmp_path: Path) -> None:
    nested = (b"\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\xff\xff\xff\xff") * 20_000
    path = tmp_path / "deep.dcm"
    path.write_bytes(bytes(128) + b"DICM" + b"\x02\x00\x10\x00UI\x14\x001.2.840.10008.1.2.1\0" + nested)
    with pytest.raises(ImageError, match=r"^deep\.dcm: "):
        open_image(path)


@pytest.mark.parametrize("content", [b"", b"hello", bytes(1000), b"DICM", b"\x08\x00", b"\x1f\x8bnothing"])
def test_what_is_no_image(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "thing.dcm"
    path.write_bytes(content)
    for reader in (open_image, read_header):
        with pytest.raises(ImageError, match=r"^thing\.dcm: ") as refused:
            reader(path)
        assert "\n" not in str(refused.value)


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=r"^gone\.dcm: there is no such file$"):
        open_image(tmp_path / "gone.dcm")
    with pytest.raises(ImageError, match="is a folder"):
        open_image(tmp_path)


def test_a_plain_header_is_what_pydicom_reads_of_it(shared_data: Path) -> None:
    """Every element of an even group, value by value; private ones are passed over in plain headers."""
    compared = 0
    for path in sorted((shared_data / "dicom" / "syntax_ct").iterdir()):
        ours, theirs = read_dicom(path).dataset, dcmread(path, stop_before_pixels=True)
        public = [element for element in theirs if not element.tag.is_private]
        assert [element for element in ours if not element.tag.is_private] == public, path.name
        compared += sum(element.tag.is_private for element in theirs) > len(list(ours.group_dataset(0x0019)))
    assert compared >= 10  # files whose private elements were passed over


@pytest.mark.parametrize("length", [0, 1, 2, 400])
def test_private_elements_around_public_ones_are_passed_over(tmp_path: Path, length: int) -> None:
    dataset = small_dataset()
    block = dataset.private_block(0x0019, "SOMEONE", create=True)
    block.add_new(0x01, "OB", b"\x7f" * (length // 2 * 2))
    block.add_new(0x02, "UL", 0x7FE00010)
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SeriesDescription = "Thorax, aufrecht \u00e4\u00f6"
    dataset.PatientName = "\u0141ukasz"
    dataset.save_as(tmp_path / "private.dcm", enforce_file_format=True)
    found = read_dicom(tmp_path / "private.dcm")
    assert not any(element.tag.is_private for element in found.dataset)
    assert (found.dataset.SeriesDescription, str(found.dataset.PatientName)) == ("Thorax, aufrecht äö", "Łukasz")
    assert np.array_equal(open_image(tmp_path / "private.dcm").pixels, dataset.pixel_array)


def test_a_private_length_beyond_the_file_is_a_sentence(tmp_path: Path) -> None:
    dataset = small_dataset()
    dataset.private_block(0x0019, "SOMEONE", create=True).add_new(0x01, "OB", b"\x01\x02")
    dataset.save_as(tmp_path / "long.dcm", enforce_file_format=True)
    data = bytearray((tmp_path / "long.dcm").read_bytes())
    place = data.index(b"\x19\x00\x01\x10OB")
    data[place + 8 : place + 12] = (0x7FFFFFFF).to_bytes(4, "little")
    (tmp_path / "long.dcm").write_bytes(data)
    with pytest.raises(ImageError, match=r"^long\.dcm: "):
        open_image(tmp_path / "long.dcm")


def small_dataset() -> Dataset:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    dataset.Rows, dataset.Columns = 6, 10
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation = 1, "MONOCHROME2"
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = 16, 12, 11, 0
    dataset.PixelData = np.arange(60, dtype="<u2").tobytes()
    return dataset
