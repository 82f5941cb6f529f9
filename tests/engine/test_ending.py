"""A process is asked to end, by its standard input or by a signal, and unwinds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.ending import ENDS_WITH_INPUT

CHILD = """
import sys, time
from pathlib import Path
from engine.ending import end_with_input, tidy_end
end_with_input()
try:
    with tidy_end():
        print("ready", flush=True)
        time.sleep(float(sys.argv[2]))
finally:
    Path(sys.argv[1]).write_text("unwound")
"""


def started(out: Path, seconds: float, **environment: str) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-c", CHILD, str(out), str(seconds)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(arguments, text=True, env={**os.environ, **environment}, **pipes)  # type: ignore[call-overload]
    assert process.stdout.readline() == "ready\n"
    return process


def test_the_end_of_its_input_unwinds_a_process_that_was_to_last(tmp_path: Path) -> None:
    process = started(tmp_path / "end", 600, **{ENDS_WITH_INPUT: "1"})
    process.communicate(timeout=60)  # closes its input
    assert process.returncode != 0
    assert (tmp_path / "end").read_text() == "unwound"


def test_without_being_asked_a_process_outlives_its_input(tmp_path: Path) -> None:
    process = started(tmp_path / "end", 1)
    _, complained = process.communicate(timeout=60)
    assert (process.returncode, complained) == (0, "")


def test_a_process_whose_input_stays_open_ends_in_its_own_time(tmp_path: Path) -> None:
    process = started(tmp_path / "end", 0.1, **{ENDS_WITH_INPUT: "1"})
    assert process.wait(timeout=60) == 0
    assert process.stdin and process.stderr
    process.stdin.close()
    assert process.stderr.read() == ""


@pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGTERM that a process could handle")
def test_a_request_to_end_unwinds(tmp_path: Path) -> None:
    process = started(tmp_path / "end", 600)
    process.terminate()
    process.communicate(timeout=60)
    assert process.returncode == 143
    assert (tmp_path / "end").read_text() == "unwound"
