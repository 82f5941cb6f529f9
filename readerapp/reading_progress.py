"""How far readers are, as plain rows: who has read what, how long it took, and whether they get faster. No answers.

Runs in the worker's thread.
"""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

Row = Mapping[str, Any]
State = Literal["unread", "open", "read"]
Clock = Literal["active_s", "total_s", "away_s"]
_CURVE_PLACES = 60  # at most, along a reader's order
_POINTS_SHOWN = 150  # of one reader: more would be a cloud


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
    """One showing of a case to a reader. Seconds are None: not read, or practice (which is not timed here)."""

    state: State
    repeat: bool
    active_s: float | None = None
    total_s: float | None = None
    away_s: float | None = None


@dataclass(frozen=True)
class Curve:
    """A reader's time at work on a case (seconds) against its place in the order (from 1)."""

    reader_id: str
    points: tuple[tuple[int, float], ...]  # evenly thinned where there are very many
    middle: tuple[tuple[float, float], ...]  # running median


@dataclass(frozen=True)
class ProgressTables:
    """Progress as the page shows it. A row of `cases` has a tuple of `Cell` under each reader's id."""

    readers: tuple[ReaderProgress, ...] = ()
    cases: tuple[Row, ...] = ()
    heads: tuple[Row, ...] = ()
    curves: tuple[Curve, ...] = ()


@dataclass(frozen=True)
class _Seconds:
    active_s: float
    total_s: float
    away_s: float
    position: int
    reader_id: str


def read_progress(view: "CoordinatorView", known: ProgressTables | None = None) -> ProgressTables:
    """Readers, cases, times, chain heads; `known` where nothing was written since. Never locked: no answer is in it."""
    heads = tuple({"chain": chain, "head": head} for chain, head in view.heads().items())
    if known is not None and known.heads == heads:
        return known
    seconds = _seconds(view)
    showings = view.progress().to_dict("records")
    readers = _reader_progress(view, showings, seconds)
    return ProgressTables(readers, _case_rows(view, showings, seconds), heads, _curves(view, seconds))


def _seconds(view: "CoordinatorView") -> dict[str, _Seconds]:
    """By code of the showing; the phases of an explained one added up."""
    times = view.times()[["code", "reader_id", "position", "active_s", "total_s", "away_s"]]
    found: dict[str, _Seconds] = {}
    for code, reader, position, active, total, away in times.itertuples(index=False, name=None):
        before = found.get(code, _Seconds(0, 0, 0, 0, ""))
        found[code] = _Seconds(
            before.active_s + active, before.total_s + total, before.away_s + away, int(position), reader
        )
    return found


def _reader_progress(
    view: "CoordinatorView", showings: list[dict[str, Any]], seconds: Mapping[str, _Seconds]
) -> tuple[ReaderProgress, ...]:
    own: dict[str, list[float]] = {}
    for row in showings:
        if row["code"] in seconds:
            own.setdefault(row["reader_id"], []).append(seconds[row["code"]].active_s)
    return tuple(
        ReaderProgress(reader, read, total, statistics.median(own[reader]) if reader in own else None)
        for reader, (read, total) in view.finished_counts().items()
    )


def _case_rows(
    view: "CoordinatorView", showings: list[dict[str, Any]], seconds: Mapping[str, _Seconds]
) -> tuple[Row, ...]:
    readers = [reader.id for reader in view.protocol.readers]
    flags = view.design.flags
    said: dict[str, list[str]] = {}
    for flag in view.flags().to_dict("records"):
        said.setdefault(str(flag["case_id"]), []).append(f"{flag['reader_id']}: {flag['comment']}")
    rows: dict[str, dict[str, Any]] = {
        case.case_id: {
            "case_id": case.case_id,
            "practice": case.practice,
            "stratum": case.stratum,
            "flag": "; ".join(
                dict.fromkeys(
                    [*(flags[i.sha256] for i in case.images if i.sha256 in flags), *said.get(str(case.case_id), ())]
                )
            ),
        }
        | dict.fromkeys(readers, ())
        for case in view.design.cases
    }
    for row in sorted(showings, key=lambda row: row["repeat"]):
        rows[row["case_id"]][row["reader_id"]] += (_cell(row, seconds.get(row["code"])),)
    for made in rows.values():
        made["states"] = _states(made, readers)
        made["seconds"] = {clock: _first_showings(made, readers, clock) for clock in ("active_s", "total_s", "away_s")}
        made["medians"] = {clock: _median(made, readers, clock) for clock in ("active_s", "total_s", "away_s")}
    return tuple(rows.values())


def _cell(row: Mapping[str, Any], seconds: _Seconds | None) -> Cell:
    if seconds is None:
        return Cell(row["state"], bool(row["repeat"]))
    return Cell(row["state"], bool(row["repeat"]), seconds.active_s, seconds.total_s, seconds.away_s)


def _states(row: Row, readers: Sequence[str]) -> frozenset[str]:
    """What a case can be chosen by: every state it is in for anyone, "flagged", "repeat"."""
    cells = [cell for reader in readers for cell in row[reader]]
    states = {str(cell.state) for cell in cells} | ({"flagged"} if row["flag"] else set())
    return frozenset(states | ({"repeat"} if any(cell.repeat for cell in cells) else set()))


def _first_showings(row: Row, readers: Sequence[str], clock: str) -> dict[str, float | None]:
    """Reader → seconds of the first showing; hidden repeats count in no table of times."""
    return {reader: next((getattr(cell, clock) for cell in row[reader] if not cell.repeat), None) for reader in readers}


def _median(row: Row, readers: Sequence[str], clock: str) -> float | None:
    times = [getattr(cell, clock) for reader in readers for cell in row[reader] if getattr(cell, clock) is not None]
    return statistics.median(times) if times else None


def _curves(view: "CoordinatorView", seconds: Mapping[str, _Seconds]) -> tuple[Curve, ...]:
    places: dict[str, list[tuple[int, float]]] = {reader.id: [] for reader in view.protocol.readers}
    for one in seconds.values():
        places[one.reader_id].append((one.position, one.active_s))
    return tuple(learning_curve(reader, own) for reader, own in places.items())


def learning_curve(reader_id: str, times: Sequence[tuple[int, float]]) -> Curve:
    """A reader's curve from (position, seconds): places count what was read, from 1, in the order of positions.

    The running median is over a tenth of the cases, at least 5 and an odd number, centred, shorter at the ends.
    """
    values = [seconds for _, seconds in sorted(times)]
    n = len(values)
    half = max(5, n // 10) // 2
    every = max(1, -(-n // _CURVE_PLACES))
    middle = [
        (place + 1.0, statistics.median(values[max(0, place - half) : place + half + 1]))
        for place in range(0, n, every)
    ]
    thin = max(1, -(-n // _POINTS_SHOWN))
    return Curve(reader_id, tuple((place + 1, values[place]) for place in range(0, n, thin)), tuple(middle))
