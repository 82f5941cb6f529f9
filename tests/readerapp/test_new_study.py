"""The form for a new study, filled in with real keys and clicks: counts, items, arms, drafts that go on, the seal."""

import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QTableWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from readerapp.demo.hands import Hands
from readerapp.new_study.cases import Stratum
from readerapp.new_study.page import NewStudyPage
from readerapp.reading.item_panel import ItemPanel
from readerapp.window import MainWindow
from studies.planning.draft import create_draft, open_draft
from studies.planning.protocol_text import protocol_entries
from studies.protocol import parse_protocol
from studies.reading.study import study_state
from tests.readerapp.small_study import PROTOCOL, make_cohort
from tests.studies.made_maps import make_run


@pytest.fixture
def form(hands: Hands, window: MainWindow) -> NewStudyPage:
    hands.click(hands.find(QPushButton, "new_study"))
    return window.new_study


def turn_to(hands: Hands, page: str) -> None:
    sections = hands.find(QListWidget, "form_sections")
    rows = [sections.item(row).text().split("   ")[0] for row in range(sections.count())]
    sections.setCurrentRow(rows.index(page))
    hands.settle()


def said(hands: Hands, words: str) -> None:
    hands.wait_for(words, lambda: words in hands.find(QLabel, "check").text())


def set_number(hands: Hands, field: QAbstractSpinBox, words: str) -> None:
    field.setFocus()
    field.selectAll()
    for mark in words:
        hands.press(field, mark)
    hands.press(field, "Tab")


def tick_in(listed: QListWidget, text: str, hands: Hands) -> None:
    entry = next(listed.item(row) for row in range(listed.count()) if listed.item(row).text() == text)
    listed.setCurrentItem(entry)
    listed.setFocus()
    hands.press(listed, "Space")
    hands.settle()


def fill_in(hands: Hands, cohort: Path, out: Path) -> None:
    """A whole study of one diagnosis, two vocabulary items, an own one, and two readers."""
    hands.type(hands.find(QLineEdit, "cohort"), str(cohort))
    hands.type(hands.find(QLineEdit, "out"), str(out))
    hands.type(hands.find(QLineEdit, "title"), 'Drains "and" wires')
    turn_to(hands, "Cases")
    hands.click(hands.find(QPushButton, "add_stratum"))
    hands.type(hands.find(QLineEdit, "stratum_name"), "effusion")
    set_number(hands, hands.find(QSpinBox, "stratum_n"), "30")
    stratum = hands.find(Stratum)
    hands.click(stratum.where.add_button)
    column = stratum.findChild(QComboBox, "condition_column")
    hands.type(column.lineEdit(), "label.effusion")
    hands.type(stratum.findChild(QLineEdit, "condition_words"), "1")
    said(hands, "4 cases of 4 patients")
    turn_to(hands, "Items")
    for text in ("Chest drain", "Cardiomegaly"):
        tick_in(hands.find(QListWidget, "vocabulary"), text, hands)
    hands.click(hands.find(QPushButton, "add_item"))
    hands.type(hands.find(QLineEdit, "item_text"), "Film quality")
    hands.type(hands.find(QLineEdit, "item_id"), "quality")
    hands.choose(hands.find(QComboBox, "item_kind"), "one of ordered options")
    hands.find(QComboBox, "item_kind").activated.emit(3)  # `choose` uses keys of a closed box, which tell of no choice
    hands.type(hands.find(QLineEdit, "item_options"), "poor, fair, good")
    turn_to(hands, "Readers")
    for name in ("anna", "ben"):
        hands.click(hands.find(QPushButton, "add_reader"))
        fields = [f for f in hands.window.findChildren(QLineEdit, "reader_id") if f.isVisible()]
        hands.type(fields[-1], name)


