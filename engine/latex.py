"""Tables as LaTeX: booktabs longtables that compile as they are and fit a plain article's page.

A table that is too wide for the text is set small, then on its side with narrow margins. Widths are estimated from
Computer Modern (a digit is half the type size); pdfTeX, XeTeX and LuaTeX all take the result.
"""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

_GREEK_LETTERS = "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ"
_GREEK_NAMES = (
    "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon varphi chi "
    "psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"
)
_GREEK = dict(zip(_GREEK_LETTERS, re.findall(r"\w+", _GREEK_NAMES)))
_LATEX = {
    "\\": r"\textbackslash{}",
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    **{mark: f"{{{mark}}}" for mark in "[]*"},  # after \\ these would be read as its options
    "−": "$-$",
    "–": r"\textendash{}",
    "—": r"\textemdash{}",
    **{letter: rf"$\{name}$" for letter, name in _GREEK.items()},
    "µ": r"$\mu$",
    "×": r"$\times$",
    "±": r"$\pm$",
    "≈": r"$\approx$",
    "≠": r"$\neq$",
    "≥": r"$\geq$",
    "≤": r"$\leq$",
    "→": r"$\rightarrow$",
    "←": r"$\leftarrow$",
    "↑": r"$\uparrow$",
    "↓": r"$\downarrow$",
    "’": "'",
    "\u00a0": "~",
    "\n": " ",
    "\t": " ",
    "\r": " ",
}
_LIGATURES = re.compile(r"-(?=-)|'(?=')|,(?=,)")  # two of them would print as one other mark

_TEXT_PT = 345  # of an article at 10 points
_SIDE_PT = 720  # of a letter page on its side with the margins below; A4 has more
_MARGIN = "1.25cm"
_EM_SHARE = 0.51  # of the type size: a digit, or a letter on average
_WORDS, _NUMBERS, _HEADING = 19, 10, 9  # characters: what is longer is set in lines in a wide table
_INTERVAL = 12  # "0.734 (0.448", with "to 1.000)" below


def escape_latex(text: str) -> str:
    """Text that LaTeX prints as it is. Control characters are left out, which no TeX takes."""
    kept = "".join(mark for mark in text if mark >= " " or mark in "\n\t\r")
    return "".join(_LATEX.get(mark, mark) for mark in _LIGATURES.sub(lambda found: f"{found[0]}\0", kept)).replace(
        "\0", "{}"
    )


@dataclass(frozen=True)
class _Setting:
    """How a table is set: the size of its type and the space between columns, in points; upright or on its side."""

    command: str = ""
    points: float = 10.0
    gap: float = 6.0
    wide: bool = False


_SETTINGS = (
    _Setting(),
    _Setting(r"\footnotesize", 8.0),
    _Setting(r"\footnotesize\setlength{\tabcolsep}{3pt}", 8.0, 3.0),
    _Setting(r"\scriptsize\setlength{\tabcolsep}{2pt}", 7.0, 2.0, wide=True),
    _Setting(r"\fontsize{5.5}{6.5}\selectfont\setlength{\tabcolsep}{1.5pt}", 5.5, 1.5, wide=True),
)


def latex_table(printed: pd.DataFrame, numeric: Sequence[bool], title: str, note: str, label: str) -> str:
    """A longtable of cells of text; `numeric` columns are set flush right. The first line says what the preamble needs.

    A number at the head of the title ("Table 1: …") is left out: LaTeX counts its tables itself.
    """
    setting = _fitting(printed, numeric)
    header = [_heading(str(name), setting) for name in printed.columns]
    end = r" \\ \addlinespace[1.5pt]" if setting.wide else r" \\"
    rows = [" & ".join(_cell(str(cell), setting) for cell in row) + end for row in printed.itertuples(index=False)]
    columns = "".join(_column(printed[name], number, setting) for name, number in zip(printed.columns, numeric))
    head = [r"\toprule", " & ".join(header) + r" \\", r"\midrule"]
    lines = [
        rf"\begin{{longtable}}{{{columns}}}",
        rf"\caption{{{escape_latex(re.sub(r'^Table [0-9]+: ', '', title))}}}\label{{tab:{label}}}\\",
        *head,
        r"\endfirsthead",  # caption and label once, the heading on every page
        *head,
        r"\endhead",
        r"\bottomrule",
        r"\endfoot",
        r"\bottomrule",
        rf"\multicolumn{{{len(printed.columns)}}}{{p{{0.95\linewidth}}}}{{\footnotesize {escape_latex(note)}}} \\",
        r"\endlastfoot",
        *rows,
        r"\end{longtable}",
    ]
    if setting.wide:
        begin = rf"\newgeometry{{margin={_MARGIN}}}\begin{{landscape}}" + setting.command
        lines = [begin, *lines, r"\end{landscape}\restoregeometry"]
    elif setting.command:
        lines = [rf"\begingroup{setting.command}", *lines, r"\endgroup"]
    packages = "array,booktabs,longtable,pdflscape,geometry" if setting.wide else "booktabs,longtable"
    return "\n".join([rf"% needs \usepackage{{{packages}}} and \usepackage[T1]{{fontenc}}", *lines, ""])


def _fitting(printed: pd.DataFrame, numeric: Sequence[bool]) -> _Setting:
    """The largest type in which the table fits the text upright, else on its side; the smallest where none does."""
    for setting in _SETTINGS:
        columns = [_characters(printed[name], number, setting) for name, number in zip(printed.columns, numeric)]
        width = sum(n * _EM_SHARE * setting.points + 2 * setting.gap for n in columns)
        if width <= (_SIDE_PT if setting.wide else _TEXT_PT):
            return setting
    return _SETTINGS[-1]


def _characters(cells: pd.Series, numeric: bool, setting: _Setting) -> int:
    """The width of a column, its heading too."""
    longest = max((len(str(cell)) for cell in cells), default=0)
    name = str(cells.name)
    if setting.wide:
        heading = max(map(len, _heading_lines(name)), default=0)
        return max(heading, min(longest, _most(cells, numeric)))
    return max(len(name), longest)


def _most(cells: pd.Series, numeric: bool) -> int:
    """The longest line in a wide table's column."""
    if not numeric:
        return _WORDS
    return _INTERVAL if any(" to " in str(cell) for cell in cells) else _NUMBERS


def _column(cells: pd.Series, numeric: bool, setting: _Setting) -> str:
    """The letter of a column; in a wide table, cells that are too long are set in lines."""
    longest = max((len(str(cell)) for cell in cells), default=0)
    if setting.wide and longest > _most(cells, numeric):
        width = _characters(cells, numeric, setting) * _EM_SHARE * setting.points
        side = r"\raggedleft" if numeric else r"\raggedright"
        return rf">{{{side}\arraybackslash}}p{{{width:.0f}pt}}"
    return "r" if numeric else "l"


def _cell(words: str, setting: _Setting) -> str:
    """In a wide table the end of an interval stays whole: its line breaks before the "to"."""
    return escape_latex(words.replace(" to ", " to\u00a0") if setting.wide else words)


def _heading_lines(name: str) -> list[str]:
    unbroken = name.replace("(95 % CI)", "(95\u00a0%\u00a0CI)")
    return textwrap.wrap(unbroken, _HEADING, break_long_words=False)


def _heading(name: str, setting: _Setting) -> str:
    """In a wide table a heading has several short lines, so that its column is as narrow as its numbers."""
    if not setting.wide:
        return escape_latex(name)
    lines = [escape_latex(line) for line in _heading_lines(name)]
    return r"\shortstack[l]{" + r"\\".join(lines) + "}"
