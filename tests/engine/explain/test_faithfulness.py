import numpy as np
import pytest
import torch

from engine.explain.faithfulness import STEPS, curve_areas, rank_correlation, scores_of_place
from engine.explain.subject import look_at
from tests.engine.explain.made import film, plain_network, trained


def region(rows: slice, columns: slice, shape: tuple[int, int] = (100, 100)) -> np.ndarray:
    made = np.zeros(shape, np.float32)
    made[rows, columns] = 1
    return made


def test_a_map_that_points_at_the_object() -> None:
    values = np.zeros((100, 100), np.float32)
    values[15, 15], values[80, 80] = 3.0, 1.0
    place = scores_of_place(values, region(slice(10, 20), slice(10, 20)))
    assert (place.pointing, place.share) == (1.0, 0.75)
    assert place.share_by_area == pytest.approx(0.01)
    # within 3 pixels of a square of 10: the square, four bars of 3 x 10, and the corners' 4 points at distance <= 3
    assert place.pointing_by_area == pytest.approx((100 + 4 * 30 + 4 * 4) / 1e4)


@pytest.mark.parametrize(("column", "hit"), [(19, 1.0), (22, 1.0), (23, 0.0)])
def test_the_tolerance_of_the_pointing_game_is_15_of_500(column: int, hit: float) -> None:
    values = np.zeros((100, 100), np.float32)
    values[15, column] = 1
    assert scores_of_place(values, region(slice(10, 20), slice(10, 20))).pointing == hit


def test_several_highest_points_count_their_part_and_what_speaks_against_counts_nothing() -> None:
    values = np.full((100, 100), -5, np.float32)
    values[15, 15] = values[90, 90] = 2
    place = scores_of_place(values, region(slice(10, 20), slice(10, 20)))
    assert (place.pointing, place.share) == (0.5, 0.5)


def test_an_even_map_is_chance_and_an_empty_one_points_nowhere() -> None:
    even = scores_of_place(np.ones((100, 100), np.float32), region(slice(0, 50), slice(0, 50)))
    assert even.share == pytest.approx(even.share_by_area) and even.pointing == pytest.approx(even.pointing_by_area)
    empty = scores_of_place(np.zeros((100, 100), np.float32), region(slice(0, 50), slice(0, 50)))
    assert np.isnan(empty.pointing) and np.isnan(empty.share) and empty.share_by_area == 0.25


def test_ranks_are_spearmans() -> None:
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert rank_correlation(values, values**3) == pytest.approx(1)
    assert rank_correlation(values, -values) == pytest.approx(-1)
    assert np.isnan(rank_correlation(values, np.ones((3, 4), np.float32)))


def test_deletion_and_insertion_of_a_linear_network_by_hand() -> None:
    """The logit is the mean grey: taking the brightest pixels first lowers it as fast as can be."""
    of = trained(plain_network(), size=32)
    with torch.no_grad():
        of.net.fc.weight.fill_(2.0)
        of.net.fc.bias.zero_()
    subject = look_at(of, film(32, 32))
    unit = subject.unit
    insertion, deletion = curve_areas(subject, unit, 0)
    ordered = np.sort(unit.ravel())[::-1]
    weights = 2.0 / np.array([0.229, 0.224, 0.225])
    offset = weights @ np.array([0.485, 0.456, 0.406])

    def probability(mean: float) -> float:
        return 1 / (1 + np.exp(-(weights.sum() * mean - offset)))

    curve = []
    for step in range(STEPS + 1):
        gone = round(step / STEPS * 1024)
        curve.append(probability((ordered[gone:].sum() + gone * unit.mean()) / 1024))
    assert deletion == pytest.approx(np.trapezoid(curve, dx=1 / STEPS), abs=1e-5)
    worst_insertion, worst_deletion = curve_areas(subject, -unit, 0)
    assert insertion > worst_insertion and deletion < worst_deletion


@pytest.mark.parametrize(("rows", "columns"), [(64, 40), (37, 64)])
def test_padding_takes_no_part(rows: int, columns: int) -> None:
    of = trained(size=32)
    subject = look_at(of, film(rows, columns))
    values = np.random.default_rng(0).random(subject.map_shape, dtype=np.float32)
    insertion, deletion = curve_areas(subject, values, 1)
    assert 0 <= insertion <= 1 and 0 <= deletion <= 1
