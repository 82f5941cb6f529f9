"""Reformats against direct indexing, and their directions under every way a volume can lie."""

import math
import time
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.images import open_image, open_series
from engine.images.image import Image
from engine.images.reformat import Reformat, obstacle, reformats

STEP, ROWS, COLUMNS = 2.5, 0.7, 0.4  # mm
LOOKED_AT = {"axial": ("L", "P"), "coronal": ("L", "F"), "sagittal": ("P", "F")}
AXES = [sign * np.eye(3)[axis] for axis in range(3) for sign in (1.0, -1.0)]
LYING = [(row, column) for row, column in product(AXES, AXES) if abs(row @ column) < 0.5]


def volume(row: np.ndarray = AXES[0], column: np.ndarray = AXES[2], onward: float = 1.0, **facts: object) -> Image:
    """6 × 5 × 4 voxels, each of which says where it is: frame · 100 + row · 10 + column."""
    frame, down, along = np.indices((6, 5, 4))
    normal = np.cross(row, column)
    origin = np.array([-11.0, 7.0, 40.0])
    origins = [origin + normal * onward * STEP * k for k in range(6)]
    base: dict = {
        "modality": "CT",
        "spacing_mm": (ROWS, COLUMNS),
        "slice_spacing_mm": STEP,
        "frame_positions_mm": tuple(float(place @ normal) for place in origins),
        "orientation": (*row.tolist(), *column.tolist()),
        "frame_origins_mm": tuple(tuple(place.tolist()) for place in origins),
    }
    return Image(pixels=(frame * 100 + down * 10 + along).astype(np.int16), **(base | facts))


def turned_about_x(degrees: float) -> tuple[np.ndarray, np.ndarray]:
    angle = math.radians(degrees)
    return np.array([1.0, 0.0, 0.0]), np.array([0.0, math.cos(angle), math.sin(angle)])


def in_patient(image: Image, frame: int, row: float, column: float) -> np.ndarray:
    """PS3.3 C.7.6.2.1.1, equation C.7.6.2.1-1."""
    assert image.spacing_mm is not None
    cosines = np.asarray(image.orientation)
    place: np.ndarray = np.asarray(image.frame_origins_mm[frame]) + (
        cosines[:3] * column * image.spacing_mm[1] + cosines[3:] * row * image.spacing_mm[0]
    )
    return place


def test_an_axial_volume_is_cut_coronally_and_sagittally() -> None:
    image = volume()
    acquired, coronal, sagittal = reformats(image)
    assert acquired.image is image and (acquired.plane, acquired.oblique) == ("axial", False)
    assert (coronal.plane, sagittal.plane) == ("coronal", "sagittal")
    for row in range(5):  # head up: the last slice is the top row
        assert (coronal.image.frame(row) == image.pixels[::-1, row, :]).all()
    for number, column in enumerate(reversed(range(4))):  # slices from L to R, as row × column says
        assert (sagittal.image.frame(number) == image.pixels[::-1, :, column]).all()
    assert coronal.image.spacing_mm == (STEP, COLUMNS) and sagittal.image.spacing_mm == (STEP, ROWS)
    assert (coronal.image.slice_spacing_mm, sagittal.image.slice_spacing_mm) == (ROWS, COLUMNS)


@settings(deadline=None)
@given(st.sampled_from(LYING), st.sampled_from([1.0, -1.0]), st.tuples(*(st.integers(0, n - 1) for n in (6, 5, 4))))
def test_letters_places_and_values_however_the_volume_lies(
    lying: tuple[np.ndarray, np.ndarray], onward: float, voxel: tuple[int, int, int]
) -> None:
    image = volume(*lying, onward=onward)
    planes = reformats(image)
    assert {plane.plane for plane in planes} == set(LOOKED_AT)
    for plane in planes[1:]:
        made = plane.image
        assert (made.row_direction, made.column_direction) == LOOKED_AT[plane.plane]
        assert np.shares_memory(made.pixels, image.pixels)
        assert (np.diff(made.frame_positions_mm) > 0).all()
    for plane in planes:
        frame, (column, row) = plane.from_voxel((float(voxel[0]), float(voxel[1]), float(voxel[2])))
        assert plane.to_voxel(frame, (column, row)) == voxel
        assert plane.image.frame(int(frame))[int(row), int(column)] == image.pixels[voxel]
        there = in_patient(plane.image, int(frame), row, column)
        assert there == pytest.approx(in_patient(image, *voxel), abs=1e-9)


