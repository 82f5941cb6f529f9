"""Cases are decoded and prepared in a thread of their own: the case at hand first, then the two that follow."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.images.image import Image
from readerapp.viewer.view_state import PreparedImage, prepare, presampled
from studies.errors import ReadingError

if TYPE_CHECKING:
    from studies.protocol import PresentationCode
    from studies.reading.shown_maps import ShownMap

__all__ = ["MOST_AHEAD_BYTES", "CaseLoader", "LoadedCase"]

log = logging.getLogger(__name__)

MOST_AHEAD_BYTES = 2**30  # with more than this in memory no case is loaded ahead


@dataclass(frozen=True, eq=False)
class LoadedCase:
    """The images of a presentation, ready to be painted, or why there are none."""

    code: str
    images: tuple[PreparedImage, ...] = ()
    error: Exception | None = None
    maps: "tuple[ShownMap, ...] | None" = ()  # for after the lock; None where they cannot be read

    @property
    def size_bytes(self) -> int:
        """Memory of the pixels; reduced copies are a third more."""
        return sum(entry.image.pixels.nbytes for entry in self.images)


class CaseLoader(QObject):
    """Loads presentations by code. `loaded` comes on the thread this object lives in."""

    loaded = Signal(object)  # LoadedCase
    progressed = Signal(str, float)  # code, share of the work from 0 to 1
    _arrived = Signal(object)

    def __init__(
        self,
        load_images: "Callable[[PresentationCode, Callable[[float], None]], Sequence[Image]]",
        parent: QObject | None = None,
        load_maps: "Callable[[PresentationCode], tuple[ShownMap, ...]] | None" = None,
    ) -> None:
        super().__init__(parent)
        self._load_images, self._load_maps = load_images, load_maps
        # One thread: the case at hand is never slowed by the one after it.
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cases")
        self._cases: dict[str, LoadedCase] = {}
        # What was loaded, told by the thread itself: `_cases` learns of a case only when the window's thread has time.
        self._held_bytes: dict[str, int] = {}
        self._under_way: dict[str, Future[None]] = {}
        self._wanted: set[str] = set()
        self._at_hand: str | None = None
        self.viewport: tuple[int, int] | None = None  # device pixels in which an image alone is shown, once known
        self._arrived.connect(self._keep)

    def case(self, code: str) -> LoadedCase | None:
        """A case that is ready, None while it is not."""
        return self._cases.get(code)

    def want(self, codes: "Sequence[PresentationCode]") -> None:
        """The cases to have ready, most urgent first; all others are forgotten."""
        self._wanted, self._at_hand = set(codes), codes[0] if codes else None
        for code in [code for code in self._cases if code not in codes]:
            del self._cases[code]
        for code in set(self._held_bytes) - self._wanted:
            self._held_bytes.pop(code, None)
        for code, future in list(self._under_way.items()):
            if future.cancel():
                del self._under_way[code]
        for code in codes:
            if code not in self._cases and code not in self._under_way:
                self._submit(code)

    def retry(self, code: "PresentationCode") -> None:
        """Loads a case again that could not be loaded."""
        self._cases.pop(code, None)
        self.want([code])

    def stop(self) -> None:
        """Ends the thread when what it is at is done; nothing is announced afterwards."""
        self._wanted = set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _submit(self, code: "PresentationCode") -> None:
        self._under_way[code] = self._pool.submit(self._load, code, code == self._at_hand)

    def _load(self, code: "PresentationCode", at_hand: bool) -> None:
        if not at_hand and sum(tuple(self._held_bytes.values())) > MOST_AHEAD_BYTES:
            self._arrived.emit(code)  # asked for again when its turn comes
            return
        try:
            images = self._prepared(code)
            missing = None if images else ValueError("the case has no image")
            case = LoadedCase(code, images, missing, self._maps(code))
        except Exception as error:  # whatever is wrong with one case, the reader must be able to go on to the next
            case = LoadedCase(code, error=error)
        self._held_bytes[code] = case.size_bytes
        self._arrived.emit(case)

    def _maps(self, code: "PresentationCode") -> "tuple[ShownMap, ...] | None":
        try:
            return self._load_maps(code) if self._load_maps is not None else ()
        except ReadingError as error:
            log.error("the explanation of presentation %s: %s", code, type(error).__name__)
            return None

    def _prepared(self, code: "PresentationCode") -> tuple[PreparedImage, ...]:
        """Reading from the disk is taken for the first half of the work, the reduced copies for the second."""
        images = self._load_images(code, lambda share: self.progressed.emit(code, share / 2))
        prepared = []
        for number, image in enumerate(images, start=1):
            prepared.append(prepare(image))
            prepared[-1].pyramid.build()
            if self.viewport is not None and len(images) == 1:
                prepared[-1] = presampled(prepared[-1], self.viewport)
            self.progressed.emit(code, 0.5 + number / len(images) / 2)
        return tuple(prepared)

    def _keep(self, case: "LoadedCase | PresentationCode") -> None:
        if not isinstance(case, LoadedCase):
            self._under_way.pop(case, None)
            if case == self._at_hand:  # its turn came while it was put off
                self._submit(case)
            return
        self._under_way.pop(case.code, None)
        if case.code in self._wanted:
            self._cases[case.code] = case
            self.loaded.emit(case)
        else:
            self._held_bytes.pop(case.code, None)
