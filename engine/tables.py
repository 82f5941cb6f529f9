"""The one table writer (CSV, LaTeX, HTML), the one figure writer (SVG, PNG), and folders that appear whole or not.

CSV holds every digit; cells of text that a spreadsheet would run as a formula (they begin with =, +, -, @, tab or
return) get an apostrophe in front. LaTeX and HTML show the printed form of the same rows.
"""

import html
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from engine.errors import ExportError
from engine.latex import latex_table
from engine.rounding import is_number

NOTICE = "Research use only, not for diagnosis."
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PNG_DPI = 200
_REMARK = "Remark"  # a column of sentences
# Fixed ids and no dates: the same readings give the same bytes. Text stays text: a journal can set its own font.
_FIGURE_STYLE: Any = {"svg.hashsalt": "readerapp", "svg.fonttype": "none"}


@dataclass(frozen=True)
class Table:
    """A table to write. `frame` holds values as they are; `printed` text cells for people, None = CSV only."""

    frame: pd.DataFrame
    title: str = ""
    note: str = ""  # what the columns mean, and what the intervals are; printed below
    printed: pd.DataFrame | None = None


def write_table(table: Table, folder: Path, name: str, formats: Sequence[str] = ("csv", "tex", "html")) -> None:
    """Write `name`.csv and, where the table has a printed form, `name`.tex and `name`.html."""
    frame = spreadsheet_safe(table.frame)
    frame.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")
    if table.printed is None:
        return
    for ending, text in (("tex", latex_of(table, name)), ("html", html_page(table))):
        if ending in formats:
            (folder / f"{name}.{ending}").write_text(text, encoding="utf-8", newline="\n")


