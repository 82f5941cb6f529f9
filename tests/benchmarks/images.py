"""From a file to the grey picture of the screen, ours and pydicom in turn: pixel_array, modality LUT, apply_windowing.

Needs the real test data beside the project. pydicom takes the decoder it takes by default; all that the project
installs are there for it.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pydicom
from pydicom.pixels import apply_modality_lut, apply_windowing

from engine.images import find_series, open_image, open_series, read_header
from engine.images.grey import display_table
from engine.images.isolation import warm_up
from tests.benchmarks.figure import Figure
from tests.conftest import SHARED_DATA

DICOM = SHARED_DATA / "dicom"
TURNS = 5


@dataclass(frozen=True)
class Shown:
    """A file, how often it is opened in a turn, and the most that ours may take of the peer's time (None: no goal)."""

    name: str
    path: str
    repeats: int
    of_peer: float | None


FILES = (
    Shown("native_ct", "syntax_ct/ct_1.2.840.10008.1.2.1.dcm", 10, 0.25),
    Shown("deflated_ct", "syntax_ct/ct_1.2.840.10008.1.2.1.99.dcm", 10, 1.0),
    Shown("rle_ct", "syntax_ct/ct_1.2.840.10008.1.2.5.dcm", 10, 1.0),
    Shown("jpeg50_ct", "syntax_ct/ct_1.2.840.10008.1.2.4.50.dcm", 10, 1.0),
    Shown("jpeg57_ct", "syntax_ct/ct_1.2.840.10008.1.2.4.57.dcm", 10, 1.0),
    Shown("jpeg70_ct", "syntax_ct/ct_1.2.840.10008.1.2.4.70.dcm", 10, 1.0),
    Shown("jpegls_ct", "syntax_ct/ct_1.2.840.10008.1.2.4.80.dcm", 10, 1.0),
    Shown("jpeg2000_ct", "syntax_ct/ct_1.2.840.10008.1.2.4.90.dcm", 5, 1.0),
    Shown("jpegls_chest", "radiographs/cxr_mono1_15bit_RG1_jpegls_near.dcm", 1, 0.6),
    Shown("jpeg2000_chest", "radiographs/cxr_mono1_15bit_RG1_j2k.dcm", 1, 0.75),
    Shown("jpeg2000_mammogram", "radiographs/mammo_MG1_mlo_j2k.dcm", 1, 0.75),
)


# Compressed radiographs whose pixels are also written uncompressed, as most stations send them.
NATIVE = (
    Shown("native_chest", "radiographs/cxr_mono1_15bit_RG1_jpegls_near.dcm", 3, 0.25),
    Shown("native_mammogram", "radiographs/mammo_MG1_mlo_j2k.dcm", 2, 0.25),
)


def run() -> Iterator[Figure]:
    if not DICOM.is_dir():
        yield Figure("real_data", float("nan"), "-", "", False, note=f"not measured: there is no {DICOM}")
        return
    warm_up()
    for shown in FILES:
        yield _opened(shown, DICOM / shown.path)
    with tempfile.TemporaryDirectory() as folder:
        for shown in NATIVE:
            yield _opened(shown, _uncompressed(DICOM / shown.path, Path(folder)))
    yield from _headers()
    yield _series()


def _uncompressed(path: Path, folder: Path) -> Path:
    dataset = pydicom.dcmread(path)
    dataset.decompress()
    dataset.save_as(folder / path.name)
    return folder / path.name


def _opened(shown: Shown, path: Path) -> Figure:
    _screen(path), _screen_of_peer(path)  # libraries are loaded, processes started
    ours, peer = _in_turn(lambda: _screen(path), lambda: _screen_of_peer(path), shown.repeats)
    goal = "" if shown.of_peer is None else f"<= {shown.of_peer:g} of peer"
    ok = shown.of_peer is None or ours <= shown.of_peer * peer
    return Figure(f"open_{shown.name}", 1e3 * ours, "ms", goal, ok, peer / ours, "to screen values; peer: pydicom")


def _screen(path: Path) -> np.ndarray:
    image = open_image(path)
    return display_table(image, None).apply(image.frame(image.frames // 2))


def _screen_of_peer(path: Path) -> np.ndarray:
    dataset = pydicom.dcmread(path)
    grey = apply_windowing(apply_modality_lut(dataset.pixel_array, dataset), dataset)
    low, high = float(grey.min()), float(grey.max())
    return ((grey - low) * (255 / max(high - low, 1))).astype(np.uint8)


def _headers() -> Iterator[Figure]:
    paths = sorted((DICOM / "series_mr_axial").iterdir()) * 10
    ours, peer = _in_turn(
        lambda: [read_header(path) for path in paths],
        lambda: [pydicom.dcmread(path, stop_before_pixels=True) for path in paths],
    )
    each = 1e3 * ours / len(paths)
    yield Figure("header", each, "ms", "<= 1", each <= 1, peer / ours, "ours with every field; peer: dcmread alone")
    found = _best(lambda: find_series(DICOM), 2)
    count = sum(path.is_file() for path in DICOM.rglob("*"))
    yield Figure(
        "find_series_per_file", 1e3 * found / count, "ms", "<= 2", found / count <= 2e-3, note=f"{count} files"
    )


def _series() -> Figure:
    paths = sorted((DICOM / "series_ct_head").iterdir())
    ours, peer = _in_turn(lambda: open_series(paths), lambda: _stack_of_peer(paths), 2)
    each, note = (
        1e3 * ours / len(paths),
        f"{len(paths)} slices, ours with geometry; peer: sorted and stacked pixel_array",
    )
    return Figure("series_ct_head_per_slice", each, "ms", "<= 5", each <= 5, peer / ours, note)


def _stack_of_peer(paths: Sequence[Path]) -> np.ndarray:
    slices = sorted((pydicom.dcmread(path) for path in paths), key=lambda each: float(each.ImagePositionPatient[2]))
    return np.stack([each.pixel_array for each in slices])


def _in_turn(ours: Callable[[], Any], peer: Callable[[], Any], repeats: int = 1) -> tuple[float, float]:
    """Seconds of each, the turn least disturbed by other work on the machine."""
    mine, theirs = [], []
    for _ in range(TURNS):
        mine.append(_best(ours, repeats))
        theirs.append(_best(peer, repeats))
    return min(mine), min(theirs)


def _best(work: Callable[[], Any], repeats: int) -> float:
    elapsed = []
    for _ in range(repeats):
        start = perf_counter()
        work()
        elapsed.append(perf_counter() - start)
    return min(elapsed)
