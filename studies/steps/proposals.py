"""What readers add to a vocabulary: free words given to a text item of a group become proposals, and the accepted ones
items.

A text item of group "treatment" or "physiology" asks for confounders that the list lacks, one a line or separated by
semicolons. The coordinator writes "yes" and a definition beside those to accept in `proposals.csv`.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from studies.errors import ProtocolError
from studies.planning.protocol_text import toml_lines
from studies.planning.vocabulary import Vocabulary, load_vocabulary
from studies.protocol import Item, Protocol
from studies.statistics.questions import COMPOSITE_GROUPS

__all__ = ["PROPOSALS", "accept_proposals", "asks_for_proposals", "proposals_frame"]

PROPOSALS = ["accepted", "id", "term", "help", "item_group", "proposed_by", "proposed_in", "strata", "like"]
_YES = {"yes", "y", "1", "true", "x"}
_LIKE = 0.75  # of difflib's ratio
_DECISIONS = ("accepted", "id", "term", "help", "item_group")


def asks_for_proposals(item: Item) -> bool:
    """Whether free words given to it are confounders that the list lacks."""
    return item.kind == "text" and item.group in COMPOSITE_GROUPS


def proposals_frame(readings: pd.DataFrame, protocol: Protocol) -> pd.DataFrame:
    """A row a term, the most frequent first; `like` is the item of the protocol that sounds like it.

    readings: `readings_frame`. Terms that differ in case and spaces only are one. `accepted` and `help` are empty, for
    the coordinator to fill.
    """
    asked = {str(item.id): item.group for item in protocol.items if asks_for_proposals(item)}
    said = readings[readings["item"].isin(asked) & (readings["value"] != "")]
    terms = pd.DataFrame(_terms(said, asked), columns=["key", "term", "item_group", "reader", "case", "stratum"])
    rows = [_row(part, protocol) for _, part in terms.groupby(["item_group", "key"], sort=False)]
    rows.sort(key=lambda row: (-row["proposed_in"], -row["proposed_by"], row["item_group"], row["term"].casefold()))
    return pd.DataFrame(_with_ids(rows, protocol), columns=PROPOSALS)


def _terms(said: pd.DataFrame, asked: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    for row in said.to_dict("records"):
        for part in re.split(r"[;\n]", str(row["value"])):
            if term := " ".join(part.split()):
                yield term.casefold(), term, asked[row["item"]], row["reader_id"], row["case_id"], row["stratum"]


def _row(part: pd.DataFrame, protocol: Protocol) -> dict[str, Any]:
    term = str(part["term"].iloc[0])
    names = {item.text.casefold(): item.text for item in protocol.items}
    close = difflib.get_close_matches(term.casefold(), names, n=1, cutoff=_LIKE)
    return {
        "accepted": "",
        "term": term,
        "help": "",
        "item_group": part["item_group"].iloc[0],
        "proposed_by": part["reader"].nunique(),
        "proposed_in": part["case"].nunique(),
        "strata": "; ".join(sorted(set(part["stratum"]) - {""})),
        "like": names[close[0]] if close else "",
    }


def _with_ids(rows: Sequence[dict[str, Any]], protocol: Protocol) -> Iterator[dict[str, Any]]:
    taken = {str(item.id) for item in protocol.items}
    for row in rows:
        plain = re.sub(r"[^a-z0-9]+", "_", row["term"].casefold()).strip("_")[:60] or "term"
        names = (f"{plain}_{number}" if number > 1 else plain for number in range(1, len(taken) + 2))
        found = next(name for name in names if name not in taken)
        taken.add(found)
        yield row | {"id": found}


def accept_proposals(table: Path, base: Vocabulary, out: Path) -> Vocabulary:
    """Write `base` with the accepted proposals of a table as a new vocabulary file, and read it again.

    Its version is the base's with "+n". Raises ProtocolError: nothing accepted, no definition, an id taken already, a
    file that is there already.
    """
    accepted = _accepted(table)
    items = [*base.items, *(_item(row, base, table.name) for row in accepted)]
    fields = {
        "version": f"{base.version}+{len(accepted)}",
        "title": base.title,
        "source": base.source,
        "modalities": list(base.modalities),
        "body_parts": list(base.body_parts),
    }
    lines = [*toml_lines(fields)]
    for item in items:
        lines += ["", "[[items]]", *toml_lines(item.model_dump(mode="json", exclude_defaults=True))]
    if out.exists():
        raise ProtocolError(f"{out} is there already; name a new file")
    part = out.with_name(f"{out.name}.part")
    part.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    try:
        load_vocabulary(part)
    except ProtocolError:
        part.unlink()
        raise
    part.replace(out)
    return load_vocabulary(out)


def _accepted(table: Path) -> list[dict[str, str]]:
    try:
        frame = pd.read_csv(table, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise ProtocolError(f"{table.name} cannot be read as a table: {error}") from error
    if missing := [name for name in _DECISIONS if name not in frame]:
        raise ProtocolError(f"{table.name} has no column {', '.join(missing)}; an export writes it as proposals.csv")
    rows = [row for row in frame.to_dict("records") if row["accepted"].strip().casefold() in _YES]
    if not rows:
        raise ProtocolError(
            f'no proposal of {table.name} is accepted; write "yes" into the column accepted, and a definition into help'
        )
    return [{str(name): str(value) for name, value in row.items()} for row in rows]


def _item(row: Mapping[str, str], base: Vocabulary, source: str) -> Item:
    term = row["term"].removeprefix("'").strip()  # what a spreadsheet would run carries an apostrophe
    if not row["help"].strip():
        raise ProtocolError(
            f"'{term}' is accepted in {source} without a definition; write one into help, so that all readers mean the "
            "same"
        )
    if row["id"] in {str(item.id) for item in base.items}:
        raise ProtocolError(f"'{term}' has the id '{row['id']}', which {base.name} has already; give it another")
    try:
        return Item(id=row["id"].strip(), text=term, group=row["item_group"].strip(), help=row["help"].strip())
    except ValueError as error:
        raise ProtocolError(f"'{term}' in {source} is no item: {error}") from error
