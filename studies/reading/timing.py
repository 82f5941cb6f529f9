"""How long a reader looked: one clock for each phase of a presentation, on the session's monotonic clock.

* **load** runs from the case being opened to its first paint; it is no part of the reading time.
* **total** runs from first paint to the case being finished, left, or the session's end. A case opened again goes on
  with the same clock, from the first paint of that opening.
* **away** is the part of total in which the window was inactive or locked, or in which no input came for longer than
  the protocol's limit. An idle stretch counts as a whole, from the last input to the next: 300 s without input are
  300 s away, 100 s are none. Stretches that overlap count once.
* **active** = total − away.

Monotonic clocks start anew with each process, so a stretch never spans two sessions. Where a session was killed, its
stretch ends with the last event it wrote; the gap until the reader came back is known from wall time alone, is kept as
`gap_s`, and is part of none of the above.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Timing:
    """Seconds of one phase of a presentation; `first_answer_s` is by item id. Both firsts are on the total clock."""

    load_s: float = 0.0
    total_s: float = 0.0
    away_s: float = 0.0
    gap_s: float = 0.0
    openings: int = 0
    first_mark_s: float | None = None
    first_answer_s: dict[str, float] = field(default_factory=dict)

    @property
    def active_s(self) -> float:
        """total_s − away_s."""
        return self.total_s - self.away_s


class PhaseClock:
    """Adds up the stretches of one phase."""

    def __init__(self) -> None:
        self._load = self._total = self._away = 0.0
        self.gap_s = 0.0
        self.openings = 0
        self._asked: float | None = None
        self._start: float | None = None
        self._last = 0.0
        self._inactive: float | None = None
        self._stretches: list[tuple[float, float]] = []
        self.first_mark_s: float | None = None
        self.first_answer_s: dict[str, float] = {}

    @property
    def running(self) -> bool:
        """True from first paint until the case is finished or left."""
        return self._start is not None

    def ask(self, now: float) -> None:
        """The case is opened: its images are asked for."""
        self.stop()
        self._asked, self._inactive = now, None
        self.openings += 1

    def start(self, now: float) -> None:
        """First paint of this opening."""
        if self._asked is not None:
            self._load += max(now - self._asked, 0.0)
            self._asked = None
        if self._start is None:
            self._start = self._last = now
            # Painted while the window was in the background: away from the start.
            self._inactive = now if self._inactive is not None else None

    def tick(self, now: float) -> None:
        """Something was written at this time."""
        self._last = max(self._last, now)

    def set_active(self, active: bool, now: float) -> None:
        """The window became active, or inactive or locked."""
        if active and self._inactive is not None:
            self._stretches.append((self._inactive, now))
            self._inactive = None
        elif not active and self._inactive is None:
            self._inactive = now

    def idle(self, since: float, until: float) -> None:
        """No input came between these two times."""
        self._stretches.append((since, until))

    def stop(self) -> None:
        """The stretch ends with the last thing written in it."""
        if self._start is not None:
            self._away += covered(self._open_stretches(), self._start, self._last)
            self._total += self._last - self._start
        self._start = self._asked = self._inactive = None
        self._stretches = []

    def elapsed(self) -> float:
        """Total up to the last thing written."""
        return self._total + (self._last - self._start if self._start is not None else 0.0)

    def timing(self) -> Timing:
        """What the clock says at the last thing written."""
        away = self._away
        if self._start is not None:
            away += covered(self._open_stretches(), self._start, self._last)
        answers = dict(self.first_answer_s)
        return Timing(self._load, self.elapsed(), away, self.gap_s, self.openings, self.first_mark_s, answers)

    def _open_stretches(self) -> list[tuple[float, float]]:
        if self._inactive is None:
            return self._stretches
        return [*self._stretches, (self._inactive, max(self._last, self._inactive))]


def covered(stretches: list[tuple[float, float]], start: float, end: float) -> float:
    """Length of [start, end] that lies in any of the stretches."""
    length, reached = 0.0, start
    for low, high in sorted(stretches):
        low, high = max(low, reached), min(high, end)
        if high > low:
            length += high - low
            reached = high
    return length
