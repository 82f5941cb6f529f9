"""Slips that somebody who does not program makes in a protocol, and the sentence they read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources.files import shipped_file
from studies.errors import ProtocolError
from studies.protocol import parse_protocol

TEMPLATE = shipped_file("protocols/template.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("wrote", "instead_of", "sentence"),
    [
        ('title = "My study', 'title = "My reader study"', "'title = \"My study': a quotation mark is missing"),
        ("title = “My study”", 'title = "My reader study"', 'curved quotation marks; write straight ones: "…"'),
        ('case_unit "image"', 'case_unit = "image"', "an entry is written name = value"),
        ('case_unit = "images"', 'case_unit = "image"', "case_unit: must be 'image', 'study' or 'patient' (given: 'im"),
        ("repeat_share = 0,1", "repeat_share = 0.1", "'repeat_share = 0,1': decimals have a point: 0.1"),
        ("repeat_share = 10", "repeat_share = 0.1", "order.repeat_share: must be at most 1: 0.1 is 10 % (given: 10)"),
        ("repeat_shares = 0.1", "repeat_share = 0.1", "did you mean order.repeat_share?"),
        ("back = yes", "back = true", "'back = yes': write true or false, in small letters"),
        ('parts = "two"', "parts = 1", "sessions.parts: must be a whole number, without quotes (given: 'two')"),
        ('[readers]\nid = "reader2"', '[[readers]]\nid = "reader2"', "readers are written with two brackets"),
        ('id = "chest drain"', 'id = "chest_drain"', "items 1 ('chest drain'), id: may have letters, digits"),
        ('kind = "ordered"', 'kind = "ordinal"', "items 3 ('quality'), kind: must be 'presence', 'choice'"),
        ("n = 30\nn = 40", "n = 30", "'n = 40': this entry is given twice"),
        ("[[strata]]", "[[selection.strata]]", "strata: is no entry here; write [[selection.strata]]"),
        (
            "where = { label.pneumothorax = 1 }",
            'where = { "label.pneumothorax" = 1 }',
            'a column whose name has a dot stands between quotes: "label.pneumothorax" = …',
        ),
        ("where = {\nx = 1 }", 'where = { "label.pneumothorax" = 1 }', "keep { … } on one line"),
        ('text = "a\\pictures"', 'text = "Chest drain"', "write / instead of \\ between quotes"),
    ],
)  # fmt: skip
def test_a_slip_is_answered_with_what_to_write(wrote: str, instead_of: str, sentence: str) -> None:
    assert instead_of in TEMPLATE
    with pytest.raises(ProtocolError) as refused:
        parse_protocol(TEMPLATE.replace(instead_of, wrote, 1))
    assert sentence in str(refused.value)
    assert "Input should" not in str(refused.value)


@given(st.integers(0, len(TEMPLATE) - 1), st.text('"[]{}=\\\n0a', max_size=3), st.integers(0, 4))
def test_any_damage_is_a_sentence(place: int, put: str, taken: int) -> None:
    """A protocol is refused with ProtocolError or read: nothing else comes out."""
    try:
        parse_protocol(TEMPLATE[:place] + put + TEMPLATE[place + taken :])
    except ProtocolError as error:
        assert str(error).startswith("protocol.toml")
