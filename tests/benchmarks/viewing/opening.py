"""From a file to the painted picture. Peer: pydicom's default decode with apply_windowing, which paints nothing."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

import numpy as np
import pydicom
from pydicom.pixels import apply_modality_lut, apply_windowing
from pydicom.uid import ExplicitVRLittleEndian
from PySide6.QtWidgets import QApplication

from engine.images import open_image
from engine.images.isolation import warm_up
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.view_state import prepare
from tests.benchmarks.figure import Figure
from tests.conftest import SHARED_DATA

RADIOGRAPHS = SHARED_DATA / "dicom" / "radiographs"
JPEG_LS = RADIOGRAPHS / "cxr_mono1_15bit_RG1_jpegls_near.dcm"
JPEG_2000 = RADIOGRAPHS / "mammo_MG1_mlo_j2k.dcm"
VIEW, TURNS = 1200, 5


def run() -> Iterator[Figure]:
    """Figures of opening; needs the real radiographs beside the project."""
    if not RADIOGRAPHS.is_dir():
        yield Figure("open", float("nan"), "-", "", False, note=f"not measured: there is no {RADIOGRAPHS}")
        return
    warm_up()
    canvas = ImageCanvas()
    canvas.resize(VIEW, VIEW)
    canvas.show()
    QApplication.processEvents()
    with tempfile.TemporaryDirectory() as folder:
        native = _uncompressed(JPEG_LS, Path(folder) / "native.dcm")
        for name, path, goal in (("native", native, 0.25), ("jpegls", JPEG_LS, 0.6), ("jpeg2000", JPEG_2000, 0.75)):
            yield _opened(canvas, name, path, goal)
    canvas.close()


def _opened(canvas: ImageCanvas, name: str, path: Path, goal: float) -> Figure:
    ours, peer = [], []
    for _ in range(TURNS):
        ours.append(_seconds(lambda: _paint(canvas, path)))
        peer.append(_seconds(lambda: _peer(path)))
    mine, theirs = min(ours[1:]), min(peer[1:])
    pixels = pydicom.dcmread(path, stop_before_pixels=True)
    note = f"{pixels.Rows} x {pixels.Columns}, file to first paint, {1e3 * mine:.0f} ms; peer: decode + apply_windowing"
    return Figure(
        f"open_{name}_of_peer", mine / theirs, "of peer", f"<= {goal}", mine <= goal * theirs, theirs / mine, note
    )


def _paint(canvas: ImageCanvas, path: Path) -> None:
    canvas.show_image(prepare(open_image(path)))
    canvas.repaint()


def _peer(path: Path) -> np.ndarray:
    dataset = pydicom.dcmread(path)
    return apply_windowing(apply_modality_lut(dataset.pixel_array, dataset), dataset)


def _uncompressed(source: Path, to: Path) -> Path:
    dataset = pydicom.dcmread(source)
    dataset.decompress()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.save_as(to)
    return to


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
