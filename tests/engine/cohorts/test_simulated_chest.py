"""One image: determinism, 12 bits, and truth that agrees with anatomy and with itself."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from engine.cohorts.simulated.body import Body, make_body
from engine.cohorts.simulated.chest import simulate_chest
from engine.cohorts.simulated.confounding import DEVICES, FINDINGS
from engine.cohorts.simulated.frontal import _gas_below_domes, _lungs, _mediastinum
from engine.cohorts.simulated.placement import generator, place
from engine.cohorts.simulated.projection import Projection, pose
from engine.cohorts.simulated.softtissue import body_thickness
from engine.cohorts.simulated.spec import VIEWS, ChestSpec, SimulatedImage
from engine.cohorts.simulated.splatting import Grid
from engine.errors import CohortError
from engine.images.grey import presentation

SIZE = 128


def simulated(seed: int = 1, size: int = SIZE, **entries: Any) -> SimulatedImage:
    for key in ("findings", "devices"):
        entries[key] = frozenset(entries.get(key, ()))
    return simulate_chest(ChestSpec(seed, seed, **entries), size)


def columns(image: SimulatedImage, kind: str) -> np.ndarray:
    """Columns that an object's mask covers."""
    return np.flatnonzero(image.named(kind)[0].mask.any(0))


def lung(image: SimulatedImage, side: str) -> np.ndarray:
    return next(found.mask for found in image.named("lung") if found.side == side)


@pytest.mark.parametrize("view", VIEWS)
def test_the_same_spec_gives_the_same_bits_and_another_seed_others(view: Any) -> None:
    first, again, other = simulated(7, view=view), simulated(7, view=view), simulated(8, view=view)
    assert np.array_equal(first.image.pixels, again.image.pixels)
    assert not np.array_equal(first.image.pixels, other.image.pixels)
    for one, two in zip(first.truth, again.truth, strict=True):
        assert (one.kind, one.side, one.facts) == (two.kind, two.side, two.facts)
        assert np.array_equal(one.polyline, two.polyline) and np.array_equal(one.mask, two.mask)


@pytest.mark.parametrize("size", [128, 256, 1024])
def test_other_sizes_show_the_same_person(size: int) -> None:
    image = simulated(3, size).image
    assert image.pixels.shape == (size, size)
    assert image.spacing_mm == pytest.approx((400 / size, 400 / size))
    share = lung(simulated(3, size), "R").mean()
    assert share == pytest.approx(lung(simulated(3, 128), "R").mean(), abs=0.02)


@pytest.mark.parametrize("size", [63, 5000])
def test_a_size_out_of_range_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match=str(size)):
        simulate_chest(ChestSpec(), size)


@pytest.mark.parametrize("entries", [{"view": "OBLIQUE"}, {"findings": frozenset({"rash"})}, {"race": "?"}])
def test_a_spec_that_cannot_be_drawn_is_refused(entries: Any) -> None:
    with pytest.raises(CohortError):
        ChestSpec(**entries)


@pytest.mark.parametrize("view", VIEWS)
def test_pixels_are_twelve_bits_and_the_window_spans_them(view: Any) -> None:
    image = simulated(5, view=view).image
    assert image.pixels.dtype == np.uint16 and image.bits_stored == 12
    assert image.pixels.max() <= 4095
    window = image.windows[0]
    first, last = window.center - 0.5 - (window.width - 1) / 2, window.center - 0.5 + (window.width - 1) / 2
    assert first <= image.pixels.min() and image.pixels.max() <= last
    assert np.ptp(image.pixels) > 0.6 * window.width  # the range is used
    assert np.unique(image.pixels).size > 1000  # and it is not an 8-bit picture in disguise


def test_monochrome1_is_the_same_picture_turned_over() -> None:

    plain, turned = simulated(4, monochrome1=False).image, simulated(4, monochrome1=True).image
    assert turned.photometric == "MONOCHROME1" and plain.photometric == "MONOCHROME2"
    assert not np.array_equal(plain.pixels, turned.pixels)
    assert np.allclose(presentation(plain), presentation(turned), atol=1e-6)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", [*FINDINGS, *DEVICES])
