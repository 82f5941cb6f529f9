"""From the cohort to the readings that the tables count: numbers at each step, and why something is not there."""

from typing import Any

import pandas as pd

from engine.rounding import counted
from studies.exports.record import StudyRecord
from studies.reading.events import DESK, SEALED


def selection_frame(record: StudyRecord) -> pd.DataFrame:
    """A row a stratum (or all cases, or practice): asked for, available, taken by an earlier one, read, patients.

    What was available was noted at the sealing; studies sealed before that was noted have empty cells there.
    """
    noted = {_name(one["name"], one["practice"]): one for one in _selection(record).get("sampled", [])}
    rows = []
    for name, asked, cases in _parts(record):
        one = noted.get(name, {})
        rows.append(
            {
                "Stratum": name,
                "Asked for": "all" if asked is None else str(asked),
                "Available": str(one.get("available", "")),
                "Patient taken elsewhere": str(one.get("taken_elsewhere", "")),
                "Chosen": str(len(cases)),
                "Patients": str(len({case.patient_id for case in cases})),
            }
        )
    frame = pd.DataFrame(rows)
    return frame.loc[:, (frame != "").any()]


def _name(name: str, practice: bool) -> str:
    return "practice (not analysed)" if practice else name or "all that meet the filter"


def _parts(record: StudyRecord) -> list[tuple[str, int | None, list[Any]]]:
    protocol, cases = record.protocol, record.design.cases
    parts: list[tuple[str, int | None, list[Any]]] = [
        (s.name, s.n, [c for c in cases if c.stratum == s.name and not c.practice]) for s in protocol.selection.strata
    ]
    if not parts:
        parts.append((_name("", False), None, [case for case in cases if not case.practice]))
    if protocol.training:
        parts.append((_name("", True), protocol.training.n, [case for case in cases if case.practice]))
    return parts


def cohort_sentences(record: StudyRecord) -> list[str]:
    """What the cases were chosen from, and what the import of the cohort had left out, with its reasons."""
    noted = _selection(record)
    if not noted:
        return ["The size of the cohort was not noted when this study was sealed."]
    analysed = sum(not case.practice for case in record.design.cases)
    images, patients = counted(noted["cohort_images"], "image"), counted(noted["cohort_patients"], "patient")
    lines = [
        f"The cohort held {images} of {patients}; "
        f"{counted(analysed, 'case')} {'was' if analysed == 1 else 'were'} chosen from it by the rules of the design, "
        "the others were not asked for."
    ]
    left_out = noted.get("left_out_at_import", [])
    if not left_out:
        return [*lines, "The import of the cohort had left nothing out."]
    reasons = "; ".join(f"{left['count']} at {left['step']} ({left['reason']})" for left in left_out)
    return [*lines, f"The import of the cohort had left out: {reasons}."]


def _selection(record: StudyRecord) -> dict[str, Any]:
    events = record.events
    sealed = events[(events["chain"] == DESK) & (events["kind"] == SEALED)]
    return {} if sealed.empty else dict(sealed.iloc[0]["payload"].get("selection", {}))


def early_looks(record: StudyRecord) -> str:
    """Whether the desk looked at answers before every reader had finished, and why: it belongs into a report."""
    events = record.events
    looks = events[(events["chain"] == DESK) & (events["kind"] == "looked_early")]
    if looks.empty:
        return "Nobody looked at answers at the desk before every reader had finished."
    told = "; ".join(f"{look['wall_time']}: {look['payload'].get('reason', '')}" for look in looks.to_dict("records"))
    return f"Answers were looked at before every reader had finished ({told})."


def reading_flow(record: StudyRecord) -> pd.DataFrame:
    """A row a reader and arm: readings asked for and finished, and what became of their answers. Practice left out."""
    several = len(set(record.readings["arm"])) > 1 if not record.readings.empty else False
    rows = [_flow_row(record, reader.id, arm, several) for reader in record.protocol.readers for arm in _arms(record)]
    frame = pd.DataFrame(rows)
    total = frame.drop(columns=["Reader", "Arm"], errors="ignore").sum()
    frame = pd.concat([frame, pd.DataFrame([{"Reader": "all", "Arm": "", **total}])], ignore_index=True)
    frame = frame if several else frame.drop(columns=["Arm"])
    return frame.astype(str)


def _arms(record: StudyRecord) -> list[str]:
    """The unaided arm first; the others where anything was shown in them."""
    unaided = next(arm.name for arm in record.protocol.arms if arm.kind == "unaided")
    shown = {p.arm for p in record.design.presentations if p.explained}
    return [unaided, *(arm.name for arm in record.protocol.arms if arm.name in shown)]


def _flow_row(record: StudyRecord, reader: str, arm: str, several: bool) -> dict[str, Any]:
    own = [p for p in record.design.presentations if p.reader_id == reader and not p.practice]
    unaided = arm == _arms(record)[0]
    asked = own if unaided else [p for p in own if p.arm == arm and p.explained]
    readings = record.readings
    answers = readings[(readings["reader_id"] == reader) & (readings["arm"] == arm)]
    finished = answers.drop_duplicates("code")
    rated = answers[answers["item_kind"] != "text"]
    return {
        "Reader": reader,
        "Arm": arm,
        "Readings asked for": len(asked),
        "Of these repeats": sum(p.repeat for p in asked),
        "Finished": len(finished),
        "Not finished": len(asked) - len(finished),
        "Answers asked for": len(rated),
        "Unanswered": int((rated["value"] == "").sum()),
        "Uncertain": int((rated["value"] == "uncertain").sum()),
        "Not assessable": int((rated["value"] == "not assessable").sum()),
    }


def times_frame(record: StudyRecord) -> pd.DataFrame:
    """A row a reader (and arm): finished readings with their time at work, in seconds; hidden repeats too."""
    times = record.times
    by = ["reader_id", "arm"] if len(set(times["arm"])) > 1 else ["reader_id"]
    rows = []
    for keys, own in times.groupby(by, sort=False):
        active = own["active_s"].astype(float)
        low, middle, high = active.quantile([0.25, 0.5, 0.75])
        rows.append(
            {
                "Reader": keys[0],
                **({"Arm": keys[1]} if len(by) > 1 else {}),
                "Readings": str(len(own)),
                "Median (s)": f"{middle:.1f}",
                "Quartiles (s)": f"{low:.1f} to {high:.1f}",
                "Sum at work (min)": f"{active.sum() / 60:.1f}",
                "Away (min)": f"{own['away_s'].astype(float).sum() / 60:.1f}",
                "Opened again": str(int((own["openings"] > 1).sum())),
            }
        )
    return pd.DataFrame(rows)
