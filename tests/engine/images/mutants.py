"""Damaged copies of real files, and the child process that opens them; run by `test_mutants.py`.

As a program it opens mutants one after another and says on standard output which one it is at, so that the parent can
name the seed of one that crashes or hangs the process.
"""

import random
import struct
import sys
import time
from pathlib import Path

from engine.errors import ImageError

MOST_BYTES = 3 * 2**30  # address space a mutant may make the process use; the largest real file here needs a tenth
# Small, and each another path through the readers: every syntax, colour, palette, frames, LUTs, overlays, floats.
SOURCES = (
    "dicom/formats/MR_small.dcm",
    "dicom/formats/MR_small_RLE.dcm",
    "dicom/formats/MR_small_bigendian.dcm",
    "dicom/formats/MR_small_implicit.dcm",
    "dicom/formats/CT_small.dcm",
    "dicom/formats/JPEG2000.dcm",
    "dicom/formats/JPGExtended.dcm",
    "dicom/formats/JPEGLSNearLossless_16.dcm",
    "dicom/formats/SC_rgb_jpeg_app14_dcmd.dcm",
    "dicom/formats/SC_rgb_rle_16bit.dcm",
    "dicom/formats/SC_rgb_small_odd.dcm",
    "dicom/formats/SC_ybr_full_422_uncompressed.dcm",
    "dicom/formats/rtdose.dcm",
    "dicom/formats/image_dfl.dcm",
    "dicom/formats/emri_small_RLE.dcm",
    "dicom/formats/emri_small_jpeg_2k_lossless.dcm",
    "dicom/formats/liver_rle.dcm",
    "dicom/formats/parametric_map_float.dcm",
    "dicom/formats/vlut_04.dcm",
    "dicom/malformed/GDCMJ2K_TextGBR.dcm",
    "dicom/malformed/OT-PAL-8-face.dcm",
    "dicom/malformed/bad_sequence.dcm",
    "dicom/nonimage/no_pixel_spacing.dcm",
    "dicom/nonimage/seg_ct_binary.dcm",
    "dicom/nonimage/report_sr.dcm",
    "dicom/syntax_ct/ct_1.2.840.10008.1.2.4.53.dcm",
    "dicom/syntax_ct/ct_1.2.840.10008.1.2.4.55.dcm",
    "dicom/syntax_ct/ct_1.2.840.10008.1.2.4.57.dcm",
    "dicom/syntax_ct/ct_1.2.840.10008.1.2.4.80.dcm",
    "mri/nibabel_anatomical.nii",
    "mri/nibabel_example_nifti2.nii.gz",
)


def mutant(data: bytes, seed: int) -> bytes:
    """A damaged copy: flipped bits, cut short, random or repeated ranges, odd lengths; a few of them at once."""
    random_ = random.Random(seed)
    changed = bytearray(data)
    for _ in range(random_.choice((1, 1, 2, 4))):
        _damage(changed, random_)
    return bytes(changed)


def _damage(data: bytearray, random_: random.Random) -> None:
    size = max(1, len(data))
    # Half of the damage goes to the first 4 kB, where headers and tables are.
    place = random_.randrange(min(size, 4096)) if random_.random() < 0.5 else random_.randrange(size)
    kind = random_.randrange(7)
    if kind == 0:
        for _ in range(random_.choice((1, 4, 32))):
            spot = min(size - 1, place + random_.randrange(64))
            data[spot : spot + 1] = bytes([data[spot] ^ 1 << random_.randrange(8)]) if data else b""
    elif kind == 1:
        del data[place:]
    elif kind == 2:
        data[place : place + 64] = random_.randbytes(random_.choice((1, 8, 64)))
    elif kind == 3:
        del data[place : place + random_.choice((1, 2, 16, 1024))]
    elif kind == 4:
        data[place : place + 4] = struct.pack("<L", random_.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF, 0xFFFFFFFE, 65536)))
    elif kind == 5:
        data[place : place + 2] = struct.pack("<H", random_.choice((0, 1, 0x7FFF, 0xFFFF, 0x8000)))
    else:
        data[place:place] = data[max(0, place - 200) : place]


def damaged_stream(stream: bytes, seed: int) -> bytes:
    """A compressed frame with wrong bytes, its length kept: what gets as far as a native decoder."""
    random_ = random.Random(seed)
    data = bytearray(stream)
    for _ in range(random_.choice((1, 2, 8))):
        near_start = random_.random() < 0.6
        place = random_.randrange(min(len(data), 600)) if near_start else random_.randrange(len(data))
        kind = random_.randrange(4)
        if kind == 0:
            data[place] = random_.randrange(256)
        elif kind == 1:
            data[place] ^= 1 << random_.randrange(8)
        elif kind == 2:
            data[place : place + 16] = random_.randbytes(16)
        else:
            data[place : place + 2] = b"\xff\xff" if random_.random() < 0.5 else b"\0\0"
    return bytes(data)


def open_mutants(folder: Path, first: int, last: int, scratch: Path, everything: bool) -> None:
    """Open mutants of seeds `first` to `last` − 1; print the seed before and the outcome after each."""
    from engine.images import open_image, read_header
    from engine.images.grey import display_table, presentation, quantized

    sources = _sources(folder, everything)
    for seed in range(first, last):
        source = sources[seed % len(sources)]
        print(f"at {seed} {source.name}", flush=True)
        target = scratch / f"mutant{''.join(source.suffixes[-2:])}"
        target.write_bytes(mutant(source.read_bytes(), seed))
        begin = time.monotonic()
        try:
            read_header(target)
        except ImageError as error:
            _check_sentence(str(error), target)
        try:
            image = open_image(target)
            display_table(image, None).apply(quantized(image))
            presentation(image)
            outcome = "opened"
        except ImageError as error:
            _check_sentence(str(error), target)
            outcome = f"refused {error}"
        print(f"done {time.monotonic() - begin:.3f} {outcome}", flush=True)


def limit_memory() -> None:
    """Where the system can (not Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


def _sources(folder: Path, everything: bool) -> list[Path]:
    if not everything:
        return [folder / name for name in SOURCES]
    found = [path for kind in ("dicom", "mri", "cxr/images") for path in sorted((folder / kind).rglob("*"))]
    small = [path for path in found if path.is_file() and path.stat().st_size < 600_000 and path.suffix != ".csv"]
    return small[:150] + small[150::20]


def _check_sentence(text: str, target: Path) -> None:
    if (
        not text.startswith(f"{target.name}: ")
        or not text.isprintable()
        or len(text) > 300
        or str(target.parent) in text
    ):
        raise AssertionError(f"not one sentence with the file's name and no folder: {text!r}")


if __name__ == "__main__":
    limit_memory()
    open_mutants(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]), sys.argv[5] == "all")
