"""The items of a case: which is in focus, what was answered, and by which keys the next answer is given.

The panel shows and asks; the session decides. Nothing in it takes the keyboard but an answer editor while it is open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from readerapp.reading.answer_editor import AnswerEditor, shown_answer
from readerapp.theme import COLORS, answer_look, set_role
from readerapp.viewer.keymap import ANSWER_ACTIONS, Keymap, cap
from readerapp.wording import answer_word
from studies.protocol import Item

__all__ = ["ItemPanel", "ItemState"]


_SPACING = 6  # between answer buttons


@dataclass(frozen=True)
class ItemState:
    """What a row shows of its item."""

    value: str = ""  # "" unanswered
    marks: int = 0
    expected: str = ""  # practice: the value shown as feedback
    before: str | None = None  # with the explanation in view: the locked answer, "" where there was none


class ItemPanel(QFrame):
    """The narrow panel at the right of the image."""

    item_chosen = Signal(str)
    answer_given = Signal(str, str)  # item id, value
    rest_absent_asked = Signal()
    finish_asked = Signal()
    editing_ended = Signal()

    def __init__(
        self,
        items: Sequence[Item],
        letters: Mapping[str, str],
        keymap: Keymap,
        rest_absent: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self._items = {str(item.id): item for item in items}
        self._focus = ""
        self._rows: dict[str, _Row] = {}
        self._scroll = self._make_list(items, letters)
        self._revealed = ""
        # What stands below the list changes its height after an item was scrolled to.
        self._scroll.verticalScrollBar().rangeChanged.connect(self._reveal_again)
        self._help = _label("small", wrap=True)
        self._buttons = _AnswerButtons(keymap)
        self._buttons.pressed.connect(lambda value: self.answer_given.emit(self._focus, value))
        self.editor = AnswerEditor(keymap)
        self.editor.answered.connect(lambda value: self.answer_given.emit(self._focus, value))
        self.editor.closed.connect(self.editing_ended)
        self._notice = _label("warning", wrap=True)
        self._help_key = ""
        self._reviewing = False
        self._rest = _button("", "")
        self._rest.clicked.connect(self.rest_absent_asked)
        if not rest_absent or all(item.kind != "presence" for item in items):
            self._rest.hide()
        self._finish = _button("", "primary")
        self._finish.clicked.connect(self.finish_asked)
        self._finish_text = self.tr("Finish case")
        self.use_keymap(keymap)
        self._lay_out()

    def _make_list(self, items: Sequence[Item], letters: Mapping[str, str]) -> QScrollArea:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 10, 0, 10)
        column.setSpacing(0)
        group = None
        for number, item in enumerate(items, start=1):
            if item.group != group:
                group = item.group
                column.addWidget(self._group_label(group, first=not self._rows))
            row = _Row(item, number, letters.get(str(item.id), ""))
            row.chosen.connect(self.item_chosen)
            self._rows[str(item.id)] = row
            column.addWidget(row)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        content.setAutoFillBackground(False)
        scroll.viewport().setAutoFillBackground(False)
        return scroll

    def _group_label(self, group: str, first: bool) -> QLabel:
        """The heading of a group; items without one, after a group, stand under "other"."""
        label = _label("group")
        known = {
            "": self.tr("other"),
            "treatment": self.tr("treatment-related"),
            "physiology": self.tr("physiology-related"),
        }
        label.setText(known.get(group, group).upper())
        label.setContentsMargins(14, 12, 10, 6)
        if not group and first:
            label.hide()
        return label

    def _lay_out(self) -> None:
        bottom = QVBoxLayout()
        bottom.setContentsMargins(12, 8, 12, 12)
        bottom.setSpacing(8)
        for widget in (self._help, self._notice, self._buttons, self.editor, self._rest, self._finish):
            bottom.addWidget(widget)
        line = QFrame()
        set_role(line, "line")
        line.setFixedHeight(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._scroll, 1)
        column.addWidget(line)
        column.addLayout(bottom)

    # What is shown

    @property
    def rows(self) -> dict[str, QWidget]:
        """The row of every item by its id."""
        return dict(self._rows)

    @property
    def focus(self) -> str:
        return self._focus

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """What of the panel takes keys, wheel and mouse for itself."""
        return self._scroll.viewport(), self._scroll.verticalScrollBar(), *self.editor.fields

    @property
    def editing(self) -> bool:
        """True while an answer editor has the keyboard."""
        return self.editor.editing

    def show_states(self, states: Mapping[str, ItemState]) -> None:
        """Answers and counts of marks of every item."""
        for item_id, row in self._rows.items():
            row.show_state(states.get(item_id, ItemState()))

    def show_focus(self, item_id: str, value: str) -> None:
        """Puts the focus on an item and offers its answers; `value` is what it has now."""
        changed = item_id != self._focus
        self._focus = item_id
        for other, row in self._rows.items():
            row.show_focus(other == item_id)
        item = self._items.get(item_id)
        self._show_help()
        self._buttons.setVisible(item is not None and item.kind == "presence")
        if item is not None and item.kind != "presence":
            self.editor.offer(item, value)
        self.editor.setVisible(item is not None and item.kind != "presence")
        if changed and item_id in self._rows:
            self.reveal(item_id)

    def _show_help(self) -> None:
        """The help in words; where the item has example images, the key that shows them."""
        item = self._items.get(self._focus)
        words = item.help if item else ""
        if item is not None and item.exemplars:
            examples = self.tr("{key} shows examples").format(key=self._help_key)
            words = f"{words}  ({examples})" if words else examples
        self._help.setText(words)
        self._help.setVisible(bool(words))

    def edit(self) -> bool:
        """Opens the editor of the item in focus; False where it is answered by keys."""
        item = self._items.get(self._focus)
        if item is None or item.kind == "presence":
            return False
        self.editor.open()
        return True

    def leave_editor(self) -> None:
        """Takes what was typed or ticked in an open editor as the answer, and closes it."""
        self.editor.leave()

    def show_notice(self, text: str, role: str = "warning") -> None:
        """A sentence above the finish button; "" takes it away."""
        set_role(self._notice, role)
        self._notice.setText(text)
        self._notice.setVisible(bool(text))

    @property
    def notice(self) -> str:
        return self._notice.text()

    def use_keymap(self, keymap: Keymap) -> None:
        """Shows these keys from now on."""
        self._buttons.use_keymap(keymap)
        self.editor.use_keymap(keymap)
        self._rest_key = _shown(keymap, "rest_absent")
        self.set_reviewing(self._reviewing)
        self._finish_key = _shown(keymap, "finish_case")
        self.set_finish_text(self._finish_text)
        self._help_key = _shown(keymap, "item_help")
        self._show_help()

    def set_finish_text(self, text: str) -> None:
        self._finish_text = text
        self._finish.setText(f"{text}   {self._finish_key}")

    def set_reviewing(self, reviewing: bool) -> None:
        """Whether locked answers are confirmed or changed, one by one or all the rest at once."""
        self._reviewing = reviewing
        words = self.tr("Rest as before") if reviewing else self.tr("Rest absent")
        self._rest.setText(f"{words}   {self._rest_key}")

    def set_open(self, is_open: bool) -> None:
        """Whether answers can be given now."""
        for widget in (self._buttons, self.editor, self._rest):
            widget.setEnabled(is_open)

    def reveal(self, item_id: str) -> None:
        """Scrolls an item into view, and keeps it there while the panel is laid out anew."""
        self._revealed = item_id
        QTimer.singleShot(0, self, self._reveal_again)

    def _reveal_again(self) -> None:
        row = self._rows.get(self._revealed)
        if row is not None:
            self._scroll.ensureWidgetVisible(row, 0, min(60, self._scroll.viewport().height() // 6))


class _Row(QFrame):
    """One item: its number (as on its marks), letter, text and answer."""

    chosen = Signal(str)

    def __init__(self, item: Item, number: int, letter: str) -> None:
        super().__init__()
        self._item = item
        self._number = number
        self._focused: bool | None = None
        self._state: ItemState | None = None
        self.setObjectName("itemRow")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        cap = _label("key")
        cap.setText(f"⇧{letter}")  # with Shift: the plain letter may be an answer key
        if not letter:  # more items than letters: the text still begins where the others do
            keep = cap.sizePolicy()
            keep.setRetainSizeWhenHidden(True)
            cap.setSizePolicy(keep)
            cap.hide()
        cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._name = _label("", wrap=True)
        self._name.setText(item.text)
        self._marks = _label("small")
        self._marks.hide()
        self._answer = _label("")
        self._answer.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._feedback = _label("small", wrap=True)
        self._feedback.hide()
        self._cap = cap
        self._fit_cap()
        line = QHBoxLayout()
        line.setSpacing(9)
        line.addWidget(cap, 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._name, 1)
        line.addWidget(self._marks)
        line.addWidget(self._answer)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 12, 6)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self._feedback)
        self.show_state(ItemState())
        self.show_focus(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_cap()

    def _fit_cap(self) -> None:
        """All letters one below the other, in the size of text in use."""
        if hasattr(self, "_cap"):  # a change of style comes while the row is being made, too
            self._cap.setFixedWidth(self._cap.fontMetrics().horizontalAdvance("⇧W") + 12)
            self._feedback.setContentsMargins(self._cap.width() + 9, 0, 0, 0)

    def show_state(self, state: ItemState) -> None:
        if state == self._state:
            return
        self._state = state
        look = answer_look(state.value)
        word = shown_answer(state.value)
        if self._item.kind != "presence" and len(word) > 14:
            word = word[:13] + "…"
        self._answer.setText(f"{look.symbol} {word}".rstrip())
        self._answer.setStyleSheet(f"color: {look.color};")
        self._marks.setText(self._marks_text(state.marks))
        if self._marks.isHidden() == (state.marks > 0):
            self._marks.setVisible(state.marks > 0)
        self._show_feedback(state)
        said = shown_answer(state.value) or self.tr("not answered")
        self.setAccessibleName(f"{self._item.text}: {said}")

    def _marks_text(self, count: int) -> str:
        """The number that stands on the item's marks, and how many there are."""
        return f"↗{self._number}" + (f" ×{count}" if count > 1 else "")

    def _show_feedback(self, state: ItemState) -> None:
        told = bool(state.expected) or state.before is not None
        if self._feedback.isHidden() == told:
            self._feedback.setVisible(told)
        if state.before is not None:
            self._show_before(state.before, state.value)
        elif state.expected:
            right = state.value == state.expected
            words = (
                self.tr("✓ as expected")
                if right
                else self.tr("✗ expected: {value}").format(value=shown_answer(state.expected))
            )
            self._feedback.setText(words)
            self._feedback.setStyleSheet(f"color: {COLORS.good if right else COLORS.error};")

    def _show_before(self, before: str, value: str) -> None:
        """The locked answer for reference, and what became of it."""
        was = f"{answer_look(before).symbol} {shown_answer(before)}".strip() or self.tr("not answered")
        if not value:
            words = self.tr("before: {value}").format(value=was)
        elif value == before:
            words = self.tr("confirmed")
        else:
            words = self.tr("changed; before: {value}").format(value=was)
        self._feedback.setText(words)
        self._feedback.setStyleSheet(f"color: {COLORS.text if value and value != before else COLORS.muted};")

    def show_focus(self, focused: bool) -> None:
        if focused == self._focused:
            return
        self._focused = focused
        ground = COLORS.focus if focused else "transparent"
        edge = COLORS.accent if focused else "transparent"
        self.setStyleSheet(
            f"QFrame#itemRow {{ background: {ground}; border: 1px solid {edge}; border-left: 4px solid {edge}; }}"
        )
        self.setAccessibleDescription(self.tr("in focus") if focused else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(str(self._item.id))


class _AnswerButtons(QWidget):
    """The four answers of a presence item with their keys; for the mouse, and to be read."""

    pressed = Signal(str)

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_SPACING)
        self._columns = 0
        self._buttons: dict[str, QPushButton] = {}
        for action, value in ANSWER_ACTIONS.items():
            look = answer_look(value)
            button = self._buttons[action] = _button("", "")
            button.setStyleSheet(f"text-align: left; color: {look.color}; padding: 5px 8px;")
            button.clicked.connect(lambda _checked=False, value=value: self.pressed.emit(value))
        self.use_keymap(keymap)
        self._arrange(2)

    def minimumSizeHint(self) -> QSize:
        """One column always fits; two are for panels that have the room."""
        return QSize(max(button.sizeHint().width() for button in self._buttons.values()), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(2 if self.width() >= self._needed() else 1)

    def _needed(self) -> int:
        """Pixels that two columns take."""
        widths = [button.sizeHint().width() for button in self._buttons.values()]
        return max(widths[::2]) + max(widths[1::2]) + _SPACING

    def _arrange(self, columns: int) -> None:
        if columns != self._columns:
            self._columns = columns
            for place, button in enumerate(self._buttons.values()):
                self._grid.addWidget(button, place // columns, place % columns)
            self.updateGeometry()

    def use_keymap(self, keymap: Keymap) -> None:
        for action, value in ANSWER_ACTIONS.items():
            text = f"{_shown(keymap, action)}   {answer_look(value).symbol} {answer_word(value)}"
            self._buttons[action].setText(text)


def _label(role: str, wrap: bool = False) -> QLabel:
    label = QLabel()
    label.setWordWrap(wrap)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
    if role:
        set_role(label, role)
    return label


def _button(text: str, role: str) -> QPushButton:
    button = QPushButton(text)
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if role:
        set_role(button, role)
    return button


def _shown(keymap: Keymap, action: str) -> str:
    """The key of an action as caps show it."""
    return cap(keymap.keys(action)[0])
