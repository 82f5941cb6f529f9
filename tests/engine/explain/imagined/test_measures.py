"""Measures of drawings on pictures and codes whose answers are known."""

import numpy as np
import pytest

from engine.explain.imagined.measures import (
    Draws,
    Seen,
    changed_region,
    device_yield,
    mean_by_patient,
    orthogonal_distance,
    outside,
)
from engine.explain.imagined.quality import Pushed, quality_row
from tests.engine.explain.imagined.made import SIZE, MadeImaginer, films


def test_a_step_along_the_push_is_no_distance() -> None:
    codes = np.random.default_rng(0).normal(size=(5, 8))
    direction = np.ones(8) / np.sqrt(8)
    assert orthogonal_distance(codes, codes + 3 * direction, direction) == pytest.approx(0, abs=1e-12)
    assert orthogonal_distance(codes, codes + 3 * direction, None) == pytest.approx(3 / np.sqrt(8))
    across = np.array([1.0, -1.0, 0, 0, 0, 0, 0, 0])
    assert orthogonal_distance(codes, codes + across, direction) == pytest.approx(np.sqrt(2 / 7))


def test_unrelated_codes_are_root_two_apart() -> None:
    first, second = np.random.default_rng(1).normal(size=(2, 400, 64))
    direction = np.eye(64)[0]
    assert orthogonal_distance(first, second, direction).mean() == pytest.approx(np.sqrt(2), abs=0.02)


def test_pixels_are_compared_where_the_push_changed_nothing() -> None:
    film = np.full((2, SIZE, SIZE), 0.5, np.float32)
    again = film + 0.02
    drawn = again.copy()
    drawn[0, 4, 4] += 0.4
    region = changed_region(drawn, again)
    assert region[0].sum() == 9 and region[0, 3:6, 3:6].all() and not region[1].any()
    assert outside(drawn, film, region) == pytest.approx(0.02, abs=1e-6)
    assert np.isnan(outside(drawn, film, np.ones_like(region))).all()


def test_means_leave_out_what_is_missing_and_redraw_patients() -> None:
    values = np.array([0.0, 0.0, 1.0, np.nan])
    found = mean_by_patient({"a": values, "none": np.full(4, np.nan)}, np.array(["p", "p", "q", "r"]), Draws(500))
    assert found["a"] == pytest.approx(1 / 3)
    assert (found["a_low"], found["a_high"]) == (0.0, 1.0)
    assert np.isnan(found["none"])


def test_seen_without_positives_has_no_sensitivity() -> None:
    one = Seen.of(np.zeros(6, bool), np.array([0, 0, 0, 0, 0, 1], bool), np.array(list("abcdef")))
    assert np.isnan(one.sensitivity) and one.specificity == pytest.approx(5 / 6)
    assert "0 reconstructions show it" in one.refusal("chest_drain", 64)


def test_the_row_of_quality_of_a_made_up_drawer() -> None:
    """It adds 4 along the finding's own pixel and nothing else: identity is kept, and half of the push confirmed."""
    made = films([[]] * 40, {"pneumothorax": [0] * 40}, [f"p{k}" for k in range(40)])
    own = made.take(np.arange(20))
    drawings = own.squares.copy()
    drawings[:, 0, 0] += 2.0
    pushed = Pushed("pneumothorax", own, own.squares, drawings)

    def features(pictures: np.ndarray) -> np.ndarray:
        return pictures[:, :2, 0].astype(np.float64)

    row = quality_row(MadeImaginer({}), lambda pictures: pictures[:, 0, 0], features, made, pushed, Draws(100))
    assert row["code"] == pytest.approx(0, abs=1e-6)
    assert float(row["code_strangers"]) > 0.1
    assert row["confirmed"] == pytest.approx(0.5, abs=1e-6)
    assert row["reached"] == 1.0
    assert row["auc_drawings"] == 1.0 and row["auc_reconstructions"] == 0.5
    assert float(row["frechet"]) == pytest.approx(float(row["frechet_films"]) + 4, abs=0.8)
    assert row["frechet_reconstructions"] == row["frechet_films"]
    assert row["changed"] == pytest.approx(4 / SIZE**2)  # a corner's pixel and its neighbours
    assert row["pixels"] == 0.0


def test_the_interval_of_telling_drawings_apart_holds_the_area() -> None:
    """Each drawing looks a little more drawn than its own film, and films differ by much more: hardly told apart."""
    made = films([[]] * 40, {"pneumothorax": [0] * 40}, [f"p{k}" for k in range(40)])
    drawings = made.squares + np.float32(1e-3)
    pushed = Pushed("pneumothorax", made, made.squares, drawings)
    row = quality_row(
        MadeImaginer({}), lambda pictures: pictures.mean((1, 2)), lambda p: p[:, 0, :2], made, pushed, Draws(50)
    )
    area, low, high = (float(row[f"auc_drawings{end}"]) for end in ("", "_low", "_high"))
    assert 0.5 < area < 0.8 and low < area < high
    assert area - low == pytest.approx(high - area, abs=1e-6)


def test_a_yield_of_none_has_an_interval_and_no_film_has_no_share() -> None:
    """Of 0 in 23 patients Wilson's upper end is z² / (n + z²) = 0.143 (Brown, Cai and DasGupta 2001)."""
    none, patients = np.zeros(23, bool), np.array([f"p{k}" for k in range(23)])
    found = device_yield(none, none, none, patients, Draws(50))
    assert (found["yield"], found["yield_low"]) == (0.0, 0.0)
    assert found["yield_high"] == pytest.approx(3.8415 / 26.8415, abs=1e-4)
    assert found["difference"] == found["difference_low"] == found["difference_high"] == 0.0
    unknown = device_yield(*[np.full(3, np.nan)] * 3, np.array(["a", "b", "c"]), Draws(50))
    assert np.isnan(list(unknown.values())).all()
    nobody = np.zeros(0, bool)
    assert np.isnan(list(device_yield(nobody, nobody, nobody, np.zeros(0, str), Draws(50)).values())).all()