def test_everything_asked_for_has_truth_in_the_picture_and_changes_it(name: str, view: Any) -> None:
    entries: Any = {"findings": {name}} if name in FINDINGS else {"devices": {name}}
    image = simulated(11, view=view, **entries)
    found = [*image.named(name), *image.named(f"{name}_lead")]
    assert found, f"{name} has no truth in {view}"
    for thing in found:
        if thing.mask is not None:
            assert thing.mask.shape == (SIZE, SIZE) and thing.mask.dtype == bool
        if thing.polyline is not None:
            inside = ((thing.polyline > -0.5) & (thing.polyline < SIZE - 0.5)).all(1)
            assert inside.mean() > 0.3
    assert any(thing.mask is not None and thing.mask.any() for thing in found) or any(
        thing.polyline is not None for thing in found
    )
    assert not np.array_equal(image.image.pixels, simulated(11, view=view).image.pixels)


@pytest.mark.parametrize("view", ["PA", "AP"])
@pytest.mark.parametrize("seed", range(4))
def test_the_right_side_hangs_at_the_left(view: Any, seed: int) -> None:
    image = simulated(seed, view=view)
    right, left = (np.flatnonzero(lung(image, side).any(0)).mean() for side in "RL")
    assert right < SIZE / 2 < left
    marker = image.named("marker")[0]
    assert (marker.polyline[0, 0] > SIZE / 2) == (marker.side == "L")


@pytest.mark.parametrize("seed", range(6))
def test_a_drain_lies_in_the_lung_with_the_pneumothorax(seed: int) -> None:
    image = simulated(seed, findings={"pneumothorax", "pleural_effusion"}, devices={"chest_drain"})
    gas, drain, fluid = (image.named(kind)[0] for kind in ("pneumothorax", "chest_drain", "pleural_effusion"))
    assert drain.side == gas.side != fluid.side
    tip = np.round(drain.polyline[-3:]).astype(int)
    assert lung(image, gas.side)[tip[:, 1], tip[:, 0]].all()
    assert (gas.mask & lung(image, gas.side)).sum() > 0.9 * gas.mask.sum() > 0
    assert (fluid.mask & lung(image, fluid.side)).sum() > 0.9 * fluid.mask.sum() > 0


@pytest.mark.parametrize("seed", range(6))
def test_a_drain_without_pneumothorax_lies_with_the_effusion(seed: int) -> None:
    image = simulated(seed, findings={"pleural_effusion"}, devices={"chest_drain"})
    assert image.named("chest_drain")[0].side == image.named("pleural_effusion")[0].side


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("view", ["PA", "AP"])
def test_tubes_end_where_they_belong(view: Any, seed: int) -> None:
    names = ("endotracheal_tube", "nasogastric_tube", "central_venous_catheter_jugular")
    image = simulated(seed, view=view, devices=names)
    tube, feeding, catheter = (image.named(name)[0] for name in names)
    assert 20 <= tube.facts["tip_above_carina_mm"] <= 65
    lungs = lung(image, "R") | lung(image, "L")
    rows = np.flatnonzero(lungs.any(1))
    assert rows[0] < tube.polyline[-1, 1] < rows.mean()  # in the chest, in its upper half
    left = lung(image, "L")
    column = int(np.clip(round(feeding.polyline[-1, 0]), 0, SIZE - 1))
    bottom = np.flatnonzero(left.any(1))[-1] if not left[:, column].any() else np.flatnonzero(left[:, column])[-1]
    assert feeding.polyline[-1, 1] > bottom - 0.05 * SIZE  # below the diaphragm
    heart_top = np.flatnonzero(image.named("heart")[0].mask.any(1))[0]
    assert abs(catheter.polyline[-1, 1] - heart_top) < 0.2 * SIZE
    assert catheter.polyline[-1, 0] < SIZE / 2 + 0.08 * SIZE  # in the superior vena cava, right of the midline


@pytest.mark.parametrize("seed", range(4))
def test_an_enlarged_heart_is_wider_than_half_the_chest(seed: int) -> None:
    usual, large = simulated(seed), simulated(seed, findings={"cardiomegaly"})
    ratio = [image.named("heart")[0].facts["cardiothoracic_ratio"] for image in (usual, large)]
    assert ratio[0] < 0.52 and ratio[1] > 0.5 and ratio[1] > ratio[0] + 0.06
    assert large.named("cardiomegaly")[0].mask.sum() == large.named("heart")[0].mask.sum()