def spreadsheet_safe(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with an apostrophe before text cells that a spreadsheet would run; numbers stay as they are."""
    safe = frame.copy()
    for column in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[column]):
            safe[column] = safe[column].map(_without_formula)
    return safe


def _without_formula(cell: object) -> object:
    if isinstance(cell, str) and cell.startswith(_FORMULA) and not is_number(cell):
        return f"'{cell}"
    return cell


def latex_of(table: Table, label: str) -> str:
    """The printed form as LaTeX (`engine.latex`)."""
    printed = _printed(table)
    return latex_table(printed, _numeric(printed), table.title, _note(table), label)


_PAGE_STYLE = """
body { font-family: system-ui, sans-serif; margin: 2rem; color: #111; background: #fff; }
.table { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .6rem; }
th, td { padding: .3rem .7rem; text-align: left; vertical-align: top; font-weight: 400; }
tbody th, thead th:first-child { position: sticky; left: 0; background: #fff; }
thead th { border-top: 2px solid #111; border-bottom: 1px solid #111; font-weight: 600; vertical-align: bottom; }
tbody tr:last-child > * { border-bottom: 2px solid #111; }
tbody th { min-width: 9rem; }
.remark { min-width: 16rem; }
.number { text-align: right; white-space: nowrap; }
thead .number { white-space: normal; }
@media print {
  @page { size: landscape; margin: 12mm; }
  body { margin: 0; font-size: 7.5pt; }
  .table { overflow: visible; }
  th, td { padding: .15rem .3rem; }
  tbody th { min-width: 0; }
  tbody th, thead th:first-child { position: static; }
  .number { white-space: normal; }
}
p { max-width: 60rem; color: #444; }
figure { margin: 2rem 0; }
img { max-width: 100%; height: auto; }
"""


def html_page(table: Table) -> str:
    """A page with one table: caption, column and row headers, notes, and what the page may be used for."""
    return _page(table.title, f"{_html_table(table)}<p>{html.escape(_note(table))}</p>\n")


@dataclass(frozen=True)
class Picture:
    """A figure of a page: its file, relative to the page, and its title in words."""

    file: str
    title: str


def html_report(title: str, parts: Sequence[Table | Picture | str]) -> str:
    """A page of several tables, figures and paragraphs, in order; it says at its head what it may be used for."""
    body = [f"<h1>{html.escape(title)}</h1>\n<p><strong>{NOTICE}</strong></p>\n"]
    for part in parts:
        if isinstance(part, Table):
            note = f"<p>{html.escape(part.note)}</p>\n" if part.note else ""
            body.append(f"{_html_table(part)}{note}")
        elif isinstance(part, Picture):
            words = html.escape(part.title)
            image = f'<img src="{html.escape(part.file, quote=True)}" alt="{words}">'
            body.append(f"<figure>\n{image}\n<figcaption>{words}</figcaption>\n</figure>\n")
        else:
            body.append(f"<p>{html.escape(part)}</p>\n")
    return _page(title, "".join(body))


def _page(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{html.escape(title)}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<style>{_PAGE_STYLE}</style>\n</head>\n'
        f"<body>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def _html_table(table: Table) -> str:
    printed = _printed(table)
    kinds = [_html_kind(printed, name) for name in printed.columns]
    heads = "".join(f'<th scope="col"{k}>{html.escape(str(n))}</th>' for k, n in zip(kinds, printed.columns))
    rows = "\n".join(_html_row(row, kinds) for row in printed.itertuples(index=False))
    title = html.escape(table.title)
    return (
        f'<div class="table" role="region" aria-label="{title}" tabindex="0">\n<table>\n'
        f"<caption>{title}</caption>\n<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n</div>\n"
    )


def _html_kind(printed: pd.DataFrame, name: str) -> str:
    if name == _REMARK:
        return ' class="remark"'
    return "" if _is_text(printed[name]) else ' class="number"'


def _html_row(cells: Sequence[object], kinds: Sequence[str]) -> str:
    first, *rest = (html.escape(str(cell)) for cell in cells)
    body = "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds[1:], rest))
    return f'<tr><th scope="row">{first}</th>{body}</tr>'


def _printed(table: Table) -> pd.DataFrame:
    return table.frame.fillna("") if table.printed is None else table.printed


def _numeric(printed: pd.DataFrame) -> list[bool]:
    """The columns that are set flush right: their cells begin like numbers."""
    return [not _is_text(printed[name]) for name in printed.columns]


def _is_text(column: pd.Series) -> bool:
    cells = [str(cell) for cell in column if str(cell)]
    return not cells or not all(cell[0].isdecimal() or cell[0] in "−-" or cell.startswith("not est") for cell in cells)


def _note(table: Table) -> str:
    return f"{table.note} {NOTICE}".strip()


def write_figure(figure: Figure, folder: Path, name: str, title: str) -> None:
    """Write `name`.svg and `name`.png (200 dpi); the notice is set below the figure. Deterministic."""
    FigureCanvasAgg(figure)
    figure.text(0.995, 0.004, NOTICE, ha="right", va="bottom", fontsize=6.5, color="#555555")
    svg, png = folder / f"{name}.svg", folder / f"{name}.png"
    with mpl.rc_context(_FIGURE_STYLE):
        figure.savefig(svg, metadata={"Date": None, "Creator": "readerapp", "Title": title, "Description": NOTICE})
        figure.savefig(png, dpi=_PNG_DPI, metadata={"Software": None, "Title": title, "Description": NOTICE})


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """A folder to write into that becomes `out` when all went well; on any error `out` is as it was before.

    Where `out` exists, files of the same names are replaced and others stay. Raises ExportError where a file of `out`
    cannot be replaced (open in another program).
    """
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise ExportError(f"{out} is a file; name a folder to export to")
    out.parent.mkdir(parents=True, exist_ok=True)
    working = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        fresh = working / "new"
        fresh.mkdir()
        yield fresh
        if out.exists():
            _replace_files(fresh, out, working / "old")
        else:
            os.replace(fresh, out)
    finally:
        shutil.rmtree(working, ignore_errors=True)


def _replace_files(fresh: Path, out: Path, aside: Path) -> None:
    """Move every file of `fresh` into `out`; what it replaces waits in `aside`, and goes back if any move fails."""
    moved: list[Path] = []
    for source in _files(fresh):
        name = source.relative_to(fresh)
        try:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (aside / name).parent.mkdir(parents=True, exist_ok=True)
            if (out / name).exists():
                os.replace(out / name, aside / name)
            moved.append(name)
            os.replace(source, out / name)
        except OSError as error:
            _put_back(moved, aside, out)
            why = error.strerror or error
            raise ExportError(f"{out / name} could not be replaced ({why}); close it and export again") from error


def _put_back(moved: Sequence[Path], aside: Path, out: Path) -> None:
    for name in moved:
        (out / name).unlink(missing_ok=True)
    for kept in _files(aside):
        os.replace(kept, out / kept.relative_to(aside))


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
