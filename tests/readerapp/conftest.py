"""One application for all tests of the window, which notes how long each event takes; and settings of their own."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from readerapp.application import make_application
from readerapp.settings import FOLDER_VARIABLE
from tests.readerapp.watchdog import WatchedApplication


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return WatchedApplication


@pytest.fixture(scope="session", autouse=True)
def one_application(qapp: QApplication) -> QApplication:
    """Made before any test, and dressed as the program dresses it, so that no test depends on the ones before it."""
    return make_application()


@pytest.fixture(autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test reads or writes the settings of whoever runs it, nor those of another test."""
    folder = tmp_path_factory.mktemp("settings")
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    return folder
