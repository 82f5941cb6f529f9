"""Long work gives way to people."""

import os
import subprocess
import sys

import pytest

SAYS = (
    "import os; before = os.nice(0); from engine.priority import stand_back; stand_back(); print(os.nice(0) - before)"
)


@pytest.mark.skipif(sys.platform == "win32", reason="niceness is POSIX's word")
def test_a_process_that_stands_back_has_a_lower_priority() -> None:
    told = subprocess.run([sys.executable, "-c", SAYS], capture_output=True, text=True, check=True)
    assert int(told.stdout) > 0


@pytest.mark.parametrize(("before", "after"), [({}, "PASSIVE"), ({"OMP_WAIT_POLICY": "ACTIVE"}, "ACTIVE")])
def test_its_threads_sleep_while_they_wait_unless_told_otherwise(before: dict[str, str], after: str) -> None:
    says = "import os; from engine.priority import stand_back; stand_back(); print(os.environ['OMP_WAIT_POLICY'])"
    others = {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"}
    told = subprocess.run(
        [sys.executable, "-c", says], env={**others, **before}, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == after
