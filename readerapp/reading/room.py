"""The reading room: one case at a time, its items beside it, every answer on disk before it is shown as saved.

The session decides (order, focus, what is allowed, time); the room shows it and hands it what keys and mouse say. What
a reader may not know never arrives here: presentations come without case, arm, stratum or repeat.
"""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal

from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QFocusEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QStackedWidget, QVBoxLayout, QWidget

from readerapp import keymaps
from readerapp.reading.answer_editor import shown_answer
from readerapp.reading.case_marks import CaseMarks
from readerapp.reading.item_panel import ItemPanel, ItemState
from readerapp.reading.loading import CaseLoader, LoadedCase
from readerapp.reading.pages import MessagePage, paragraphs
from readerapp.reading.presence import Presence
from readerapp.reading.session import ReadingSession
from readerapp.reading.sheets import ANYWHERE, IN_A_CASE, RoomSheets
from readerapp.reading.top_bar import TopBar
from readerapp.reading.viewing import CaseViewing
from readerapp.theme import wide
from readerapp.viewer.keymap import ANSWER_ACTIONS, Keymap, cap, item_letters, pressed
from readerapp.viewer.stage import Stage
from readerapp.viewer.stage_window import StagePlace
from studies.errors import ReadingError, StudyError

__all__ = ["ReadingRoom"]

log = logging.getLogger(__name__)

_LOADING_DELAY_MS = 150  # shorter waits show no word
_WINDOW_ACTIONS = ("full_screen", "leave", "second_window")
_TABS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_PANEL_SHARE = 0.22  # of the window's width
_PANEL_WIDTH = (300, 420)

Mode = Literal["page", "loading", "reading", "confirming", "feedback"]


