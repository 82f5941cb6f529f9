"""Cohorts: browsed by filters, made by the engine's own process, and opened in the viewer, all by hand."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListWidget, QPushButton, QSpinBox

from engine.cohorts.cohort import load_cohort
from readerapp.demo.hands import Hands
from readerapp.lab.lab import COHORTS, VIEWER, Lab
from readerapp.lab.memory import LabMemory
from readerapp.lab.thumbnails import SIDE, thumbnail


def test_filters_narrow_the_table(lab: Lab, hands: Hands, cohort: Path) -> None:
    browser, frame = lab.cohorts.browser, load_cohort(cohort).frame
    assert browser.table.images.rowCount() == len(frame)
    hands.choose(browser.boxes["split"], "train")
    assert browser.table.images.rowCount() == (frame["split"] == "train").sum()
    hands.choose(browser.boxes["sex"], "F")
    both = (frame["split"] == "train") & (frame["sex"] == "F")
    assert browser.table.images.rowCount() == both.sum()
    assert str(both.sum()) in browser.shown.text()
    hands.click(browser.clear)
    assert browser.table.images.rowCount() == len(frame)
    hands.type(browser.text, frame["image_id"].iloc[3])
    QTest.keyClick(browser.text, Qt.Key.Key_Return)
    assert browser.table.images.rowCount() == 1


def test_labels_are_counted_by_group(lab: Lab, hands: Hands, cohort: Path) -> None:
    browser, frame = lab.cohorts.browser, load_cohort(cohort).frame
    hands.turn_tab(browser.tabs, "Counts")
    hands.choose(browser.group, "Sex")
    rows = {row["label"]: row for row in browser.counts.rows_model.rows}
    women = frame[frame["sex"] == "F"]
    assert rows["cardiomegaly"]["F"].present == (women["label.cardiomegaly"] == 1).sum()
    shown = browser.counts.as_text()
    assert "cardiomegaly" in shown
    assert "%" in shown


def test_pictures_come_while_the_table_is_looked_at(lab: Lab, hands: Hands, cohort: Path) -> None:
    table = lab.cohorts.browser.table
    hands.wait_for("a picture", lambda: table.thumbnails._pictures.get(0) is not None)
    made = table.thumbnails.picture(0)
    loaded = load_cohort(cohort)
    assert made == thumbnail(loaded, loaded.frame.iloc[0])
    assert isinstance(made, QImage)
    assert (made.width(), made.height()) == (SIDE, SIDE)


def test_an_image_is_opened_by_a_double_click_and_by_enter(lab: Lab, hands: Hands, cohort: Path) -> None:
    table = lab.cohorts.browser.table
    place = table.visualRect(table.model().index(2, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert lab.list.currentRow() == VIEWER
    hands.wait_for("the image", lambda: lab.viewer.stage.count == 1)
    assert load_cohort(cohort).frame["image_id"].iloc[2] in lab.viewer.title.text()
    hands.click(lab.viewer.next)
    hands.wait_for("the next image", lambda: lab.viewer.stage.count == 1)
    assert load_cohort(cohort).frame["image_id"].iloc[3] in lab.viewer.title.text()
    lab.list.setCurrentRow(COHORTS)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert lab.list.currentRow() == VIEWER


def test_a_cohort_is_simulated_and_joins_the_list(
    lab: Lab, hands: Hands, lab_memory: LabMemory, tmp_path: Path
) -> None:
    hands.click(hands.find(QPushButton, "simulate_cohort"))
    form = lab.cohorts.simulating
    form.patients.setValue(3)
    hands.find(QSpinBox, "sim_size").setValue(64)
    hands.type(hands.find(QLineEdit, "cohort_out"), str(tmp_path / "made"))
    hands.click(form.start_button)
    assert form.working
    hands.wait_for("the cohort", lambda: not form.working)
    hands.wait_for_work()
    assert "3 patients" in form.log.toPlainText()
    assert form.message.text() == ""
    assert load_cohort(tmp_path / "made").frame["patient_id"].nunique() == 3
    assert lab_memory.cohorts()[0] == (tmp_path / "made").resolve()
    assert hands.find(QListWidget, "cohorts").currentItem().text() == "made"
    hands.click(form.back)
    assert lab.cohorts.browser.table.images.rowCount() == len(load_cohort(tmp_path / "made").frame)


def test_an_import_tells_what_was_left_out(lab: Lab, hands: Hands, tmp_path: Path) -> None:
    source = tmp_path / "films"
    source.mkdir()
    QImage(40, 30, QImage.Format.Format_Grayscale8).save(str(source / "good.png"))
    (source / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    hands.click(hands.find(QPushButton, "import_cohort"))
    form = lab.cohorts.importing
    assert form.adapter.currentData() == "folder"
    hands.type(hands.find(QLineEdit, "source"), str(source))
    hands.type(hands.find(QLineEdit, "cohort_out"), str(tmp_path / "made"))
    hands.click(form.start_button)
    hands.wait_for("the cohort", lambda: not form.working)
    assert form.message.text() == ""
    assert "left out 1" in form.log.toPlainText()
    hands.wait_for_work()
    hands.click(form.back)
    hands.turn_tab(lab.cohorts.browser.tabs, "How it was made")
    assert "left out" in lab.cohorts.browser.history.as_text()


def test_what_is_missing_is_said_before_anything_starts(lab: Lab, hands: Hands, tmp_path: Path) -> None:
    hands.click(hands.find(QPushButton, "import_cohort"))
    form = lab.cohorts.importing
    hands.click(form.start_button)
    assert form.message.text() == "Choose the folder or table to import."
    hands.type(hands.find(QLineEdit, "source"), str(tmp_path / "nowhere"))
    hands.type(hands.find(QLineEdit, "cohort_out"), str(tmp_path / "made"))
    hands.click(form.start_button)
    hands.wait_for("the sentence", lambda: not form.working)
    assert "nowhere" in form.message.text()
    assert not (tmp_path / "made").exists()


def test_a_simulation_is_cancelled(lab: Lab, hands: Hands, tmp_path: Path) -> None:
    hands.click(hands.find(QPushButton, "simulate_cohort"))
    form = lab.cohorts.simulating
    form.patients.setValue(5000)
    hands.type(hands.find(QLineEdit, "cohort_out"), str(tmp_path / "made"))
    hands.click(form.start_button)
    hands.wait_for("progress", lambda: form.bar.maximum() == 1000)
    hands.click(form.cancel_button)
    hands.wait_for("the end", lambda: not form.working)
    assert form.message.text() == "Stopped as you asked: no cohort was made."
    assert not (tmp_path / "made" / "cohort.csv").exists()


def test_a_folder_that_is_no_cohort_is_said(lab: Lab, hands: Hands, tmp_path: Path) -> None:
    lab.cohorts.open(tmp_path)
    hands.wait_for_work()
    assert "is not a cohort" in lab.cohorts.message.text()
    hands.click(lab.cohorts.forget)
    hands.wait_for_work()
    assert lab.cohorts.list.count() == 1
