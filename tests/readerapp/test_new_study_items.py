"""The page of items of the form: vocabularies to choose from, and example images from files and from the cohort."""

import os
from pathlib import Path

import pandas as pd
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
)
from pytestqt.qtbot import QtBot

from engine.cohorts.cohort import load_cohort, write_cohort
from readerapp.demo.hands import Hands
from readerapp.new_study.case_picker import CasePicker
from readerapp.new_study.page import NewStudyPage
from readerapp.new_study.preview import FilePreview
from readerapp.reading.item_panel import ItemPanel
from readerapp.window import MainWindow
from studies.planning.draft import create_draft, open_draft, readiness
from studies.planning.sealing import seal_study
from studies.planning.vocabulary import shipped_vocabulary, vocabulary_names
from studies.reading.study import open_as_reader
from tests.readerapp.small_study import PROTOCOL, make_cohort
from tests.readerapp.test_new_study import fill_in, form, said, tick_in, turn_to

__all__ = ["form"]  # a fixture


@pytest.fixture
def filled(hands: Hands, form: NewStudyPage, tmp_path: Path) -> NewStudyPage:
    """A whole form, the drain in hand on the page of items."""
    fill_in(hands, make_cohort(tmp_path), tmp_path / "study")
    said(hands, "2 readers (anna, ben)")
    turn_to(hands, "Items")
    form.items.list.setCurrentRow(0)
    hands.settle()
    return form


def shown_texts(entries: QListWidget) -> list[str]:
    rows = (entries.item(row) for row in range(entries.count()))
    return [entry.text() for entry in rows if not entry.isHidden() and entry.flags() & Qt.ItemFlag.ItemIsUserCheckable]


def exemplars(form: NewStudyPage) -> list[str]:
    return list(form.items.entries()["items"][0].get("exemplars", []))


def open_picker(hands: Hands) -> CasePicker:
    hands.click(hands.find(QPushButton, "exemplar_cases"))
    hands.wait_for("the picker", lambda: any(one.isVisible() for one in hands.window.findChildren(CasePicker)))
    picker = hands.find(CasePicker)
    hands.wait_for("the picture", lambda: picker.preview.shows_image)
    return picker


def pick(hands: Hands, words: str) -> None:
    """With the keyboard alone, once the picker is open."""
    picker = open_picker(hands)
    for mark in words:
        hands.press(picker.search, mark)
    hands.press(picker.search, "Return")
    hands.settle()


def test_every_vocabulary_that_ships_is_offered_and_searched(hands: Hands, form: NewStudyPage) -> None:
    turn_to(hands, "Items")
    box, listed = hands.find(QComboBox, "vocabulary_choice"), hands.find(QListWidget, "vocabulary")
    assert len(vocabulary_names()) >= 5
    assert {box.itemData(row) for row in range(box.count())} == {*vocabulary_names(), ""}
    assert box.currentData() == "chest_confounders"
    for name in vocabulary_names():
        vocabulary = shipped_vocabulary(name)
        hands.choose(box, f"{vocabulary.title} {vocabulary.version}")
        assert shown_texts(listed) == [item.text for item in vocabulary.items]
    hands.choose(box, "all vocabularies")
    hands.type(hands.find(QLineEdit, "vocabulary_search"), "implant shell")
    assert shown_texts(listed) == ["Breast implant"]
    tick_in(listed, "Breast implant", hands)
    assert [item["id"] for item in form.items.entries()["items"]] == ["breast_implant"]
    hands.type(hands.find(QLineEdit, "vocabulary_search"), "no such words")
    assert shown_texts(listed) == [] and form.items.vocabulary.none_found.isVisible()


