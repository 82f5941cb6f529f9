"""The start page and the form for a new study, driven with real keys and clicks."""

import gc
import json
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from readerapp import background
from readerapp.application import make_application
from readerapp.demo.hands import Hands
from readerapp.reading.room import ReadingRoom
from readerapp.recent import Memory
from readerapp.window import MainWindow
from studies.reading.journal import Journal
from studies.reading.packing import pack_study, unpack_study
from studies.reading.study import open_as_reader, study_state
from tests.readerapp.small_study import PHRASES, PROTOCOL, TITLE, make_cohort, make_protocol, make_study


def visible_words(widget: QWidget) -> str:
    labels = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    return " ".join([*labels, *(button.text() for button in widget.findChildren(QPushButton) if button.isVisible())])


def offer(hands: Hands, window: MainWindow, place: Path) -> None:
    window.offer(place)
    hands.wait_for_work()
    hands.wait_for_work()


def enter(hands: Hands, who: str, phrase: str) -> None:
    hands.choose(hands.find(QComboBox, "who"), who)
    hands.type(hands.find(QLineEdit, "passphrase"), phrase)
    hands.press(hands.find(QLineEdit, "passphrase"), "Return")
    hands.wait_for_work()


def test_a_newcomer_is_told_what_to_do_and_what_this_is_not(hands: Hands, window: MainWindow) -> None:
    words = visible_words(window)
    for expected in ("New study", "reader", "coordinator", "research use only, not for diagnosis"):
        assert expected in words
    assert not hands.window.findChild(QLineEdit, "passphrase").isVisible()


def test_a_wrong_passphrase_is_a_sentence_beside_the_field(hands: Hands, window: MainWindow, tmp_path: Path) -> None:
    offer(hands, window, make_study(tmp_path))
    enter(hands, "Reader: anna", "ben's phrase")
    assert window.page == "start"
    assert "passphrase" in window.start.way_in.message.text()
    assert window.findChild(QMessageBox) is None
    assert window.start.way_in.passphrase.selectedText()  # so that typing again replaces it
    enter(hands, "Coordinator", "anna's phrase")
    assert window.page == "start" and "coordinator" in window.start.way_in.message.text()


def test_no_passphrase_is_asked_for_before_anything_is_opened(hands: Hands, window: MainWindow, tmp_path: Path) -> None:
    offer(hands, window, make_study(tmp_path))
    hands.click(hands.find(QPushButton, "open"))
    assert "Enter the passphrase" in window.start.way_in.message.text()
    assert background.running() == ()


def test_a_reader_enters_the_room_and_the_window_says_nothing_of_the_study(
    hands: Hands, window: MainWindow, tmp_path: Path
) -> None:
    study = make_study(tmp_path)
    offer(hands, window, study)
    enter(hands, "Reader: anna", PHRASES["anna"])
    assert window.page == "reading"
    assert window.windowTitle() == "readerapp"
    words = visible_words(window)
    assert TITLE not in words and str(study) not in words and study.name not in words
    assert window.menuWidget() is None
    window.show_start()
    hands.wait_for_work()
    assert window.page == "start"
    assert not window.start.way_in.passphrase.text()


def test_a_reader_who_leaves_is_told_that_all_is_saved_and_where_the_journal_ends(
    hands: Hands, window: MainWindow, tmp_path: Path
) -> None:
    study = make_study(tmp_path)
    offer(hands, window, study)
    enter(hands, "Reader: anna", PHRASES["anna"])
    hands.press(hands.find(ReadingRoom), "Ctrl+W")
    hands.wait_for_work()
    assert window.page == "start"
    assert "Every answer is saved" in visible_words(window)
    with Journal(study) as journal:
        last = journal.events("anna")[-1]
    assert last.kind == "session_ended"
    assert window.start.head.isVisible() and window.start.head.text() == last.hash
    enter(hands, "Coordinator", PHRASES["coordinator"])
    window.show_start()
    hands.wait_for_work()
    assert "Every answer is saved" not in visible_words(window)
    assert not window.start.head.isVisible()


