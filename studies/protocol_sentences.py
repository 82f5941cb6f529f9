"""What is wrong with a protocol, for the person who wrote it: which line or entry, and what to write instead."""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError

_BY_TYPE: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": lambda _: "is missing",
    "literal_error": lambda c: f"must be {c['expected']}",
    "int_parsing": lambda _: "must be a whole number, without quotes",
    "int_from_float": lambda _: "must be a whole number",
    "int_type": lambda _: "must be a whole number",
    "float_parsing": lambda _: "must be a number, without quotes",
    "float_type": lambda _: "must be a number",
    "bool_parsing": lambda _: "must be true or false, without quotes",
    "bool_type": lambda _: "must be true or false, without quotes",
    "string_type": lambda _: "must be text between quotes",
    "string_too_short": lambda _: "must not be empty",
    "greater_than": lambda c: f"must be more than {c['gt']:g}",
    "greater_than_equal": lambda c: f"must be at least {c['ge']:g}",
    "less_than_equal": lambda c: f"must be at most {c['le']:g}",
    "too_short": lambda _: "must have at least one entry",
    "dict_type": lambda _: 'is written as { "column" = value }',
    "model_type": lambda _: "is written as a section of entries, name = value",
}
_PATTERNS = {
    "^[A-Z]?$": "must be one capital letter",
    "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$": "may have letters, digits, '_', '-' and '.' only (no spaces), 64 at most",
}
_DOUBLE = {"items": "[[items]]", "readers": "[[readers]]", "arms": "[[arms]]", "strata": "[[selection.strata]]"}


def sentences(error: ValidationError, given: object = None, model: type[BaseModel] | None = None) -> str:
    """What pydantic found wrong, one clause an entry: where, what, and the value given.

    `given` is the data that was read (entries of lists are then named by their id or name); `model`, the whole, lets
    unknown entries be answered with the nearest that exists.
    """
    return "; ".join(dict.fromkeys(sentence for _, sentence in clauses(error, given, model)))


def clauses(
    error: ValidationError, given: object = None, model: type[BaseModel] | None = None
) -> list[tuple[tuple[str | int, ...], str]]:
    """Each of them with the place of the entry; that of what is wrong with the whole is empty."""
    known = _entries(model) if model else []
    return [(entry["loc"], _clause(dict(entry), given, known)) for entry in error.errors()]


def nearest(name: str, known: Iterable[str]) -> str:
    """`nearest: 'label.effusion'`: the known names most like one that is not known, three at most.

    Where none is much like it, the three that come closest and how many there are: a list of hundreds tells nothing.
    """
    names = list(dict.fromkeys(known))
    if close := difflib.get_close_matches(name, names, n=3, cutoff=0.75):
        return f"nearest: {', '.join(map(repr, close))}"
    offered = difflib.get_close_matches(name, names, n=3, cutoff=0.0)
    of_all = f" (of {len(names)})" if len(names) > len(offered) else ""
    return f"there are {', '.join(map(repr, offered))}{of_all}" if names else "there are none"


def _clause(entry: Mapping[str, Any], given: object, known: Sequence[str]) -> str:
    where, what = _place(entry["loc"], given), _what(entry, known)
    value = entry["input"]
    shown = "" if isinstance(value, (dict, list)) or entry["type"] == "missing" else f" (given: {value!r})"
    return (f"{where}: " if where else "") + what + shown


def _what(entry: Mapping[str, Any], known: Sequence[str]) -> str:
    kind, loc, context = entry["type"], entry["loc"], entry.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown(loc, known)
    if kind in ("tuple_type", "list_type"):
        head = _DOUBLE.get(str(loc[-1]))
        return f"each is written under {head}, with two brackets" if head else 'is a list, written as ["…", "…"]'
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(context.get("pattern", ""), str(entry["msg"]))
    sentence = _BY_TYPE[kind](context) if kind in _BY_TYPE else str(entry["msg"]).removeprefix("Value error, ")
    if kind == "less_than_equal" and str(loc[-1]).endswith("share"):
        sentence += ": 0.1 is 10 %"
    return sentence


