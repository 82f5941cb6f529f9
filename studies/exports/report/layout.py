"""The page of a report and what stands on it: headings with their page, tables that break and repeat their header."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from textwrap import shorten
from typing import Any, BinaryIO

import pandas as pd
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from engine.tables import NOTICE
from studies.exports.report.fonts import BOLD, FIXED, PLAIN, register_fonts, width_of

INK, QUIET, RULE = HexColor("#16191d"), HexColor("#555c66"), HexColor("#c4c9d0")
MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
HEIGHT = A4[1] - 2 * MARGIN - 12 * mm
_CELL = 7.2  # points, where the table fits
_LEAST_CELL = 5.4
_MOST_OF_A_LINE = 0.45  # what a column of long text asks for: others are read beside it
_PAD = 3.0  # points beside the text of a cell

_ROOM = 26 * mm  # a caption stands on a page with the first rows of its table

_NBSP = "\u00a0"
Pages = Mapping[str, int]  # mark of a heading → its page, from 1


def _style(name: str, size: float, leading: float, font: str = PLAIN, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=leading, textColor=more.pop("ink", INK), **more)


TITLE = _style("title", 17, 22, BOLD, spaceAfter=3)
SUBTITLE = _style("subtitle", 9.5, 13, ink=QUIET, spaceAfter=8)
HEADING = _style("heading", 12.5, 16, BOLD, spaceBefore=14, spaceAfter=5)
SUBHEADING = _style("subheading", 9.5, 12, BOLD, spaceBefore=9, spaceAfter=3)
BODY = _style("body", 8.6, 12.2, spaceAfter=5)
NOTE = _style("note", 6.8, 9.2, ink=QUIET, spaceBefore=3, spaceAfter=6)
CAPTION = _style("caption", 8.2, 11, BOLD, spaceBefore=8, spaceAfter=3)


def text(words: str, style: ParagraphStyle = BODY) -> Paragraph:
    """A paragraph of plain words, whatever characters are in them; no line begins with a percent sign."""
    return Paragraph(escape(_bound(words)).replace("\n", "<br/>"), style)


def _bound(words: str) -> str:
    """A number and its percent sign, and the name of an interval, on one line."""
    return words.replace(" % CI", f"{_NBSP}%{_NBSP}CI").replace(" %", f"{_NBSP}%")


def paragraphs(words: str) -> Iterator[Paragraph]:
    """Text as a person typed it: a line break is one only where a line is empty."""
    for part in re.split(r"\n\s*\n", words.strip()):
        yield text(" ".join(part.split()))


class Heading(Paragraph):  # type: ignore[misc]
    """A heading that other places refer to by its mark; it stands in the outline of the file."""

    def __init__(self, words: str, mark: str) -> None:
        super().__init__(escape(words), HEADING)
        self.words, self.mark = words, mark


def fixed(words: str) -> str:
    """Markup of a hash or a name, which may break anywhere."""
    return f'<font name="{FIXED}">{escape(words)}</font>'


def facts_table(rows: Sequence[tuple[str, str]], fixed_names: Sequence[str] = ()) -> Table:
    """Name and value side by side; values of `fixed_names` in a type of fixed width."""
    name_style = _style("name", 7.8, 10.6, ink=QUIET)
    value_style = _style("value", 7.8, 10.6)
    small = _style("hash", 6.6, 10.6)
    cells = [
        [
            text(name, name_style),
            Paragraph(fixed(value), small) if name in fixed_names else text(value, value_style),
        ]
        for name, value in rows
    ]
    table = Table(cells, colWidths=[38 * mm, WIDTH - 38 * mm], hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 1.6),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6),
                ("LINEBELOW", (0, 0), (-1, -1), 0.25, RULE),
            ]
        )
    )
    return table


def data_table(printed: pd.DataFrame, wide: Sequence[str] = ()) -> Table:
    """A table of text cells over the width of the page: it breaks over pages and repeats its header.

    Columns named in `wide` take what is left. The type grows smaller where words would not fit, and beyond that long
    words break.
    """
    columns = [_bound(str(name)) for name in printed.columns]
    rows = [[_unbroken(str(cell)) for cell in row] for row in printed.itertuples(index=False)]
    size, widths = _fit(columns, rows, wide)
    numeric = [_is_numeric(rows, place) for place in range(len(columns))]
    head = [_style("head", size, 1.25 * size, BOLD, alignment=2 if number else 0) for number in numeric]
    cell = [_style("cell", size, 1.28 * size, alignment=2 if number else 0) for number in numeric]
    cells = [[text(name, style) for name, style in zip(columns, head)]]
    cells += [[text(value, style) for value, style in zip(row, cell)] for row in rows]
    table = Table(cells, colWidths=widths, repeatRows=1, hAlign="LEFT")
    table.setStyle(_TABLE)
    return table


_TABLE = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("VALIGN", (0, 1), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), _PAD),
        ("RIGHTPADDING", (0, 0), (-1, -1), _PAD),
        ("TOPPADDING", (0, 0), (-1, -1), 1.7),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.7),
        ("LINEABOVE", (0, 0), (-1, 0), 0.9, INK),
        ("LINEBELOW", (0, 0), (-1, 0), 0.5, INK),
        ("LINEBELOW", (0, 1), (-1, -2), 0.2, RULE),
        ("LINEBELOW", (0, -1), (-1, -1), 0.9, INK),
    ]
)


_INTERVAL = re.compile(r"\S+ to \S+")


def _unbroken(cell: str) -> str:
    """An interval stays on one line; the line may break before its bracket."""
    if _INTERVAL.fullmatch(cell):
        return cell.replace(" ", _NBSP)
    before, bracket, inside = cell.partition(" (")
    if not bracket or " to " not in inside:
        return cell
    return f"{before} ({inside.replace(' ', _NBSP)}"


_NUMBER = re.compile(r"[<−-]?[0-9][0-9.,]*")


def _is_numeric(rows: Sequence[Sequence[str]], place: int) -> bool:
    """Set flush right: plain numbers. Values with their interval stand flush left, below each other."""
    cells = [row[place] for row in rows if row[place] and row[place] != "not estimable"]
    return bool(cells) and all(_NUMBER.fullmatch(cell) for cell in cells)


def _fit(columns: Sequence[str], rows: Sequence[Sequence[str]], wide: Sequence[str]) -> tuple[float, list[float]]:
    """Size of type and column widths, in points."""
    size = _CELL
    while True:
        least = [_least(name, [row[place] for row in rows], size) for place, name in enumerate(columns)]
        if sum(least) <= WIDTH or size <= _LEAST_CELL:
            break
        size -= 0.3
    most = [_most(name, [row[place] for row in rows], size) for place, name in enumerate(columns)]
    if sum(least) > WIDTH:
        return size, [WIDTH * width / sum(least) for width in least]
    wish = [max(0.0, min(high, _MOST_OF_A_LINE * WIDTH) - low) for low, high in zip(least, most)]
    widths = [low + more for low, more in zip(least, _shared(WIDTH - sum(least), wish))]
    takers = [place for place, name in enumerate(columns) if name in wide]
    for place in takers:
        widths[place] += (WIDTH - sum(widths)) / len(takers) if place == takers[-1] else 0
    return size, widths


def _shared(spare: float, wishes: Sequence[float]) -> list[float]:
    """Small wishes are met first: intervals stand on one line before the names of items do."""
    given = [0.0] * len(wishes)
    for met, place in enumerate(sorted(range(len(wishes)), key=wishes.__getitem__)):
        given[place] = min(wishes[place], spare / (len(wishes) - met))
        spare -= given[place]
    return given


def _least(name: str, cells: Sequence[str], size: float) -> float:
    """The width in which no word breaks (NBSP binds), header and cells; a word of 30 characters may break."""
    head = max(width_of(word, BOLD, size) for word in name.split(" ")) if name else 0.0
    words = {word[:30] for cell in cells for word in cell.replace("\n", " ").split(" ")}
    return max([head, *(width_of(word, PLAIN, size) for word in words)]) + 2 * _PAD + 0.5


def _most(name: str, cells: Sequence[str], size: float) -> float:
    """The width in which everything stands on one line."""
    lines = {line for cell in cells for line in cell.split("\n")}
    widths = [width_of(name, BOLD, size), *(width_of(line, PLAIN, size) for line in lines)]
    return max(widths) + 2 * _PAD + 0.5


def captioned(caption: str, printed: pd.DataFrame, note: str = "", wide: Sequence[str] = ()) -> list[Flowable]:
    """A caption, its table and a note below; nothing for a table without rows."""
    if printed.empty:
        return []
    parts: list[Flowable] = [CondPageBreak(_ROOM), text(caption, CAPTION), data_table(printed, wide)]
    return [*parts, text(note, NOTE)] if note else [*parts, Spacer(1, 6)]


@dataclass
class _Found:
    """What a pass over the story found out: the page of each heading, and how many pages there are."""

    pages: dict[str, int] = field(default_factory=dict)
    total: int = 0


class ReportDocument(BaseDocTemplate):  # type: ignore[misc]
    """A4 pages with a running head, what the report may be used for, page n of m. The same story, the same bytes."""

    def __init__(self, target: Path | BinaryIO, title: str, subject: str, foot: str, total: int) -> None:
        register_fonts()
        super().__init__(
            target if not isinstance(target, Path) else str(target),
            pagesize=A4,
            title=title,
            subject=subject,
            author="",
            creator="readerapp",
            keywords=NOTICE,
            lang="en",
            invariant=1,
            leftMargin=MARGIN,
            rightMargin=MARGIN,
        )
        self.found = _Found()
        self._running, self._foot, self._total = shorten(title, 90, placeholder=" …"), foot, total
        frame = Frame(MARGIN, MARGIN + 4 * mm, WIDTH, HEIGHT, 0, 0, 0, 0, id="text")
        self.addPageTemplates(PageTemplate("page", [frame], onPage=self._furnish))

    def afterFlowable(self, flowable: Flowable) -> None:
        """Called by reportlab after each part: headings are noted with their page, and stand in the outline."""
        if isinstance(flowable, Heading):
            self.found.pages[flowable.mark] = self.page
            self.canv.bookmarkPage(flowable.mark)
            self.canv.addOutlineEntry(flowable.words, flowable.mark)

    def _furnish(self, canvas: Canvas, _document: BaseDocTemplate) -> None:
        self.found.total = max(self.found.total, canvas.getPageNumber())
        canvas.saveState()
        canvas.setFillColor(QUIET)
        canvas.setFont(PLAIN, 6.8)
        top, bottom, right = A4[1] - 11 * mm, 10 * mm, A4[0] - MARGIN
        canvas.drawString(MARGIN, top, self._running)
        canvas.drawRightString(right, top, "Reader study report")
        canvas.drawString(MARGIN, bottom, f"{NOTICE}   {self._foot}")
        canvas.drawRightString(right, bottom, f"Page {canvas.getPageNumber()} of {self._total or '…'}")
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.4)
        canvas.line(MARGIN, top - 3, right, top - 3)
        canvas.line(MARGIN, bottom + 9, right, bottom + 9)
        canvas.restoreState()
