"""A study's readings as tables: what the coordinator sees and exports. Practice is in none but progress."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from studies.design import Case, Presentation, SealedDesign
from studies.protocol import Item, Protocol
from studies.reading.events import Event
from studies.reading.marks import WITH_SPACING, Mark, mark_value
from studies.reading.masks import area_px, mask_fields
from studies.reading.readings import Answer, CaseState, Phase
from studies.reading.timing import Timing

States = Mapping[str, Mapping[str, CaseState]]  # reader id → code → state

_SHOWING = ["reader_id", "case_id", "patient_id", "stratum", "arm", "repeat", "part", "code", "position"]
READINGS = [*_SHOWING, "item", "item_group", "item_kind", "value", "n_marks"]
_PLACE = ["x0", "y0", "x1", "y1", "points", "measured", "unit", "row_spacing_mm", "column_spacing_mm", "calibrated"]
_REGION = ["area_px", "mask"]
MARKS = [*_SHOWING, "item", "mark_id", "kind", "image", "frame", *_PLACE, *_REGION]
_IN_VIEW = ["reveals", "explanation_s"]
TIMES = [*_SHOWING, "load_s", "total_s", "away_s", "active_s", "gap_s", "openings", *_IN_VIEW, "first_mark_s"]
PROGRESS = [
    "reader_id",
    "case_id",
    "code",
    "position",
    "part",
    "repeat",
    "practice",
    "state",
    "n_answered",
    "finished_at",
]
FLAGS = ["reader_id", "case_id", "code", "position", "practice", "comment"]
EVENTS = list(Event.__dataclass_fields__)


def readings_frame(design: SealedDesign, protocol: Protocol, states: States) -> pd.DataFrame:
    """One row a finished presentation × item, in the order of readers, positions and items.

    `arm` is the unaided arm, and for a presentation whose explanation was shown and finished, a second set of rows has
    its own arm: the answers with the explanation in view. `repeat` is 1 for a hidden repeat. `value` is "" where the
    item was left unanswered; a multi item has its options joined by "; ", "none" where none was chosen.
    """
    rows = []
    for showing, phase, state in _finished(design, protocol, states):
        answers, marks = state.sheet(phase)
        counts: dict[str, int] = {}
        for mark in marks.values():
            counts[mark.item_id] = counts.get(mark.item_id, 0) + 1
        for item in protocol.items:
            value = _value(item, answers.get(item.id))
            rows.append((*showing, item.id, item.group, item.kind, value, counts.get(item.id, 0)))
    return pd.DataFrame.from_records(rows, columns=READINGS)


def marks_frame(design: SealedDesign, protocol: Protocol, states: States) -> pd.DataFrame:
    """One row a mark of a finished presentation; x and y are (column, row) in stored pixels, pixel centres.

    x0, y0 is a mark's first point and x1, y1 its last; `points` has all of them as JSON. A measurement has its value
    (`measured`, `unit`), worked out from its points and the spacing it was made with. A mask has its area too, and its
    pixels as JSON, in COCO's form (`studies.reading.masks`).
    """
    rows = []
    for showing, phase, state in _finished(design, protocol, states):
        for mark in state.sheet(phase)[1].values():
            rows.append((*showing, mark.item_id, mark.id, mark.kind, mark.image, mark.frame, *_mark_place(mark)))
    return pd.DataFrame.from_records(rows, columns=MARKS)


def times_frame(design: SealedDesign, protocol: Protocol, states: States) -> pd.DataFrame:
    """One row a finished presentation (and phase): seconds as `studies.reading.timing` defines them.

    `first_mark_s` and a column `answer_s.<item>` for each item are from first paint to the first mark and to the first
    answer, time away included; NaN where there was none. `reveals` and `explanation_s`: how often the explanation came
    into view and for how long, time away left out; 0 in the unaided phase.
    """
    names = [f"answer_s.{item.id}" for item in protocol.items]
    rows = []
    for showing, phase, state in _finished(design, protocol, states):
        times = state.timing.get(phase, Timing())
        numbers = (times.load_s, times.total_s, times.away_s, times.active_s, times.gap_s, times.openings)
        in_view = (state.reveals, state.explanation_s) if phase == "explained" else (0, 0.0)
        firsts = [times.first_mark_s, *(times.first_answer_s.get(item.id) for item in protocol.items)]
        rows.append((*showing, *numbers, *in_view, *(float("nan") if first is None else first for first in firsts)))
    return pd.DataFrame.from_records(rows, columns=[*TIMES, *names])


def progress_frame(design: SealedDesign, states: States) -> pd.DataFrame:
    """One row a presentation, practice too: `state` is "unread", "open" (begun, not finished) or "read"."""
    rows = []
    for p in design.presentations:
        state = states.get(p.reader_id, {}).get(p.code)
        word = "unread" if state is None or not state.opened else "read" if state.closed else "open"
        answered = len(state.sheet("unaided")[0]) if state else 0
        done = state.finished_at if state else ""
        rows.append((p.reader_id, p.case_id, p.code, p.position, p.part, p.repeat, p.practice, word, answered, done))
    return pd.DataFrame.from_records(rows, columns=PROGRESS)


def flags_frame(design: SealedDesign, states: States) -> pd.DataFrame:
    """One row a presentation that its reader has flagged, practice too, with the comment as it stands."""
    rows = [
        (p.reader_id, p.case_id, p.code, p.position, p.practice, state.flag)
        for p in design.presentations
        if (state := states.get(p.reader_id, {}).get(p.code)) is not None and state.flag
    ]
    return pd.DataFrame.from_records(rows, columns=FLAGS)


def events_frame(events: Sequence[Event]) -> pd.DataFrame:
    """One row an event, fields as `studies.reading.events.Event` has them; `payload` is the object."""
    return pd.DataFrame.from_records([tuple(vars(event).values()) for event in events], columns=EVENTS)


def _finished(
    design: SealedDesign, protocol: Protocol, states: States
) -> Iterator[tuple[tuple[Any, ...], Phase, CaseState]]:
    """Each finished presentation outside practice, with the columns that identify it; twice where it was explained."""
    unaided = next(arm.name for arm in protocol.arms if arm.kind == "unaided")
    cases = {case.case_id: case for case in design.cases}
    for p in design.presentations:
        state = states.get(p.reader_id, {}).get(p.code)
        if state is None or not state.closed or p.practice:
            continue
        yield _showing(p, cases[p.case_id], unaided), "unaided", state
        if state.locked_answers is not None:
            yield _showing(p, cases[p.case_id], p.arm), "explained", state


def _showing(p: Presentation, case: Case, arm: str) -> tuple[Any, ...]:
    return (p.reader_id, p.case_id, case.patient_id, case.stratum, arm, p.repeat, p.part, p.code, p.position)


def _value(item: Item, answer: Answer | None) -> str:
    if answer is None:
        return ""
    return ("; ".join(json.loads(answer.value)) or "none") if item.kind == "multi" else answer.value


def _mark_place(mark: Mark) -> tuple[Any, ...]:
    """What `_PLACE` and `_REGION` name."""
    value = mark_value(mark)
    spacing = mark.spacing_mm or (None, None)
    return (
        *mark.points[0],
        *mark.points[-1],
        json.dumps(mark.points),
        *((value.value, value.unit) if value else (None, "")),
        *spacing,
        int(mark.calibrated) if mark.kind in WITH_SPACING else None,
        *((area_px(mark.mask), json.dumps(mask_fields(mark.mask))) if mark.mask else (None, "")),
    )
