"""The desk on a small study: what is locked while readers read, what pages say afterwards, export, packs, verify."""

import csv
import os
import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QMessageBox,
    QPushButton,
    QTabWidget,
)
from pytestqt.qtbot import QtBot

from readerapp import background
from readerapp.background import ProgressPanel
from readerapp.demo.hands import Hands
from readerapp.desk.agreement_page import AgreementPage
from readerapp.desk.desk import Desk
from readerapp.desk.matrix import MatrixView
from readerapp.desk.progress_page import ProgressPage
from readerapp.desk.readers_page import ReadersPage
from readerapp.desk.study_page import StudyPage
from readerapp.desk.tables import RowsTable
from readerapp.numbers import NOT_ESTIMABLE
from readerapp.viewer.keymap import item_letters
from readerapp.window import MainWindow
from studies.reading.events import DESK
from studies.reading.journal import Journal
from studies.reading.packing import unpack_study
from studies.reading.study import open_as_coordinator
from tests.readerapp.small_study import PHRASES, TITLE, make_study, read


@pytest.fixture
def unread(tmp_path: Path) -> Path:
    return make_study(tmp_path)


@pytest.fixture
def finished(unread: Path) -> Path:
    read(unread, "anna")
    read(unread, "ben")
    return unread


def open_desk(hands: Hands, window: MainWindow, study: Path) -> Desk:
    window.enter_desk(open_as_coordinator(study, PHRASES["coordinator"]), PHRASES["coordinator"])
    hands.wait_for_work()
    return hands.find(Desk)


def turn_to(hands: Hands, page: str) -> None:
    hands.choose_row(hands.find(QListWidget, "desk_pages"), page)
    hands.wait_for_work()


def cells(table: RowsTable) -> list[list[str]]:
    model = table.rows_model
    return [[str(model.index(r, c).data()) for c in range(model.columnCount())] for r in range(model.rowCount())]


def by_name(table: RowsTable) -> dict[str, dict[str, str]]:
    titles = [column.title for column in table.rows_model.columns]
    return {row[0]: dict(zip(titles, row)) for row in cells(table)}


def test_progress_shows_who_has_read_what(hands: Hands, window: MainWindow, unread: Path) -> None:
    read(unread, "anna", cases=3)
    open_desk(hands, window, unread)
    grid = hands.find(RowsTable, "progress_grid")
    rows = cells(grid)
    assert len(rows) == 8
    assert sum(row[2].startswith("●") for row in rows) == 3 and sum(row[2] == "○" for row in rows) == 5
    assert all(row[3] == "○" for row in rows)
    words = " ".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())
    assert "3 of 8" in words and "0 of 8" in words and "no case read yet" in words
    page = hands.find(ProgressPage)
    page.tabs.setCurrentIndex(3)
    heads = cells(hands.find(RowsTable, "chain_heads"))
    assert [row[0] for row in heads] == ["anna", "ben", "desk"] and all(len(row[1]) == 64 for row in heads)


def test_the_study_page_names_the_letters_that_readers_press(hands: Hands, window: MainWindow, unread: Path) -> None:
    open_desk(hands, window, unread)
    turn_to(hands, "Study")
    keys = {name: row["Key"] for name, row in by_name(hands.find(RowsTable, "items_table")).items()}
    with_key = item_letters((item.id, item.text, item.key) for item in hands.find(StudyPage)._view.protocol.items)
    assert sorted(keys.values()) == sorted(with_key.values()) and all(keys.values())
    assert len(set(keys.values())) == len(keys)


@pytest.mark.parametrize(
    ("page", "said"), [("Packs", "Nothing packed or merged yet."), ("Flags", "No reader has flagged")]
)
def test_an_empty_page_says_so_and_shows_no_empty_list(
    hands: Hands, window: MainWindow, unread: Path, page: str, said: str
) -> None:
    open_desk(hands, window, unread)
    turn_to(hands, page)
    words = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    assert any(word.startswith(said) for word in words)
    lists = [one.objectName() for one in window.findChildren(QAbstractItemView) if one.isVisible()]
    assert lists == ["desk_pages"]


def test_progress_is_read_again_on_request(hands: Hands, window: MainWindow, unread: Path) -> None:
    open_desk(hands, window, unread)
    read(unread, "ben", cases=2)
    hands.click(hands.find(QPushButton, "read_again"))
    hands.wait_for_work()
    assert sum(row[3].startswith("●") for row in cells(hands.find(RowsTable, "progress_grid"))) == 2


