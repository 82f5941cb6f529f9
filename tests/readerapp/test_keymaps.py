"""Keymaps of this computer: chosen by a person, changed, taken along in a file, broken by hand."""

from pathlib import Path

import pytest

from readerapp import keymaps
from readerapp.settings import settings, settings_folder
from readerapp.viewer.keymap import SHIPPED, Keymap, KeymapError, load_keymap
from readerapp.viewer.rebinding import Target, given, keymap_text

ARROW = Target("action", "draw_arrow")


def with_f10(keymap: Keymap) -> Keymap:
    return given(keymap, ARROW, "F10", instead_of="Q")


def test_the_standard_keymap_comes_first() -> None:
    assert keymaps.chosen() == ("standard", load_keymap())
    assert [entry.id for entry in keymaps.entries()] == list(SHIPPED)


def test_a_choice_is_kept_for_each_person() -> None:
    keymaps.choose("horos", "anna")
    keymaps.choose("ohif", "ben")
    assert keymaps.chosen("anna")[0] == "horos"
    assert keymaps.chosen("ben")[0] == "ohif"
    assert keymaps.chosen("new")[0] == "ohif"  # what was chosen last here
    text = (settings_folder() / "settings.ini").read_text(encoding="utf-8")
    assert "anna" not in text and "ben" not in text


def test_changing_one_that_ships_makes_an_own_one() -> None:
    keymap_id = keymaps.change("ohif", with_f10, "{name}, mine")
    keymap = keymaps.load(keymap_id)
    assert (keymap.name, keymap.base, keymap.keys("draw_arrow")) == ("OHIF, mine", "ohif", ("F10",))
    assert load_keymap("ohif").keys("draw_arrow") == ("Q",)
    assert keymaps.change(keymap_id, lambda k: given(k, ARROW, "Alt+Z"), "{name}, mine") == keymap_id
    assert keymaps.load(keymap_id).keys("draw_arrow") == ("F10", "Alt+Z")


def test_a_refused_change_leaves_the_file_as_it_was() -> None:
    keymap_id = keymaps.change("standard", with_f10, "{name}, mine")
    with pytest.raises(KeymapError):
        keymaps.change(keymap_id, lambda keymap: given(keymap, ARROW, "B"), "{name}, mine")
    assert keymaps.load(keymap_id).keys("draw_arrow") == ("F10",)


def test_a_keymap_travels_in_a_file(tmp_path: Path) -> None:
    keymap_id = keymaps.change("weasis", with_f10, "{name}, mine")
    file = tmp_path / "hands.toml"
    keymaps.export_keymap(keymap_id, file)
    taken = keymaps.import_keymap(file)
    assert taken != keymap_id
    assert keymaps.load(taken).name == "Weasis, mine (2)"
    assert keymaps.load(taken).actions == keymaps.load(keymap_id).actions
    assert keymaps.load(taken).hands == load_keymap("weasis").hands


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00", "mine.toml cannot be read .it is not text."),
        (b"name = ", "mine.toml is not valid TOML"),
        (b"x" * 300_000, "mine.toml has 300,000 bytes; that is no keymap"),
        (b'name = "A"\nkeys = 3\nwindows = {}\nmouse = {}', "gives 'keys' the value 3"),
    ],
)
def test_a_file_that_is_no_keymap_is_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(content)
    with pytest.raises(KeymapError, match=sentence):
        keymaps.import_keymap(file)
    assert len(keymaps.entries()) == len(SHIPPED)


def test_a_keymap_broken_by_hand_is_passed_over(tmp_path: Path) -> None:
    keymap_id = keymaps.change("horos", with_f10, "{name}, mine")
    keymaps.choose("slicer")
    keymaps.choose(keymap_id, "anna")
    file = next((settings_folder() / "keymaps").glob("*.toml"))
    file.write_text(keymap_text(load_keymap()).replace('"Q"', '"B"'), encoding="utf-8")
    assert keymaps.chosen("anna")[0] == "standard"  # the last choice is the broken one too
    broken = [entry for entry in keymaps.entries() if entry.broken]
    assert [entry.own for entry in broken] == [True]
    assert "gives the key B" in broken[0].broken
    keymaps.remove(broken[0].id)
    assert len(keymaps.entries()) == len(SHIPPED)


def test_what_ships_cannot_be_removed_and_nothing_outside_the_folder_reached(tmp_path: Path) -> None:
    with pytest.raises(KeymapError, match="stays"):
        keymaps.remove("standard")
    (tmp_path / "other.toml").write_text(keymap_text(load_keymap()), encoding="utf-8")
    for name in ("own:../other", "own:/etc/passwd", "own:", "nobody"):
        with pytest.raises(KeymapError):
            keymaps.load(name)


def test_settings_live_where_the_test_says(own_settings: Path) -> None:
    settings().setValue("a", 1)
    settings().sync()
    assert (own_settings / "settings.ini").is_file()
