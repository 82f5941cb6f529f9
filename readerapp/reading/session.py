"""A reading session, without a window: order, focus, what is allowed, time. The session decides, the widget draws.

Every change is an event on disk before the method that made it returns; what a method raises was not saved. State is
what the events give (`studies.reading.readings`), here as after a restart: a new session stands where the last one
stood, in the same case, with its answers, marks, view, focus and undo.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from readerapp.reading.case_order import CaseOrder
from readerapp.reading.session_log import SessionLog
from readerapp.reading.session_marks import SessionMarks
from studies.design import Presentation
from studies.errors import ReadingError
from studies.protocol import Item, ItemId, Navigation, PresentationCode
from studies.provenance import utc_now
from studies.reading.answering import checked_value
from studies.reading.readings import CaseState, Change, reversed_changes
from studies.reading.study import ReaderView

if TYPE_CHECKING:
    from engine.images.image import Image
    from studies.reading.shown_maps import ShownMap

__all__ = ["FinishOutcome", "ReadingSession"]

LONGEST_COMMENT = 500  # letters of a flag

FinishKind = Literal["finished", "explained", "confirm unanswered", "refused"]


@dataclass(frozen=True)
class FinishOutcome:
    """What became of the wish to finish a case.

    "finished": the case is read. "explained": the unaided answers are locked and the explanation may be shown.
    "confirm unanswered": nothing happened; ask, then finish(confirmed=True). "refused": `reason` says why not.
    """

    kind: FinishKind
    reason: str = ""
    unanswered: tuple[ItemId, ...] = ()
    feedback: Mapping[str, str] = field(default_factory=dict)  # practice: item id → expected value


class ReadingSession:
    """One reader at work. `clock` is monotonic, in seconds; `wall` is the time of day, for washout and the journal.

    `marks` adds, moves and takes away what the reader draws.
    """

    def __init__(
        self,
        view: ReaderView,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], datetime] = utc_now,
    ) -> None:
        self.view = view
        self.items: tuple[Item, ...] = view.items
        self._items = {str(item.id): item for item in view.items}
        self._log = SessionLog(view, clock, wall)
        self._order = CaseOrder(view, self._log.record, wall)
        self.marks = SessionMarks(self._log, self._items, lambda: len(self.presentation.images))

    # Where the reader stands

    @property
    def instructions(self) -> str:
        return self.view.instructions

    @property
    def navigation(self) -> Navigation:
        return self.view.navigation

    @property
    def sitting_cap(self) -> int | None:
        """Cases in one sitting, after which a break is asked for; None without a limit."""
        return self.view.sessions.cap

    @property
    def started(self) -> bool:
        """True where this reader has ever opened a case."""
        return bool(self._log.record.cases)

    @property
    def presentation(self) -> Presentation:
        """The case at hand, open or just finished. Raises ReadingError before the first is opened."""
        if not self._log.code:
            raise ReadingError("no case is open yet")
        return self.view.presentations[self._order.place(self._log.code)]

    @property
    def position(self) -> int:
        """0-based place of the case at hand, or of the one that `open_next` opens."""
        return self._order.place(self._log.code) if self._log.code else self._next_place()

    @property
    def count(self) -> int:
        return self._order.count

    @property
    def read_count(self) -> int:
        """Cases finished so far."""
        return self._order.read_count

    @property
    def finished(self) -> bool:
        """True where every case is read."""
        return self.read_count == self.count

    @property
    def state(self) -> CaseState:
        """The case at hand as the journal has it; empty before the first is opened."""
        return self._log.state

    @property
    def focus(self) -> ItemId:
        """The item that the answer keys answer."""
        return ItemId(self.state.focus)

    @property
    def can_undo(self) -> bool:
        return self.state.open and bool(self.state.undo)

    @property
    def can_redo(self) -> bool:
        return self.state.open and bool(self.state.redo)

    @property
    def elapsed_s(self) -> float:
        """Reading time of the case at hand up to the last thing written, without time away."""
        return self.state.active_s

    @property
    def explanations(self) -> tuple[str, ...]:
        """sha256 of what may be shown now: empty until the unaided answers are locked, and where none were frozen."""
        return self.presentation.explanations if self.state.phase == "explained" else ()

    @property
    def reviewing(self) -> bool:
        """The unaided answers are locked: each is to be confirmed or changed with the explanation at hand."""
        return self.state.phase == "explained"

    def locked_value(self, item_id: str) -> str:
        """The unaided answer of an item, "" where it had none or nothing is locked yet."""
        answer = (self.state.locked_answers or {}).get(item_id)
        return answer.value if answer else ""

    def upcoming(self, number: int) -> tuple[PresentationCode, ...]:
        """Codes of the case at hand and those after it, the most urgent first: what to load."""
        return tuple(p.code for p in self.view.presentations[self.position : self.position + number])

    def load_maps(self, code: PresentationCode | str) -> "tuple[ShownMap, ...]":
        """`ReaderView.load_maps`: from any thread."""
        return self.view.load_maps(code)

    def load_images(
        self, code: PresentationCode | str, progress: Callable[[float], None] | None = None
    ) -> "list[Image]":
        """`ReaderView.load_images`: from any thread."""
        return self.view.load_images(code, progress)

    # The way through the cases

    def open_next(self) -> Presentation:
        """Open the case where the reader stood, or the first that is not read yet.

        Raises ReadingError where there is none, or where the sitting's cap or the washout forbids it.
        """
        if self.finished and self._to_resume() is None:
            raise ReadingError(f"all {self.count} cases are read; there is no next one")
        return self._open(self._next_place())

    def open_at(self, position: int) -> Presentation:
        """Open the case at a position: one already read, where the protocol lets readers go back, or the next.

        Raises ReadingError with the reason where it may not be opened.
        """
        self._order.refuse_going_to(position)
        return self._open(position)

    def painted(self) -> None:
        """The images of the case at hand are on the screen for the first time: its clock starts."""
        self._log.refuse_ended()
        if not self.state.open:
            raise ReadingError("no case is open")
        self._log.painted()

    def finish(self, confirmed: bool = False) -> FinishOutcome:
        """Finish the case at hand, or its unaided phase. Text items may stay empty; others are asked for once."""
        self._log.refuse_unready()
        self._log.input()
        left = self._unanswered()
        if left and self.navigation.require_complete:
            names = ", ".join(self._items[item].text for item in left)
            return FinishOutcome("refused", f"this study asks for every item; still open: {names}", left)
        if left and not confirmed:
            return FinishOutcome("confirm unanswered", "", left)
        if self.presentation.explanations and self.state.phase == "unaided":
            self._log.append("answers_locked", {"answers": self._values(), "focus": self._first_item()})
            return FinishOutcome("explained")
        self._log.append("case_finished", {"answers": self._values(), "unanswered": list(left)})
        return FinishOutcome("finished", feedback=dict(self.presentation.feedback or {}))

    def end(self) -> None:
        """End the session; everything is saved already. The chain's head after it is `view.head()`."""
        self._log.end()

    # Answers and focus

    def answer(self, item_id: str, value: str) -> None:
        """Answer an item; the focus moves to the next one without an answer. Raises ReadingError for no valid value.

        A multi item's value is a JSON list of its options; a text item's "" takes its text away.
        """
        item, value = self._item(item_id), str(value)
        self._log.refuse_unready()
        value = checked_value(item, value)
        self._log.input()
        old = self._value(item_id)
        focus = self._next_open(item_id, answered={item_id} if value else set())
        if value != old:
            payload = {"item": item_id, "old": old, "new": value, "focus": focus}
            self._log.append("answered", payload | self._review(item_id, value))
        elif focus != self.focus:
            self._log.append("focused", {"focus": focus})

    def answer_rest_absent(self) -> tuple[ItemId, ...]:
        """Answer every presence item that has no answer "absent", as one step; returns those items."""
        if not self.navigation.rest_absent:
            raise ReadingError("this study asks for each answer of its own: 'the rest absent' is not allowed")
        self._log.refuse_unready()
        self._log.input()
        rest = tuple(item for item in self._unanswered() if self._items[item].kind == "presence")
        if rest:
            focus = self._next_open(self.focus, answered=set(rest))
            self._log.append("rest_absent", {"items": list(rest), "new": "absent", "focus": focus})
        return rest

    def confirm_rest(self) -> tuple[ItemId, ...]:
        """With the explanation at hand: every item that waits for it keeps its unaided answer, as one step.

        Allowed where "the rest absent" is. Returns the items; those without an unaided answer go on waiting.
        """
        if not self.navigation.rest_absent:
            raise ReadingError("this study asks for each answer of its own: 'the rest as before' is not allowed")
        self._log.refuse_unready()
        self._log.input()
        waiting = (str(item.id) for item in self.items if str(item.id) not in self.state.answers)
        rest = {item: self.locked_value(item) for item in waiting if self.locked_value(item)}
        if rest:
            focus = self._next_open(self.focus, answered=set(rest))
            self._log.append("rest_confirmed", {"new": rest, "focus": focus})
        return tuple(map(ItemId, rest))

    def _review(self, item_id: str, value: str) -> dict[str, str]:
        """What an answer does to the locked one."""
        if not self.reviewing:
            return {}
        before = self.locked_value(item_id)
        return {"before": before, "review": "confirmed" if value == before else "changed"}

    def set_focus(self, item_id: str) -> None:
        """Put an item in focus."""
        self._item(item_id)
        self._log.refuse_unready()
        self._log.input()
        if item_id != self.focus:
            self._log.append("focused", {"focus": item_id})

    def focus_next(self, direction: int = 1) -> ItemId:
        """Move the focus by one item, forwards (1) or backwards (−1), around the ends; returns the item in focus."""
        ids = list(self._items)
        place = ids.index(self.focus) if self.focus in self._items else -1 if direction > 0 else 0
        self.set_focus(ids[(place + direction) % len(ids)])
        return self.focus

    def next_unanswered(self) -> ItemId:
        """Move the focus to the next item without an answer, text items aside; stays where there is none."""
        self.set_focus(self._next_open(self.focus, answered=set()))
        return self.focus

    # A word to the coordinator

    def flag(self, comment: str) -> None:
        """Flag the case at hand for the coordinator with a comment; "" takes the flag away. No answer, not undone."""
        self._log.refuse_unready()
        comment = " ".join(comment.split())
        if len(comment) > LONGEST_COMMENT:
            raise ReadingError(f"the comment has {len(comment)} letters; {LONGEST_COMMENT} fit: say it shorter")
        self._log.input()
        if comment != self.state.flag:
            self._log.append("case_flagged", {"old": self.state.flag, "new": comment})

    # Undo

    def undo(self) -> None:
        """Take back the last answer or mark of the case at hand. Raises ReadingError where there is nothing to undo."""
        self._log.refuse_unready()
        if not self.state.undo:
            raise ReadingError("there is nothing to undo in this case")
        step = self.state.undo[-1]
        self._log.input()
        self._log.append("undone", self._step_payload(step.seq, reversed_changes(step.changes)))

    def redo(self) -> None:
        """Do again what was undone last. Raises ReadingError where there is nothing."""
        self._log.refuse_unready()
        if not self.state.redo:
            raise ReadingError("there is nothing to do again in this case")
        step = self.state.redo[-1]
        self._log.input()
        self._log.append("redone", self._step_payload(step.seq, step.changes))

    # The explanation

    def show_explanation(self, shown: bool, opacity: float) -> None:
        """The explanation came into view, or was hidden, or is shown more or less strongly (`opacity`, 0 to 1).

        Raises ReadingError before the unaided answers are locked, and where the case has none.
        """
        self._log.refuse_unready()
        if not self.explanations:
            raise ReadingError("an explanation is shown once the unaided answers are locked")
        self._log.input()
        self._log.append("explanation_shown", {"shown": bool(shown), "opacity": round(float(opacity), 2)})

    def note_unreadable_explanation(self) -> None:
        """The explanation of the case at hand cannot be shown: the answers that follow were given without it."""
        self._log.refuse_unready()
        self._log.append("explanation_unreadable", {})

    # Looking

    def set_view(self, view: Mapping[str, Any]) -> None:
        """Remember how the images are shown (window, zoom, place …; JSON, finite numbers), to come back to it.

        Written at most every 0.5 s; what came last is written with the next input or event, at the latest when the case
        is left. `flush_view` writes it now.
        """
        self._log.set_view(view)

    def flush_view(self) -> None:
        """Write a view that is still waiting."""
        self._log.flush_view()

    def activity(self) -> None:
        """The reader did something: a key, the mouse. Never raises: if the disk fails, the next answer says so."""
        self._log.activity()

    def set_active(self, active: bool) -> None:
        """The window became active (True), or inactive or locked (False): time from then on is away."""
        self._log.set_active(active)

    # Rules

    def _item(self, item_id: str) -> Item:
        if item_id not in self._items:
            raise ReadingError(f"the study has no item '{item_id}'")
        return self._items[item_id]

    # Order

    def _to_resume(self) -> int | None:
        """Place of the case that the last session left open, until this session opens one."""
        return None if self._log.code else self._order.open_place

    def _next_place(self) -> int:
        place = self._to_resume()
        return min(self._order.frontier, self.count - 1) if place is None else place

    def _open(self, position: int) -> Presentation:
        self._log.refuse_ended()
        target = self.view.presentations[position]
        if target.code == self._log.code and self.state.open:
            return target
        self._order.refuse_opening(target)
        focus = self._order.case(target.code).focus or self._first_item()
        self._log.open_case(str(target.code), position, focus, resumed=self._to_resume() == position)
        return target

    # Answers as they stand

    def _value(self, item_id: str) -> str:
        answer = self.state.answers.get(item_id)
        return answer.value if answer else ""

    def _values(self) -> dict[str, str]:
        return {item_id: answer.value for item_id, answer in self.state.answers.items()}

    def _unanswered(self) -> tuple[ItemId, ...]:
        return tuple(ItemId(i.id) for i in self.items if i.kind != "text" and i.id not in self.state.answers)

    def _first_item(self) -> str:
        return str(self.items[0].id)

    def _next_open(self, item_id: str, answered: set[str]) -> str:
        """The first unanswered item after this one, around the end; this one where there is none."""
        ids = list(self._items)
        place = ids.index(item_id) if item_id in self._items else -1
        left = set(self._unanswered()) - answered
        return next((item for item in [*ids[place + 1 :], *ids[: place + 1]] if item in left), item_id)

    def _step_payload(self, seq: int, changes: Sequence[Change]) -> dict[str, Any]:
        first = changes[0]
        item = first.key if first.what == "answer" else (first.new or first.old)["item_id"]
        return {"of": seq, "changes": [vars(change) for change in changes], "focus": item}
