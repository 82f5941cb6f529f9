"""What is on the screen as a picture to be saved: the engine's own writers give it badge, purpose and provenance."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from engine.counterfactuals import Counterfactual
from engine.errors import JobError

if TYPE_CHECKING:
    from engine.explain.counterfactual_dicom import Part

__all__ = ["Seen", "grabbed", "save_seen"]


@dataclass(frozen=True, eq=False)
class Seen:
    """Pixels (h, w, 3) uint8 of views that bear their watermarks, and what they show.

    place: of the amplitude in view, −1 for the reconstruction. files and frame: what the image is read from.
    """

    pixels: np.ndarray
    found: Sequence[Counterfactual]  # several: the grid of findings
    place: int = -1
    files: Callable[[], Sequence[Path]] = tuple
    frame: int = 0

    @property
    def words(self) -> str:
        """For the strip below the picture: what is drawn, and by which weights."""
        first = self.found[0]
        made = f"{first.run}, weights {first.weights_sha256[:12]}"
        if len(self.found) > 1:
            return f"{len(self.found)} findings · {made}"
        amplitude = first.amplitudes[self.place] if self.place >= 0 else 0.0
        return f"{first.target.replace('_', ' ')}, amplitude {amplitude:+.1f} · {made}"


def grabbed(widget: QWidget, parts: Sequence[QWidget] = ()) -> np.ndarray:
    """A widget as it is seen, (h, w, 3) uint8; `parts`: only the rectangle around these, which lie in it."""
    places = [QRect(part.mapTo(widget, QPoint()), part.size()) for part in parts if part.isVisible()]
    around = reduce(QRect.united, places, QRect()) if places else widget.rect()
    picture = widget.grab(around).toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.bytesPerLine())
    return rows[:, : 3 * picture.width()].reshape(picture.height(), picture.width(), 3).copy()


def save_seen(seen: Seen, path: Path) -> None:
    """Write it, whole or not at all, as PNG or DICOM, by the ending. JobError for any other; OSError."""
    from engine.explain.counterfactual_badge import badged
    from engine.explain.counterfactual_files import write_dicom, write_picture

    if path.suffix.lower() not in (".png", ".dcm"):
        raise JobError(f"{path.name} is neither .png nor .dcm: name a picture of one of these kinds")
    part: Part = "findings" if len(seen.found) > 1 else "views"
    picture = badged(seen.pixels, corner=False, words=seen.words)
    half = path.with_name(f".{path.name}.part")
    try:
        if path.suffix.lower() == ".png":
            write_picture(half, picture, seen.found, part, seen.place)
        else:
            files = seen.files()
            source = files[0] if len(files) == 1 else None
            write_dicom(half, picture, seen.found, part, seen.place, source, seen.frame)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
