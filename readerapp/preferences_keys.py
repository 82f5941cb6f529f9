"""The editor of a keymap: every action, window and mouse gesture; one presses what it shall be from now on."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from readerapp.page import button, labelled
from readerapp.theme import set_role
from readerapp.viewer.actions import ACTIONS, DRAG_WORDS, WHEEL_WORDS, action_text, drag_text, wheel_text
from readerapp.viewer.keymap import BUTTONS, WHEELS, Keymap, KeymapError, cap, kept_for, pressed
from readerapp.viewer.presets import preset_names
from readerapp.viewer.rebinding import GestureTaken, Target, gestures, given, moved, reset, taken
from readerapp.wording import gesture_words

__all__ = ["KeymapEditor", "gesture_cap", "target_words"]

_MODIFIERS = {
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_CapsLock,
}
_NAMES = {Qt.MouseButton.LeftButton: "Left", Qt.MouseButton.MiddleButton: "Middle", Qt.MouseButton.RightButton: "Right"}

Edit = Callable[[Keymap], Keymap]


def target_words(target: Target) -> str:
    """What a gesture is given to, in the person's language."""
    if target.kind == "action":
        return action_text(target.name)
    if target.kind == "drag":
        return drag_text(target.name)
    if target.kind == "wheel":
        return wheel_text(target.name)
    return preset_names(target.kind).get(target.name, target.name)


def gesture_cap(target: Target, gesture: str) -> str:
    """A gesture as the editor shows it."""
    return gesture_words(gesture) if target.kind in ("drag", "wheel") else cap(gesture)


@dataclass(frozen=True)
class _Wish:
    """A gesture that somebody else has: what is asked before it moves."""

    target: Target
    gesture: str
    instead_of: str


