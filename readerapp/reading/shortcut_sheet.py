"""The sheet of keys: every action with its keys, the windows of the image at hand, and the mouse; with a search."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from readerapp.page import scrolled
from readerapp.reading.overlay import Overlay, label
from readerapp.viewer.actions import ACTIONS, action_text, drag_text, wheel_text
from readerapp.viewer.hands import Hands
from readerapp.viewer.keymap import Keymap, cap, pressed
from readerapp.wording import gesture_words

__all__ = ["ShortcutSheet"]

_SPACE = 26  # between columns
_SHORT = 12  # letters of two keys side by side


@dataclass(frozen=True)
class _Row:
    keys: str
    words: str


class ShortcutSheet(Overlay):
    """Keys and mouse, over the room. Nothing but the search takes keys; Esc or the key that opened it closes it."""

    def __init__(self, room: QWidget) -> None:
        super().__init__(QCoreApplication.translate("ShortcutSheet", "Keys and mouse"), room)
        self._groups: list[_Group] = []
        self._known: tuple[Keymap, tuple[tuple[str, str], ...]] | None = None
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("search"))
        self.search.setAccessibleName(self.tr("Search keys and mouse"))
        self.search.setClearButtonEnabled(False)
        self.search.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.search.textChanged.connect(self._filter)
        self.search.installEventFilter(self)
        self.search.setMaximumWidth(260)
        self.bar.insertWidget(1, self.search)
        self._nothing = label(self.tr("Nothing is called so. Try one word, or a key."), "muted")
        self._content = QWidget()
        self._columns = QHBoxLayout(self._content)
        self._columns.setContentsMargins(0, 0, 8, 0)
        self._columns.setSpacing(_SPACE)
        self._scroll = scrolled(self._content, self.tr("Keyboard shortcuts"))
        self.body.addWidget(self._nothing)
        self.body.addWidget(self._scroll, 1)

    def fill(self, keymap: Keymap, windows: Sequence[tuple[str, str]]) -> None:
        """The keymap, and (key, preset name) of the image at hand."""
        known = (keymap, tuple(windows))
        if known != self._known:
            self._known = known
            for group in self._groups:
                group.deleteLater()
            self._groups = [_Group(title, rows, self._content) for title, rows in self._tables(keymap, windows) if rows]
        self.search.clear()
        self._filter("")

    def first_field(self) -> QWidget:
        return self.search

    def wanted_size(self, room: QSize) -> QSize:
        return room

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._flow(self.width() - 70)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows and pages that the search does not need scroll the sheet."""
        bar = self._scroll.verticalScrollBar()
        steps = {
            Qt.Key.Key_Down: 40,
            Qt.Key.Key_Up: -40,
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_PageUp: -bar.pageStep(),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            bar.setValue(bar.value() + step)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The key that opened the sheet closes it again, unless somebody is looking for it."""
        is_press = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and not event.isAutoRepeat()
        if is_press and not self.search.text() and self.closes(pressed(cast(QKeyEvent, event))):
            self.close_sheet()
            return True
        return super().eventFilter(watched, event)

    def _tables(self, keymap: Keymap, windows: Sequence[tuple[str, str]]) -> list[tuple[str, list[_Row]]]:
        tables = []
        for name, actions in ACTIONS.items():
            rows = [_Row(_caps(keymap.keys(action)), action_text(action)) for action in actions]
            if name == "Answers":
                rows.append(_Row(self.tr("Shift+letter"), self.tr("jump to the item with that letter")))
            tables.append((QCoreApplication.translate("Keymap", name), rows))
        tables.insert(3, (self.tr("Windows of this image"), [_Row(key, words) for key, words in windows]))
        return [*tables, (self.tr("Mouse"), self._mouse(keymap.hands))]

    def _mouse(self, hands: Hands) -> list[_Row]:
        rows = [_Row(gesture_words(gesture), drag_text(verb)) for gesture, verb in hands.drags.items()]
        rows += [_Row(gesture_words(gesture), wheel_text(verb)) for gesture, verb in hands.wheel.items()]
        if hands.double_click == "maximise":
            rows.append(_Row(self.tr("double click"), action_text("maximise")))
        rows.append(_Row(self.tr("right click"), self.tr("tools for the image")))
        raised = self.tr("up: centre +") if hands.level_up == "up" else self.tr("down: centre +")
        rows.append(_Row(self.tr("window drag"), self.tr("right: width +") + ", " + raised))
        return rows

    def _filter(self, text: str) -> None:
        shown = [group.filter(text.casefold().split()) for group in self._groups]
        self._nothing.setVisible(not any(shown))
        self._flow(self.width() - 70)

    def _flow(self, width: int) -> None:
        """The groups that are shown, in as many columns as fit, of about one height."""
        columns = self._fitting([group for group in self._groups if group.found], width)
        while entry := self._columns.takeAt(0):
            if inner := entry.layout():
                while inner.takeAt(0):
                    pass
                inner.deleteLater()
        for groups in columns:
            column = QVBoxLayout()
            column.setSpacing(14)
            for group in groups:
                column.addWidget(group)
                group.show()
            column.addStretch(1)
            self._columns.addLayout(column)
        self._columns.addStretch(1)

    def _fitting(self, shown: Sequence["_Group"], width: int) -> list[list["_Group"]]:
        """As many columns as stand side by side in `width` pixels, at least one."""
        for number in range(len(shown), 1, -1):
            columns = _balanced(shown, number)
            widths = [max(group.sizeHint().width() for group in groups) for groups in columns if groups]
            if sum(widths) + _SPACE * len(widths) <= width:
                return columns
        return [list(shown)]


def _caps(keys: Sequence[str]) -> str:
    """The first key, and the second where both are short."""
    both = " / ".join(cap(key) for key in keys[:2])
    return both if len(both) <= _SHORT else cap(keys[0])


class _Group(QWidget):
    """A heading and its rows."""

    def __init__(self, title: str, rows: Sequence[_Row], parent: QWidget) -> None:
        super().__init__(parent)  # at once: shown without a parent it would be a window of its own
        self.found = True
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(label(title.upper(), "group", wrap=False))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        self._rows: list[tuple[str, QLabel, QLabel]] = []
        for place, row in enumerate(rows):
            keys, words = label(row.keys, "key", wrap=False), label(row.words, "", wrap=False)
            grid.addWidget(keys, place, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(words, place, 1)
            for part in (keys, words):
                part.ensurePolished()  # so that it is measured with the letters it will have
            self._rows.append((f"{title} {row.words} {row.keys}".casefold(), keys, words))

    def filter(self, words: Sequence[str]) -> bool:
        """Shows the rows with all of these words; True where there are any."""
        hits = [all(word in text for word in words) for text, _, _ in self._rows]
        for hit, (_, keys, text) in zip(hits, self._rows):
            keys.setVisible(hit)
            text.setVisible(hit)
        self.found = any(hits)
        self.setVisible(self.found)
        return self.found


def _balanced(groups: Sequence[_Group], number: int) -> list[list[_Group]]:
    """The groups in their order in `number` columns, none much higher than the others."""
    heights = [group.sizeHint().height() + 14 for group in groups]
    limit = max(sum(heights) // number, *heights)
    while True:
        columns: list[list[_Group]] = [[]]
        used = 0
        for group, height in zip(groups, heights):
            if columns[-1] and used + height > limit:
                columns.append([])
                used = 0
            columns[-1].append(group)
            used += height
        if len(columns) <= number:
            return columns
        limit += 20
