import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studies.errors import SealError
from studies.planning.selection import select_cases
from tests.studies.made_cohorts import cohort_frame, protocol, stratum

LABELLED = {
    "label.pneumothorax": [1, 0, 1, 0, 1, 0],
    "label.effusion": [0, 1, 1, 1, 0, pd.NA],
    "age_years": [20.0, 30, 40, 50, 60, 70],
}
SIX = cohort_frame([f"p{n}" for n in range(6)], **LABELLED)
PNEUMOTHORAX = stratum("pneumothorax", '"label.pneumothorax" = 1', 2)


def refusal(*sections, frame=SIX, top=""):
    with pytest.raises(SealError) as caught:
        select_cases(protocol(*sections, top=top), frame)
    return str(caught.value)


def ids(selected, stratum_name=None):
    return {c.case_id for c in selected.cases if stratum_name in (None, c.stratum) and not c.practice}


def test_without_strata_every_case_that_meets_the_filter_is_read():
    selected = select_cases(protocol("[selection]\nfilter = { age_years = { minimum = 35, maximum = 60 } }"), SIX)
    assert ids(selected) == {"image2", "image3", "image4"}


def test_a_stratum_takes_n_or_all_if_fewer():
    two = select_cases(protocol(PNEUMOTHORAX), SIX)
    assert len(ids(two)) == 2 and ids(two) < {"image0", "image2", "image4"}
    assert (two.sampled[0].wanted, two.sampled[0].available, two.sampled[0].sampled) == (2, 3, 2)
    all_three = select_cases(protocol(stratum("pneumothorax", '"label.pneumothorax" = 1', 30)), SIX)
    assert ids(all_three) == {"image0", "image2", "image4"}
    assert (all_three.sampled[0].wanted, all_three.sampled[0].sampled) == (30, 3)


def test_samples_depend_on_the_seed_and_not_on_the_order_of_rows():
    frame = cohort_frame([f"p{n}" for n in range(200)], **{"label.x": 1})
    samples = {
        seed: ids(select_cases(protocol(f"[selection]\nseed = {seed}", stratum("x", '"label.x" = 1', 20)), frame))
        for seed in (1, 2)
    }
    assert samples[1] != samples[2]
    again = select_cases(protocol("[selection]\nseed = 1", stratum("x", '"label.x" = 1', 20)), frame.iloc[::-1])
    assert ids(again) == samples[1]


def test_every_case_is_as_likely_to_be_sampled():
    frame = cohort_frame([f"p{n}" for n in range(10)], **{"label.x": 1})
    counts = dict.fromkeys(frame["image_id"], 0)
    for seed in range(600):
        chosen = select_cases(protocol(f"[selection]\nseed = {seed}", stratum("x", '"label.x" = 1', 3)), frame)
        for case_id in ids(chosen):
            counts[case_id] += 1
    # Chi-squared of counts without replacement, 9 degrees of freedom, scaled by (1 - 3/10): below 27.9 (p = 0.001).
    assert sum((n - 180) ** 2 / 180 for n in counts.values()) / 0.7 < 27.9


def test_an_unknown_column_is_named_with_the_nearest():
    assert refusal(stratum("pneumothorax", '"label.pneumothorx" = 1', 2)) == (
        "stratum 'pneumothorax': column 'label.pneumothorx' is not in the cohort; nearest: 'label.pneumothorax'"
    )
    assert refusal("[selection]\nfilter = { xyz = 1 }") == (
        "selection.filter: column 'xyz' is not in the cohort; there are 'study_id', 'age_years', "
        "'label.pneumothorax' (of 8)"
    )
    message = refusal('[training]\nn = 1\ntruth = { drain = "label.effusio" }')
    assert (
        message
        == "training.truth of item 'drain': column 'label.effusio' is not in the cohort; nearest: 'label.effusion'"
    )


def test_a_value_that_no_image_has_is_named_with_the_values_there_are():
    message = refusal('[selection]\nfilter = { view = "pa" }')
    assert message == "selection.filter: no image has view = 'pa'; the images that are left have 'PA' (6)"
    assert "no image has age_years ≥ 80" in refusal(stratum("old", "age_years = { minimum = 80 }", 2))


def test_a_stratum_whose_patients_are_all_taken_fails_loudly():
    frame = cohort_frame(["p1", "p1", "p2"], **{"label.a": [1, 0, 1], "label.b": [0, 1, 0]})
    message = refusal(stratum("a", '"label.a" = 1', 2), stratum("b", '"label.b" = 1', 2), frame=frame)
    assert message.startswith("stratum 'b': all 1 cases that meet it are of patients taken by an earlier stratum")


def test_images_are_excluded_by_name():
    excluded = '[selection]\nfilter = { image_id = { exclude = ["image1", "image4"] }, age_years = { exclude = [20] } }'
    assert ids(select_cases(protocol(excluded), SIX)) == {"image2", "image3", "image5"}
    message = refusal('[selection]\nfilter = { view = { exclude = ["PA"] } }')
    assert message.startswith("selection.filter: no image has view other than 'PA'")


