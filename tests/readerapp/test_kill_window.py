"""The window's process is killed at random moments: nothing that it had shown as saved is lost."""

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from studies.reading.journal import Journal
from studies.reading.readings import replay
from studies.reading.shown_maps import ShownMap
from tests.readerapp.made_study import MadeStudy, make_study, small_image

ROOT = Path(__file__).resolve().parents[2]
CASES = 400
LIVES = 8  # in one study: together they cannot read all of its cases, so that every life finds work
AIMED = 4  # one life in so many is killed when it has just told that answers are locked, before the map is shown


def kill_once(study: MadeStudy, seed: int) -> dict | None:
    """Starts a reader, kills it after a random while, or at a lock, and returns the last promise it made."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.readerapp.killed_room", str(study.root), str(seed)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    lines: list[str] = []
    ready, locked = threading.Event(), threading.Event()
    aimed = seed % AIMED == 0

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            ready.set()
            if aimed and json.loads(line)["what"] == "locked":
                process.kill()
                locked.set()

    listener = threading.Thread(target=listen)
    listener.start()
    if not ready.wait(60):
        process.kill()
        pytest.fail(f"the reader did not start: {process.communicate()[1]}")
    if aimed:
        locked.wait(20)
    else:
        time.sleep(random.Random(seed).uniform(0.0, 0.7))
    process.kill()
    listener.join()
    process.wait()
    whole = [line for line in lines if line.endswith("\n")]
    return json.loads(whole[-1]) if whole else None


def check(study: MadeStudy, promise: dict) -> None:
    """What was promised is in the journal, its chain is whole, and the reader stands where they stood."""
    assert promise["what"] in ("ready", "saved", "locked", "finished")
    with Journal(study.root) as journal:
        assert journal.walk("r1") == []
        events = journal.events("r1")
    heads = [event.hash for event in events]
    assert promise["head"] in heads, "what was shown as saved is gone"
    then = replay(events[: heads.index(promise["head"]) + 1]).case(promise["code"]).state()
    assert {item: answer.value for item, answer in then.answers.items()} == promise["answers"]
    assert {mark.id: mark.mask.counts for mark in then.marks.values() if mark.mask} == promise["masks"]
    assert {mark.id: [list(point) for point in mark.points] for mark in then.marks.values()} == promise["marks"]
    assert {item: answer.value for item, answer in (then.locked_answers or {}).items()} == promise["locked"]
    assert (sorted(then.locked_marks), then.phase) == (promise["locked_marks"], promise["phase"])
    assert then.explanation_shown == promise["map_shown"]
    if heads[-1] == promise["head"] and promise["what"] in ("saved", "locked"):
        session = study.session()
        session.open_next()
        assert (session.position, session.state.focus) == (promise["position"], promise["focus"])
        assert session.state.answers.keys() == promise["answers"].keys()
        assert session.state.view == then.view
        assert session.reviewing == (promise["phase"] == "explained")
        assert {item: session.locked_value(item) for item in promise["locked"]} == promise["locked"]
        session.end()
        session.view.close()


def make_long_study(root: Path) -> MadeStudy:
    """Every other case has an explanation."""
    values = np.eye(8, dtype=np.float32)
    maps = {number: [ShownMap(0, "", values, 0.4, 0.0, "viridis")] for number in range(1, CASES, 2)}
    return make_study(root, [[small_image(image % 7)] for image in range(CASES)], maps=maps)


def kill_many(folder: Path, kills: int, seed: int) -> Counter[str]:
    """How many promises of each kind were kept."""
    promises: Counter[str] = Counter()
    for number in range(kills):
        if number % LIVES == 0:
            study = make_long_study(folder / str(number))
        promise = kill_once(study, seed * 1000 + number)
        if promise is not None:
            check(study, promise)
            second = ", second pass" if promise["what"] == "saved" and promise["phase"] == "explained" else ""
            promises[promise["what"] + second + (", map in view" if promise["map_shown"] else "")] += 1
    return promises


def run_kills(tmp_path: Path, kills: int) -> None:
    with ThreadPoolExecutor(2) as pool:
        halves = [pool.submit(kill_many, tmp_path / f"study{half}", kills // 2, half) for half in range(2)]
        promises = halves[0].result() + halves[1].result()
    print(f"{kills} kills: {dict(promises)}")
    # The test means something only where most lives got to work, and enough were killed about the second pass.
    assert promises.total() - promises["ready"] > kills // 2
    assert promises["locked"] >= kills // 8


def test_twenty_kills_lose_nothing(tmp_path: Path) -> None:
    run_kills(tmp_path, 20)


@pytest.mark.full
def test_two_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    run_kills(tmp_path, 200)
