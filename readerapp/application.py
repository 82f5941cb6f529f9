"""The Qt application: made once, dressed, with its log. Starting it imports neither torch nor the table libraries."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication

from readerapp import theme, translation, trouble

if TYPE_CHECKING:
    from readerapp.window import MainWindow

SMALLEST_TEXT_PT = 10.0


def make_application() -> QApplication:
    """The application, dressed; the same one again where it exists already."""
    running = QCoreApplication.instance()
    if isinstance(running, QApplication) and running.property("dressed"):
        return running
    app = running if isinstance(running, QApplication) else QApplication([sys.argv[0]])
    app.setApplicationName(trouble.APPLICATION)
    app.setApplicationDisplayName(trouble.APPLICATION)
    app.setOrganizationName(trouble.APPLICATION)
    font = QFont(app.font())
    if font.pointSizeF() < SMALLEST_TEXT_PT:
        font.setPointSizeF(SMALLEST_TEXT_PT)
        app.setFont(font)
    translation.install(app)
    theme.apply(app)
    app.setProperty("dressed", True)
    return app


def _shown_window() -> "MainWindow":
    """The window where it was closed last; the first time it fills the screen."""
    from readerapp.recent import Memory
    from readerapp.window import MainWindow

    memory = Memory()
    window = MainWindow(memory)
    if memory.geometry() is None:
        window.showMaximized()
    else:
        window.show()
    return window


def run_desktop(study: Path | None) -> int:
    """Open the window and stay until it is closed; `study` is offered on the start page. Returns the exit code."""
    trouble.start_log()
    app = make_application()
    window = _shown_window()
    if study is not None:
        window.offer(study)
    return app.exec()


def run_demo(out: Path) -> int:
    """Open the window, make the demonstration study with visible progress, and offer it. Returns the exit code."""
    trouble.start_log()
    app = make_application()
    window = _shown_window()
    window.make_demo(out)
    return app.exec()
