"""One command of the engine in a process of its own: progress, cancel, and what it said at the end.

Long work of the lab (imports, evaluations) goes here and not through `readerapp.background`, whose one worker belongs
to the studies. Leaving the program ends it; runs of training are started otherwise (`engine.jobs.launch`) and go on.
"""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal

from engine.ending import ENDS_WITH_INPUT

__all__ = ["EngineCall", "Outcome"]

_SHARE = re.compile(r"^(?P<what>.*?)\s*(?P<percent>\d{1,3})%\|")
_PATIENCE_MS = 3000  # after the end was asked for: the page is going away
_LONG_PATIENCE_MS = 20_000  # the page stays, and says that it waits


@dataclass(frozen=True)
class Outcome:
    """`error` is the one sentence of a failure, "" where all went well; `lines` is what was printed."""

    lines: tuple[str, ...]
    error: str = ""
    cancelled: bool = False


class EngineCall(QObject):
    """`engine ARGUMENTS`. `ended` comes once, in the thread of the window."""

    progressed = Signal(float, str)  # share done, 0 to 1; the engine's word for the step
    said = Signal(str)  # a line that it printed, as it comes
    ended = Signal(object)  # Outcome

    def __init__(self, arguments: Sequence[str], parent: QObject) -> None:
        super().__init__(parent)
        self._arguments = ["-m", "engine", *arguments]
        self._said, self._complained = "", ""
        self._cancelled = self._over = False
        self._process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert(ENDS_WITH_INPUT, "1")
        self._process.setProcessEnvironment(environment)
        self._process.readyReadStandardOutput.connect(self._listen)
        self._process.readyReadStandardError.connect(self._follow)
        self._process.finished.connect(self._finish)
        self._process.errorOccurred.connect(self._fail)

    def start(self) -> "EngineCall":
        """Begin; returns at once."""
        self._process.start(sys.executable, self._arguments)
        return self

    def cancel(self) -> None:
        """Ask the process to end, which clears away what is half made; one that does not is killed."""
        self._cancelled = True
        self._process.closeWriteChannel()
        QTimer.singleShot(_LONG_PATIENCE_MS, self._process, self._process.kill)

    def stop(self) -> None:
        """Cancel and wait: the page is going away."""
        if not self._over:
            self.cancel()
            if not self._process.waitForFinished(_PATIENCE_MS):
                self._process.kill()
                self._process.waitForFinished(_PATIENCE_MS)

    def _listen(self) -> None:
        begun = self._said.rpartition("\n")[2]
        new = bytes(self._process.readAllStandardOutput().data()).decode(errors="replace")
        self._said += new
        for line in (begun + new).splitlines(keepends=True):
            if line.endswith("\n") and line.strip():
                self.said.emit(line.rstrip())

    def _follow(self) -> None:
        self._complained += bytes(self._process.readAllStandardError().data()).decode(errors="replace")
        *whole, self._complained = re.split(r"[\r\n]", self._complained)
        for line in [*whole, self._complained]:
            if found := _SHARE.match(line):
                self.progressed.emit(min(1.0, int(found["percent"]) / 100), found["what"].strip())
        self._complained = "\n".join([*(line for line in whole if not _SHARE.match(line)), self._complained])[-20_000:]

    def _finish(self, code: int, status: QProcess.ExitStatus) -> None:
        if self._over:
            return
        self._over = True
        self._listen()
        self._follow()
        failed = code != 0 or status == QProcess.ExitStatus.CrashExit
        lines = tuple(line for line in self._said.splitlines() if line.strip())
        self.ended.emit(Outcome(lines, self._sentence(code) if failed and not self._cancelled else "", self._cancelled))

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart and not self._over:
            self._over = True
            self.ended.emit(
                Outcome((), self.tr("The engine could not be started: {why}").format(why=self._process.errorString()))
            )

    def _sentence(self, code: int) -> str:
        """The last line that click prints, or what is left of it where the process died."""
        lines = [line.strip() for line in self._complained.splitlines() if line.strip()]
        told = [line.removeprefix("Error: ") for line in lines if line.startswith("Error: ")]
        if told:
            return told[-1]
        last = lines[-1] if lines else ""
        return self.tr("The engine ended with code {code}. {last}").format(code=code, last=last).strip()
