"""One simulated reader at work in the real reading room: answers, marks, window drags, undo, all as Qt's events."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from readerapp.demo.hands import Hands, Stuck
from readerapp.demo.planted import Planted
from readerapp.demo.simulated_reader import SimulatedReader
from readerapp.reading.room import ReadingRoom
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.keymap import load_keymap

if TYPE_CHECKING:
    from readerapp.reading.session import ReadingSession

_MARK_EVERY, _WINDOW_EVERY, _UNDO_EVERY, _HIDE_EVERY = 3, 4, 7, 3  # cases
_SLIP = "not assessable"  # what is pressed by mistake, and taken back


class ReadingHands:
    """Reads every case of a session."""

    def __init__(self, hands: Hands, session: "ReadingSession", reader: SimulatedReader, planted: Planted) -> None:
        self._hands = hands
        self._session = session
        self._reader = reader
        self._planted = planted
        self._keymap = load_keymap()
        self._room = hands.find(ReadingRoom)
        self.read = self.marks = self.undone = self.windowed = self.explained = 0

    def read_all(self, show: Mapping[int, str], explained: Mapping[str, Mapping[str, str]] | None = None) -> None:
        """Every case to the end. `show`: number of the case (from 0) → name of the screenshot of it answered.

        `explained`: code of a case → item → name of the screenshot with the explanation of that item in view.
        """
        self._explained_pictures = explained or {}
        self._press("finish_case")  # past the instructions
        while not self._session.finished:
            self._read_case(self.read, show.get(self.read, ""))
            self.read += 1

    def close(self) -> None:
        """Leave from the last page."""
        self._press("finish_case")

    def _read_case(self, number: int, picture: str) -> None:
        self._hands.wait_for("the next case to be painted", self._is_open)
        self._canvas = self._hands.find(ImageCanvas)
        presentation = self._session.presentation
        code = str(presentation.code)
        if number % _WINDOW_EVERY == 1:
            self._drag_window()
        if number % _UNDO_EVERY == 2:
            self._slip()
        self._answer_all(code, number % _MARK_EVERY == 0)
        if picture:
            self._hands.picture(picture)
        self._press("finish_case")
        if self._session.reviewing:
            self._read_again(code, self._explained_pictures.get(code, {}))
        if presentation.practice:
            if picture:
                self._hands.picture(f"{picture}_feedback")
            self._press("finish_case")
        self._hands.settle()

    def _read_again(self, code: str, pictures: Mapping[str, str]) -> None:
        """The same case with its explanation: each locked answer confirmed or changed, by what the screen shows."""
        self._hands.wait_for("the explanation", lambda: self._room.mode == "reading")
        if self.explained % _HIDE_EVERY == 1:
            self._look_beneath()
        for item in [str(item.id) for item in self._session.items]:
            if self._session.focus != item:
                raise Stuck(f"{item} was to be answered again, and {self._session.focus} is in focus")
            if item in pictures:
                self._hands.picture(pictures[item])
            layer = self._canvas.heat  # of the item in focus
            pointed = None if layer is None else self._planted.pointed_at(code, item, layer.values)
            before = self._session.locked_value(item)
            self._answer(item, self._reader.answer_again(code, item, before, pointed))
        self.explained += 1
        self._press("finish_case")

    def _look_beneath(self) -> None:
        """The map away and back, as one does who wants to see the image."""
        while not self._covered():
            self._press("next_item")
        self._press("explanation")
        if self._covered():
            raise Stuck("the explanation was to be hidden, and still lies over the image")
        self._press("explanation")
        while self._session.focus != self._session.items[0].id:
            self._press("previous_item")

    def _covered(self) -> bool:
        return self._canvas.heat is not None

    def _is_open(self) -> bool:
        return self._session.state.open and self._session.state.painted

    def _answer_all(self, code: str, mark: bool) -> None:
        answers = self._session.state.answers
        while left := [str(item.id) for item in self._session.items if not _given(answers, str(item.id))]:
            item = str(self._session.focus)
            if item not in left:
                self._press("next_unanswered")
                item = str(self._session.focus)
            value = self._reader.answer(code, item, self._planted.truth[code][item])
            drawn = self._planted.drawn[code].get(item)
            if mark and drawn and value == "present":
                self._point_at(drawn.middle)
                mark = False
            self._answer(item, value)
            answers = self._session.state.answers

    def _answer(self, item: str, value: str) -> None:
        self._press(f"answer_{value.replace(' ', '_')}")
        given = self._session.state.answers.get(item)  # type: ignore[call-overload]
        if given is None or given.value != value:
            raise Stuck(f"'{value}' was pressed for {item}, and the session holds {given}")

    def _slip(self) -> None:
        """A wrong key, taken back."""
        item = str(self._session.focus)
        self._answer(item, _SLIP)
        self._press("undo")
        if _given(self._session.state.answers, item):
            raise Stuck(f"undo left an answer to {item}")
        self.undone += 1

    def _point_at(self, place: tuple[float, float]) -> None:
        """An arrow for the item in focus, from a little aside to the place."""
        before = len(self._session.state.marks)
        self._press("draw_arrow")
        target = self._canvas.to_screen(*place)
        towards_centre = 1 if target.x() < self._canvas.width() / 2 else -1
        self._hands.drag(self._canvas, target + QPointF(70 * towards_centre, -50), target)
        if len(self._session.state.marks) != before + 1:
            raise Stuck("an arrow was drawn, and the session holds no new mark")
        self.marks += 1

    def _drag_window(self) -> None:
        """Window and level by left drag, a little; colour has no window."""
        if self._canvas.image is None or self._canvas.image.is_color:
            return
        centre = QPointF(self._canvas.rect().center())
        before = self._canvas.view
        self._hands.drag(self._canvas, centre, centre + QPointF(24, -12))
        if self._canvas.view == before:
            raise Stuck("a left drag did not change the window")
        self.windowed += 1

    def _press(self, action: str) -> None:
        self._hands.press(self._room, self._keymap.keys(action)[0])


def _given(answers: Mapping, item: str) -> bool:
    return item in answers and bool(answers[item].value)
