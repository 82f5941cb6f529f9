import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resources.files import shipped_file
from studies.errors import ProtocolError
from studies.protocol import PRESENCE_VALUES, load_protocol, parse_protocol, protocol_hash
from tests.studies.made_cohorts import AIDED_AND_SHAM, protocol, protocol_text, stratum


def refusal(text):
    with pytest.raises(ProtocolError) as caught:
        parse_protocol(text)
    return str(caught.value)


def test_a_minimal_protocol_has_sensible_defaults():
    minimal = parse_protocol('title = "T"\n[[items]]\nid = "a"\ntext = "A"\n[[readers]]\nid = "r"\n')
    assert [arm.kind for arm in minimal.arms] == ["unaided"]
    assert minimal.items[0].values == PRESENCE_VALUES
    assert minimal.timing.away_limit_s == 120
    assert minimal.case_unit == "image" and minimal.training is None


def test_short_forms_of_conditions():
    selection = protocol(
        '[selection]\nfilter = { view = "PA", age_years = { minimum = 18 }, sex = ["F", "M"] }'
    ).selection
    assert selection.filter["view"].values == ("PA",)
    assert selection.filter["sex"].values == ("F", "M")
    assert selection.filter["age_years"].minimum == 18


@pytest.mark.parametrize(
    ("sections", "sentence"),
    [
        (["[order]\nseeed = 1"], "order.seeed: is no entry of a protocol; did you mean order.seed?"),
        (["[order]\nrepeat_share = 1.5"], r"order.repeat_share: must be at most 1: 0.1 is 10 % (given: 1.5)"),
        (["[selection]\nfilter = { view = {} }"], "a condition needs values, exclude, a minimum or a maximum"),
        ([stratum("a", '"label.a" = 1', 0)], "n: must be more than 0 (given: 0)"),
        ([stratum("a", "x = 1", 1), stratum("a", "y = 1", 1)], "stratum name 'a' is given twice"),
        ([stratum("a", "x = 1", 1) + 'confounders = ["clip"]'], "stratum 'a' names item 'clip', which is not in the"),
        (
            [stratum("a", "x = 1", 1) + 'confounders = ["drain"]\nfinding_items = ["drain"]'],
            "stratum 'a' lists ['drain'] as confounder and as finding",
        ),
        (['[training]\nn = 1\ntruth = { clip = "label.clip" }'], "training.truth names item 'clip'"),
        (['[[items]]\nid = "drain"\ntext = "again"'], "item id 'drain' is given twice"),
        (
            ['[[items]]\nid = "q"\ntext = "Q"\nkind = "choice"'],
            "item 'q' of kind choice needs two or more options, has 0",
        ),
        (['[[items]]\nid = "q"\ntext = "Q"\noptions = ["a", "b"]'], "item 'q' of kind presence takes no options"),
        (['[[items]]\nid = "q"\ntext = "Q"\nkey = "dd"'], "('q'), key: must be one capital letter"),
        (['[[arms]]\nname = "aided"\nkind = "aided"'], "arm 'aided' is aided: aided and sham arms name an explanation"),
        (
            [AIDED_AND_SHAM.format(share=0.5).replace("gradcam", "occlusion", 1)],
            "sham arm 'sham' has another explanation than every aided arm; it has to look exactly like one",
        ),
        (
            [AIDED_AND_SHAM.format(share=0.5).replace('"pneumothorax"', '"item"')],
            "arm 'aided' explains the item in focus, and no item names its finding",
        ),
        (['[[arms]]\nname = "a"\n[[arms]]\nname = "b"'], "a protocol has exactly one unaided arm"),
        (['[[readers]]\nid = "R1"'], "reader id (upper and lower case are one) 'r1' is given twice"),
        (['[[readers]]\nid = "Coordinator"'], "reader id 'coordinator' is taken by the program"),
        (['[navigation]\nback = "no"'], "navigation.back: must be true or false, without quotes (given: 'no')"),
        (["[navigation]\nrest_absent = 0"], "navigation.rest_absent: must be true or false, without quotes (given: 0)"),
        (['[[readers]]\nid = "../r"'], "readers 1 ('../r'), id: may have letters"),
    ],
)
def test_wrong_entries_are_named(sections, sentence):
    assert sentence in refusal(protocol_text(*sections))


def test_every_wrong_entry_is_named_at_once():
    message = refusal('title = ""\ncase_unit = "slice"\nitems = []\nreaders = []\n')
    for entry in ("title", "case_unit", "items", "readers"):
        assert entry in message


def test_text_that_is_no_toml_says_where():
    message = refusal('title = "T"\ncase_unit = = "image"\n')
    assert "is not valid TOML" in message and "line 2" in message


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ProtocolError, match=r"absent\.toml cannot be read"):
        load_protocol(tmp_path / "absent.toml")


def test_the_hash_is_of_the_text_whatever_the_line_endings():
    text = shipped_file("protocols/demo.toml").read_text(encoding="utf-8")
    assert protocol_hash(text) == protocol_hash(text.replace("\n", "\r\n"))
    assert protocol_hash(text) != protocol_hash(text.replace("n = 6", "n = 7", 1))


def test_an_item_is_found_by_its_id():
    design = protocol(AIDED_AND_SHAM.format(share=0.5))
    assert design.item("drain").text == "Chest drain"
    with pytest.raises(ProtocolError, match="the protocol has no item 'clip'"):
        design.item("clip")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_protocol_is_read_or_refused_with_a_sentence(data):
    """Nothing but ProtocolError comes out of any text: mutants of a real protocol, cut, doubled and overwritten."""
    text = shipped_file("protocols/demo.toml").read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 200)))
    patch = data.draw(
        st.sampled_from(
            ["", "\n", "=", "[", "]]", '"', "-1", "1e400", "nan", "true", "{}", "é\x00", text[start:end] * 2]
        )
    )
    try:
        parse_protocol(text[:start] + patch + text[end:])
    except ProtocolError as error:
        assert str(error)
