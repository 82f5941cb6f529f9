"""Keys and mouse by what they do, as `resources/keymaps/` or a person's own file says; a conflict is refused."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from engine.images.image import Image
from readerapp.viewer.actions import ACTION_NAMES, ACTIONS, ANSWER_ACTIONS, action_text
from readerapp.viewer.hands import DoubleClick, Drag, Hands, Wheel
from readerapp.viewer.keyboard import by_place, fallback

__all__ = [
    "ACTIONS",
    "ANSWER_ACTIONS",
    "BUTTONS",
    "SHIPPED",
    "WHEELS",
    "Drag",
    "Hands",
    "Keymap",
    "KeymapError",
    "action_text",
    "cap",
    "item_letters",
    "kept_for",
    "load_keymap",
    "parse_keymap",
    "portable",
    "pressed",
]

SHIPPED = ("standard", "ohif", "horos", "weasis", "slicer")  # under resources/keymaps, in the order offered
BUTTONS = tuple(
    f"{modifier}{button}" for modifier in ("", "Shift+", "Ctrl+", "Alt+") for button in ("Left", "Middle", "Right")
)
WHEELS = ("Wheel", "Ctrl+Wheel", "Shift+Wheel")

_LETTERS = {chr(code) for code in range(ord("A"), ord("Z") + 1)}
_ALT_GR = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_CAPS = {"Return": "↵", "Down": "↓", "Up": "↑", "Left": "←", "Right": "→", "PgDown": "PgDn"}


class KeymapError(Exception):
    """A keymap that cannot be used; the message names the key, the actions, and what to do."""


@dataclass(frozen=True)
class Keymap:
    """Which gesture does what; never in conflict with itself.

    `actions`: portable key text → action; `windows`: kind of image ("ct", "other") → key text → preset id; `hands`:
    mouse and wheel. `base` names the shipped keymap it was made from, to which a key can be reset.
    """

    name: str
    actions: Mapping[str, str]
    windows: Mapping[str, Mapping[str, str]]
    hands: Hands = field(default_factory=Hands)
    base: str = "standard"

    def action(self, key: str) -> str | None:
        """The action of a key, None where it does nothing."""
        return self.actions.get(key)

    def key(self, event: QKeyEvent) -> str:
        """The key that a press means in this keymap: what the layout makes of it, else what lies at its place.

        So "-" zooms out on AZERTY too, where it lies on the 6, and "&", which nothing is bound to, is 1.
        """
        key = pressed(event)
        if key in self.actions or any(key in windows for windows in self.windows.values()):
            return key
        place = fallback(event)
        return _spelled(Qt.Key(ord(place)), event.modifiers()) if place else key

    def keys(self, action: str) -> tuple[str, ...]:
        """Every key of an action, the first being the one shown on key caps."""
        return tuple(key for key, name in self.actions.items() if name == action)

    def preset_id(self, key: str, image: Image) -> str | None:
        """The window preset that a key selects for an image."""
        return self.presets(image).get(key)

    def presets(self, image: Image) -> Mapping[str, str]:
        """Key text → preset id for an image."""
        return self.windows["ct" if image.modality == "CT" else "other"]


@cache
def load_keymap(name: str = "standard") -> Keymap:
    """A keymap that ships with the program, one of `SHIPPED`. Raises KeymapError."""
    if name not in SHIPPED:
        raise KeymapError(f"no keymap '{name}' ships with the program; choose one of {', '.join(SHIPPED)}")
    text = files("resources.keymaps").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return parse_keymap(text, f"{name}.toml", base=name)


def parse_keymap(text: str, source: str = "keymap", base: str = "standard") -> Keymap:
    """A keymap from TOML text; `base` counts where the text names none.

    A keymap of one's own, which names its base, may be older than an action: that has the key it has in the base then,
    or one that is free.

    Raises KeymapError for an unknown action, a missing one, a key given twice, a button or verb that does not exist.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KeymapError(f"{source} is not valid TOML: {error}") from error
    if missing := {"name", "keys", "windows", "mouse"} - set(table):
        raise KeymapError(f"{source} has no entry '{sorted(missing)[0]}'; add it")
    keys = _section(table, "keys", source)
    if table.get("base") in SHIPPED:
        keys = _filled(keys, table)
    actions = _actions(keys, source)
    kinds = _section(table, "windows", source)
    if missing := {"ct", "other"} - set(kinds):
        raise KeymapError(f"{source} has no window keys for '{sorted(missing)[0]}'; add [windows.{sorted(missing)[0]}]")
    windows = {kind: _windows(_section(kinds, kind, source), actions, source) for kind in ("ct", "other")}
    base = table.get("base", base)
    if base not in SHIPPED:
        raise KeymapError(f"{source} is made from '{base}', which the program does not have; use {', '.join(SHIPPED)}")
    return Keymap(str(table["name"]), actions, windows, _hands(_section(table, "mouse", source), source), base)


