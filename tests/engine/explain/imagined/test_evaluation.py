"""Yields of a made-up drawer, whose every device is known."""

import numpy as np
import pandas as pd
import pytest

from engine.cohorts.simulated.confounding import default_table, flat_table
from engine.explain.imagined.detectors import reconstructed
from engine.explain.imagined.evaluation import Drawn, Trial, chosen_films, draw_all, seen_of, yields_of
from engine.explain.imagined.measures import Draws, Seen
from engine.explain.imagined.quality import Pushed, quality_row
from engine.explain.imagined.truth_maps import DEVICES
from tests.engine.explain.imagined.made import RANDOM, SIZE, MadeImaginer, calls, films

N = 60
SURE = {device: [Seen(50, 20, 1.0, 0.8, 1.0, 1.0, 0.9, 1.0)] * 2 for device in DEVICES}


def half(square: np.ndarray) -> list[str]:
    """A drain in about half of the films, by their first pixel."""
    return ["chest_drain"] if square[0, 0] > 0.15 else []


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    devices = [["chest_drain"] if k % 4 == 0 else ["ecg_leads"] if k % 4 == 1 else [] for k in range(N)]
    findings = {"pneumothorax": [k % 3 == 0 for k in range(N)], "cardiomegaly": [k % 5 == 0 for k in range(N)]}
    made = films(devices, {name: np.array(v, int) for name, v in findings.items()}, [f"p{k // 2}" for k in range(N)])
    chosen = chosen_films(made, 24, seed=1)
    return draw_all(MadeImaginer({"pneumothorax": half}), made, chosen, 0, lambda share: None)


def row_of(rows: pd.DataFrame, target: str, device: str) -> pd.Series:
    return rows[(rows["target"] == target) & (rows["device"] == device)].iloc[0]


def test_films_with_the_finding_are_not_pushed_to_it(drawn: Drawn) -> None:
    for target, (rows, pictures) in drawn.pushed.items():
        assert len(pictures) == len(rows)
        if target != RANDOM:
            assert len(rows) == 24
            assert (drawn.films.findings[target].iloc[rows] == 0).all()
    assert len(drawn.pushed[RANDOM][0]) == len(drawn.films) < 48  # the two findings share films


def test_every_drawing_is_of_its_own_film(drawn: Drawn) -> None:
    """Also where batches end within a finding's films."""
    for rows, pictures in drawn.pushed.values():
        assert np.array_equal(pictures[:, 0], drawn.films.squares[rows, 0])
    assert np.array_equal(drawn.reconstructions, drawn.films.squares)


def test_a_yield_counts_films_without_the_device(drawn: Drawn) -> None:
    rows = yields_of(calls, drawn, SURE, default_table().to_json(), Draws(400, 0))
    own, _ = drawn.pushed["pneumothorax"]
    without = own[~drawn.films.present[own, DEVICES.index("chest_drain")]]
    true = np.mean([bool(half(square)) for square in drawn.films.squares[without]])
    drain = row_of(rows, "pneumothorax", "chest_drain")
    assert drain["n"] == len(without) < 24
    assert drain["yield"] == drain["difference"] == drain["over_random"] == pytest.approx(true)
    assert drain["at_zero"] == drain["at_random"] == 0
    assert 0 < drain["difference_low"] < true < drain["difference_high"] < 1
    assert drain["planted"] and drain["planted_difference"] > 0.5
    for other in (row_of(rows, "cardiomegaly", "chest_drain"), row_of(rows, "pneumothorax", "ecg_leads")):
        assert other["yield"] == other["difference"] == 0
        assert not other["planted"] and other["status"] == ""


def test_what_is_drawn_in_any_direction_is_no_yield_of_a_finding() -> None:
    made = films([[]] * 20, {"pneumothorax": [0] * 20, "cardiomegaly": [0] * 20}, [f"p{k}" for k in range(20)])
    always = {name: lambda square: ["ecg_leads"] for name in ("pneumothorax", "cardiomegaly", RANDOM)}
    chosen = chosen_films(made, 20, 0)
    drawn = draw_all(MadeImaginer(always), made, chosen, 0, lambda share: None)
    leads = row_of(yields_of(calls, drawn, SURE, flat_table().to_json(), Draws(100)), "pneumothorax", "ecg_leads")
    assert leads["difference"] == 1 and leads["over_random"] == 0


def test_what_the_detector_cannot_see_is_not_estimable(drawn: Drawn) -> None:
    blind = Seen(50, 20, 0.31, 0.2, 0.5, 1.0, 0.9, 1.0)
    rare = Seen(50, 4, 1.0, 0.5, 1.0, 1.0, 0.9, 1.0)
    loud = Seen(50, 20, 1.0, 0.9, 1.0, 0.6, 0.5, 0.7)
    seen = {
        **SURE,
        "chest_drain": [SURE["chest_drain"][0], blind],
        "ecg_leads": [rare] * 2,
        "sternal_wires": [loud] * 2,
    }
    rows = yields_of(calls, drawn, seen, default_table().to_json(), Draws(50))
    sentences = {"chest_drain": "at 16 pixels the detector sees 31 %", "ecg_leads": "4 reconstructions show it"}
    sentences["sternal_wires"] = "sees one in 40 % of the pictures that have none"
    for device, sentence in sentences.items():
        row = row_of(rows, "pneumothorax", device)
        assert sentence in row["status"]
        assert np.isnan(row["yield"]) and np.isnan(row["difference_low"])


def test_how_well_devices_are_seen_is_counted_in_films_and_in_drawings() -> None:
    """A drawer that fades all marks: they are seen in films, and in no drawing."""
    made = films([["chest_drain"], []] * 10, {"pneumothorax": [0] * 20}, [f"p{k}" for k in range(20)])
    faded = reconstructed(MadeImaginer({}, blur=0.6), made.squares, lambda share: None)
    on_films, on_drawings = seen_of(calls, Trial(made, made, faded))["chest_drain"]
    assert (on_films.n, on_films.n_positive, on_films.sensitivity, on_films.specificity) == (20, 10, 1, 1)
    assert (on_drawings.n, on_drawings.n_positive, on_drawings.sensitivity) == (20, 10, 0)
    assert 0 < on_films.sensitivity_low < 1


def test_a_finding_that_every_film_shows_has_a_row_and_no_number() -> None:
    made = films([[]] * 8, {"pneumothorax": [1] * 8, "cardiomegaly": [0] * 8}, [f"p{k}" for k in range(8)])
    imaginer = MadeImaginer({"pneumothorax": half})
    drawn = draw_all(imaginer, made, chosen_films(made, 8, 0), 0, lambda share: None)
    row = row_of(yields_of(calls, drawn, SURE, flat_table().to_json(), Draws(20)), "pneumothorax", "chest_drain")
    assert row["n"] == 0 and row["status"] == "no film lacks both" and np.isnan(row["yield"])
    nothing = Pushed("pneumothorax", drawn.films.take(np.array([], int)), *[np.empty((0, SIZE, SIZE), np.float32)] * 2)

    def flat(pictures: np.ndarray) -> np.ndarray:
        return pictures[:, 0, :3].astype(np.float64)

    quality = quality_row(imaginer, lambda pictures: pictures[:, 0, 0], flat, made, nothing, Draws(20))
    assert quality["n"] == 0 and all(np.isnan(quality[name]) for name in ("frechet", "code", "reached", "auc_drawings"))
