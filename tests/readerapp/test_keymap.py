"""Keys: no conflict, answer keys that do not touch on three layouts, every layout's own way to reach a key."""

import subprocess
import sys
from html import unescape
from importlib.resources import files
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from engine.images.image import Image
from readerapp.viewer.keymap import (
    ACTIONS,
    ANSWER_ACTIONS,
    SHIPPED,
    KeymapError,
    item_letters,
    load_keymap,
    parse_keymap,
    pressed,
)
from readerapp.viewer.presets import NAMES, preset_names, presets_for

ROOT = Path(__file__).parents[2]

# Letter rows of three layouts; each row is shifted to the right against the one above by 0.25, then 0.5 of a key.
LAYOUTS = {
    "QWERTY": ("QWERTYUIOP", "ASDFGHJKL;", "ZXCVBNM,./"),
    "QWERTZ": ("QWERTZUIOP", "ASDFGHJKLÖ", "YXCVBNM,.-"),
    "AZERTY": ("AZERTYUIOP", "QSDFGHJKLM", "WXCVBN,;:!"),
}
ROW_OFFSETS = (0.0, 0.25, 0.75)
LEFT_HAND = 4.8  # the index finger reaches B and G, no further


def standard_text() -> str:
    return files("resources.keymaps").joinpath("standard.toml").read_text(encoding="utf-8")


def place(layout: str, key: str) -> tuple[int, float]:
    for row, keys in enumerate(LAYOUTS[layout]):
        if key in keys:
            return row, keys.index(key) + ROW_OFFSETS[row]
    raise AssertionError(f"{key} is no letter key of {layout}")


def answer_keys(name: str = "standard") -> list[str]:
    keymap = load_keymap(name)
    return [keymap.keys(action)[0] for action in ANSWER_ACTIONS]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", SHIPPED)
def test_answer_keys_do_not_touch(layout: str, name: str) -> None:
    for first, second in combinations(answer_keys(name), 2):
        (row_a, x_a), (row_b, x_b) = place(layout, first), place(layout, second)
        touching = abs(row_a - row_b) <= 1 and abs(x_a - x_b) <= 1.0
        assert not touching, f"{first} and {second} touch on {layout}"


def test_answer_keys_lie_alike_on_every_layout_and_under_one_hand() -> None:
    for key in answer_keys():
        places = {place(layout, key) for layout in LAYOUTS}
        assert len(places) == 1
        assert places.pop()[1] <= LEFT_HAND


@pytest.mark.parametrize("name", SHIPPED)
def test_every_action_has_a_key_and_no_key_two_actions(name: str) -> None:
    keymap = load_keymap(name)
    for group in ACTIONS.values():
        for action in group:
            assert keymap.keys(action)
    assert not set(keymap.actions) & (set(keymap.windows["ct"]) | set(keymap.windows["other"]))
    assert keymap.base == name


@pytest.mark.parametrize("modality", ["CT", "DX", "MG", "MR", ""])
@pytest.mark.parametrize("name", SHIPPED)
def test_window_keys_name_presets_that_exist(modality: str, name: str) -> None:
    image = Image(pixels=np.zeros((4, 4), np.uint16), modality=modality)
    keymap = load_keymap(name)
    offered = [preset for preset in keymap.presets(image).values() if preset in presets_for(image)]
    assert {"auto", "full", "header"} <= set(offered)
    assert set(keymap.windows["ct" if modality == "CT" else "other"].values()) <= set(
        preset_names("ct" if modality == "CT" else "other")
    )


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('draw_arrow = ["Q"]', 'draw_arrow = ["S"]', "gives the key S to 'answer_absent' and to 'draw_arrow'"),
        ('draw_arrow = ["Q"]', 'draw_arrow = ["Shift+Q"]', "Shift with a letter jumps to an item"),
        ('draw_arrow = ["Q"]', 'draw_arrow = ["5"]', "digits choose windows"),
        ('draw_arrow = ["Q"]', 'draw_arrow = ["Nonsense"]', "which is not one key"),
        ('draw_arrow = ["Q"]', "draw_arrow = []", "leaves 'draw_arrow' without a key"),
        ('draw_arrow = ["Q"]', 'draw_arow = ["Q"]', "binds 'draw_arow'"),
        ('"Right" = "zoom"', '"Right" = "menu"', "gives Right the verb 'menu'"),
        ('"Wheel" = "scroll"', '"Wheel" = "pan"', "gives Wheel the verb 'pan'"),
        ('"Wheel" = "scroll"', '"Alt+Wheel" = "scroll"', "names the turn of the wheel 'Alt\\+Wheel'"),
        ('level_up = "up"', 'level_up = "sideways"', "gives mouse.level_up the value 'sideways'"),
        ('double_click = "maximise"', 'double_clack = "maximise"', "has the entry 'double_clack'"),
        ('name = "Standard"', 'name = "Mine"\nbase = "osirix"', "is made from 'osirix'"),
        ('"8" = "full"', '"Shift+X" = "full"', "Shift with a letter jumps to an item"),
        ('"Right" = "zoom"', '"Wrong" = "zoom"', "names the mouse button 'Wrong'"),
        ('"8" = "full"', '"Q" = "full"', "to 'draw_arrow' and to the window 'full'"),
        ("[windows.other]", "[windows.others]", "no window keys for 'other'"),
        ('name = "Standard"', "", "has no entry 'name'"),
        ('name = "Standard"', "name = ", "not valid TOML"),
    ],
)
def test_a_keymap_with_a_conflict_is_refused(old: str, new: str, sentence: str) -> None:
    text = standard_text()
    assert old in text
    with pytest.raises(KeymapError, match=sentence):
        parse_keymap(text.replace(old, new), "mine.toml")


