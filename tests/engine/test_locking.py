"""One process at a time, and the lock of a killed one is free."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from engine.errors import Cancelled
from engine.locking import exclusive

HOLDER = """
import sys, time
from pathlib import Path
from engine.locking import exclusive
with exclusive(Path(sys.argv[1]), waiting=lambda: None):
    print("held", flush=True)
    time.sleep(60)
"""


def give_up() -> None:
    raise Cancelled("somebody else has it")


def test_one_at_a_time_and_free_again_when_its_holder_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    with pytest.raises(Cancelled), exclusive(path, waiting=give_up):
        pytest.fail("two hold the lock")
    holder.kill()
    holder.wait()
    with exclusive(path, waiting=give_up):
        pass


def test_who_waits_gets_it_when_it_is_free(tmp_path: Path) -> None:
    path, order = tmp_path / "lock", []
    waiting = threading.Event()

    def second() -> None:
        with exclusive(path, waiting=waiting.set):
            order.append("second")

    with exclusive(path, waiting=give_up):
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(10)
        time.sleep(0.3)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]
