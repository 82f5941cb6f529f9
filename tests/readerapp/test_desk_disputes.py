"""Disputes at the desk: from a number to the cases behind it, blinded, with marks on the image; what is recorded."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit, QListWidget, QPushButton, QWidget

from readerapp.demo.hands import Hands
from readerapp.desk.agreement_page import AgreementPage
from readerapp.desk.curves import COLORS
from readerapp.desk.disputes_page import DisputesPage
from readerapp.desk.matrix import MatrixView
from readerapp.reading.session import ReadingSession
from readerapp.window import MainWindow
from studies.reading.events import DESK
from studies.reading.journal import Journal
from studies.reading.masks import mask_of_counts
from studies.reading.study import open_as_coordinator, open_as_reader
from tests.readerapp.small_study import PHRASES, make_study

DISPUTED = 3  # cases on which ben sees wires and anna does not


@pytest.fixture
def unread(tmp_path: Path) -> Path:
    return make_study(tmp_path)


def read(study: Path, reader: str) -> None:
    """Both see wires in the same cases, but for three in which only ben does; whoever sees wires marks a box."""
    ids = cases_by_code(study)
    disputed = set(sorted(set(ids.values()))[:DISPUTED])
    view = open_as_reader(study, reader, PHRASES[reader])
    session = ReadingSession(view)
    for _ in range(session.count):
        session.open_next()
        session.painted()
        case = ids[session.presentation.code]
        wires = case not in disputed or reader == "ben"
        for item in ("drain", "valve"):
            session.answer(item, "absent")
        session.answer("wires", "present" if wires else "absent")
        if wires:
            session.marks.add("wires", "box", ((8.0, 12.0), (30.0, 36.0)), 0, 0)
        session.finish()
    session.end()
    view.close()


def cases_by_code(study: Path) -> dict[str, str]:
    """Code → case id of every showing."""
    with Journal(study) as journal:
        return {str(p.code): str(p.case_id) for p in journal.design().presentations}


@pytest.fixture
def finished(unread: Path) -> Path:
    read(unread, "anna")
    read(unread, "ben")
    return unread


def enter(hands: Hands, window: MainWindow, study: Path, page: str) -> None:
    window.enter_desk(open_as_coordinator(study, PHRASES["coordinator"]), PHRASES["coordinator"])
    hands.wait_for_work()
    turn_to(hands, page)


def turn_to(hands: Hands, page: str) -> None:
    hands.choose_row(hands.find(QListWidget, "desk_pages"), page)
    hands.wait_for_work()


def open_wires(hands: Hands) -> DisputesPage:
    page = hands.find(DisputesPage)
    hands.choose(hands.find(QComboBox, "dispute_item"), "Sternal wires")
    hands.click(hands.find(QPushButton, "open_disputes"))
    hands.wait_for_work()
    hands.wait_for("the image", lambda: page.stage.count > 0)
    return page


def paint(study: Path, reader: str, columns: int) -> None:
    """Sees wires everywhere but in disputed cases, and paints as many columns of the 40 × 48 image, and a box."""
    ids = cases_by_code(study)
    disputed = set(sorted(set(ids.values()))[:DISPUTED])
    view = open_as_reader(study, reader, PHRASES[reader])
    session = ReadingSession(view)
    for _ in range(session.count):
        session.open_next()
        session.painted()
        present = ids[session.presentation.code] not in disputed or reader == "ben"
        for item in ("drain", "valve"):
            session.answer(item, "absent")
        session.answer("wires", "present" if present else "absent")
        counts = [4 * 48 + 10, *([20, 28] * (columns - 1)), 20, 48 * 40 - (4 * 48 + 10 + 48 * (columns - 1) + 20)]
        session.marks.add_mask("wires", mask_of_counts(48, 40, counts), 0, 0)
        session.finish()
    session.end()
    view.close()


def test_painted_regions_lie_side_by_side_with_their_overlap(
    hands: Hands, window: MainWindow, unread: Path, tmp_path: Path
) -> None:
    paint(unread, "anna", 12)
    paint(unread, "ben", 24)
    enter(hands, window, unread, "Disputes")
    page = open_wires(hands)
    said = page.panel.overlaps.text()
    assert page.panel.overlaps.isVisible() and f"A and B: {2 * 12 / 36:.2f}" in said
    both = page.stage.grab().toImage()
    alone = []
    for letter in ("A", "B"):
        box = page.panel.boxes[letter]
        box.setChecked(False)
        alone.append(page.stage.grab().toImage())
        box.setChecked(True)
    assert both != alone[0] and both != alone[1] and alone[0] != alone[1]
    hands.picture("disputed_masks")


def recorded(study: Path, kind: str) -> list[dict]:
    with Journal(study) as journal:
        return [dict(event.payload) for event in journal.events(DESK) if event.kind == kind]


def visible_words(window: QWidget) -> str:
    texts = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    return " ".join(texts + [box.text() for box in window.findChildren(QCheckBox) if box.isVisible()])


def test_disputes_are_locked_while_readers_read(hands: Hands, window: MainWindow, unread: Path) -> None:
    read(unread, "anna")
    enter(hands, window, unread, "Disputes")
    assert "Disputes are locked" in visible_words(window) and "anna 8 of 8; ben 0 of 8" in visible_words(window)
    assert not hands.window.findChild(QPushButton, "open_disputes").isVisible()
    hands.type(hands.find(QLineEdit, "reason"), "interim look of the pilot")
    hands.click(hands.find(QPushButton, "look_early"))
    hands.wait_for_work()
    hands.wait_for_work()
    assert hands.find(QPushButton, "open_disputes").isVisible()
    assert recorded(unread, "looked_early") and not recorded(unread, "disputes_opened")


def test_a_cell_of_the_matrix_opens_the_cases_behind_it(hands: Hands, window: MainWindow, finished: Path) -> None:
    enter(hands, window, finished, "Agreement")
    page, matrix = hands.find(AgreementPage), hands.find(MatrixView)
    names = [row["name"] for row in page.table.rows_model.rows]
    page.table.choose(names.index("Sternal wires"))
    cell, origin = matrix._geometry()
    place = QPoint(int(origin.x() + 1.5 * cell), int(origin.y() + 0.5 * cell))
    QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=place)
    hands.wait_for_work()
    disputes = hands.find(DisputesPage)
    assert disputes.table.rows_model.rowCount() == DISPUTED
    (event,) = recorded(finished, "disputes_opened")
    assert (event["item"], event["readers"], event["n_cases"]) == ("wires", ["anna", "ben"], DISPUTED)


def test_a_row_opens_by_enter_and_the_matrix_by_keys(hands: Hands, window: MainWindow, finished: Path) -> None:
    enter(hands, window, finished, "Agreement")
    page = hands.find(AgreementPage)
    names = [row["name"] for row in page.table.rows_model.rows]
    page.table.choose(names.index("Sternal wires"))
    hands.press(page.table, "Return")
    hands.wait_for_work()
    assert hands.find(DisputesPage).table.rows_model.rowCount() == DISPUTED
    turn_to(hands, "Agreement")
    for key in ("Right", "Down", "Left", "Return"):
        hands.press(page.matrix, key)
    hands.wait_for_work()
    assert [event["readers"] for event in recorded(finished, "disputes_opened")] == [[], ["anna", "ben"]]


def test_a_composite_shows_the_answers_behind_it(hands: Hands, window: MainWindow, finished: Path) -> None:
    enter(hands, window, finished, "Agreement")
    page = hands.find(AgreementPage)
    names = [row["name"] for row in page.table.rows_model.rows]
    page.table.choose(names.index("Any treatment-related (all items)"))
    hands.click(page.disputes)
    hands.wait_for_work()
    disputes = hands.find(DisputesPage)
    assert disputes.table.rows_model.rowCount() == DISPUTED
    assert disputes.item.currentText() == "Any treatment-related (all items)"
    words = visible_words(disputes)
    assert "Sternal wires: present" in words and "Sternal wires: absent" in words
    assert not disputes.panel.record.isVisible()  # a verdict is on an item, not on what follows from several


def test_the_page_names_nobody_until_it_is_asked(hands: Hands, window: MainWindow, finished: Path) -> None:
    enter(hands, window, finished, "Disputes")
    page = open_wires(hands)
    words = visible_words(page)
    assert "anna" not in words and "ben" not in words
    assert sorted(box.text().split()[2] for box in page.panel.boxes.values()) == ["absent", "present"]
    hands.click(page.panel.names)
    hands.wait_for_work()
    seer = next(letter for letter, box in page.panel.boxes.items() if "present" in box.text())
    assert f"{seer} is ben" in page.panel.legend.text()
    assert recorded(finished, "readers_named") == [{"case_id": page.table.chosen["case_id"]}]
    hands.press(page.table, "Ctrl+Down")
    assert page.panel.legend.text() == ""


def painted(page: DisputesPage, number: int) -> int:
    """How many pixels of the stage have the colour of the n-th voice."""
    picture = page.stage.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    wanted = QColor(COLORS[number]).rgb()
    return sum(picture.pixel(x, y) == wanted for x in range(picture.width()) for y in range(picture.height()))


def test_marks_of_each_voice_are_switched(hands: Hands, window: MainWindow, finished: Path) -> None:
    enter(hands, window, finished, "Disputes")
    page = open_wires(hands)
    letters = list(page.panel.boxes)
    seer = next(n for n, letter in enumerate(letters) if "present" in page.panel.boxes[letter].text())
    assert page.overlay.shown == tuple(letters)
    assert painted(page, seer) > 100 and painted(page, 1 - seer) == 0
    page.panel.boxes[letters[seer]].setFocus()
    hands.press(page.panel.boxes[letters[seer]], "Space")
    assert page.overlay.shown == (letters[1 - seer],) and painted(page, seer) == 0


def test_next_and_previous_by_key_and_by_button(hands: Hands, window: MainWindow, finished: Path) -> None:
    enter(hands, window, finished, "Disputes")
    page = open_wires(hands)
    cases = [row["case_id"] for row in page.table.rows_model.rows]
    seen = [page.panel.title.text()]
    for key in ("Ctrl+Down", "Ctrl+Down", "Ctrl+Down", "Ctrl+Up"):
        hands.press(page.table, key)
        hands.settle()
        seen.append(page.panel.title.text())
    assert seen == [f"Case {cases[n]}" for n in (0, 1, 2, 2, 1)]
    hands.click(page.previous)
    assert page.panel.title.text() == f"Case {cases[0]}"
    hands.wait_for("the image", lambda: page.stage.count > 0)
    hands.press(page.table, "I")
    assert page.stage.canvas.view.inverted


def test_a_verdict_is_recorded_with_its_reason(hands: Hands, window: MainWindow, finished: Path) -> None:
    enter(hands, window, finished, "Disputes")
    page = open_wires(hands)
    case = page.table.chosen["case_id"]
    assert page.panel.value.currentText() == ""
    hands.click(page.panel.record)
    assert page.panel.problem.text() == "Choose the answer that was agreed on." and not recorded(
        finished, "adjudicated"
    )
    hands.choose(page.panel.value, "present")
    hands.click(page.panel.record)
    assert "Write at least 10 characters" in page.panel.problem.text() and not recorded(finished, "adjudicated")
    hands.type(page.panel.reason, "two wires on the lateral")
    hands.click(page.panel.record)
    hands.wait_for_work()
    (event,) = recorded(finished, "adjudicated")
    assert (event["case_id"], event["item"], event["value"]) == (case, "wires", "present")
    assert "two wires on the lateral" in page.panel.given.text()
    assert [row["verdict"] for row in page.table.rows_model.rows] == ["present", "", ""]


def test_where_all_agree_it_is_said(hands: Hands, window: MainWindow, finished: Path) -> None:
    enter(hands, window, finished, "Disputes")
    page = hands.find(DisputesPage)
    hands.choose(hands.find(QComboBox, "dispute_item"), "Artificial valve")
    hands.click(hands.find(QPushButton, "open_disputes"))
    hands.wait_for_work()
    assert page.table.rows_model.rowCount() == 0 and "They agree in every case" in page.outcome.text()
    assert not page.panel.names.isVisible()


def test_leaving_the_desk_ends_the_loading(hands: Hands, window: MainWindow, finished: Path) -> None:
    enter(hands, window, finished, "Disputes")
    open_wires(hands)
    hands.click(hands.find(QPushButton, "leave_desk"))
    hands.wait_for_work()
    assert window.page == "start"
