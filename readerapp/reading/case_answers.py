"""The answers of the case at hand: given, taken back, gone through; journaled before they are shown."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal

from readerapp.reading.answer_editor import shown_answer
from readerapp.reading.item_panel import ItemPanel, ItemState
from readerapp.reading.saving import Saving
from readerapp.reading.session import ReadingSession
from readerapp.viewer.keymap import ANSWER_ACTIONS, Keymap, cap
from readerapp.viewer.stage import Stage

__all__ = ["CaseAnswers"]


class CaseAnswers(QObject):
    """From keys and the panel to the session. `changed`: an answer, a mark or the focus is another one now."""

    changed = Signal()

    def __init__(self, session: ReadingSession, saving: Saving, stage: Stage, panel: ItemPanel, keymap: Keymap) -> None:
        super().__init__(panel)
        self._session, self._saving, self._stage, self._panel = session, saving, stage, panel
        self._keymap = keymap
        self.texts = {str(item.id): item.text for item in session.items}  # by item id, in the order of the panel

    def use_keymap(self, keymap: Keymap) -> None:
        """Names these keys from now on."""
        self._keymap = keymap

    def actions(self) -> dict[str, Callable[[], object]]:
        """What keys do to answers while a case is open for them."""
        session = self._session
        return {
            "rest_absent": self.answer_rest_absent,
            "next_item": lambda: self._move_focus(lambda: session.focus_next(1)),
            "previous_item": lambda: self._move_focus(lambda: session.focus_next(-1)),
            "next_unanswered": lambda: self._move_focus(session.next_unanswered),
            "edit_answer": self._edit,
            "undo": self._undo,
            "redo": lambda: self.change(session.redo, self.tr("done again")) if session.can_redo else None,
            **{action: partial(self._answer_by_key, value) for action, value in ANSWER_ACTIONS.items()},
        }

    @property
    def review_sentence(self) -> str:
        """What to do once the unaided answers are locked."""
        key = cap(self._keymap.keys("explanation")[0])
        words = self.tr(
            "Your answers are locked. Confirm or change each one with the explanation in view; {key} hides it."
        )
        return words.format(key=key)

    def value(self, item_id: str) -> str:
        """The answer of an item, "" where it has none."""
        answer = self._session.state.answers.get(item_id)
        return answer.value if answer is not None else ""

    @property
    def unanswered(self) -> int:
        """How many items have no answer, texts included."""
        return sum(1 for item_id in self.texts if not self.value(item_id))

    def show(self) -> None:
        """Puts the answers on the panel as the session has them now."""
        focus = str(self._session.focus or "")
        self._panel.show_states(self._states())
        self._panel.show_focus(focus, self.value(focus))

    def show_expected(self, expected: Mapping[str, str]) -> None:
        """After a practice case: what was expected beside what was answered, the first that differs in view."""
        self._panel.show_states(self._states(expected))
        differing = [item_id for item_id, value in expected.items() if self.value(item_id) != value]
        self._panel.reveal(next(iter([*differing, *expected])))
        wrong = len(differing)
        words = (
            self.tr("Practice: all as expected.")
            if not wrong
            else self.tr("Practice: {n} of {all} differ from what is expected.")
        )
        self._panel.show_notice(words.format(n=wrong, all=len(expected)), "good" if not wrong else "warning")

    def _states(self, expected: Mapping[str, str] | None = None) -> dict[str, ItemState]:
        marks = [str(mark.item_id) for mark in self._session.state.marks.values()]
        return {
            item_id: ItemState(
                self.value(item_id),
                marks.count(item_id),
                (expected or {}).get(item_id, ""),
                self._session.locked_value(item_id) if self._session.reviewing else None,
            )
            for item_id in self.texts
        }

    def change(self, change: Callable[[], object], echo: str) -> None:
        """An answer or mark: journaled first, shown after."""
        if self._saving.hand(change):
            self._stage.set_echo(echo)
            self.changed.emit()

    def answer(self, item_id: str, value: str) -> None:
        """An answer, which is echoed beside the image."""
        echo = f"{self.texts[item_id]}: {shown_answer(value)}"
        if self._session.reviewing:
            same = value == self._session.locked_value(item_id)
            echo += "  " + (self.tr("(confirmed)") if same else self.tr("(changed)"))
        self.change(lambda: self._session.answer(item_id, value), echo)

    def answer_rest_absent(self) -> None:
        """Every presence item without an answer, where the protocol allows it; after the lock, the rest as before."""
        if self._session.navigation.rest_absent and self._session.reviewing:
            self.change(self._session.confirm_rest, self.tr("the rest: as before"))
        elif self._session.navigation.rest_absent:
            self.change(self._session.answer_rest_absent, self.tr("the rest: absent"))

    def flag(self, comment: str) -> None:
        """A word to the coordinator; "" takes it away."""
        echo = self.tr("the case is flagged") if comment else self.tr("the flag is taken away")
        self.change(lambda: self._session.flag(comment), echo)

    def set_focus(self, item_id: str) -> None:
        """The item that the answer keys answer from now on."""
        self._move_focus(lambda: self._session.set_focus(item_id))

    def _move_focus(self, move: Callable[[], object]) -> None:
        if self._saving.hand(move):
            self.changed.emit()

    def _answer_by_key(self, value: str) -> None:
        item_id = str(self._session.focus or "")
        kind = next((item.kind for item in self._session.items if str(item.id) == item_id), "")
        if kind == "presence":
            self.answer(item_id, value)
        elif kind:
            key_cap = cap(self._keymap.keys("edit_answer")[0])
            self._panel.show_notice(self.tr("{key} answers this item").format(key=key_cap))

    def _undo(self) -> None:
        """A mark that is being drawn goes back by a point; only then what was answered or drawn before it."""
        if not self._stage.canvas.take_back_point() and self._session.can_undo:
            self.change(self._session.undo, self.tr("undone"))

    def _edit(self) -> None:
        if not self._panel.edit():
            self._panel.show_notice(self.tr("this item is answered with one of the four answer keys"))
