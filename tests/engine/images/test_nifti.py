"""NIfTI: the arrangement against nibabel's own, and against the DICOM original of one file."""

import gzip
from pathlib import Path

import nibabel
import numpy as np
import pytest

from engine.images import ImageError, open_image, read_header
from engine.images.grey import modality_values

FILES = (
    "nibabel_anatomical.nii",
    "nibabel_example4d.nii.gz",
    "nibabel_example_nifti2.nii.gz",
    "nibabel_functional.nii",
    "niivue_MR_Gd.nii.gz",
    "niivue_pcasl_4d.nii.gz",
)


@pytest.mark.parametrize("name", FILES)
def test_values_and_directions_against_nibabel(shared_data: Path, name: str) -> None:
    path = shared_data / "mri" / name
    image, oracle = open_image(path), nibabel.as_closest_canonical(nibabel.load(path))
    data = np.asarray(oracle.dataobj)
    data = data[..., None] if data.ndim == 3 else data
    # canonical is R, A, S; ours is frames to H, rows to P, columns to L, volume after volume
    expected = np.flip(data, (0, 1)).transpose(3, 2, 1, 0).reshape(-1, data.shape[1], data.shape[0])
    values = np.stack([modality_values(image, frame) for frame in range(image.frames)])
    assert np.allclose(values, expected, rtol=1e-5)
    assert (image.row_direction[0], image.column_direction[0]) == ("L", "P")
    header = read_header(path)
    assert (header.frames, header.rows, header.columns) == image.pixels.shape
    assert image.spacing_mm == pytest.approx((oracle.header.get_zooms()[1], oracle.header.get_zooms()[0]), rel=1e-4)


def volume(folder: Path, data: np.ndarray, affine: np.ndarray) -> Path:
    path = folder / "made.nii"
    nibabel.save(nibabel.Nifti1Image(data, affine), path)
    return path


def test_thick_slices_are_scrolled_in_their_plane(tmp_path: Path) -> None:
    data = np.arange(2 * 3 * 4, dtype=np.int16).reshape(2, 3, 4)
    coronal = open_image(volume(tmp_path, data, np.diag([1, 5, 1, 1.0])))
    assert coronal.pixels.shape == (3, 4, 2) and coronal.slice_spacing_mm == pytest.approx(5)
    assert (coronal.row_direction, coronal.column_direction) == ("L", "F")
    assert coronal.pixels[0, 0, 0] == data[1, 2, 3], "first: most anterior, top left: head and patient's right"
    sagittal = open_image(volume(tmp_path, data, np.diag([5, 1, 1, 1.0])))
    assert sagittal.pixels.shape == (2, 4, 3)
    assert (sagittal.row_direction, sagittal.column_direction) == ("P", "F")
    assert sagittal.pixels[0, 0, 0] == data[0, 2, 3]
    assert list(sagittal.frame_positions_mm) == sorted(sagittal.frame_positions_mm)


def test_positions_are_the_affines(tmp_path: Path) -> None:
    affine = np.diag([1, 1, 3, 1.0])
    affine[:3, 3] = (7, 8, -20)
    image = open_image(volume(tmp_path, np.zeros((2, 2, 3), np.uint8), affine))
    assert image.frame_positions_mm == (-20, -17, -14)


def test_unknown_orientation_is_said(tmp_path: Path) -> None:
    made = nibabel.Nifti1Image(np.zeros((2, 3, 4), np.float32), None)
    made.header["qform_code"] = made.header["sform_code"] = 0
    nibabel.save(made, tmp_path / "made.nii")
    image = open_image(tmp_path / "made.nii")
    assert image.row_direction == "" and any("does not say how" in note for note in image.notes)


def test_colour_and_64_bit_integers(tmp_path: Path) -> None:
    colour = np.zeros((2, 3, 4), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    colour["R"], colour["B"] = 200, 10
    image = open_image(volume(tmp_path, colour, np.diag([-1, -1, 1, 1.0])))
    assert image.photometric == "RGB" and image.pixels.shape == (4, 3, 2, 3)
    assert image.pixels[0, 0, 0].tolist() == [200, 0, 10]
    wide = np.full((2, 3, 4), -7, np.int64)
    nibabel.save(nibabel.Nifti1Image(wide, np.eye(4), dtype=np.int64), tmp_path / "made.nii")
    assert open_image(tmp_path / "made.nii").pixels.dtype == np.int32


def test_damaged_files_say_what_is_wrong(tmp_path: Path) -> None:
    whole = volume(tmp_path, np.zeros((8, 8, 8), np.int16), np.eye(4)).read_bytes()
    cases = {
        "short.nii": (whole[:-100], "pixel data ends after 924 of 1,024 bytes"),
        "head.nii": (whole[:200], "ends after 200 bytes of its NIfTI header"),
        "pair.nii": (whole[:344] + b"ni1\0" + whole[348:], "convert it to one .nii file"),
        "big.nii": (whole[:42] + b"\xff\x7f\xff\x7f\xff\x7f" + whole[48:], "declares 32,767"),
        "cut.nii.gz": (gzip.compress(whole)[:-40], ""),
        "odd.nii": (whole[:70] + b"\x20\0" + whole[72:], "which is not opened"),
    }
    for name, (content, sentence) in cases.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ImageError) as refused:
            open_image(tmp_path / name)
        assert str(refused.value).startswith(f"{name}: ") and sentence in str(refused.value)


@pytest.mark.parametrize("name", ["nibabel_anatomical.nii", "niivue_CT_AVM.nii.gz", "niivue_chris_PD.nii.gz"])
def test_places_in_the_patient_are_the_affines(shared_data: Path, name: str) -> None:
    """Voxels taken through the patient's coordinates, as PS3.3 C.7.6.2.1.1 has them, against nibabel's array."""
    image, oracle = open_image(shared_data / "mri" / name), nibabel.load(shared_data / "mri" / name)
    data, spacing = np.asarray(oracle.dataobj), np.asarray(image.spacing_mm)
    row, column = np.asarray(image.orientation[:3]), np.asarray(image.orientation[3:])
    rng = np.random.default_rng(3)
    for frame, down, along in zip(*(rng.integers(0, length, 50) for length in image.pixels.shape), strict=True):
        place = np.asarray(image.frame_origins_mm[frame]) + row * along * spacing[1] + column * down * spacing[0]
        voxel = np.linalg.inv(oracle.affine) @ [*(place * [-1, -1, 1]), 1.0]
        assert np.abs(voxel - np.rint(voxel)).max() < 0.01
        value = modality_values(image, frame)[down, along]
        assert value == pytest.approx(float(data[tuple(np.rint(voxel[:3]).astype(int))]), rel=1e-5)