class ReadingRoom(QWidget):
    """The window a reader reads in. `left`: the reader leaves, everything is saved; `finished`: all cases are read."""

    left = Signal()
    finished = Signal()

    def __init__(self, session: ReadingSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAccessibleName(self.tr("Reading room"))
        self._session = session
        self._keymap = keymaps.chosen(str(session.view.reader_id))[1]
        letters = item_letters([(str(item.id), item.text, item.key) for item in session.items])
        self._item_of = {letter: item_id for item_id, letter in letters.items()}
        self._texts = {str(item.id): item.text for item in session.items}
        self._mode: Mode = "page"
        self._ended = False
        self._told_front = True
        self._hinted = False  # the notice says why a key changed nothing
        self._held: dict[int, str] = {}  # key → action that lasts as long as it is down
        self._head = ""  # of the reader's chain, once the session has ended
        self._on_main: Callable[[], None] = self._open_next
        self._loader = CaseLoader(session.load_images, self)
        self._loader.loaded.connect(self._on_loaded)
        self._loader.progressed.connect(self._on_progress)
        self._loading_timer = _single_shot(self, _LOADING_DELAY_MS, self._say_loading)
        self._build(letters)
        self._presence = Presence(self, session.view.timing.away_limit_s)
        self._presence.watch(*self._stage.all_canvases, *self._panel.fields)
        self._presence.input_came.connect(session.activity)
        self._presence.changed.connect(self._on_presence)
        self._place.window_opened.connect(self._presence.accompany)
        self._place.window_activated.connect(self._presence.tell_activation)
        self._place.window_activated.connect(lambda active: None if active else self._release_all())
        self._marks = CaseMarks(session, self._stage, self._change, self._texts)
        self._viewing = CaseViewing(self._stage, self._keymap, self._keep_view)
        self._viewing.refused.connect(self._hint)
        self._actions = self._make_actions()
        self._start()

    @property
    def mode(self) -> Mode:
        """What the room is at; answers are taken while "reading"."""
        return self._mode

    @property
    def session(self) -> ReadingSession:
        return self._session

    @property
    def stage(self) -> Stage:
        """The images."""
        return self._stage

    @property
    def panel(self) -> ItemPanel:
        """The items."""
        return self._panel

    @property
    def presence(self) -> Presence:
        """Whether the reader is at work."""
        return self._presence

    # Building

    def _build(self, letters: dict[str, str]) -> None:
        self._bar = TopBar(self._keymap)
        self._stage = Stage(self._keymap.hands)
        self._page = MessagePage()
        self._panel = ItemPanel(self._session.items, letters, self._keymap, self._session.navigation.rest_absent)
        self._ground = QStackedWidget()
        self._place = StagePlace(self._stage, self)
        self._ground.addWidget(self._place)
        self._ground.addWidget(self._page)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._ground, 1)
        body.addWidget(self._panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addLayout(body, 1)
        self._sheets = RoomSheets(self, self._session, self._stage, lambda: self._viewing.window_keys())
        for bar in self.findChildren(QScrollBar):
            bar.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._connect()

    def _connect(self) -> None:
        self._stage.first_painted.connect(self._on_first_painted)
        self._stage.pressed.connect(self._on_stage_pressed)
        self._stage.menu_asked.connect(lambda at: self._when_open(lambda: self._sheets.open_tools(at, self._keymap)))
        self._sheets.key_chosen.connect(lambda key: self._key(key, False))
        self._stage.mark_drawn.connect(lambda *drawn: self._when_open(lambda: self._marks.add(*drawn)))
        self._stage.mark_moved.connect(lambda *moved: self._when_open(lambda: self._marks.move(*moved)))
        self._stage.mask_painted.connect(lambda *painted: self._when_open(lambda: self._marks.paint(*painted)))
        self._stage.mark_selected.connect(self._focus_item_of_mark)
        self._panel.item_chosen.connect(lambda item_id: self._when_open(lambda: self._set_focus(item_id)))
        self._panel.answer_given.connect(lambda item_id, value: self._when_open(lambda: self._answer(item_id, value)))
        self._panel.rest_absent_asked.connect(lambda: self._when_open(self._answer_rest_absent))
        self._panel.finish_asked.connect(self._enter_pressed)
        self._panel.editing_ended.connect(self.setFocus)
        self._page.main_pressed.connect(self._enter_pressed)
        self._page.other_pressed.connect(self.leave)
        self._bar.asked.connect(self.toggle_sheet)
        self._bar.leave_asked.connect(self.leave)
        self._sheets.opened.connect(lambda sheet: self._presence.watch(sheet, *sheet.findChildren(QWidget)))
        self._sheets.closed.connect(self.setFocus)
        self._sheets.keymap_changed.connect(self.use_keymap)
        self._sheets.flagged.connect(self._flag)

    def _make_actions(self) -> dict[str, Callable[[], object]]:
        """What a key does while a case is open for answers."""
        session = self._session
        actions: dict[str, Callable[[], object]] = {
            "rest_absent": self._answer_rest_absent,
            "next_item": lambda: self._move_focus(lambda: session.focus_next(1)),
            "previous_item": lambda: self._move_focus(lambda: session.focus_next(-1)),
            "next_unanswered": lambda: self._move_focus(session.next_unanswered),
            "edit_answer": lambda: self._edit(),
            "undo": self._undo,
            "redo": lambda: self._change(session.redo, self.tr("done again")) if session.can_redo else None,
            "previous_case": lambda: self._go_to(-1),
            "next_case": lambda: self._go_to(1),
            "delete_mark": self._marks.delete,
            "duplicate_mark": self._marks.duplicate,
            "next_mark": lambda: self._marks.select(1),
            "previous_mark": lambda: self._marks.select(-1),
            **self._viewing.tool_actions(),
        }
        for action, value in ANSWER_ACTIONS.items():
            actions[action] = partial(self._answer_by_key, value)
        return actions

    # The way through the cases

    def _start(self) -> None:
        if self._session.finished:
            self._show_end()
        elif self._session.instructions and not self._session.started:
            words = paragraphs(self._session.instructions)
            self._show_page(self.tr("Instructions"), words, self.tr("Begin"), self._open_next)
        else:
            self._open_next()

    def _open_next(self) -> None:
        self._open(self._session.open_next)

    def _open(self, move: Callable[[], object]) -> None:
        """Opens a case by `move`; where the study does not allow it (a break, washout, the disk), says why."""
        try:
            move()
        except (StudyError, OSError) as error:
            body = str(error) if isinstance(error, ReadingError) else self._trouble(error)
            self._show_page(self.tr("Not now"), body, self.tr("Try again"), self._open_next, self.tr("Leave"))
            return
        self._show_case()

    def _show_case(self) -> None:
        presentation = self._session.presentation
        self._sheets.close()
        self._mode = "loading"
        self._bar.show_case(
            presentation.code,
            self._session.position + 1,
            self._session.count,
            self._session.read_count,
            presentation.practice,
        )
        self._panel.show()
        self._panel.show_notice("")
        self._panel.set_finish_text(self.tr("Finish case"))
        self._panel.set_open(False)
        self._ground.setCurrentWidget(self._place)
        self._stage.set_echo("")
        self._refresh()
        self._loader.want(self._session.upcoming(3))
        ready = self._loader.case(presentation.code)
        if ready is not None:
            self._show_images(ready)
        else:
            self._stage.show_message("")
            self._loading_timer.start()

    def _say_loading(self) -> None:
        if self._mode == "loading":
            self._stage.show_message(self.tr("Loading …"))

    def _on_progress(self, code: str, share: float) -> None:
        late = not self._loading_timer.isActive()
        if late and self._mode == "loading" and code == self._session.presentation.code:
            self._stage.show_message(self.tr("Loading …  {percent} %").format(percent=round(100 * share)))

    def _on_loaded(self, case: LoadedCase) -> None:
        if self._mode == "loading" and case.code == self._session.presentation.code:
            self._show_images(case)

    def _show_images(self, case: LoadedCase) -> None:
        self._loading_timer.stop()
        if case.error is not None:
            self._show_unreadable(case)
            return
        self._viewing.show(case.images, self._session.state.view)
        self._loader.viewport = None if self._stage.side_by_side else self._stage.canvas.device_size()
        self._marks.show()

    def _show_unreadable(self, case: LoadedCase) -> None:
        """Words only: the error's own text could name a file, so it goes nowhere near the reader."""
        log.error("images of presentation %s could not be shown: %s", case.code, type(case.error).__name__)
        self._stage.show_message(
            self.tr(
                "The image of this case cannot be shown.\n\nAnswer its items “not assessable”, finish the case to go "
                "on, and tell the coordinator the case code."
            )
        )
        self._on_first_painted()

    def _on_first_painted(self) -> None:
        # Outside paintEvent: the journal writes to disk, and painting must not wait for it.
        QTimer.singleShot(0, self, self._open_for_answers)

    def _open_for_answers(self) -> None:
        if self._mode != "loading" or not self._try(self._session.painted):
            return
        self._mode = "reading"
        self._presence.begin()
        self._panel.set_open(True)
        self._refresh()

    def _enter_pressed(self) -> None:
        if self._mode == "page":
            self._on_main()
        elif self._mode == "feedback":
            self._go_on()
        elif self._mode in ("reading", "confirming"):
            self._finish(confirmed=self._mode == "confirming")

    def _finish(self, confirmed: bool) -> None:
        outcomes = []
        self._leave_fields()
        self._viewing.flush()
        if not self._try(lambda: outcomes.append(self._session.finish(confirmed))):
            return
        outcome = outcomes[0]
        if outcome.kind == "confirm unanswered":
            self._ask_unanswered()
        elif outcome.kind == "refused":
            self._panel.show_notice(outcome.reason, "error")
        elif outcome.kind == "explained":
            self._show_case()
        elif outcome.feedback:
            self._show_feedback(outcome.feedback)
        else:
            self._go_on()

    def _ask_unanswered(self) -> None:
        self._mode = "confirming"
        number = sum(1 for item in self._session.items if not self._value(str(item.id)))
        words = self.tr("{number} items unanswered.") if number > 1 else self.tr("One item unanswered.")
        go_on = self.tr("{enter} again finishes the case, any other key goes back to it.")
        self._panel.show_notice(words.format(number=number) + " " + go_on.format(enter="↵"))
        self._panel.set_finish_text(self.tr("Finish anyway"))

    def _stop_asking(self) -> None:
        self._mode = "reading"
        self._panel.show_notice("")
        self._panel.set_finish_text(self.tr("Finish case"))

    def _show_feedback(self, expected: Mapping[str, str]) -> None:
        self._mode = "feedback"
        self._panel.set_open(False)
        self._panel.show_states(self._states(expected))
        differing = [item_id for item_id, value in expected.items() if self._value(item_id) != value]
        self._panel.reveal(next(iter([*differing, *expected])))
        wrong = len(differing)
        words = (
            self.tr("Practice: all as expected.")
            if not wrong
            else self.tr("Practice: {n} of {all} differ from what is expected.")
        )
        self._panel.show_notice(words.format(n=wrong, all=len(expected)), "good" if not wrong else "warning")
        self._panel.set_finish_text(self.tr("Next case"))

    def _go_on(self) -> None:
        if self._session.finished:
            self._show_end()
        else:
            self._open_next()

    def _show_end(self) -> None:
        """The last page. Nothing is asked of the session any more, so it ends here and shows where its journal ends."""
        self._end_session()
        words = self.tr("All {n} cases read. Thank you.").format(n=self._session.count)
        body = "\n\n".join(text for text in (words, self.farewell, self.head) if text)
        self._show_page(self.tr("The study is read"), body, self.tr("Close"), self.finished.emit)

    @property
    def farewell(self) -> str:
        """After the session: what became of it, in a sentence that goes before the head of the journal."""
        if not self._head:
            return self.tr(
                "The end of this session could not be written. Every answer that was shown as saved is saved."
            )
        return self.tr(
            "Every answer is saved. Your journal ends with the number below. Note it: it shows later that nothing was "
            "changed."
        )

    @property
    def head(self) -> str:
        """After the session: the head of the reader's chain, which proves what was answered to whoever noted it."""
        return self._head

    def _show_page(self, heading: str, body: str, main: str, on_main: Callable[[], None], other: str = "") -> None:
        self._mode = "page"
        self._on_main = on_main
        enter = "   ↵" if main else ""
        self._page.show_text(heading, body, main + enter, other or ("" if main else self.tr("Leave")))
        self._bar.show_nothing()
        self._panel.hide()
        self._ground.setCurrentWidget(self._page)
        self.setFocus()

    def _leave_fields(self) -> None:
        """The case is being left: what was typed for it counts for it, and no sheet about it stays."""
        self._panel.leave_editor()
        self._sheets.leave()

    def _go_to(self, step: int) -> None:
        position = self._session.position + step
        if 0 <= position < self._session.count:
            self._leave_fields()
            self._viewing.flush()
            if self._try(lambda: self._session.open_at(position)):
                self._show_case()

    def leave(self) -> None:
        """Ends the session with everything saved, and says so."""
        self._end()
        self.left.emit()

    def _end(self) -> None:
        if not self._ended:
            self._leave_fields()
            self._ended = True
            self._loader.stop()
            self._sheets.stop()
            self._place.stop()
            self._end_session()
            self._session.view.close()

    def _end_session(self) -> None:
        if not self._head:
            self._viewing.flush()
            if self._try(self._session.end):
                self._head = self._session.view.head()

    # Answers and marks

    def _answer_by_key(self, value: str) -> None:
        item_id = str(self._session.focus or "")
        kind = next((item.kind for item in self._session.items if str(item.id) == item_id), "")
        if kind == "presence":
            self._answer(item_id, value)
        elif kind:
            key_cap = cap(self._keymap.keys("edit_answer")[0])
            self._panel.show_notice(self.tr("{key} answers this item").format(key=key_cap))

    def _answer(self, item_id: str, value: str) -> None:
        self._change(lambda: self._session.answer(item_id, value), f"{self._texts[item_id]}: {shown_answer(value)}")

    def _answer_rest_absent(self) -> None:
        if self._session.navigation.rest_absent:
            self._change(self._session.answer_rest_absent, self.tr("the rest: absent"))

    def _undo(self) -> None:
        """A mark that is being drawn goes back by a point; only then what was answered or drawn before it."""
        if not self._stage.canvas.take_back_point() and self._session.can_undo:
            self._change(self._session.undo, self.tr("undone"))

    def _flag(self, comment: str) -> None:
        echo = self.tr("the case is flagged") if comment else self.tr("the flag is taken away")
        self._change(lambda: self._session.flag(comment), echo)

    def _focus_item_of_mark(self, mark_id: str) -> None:
        mark = self._session.state.marks.get(mark_id)
        if mark is not None and str(mark.item_id) != str(self._session.focus):
            self._when_open(lambda: self._set_focus(str(mark.item_id)))

    def _set_focus(self, item_id: str) -> None:
        self._move_focus(lambda: self._session.set_focus(item_id))

    def _move_focus(self, move: Callable[[], object]) -> None:
        if self._try(move):
            self._refresh()

    def _change(self, change: Callable[[], object], echo: str) -> None:
        """An answer or mark: journaled first, shown after."""
        if self._try(change):
            self._stage.set_echo(echo)
            self._refresh()

    def _try(self, change: Callable[[], object]) -> bool:
        """Hands something to the session. What is shown as saved is on disk: the method has returned."""
        try:
            change()
        except ReadingError as error:
            self._panel.show_notice(str(error), "error")
            return False
        except (StudyError, OSError) as error:
            self._panel.show_notice(self._trouble(error), "error")
            return False
        self._bar.show_saved(True)
        if self._mode == "reading":
            self._panel.show_notice("")
        return True

    def _trouble(self, error: Exception) -> str:
        """What to tell of a journal that could not be written; never words that name a place."""
        log.error("the journal could not be written: %s", type(error).__name__)
        self._bar.show_saved(False)
        text = str(error)
        return text if isinstance(error, StudyError) and not set(text) & set("/\\") else _disk_sentence()

    def _edit(self) -> None:
        if not self._panel.edit():
            self._panel.show_notice(self.tr("this item is answered with one of the four answer keys"))

    def _on_stage_pressed(self) -> None:
        """Hands are on the image again: what was typed counts, and Enter asks again before it finishes."""
        self._panel.leave_editor()
        self._sheets.close_tools()
        if self._mode == "confirming":
            self._stop_asking()

    def _when_open(self, act: Callable[[], None]) -> None:
        """For the mouse: only where keys would be taken too."""
        if self._mode == "confirming":
            self._stop_asking()
        if self._mode == "reading":
            self._presence.note()
            self._panel.leave_editor()
            act()
        if self._sheets.current is None:
            self.setFocus()

    def _hint(self, text: str) -> None:
        """Why a key changed nothing, until the next key."""
        if self._mode == "reading":
            self._panel.show_notice(text)
            self._hinted = True

    # What is shown

    def _value(self, item_id: str) -> str:
        answer = self._session.state.answers.get(item_id)
        return answer.value if answer is not None else ""

    def _states(self, expected: Mapping[str, str] | None = None) -> dict[str, ItemState]:
        marks = [str(mark.item_id) for mark in self._session.state.marks.values()]
        return {
            item_id: ItemState(self._value(item_id), marks.count(item_id), (expected or {}).get(item_id, ""))
            for item_id in self._texts
        }

    def _refresh(self) -> None:
        focus = str(self._session.focus or "")
        self._panel.show_states(self._states())
        self._panel.show_focus(focus, self._value(focus))
        self._marks.show()

    def _keep_view(self, record: dict) -> None:
        if self._mode in ("reading", "confirming"):
            self._session.set_view(record)
            self._try(self._session.flush_view)

    def toggle_sheet(self, name: str) -> None:
        """Shows or hides a sheet over the room, by the name of its action; the case stays open, its clock runs on."""
        if name in ANYWHERE or (name in IN_A_CASE and self._mode in ("reading", "confirming")):
            self._stage.hide_overlays(False)
            self._sheets.toggle(name, self._keymap)

    def use_keymap(self, keymap: Keymap) -> None:
        """Takes and shows these keys and this mouse from now on."""
        self._keymap = keymap
        self._stage.set_hands(keymap.hands)
        for part in (self._bar, self._panel, self._viewing):
            part.use_keymap(keymap)

    @property
    def saved(self) -> bool:
        """Whether the room tells the reader that everything is saved."""
        return self._bar.saved

    def visible_texts(self) -> list[str]:
        """Every text painted on the images (what widgets say is theirs to tell)."""
        return self._stage.painted_texts()

    # Events

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.accept()  # the room's keys come before any shortcut of the window around it
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _TABS:
            self.keyPressEvent(event)  # Qt would move the keyboard to another widget; here Tab goes to the next item
            return True
        if event.type() in (QEvent.Type.WindowActivate, QEvent.Type.WindowDeactivate):
            self._presence.tell_activation(event.type() == QEvent.Type.WindowActivate)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        if self._panel.editing:
            return
        self._presence.note()
        key = pressed(event)
        if (
            self._sheets.current is not None
        ):  # the keyboard is the sheet's; a key that comes here all the same closes it
            if self._sheets.current.closes(key) and not event.isAutoRepeat():
                self._sheets.close()
            return
        if not event.isAutoRepeat():
            self._held[event.key()] = self._keymap.action(key) or ""
        self._key(key, event.isAutoRepeat())

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        action = None if event.isAutoRepeat() else self._held.pop(event.key(), None)
        if action is not None:
            self._viewing.release(action)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._release_all()
        super().focusOutEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._presence.watch(self.window())  # which is told when it is minimised
        if not self._ended:
            self._place.restore()
        self.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._end()
        super().closeEvent(event)

    def resizeEvent(self, event: QEvent) -> None:  # type: ignore[override]
        self._fit_panel()
        self._sheets.place(self.rect())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_panel()

    def _fit_panel(self) -> None:
        """A share of the room, as wide as the size of text asks for, and never half of it."""
        least, most = (wide(width) for width in _PANEL_WIDTH)
        width = min(max(round(self.width() * _PANEL_SHARE), least), most, self.width() // 2)
        self._panel.setFixedWidth(max(width, 200))

    def _release_all(self) -> None:
        """A release that goes elsewhere must not leave marks hidden."""
        self._held.clear()
        self._viewing.release(None)

    def _key(self, key: str, repeated: bool) -> None:
        if self._hinted:
            self._hinted = False
            self._panel.show_notice("")
        if self._mode == "reading" and self._viewing.tool_key(key, repeated):
            return
        action = self._keymap.action(key)
        if self._mode == "confirming" and action != "finish_case" and not repeated:
            self._stop_asking()
            if action == "cancel":
                return
        if action in (*ANYWHERE, *IN_A_CASE):
            if not repeated:
                self.toggle_sheet(action)
        elif action in _WINDOW_ACTIONS:
            if not repeated:
                {"full_screen": self._full_screen, "leave": self.leave, "second_window": self._place.toggle}[action]()
        elif action == "finish_case":
            if not repeated:
                self._enter_pressed()
        elif self._mode in ("reading", "confirming", "feedback") and self._viewing.key(key, repeated):
            return
        elif self._mode in ("reading", "confirming") and not repeated:
            self._case_key(key, action)

    def _case_key(self, key: str, action: str | None) -> None:
        if action in self._actions:
            self._actions[action]()
        elif key.startswith("Shift+") and key.removeprefix("Shift+") in self._item_of:
            self._set_focus(self._item_of[key.removeprefix("Shift+")])

    def _full_screen(self) -> None:
        window = self.window()
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _on_presence(self) -> None:
        """Time away is the session's to count; the reader sees that their clock stands."""
        if not self._ended and self._presence.front != self._told_front:
            self._told_front = self._presence.front
            self._try(lambda: self._session.set_active(self._told_front))
        self._bar.show_paused(self._presence.paused if self._mode in ("loading", "reading", "confirming") else "")


def _single_shot(parent: QWidget, interval_ms: int, act: Callable[[], None] | None = None) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(interval_ms)
    if act is not None:
        timer.timeout.connect(act)
    return timer


def _disk_sentence() -> str:
    return QCoreApplication.translate(
        "ReadingRoom",
        "This could not be written to the disk, so it does not count yet. Check that the disk of the study is there "
        "and has space, then answer again.",
    )