def _unknown(loc: Sequence[str | int], known: Sequence[str]) -> str:
    name = str(loc[-1])
    if len(loc) > 2 and ("where" in loc[:-1] or "filter" in loc[:-1]):
        column = f"{loc[-2]}.{name}"
        return f'a column whose name has a dot stands between quotes: "{column}" = …'
    if name in _DOUBLE and len(loc) == 1:
        return f"is no entry here; write {_DOUBLE[name]}"
    parent = ".".join(str(part) for part in loc[:-1] if isinstance(part, str))
    # What stands in no section may belong into any; what stands in one is taken for a slip within it.
    offered = [place for place in known if not parent or place.rpartition(".")[0] == parent]
    places = {place.rpartition(".")[2]: place for place in reversed(offered)}
    near = difflib.get_close_matches(name, places, n=1, cutoff=0.6)
    return "is no entry of a protocol" + (f"; did you mean {places[near[0]]}?" if near else "")


def _entries(model: type[BaseModel], path: str = "") -> list[str]:
    """Where every entry of a model and of the models in it stands, e.g. `order.repeat_share`."""
    found = []
    for name, field in model.model_fields.items():
        found.append(f"{path}{name}")
        for inner in _models(field.annotation):
            found += _entries(inner, f"{path}{name}.")
    return found


def _models(annotation: Any) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in getattr(annotation, "__args__", ()):
        yield from _models(part)


def _place(loc: Sequence[str | int], given: object) -> str:
    """`items 6 ('projection'), kind`: entries of lists by number, and by the name they have."""
    words, here = "", given
    for part in loc:
        here = _step(here, part)
        if isinstance(part, int):
            name = here.get("id") or here.get("name") if isinstance(here, dict) else None
            words += f" {part + 1}" + (f" ('{name}')" if isinstance(name, str) else "")
        else:
            words += ("." if words and words[-1] not in ")0123456789" else ", " if words else "") + part
    return words


def _step(here: object, part: str | int) -> object:
    try:
        return here[part]  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        return None


_TOML_HINTS = (  # what the line holds → what to write
    (re.compile("[“”„«»‘’]"), 'it has curved quotation marks; write straight ones: "…"'),
    (re.compile(r"=\s*(yes|no|True|False|TRUE|FALSE|Yes|No)\b"), "write true or false, in small letters"),
    (re.compile(r"=\s*-?\d+,\d+\s*(#|$)"), "decimals have a point: 0.1"),
    (re.compile(r'"[^"]*\\[^"]*"'), "write / instead of \\ between quotes, on Windows too"),
    (re.compile(r"\{[^}]*$"), "keep { … } on one line"),
    (re.compile(r'^[^"#]*"[^"]*$'), "a quotation mark is missing"),
    (re.compile(r"^\s*[\w.\"-]+\s+[^=\s]"), "an entry is written name = value"),
    (re.compile(r"=\s*[A-Za-z]"), "text stands between quotes"),
)


def toml_sentence(text: str, error: tomllib.TOMLDecodeError) -> str:
    """Why text is not TOML: the line, what is wrong with it, and what to write instead."""
    reason = str(error)
    found = re.search(r"\(at line (\d+), column \d+\)", reason)
    lines = text.splitlines()
    if not found or int(found[1]) > len(lines):
        return f"it ends too early ({reason}); a quotation mark or bracket is missing"
    number = int(found[1])
    line, cause = lines[number - 1].strip(), reason[: found.start()].strip()
    return f"line {number}, {line[:80]!r}: {_hint(line, cause) or cause}"


def _hint(line: str, cause: str) -> str:
    if head := re.fullmatch(r"\[+\s*([\w.-]+)\s*\]+", line):
        if head[1].split(".")[-1] in _DOUBLE:
            return f"{head[1]} are written with two brackets, [[{head[1]}]], each of them"
        return f"the section [{head[1]}] is given twice; put its entries together"
    if cause == "Cannot overwrite a value":
        return "this entry is given twice"
    return next((hint for pattern, hint in _TOML_HINTS if pattern.search(line)), "")
