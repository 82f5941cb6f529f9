"""Every visible word goes through translation: with a language of brackets, no word stands outside them.

What stays as it was written is named in `readerapp.wording`: words of protocols, cohorts and people, numbers and units,
names of files, errors and findings of `studies` and `engine`.
"""

import ast
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QLibraryInfo, QLocale, QPoint, Qt, QTranslator
from PySide6.QtGui import QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItemIterator,
    QWidget,
)
from pytestqt.qtbot import QtBot

from readerapp import translation
from readerapp.demo.hands import Hands
from readerapp.reading.overlay import Overlay
from readerapp.reading.room import ReadingRoom
from readerapp.recent import Memory
from readerapp.window import MainWindow
from resources.files import shipped_file
from studies.planning.vocabulary import shipped_vocabulary, vocabulary_names
from tests.readerapp import every_page, small_study
from tests.readerapp.made_study import ITEMS, MORE_ITEMS, make_study, small_image
from tests.readerapp.test_desk_disputes import cases_by_code
from tests.readerapp.test_room import CTRL, Enter, begin, draw, enter, key

__all__ = ["enter"]  # a fixture

ROOT = Path(__file__).parents[2]
TRANSLATIONS = ROOT / "resources" / "translations"

# What no translator is asked for: names of keys, of keymaps and languages, units, what protocols and people wrote.
_NOT_WORDS = re.compile(
    r"\b(Ctrl|Shift|Alt|Esc|Tab|Space|Del|Backspace|Home|End|Enter|Pg(Up|Dn|Down)|F\d+|[A-Z]|readerapp|OHIF|Horos|OsiriX|"
    r"Weasis|3D Slicer|Standard|English|American|Deutsch|mm|px|HU|bit|kB|K\d-RF)\b"
)
_FILES = re.compile(r"(?<![^\s⟦])/[^\s⟦⟧]*|(\b[\w-]+/)*\b[\w-]+\.(csv|html|jsonl?|pack|pdf|png|svg|tex|toml|txt)\b")
_WORD = re.compile(r"[^\W\d_]{2,}")


