"""Small pictures of a cohort's images, made in a thread of their own: what came into sight last is made first."""

from collections import OrderedDict, deque
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from engine.cohorts.cohort import Cohort
from engine.errors import EngineError
from engine.images.grey import presentation
from engine.images.image import Image
from engine.images.opening import open_image
from engine.images.resampling import prepare

__all__ = ["SIDE", "Thumbnails", "opened_frame", "thumbnail"]

SIDE = 64  # pixels a side
_KEPT = 4000  # pictures in memory: 16 MB
_WAITING = 60  # requests; older ones are out of sight by now


def opened_frame(cohort: Cohort, row: Mapping[str, Any]) -> tuple[Image, int]:
    """The image of a row, of a stack its middle slice alone, and the frame to show. CohortError, ImageError."""
    paths = cohort.image_paths(row)
    image = open_image(paths[len(paths) // 2])
    return image, image.frames // 2


def thumbnail(cohort: Cohort, row: Mapping[str, Any], side: int = SIDE) -> QImage:
    """The image of a row as models see it, padded to a square of `side` pixels. CohortError, ImageError."""
    square, _ = prepare(presentation(*opened_frame(cohort, row)), side)
    grey = np.ascontiguousarray(np.rint(square * 255).astype(np.uint8))
    return QImage(grey.data, side, side, side, QImage.Format.Format_Grayscale8).copy()


class Thumbnails(QObject):
    """Asks never wait: None while a picture is made, a null image where it cannot be. `made` tells its place."""

    made = Signal(int)
    _arrived = Signal(int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="thumbnails")
        self._cohort: Cohort | None = None
        self._pictures: OrderedDict[int, QImage] = OrderedDict()
        self._waiting: deque[int] = deque(maxlen=_WAITING)
        self._lock = Lock()
        self._arrived.connect(self._keep)

    def show(self, cohort: Cohort | None) -> None:
        """Another cohort: everything known of the one before is forgotten."""
        with self._lock:
            self._cohort, self._pictures = cohort, OrderedDict()
            self._waiting.clear()

    def picture(self, place: int) -> QImage | None:
        """The picture of the image at `place` of the cohort, None while it is made."""
        if place in self._pictures:
            self._pictures.move_to_end(place)
            return self._pictures[place]
        with self._lock:
            if place in self._waiting:
                self._waiting.remove(place)
            self._waiting.append(place)
        self._pool.submit(self._make_next)
        return None

    def stop(self) -> None:
        """Ends the thread when what it is at is done."""
        self.show(None)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _make_next(self) -> None:
        with self._lock:
            cohort, place = self._cohort, self._waiting.pop() if self._waiting else -1
        if cohort is None or place < 0:
            return
        try:
            picture = thumbnail(cohort, cohort.frame.iloc[place])
        except (EngineError, OSError, ValueError):  # said when it is opened; here a cross stands for it
            picture = QImage()
        try:
            self._arrived.emit(place, picture, cohort)
        except RuntimeError:  # the page went away
            return

    def _keep(self, place: int, picture: QImage, cohort: Cohort) -> None:
        if cohort is not self._cohort:
            return
        self._pictures[place] = picture
        while len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        self.made.emit(place)
