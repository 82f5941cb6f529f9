"""The demo's hands in a study with explanations: two phases of a case by keys, followed where the map points."""

from pathlib import Path

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from readerapp.demo.hands import Hands
from readerapp.demo.planted import Drawn, Planted
from readerapp.demo.reading_hands import ReadingHands
from readerapp.demo.simulated_reader import ErrorRates, SimulatedReader
from readerapp.reading.room import ReadingRoom
from studies.reading.shown_maps import ShownMap
from tests.readerapp.made_study import make_study, small_image


def hot(row: int, column: int) -> ShownMap:
    values = np.zeros((8, 8), np.float32)
    values[row, column] = 1
    return ShownMap(0, "", values, 0.4, 0.0, "viridis")


def test_a_reader_who_always_follows_changes_what_the_map_points_at(qtbot: QtBot, tmp_path: Path) -> None:
    study = make_study(tmp_path / "study", [[small_image(n)] for n in range(3)], maps={0: [hot(1, 1)], 2: [hot(6, 6)]})
    session = study.session()
    window, room = QWidget(), ReadingRoom(session)
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(room)
    window.resize(1000, 700)
    window.show()
    blind = {item: ErrorRates(0.0, 1.0) for item in ("tube", "drain", "congestion")}  # sees nothing by themselves
    reader = SimulatedReader("r1", blind, hesitation=0.0, follows=1.0)
    truth = dict.fromkeys(blind, True)
    places = {"tube": (17.5, 17.5), "drain": (77.5, 77.5)}  # in images of 96 × 96: cells (1, 1) and (6, 6)
    drawn = {item: Drawn(np.array([place]), 96, 96) for item, place in places.items()}
    planted = Planted(dict.fromkeys(study.codes, truth), dict.fromkeys(study.codes, drawn))
    at_work = ReadingHands(Hands(window, tmp_path / "pictures", patience_s=30), session, reader, planted)
    at_work.read_all({})
    assert (at_work.read, at_work.explained) == (3, 2)
    states = [session._log.record.cases[code].state() for code in study.codes]
    found = [{item: answer.value for item, answer in state.answers.items()} for state in states]
    absent = dict.fromkeys(blind, "absent")
    assert found == [absent | {"tube": "present"}, absent, absent | {"drain": "present"}]
    assert [state.locked_answers is not None for state in states] == [True, False, True]
    room.close()
