"""The table, and that what it says shows up in the patients drawn from it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from scipy.stats import binom

from engine.cohorts.simulated.cohort import PlannedImage, plan_patient
from engine.cohorts.simulated.confounding import (
    DEVICES,
    FINDINGS,
    ConfoundingTable,
    default_table,
    flat_table,
    load_table,
    table_from_entries,
)
from engine.errors import CohortError
from resources.files import shipped_file

PATIENTS = 3000
TAIL = 1e-5  # two-sided; about 100 comparisons below, each fails by chance once in 100,000 draws; the seed is fixed


def first_studies(table: ConfoundingTable, seed: int = 5) -> list[PlannedImage]:
    return [next(plan_patient(table, seed, number)) for number in range(1, PATIENTS + 1)]


def assert_share(images: list[PlannedImage], event: Callable[[PlannedImage], bool], probability: float) -> None:
    count = sum(map(event, images))
    low, high = binom.interval(1 - TAIL, len(images), probability)
    assert low <= count <= high, f"{count} of {len(images)} where {probability:.3f} was planted"


@pytest.fixture(scope="module")
def planned() -> list[PlannedImage]:
    return first_studies(default_table())


@pytest.mark.parametrize("finding", FINDINGS)
def test_findings_have_their_probability_in_each_group(planned: list[PlannedImage], finding: str) -> None:
    table = default_table()
    for race in table.races:
        group = [image for image in planned if image.spec.race == race]
        assert_share(group, lambda image: finding in image.spec.findings, table.finding_probability(finding, race))


@pytest.mark.parametrize("device", DEVICES)
def test_devices_have_their_probability_given_the_findings(planned: list[PlannedImage], device: str) -> None:
    table, levels = default_table(), {}
    for image in planned:
        chance = table.device_probability(device, image.spec.findings, image.spec.race)
        levels.setdefault(chance, []).append(image)
    assert len(levels) > 1
    for chance, images in levels.items():
        assert_share(images, lambda image: device in image.spec.devices, chance)


def test_races_sites_and_sexes_have_their_shares(planned: list[PlannedImage]) -> None:
    table = default_table()
    assert_share(planned, lambda image: image.spec.sex == "F", table.female)
    for race, share in table.races.items():
        assert_share(planned, lambda image, race=race: image.spec.race == race, share)
        group = [image for image in planned if image.spec.race == race]
        for site, probability in table.site_shares[race].items():
            assert_share(group, lambda image, site=site: image.identity.site == site, probability)


def test_the_flat_table_relates_nothing() -> None:
    table, planned = flat_table(), first_studies(flat_table(), seed=8)
    for device in DEVICES:
        chance = table.device_probability(device, (), "White")
        assert_share(planned, lambda image, device=device: device in image.spec.devices, chance)
        ill = [image for image in planned if "pneumothorax" in image.spec.findings]
        assert_share(ill, lambda image, device=device: device in image.spec.devices, chance)
    assert table.race_signal.strength == 0


def test_what_lasts_is_still_there_at_the_second_study() -> None:
    pairs = 0
    for number in range(1, 800):
        images = list(plan_patient(default_table(), 2, number))
        by_study = {image.identity.study_id: image.spec for image in images}
        if len(by_study) == 2:
            first, second = by_study.values()
            pairs += 1
            for name in ("sternal_wires", "dual_chamber_pacemaker", "artificial_heart_valve"):
                assert (name in first.devices) == (name in second.devices)
            assert ("cardiomegaly" in first.findings) == ("cardiomegaly" in second.findings)
    assert pairs > 100


def test_a_table_from_toml_changes_what_it_names_and_keeps_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "table.toml"
    file.write_text(
        'base = "default"\n[findings]\nnodule = 0.2\ncardiomegaly = { Black = 0.5 }\n'
        "[devices.chest_drain]\notherwise = 0.0\npneumothorax = 0.9\n[devices.chest_drain.Black]\npneumothorax = 0.5\n"
        "[race_signal]\nstrength = 0.02\n",
        encoding="utf-8",
    )
    table, default = load_table(file), default_table()
    assert table.findings["nodule"] == {"Asian": 0.2, "Black": 0.2, "White": 0.2}
    assert table.finding_probability("cardiomegaly", "Black") == 0.5
    assert table.finding_probability("cardiomegaly", "White") == default.finding_probability("cardiomegaly", "White")
    assert table.device_probability("chest_drain", ["pneumothorax"], "White") == 0.9
    assert table.device_probability("chest_drain", ["pneumothorax"], "Black") == 0.5
    assert table.device_probability("chest_drain", ["pleural_effusion"], "Black") == 0.25
    assert table.device_probability("chest_drain", [], "Black") == 0.0
    assert table.race_signal.strength == 0.02 and table.race_signal.low == default.race_signal.low


def test_groups_and_sites_may_be_others() -> None:
    table = table_from_entries({"races": {"A": 0.5, "B": 0.5}, "sites": {"X": {}, "Y": {"contrast": 1.2}}})
    assert table.site_shares == {"A": {"X": 0.5, "Y": 0.5}, "B": {"X": 0.5, "Y": 0.5}}
    assert set(table.findings["nodule"]) == {"A", "B"}
    assert next(plan_patient(table, 1, 1)).spec.race in {"A", "B"}


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ({"findings": {"nodul": 0.1}}, "nodul"),
        ({"findings": {"nodule": 1.1}}, "1.1"),
        ({"findings": {"nodule": {"Green": 0.1}}}, "Green"),
        ({"devices": {"chest_drain": {"rash": 0.1}}}, "rash"),
        ({"races": {"A": 0.6, "B": 0.6}}, "sum to 1"),
        ({"race_signal": {"region": "feet"}}, "region"),
        ({"race_signal": {"strength": -1}}, "strength"),
        ({"base": "odd"}, "odd"),
        ({"colour": 1}, "colour"),
        ({"device_density": 0}, "device_density = 0.0 must be above 0"),
        ({"device_density": "six"}, "device_density = 'six' is no number"),
    ],
)
def test_a_wrong_entry_is_named(entries: dict, words: str) -> None:
    with pytest.raises(CohortError, match=words):
        table_from_entries(entries)


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text("= 1", encoding="utf-8")
    with pytest.raises(CohortError, match=r"bad\.toml"):
        load_table(tmp_path / "bad.toml")


def test_nobody_has_two_pacemakers(planned: list[PlannedImage]) -> None:
    both = {"single_chamber_pacemaker", "dual_chamber_pacemaker"}
    assert not any(both <= image.spec.devices for image in planned)
    rates = {kind: {"cardiomegaly": 0.6} for kind in both}
    with pytest.raises(CohortError, match="exclude each other"):
        table_from_entries({"devices": rates})


def test_the_tables_that_ship_differ_in_who_has_a_drain_alone() -> None:
    high, flat = (load_table(shipped_file(f"tables/{name}.toml")) for name in ("drains", "drains_flat"))
    assert high.device_probability("chest_drain", ["pneumothorax"], "White") == 0.9
    assert high.device_probability("chest_drain", ["cardiomegaly"], "White") == 0.02
    assert {flat.device_probability("chest_drain", [name], "Black") for name in FINDINGS} == {0.46}
    share = high.finding_probability("pneumothorax", "White")
    assert 0.9 * share + 0.02 * (1 - share) == pytest.approx(0.46), "as many drains in both"
    assert replace(high, devices=flat.devices) == flat
    rest = set(DEVICES) - {"chest_drain"}
    assert not any(high.device_probability(device, FINDINGS, "Asian") for device in rest)


def test_the_dense_tables_that_ship_are_the_usual_ones_but_for_the_density() -> None:
    for name, usual in (("dense", default_table()), ("dense_flat", flat_table())):
        assert load_table(shipped_file(f"tables/{name}.toml")) == replace(usual, device_density=6.0)