@settings(deadline=None)
@given(st.sampled_from(LYING))
def test_letters_alone_are_enough(lying: tuple[np.ndarray, np.ndarray]) -> None:
    letters = [("LR", "PA", "HF")[int(np.argmax(abs(way)))][int(way.sum() < 0)] for way in lying]
    bare = volume(*lying, orientation=(), frame_origins_mm=(), row_direction=letters[0], column_direction=letters[1])
    for told, known in zip(reformats(bare)[1:], reformats(volume(*lying))[1:], strict=True):
        assert (told.plane, told.axes, told.reversed) == (known.plane, known.axes, known.reversed)
        assert (told.image.row_direction, told.image.orientation) == (known.image.row_direction, ())


def test_a_volume_that_does_not_say_how_it_lies_gets_no_letters() -> None:
    bare = volume(orientation=(), frame_origins_mm=())
    assert [(plane.plane, plane.oblique) for plane in reformats(bare)] == [("", False)] * 3
    assert {plane.image.row_direction for plane in reformats(bare)} == {""}
    assert reformats(bare)[1].image.spacing_mm == (STEP, COLUMNS)


@pytest.mark.parametrize(("degrees", "oblique"), [(8.0, False), (12.0, True)])
def test_a_plane_more_than_ten_degrees_off_is_oblique(degrees: float, oblique: bool) -> None:
    acquired, coronal, sagittal = reformats(volume(*turned_about_x(degrees)))
    assert [plane.plane for plane in (acquired, coronal, sagittal)] == ["axial", "coronal", "sagittal"]
    assert [acquired.oblique, coronal.oblique, sagittal.oblique] == [oblique, oblique, False]


def test_colour_keeps_its_channels() -> None:
    grey = volume()
    colour = replace(grey, pixels=np.stack([grey.pixels % 200] * 3, -1).astype(np.uint8), photometric="RGB")
    assert reformats(colour)[1].image.frame(2).shape == (6, 4, 3)


def shifted(mm: float) -> Image:
    """Every slice further to the side than the one before."""
    image = volume()
    origins = [np.asarray(place) + mm * k * AXES[0] for k, place in enumerate(image.frame_origins_mm)]
    return replace(image, frame_origins_mm=tuple(tuple(place.tolist()) for place in origins))


def gaps(*mm: float) -> Image:
    return volume(frame_positions_mm=tuple(np.cumsum([0.0, *mm]).tolist()), frame_origins_mm=(), orientation=())


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image(pixels=np.zeros((4, 4), np.uint8)), "single image"),
        (volume(spacing_mm=None), "no spacing"),
        (volume(frame_positions_mm=()), "no places"),
        (shifted(STEP * math.tan(math.radians(0.6))), "tilted"),
        (shifted(STEP * math.tan(math.radians(0.4))), None),
        (volume(orientation=(1.0, 0.0, 0.0, 0.05, 1.0, 0.0)), "tilted"),  # rows and columns not at right angles
        (gaps(2.5, 2.5, 2.56, 2.5, 2.5), "uneven"),
        (gaps(2.5, 2.5, 2.54, 2.5, 2.5), None),
        (gaps(2.5, 2.5, -2.5, 2.5, 2.5), "uneven"),  # back to where it was
        (gaps(-2.5, -2.5, -2.5, -2.5, -2.5), None),
        (gaps(0.0, 0.0, 0.0, 0.0, 0.0), "uneven"),
        (volume(slope=(1.0,) * 6), "own scales"),
    ],
)
def test_what_cannot_be_cut_says_why(image: Image, expected: str | None) -> None:
    assert obstacle(image) == expected
    if expected is not None:
        with pytest.raises(ValueError, match=expected):
            reformats(image)


