"""Presets of volumes: CT as in Reading Race, brain MRI as in the reconstruction study, windows in Hounsfield units."""

import numpy as np
import pytest

from engine.cohorts.slices import AIR, air_of, presets
from engine.images import Image, ImageError

HU = {"intercept": -1024.0, "units": "HU", "modality": "CT"}
RACE = presets()["reading-race"]


def chest(air_hu: float = -1000, side: int = 128) -> np.ndarray:
    """A scan of air, a body of water in the middle with bone in it: stored values with intercept −1024, uint16."""
    hounsfield = np.full((side, side), float(air_hu))
    hounsfield[side // 4 : -side // 4, side // 4 : -side // 4] = 0
    hounsfield[side // 2, side // 2] = 1976
    return (hounsfield + 1024).astype(np.uint16)


def test_values_are_those_of_the_paper() -> None:
    """Intercept 1024 and ÷ 3000: air 24 / 3000, water 1024 / 3000, 1976 HU is 1; beyond that nothing is whiter."""
    grey = RACE.grey(Image(chest(), **HU), 0)
    assert grey.dtype == np.float32
    assert (grey[0, 0], grey[40, 40], grey[64, 64]) == pytest.approx((24 / 3000, 1024 / 3000, 1.0))
    stored = chest()
    stored[64, 64] = 4095
    assert RACE.grey(Image(stored, **HU), 0).max() == 1.0


def test_the_scanners_own_intercept_and_slope_do_not_matter() -> None:
    plain = RACE.grey(Image(chest(), **HU), 0)
    other = RACE.grey(Image((chest().astype(np.int32) - 1024).astype(np.int16), modality="CT", units="HU"), 0)
    halved = RACE.grey(Image(chest() * 2, slope=0.5, intercept=-1024.0, modality="CT"), 0)
    np.testing.assert_array_equal(plain, other)
    np.testing.assert_array_equal(plain, halved)


@pytest.mark.parametrize(("air_hu", "kept"), [(-1024, True), (-1000, True), (-994, True), (-993, False), (-900, False)])
def test_slices_whose_air_is_no_air_are_dropped(air_hu: float, kept: bool) -> None:
    """The interval [−30, 30] of values with intercept 1024 is −1054 to −994 HU."""
    image = Image(chest(air_hu), **HU)
    if kept:
        RACE.grey(image, 0)
    else:
        with pytest.raises(ImageError, match=rf"has the value {air_hu + 1024:g}; outside of -30 to 30 it is dropped"):
            RACE.grey(image, 0)


def test_the_emptiest_of_three_patches_counts() -> None:
    values = chest().astype(np.float32)
    values[:10] = 1000  # a patient cut off by the upper edge
    assert air_of(values) == 24
    values[:, :10] = 1000
    assert air_of(values) == 24, "the right edge is still air"
    values[:, -10:] = 1000
    assert air_of(values) > AIR[1]


def test_what_scanners_write_outside_their_circle_is_no_air() -> None:
    side = 128
    row, column = np.mgrid[:side, :side] - (side - 1) / 2
    stored = chest(side=side).astype(np.int16)
    stored[np.hypot(row, column) > side / 2] = -976  # −2000 HU, without the header saying so
    assert RACE.grey(Image(stored, **HU), 0).min() == 0.0


def test_declared_padding_is_black_and_says_nothing_of_air() -> None:
    stored = chest().astype(np.int16)
    stored[:, :20] = stored[:, -20:] = stored[:20] = 3071
    grey = RACE.grey(Image(stored, padding=(3071, 3071), **HU), 0)
    assert not grey[:20].any() and grey[64, 30] == pytest.approx(24 / 3000)


def test_only_ct_has_hounsfield_units() -> None:
    for name in ("reading-race", "lung"):
        with pytest.raises(ImageError, match="is modality MR; this preset is in Hounsfield units"):
            presets()[name].grey(Image(chest(), modality="MR"), 0)
        with pytest.raises(ImageError, match="is a colour image"):
            presets()[name].grey(Image(np.zeros((8, 8, 3), np.uint8), "RGB"), 0)


def test_windows_are_those_of_the_viewer() -> None:
    image = Image(chest(), **HU)
    assert presets()["lung"].grey(image, 0)[0, 0] == pytest.approx((-1000 + 600.5) / 1499 + 0.5)  # PS3.3 C.11.2.1.2
    assert presets()["brain"].grey(image, 0)[40, 40] == pytest.approx((0 - 39.5) / 79 + 0.5, abs=1e-6)


def test_brain_slices_60_to_130_each_from_least_to_greatest() -> None:
    rng = np.random.default_rng(0)
    volume = rng.integers(50, 3000, (155, 12, 12)).astype(np.int16)
    volume[60] = 7
    image = Image(volume, modality="MR")
    preset = presets()["ucsf-pdgm"]
    frames = preset.frames(image)
    assert (frames[0], frames[-1], len(frames)) == (60, 130, 71)  # 71 slices an exam
    grey = preset.grey(image, 100)
    plain = volume[100].astype(float)
    np.testing.assert_allclose(grey, (plain - plain.min()) / (plain.max() - plain.min()), atol=1e-6)
    assert not preset.grey(image, 60).any(), "a constant slice is black"
    with pytest.raises(ImageError, match="has 24 slices; this preset takes slices 60 to 130"):
        preset.frames(Image(volume[:24]))