def test_a_letter_that_is_taken_is_not_asked_for_twice(hands: Hands, form: NewStudyPage) -> None:
    turn_to(hands, "Items")
    box, listed = hands.find(QComboBox, "vocabulary_choice"), hands.find(QListWidget, "vocabulary")
    hands.choose(box, "all vocabularies")
    for text in ("Endotracheal tube", "Too dark, too light or noisy"):  # both would have E
        tick_in(listed, text, hands)
    assert [item.get("key") for item in form.items.entries()["items"]] == ["E", None]
    assert not hands.find(ItemPanel).isHidden() and form.items.conflict.isHidden()


def test_the_vocabulary_of_the_cohort_is_proposed_until_one_is_chosen(
    hands: Hands, form: NewStudyPage, tmp_path: Path
) -> None:
    root = make_cohort(tmp_path)
    frame = load_cohort(root).frame.assign(modality="MG", body_part="BREAST")
    write_cohort(root, pd.DataFrame(frame), {"adapter": "test"})
    hands.type(hands.find(QLineEdit, "cohort"), str(root))
    said(hands, "8 cases of 8 patients")
    box = form.items.vocabulary.chooser
    assert box.currentData() == "mammography_confounders" and box.currentText().startswith("★ ")
    assert sum(box.itemText(row).startswith("★") for row in range(box.count())) == 1
    turn_to(hands, "Items")
    hands.choose(box, "all vocabularies")
    box.activated.emit(box.currentIndex())  # `choose` uses keys of a closed box, which tell of no choice
    hands.type(form.basis.title, "Other words")
    hands.wait_for("the count", lambda: not form._pause.isActive())
    hands.wait_for_work()
    assert box.currentText() == "all vocabularies"


def test_reading_instructions_of_an_item_are_written_and_previewed(hands: Hands, filled: NewStudyPage) -> None:
    field = hands.find(QPlainTextEdit, "item_help")
    field.setFocus()
    field.selectAll()
    for mark in "Any tube":
        hands.press(field, "Space" if mark == " " else mark)
    hands.settle()
    assert filled.items.entries()["items"][0]["help"].lower() == "any tube"
    assert any("any tube" in label.text().lower() for label in hands.find(ItemPanel).findChildren(QLabel))


def test_exemplars_come_from_files_and_cases_and_reach_the_reader(
    hands: Hands, filled: NewStudyPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "Doe^Jane 1960.png"
    file.write_bytes((tmp_path / "cohort" / "images" / "i0.png").read_bytes() + b"other")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_a, **_k: ([str(file)], ""))
    hands.click(hands.find(QPushButton, "exemplar_files"))
    preview = hands.find(FilePreview)
    hands.wait_for("the picture", lambda: preview.shows_image)
    pick(hands, "i2")
    assert exemplars(filled) == ["chest_drain_1.png", "chest_drain_2.png"]  # no name of a person, no id
    hands.wait_for("the picture", lambda: preview.shows_image)
    hands.wait_for("the button", lambda: filled.create_button.isEnabled())
    hands.click(filled.create_button)
    hands.wait_for_work()
    root = tmp_path / "study"
    assert open_draft(root).protocol.items[0].exemplars == ("chest_drain_1.png", "chest_drain_2.png")
    phrases = {name: f"{name} reads films" for name in ("coordinator", "anna", "ben")}
    seal_study(root, phrases)
    view = open_as_reader(root, "anna", phrases["anna"])
    assert [image.pixels.shape[-2:] for image in view.load_exemplars("chest_drain")] == [(48, 40), (48, 40)]
    view.close()