def test_numbers_meet_numbers_and_words_meet_words():
    frame = cohort_frame(["p1", "p2", "p3"], site=["01", "1", "1.0"])
    assert ids(select_cases(protocol('[selection]\nfilter = { site = "1" }'), frame)) == {"image1"}
    assert ids(select_cases(protocol("[selection]\nfilter = { site = 1 }"), frame)) == {"image0", "image1", "image2"}
    assert ids(select_cases(protocol('[selection]\nfilter = { "label.effusion" = "" }'), SIX)) == {"image5"}


def test_images_of_a_case_hang_frontal_before_lateral_then_in_order():
    views = ["LATERAL", "PA", "PA", ""]
    frame = cohort_frame(["p1"] * 4, view=views)
    frame["image_id"] = ["a", "i10", "i9", "b"]
    case = select_cases(protocol(top='case_unit = "study"'), frame).cases[0]
    assert [image.image_id for image in case.images] == ["i9", "i10", "b", "a"]
    assert case.case_id == "p1/sp1"


def test_case_units():
    frame = cohort_frame(["p1", "p1", "p2"])
    frame["study_id"] = ["s1", "s2", "s1"]  # numbered anew for each patient
    counts = {
        unit: len(select_cases(protocol(top=f'case_unit = "{unit}"'), frame).cases)
        for unit in ("image", "study", "patient")
    }
    assert counts == {"image": 3, "study": 3, "patient": 2}
    frame["study_id"] = ["s1", "", "s1"]
    assert "image 'image1' has no study_id" in refusal(frame=frame, top='case_unit = "study"')


def test_a_case_meets_a_stratum_if_one_image_does_and_keeps_all_its_images():
    frame = cohort_frame(["p1", "p1", "p2"], view=["PA", "LATERAL", "PA"], **{"label.a": [0, 1, 0]})
    case = select_cases(protocol(stratum("a", '"label.a" = 1', 5), top='case_unit = "patient"'), frame).cases[0]
    assert [image.image_id for image in case.images] == ["image0", "image1"]


def test_practice_patients_are_kept_out_and_truth_is_shown():
    truth = 'drain = ["label.pneumothorax", "label.effusion"]'
    training = f'[training]\nn = 2\nwhere = {{ split = "train" }}\n[training.truth]\n{truth}'
    frame = SIX.assign(split=["train"] * 3 + ["test"] * 3)
    frame["label.pneumothorax"] = [0, 0, -1, 0, 0, 0]
    frame["label.effusion"] = [pd.NA, 1, 0, 0, 0, 0]
    selected = select_cases(protocol('[selection]\nfilter = { split = "test" }', training), frame)
    practice = [case for case in selected.cases if case.practice]
    assert {case.case_id for case in practice} < {"image0", "image1", "image2"} and len(practice) == 2
    expected = {"image0": {"drain": "absent"}, "image1": {"drain": "present"}, "image2": {"drain": "uncertain"}}
    assert all(case.truth == expected[case.case_id] for case in practice)
    assert all(case.stratum == "" for case in practice)
    assert ids(selected) == {"image3", "image4", "image5"}


def test_practice_that_needs_study_patients_is_refused():
    assert "training: all 6 cases that could be practice" in refusal(
        stratum("all", 'view = "PA"', 6), "[training]\nn = 1"
    )
    assert "no case is left to read" in refusal("[training]\nn = 6")


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.booleans()), min_size=4, max_size=40),
    n=st.integers(1, 8),
    unit=st.sampled_from(["image", "study", "patient"]),
    seed=st.integers(0, 10**6),
)
def test_patients_are_disjoint_and_the_rows_chosen_give_the_same_sample_again(rows, n, unit, seed):
    frame = cohort_frame(
        [f"p{r[0]}" for r in rows], **{"label.a": [int(r[1]) for r in rows], "label.b": [int(r[2]) for r in rows]}
    )
    design = protocol(
        f"[selection]\nseed = {seed}",
        stratum("a", '"label.a" = 1', n),
        stratum("b", '"label.b" = 1', n),
        "[training]\nn = 2",
        top=f'case_unit = "{unit}"',
    )
    try:
        selected = select_cases(design, frame)
    except SealError:
        return
    parts: dict[str, set[str]] = {}
    for case in selected.cases:
        parts.setdefault(case.patient_id, set()).add("practice" if case.practice else case.stratum)
    assert all(len(names) == 1 for names in parts.values())
    assert all(
        sample.sampled == min(sample.wanted, sample.available - sample.taken_elsewhere) for sample in selected.sampled
    )
    assert select_cases(design, frame[frame["image_id"].isin(selected.image_ids)]).cases == selected.cases
