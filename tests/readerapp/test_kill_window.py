"""The window's process is killed at random moments: nothing that it had shown as saved is lost."""

import json
import random
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from studies.reading.journal import Journal
from studies.reading.readings import replay
from tests.readerapp.made_study import MadeStudy, make_study, small_image

ROOT = Path(__file__).resolve().parents[2]
CASES = 400
LIVES = 8  # in one study: together they cannot read all of its cases, so that every life finds work


def kill_once(study: MadeStudy, seed: int) -> dict | None:
    """Starts a reader, kills it after a random while, and returns the last promise it made."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.readerapp.killed_room", str(study.root), str(seed)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    lines: list[str] = []
    ready = threading.Event()

    def listen() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line)
            ready.set()

    listener = threading.Thread(target=listen)
    listener.start()
    if not ready.wait(60):
        process.kill()
        pytest.fail(f"the reader did not start: {process.communicate()[1]}")
    time.sleep(random.Random(seed).uniform(0.0, 0.7))
    process.kill()
    listener.join()
    process.wait()
    whole = [line for line in lines if line.endswith("\n")]
    return json.loads(whole[-1]) if whole else None


def check(study: MadeStudy, promise: dict) -> None:
    """What was promised is in the journal, its chain is whole, and the reader stands where they stood."""
    assert promise["what"] != "NOT SAVED"
    with Journal(study.root) as journal:
        assert journal.walk("r1") == []
        events = journal.events("r1")
    heads = [event.hash for event in events]
    assert promise["head"] in heads, "what was shown as saved is gone"
    then = replay(events[: heads.index(promise["head"]) + 1]).case(promise["code"]).state()
    assert {item: answer.value for item, answer in then.answers.items()} == promise["answers"]
    assert {mark.id: mark.mask.counts for mark in then.marks.values() if mark.mask} == promise["masks"]
    assert {mark.id: [list(point) for point in mark.points] for mark in then.marks.values()} == promise["marks"]
    if heads[-1] == promise["head"] and promise["what"] == "saved":
        session = study.session()
        session.open_next()
        assert (session.position, session.state.focus) == (promise["position"], promise["focus"])
        assert session.state.answers.keys() == promise["answers"].keys()
        assert session.state.view == then.view
        session.end()
        session.view.close()


def kill_many(folder: Path, kills: int, seed: int) -> int:
    promises = 0
    for number in range(kills):
        if number % LIVES == 0:
            study = make_study(folder / str(number), [[small_image(image % 7)] for image in range(CASES)])
        promise = kill_once(study, seed * 1000 + number)
        if promise is not None:
            promises += promise["what"] != "ready"
            check(study, promise)
    return promises


def run_kills(tmp_path: Path, kills: int) -> None:
    with ThreadPoolExecutor(2) as pool:
        halves = [pool.submit(kill_many, tmp_path / f"study{half}", kills // 2, half) for half in range(2)]
        promises = sum(half.result() for half in halves)
    assert promises > kills // 2  # the test means something only where most lives got to work


def test_twenty_kills_lose_nothing(tmp_path: Path) -> None:
    run_kills(tmp_path, 20)


@pytest.mark.full
def test_two_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    run_kills(tmp_path, 200)
