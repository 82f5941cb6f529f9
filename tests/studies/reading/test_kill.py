"""Real processes killed at random moments: nothing shown as saved is lost, and the reader stands where they stood."""

import copy
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from studies.reading.journal import Journal
from tests.studies.made_studies import make_study
from tests.studies.reading_model import Model, same

CASES = 12
EXPLAINED = tuple(range(1, CASES, 3))  # of these, the unaided answers are locked and an explanation follows
KILLS_A_STUDY = 10  # then a new one, so that chains stay short and kills hit beginnings too
SIGKILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows: both end the process at once


class Driver:
    """The process that reads (see reading_driver), started again where it died with its reader."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def start(self, root: Path, seed: int) -> int:
        """Let somebody read; returns the process id to kill."""
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-m", "tests.studies.reading_driver"]
            pipe = subprocess.PIPE
            self._process = subprocess.Popen(
                command, stdin=pipe, stdout=pipe, text=True, encoding="utf-8", cwd=Path(__file__).parents[3]
            )
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{root} {seed}\n")
        self._process.stdin.flush()
        word, _, pid = self._process.stdout.readline().partition(" ")
        assert word == "reader"
        return int(pid)

    def lines(self) -> Iterator[tuple[str, str]]:
        """What the reader said, whole lines only, until it is gone."""
        assert self._process and self._process.stdout
        for line in self._process.stdout:
            if line == "gone\n":
                return
            if line.endswith("\n"):
                word, _, rest = line.rstrip("\n").partition(" ")
                yield word, rest

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()


class Expectation:
    """What must be found when the study is opened again: the model, or the model after what was under way."""

    def __init__(self) -> None:
        self.model, self.under_way = Model(CASES, EXPLAINED), ["open_next"]

    def possible(self) -> list[Model]:
        after = copy.deepcopy(self.model)
        if self.under_way:
            after.apply(*self.under_way)
        return [after, self.model]

    def take(self, word: str, rest: str) -> None:
        if word == "stands":
            self._found(json.loads(rest))
        elif word == "will":
            self.under_way = json.loads(rest)
        elif word == "saved":
            assert json.loads(rest) == self.under_way
            self.model.apply(*self.under_way)
            self.under_way = []

    def _found(self, found: dict) -> None:
        for model in self.possible():
            model.killed()
            # Opening is what the reader does first: a case that was open is opened as it was.
            if not model.open:
                model.open_next()
            if same(found, model):
                self.model, self.under_way = model, []
                return
        raise AssertionError(f"found {found}, expected one of {[model.stands() for model in self.possible()]}")


def kill_many(tmp_path: Path, kills: int, seed: int) -> int:
    """Kill a reader `kills` times at random moments; returns how many actions were shown as saved."""
    chance, driver, saved = random.Random(seed), Driver(), 0
    try:
        for number in range(kills):
            if number % KILLS_A_STUDY == 0:
                shown = {"explained": (False, True, False), "explanations": ((), ("e" * 64,), ())}
                root = make_study(tmp_path / f"study-{number}", cases=CASES, readers=("r1",), **shown)
                expected = Expectation()
            pid = driver.start(root, chance.randrange(2**32))
            lines = driver.lines()
            # One in four dies while it opens the study; the others after so many actions, a moment into the next one.
            wanted = saved + chance.randrange(20) if number % 4 else saved
            word = ""
            while saved < wanted and word != "finished":
                word, rest = next(lines)
                saved += _take(expected, word, rest)
            time.sleep(chance.random() * (0.003 if number % 4 else 0.03))
            os.kill(pid, SIGKILL)
            saved += sum(_take(expected, *line) for line in lines)
            with Journal(root) as journal:
                assert journal.walk("r1") == []
    finally:
        driver.stop()
    return saved


def _take(expected: Expectation, word: str, rest: str) -> bool:
    expected.take(word, rest)
    return word == "saved"


def test_two_hundred_kills_lose_nothing_shown_as_saved(tmp_path: Path) -> None:
    assert kill_many(tmp_path, 200, seed=1) > 1000  # a test whose reader never got to work would show nothing


@pytest.mark.full
def test_a_thousand_kills_lose_nothing_shown_as_saved(tmp_path: Path) -> None:
    assert kill_many(tmp_path, 1000, seed=2) > 5000
