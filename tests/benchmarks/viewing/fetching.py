"""From the key to the painted mammogram that nobody has loaded ahead, less what decoding it takes anyway."""

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.images import load_image, open_image
from engine.images.image import Image
from readerapp.reading.room import ReadingRoom
from tests.benchmarks.figure import Figure
from tests.benchmarks.viewing.opening import JPEG_2000
from tests.readerapp.fast_reader import rest
from tests.readerapp.made_study import MadeStudy, make_study

TURNS = 7
GOAL_MS = 100


def run() -> Iterator[Figure]:
    """The figure of a case that is not prefetched; needs the real mammogram beside the project."""
    name = "next_case_not_prefetched"
    if not JPEG_2000.is_file():
        yield Figure(name, float("nan"), "-", "", False, note=f"not measured: there is no {JPEG_2000}")
        return
    image = open_image(JPEG_2000)
    whole, copy, original = [], [], []
    for _ in range(TURNS):
        with tempfile.TemporaryDirectory() as folder:
            study = make_study(Path(folder) / "study", [[image]])
            whole.append(_key_to_painted(study))
            (frozen,) = (study.root / "images").iterdir()
            copy.append(_decoded(lambda path=frozen: load_image(path)))  # type: ignore[misc]
            original.append(_decoded(lambda: open_image(JPEG_2000)))
    beyond = 1e3 * float(np.median(np.subtract(whole, copy)))
    note = (
        f"{image.rows} x {image.columns}, key to painted {1e3 * np.median(whole):.0f} ms less decoding of the study's "
        f"copy {1e3 * np.median(copy):.0f} ms; the JPEG 2000 file itself takes {1e3 * np.median(original):.0f} ms; "
        f"median of {TURNS}"
    )
    yield Figure(name, beyond, "ms", f"<= {GOAL_MS}", beyond <= GOAL_MS, note=note)


def _key_to_painted(study: MadeStudy) -> float:
    """Seconds from Enter on the page of instructions, before which nothing is loaded, to the first paint."""
    room = ReadingRoom(study.session())
    room.resize(1680, 1050)
    room.show()
    rest(200)
    painted: list[float] = []
    room.stage.first_painted.connect(lambda: painted.append(perf_counter()))
    start = perf_counter()
    QTest.keyClick(room, Qt.Key.Key_Return)
    while not painted:
        rest(1)
    while room.mode != "reading":
        rest(1)
    room.close()
    return painted[0] - start


def _decoded(decode: Callable[[], Image]) -> float:
    """Seconds in a thread of its own beside a window at rest, as the room decodes."""
    with ThreadPoolExecutor(1) as pool:
        start = perf_counter()
        done = pool.submit(lambda: (decode(), perf_counter()))
        while not done.done():
            rest(1)
        return done.result()[1] - start
