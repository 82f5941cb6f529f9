"""From events to what a reader has said: the state of each presentation is derived from the journal, never stored.

A presentation is *opened*, *painted*, answered and marked, then *finished*; opening another one *leaves* it. The two
are one event, so that a reader is never between cases. An answer or mark made before the finish may be undone and
done again; both are events too. Undo never reaches back beyond a finish, a lock or another case. A finished
presentation that is opened again stays finished, and what is changed then counts.

Where an explanation follows, finishing the unaided phase *locks* its answers and marks for good: `locked_answers` is
the unaided reading. The reading with the explanation in view begins without an answer: the reader confirms or changes
each of the locked ones, so that no answer counts that was not given with the explanation at hand (the sequential
design: Obuchowski et al., Acad Radiol 2010;17:761). How long the explanation was in view has a clock of its own.

Every function here is pure; times are in seconds (see `studies.reading.timing` for their definitions).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from studies.errors import StudyError
from studies.reading.events import Event
from studies.reading.marks import Mark, mark_from
from studies.reading.timing import PhaseClock, Timing

Phase = Literal["unaided", "explained"]
_REST = ("rest_absent", "rest_confirmed")


@dataclass(frozen=True)
class Answer:
    """An answer as it stands. A multi item's value is a JSON list of options."""

    value: str
    seq: int  # of the event that gave it, or brought it back
    rest: bool = False  # given by "the rest absent" or "the rest as before"


@dataclass(frozen=True)
class Change:
    """One answer or mark before and after. Answers are their value, "" where there is none; marks None."""

    what: Literal["answer", "mark"]
    key: str  # item id or mark id
    old: Any
    new: Any


@dataclass(frozen=True)
class Step:
    """What one undo takes back."""

    seq: int  # of the event it came from
    kind: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class CaseState:
    """One presentation as the journal has it. Items without an answer are not in `answers`."""

    code: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    marks: Mapping[str, Mark] = field(default_factory=dict)
    focus: str = ""
    view: Mapping[str, Any] = field(default_factory=dict)
    phase: Phase = "unaided"
    opened: bool = False  # ever
    open: bool = False  # opened and neither finished nor left since
    painted: bool = False  # in the opening at hand
    closed: bool = False  # finished at least once: read
    finished_at: str = ""  # wall time of the first finish
    undo: tuple[Step, ...] = ()
    redo: tuple[Step, ...] = ()
    marks_made: int = 0
    locked_answers: Mapping[str, Answer] | None = None
    locked_marks: Mapping[str, Mark] = field(default_factory=dict)
    flag: str = ""  # the reader's comment for the coordinator
    timing: Mapping[str, Timing] = field(default_factory=dict)  # by phase
    explanation_shown: bool = False  # now
    reveals: int = 0  # how often it was brought into view
    explanation_s: float = 0.0  # it was in view, without time away

    @property
    def load_s(self) -> float:
        return sum(timing.load_s for timing in self.timing.values())

    @property
    def total_s(self) -> float:
        return sum(timing.total_s for timing in self.timing.values())

    @property
    def away_s(self) -> float:
        return sum(timing.away_s for timing in self.timing.values())

    @property
    def active_s(self) -> float:
        return self.total_s - self.away_s

    def sheet(self, phase: Phase) -> tuple[Mapping[str, Answer], Mapping[str, Mark]]:
        """Answers and marks of a phase."""
        if phase == "unaided" and self.locked_answers is not None:
            return self.locked_answers, self.locked_marks
        return self.answers, self.marks

    @property
    def gap_s(self) -> float:
        """Wall time between sessions that ended in the middle of this case and the next; no reading time."""
        return sum(timing.gap_s for timing in self.timing.values())