def test_bones_and_organs_have_truth() -> None:
    image = simulated(2)
    assert len(image.named("rib")) == 24 and {rib.side for rib in image.named("rib")} == {"R", "L"}
    for kind, count in {"clavicle": 2, "scapula": 2, "humerus": 2, "spine": 1, "lung": 2, "heart": 1}.items():
        assert len(image.named(kind)) == count, kind
    for rib in image.named("rib"):
        middle = rib.polyline[:, 0].mean()
        assert (middle < SIZE / 2) == (rib.side == "R")
    side = simulated(2, view="LATERAL")
    assert side.named("sternum") and side.named("spine")
    assert side.named("sternum")[0].polyline[:, 0].mean() < side.named("spine")[0].polyline[:, 0].mean()


def test_fat_and_sex_change_the_picture() -> None:
    lean, heavy = simulated(6, bmi=19.0), simulated(6, bmi=38.0)
    outline = [_trunk_width(image) for image in (lean, heavy)]
    assert outline[1] > outline[0] + 3
    man, woman = simulated(6, sex="M"), simulated(6, sex="F")
    assert not np.array_equal(man.image.pixels, woman.image.pixels)


def _trunk_width(image: SimulatedImage) -> float:
    """Columns brighter than the direct beam's dark, at the height of the lung bases."""
    row = np.flatnonzero(lung(image, "R").any(1))[-1]
    values = image.image.pixels[row - 4 : row].astype(float).mean(0)
    return float((values > values.min() + 0.15 * np.ptp(values)).sum())


def test_one_person_keeps_anatomy_and_sides_over_time() -> None:
    spec = ChestSpec(9, 1, findings=frozenset({"consolidation"}), devices=frozenset({"dual_chamber_pacemaker"}))
    first, later = simulate_chest(spec, SIZE), simulate_chest(replace(spec, exposure_seed=2), SIZE)
    assert not np.array_equal(first.image.pixels, later.image.pixels)
    for kind in ("consolidation", "dual_chamber_pacemaker"):
        assert first.named(kind)[0].side == later.named(kind)[0].side


def parts(spec: ChestSpec) -> tuple[Body, Projection]:
    """Body and projection of a film, as `simulate_chest` makes them."""
    body = make_body(spec, place(spec), generator(spec.exposure_seed, 0))
    return body, pose(generator(spec.exposure_seed, 1), Grid(SIZE), spec.view)


def test_the_gas_of_the_stomach_lies_below_the_left_dome() -> None:
    """In about four of five standing patients, never above the diaphragm, and seldom as high on the right (colon)."""
    left = right = 0
    for seed in range(20):
        spec = ChestSpec(seed, seed, view="PA")
        body, projection = parts(spec)
        lungs = _lungs(body, projection, _mediastinum(body, projection)[0])
        gas = _gas_below_domes(body, projection, spec, lungs)
        across, down = projection.maps
        high = (gas > 0.8) & (down < body.lungs["L"].dome + 3.5)
        assert not (gas[down < min(body.lungs["L"].dome, body.lungs["R"].dome)] > 0).any()
        left += bool((high & (across > 2)).any())
        right += bool((high & (across < -2)).any())
    assert left >= 12
    assert right <= 3


@pytest.mark.parametrize("view", ["PA", "AP"])
def test_nothing_of_the_body_lies_beyond_its_skin(view: Any) -> None:
    for seed in range(6):
        spec = ChestSpec(seed, seed, view=view, bmi=18.0)
        body, projection = parts(spec)
        thickness = body_thickness(body, projection, generator(spec.body_seed, 5))
        away = ~ndimage.binary_dilation(thickness > 0.1, iterations=3)  # resampling overshoots along the skin itself
        assert thickness[away].min(initial=0) > -0.1


@pytest.mark.parametrize("view", ["PA", "LATERAL"])
def test_denser_devices_are_brighter_where_they_lie_and_move_nothing(view: Any) -> None:
    """A drain of six times the density stands out; anatomy and truth stay where they were."""
    bare = presentation(simulated(5, view=view).image)
    plain, dense = (simulated(5, view=view, devices={"chest_drain"}, device_density=density) for density in (1.0, 6.0))
    changes = []
    for image in (plain, dense):
        points = image.named("chest_drain")[0].polyline.round().astype(int)
        inside = ((points >= 0) & (points < SIZE)).all(1)
        column, row = points[inside].T
        changes.append(float(np.mean((presentation(image.image) - bare)[row, column])))
    assert changes[1] > 2 * changes[0] > 0
    for one, two in zip(plain.truth, dense.truth, strict=True):
        assert one.kind == two.kind
        assert np.array_equal(one.polyline, two.polyline) and np.array_equal(one.mask, two.mask)