def test_a_study_from_an_empty_form_to_the_seal(
    hands: Hands, window: MainWindow, form: NewStudyPage, tmp_path: Path
) -> None:
    out = tmp_path / "new study"
    fill_in(hands, make_cohort(tmp_path), out)
    said(hands, "2 readers (anna, ben)")
    assert "effusion: 4 cases of the 30 asked for: all there are" in hands.find(QLabel, "check").text()
    turn_to(hands, "Cases")
    assert hands.find(QLabel, "stratum_available").text() == "! 4: all of the 4 available"
    tick_in(hands.find(QListWidget, "stratum_confounders"), "Chest drain", hands)
    turn_to(hands, "Reading")
    set_number(hands, hands.find(QDoubleSpinBox, "repeat_share"), "25")
    set_number(hands, hands.find(QSpinBox, "repeat_distance"), "2")
    hands.find(QCheckBox, "nav_back").setFocus()
    hands.press(hands.find(QCheckBox, "nav_back"), "Space")
    said(hands, "10 readings (5 a reader, 1 hidden repeats)")
    hands.wait_for("the button", lambda: hands.find(QPushButton, "create").isEnabled())
    hands.click(hands.find(QPushButton, "create"))
    hands.wait_for_work()
    made = open_draft(out).protocol
    assert made.title == 'Drains "and" wires'
    assert [item.id for item in made.items] == ["chest_drain", "cardiomegaly", "quality"]
    assert made.items[2].options == ("poor", "fair", "good") and made.items[2].kind == "ordinal"
    assert made.items[0].help.startswith("A pleural drain")
    assert made.selection.strata[0].confounders == ("chest_drain",) and made.selection.strata[0].n == 30
    assert made.order.repeat_share == 0.25 and not made.navigation.back
    for name in ("coordinator", "anna", "ben"):
        for field in (f"passphrase_{name}", f"repeat_{name}"):
            hands.type(hands.find(QLineEdit, field), f"{name} reads films")
            assert hands.find(QLineEdit, field).echoMode() == QLineEdit.EchoMode.Password
    hands.click(hands.find(QPushButton, "seal"))
    hands.wait_for("the start page", lambda: window.page == "start")
    assert study_state(out) == "sealed"


def test_what_is_missing_is_a_line_with_a_way_there(hands: Hands, form: NewStudyPage, tmp_path: Path) -> None:
    hands.type(hands.find(QLineEdit, "cohort"), str(make_cohort(tmp_path)))
    said(hands, "8 cases of 8 patients; 0 items; no reader yet")
    sections = hands.find(QListWidget, "form_sections")
    assert [sections.item(row).text() for row in range(3)] == ["Basis   !", "Cases", "Items   !"]
    turn_to(hands, "Check and seal")
    hands.click(hands.find(QPushButton, "go_Items"))
    assert form.stack.currentWidget() is form.items
    assert form.items.isAncestorOf(hands.window.focusWidget())
    assert not hands.find(QPushButton, "create").isEnabled()


def test_the_vocabulary_is_searched_and_a_letter_is_given_once(hands: Hands, form: NewStudyPage) -> None:
    turn_to(hands, "Items")
    vocabulary = hands.find(QListWidget, "vocabulary")
    hands.type(hands.find(QLineEdit, "vocabulary_search"), "trachea")
    shown = [vocabulary.item(r).text() for r in range(vocabulary.count()) if not vocabulary.item(r).isHidden()]
    assert "Endotracheal tube" in shown and "Pacemaker or ICD" not in shown
    tick_in(vocabulary, "Endotracheal tube", hands)
    assert hands.find(QLineEdit, "item_key").text() == "E"
    panel = hands.find(ItemPanel)
    assert list(panel.rows) == ["endotracheal_tube"]
    assert any(label.text().startswith("A tube in the trachea") for label in panel.findChildren(QLabel))
    hands.click(hands.find(QPushButton, "add_item"))
    hands.type(hands.find(QLineEdit, "item_text"), "Early film")
    hands.type(hands.find(QLineEdit, "item_key"), "e")
    conflict = hands.find(QLabel, "key_conflict")
    assert conflict.text().startswith("The letter E is asked for by Endotracheal tube, Early film")
    hands.type(hands.find(QLineEdit, "item_key"), "f")
    assert not conflict.isVisible()
    tick_in(vocabulary, "Endotracheal tube", hands)
    assert [item["text"] for item in form.items.entries()["items"]] == ["Early film"]


def test_every_letter_is_the_one_the_reading_room_deals(hands: Hands, form: NewStudyPage) -> None:
    turn_to(hands, "Items")
    tick_in(hands.find(QListWidget, "vocabulary"), "Pleural effusion", hands)
    hands.click(hands.find(QPushButton, "add_item"))
    hands.type(hands.find(QLineEdit, "item_text"), "Film quality")
    hands.settle()
    items = form.items.list
    shown = [items.item(row).text().split("⇧")[1] for row in range(items.count())]
    assert shown == ["F", "Q"]  # F, its own initial, belongs to the effusion
    caps = [label.text() for label in hands.find(ItemPanel).findChildren(QLabel)]
    assert "⇧Q" in caps and "⇧F" not in caps


def test_items_are_moved_and_removed(hands: Hands, form: NewStudyPage) -> None:
    turn_to(hands, "Items")
    for text in ("Chest drain", "Cardiomegaly", "Pneumothorax"):
        tick_in(hands.find(QListWidget, "vocabulary"), text, hands)
    hands.click(hands.find(QPushButton, "item_up"))
    order = [item["id"] for item in form.items.entries()["items"]]
    assert order == ["chest_drain", "pneumothorax", "cardiomegaly"]
    hands.click(hands.find(QPushButton, "item_remove"))
    assert [item["id"] for item in form.items.entries()["items"]] == ["chest_drain", "cardiomegaly"]


