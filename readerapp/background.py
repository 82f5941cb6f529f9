"""Work in the background: progress, cancel, errors and refresh in one place. `readerapp.operations` names the actions.

The work runs in another thread and must not call any user interface: Qt may crash. Its result comes back in the thread
of the window. There is one worker, so actions go one after the other and no two write to a study at once.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from engine.errors import Cancelled
from readerapp import theme, trouble
from readerapp.wording import step_words

Result = TypeVar("Result")
PANEL_DELAY_MS = 300  # shorter work shows no panel: a flash is worse than nothing


class Progress:
    """What the work is given: called with the share done (0 to 1) it reports, or raises Cancelled if asked to stop."""

    def __init__(self, report: Callable[[float, str], None]) -> None:
        self._report = report
        self._cancelled = Event()

    def __call__(self, share: float, what: str = "") -> None:
        self.check()
        self._report(min(1.0, max(0.0, share)), what)

    def check(self) -> None:
        """Raises Cancelled where the person has asked to stop."""
        if self._cancelled.is_set():
            raise Cancelled("stopped as you asked; nothing half-made was kept")

    def cancel(self) -> None:
        self._cancelled.set()

    def part(self, start: float, end: float, what: str) -> Callable[[float], None]:
        """A plain progress function for one step of the work, which takes the bar from `start` to `end`."""

        def report(share: float) -> None:
            self(start + (end - start) * share, what)

        return report


class Operation(QObject, Generic[Result]):
    """One action that a person asked for. Signals arrive in the thread of the window."""

    ended = Signal()
    _reported = Signal(float, str)
    _succeeded = Signal(object)
    _failed = Signal(object)

    def __init__(self, parent: QWidget, title: str, work: Callable[[Progress], Result]) -> None:
        super().__init__(parent)
        self.title = title
        self._window = parent
        self._work = work
        self._progress = Progress(self._reported.emit)
        self._disabled: tuple[QWidget, ...] = ()
        self._quiet = False
        self._on_success: Callable[[Result], None] | None = None
        self._on_failure: Callable[[BaseException], None] | None = None
        self._panel: ProgressPanel | None = None
        self._latest: tuple[float, str] | None = None
        self._reported.connect(self._note)
        self._succeeded.connect(self._succeed)
        self._failed.connect(self._fail)

    def on_success(self, callback: Callable[[Result], None]) -> "Operation[Result]":
        """What to do with the result; called in the window's thread."""
        self._on_success = callback
        return self

    def on_failure(self, callback: Callable[[BaseException], None]) -> "Operation[Result]":
        """Instead of the usual message, where an error belongs beside its field. Not called on cancel."""
        self._on_failure = callback
        return self

    def disabling(self, *widgets: QWidget) -> "Operation[Result]":
        """Widgets that rest while the work goes on, so that nothing is asked for twice."""
        self._disabled = tuple(widget for widget in widgets if widget.isEnabled())
        return self

    def quietly(self) -> "Operation[Result]":
        """No panel, however long it takes: for what nobody asked for, as a page that keeps itself up to date."""
        self._quiet = True
        return self

    def run(self) -> "Operation[Result]":
        """Start. Widgets named by `disabling` rest until the end; a panel with Cancel appears if it takes long."""
        _RUNNING.append(self)
        # A result that is on its way when its page goes is never delivered: the end is then seen here.
        self.destroyed.connect(partial(_forget, self))
        for widget in self._disabled:
            widget.setEnabled(False)
        if not self._quiet:
            QTimer.singleShot(PANEL_DELAY_MS, self, self._show_panel)
        _pool().submit(self._run_work)
        return self

    def cancel(self) -> None:
        """Ask the work to stop at its next report of progress."""
        self._progress.cancel()

    def belongs_to(self, page: QWidget) -> bool:
        """Whether a page, or something in it, asked for this."""
        return self._window is page or page.isAncestorOf(self._window)

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self not in _RUNNING

    @property
    def cancelled(self) -> bool:
        return self._progress._cancelled.is_set()

    def _run_work(self) -> None:
        try:
            self._progress.check()
            outcome = self._work(self._progress)
        except BaseException as error:
            self._emit(self._failed, error)
        else:
            self._emit(self._succeeded, outcome)

    def _emit(self, signal: Any, value: object) -> None:
        try:
            signal.emit(value)
        except RuntimeError:  # the page was left and took the operation with it: nobody waits for the result
            _forget(self)

    def _note(self, share: float, what: str) -> None:
        self._latest = (share, what)
        if self._panel:
            self._panel.note(share, what)

    def _succeed(self, outcome: Result) -> None:
        self._end()
        if self._on_success and not self.cancelled:
            self._on_success(outcome)

    def _fail(self, error: BaseException) -> None:
        self._end()
        if isinstance(error, Cancelled):
            return
        if self._on_failure:
            self._on_failure(error)
        else:
            trouble.show_error(self._window, error)

    def _end(self) -> None:
        _forget(self)
        for widget in self._disabled:
            widget.setEnabled(True)
        if self._panel:
            self._panel.close()
            self._panel.deleteLater()
            self._panel = None
        self.ended.emit()
        self.deleteLater()

    def _show_panel(self) -> None:
        if self in _RUNNING and self._panel is None:
            self._panel = ProgressPanel(self)
            if self._latest:
                self._panel.note(*self._latest)


