"""Several slices seen as one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from engine.images.image import Image
from engine.images.reformat import reformats
from readerapp.viewer.slab import Slab, slab_frames, slab_possible, slab_values
from readerapp.viewer.view_state import opening_view, view_from_record, view_to_record
from tests.readerapp.made_study import make_study
from tests.readerapp.test_linking import volume
from tests.readerapp.test_room import CTRL, Enter, begin, enter, key

__all__ = ["enter"]


def noisy(frames: int = 9, **facts: object) -> Image:
    image = volume(frames, 16, 1.0, 2.0)
    pixels = np.random.default_rng(3).integers(-900, 1200, image.pixels.shape).astype(np.int16)
    return replace(image, pixels=pixels, **facts)  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.integers(1, 12), st.integers(0, 11), st.integers(0, 9), st.sampled_from(["mean", "maximum"]))
def test_values_are_those_of_numpy(frames: int, frame: int, steps: int, mode: str) -> None:
    image = noisy(frames)
    frame = min(frame, frames - 1)
    slab = Slab(1, mode).thicker(steps, image)  # type: ignore[arg-type]
    near = [i for i in range(frames) if abs(i - frame) <= slab.frames // 2]
    assert list(slab_frames(image, frame, slab)) == near
    stack = image.pixels.reshape(frames, 16, 16)[near].astype(np.float64)
    expected = np.rint(stack.mean(axis=0)) if mode == "mean" else stack.max(axis=0)
    assert np.abs(slab_values(image, frame, slab) - expected).max() <= (1e-3 if mode == "maximum" else 1)
    assert slab.frames % 2 == 1 and slab.frames <= frames


def test_a_negative_slope_makes_the_least_stored_value_the_greatest() -> None:
    image = noisy(slope=-1.0)
    assert (slab_values(image, 4, Slab(3, "maximum")) == image.pixels[3:6].min(axis=0)).all()


@pytest.mark.parametrize("mode", ["mean", "maximum"])
@pytest.mark.parametrize("padding", [-2000, 3000])
def test_padding_takes_no_part(mode: str, padding: int) -> None:
    image = noisy(padding=(padding, padding))
    pixels = image.pixels.copy()
    pixels[3, 0, 0] = padding
    pixels[3:6, 1, 1] = padding
    image = replace(image, pixels=pixels)
    values = slab_values(image, 4, Slab(3, mode))  # type: ignore[arg-type]
    pair = pixels[4:6, 0, 0]
    assert values[0, 0] == (round(float(pair.mean())) if mode == "mean" else pair.max())
    assert values[1, 1] == padding


@pytest.mark.parametrize("mode", ["mean", "maximum"])
@pytest.mark.parametrize("padded", [False, True])
def test_slabs_across_the_volume_are_of_its_own_slices(mode: str, padded: bool) -> None:
    image = noisy(spacing_mm=(1.0, 1.0), frame_positions_mm=tuple(float(place) for place in range(9)))
    if padded:
        image = replace(image, padding=(int(image.pixels[4, 8, 8]),) * 2)
    for plane in reformats(image):
        copied = replace(plane.image, pixels=np.ascontiguousarray(plane.image.pixels))
        for frame in (0, 3, plane.image.frames - 1):
            slab = Slab(5, mode)  # type: ignore[arg-type]
            assert (slab_values(plane.image, frame, slab) == slab_values(copied, frame, slab)).all()
    across = reformats(image)[2].image
    if not padded and mode == "maximum":
        assert (slab_values(across, 8, Slab(3, "maximum")) == across.pixels[7:10].max(axis=0)).all()


def test_where_values_of_slices_are_not_of_one_scale_there_is_no_slab() -> None:
    assert slab_possible(noisy())
    assert not slab_possible(noisy(2, slope=(1.0, 2.0)))
    assert not slab_possible(Image(pixels=np.zeros((4, 4), np.uint8)))
    assert not slab_possible(Image(pixels=np.zeros((3, 4, 4), np.float32)))
    assert not slab_possible(Image(pixels=np.zeros((3, 4, 4, 3), np.uint8), photometric="RGB"))


def test_a_slab_is_kept_with_the_view() -> None:
    image = noisy()
    view = replace(opening_view(image), slab=Slab(5, "maximum"))
    assert view_from_record(view_to_record(view), image).slab == Slab(5, "maximum")
    assert view_from_record(view_to_record(view) | {"slab": [999, "?"]}, image).slab == Slab(9, "mean")


def test_keys_change_the_slab_and_the_picture(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    room = enter(make_study(tmp_path / "study", [[noisy()]]))
    begin(room, qtbot)
    canvas = room.stage.canvas
    canvas.set_frame(4)
    pictures, texts = [], []
    for name in (None, Qt.Key.Key_Up, "P", Qt.Key.Key_Down):
        if name is not None:
            key(room, name, CTRL)
        room.stage.hide_overlays(True)
        pictures.append(canvas.grab().toImage())
        room.stage.hide_overlays(False)
        texts.append(next(text for text in room.visible_texts() if text.startswith("slice")))
    assert texts == [
        "slice 5 of 9",
        "slice 5 of 9  mean of 3 slices",
        "slice 5 of 9  maximum of 3 slices",
        "slice 5 of 9",
    ]
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0] and pictures[3] == pictures[0]
