"""The room on a real X display: Xvfb, where it is installed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.readerapp.made_study import make_study, small_image
from tests.readerapp.test_kill_window import ROOT


@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="Xvfb (xvfb-run) is not installed")
def test_a_study_is_read_in_a_real_window(tmp_path: Path) -> None:
    study = make_study(tmp_path / "study", [[small_image(number)] for number in range(3)])
    command = ["xvfb-run", "-a", sys.executable, "-m", "tests.readerapp.killed_room", str(study.root), "1"]
    # Without the xcb plugin's own libraries Qt cannot open any X window: that is the machine's, not the program's.
    environment = {**os.environ, "QT_QPA_PLATFORM": "xcb"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)
    if "could not load the Qt platform plugin" in done.stderr.casefold():
        pytest.skip("the libraries of Qt's xcb plugin are not installed")
    assert done.returncode == 0, done.stderr
    last = json.loads(done.stdout.splitlines()[-1])
    assert (last["what"], last["position"]) == ("finished", 2)
    session = study.session()
    assert session.finished
    session.end()
    session.view.close()
