"""A long sitting: no event keeps the window's thread, whatever the case."""

from pathlib import Path

import pytest

from readerapp.reading.room import ReadingRoom
from tests.readerapp.fast_reader import read_on
from tests.readerapp.made_study import make_study, small_image
from tests.readerapp.watchdog import WatchedApplication

LONGEST_S = 0.05


@pytest.mark.parametrize("cases", [30, pytest.param(300, marks=pytest.mark.full)])
def test_no_event_keeps_the_window_in_a_long_sitting(qapp: WatchedApplication, tmp_path: Path, cases: int) -> None:
    films = [[small_image(number, 1500, 1200)] for number in range(6)]
    study = make_study(tmp_path / "study", [films[number % len(films)] for number in range(cases)])
    room = ReadingRoom(study.session())
    room.resize(1366, 768)
    room.show()
    qapp.processEvents()
    qapp.watch()
    read_on(room, cases)
    qapp.watching = False
    assert room.session.finished
    assert qapp.above(LONGEST_S) == []
    room.close()
