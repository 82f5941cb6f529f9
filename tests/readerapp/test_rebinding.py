"""Changing keys: whatever is pressed, no gesture has two meanings and no action is out of reach."""

import pytest
from hypothesis import given as sample
from hypothesis import settings as limits
from hypothesis import strategies as st

from readerapp.viewer.actions import ACTION_NAMES, DRAG_WORDS
from readerapp.viewer.keymap import BUTTONS, SHIPPED, Keymap, KeymapError, load_keymap, parse_keymap
from readerapp.viewer.rebinding import GestureTaken, Target, gestures, given, keymap_text, moved, owner, reset, taken

KEYS = ("X", "B", "E", "Ctrl+B", "Alt+B", "F10", "Z", "5", "Shift+B", "?", "Space", "Ctrl++", "Esc", "Return")
ARROW, BOX, REDO = Target("action", "draw_arrow"), Target("action", "draw_box"), Target("action", "redo")

keymaps = st.sampled_from(SHIPPED).map(load_keymap)
actions = st.sampled_from(sorted(ACTION_NAMES)).map(lambda name: Target("action", name))
windows = st.sampled_from([("ct", "lung"), ("ct", "bone"), ("other", "full"), ("other", "auto")]).map(
    lambda pair: Target(*pair)
)


def assert_whole(keymap: Keymap) -> None:
    """What reading it from its own text checks: no conflict, nothing out of reach; and nothing is lost on the way."""
    again = parse_keymap(keymap_text(keymap), "again.toml")
    assert (again.name, again.base, again.windows, again.hands) == (
        keymap.name,
        keymap.base,
        keymap.windows,
        keymap.hands,
    )
    assert {name: again.keys(name) for name in ACTION_NAMES} == {name: keymap.keys(name) for name in ACTION_NAMES}


@limits(deadline=None, max_examples=60)
@sample(
    keymaps,
    st.lists(st.tuples(st.one_of(actions, windows), st.sampled_from(KEYS), st.booleans(), st.booleans()), max_size=8),
)
def test_any_row_of_changes_leaves_a_whole_keymap(
    keymap: Keymap, changes: list[tuple[Target, str, bool, bool]]
) -> None:
    for target, key, replace, force in changes:
        has = gestures(keymap, target)
        instead_of = has[0] if replace and has else ""
        try:
            keymap = (moved if force else given)(keymap, target, key, instead_of)
        except KeymapError:
            continue
        assert key in gestures(keymap, target)
        assert instead_of == key or instead_of not in gestures(keymap, target)
    assert_whole(keymap)


def test_a_key_that_is_taken_is_refused_with_both_names() -> None:
    with pytest.raises(GestureTaken, match="B belongs to 'draw_box' and cannot be given to 'draw_arrow'") as caught:
        given(load_keymap(), ARROW, "B")
    assert (caught.value.owner, caught.value.wanted) == (BOX, ARROW)


def test_a_moved_key_is_exchanged_for_the_one_it_replaces() -> None:
    keymap = moved(load_keymap(), ARROW, "B", instead_of="Q")
    assert (gestures(keymap, ARROW), gestures(keymap, BOX)) == (("B",), ("Q",))
    assert_whole(keymap)


def test_a_moved_key_is_taken_from_whoever_has_another() -> None:
    keymap = moved(load_keymap(), ARROW, "Ctrl+Shift+Z")
    assert (gestures(keymap, ARROW), gestures(keymap, REDO)) == (("Q", "Ctrl+Shift+Z"), ("Ctrl+Y",))


def test_the_only_key_of_an_action_cannot_be_taken() -> None:
    with pytest.raises(KeymapError, match="Q is the only key of 'draw_arrow'"):
        taken(load_keymap(), ARROW, "Q")
    with pytest.raises(KeymapError, match="B is the only key of 'draw_box'"):
        moved(load_keymap(), ARROW, "B")


def test_a_digit_moves_between_windows_of_one_kind_only() -> None:
    keymap = load_keymap()
    lung = Target("ct", "lung")
    assert owner(keymap, lung, "3") == Target("ct", "bone")
    assert owner(keymap, Target("other", "lung"), "8") is None  # CT alone has it
    exchanged = moved(keymap, lung, "3", instead_of="2")
    assert (gestures(exchanged, lung), gestures(exchanged, Target("ct", "bone"))) == (("3",), ("2",))
    assert exchanged.windows["other"] == keymap.windows["other"]


def test_the_order_of_keys_says_which_is_on_the_cap() -> None:
    keymap = given(load_keymap(), REDO, "F10", instead_of="Ctrl+Y")
    assert keymap.keys("redo") == ("F10", "Ctrl+Shift+Z")


@pytest.mark.parametrize("target", [ARROW, Target("drag", "scroll"), Target("ct", "lung"), Target("wheel", "zoom")])
def test_reset_brings_the_first_gestures_back(target: Target) -> None:
    original = taken(load_keymap(), Target("wheel", "brush"), "Shift+Wheel")
    gesture = {"drag": "Shift+Middle", "wheel": "Shift+Wheel"}.get(target.kind, "X")
    changed = given(original, target, gesture)
    assert gestures(changed, target) != gestures(original, target)
    assert set(gestures(reset(changed, target, original), target)) == set(gestures(original, target))


def test_reset_refuses_where_the_key_means_something_else_by_now() -> None:
    original = load_keymap()
    changed = moved(original, ARROW, "B", instead_of="Q")
    with pytest.raises(GestureTaken):
        reset(changed, ARROW, original)


@limits(deadline=None, max_examples=40)
@sample(st.sampled_from(sorted(DRAG_WORDS)), st.sampled_from(BUTTONS))
def test_every_button_can_be_given_to_every_drag(drag: str, button: str) -> None:
    keymap = moved(load_keymap(), Target("drag", drag), button)
    assert keymap.hands.drags[button] == drag
    assert_whole(keymap)


@limits(deadline=None, max_examples=60)
@sample(st.text(max_size=40))
def test_any_name_can_be_written(name: str) -> None:
    base = load_keymap()
    keymap = Keymap(name, base.actions, base.windows, base.hands)
    assert parse_keymap(keymap_text(keymap)).name == "".join(letter for letter in name if letter.isprintable())
