"""What the desk shows of a study, as plain rows. Runs in the worker's thread; no Qt, heavy libraries only here."""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from studies.reading.study import CoordinatorView
    from studies.statistics.ratings import Ratings

Row = Mapping[str, Any]
Line = tuple[str, str, str, str, str]  # item, category, stratum, arm, uncertain_as
_LINE = ("item", "category", "stratum", "arm", "uncertain_as")


@dataclass(frozen=True)
class ReaderMatrix:
    """Readers against readers: `values` (n, n), NaN where not estimable."""

    readers: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class AgreementTables:
    """Agreement as the page shows it; empty while locked."""

    unlocked: bool
    waiting_for: str  # how far each reader is, in a sentence
    heads: tuple[str, ...] = ()  # of the readers' chains when this was worked out
    rows: tuple[Row, ...] = ()
    both_present: Mapping[Line, ReaderMatrix] = field(default_factory=dict)
    kappa: Mapping[Line, ReaderMatrix] = field(default_factory=dict)


@dataclass(frozen=True)
class PrevalenceTables:
    """Prevalence as the page shows it; empty while locked."""

    unlocked: bool
    waiting_for: str
    heads: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class ReaderProgress:
    """How far a reader is; cases count every showing, practice and hidden repeats too."""

    reader_id: str
    read: int
    total: int
    median_s: float | None  # time at work on a case, None before the first

    @property
    def share(self) -> float:
        return self.read / self.total if self.total else 1.0

    @property
    def finished(self) -> bool:
        return self.read == self.total


@dataclass(frozen=True)
class Cell:
    """One showing of a case to a reader."""

    state: str  # "unread", "open" or "read"
    repeat: bool
    active_s: float | None  # None: not read, or practice (which is not timed here)


@dataclass(frozen=True)
class ProgressTables:
    """Progress as the page shows it. A row of `cases` has a tuple of `Cell` under each reader's id."""

    readers: tuple[ReaderProgress, ...]
    cases: tuple[Row, ...]
    heads: tuple[Row, ...]


def read_progress(view: "CoordinatorView") -> ProgressTables:
    """Readers, cases and chain heads. Never locked: no answer is in it."""
    times = view.times().to_dict("records")
    seconds: dict[str, float] = {}
    for row in times:
        seconds[row["code"]] = seconds.get(row["code"], 0.0) + float(row["active_s"])
    showings = view.progress().to_dict("records")
    return ProgressTables(
        _reader_progress(view, showings, seconds), _case_rows(view, showings, seconds), _head_rows(view)
    )


def _reader_progress(
    view: "CoordinatorView", showings: list[dict[str, Any]], seconds: Mapping[str, float]
) -> tuple[ReaderProgress, ...]:
    found = []
    for reader, (read, total) in view.finished_counts().items():
        own = [seconds[row["code"]] for row in showings if row["reader_id"] == reader and row["code"] in seconds]
        found.append(ReaderProgress(reader, read, total, statistics.median(own) if own else None))
    return tuple(found)


def _case_rows(
    view: "CoordinatorView", showings: list[dict[str, Any]], seconds: Mapping[str, float]
) -> tuple[Row, ...]:
    readers = [reader.id for reader in view.protocol.readers]
    rows: dict[str, dict[str, Any]] = {
        case.case_id: {"case_id": case.case_id, "stratum": "practice" if case.practice else case.stratum or "all"}
        | dict.fromkeys(readers, ())
        for case in view.design.cases
    }
    for row in sorted(showings, key=lambda row: row["repeat"]):
        cell = Cell(row["state"], bool(row["repeat"]), seconds.get(row["code"]))
        rows[row["case_id"]][row["reader_id"]] += (cell,)
    return tuple(rows.values())


def _head_rows(view: "CoordinatorView") -> tuple[Row, ...]:
    return tuple({"chain": chain, "head": head} for chain, head in view.heads().items())


def line_of(row: Row) -> Line:
    """What names a line of the agreement table."""
    item, category, stratum, arm, uncertain_as = (str(row[name]) for name in _LINE)
    return item, category, stratum, arm, uncertain_as


