"""One image of a file, read in the background: a look before it is chosen."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QWidget

from engine.images import open_image
from engine.images.image import Image
from readerapp.page import labelled
from readerapp.reading.loading import CaseLoader, LoadedCase
from readerapp.theme import wide
from readerapp.viewer.canvas import ImageCanvas
from studies.protocol import PresentationCode

__all__ = ["FilePreview"]

_LEAST = 110  # pixels beside text of 10 points


class FilePreview(QWidget):
    """Shows a file as a reader would see it at first; says so where it cannot be read."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._file: Path | None = None
        self._loader = CaseLoader(_read, self)
        self._loader.loaded.connect(self._show)
        self.destroyed.connect(self._loader.stop)
        self.canvas = ImageCanvas()
        self.canvas.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.canvas.setAccessibleName(title)
        self.canvas.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)  # the place decides
        self.message = labelled("", "muted")
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self.canvas)
        self._stack.addWidget(self.message)
        self.setMinimumHeight(wide(_LEAST))

    @property
    def shows_image(self) -> bool:
        """Whether an image is in view, and no words."""
        return self._stack.currentWidget() is self.canvas

    def show_file(self, file: Path | None) -> None:
        """Read a file and show it; None shows nothing."""
        self._file = file
        self._say("" if file is None else self.tr("Loading …"))
        if file is None:
            self._loader.want([])
            return
        code = PresentationCode(str(file))
        self._loader.want([code])
        if (ready := self._loader.case(code)) is not None:
            self._show(ready)

    def stop(self) -> None:
        """Ends the reading."""
        self._loader.stop()

    def _say(self, words: str) -> None:
        self.message.setText(words)
        self._stack.setCurrentWidget(self.message)

    def _show(self, loaded: LoadedCase) -> None:
        if self._file is None or loaded.code != str(self._file):
            return
        if loaded.error is not None:
            self._say(self.tr("This file cannot be read as an image: {why}").format(why=loaded.error))
            return
        image = loaded.images[0]
        self.canvas.show_image(image, image.opening)
        self.canvas.hide_overlays(True)  # captions would cover a picture as small as this
        self._stack.setCurrentWidget(self.canvas)


def _read(code: PresentationCode, _progress: Callable[[float], None]) -> Sequence[Image]:
    return [open_image(Path(code))]
