"""Asks the warm engine process, in a thread of its own: the latest question counts, those before it are cancelled."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.errors import Cancelled
from engine.explanations import Explanation, Method
from engine.worker_client import Worker
from readerapp import trouble

__all__ = ["Asked", "Explainer", "Looking", "Question"]

Progress = Callable[[float], None]


class Asked(Protocol):
    """A question: hashable, and it knows how to be put to the process."""

    def put(
        self, worker: Worker, presentation: np.ndarray, progress: Progress, cancelled: Callable[[], bool]
    ) -> object:
        """The answer. Raises Cancelled, and the engine's errors."""


@dataclass(frozen=True)
class Looking:
    """A way to ask a model what it looks at."""

    method: Method
    options: tuple[tuple[str, Any], ...] = ()
    randomised_seed: int | None = None  # random weights in place of the run's own: a sanity check


@dataclass(frozen=True)
class Question:
    """One image (by a key of its own), one run, one way; the answer tells every class of the run."""

    image: str
    frame: int
    run: Path
    looking: Looking

    def put(
        self, worker: Worker, presentation: np.ndarray, progress: Progress, cancelled: Callable[[], bool]
    ) -> tuple[Explanation, ...]:
        """An explanation of each class."""
        return tuple(
            worker.explain(
                presentation,
                self.run,
                self.looking.method,
                (),
                dict(self.looking.options),
                progress,
                cancelled,
                randomised_seed=self.looking.randomised_seed,
            )
        )


class Explainer(QObject):
    """Signals come in the thread of the window."""

    progressed = Signal(float)
    explained = Signal(object, object)  # Asked, its answer
    failed = Signal(object, str)  # Asked, one sentence
    said = Signal(str)  # that a process died and is started anew
    finished = Signal()  # nothing is asked any more

    def __init__(self, parent: QObject | None = None, command: Sequence[str] | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="explainer")
        self._worker = Worker(command, say=self._tell)
        self._turn = 0  # of the latest questions: older ones are not wanted any more
        self._warmed = False

    def warm(self) -> None:
        """Start the process, before anything is asked."""
        if not self._warmed:
            self._warmed = True
            self._pool.submit(self._hello)

    def ask(self, questions: Sequence[Asked], presentation: Callable[[], np.ndarray]) -> None:
        """Ask these, in their order, in place of what was asked before. `presentation` is called in the thread."""
        self._turn += 1
        self._pool.submit(self._answer, self._turn, tuple(questions), presentation)

    def cancel(self) -> None:
        """Nothing is wanted."""
        self._turn += 1

    def stop(self) -> None:
        """Ends the process and the thread; nothing is announced afterwards."""
        self.blockSignals(True)
        self.cancel()
        self._pool.submit(self._worker.close)
        self._pool.shutdown(wait=False)

    def _hello(self) -> None:
        try:
            self._worker.hello()
        except Exception as error:  # said again, to a person, with the first question
            self._warmed = False
            trouble.log_error(error)

    def _answer(self, turn: int, questions: Sequence[Asked], presentation: Callable[[], np.ndarray]) -> None:
        for question in questions:
            if turn != self._turn:
                return
            try:
                found = self._put(turn, question, presentation)
            except Cancelled:
                continue
            except Exception as error:  # whatever is wrong with one image or run, the next one may be asked
                if not isinstance(error, trouble.EXPECTED):
                    trouble.log_error(error)
                self._emit(self.failed, question, trouble.sentence(error))
                continue
            self._emit(self.explained, question, found)
        if turn == self._turn:
            self._emit(self.finished)

    def _put(self, turn: int, question: Asked, presentation: Callable[[], np.ndarray]) -> object:
        return question.put(
            self._worker,
            presentation(),
            lambda share: self._emit(self.progressed, share),
            lambda: turn != self._turn,
        )

    def _tell(self, sentence: str) -> None:
        self._emit(self.said, sentence)

    def _emit(self, signal: Any, *values: object) -> None:
        try:
            signal.emit(*values)
        except RuntimeError:  # the page went away
            return
