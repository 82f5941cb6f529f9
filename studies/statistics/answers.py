"""What an answer in a table of readings means: the words of a presence item, and the categories of a nominal one."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.rounding import is_number
from studies.protocol import Item

ABSENT, PRESENT = 0, 1
MISSING, NOT_ASSESSABLE, UNCERTAIN, NOT_READ = -1, -2, -3, -4

PRESENCE = ("absent", "present")
_NEGATIVE = {"0", "no", "absent", "false"}
_POSITIVE = {"1", "yes", "present", "true"}
_UNCERTAIN = {"uncertain", "hedge"}
_NOT_ASSESSABLE = {"not assessable", "not_assessable"}
_MISSING = {"", "na", "nan"}  # NA and nan: how R and pandas write an empty cell
_MOST_CATEGORIES = 120  # codes are int8


@dataclass(frozen=True)
class RatedItem:
    """An item as it was answered. Binary: categories ("absent", "present"); nominal: the options, or the values met."""

    item_id: str
    group: str
    kind: Literal["binary", "nominal"]
    categories: tuple[str, ...]


class UnknownAnswer(Exception):
    """An answer that an item cannot have; carries the text, and the sentence on what it may be."""

    def __init__(self, text: str, sentence: str) -> None:
        super().__init__(sentence)
        self.text = text


def plain_text(value: object) -> str:
    """A cell as text: stripped; 1.0 is "1"; None and NaN are ""; the apostrophe before a formula mark is taken off."""
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    return text[1:] if text.startswith(("'=", "'+", "'-", "'@")) else text


def natural_key(text: str) -> list[tuple[int, int, str]]:
    """Sorts "r2" before "r10"."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", text) if part]


def _word(text: str) -> str:
    """The word by which presence answers are known: case does not matter, and "1.0" is "1"."""
    word = text.casefold()
    return word[:-2] if word in ("0.0", "1.0", "-1.0") else word


def presence_code(text: str) -> int | None:
    """Code of a presence answer, or None where the text is none. "-1" is uncertain, as in cohort labels."""
    word = _word(text)
    for words, code in (
        (_NEGATIVE, ABSENT),
        (_POSITIVE, PRESENT),
        (_UNCERTAIN | {"-1"}, UNCERTAIN),
        (_NOT_ASSESSABLE, NOT_ASSESSABLE),
        (_MISSING, MISSING),
    ):
        if word in words:
            return code
    return None


def understand(name: str, texts: Iterable[str], group: str, declared: Item | None) -> tuple[RatedItem, dict[str, int]]:
    """What an item is, and the code of each of its `texts`. Raises UnknownAnswer.

    Without a declaration an item is binary where every text is a presence answer. Else it is nominal, unless it uses
    both words for present and for absent: then the odd text is taken for a slip, not for a category.
    """
    texts = list(texts)
    presence = {text: presence_code(text) for text in texts}
    if declared is not None and declared.kind != "presence":
        return _nominal(name, texts, group, declared.options)
    odd = [text for text in texts if presence[text] is None]
    words = {_word(text) for text in texts}
    spelled_out = words & (_POSITIVE - {"1"}) and words & (_NEGATIVE - {"0"})
    mixed = words & {"0", "1"} and not all(is_number(text) for text in odd)
    if odd and (declared is not None or spelled_out or mixed):
        raise UnknownAnswer(
            odd[0], "write absent or present (no, yes, 0, 1), uncertain, not assessable, or leave it empty"
        )
    if odd:
        return _nominal(name, texts, group, ())
    return RatedItem(name, group, "binary", PRESENCE), {
        text: code for text, code in presence.items() if code is not None
    }


def _nominal(name: str, texts: list[str], group: str, options: tuple[str, ...]) -> tuple[RatedItem, dict[str, int]]:
    special = {text: _special_code(text) for text in texts if text not in options}
    met = sorted((text for text, code in special.items() if code is None), key=natural_key)
    if options and met:
        raise UnknownAnswer(met[0], f"the options are {', '.join(options)}")
    categories = options or tuple(met)
    if len(categories) > _MOST_CATEGORIES:
        raise UnknownAnswer(
            met[-1], f"it has {len(categories)} different answers; free text and numbers have no agreement table"
        )
    codes = {text: code for text, code in special.items() if code is not None}
    codes.update({text: place for place, text in enumerate(categories)})
    return RatedItem(name, group, "nominal", categories), codes


def _special_code(text: str) -> int | None:
    word = _word(text)
    words: Mapping[int, set[str]] = {UNCERTAIN: _UNCERTAIN, NOT_ASSESSABLE: _NOT_ASSESSABLE, MISSING: _MISSING}
    return next((code for code, known in words.items() if word in known), None)