def assert_cut_from(image: Image, planes: tuple[Reformat, ...]) -> None:
    """Each plane against the voxels taken one by one through the patient's coordinates."""
    rng = np.random.default_rng(0)
    for plane in planes[1:]:
        made = plane.image
        for frame in rng.integers(0, made.frames, 3):
            rows, columns = rng.integers(0, made.rows, 40), rng.integers(0, made.columns, 40)
            origin, cosines = np.asarray(image.frame_origins_mm[0]), np.asarray(image.orientation)
            steps = np.stack([
                np.cross(cosines[:3], cosines[3:]) * image.slice_spacing_mm,
                cosines[3:] * image.spacing_mm[0],  # type: ignore[index]
                cosines[:3] * image.spacing_mm[1],  # type: ignore[index]
            ])  # fmt: skip
            places = np.stack([in_patient(made, frame, row, column) for row, column in zip(rows, columns, strict=True)])
            voxels = (places - origin) @ np.linalg.inv(steps)
            assert np.abs(voxels - np.rint(voxels)).max() < 0.02
            k, r, c = np.rint(voxels).astype(int).T
            assert (made.frame(int(frame))[rows, columns] == image.pixels[k, r, c]).all()


def test_a_real_mr_series_and_real_volumes(shared_data: Path) -> None:
    folder = shared_data / "dicom" / "series_mr_axial"
    cases = [
        (open_series(sorted(folder.iterdir())), ["axial", "coronal", "sagittal"]),
        (open_image(shared_data / "mri" / "niivue_CT_AVM.nii.gz"), ["axial", "coronal", "sagittal"]),
        (open_image(shared_data / "mri" / "niivue_chris_t1.nii.gz"), ["axial", "coronal", "sagittal"]),
    ]
    for image, names in cases:
        planes = reformats(image)
        assert [plane.plane for plane in planes] == names
        assert_cut_from(image, planes)


def test_a_real_ct_of_a_tilted_gantry_is_not_cut(shared_data: Path) -> None:
    """Its rows would be shifted against each other, and its gaps run from 1 to 7 mm."""
    assert obstacle(open_series(sorted((shared_data / "dicom" / "series_ct_head").iterdir()))) == "tilted"


def test_a_real_ct_series_of_upright_slices(shared_data: Path) -> None:
    """The slices of the CT above as a scanner without tilt would have placed them, 7 mm apart."""
    image = open_series(sorted((shared_data / "dicom" / "series_ct_head").iterdir()))
    normal = np.cross(image.orientation[:3], image.orientation[3:])
    origins = [np.asarray(image.frame_origins_mm[0]) + normal * 7.0 * k for k in range(image.frames)]
    upright = replace(
        image,
        frame_origins_mm=tuple(tuple(place.tolist()) for place in origins),
        frame_positions_mm=tuple(float(place @ normal) for place in origins),
        slice_spacing_mm=7.0,
    )
    planes = reformats(upright)
    assert [(plane.plane, plane.oblique) for plane in planes] == [
        ("axial", True),
        ("coronal", True),
        ("sagittal", False),
    ]
    assert_cut_from(upright, planes)
    assert (planes[2].image.frame(511 - 200) == image.pixels[::-1, :, 200]).all()


def test_a_plane_of_a_large_volume_is_read_at_once() -> None:
    """512 × 512 × 300: below 10 ms a plane, and no memory but the plane's own."""
    large = Image(
        pixels=np.ones((300, 512, 512), np.int16),
        spacing_mm=(0.7, 0.7),
        frame_positions_mm=tuple(float(k) for k in range(300)),
    )
    for plane in reformats(large)[1:]:
        assert np.shares_memory(plane.image.pixels, large.pixels)
        taken = []
        for frame in range(100, 500, 40):
            start = time.perf_counter()
            np.ascontiguousarray(plane.image.frame(frame))
            taken.append(time.perf_counter() - start)
        assert min(taken) < 0.010
