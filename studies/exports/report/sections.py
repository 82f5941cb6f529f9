"""The sections of a report that say what was planned and done."""

from collections.abc import Iterator, Mapping

import pandas as pd
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, Spacer

from engine.rounding import counted
from studies.exports.methods import software_sentence
from studies.exports.record import StudyRecord
from studies.exports.report import wording
from studies.exports.report.flow import cohort_sentences, early_looks, reading_flow, selection_frame, times_frame
from studies.exports.report.layout import (
    SUBHEADING,
    SUBTITLE,
    TITLE,
    Heading,
    Pages,
    captioned,
    facts_table,
    paragraphs,
    text,
)
from studies.protocol import Item, Protocol
from studies.statistics.ratings import Ratings

_ROOM = 40 * mm
_SECTIONS = {
    "design": "Design",
    "readers": "Readers",
    "flow": "Flow of cases and readings",
    "tables": "Confounders by diagnosis",
    "agreement": "Agreement between readers",
    "figures": "Figures",
    "pairs": "Readers compared",
    "repeats": "Readers with themselves",
    "changes": "What explanations changed",
    "times": "Reading times",
    "methods": "Methods, for a manuscript",
    "proof": "Hashes, and what they cannot prove",
    "grras": "Reporting guideline (GRRAS)",
}


def heading(mark: str) -> Iterator[Flowable]:
    """A section's heading, on a page with room for what follows it."""
    yield CondPageBreak(_ROOM)
    yield Heading(_SECTIONS[mark], mark)


def opening(record: StudyRecord, ratings: Ratings, pages: Pages) -> Iterator[Flowable]:
    """Title, the study in numbers, and where things stand."""
    design = record.design
    yield text(record.protocol.title, TITLE)
    yield text("Report of a reader study: design, readings, agreement. Research use only, not for diagnosis.", SUBTITLE)
    yield facts_table(
        [
            ("Cases", f"{len(ratings.case_ids)} of {counted(len(ratings.patient_ids), 'patient')}"),
            ("Readers", ", ".join(ratings.reader_ids)),
            ("Items", str(len(record.protocol.items))),
            ("Sealed", f"{design.sealed_at} by version {design.software}"),
            ("Last event", f"{last_event(record)} (the readings are as of then)"),
            ("Seal", design.seal_hash),
            ("Protocol SHA-256", design.protocol_sha256),
            ("Cohort rows SHA-256", design.cohort_sha256),
            ("Allocation", design.algorithm),
            ("Made with", software_sentence()),
        ],
        fixed_names=("Seal", "Protocol SHA-256", "Cohort rows SHA-256"),
    )
    yield text("Contents", SUBHEADING)
    yield facts_table(
        [(f"Page {pages.get(mark, '…')}", words) for mark, words in _SECTIONS.items() if not pages or mark in pages]
    )


def last_event(record: StudyRecord) -> str:
    """When the journal was written to last, ISO 8601 in UTC: the one date that an export carries."""
    return str(max(record.events["wall_time"])) if len(record.events) else "none"


def design_section(record: StudyRecord) -> Iterator[Flowable]:
    protocol = record.protocol
    yield from heading("design")
    yield facts_table(
        [
            (
                "Case",
                {"image": "one image", "study": "all images of one study", "patient": "all images of one patient"}[
                    protocol.case_unit
                ],
            ),
            ("Selection", "\n".join(wording.selection_sentences(protocol))),
            ("Selection seed", str(protocol.selection.seed)),
            ("Arms", "\n".join(_arm_lines(protocol))),
            ("Order", wording.order_sentence(protocol)),
            ("Practice", _practice(protocol)),
            ("Sessions", wording.sessions_sentence(protocol)),
            ("Navigation", wording.navigation_sentence(protocol)),
            ("Counted as away", f"no input for more than {protocol.timing.away_limit_s:g} s"),
            ("Blinding", wording.BLINDING),
        ]
    )
    if protocol.instructions.strip():
        yield text("Instructions to readers", SUBHEADING)
        yield from paragraphs(protocol.instructions)
    items = pd.DataFrame([_item_row(item) for item in protocol.items])
    yield from captioned("Items, asked of every case", items.loc[:, (items != "").any()], wide=("Definition",))