def test_agreement_is_locked_until_all_have_read_and_an_early_look_is_recorded(
    hands: Hands, window: MainWindow, unread: Path
) -> None:
    read(unread, "anna")
    open_desk(hands, window, unread)
    for page in ("Agreement", "Prevalence"):
        turn_to(hands, page)
        words = " ".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())
        assert f"{page} is locked" in words and "anna 8 of 8; ben 0 of 8" in words
        assert not any(table.isVisible() for table in window.findChildren(RowsTable))
    turn_to(hands, "Agreement")
    hands.click(hands.find(QPushButton, "look_early"))
    assert background.running() == ()  # no reason, nothing happens
    hands.type(hands.find(QLineEdit, "reason"), "interim look of the pilot")
    hands.click(hands.find(QPushButton, "look_early"))
    hands.wait_for_work()
    hands.wait_for_work()
    assert hands.find(RowsTable, "agreement_table").rows_model.rowCount() > 0
    with Journal(unread) as journal:
        looks = [event for event in journal.events(DESK) if event.kind == "looked_early"]
    assert [event.payload["reason"] for event in looks] == ["interim look of the pilot"]


def test_agreement_and_matrix_say_what_the_export_says(
    hands: Hands, window: MainWindow, finished: Path, tmp_path: Path
) -> None:
    open_desk(hands, window, finished)
    turn_to(hands, "Agreement")
    shown = by_name(hands.find(RowsTable, "agreement_table"))
    turn_to(hands, "Export")
    hands.type(hands.find(QLineEdit, "export_folder"), str(tmp_path / "tables"))
    hands.click(hands.find(QPushButton, "export"))
    hands.wait_for_work()
    with (tmp_path / "tables" / "agreement.csv").open(encoding="utf-8", newline="") as stream:
        exported = {
            row["item"]: row
            for row in csv.DictReader(stream)
            if (row["stratum"], row["arm"], row["uncertain_as"]) == ("all", "all", "left out")
        }
    drain = exported["drain"]
    kappa, low, high = (float(drain[f"fleiss_kappa{part}"]) for part in ("", "_low", "_high"))
    expected = f"{kappa:.2f} ({low:.2f} to {high:.2f})".replace("-", "−")
    assert shown["Chest drain"]["Fleiss κ (95 % CI)"] == expected
    assert shown["Chest drain"]["Present"] == f"{float(drain['prevalence']):.1%}"
    assert exported["valve"]["fleiss_kappa"] == ""
    assert shown["Artificial valve"]["Fleiss κ (95 % CI)"] == NOT_ESTIMABLE
    assert "all 16 readings negative" in shown["Artificial valve"]["Remark"]


def test_the_matrix_follows_the_row_and_the_choice(hands: Hands, window: MainWindow, finished: Path) -> None:
    open_desk(hands, window, finished)
    turn_to(hands, "Agreement")
    matrix, table = hands.find(MatrixView), hands.find(RowsTable, "agreement_table")
    names = [row[0] for row in cells(table)]
    table.choose(names.index("Artificial valve"))
    hands.settle()
    assert "anna and ben: 0" in matrix.accessibleDescription()
    hands.choose(hands.find(QComboBox, "matrix_kind"), "Cohen's κ of each pair")
    assert "anna and ben: –" in matrix.accessibleDescription()
    table.choose(names.index("Sternal wires"))
    hands.settle()
    assert "Sternal wires" in matrix.accessibleDescription()
    assert "anna and ben: –" not in matrix.accessibleDescription()


def test_the_choices_filter_the_table(hands: Hands, window: MainWindow, finished: Path) -> None:
    open_desk(hands, window, finished)
    turn_to(hands, "Agreement")
    page = hands.find(AgreementPage)
    names = set(by_name(page.table))
    assert {"Chest drain", "Any treatment-related (all items)"} <= names
    assert page.choices.boxes["uncertain_as"].currentData() == "left out"
    assert not page.choices.boxes["arm"].isVisible()  # there is one arm: nothing to choose
    hands.choose(page.choices.boxes["stratum"], "effusion")
    assert "Any treatment-related (of this diagnosis)" in by_name(page.table)
    before = by_name(page.table)["Chest drain"]
    hands.choose(page.choices.boxes["uncertain_as"], "counted as absent")
    assert by_name(page.table)["Chest drain"].keys() == before.keys()


