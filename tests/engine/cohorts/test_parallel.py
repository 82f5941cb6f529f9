"""Work in processes: order, bounds, errors, and that nobody waits for the dead or outlives the one who asked."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.cohorts.parallel import in_order
from engine.errors import CohortError, ImageError


def squared_slowly(number: int) -> int:
    time.sleep(0.02 * (number % 3))
    return number * number


def fails_at_three(number: int) -> int:
    if number == 3:
        raise ImageError("number 3 cannot be read")
    return number


def dies_at_three(number: int) -> int:
    if number == 3:
        os._exit(7)
    return number


def tells_its_process(folder: Path) -> None:
    (folder / str(os.getpid())).touch()
    time.sleep(0.5)


@pytest.mark.parametrize("processes", [1, 3])
def test_results_come_in_the_order_of_the_tasks(processes: int) -> None:
    assert list(in_order(squared_slowly, range(20), processes)) == [n * n for n in range(20)]


def test_tasks_are_taken_as_results_are(tmp_path: Path) -> None:
    taken: list[int] = []

    def tasks() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    results = in_order(squared_slowly, tasks(), 2)
    assert [next(results) for _ in range(3)] == [0, 1, 4]
    assert len(taken) <= 3 + 2 * 2, "no more than two for each process wait to be taken"
    results.close()


def test_an_error_is_raised_here() -> None:
    with pytest.raises(ImageError, match="number 3 cannot be read"):
        list(in_order(fails_at_three, range(10), 2))


def test_a_process_that_dies_is_a_sentence() -> None:
    with pytest.raises(CohortError, match=r"ended unexpectedly \(exit code 7\).* fewer processes\. Begin again$"):
        list(in_order(dies_at_three, range(10), 2, "Begin again"))


def test_no_process_outlives_the_one_who_asked(tmp_path: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("asks for processes by number as POSIX does")
    code = (
        "import itertools, sys; from pathlib import Path\n"
        "from engine.cohorts.parallel import in_order\n"
        "from tests.engine.cohorts.test_parallel import tells_its_process\n"
        f"if __name__ == '__main__': list(in_order(tells_its_process, itertools.repeat(Path({str(tmp_path)!r})), 2))"
    )
    process = subprocess.Popen([sys.executable, "-c", code])
    _wait_until(lambda: len(list(tmp_path.iterdir())) == 2)
    process.kill()
    process.wait()
    numbers = [int(path.name) for path in tmp_path.iterdir()]
    _wait_until(lambda: not any(_lives(number) for number in numbers))


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{number}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


def _wait_until(true: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.05)