@pytest.mark.parametrize("name", ["demo", "diffchest confounders", "template"])
def test_a_shipped_protocol_goes_through_the_form_unchanged(hands: Hands, form: NewStudyPage, name: str) -> None:
    hands.choose(hands.find(QComboBox, "protocol"), name)
    file = form.basis.chosen_protocol()
    hands.wait_for("the protocol in the form", lambda: bool(form.basis.title.text()))
    hands.wait_for_work()
    text = file.read_text(encoding="utf-8")
    assert form._text() == text  # with its comments, as long as nothing is changed
    hands.type(hands.find(QLineEdit, "title"), "Another title")
    written = parse_protocol(form._text())
    assert written == parse_protocol(text).model_copy(update={"title": "Another title"})


def test_a_form_that_is_left_can_be_gone_on_with(
    hands: Hands, window: MainWindow, form: NewStudyPage, tmp_path: Path
) -> None:
    fill_in(hands, make_cohort(tmp_path), tmp_path / "study")
    before = form.entries()
    hands.click(hands.find(QPushButton, "back"))
    hands.wait_for("the start page", lambda: window.page == "start")
    hands.click(hands.find(QPushButton, "new_study"))
    assert form.entries()["items"] == []
    hands.click(hands.find(QPushButton, "resume_form"))
    assert form.entries() == before
    said(hands, "2 readers (anna, ben)")


def test_a_draft_is_changed_in_the_form_before_it_is_sealed(hands: Hands, window: MainWindow, tmp_path: Path) -> None:
    root = create_draft(PROTOCOL, make_cohort(tmp_path), tmp_path / "draft")
    window.continue_draft(root)
    hands.wait_for_work()
    hands.wait_for_work()
    form = window.new_study
    assert form.stack.currentWidget() is form.seal
    assert not form.create_button.isVisible()  # the draft says what the form says
    turn_to(hands, "Basis")
    assert not hands.find(QLineEdit, "cohort").isEnabled()
    hands.type(hands.find(QLineEdit, "title"), "A better title")
    hands.wait_for("the button", lambda: form.create_button.isVisible() and form.create_button.isEnabled())
    assert form.create_button.text() == "Save the draft"
    turn_to(hands, "Check and seal")
    assert "save the draft" in form.seal.problem.text() and not form.seal.seal.isEnabled()
    hands.click(form.create_button)
    hands.wait_for_work()
    assert tomllib.loads((root / "protocol.toml").read_text(encoding="utf-8"))["title"] == "A better title"
    assert open_draft(root).protocol.selection == parse_protocol(PROTOCOL).selection


def test_arms_with_an_explanation_are_written(hands: Hands, form: NewStudyPage) -> None:
    turn_to(hands, "Reading")
    hands.click(hands.find(QPushButton, "add_arm"))
    for name, words in (("arm_name", "cam"), ("arm_target", "effusion"), ("arm_run", "runs/1")):
        hands.type(hands.find(QLineEdit, name), words)
    assert form.entries()["arms"] == [
        {"name": "unaided"},
        {
            "name": "cam",
            "kind": "aided",
            "share": 0.5,
            "explanation": {"run": "runs/1", "method": "gradcam", "target": "effusion"},
        },
    ]


def test_an_arm_offers_the_classes_of_its_run(hands: Hands, form: NewStudyPage, tmp_path: Path) -> None:
    make_run(tmp_path / "run", classes=("effusion", "nodule"))
    turn_to(hands, "Reading")
    hands.click(hands.find(QPushButton, "add_arm"))
    hands.type(hands.find(QLineEdit, "arm_run"), str(tmp_path / "run"))
    offered = hands.find(QLineEdit, "arm_target").completer().model()
    assert [offered.index(row, 0).data() for row in range(offered.rowCount())] == ["effusion", "nodule", "item"]
    hands.type(hands.find(QLineEdit, "arm_run"), "elsewhere")
    assert hands.find(QLineEdit, "arm_target").completer().model().rowCount() == 0


def test_what_an_arm_says_beyond_the_form_is_kept(form: NewStudyPage) -> None:
    arm = {"name": "cam", "kind": "aided", "share": 1.0}
    arm["explanation"] = {"opacity": 0.3, "run": "runs/1", "method": "occlusion", "target": "item"}
    form.reading.load({"arms": [{"name": "unaided"}, arm]})
    assert form.reading.entries()["arms"][1] == arm


