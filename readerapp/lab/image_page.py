"""What the pages share that show one image: it is opened, stepped through its cohort, and a model is asked about it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from engine.images.image import Image
from readerapp import keymaps
from readerapp.lab.explaining import Explainer
from readerapp.lab.memory import LabMemory
from readerapp.lab.opened import Shown, of_file
from readerapp.page import button, labelled
from readerapp.reading.loading import CaseLoader, LoadedCase
from readerapp.reading.viewing import CaseViewing
from readerapp.viewer.stage import Stage
from readerapp.viewer.view_state import PreparedImage

if TYPE_CHECKING:
    from studies.protocol import PresentationCode

__all__ = ["ImagePage"]

_MARGIN = 14


class ImagePage(QWidget):
    """Images on the left, a panel on the right. A page says what another image means for it (`_take`), what happens
    when it is read (`_arrived`) or cannot be (`_refuse`), what is asked about it (`_ask`), and how wide its panel is.
    """

    def __init__(self, memory: LabMemory, name: str, hint: str, pause_ms: int, parent: QWidget | None = None) -> None:
        """name: of the page's buttons; hint: while nothing is open; pause_ms: of hands, before the model is asked."""
        super().__init__(parent)
        self._memory = memory
        self._shown: Shown | None = None
        self._image: PreparedImage | None = None
        self._frame = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._keymap = keymaps.chosen()[1]
        self.stage = Stage(self._keymap.hands)
        self.viewing = CaseViewing(self.stage, self._keymap, lambda _record: None)
        self.title = labelled(hint, "muted")
        self.note = labelled("", "small")
        self.previous = button(self.tr("‹ Previous"), "quiet", f"previous_{name}")
        self.next = button(self.tr("Next ›"), "quiet", f"next_{name}")
        self.open_file = button(self.tr("Open a file …"), "", f"open_{name}_file")
        self._left = QVBoxLayout()
        self._loader = CaseLoader(self._load, self)
        self.explainer = Explainer(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(pause_ms)
        self._wire()

    @property
    def shown(self) -> Shown | None:
        """What is open."""
        return self._shown

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        self._loader.stop()
        self.explainer.stop()
        super().closeEvent(event)

    # Of each page

    def _take(self, shown: Shown) -> None:
        """Another image is to be shown."""
        raise NotImplementedError

    def _arrived(self) -> None:
        """`_image` and `_frame` are there."""
        raise NotImplementedError

    def _refuse(self, sentence: str) -> None:
        """The image cannot be read."""
        raise NotImplementedError

    def _ask(self) -> None:
        """What is not known yet of the image in view."""
        raise NotImplementedError

    def _fit_side(self, room: int) -> None:
        """The panel may be `room` pixels wide."""
        raise NotImplementedError

    # The image

    def _begin(self, shown: Shown) -> None:
        """Read it, in a thread of its own."""
        self._shown, self._image = shown, None
        self.explainer.cancel()
        self.title.setText(shown.title)
        self._loader.want([cast("PresentationCode", shown.code)])
        self.previous.setEnabled(shown.place > 0)
        self.next.setEnabled(shown.cohort is not None and shown.place + 1 < len(shown.cohort.frame))

    def _load(self, code: "PresentationCode", _progress: Callable[[float], None]) -> Sequence[Image]:
        shown = self._shown
        return [shown.load()] if shown is not None and shown.code == code else []

    def _show_loaded(self, loaded: LoadedCase) -> None:
        if self._shown is None or loaded.code != self._shown.code:
            return
        if loaded.error is not None:
            self._refuse(str(loaded.error))
            return
        self._image = loaded.images[0]
        self._frame = self._image.frame if self._shown.frame is None else self._shown.frame
        self._arrived()

    def _step_image(self, by: int) -> None:
        beside = self._shown.beside(by) if self._shown is not None else None
        if beside is not None:
            self._take(beside)

    def _choose_file(self) -> None:
        name = QFileDialog.getOpenFileName(self, self.tr("Open an image"))[0]
        if name:
            self._take(of_file(Path(name)))

    # Hands

    def _release(self, action: str | None) -> None:
        """A key that was held is let go; None: all of them."""
        self.viewing.release(action)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if not event.isAutoRepeat():
            self._release(self._keymap.action(self._keymap.key(event)))
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._release(None)
        super().focusOutEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._release(None)
        super().changeEvent(event)

    # How it stands

    def event(self, event: QEvent) -> bool:
        """The panel gives way where the images and what stands above and below them need the room."""
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit_side(self.width() - self._left.minimumSize().width() - 2 * _MARGIN)
        return done

    def _wire(self) -> None:
        self._timer.timeout.connect(self._ask)
        self._loader.loaded.connect(self._show_loaded)
        self.stage.pressed.connect(self.setFocus)
        self.viewing.refused.connect(self.note.setText)
        self.previous.clicked.connect(lambda: self._step_image(-1))
        self.next.clicked.connect(lambda: self._step_image(1))
        self.open_file.clicked.connect(self._choose_file)

    def _lay_out(self, above: Sequence[QWidget], images: QWidget, side: QWidget) -> None:
        """`above`: between the title and the images."""
        for step in (self.previous, self.next):
            step.setEnabled(False)
        top = QHBoxLayout()
        top.addWidget(self.title, 1)
        for step in (self.previous, self.next, self.open_file):
            top.addWidget(step)
        self._left.addLayout(top)
        for widget in above:
            self._left.addWidget(widget)
        self._left.addWidget(images, 1)
        self._left.addWidget(self.note)
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARGIN, 12, 0, 4)
        row.setSpacing(_MARGIN)
        row.addLayout(self._left, 1)
        row.addWidget(side)
