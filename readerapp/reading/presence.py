"""Whether the reader is at work: the window in front, and an input within the protocol's limit.

A locked screen takes the window from the front where the system tells Qt so; where it does not (some X11 lockers), the
limit without input is what counts.
"""

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

__all__ = ["Presence"]

_NOTE_INTERVAL_MS = 1000  # inputs closer together are one
_CHANGE_OF_WINDOW_MS = 50  # from a window that leaves the front to the one that comes to it
_PRESSES = {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress}  # only a window in front is given these
_LONGEST_MS = 2**31 - 1  # what a timer takes
_INPUTS = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonDblClick,
    QEvent.Type.MouseMove,
    QEvent.Type.Wheel,
    QEvent.Type.TouchBegin,
    QEvent.Type.TouchUpdate,
}


class Presence(QObject):
    """Watches a window and the widgets in it that keep input for themselves."""

    input_came = Signal()  # at most once a second
    changed = Signal()  # of `front` or `paused`

    def __init__(self, window: QWidget, limit_s: float) -> None:
        super().__init__(window)
        self._windows = [window]
        self._limit_s = limit_s
        self.front = True
        self._idle = False
        self._rest = QTimer(self, singleShot=True, interval=_NOTE_INTERVAL_MS)
        self._limit = QTimer(self, singleShot=True, interval=min(round(limit_s * 1000), _LONGEST_MS))
        self._limit.timeout.connect(self._on_limit)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._on_application)

    def watch(self, *widgets: QWidget) -> None:
        """Counts what these widgets receive as input."""
        for widget in widgets:
            widget.installEventFilter(self)

    def accompany(self, window: QWidget) -> None:
        """Another window of the same work: the reader is at work in either."""
        self._windows.append(window)
        window.destroyed.connect(lambda: self._windows.remove(window))
        self.watch(window)

    def tell_activation(self, active: bool) -> None:
        """One of the windows came to the front, or left it."""
        if active or len(self._windows) == 1:
            self.set_front(active)
        else:  # the other one may be coming to the front in its place
            QTimer.singleShot(_CHANGE_OF_WINDOW_MS, self, lambda: self.set_front(self._is_in_front()))

    def begin(self) -> None:
        """A case is open: its clock runs from here, if the window is in front."""
        self._limit.start()
        self._idle = False
        self.front = self._is_in_front()
        self.changed.emit()

    def note(self) -> None:
        """The reader did something in this window."""
        self.set_front(True)
        if self._rest.isActive():
            return
        self._rest.start()
        self._limit.start()
        if self._idle:
            self._idle = False
            self.changed.emit()
        self.input_came.emit()

    def set_front(self, front: bool) -> None:
        """The window came to the front, or left it."""
        if front != self.front:
            self.front = front
            self.changed.emit()

    @property
    def resting(self) -> bool:
        """True within a second of the last input told."""
        return self._rest.isActive()

    @property
    def paused(self) -> str:
        """Why the clock of the case stands, "" where it runs."""
        if not self.front:
            return self.tr("this window is not in front")
        if self._idle:
            limit = f"{self._limit_s / 60:g} min" if self._limit_s >= 60 else f"{self._limit_s:g} s"
            return self.tr("nothing was done for {limit}").format(limit=limit)
        return ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _PRESSES or (kind in _INPUTS and self.front):  # the mouse also passes over windows that lie behind
            self.note()
        elif kind == QEvent.Type.WindowStateChange:
            self.set_front(self._is_in_front())
        return False

    def _on_limit(self) -> None:
        self._idle = True
        self.changed.emit()

    def _on_application(self, state: Qt.ApplicationState) -> None:
        self.set_front(state == Qt.ApplicationState.ApplicationActive and self._is_in_front())

    def _is_in_front(self) -> bool:
        return any(window.isActiveWindow() and not window.window().isMinimized() for window in self._windows)
