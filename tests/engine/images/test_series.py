"""Stacks by geometry: order, tilt, uneven spacing, missing and double slices, what must not be mixed."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from engine.images import FoundImage, ImageError, Rejected, find_series, open_image, open_series
from engine.images.geometry import direction_letters, stack_order

AXIAL = [1, 0, 0, 0, 1, 0]


def test_gantry_tilt_and_uneven_spacing_of_a_real_series(shared_data: Path) -> None:
    paths = sorted((shared_data / "dicom/series_ct_head").iterdir())
    stack = open_series([paths[i] for i in (7, 3, 0, 12, *range(13, 14), 1, 2, 4, 5, 6, 8, 9, 10, 11)])
    assert stack.pixels.shape == (14, 512, 512)
    assert [int(dcmread(p).pixel_array.sum()) for p in paths] == stack.pixels.sum(axis=(1, 2), dtype=np.int64).tolist()
    assert any("tilted by 18.5 degrees" in note for note in stack.notes)
    assert any("unevenly spaced: 1.08 to 7.00 mm" in note for note in stack.notes)
    steps = np.diff(stack.frame_positions_mm)  # 4.22 mm along the table is 4.22 * cos(18.5) along the normal
    assert steps[0] == pytest.approx(4.22 * np.cos(np.radians(18.5)), abs=1e-3) and (steps > 0).all()
    assert (stack.row_direction, stack.column_direction) == ("L", "PF")


def test_every_slice_says_where_it_lies(shared_data: Path) -> None:
    """Image Plane module, PS3.3 C.7.6.2.1.1; the frame of reference by a name that is not its UID."""
    paths = sorted((shared_data / "dicom/series_ct_head").iterdir())
    stack = open_series(paths)
    headers = [dcmread(path, stop_before_pixels=True) for path in paths]
    told = {tuple(float(value) for value in header.ImagePositionPatient) for header in headers}
    assert set(stack.frame_origins_mm) == told
    assert stack.orientation == tuple(float(value) for value in headers[0].ImageOrientationPatient)
    normal = np.cross(stack.orientation[:3], stack.orientation[3:])
    assert np.asarray(stack.frame_origins_mm) @ normal == pytest.approx(stack.frame_positions_mm, abs=1e-3)
    assert len(stack.frame_of_reference) == 16
    assert stack.frame_of_reference not in headers[0].FrameOfReferenceUID
    assert open_series(paths[:1]).frame_of_reference == stack.frame_of_reference
    other = open_series(sorted((shared_data / "dicom/series_mr_axial").iterdir()))
    assert other.frame_of_reference != stack.frame_of_reference


def test_an_even_series_has_nothing_to_report(shared_data: Path) -> None:
    (found,) = find_series(shared_data / "dicom/series_mr")
    assert isinstance(found, FoundImage) and len(found.paths) == 17
    stack = open_series(found.paths)
    assert stack.slice_spacing_mm == pytest.approx(2.0) and stack.notes == ()
    assert [path.name for path in found.paths] == sorted(path.name for path in found.paths)


def test_oblique_is_not_tilted(shared_data: Path) -> None:
    (found,) = find_series(shared_data / "dicom/series_mr_axial")
    assert isinstance(found, FoundImage)
    assert not any("tilt" in note or "uneven" in note for note in open_series(found.paths).notes)


@pytest.mark.parametrize(
    ("depths", "note"),
    [
        ([0, 5, 10, 15, 20, 30, 35, 40, 45], "a slice is missing after slice 5: a gap of 10.00 mm, 5.00 mm elsewhere"),
        ([0, 5, 10, 15, 20, 35, 40, 45, 50], "2 slices are missing, the first after slice 5"),
        ([0, 5, 5, 10, 15], "slices 2 and 3 lie at the same place"),
        ([0, 5, 11, 15, 22], "unevenly spaced: 4.00 to 7.00 mm"),
        ([0, 5, 10.05, 15, 20], ""),
    ],
)
def test_notes_about_gaps(depths: list[float], note: str) -> None:
    stack = stack_order([(0.0, 0.0, z) for z in depths], AXIAL)
    assert len(stack.notes) == bool(note) and all(note in each for each in stack.notes)


def test_sagittal_slices_are_ordered_along_their_normal() -> None:
    # rows run to P, columns to F: the normal P x F points to the right, so x falls along the stack
    stack = stack_order([(x, 0.0, 0.0) for x in (10, -30, 50, -10)], [0, 1, 0, 0, 0, -1])
    assert stack.order == (2, 0, 3, 1) and stack.positions_mm == (-50, -10, 10, 30)


def test_direction_letters() -> None:
    assert direction_letters((1, 0, 0)) == "L" and direction_letters((0, 0, -1)) == "F"
    assert direction_letters((0, 0.948, -0.317)) == "PF"


def test_dicomdir_tree(shared_data: Path) -> None:
    tree = shared_data / "dicom/dicomdir_tree"
    by_folder, by_index = find_series(tree), find_series(tree / "DICOMDIR")
    assert by_folder == by_index
    files = [path for found in by_folder if isinstance(found, FoundImage) for path in found.paths]
    assert len(files) == len(set(files)) == 31
    sizes = {found.header.modality: len(found.paths) for found in by_folder if isinstance(found, FoundImage)}
    assert sizes["CT"] == 5 and sizes["CR"] == 1
    for found in by_folder:
        assert isinstance(found, FoundImage)
        assert open_series(found.paths).frames == len(found.paths)


def test_files_missing_from_a_dicomdir_are_reported(shared_data: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(shared_data / "dicom/dicomdir_tree", tree)
    (tree / "77654033/CR1/6154").unlink()
    (rejected,) = [found for found in find_series(tree) if isinstance(found, Rejected)]
    assert rejected.reason == "6154: is listed in the DICOMDIR and is not there"


def slice_file(folder: Path, name: str, z: float, **attributes: object) -> Path:
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", f"1.2.{abs(hash(name))}"
    dataset.Modality, dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "CT", "1.2", "1.2.3"
    dataset.ImageOrientationPatient, dataset.ImagePositionPatient = AXIAL, [0, 0, z]
    dataset.Rows = dataset.Columns = 4
    dataset.SamplesPerPixel, dataset.PhotometricInterpretation, dataset.PixelRepresentation = 1, "MONOCHROME2", 1
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, 16, 15
    dataset.RescaleSlope, dataset.RescaleIntercept = 1, -1024
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    dataset.PixelData = np.full((dataset.Rows, dataset.Columns), int(z), np.int16).tobytes()
    dataset.save_as(folder / name, enforce_file_format=True)
    return folder / name


def test_planes_and_sizes_are_not_mixed(tmp_path: Path) -> None:
    for z in range(5):
        slice_file(tmp_path, f"a{z}", z)
    slice_file(tmp_path, "scout", 0, ImageOrientationPatient=[0, 1, 0, 0, 0, -1])
    odd = slice_file(tmp_path, "small", 9, Rows=2)
    found = find_series(tmp_path)
    assert [len(f.paths) for f in found if isinstance(f, FoundImage)] == [5, 1, 1]
    with pytest.raises(ImageError, match=r"^scout: lies in another plane"):
        open_series([tmp_path / "a0", tmp_path / "scout"])
    with pytest.raises(ImageError, match=r"^small: has 4 x 2 pixels where the stack has 4 x 4"):
        open_series([tmp_path / "a0", odd])


def test_two_echoes_of_a_series_are_two_stacks(tmp_path: Path) -> None:
    for z in range(3):
        slice_file(tmp_path, f"e1_{z}", z, EchoTime=10)
        slice_file(tmp_path, f"e2_{z}", z, EchoTime=80)
    found = [f.paths for f in find_series(tmp_path) if isinstance(f, FoundImage)]
    assert [[path.name for path in paths] for paths in found] == [["e1_0", "e1_1", "e1_2"], ["e2_0", "e2_1", "e2_2"]]


def test_copies_and_foreign_files_are_rejected_with_a_reason(tmp_path: Path) -> None:
    first = slice_file(tmp_path, "a", 1)
    shutil.copy(first, tmp_path / "b")
    (tmp_path / "notes.txt").write_text("no image")
    (tmp_path / ".hidden").write_text("not looked at")
    shares: list[float] = []
    found = find_series(tmp_path, shares.append)
    assert shares[-1] == 1.0 and len(shares) == 3
    assert {f.reason for f in found if isinstance(f, Rejected)} == {
        "b: is a copy of a (the same SOP Instance UID)",
        "notes.txt: is not a DICOM, NIfTI, PNG or JPEG file",
    }


def test_slopes_that_differ_are_kept_per_slice(tmp_path: Path) -> None:
    paths = [slice_file(tmp_path, f"p{z}", z, RescaleSlope=z + 1) for z in (2, 0, 1)]
    stack = open_series(paths)
    assert stack.slope == (1.0, 2.0, 3.0) and stack.intercept == -1024.0
    assert stack.pixels[:, 0, 0].tolist() == [0, 1, 2]


def test_slices_without_a_place_are_ordered_by_number(tmp_path: Path) -> None:
    paths = [slice_file(tmp_path, f"n{n}", n, InstanceNumber=n, ImagePositionPatient=None) for n in (3, 1, 2)]
    stack = open_series(paths)
    assert stack.pixels[:, 0, 0].tolist() == [1, 2, 3]
    assert any("ordered by their number" in note for note in stack.notes)


def test_enhanced_files_keep_what_each_frame_says(tmp_path: Path) -> None:
    """Functional groups (PS3.3 C.7.6.16): shared plane and spacing, a place, rescale and window of each frame."""
    shared, plane, measures = Dataset(), Dataset(), Dataset()
    plane.ImageOrientationPatient, measures.PixelSpacing = AXIAL, [0.7, 0.6]
    shared.PlaneOrientationSequence, shared.PixelMeasuresSequence = [plane], [measures]
    path = slice_file(
        tmp_path,
        "enhanced",
        0,
        NumberOfFrames=3,
        ImageOrientationPatient=None,
        ImagePositionPatient=None,
        RescaleSlope=None,
        RescaleIntercept=None,
        SharedFunctionalGroupsSequence=[shared],
        PerFrameFunctionalGroupsSequence=[frame_groups(z, slope) for z, slope in ((4, 1), (0, 2), (2, 3))],
    )
    dataset = dcmread(path)
    dataset.PixelData = np.arange(3 * 16, dtype=np.int16).tobytes()
    dataset.save_as(path)
    image = open_image(path)
    assert image.frame_positions_mm == (4, 0, 2) and image.slice_spacing_mm == pytest.approx(2)
    assert [place[2] for place in image.frame_origins_mm] == [4, 0, 2]
    assert image.slope == (1, 2, 3) and image.intercept == (-5, -5, -5)
    assert image.spacing_mm == (0.7, 0.6) and image.row_direction == "L"
    assert [(window.center, window.width) for window in image.windows] == [(40, 2)], "the middle frame's"
    assert image.pixels[1, 0, 0] == 16


def frame_groups(z: float, slope: float) -> Dataset:
    groups, place, values, window = Dataset(), Dataset(), Dataset(), Dataset()
    place.ImagePositionPatient = [0, 0, z]
    values.RescaleSlope, values.RescaleIntercept, values.RescaleType = slope, -5, "US"
    window.WindowCenter, window.WindowWidth = 40, slope
    groups.PlanePositionSequence, groups.PixelValueTransformationSequence = [place], [values]
    groups.FrameVOILUTSequence = [window]
    return groups


def test_no_files_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="at least one file"):
        open_series([])
    with pytest.raises(ImageError, match="gone: there is no such folder"):
        find_series(tmp_path / "gone")
    assert find_series(tmp_path) == []


@pytest.fixture
def compressed_series(shared_data: Path, tmp_path: Path) -> list[Path]:
    """40 JPEG-LS slices, each darker by its own number in the intercept."""
    dataset = dcmread(shared_data / "dicom" / "syntax_ct" / "ct_1.2.840.10008.1.2.4.80.dcm")
    paths = []
    for number in range(40):
        dataset.ImagePositionPatient = [0, 0, number]
        dataset.SOPInstanceUID = f"1.2.3.{number + 1}"
        dataset.RescaleIntercept = -number
        paths.append(tmp_path / f"{number:02d}.dcm")
        dataset.save_as(paths[-1])
    return paths


def test_slices_decoded_at_once_keep_their_places(compressed_series: list[Path]) -> None:
    stack = open_series(compressed_series[::-1])
    assert stack.intercept == tuple(float(-number) for number in range(40))
    assert (stack.pixels == open_image(compressed_series[0]).pixels).all()


def test_a_damaged_slice_among_many_is_named(compressed_series: list[Path]) -> None:
    whole = compressed_series[23].read_bytes()
    compressed_series[23].write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ImageError, match=r"^23\.dcm: pixel data ends after"):
        open_series(compressed_series)
