"""What an item takes as an answer, checked before anything is journaled."""

import json

from studies.errors import ReadingError
from studies.protocol import Item

LONGEST_TEXT = 4000  # characters


def checked_value(item: Item, value: str) -> str:
    """The value as it is journaled. Raises ReadingError where the item cannot have it."""
    if item.kind == "text":
        if len(value) > LONGEST_TEXT:
            raise ReadingError(f"the text has {len(value):,} characters; {LONGEST_TEXT:,} is the most")
        # A lone half of a surrogate pair, as a broken paste may bring, has no place in UTF-8.
        return value.strip().encode("utf-8", "replace").decode("utf-8")
    if item.kind == "multi":
        return _checked_options(item, value)
    if value not in item.values:
        raise ReadingError(f"'{value}' is no answer to '{item.text}'; it takes {', '.join(item.values)}")
    return value


def _checked_options(item: Item, value: str) -> str:
    try:
        options = json.loads(value)
        chosen = [option for option in item.options if option in options]
        right = isinstance(options, list) and len(chosen) == len(options)
    except (ValueError, TypeError):
        right = False
    if not right:
        raise ReadingError(
            f"'{value}' is no answer to '{item.text}'; it takes a JSON list of {', '.join(item.options)}"
        )
    return json.dumps(chosen, ensure_ascii=False)