def test_workload_and_precision_follow_the_form(hands: Hands, form: NewStudyPage, tmp_path: Path) -> None:
    fill_in(hands, make_cohort(tmp_path), tmp_path / "study")
    said(hands, "8 readings (4 a reader")
    turn_to(hands, "Workload")
    table, widths = hands.find(QTableWidget, "workload_table"), hands.find(QTableWidget, "precision_table")
    assert [table.item(row, 1).text() for row in range(3)] == ["4", "4", "8"]
    set_number(hands, hands.find(QSpinBox, "seconds_per_reading"), "1800")
    assert table.item(2, 2).text() == "4.0 h"
    before = widths.item(3, 2).text()
    set_number(hands, hands.find(QDoubleSpinBox, "assumed_kappa"), "0.90")
    assert widths.item(3, 2).text() != before
    assert "common-correlation" in hands.find(QLabel, "precision_assumption").text()


def test_nothing_is_cut_at_the_smallest_screens_and_every_field_has_a_name(
    hands: Hands, form: NewStudyPage, tmp_path: Path
) -> None:
    fill_in(hands, make_cohort(tmp_path), tmp_path / "study")
    turn_to(hands, "Items")
    panel = hands.find(ItemPanel)
    for row in range(form.sections.count()):
        form.sections.setCurrentRow(row)
        hands.settle()
        page = form.stack.currentWidget()
        area = page.findChild(QScrollArea)
        assert area.widget().width() <= area.viewport().width(), page.objectName()
        for field in page.findChildren(QWidget):
            fields = (QComboBox, QAbstractSpinBox, QListWidget, QTableWidget, QPlainTextEdit)
            if isinstance(field, fields) and field.isVisible() and not panel.isAncestorOf(field):
                assert field.accessibleName(), (page.objectName(), field.objectName())
        if page is form.items:
            form.items.list.setCurrentRow(0)
            hands.settle()
            assert not area.verticalScrollBar().isVisible()  # the preview is in sight beside what is typed


def test_tab_goes_through_the_rows_in_the_order_they_are_read(
    hands: Hands, form: NewStudyPage, qtbot: QtBot, window: MainWindow
) -> None:
    window.activateWindow()
    turn_to(hands, "Readers")
    for _ in range(2):
        hands.click(hands.find(QPushButton, "add_reader"))
    fields = [f for f in window.findChildren(QLineEdit, "reader_id") if f.isVisible()]
    fields[0].setFocus()
    reached = []
    for _ in range(9):
        reached.append(window.focusWidget().objectName())
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    row = ["reader_id", "reader_years", "reader_specialty", "remove_reader"]
    assert reached == [*row, *row, "add_reader"]


def test_a_protocol_in_the_form_says_the_same_as_its_file(form: NewStudyPage) -> None:
    """What the form does not show (exemplars, feedback columns, the unaided arm's name) stays."""
    entries = protocol_entries(parse_protocol(PROTOCOL))
    form._load(entries, PROTOCOL)
    assert parse_protocol(PROTOCOL) == parse_protocol(form._text())


def test_exemplars_beside_a_protocol_come_along(hands: Hands, form: NewStudyPage, tmp_path: Path) -> None:
    text = PROTOCOL.replace('text = "Chest drain"\n', 'text = "Chest drain"\nexemplars = ["pictures/drain.png"]\n')
    place = tmp_path / "designs"
    (place / "pictures").mkdir(parents=True)
    (place / "protocol.toml").write_text(text, encoding="utf-8")
    cohort = make_cohort(tmp_path)
    (place / "pictures" / "drain.png").write_bytes((cohort / "images" / "i0.png").read_bytes())
    hands.choose(hands.find(QComboBox, "protocol"), "another file …")
    hands.type(hands.find(QLineEdit, "protocol_file"), str(place / "protocol.toml"))
    hands.type(hands.find(QLineEdit, "cohort"), str(cohort))
    hands.type(hands.find(QLineEdit, "out"), str(tmp_path / "study"))
    hands.wait_for("the title of the protocol", lambda: bool(form.basis.title.text()))
    hands.type(hands.find(QLineEdit, "title"), "With a picture")  # the form writes the protocol anew
    hands.wait_for("the button", lambda: form.create_button.isEnabled())
    hands.click(form.create_button)
    hands.wait_for_work()
    draft = open_draft(tmp_path / "study")
    assert draft.protocol.items[0].exemplars == ("pictures/drain.png",)
    checks = [label.text() for label in form.seal.findChildren(QLabel) if label.isVisible()]
    assert not any("not in exemplars" in words for words in checks)


def test_who_may_not_read_is_kept_while_readers_are_edited(qtbot: QtBot) -> None:
    """The map of step 1 and its readers come with the protocol of step 3; the form shows readers only."""
    from readerapp.new_study.readers import ReadersSection

    section = ReadersSection()
    qtbot.addWidget(section)
    step1 = {"title": "Step 1", "seal": "0" * 64, "readers": ["anna"]}
    section.load({"readers": [{"id": "carl"}], "step1": step1})
    assert section.entries() == {"readers": [{"id": "carl", "specialty": ""}], "step1": step1}
    section.load({"readers": []})
    assert section.entries() == {"readers": []}
