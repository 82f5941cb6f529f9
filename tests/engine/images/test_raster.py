"""PNG and JPEG of every mode, told by content."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as PillowImage

from engine.images import ImageError, open_image, read_header
from engine.images.grey import presentation

GREY = np.arange(256, dtype=np.uint8).reshape(16, 16)
COLOUR = np.stack([GREY, GREY[::-1], GREY.T], -1)


def saved(folder: Path, picture: PillowImage.Image, name: str = "made.png", **options: object) -> Path:
    picture.save(folder / name, **options)  # type: ignore[arg-type]
    return folder / name


@pytest.mark.parametrize("pixels", [GREY, GREY.astype(np.uint16) * 257, COLOUR])
def test_png_pixels_are_as_stored(tmp_path: Path, pixels: np.ndarray) -> None:
    path = saved(tmp_path, PillowImage.fromarray(pixels))
    image, header = open_image(path), read_header(path)
    assert image.pixels.dtype == pixels.dtype and (image.pixels == pixels).all()
    assert (header.kind, header.rows, header.columns, header.samples) == (
        "raster",
        16,
        16,
        3 if pixels.ndim == 3 else 1,
    )


def test_8_bit_files_are_presented_as_stored(tmp_path: Path) -> None:
    image = open_image(saved(tmp_path, PillowImage.fromarray(GREY)))
    assert np.allclose(presentation(image), GREY / 255)


def test_the_name_does_not_decide(tmp_path: Path) -> None:
    path = saved(tmp_path, PillowImage.fromarray(GREY))
    path.rename(tmp_path / "scan.dcm")
    assert (open_image(tmp_path / "scan.dcm").pixels == GREY).all()


def test_modes(tmp_path: Path) -> None:
    grey_in_colour = open_image(saved(tmp_path, PillowImage.fromarray(GREY).convert("RGB")))
    assert grey_in_colour.photometric == "MONOCHROME2" and (grey_in_colour.pixels == GREY).all()
    palette = PillowImage.fromarray(COLOUR).quantize(64)
    assert (open_image(saved(tmp_path, palette)).pixels == np.asarray(palette.convert("RGB"))).all()
    bits = PillowImage.fromarray(GREY).convert("1", dither=PillowImage.Dither.NONE)
    assert (open_image(saved(tmp_path, bits)).pixels == np.where(np.asarray(bits), 255, 0)).all()
    half = np.dstack([GREY, np.full_like(GREY, 128)])
    see_through = open_image(saved(tmp_path, PillowImage.fromarray(half)))
    assert (see_through.pixels == (GREY.astype(int) * 128 + 127) // 255).all()
    assert "transparent parts are shown on black" in see_through.notes


def test_jpeg_and_its_orientation_tag(tmp_path: Path) -> None:
    turned = PillowImage.Exif()
    turned[0x0112] = 6
    path = saved(tmp_path, PillowImage.fromarray(np.repeat(GREY, 2, 1)), "made.jpg", quality=95, exif=turned)
    image = open_image(path)
    assert image.pixels.shape == (16, 32) and any("EXIF" in note for note in image.notes)
    assert np.abs(image.pixels.astype(int) - np.repeat(GREY, 2, 1)).mean() < 8


def test_real_radiographs(shared_data: Path) -> None:
    paths = sorted((shared_data / "cxr/images").iterdir())[:20]
    for path in paths:
        image = open_image(path)
        assert (image.pixels == np.asarray(PillowImage.open(path).convert("L"))).all() or image.is_color


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">L", len(body)) + kind + body + struct.pack(">L", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">LLBBBBB", 12_000, 12_000, 8, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(bytes(1000)))
    (tmp_path / "bomb.png").write_bytes(b"\x89PNG\r\n\x1a\n" + header + data + chunk(b"IEND", b""))
    with pytest.raises(ImageError, match=r"^bomb\.png: declares 12,000 x 12,000 pixels"):
        open_image(tmp_path / "bomb.png")


@pytest.mark.parametrize("name", ["made.png", "made.jpg"])
def test_truncated_files_are_refused(tmp_path: Path, name: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8)
    path = saved(tmp_path, PillowImage.fromarray(noise), name)
    path.write_bytes(path.read_bytes()[:1500])
    with pytest.raises(ImageError, match=f"^{name}: "):
        open_image(path)
