"""One simulated reader at work in the real reading room: answers, marks, window drags, undo, all as Qt's events."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF

from readerapp.demo.hands import Hands, Stuck
from readerapp.demo.simulated_reader import SimulatedReader, Truth
from readerapp.reading.room import ReadingRoom
from readerapp.viewer.canvas import ImageCanvas
from readerapp.viewer.keymap import load_keymap
from studies.reading.shown_maps import ShownMap

if TYPE_CHECKING:
    from readerapp.reading.session import ReadingSession

_MARK_EVERY, _WINDOW_EVERY, _UNDO_EVERY = 3, 4, 7  # cases
_NEAR = 0.15  # of the image's width
_SLIP = "not assessable"  # what is pressed by mistake, and taken back


@dataclass(frozen=True)
class Planted:
    """What the demo knows and no reader does: the truth behind each code, and where in the first image it was drawn."""

    truth: Mapping[str, Truth]  # presentation code → item → planted
    places: Mapping[str, Mapping[str, tuple[float, float]]]  # presentation code → item → (column, row)


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

    def read_all(self, show: Mapping[int, str]) -> None:
        """Every case to the end. `show`: number of the case (from 0) → name of the screenshot of it answered."""
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
            self._read_again(code, picture)
        if presentation.practice:
            if picture:
                self._hands.picture(f"{picture}_feedback")
            self._press("finish_case")
        self._hands.settle()

    def _read_again(self, code: str, picture: str) -> None:
        """The same case with its explanation in view: each locked answer confirmed or changed."""
        self._hands.wait_for("the explanation", lambda: self._room.mode == "reading")
        hottest = {one.item: self._hottest(one) for one in self._session.load_maps(code)}
        if picture:
            self._hands.picture(f"{picture}_explained")
        for item in [str(item.id) for item in self._session.items]:
            place = self._planted.places[code].get(item)
            pointed = place is not None and _near(hottest.get(item, hottest.get("")), place, self._reach)
            before = self._session.locked_value(item)
            self._answer(item, self._reader.answer_again(code, item, before, pointed))
        self.explained += 1
        self._press("finish_case")

    def _hottest(self, shown: ShownMap) -> tuple[float, float]:
        """(column, row) of the image where a map is largest."""
        image = self._canvas.image
        row, column = np.unravel_index(int(shown.values.argmax()), shown.values.shape)
        rows, columns = shown.values.shape
        width, height = (image.columns, image.rows) if image is not None else (columns, rows)
        return (float(column) + 0.5) * width / columns - 0.5, (float(row) + 0.5) * height / rows - 0.5

    @property
    def _reach(self) -> float:
        """How far from a place a map still points at it, in pixels of the image."""
        return _NEAR * self._canvas.image.columns if self._canvas.image is not None else 0.0

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
            place = self._planted.places[code].get(item)
            if mark and place and value == "present":
                self._point_at(place)
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


def _near(one: tuple[float, float] | None, other: tuple[float, float], reach: float) -> bool:
    return one is not None and math.dist(one, other) <= reach


def _given(answers: Mapping, item: str) -> bool:
    return item in answers and bool(answers[item].value)