def test_rooms_that_are_left_are_gone_before_the_next_reader_comes(
    hands: Hands, window: MainWindow, tmp_path: Path
) -> None:
    """A room held by its own signal outlived its study, and the events it still received ended the program."""
    offer(hands, window, make_study(tmp_path))
    rooms = []
    for reader in ("anna", "ben", "anna"):
        enter(hands, f"Reader: {reader}", PHRASES[reader])
        room = hands.find(ReadingRoom)
        rooms.append(weakref.ref(room))
        hands.press(room, "Ctrl+W")
        del room
        hands.wait_for_work()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        assert window.findChildren(ReadingRoom) == []
        assert rooms[-1]() is None


def test_the_coordinator_enters_the_desk(hands: Hands, window: MainWindow, tmp_path: Path) -> None:
    offer(hands, window, make_study(tmp_path))
    enter(hands, "Coordinator", PHRASES["coordinator"])
    assert window.page == "desk"
    assert TITLE in visible_words(window)


def test_recent_studies_are_remembered_and_a_missing_one_is_said_to_be(
    hands: Hands, window: MainWindow, memory: Memory, tmp_path: Path
) -> None:
    study = make_study(tmp_path)
    offer(hands, window, study)
    assert memory.recent_studies() == [study.resolve()]
    assert json.loads((memory.folder / "recent.json").read_text()) == [str(study.resolve())]
    study.rename(tmp_path / "moved")
    window.show_start()
    hands.wait_for_work()
    model = window.start.list.model()
    assert "not found" in str(model.index(0, 0).data())
    assert not hands.window.findChild(QPushButton, "open").isVisible()
    hands.click(hands.find(QPushButton, "forget"))
    hands.wait_for_work()
    assert memory.recent_studies() == []


def test_a_folder_that_is_no_study_is_refused_with_a_sentence(hands: Hands, window: MainWindow, tmp_path: Path) -> None:
    window.offer(tmp_path)
    hands.wait_for("the message", lambda: window.findChild(QMessageBox, "error") is not None)
    box = window.findChild(QMessageBox, "error")
    assert "not a study" in box.text()
    box.close()


def test_a_new_study_from_form_to_seal(hands: Hands, window: MainWindow, memory: Memory, tmp_path: Path) -> None:
    protocol, cohort, out = make_protocol(tmp_path), make_cohort(tmp_path), tmp_path / "new study"
    hands.click(hands.find(QPushButton, "new_study"))
    hands.choose(hands.find(QComboBox, "protocol"), "another file …")
    hands.type(hands.find(QLineEdit, "protocol_file"), str(protocol))
    hands.type(hands.find(QLineEdit, "cohort"), str(cohort))
    check = hands.find(QLabel, "check")
    hands.wait_for("the counts", lambda: "effusion: 4 cases" in check.text())
    assert TITLE in check.text() and "effusion: 4 cases" in check.text() and "anna, ben" in check.text()
    assert not hands.find(QPushButton, "create").isEnabled()
    hands.type(hands.find(QLineEdit, "out"), str(out))
    hands.wait_for("the button", lambda: hands.find(QPushButton, "create").isEnabled())
    hands.click(hands.find(QPushButton, "create"))
    hands.wait_for_work()
    assert study_state(out) == "draft"
    seal = hands.find(QPushButton, "seal")
    assert not seal.isEnabled()
    for name, phrase in PHRASES.items():
        hands.type(hands.find(QLineEdit, f"passphrase_{name}"), phrase)
        hands.type(hands.find(QLineEdit, f"repeat_{name}"), phrase)
    hands.click(seal)
    hands.wait_for_work()
    hands.wait_for("the start page", lambda: window.page == "start")
    assert study_state(out) == "sealed"
    open_as_reader(out, "ben", PHRASES["ben"]).close()
    assert memory.recent_studies() == [out.resolve()]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (('n = 4\nconfounders = ["drain"', 'n = 40\nconfounders = ["drain"'), "4 cases of the 40 asked for"),
        (('id = "wires"', 'id = "drain"'), "item id 'drain' is given twice"),
        (('"label.effusion" = 1', '"label.effusoin" = 1'), "label.effusion"),
    ],
)
def test_what_does_not_fit_is_said_at_once(
    hands: Hands, window: MainWindow, tmp_path: Path, change: tuple[str, str], sentence: str
) -> None:
    assert change[0] in PROTOCOL
    protocol, cohort = make_protocol(tmp_path, PROTOCOL.replace(*change, 1)), make_cohort(tmp_path)
    hands.click(hands.find(QPushButton, "new_study"))
    hands.choose(hands.find(QComboBox, "protocol"), "another file …")
    hands.type(hands.find(QLineEdit, "protocol_file"), str(protocol))
    hands.type(hands.find(QLineEdit, "cohort"), str(cohort))
    hands.wait_for("the sentence", lambda: sentence in hands.find(QLabel, "check").text())
    assert not hands.find(QPushButton, "create").isEnabled()


