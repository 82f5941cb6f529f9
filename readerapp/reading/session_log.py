"""What one session writes: its events on disk, the time between them, and the state that follows from them. No Qt.

Time away and idle stretches are events as well: reading time is derived from the journal, never counted beside it.
"""

import math
import platform
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from studies.errors import ReadingError, StudyError
from studies.reading.events import Event
from studies.reading.readings import CaseState, replay
from studies.reading.study import ReaderView

__all__ = ["ACTIVITY_INTERVAL_S", "VIEW_INTERVAL_S", "SessionLog"]

VIEW_INTERVAL_S = 0.5  # least time between two journaled views
ACTIVITY_INTERVAL_S = 10.0  # while the reader only looks (pans, scrolls), the journal hears of it this often


class SessionLog:
    """The journal of a reader from the start of a session on. `clock` is monotonic, in seconds; `wall` the time of day.

    An event is on disk before the method that writes it returns; what a method raises was not saved.
    """

    def __init__(self, view: ReaderView, clock: Callable[[], float], wall: Callable[[], datetime]) -> None:
        self._view, self._clock, self._wall = view, clock, wall
        self._session_id = secrets.token_hex(8)
        self.record = replay(view.events())
        self._head = view.head()
        self.code = ""  # of the case opened in this session
        self._snapshot: CaseState | None = None
        self._active, self._ended = True, False
        self._last_input = self._last_event = clock()
        self._view_pending: Mapping[str, Any] | None = None
        self._view_written = -math.inf
        self._start()

    def _start(self) -> None:
        last = self.record.last
        self._gap_s = _seconds_since(last, self._wall()) if last else 0.0
        before = {"session": self.record.session_id, "ended": self.record.session_ended, "gap_s": self._gap_s}
        self.append("session_started", {"before": before if last else None, "system": platform.system()}, code="")

    @property
    def state(self) -> CaseState:
        """The case at hand as the journal has it; empty before the first is opened."""
        if self._snapshot is None:
            self._snapshot = self.record.case(self.code).state() if self.code else CaseState("")
        return self._snapshot

    def append(self, kind: str, payload: Mapping[str, Any], code: str | None = None) -> Event:
        """Write an event of the case at hand, or of the case `code` ("" for none). Raises StudyError: not written."""
        self.refuse_ended()
        if kind != "view_changed" and self._view_pending is not None:
            self.flush_view()
        now = self._clock()
        code = self.code if code is None else code
        event = self._view.journal_append(
            self._session_id, kind, code, payload, monotonic_s=now, wall=self._wall(), after=self._head
        )
        self._head, self._last_event, self._snapshot = event.hash, now, None
        self.record.take(event)
        return event

    def open_case(self, code: str, position: int, focus: str, resumed: bool) -> None:
        """Another case is at hand from now on; `resumed` where the session before left it open."""
        if self.state.open:
            self.input()
            self.flush_view()
        payload = {"position": position, "focus": focus, **({"resumed": True, "gap_s": self._gap_s} if resumed else {})}
        self.append("case_opened", payload, code=code)
        self.code, self._snapshot, self._view_written = code, None, -math.inf
        if not self._active:
            self.append("window_active", {"active": False})

    def painted(self) -> None:
        """The images of the case at hand are on the screen for the first time: its clock starts."""
        if not self.state.painted:
            self._last_input = self._clock()
            self.append("painted", {})

    def end(self) -> None:
        """End the session; nothing can be written after it."""
        if not self._ended:
            self.input()
            self.append("session_ended", {}, code="")
            self._ended = True

    def input(self) -> None:
        """An input came now; where none had come for longer than the protocol's limit, that stretch is recorded."""
        now, since = self._clock(), self._last_input
        if self.code and self.state.painted and now - since > self._view.timing.away_limit_s:
            self.append("idle", {"from_s": since, "to_s": now})
        self._last_input = now

    def activity(self) -> None:
        """The reader did something. Never raises: if the disk fails, the next answer says so."""
        if self._ended or not self.state.painted:
            return
        try:
            self.input()
            if self._view_pending is not None and self._clock() - self._view_written >= VIEW_INTERVAL_S:
                self.flush_view()
            if self._clock() - self._last_event >= ACTIVITY_INTERVAL_S:
                self.append("activity", {})
        except StudyError:
            return

    def set_view(self, view: Mapping[str, Any]) -> None:
        """Keep a view, and write it unless one was written less than 0.5 s ago."""
        if not self.state.open:
            return
        self.input()
        self._view_pending = dict(view)
        if self._clock() - self._view_written >= VIEW_INTERVAL_S:
            self.flush_view()

    def flush_view(self) -> None:
        """Write a view that is still waiting."""
        view = self._view_pending
        if view is not None and self.state.open and view != self.state.view:
            self.append("view_changed", {"view": view})
            self._view_written = self._clock()
        self._view_pending = None

    def set_active(self, active: bool) -> None:
        """The window became active (True), or inactive or locked (False): time from then on is away."""
        if active == self._active or self._ended:
            return
        if self.state.open:
            if active:
                self.input()
            self.append("window_active", {"active": active})
        self._active = active

    def refuse_ended(self) -> None:
        """Raises ReadingError once the session has ended."""
        if self._ended:
            raise ReadingError("this session has ended; open the study again to go on")

    def refuse_unready(self) -> None:
        """Raises ReadingError where the case at hand takes no change: ended, finished, or not on the screen yet."""
        self.refuse_ended()
        if not self.state.open:
            raise ReadingError("no case is open: a finished one is opened again before it is changed")
        if not self.state.painted:
            raise ReadingError("the case is not on the screen yet")


def _seconds_since(event: Event, now: datetime) -> float:
    return max((now - datetime.fromisoformat(event.wall_time)).total_seconds(), 0.0)
