"""The frozen copy of an image: exact, deterministic, without identities, and safe to load whatever was done to it."""

import io
import pickle
import zipfile
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.images import Image, ImageError, Lut, Overlay, Window, find_series, load_image, open_image, open_series
from engine.images import save_image as save

FULL = Image(
    pixels=np.arange(-48, 48, dtype=np.int16).reshape(2, 6, 8),
    photometric="MONOCHROME1",
    bits_stored=12,
    slope=(1.0, 2.0),
    intercept=-1024.0,
    units="HU",
    voi_luts=(Lut(-5, np.array([0, 9, 4095], np.uint16), 12, "NORMAL"),),
    windows=(Window(40, 400, "SIGMOID", "soft"), Window(1, 2)),
    inverted=True,
    padding=(-2000, -1999),
    overlays=(Overlay(np.ones((6, 8), bool), "graphics"),),
    spacing_mm=(0.7, 0.6),
    spacing_calibrated=True,
    slice_spacing_mm=2.5,
    frame_positions_mm=(-1.25, 1.25),
    orientation=(1.0, 0.0, 0.0, 0.0, 1.0, 0.0),
    frame_origins_mm=((-3.0, 2.0, -1.25), (-3.0, 2.0, 1.25)),
    frame_of_reference="0123456789abcdef",
    row_direction="L",
    column_direction="P",
    modality="CT",
    body_part="HEAD",
    view="AP",
    laterality="L",
    frame_time_ms=33.3,
    notes=("slices are unevenly spaced",),
)
IMAGES = (
    FULL,
    Image(np.zeros((3, 4), np.uint8), bits_stored=8, modality_lut=Lut(0, np.arange(256, dtype=np.uint16), 16)),
    Image(np.zeros((2, 3, 4, 3), np.uint8), "RGB", bits_stored=8),
    Image(np.full((3, 4), np.nan, np.float64)),
    Image(np.zeros((3, 4), np.uint32)),
)


def same(one: object, other: object) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
    if isinstance(one, Lut) and isinstance(other, Lut):
        return all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(Lut))
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


@pytest.mark.parametrize("image", IMAGES)
def test_round_trip_is_exact_but_for_overlays(tmp_path: Path, image: Image) -> None:
    save(image, tmp_path / "a")
    back = load_image(tmp_path / "a")
    for field in fields(Image):
        expected = () if field.name == "overlays" else getattr(image, field.name)
        assert same(expected, getattr(back, field.name)), field.name


def test_numpy_numbers_are_written_as_numbers(tmp_path: Path) -> None:
    made = Image(np.zeros((2, 2), np.uint16), bits_stored=np.int64(12), spacing_mm=(np.float32(0.5), np.float32(0.25)))  # type: ignore[arg-type]
    save(made, tmp_path / "a")
    back = load_image(tmp_path / "a")
    assert back.bits_stored == 12 and back.spacing_mm == (0.5, 0.25)


def test_bytes_are_the_same_every_time(tmp_path: Path) -> None:
    first = save(FULL, tmp_path / "a")
    again = save(replace(FULL, pixels=FULL.pixels.copy(order="F")), tmp_path / "b")
    assert first == again and (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    big = replace(FULL, pixels=FULL.pixels.astype(">i2"))
    assert save(big, tmp_path / "c") == first, "byte order of the pixels in memory does not matter"
    assert save(replace(FULL, view="PA"), tmp_path / "d") != first


def test_nothing_personal_is_in_it(shared_data: Path, tmp_path: Path) -> None:
    (found,) = find_series(shared_data / "dicom/series_ct_head")
    images = [open_series(found.paths)]  # type: ignore[union-attr]
    files = ["formats/CT_small.dcm", "radiographs/dx_mono1_veterinary.dcm", "formats/MR-SIEMENS-DICOM-WithOverlays.dcm"]
    images += [open_image(shared_data / "dicom" / name) for name in files]
    for number, image in enumerate(images):
        save(image, tmp_path / str(number))
        with zipfile.ZipFile(tmp_path / str(number)) as archive:
            header = archive.read("header.npy").lower()
        for word in (
            b"good",
            b"dog",
            b"compressed",
            b"citizen",
            b"1.2.8",
            b"1.3.6",
            b"2004",
            b".dcm",
            b"shared",
            b"ge medical",
        ):
            assert word not in header


def test_a_pickle_is_never_loaded(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (Path(tmp_path / "sprung"),)  # type: ignore[return-value]

    content = io.BytesIO()
    np.lib.format.write_array(content, np.array([Trap()], object), allow_pickle=True)
    with zipfile.ZipFile(tmp_path / "trap", "w") as archive:
        archive.writestr("header.npy", content.getvalue())
    (tmp_path / "plain").write_bytes(pickle.dumps(Trap()))
    for name in ("trap", "plain"):
        with pytest.raises(ImageError, match=f"^{name}: "):
            load_image(tmp_path / name)
    assert not (tmp_path / "sprung").exists()


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Path]:
    folder = tmp_path_factory.mktemp("container")
    save(FULL, folder / "whole")
    return (folder / "whole").read_bytes(), folder


@settings(max_examples=300, deadline=None)
@given(place=st.integers(0, 10_000), damage=st.binary(min_size=0, max_size=8), cut=st.booleans())
def test_damage_gives_the_image_or_one_sentence(
    stored: tuple[bytes, Path], place: int, damage: bytes, cut: bool
) -> None:
    whole, folder = stored
    place %= len(whole)
    target = folder / "damaged"
    target.write_bytes(whole[:place] + damage + (b"" if cut else whole[place + len(damage) :]))
    try:
        back = load_image(target)
    except ImageError as error:
        assert str(error).startswith("damaged: ") and "\n" not in str(error)
    else:
        assert (back.pixels == FULL.pixels).all() and back.windows == FULL.windows


def test_other_files_are_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", pixels=np.zeros(4))
    (tmp_path / "empty").touch()
    for name in ("other.npz", "empty", "gone"):
        with pytest.raises(ImageError, match=f"^{name}: "):
            load_image(tmp_path / name)
