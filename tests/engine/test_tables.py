"""The table writer, the figure writer, and folders that appear whole or not at all."""

import os
import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure

from engine import tables
from engine.latex import escape_latex
from engine.tables import (
    NOTICE,
    ExportError,
    Table,
    html_page,
    latex_of,
    whole_folder,
    write_figure,
    write_table,
)


def _table() -> Table:
    frame = pd.DataFrame({"item": ["drain & wire_1", "=1+1"], "kappa": [1 / 3, np.nan], "n": [3, 4]})
    printed = pd.DataFrame({"Item": ["drain & wire_1", "<b>"], "κ": ["0.333", "not estimable"], "n": ["3", "4"]})
    return Table(frame, "A 50 % title", "α is 5 %.", printed)


def test_csv_is_unrounded_and_plain(tmp_path: Path) -> None:
    write_table(_table(), tmp_path, "t")
    data = (tmp_path / "t.csv").read_bytes()
    assert data.startswith(b"item,kappa,n\n")
    assert b"0.3333333333333333,3\n" in data
    assert b"'=1+1,,4\n" in data
    assert b"\r" not in data


@pytest.mark.parametrize("text", ["=1", "+cmd", "-cmd", "@x", "\tx", "\rx", "-"])
def test_what_a_spreadsheet_would_run_is_defused(tmp_path: Path, text: str) -> None:
    write_table(Table(pd.DataFrame({"a": [text]})), tmp_path, "t")
    assert pd.read_csv(tmp_path / "t.csv", dtype=str, keep_default_na=False)["a"][0].startswith("'")


@pytest.mark.parametrize("text", ["-1", "-1.5e-3", "+2", "drain", "a=b", "−"])
def test_numbers_and_plain_text_stay(tmp_path: Path, text: str) -> None:
    write_table(Table(pd.DataFrame({"a": [text]})), tmp_path, "t")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8") == f"a\n{text}\n"


def test_without_a_printed_form_there_is_csv_only(tmp_path: Path) -> None:
    write_table(Table(pd.DataFrame({"a": [1]})), tmp_path, "t")
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]


def test_latex_is_a_booktabs_table() -> None:
    text = latex_of(_table(), "kappa")
    assert r"drain \& wire\_1 & 0.333 & 3 \\" in text
    assert r"\caption{A 50 \% title}\label{tab:kappa}" in text
    assert r"Item & $\kappa$ & n \\" in text
    assert r"\begin{longtable}{lrr}" in text
    assert NOTICE in text
    for rule in (r"\toprule", r"\midrule", r"\bottomrule"):
        assert text.count(rule) == 2  # on the first page, or the last, and on those between


SPECIAL = set("&%$#_{}~^\\")


@given(st.text(max_size=30))
def test_no_special_character_reaches_latex_bare(text: str) -> None:
    left = escape_latex(text.replace("\u00a0", " "))  # that one becomes LaTeX's own ~
    left = re.sub(r"\\text[a-z]+\{\}|\$-\$|\$\\[A-Za-z]+\$|\{[\[\]*]\}|\{\}", "", left)
    for mark in "&%$#_{}":
        left = left.replace(f"\\{mark}", "")
    assert not SPECIAL & set(left)


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_html_is_accessible_and_escaped() -> None:
    page = html_page(_table())
    cells = _Cells()
    cells.feed(page)
    scopes = [attributes["scope"] for tag, attributes in cells.tags if tag == "th"]
    assert scopes == ["col"] * 3 + ["row"] * 2
    assert ("html", {"lang": "en"}) in cells.tags
    assert "caption" in dict(cells.tags)
    assert "<b>" in cells.text
    assert NOTICE in page


def _figure() -> Figure:
    figure = Figure(figsize=(3, 2))
    figure.add_subplot().plot([0, 1], [1, 0])
    return figure


def test_figures_are_deterministic_and_say_what_they_are_for(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_figure(_figure(), tmp_path, name, "A figure")
    for ending in ("svg", "png"):
        assert (tmp_path / f"one.{ending}").read_bytes() == (tmp_path / f"two.{ending}").read_bytes()
    svg = (tmp_path / "one.svg").read_text(encoding="utf-8")
    ElementTree.fromstring(svg)
    assert svg.count(NOTICE) >= 2  # printed, and in the metadata
    assert NOTICE.encode() in (tmp_path / "one.png").read_bytes()


def test_no_pyplot() -> None:
    """pyplot holds global state and may open windows; Figure objects do not."""
    import subprocess
    import sys

    code = "import sys, studies.exports.export; assert 'matplotlib.pyplot' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_folder_appears_when_all_went_well(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "deep" / "out") as folder:
        (folder / "a.csv").write_text("1")
        assert not (tmp_path / "deep" / "out").exists()
    assert (tmp_path / "deep" / "out" / "a.csv").read_text() == "1"
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]


def test_a_failed_export_leaves_what_was_there(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.csv").write_text("old")
    with pytest.raises(ValueError, match="halfway"), whole_folder(out) as folder:
        (folder / "a.csv").write_text("new")
        raise ValueError("halfway")
    assert (out / "a.csv").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_second_export_replaces_its_own_files_and_leaves_others(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "figures").mkdir(parents=True)
    (out / "a.csv").write_text("old")
    (out / "mine.txt").write_text("mine")
    with whole_folder(out) as folder:
        (folder / "figures").mkdir()
        (folder / "a.csv").write_text("new")
        (folder / "figures" / "f.svg").write_text("figure")
    assert (out / "a.csv").read_text() == "new"
    assert (out / "mine.txt").read_text() == "mine"
    assert (out / "figures" / "f.svg").read_text() == "figure"


def test_a_file_that_cannot_be_replaced_brings_everything_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where a table open in a spreadsheet is locked."""
    out = tmp_path / "out"
    out.mkdir()
    for name in ("a.csv", "b.csv", "c.csv"):
        (out / name).write_text("old")
    replace = os.replace

    def locked(source: Path, target: Path) -> None:
        if Path(source) == out / "b.csv":
            raise PermissionError(13, "Permission denied", str(source))
        replace(source, target)

    monkeypatch.setattr(tables.os, "replace", locked)
    with pytest.raises(ExportError, match=r"b\.csv could not be replaced"), whole_folder(out) as folder:
        for name in ("a.csv", "b.csv", "c.csv", "d.csv"):
            (folder / name).write_text("new")
    assert {path.name: path.read_text() for path in out.iterdir()} == dict.fromkeys(("a.csv", "b.csv", "c.csv"), "old")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(ExportError, match="is a file"), whole_folder(tmp_path / "out"):
        pass