def pressed(event: QKeyEvent) -> str:
    """The portable text of a pressed key, as keymaps write it.

    Shift counts with letters and named keys only: whether "?" or "1" needs it depends on the layout. So does AltGr,
    which some systems tell as Ctrl with Alt: "[" is a key of its own in New York and AltGr+8 in Berlin. A letter that
    is not one of A to Z counts by the place of its key: "П" is G in Moscow, "é" is 2 in Paris.
    """
    place = by_place(event)
    key = Qt.Key(ord(place)) if place else Qt.Key(event.key())
    return _spelled(Qt.Key.Key_Tab if key == Qt.Key.Key_Backtab else key, event.modifiers())


def _spelled(key: Qt.Key, modifiers: Qt.KeyboardModifier) -> str:
    modifiers &= ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier)
    if _is_symbol(key):
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
        if modifiers & _ALT_GR == _ALT_GR:
            modifiers &= ~_ALT_GR
    return QKeySequence(QKeyCombination(modifiers, key)).toString(QKeySequence.SequenceFormat.PortableText)


def portable(text: str) -> str:
    """A key's text in its one spelling, "" where it is not one key."""
    sequence = QKeySequence(text, QKeySequence.SequenceFormat.PortableText)
    return sequence.toString(QKeySequence.SequenceFormat.PortableText) if sequence.count() == 1 else ""


def cap(key: str) -> str:
    """A key as key caps show it."""
    if key.endswith("+"):  # the plus key itself, alone or with modifiers
        return key
    *modifiers, name = key.split("+")
    return "+".join([*modifiers, _CAPS.get(name, name)])


def kept_for(key: str, action: bool) -> Literal["", "items", "windows"]:
    """What every keymap keeps a key for: Shift with a letter for items, digits for windows; "" where it is free."""
    if key.startswith("Shift+") and key.removeprefix("Shift+") in _LETTERS:
        return "items"
    return "windows" if action and key.isdigit() else ""


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


def _candidates(text: str) -> str:
    """Initials of the words, then the other letters of the text, then the alphabet."""
    upper = text.upper()
    initials = "".join(word[0] for word in upper.replace("(", " ").replace("-", " ").split() if word)
    return "".join(letter for letter in initials + upper + "".join(sorted(_LETTERS)) if letter in _LETTERS)


def _section(table: Mapping[str, Any], name: str, source: str) -> Mapping[str, Any]:
    section = table[name]
    if not isinstance(section, Mapping):
        raise KeymapError(f"{source} gives '{name}' the value {section!r}; make it a section of its own")
    return section


def _actions(table: Mapping[str, Any], source: str) -> dict[str, str]:
    if unknown := set(table) - ACTION_NAMES:
        raise KeymapError(f"{source} binds '{sorted(unknown)[0]}', which is not an action of the program; remove it")
    if missing := ACTION_NAMES - {action for action, keys in table.items() if keys}:
        raise KeymapError(f"{source} leaves '{sorted(missing)[0]}' without a key; give it one")
    actions: dict[str, str] = {}
    for action, keys in table.items():
        for text in keys if isinstance(keys, list) else [keys]:
            key = _key(text, source)
            if key in actions:
                raise KeymapError(f"{source} gives the key {key} to '{actions[key]}' and to '{action}'; choose one")
            _refuse_kept(key, action, source)
            actions[key] = action
    return actions


