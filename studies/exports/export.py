"""Everything a manuscript and its reviewers need, in one folder that appears whole or not at all."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from engine.rounding import counted
from engine.tables import Table, whole_folder, write_table
from studies.errors import AccessError, RatingsError
from studies.exports.changes import change_tables, changes_printed, explanations_frame
from studies.exports.diffchest import diffchest_tables
from studies.exports.masks import marks_with_files, write_masks
from studies.exports.methods import write_methods
from studies.exports.raw import write_codebook, write_journal, write_readings
from studies.exports.record import StudyRecord
from studies.exports.report.report import ReportTables, write_report
from studies.exports.statistics import StatisticsOrder, write_statistics
from studies.exports.steps import step_tables
from studies.protocol import Protocol
from studies.reading.disputes import ADJUDICATED, adjudication_frame
from studies.reading.events import Event
from studies.statistics.ratings import ALL, Ratings

if TYPE_CHECKING:
    from studies.reading.study import CoordinatorView

Progress = Callable[[float], None]


def export_ratings(
    ratings: Ratings, out: Path, progress: Progress | None = None, *, redraws: int = 2000, seed: int = 0
) -> list[Path]:
    """Agreement and prevalence of any table of readings, with figures, into `out`. Returns the files written.

    Raises ExportError, RatingsError; `out` is then as it was before.
    """
    order = StatisticsOrder(redraws=redraws, seed=seed)
    with whole_folder(out) as folder:
        write_statistics(ratings, folder, order, progress or _silent)
        write_codebook("agreement and prevalence", (), folder)
        write_methods(ratings, folder, redraws, seed, {})
        names = _names(folder)
    return [out / name for name in names]


def export_study(
    view: "CoordinatorView", out: Path, progress: Progress | None = None, *, redraws: int = 2000, seed: int = 0
) -> list[Path]:
    """Every table, figure and raw file of a study into `out`. Returns the files written.

    Raises AccessError while readers are still reading, unless the coordinator has looked early and said why.
    """
    if not view.agreement_unlocked:
        raise AccessError(view.locked_sentence())
    record = StudyRecord(
        view.protocol, view.design, view.readings(), view.marks(), view.times(), view.events(), view.heads()
    )
    return export_record(record, out, progress, redraws=redraws, seed=seed)


def export_record(
    record: StudyRecord, out: Path, progress: Progress | None = None, *, redraws: int = 2000, seed: int = 0
) -> list[Path]:
    """`export_study` from the tables themselves."""
    protocol = record.protocol
    if record.readings.empty:
        raise RatingsError("no reader has finished a case yet; there is nothing to export")
    ratings = Ratings.from_frame(record.readings, protocol.items)
    order = StatisticsOrder(
        redraws=redraws,
        seed=seed,
        confounders={stratum.name: stratum.confounders for stratum in protocol.selection.strata},
        findings={stratum.name: stratum.finding_items for stratum in protocol.selection.strata},
        labels={item.id: item.text for item in protocol.items},
    )
    with whole_folder(out) as folder:
        tell = progress or _silent
        tables = write_statistics(ratings, folder, order, lambda share: tell(0.85 * share))
        unit = "Radiographs" if protocol.case_unit == "image" else "Cases"
        arm = _unaided(protocol, ratings)
        published = list(diffchest_tables(tables.agreement, tables.prevalence, arm, unit))
        published += step_tables(record, ratings)
        for name, table in published:
            write_table(table, folder, name)
        changes = change_tables(record, redraws, seed)
        if record.design.explanations:
            write_table(Table(explanations_frame(record.design.explanations)), folder, "explanations")
        if not changes.pairs.empty:
            write_table(changes_printed(changes.changes, order.labels), folder, "changes")
            write_table(Table(changes.pairs), folder, "answer_pairs")
            write_table(Table(changes.in_view), folder, "explanations_in_view")
        _write_raw(record, folder)
        tell(0.88)
        laid_out = ReportTables(ratings, order, tables, [table for _, table in published], changes)
        write_report(record, laid_out, folder)
        tell(0.99)
        write_methods(ratings, folder, redraws, seed, _facts(record))
        names = _names(folder)
    tell(1.0)
    return [out / name for name in names]


def _silent(share: float) -> None:
    """Progress nobody asked for."""


def _names(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


def _unaided(protocol: Protocol, ratings: Ratings) -> str:
    """The arm of Tables 1 and 2 as tables name it: the unaided one, which is "all" where there is no other."""
    return next(arm.name for arm in protocol.arms if arm.kind == "unaided") if len(ratings.arms) > 1 else ALL


def _write_raw(record: StudyRecord, folder: Path) -> None:
    write_readings(record.readings, folder)
    marks = marks_with_files(record.marks)
    write_table(Table(marks), folder, "marks")
    write_masks(marks, folder)
    write_table(Table(record.times), folder, "times")
    write_journal(record.events, record.heads, folder)
    given = record.events[record.events["kind"] == ADJUDICATED].to_dict("records")
    if given:
        verdicts = [Event(**{str(name): value for name, value in row.items()}) for row in given]
        write_table(Table(adjudication_frame(verdicts, record.design)), folder, "adjudication")
    (folder / "protocol.toml").write_text(record.design.protocol_text, encoding="utf-8", newline="")
    write_codebook(record.protocol.title, record.protocol.items, folder)


def _facts(record: StudyRecord) -> dict[str, str]:
    design = record.design
    return {
        "Study": record.protocol.title,
        "Seal": design.seal_hash,
        "Protocol (sha256)": design.protocol_sha256,
        "Cohort rows (sha256)": design.cohort_sha256,
        "Sealed at": f"{design.sealed_at} by version {design.software}",
        "Order": design.algorithm,
        **_step1(record),
        "Journal": f"{len(record.events)} events in {len(record.heads)} chains; heads in chain_heads.csv",
    }


def _step1(record: StudyRecord) -> dict[str, str]:
    """Which study of counterfactuals this one checks, where it does."""
    step1 = record.protocol.step1
    if step1 is None:
        return {}
    least = f"found by {counted(step1.min_readers, 'reader')} or more in {counted(step1.min_cases, 'case')} or more"
    return {"Step 1": f"{step1.title}; seal {step1.seal}; confounders {least}"}
