"""What the desk shows of a study's answers, as plain rows. Runs in the worker's thread; heavy libraries only here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QCoreApplication

from readerapp.sentences import told
from readerapp.wording import protocol_word

if TYPE_CHECKING:
    import pandas as pd

    from studies.reading.study import CoordinatorView
    from studies.statistics.ratings import Ratings

Row = Mapping[str, Any]
Line = tuple[str, str, str, str, str]  # item, category, stratum, arm, uncertain_as
Choice = tuple[str, str, str]  # stratum, arm, uncertain_as
What = Literal["agreement", "prevalence", "bias", "changes"]
CHOICES = ("stratum", "arm", "uncertain_as")
ALL_ITEMS = "all items"  # studies.statistics.changes.ALL_ITEMS, which is not imported for a name: it needs pandas
AS_ANSWERED = "as answered"  # changes are counted by direction: "uncertain" is an answer of its own
_LINE = ("item", "category", *CHOICES)

translate = QCoreApplication.translate


@dataclass(frozen=True)
class ReaderMatrix:
    """Readers against readers: `values` (n, n), NaN where not estimable."""

    readers: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Slices:
    """The rows of a table by stratum, arm and how "uncertain" counts: a choice is looked up, not searched for."""

    rows: Mapping[Choice, tuple[Row, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Slices":
        found: dict[Choice, list[Row]] = {}
        for row in rows:
            found.setdefault((row["stratum"], row["arm"], row["uncertain_as"]), []).append(row)
        return cls({choice: tuple(some) for choice, some in found.items()})

    def each(self, make: Callable[[Sequence[Row]], Sequence[Row]]) -> "Slices":
        """Other rows made of those of each choice."""
        return Slices({choice: tuple(make(some)) for choice, some in self.rows.items()})

    @property
    def offered(self) -> dict[str, tuple[str, ...]]:
        """The values there are to choose from, in the order of the table."""
        return {name: tuple(dict.fromkeys(key[place] for key in self.rows)) for place, name in enumerate(CHOICES)}


@dataclass(frozen=True)
class Results:
    """Tables of one kind as pages show them; empty while locked, and where nobody has read."""

    unlocked: bool
    waiting_for: str  # how far each reader is, in a sentence
    heads: tuple[str, ...] = ()  # of the readers' chains when this was worked out
    readers: tuple[str, ...] = ()  # who has read anything, in the protocol's order
    tables: Mapping[str, Slices] = field(default_factory=dict)
    matrices: Mapping[str, Mapping[Line, ReaderMatrix]] = field(default_factory=dict)

    def rows(self, table: str, choice: Choice) -> tuple[Row, ...]:
        """Rows of a table for a choice; none where there are none."""
        return self.tables.get(table, Slices()).rows.get(choice, ())


def read_results(
    view: "CoordinatorView", what: What, known: Results | None, progress: Callable[[float], None]
) -> Results:
    """The tables of one kind, or why they are locked; `known` where nobody has read since.

    * "agreement": table `agreement`; matrices `both_present` and `kappa` of each line.
    * "prevalence": tables `prevalence`, a row an item with the entry of each reader under the reader's id, and
      `readings`, a row an item and reader.
    * "changes": tables `changes`, a row an item and reader, and `in_view`, a row a reader.
    * "bias": tables `effects` (Cochran's Q, a row an item), `bias` and `left_out` (a row an item and reader).
    """
    waiting, heads = waiting_for(view), _reader_heads(view)
    if not view.agreement_unlocked:
        return Results(False, waiting)
    if known is not None and known.unlocked and known.heads == heads:
        return known
    if not view.anything_read:
        return Results(True, waiting, heads)
    ratings = view.ratings()
    have = set(ratings.reader_ids)
    readers = tuple(reader.id for reader in view.protocol.readers if reader.id in have)
    tables, matrices = _MAKERS[what](view, ratings, progress)
    return Results(True, waiting, heads, readers, tables, matrices)


Made = tuple[dict[str, Slices], dict[str, dict[Line, ReaderMatrix]]]


def _agreement(view: "CoordinatorView", ratings: "Ratings", progress: Callable[[float], None]) -> Made:
    from studies.reading.disputes import composite_items
    from studies.statistics.agreement import agreement_table
    from studies.statistics.pairs import concordance_table, pairwise

    own = composite_items(view.protocol)
    nominal = {item.item_id for item in ratings.items if item.kind == "nominal"}
    table = agreement_table(ratings, confounders=own, progress=lambda share: progress(0.6 * share))
    rows = [{**row, "nominal": row["item"] in nominal and not row["category"]} for row in _rows(table, view)]
    kappa = _matrices(pairwise(ratings, confounders=own), "cohen_kappa", ratings)
    progress(0.9)
    both = _matrices(concordance_table(ratings, confounders=own), "n_both_positive", ratings)
    return {"agreement": Slices.of(rows)}, {"both_present": both, "kappa": kappa}


def _prevalence(view: "CoordinatorView", ratings: "Ratings", _progress: Callable[[float], None]) -> Made:
    from studies.reading.disputes import composite_items
    from studies.statistics.prevalence import prevalence_table

    readings = Slices.of(_rows(prevalence_table(ratings, confounders=composite_items(view.protocol)), view))
    return {"readings": readings, "prevalence": readings.each(wide_rows)}, {}


def _bias(view: "CoordinatorView", ratings: "Ratings", progress: Callable[[float], None]) -> Made:
    from studies.reading.disputes import composite_items
    from studies.statistics.bias import reader_bias
    from studies.statistics.pairs import leave_one_reader_out, reader_effects

    own, tables = composite_items(view.protocol), {}
    makers = {"effects": reader_effects, "bias": reader_bias, "left_out": leave_one_reader_out}
    for done, (name, make) in enumerate(makers.items(), start=1):
        tables[name] = Slices.of(_rows(make(ratings, confounders=own), view))
        progress(done / len(makers))
    return tables, {}


def _changes(view: "CoordinatorView", _ratings: "Ratings", progress: Callable[[float], None]) -> Made:
    from studies.planning.allocation import unaided_arm
    from studies.statistics.changes import answer_pairs, changes_table, in_view_table

    unaided = unaided_arm(view.protocol)
    pairs = answer_pairs(view.readings(), unaided)
    progress(0.3)
    answered = {"uncertain_as": AS_ANSWERED}
    rows = [dict(row) | answered for row in _rows(changes_table(pairs), view)]
    seen = in_view_table(view.times(), unaided).to_dict("records")
    everywhere = [row | answered | {"stratum": "all", "name": ""} for row in seen]
    return {"changes": Slices.of(rows), "in_view": Slices.of(everywhere)}, {}


_MAKERS: dict[What, Callable[["CoordinatorView", "Ratings", Callable[[float], None]], Made]] = {
    "agreement": _agreement,
    "prevalence": _prevalence,
    "bias": _bias,
    "changes": _changes,
}


def wide_rows(rows: Sequence[Row]) -> list[Row]:
    """One row an item; the entry of each reader, `all`, `majority` and `any` under its name."""
    wide: dict[str, dict[str, object]] = {}
    for row in rows:
        entry = wide.setdefault(str(row["item"]), {name: row[name] for name in ("item", "name", *CHOICES)})
        entry[str(row["reader_id"])] = row
    return list(wide.values())


def line_of(row: Row) -> Line:
    """What names a line of the tables."""
    item, category, stratum, arm, uncertain_as = (str(row.get(name, "")) for name in _LINE)
    return item, category, stratum, arm, uncertain_as


def waiting_for(view: "CoordinatorView") -> str:
    """How far each reader is, in a sentence."""
    return translate("Results", "Finished so far: {readers}.").format(readers=finished_so_far(view))


def finished_so_far(view: "CoordinatorView") -> str:
    """How many cases each reader has finished: part of a sentence."""
    part = translate("Results", "{reader} {done} of {total}")
    counts = view.finished_counts().items()
    return "; ".join(part.format(reader=reader, done=done, total=total) for reader, (done, total) in counts)


def _reader_heads(view: "CoordinatorView") -> tuple[str, ...]:
    heads = view.heads()
    return tuple(heads[reader.id] for reader in view.protocol.readers)


def _rows(frame: "pd.DataFrame", view: "CoordinatorView") -> list[Row]:
    names = {item.id: item.text for item in view.protocol.items}
    return [_named(row, names) for row in frame.to_dict("records")]


def _named(row: dict[str, Any], names: Mapping[str, str]) -> Row:
    remark = str(row.get("status", ""))
    name = item_name(str(row["item"]), str(row.get("category") or ""), names)
    return row | {"name": name, "remark": "" if remark == "ok" else told(remark)}


def item_name(item: str, category: str, names: Mapping[str, str]) -> str:
    """How a person reads a line's item: the protocol's text, an option, or the composite in words."""
    if item == ALL_ITEMS:
        return translate("Results", "All items")
    if item.startswith("any:"):
        group, _, rest = item.removeprefix("any:").partition(" ")
        whole = translate("Results", "Any {group}-related (all items)")
        own = translate("Results", "Any {group}-related (of this diagnosis)")
        return (whole if rest else own).format(group=protocol_word(group))
    base, _, option = item.partition(" = ")
    name = names.get(item, names.get(base, base))
    return f"{name}: {option or category}" if option or category else name


def _matrices(frame: "pd.DataFrame", field_name: str, ratings: "Ratings") -> dict[Line, ReaderMatrix]:
    """A symmetric matrix for each line of a table of pairs of readers."""
    place = {reader: index for index, reader in enumerate(ratings.reader_ids)}
    found: dict[Line, list[list[float]]] = {}
    for row in frame.to_dict("records"):
        values = found.setdefault(line_of(row), [[float("nan")] * len(place) for _ in place])
        a, b = place[row["reader_a"]], place[row["reader_b"]]
        values[a][b] = values[b][a] = float(row[field_name])
    return {line: ReaderMatrix(ratings.reader_ids, tuple(map(tuple, values))) for line, values in found.items()}
