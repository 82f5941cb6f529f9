"""Changing one gesture of a keymap: a conflict is refused, or the key moves and what it meant before gets another.

Every function gives a new keymap, again without conflict and without an action that no key reaches.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from readerapp.viewer.actions import ACTIONS, DRAG_WORDS, WHEEL_WORDS
from readerapp.viewer.keymap import Keymap, KeymapError, kept_for

__all__ = [
    "GestureTaken",
    "Target",
    "TargetKind",
    "gestures",
    "given",
    "keymap_text",
    "moved",
    "owner",
    "reset",
    "taken",
]

TargetKind = Literal["action", "ct", "other", "drag", "wheel"]

# Which tables may not use one gesture twice: keys of actions count everywhere, windows of CT on CT only.
_RIVALS: dict[TargetKind, tuple[TargetKind, ...]] = {
    "action": ("action", "ct", "other"),
    "ct": ("action", "ct"),
    "other": ("action", "other"),
    "drag": ("drag",),
    "wheel": ("wheel",),
}


@dataclass(frozen=True)
class Target:
    """What a gesture is given to: an action, a window preset of CT or of other images, a drag, a turn of the wheel."""

    kind: TargetKind
    name: str


class GestureTaken(KeymapError):
    """The gesture means something else already: `owner`."""

    def __init__(self, gesture: str, owner: Target, wanted: Target) -> None:
        super().__init__(f"{gesture} belongs to '{owner.name}' and cannot be given to '{wanted.name}' as well; move it")
        self.gesture, self.owner, self.wanted = gesture, owner, wanted


def gestures(keymap: Keymap, target: Target) -> tuple[str, ...]:
    """Every key, button or turn of the wheel of a target, the one shown on caps first."""
    return tuple(gesture for gesture, name in _table(keymap, target.kind).items() if name == target.name)


def owner(keymap: Keymap, target: Target, gesture: str) -> Target | None:
    """Who has a gesture that `target` would need; None where it is free, or the target's own."""
    for kind in _RIVALS[target.kind]:
        name = _table(keymap, kind).get(gesture)
        if name is not None and Target(kind, name) != target:
            return Target(kind, name)
    return None


def given(keymap: Keymap, target: Target, gesture: str, instead_of: str = "") -> Keymap:
    """One more gesture for a target, or another in place of `instead_of`.

    Raises GestureTaken where it means something else, KeymapError where every keymap keeps it for items or windows.
    """
    if kept := _kept(target, gesture):
        why = "Shift with a letter jumps to an item" if kept == "items" else "digits choose windows"
        raise KeymapError(f"{gesture} cannot be given to '{target.name}': {why}; choose another")
    if other := owner(keymap, target, gesture):
        raise GestureTaken(gesture, other, target)
    table = {old: name for old, name in _table(keymap, target.kind).items() if old != gesture or old == instead_of}
    if instead_of:
        return _with(keymap, target.kind, {gesture if old == instead_of else old: name for old, name in table.items()})
    return _with(keymap, target.kind, {**table, gesture: target.name})


def taken(keymap: Keymap, target: Target, gesture: str) -> Keymap:
    """One gesture less. Raises KeymapError for the only key of an action: everything stays within reach of a key."""
    if target.kind == "action" and gestures(keymap, target) == (gesture,):
        raise KeymapError(f"{gesture} is the only key of '{target.name}'; give it another key first")
    return _without(keymap, target, gesture)


def moved(keymap: Keymap, target: Target, gesture: str, instead_of: str = "") -> Keymap:
    """A gesture moves here from whoever has it; they get `instead_of` in exchange where there is one.

    Raises KeymapError where it was the only key of an action and nothing can be given for it.
    """
    other = owner(keymap, target, gesture)
    if other is None or _kept(target, gesture):
        return given(keymap, target, gesture, instead_of)
    if not instead_of or _kept(other, instead_of):
        return moved(taken(keymap, other, gesture), target, gesture, instead_of)
    order = list(_table(keymap, target.kind))
    changed = moved(_without(_without(keymap, other, gesture), target, instead_of), target, gesture)
    changed = given(changed, other, instead_of)
    return _ordered(changed, target.kind, [gesture if old == instead_of else old for old in order if old != gesture])


def reset(keymap: Keymap, target: Target, original: Keymap) -> Keymap:
    """The gestures that a target has in `original`. Raises GestureTaken where one means something else now."""
    for gesture in gestures(keymap, target):
        keymap = _without(keymap, target, gesture)
    for gesture in gestures(original, target):
        keymap = given(keymap, target, gesture)
    return keymap


def keymap_text(keymap: Keymap) -> str:
    """A keymap as TOML, in the form that `parse_keymap` reads and `resources/keymaps` explains."""
    lines = [f"name = {_quoted(keymap.name)}", f"base = {_quoted(keymap.base)}", "", "[keys]"]
    for group in ACTIONS.values():
        for action in group:
            lines.append(f"{action} = [{', '.join(_quoted(key) for key in keymap.keys(action))}]")
    for kind in ("ct", "other"):
        lines += ["", f"[windows.{kind}]", *_pairs(keymap.windows[kind])]
    hands = keymap.hands
    lines += ["", "[mouse]", f"level_up = {_quoted(hands.level_up)}", f"double_click = {_quoted(hands.double_click)}"]
    lines += ["", "[mouse.drag]", *_pairs(hands.drags), "", "[mouse.wheel]", *_pairs(hands.wheel)]
    return "\n".join(lines) + "\n"


def _table(keymap: Keymap, kind: TargetKind) -> Mapping[str, str]:
    if kind == "action":
        return keymap.actions
    if kind == "drag":
        return keymap.hands.drags
    return keymap.hands.wheel if kind == "wheel" else keymap.windows[kind]


def _with(keymap: Keymap, kind: TargetKind, table: Mapping[str, Any]) -> Keymap:
    if kind == "action":
        return replace(keymap, actions=table)
    if kind == "drag":
        assert set(table.values()) <= set(DRAG_WORDS)
        return replace(keymap, hands=replace(keymap.hands, drags=table))
    if kind == "wheel":
        assert set(table.values()) <= set(WHEEL_WORDS)
        return replace(keymap, hands=replace(keymap.hands, wheel=table))
    return replace(keymap, windows={**keymap.windows, kind: table})


def _without(keymap: Keymap, target: Target, gesture: str) -> Keymap:
    """For a moment an action may have no key: the caller gives it one."""
    table = _table(keymap, target.kind)
    kept = {other: name for other, name in table.items() if not (other == gesture and name == target.name)}
    return _with(keymap, target.kind, kept)


def _ordered(keymap: Keymap, kind: TargetKind, order: list[str]) -> Keymap:
    """The same table with gestures in this order first: the first key of an action is the one on its cap."""
    table = _table(keymap, kind)
    return _with(keymap, kind, {gesture: table[gesture] for gesture in [*order, *table] if gesture in table})


def _kept(target: Target, gesture: str) -> str:
    return "" if target.kind in ("drag", "wheel") else kept_for(gesture, action=target.kind == "action")


def _pairs(table: Mapping[str, str]) -> list[str]:
    return [f"{_quoted(gesture)} = {_quoted(name)}" for gesture, name in table.items()]


def _quoted(text: str) -> str:
    """A TOML basic string. Control characters cannot be written and say nothing in a name."""
    plain = "".join(letter for letter in text if letter.isprintable())
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
