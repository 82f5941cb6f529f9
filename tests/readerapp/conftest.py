"""One application for all tests of the window: it notes how long each event keeps the thread."""

import pytest
from PySide6.QtWidgets import QApplication

from tests.readerapp.watchdog import WatchedApplication


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return WatchedApplication


@pytest.fixture(scope="session", autouse=True)
def one_application(qapp: QApplication) -> QApplication:
    """Made before any test, whichever comes first, so that none makes an application of its own."""
    return qapp
