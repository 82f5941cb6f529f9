"""Layouts that do not make Latin letters or digits: keys mean what their place says, on every system."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QLocale, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from readerapp.reading.room import ReadingRoom
from readerapp.viewer.keyboard import by_place, fallback, place_of
from readerapp.viewer.keymap import SHIPPED, load_keymap, pressed
from tests.readerapp.made_study import make_study, small_image
from tests.readerapp.test_kill_window import ROOT
from tests.readerapp.test_room import Enter, begin, enter

__all__ = ["enter"]

NONE = Qt.KeyboardModifier.NoModifier
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
ALT_GR = CTRL | Qt.KeyboardModifier.AltModifier
X11 = "linux"

# (key by Qt, X key code, X keysym, text): what Qt 6.11 delivers under Xvfb with setxkbmap, as xdotool pressed the keys.
RUSSIAN = {"G": (0x41F, 42, 0x6D0, "п"), "S": (0x42B, 39, 0x6D9, "ы"), "Z": (0x42F, 52, 0x6D1, "я")}
GREEK = {"G": (0x393, 42, 0x7E3, "γ"), "S": (0x3A3, 39, 0x7F2, "σ"), "W": (0x3A3, 25, 0x7F3, "ς")}
FRENCH = {
    "1": (0x26, 10, 0x26, "&"),
    "2": (0xC9, 11, 0xE9, "é"),
    "3": (0x22, 12, 0x22, '"'),
    "0": (0xC0, 19, 0xE0, "à"),
}


def event(code: int, scan: int, virtual: int = 0, text: str = "", modifiers: Qt.KeyboardModifier = NONE) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, code, modifiers, scan, virtual, 0, text)


@pytest.mark.skipif(sys.platform != X11, reason="the events are those of X11")
@pytest.mark.parametrize(("meant", "told"), [*RUSSIAN.items(), *GREEK.items(), *FRENCH.items()])
@pytest.mark.parametrize("name", SHIPPED)
def test_what_layouts_deliver_means_the_key_of_the_keymap(name: str, meant: str, told: tuple) -> None:
    assert load_keymap(name).key(event(*told)) == meant
    with_ctrl = load_keymap(name).key(event(*told, modifiers=CTRL))
    assert with_ctrl == f"Ctrl+{meant}"


@pytest.mark.skipif(sys.platform != X11, reason="the events are those of X11")
def test_shift_with_a_letter_of_another_script_jumps_to_an_item() -> None:
    assert pressed(event(0x41F, 42, 0x6F0, "П", SHIFT)) == "Shift+G"


def test_events_without_codes_stay_what_they_are() -> None:
    assert pressed(event(0x41F, 0)) == "П"
    assert load_keymap().key(event(0x26, 0)) == "&"
    assert load_keymap().key(event(0x47, 0)) == "G"


@pytest.mark.skipif(sys.platform != X11, reason="the events are those of X11")
def test_a_sign_that_the_keymap_names_is_that_sign() -> None:
    keymap = load_keymap()
    assert keymap.action(keymap.key(event(0x2D, 15, 0x2D, "-"))) == "zoom_out"  # on the 6 of AZERTY
    assert keymap.key(event(0x21, 10, 0x21, "!", SHIFT)) == "!"  # Shift with 1 is no window on QWERTY
    assert keymap.key(event(0x23, 12, 0x23, "#", ALT_GR)) == "#"  # nor is AltGr with a digit


@pytest.mark.parametrize(
    ("system", "scan", "virtual", "cap"),
    [
        ("win32", 34, 0x47, "G"),
        ("win32", 2, 0x31, "1"),
        ("win32", 51, 0xBC, ""),  # VK_OEM_COMMA
        ("win32", 0, 0, ""),
        ("darwin", 0, 5, "G"),
        ("darwin", 0, 0, "A"),
        ("darwin", 0, 29, "0"),
        ("darwin", 0, 45, "N"),
        ("darwin", 0, 46, "M"),
        ("darwin", 0, 36, ""),  # Return
        ("linux", 42, 0, "G"),
        ("linux", 19, 0, "0"),
        ("linux", 58, 0, "M"),
        ("linux", 47, 0, ""),  # the semicolon of QWERTY
        ("linux", 0, 0, ""),
    ],
)
def test_places_on_every_system(system: str, scan: int, virtual: int, cap: str) -> None:
    assert place_of(scan, virtual, system) == cap


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_every_letter_and_digit_has_one_place(system: str) -> None:
    caps = [cap for code in range(128) if (cap := place_of(code, code, system))]
    assert sorted(caps) == sorted("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")


@pytest.mark.parametrize(
    ("code", "scan", "script", "meant"),
    [
        (0x3B, 24, QLocale.Script.GreekScript, "Q"),  # ";" on the Greek Q
        (0x2F, 24, QLocale.Script.HebrewScript, "Q"),
        (0x2C, 58, QLocale.Script.LatinScript, ""),  # "," on AZERTY, which has its M elsewhere
        (0x26, 10, QLocale.Script.LatinScript, "1"),
    ],
)
def test_signs_on_the_place_of_a_letter(code: int, scan: int, script: QLocale.Script, meant: str) -> None:
    assert fallback(event(code, scan), X11, script) == meant


def test_latin_letters_beyond_a_to_z_are_no_other_letters() -> None:
    assert by_place(event(0xD6, 47), X11) == ""  # Ö of QWERTZ, on the semicolon
    assert by_place(event(0xC9, 25), X11) == ""  # É of BÉPO, on the W
    assert by_place(event(0x160, 12), X11) == "3"  # Š of Czech, on the 3
    assert by_place(event(int(Qt.Key.Key_Return), 36), X11) == ""


@settings(deadline=None)
@given(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), st.integers(0, 255), st.integers(0, 255))
def test_a_latin_letter_is_itself_wherever_it_lies(letter: str, scan: int, virtual: int) -> None:
    told = event(ord(letter), scan, virtual, letter.lower())
    assert load_keymap().key(told) == letter == pressed(told)


@pytest.mark.skipif(sys.platform != X11, reason="the events are those of X11")
def test_a_case_is_answered_with_a_russian_layout(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    room: ReadingRoom = enter(make_study(tmp_path / "study", [[small_image(0)]]))
    begin(room, qtbot)
    for meant in "GS":
        told = RUSSIAN[meant]
        QApplication.sendEvent(room, event(*told))
        QApplication.sendEvent(room, QKeyEvent(QEvent.Type.KeyRelease, told[0], NONE, told[1], told[2], 0, told[3]))
    assert [answer.value for answer in room.session.state.answers.values()] == ["present", "absent"]
    QApplication.sendEvent(room, event(*RUSSIAN["Z"], modifiers=CTRL))
    assert len(room.session.state.answers) == 1


@pytest.mark.skipif(
    not all(map(shutil.which, ("xvfb-run", "setxkbmap", "xdotool"))), reason="Xvfb, setxkbmap or xdotool is missing"
)
def test_real_keys_under_real_layouts(tmp_path: Path) -> None:
    layouts = ["us", "ru", "gr", "fr", "ua", "cz", "il"]
    study = make_study(tmp_path / "study", [[small_image(number)] for number in range(len(layouts) + 1)])
    command = ["xvfb-run", "-a", sys.executable, "-m", "tests.readerapp.typed_room", str(study.root), *layouts]
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    if "could not load the Qt platform plugin" in done.stderr.casefold():
        pytest.skip("the libraries of Qt's xcb plugin are not installed")
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    expected = {
        "given": ["present", "absent", "not assessable"],
        "undone": 1,
        "presets": ["lung", "bone"],
        "focus": "tube",
    }
    assert told == [{"layout": layout, **expected} for layout in layouts]
