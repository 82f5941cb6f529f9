"""Tables of readings: what is understood, and the one sentence about what is not."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies.errors import RatingsError
from studies.protocol import Item
from studies.statistics.answers import ABSENT, MISSING, NOT_ASSESSABLE, NOT_READ, PRESENT, UNCERTAIN
from studies.statistics.ratings import Ratings, read_long, read_wide


def _frame(*rows: tuple, columns: str = "case_id reader_id item value") -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", ABSENT),
        ("no", ABSENT),
        ("NO", ABSENT),
        ("absent", ABSENT),
        ("0.0", ABSENT),
        ("1", PRESENT),
        ("Yes", PRESENT),
        (" present ", PRESENT),
        ("1.0", PRESENT),
        ("uncertain", UNCERTAIN),
        ("HEDGE", UNCERTAIN),
        ("-1", UNCERTAIN),
        ("not assessable", NOT_ASSESSABLE),
        ("", MISSING),
        ("NA", MISSING),
    ],
)
def test_words_of_a_presence_item(text: str, code: int) -> None:
    ratings = Ratings.from_frame(_frame(("c1", "r1", "drain", text), ("c2", "r1", "drain", "present")))
    assert ratings.codes[0, 0, 0, 0] == code
    assert ratings.items[0].kind == "binary"


def test_numbers_of_a_data_frame_are_answers_too() -> None:
    frame = _frame((1, 7, "drain", 1.0), (2, 7, "drain", 0.0), (3, 7, "drain", np.nan), (4, 7, "drain", None))
    ratings = Ratings.from_frame(frame)
    assert ratings.case_ids == ("1", "2", "3", "4")
    assert ratings.codes[0, :, 0, 0].tolist() == [PRESENT, ABSENT, MISSING, MISSING]


def test_a_case_read_without_an_answer_is_missing_and_one_never_read_is_not() -> None:
    frame = _frame(("c1", "r1", "a", "1"), ("c1", "r1", "b", "0"), ("c2", "r1", "a", "1"), ("c1", "r2", "a", "1"))
    codes = Ratings.from_frame(frame).codes[0]
    assert codes[1, 0].tolist() == [PRESENT, MISSING]
    assert codes[1, 1].tolist() == [NOT_READ, NOT_READ]


def test_other_words_make_a_nominal_item() -> None:
    ratings = Ratings.from_frame(
        _frame(
            ("c1", "r1", "side", "left"),
            ("c2", "r1", "side", "right"),
            ("c3", "r1", "side", "no"),
            ("c4", "r1", "side", ""),
        )
    )
    assert ratings.items[0].kind == "nominal"
    assert ratings.items[0].categories == ("left", "no", "right")
    assert ratings.codes[0, :, 0, 0].tolist() == [0, 2, 1, MISSING]


def test_numbers_beyond_one_are_categories_in_natural_order() -> None:
    ratings = Ratings.from_frame(_frame(*((f"c{i}", "r", "grade", str(i)) for i in (0, 1, 2, 10))))
    assert ratings.items[0].categories == ("0", "1", "2", "10")


@pytest.mark.parametrize("odd", ["presnt", "maybe"])
def test_a_slip_among_presence_words_names_row_and_value(odd: str) -> None:
    with pytest.raises(RatingsError, match=f"row 4: value '{odd}' of item 'drain'"):
        Ratings.from_frame(_frame(("c1", "r", "drain", "yes"), ("c2", "r", "drain", "no"), ("c3", "r", "drain", odd)))


def test_a_word_among_zeros_and_ones_is_refused() -> None:
    with pytest.raises(RatingsError, match="row 3: value 'x' of item 'drain'"):
        Ratings.from_frame(_frame(("c1", "r", "drain", "0"), ("c2", "r", "drain", "x")))


def test_a_reading_given_twice_is_refused_with_its_row() -> None:
    rows = [("c1", "r1", "drain", "1"), ("c2", "r1", "drain", "0"), ("c1", "r1", "drain", "0")]
    with pytest.raises(RatingsError, match=r"row 4: case 'c1', reader 'r1', item 'drain', value '0' .* row 2"):
        Ratings.from_frame(_frame(*rows))


def test_repeats_are_kept_apart() -> None:
    rows = [("c1", "r1", "drain", "1", "0"), ("c1", "r1", "drain", "0", "1"), ("c2", "r1", "drain", "0", "")]
    ratings = Ratings.from_frame(_frame(*rows, columns="case_id reader_id item value repeat"))
    assert ratings.codes[0, :, 0, 0].tolist() == [PRESENT, ABSENT]
    assert ratings.repeats.code.tolist() == [ABSENT]
    assert ratings.repeats.repeat.tolist() == [1]


def test_a_repeat_that_is_no_number_is_refused() -> None:
    with pytest.raises(RatingsError, match="row 2: repeat is 'later'"):
        Ratings.from_frame(_frame(("c1", "r1", "drain", "1", "later"), columns="case_id reader_id item value repeat"))


def test_a_case_has_one_patient() -> None:
    rows = [("c1", "r1", "drain", "1", "p1"), ("c1", "r2", "drain", "0", "p2")]
    with pytest.raises(RatingsError, match="row 3: case 'c1' has patient 'p2', an earlier row gave 'p1'"):
        Ratings.from_frame(_frame(*rows, columns="case_id reader_id item value patient_id"))


@pytest.mark.parametrize(
    ("column", "sentence"),
    [("case_id", "the case is empty"), ("reader_id", "the reader is empty"), ("item", "the item is empty")],
)
def test_an_empty_name_is_refused(column: str, sentence: str) -> None:
    frame = _frame(("c1", "r1", "drain", "1"), ("c2", "r1", "drain", "1"))
    frame.loc[1, column] = " "
    with pytest.raises(RatingsError, match=f"row 3: {sentence}"):
        Ratings.from_frame(frame)


@pytest.mark.parametrize("name", ["all", "majority", "any"])
def test_a_reader_cannot_be_named_like_a_row_of_totals(name: str) -> None:
    with pytest.raises(RatingsError, match=f"row 2: the reader cannot be named '{name}'"):
        Ratings.from_frame(_frame(("c1", name, "drain", "1")))


def test_a_missing_column_is_named() -> None:
    with pytest.raises(RatingsError, match="no column value; it has case_id, reader_id, item, answer"):
        Ratings.from_frame(_frame(columns="case_id reader_id item answer"))


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(RatingsError, match="no readings"):
        Ratings.from_frame(_frame())


def test_declared_items_keep_their_order_and_options() -> None:
    items = [
        Item(id="side", text="Side", kind="choice", options=("none", "left", "right")),
        Item(id="drain", text="Drain", group="treatment"),
        Item(id="note", text="Note", kind="text"),
        Item(id="zones", text="Zones", kind="multi", options=("upper", "lower")),
    ]
    frame = _frame(
        ("c1", "r1", "drain", "present"),
        ("c1", "r1", "note", "anything"),
        ("c1", "r1", "side", "left"),
        ("c1", "r1", "zones", "upper; lower"),
        ("c2", "r1", "zones", "lower"),
        ("c3", "r1", "zones", ""),
    )
    ratings = Ratings.from_frame(frame, items)
    assert [item.item_id for item in ratings.items] == ["side", "drain", "zones = upper", "zones = lower"]
    assert ratings.items[0].categories == ("none", "left", "right")
    assert ratings.items[1].group == "treatment"
    assert ratings.codes[0, :, 0, 2].tolist() == [PRESENT, ABSENT, MISSING]
    assert ratings.codes[0, :, 0, 3].tolist() == [PRESENT, PRESENT, MISSING]


def test_an_answer_outside_the_options_is_refused() -> None:
    item = Item(id="side", text="Side", kind="choice", options=("left", "right"))
    with pytest.raises(RatingsError, match=r"row 2: value 'middle' of item 'side'.*the options are left, right"):
        Ratings.from_frame(_frame(("c1", "r1", "side", "middle")), [item])


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_commas_semicolons_and_tabs(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "readings.csv"
    text = f"case_id{mark}reader_id{mark}item{mark}value\nc1{mark}r1{mark}drain{mark}1\n"
    path.write_text(text, encoding="utf-8-sig")
    assert read_long(path).codes.tolist() == [[[[PRESENT]]]]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is not a CSV table"),
        (b"case_id,reader_id,item,value\nc1,r1,drain,1,extra,more\nc1,r1,drain,1,2,3,4\n", "is not a CSV table"),
        (b"case_id,reader_id,item,value\nc\xff1,r1,drain,1\n", "is not UTF-8"),
        (b"case,reader,item,value\nc1,r1,drain,1\n", "has no column case_id, reader_id"),
        (b"case_id,reader_id,item,value\n", "no readings"),
    ],
)
def test_a_file_that_is_no_table_of_readings(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "readings.csv"
    path.write_bytes(content)
    with pytest.raises(RatingsError, match=sentence):
        read_long(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(RatingsError, match=r"absent\.csv cannot be read"):
        read_long(tmp_path / "absent.csv")


def test_wide_table(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("image,who,patient,drain,side\ni2,r1,p1,1,left\ni1,r1,p1,0,right\ni1,r2,p1,,left\n")
    ratings = read_wide(path, "image", "who", "patient")
    assert ratings.case_ids == ("i1", "i2")
    assert ratings.patient_ids == ("p1",)
    assert ratings.codes[0, :, :, 0].tolist() == [[ABSENT, MISSING], [PRESENT, NOT_READ]]
    assert ratings.codes[0, :, :, 1].tolist() == [[1, 0], [0, NOT_READ]]


def test_wide_table_names_the_row(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("image,who,drain,wire\ni1,r1,yes,0\ni2,r1,no,1\ni3,r1,no,1\ni4,r1,yess,1\n")
    with pytest.raises(RatingsError, match="row 5: value 'yess' of item 'drain'"):
        read_wide(path, "image", "who")
    path.write_text("image,who,drain\ni1,r1,yes\ni1,r1,no\n")
    with pytest.raises(RatingsError, match="row 3: case 'i1', reader 'r1'"):
        read_wide(path, "image", "who")
    with pytest.raises(RatingsError, match="has no column reader"):
        read_wide(path, "image", "reader")


VALUES = ["0", "1", "uncertain", "not assessable", ""]


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 5), st.integers(0, 3), st.sampled_from("ab")), st.sampled_from(VALUES), min_size=1
    ),
    st.randoms(),
)
def test_the_order_of_rows_does_not_matter(readings: dict, random: object) -> None:
    rows = [(f"c{case}", f"r{reader}", item, value) for (case, reader, item), value in readings.items()]
    rows.sort(key=lambda row: row[2])
    shuffled = [*rows]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = Ratings.from_frame(_frame(*rows)), Ratings.from_frame(_frame(*shuffled))
    place = [other.item_index(item.item_id) for item in one.items]
    assert one.case_ids == other.case_ids
    assert np.array_equal(one.codes, other.codes[..., place])


@given(st.lists(st.tuples(*[st.text(max_size=6)] * 4), max_size=12))
def test_any_text_gives_ratings_or_one_sentence(rows: list[tuple[str, ...]]) -> None:
    try:
        ratings = Ratings.from_frame(_frame(*rows))
    except RatingsError as error:
        assert str(error)
    else:
        assert ratings.codes.shape[1:3] == (len(ratings.case_ids), len(ratings.reader_ids))