def _arm_lines(protocol: Protocol) -> list[str]:
    lines = []
    for arm in protocol.arms:
        line = arm.name if arm.name == arm.kind else f"{arm.name}: {arm.kind}"
        if arm.explanation:
            e = arm.explanation
            line += f", {e.method} of {e.target} ({e.run}), {100 * arm.share:g} % of each reader's cases"
        lines.append(line)
    return lines


def _practice(protocol: Protocol) -> str:
    training = protocol.training
    return f"{counted(training.n, 'case')} with feedback, read first, not analysed" if training else "none"


def _item_row(item: Item) -> dict[str, str]:
    kind = item.kind if item.kind in ("presence", "text") else f"{item.kind}: {', '.join(item.options)}"
    return {"Item": item.text, "Group": item.group, "Answers": kind, "Definition": item.help, "Code": item.code}


def readers_section(record: StudyRecord) -> Iterator[Flowable]:
    yield from heading("readers")
    rows = [
        {
            "Reader": reader.id,
            "Experience (years)": "not given" if reader.experience_years is None else f"{reader.experience_years:g}",
            "Specialty": reader.specialty or "not given",
        }
        for reader in record.protocol.readers
    ]
    yield from captioned("Readers, as the protocol gives them", pd.DataFrame(rows))


def flow_section(record: StudyRecord) -> Iterator[Flowable]:
    yield from heading("flow")
    yield from captioned("Cases", selection_frame(record), " ".join(cohort_sentences(record)))
    note = (
        "Answers asked for: finished readings × items (text items not counted). Unanswered items were left open by the "
        f"reader when the case was finished. Practice is not counted. {early_looks(record)}"
    )
    yield from captioned("Readings", reading_flow(record), note)


def times_section(record: StudyRecord) -> Iterator[Flowable]:
    if record.times.empty:
        return
    yield from heading("times")
    note = (
        "Per finished reading, hidden repeats among them; loading is no part of it. Opened again: readings that were "
        "resumed or reopened."
    )
    yield from captioned("Time at work", times_frame(record), note)


def methods_section(record: StudyRecord, ratings: Ratings, redraws: int, seed: int) -> Iterator[Flowable]:
    yield from heading("methods")
    for paragraph in wording.methods_paragraphs(record, ratings, redraws, seed):
        yield text(paragraph)


def proof_section(record: StudyRecord) -> Iterator[Flowable]:
    yield from heading("proof")
    chains = counted(len(record.heads), "chain")
    yield text(f"The journal has {len(record.events)} events in {chains}; the hash of the last event of each:")
    yield facts_table(sorted(record.heads.items()), fixed_names=tuple(record.heads))
    yield Spacer(1, 6)
    for paragraph in wording.CANNOT_PROVE:
        yield text(paragraph)


def grras_section(pages: Pages) -> Iterator[Flowable]:
    yield from heading("grras")
    rows = [
        {"": item.number, "Asks": item.asks, "Here": _places(item, pages), "Remark": item.remark}
        for item in wording.GRRAS
    ]
    note = (
        "Kottner J, Audigé L, Brorson S, et al. Guidelines for Reporting Reliability and Agreement Studies (GRRAS) "
        "were proposed. J Clin Epidemiol 2011; 64: 96–106. Paraphrased: check the original before submitting."
    )
    yield from captioned("Where this report answers the items", pd.DataFrame(rows), note, wide=("Asks",))


def _places(item: wording.Guideline, pages: Mapping[str, int]) -> str:
    return "; ".join(f"p. {pages[mark]}, {_SECTIONS[mark]}" for mark in item.marks if mark in pages)
