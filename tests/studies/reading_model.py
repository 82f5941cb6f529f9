"""What a reader should find, kept the plainest way: whole copies before each change, no events."""

import copy
from dataclasses import dataclass, field
from typing import Any

ITEMS = ("catheter", "pacemaker", "congestion")


@dataclass
class Sheet:
    """One case: answers by item, marks by id as (item, kind, points)."""

    answers: dict[str, str] = field(default_factory=dict)
    marks: dict[str, Any] = field(default_factory=dict)
    focus: str | None = ITEMS[0]  # None: wherever the session put it (after an undo)
    view: dict[str, Any] = field(default_factory=dict)
    made: int = 0
    before: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    after: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    read: bool = False
    locked: dict[str, str] | None = None  # the unaided answers, once they are
    locked_marks: tuple[str, ...] = ()
    reveals: int = 0
    shown: bool = False

    def remember(self) -> None:
        self.before.append(copy.deepcopy((self.answers, self.marks)))
        self.after.clear()

    def swap(self, source: list, target: list) -> None:
        target.append(copy.deepcopy((self.answers, self.marks)))
        self.answers, self.marks = source.pop()
        self.focus = None

    def next_open(self, item: str) -> str:
        place = ITEMS.index(item)
        order = ITEMS[place + 1 :] + ITEMS[: place + 1]
        return next((name for name in order if name not in self.answers), item)


class Model:
    """A reader's progress through `count` cases; positions stand for cases, `explained` has those with two phases."""

    def __init__(self, count: int, explained: tuple[int, ...] = ()) -> None:
        self.sheets = [Sheet() for _ in range(count)]
        self.explained = explained
        self.at = 0
        self.open = False

    @property
    def sheet(self) -> Sheet:
        return self.sheets[self.at]

    def stands(self) -> dict[str, Any]:
        """What must be found again."""
        sheet = self.sheet
        return {
            "position": self.at,
            "answers": sheet.answers,
            "marks": sheet.marks,
            "view": sheet.view,
            "focus": sheet.focus,
            "undo": len(sheet.before),
            "redo": len(sheet.after),
            "read": [place for place, other in enumerate(self.sheets) if other.read],
            "locked": sheet.locked,
            "reveals": sheet.reveals,
        }

    def apply(self, name: str, *values: Any) -> None:
        getattr(self, name)(*values)

    def open_at(self, position: int) -> None:
        if self.open and position != self.at:
            self._close()
        self.at, self.open = position, True

    def open_next(self) -> None:
        self.open_at(next(place for place, sheet in enumerate(self.sheets) if not sheet.read))

    def answer(self, item: str, value: str) -> None:
        if self.sheet.answers.get(item) != value:
            self.sheet.remember()
            self.sheet.answers[item] = value
        self.sheet.focus = self.sheet.next_open(item)

    def rest_absent(self) -> None:
        left = [item for item in ITEMS if item not in self.sheet.answers]
        if left:
            self.sheet.remember()
            self.sheet.answers.update(dict.fromkeys(left, "absent"))

    def add_mark(self, item: str, kind: str, points: Any) -> None:
        self.sheet.remember()
        self.sheet.made += 1
        self.sheet.marks[f"m{self.sheet.made}"] = [item, kind, points]

    def change_mark(self, mark: str, points: Any) -> None:
        if self.sheet.marks[mark][2] != points:
            self.sheet.remember()
            self.sheet.marks[mark] = [*self.sheet.marks[mark][:2], points]

    def delete_mark(self, mark: str) -> None:
        self.sheet.remember()
        del self.sheet.marks[mark]

    def undo(self) -> None:
        self.sheet.swap(self.sheet.before, self.sheet.after)

    def redo(self) -> None:
        self.sheet.swap(self.sheet.after, self.sheet.before)

    def set_focus(self, item: str) -> None:
        self.sheet.focus = item

    def set_view(self, view: dict[str, Any]) -> None:
        self.sheet.view = view

    def confirm_rest(self) -> None:
        left = {i: v for i, v in (self.sheet.locked or {}).items() if i not in self.sheet.answers}
        if left:
            self.sheet.remember()
            self.sheet.answers.update({item: left[item] for item in ITEMS if item in left})
            self.sheet.focus = None

    def show_explanation(self, shown: bool) -> None:
        self.sheet.reveals += shown and not self.sheet.shown
        self.sheet.shown = shown

    def killed(self) -> None:
        """What is on the screen is gone with the process."""
        self.sheet.shown = False

    def finish(self) -> None:
        sheet = self.sheet
        if self.at in self.explained and sheet.locked is None:
            sheet.locked, sheet.locked_marks = dict(sheet.answers), tuple(sheet.marks)
            sheet.answers.clear()
            sheet.before.clear()
            sheet.after.clear()
            sheet.focus = ITEMS[0]
            return
        sheet.read = True
        self._close()

    def _close(self) -> None:
        self.sheet.shown = False
        self.sheet.before.clear()
        self.sheet.after.clear()
        self.open = False


def same(found: dict[str, Any], model: Model) -> bool:
    """True where the session shows what the model holds."""
    expected = model.stands()
    return (found if expected["focus"] else found | {"focus": None}) == expected


def act(session: Any, name: str, *values: Any) -> None:
    """Do in a session what `Model.apply` does in the model."""
    if name == "add_mark":
        item, kind, points = values
        session.marks.add(item, kind, points, 0, 0)
    elif name in ("change_mark", "delete_mark"):
        getattr(session.marks, name.removesuffix("_mark"))(*values)
    elif name == "rest_absent":
        session.answer_rest_absent()
    elif name == "show_explanation":
        session.show_explanation(*values, 0.5)
    elif name == "finish":
        session.finish(confirmed=True)
    elif name == "set_view":
        session.set_view(*values)
        session.flush_view()
    else:
        getattr(session, name)(*values)
    if name in ("open_next", "open_at"):
        session.painted()


def stands(session: Any) -> dict[str, Any]:
    """The same picture of a session as `Model.stands` gives."""
    state = session.state
    read = [place for place, p in enumerate(session.view.presentations) if session._order.case(p.code).closed]
    return {
        "position": session.position,
        "answers": {item: answer.value for item, answer in state.answers.items()},
        "marks": {m.id: [m.item_id, m.kind, [list(p) for p in m.points]] for m in state.marks.values()},
        "view": dict(state.view),
        "focus": session.focus,
        "undo": len(state.undo),
        "redo": len(state.redo),
        "read": read,
        "locked": None if state.locked_answers is None else {i: a.value for i, a in state.locked_answers.items()},
        "reveals": state.reveals,
    }
