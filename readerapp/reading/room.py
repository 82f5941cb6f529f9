"""The reading room: one case at a time, its items beside it, every answer on disk before it is shown as saved.

The session decides (order, focus, what is allowed, time); the room shows it and hands it what keys and mouse say. What
a reader may not know never arrives here: presentations come without case, arm, stratum or repeat.
"""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QFocusEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from readerapp import keymaps
from readerapp.reading.case_answers import CaseAnswers
from readerapp.reading.case_explanation import CaseExplanation
from readerapp.reading.case_fetcher import CaseFetcher
from readerapp.reading.case_marks import CaseMarks
from readerapp.reading.item_panel import ItemPanel
from readerapp.reading.pages import paragraphs
from readerapp.reading.presence import Presence
from readerapp.reading.room_frame import RoomFrame
from readerapp.reading.room_keys import Mode, RoomKeys
from readerapp.reading.saving import Saving
from readerapp.reading.session import ReadingSession
from readerapp.reading.sheets import ANYWHERE, IN_A_CASE, RoomSheets
from readerapp.reading.viewing import CaseViewing
from readerapp.viewer.keymap import Keymap, item_letters, pressed
from readerapp.viewer.stage import Stage
from studies.errors import ReadingError, StudyError

__all__ = ["ReadingRoom"]

