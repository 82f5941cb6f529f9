"""From keys to what they do in the reading room: which key means what at which moment, and which one is held."""

from collections.abc import Callable, Mapping
from typing import Literal

from PySide6.QtGui import QKeyEvent

from readerapp.reading.viewing import CaseViewing
from readerapp.viewer.keymap import Keymap

__all__ = ["Mode", "RoomKeys"]

Mode = Literal["page", "loading", "reading", "confirming", "feedback"]
Actions = Mapping[str, Callable[[], object]]


class RoomKeys:
    """`anywhere`: what keys do at any moment; `in_case`: while a case is open for answers; `letters`: with Shift."""

    def __init__(self, keymap: Keymap, viewing: CaseViewing, anywhere: Actions, in_case: Actions, letters: Actions):
        self._keymap, self._viewing = keymap, viewing
        self._anywhere, self._in_case, self._letters = anywhere, in_case, letters
        self._held: dict[int, str] = {}  # key → action that lasts as long as it is down

    def use_keymap(self, keymap: Keymap) -> None:
        """Takes these keys from now on."""
        self._keymap = keymap

    def press(self, event: QKeyEvent) -> str:
        """The keymap's spelling of a key that went down, which is held from now on."""
        key = self._keymap.key(event)
        if not event.isAutoRepeat():
            self._held[event.key()] = self._keymap.action(key) or ""
        return key

    def release(self, event: QKeyEvent) -> None:
        """A key is let go."""
        action = None if event.isAutoRepeat() else self._held.pop(event.key(), None)
        if action is not None:
            self._viewing.release(action)

    def release_all(self) -> None:
        """A release that goes elsewhere must not leave marks hidden."""
        self._held.clear()
        self._viewing.release(None)

    def interrupts(self, key: str) -> bool:
        """Whether a key, while the room asks whether to finish, means something else than yes."""
        return self._keymap.action(key) != "finish_case"

    def cancels(self, key: str) -> bool:
        """Whether a key takes a question back and does nothing else."""
        return self._keymap.action(key) == "cancel"

    def act(self, key: str, repeated: bool, mode: Mode) -> None:
        """Does what a key means in this mode; a key that repeats itself moves the image only."""
        if mode == "reading" and self._viewing.tool_key(key, repeated):
            return
        action = self._keymap.action(key) or ""
        if action in self._anywhere:
            if not repeated:
                self._anywhere[action]()
        elif mode in ("reading", "confirming", "feedback") and self._viewing.key(key, repeated):
            return
        elif mode in ("reading", "confirming") and not repeated:
            if action in self._in_case:
                self._in_case[action]()
            elif key.startswith("Shift+") and (letter := key.removeprefix("Shift+")) in self._letters:
                self._letters[letter]()
