"""A reader in a process of their own who reads real cases with one keymap and uses every key and mouse verb it has.

Run by test_every_keymap, off-screen or on an X display: `python -m tests.readerapp.reads_everything STUDY KEYMAP PICS`.
The last line printed says what was read and which actions were used.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from readerapp import keymaps
from readerapp.application import make_application
from readerapp.reading.room import ReadingRoom
from readerapp.reading.session import ReadingSession
from readerapp.viewer.actions import ACTION_NAMES, ANSWER_ACTIONS
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.planes import obstacle_text
from studies.reading.masks import area_px
from studies.reading.study import open_as_reader
from tests.readerapp.fast_reader import rest, wait_for
from tests.readerapp.made_study import PASSPHRASE

NO_BUTTON = Qt.MouseButton.NoButton
BUTTONS = {
    "Left": Qt.MouseButton.LeftButton,
    "Middle": Qt.MouseButton.MiddleButton,
    "Right": Qt.MouseButton.RightButton,
}
MODIFIERS = {
    "Shift": Qt.KeyboardModifier.ShiftModifier,
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
}
TOOLS = {  # action → how many points it takes
    "draw_arrow": 2,
    "draw_box": 2,
    "draw_ellipse": 2,
    "draw_star": 1,
    "draw_polyline": 3,
    "draw_freehand": 2,
    "draw_mask": 2,
    "measure_length": 2,
    "measure_angle": 3,
    "measure_cobb": 4,
    "measure_region": 2,
}
SHEETS = ("shortcuts", "preferences", "marks_list", "item_help", "flag_case", "instructions")
ALTERS_VIEW = (
    "invert", "zoom_in", "zoom_out", "fill", "fit", "true_size", "one_to_one", "rotate_right", "rotate_left",
    "flip_horizontal", "flip_vertical", "smoothing", "window_wider", "window_narrower", "level_up", "level_down",
    "pan_left", "pan_right", "pan_up", "pan_down", "reset_view",
)  # fmt: skip
ALTERS_STACK = (
    "next_frame", "previous_frame", "last_frame", "first_frame", "frames_forward", "frames_back", "slab_thicker",
    "slab_mode", "slab_thinner",
)  # fmt: skip
LAYOUTS = ("layout_1x2", "layout_2x2", "layout_next", "layout_1x1", "maximise", "next_image", "previous_image")


class Reader:
    """Uses the keymap; what a key should do and does not is an error that names it."""

    def __init__(self, room: ReadingRoom, keymap_id: str, pictures: Path) -> None:
        self.room, self.pictures = room, pictures
        self.keymap = keymaps.load(keymap_id)
        self.used: set[str] = set()
        self.verbs: set[str] = set()

    @property
    def canvas(self) -> ImageCanvas:
        return self.room.stage.canvas

    def press(self, action: str) -> None:
        key = QKeySequence.fromString(self.keymap.keys(action)[0])[0]
        QTest.keyClick(self.room, key.key(), key.keyboardModifiers())
        self.used.add(action)

    def changes(self, action: str, what: Callable[[], object]) -> None:
        """Presses, and sees that something is different."""
        before = what()
        self.press(action)
        assert what() != before, f"{action} ({self.keymap.keys(action)[0]}) changed nothing"

    def view(self) -> object:
        return self.canvas.view, self.canvas.placement()

    def picture(self, name: str) -> None:
        QApplication.processEvents()
        self.pictures.mkdir(parents=True, exist_ok=True)
        self.room.grab().save(str(self.pictures / f"{name}.png"))

    # What is done in a case

    def read_case(self, number: int) -> None:
        wait_for(lambda: self.room.mode == "reading")
        stage = self.room.stage
        self.look(number)
        if self.canvas.image is not None and self.canvas.image.frames > 1:
            self.scroll(number)
        if stage.count > 1:
            self.lay_out(number)
        tools = list(TOOLS)
        self.mark(tools[number % len(tools)], number)
        self.paint(number)
        self.drag_and_turn(number)
        if number % 6 == 5:
            self.open_sheets(number)
        self.answer(number)
        self.press("finish_case")
        if self.room.mode == "confirming":
            self.press("finish_case")

    def look(self, number: int) -> None:
        self.press("reset_view")
        share = ALTERS_VIEW if number < 2 else ALTERS_VIEW[number % 5 :: 5]
        for action in share:
            # Fitted already, reset already, at the edge of what is: there is nothing to change.
            if (
                action in ("fit", "reset_view", "fill", "one_to_one", "true_size", "zoom_out", "smoothing")
                or self.canvas.image.is_color
            ):
                self.press(action)
            else:
                self.changes(action, self.view)
        if number == 1:
            self.press("probe")
            QTest.mouseMove(self.canvas, self.canvas.rect().center())
            self.picture(f"case_{number:02d}_probe")
            self.press("probe")
        self.press("reset_view")
        presets = self.keymap.presets(self.canvas.image)
        for key in list(presets)[:3]:
            QTest.keyClick(self.room, QKeySequence.fromString(key)[0].key())
        self.hold("magnifier", number)
        self.hold("hide_marks", number)

    def hold(self, action: str, number: int) -> None:
        key = QKeySequence.fromString(self.keymap.keys(action)[0])[0]
        QTest.mouseMove(self.canvas, self.canvas.rect().center() + QPoint(number, 20))
        QTest.keyPress(self.room, key.key(), key.keyboardModifiers())
        if number == 2:
            self.picture(f"case_{number:02d}_{action}")
        QTest.keyRelease(self.room, key.key(), key.keyboardModifiers())
        self.used.add(action)

    def scroll(self, number: int) -> None:
        self.press("first_frame")
        for action in ALTERS_STACK:
            if action in ("slab_mode", "first_frame"):
                self.press(action)
            else:
                self.changes(action, lambda: (self.canvas.view.frame, self.canvas.view.slab))
        self.press("cine")
        self.press("cine_faster")
        before = self.canvas.view.frame
        rest(300)
        assert self.canvas.view.frame != before, "cine does not play"
        self.press("cine_slower")
        self.picture(f"case_{number:02d}_cine")
        self.press("cine")
        self.press("first_frame")
        self.cut(number)

    def cut(self, number: int) -> None:
        """In three planes, each scrolled; a stack that has none says why, in a sentence beside the case."""
        stage = self.room.stage
        why = stage.plane_obstacle
        self.press("layout_mpr")
        if why is not None:
            assert len(stage.canvases) == 1, "planes are shown of a stack that has none"
            said = [label.text() for label in self.room.findChildren(QLabel) if label.isVisible()]
            assert obstacle_text(why) in " ".join(said), f"nobody is told why there are no planes ({why})"
            self.picture(f"case_{number:02d}_no_planes")
            return
        assert [canvas.reformat is not None for canvas in stage.canvases] == [True] * 3, "layout_mpr shows no planes"
        for _ in range(3):
            self.changes("plane_next", lambda: stage.place)
            self.press("first_frame")
            self.changes("frames_forward" if self.canvas.image.frames > 10 else "next_frame", self.view)
        self.picture(f"case_{number:02d}_planes")
        self.changes("layout_mpr", lambda: len(stage.canvases))
        self.press("first_frame")

    def lay_out(self, number: int) -> None:
        self.picture(f"case_{number:02d}_as_hung")
        for action in ("link_zoom", "link_scroll", "link_window"):
            self.press(action)
            self.press(action)
        for action in LAYOUTS:
            self.press(action)
            QApplication.processEvents()
        self.press("maximise")
        self.press("layout_2x2")
        self.picture(f"case_{number:02d}_2x2")

    def mark(self, action: str, number: int) -> None:
        """By mouse in every other case, by keys in the others; then selected, copied, deleted, undone and redone."""
        before = len(self.room.session.state.marks)
        self.press(action)
        if number % 2:
            self.draw_with_keys(action, TOOLS[action])
        else:
            self.draw_with_mouse(action, TOOLS[action])
        assert len(self.room.session.state.marks) == before + 1, f"{action} drew nothing in case {number}"
        if number < 2 * len(TOOLS):
            self.picture(f"case_{number:02d}_{action}")
        self.press("next_mark")
        self.press("duplicate_mark")
        assert len(self.room.session.state.marks) == before + 2, "the mark was not duplicated"
        self.press("previous_mark")
        self.press("delete_mark")
        self.press("undo")
        self.press("redo")
        assert len(self.room.session.state.marks) == before + 1, "delete, undo and redo left another number of marks"
        self.press("cancel")

    def paint(self, number: int) -> None:
        """The brush by mouse in every other case, by keys in the others: size, stroke, erasing, undo, redo."""
        marks = self.room.session.state.marks
        before = dict(marks)
        self.press("next_item")  # for an item that has no mask here yet, or the stroke would go on with that one
        self.press("draw_mask")
        self.changes("brush_larger", self.brush_width)
        self.changes("brush_smaller", self.brush_width)
        if number % 2:
            self.draw_with_keys("draw_mask", 2)
        else:
            self.draw_with_mouse("draw_mask", 2)
        (made,) = [mark for mark_id, mark in self.room.session.state.marks.items() if mark_id not in before]
        assert made.kind == "mask" and made.mask is not None
        self.press("erase_mask")
        self.press("brush_smaller")
        if number < 4:
            self.picture(f"case_{number:02d}_erase_mask")
        if number % 2:
            self.draw_with_keys("erase_mask", 2)
        else:
            self.draw_with_mouse("erase_mask", 2)
        left = self.room.session.state.marks.get(made.id)
        erased = left is None or left.mask is None or area_px(left.mask) < area_px(made.mask)
        assert erased, "erasing took nothing away"
        self.press("undo")
        assert self.room.session.state.marks[made.id] == made, "undo did not bring back what was erased"
        self.press("redo")
        assert self.room.session.state.marks.get(made.id) == left, "redo did not erase again"
        self.press("cancel")
        assert self.canvas.armed is None
        if left is not None:
            self.press("delete_mark")
        assert dict(self.room.session.state.marks) == before
        self.press("previous_item")

    def brush_width(self) -> int:
        return self.canvas.brush_diameter

    def draw_with_keys(self, action: str, points: int) -> None:
        for point in range(points):
            for _ in range(3 + point):
                QTest.keyClick(self.room, (Qt.Key.Key_Right, Qt.Key.Key_Down)[point % 2], MODIFIERS["Shift"])
            QTest.keyClick(self.room, Qt.Key.Key_Right, MODIFIERS["Shift"])  # no box is drawn flat
            QTest.keyClick(self.room, Qt.Key.Key_Return)
        if action == "draw_polyline":
            QTest.keyClick(self.room, Qt.Key.Key_Return)

    def draw_with_mouse(self, action: str, points: int) -> None:
        centre = self.canvas.rect().center()
        places = [centre + QPoint(70 * point - 40, 50 * (point % 2)) for point in range(points)]
        if action in ("draw_polyline", "measure_angle", "measure_cobb"):
            for place in places:
                QTest.mouseClick(self.canvas, BUTTONS["Left"], Qt.KeyboardModifier.NoModifier, place)
            if action == "draw_polyline":
                QTest.keyClick(self.room, Qt.Key.Key_Return)
        else:
            self.drag("Left", places[0], places[-1])

    def drag_and_turn(self, number: int) -> None:
        """Every button that the keymap gives a verb, and every turn of the wheel."""
        centre = self.canvas.rect().center()
        for button, verb in self.keymap.hands.drags.items():
            needs_stack = verb == "scroll" and self.canvas.image.frames == 1
            before = self.view()
            self.drag(button, centre + QPoint(90, 70), centre + QPoint(140, 120))
            changed = self.view() != before
            grey = verb in ("window", "window_region") and self.canvas.image.is_color
            assert changed or needs_stack or grey or verb == "magnify", f"{button} ({verb}) changed nothing"
            self.verbs.add(f"{button}:{verb}")
        for turn, verb in self.keymap.hands.wheel.items():
            before = self.view()
            self.wheel(turn, centre)
            assert self.view() != before, f"{turn} ({verb}) changed nothing"
            self.verbs.add(f"{turn}:{verb}")
        self.press("reset_view")

    def open_sheets(self, number: int) -> None:
        for action in SHEETS:
            self.press(action)
            if number == 5:
                self.picture(f"case_{number:02d}_{action}")
            QTest.keyClick(QApplication.focusWidget() or self.room, Qt.Key.Key_Escape)
            QApplication.processEvents()
            assert self.room.mode == "reading", f"Esc after {action} did not lead back to the case"
            self.room.setFocus()

    def answer(self, number: int) -> None:
        self.press("next_item")
        self.press("previous_item")
        answers = list(ANSWER_ACTIONS)
        session = self.room.session
        for place in range(len(session.items) - 1):
            self.press("next_unanswered")
            self.press(answers[(number + place) % 4])
        self.press("rest_absent")
        assert set(session.state.answers) == {item.id for item in session.items}, "an item was left unanswered"

    # Hands

    def drag(self, button: str, start: QPoint, end: QPoint) -> None:
        *modifier, name = button.split("+")
        held = MODIFIERS[modifier[0]] if modifier else Qt.KeyboardModifier.NoModifier
        canvas = self.canvas
        QTest.mousePress(canvas, BUTTONS[name], held, start)
        for step in range(1, 7):
            place = QPointF(start) + QPointF(end - start) * (step / 6)
            moved = QMouseEvent(
                QEvent.Type.MouseMove,
                place,
                QPointF(canvas.mapToGlobal(place.toPoint())),
                NO_BUTTON,
                BUTTONS[name],
                held,
            )
            QApplication.sendEvent(canvas, moved)
        QTest.mouseRelease(canvas, BUTTONS[name], held, end)
        QApplication.processEvents()

    def wheel(self, turn: str, at: QPoint) -> None:
        held = MODIFIERS[turn.split("+")[0]] if "+" in turn else Qt.KeyboardModifier.NoModifier
        place = QPointF(at)
        event = QWheelEvent(
            place, QPointF(self.canvas.mapToGlobal(at)), QPoint(), QPoint(0, -120), NO_BUTTON, held,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(self.canvas, event)


def main(root: Path, keymap_id: str, pictures: Path) -> None:
    application = make_application()
    view = open_as_reader(root, "r1", PASSPHRASE)
    keymaps.choose(keymap_id, str(view.reader_id))
    room = ReadingRoom(ReadingSession(view))
    room.resize(1600, 1000)
    room.show()
    application.processEvents()
    reader = Reader(room, keymap_id, pictures)
    if room.mode == "page":
        reader.press("finish_case")
    number = 0
    while not room.session.finished:
        reader.read_case(number)
        number += 1
    said = {"read": number, "unused": sorted(ACTION_NAMES - reader.used), "verbs": sorted(reader.verbs)}
    print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