_TABS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


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
        self._mode: Mode = "page"
        self._ended = False
        self._told_front = True
        self._hinted = False  # the notice says why a key changed nothing
        self._head = ""  # of the reader's chain, once the session has ended
        self._on_main: Callable[[], None] = self._open_next
        self._build(letters)
        self._keys = self._make_keys(letters)
        self._presence = Presence(self, session.view.timing.away_limit_s)
        self._presence.watch(*self._stage.all_canvases, *self._panel.fields)
        self._presence.input_came.connect(session.activity)
        self._presence.changed.connect(self._on_presence)
        self._place.window_opened.connect(self._presence.accompany)
        self._place.window_activated.connect(self._presence.tell_activation)
        self._place.window_activated.connect(lambda active: None if active else self._keys.release_all())
        self._connect()
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
        self._frame = RoomFrame(self, self._session, self._keymap, letters)
        self._bar, self._stage, self._panel = self._frame.bar, self._frame.stage, self._frame.panel
        self._place = self._frame.place
        self._sheets = RoomSheets(self, self._session, self._stage, lambda: self._viewing.window_keys())
        self._make_parts()

    def _make_parts(self) -> None:
        """What works on the widgets: answers, marks, looking, loading."""
        session = self._session
        self._saving = Saving(self)
        self._answers = CaseAnswers(session, self._saving, self._stage, self._panel, self._keymap)
        self._marks = CaseMarks(session, self._stage, self._answers.change, self._answers.texts)
        self._viewing = CaseViewing(self._stage, self._keymap, self._keep_view)
        self._images = CaseFetcher(session, self._stage, self._viewing)
        self._explanation = CaseExplanation(session, self._saving, self._stage)

    def _connect(self) -> None:
        self._saving.refused.connect(lambda text: self._panel.show_notice(text, "error"))
        self._saving.saved.connect(self._on_saved)
        self._answers.changed.connect(self._refresh)
        self._viewing.refused.connect(self._hint)
        self._explanation.hint.connect(self._hint)
        self._explanation.at_hand.connect(self._frame.bar.show_explained)
        self._images.shown.connect(self._marks.show)
        self._images.unreadable.connect(self._on_first_painted)
        self._stage.first_painted.connect(self._on_first_painted)
        self._stage.pressed.connect(self._on_stage_pressed)
        self._stage.menu_asked.connect(lambda at: self._when_open(lambda: self._sheets.open_tools(at, self._keymap)))
        self._sheets.key_chosen.connect(lambda key: self._key(key, False))
        self._stage.mark_drawn.connect(lambda *drawn: self._when_open(lambda: self._marks.add(*drawn)))
        self._stage.mark_moved.connect(lambda *moved: self._when_open(lambda: self._marks.move(*moved)))
        self._stage.mask_painted.connect(lambda *painted: self._when_open(lambda: self._marks.paint(*painted)))
        self._stage.mark_selected.connect(self._focus_item_of_mark)
        self._panel.item_chosen.connect(lambda item_id: self._when_open(lambda: self._answers.set_focus(item_id)))
        self._panel.answer_given.connect(lambda *given: self._when_open(lambda: self._answers.answer(*given)))
        self._panel.rest_absent_asked.connect(lambda: self._when_open(self._answers.answer_rest_absent))
        self._panel.finish_asked.connect(self._enter_pressed)
        self._panel.editing_ended.connect(self.setFocus)
        self._frame.page.main_pressed.connect(self._enter_pressed)
        self._frame.page.other_pressed.connect(self.leave)
        self._bar.asked.connect(self.toggle_sheet)
        self._bar.leave_asked.connect(self.leave)
        self._sheets.opened.connect(lambda sheet: self._presence.watch(sheet, *sheet.findChildren(QWidget)))
        self._sheets.closed.connect(self.setFocus)
        self._sheets.keymap_changed.connect(self.use_keymap)
        self._sheets.flagged.connect(self._answers.flag)

    def _make_keys(self, letters: Mapping[str, str]) -> RoomKeys:
        anywhere: dict[str, Callable[[], object]] = {
            **{name: partial(self.toggle_sheet, name) for name in (*ANYWHERE, *IN_A_CASE)},
            "full_screen": self._frame.toggle_full_screen,
            "leave": self.leave,
            "second_window": self._place.toggle,
            "finish_case": self._enter_pressed,
        }
        in_case: dict[str, Callable[[], object]] = {
            **self._answers.actions(),
            **self._marks.actions(),
            **self._explanation.actions(),
            **self._viewing.tool_actions(),
            "previous_case": lambda: self._go_to(-1),
            "next_case": lambda: self._go_to(1),
        }
        items = {letter: partial(self._answers.set_focus, item_id) for item_id, letter in letters.items()}
        return RoomKeys(self._keymap, self._viewing, anywhere, in_case, items)

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
        """Opens the next case; where the study does not allow it (a break, washout, the disk), says why."""
        try:
            self._session.open_next()
        except (StudyError, OSError) as error:
            body = str(error) if isinstance(error, ReadingError) else self._saving.trouble(error)
            self._show_page(self.tr("Not now"), body, self.tr("Try again"), self._open_next, self.tr("Leave"))
            return
        self._show_case()

    def _show_case(self) -> None:
        self._sheets.close()
        self._mode = "loading"
        self._frame.show_case(self._session)
        self._panel.set_finish_text(self.tr("Finish case"))
        self._refresh()
        self._images.bring()

    def _on_first_painted(self) -> None:
        # Outside paintEvent: the journal writes to disk, and painting must not wait for it.
        QTimer.singleShot(0, self, self._open_for_answers)

    def _open_for_answers(self) -> None:
        if self._mode != "loading" or not self._saving.hand(self._session.painted):
            return
        self._mode = "reading"
        self._presence.begin()
        self._panel.set_open(True)
        self._explanation.begin(self._images.maps)
        self._refresh()
        if self._explanation.shown:
            self._panel.show_notice(self._answers.review_sentence)

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
        if not self._saving.hand(lambda: outcomes.append(self._session.finish(confirmed))):
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
        number = self._answers.unanswered
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
        self._answers.show_expected(expected)
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
        self._frame.show_page(heading, body, main, other)
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
            if self._saving.hand(lambda: self._session.open_at(position)):
                self._show_case()

    def leave(self) -> None:
        """Ends the session with everything saved, and says so."""
        self._end()
        self.left.emit()

    def _end(self) -> None:
        if not self._ended:
            self._leave_fields()
            self._ended = True
            self._images.stop()
            self._sheets.stop()
            self._place.stop()
            self._end_session()
            self._session.view.close()

    def _end_session(self) -> None:
        if not self._head:
            self._viewing.flush()
            if self._saving.hand(self._session.end):
                self._head = self._session.view.head()

    # Answers and marks

    def _focus_item_of_mark(self, mark_id: str) -> None:
        mark = self._session.state.marks.get(mark_id)
        if mark is not None and str(mark.item_id) != str(self._session.focus):
            self._when_open(lambda: self._answers.set_focus(str(mark.item_id)))

    def _on_saved(self, saved: bool) -> None:
        self._bar.show_saved(saved)
        if saved and self._mode == "reading":
            self._panel.show_notice("")

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

    def _refresh(self) -> None:
        self._answers.show()
        self._marks.show()
        self._explanation.show()

    def _keep_view(self, record: dict) -> None:
        if self._mode in ("reading", "confirming"):
            self._session.set_view(record)
            self._saving.hand(self._session.flush_view)

    def toggle_sheet(self, name: str) -> None:
        """Shows or hides a sheet over the room, by the name of its action; the case stays open, its clock runs on."""
        if name in ANYWHERE or (name in IN_A_CASE and self._mode in ("reading", "confirming")):
            self._stage.hide_overlays(False)
            self._sheets.toggle(name, self._keymap)

    def use_keymap(self, keymap: Keymap) -> None:
        """Takes and shows these keys and this mouse from now on."""
        self._keymap = keymap
        self._stage.set_hands(keymap.hands)
        for part in (self._bar, self._panel, self._viewing, self._answers, self._keys):
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
        sheet = self._sheets.current
        if sheet is not None:  # the keyboard is the sheet's; a key that comes here all the same closes it
            if sheet.closes(pressed(event)) and not event.isAutoRepeat():
                sheet.close_sheet()
            return
        self._key(self._keys.press(event), event.isAutoRepeat())

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        self._keys.release(event)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._keys.release_all()
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
        self._frame.fit()
        self._sheets.place(self.rect())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._frame.fit()

    def _key(self, key: str, repeated: bool) -> None:
        if self._hinted:
            self._hinted = False
            self._panel.show_notice("")
        mode = self._mode
        if mode == "confirming" and self._keys.interrupts(key) and not repeated:
            self._stop_asking()
            if self._keys.cancels(key):
                return
        self._keys.act(key, repeated, mode)

    def _on_presence(self) -> None:
        """Time away is the session's to count; the reader sees that their clock stands."""
        if not self._ended and self._presence.front != self._told_front:
            self._told_front = self._presence.front
            self._saving.hand(lambda: self._session.set_active(self._told_front))
        self._bar.show_paused(self._presence.paused if self._mode in ("loading", "reading", "confirming") else "")
