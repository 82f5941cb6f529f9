"""Where devices lie in squares, and what a table plants, held against what its cohort shows."""

from pathlib import Path

import numpy as np
import pytest

from engine.cohorts.simulated.cohort import plan_patient
from engine.cohorts.simulated.confounding import default_table, flat_table, table_from_entries
from engine.explain.imagined.truth_maps import DEVICES, is_planted, places_of, planted_difference
from engine.explain.planted import Planted

DRAIN, PACEMAKER = DEVICES.index("chest_drain"), DEVICES.index("dual_chamber_pacemaker")


def test_a_line_marks_every_pixel_that_it_meets() -> None:
    """A film of 80 × 40 in a square of 8: padded left and right by 2 pixels."""
    line = {"kind": "chest_drain", "polyline": [[0, 79], [39, 79]]}
    lead = {"kind": "dual_chamber_pacemaker_lead", "polyline": [[5, 5], [5, 35]]}
    rib = {"kind": "rib", "polyline": [[0, 0], [39, 0]]}
    places = places_of(Planted(Path(), 80, 40, (line, lead, rib), {}), (2, 0, 4, 8), 8)
    assert np.array_equal(np.argwhere(places[DRAIN]), [[7, column] for column in range(2, 6)])
    assert np.array_equal(np.argwhere(places[PACEMAKER]), [[row, 2] for row in range(4)])
    assert not np.delete(places, [DRAIN, PACEMAKER], axis=0).any()


def test_what_lies_outside_the_film_is_not_there() -> None:
    line = {"kind": "chest_drain", "polyline": [[50, 10], [70, -10]]}
    assert not places_of(Planted(Path(), 40, 40, (line,), {}), (0, 0, 8, 8), 8).any()


@pytest.mark.parametrize(("finding", "device"), [("pneumothorax", "chest_drain"), ("cardiomegaly", "sternal_wires")])
def test_the_planted_difference_is_what_patients_show(finding: str, device: str) -> None:
    """Of first studies of 6,000 planned patients; 3 standard errors."""
    table = default_table()
    studies = [next(plan_patient(table, 7, patient)).spec for patient in range(1, 6001)]
    has = np.array([finding in spec.findings for spec in studies])
    with_device = np.array([device in spec.devices for spec in studies])
    seen = with_device[has].mean() - with_device[~has].mean()
    error = np.sqrt(0.25 / has.sum() + 0.25 / (~has).sum())
    assert planted_difference(table.to_json(), finding, device) == pytest.approx(seen, abs=3 * error)
    assert is_planted(table.to_json(), finding, device)


def test_a_flat_table_plants_nothing() -> None:
    table = flat_table().to_json()
    for device in DEVICES:
        assert not is_planted(table, "pneumothorax", device)
        assert planted_difference(table, "pneumothorax", device) == pytest.approx(0, abs=1e-12)


def test_a_table_that_one_finding_alone_changes() -> None:
    entries = {"base": "flat", "devices": {"chest_drain": {"otherwise": 0.1, "pneumothorax": 0.8}}}
    table = table_from_entries(entries).to_json()
    assert planted_difference(table, "pneumothorax", "chest_drain") == pytest.approx(0.7)
    assert planted_difference(table, "cardiomegaly", "chest_drain") == pytest.approx(0, abs=1e-12)
    certain = table_from_entries({"base": "flat", "findings": {"nodule": 1.0}}).to_json()
    assert np.isnan(planted_difference(certain, "nodule", "chest_drain"))
