"""No file may crash, hang or eat memory: thousands of damaged copies of real files, opened in another process."""

import subprocess
import sys
from pathlib import Path

import pytest

SECONDS_PER_MUTANT = 60  # a hang, not slowness: the slowest takes a tenth of a second
ROOT = Path(__file__).parents[3]


def open_in_child(shared_data: Path, scratch: Path, first: int, last: int, which: str) -> str:
    """Open the mutants of these seeds; fails naming the seed at which the process died, or the outcome was wrong."""
    command = [sys.executable, "-m", "tests.engine.images.mutants", str(shared_data), str(first), str(last)]
    child = subprocess.Popen(
        [*command, str(scratch), which], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        output, errors = child.communicate(timeout=SECONDS_PER_MUTANT + (last - first) * 0.2)
    except subprocess.TimeoutExpired:
        child.kill()
        output, errors = child.communicate()
        errors += "\nhangs"
    at = [line for line in output.splitlines() if line.startswith("at ")]
    if child.returncode != 0:
        pytest.fail(f"exit {child.returncode} {at[-1] if at else 'before the first mutant'}: {errors.strip()[-600:]}")
    return output


def check(output: str, count: int) -> None:
    outcomes = [line.split(" ", 2) for line in output.splitlines() if line.startswith("done ")]
    assert len(outcomes) == count
    assert max(float(seconds) for _, seconds, _ in outcomes) < SECONDS_PER_MUTANT
    opened = sum(outcome == "opened" for _, _, outcome in outcomes)
    assert 0.1 < opened / count < 0.6, "mutations should spoil most files and leave some readable"


@pytest.mark.parametrize("part", range(4))
def test_mutants_of_small_files(shared_data: Path, tmp_path: Path, part: int) -> None:
    first = 500 * part
    check(open_in_child(shared_data, tmp_path, first, first + 500, "few"), 500)


@pytest.mark.full
@pytest.mark.parametrize("part", range(8))
def test_mutants_of_every_file(shared_data: Path, tmp_path: Path, part: int) -> None:
    first = 100_000 + 2500 * part
    check(open_in_child(shared_data, tmp_path, first, first + 2500, "all"), 2500)
