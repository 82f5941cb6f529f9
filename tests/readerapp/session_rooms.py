"""A study and whoever sits down to read it, without a window; clocks that stand still until told."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from readerapp.reading.session import ReadingSession
from studies.reading.journal import Journal
from studies.reading.study import open_as_reader
from tests.studies.made_studies import make_study, phrase

BOX = ((1.0, 2.0), (30.5, 40.25))


@dataclass
class Clocks:
    """A monotonic clock and a time of day that stand still until told."""

    now: float = 1000.0
    day: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 9, 0, tzinfo=UTC))

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.day += timedelta(seconds=seconds)


@dataclass
class Room:
    """A study and whoever sits down to read it."""

    root: Path
    clocks: Clocks

    def sit_down(self, reader: str = "r1") -> ReadingSession:
        view = open_as_reader(self.root, reader, phrase(reader))
        return ReadingSession(view, clock=lambda: self.clocks.now, wall=lambda: self.clocks.day)

    def start(self, reader: str = "r1") -> ReadingSession:
        """Sit down, with the case on the screen."""
        session = self.sit_down(reader)
        show(session.open_next, session)
        return session

    def kinds(self, reader: str = "r1") -> list[str]:
        with Journal(self.root) as journal:
            return [event.kind for event in journal.events(reader)]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(make_study(tmp_path / "study"), Clocks())


def make_room(tmp_path: Path, **design: object) -> Room:
    return Room(make_study(tmp_path / "study", **design), Clocks())  # type: ignore[arg-type]


def show(move: Callable[[], object], session: ReadingSession) -> None:
    move()
    session.painted()


def read_all(session: ReadingSession, cases: int) -> None:
    for _ in range(cases):
        show(session.open_next, session)
        assert session.finish(confirmed=True).kind == "finished"


def values(session: ReadingSession) -> dict[str, str]:
    return {item: answer.value for item, answer in session.state.answers.items()}


def explained_room(tmp_path: Path, **more: object) -> Room:
    return make_room(tmp_path, explained=(True,), explanations=(("e" * 64,),), **more)
