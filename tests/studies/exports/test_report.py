"""The PDF report: it is read again with another library, and its numbers are those of the exported tables."""

import dataclasses
import re
from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader

from engine.rounding import number, with_interval
from studies.exports.export import export_record, export_study
from studies.exports.record import StudyRecord
from studies.exports.report.layout import ReportDocument, captioned
from studies.planning.sealing import create_study, seal_study
from studies.protocol import parse_protocol
from studies.reading.frames import MARKS, READINGS, TIMES
from studies.reading.study import open_as_coordinator, open_as_reader
from tests.studies.made_cohorts import passphrases, write_small_cohort
from tests.studies.made_studies import made_design

READERS = ("Jörg", "Łukasz", "r3")
PROTOCOL = """
title = "Drains & wires <in Köln>"
instructions = \"\"\"
Say what
you see.

Take a break.
\"\"\"
[selection]
[[selection.strata]]
name = "pneumothorax"
where = { "label.pneumothorax" = 1 }
n = 20
confounders = ["drain", "congestion"]
[order]
repeat_share = 0.2
repeat_distance = 3
[[items]]
id = "drain"
text = "Chest drain"
group = "treatment"
help = "A drain ≤ 14 F, pigtails & all <calibres>"
[[items]]
id = "congestion"
text = "Congestion"
group = "physiology"
"""


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study of 12 of the 20 cases asked for, read by three readers, exported."""
    folder = tmp_path_factory.mktemp("study")
    cohort = write_small_cohort(
        folder / "cohort",
        [f"p{case // 2}" for case in range(16)],
        **{"label.pneumothorax": [int(c < 12) for c in range(16)]},
    )
    names = ("joerg", "lukasz", "r3")
    listed = "".join(f'[[readers]]\nid = "{n}"\nspecialty = "{full} ü"\n' for n, full in zip(names, READERS))
    (folder / "protocol.toml").write_text(PROTOCOL + listed, encoding="utf-8")
    root = create_study(folder / "protocol.toml", cohort, folder / "study")
    seal_study(root, passphrases(*names))
    view = open_as_coordinator(root, passphrases()["coordinator"])
    cases = {p.code: int(p.case_id.removeprefix("image")) for p in view.design.presentations}
    for number_, name in enumerate(names):
        reader = open_as_reader(root, name, passphrases(*names)[name])
        for showing in reader.presentations:
            case = cases[showing.code]
            for kind in ("case_opened", "painted"):
                reader.journal_append("s", kind, showing.code, {})
            drain = "uncertain" if case == 7 else "present" if (case + (case == number_)) % 3 == 0 else "absent"
            congestion = "present" if case % 2 or case == number_ else "absent"
            for item, value in (("drain", drain), ("congestion", congestion)):
                reader.journal_append("s", "answered", showing.code, {"item": item, "old": "", "new": value})
            reader.journal_append("s", "case_finished", showing.code, {})
        reader.close()
    export_study(view, folder / "tables", redraws=200)
    view.close()
    return folder / "tables"


def _pages(report: Path) -> list[str]:
    """Text of each page, spaces and line breaks made one space."""
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(report).pages]


def test_every_page_says_what_it_is_for_and_which_of_how_many(exported: Path) -> None:
    pages = _pages(exported / "report.pdf")
    assert 4 <= len(pages) <= 12
    for place, page in enumerate(pages, start=1):
        assert "Research use only, not for diagnosis." in page
        assert f"Page {place} of {len(pages)}" in page
        assert "Drains & wires <in Köln>" in page
    outline = [entry.title for entry in PdfReader(exported / "report.pdf").outline]
    assert outline[:3] == ["Design", "Readers", "Flow of cases and readings"]


def test_its_numbers_are_those_of_the_tables(exported: Path) -> None:
    text = " ".join(_pages(exported / "report.pdf"))
    table = pd.read_csv(exported / "agreement.csv")
    rows = table[(table["stratum"] == "all") & (table["uncertain_as"] == "left out")].to_dict("records")
    assert len(rows) == 4  # two items, and any treatment and any physiology confounder
    for row in rows:
        assert with_interval(row["fleiss_kappa"], row["fleiss_kappa_low"], row["fleiss_kappa_high"], 2) in text
        assert with_interval(row["ac1"], row["ac1_low"], row["ac1_high"], 2) in text
        assert f"{number(row['observed_agreement'], 2)} {number(row['positive_agreement'], 2)}" in text
    for name in ("table1_treatment", "table2_physiology"):
        first = pd.read_csv(exported / f"{name}.csv").iloc[0]
        line = f"{first['radiographs_n']} {first['confounder_present']} {first['ratio_percent']:.1f} "
        assert line + number(first["fleiss_kappa"]) in text


def test_it_says_what_was_planned_and_where_the_readings_come_from(exported: Path) -> None:
    text = " ".join(_pages(exported / "report.pdf"))
    for part in (
        "A drain ≤ 14 F, pigtails & all <calibres>",
        "Say what you see.",
        "Jörg ü",
        "Łukasz ü",
        "The cohort held 16 images of 8 patients; 12 cases were chosen",
        "pneumothorax 20 12 0 12 6",  # asked for, available, taken elsewhere, chosen, patients
        "joerg 14 2 14 0 28",  # readings asked for, of these repeats, finished, not finished, answers
        "up to 20 cases each",
        "200 redraws, seed 0",
        "The chains have no secret key.",
    ):
        assert part in text, part
    heads = pd.read_csv(exported / "chain_heads.csv").set_index("chain")["head"]
    assert len(heads) == 4 and all(head in text.replace(" ", "") for head in heads)


def test_references_to_pages_are_right(exported: Path) -> None:
    pages = _pages(exported / "report.pdf")
    reader = PdfReader(exported / "report.pdf")
    places = {entry.title: reader.get_destination_page_number(entry) + 1 for entry in reader.outline}
    for title, page in places.items():
        assert f"Page {page} {title}" in pages[0]
    guideline = " ".join(pages[places["Reporting guideline (GRRAS)"] - 1 :])  # it may go over a page
    assert f"p. {places['Readers']}, Readers" in guideline
    assert f"p. {places['Methods, for a manuscript']}, Methods" in guideline


def test_figures_are_lines_and_every_font_is_in_the_file(exported: Path) -> None:
    reader = PdfReader(exported / "report.pdf")
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    used = [font for font in fonts if "/FontDescriptor" in font]
    assert used and all("DejaVu" in font["/BaseFont"] for font in used)
    assert all("/FontFile2" in font["/FontDescriptor"] for font in used)
    assert [image for page in reader.pages for image in page.images] == []
    assert any("Agreement beyond chance" in page for page in _pages(exported / "report.pdf"))


def _record(n_items: int, readers: tuple[str, ...], cases: int = 6) -> StudyRecord:
    """A record made by hand: many items with long names, every reader reads every case."""
    extra = "".join(
        f'[[items]]\nid = "i{k}"\ntext = "Item number {k} with a very long description of what is meant by it"\n'
        f'group = "group {k % 4}"\n'
        for k in range(n_items)
    )
    design = made_design(readers=readers, cases=cases, extra=extra)
    protocol = parse_protocol(design.protocol_text)
    readings = [
        (
            *(p.reader_id, p.case_id, f"patient-{p.case_id}", "secret-stratum", "unaided", 0, 0, p.code, p.position),
            *(item.id, item.group, "presence", "present" if (len(item.id) + p.position * k) % 3 else "absent", 0),
        )
        for p in design.presentations
        for k, item in enumerate(protocol.items)
    ]
    times = [
        (
            *(p.reader_id, p.case_id, p.case_id, "", "unaided", 0, 0, p.code, p.position),
            *(0.1, 9.0, 1.0, 8.0, 0.0, 1, 0, 0.0, None),
        )
        for p in design.presentations
    ]
    events = pd.DataFrame({"wall_time": ["2026-03-01T09:00:00.000Z"], "chain": ["desk"], "kind": ["sealed"]})
    events = events.assign(
        payload=[{}], seq=1, session_id="s", code="", monotonic_s=0.0, software="1", previous_hash="0", hash="1"
    )
    return StudyRecord(
        protocol,
        design,
        pd.DataFrame(readings, columns=READINGS),
        pd.DataFrame(columns=MARKS),
        pd.DataFrame(times, columns=TIMES),
        events,
        {"desk": "1" * 64},
    )


def test_many_items_and_readers_break_over_pages_with_their_header(tmp_path: Path) -> None:
    record = _record(70, tuple(f"reader-with-a-long-name-{k}" for k in range(6)))
    export_record(record, tmp_path / "out", redraws=100)
    pages = _pages(tmp_path / "out" / "report.pdf")
    text = " ".join(pages)
    spread = [page for page in pages if "Fleiss' κ (95 % CI) Bootstrap CI" in page]
    assert len(spread) >= 2
    assert all(f"Item number {k} with a very long" in text for k in range(70))
    assert "was not noted when this study was sealed" in text
    pairs = pd.read_csv(tmp_path / "out" / "pairwise.csv")
    some = pairs[(pairs["item"] == "i1") & (pairs["stratum"] == "all") & (pairs["uncertain_as"] == "left out")]
    assert len(some) == 15  # too many for columns: the least and the most are shown
    worst = some.loc[some["cohen_kappa"].idxmin()]
    # Where a name breaks over lines the text that is read back has a space.
    assert f"{worst['reader_a']}–{worst['reader_b']}" in text.replace(" ", "")
    assert with_interval(worst["cohen_kappa"], worst["cohen_kappa_low"], worst["cohen_kappa_high"], 2) in text


def test_an_early_look_is_told_with_its_reason(tmp_path: Path, exported: Path) -> None:
    record = _record(2, ("r1", "r2"))
    look = record.events.assign(kind="looked_early", payload=[{"reason": "a <pilot> look"}], seq=2)
    early = dataclasses.replace(record, events=pd.concat([record.events, look], ignore_index=True))
    export_record(early, tmp_path / "out", redraws=100)
    text = " ".join(_pages(tmp_path / "out" / "report.pdf"))
    assert "before every reader had finished (2026-03-01T09:00:00.000Z: a <pilot> look)" in text
    assert "Nobody looked at answers at the desk before" in " ".join(_pages(exported / "report.pdf"))


def test_same_readings_same_bytes_and_the_only_date_is_of_the_last_event(tmp_path: Path) -> None:
    record = _record(2, ("r1", "r2"))
    later = dataclasses.replace(record, events=record.events.assign(wall_time="2027-01-02T10:00:00.000Z"))
    for name, of in (("one", record), ("two", record), ("later", later)):
        export_record(of, tmp_path / name, redraws=100)
    one, two, other = ((tmp_path / name / "report.pdf").read_bytes() for name in ("one", "two", "later"))
    assert one == two
    assert one != other
    pages = _pages(tmp_path / "later" / "report.pdf")
    assert "Last event 2027-01-02T10:00:00.000Z" in pages[0]
    assert [page.replace("2027-01-02T10:00", "2026-03-01T09:00") for page in pages] == _pages(
        tmp_path / "one" / "report.pdf"
    )


ORDINAL = """[[items]]
id = "quality"
text = "Film quality"
kind = "ordinal"
options = ["poor", "fair"]
"""


def test_counts_are_whole_numbers_and_nothing_is_nan(tmp_path: Path) -> None:
    """Cochran's Q asks of one answer: an item of ordered options has it for each option, and no count as a whole."""
    record = _record(2, ("r1", "r2", "r3"))
    quality = record.readings[record.readings["item"] == "i1"].assign(item="quality", item_group="", item_kind="choice")
    quality = quality.assign(value=["poor" if k % 3 else "fair" for k in range(len(quality))])
    protocol = parse_protocol(record.design.protocol_text + ORDINAL)
    record = dataclasses.replace(
        record, protocol=protocol, readings=pd.concat([record.readings, quality], ignore_index=True)
    )
    export_record(record, tmp_path / "out", redraws=100)
    text = " ".join(_pages(tmp_path / "out" / "report.pdf"))
    assert "Film quality: poor" in text
    assert not re.search(r"\bnan\b", text)
    effects = text.split("Reader effects")[1].split("95 % interval")[0].split("Light: mean")[0]
    assert "Complete cases" in effects and re.search(r" 6 ", effects) and "6.0" not in effects
    assert "Ordered options were taken as unordered" in text


def test_a_single_reader_has_prevalences_and_no_pairs(tmp_path: Path) -> None:
    export_record(_record(2, ("r1",)), tmp_path / "out", redraws=100)
    text = " ".join(_pages(tmp_path / "out" / "report.pdf"))
    assert "Present, % (95 % interval)" in text and "Any reader" in text
    assert "of each pair of readers" not in text
    assert "not estimable" in text and not re.search(r"\bnan\b", text)


def test_an_interval_stands_on_one_line_before_a_long_name_does(tmp_path: Path) -> None:
    """Seven columns of coefficients beside long names: the names break."""
    long_name = "Any treatment-related confounder with a name that is very long indeed"
    interval = "−0.10 (−0.14 to 0.35)"
    printed = pd.DataFrame([{"Item": long_name, **{f"κ{k} (95 % CI)": interval for k in range(4)}}])
    document = ReportDocument(tmp_path / "table.pdf", "t", "s", "f", 1)
    document.build(captioned("Coefficients", printed))
    lines = PdfReader(tmp_path / "table.pdf").pages[0].extract_text().replace("\xa0", " ").splitlines()
    assert sum(interval in line for line in lines) == 4 and not any(long_name in line for line in lines)
    assert sum("(95 % CI)" in line for line in lines) == 4