class KeymapEditor(QWidget):
    """Shows one keymap; `edited` carries what to do to it, and whoever listens keeps the result and shows it again."""

    edited = Signal(object)  # Edit

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keymap: Keymap | None = None
        self._original: Keymap | None = None
        self._wish: _Wish | None = None
        self._rows: dict[Target, QTreeWidgetItem] = {}
        self._groups: list[QTreeWidgetItem] = []
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("search an action or a key"))
        self.search.setAccessibleName(self.tr("Search an action or a key"))
        self.search.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.search.textChanged.connect(self._filter)
        self.tree = self._make_tree()
        self._title = labelled("", "heading")
        self._caps = QHBoxLayout()
        self.message = labelled("", "warning")
        self.message.setObjectName("keymap_message")
        self.move_button = button(self.tr("Move the key here"), "primary", "move_key")
        self.keep_button = button(self.tr("Leave it as it is"), "", "keep_key")
        self.move_button.clicked.connect(self._move)
        self.keep_button.clicked.connect(lambda: self.say(""))
        self.capture = Capture()
        self.capture.captured.connect(self._captured)
        self.capture.cancelled.connect(self._capture_over)
        self._detail = QStackedWidget()
        set_role(self._detail, "plain")
        self._lay_out()
        self.say("")

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setAccessibleName(self.tr("Actions and their keys"))
        tree.setHeaderLabels([self.tr("what"), self.tr("keys")])
        tree.setRootIsDecorated(False)
        tree.setIndentation(10)
        tree.setUniformRowHeights(True)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        tree.header().setStretchLastSection(False)
        tree.currentItemChanged.connect(lambda _now, _before: self._show_detail())
        tree.itemActivated.connect(lambda _item, _column: self._change_first())
        return tree

    def _lay_out(self) -> None:
        caps = QFrame()
        inner = QVBoxLayout(caps)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self._title)
        inner.addLayout(self._caps)
        self._detail.addWidget(caps)
        self._detail.addWidget(self.capture)
        answer = QHBoxLayout()
        answer.addWidget(self.move_button)
        answer.addWidget(self.keep_button)
        answer.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.search, self.tree, self._detail, self.message):
            column.addWidget(widget, 1 if widget is self.tree else 0)
        column.addLayout(answer)

    # What is shown

    def show_keymap(self, keymap: Keymap, original: Keymap) -> None:
        """The keymap as it is now; `original` is what a reset goes back to."""
        first = self._keymap is None
        self._keymap, self._original = keymap, original
        if first:
            self._fill()
        for target, row in self._rows.items():
            has = gestures(keymap, target)
            row.setText(1, "   ".join(gesture_cap(target, gesture) for gesture in has))
            font = row.font(1)
            font.setBold(has != gestures(original, target))
            row.setFont(1, font)
        self._show_detail()

    def select(self, target: Target) -> None:
        """Puts a row in focus."""
        self.search.clear()
        self.tree.setCurrentItem(self._rows[target])

    def say(self, text: str) -> None:
        """A sentence below the list; "" takes it, and what it asked, away."""
        self._wish = None
        self.message.setText(text)
        self.message.setVisible(bool(text))
        self.move_button.hide()
        self.keep_button.hide()

    @property
    def target(self) -> Target | None:
        """What the row in focus is about."""
        row = self.tree.currentItem()
        return row.data(0, Qt.ItemDataRole.UserRole) if row is not None else None

    def _fill(self) -> None:
        for name, actions in ACTIONS.items():
            self._group(QCoreApplication.translate("Keymap", name), [Target("action", action) for action in actions])
        self._group(self.tr("Windows of CT"), [Target("ct", name) for name in preset_names("ct")])
        self._group(self.tr("Windows of other images"), [Target("other", name) for name in preset_names("other")])
        mouse = [*(Target("drag", name) for name in DRAG_WORDS), *(Target("wheel", name) for name in WHEEL_WORDS)]
        self._group(self.tr("Mouse"), mouse)
        self.tree.expandAll()
        self.tree.setCurrentItem(next(iter(self._rows.values())))

    def _group(self, title: str, targets: list[Target]) -> None:
        group = QTreeWidgetItem(self.tree, [title])
        self._groups.append(group)
        group.setFlags(Qt.ItemFlag.ItemIsEnabled)
        group.setFirstColumnSpanned(True)
        font = group.font(0)
        font.setBold(True)
        group.setFont(0, font)
        for target in targets:
            row = QTreeWidgetItem(group, [target_words(target)])
            row.setData(0, Qt.ItemDataRole.UserRole, target)
            self._rows[target] = row

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        found: set[str] = set()
        for row in self._rows.values():
            group = row.parent()
            said = f"{group.text(0)} {row.text(0)} {row.text(1)}".casefold()
            hit = all(word in said for word in words)
            row.setHidden(not hit)
            if hit:
                found.add(group.text(0))
        for group in self._groups:
            group.setHidden(group.text(0) not in found)

    def _show_detail(self) -> None:
        target = self.target
        self.say("")
        self._detail.setCurrentIndex(0)
        while entry := self._caps.takeAt(0):
            if widget := entry.widget():
                widget.hide()
                widget.deleteLater()
        if target is None or self._keymap is None or self._original is None:
            self._title.setText("")
            return
        self._title.setText(target_words(target))
        has = gestures(self._keymap, target)
        for gesture in has:
            self._add_cap(target, gesture, len(has) > 1 or target.kind != "action")
        add = self._small(self.tr("add …") if has else self.tr("give it one …"), lambda: self._start_capture(""))
        add.setObjectName("add_key")
        if has != gestures(self._original, target):
            restore = self._small(self.tr("reset"), lambda: self._edit(lambda k: reset(k, target, self._first())))
            restore.setObjectName("reset_key")
        self._caps.addStretch(1)

    def _add_cap(self, target: Target, gesture: str, removable: bool) -> None:
        words = gesture_cap(target, gesture)
        change = self._small(words, lambda: self._start_capture(gesture))
        change.setObjectName("change_key")
        change.setAccessibleName(self.tr("change {key}").format(key=words))
        if removable:
            remove = self._small("✕", lambda: self._edit(lambda keymap: taken(keymap, target, gesture)))
            remove.setObjectName("remove_key")
            remove.setAccessibleName(self.tr("remove {key}").format(key=words))

    def _small(self, text: str, act: Callable[[], None]) -> QPushButton:
        made = QPushButton(text)
        made.setAutoDefault(False)
        made.clicked.connect(act)
        self._caps.addWidget(made)
        return made

    def _first(self) -> Keymap:
        assert self._original is not None
        return self._original

    # What is pressed

    def _change_first(self) -> None:
        """Enter on a row: another gesture in place of the one on its cap."""
        if self._keymap is not None and self.target is not None:
            self._start_capture(next(iter(gestures(self._keymap, self.target)), ""))

    def _start_capture(self, instead_of: str) -> None:
        target = self.target
        if target is not None:
            self.say("")
            self._detail.setCurrentWidget(self.capture)
            self.capture.listen(target, instead_of)

    def _capture_over(self) -> None:
        self._detail.setCurrentIndex(0)
        self.tree.setFocus()

    def _captured(self, gesture: str) -> None:
        target, instead_of = self.capture.target, self.capture.instead_of
        self._capture_over()
        if target is not None:
            self._edit(lambda keymap: given(keymap, target, gesture, instead_of), _Wish(target, gesture, instead_of))

    def _edit(self, edit: Edit, wish: _Wish | None = None) -> None:
        """Tries it here first: what is refused is said in this window's words, and nothing is kept."""
        if self._keymap is None:
            return
        try:
            edit(self._keymap)
        except GestureTaken as error:
            self._ask(error, wish)
        except KeymapError as error:
            self.say(self._refusal(wish) or str(error))
        else:
            self.edited.emit(edit)

    def _ask(self, error: GestureTaken, wish: _Wish | None) -> None:
        key, mine, theirs = (
            gesture_cap(error.wanted, error.gesture),
            target_words(error.wanted),
            target_words(error.owner),
        )
        said = self.tr("{key} means “{theirs}” already and cannot mean “{mine}” too.").format(
            key=key, mine=mine, theirs=theirs
        )
        wish = wish or _Wish(error.wanted, error.gesture, "")
        assert self._keymap is not None
        try:
            after = moved(self._keymap, wish.target, wish.gesture, wish.instead_of)
        except KeymapError:
            self.say(
                said
                + " "
                + self.tr("It is the only key of “{theirs}”: give that one another key first.").format(theirs=theirs)
            )
            return
        left = ", ".join(gesture_cap(error.owner, gesture) for gesture in gestures(after, error.owner))
        then = self.tr("If it moves here, “{theirs}” has: {left}.").format(
            theirs=theirs, left=left or self.tr("nothing")
        )
        self.say(f"{said} {then}")
        self._wish = wish
        self.move_button.show()
        self.keep_button.show()
        self.move_button.setFocus()

    def _move(self) -> None:
        wish = self._wish
        self.say("")
        if wish is not None:
            self._edit(lambda keymap: moved(keymap, wish.target, wish.gesture, wish.instead_of))
            self.tree.setFocus()

    def _refusal(self, wish: _Wish | None) -> str:
        if wish is None:
            return ""
        kept = kept_for(wish.gesture, action=wish.target.kind == "action")
        if kept == "items":
            return self.tr("{key}: Shift with a letter jumps to an item, in every keymap. Choose another key.").format(
                key=wish.gesture
            )
        if kept == "windows":
            return self.tr("{key}: digits choose windows, in every keymap. Choose another key.").format(
                key=wish.gesture
            )
        return ""


