"""The desk's page of what explanations changed: locked while readers read, then by arm, item and reader."""

import os
from pathlib import Path

import pandas as pd
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from readerapp import background
from readerapp.desk.changes_page import ChangesPage
from readerapp.desk.desk import Desk
from studies.exports.export import export_study
from studies.reading.study import open_as_coordinator
from studies.statistics.changes import DIRECTIONS
from tests.readerapp.small_study import PHRASES as OTHER_PHRASES
from tests.readerapp.small_study import make_study as make_unexplained
from tests.studies.made_explained import CASES, PHRASES, WIRES, make_explained, read_explained


def page_of(root: Path, qtbot: QtBot) -> tuple[Desk, ChangesPage]:
    desk = Desk(open_as_coordinator(root, PHRASES["coordinator"]), PHRASES["coordinator"])
    qtbot.addWidget(desk)
    desk.resize(1366, 768)
    desk.show()
    desk.list.setCurrentRow(desk.names.index("Explanations"))
    qtbot.waitUntil(lambda: not background.running(), timeout=20_000)
    page = desk.page("Explanations")
    assert isinstance(page, ChangesPage)
    return desk, page


def cells(table: object) -> list[list[str]]:
    model = table.rows_model  # type: ignore[attr-defined]
    return [
        [
            str(model.data(model.index(row, column), Qt.ItemDataRole.DisplayRole))
            for column in range(model.columnCount())
        ]
        for row in range(model.rowCount())
    ]


@pytest.fixture(scope="module")
def read_study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make_explained(tmp_path_factory.mktemp("read"))
    for reader in ("r1", "r2"):
        read_explained(root, reader)
    return root


def test_changes_are_locked_while_readers_read(tmp_path: Path, qtbot: QtBot) -> None:
    root = make_explained(tmp_path)
    read_explained(root, "r1")
    desk, page = page_of(root, qtbot)
    assert page.results is not None and not page.results.unlocked and not page.table.isVisible()
    desk.view.close()


def test_changes_are_shown_by_arm(read_study: Path, qtbot: QtBot) -> None:
    desk, page = page_of(read_study, qtbot)
    box = page.choices.boxes["arm"]
    assert [box.itemText(n) for n in range(box.count())] == ["aided", "sham"]
    rows = {row[1]: row for row in cells(page.table)}
    assert set(rows) == {"r1", "r2", "All readings"}
    assert rows["r2"][3:8] == ["0"] * 5 and int(rows["r1"][3]) > 0 and rows["All readings"][2] == str(CASES)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert page.choices.chosen[1] == "sham" and len(cells(page.table)) == 3
    place = os.environ.get("PICTURES")
    if place:
        desk.grab().save(f"{place}/desk_changes.png")
    page.tabs.setCurrentIndex(1)
    (row,) = cells(page.kappas)
    assert row == ["Chest drain", "not estimable", "not estimable", "–"]  # no case is shown so to both readers
    page.tabs.setCurrentIndex(2)
    assert [row[0] for row in cells(page.in_view)] == ["r1", "r2", "All readings"]
    if place:
        desk.grab().save(f"{place}/desk_in_view.png")
    desk.view.close()


def test_all_items_are_told_as_the_export_tells_them(tmp_path: Path, qtbot: QtBot) -> None:
    root = make_explained(tmp_path, items=WIRES)
    for reader in ("r1", "r2"):
        read_explained(root, reader)
    desk, page = page_of(root, qtbot)
    rows = [row for row in cells(page.table) if row[0] == "All items"]
    assert [row[1] for row in rows] == ["r1", "r2", "All readings"]
    assert cells(page.table)[-3:] == rows
    export_study(desk.view, tmp_path / "tables", redraws=100)
    changes = pd.read_csv(tmp_path / "tables" / "changes.csv")
    told = changes[(changes["item"] == "all items") & (changes["arm"] == "aided") & (changes["stratum"] == "all")]
    assert len(told) == 3
    for row, (_, line) in zip(rows, told.iterrows(), strict=True):
        assert row[2:8] == [str(line[name]) for name in ("n", *DIRECTIONS)]
        assert row[9].startswith(f"{line['changed']:.1%}")
    assert int(rows[2][2]) == 2 * CASES
    assert {row[10] for row in rows} == {"–"}, "a kappa is of one item"
    assert "All items" in (tmp_path / "tables" / "changes.html").read_text(encoding="utf-8")
    page.tabs.setCurrentIndex(1)
    assert {row[0] for row in cells(page.kappas)} == {"Chest drain", "Sternal wires"}
    if place := os.environ.get("PICTURES"):
        page.tabs.setCurrentIndex(0)
        desk.grab().save(f"{place}/desk_changes_all.png")
    desk.view.close()


def test_a_study_without_explanations_has_no_such_page(tmp_path: Path, qtbot: QtBot) -> None:
    view = open_as_coordinator(make_unexplained(tmp_path), OTHER_PHRASES["coordinator"])
    desk = Desk(view, OTHER_PHRASES["coordinator"])
    qtbot.addWidget(desk)
    assert "Explanations" not in desk.names
    view.close()
