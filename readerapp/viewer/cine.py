"""Slices of a stack one after the other, by the clock: what cannot be painted in time is left out, never queued."""

import time

from PySide6.QtCore import QObject, QTimer, Signal

from readerapp.viewer.planes import Place
from readerapp.viewer.stage import Stage

__all__ = ["Cine"]

_RATES = (5, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60)  # images/s
_USUAL = 15


class Cine(QObject):
    """Plays the active stack. Whatever else scrolls it, shows another image or marks a slice stops it."""

    changed = Signal()  # playing, stopped, or another rate

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self._stage = stage
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)
        self._rate = 0.0  # 0 until a stack was played or a rate chosen
        self._begun = 0.0
        self._done = 0  # frames gone on since then
        self._at: tuple[Place, int] = ((-1, 0), -1)  # what it played last, and the frame it went to
        stage.view_changed.connect(self._on_view)
        stage.tool_changed.connect(lambda kind: self.stop() if kind else None)
        stage.case_shown.connect(self.stop)

    @property
    def rate(self) -> float:
        """Images per second while it plays, 0 where it rests."""
        return self._rate if self._timer.isActive() else 0.0

    def toggle(self) -> None:
        """Plays, or stops. A single image has nothing to play."""
        if self._timer.isActive():
            self.stop()
        elif self._frames > 1:
            self._rate = self._rate or self._own_rate()
            self._at = (self._stage.place, self._stage.canvas.view.frame)
            self._begin()

    def stop(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self.changed.emit()

    def step_rate(self, steps: int) -> None:
        """The next faster or slower of the usual rates, 5 to 60 images/s."""
        rate = self._rate or self._own_rate()
        others = [other for other in _RATES if (other - rate) * steps > 0]
        self._rate = float((min if steps > 0 else max)(others, default=rate))
        if self._timer.isActive():
            self._begin()

    def _begin(self) -> None:
        self._begun, self._done = time.monotonic(), 0
        self._timer.start(round(1000 / self._rate))
        self.changed.emit()

    def _tick(self) -> None:
        if not self._stage.isVisible() or self._stage.canvas.drawing:
            self.stop()
            return
        due = int((time.monotonic() - self._begun) * self._rate)
        steps, self._done = due - self._done, due
        if steps > 0:
            place, frame = self._at
            self._at = (place, (frame + steps) % self._frames)
            self._stage.canvas.set_frame(self._at[1])

    def _on_view(self) -> None:
        if self._timer.isActive() and (self._stage.place, self._stage.canvas.view.frame) != self._at:
            self.stop()

    @property
    def _frames(self) -> int:
        image = self._stage.canvas.image
        return image.frames if image is not None else 0

    def _own_rate(self) -> float:
        """What the header asks for (Frame Time), within the rates there are."""
        image = self._stage.canvas.image
        asked = 1000 / image.frame_time_ms if image is not None and image.frame_time_ms else _USUAL
        return float(min(max(asked, _RATES[0]), _RATES[-1]))