def test_prevalence_has_a_column_a_reader_and_the_pooled_ones(hands: Hands, window: MainWindow, finished: Path) -> None:
    open_desk(hands, window, finished)
    turn_to(hands, "Prevalence")
    table = by_name(hands.find(RowsTable, "prevalence_table"))
    assert list(table["Chest drain"]) == ["Item", "All readings", "Majority", "Any reader", "anna", "ben"]
    assert table["Artificial valve"]["anna"].startswith("0/8  0.0% (0–")
    assert table["Chest drain"]["ben"].split("/")[1].startswith("7")  # one "uncertain" is left out


def test_copying_the_table_gives_what_is_shown(hands: Hands, window: MainWindow, finished: Path) -> None:
    open_desk(hands, window, finished)
    turn_to(hands, "Agreement")
    hands.click(hands.find(QPushButton, "copy_agreement"))
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[0] == "Item"
    assert [line.split("\t") for line in lines[1:]] == cells(hands.find(RowsTable, "agreement_table"))


def copied_picture(hands: Hands, name: str) -> QImage:
    hands.click(hands.find(QPushButton, name))
    assert not QGuiApplication.clipboard().text()
    picture = QGuiApplication.clipboard().image()
    shades = {picture.pixel(x, y) for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)}
    assert len(shades) > 8  # drawn, not one ground
    if folder := os.environ.get("KEEP_PICTURES"):
        picture.save(f"{folder}/{name}.png")
    return picture


def test_copying_takes_the_plot_where_a_plot_is_in_view(hands: Hands, window: MainWindow, finished: Path) -> None:
    open_desk(hands, window, finished)
    turn_to(hands, "Agreement")
    button = hands.find(QPushButton, "copy_agreement")
    hands.turn_tab(hands.find(QTabWidget, "agreement_tabs"), "Forest plot")
    assert button.text() == "Copy plot"
    before = copied_picture(hands, "copy_agreement")
    forest = hands.find(RowsTable, "agreement_forest")
    forest.setMaximumHeight(100)  # rows go out of sight, not out of the picture
    hands.settle()
    assert forest.viewport().height() < forest.verticalHeader().length()
    assert copied_picture(hands, "copy_agreement").height() == before.height()
    copied_picture(hands, "copy_matrix")
    hands.turn_tab(hands.find(QTabWidget, "agreement_tabs"), "Table")
    assert button.text() == "Copy table"
    hands.click(button)
    assert QGuiApplication.clipboard().text().startswith("Item\t")
    turn_to(hands, "Reader bias")
    copied_picture(hands, "copy_plots")


def test_an_export_can_be_cancelled_and_leaves_nothing(
    hands: Hands, window: MainWindow, finished: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "PANEL_DELAY_MS", 0)
    desk = open_desk(hands, window, finished)
    turn_to(hands, "Export")
    hands.type(hands.find(QLineEdit, "export_folder"), str(tmp_path / "tables"))
    qtbot.mouseClick(hands.find(QPushButton, "export"), Qt.MouseButton.LeftButton)
    hands.wait_for("the panel", lambda: window.findChild(ProgressPanel) is not None)
    qtbot.mouseClick(window.findChild(ProgressPanel).cancel_button, Qt.MouseButton.LeftButton)
    hands.wait_for_work()
    assert not (tmp_path / "tables").exists()
    assert window.findChild(QMessageBox) is None
    assert desk.page("Export").files.count() == 0


def test_export_while_locked_is_a_sentence(hands: Hands, window: MainWindow, unread: Path) -> None:
    open_desk(hands, window, unread)
    turn_to(hands, "Export")
    export, outcome = hands.find(QPushButton, "export"), hands.find(QLabel, "export_outcome")
    assert not export.isEnabled()
    assert "Answers are locked until every reader has finished (so far" in outcome.text()
    assert "give a reason" in outcome.text() and "page Agreement" in outcome.text()
    turn_to(hands, "Agreement")
    hands.type(hands.find(QLineEdit, "reason"), "interim look of the pilot")
    hands.click(hands.find(QPushButton, "look_early"))
    hands.wait_for_work()
    turn_to(hands, "Export")
    assert export.isEnabled() and outcome.text() == "Nothing exported yet in this sitting."


