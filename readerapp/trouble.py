"""What happens when something fails: one sentence for the person, and a log without patient data for whoever mends it.

Only the kind of an unexpected error and the places in our code go to the log. Messages may hold file names, and file
names may hold patient names, so no message is written.
"""

import logging
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

from platformdirs import user_log_path
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from engine.errors import EngineError
from studies.errors import StudyError

APPLICATION = "readerapp"
EXPECTED = (EngineError, StudyError, OSError)  # their messages are for people; the rest is logged
_LOG = logging.getLogger(APPLICATION)


def log_file() -> Path:
    """Where the details of unexpected errors are kept."""
    return user_log_path(APPLICATION, appauthor=False, ensure_exists=True) / "readerapp.log"


def start_log() -> None:
    """Send our log to its file and unexpected errors of any thread to the log. A folder that refuses is no error."""
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda failure: log_error(failure.exc_value)
    try:
        handler = RotatingFileHandler(log_file(), maxBytes=500_000, backupCount=2, encoding="utf-8", delay=True)
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    _LOG.addHandler(handler)
    _LOG.setLevel(logging.INFO)
    _LOG.propagate = False


def sentence(error: BaseException) -> str:
    """What to tell a person: our own messages as they are, the system's in words, anything else without details."""
    if isinstance(error, (EngineError, StudyError)):
        return str(error)
    if isinstance(error, FileNotFoundError):
        words = QCoreApplication.translate(
            "Trouble", "{file} is not there any more. Choose another place, or bring it back and try again."
        )
        return words.format(file=_file_of(error))
    if isinstance(error, PermissionError):
        words = QCoreApplication.translate(
            "Trouble", "{file} may not be opened or written. Choose another place, or ask who manages this computer."
        )
        return words.format(file=_file_of(error))
    if isinstance(error, OSError):
        why = error.strerror or QCoreApplication.translate("Trouble", "the system refused")
        return QCoreApplication.translate("Trouble", "{file}: {why}. Is the disk full or no longer connected?").format(
            file=_file_of(error), why=why
        )
    if isinstance(error, MemoryError):
        return QCoreApplication.translate(
            "Trouble", "There is not enough memory for this. Close other programs and try again."
        )
    return QCoreApplication.translate(
        "Trouble",
        "Something went wrong that this program did not expect. What was saved before is safe. "
        "Try again; if it happens twice, send the file {file} to whoever looks after this program: "
        "it holds no patient data.",
    ).format(file=log_file())


def show_error(parent: QWidget, error: BaseException) -> None:
    """The one place that shows an error: a sentence, never a traceback; unexpected ones are logged first."""
    if not isinstance(error, EXPECTED):
        log_error(error)
    box = QMessageBox(QMessageBox.Icon.NoIcon, APPLICATION, sentence(error), QMessageBox.StandardButton.Ok, parent)
    box.setObjectName("error")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()


def log_error(error: BaseException | None) -> None:
    """Write the kind of an error and where in the code it arose; never its message."""
    if error is None:
        return
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    _LOG.error("%s at %s", type(error).__name__, places or "an unknown place")


def _file_of(error: OSError) -> str:
    return (
        Path(error.filename).name
        if isinstance(error.filename, str) and error.filename
        else QCoreApplication.translate("Trouble", "A file")
    )


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    log_error(error)
