from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.cohorts.adapters.vocabulary import ages, coarse_race, labels_of, listed_labels, one_word_each, sexes
from engine.errors import CohortError


@pytest.mark.parametrize(
    ("word", "race"),
    [
        ("White, non-Hispanic", "White"),
        ("WHITE - RUSSIAN", "White"),
        ("BLACK/CAPE VERDEAN", "Black"),
        ("ASIAN - CHINESE", "Asian"),
        ("HISPANIC/LATINO - PUERTO RICAN", "Hispanic"),
        ("Black, Hispanic", "Black"),
        ("Native Hawaiian or Other Pacific Islander", "NH/PI"),
        ("AMERICAN INDIAN/ALASKA NATIVE", "AI/AN"),
        ("African American  or Black", "Black"),
        ("PORTUGUESE", "Other"),
        ("UNABLE TO OBTAIN", ""),
        ("Unknown, Unavailable or Unreported", ""),
        ("PATIENT DECLINED TO ANSWER", ""),
        ("", ""),
    ],
)
def test_published_words_of_race(word: str, race: str) -> None:
    assert coarse_race(word) == race


def test_labels_of_automatic_labelers() -> None:
    assert labels_of(pd.Series(["1.0", "0", "-1.0", ""]), "Edema").tolist()[:3] == [1, 0, -1]
    assert labels_of(pd.Series([""]), "Edema").isna().all()
    with pytest.raises(CohortError, match="'Edema' holds '2'"):
        labels_of(pd.Series(["2"]), "Edema")


def test_a_list_that_is_missing_is_not_a_list_of_nothing() -> None:
    frame = listed_labels([{"mass"}, {"no finding"}, None], {"mass": "mass", "masses": "mass"})
    assert frame["label.mass"].tolist()[:2] == [1, 0]
    assert frame["label.mass"].isna().tolist() == [False, False, True]


def test_ages_and_sexes() -> None:
    assert ages(pd.Series(["62", "058Y", "62.5"])).tolist() == [62, 58, 62.5]
    assert ages(pd.Series(["0", "148", "", "old"])).isna().all()
    assert sexes(pd.Series(["Female", "m", "O", ""])).tolist() == ["F", "M", "", ""]


def test_one_word_each() -> None:
    words, twice = one_word_each(pd.Series(["a", "b", "a", "b"]), pd.Series(["x", "x", "x", "y"]))
    assert words.to_dict() == {"a": "x"} and twice == {"b"}


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["WHITE", "BLACK", ""])), min_size=1), st.randoms())
def test_who_is_inconsistent_does_not_depend_on_the_order_of_rows(rows: list[tuple[str, str]], random: Random) -> None:
    said: dict[str, set[str]] = {}
    for key, word in rows:
        said.setdefault(key, set()).add(word)
    random.shuffle(rows)
    words, twice = one_word_each(*(pd.Series(column) for column in zip(*rows)))
    assert twice == {key for key, told in said.items() if len(told) > 1}
    assert words.to_dict() == {key: next(iter(told)) for key, told in said.items() if len(told) == 1}