class Capture(QFrame):
    """Waits for a key, a button or a turn of the wheel. Esc goes back without one, unless Esc itself is asked for."""

    captured = Signal(str)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "capture")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Waiting for the new key"))
        self.target: Target | None = None
        self.instead_of = ""
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.addWidget(self._words)

    def listen(self, target: Target, instead_of: str) -> None:
        """Take the keyboard, and the mouse above this field."""
        self.target, self.instead_of = target, instead_of
        what = {
            "drag": self.tr("Press the mouse button here, with Shift, Ctrl or Alt if you like."),
            "wheel": self.tr("Turn the wheel here, with Ctrl or Shift if you like."),
        }.get(target.kind, self.tr("Press the new key."))
        back = "" if target == _CANCEL else " " + self.tr("Esc goes back.")
        self._words.setText(f"{target_words(target)}: {what}{back}")
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def sizeHint(self) -> QSize:
        return super().sizeHint().expandedTo(QSize(200, 64))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self.keyPressEvent(event)  # before Qt moves the focus with Tab
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.accept()
        if self.target is None or event.isAutoRepeat() or Qt.Key(event.key()) in _MODIFIERS:
            return
        if event.key() == Qt.Key.Key_Escape and self.target != _CANCEL:
            self._stop()
            self.cancelled.emit()
        elif self.target.kind not in ("drag", "wheel") and (key := pressed(event)):
            self.captured.emit(key)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        gesture = _with_modifier(event, _NAMES.get(event.button(), ""))
        if self.target is not None and self.target.kind == "drag" and gesture in BUTTONS:
            self.captured.emit(gesture)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.accept()
        gesture = _with_modifier(event, "Wheel")
        if self.target is not None and self.target.kind == "wheel" and gesture in WHEELS:
            self.captured.emit(gesture)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.isVisible() and self.target is not None:
            self._stop()
            self.cancelled.emit()

    def hideEvent(self, event: QEvent) -> None:  # type: ignore[override]
        self._stop()

    def _stop(self) -> None:
        self.target = None


_CANCEL = Target("action", "cancel")


def _with_modifier(event: QMouseEvent | QWheelEvent, name: str) -> str:
    modifiers = {
        Qt.KeyboardModifier.ShiftModifier: "Shift", Qt.KeyboardModifier.ControlModifier: "Ctrl",
        Qt.KeyboardModifier.AltModifier: "Alt",
    }  # fmt: skip
    held = [word for modifier, word in modifiers.items() if event.modifiers() & modifier]
    return "+".join([*held, name])