def test_exemplars_are_taken_off_and_a_draft_takes_new_ones(hands: Hands, window: MainWindow, tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path)
    root = create_draft(PROTOCOL, cohort, tmp_path / "draft")
    window.continue_draft(root)
    hands.wait_for_work()
    hands.wait_for_work()
    form = window.new_study
    turn_to(hands, "Items")
    form.items.list.setCurrentRow(0)
    hands.wait_for("the cohort", lambda: form.items.exemplars.from_cases.isEnabled())
    for words in ("i3", "i1", "i5", "i7"):
        pick(hands, words)
    assert not form.items.exemplars.from_cases.isEnabled()  # as many as a reader sees
    assert "take one off" in hands.find(QLabel, "exemplar_note").text()
    listed = hands.find(QListWidget, "item_exemplars")
    listed.setCurrentRow(0)
    hands.press(listed, "Delete")
    hands.click(hands.find(QPushButton, "exemplar_remove"))
    assert exemplars(form) == ["drain_3.png", "drain_4.png"]
    hands.wait_for("the button", lambda: form.create_button.isVisible() and form.create_button.isEnabled())
    hands.click(form.create_button)
    hands.wait_for_work()
    kept = sorted(path.name for path in (root / "exemplars").iterdir())
    assert kept == ["drain_3.png", "drain_4.png"]
    told = next(check for check in readiness(root) if check.what == "exemplars")
    assert not told.ok and not told.blocking and "drain_3.png, drain_4.png" in told.sentence  # all eight are read
    turn_to(hands, "Items")
    preview = hands.find(FilePreview)
    hands.wait_for("the picture of the draft's own copy", lambda: preview.shows_image)


def test_a_file_that_is_no_image_says_so(hands: Hands, filled: NewStudyPage, tmp_path: Path) -> None:
    (tmp_path / "notes.png").write_text("not an image")
    filled.items.exemplars.add_files([tmp_path / "notes.png"])
    preview = hands.find(FilePreview)
    hands.wait_for("the sentence", lambda: "cannot be read" in preview.message.text())
    assert not preview.shows_image


def test_exemplars_of_a_form_that_is_left_come_back(
    hands: Hands, window: MainWindow, filled: NewStudyPage, tmp_path: Path
) -> None:
    pick(hands, "i2")
    hands.click(hands.find(QPushButton, "back"))
    hands.wait_for("the start page", lambda: window.page == "start")
    hands.click(hands.find(QPushButton, "new_study"))
    hands.click(hands.find(QPushButton, "resume_form"))
    assert exemplars(filled) == ["chest_drain_1.png"]
    assert filled.items.files.place("chest_drain_1.png") == tmp_path / "cohort" / "images" / "i2.png"


def test_esc_leaves_the_picker_and_arrows_walk_it_from_the_search(hands: Hands, filled: NewStudyPage) -> None:
    picker = open_picker(hands)
    before = picker.list.currentRow()
    hands.press(picker.search, "Down")
    assert picker.list.currentRow() == before + 1
    assert picker.count.text() == "8 of 8 images"
    hands.press(picker.search, "Escape")
    hands.settle()
    assert exemplars(filled) == []


def test_tab_reaches_every_field_of_the_page(hands: Hands, filled: NewStudyPage, qtbot: QtBot) -> None:
    window = hands.window
    window.activateWindow()
    pick(hands, "i2")
    filled.items.vocabulary.chooser.setFocus()
    reached: set[str] = set()
    for _ in range(40):
        focus = window.focusWidget()
        reached.add(focus.objectName())
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    wanted = {
        "vocabulary_choice",
        "vocabulary_search",
        "vocabulary",
        "form_items",
        "add_item",
        "item_text",
        "item_help",
    }
    assert wanted | {"item_exemplars", "exemplar_files", "exemplar_cases", "exemplar_remove"} <= reached


def test_the_page_fits_a_small_screen_with_examples(hands: Hands, filled: NewStudyPage) -> None:
    pick(hands, "i2")
    area = filled.items.findChild(QScrollArea)
    assert area.widget().width() <= area.viewport().width()
    preview = hands.find(FilePreview)
    hands.wait_for("the picture", lambda: preview.shows_image)
    corner = preview.mapTo(area.viewport(), preview.rect().bottomRight())
    if folder := os.environ.get("KEEP_PICTURES"):
        window = hands.window
        window.grab().save(f"{folder}/form_items.png")
        open_picker(hands).grab().save(f"{folder}/case_picker.png")
    assert preview.height() >= 100 and corner.y() <= area.viewport().height()
