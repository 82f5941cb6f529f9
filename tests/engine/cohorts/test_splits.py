import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cohorts.splits import assign_splits, share_of_patients
from engine.errors import CohortError

patients = st.lists(st.integers(0, 60).map(lambda n: f"P{n}"), min_size=1, max_size=200)


@settings(deadline=None)
@given(patients, st.integers(0, 5))
def test_all_images_of_a_patient_share_a_split(ids: list[str], seed: int) -> None:
    splits = assign_splits(pd.Series(ids), seed=seed)
    assert splits.notna().all()
    assert (splits.groupby(pd.Series(ids)).nunique() == 1).all()


@settings(deadline=None)
@given(patients, st.randoms())
def test_the_split_does_not_depend_on_row_order(ids: list[str], random) -> None:
    shuffled = list(ids)
    random.shuffle(shuffled)
    here = dict(zip(ids, assign_splits(pd.Series(ids), seed=3), strict=True))
    there = dict(zip(shuffled, assign_splits(pd.Series(shuffled), seed=3), strict=True))
    assert here == there


def test_each_group_is_cut_in_the_asked_shares() -> None:
    ids = pd.Series([f"P{n}" for n in range(1000)])
    race = pd.Series(["Asian"] * 100 + ["Black"] * 300 + ["White"] * 600)
    counts = pd.crosstab(race, assign_splits(ids, race, seed=1))
    assert counts.loc["Asian"].to_dict() == {"train": 70, "val": 10, "test": 20}
    assert counts.loc["White"].to_dict() == {"train": 420, "val": 60, "test": 120}


def test_another_seed_gives_another_split() -> None:
    ids = pd.Series([f"P{n}" for n in range(200)])
    assert (assign_splits(ids, seed=1) != assign_splits(ids, seed=2)).any()


def test_shares_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(CohortError, match="sum to 1"):
        assign_splits(pd.Series(["P1"]), seed=0, shares=(0.5, 0.1, 0.1))


def test_a_smaller_share_of_patients_is_part_of_a_larger() -> None:
    patients = pd.Series([f"p{number // 2}" for number in range(400)])
    masks = [share_of_patients(patients, share, seed=3) for share in (0.03, 0.1, 1.0)]
    assert [patients[mask].nunique() for mask in masks] == [6, 20, 200]
    assert (masks[0] <= masks[1]).all() and masks[2].all()
    assert not share_of_patients(patients, 0.1, seed=4).equals(masks[1])
    assert share_of_patients(patients, 1e-6, seed=3).sum() == 2  # one patient, both images
