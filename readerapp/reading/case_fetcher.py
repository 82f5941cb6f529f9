"""Brings the images of the case at hand onto the stage: at once where they are loaded, else with a word meanwhile."""

import logging

from PySide6.QtCore import QObject, QTimer, Signal

from readerapp.reading.loading import CaseLoader, LoadedCase
from readerapp.reading.session import ReadingSession
from readerapp.reading.viewing import CaseViewing
from readerapp.viewer.stage import Stage
from studies.reading.shown_maps import ShownMap

__all__ = ["CaseFetcher"]

log = logging.getLogger(__name__)

_LOADING_DELAY_MS = 150  # shorter waits show no word
_AHEAD = 3  # cases loaded, the one at hand included


class CaseFetcher(QObject):
    """`shown`: the images are on the stage and will be painted; `unreadable`: a sentence stands there instead."""

    shown = Signal()
    unreadable = Signal()

    def __init__(self, session: ReadingSession, stage: Stage, viewing: CaseViewing) -> None:
        super().__init__(stage)
        self._session, self._stage, self._viewing = session, stage, viewing
        self._awaited = ""  # code of the case whose images are not there yet
        self._loader = CaseLoader(session.load_images, self, session.load_maps)
        self._loader.loaded.connect(self._on_loaded)
        self._loader.progressed.connect(self._on_progress)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_LOADING_DELAY_MS)
        self._timer.timeout.connect(self._say_loading)

    def bring(self) -> None:
        """Shows the case at hand as soon as it can be, and loads those that follow."""
        code = str(self._session.presentation.code)
        self._awaited = code
        self._loader.want(self._session.upcoming(_AHEAD))
        ready = self._loader.case(code)
        if ready is not None:
            self._show(ready)
        else:
            self._stage.show_message("")
            self._timer.start()

    @property
    def maps(self) -> tuple[ShownMap, ...] | None:
        """What is shown of the case at hand after its lock; None where it cannot be read."""
        case = self._loader.case(str(self._session.presentation.code))
        return case.maps if case is not None else None

    def stop(self) -> None:
        """The room is left: nothing more is loaded or shown."""
        self._awaited = ""
        self._loader.stop()

    def _say_loading(self) -> None:
        if self._awaited:
            self._stage.show_message(self.tr("Loading …"))

    def _on_progress(self, code: str, share: float) -> None:
        late = not self._timer.isActive()
        if late and self._awaited == code:
            self._stage.show_message(self.tr("Loading …  {percent} %").format(percent=round(100 * share)))

    def _on_loaded(self, case: LoadedCase) -> None:
        if self._awaited == case.code:
            self._show(case)

    def _show(self, case: LoadedCase) -> None:
        self._awaited = ""
        self._timer.stop()
        if case.error is not None:
            self._show_unreadable(case)
            return
        self._viewing.show(case.images, self._session.state.view)
        self._loader.viewport = None if self._stage.side_by_side else self._stage.canvas.device_size()
        self.shown.emit()

    def _show_unreadable(self, case: LoadedCase) -> None:
        """Words only: the error's own text could name a file, so it goes nowhere near the reader."""
        log.error("images of presentation %s could not be shown: %s", case.code, type(case.error).__name__)
        self._stage.show_message(
            self.tr(
                "The image of this case cannot be shown.\n\nAnswer its items “not assessable”, finish the case to go "
                "on, and tell the coordinator the case code."
            )
        )
        self.unreadable.emit()