@pytest.mark.parametrize(
    ("phrases", "sentence"),
    [
        ({"coordinator": "short", "anna": "long enough", "ben": "another one"}, "at least 6"),
        ({"coordinator": "long enough", "anna": "long enough", "ben": "another one"}, "same passphrase"),
    ],
)
def test_passphrases_that_would_not_do_are_refused_before_sealing(
    hands: Hands, window: MainWindow, tmp_path: Path, phrases: dict[str, str], sentence: str
) -> None:
    from studies.planning.sealing import create_study

    create_study(make_protocol(tmp_path), make_cohort(tmp_path), tmp_path / "draft")
    offer(hands, window, tmp_path / "draft")
    hands.click(hands.find(QPushButton, "continue"))
    hands.wait_for_work()
    for name, phrase in phrases.items():
        hands.type(hands.find(QLineEdit, f"passphrase_{name}"), phrase)
        hands.type(hands.find(QLineEdit, f"repeat_{name}"), phrase)
    assert sentence in window.new_study.problem.text()
    assert not hands.find(QPushButton, "seal").isEnabled()


def test_a_pack_opens_for_its_reader_only_and_gives_the_readings_back(
    hands: Hands, window: MainWindow, tmp_path: Path
) -> None:
    file = pack_study(make_study(tmp_path), "anna", tmp_path / "anna.pack", PHRASES["coordinator"])
    offer(hands, window, file)
    who = hands.find(QComboBox, "who")
    assert [who.itemText(row) for row in range(who.count())] == ["Reader: anna"]
    hands.type(hands.find(QLineEdit, "passphrase"), PHRASES["anna"])
    window.start.way_in.write_readings(tmp_path / "back.pack")
    hands.wait_for_work()
    assert (tmp_path / "back.pack").is_file()
    assert "back.pack" in window.start.way_in.message.text()
    enter(hands, "Reader: anna", PHRASES["anna"])
    assert window.page == "reading"
    with pytest.raises(Exception, match="images"):
        unpack_study(tmp_path / "back.pack", tmp_path / "nowhere")


def test_the_window_opens_where_it_was_closed(qtbot: QtBot, memory: Memory) -> None:
    make_application()
    first = MainWindow(memory)
    first.resize(1200, 800)
    first.show()
    first.close()
    second = MainWindow(Memory(memory.folder))
    qtbot.addWidget(second)
    # The off-screen display is smaller than the window: what is kept can be compared, not what fits.
    assert memory.geometry() == first.saveGeometry()
    assert second.size() != MainWindow(Memory(memory.folder / "another")).size()


def test_a_list_that_cannot_be_read_is_an_empty_one(memory: Memory) -> None:
    memory.folder.mkdir(parents=True)
    for text in ("{", "3", '["a", 4]'):
        (memory.folder / "recent.json").write_text(text)
        assert memory.recent_studies() == ([Path("a")] if text.startswith("[") else [])


def test_tab_reaches_every_field_of_the_way_in(hands: Hands, window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    offer(hands, window, make_study(tmp_path))
    window.activateWindow()
    window.start.way_in.who.setFocus()
    reached = []
    for _ in range(3):
        reached.append(window.focusWidget().objectName())
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
    assert reached == ["who", "passphrase", "open"]
