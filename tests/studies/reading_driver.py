"""A reader that never tires, to be killed at any moment: run as a process, it says what it will do and what is saved.

It is handed "root seed" lines on standard input. Where the system can fork, each line is read by a child of its own
(named "reader PID", and "gone" when it has ended), so that 200 kills do not pay for 200 starts of Python.
"""

import json
import os
import random
import sys
import time
import traceback
from pathlib import Path

# sqlite-utils imports pandas and numpy where they are there, and needs neither: without them a start costs half.
sys.modules["pandas"] = None  # type: ignore[assignment]
sys.modules["numpy"] = None  # type: ignore[assignment]

from readerapp.reading.session import ReadingSession  # noqa: E402
from studies.reading.study import open_as_reader  # noqa: E402
from tests.studies.reading_model import ITEMS, act, stands  # noqa: E402

VALUES = ("present", "absent", "uncertain", "not assessable")


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


def read(root: Path, seed: str) -> None:
    """Open the study as r1 and read on until killed."""
    chance = random.Random(seed)
    session = ReadingSession(open_as_reader(root, "r1", "phrase-of-r1"))
    if not session.finished:
        session.open_next()
        session.painted()
        say("stands", json.dumps(stands(session)))
    while not session.finished:
        name, *values = choose(session, chance)
        say("will", json.dumps([name, *values]))
        act(session, name, *values)
        say("saved", json.dumps([name, *values]))
    say("finished")
    time.sleep(60)  # for whoever is to kill this process


def choose(session: ReadingSession, chance: random.Random) -> list:
    """Something the reader may do now."""
    if not session.state.open:
        return ["open_next"]
    points = [[chance.random() * 100, chance.random() * 100] for _ in range(2)]
    acts: list[list] = [["answer", chance.choice(ITEMS), chance.choice(VALUES)] for _ in range(6)]
    acts += [["add_mark", chance.choice(ITEMS), chance.choice(["arrow", "box"]), points] for _ in range(3)]
    acts += [["set_view", {"window": [chance.random(), 400.0], "zoom": chance.random()}] for _ in range(2)]
    acts += [["set_focus", chance.choice(ITEMS)], ["rest_absent"]]
    marks = [mark for mark in session.state.marks if mark not in session.state.locked_marks]
    if marks:
        acts += [["change_mark", chance.choice(marks), points], ["delete_mark", chance.choice(marks)]]
    if session.can_undo:
        acts += [["undo"], ["undo"]]
    if session.can_redo:
        acts += [["redo"]]
    if session.reviewing:
        acts += [["show_explanation", chance.random() < 0.5] for _ in range(3)] + [["confirm_rest"]]
    if chance.random() < (0.15 if session.presentation.explanations else 0.06):
        acts = [["finish"]]
    elif session.position and chance.random() < 0.05:
        acts = [["open_at", session.position - 1]]
    return chance.choice(acts)


def serve() -> None:
    """A child for each line."""
    for line in sys.stdin:
        root, seed = line.rstrip("\n").rsplit(" ", 1)
        child = os.fork()
        if child == 0:
            try:
                read(Path(root), seed)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(0)
        say("reader", child)
        os.waitpid(child, 0)
        say("gone")


if __name__ == "__main__":
    if hasattr(os, "fork"):
        serve()
    else:
        where, number = sys.stdin.readline().rstrip("\n").rsplit(" ", 1)
        say("reader", os.getpid())
        read(Path(where), number)
