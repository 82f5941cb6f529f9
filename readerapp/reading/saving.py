"""Hands what a reader does to the session, and tells whether it is on disk: nothing else says "saved"."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, Signal

from studies.errors import ReadingError, StudyError

__all__ = ["Saving"]

log = logging.getLogger(__name__)


class Saving(QObject):
    """`saved`: what was done is on disk, or could not be written; `refused`: a sentence that says why not."""

    saved = Signal(bool)
    refused = Signal(str)

    def hand(self, change: Callable[[], object]) -> bool:
        """Does a change; True where it was done. What is told as saved is on disk: the method has returned."""
        try:
            change()
        except ReadingError as error:
            self.refused.emit(str(error))
            return False
        except (StudyError, OSError) as error:
            self.refused.emit(self.trouble(error))
            return False
        self.saved.emit(True)
        return True

    def trouble(self, error: Exception) -> str:
        """What to tell of a journal that could not be written; never words that name a place."""
        log.error("the journal could not be written: %s", type(error).__name__)
        self.saved.emit(False)
        text = str(error)
        return text if isinstance(error, StudyError) and not set(text) & set("/\\") else _disk_sentence()


def _disk_sentence() -> str:
    return QCoreApplication.translate(
        "ReadingRoom",
        "This could not be written to the disk, so it does not count yet. Check that the disk of the study is there "
        "and has space, then answer again.",
    )