class CaseRecord:
    """The events of one presentation, taken in one after the other."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.answers: dict[str, Answer] = {}
        self.marks: dict[str, Mark] = {}
        self.focus = ""
        self.view: Mapping[str, Any] = {}
        self.phase: Phase = "unaided"
        self.opened = self.open = self.painted = self.closed = False
        self.finished_at = ""
        self.undo: list[Step] = []
        self.redo: list[Step] = []
        self.marks_made = 0
        self.locked_answers: dict[str, Answer] | None = None
        self.locked_marks: dict[str, Mark] = {}
        self.flag = ""
        self.clocks: dict[Phase, PhaseClock] = {"unaided": PhaseClock()}
        self.in_view = PhaseClock()  # of the explanation
        self.reveals = 0

    @property
    def clock(self) -> PhaseClock:
        return self.clocks[self.phase]

    def take(self, event: Event) -> None:
        """Take in the next event of this presentation. Kinds that do not concern the state only move the clock."""
        self.tick(event.monotonic_s)
        act = _ACTS.get(event.kind)
        if act is not None:
            act(self, event)

    def tick(self, now: float) -> None:
        """The case lasted until now."""
        for clock in (self.clock, self.in_view):
            if clock.running:
                clock.tick(now)

    def break_off(self) -> None:
        """The session ended, or was killed: clocks stop, everything else stays as it was."""
        self.clock.stop()
        self.in_view.stop()
        self.painted = False

    def leave(self) -> None:
        """Finished, or left for another case."""
        self.forget_steps()
        self.break_off()
        self.open = False

    def state(self) -> CaseState:
        """A snapshot."""
        return CaseState(
            code=self.code,
            answers=dict(self.answers),
            marks=dict(self.marks),
            focus=self.focus,
            view=self.view,
            phase=self.phase,
            opened=self.opened,
            open=self.open,
            painted=self.painted,
            closed=self.closed,
            finished_at=self.finished_at,
            undo=tuple(self.undo),
            redo=tuple(self.redo),
            marks_made=self.marks_made,
            locked_answers=None if self.locked_answers is None else dict(self.locked_answers),
            locked_marks=dict(self.locked_marks),
            flag=self.flag,
            timing={phase: clock.timing() for phase, clock in self.clocks.items()},
            explanation_shown=self.in_view.running,
            reveals=self.reveals,
            explanation_s=self.in_view.timing().active_s,
        )

    def change(self, event: Event, changes: Iterable[Change], *, rest: bool = False) -> None:
        """Apply changes; the focus goes where the event says."""
        for change in changes:
            if change.what == "answer":
                _put(self.answers, change.key, Answer(change.new, event.seq, rest) if change.new else None)
            else:
                _put(self.marks, change.key, mark_from(change.new) if change.new else None)
        self.focus = event.payload.get("focus", self.focus)

    def do(self, event: Event, changes: tuple[Change, ...], *, rest: bool = False) -> None:
        """A change made by the reader: it can be undone, and what was undone before cannot be done again."""
        self.change(event, changes, rest=rest)
        self.undo.append(Step(event.seq, event.kind, changes))
        self.redo.clear()

    def forget_steps(self) -> None:
        self.undo.clear()
        self.redo.clear()


def changes_of(kind: str, payload: Mapping[str, Any]) -> tuple[Change, ...]:
    """What an event changes: one that answers, marks, undoes or does again."""
    if kind == "answered":
        return (Change("answer", payload["item"], payload["old"], payload["new"]),)
    if kind == "rest_confirmed":
        return tuple(Change("answer", item, "", value) for item, value in payload["new"].items())
    if kind == "rest_absent":
        return tuple(Change("answer", item, "", "absent") for item in payload["items"])
    if kind in ("mark_added", "mark_changed", "mark_deleted"):
        old, new = payload.get("old"), payload.get("new")
        return (Change("mark", (new or old or {})["id"], old, new),)
    return tuple(Change(c["what"], c["key"], c["old"], c["new"]) for c in payload["changes"])


def reversed_changes(changes: Iterable[Change]) -> tuple[Change, ...]:
    """What takes the changes back."""
    return tuple(Change(c.what, c.key, c.new, c.old) for c in reversed(tuple(changes)))


def _put(table: dict[str, Any], key: str, value: object) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value


def _opened(record: CaseRecord, event: Event) -> None:
    record.opened = record.open = True
    record.painted = False
    record.clock.ask(event.monotonic_s)
    record.clock.gap_s += float(event.payload.get("gap_s", 0.0))
    record.focus = event.payload.get("focus", record.focus)


def _painted(record: CaseRecord, event: Event) -> None:
    record.painted = True
    record.clock.start(event.monotonic_s)


def _answered(record: CaseRecord, event: Event) -> None:
    rest = event.kind in _REST
    changes = changes_of(event.kind, event.payload)
    for change in changes:
        record.clock.first_answer_s.setdefault(change.key, record.clock.elapsed())
    record.do(event, changes, rest=rest)


def _marked(record: CaseRecord, event: Event) -> None:
    if event.kind == "mark_added":
        record.marks_made += 1
        if record.clock.first_mark_s is None:
            record.clock.first_mark_s = record.clock.elapsed()
    record.do(event, changes_of(event.kind, event.payload))


def _undone(record: CaseRecord, event: Event) -> None:
    step = record.undo.pop()
    record.change(event, changes_of(event.kind, event.payload), rest=_was_rest(step, event))
    record.redo.append(step)


def _redone(record: CaseRecord, event: Event) -> None:
    step = record.redo.pop()
    record.change(event, changes_of(event.kind, event.payload), rest=_was_rest(step, event))
    record.undo.append(step)


def _was_rest(step: Step, event: Event) -> bool:
    return step.kind in _REST and event.kind == "redone"


def _focused(record: CaseRecord, event: Event) -> None:
    record.focus = event.payload["focus"]


def _viewed(record: CaseRecord, event: Event) -> None:
    record.view = event.payload["view"]


def _flagged(record: CaseRecord, event: Event) -> None:
    record.flag = event.payload["new"]


def _activated(record: CaseRecord, event: Event) -> None:
    for clock in (record.clock, record.in_view):
        if clock is record.clock or clock.running:
            clock.set_active(bool(event.payload["active"]), event.monotonic_s)


def _idled(record: CaseRecord, event: Event) -> None:
    for clock in (record.clock, record.in_view):
        clock.idle(float(event.payload["from_s"]), float(event.payload["to_s"]))


def _explanation_shown(record: CaseRecord, event: Event) -> None:
    if event.payload["shown"] and not record.in_view.running:
        record.reveals += 1
        record.in_view.start(event.monotonic_s)
    elif not event.payload["shown"]:
        record.in_view.stop()


def _locked(record: CaseRecord, event: Event) -> None:
    record.locked_answers, record.locked_marks = dict(record.answers), dict(record.marks)
    record.answers.clear()
    record.forget_steps()
    record.clock.stop()
    record.phase = "explained"
    record.clocks["explained"] = PhaseClock()
    record.clock.start(event.monotonic_s)
    record.focus = event.payload.get("focus", record.focus)


def _finished(record: CaseRecord, event: Event) -> None:
    record.closed = True
    record.finished_at = record.finished_at or event.wall_time
    record.leave()


_ACTS = {
    "case_opened": _opened,
    "painted": _painted,
    "answered": _answered,
    "rest_absent": _answered,
    "rest_confirmed": _answered,
    "mark_added": _marked,
    "mark_changed": _marked,
    "mark_deleted": _marked,
    "undone": _undone,
    "redone": _redone,
    "focused": _focused,
    "view_changed": _viewed,
    "case_flagged": _flagged,
    "window_active": _activated,
    "idle": _idled,
    "answers_locked": _locked,
    "explanation_shown": _explanation_shown,
    "case_finished": _finished,
}


class ChainRecord:
    """The events of one reader's chain, taken in one after the other: every presentation, and who is at work."""

    def __init__(self) -> None:
        self.cases: dict[str, CaseRecord] = {}
        self.current = ""  # code of the presentation opened last
        self.session_id = ""
        self.session_ended = True
        self.last: Event | None = None

    def take(self, event: Event) -> None:
        """Take in the next event of the chain."""
        if event.session_id != self.session_id:
            self._break_off()
        if event.kind == "session_started":
            self.session_id, self.session_ended = event.session_id, False
        elif event.kind == "session_ended":
            self._tick(event)
            self._break_off()
            self.session_ended = True
        if event.kind == "case_opened" and event.code != self.current:
            self._tick(event)
            if self.current:
                self.cases[self.current].leave()
            self.current = event.code
        if event.code:
            self.case(event.code).take(event)
        self.last = event

    def case(self, code: str) -> CaseRecord:
        """The record of a presentation; an empty one where nothing has happened yet."""
        if code not in self.cases:
            self.cases[code] = CaseRecord(code)
        return self.cases[code]

    def _tick(self, event: Event) -> None:
        """The case at hand lasted until now."""
        if self.current:
            self.cases[self.current].tick(event.monotonic_s)

    def _break_off(self) -> None:
        if self.current:
            self.cases[self.current].break_off()


def replay(events: Iterable[Event]) -> ChainRecord:
    """One reader's chain as a record. Raises StudyError naming the event that cannot follow the ones before it."""
    record = ChainRecord()
    for event in events:
        try:
            record.take(event)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise StudyError(
                f"event {event.seq} of {event.chain} ({event.kind}) does not fit what was before it: {error!r}; "
                "`studies verify` says whether the journal was changed"
            ) from error
    return record


def case_states(events: Iterable[Event]) -> dict[str, CaseState]:
    """One reader's chain as the state of each presentation that was ever opened, by code."""
    return {code: case.state() for code, case in replay(events).cases.items()}