class Brackets(QTranslator):
    """Translates every text into itself, in brackets."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return f"⟦{source}⟧"

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def brackets(qapp: QApplication) -> Iterator[None]:
    translator = Brackets()
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


def bare_words(text: str, written: tuple[str, ...]) -> list[str]:
    """The words of a text that stand outside brackets and were not written by a protocol or a person."""
    text = _FILES.sub(" ", text)
    for own in sorted(written, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(own)}(?!\w)", " ", text, flags=re.IGNORECASE)
    before = None
    while before != text:
        before, text = text, re.sub(r"⟦[^⟦⟧]*⟧", " ", text)
    return _WORD.findall(_NOT_WORDS.sub(" ", re.sub(r"<[^>]+>|&nbsp;", " ", text)))


def painted(root: QWidget) -> list[str]:
    """Every line of text that is painted, drawn figures and cells of tables too, in the order of painting."""
    drawing = QBuffer()
    svg = QSvgGenerator()
    svg.setOutputDevice(drawing)
    svg.setSize(root.size())
    painter = QPainter(svg)
    root.render(painter, QPoint())
    painter.end()
    tree = ElementTree.fromstring(bytes(drawing.data().data()))
    return ["".join(text.itertext()).strip() for text in tree.iter("{http://www.w3.org/2000/svg}text")]


def closed(lines: Sequence[str]) -> str:
    """Painted lines as one text: words that go on in the next line stay together, those cut with "…" are ended."""
    return " ".join(line + "⟧" * (line.count("⟦") - line.count("⟧")) if line.endswith("…") else line for line in lines)


def said(root: QWidget) -> Iterator[tuple[str, str]]:
    """Every text that a visible part of a window shows or tells a screen reader, and where."""
    for widget in [root, *root.findChildren(QWidget)]:
        if widget.isVisibleTo(root):
            where = f"{type(widget).__name__} {widget.objectName()}"
            yield where, widget.accessibleName()
            yield where, widget.accessibleDescription()
            yield where, widget.toolTip()
            for text in _texts(widget):
                yield where, text


def _texts(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, (QLabel, QPushButton)):
        yield widget.text()
    elif isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    elif isinstance(widget, QComboBox):
        yield from (widget.itemText(number) for number in range(widget.count()))
    elif isinstance(widget, QListWidget):
        yield from (widget.item(row).text() for row in range(widget.count()))
    elif isinstance(widget, QTreeWidget):
        yield from (widget.headerItem().text(column) for column in range(widget.columnCount()))
        rows = QTreeWidgetItemIterator(widget)
        while (row := rows.value()) is not None:
            yield row.text(0)
            yield row.text(1)
            rows += 1


def assert_translated(root: QWidget, written: tuple[str, ...] = ()) -> None:
    found = {f"{where}: {text!r} has {bare}" for where, text in said(root) if (bare := bare_words(text, written))}
    assert not found, "\n".join(sorted(found))


def protocol_words(room: ReadingRoom) -> tuple[str, ...]:
    items = room.session.items
    words = [*(item.text for item in items), *(item.help for item in items), *(item.group for item in items)]
    words += [option for item in items for option in item.options]
    return tuple(filter(None, [*words, *room.session.instructions.split("\n")]))


def test_the_brackets_find_a_bare_word() -> None:
    assert bare_words("⟦undo ⟦it⟧⟧ Ctrl+Z 12 mm", ()) == []
    assert bare_words("⟦Case⟧ K0-RF: forgotten", ()) == ["forgotten"]
    assert bare_words("Chest drain: ⟦present⟧", ("Chest drain",)) == []
    assert bare_words("⟦2 files in /home/a b⟧ figures/forest.svg, written", ()) == ["written"]
    assert bare_words(closed(["⟦Cases that", "both⟧", "⟦Disputed ca…", "loose"]), ()) == ["loose"]


def test_the_reading_room_and_its_sheets(brackets: None, enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    made = make_study(tmp_path / "kinds", [[small_image(n)] for n in range(2)], items=ITEMS + MORE_ITEMS, practice=1)
    room = enter(made)
    written = protocol_words(room)
    assert_translated(room, written)  # the instructions
    begin(room, qtbot)
    for answer in ("G", "S"):
        key(room, answer)
        assert_translated(room, written)
    key(room, "Q")
    draw(room, (10, 10), (50, 50))
    for item in room.session.items:
        room.panel.item_chosen.emit(str(item.id))
        assert_translated(room, written)
        key(room, "G")  # a notice, where the item takes no answer key
        assert_translated(room, written)
    for name in ("shortcuts", "preferences", "instructions", "marks_list", "item_help", "flag_case"):
        room.toggle_sheet(name)
        assert [sheet for sheet in room.findChildren(Overlay) if sheet.isVisible()], name
        assert_translated(room, written)
    room._sheets.close()
    for text in room.visible_texts():
        assert not bare_words(text, written), text
    key(room, Qt.Key.Key_Return)
    assert_translated(room, written)  # asked for what is open
    key(room, Qt.Key.Key_Return)
    assert_translated(room, written)  # feedback of a practice case
    key(room, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: room.mode == "reading")
    for _ in range(2):
        key(room, Qt.Key.Key_Return, CTRL)
        key(room, Qt.Key.Key_Return)
    key(room, Qt.Key.Key_Return)
    assert room.session.finished
    assert_translated(room, (*written, room.head))


@pytest.fixture
def window(brackets: None, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    made = MainWindow(Memory(tmp_path / "memory"))
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    return made


def test_the_start_page_and_preferences(window: MainWindow, tmp_path: Path) -> None:
    hands = Hands(window, tmp_path / "pictures", patience_s=20)
    hands.wait_for_work()
    assert_translated(window.start)
    window.offer(small_study.make_study(tmp_path))
    hands.wait_for_work()
    hands.wait_for_work()
    written = (small_study.TITLE, "anna", "ben", str(tmp_path))
    assert_translated(window.start, written)
    QTest.keyClick(window.start.way_in.passphrase, Qt.Key.Key_Return)
    assert_translated(window.start, written)  # asks for the passphrase
    window.start.show_farewell("⟦x⟧", "")
    window.start.say_closing()
    assert_translated(window.start, written)
    hands.click(window.start.preferences)
    assert_translated(window.centralWidget().currentWidget())


def test_german_is_complete_and_the_program_loads_it(qapp: QApplication, tmp_path: Path) -> None:
    """Every text, as `pyside6-lupdate` finds them today, is translated."""
    tool = Path(sys.executable).parent / "pyside6-lupdate"
    if not tool.exists():
        pytest.skip("pyside6-lupdate is not installed")
    sources = ROOT.glob("readerapp/**/*.py")
    found = tmp_path / "found.ts"
    command = [str(tool), *map(str, sources), "-ts", str(found)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    shipped = messages(TRANSLATIONS / "readerapp_de.ts")
    missing = {entry for entry in messages(found) if not shipped.get(entry)}
    assert not missing, "\n".join(f"{context}: {source}" for context, source in sorted(missing))


def marked_texts(source: Path) -> Iterator[str]:
    """Every text that a module marks for translation, as Python reads it."""
    for call in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and call.args:
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            text = call.args[-1] if name in ("translate", "QT_TRANSLATE_NOOP") else call.args[0]
            if name in ("tr", "translate", "QT_TRANSLATE_NOOP") and isinstance(text, ast.Constant):
                yield str(text.value)


def test_every_marked_text_is_one_that_the_tools_find() -> None:
    """`pyside6-lupdate` reads Python by halves: it does not look into an f-string."""
    known = {source for _, source in messages(TRANSLATIONS / "readerapp_de.ts")}
    unseen = {text for file in ROOT.glob("readerapp/**/*.py") for text in marked_texts(file)} - known
    assert not unseen, unseen


def messages(file: Path) -> dict[tuple[str, str], str]:
    """(context, source) → finished translation, "" where there is none."""
    texts = {}
    for context in ElementTree.parse(file).getroot().iter("context"):
        for message in context.iter("message"):
            entry = message.find("translation")
            done = entry is not None and entry.get("type") is None
            source = (context.findtext("name") or "", message.findtext("source") or "")
            texts[source] = (entry.text or "") if done and entry is not None else ""
    return texts


def test_places_for_values_are_the_same_in_german() -> None:
    for (context, source), text in messages(TRANSLATIONS / "readerapp_de.ts").items():
        if text:
            assert sorted(re.findall(r"{\w*}", source)) == sorted(re.findall(r"{\w*}", text)), (context, source, text)


def test_the_compiled_file_says_what_its_source_says() -> None:
    translator = QTranslator()
    assert translator.load(str(shipped_file("translations/readerapp_de.qm")))
    for (context, source), text in messages(TRANSLATIONS / "readerapp_de.ts").items():
        if text:
            assert translator.translate(context, source) == text, (context, source)


def test_the_language_is_chosen_by_the_person_else_by_the_system(qapp: QApplication) -> None:
    before = QLocale.system().name().partition("_")[0]
    translation.choose_language("de")
    try:
        assert translation.install(qapp) == "de"
        assert QApplication.translate("Keymap", "present") == "vorhanden"
    finally:
        for translator in qapp.findChildren(QTranslator):
            qapp.removeTranslator(translator)
    translation.choose_language("en")
    assert translation.install(qapp) == "en"
    assert QApplication.translate("Keymap", "present") == "present"
    translation.choose_language("")
    assert translation.chosen_language() == ""
    if before not in translation.LANGUAGES:
        assert translation.install(qapp) == "en"
    assert Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)).is_dir()


def findings(window: MainWindow, written: tuple[str, ...]) -> set[str]:
    """Words of a window that no translator was asked for: painted ones, and those told to a screen reader."""
    lines = painted(window)
    for line in rich_lines(window):
        lines.remove(line)
    found = {f"{where}: {text!r} has {bare}" for where, text in said(window) if (bare := bare_words(text, written))}
    return found | {
        f"painted: {word} in {[line for line in lines if word in line]}" for word in bare_words(closed(lines), written)
    }


def rich_lines(window: MainWindow) -> list[str]:
    """What labels with rich text paint, not in the order of the text: what they say is looked at whole."""
    labels = [label for label in window.findChildren(QLabel) if re.search(r"</\w+>", label.text())]
    return [line for label in labels if label.isVisible() for line in painted(label)]


def hashes(window: MainWindow) -> tuple[str, ...]:
    texts = " ".join([*painted(window), *(text for _, text in said(window))])
    return tuple(set(re.findall(r"\b[0-9a-f]{64}\b", texts)))


OWN_WORDS = (
    *(small_study.TITLE, "Chest drain", "Sternal wires", "Artificial valve", "effusion", "nodule", "anna", "ben"),
    *(every_page.COMMENT, every_page.REASON, "unaided", "desk", "readerapp-allocation"),
)


# What ships under names of its own, what a protocol calls an item at first, a column of the cohort, coding systems.
FORM_WORDS = (
    *("demo", "demo explained", "template", "diffchest confounders", "diffchest step1"),
    *("item1", "label.effusion", "Grad-CAM", "RadLex", "SNOMED CT"),
)


def in_words(found: dict[str, set[str]]) -> str:
    return "\n".join(f"{state}: {words}" for state, words in found.items() if words)


def test_the_desk_while_readers_read(window: MainWindow, tmp_path: Path) -> None:
    hands = Hands(window, tmp_path / "pictures", patience_s=30)
    study = small_study.make_study(tmp_path)
    own = (*OWN_WORDS, *cases_by_code(study))
    states = every_page.desk_while_reading(hands, window, study)
    found = {state: findings(window, own) for state in states}
    assert not any(found.values()), in_words(found)


def test_every_page_of_the_desk(window: MainWindow, tmp_path: Path) -> None:
    hands = Hands(window, tmp_path / "pictures", patience_s=30)
    study = small_study.make_study(tmp_path)
    own = (*OWN_WORDS, *cases_by_code(study))
    states = every_page.desk_when_read(hands, window, study, tmp_path)
    found = {state: findings(window, (*own, *hashes(window))) for state in states}
    assert not any(found.values()), in_words(found)


def test_every_page_of_the_form_for_a_new_study(window: MainWindow, tmp_path: Path) -> None:
    hands = Hands(window, tmp_path / "pictures", patience_s=30)
    hands.wait_for_work()
    vocabularies = [shipped_vocabulary(name) for name in vocabulary_names()]
    items = (item.text for vocabulary in vocabularies for item in vocabulary.items)
    own = (*OWN_WORDS, *FORM_WORDS, *(vocabulary.title for vocabulary in vocabularies), *items)
    found = {state: findings(window, own) for state in every_page.form_pages(hands, window, tmp_path)}
    assert not any(found.values()), in_words(found)