def read_agreement(
    view: "CoordinatorView", known: AgreementTables | None, progress: Callable[[float], None]
) -> AgreementTables:
    """The agreement table with a matrix for each line, or why it is locked; `known` where nobody has read since."""
    from studies.statistics.agreement import agreement_table
    from studies.statistics.pairs import concordance_table, pairwise
    from studies.statistics.ratings import Ratings

    waiting, heads = waiting_for(view), _reader_heads(view)
    if not view.agreement_unlocked:
        return AgreementTables(False, waiting)
    if known is not None and known.unlocked and known.heads == heads:
        return known
    readings = view.readings()
    if readings.empty:
        return AgreementTables(True, waiting, heads)
    ratings = Ratings.from_frame(readings, view.protocol.items)
    confounders = composite_items(view)
    nominal = {item.item_id for item in ratings.items if item.kind == "nominal"}
    rows = tuple(
        {**row, "nominal": row["item"] in nominal and not row["category"]}
        for row in _rows(agreement_table(ratings, confounders=confounders, progress=progress), view)
    )
    kappas = pairwise(ratings, confounders=confounders)
    counts = concordance_table(ratings, confounders=confounders)
    both, kappa = _matrices(counts, "n_both_positive", ratings), _matrices(kappas, "cohen_kappa", ratings)
    return AgreementTables(True, waiting, heads, rows, both, kappa)


def read_prevalence(view: "CoordinatorView", known: PrevalenceTables | None) -> PrevalenceTables:
    """The prevalence table, or why it is locked. `known` is kept where nobody has read since."""
    from studies.statistics.prevalence import prevalence_table
    from studies.statistics.ratings import Ratings

    waiting, heads = waiting_for(view), _reader_heads(view)
    if not view.agreement_unlocked:
        return PrevalenceTables(False, waiting)
    if known is not None and known.unlocked and known.heads == heads:
        return known
    readings = view.readings()
    if readings.empty:
        return PrevalenceTables(True, waiting, heads)
    table = prevalence_table(Ratings.from_frame(readings, view.protocol.items), confounders=composite_items(view))
    return PrevalenceTables(True, waiting, heads, _rows(table, view))


def _reader_heads(view: "CoordinatorView") -> tuple[str, ...]:
    heads = view.heads()
    return tuple(heads[reader.id] for reader in view.protocol.readers)


def composite_items(view: "CoordinatorView") -> dict[str, tuple[str, ...]]:
    """Stratum → the items of its composites: what step 1 found for the diagnosis, never the diagnosis itself."""
    strata = view.protocol.selection.strata
    return {s.name: tuple(item for item in s.confounders if item not in s.finding_items) for s in strata}


def waiting_for(view: "CoordinatorView") -> str:
    """How far each reader is, in a sentence."""
    parts = [f"{reader} {done} of {total}" for reader, (done, total) in view.finished_counts().items()]
    return "Finished so far: " + "; ".join(parts) + "."


def _rows(frame: "pd.DataFrame", view: "CoordinatorView") -> tuple[Row, ...]:
    names = {item.id: item.text for item in view.protocol.items}
    return tuple(_named(row, names) for row in frame.to_dict("records"))


def _named(row: dict[str, Any], names: Mapping[str, str]) -> Row:
    item, equals, option = str(row["item"]).partition(" = ")
    name = names.get(item, item) + (equals and f": {option}")
    if item.startswith("any:"):
        group, _, rest = item.removeprefix("any:").partition(" ")
        name = f"Any {group}-related" + (" (all items)" if rest else " (of this diagnosis)")
    category = row.get("category")
    remark = str(row.get("status", ""))
    return row | {"name": f"{name}: {category}" if category else name, "remark": "" if remark == "ok" else remark}


def _matrices(frame: "pd.DataFrame", field_name: str, ratings: "Ratings") -> dict[Line, ReaderMatrix]:
    """A symmetric matrix for each line of a table of pairs of readers."""
    place = {reader: index for index, reader in enumerate(ratings.reader_ids)}
    found: dict[Line, list[list[float]]] = {}
    for row in frame.to_dict("records"):
        values = found.setdefault(line_of(row), [[float("nan")] * len(place) for _ in place])
        a, b = place[row["reader_a"]], place[row["reader_b"]]
        values[a][b] = values[b][a] = float(row[field_name])
    return {line: ReaderMatrix(ratings.reader_ids, tuple(map(tuple, values))) for line, values in found.items()}