def test_a_keymap_older_than_an_action_is_given_a_key_for_it() -> None:
    """A reader's exported keymap must go on working when the program learns something new."""
    lines = standard_text().replace('name = "Standard"', 'name = "Mine"\nbase = "standard"').splitlines()
    older = "\n".join(line for line in lines if not line.startswith(("draw_mask", "erase_mask")))
    keymap = parse_keymap(older.replace('draw_arrow = ["Q"]', 'draw_arrow = ["Ctrl+B"]'), "mine.toml")
    standard = load_keymap()
    assert keymap.keys("draw_arrow") == ("Ctrl+B",)  # the reader's own choice stays
    assert keymap.keys("draw_mask") == ("Ctrl+Alt+A",)  # Ctrl+B is taken
    assert keymap.keys("erase_mask") == standard.keys("erase_mask")[:1]
    assert set(keymap.actions.values()) == set(standard.actions.values())


@pytest.mark.parametrize(
    ("key", "modifiers", "expected"),
    [
        (Qt.Key.Key_G, Qt.KeyboardModifier.NoModifier, "G"),
        (Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier, "Shift+G"),
        (Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier, "Shift+Tab"),
        (Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier, "?"),  # QWERTY and QWERTZ need Shift for it
        (Qt.Key.Key_1, Qt.KeyboardModifier.ShiftModifier, "1"),  # AZERTY needs Shift for digits
        (Qt.Key.Key_1, Qt.KeyboardModifier.KeypadModifier, "1"),
        (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, "Enter"),
        (Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier, "Ctrl+Z"),
        (Qt.Key.Key_Plus, Qt.KeyboardModifier.ShiftModifier, "+"),
    ],
)
def test_what_a_key_press_is_called(key: Qt.Key, modifiers: Qt.KeyboardModifier, expected: str) -> None:
    assert pressed(QKeyEvent(QEvent.Type.KeyPress, key, modifiers)) == expected


def test_items_get_their_own_letters() -> None:
    letters = item_letters(
        [("a", "Chest drain", ""), ("b", "Cardiomegaly", "C"), ("c", "Chest drain old", ""), ("d", "é", "")]
    )
    assert letters["b"] == "C"
    assert len(set(letters.values())) == 4


def test_more_items_than_letters_leave_some_without() -> None:
    letters = item_letters([(str(number), "Item", "") for number in range(40)])
    assert sorted(letters.values()) == sorted("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_every_text_of_a_table_is_marked_for_translation(tmp_path: Path) -> None:
    """What `pyside6-lupdate` finds: actions, presets, answers; and no preset has a name that the table lacks."""
    tool = Path(sys.executable).parent / "pyside6-lupdate"
    if not tool.exists():
        pytest.skip("pyside6-lupdate is not installed")
    sources = [str(ROOT / "readerapp" / name) for name in ("wording.py", "viewer/actions.py", "viewer/presets.py")]
    found = tmp_path / "found.ts"
    subprocess.run([str(tool), *sources, "-ts", str(found)], check=True, capture_output=True, timeout=60)
    text = unescape(found.read_text(encoding="utf-8"))
    words = (
        {word for group in ACTIONS.values() for word in group.values()} | set(ACTIONS) | set(ANSWER_ACTIONS.values())
    )
    for word in words | set(NAMES):
        assert f"<source>{word}</source>" in text
    for modality in ("CT", "MR", "DX"):
        image = Image(pixels=np.zeros((2, 2), np.uint16), modality=modality)
        assert {preset.name for preset in presets_for(image).values()} <= set(NAMES)
