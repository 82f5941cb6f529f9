"""Faults of the Qt binding that would end a reading; each has its version and its symptom."""

import sys

import pytest
from PySide6.QtWidgets import QApplication, QWidget

CALLS = 3000


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal from Python 3.12 on")
def test_calls_that_return_none_keep_its_reference_count(qapp: QApplication) -> None:
    """PySide6 6.12.0 lost one reference a call, and Python 3.11 died of "deallocating None" after some thousand."""
    widget = QWidget()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        widget.update()
    assert sys.getrefcount(None) > before - CALLS / 2
