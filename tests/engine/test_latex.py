"""Tables as LaTeX: what always holds of the text; where pdflatex is installed, that it compiles and fits the page."""

import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.latex import escape_latex, latex_table
from engine.tables import latex_of
from studies.exports.printing import agreement_printed, prevalence_printed
from studies.statistics.agreement import agreement_table
from studies.statistics.prevalence import prevalence_table
from studies.statistics.ratings import Ratings

SPECIAL_ITEMS = (
    "Drain_1 & 50 % of #2 {x} ~^\\ $5",
    "[1] β-blocker ≥ 5 µm → “here”",
    "*post--op* 'quoted' <b> `tick`",
    "Périphérique Größe – ½ µ Ω °",
)
DOCUMENT = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{array,booktabs,longtable,pdflscape,geometry}
\begin{document}
Words around it.
%s
More words.
\end{document}
"""


def ratings() -> Ratings:
    draw = np.random.default_rng(3)
    rows = [
        {
            "case_id": f"c{case}",
            "patient_id": f"p{case}",
            "stratum": ("pneumothorax", "a_b & c")[case % 2],
            "reader_id": reader,
            "item": f"item{number}",
            "item_group": "treatment",
            "arm": "unaided",
            "value": int(draw.integers(2)),
        }
        for case in range(16)
        for reader in ("reader_1", "reader 2")
        for number in range(len(SPECIAL_ITEMS))
    ]
    return Ratings.from_frame(pd.DataFrame(rows))


def tables() -> dict[str, str]:
    labels = {f"item{number}": text for number, text in enumerate(SPECIAL_ITEMS)}
    agreement = agreement_printed(agreement_table(ratings(), redraws=50), labels)
    prevalence = prevalence_printed(prevalence_table(ratings(), redraws=50), labels)
    return {"agreement": latex_of(agreement, "agreement"), "prevalence": latex_of(prevalence, "prevalence")}


def is_balanced(text: str) -> bool:
    """Braces that are not escaped close what they open, and every \\begin has its \\end."""
    bare = re.sub(r"\\[{}\\]", "", text)
    depth = 0
    for mark in bare:
        depth += {"{": 1, "}": -1}.get(mark, 0)
        if depth < 0:
            return False
    opened: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", text):
        if kind == "begin":
            opened.append(name)
        elif not opened or opened.pop() != name:
            return False
    return depth == 0 and not opened


def test_every_table_is_balanced_and_every_row_has_every_column() -> None:
    for name, text in tables().items():
        assert is_balanced(text), name
        assert text.count(r"\label") == 1, name
        rows = [line for line in text.splitlines() if " & " in line]
        ampersands = {len(re.findall(r"(?<!\\)&", row)) for row in rows}
        assert len(rows) > 8 and len(ampersands) == 1, (name, ampersands)


def test_special_marks_of_items_are_escaped() -> None:
    text = tables()["prevalence"]
    assert r"Drain\_1 \& 50 \% of \#2 \{x\} \textasciitilde{}\textasciicircum{}\textbackslash{} \$5" in text
    assert r"{[}1{]} $\beta$-blocker $\geq$ 5 $\mu$m $\rightarrow$" in text
    assert r"{*}post-{}-op{*} 'quoted' \textless{}b\textgreater{} \textasciigrave{}tick\textasciigrave{}" in text


@settings(deadline=None)
@given(st.lists(st.text(max_size=40), min_size=1, max_size=4), st.text(max_size=20))
def test_no_words_break_the_table(cells: list[str], title: str) -> None:
    text = latex_table(pd.DataFrame({"Item": cells, "n": ["1"] * len(cells)}), [False, True], title, "A note.", "t")
    assert is_balanced(text)
    assert not re.search(r"(?<!\\)[&#%]", escape_latex("".join(cells)).replace(r"\\", ""))


def test_a_table_is_set_as_large_as_it_fits() -> None:
    narrow = pd.DataFrame({"Item": ["a"], "n": ["1"]})
    broad = pd.DataFrame({f"Column {n}": ["some words here"] for n in range(4)})
    assert r"\begingroup" not in latex_table(narrow, [False, True], "", "", "t")
    assert r"\begingroup\footnotesize" in latex_table(broad, [False] * 4, "", "", "t")
    broad = pd.DataFrame({f"Column {n}": ["some words here"] for n in range(9)})
    text = latex_table(broad, [False] * 9, "", "", "t")
    assert r"\begin{landscape}" in text and r"\restoregeometry" in text and "pdflscape,geometry" in text


def test_a_number_in_the_title_is_left_to_latex() -> None:
    text = latex_table(pd.DataFrame({"n": ["1"]}), [True], "Table 1: Presence", "", "t")
    assert r"\caption{Presence}" in text


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_the_tables_compile_in_a_plain_article_and_fit_its_page(tmp_path: Path) -> None:
    (tmp_path / "t.tex").write_text(DOCUMENT % "\n".join(tables().values()), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "t.tex"]
    for _ in range(3):  # longtable learns its widths from the run before
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    log = done.stdout.decode("utf-8", "replace")
    assert done.returncode == 0, log[-2000:]
    assert "multiply defined" not in log and "Missing character" not in log
    too_wide = [float(points) for points in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert max(too_wide, default=0.0) < 5.0, too_wide  # points; a millimetre and a half
    assert (tmp_path / "t.pdf").stat().st_size > 5000
