"""The stage in its place among the items, or in a window of its own on another screen, where it was the last time.

Which screen and where on it is kept in the settings. Nothing in the window, its title included, tells of a case.
"""

from PySide6.QtCore import QCoreApplication, QEvent, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QScreen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from readerapp.settings import SCREENS, settings
from readerapp.theme import set_role
from readerapp.viewer.stage import Stage

__all__ = ["StagePlace", "StageWindow"]

_OUT, _SCREEN, _AREA = (f"{SCREENS}/images_{name}" for name in ("out", "screen", "area"))
_KEYS = {QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride}
_ACTIVATIONS = {QEvent.Type.WindowActivate: True, QEvent.Type.WindowDeactivate: False}


class StageWindow(QWidget):
    """Holds the stage alone; its keys go to the room."""

    closed = Signal()
    activated = Signal(bool)

    def __init__(self, stage: Stage, room: QWidget) -> None:
        super().__init__(room, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Images"))
        self.setAccessibleName(self.tr("Images"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._room = room
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(stage)

    def event(self, event: QEvent) -> bool:
        if event.type() in _KEYS:
            QCoreApplication.sendEvent(self._room, event)
            self._follow_keyboard()
            return True
        handled = super().event(event)
        if event.type() in _ACTIVATIONS:
            self.activated.emit(_ACTIVATIONS[event.type()])
        return handled

    def focusNextPrevChild(self, next_child: bool) -> bool:
        return False  # Tab is a key of the room, too

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()  # the stage goes home first
        self.closed.emit()

    def _follow_keyboard(self) -> None:
        """A key that opened a field or a sheet in the room is followed by what is typed into it."""
        main = self._room.window()
        focus = main.focusWidget()
        if focus is not None and focus is not self._room and self._room.isAncestorOf(focus):
            main.activateWindow()


class StagePlace(QWidget):
    """Where the stage stands in the room; a sentence stands there while it is away."""

    window_activated = Signal(bool)
    window_opened = Signal(object)  # StageWindow

    def __init__(self, stage: Stage, room: QWidget) -> None:
        super().__init__(room)
        self._stage, self._room = stage, room
        self._window: StageWindow | None = None
        self._away = QLabel(self.tr("The images are in a window of their own."))
        self._away.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._away.setWordWrap(True)
        set_role(self._away, "muted")
        self._away.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(stage)
        column.addWidget(self._away)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenAdded.connect(self._on_screen_added)
            application.screenRemoved.connect(self._on_screen_removed)

    @property
    def window_of_stage(self) -> StageWindow | None:
        """The window the stage is in, None where it is at home."""
        return self._window

    def toggle(self) -> None:
        """To the other screen, or home; remembered for the next time."""
        if self._window is None:
            self._send_out(_other_screen(self._room.screen()))
        else:
            self._come_home()
        settings().setValue(_OUT, self._window is not None)

    def restore(self) -> None:
        """Out again where it was out the last time, if that screen is there."""
        kept = settings()
        screen = next((s for s in QGuiApplication.screens() if s.name() == kept.value(_SCREEN, "")), None)
        if self._window is None and screen is not None and kept.value(_OUT, False, type=bool):
            self._send_out(screen)

    def stop(self) -> None:
        """The room is left: what was out is remembered so, and its window goes."""
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenAdded.disconnect(self._on_screen_added)
            application.screenRemoved.disconnect(self._on_screen_removed)
        self._come_home()

    def _send_out(self, screen: QScreen) -> None:
        self._window = window = StageWindow(self._stage, self._room)
        window.closed.connect(self.toggle)
        window.activated.connect(self.window_activated)
        self._away.show()
        area = _kept_area(screen)
        settings().setValue(_SCREEN, screen.name())
        window.setGeometry(area or screen.availableGeometry())
        if area is None and screen is not self._room.screen():
            window.showFullScreen()
        else:
            window.show()
        self._stage.show()
        self.window_opened.emit(window)

    def _come_home(self, keep: bool = True) -> None:
        window, self._window = self._window, None
        if window is None:
            return
        if keep:
            _keep_area(window)
        self._away.hide()
        layout = self.layout()
        assert layout is not None
        layout.addWidget(self._stage)
        self._stage.show()
        window.hide()
        window.deleteLater()
        self._room.window().activateWindow()
        self._room.setFocus()

    def _on_screen_added(self, _screen: QScreen) -> None:
        self.restore()

    def _on_screen_removed(self, screen: QScreen) -> None:
        """Home while its screen is away; where the window was is kept for when the screen is back."""
        if self._window is not None and settings().value(_SCREEN, "") == screen.name():
            self._come_home(keep=False)


def _other_screen(here: QScreen) -> QScreen:
    """The screen the images were on before, else any but this one, else this one."""
    others = [screen for screen in QGuiApplication.screens() if screen is not here]
    kept = settings().value(_SCREEN, "")
    return next((screen for screen in others if screen.name() == kept), others[0] if others else here)


def _kept_area(screen: QScreen) -> QRect | None:
    """Where the window was on this screen; None where it filled it, or was on another."""
    kept = settings()
    area = kept.value(_AREA)
    if kept.value(_SCREEN, "") == screen.name() and isinstance(area, QRect) and screen.geometry().intersects(area):
        return area
    return None


def _keep_area(window: StageWindow) -> None:
    kept = settings()
    kept.setValue(_SCREEN, window.screen().name())
    if window.isFullScreen():
        kept.remove(_AREA)
    else:
        kept.setValue(_AREA, window.geometry())