def _filled(keys: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a keymap made before the program learned new actions, with keys for those."""
    taken = {portable(str(key)) for given in keys.values() for key in (given if isinstance(given, list) else [given])}
    taken |= {portable(str(key)) for kind in _tables(table.get("windows")) for key in kind}
    filled = dict(keys)
    base = load_keymap(table["base"])
    for action in sorted(ACTION_NAMES - set(keys)):
        candidates = (*base.keys(action), *(f"Ctrl+Alt+{letter}" for letter in sorted(_LETTERS)))
        filled[action] = next(key for key in map(portable, candidates) if key not in taken)
        taken.add(filled[action])
    return filled


def _tables(section: object) -> list[Mapping[str, Any]]:
    return [kind for kind in section.values() if isinstance(kind, Mapping)] if isinstance(section, Mapping) else []


def _refuse_kept(key: str, action: str, source: str) -> None:
    kept = kept_for(key, action=True)
    if kept == "items":
        raise KeymapError(
            f"{source} gives {key} to '{action}', but Shift with a letter jumps to an item; choose another"
        )
    if kept == "windows":
        raise KeymapError(f"{source} gives the digit {key} to '{action}', but digits choose windows; choose another")


def _windows(table: Mapping[str, Any], actions: Mapping[str, str], source: str) -> dict[str, str]:
    windows = {_key(key, source): str(preset) for key, preset in table.items()}
    if len(windows) < len(table):
        raise KeymapError(f"{source} gives one key to two windows; choose one")
    for key, preset in windows.items():
        if key in actions:
            raise KeymapError(
                f"{source} gives the key {key} to '{actions[key]}' and to the window '{preset}'; choose one"
            )
        if kept_for(key, action=False):
            raise KeymapError(
                f"{source} gives {key} to the window '{preset}', but Shift with a letter jumps to an item; use another"
            )
    return windows


def _hands(table: Mapping[str, Any], source: str) -> Hands:
    if unknown := set(table) - {"drag", "wheel", "double_click", "level_up"}:
        raise KeymapError(f"{source} has the entry '{sorted(unknown)[0]}' under [mouse]; remove it")
    drags = _gestures(table.get("drag", {}), BUTTONS, get_args(Drag), "mouse button", source)
    wheel = _gestures(table.get("wheel", {}), WHEELS, get_args(Wheel), "turn of the wheel", source)
    double_click: DoubleClick = _one_of(table, "double_click", get_args(DoubleClick), source)
    level_up: Literal["up", "down"] = _one_of(table, "level_up", ("up", "down"), source)
    return Hands(drags, wheel, double_click, level_up)


def _gestures(table: Mapping[str, Any], known: tuple[str, ...], verbs: tuple[str, ...], what: str, source: str) -> Any:
    for gesture, verb in table.items():
        if gesture not in known:
            raise KeymapError(f"{source} names the {what} '{gesture}'; use one of {', '.join(known)}")
        if verb not in verbs:
            raise KeymapError(f"{source} gives {gesture} the verb '{verb}'; use one of {', '.join(verbs)}")
    return dict(table)


def _one_of(table: Mapping[str, Any], name: str, values: tuple[str, ...], source: str) -> Any:
    value = table.get(name, values[0])
    if value not in values:
        raise KeymapError(f"{source} gives mouse.{name} the value '{value}'; use {' or '.join(values)}")
    return value


def _key(text: object, source: str) -> str:
    key = portable(str(text))
    if not key:
        raise KeymapError(f"{source} names the key '{text}', which is not one key; write it like Ctrl+Z, F2 or PgDown")
    return key


def _is_symbol(key: Qt.Key) -> bool:
    """A printable key that is neither a letter nor the space bar."""
    code = int(key)
    return 0x21 <= code <= 0x7E and chr(code) not in _LETTERS
