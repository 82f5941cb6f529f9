"""Keys and mouse buttons by what they do, read from `resources/keymaps/`; a keymap with a conflict is refused."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from PySide6.QtCore import QCoreApplication, QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from engine.images.image import Image
from readerapp.viewer.hands import Drag
from readerapp.wording import QT_TRANSLATE_NOOP

__all__ = [
    "ACTIONS",
    "ANSWER_ACTIONS",
    "Drag",
    "Keymap",
    "KeymapError",
    "item_letters",
    "load_keymap",
    "parse_keymap",
    "pressed",
]

ANSWER_ACTIONS: dict[str, str] = {
    "answer_present": "present",
    "answer_absent": "absent",
    "answer_uncertain": "uncertain",
    "answer_not_assessable": "not assessable",
}

# Every action a key can do, grouped as the shortcut sheet shows them. The texts are marked for translation.
ACTIONS: dict[str, dict[str, str]] = {
    QT_TRANSLATE_NOOP("Keymap", "Answers"): {
        "answer_present": QT_TRANSLATE_NOOP("Keymap", "present"),
        "answer_absent": QT_TRANSLATE_NOOP("Keymap", "absent"),
        "answer_uncertain": QT_TRANSLATE_NOOP("Keymap", "uncertain"),
        "answer_not_assessable": QT_TRANSLATE_NOOP("Keymap", "not assessable"),
        "rest_absent": QT_TRANSLATE_NOOP("Keymap", "answer all the rest absent"),
        "edit_answer": QT_TRANSLATE_NOOP("Keymap", "open choices, or a text"),
        "next_item": QT_TRANSLATE_NOOP("Keymap", "next item"),
        "previous_item": QT_TRANSLATE_NOOP("Keymap", "previous item"),
        "next_unanswered": QT_TRANSLATE_NOOP("Keymap", "next unanswered item"),
        "undo": QT_TRANSLATE_NOOP("Keymap", "undo answer or mark"),
        "redo": QT_TRANSLATE_NOOP("Keymap", "redo"),
    },
    QT_TRANSLATE_NOOP("Keymap", "Cases"): {
        "finish_case": QT_TRANSLATE_NOOP("Keymap", "finish the case"),
        "previous_case": QT_TRANSLATE_NOOP("Keymap", "back to the case before"),
        "next_case": QT_TRANSLATE_NOOP("Keymap", "forward to the next case"),
        "leave": QT_TRANSLATE_NOOP("Keymap", "leave (everything is saved)"),
    },
    QT_TRANSLATE_NOOP("Keymap", "Image"): {
        "invert": QT_TRANSLATE_NOOP("Keymap", "invert grey scale"),
        "zoom_in": QT_TRANSLATE_NOOP("Keymap", "zoom in"),
        "zoom_out": QT_TRANSLATE_NOOP("Keymap", "zoom out"),
        "fit": QT_TRANSLATE_NOOP("Keymap", "fit to the screen"),
        "one_to_one": QT_TRANSLATE_NOOP("Keymap", "one image pixel per screen pixel"),
        "reset_view": QT_TRANSLATE_NOOP("Keymap", "reset window, zoom and position"),
        "next_frame": QT_TRANSLATE_NOOP("Keymap", "next slice"),
        "previous_frame": QT_TRANSLATE_NOOP("Keymap", "previous slice"),
        "first_frame": QT_TRANSLATE_NOOP("Keymap", "first slice"),
        "last_frame": QT_TRANSLATE_NOOP("Keymap", "last slice"),
        "frames_forward": QT_TRANSLATE_NOOP("Keymap", "ten slices forward"),
        "frames_back": QT_TRANSLATE_NOOP("Keymap", "ten slices back"),
        "next_image": QT_TRANSLATE_NOOP("Keymap", "next image of the case"),
        "previous_image": QT_TRANSLATE_NOOP("Keymap", "previous image of the case"),
    },
    QT_TRANSLATE_NOOP("Keymap", "Marks"): {
        "draw_arrow": QT_TRANSLATE_NOOP("Keymap", "draw an arrow for the item in focus"),
        "draw_box": QT_TRANSLATE_NOOP("Keymap", "draw a box for the item in focus"),
        "delete_mark": QT_TRANSLATE_NOOP("Keymap", "delete the selected mark"),
        "hide_marks": QT_TRANSLATE_NOOP("Keymap", "hold to hide marks and text"),
        "cancel": QT_TRANSLATE_NOOP("Keymap", "cancel (never closes a case)"),
    },
    QT_TRANSLATE_NOOP("Keymap", "Program"): {
        "shortcuts": QT_TRANSLATE_NOOP("Keymap", "show or hide this sheet"),
        "full_screen": QT_TRANSLATE_NOOP("Keymap", "full screen on or off"),
    },
}

_DRAGS: dict[str, Drag] = {"window": "window", "pan": "pan", "zoom": "zoom"}
_LETTERS = {chr(code) for code in range(ord("A"), ord("Z") + 1)}
_MOUSE_BUTTONS = {"Left", "Middle", "Right", "Shift+Left", "Ctrl+Left", "Alt+Left", "Shift+Right", "Ctrl+Right"}


class KeymapError(Exception):
    """A keymap that cannot be used; the message names the key, the actions, and what to do."""


@dataclass(frozen=True)
class Keymap:
    """Which key does what. `actions`: portable key text → action; `windows`: kind of image → key text → preset id."""

    name: str
    actions: Mapping[str, str]
    windows: Mapping[str, Mapping[str, str]]
    mouse: Mapping[str, Drag]

    def action(self, key: str) -> str | None:
        """The action of a key, None where it does nothing."""
        return self.actions.get(key)

    def keys(self, action: str) -> tuple[str, ...]:
        """Every key of an action, the first being the one shown on key caps."""
        return tuple(key for key, name in self.actions.items() if name == action)

    def preset_id(self, key: str, image: Image) -> str | None:
        """The window preset that a key selects for an image."""
        return self.presets(image).get(key)

    def presets(self, image: Image) -> Mapping[str, str]:
        """Key text → preset id for an image."""
        return self.windows["ct" if image.modality == "CT" else "other"]


def load_keymap(name: str = "standard") -> Keymap:
    """A keymap that ships with the program. Raises KeymapError."""
    text = files("resources.keymaps").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return parse_keymap(text, f"{name}.toml")


def parse_keymap(text: str, source: str = "keymap") -> Keymap:
    """A keymap from TOML text. Raises KeymapError for an unknown action, a missing one, or a key given twice."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KeymapError(f"{source} is not valid TOML: {error}") from error
    if missing := {"name", "keys", "windows", "mouse"} - set(table):
        raise KeymapError(f"{source} has no entry '{sorted(missing)[0]}'; add it")
    actions = _actions(table["keys"], source)
    windows = {kind: _windows(keys, actions, source) for kind, keys in table["windows"].items()}
    if missing := {"ct", "other"} - set(windows):
        raise KeymapError(f"{source} has no window keys for '{sorted(missing)[0]}'; add [windows.{sorted(missing)[0]}]")
    return Keymap(table["name"], actions, windows, _mouse(table["mouse"], source))


