"""Measures how long the window's thread is kept by one event: what a person feels as a hesitation."""

import time
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication


@dataclass(frozen=True)
class Slow:
    """One event that kept the thread."""

    elapsed_s: float
    processor_s: float  # of this thread: what is left when other programs take no part
    receiver: str
    event: str


class WatchedApplication(QApplication):
    """An application that notes how long every event delivered took; nested events count for the outer one."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.slowest: list[Slow] = []
        self.watching = False
        self._depth = 0

    def watch(self) -> None:
        """Begins to measure afresh."""
        self.slowest = []
        self.watching = True

    def above(self, limit_s: float) -> list[Slow]:
        """Events that took this thread more processor time than a limit, since `watch`."""
        return [slow for slow in self.slowest if slow.processor_s > limit_s]

    def notify(self, receiver: QObject, event: QEvent) -> bool:
        if not self.watching or self._depth:
            return super().notify(receiver, event)
        kind, name = event.type(), type(receiver).__name__
        self._depth += 1
        start, start_processor = time.perf_counter(), time.thread_time()
        try:
            return super().notify(receiver, event)
        finally:
            self._depth -= 1
            elapsed = time.perf_counter() - start
            if elapsed > 0.01:
                processor = time.thread_time() - start_processor
                self.slowest.append(Slow(elapsed, processor, name, str(kind)))
