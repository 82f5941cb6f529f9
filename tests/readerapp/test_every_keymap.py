"""Real radiographs, a CT and an MR series, a mammogram and four views are read with each keymap by a scripted reader.

The full variant reads 60 radiographs on a real X display: `pytest -m full tests/readerapp/test_every_keymap.py`.
Pictures are left in the folder that READERAPP_REAL_STUDIES names, where it is set.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from readerapp.viewer.keymap import ACTIONS, SHIPPED
from tests.readerapp.made_study import ITEMS, MadeStudy, make_study
from tests.readerapp.real_cases import ct_and_mr, four_views, mammogram, radiographs
from tests.readerapp.test_kill_window import ROOT

# What a scripted reader leaves to others: leaving, the way back, the screen, a second screen, choices, texts.
ELSEWHERE = {"leave", "previous_case", "next_case", "full_screen", "second_window", "edit_answer", "window_region"}
ELSEWHERE |= {"explanation", "explanation_stronger", "explanation_weaker"}  # these cases have none
ELSEWHERE |= set(ACTIONS["Counterfactuals"])  # of the lab


def real_study(root: Path, shared_data: Path, number: int, reduced: int) -> MadeStudy:
    """That many radiographs, and the others; mammograms reduced by a whole factor."""
    view = mammogram(shared_data)
    cases = radiographs(shared_data, number)
    cases[1:1] = [*ct_and_mr(shared_data), four_views(view, reduced), four_views(view, reduced)[:1]]
    return make_study(root, cases, items=ITEMS)


def read(study: MadeStudy, keymap: str, folder: Path, display: tuple[str, ...] = ()) -> dict:
    kept = os.environ.get("READERAPP_REAL_STUDIES")
    pictures = Path(kept) / "keymaps" / keymap if kept else folder / "pictures"
    environment = {**os.environ, "READERAPP_SETTINGS": str(folder / "settings")}
    environment["QT_QPA_PLATFORM"] = "xcb" if display else "offscreen"
    command = [
        *display,
        sys.executable,
        "-m",
        "tests.readerapp.reads_everything",
        str(study.root),
        keymap,
        str(pictures),
    ]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=1500)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("keymap", SHIPPED)
def test_real_cases_are_read_with_every_key(shared_data: Path, tmp_path: Path, keymap: str) -> None:
    said = read(real_study(tmp_path / "study", shared_data, 7, reduced=4), keymap, tmp_path)
    assert said["read"] == 11
    assert set(said["unused"]) <= ELSEWHERE


@pytest.mark.full
@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="Xvfb (xvfb-run) is not installed")
@pytest.mark.parametrize("keymap", SHIPPED)
def test_sixty_radiographs_and_the_rest_on_a_real_display(shared_data: Path, tmp_path: Path, keymap: str) -> None:
    study = real_study(tmp_path / "study", shared_data, 60, reduced=1)
    display = ("xvfb-run", "-a", "-s", "-screen 0 1920x1080x24")
    said = read(study, keymap, tmp_path, display)
    assert said["read"] == 64
    assert set(said["unused"]) <= ELSEWHERE
