"""From a form to a protocol and back, what an unfinished form says, and the width of kappa's interval beforehand."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cohorts.cohort import write_cohort
from resources.files import shipped_file
from studies.errors import SealError
from studies.planning.conditions import ConditionRow, condition_rows, conditions_of
from studies.planning.draft import change_draft, cohort_folder, create_draft, open_draft
from studies.planning.form import BASIS, CASES, ITEMS, READERS, READING, look_at_form, shared_keys
from studies.planning.precision import chance_of_no_kappa, expected_half_width
from studies.planning.protocol_text import protocol_entries, protocol_text
from studies.planning.sealing import seal_study
from studies.protocol import parse_protocol
from studies.statistics.agreement import agreement_table
from studies.statistics.ratings import Ratings
from tests.studies.made_cohorts import AIDED_AND_SHAM, cohort_frame, passphrases, protocol, write_small_cohort

WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@pytest.mark.parametrize("name", ["demo", "diffchest_confounders", "template"])
def test_a_shipped_protocol_is_written_and_read_the_same(name):
    before = parse_protocol(shipped_file(f"protocols/{name}.toml").read_text(encoding="utf-8"))
    assert parse_protocol(protocol_text(protocol_entries(before))) == before


def test_arms_are_written_and_read_the_same():
    before = protocol(AIDED_AND_SHAM.format(share=0.25), "[navigation]\nback = false\n[sessions]\nparts = 2\ncap = 9")
    text = protocol_text(protocol_entries(before))
    assert parse_protocol(text) == before
    assert "back = false" in text and "share = 0.25" in text


@settings(max_examples=200, deadline=None)
@given(title=WORDS, instructions=WORDS, help_text=WORDS, stratum=WORDS, value=WORDS, column=WORDS)
def test_any_words_come_back_as_they_were(title, instructions, help_text, stratum, value, column):
    entries = {
        "title": title,
        "instructions": instructions,
        "items": [{"id": "a", "text": title, "help": help_text}],
        "readers": [{"id": "r", "specialty": help_text}],
        "selection": {
            "filter": {column: {"values": [value, 1, 0.5]}},
            "strata": [{"name": stratum, "where": {column: {"exclude": [value]}}, "n": 3}],
        },
    }
    read = parse_protocol(protocol_text(entries))
    assert (read.title, read.instructions, read.items[0].help) == (title, instructions, help_text)
    assert read.selection.filter[column].values == (value, 1, 0.5)
    assert read.selection.strata[0].where[column].exclude == (value,)


def test_an_unfinished_form_is_kept_as_it_is():
    import tomllib

    entries = {"title": "T", "instructions": "", "items": [{"id": "", "text": "Only a text"}], "readers": []}
    assert tomllib.loads(protocol_text(entries)) == {"title": "T", "items": [{"text": "Only a text"}]}


CLEAN = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=12)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.one_of(CLEAN, st.integers(-99, 99)), min_size=1, max_size=4), st.one_of(st.none(), st.floats(-50, 50))
)
def test_conditions_are_shown_as_rows_and_read_the_same(values, minimum):
    entries = {"column": {"values": values, **({} if minimum is None else {"minimum": minimum})}}
    again = conditions_of(condition_rows(entries))["column"]
    assert [str(value) for value in again["values"]] == [str(value) for value in values]
    assert ("minimum" in again) == (minimum is not None)
    if minimum is not None:
        assert float(again["minimum"]) == minimum


def test_rows_of_one_column_are_one_condition():
    rows = [
        ConditionRow("age_years", "at least", "18"),
        ConditionRow("age_years", "at most", "89.5"),
        ConditionRow("view", "is", 'PA, "a, b", 0815'),
        ConditionRow("sex", "is", ""),
        ConditionRow("", "is", "x"),
    ]
    assert conditions_of(rows) == {
        "age_years": {"minimum": 18, "maximum": 89.5},
        "view": {"values": ["PA", "a, b", "0815"]},
    }


@pytest.fixture
def cohort(tmp_path):
    folder = tmp_path / "cohort"
    write_cohort(folder, cohort_frame([f"p{n // 2}" for n in range(20)], **{"label.x": [n % 2 for n in range(20)]}), {})
    return folder


SELECTION = {"strata": [{"name": "x", "where": {"label.x": {"values": [1]}}, "n": 15, "confounders": ["a"]}]}


def test_cases_are_counted_before_there_is_an_item_or_a_reader(cohort):
    look = look_at_form({"selection": SELECTION}, cohort)
    assert (look.cases, look.patients, look.sampled[0].available, look.sampled[0].wanted) == (10, 10, 10, 15)
    assert not look.ready
    assert look.of_section(BASIS) == ("title: is missing",)
    assert look.of_section(ITEMS) == ("items: is missing",) and look.of_section(READERS) == ("readers: is missing",)
    assert look.cohort.images == 20 and look.cohort.columns["label.x"] == (("0", 10), ("1", 10))


def test_a_whole_form_says_how_much_is_read(cohort):
    entries = {
        "title": "T",
        "selection": SELECTION,
        "order": {"repeat_share": 0.2, "repeat_distance": 3},
        "items": [{"id": "a", "text": "A"}],
        "readers": [{"id": "r1"}, {"id": "r2"}],
    }
    look = look_at_form(entries, cohort)
    assert look.ready and look.readings == {"r1": 12, "r2": 12} and look.repeats == 2
    wrong = look_at_form(entries | {"items": [{"id": "b", "text": "B"}]}, cohort)
    assert wrong.of_section(CASES) == ("stratum 'x' names item 'a', which is not in the protocol",)
    assert wrong.cases == 10  # still counted
    assert look_at_form(entries | {"order": {"repeat_share": 2}}, cohort).of_section(READING)
    assert "must be true" in look_at_form(entries | {"navigation": {"back": "no"}}, cohort).of_section(READING)[0]
    knows = {"step1": {"title": "Step 1", "seal": "0" * 64, "readers": ["R2"]}}
    told = look_at_form(entries | knows, cohort).of_section(READERS)
    assert told == (
        "reader 'r2' read the counterfactuals of step 1 and cannot read the real images of step 3; name another reader",
    )
    missing = {"strata": [{"name": "y", "where": {"label.y": {"values": [1]}}, "n": 1}]}
    assert "label.y" in look_at_form(entries | {"selection": missing}, cohort).of_section(CASES)[0]


def test_a_cohort_that_is_none_is_the_first_thing_to_mend(tmp_path):
    look = look_at_form({"title": "T"}, tmp_path / "nowhere")
    assert look.problems[0].section == BASIS and "nowhere" in look.problems[0].sentence
    assert look_at_form({"title": "T"}, None).of_section(BASIS) == (
        "choose the folder of a cohort: it holds the images",
    )


def test_the_same_key_for_two_items_is_named():
    items = [{"text": "Drain", "key": "D"}, {"text": "Device", "key": "D"}, {"text": "Wire", "key": "W"}, {"text": "x"}]
    assert shared_keys(items) == {"D": ["Drain", "Device"]}


def test_a_draft_can_be_changed_until_it_is_sealed(tmp_path):
    cohort = write_small_cohort(tmp_path / "cohort", ["p1", "p2", "p3"])
    text = protocol_text({"title": "T", "items": [{"id": "a", "text": "A"}], "readers": [{"id": "r1"}]})
    root = create_draft(text, cohort, tmp_path / "study")
    assert cohort_folder(root) == cohort.resolve()
    change_draft(root, text.replace('"T"', '"Another"'))
    assert open_draft(root).protocol.title == "Another"
    with pytest.raises(SealError, match="column 'z' is not in the cohort"):
        change_draft(root, text + "\n[selection]\nfilter = { z = 1 }\n")
    assert open_draft(root).protocol.title == "Another"
    seal_study(root, passphrases("r1"))
    with pytest.raises(SealError, match="the study is sealed"):
        change_draft(root, text)


def _simulated(cases, readers, prevalence, kappa, rng):
    """Readings of the model that the expected width assumes."""
    together = rng.random(cases) < kappa
    common = rng.random(cases) < prevalence
    own = rng.random((cases, readers)) < prevalence
    import pandas as pd

    answers = np.where(together[:, None], common[:, None], own).astype(int)
    rows = [(f"c{c}", f"r{r}", "a", answers[c, r]) for c in range(cases) for r in range(readers)]
    return Ratings.from_frame(pd.DataFrame(rows, columns=["case_id", "reader_id", "item", "value"]))


@pytest.mark.parametrize(("cases", "readers", "prevalence", "kappa"), [(200, 3, 0.3, 0.6), (150, 5, 0.2, 0.4)])
def test_the_expected_width_is_that_of_simulated_studies(cases, readers, prevalence, kappa):
    rng = np.random.default_rng(5)
    widths = []
    for _ in range(25):
        table = agreement_table(_simulated(cases, readers, prevalence, kappa, rng), redraws=100)
        row = table[(table["uncertain_as"] == "left out") & (table["stratum"] == "all")].iloc[0]
        widths.append((row["fleiss_kappa_high"] - row["fleiss_kappa_low"]) / 2)
    assert expected_half_width(cases, readers, prevalence, kappa) == pytest.approx(np.mean(widths), rel=0.06)


def test_width_grows_where_findings_are_rare_and_its_limits_are_named():
    """0.41 wide where 5 % have the finding, 200 cases and three readers, in a simulation with a true kappa of 0.567.

    Its readers have a specificity below 1 and say "present" a little more often than that.
    """
    assert 2 * expected_half_width(200, 3, 0.05, 0.567) == pytest.approx(0.41, rel=0.2)
    assert expected_half_width(200, 3, 0.05, 0.6) > 1.5 * expected_half_width(200, 3, 0.3, 0.6)
    assert expected_half_width(800, 3, 0.3, 0.6) == pytest.approx(expected_half_width(200, 3, 0.3, 0.6) / 2, rel=0.02)
    assert math.isclose(chance_of_no_kappa(1, 2, 0.5, 0.0), 0.5)
    assert chance_of_no_kappa(20, 3, 0.02, 0.6) > 0.4
    for wrong in ((1, 3, 0.2, 0.5), (10, 1, 0.2, 0.5), (10, 3, 0.0, 0.5), (10, 3, 0.2, 1.0)):
        with pytest.raises(ValueError, match="no width for"):
            expected_half_width(*wrong)
