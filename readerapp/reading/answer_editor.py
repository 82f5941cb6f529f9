"""Answers that are not given by one key: a choice, several choices, a place on a scale, or words.

The options are always in view and can be clicked; a key (F2) gives them the keyboard, Enter answers, Esc gives it back.
"""

import json

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from readerapp.theme import set_role
from readerapp.viewer.keymap import Keymap, cap
from readerapp.wording import answer_word
from studies.protocol import Item

__all__ = ["AnswerEditor", "shown_answer"]

_MOST_ROWS = 7


class AnswerEditor(QWidget):
    """The editor of one item of kind choice, multi, ordinal or text."""

    answered = Signal(str)
    closed = Signal()

    def __init__(self, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._item: Item | None = None
        self._open_key = cap(keymap.keys("edit_answer")[0])
        self.editing = False
        self._before = ""  # the answer that Esc goes back to
        self._unchanged = ""  # what the fields say as offered
        self._list = QListWidget()
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.installEventFilter(self)
        self._list.itemClicked.connect(self._clicked)
        self._line = QLineEdit()
        self._line.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._line.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._line.installEventFilter(self)
        self._hint = QLabel()
        set_role(self._hint, "small")
        self._hint.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (self._list, self._line, self._hint):
            column.addWidget(widget)

    def use_keymap(self, keymap: Keymap) -> None:
        """Shows this keymap's key from now on."""
        self._open_key = cap(keymap.keys("edit_answer")[0])
        self._show_hint()

    def offer(self, item: Item, value: str) -> None:
        """Shows an item's options, or its text, with the answer it has."""
        if self.editing and self._item is not None and self._item.id == item.id:
            return
        self._item = item
        self._list.setVisible(item.kind != "text")
        self._line.setVisible(item.kind == "text")
        if item.kind == "text":
            self._line.setText(value)
            self._line.setAccessibleName(item.text)
        else:
            self._fill(item, value)
        self._before = value
        self._unchanged = self._value()
        self._show_hint()

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """What takes keys and the mouse."""
        return self._list, self._list.viewport(), self._line

    def open(self) -> None:
        """Gives the editor the keyboard."""
        self.editing = True
        field = self._field()
        self._list.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._show_hint()

    def leave(self) -> None:
        """The keyboard goes elsewhere: what was typed or ticked counts, a line moved over in a list does not."""
        typed = self._item is not None and self._item.kind in ("text", "multi") and self._value() != self._unchanged
        if self.editing and typed:
            self._commit()
        else:
            self.close_editor()

    def close_editor(self) -> None:
        """Gives the keyboard back without an answer."""
        if self.editing:
            self.editing = False
            self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self._field().clearFocus()
            self._show_hint()
            self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and watched is self._line:
            self.editing = True
            self._show_hint()
        elif isinstance(event, QFocusEvent) and event.type() == QEvent.Type.FocusOut and self.editing:
            if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:  # else Qt gives it back with the window
                self.leave()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self.editing:
            return self._key(event)
        return super().eventFilter(watched, event)

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.close_editor()
            if self._item is not None:
                self.offer(self._item, self._before)
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._commit()
            return True
        return event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)

    def _commit(self) -> None:
        value = self._value()
        self.close_editor()
        if value or (self._item is not None and self._item.kind == "text"):
            self.answered.emit(value)

    def _value(self) -> str:
        if self._item is None:
            return ""
        if self._item.kind == "text":
            return self._line.text().strip()
        if self._item.kind == "multi":
            return _multi_value(
                [entry.text() for entry in self._entries() if entry.checkState() == Qt.CheckState.Checked]
            )
        current = self._list.currentItem()
        return current.text() if current else ""

    def _clicked(self, entry: QListWidgetItem) -> None:
        if self._item is None:
            return
        self._unchanged = self._value()
        self.answered.emit(self._unchanged if self._item.kind == "multi" else entry.text())

    def _fill(self, item: Item, value: str) -> None:
        chosen = _multi_options(value) if item.kind == "multi" else [value]
        self._list.clear()
        self._list.setAccessibleName(item.text)
        for option in item.options:
            entry = QListWidgetItem(option, self._list)
            if item.kind == "multi":
                entry.setFlags(entry.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                entry.setCheckState(Qt.CheckState.Checked if option in chosen else Qt.CheckState.Unchecked)
            elif option in chosen:
                self._list.setCurrentItem(entry)
        if item.kind == "multi":
            self._list.setCurrentRow(0)
        self._list.scrollToTop()
        rows = min(len(item.options), _MOST_ROWS)
        self._list.setFixedHeight(rows * max(self._list.sizeHintForRow(0), 20) + 8)

    def _entries(self) -> list[QListWidgetItem]:
        return [self._list.item(row) for row in range(self._list.count())]

    def _field(self) -> QWidget:
        return self._line if self._item is not None and self._item.kind == "text" else self._list

    def _show_hint(self) -> None:
        kind = self._item.kind if self._item else ""
        if not self.editing:
            text = self.tr("{key} to answer").format(key=self._open_key)
        elif kind == "text":
            text = self.tr("Enter answers, Esc leaves it as it was")
        elif kind == "multi":
            text = self.tr("↑ ↓ and Space choose, Enter answers, Esc leaves it as it was")
        else:
            text = self.tr("↑ ↓ choose, Enter answers, Esc leaves it as it was")
        self._hint.setText(text)


def shown_answer(value: str) -> str:
    """An answer in words: a multi item's value is a JSON list of its options."""
    words = ", ".join(_multi_options(value)) or _none() if value.startswith("[") else answer_word(value)
    return words if len(words) <= 60 else words[:59] + "…"


def _none() -> str:
    return QCoreApplication.translate("Answers", "none")


def _multi_value(options: list[str]) -> str:
    return json.dumps(options, ensure_ascii=False)


def _multi_options(value: str) -> list[str]:
    try:
        return [str(option) for option in json.loads(value)] if value else []
    except ValueError:  # a text answer that begins with a bracket
        return [value]
