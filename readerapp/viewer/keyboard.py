"""The Latin letter or digit at the place of a pressed key, whatever the layout makes of it.

Qt names a key by what the layout produces: "П" where Latin caps say G, "&" where a French cap says 1. What the system
tells beside it says where the key lies: on Windows the virtual key, which is Latin in every layout; on macOS the number
of the key (kVK_ANSI_…, HIToolbox Events.h); on X11 and Wayland the evdev code of the key, plus 8.
"""

import sys
import unicodedata

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent

__all__ = ["by_place", "fallback", "place_of"]

_ROWS = {10: "1234567890", 24: "QWERTYUIOP", 38: "ASDFGHJKL", 52: "ZXCVBNM"}  # first key of a row: evdev code + 8
_EVDEV = {first + number: cap for first, row in _ROWS.items() for number, cap in enumerate(row)}
_MAC_CAPS = "ASDFHGZXCV\0BQWERYT123465\0" + "97\0" + "80\0OU\0IP\0LJ\0K\0\0\0\0NM"  # by kVK number from 0 on
_MAC = {number: cap for number, cap in enumerate(_MAC_CAPS) if cap != "\0"}
_CAPS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
_OTHER_LEVELS = (
    Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.GroupSwitchModifier | Qt.KeyboardModifier.KeypadModifier
)
_ALT_GR = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def place_of(scan_code: int, virtual_key: int, system: str = sys.platform) -> str:
    """The Latin capital or digit of a key by its native codes; "" for any other key, and for events without codes."""
    if system == "win32":
        return chr(virtual_key) if 0 < virtual_key < 128 and chr(virtual_key) in _CAPS else ""
    if system == "darwin":
        return _MAC.get(virtual_key, "")
    return _EVDEV.get(scan_code, "")


def by_place(event: QKeyEvent, system: str = sys.platform) -> str:
    """What a key means that makes a letter which no keymap names: the Latin letter or the digit of its place.

    Letters of other scripts (П, γ, ש) stand for either; Latin letters beyond A to Z (é on the 2 of AZERTY, š on the 3
    of Czech layouts) for digits only, for their place among the letters is no other letter's. "" for all else.
    """
    code = event.key()
    if not 0x80 <= code <= 0x10FFFF or unicodedata.category(chr(code))[0] not in "LMN":
        return ""
    place = place_of(event.nativeScanCode(), event.nativeVirtualKey(), system)
    latin = "LATIN" in unicodedata.name(chr(code), "")
    return "" if latin and not place.isdigit() else place


def fallback(event: QKeyEvent, system: str = sys.platform, script: QLocale.Script | None = None) -> str:
    """What a key that makes a sign may mean where the keymap does not name that sign: "&" on the 1 of AZERTY.

    Signs on the place of a letter (";" on the Greek Q) stand for it only where the layout is not Latin: on AZERTY the
    comma lies on the M of QWERTY, and M elsewhere. `script` is the layout's; None asks Qt, which on X11 knows no more
    than the language of the system. With Shift or AltGr a sign stays itself.
    """
    code, modifiers = event.key(), event.modifiers()
    if not 0x21 <= code <= 0x7E or chr(code).isalnum() or modifiers & _OTHER_LEVELS or modifiers & _ALT_GR == _ALT_GR:
        return ""
    place = place_of(event.nativeScanCode(), event.nativeVirtualKey(), system)
    if place.isdigit() or system == "win32":  # a virtual key of Windows is the layout's own word
        return place
    script = script or QGuiApplication.inputMethod().locale().script()
    return "" if script == QLocale.Script.LatinScript else place
