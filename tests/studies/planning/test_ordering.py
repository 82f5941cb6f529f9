import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from studies.errors import SealError
from studies.planning.ordering import random_order
from studies.planning.random_stream import RandomStream


def order_of(patients, repeated, spacing, distance, seed=0):
    return random_order(
        patients, repeated, patient_spacing=spacing, repeat_distance=distance, stream=RandomStream("test", seed)
    )


def assert_constraints(order, patients, repeated, spacing, distance):
    assert sorted(s.case_id for s in order if not s.repeat) == sorted(patients)
    assert sorted(s.case_id for s in order if s.repeat) == sorted(repeated)
    last_of_patient: dict[str, int] = {}
    first = {}
    for place, showing in enumerate(order):
        patient = patients[showing.case_id]
        if patient in last_of_patient:
            assert place - last_of_patient[patient] > spacing
        last_of_patient[patient] = place
        if showing.repeat:
            assert place - first[showing.case_id] >= distance
        else:
            first[showing.case_id] = place


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    owners=st.lists(st.integers(0, 12), min_size=1, max_size=40),
    share=st.floats(0, 1),
    spacing=st.integers(0, 4),
    distance=st.integers(1, 15),
    seed=st.integers(0, 2**32),
)
def test_constraints_hold_or_the_sentence_names_the_one_that_cannot(owners, share, spacing, distance, seed):
    patients = {f"c{number}": f"p{owner}" for number, owner in enumerate(owners)}
    repeated = sorted(patients)[: int(share * len(patients))]
    try:
        order = order_of(patients, repeated, spacing, distance, seed)
    except SealError as error:
        assert "order" in str(error) and ("patient_spacing" in str(error) or "repeat_distance" in str(error))
        return
    assert_constraints(order, patients, repeated, spacing, distance)


@settings(max_examples=60, deadline=None)
@given(groups=st.lists(st.integers(1, 6), min_size=2, max_size=8), spacing=st.integers(1, 3), seed=st.integers(0, 999))
def test_whatever_is_possible_without_repeats_is_found(groups, spacing, seed):
    patients = {f"c{g}.{n}": f"p{g}" for g, size in enumerate(groups) for n in range(size)}
    # Necessary and sufficient for one distance for all (task scheduling with cooldown).
    most = max(groups)
    assume((most - 1) * (spacing + 1) + groups.count(most) <= len(patients))
    assert_constraints(order_of(patients, [], spacing, 1, seed), patients, [], spacing, 1)


@pytest.mark.parametrize(
    ("cases", "repeats", "distance"), [(10, 10, 10), (10, 10, 1), (10, 3, 10), (30, 3, 29), (2, 1, 2)]
)
def test_repeats_are_placed_up_to_the_limit(cases, repeats, distance):
    patients = {f"c{n}": f"p{n}" for n in range(cases)}
    repeated = sorted(patients)[:repeats]
    for seed in range(20):
        assert_constraints(order_of(patients, repeated, 0, distance, seed), patients, repeated, 0, distance)


def test_repeats_are_spread_and_not_piled_at_the_end():
    patients = {f"c{n}": f"p{n}" for n in range(100)}
    repeated = sorted(patients)[:10]
    for seed in range(20):
        order = order_of(patients, repeated, 1, 10, seed)
        places = [place for place, showing in enumerate(order) if showing.repeat]
        # Ten equal runs from place 10 to place 110: one repeat in each.
        assert [(place - 10) // 10 for place in places] == list(range(10))


def test_every_case_is_as_likely_at_every_place():
    patients = {f"c{n}": f"p{n}" for n in range(6)}
    counts = [[0] * 6 for _ in range(6)]
    for seed in range(1200):
        for place, showing in enumerate(order_of(patients, [], 1, 1, seed)):
            counts[place][int(showing.case_id[1:])] += 1
    # Chi-squared with 25 degrees of freedom stays below 52.6 (p = 0.001).
    assert sum((n - 200) ** 2 / 200 for row in counts for n in row) < 52.6


def test_too_many_cases_of_one_patient_are_refused_by_name():
    patients = {f"c{n}": "P7" for n in range(6)} | {"d1": "P8", "d2": "P9"}
    with pytest.raises(
        SealError, match=r"order\.patient_spacing = 3 cannot be met: patient 'P7' is shown 6 times among 8"
    ):
        order_of(patients, [], 3, 1)


def test_too_few_cases_for_the_distance_of_repeats_are_refused():
    patients = {f"c{n}": f"p{n}" for n in range(8)}
    with pytest.raises(
        SealError, match=r"order\.repeat_distance = 10 cannot be met.* at least 10 cases, and there are 8"
    ):
        order_of(patients, ["c1"], 1, 10)


@pytest.mark.full
def test_ten_thousand_cases_of_three_thousand_patients():
    patients = {f"c{n}": f"p{n % 3000}" for n in range(10_000)}
    repeated = sorted(patients)[:1000]
    assert_constraints(order_of(patients, repeated, 3, 50), patients, repeated, 3, 50)
