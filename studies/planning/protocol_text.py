"""A protocol as text: what a form holds is written as TOML that a person can read, change and send to colleagues.

Entries are plain data in the shape of the TOML file (`Protocol` as dicts and lists), complete or not: an unfinished
form is kept in the same form.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from studies.errors import ProtocolError
from studies.protocol import Protocol

Entries = Mapping[str, Any]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_TABLES = ("selection", "order", "training", "sessions", "navigation", "timing", "step1")
_LISTS = ("arms", "readers", "items")
_ESCAPES = {'"': '\\"', "\\": "\\\\"}


def protocol_entries(protocol: Protocol) -> dict[str, Any]:
    """What a protocol says beyond the defaults, as entries."""
    return _plain(protocol.model_dump(mode="python", exclude_defaults=True))


def protocol_text(entries: Entries) -> str:
    """Entries as TOML, which `parse_protocol` reads back the same; None, empty text and empty lists are left out."""
    return "\n".join(_document(entries)).strip("\n") + "\n"


def write_protocol(out: Path, text: str) -> None:
    """A new file. ProtocolError where there is one of that name: nobody's protocol is overwritten."""
    if out.exists():
        raise ProtocolError(f"{out} is there already; name a new file")
    out.write_text(text, encoding="utf-8", newline="\n")


def toml_lines(entries: Entries) -> Iterator[str]:
    """`name = value` of each entry, in order; what is empty is left out."""
    for name, value in entries.items():
        yield from _line(name, value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _document(entries: Entries) -> Iterator[str]:
    for name in ("title", "instructions", "case_unit"):
        yield from _line(name, entries.get(name))
    for name in _TABLES:
        table = dict(entries.get(name) or {})
        strata = table.pop("strata", []) if name == "selection" else []
        lines = [line for key, value in table.items() for line in _line(key, value)]
        if lines or (name == "training" and entries.get(name)):
            yield from ("", f"[{name}]", *lines)
        for stratum in strata:
            yield from ("", "[[selection.strata]]", *toml_lines(stratum))
    for name in _LISTS:
        for entry in entries.get(name) or []:
            yield from ("", f"[[{name}]]", *toml_lines(entry))


def _line(name: str, value: Any) -> Iterator[str]:
    if value is None or value == "" or value == [] or value == {}:
        return
    text = _long_text(value) if isinstance(value, str) and "\n" in value else _value(value)
    yield f"{_key(name)} = {text}"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(str(k))} = {_value(v)}" for k, v in value.items() if v is not None and v != [])
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _text(value) if isinstance(value, str) else repr(value)


def _text(value: str) -> str:
    return f'"{"".join(_mark(mark) for mark in value)}"'


def _long_text(value: str) -> str:
    """Text of several lines, with its line breaks; TOML drops the one after the opening quotes."""
    return '"""\n' + "".join(mark if mark == "\n" else _mark(mark) for mark in value) + '"""'


def _mark(mark: str) -> str:
    """One character of a TOML basic string (TOML 1.0: controls but tab are escaped, DEL too)."""
    if mark in _ESCAPES:
        return _ESCAPES[mark]
    if (ord(mark) < 0x20 and mark != "\t") or ord(mark) == 0x7F:
        return f"\\u{ord(mark):04X}"
    return mark
