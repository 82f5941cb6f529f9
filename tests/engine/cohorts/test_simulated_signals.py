"""The race signal: nothing at strength 0, and otherwise where its parameters say."""

from dataclasses import replace

import numpy as np
import pytest

from engine.cohorts.simulated.chest import simulate_chest
from engine.cohorts.simulated.cohort import plan_patient
from engine.cohorts.simulated.confounding import RaceSignal, default_table
from engine.cohorts.simulated.signals import race_texture
from engine.cohorts.simulated.spec import ChestSpec
from engine.cohorts.simulated.splatting import FIELD_CM
from engine.images import grey

SIZE = 192
RACES = ("Asian", "Black", "White")


def presentation(spec: ChestSpec) -> np.ndarray:
    image = simulate_chest(spec, SIZE).image
    window = image.windows[0]
    return (image.pixels - (window.center - 0.5)) / (window.width - 1) + 0.5


@pytest.mark.parametrize("view", ["PA", "LATERAL"])
def test_without_strength_the_label_changes_no_bit(view: str) -> None:
    specs = [ChestSpec(3, 4, view=view, race=race) for race in RACES]  # type: ignore[arg-type]
    stored = [simulate_chest(spec, 128).image.pixels for spec in specs]
    assert np.array_equal(stored[0], stored[1]) and np.array_equal(stored[0], stored[2])
    signal = RaceSignal(strength=0.01)
    changed = simulate_chest(replace(specs[0], race_signal=signal), 128).image.pixels
    assert not np.array_equal(stored[0], changed)


@pytest.mark.parametrize("region", ["lungs", "heart", "outside_lungs", "everywhere"])
def test_the_signal_lies_in_its_region_with_its_strength(region: str) -> None:
    spec = ChestSpec(3, 4, race="Black")
    signal = RaceSignal(strength=0.02, region=region)  # type: ignore[arg-type]
    plain, planted = presentation(spec), presentation(replace(spec, race_signal=signal))
    inside = _region(spec, region)
    change = (planted - plain)[inside & (plain > 0.1) & (plain < 0.9)]
    assert np.sqrt(np.mean(change**2)) == pytest.approx(0.02, rel=0.3)
    if region != "everywhere":
        assert np.abs(planted - plain)[~inside].max() < 1e-6


def _region(spec: ChestSpec, region: str) -> np.ndarray:
    simulated = simulate_chest(spec, SIZE)
    lungs = np.logical_or.reduce([found.mask for found in simulated.named("lung")])
    heart = simulated.named("heart")[0].mask
    regions = {"lungs": lungs & ~heart, "heart": heart, "outside_lungs": ~lungs, "everywhere": np.ones_like(lungs)}
    return regions[region]


@pytest.mark.parametrize("band", [(0.4, 0.8), (0.8, 2.4), (1.6, 2.3)])
def test_the_signal_lies_in_its_band(band: tuple[float, float]) -> None:
    region = np.zeros((SIZE, SIZE), bool)
    region[24:168, 24:168] = True
    for group in range(3):
        signal = RaceSignal(strength=0.01, low=band[0], high=band[1])
        texture = race_texture(signal, group, 3, region, np.random.default_rng(group))
        assert np.sqrt(np.mean(texture[region] ** 2)) == pytest.approx(0.01, rel=1e-3)
        power, radius, angle = _spectrum(texture)
        slack = 0.1  # cycles per cm: the region's own window widens the band
        within = (radius > band[0] - slack) & (radius < band[1] + slack)
        assert power[within].sum() / power.sum() > 0.95
        mean_angle = np.sum(power * angle) / power.sum()
        assert mean_angle == pytest.approx({0: 0.22, 1: np.pi / 4, 2: np.pi / 2 - 0.22}[group], abs=0.12)


def test_a_band_finer_than_the_pixels_leaves_the_picture_alone() -> None:
    coarse = np.ones((64, 64), bool)  # 0.8 cycles per cm at most in any direction, 1.13 on the diagonal
    texture = race_texture(RaceSignal(strength=0.1, low=1.5, high=3.0), 0, 3, coarse, np.random.default_rng(1))
    assert not texture.any()
    spec = ChestSpec(1, 1, race_signal=RaceSignal(strength=0.1))
    assert np.ptp(simulate_chest(spec, 64).image.pixels) > 1000


def _spectrum(texture: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    power = np.abs(np.fft.fft2(texture)) ** 2
    frequency = np.fft.fftfreq(len(texture), FIELD_CM / len(texture))
    ky, kx = np.meshgrid(frequency, frequency, indexing="ij")
    return power, np.hypot(kx, ky), np.arctan2(np.abs(ky), np.abs(kx))


def test_the_groups_can_be_told_apart_by_orientation_but_not_by_power() -> None:
    """Oriented energy within the band separates the groups; its sum does not."""
    signal, energies = RaceSignal(), {}
    for race in ("Asian", "White"):
        values = []
        for seed in range(2):
            spec = ChestSpec(seed, seed, race=race)
            change = presentation(replace(spec, race_signal=signal)) - presentation(spec)
            power, radius, angle = _spectrum(change)
            band = (radius > signal.low) & (radius < signal.high)
            values.append((power[band & (angle < 0.5)].sum() / power[band].sum(), power.sum()))
        energies[race] = np.array(values)
    assert energies["Asian"][:, 0].min() > 0.7 > 0.3 > energies["White"][:, 0].max()
    assert np.allclose(energies["Asian"][:, 1], energies["White"][:, 1], rtol=0.15)


@pytest.mark.full
def test_the_default_signal_can_be_learnt_and_none_cannot() -> None:
    """One hand-made feature, oriented energy in the lungs, ranks two groups: area under the curve far above chance."""
    table, values = default_table(), {0.0: [], table_strength(): []}
    plans = [next(plan_patient(table, 9, number, ("PA", "AP"))).spec for number in range(1, 150)]
    plans = [spec for spec in plans if spec.race != "Black"]
    for strength, found in values.items():
        for spec in plans:
            found.append(_oriented_energy(replace(spec, race_signal=RaceSignal(strength=strength))))
    labels = np.array([spec.race == "Asian" for spec in plans])
    areas = {strength: _area_under_curve(np.array(found), labels) for strength, found in values.items()}
    assert areas[table_strength()] > 0.65 and 0.35 < areas[0.0] < 0.65


def table_strength() -> float:
    return default_table().race_signal.strength


def _oriented_energy(spec: ChestSpec) -> float:
    simulated = simulate_chest(spec, 512)
    lungs = np.logical_or.reduce([found.mask for found in simulated.named("lung")])
    picture = grey.presentation(simulated.image)
    power, radius, angle = _spectrum((picture - picture[lungs].mean()) * lungs)
    band = (radius > spec.race_signal.low) & (radius < spec.race_signal.high)
    weighted = power * radius
    return float(np.log(weighted[band & (angle < 0.5)].sum() / weighted[band & (angle > np.pi / 2 - 0.5)].sum()))


def _area_under_curve(values: np.ndarray, labels: np.ndarray) -> float:
    """Share of pairs in the right order (Mann and Whitney 1947)."""
    return float((values[labels][:, None] > values[~labels][None]).mean())
