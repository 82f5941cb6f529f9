"""Which case of a reader's order may be opened: the order itself, going back, a sitting's cap, washout. No Qt."""

from collections.abc import Callable
from datetime import datetime, timedelta

from studies.design import Presentation
from studies.errors import ReadingError
from studies.reading.readings import CaseRecord, ChainRecord
from studies.reading.study import ReaderView

__all__ = ["PAUSE_S", "CaseOrder"]

PAUSE_S = 15 * 60.0  # without a finished case for this long, a new sitting begins


class CaseOrder:
    """The presentations of a reader against what `record` says was read; `wall` is the time of day."""

    def __init__(self, view: ReaderView, record: ChainRecord, wall: Callable[[], datetime]) -> None:
        self._view, self._record, self._wall = view, record, wall
        self._presentations = view.presentations
        self._places = {str(p.code): place for place, p in enumerate(view.presentations)}

    @property
    def count(self) -> int:
        return len(self._presentations)

    @property
    def read_count(self) -> int:
        """Cases finished so far."""
        return sum(case.closed for case in self._record.cases.values())

    @property
    def frontier(self) -> int:
        """Place of the first case that is not read; `count` where all are."""
        for place, presentation in enumerate(self._presentations):
            if not self.case(presentation.code).closed:
                return place
        return self.count

    @property
    def open_place(self) -> int | None:
        """Place of the case that is open, in this session or since the last one; None where none is."""
        code = self._record.current
        return self._places[code] if code and self.case(code).open else None

    def place(self, code: str) -> int:
        """0-based place of a presentation."""
        return self._places[code]

    def case(self, code: str) -> CaseRecord:
        """What is written of a case; an empty record for one that was never opened."""
        return self._record.cases.get(code) or CaseRecord(code)

    def refuse_going_to(self, position: int) -> None:
        """Raises ReadingError where this position is out of turn: ahead of the order, or behind and closed for good."""
        if not 0 <= position < self.count:
            raise ReadingError(f"there is no case {position + 1}; the cases are 1 to {self.count}")
        frontier = self.frontier
        if position > frontier:
            raise ReadingError(f"cases are read in their order: finish case {frontier + 1} first")
        if position < frontier and position != self.open_place:
            self._refuse_going_back(position, self._presentations[min(frontier, self.count - 1)])

    def refuse_opening(self, target: Presentation) -> None:
        """Raises ReadingError where a case that was never opened has to wait: for a break, or for the washout."""
        if not self.case(target.code).opened:
            self._refuse_too_many()
            self._refuse_washout(target)

    def _refuse_going_back(self, position: int, now: Presentation) -> None:
        if not self._view.navigation.back:
            raise ReadingError("this study does not let readers go back to a case")
        target = self._presentations[position]
        if target.practice:
            raise ReadingError("practice cases are not opened again")
        if target.part != now.part:
            raise ReadingError(f"part {target.part + 1} of the study is over; its cases are not opened again")

    def _refuse_too_many(self) -> None:
        cap, read = self._view.sessions.cap, self._read_in_this_sitting()
        if cap is not None and read >= cap:
            raise ReadingError(
                f"you have read {read} cases in this sitting; the study asks for a break after {cap}. "
                f"Everything is saved: leave, or go on after {PAUSE_S / 60:.0f} minutes"
            )

    def _read_in_this_sitting(self) -> int:
        """Cases finished since the last pause, by the journal: leaving and coming back is no pause."""
        ends = [datetime.fromisoformat(case.finished_at) for case in self._record.cases.values() if case.finished_at]
        read, later = 0, self._wall()
        for end in sorted(ends, reverse=True):
            if (later - end).total_seconds() >= PAUSE_S:
                break
            read, later = read + 1, end
        return read

    def _refuse_washout(self, target: Presentation) -> None:
        before = [p for p in self._presentations if p.part < target.part and not p.practice]
        ends = [self.case(p.code).finished_at for p in before]
        if not any(ends):
            return
        days = self._view.sessions.washout_days
        opens = max(datetime.fromisoformat(end) for end in ends if end) + timedelta(days=days)
        if self._wall() < opens:
            raise ReadingError(
                f"part {target.part + 1} may be read from {opens.astimezone():%Y-%m-%d %H:%M} on: "
                f"{days:g} days after the end of part {target.part}"
            )
