"""The reading room under real key and mouse events: a case read by keys alone, marks, undo, finish, coming back."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from engine.images.image import Image, Window
from readerapp.reading.room import ReadingRoom
from readerapp.reading.shortcut_sheet import ShortcutSheet
from tests.readerapp.conftest import ShowRoom
from tests.readerapp.made_study import ITEMS, MORE_ITEMS, MadeStudy, make_study, small_image
from tests.readerapp.watchdog import WatchedApplication

NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton

Enter = Callable[[MadeStudy], ReadingRoom]


@pytest.fixture
def enter(show_room: ShowRoom) -> Enter:
    return lambda study: show_room(study.session())


@pytest.fixture
def study(tmp_path: Path) -> MadeStudy:
    return make_study(tmp_path / "study", [[small_image(number)] for number in range(3)])


def key(room: QWidget, name: str | Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(room, name, modifiers)


def begin(room: ReadingRoom, qtbot: QtBot) -> None:
    """Past the instructions, where they are shown, to the first painted case."""
    if room.mode == "page":
        key(room, Qt.Key.Key_Return)
    painted(room, qtbot)


def painted(room: ReadingRoom, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: room.mode == "reading", timeout=10_000)


def answers(room: ReadingRoom) -> dict[str, str]:
    return {item: answer.value for item, answer in room.session.state.answers.items()}


def draw(room: ReadingRoom, start: tuple[float, float], end: tuple[float, float]) -> None:
    canvas = room.stage.canvas
    first, last = canvas.to_screen(*start).toPoint(), canvas.to_screen(*end).toPoint()
    QTest.mousePress(canvas, LEFT, NONE, first)
    QTest.mouseMove(canvas, (first + last) / 2)
    QTest.mouseMove(canvas, last)
    QTest.mouseRelease(canvas, LEFT, NONE, last)


def test_a_study_is_read_with_keys_alone(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    assert room.mode == "page"
    begin(room, qtbot)
    for number, keys in enumerate(("GSR", "SSC", "CRG")):
        assert room.session.position == number
        for name in keys:
            key(room, name)
        key(room, Qt.Key.Key_Return)
        if number < 2:
            qtbot.waitUntil(lambda number=number: room.session.position == number + 1 and room.mode == "reading")
    assert room.mode == "page"
    assert room.session.finished
    assert any(room.session.view.head() in text for text in every_text(room))  # the end of the journal is shown
    with qtbot.waitSignal(room.finished):
        key(room, Qt.Key.Key_Return)
    values = [event.payload["answers"] for event in study.session().view.events() if event.kind == "case_finished"]
    assert values == [
        {"tube": "present", "drain": "absent", "congestion": "uncertain"},
        {"tube": "absent", "drain": "absent", "congestion": "not assessable"},
        {"tube": "not assessable", "drain": "uncertain", "congestion": "present"},
    ]


def test_keys_before_the_image_are_ignored(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    key(room, Qt.Key.Key_Return)
    assert room.mode == "loading"
    for name in "GS":
        key(room, name)
    key(room, Qt.Key.Key_Return)
    painted(room, qtbot)
    assert answers(room) == {}
    assert room.session.position == 0


def test_held_keys_answer_once(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    key(room, "G")
    for _ in range(5):
        held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_G, NONE, "g", True)
        QApplication.sendEvent(room, held)
        QApplication.sendEvent(room, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, NONE, "\r", True))
    assert answers(room) == {"tube": "present"}


def test_focus_moves_by_tab_letter_and_to_the_next_unanswered(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    assert room.session.focus == "tube"
    key(room, Qt.Key.Key_Tab)
    assert room.session.focus == "drain"
    key(room, Qt.Key.Key_Backtab, SHIFT)
    assert room.session.focus == "tube"
    key(room, "C", SHIFT)
    assert room.session.focus == "congestion"
    key(room, "S")
    assert room.session.focus == "tube"
    key(room, Qt.Key.Key_Tab)
    key(room, "G")
    assert room.session.focus == "tube"
    key(room, "N")
    assert room.session.focus == "tube"


def test_unanswered_items_are_asked_for_once(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    key(room, "G")
    key(room, Qt.Key.Key_Return)
    assert room.mode == "confirming"
    assert "2 items unanswered" in room.panel.notice
    key(room, Qt.Key.Key_Escape)
    assert room.mode == "reading"
    assert room.panel.notice == ""
    key(room, Qt.Key.Key_Return)
    key(room, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: room.session.position == 1)


def test_an_answer_while_being_asked_counts_and_goes_on(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    key(room, Qt.Key.Key_Return)
    key(room, "G")
    assert room.mode == "reading"
    assert answers(room) == {"tube": "present"}


def test_the_rest_absent_is_one_explicit_key(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    key(room, "G")
    key(room, Qt.Key.Key_Return, CTRL)
    assert answers(room) == {"tube": "present", "drain": "absent", "congestion": "absent"}
    key(room, "Z", CTRL)
    assert answers(room) == {"tube": "present"}


def test_undo_and_redo_cover_answers_and_marks(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    key(room, "G")
    key(room, "Q")
    draw(room, (20, 20), (60, 50))
    assert len(room.session.state.marks) == 1
    key(room, "Z", CTRL)
    assert not room.session.state.marks
    key(room, "Z", CTRL)
    assert answers(room) == {}
    key(room, "Z", CTRL)
    key(room, "Y", CTRL)
    key(room, "Z", CTRL | SHIFT)
    assert answers(room) == {"tube": "present"}
    assert len(room.session.state.marks) == 1


def test_a_mark_belongs_to_the_item_in_focus(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    key(room, "D", SHIFT)
    key(room, "B")
    draw(room, (10, 12), (40, 30))
    (mark,) = room.session.state.marks.values()
    assert (mark.item_id, mark.kind, mark.image, mark.frame) == ("drain", "box", 0, 0)
    assert np.allclose(mark.points, ((10, 12), (40, 30)), atol=0.2)
    assert "2" in room.visible_texts()  # its item is the second
    key(room, "E", SHIFT)
    QTest.mouseClick(room.stage.canvas, LEFT, NONE, room.stage.canvas.to_screen(10, 20).toPoint())
    assert room.session.focus == "drain"
    key(room, Qt.Key.Key_Delete)
    assert not room.session.state.marks
    key(room, "Z", CTRL)
    assert len(room.session.state.marks) == 1


def test_escape_disarms_and_never_closes(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    key(room, "Q")
    assert room.stage.canvas.armed == "arrow"
    for _ in range(4):
        key(room, Qt.Key.Key_Escape)
    assert room.stage.canvas.armed is None
    assert room.mode == "reading"
    assert room.isVisible()


def test_digits_choose_windows_and_answer_nothing(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    seen = set()
    for digit in "0123456789":
        key(room, digit)
        seen.add(room.stage.canvas.view.preset_id)
    assert seen == {"auto", "full", "lung", "bone", "soft-tissue", "header"}
    assert answers(room) == {}


def test_view_keys(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    canvas = room.stage.canvas
    fitted = canvas.placement().scale
    key(room, Qt.Key.Key_Plus)
    assert canvas.placement().scale > fitted
    key(room, Qt.Key.Key_Equal)
    assert canvas.placement().scale == fitted
    key(room, "O")
    assert canvas.placement().scale == 1.0
    key(room, "I")
    assert canvas.view.inverted
    key(room, "R", CTRL)
    assert (canvas.view.inverted, canvas.view.placement) == (False, None)
    assert answers(room) == {}


def test_space_hides_marks_while_held(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    before = room.stage.canvas.grab().toImage()
    QTest.keyPress(room, Qt.Key.Key_Space)
    hidden = room.stage.canvas.grab().toImage()
    QTest.keyRelease(room, Qt.Key.Key_Space)
    assert hidden != before
    assert room.stage.canvas.grab().toImage() == before


def test_the_reader_comes_back_to_where_they_stood(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    key(room, "G")
    key(room, "Q")
    draw(room, (20, 20), (60, 50))
    key(room, "2")
    key(room, Qt.Key.Key_Plus)
    view = room.stage.canvas.view
    key(room, "W", CTRL)
    again = enter(study)
    assert again.mode != "page"
    painted(again, qtbot)
    assert again.session.position == 0
    assert answers(again) == {"tube": "present"}
    assert again.session.focus == "drain"
    assert len(again.session.state.marks) == 1
    kept = again.stage.canvas.view
    assert kept.placement == view.placement
    assert kept.window is not None and view.window is not None
    assert (kept.window.center, kept.window.width) == (view.window.center, view.window.width)


def test_two_images_stand_side_by_side_and_marks_know_theirs(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    made = make_study(tmp_path / "pair", [[small_image(0), small_image(1)]])
    room = enter(made)
    begin(room, qtbot)
    assert room.stage.side_by_side
    key(room, Qt.Key.Key_Right)
    assert room.stage.active == 1
    key(room, "Q")
    draw(room, (20, 20), (60, 50))
    (mark,) = room.session.state.marks.values()
    assert mark.image == 1
    key(room, "I")
    assert [view.inverted for view in room.stage.views] == [False, True]


def test_stack_keys(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    pixels = np.random.default_rng(0).integers(0, 2000, (40, 48, 48), dtype=np.int16)
    made = make_study(tmp_path / "stack", [[Image(pixels=pixels, windows=(Window(40, 400),), modality="CT")]])
    room = enter(made)
    begin(room, qtbot)
    canvas = room.stage.canvas
    frames = []
    for name in ("Down", "PageDown", "Up", "End", "PageUp", "Home"):
        key(room, getattr(Qt.Key, f"Key_{name}"))
        frames.append(canvas.view.frame)
    assert frames == [1, 11, 10, 39, 29, 0]
    QApplication.sendEvent(room, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Down, NONE, "", True))
    assert canvas.view.frame == 1
    key(room, "Q")
    draw(room, (5, 5), (30, 30))
    assert next(iter(room.session.state.marks.values())).frame == 1
    assert "1" in room.visible_texts()
    key(room, Qt.Key.Key_Down)
    assert "1" not in room.visible_texts()


def test_choices_and_words_are_answered_by_keys(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    made = make_study(tmp_path / "kinds", [[small_image(0)]], items=ITEMS + MORE_ITEMS)
    room = enter(made)
    begin(room, qtbot)
    for name in "SSS":
        key(room, name)
    assert room.session.focus == "projection"
    key(room, "G")
    assert "projection" not in answers(room)
    key(room, Qt.Key.Key_F2)
    type_in(qtbot, Qt.Key.Key_Down, Qt.Key.Key_Return)
    assert answers(room)["projection"] == "AP erect"
    key(room, Qt.Key.Key_F2)
    type_in(qtbot, Qt.Key.Key_Space, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Return)
    assert answers(room)["limits"] == '["rotation", "exposure"]'
    key(room, "O", SHIFT)  # the first free letter of "Comment": C is taken
    key(room, Qt.Key.Key_F2)
    QTest.keyClicks(QApplication.focusWidget(), "Grossly rotated, S G R C 1 ?")
    assert len(answers(room)) == 5
    assert room.mode == "reading"
    type_in(qtbot, Qt.Key.Key_Return)
    assert answers(room)["comment"] == "Grossly rotated, S G R C 1 ?"
    key(room, Qt.Key.Key_Return)
    assert room.session.finished


def type_in(qtbot: QtBot, *keys: Qt.Key) -> None:
    for name in keys:
        field = QApplication.focusWidget()
        assert field is not None
        QTest.keyClick(field, name)


def test_practice_gives_feedback_and_then_goes_on(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    made = make_study(tmp_path / "practice", [[small_image(0)], [small_image(1)]], practice=1)
    room = enter(made)
    begin(room, qtbot)
    for name in "GGS":
        key(room, name)
    key(room, Qt.Key.Key_Return)
    assert room.mode == "feedback"
    assert "1 of 2 differ" in room.panel.notice
    key(room, "S")
    assert answers(room)["drain"] == "present"
    key(room, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: room.session.position == 1 and room.mode == "reading")


def test_a_break_is_asked_for_at_the_cap(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    made = make_study(tmp_path / "cap", [[small_image(n)] for n in range(3)], sections="[sessions]\ncap = 1\n")
    room = enter(made)
    begin(room, qtbot)
    key(room, Qt.Key.Key_Return, CTRL)
    key(room, Qt.Key.Key_Return)
    assert room.mode == "page"
    assert any("break after 1" in text for text in every_text(room))
    key(room, Qt.Key.Key_Return)
    assert room.mode == "page"


def test_back_to_a_case_where_the_protocol_allows(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    key(room, Qt.Key.Key_Return, CTRL)
    key(room, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: room.session.position == 1 and room.mode == "reading")
    key(room, Qt.Key.Key_Left, CTRL)
    qtbot.waitUntil(lambda: room.session.position == 0 and room.mode == "reading")
    assert answers(room)["tube"] == "absent"
    key(room, Qt.Key.Key_Right, CTRL)
    qtbot.waitUntil(lambda: room.session.position == 1 and room.mode == "reading")


def test_a_locked_case_stays_locked(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    made = make_study(
        tmp_path / "locked", [[small_image(n)] for n in range(2)], sections="[navigation]\nback = false\n"
    )
    room = enter(made)
    begin(room, qtbot)
    key(room, Qt.Key.Key_Return, CTRL)
    key(room, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: room.session.position == 1 and room.mode == "reading")
    key(room, Qt.Key.Key_Left, CTRL)
    assert room.session.position == 1
    assert "does not let readers go back" in room.panel.notice


def test_an_image_that_cannot_be_read_does_not_stop_the_reader(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    session = study.session()
    for sha256 in session.view.presentations[0].images:
        (study.root / "images" / sha256).write_bytes(b"damaged")
    session.end()
    session.view.close()
    room = enter(study)
    begin(room, qtbot)
    assert any("cannot be shown" in text for text in room.visible_texts())
    for _ in range(3):
        key(room, "C")
    key(room, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: room.session.position == 1 and room.mode == "reading")


def test_what_cannot_be_written_is_not_shown_as_saved(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    """The study is opened a second time elsewhere: the first window must not claim that its answer is kept."""
    room = enter(study)
    begin(room, qtbot)
    other = study.session()
    key(room, "G")
    assert answers(room) == {}
    assert any("NOT saved" in text for text in every_text(room))
    assert not any(text.endswith(": present") for text in room.visible_texts())
    other.end()
    other.view.close()


def test_the_shortcut_sheet_opens_and_closes(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    key(room, Qt.Key.Key_Question, SHIFT)
    assert any("answer all the rest absent" in text for text in every_text(room))
    for name in ("G", "S", Qt.Key.Key_Return):
        key(room, name)
    assert answers(room) == {} and room.mode == "reading"
    key(room, Qt.Key.Key_Question, SHIFT)
    key(room, "G")
    assert answers(room) == {"tube": "present"}


def test_the_mouse_can_answer_too(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QPushButton

    room = enter(study)
    begin(room, qtbot)
    button = next(b for b in room.findChildren(QPushButton) if b.text().endswith("uncertain"))
    QTest.mouseClick(button, LEFT, NONE, QPoint(10, 10))
    assert answers(room) == {"tube": "uncertain"}
    key(room, "S")
    assert answers(room) == {"tube": "uncertain", "drain": "absent"}


def test_a_window_that_is_not_in_front_is_away(enter: Enter, study: MadeStudy, qtbot: QtBot) -> None:
    room = enter(study)
    begin(room, qtbot)
    QApplication.sendEvent(room, QEvent(QEvent.Type.WindowDeactivate))
    QApplication.sendEvent(room, QEvent(QEvent.Type.WindowActivate))
    kinds = [event.payload["active"] for event in room.session.view.events() if event.kind == "window_active"]
    assert kinds[-2:] == [False, True]


def test_no_other_window_ever_appears(enter: Enter, study: MadeStudy, qtbot: QtBot, qapp: QApplication) -> None:
    """A part shown before it has its place would flash as a window of its own."""
    shown = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                shown.append(type(watched).__name__)
            return False

    watch = Watch()
    qapp.installEventFilter(watch)
    room = enter(study)
    begin(room, qtbot)
    key(room, "G")
    key(room, Qt.Key.Key_Question)
    qapp.removeEventFilter(watch)
    assert set(shown) == {"ReadingRoom"}


def test_no_event_keeps_the_window_for_long(enter: Enter, tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> None:
    """Six cases of 1500 × 1500 pixels read with keys and a drag: decoding and preparing happen elsewhere.

    Processor time of the window's own thread counts, so that other programs on the machine do not.
    """
    assert isinstance(qapp, WatchedApplication)
    generator = np.random.default_rng(0)
    images = [
        [Image(pixels=generator.integers(0, 4096, (1500, 1500), dtype=np.uint16), bits_stored=12)] for _ in range(6)
    ]
    room = enter(make_study(tmp_path / "large", images))
    begin(room, qtbot)
    qapp.watch()
    for number in range(6):
        qtbot.waitUntil(
            lambda number=number: room.session.position == number and room.mode == "reading", timeout=10_000
        )
        for name in "SGS":
            key(room, name)
        QTest.mousePress(room.stage.canvas, LEFT, NONE, QPoint(200, 200))
        for step in range(5):
            QTest.mouseMove(room.stage.canvas, QPoint(200 + 9 * step, 200 + 5 * step))
            qapp.processEvents()
        QTest.mouseRelease(room.stage.canvas, LEFT, NONE, QPoint(236, 220))
        key(room, Qt.Key.Key_Return)
    qapp.watching = False
    assert room.session.finished
    assert qapp.above(0.05) == []


def every_text(room: QWidget) -> list[str]:
    """Every string that a person, a screen reader or a mouse at rest could meet."""
    texts = []
    for widget in [room, *room.findChildren(QWidget)]:
        texts += [widget.windowTitle(), widget.toolTip(), widget.statusTip(), widget.whatsThis()]
        texts += [widget.accessibleName(), widget.accessibleDescription(), widget.windowFilePath(), widget.objectName()]
        for name in ("text", "placeholderText", "title", "toPlainText", "format"):
            method = getattr(widget, name, None)
            if callable(method):
                texts.append(str(method()))
    return [*texts, *room.visible_texts()] if isinstance(room, ReadingRoom) else texts


def test_a_case_of_many_images_says_which_is_shown(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    made = make_study(tmp_path / "many", [[small_image(number) for number in range(5)]])
    room = enter(made)
    begin(room, qtbot)
    assert "image 1 of 5" in room.visible_texts()
    for _ in range(7):
        key(room, Qt.Key.Key_Right)
    assert "image 5 of 5" in room.visible_texts()


def test_the_shortcut_sheet_is_whole_in_the_smallest_window(enter: Enter, tmp_path: Path, qtbot: QtBot) -> None:
    made = make_study(tmp_path / "ct", [[small_image(0, modality="CT")]])
    room = enter(made)
    room.resize(1024, 680)
    begin(room, qtbot)
    for _ in range(2):
        key(room, Qt.Key.Key_Question)
        sheet = room.findChild(ShortcutSheet)
        assert sheet is not None and sheet.isVisible()
        assert room.rect().contains(sheet.geometry())
        QApplication.processEvents()
        for label in sheet.findChildren(QLabel):
            assert label.width() >= label.minimumSizeHint().width(), label.text()
            assert label.height() >= label.minimumSizeHint().height(), label.text()
        key(room, Qt.Key.Key_Escape)
