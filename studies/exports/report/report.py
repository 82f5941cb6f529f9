"""`report.pdf`: what a person attaches to a manuscript. The same readings give the same bytes; the only date in it is
that of the journal's last event.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from reportlab.platypus import Flowable

from engine.tables import Table
from studies.exports.changes import ChangeTables
from studies.exports.record import StudyRecord
from studies.exports.report import results, sections
from studies.exports.report.layout import Pages, ReportDocument
from studies.exports.statistics import StatisticsOrder, StatisticsTables
from studies.statistics.ratings import Ratings

REPORT = "report.pdf"
_MOST_PASSES = 4  # page numbers settle in two; a number that grows by a digit may take one more


@dataclass(frozen=True)
class ReportTables:
    """The results that a report lays out: as they were written to the other files of the export."""

    ratings: Ratings
    order: StatisticsOrder
    tables: StatisticsTables
    published: list[Table]  # Tables 1 and 2, what step 1 found, proposals; where there are
    changes: ChangeTables


def write_report(record: StudyRecord, results: ReportTables, folder: Path) -> Path:
    """Write `report.pdf`; returns its path. Pages are laid out again until every reference to a page is right."""
    pages: Pages = {}
    total = 0
    for _ in range(_MOST_PASSES):
        content = BytesIO()
        document = ReportDocument(content, record.protocol.title, _subject(record), _foot(record), total)
        document.build(list(_story(record, results, pages)))
        if (document.found.pages, document.found.total) == (pages, total):
            break
        pages, total = document.found.pages, document.found.total
    path = folder / REPORT
    path.write_bytes(content.getvalue())
    return path


def _subject(record: StudyRecord) -> str:
    return f"Reader study, seal {record.design.seal_hash}"


def _foot(record: StudyRecord) -> str:
    return f"Seal {record.design.seal_hash[:12]} · as of {sections.last_event(record)[:16]}Z"


def _story(record: StudyRecord, given: ReportTables, pages: Pages) -> Iterator[Flowable]:
    labels, order = given.order.labels, given.order
    yield from sections.opening(record, given.ratings, pages)
    yield from sections.design_section(record)
    yield from sections.readers_section(record)
    yield from sections.flow_section(record)
    yield from results.published_section(given.published)
    yield from results.agreement_section(given.tables, labels)
    yield from results.figures_section(given.tables, order)
    yield from results.pairs_section(given.tables, labels)
    yield from results.repeats_section(given.tables, labels)
    yield from results.changes_section(given.changes, labels)
    yield from sections.times_section(record)
    yield from sections.methods_section(record, given.ratings, order.redraws, order.seed)
    yield from sections.proof_section(record)
    yield from sections.grras_section(pages)
