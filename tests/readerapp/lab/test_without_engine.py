"""Without the engine extra the lab says so in one sentence, and everything else works."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
from importlib.machinery import PathFinder

class Hidden(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name.split(".")[0] in ("torch", "torchvision", "safetensors", "submitit", "sklearn"):
            return None
        return PathFinder.find_spec(name, path, target)

sys.meta_path[:] = [Hidden if finder is PathFinder else finder for finder in sys.meta_path]
from pathlib import Path
from PySide6.QtWidgets import QPushButton
from readerapp.application import make_application
from readerapp.demo.hands import Hands
from readerapp.lab.lab import COHORTS, TRAINING, VIEWER, Lab
from readerapp.lab.memory import LabMemory
from readerapp.recent import Memory
from readerapp.window import MainWindow

folder, cohort = Path(sys.argv[1]), Path(sys.argv[2])
app = make_application()
LabMemory(folder).remember_cohort(cohort)
window = MainWindow(Memory(folder))
window.resize(1366, 768)
window.show()
hands = Hands(window, folder, patience_s=60)
hands.wait_for_work()
hands.click(hands.find(QPushButton, "lab"))
hands.wait_for("the lab", lambda: window.page == "lab")
hands.wait_for_work()
lab = hands.find(Lab)
assert lab.cohorts.browser.table.images.rowCount() > 0, "cohorts are browsed without it"
lab.list.setCurrentRow(TRAINING)
hands.wait_for_work()
print(lab.training.missing.text())
assert not lab.training.new.isEnabled()
lab.list.setCurrentRow(VIEWER)
hands.settle()
print(lab.viewer.panel.message.text())
lab.list.setCurrentRow(COHORTS)
lab.cohorts.browser.image_opened.emit(lab.cohorts.browser.look, 0)
hands.wait_for("the image", lambda: lab.viewer.stage.count == 1)
hands.click(lab.leave)
hands.wait_for_work()
assert window.page == "start"
assert "torch" not in sys.modules
window.close()
print("left")
"""


def test_the_lab_says_that_the_engine_is_missing(tmp_path: Path, cohort: Path) -> None:
    environment = {**os.environ, "READERAPP_SETTINGS": str(tmp_path / "settings"), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path), str(cohort)],
        capture_output=True, text=True, timeout=180, check=False, env=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    training, viewer, left = done.stdout.strip().splitlines()
    sentence = "The lab needs the engine, which is not installed here: pip install 'readerapp[engine]'."
    assert training.startswith(sentence)
    assert viewer.startswith(sentence)
    assert left == "left"