class ProgressPanel(QFrame):
    """A small panel at the foot of the window: what goes on, how far, and Cancel. It does not block the window."""

    WIDTH = 460

    def __init__(self, operation: Operation[Any]) -> None:
        self._host = operation._window.window()
        super().__init__(self._host)
        self.setObjectName("progress")
        theme.set_role(self, "card")
        self.setAutoFillBackground(True)
        self._title = QLabel(operation.title)
        self._step = QLabel("")
        theme.set_role(self._step, "small")
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)  # busy until the first share is known
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(6)
        self.cancel_button = QPushButton(self.tr("Cancel"))
        self.cancel_button.clicked.connect(operation.cancel)
        self.cancel_button.clicked.connect(self._stopping)
        self._arrange()
        self._host.installEventFilter(self)
        self._place()
        self.show()
        self.raise_()

    def note(self, share: float, what: str) -> None:
        self._bar.setRange(0, 1000)
        self._bar.setValue(round(share * 1000))
        self._step.setText(f"{step_words(what)}  {share:.0%}".strip())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def _stopping(self) -> None:
        self.cancel_button.setEnabled(False)
        self._step.setText(self.tr("stopping …"))

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.addWidget(self._title)
        words.addWidget(self._bar)
        words.addWidget(self._step)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 16, 12)
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self.cancel_button, 0, Qt.AlignmentFlag.AlignVCenter)

    def _place(self) -> None:
        self.setFixedWidth(min(self.WIDTH, self._host.width() - 32))
        self.adjustSize()
        others = [p for p in self._host.findChildren(ProgressPanel) if p is not self and p.isVisible()]
        height = self.height() + 8
        self.move((self._host.width() - self.width()) // 2, self._host.height() - height * (len(others) + 1) - 40)


_RUNNING: list[Operation[Any]] = []
_POOLS: list[ThreadPoolExecutor] = []


def _forget(operation: Operation[Any]) -> None:
    if operation in _RUNNING:
        _RUNNING.remove(operation)


def _pool() -> ThreadPoolExecutor:
    if not _POOLS:
        _POOLS.append(ThreadPoolExecutor(max_workers=1, thread_name_prefix="operation"))
    return _POOLS[0]


def running() -> tuple[Operation[Any], ...]:
    """The actions that have not ended yet."""
    return tuple(_RUNNING)


def leave(page: QWidget, close: Callable[[], None]) -> None:
    """Cancel what a page that is left has asked for; `close` is called in the worker's thread when it has ended."""
    for operation in running():
        if operation.belongs_to(page):
            operation.cancel()
    _pool().submit(close)


def stop_all() -> None:
    """Cancel what goes on and wait for it; called once, when the last window closes."""
    for operation in running():
        operation.cancel()
    while _POOLS:
        _POOLS.pop().shutdown(wait=True)