def pressed(event: QKeyEvent) -> str:
    """The portable text of a pressed key, as keymaps write it.

    Shift counts with letters and named keys only: whether "?" or "1" needs it depends on the layout.
    """
    key = Qt.Key.Key_Tab if event.key() == Qt.Key.Key_Backtab else Qt.Key(event.key())
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier & ~Qt.KeyboardModifier.GroupSwitchModifier
    if _is_symbol(key):
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    return QKeySequence(QKeyCombination(modifiers, key)).toString(QKeySequence.SequenceFormat.PortableText)


def item_letters(items: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """A letter for every item (id, text, key): the protocol's own, else one of its words, else any free."""
    entries = list(items)
    letters = {item_id: key for item_id, _, key in entries if key}
    for item_id, text, key in entries:
        if key:
            continue
        taken = set(letters.values())
        for letter in _candidates(text):
            if letter not in taken:
                letters[item_id] = letter
                break
    return letters


def action_text(action: str) -> str:
    """What an action does, in the person's language."""
    for group in ACTIONS.values():
        if action in group:
            return QCoreApplication.translate("Keymap", group[action])
    raise KeymapError(f"there is no action '{action}'")


def _candidates(text: str) -> str:
    """Initials of the words, then the other letters of the text, then the alphabet."""
    upper = text.upper()
    initials = "".join(word[0] for word in upper.replace("(", " ").replace("-", " ").split() if word)
    return "".join(letter for letter in initials + upper + "".join(sorted(_LETTERS)) if letter in _LETTERS)


def _actions(table: Mapping[str, list[str]], source: str) -> dict[str, str]:
    known = {action for group in ACTIONS.values() for action in group}
    if unknown := set(table) - known:
        raise KeymapError(f"{source} binds '{sorted(unknown)[0]}', which is not an action of the program; remove it")
    if missing := known - {action for action, keys in table.items() if keys}:
        raise KeymapError(f"{source} leaves '{sorted(missing)[0]}' without a key; give it one")
    actions: dict[str, str] = {}
    for action, keys in table.items():
        for text in keys:
            key = _portable(text, source)
            if key in actions:
                raise KeymapError(f"{source} gives the key {key} to '{actions[key]}' and to '{action}'; choose one")
            _refuse_reserved(key, action, source)
            actions[key] = action
    return actions


def _refuse_reserved(key: str, action: str, source: str) -> None:
    if key.startswith("Shift+") and key.removeprefix("Shift+") in _LETTERS:
        raise KeymapError(
            f"{source} gives {key} to '{action}', but Shift with a letter jumps to an item; choose another"
        )
    if key.isdigit():
        raise KeymapError(f"{source} gives the digit {key} to '{action}', but digits choose windows; choose another")


def _windows(table: Mapping[str, str], actions: Mapping[str, str], source: str) -> dict[str, str]:
    windows = {_portable(key, source): preset for key, preset in table.items()}
    if len(windows) < len(table):
        raise KeymapError(f"{source} gives one key to two windows; choose one")
    for key, preset in windows.items():
        if key in actions:
            raise KeymapError(
                f"{source} gives the key {key} to '{actions[key]}' and to the window '{preset}'; choose one"
            )
    return windows


def _mouse(table: Mapping[str, str], source: str) -> dict[str, Drag]:
    mouse: dict[str, Drag] = {}
    for button, drag in table.items():
        if button not in _MOUSE_BUTTONS:
            raise KeymapError(
                f"{source} names the mouse button '{button}'; use one of {', '.join(sorted(_MOUSE_BUTTONS))}"
            )
        if drag not in _DRAGS:
            raise KeymapError(f"{source} gives the button {button} the drag '{drag}'; use window, pan or zoom")
        mouse[button] = _DRAGS[drag]
    return mouse


def _portable(text: str, source: str) -> str:
    sequence = QKeySequence(text, QKeySequence.SequenceFormat.PortableText)
    if sequence.count() != 1 or not sequence.toString():
        raise KeymapError(f"{source} names the key '{text}', which is not one key; write it like Ctrl+Z, F2 or PgDown")
    return sequence.toString(QKeySequence.SequenceFormat.PortableText)


def _is_symbol(key: Qt.Key) -> bool:
    """A printable key that is neither a letter nor the space bar."""
    code = int(key)
    return 0x21 <= code <= 0x7E and chr(code) not in _LETTERS
