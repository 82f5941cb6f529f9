"""Starting: what is imported, what the command line says to bad input, and a real window on a real display."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from readerapp.__main__ import main

START = """
import sys
from pathlib import Path
from readerapp.application import make_application
from readerapp.recent import Memory
from readerapp.window import MainWindow
app = make_application()
window = MainWindow(Memory(Path(sys.argv[1])))
window.show()
for _ in range(20):
    app.processEvents()
window.close()
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_the_first_window_imports_no_heavy_library(tmp_path: Path) -> None:
    ran = subprocess.run([sys.executable, "-c", START, str(tmp_path)], capture_output=True, text=True, check=True)
    loaded = set(ran.stdout.split())
    heavy = {"torch", "torchvision", "pandas", "matplotlib", "statsmodels", "scipy", "sqlite3", "reportlab", "nibabel"}
    assert not loaded & heavy
    assert "PySide6" in loaded


def test_a_study_that_does_not_exist_is_one_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [str(tmp_path / "nowhere")])
    assert result.exit_code != 0
    assert "does not exist" in result.output and "Traceback" not in result.output
    assert len(result.output.strip().splitlines()) == 1


def test_a_folder_that_is_no_study_is_one_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [str(tmp_path)])
    assert result.exit_code != 0
    assert len(result.output.strip().splitlines()) == 1 and "Traceback" not in result.output


def test_debug_shows_the_error_itself(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--debug", str(tmp_path / "nowhere")])
    assert result.exit_code != 0
    assert result.exception is not None and not isinstance(result.exception, SystemExit)


def test_the_demo_refuses_a_folder_it_did_not_make(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    result = CliRunner().invoke(main, ["demo", "--headless", "--out", str(tmp_path)])
    assert result.exit_code != 0
    assert "not made by the demo" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_help_shows_an_example_of_each_command() -> None:
    for arguments in (["--help"], ["demo", "--help"]):
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0 and "Example" in result.output


def test_without_a_display_the_desktop_says_so(tmp_path: Path) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("Windows and macOS always have a display")
    bare = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    ran = subprocess.run([sys.executable, "-m", "readerapp"], capture_output=True, text=True, env=bare)
    assert ran.returncode != 0
    assert "no display" in ran.stderr and "Traceback" not in ran.stderr


@pytest.fixture
def display() -> str:
    """A display of our own, on which real windows open."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed, so no real window can be opened here")
    number = f":{90 + os.getpid() % 400}"
    server = subprocess.Popen(
        ["Xvfb", number, "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(100):
        if Path(f"/tmp/.X11-unix/X{number[1:]}").exists():
            break
        time.sleep(0.05)
    yield number
    server.terminate()
    server.wait(10)


REAL = """
import sys
from pathlib import Path
from PySide6.QtTest import QTest
from readerapp.application import make_application
from readerapp.recent import Memory
from readerapp.window import MainWindow
app = make_application()
window = MainWindow(Memory(Path(sys.argv[1])))
window.showMaximized()
assert QTest.qWaitForWindowExposed(window, 10000)
QTest.qWait(300)
picture = window.screen().grabWindow(0)
assert picture.save(str(Path(sys.argv[1]) / "screen.png"))
color = picture.toImage().pixelColor(40, 300).name()
print(app.platformName(), window.windowTitle(), picture.width(), picture.height(), color)
window.close()
"""


def test_a_real_window_opens_on_a_real_display(display: str, tmp_path: Path) -> None:
    environment = os.environ | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    ran = subprocess.run([sys.executable, "-c", REAL, str(tmp_path)], capture_output=True, text=True, env=environment)
    if "Could not load the Qt platform plugin" in ran.stderr:
        pytest.skip(f"Qt cannot use X here: {ran.stderr.strip().splitlines()[0]}")
    assert ran.returncode == 0, ran.stderr
    platform, title, width, height, ground = ran.stdout.split()
    assert (platform, title, int(width), int(height)) == ("xcb", "readerapp", 1366, 768)
    assert ground == "#14181e"  # the panel of the start page, not an empty screen


COUNT = """
import sys
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

class Sender(QObject):
    sent = Signal(int)

app = QApplication([])
sender, widget = Sender(), QWidget()
sender.sent.connect(lambda _number: None)
before = [sys.getrefcount(value) for value in (None, True)]
for number in range(100):
    sender.sent.emit(number)
    widget.setEnabled(True)
print(*(sys.getrefcount(value) - was for value, was in zip((None, True), before)))
sys.stdout.flush()
"""


def test_qt_does_not_lose_references() -> None:
    # PySide6 6.12.0 takes a reference of None or True away with each such call. Before Python 3.12, which made them
    # immortal, the program then dies of "none_dealloc" after some thousand signals: hence the pin.
    ran = subprocess.run([sys.executable, "-c", COUNT], capture_output=True, text=True)
    assert [int(change) > -50 for change in ran.stdout.split()] == [True, True], ran.stdout + ran.stderr