def test_the_item_stays_in_sight_while_the_table_scrolls(
    hands: Hands, window: MainWindow, finished: Path, qtbot: QtBot
) -> None:
    window.resize(1366, 768)
    open_desk(hands, window, finished)
    turn_to(hands, "Agreement")
    table = hands.find(RowsTable, "agreement_table")
    bar = table.horizontalScrollBar()
    assert bar.maximum() > 0 and not table.frozen.isVisible()
    bar.setValue(bar.maximum())
    assert table.frozen.isVisible()
    first = table.frozen.indexAt(QPoint(5, 5))
    assert first.column() == 0 and first.data() == table.rows_model.index(0, 0).data()
    assert table.frozen.columnViewportPosition(0) == 0
    header = table.frozen.horizontalHeader()
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=header.rect().center())
    names = [row[0] for row in cells(table)]
    assert names == sorted(names, key=str.casefold)
    bar.setValue(0)
    assert not table.frozen.isVisible()


def test_a_pack_goes_out_and_its_readings_come_back(
    hands: Hands, window: MainWindow, unread: Path, tmp_path: Path
) -> None:
    open_desk(hands, window, unread)
    turn_to(hands, "Packs")
    hands.find(ReadersPage).pack(tmp_path / "anna.pack")
    hands.wait_for_work()
    away = unpack_study(tmp_path / "anna.pack", tmp_path / "elsewhere")
    read(away, "anna", cases=5)
    hands.find(ReadersPage).merge([away])
    hands.wait_for_work()
    log = hands.find(QListWidget, "packs_log")
    lines = [log.item(row).text() for row in range(log.count())]
    assert "anna.pack" in lines[0] and "5" in lines[1] and "anna" in lines[1]
    turn_to(hands, "Progress")
    assert sum(row[2].startswith("●") for row in cells(hands.find(RowsTable, "progress_grid"))) == 5


def test_the_study_page_states_the_seal_and_verifies(hands: Hands, window: MainWindow, finished: Path) -> None:
    desk = open_desk(hands, window, finished)
    turn_to(hands, "Study")
    words = " ".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())
    assert TITLE in words and desk.view.design.seal_hash in words
    assert cells(hands.find(RowsTable, "strata_table")) == [["effusion", "4", "4", "4"], ["nodule", "4", "4", "4"]]
    hands.click(hands.find(QPushButton, "verify"))
    hands.wait_for_work()
    assert hands.find(QLabel, "verdict").text().startswith("Intact")


def test_tampering_is_named_on_the_study_page(hands: Hands, window: MainWindow, finished: Path) -> None:
    with sqlite3.connect(finished / "study.db") as database:
        database.execute("DROP TRIGGER IF EXISTS events_no_update")
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            database.execute(f"DROP TRIGGER {name}")
        database.execute(
            "UPDATE events SET payload = CASE WHEN instr(payload, 'absent') THEN replace(payload, 'absent', 'present') "
            "ELSE replace(payload, 'present', 'absent') END WHERE chain = 'anna' AND seq = 5"
        )
    open_desk(hands, window, finished)
    turn_to(hands, "Study")
    hands.click(hands.find(QPushButton, "verify"))
    hands.wait_for_work()
    assert "anna" in hands.find(QLabel, "verdict").text()


def test_leaving_the_desk_while_it_works_does_no_harm(hands: Hands, window: MainWindow, finished: Path) -> None:
    open_desk(hands, window, finished)
    hands.choose_row(hands.find(QListWidget, "desk_pages"), "Agreement")
    hands.click(hands.find(QPushButton, "leave_desk"))
    hands.wait_for_work()
    assert window.page == "start" and window.findChild(QMessageBox) is None
    open_desk(hands, window, finished)
    assert hands.find(RowsTable, "progress_grid").rows_model.rowCount() == 8


@pytest.mark.parametrize("size", [(1680, 1050), (1366, 768), (1024, 680)])
def test_no_visible_label_is_cut_off_at_any_window_size(
    hands: Hands, window: MainWindow, finished: Path, size: tuple[int, int]
) -> None:
    desk = open_desk(hands, window, finished)
    window.resize(*size)
    for page in desk.names:
        turn_to(hands, page)
        for label in desk.findChildren(QLabel):
            if label.isVisible() and label.text() and not label.visibleRegion().isEmpty():
                needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
                assert label.height() >= needed - 2, (
                    f"{page}: '{label.text()[:60]}' needs {needed}, has {label.height()}"
                )
