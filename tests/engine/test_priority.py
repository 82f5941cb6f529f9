"""Long work gives way to people."""

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
