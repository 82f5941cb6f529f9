"""What stands where in the reading room: the bar above, images or words at the left, items at the right."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QStackedWidget, QVBoxLayout, QWidget

from readerapp.reading.item_panel import ItemPanel
from readerapp.reading.pages import MessagePage
from readerapp.reading.session import ReadingSession
from readerapp.reading.top_bar import TopBar
from readerapp.theme import wide
from readerapp.viewer.keymap import Keymap
from readerapp.viewer.stage import Stage
from readerapp.viewer.stage_window import StagePlace

__all__ = ["RoomFrame"]

_PANEL_SHARE = 0.22  # of the window's width
_PANEL_WIDTH = (300, 420)


class RoomFrame:
    """The widgets of a room, laid out in it."""

    def __init__(self, room: QWidget, session: ReadingSession, keymap: Keymap, letters: Mapping[str, str]) -> None:
        self._room = room
        self.bar = TopBar(keymap)
        self.stage = Stage(keymap.hands)
        self.place = StagePlace(self.stage, room)
        self.page = MessagePage()
        self.panel = ItemPanel(session.items, letters, keymap, session.navigation.rest_absent)
        self._ground = QStackedWidget()
        self._ground.addWidget(self.place)
        self._ground.addWidget(self.page)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self._ground, 1)
        body.addWidget(self.panel)
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addLayout(body, 1)
        for bar in room.findChildren(QScrollBar):
            bar.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def show_page(self, heading: str, body: str, main: str, other: str) -> None:
        """Words in place of a case; `main` is what Enter does, and the way out is always offered."""
        enter = "   ↵" if main else ""
        leave = QCoreApplication.translate("RoomFrame", "Leave")
        self.page.show_text(heading, body, main + enter, other or ("" if main else leave))
        self.bar.show_nothing()
        self.panel.hide()
        self._ground.setCurrentWidget(self.page)

    def show_case(self, session: ReadingSession) -> None:
        """The case at hand, its items closed until its images are painted."""
        presentation = session.presentation
        place = session.position + 1
        self.bar.show_case(presentation.code, place, session.count, session.read_count, presentation.practice)
        self.bar.show_explained(False)  # until it is known what the item in focus has
        self.panel.set_reviewing(session.reviewing)
        self.panel.show()
        self.panel.show_notice("")
        self.panel.set_open(False)
        self._ground.setCurrentWidget(self.place)
        self.stage.set_echo("")

    def toggle_full_screen(self) -> None:
        """The whole screen for the window that the room is in, or no longer."""
        window = self._room.window()
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def fit(self) -> None:
        """The items take a share of the room, as wide as the size of text asks for, and never half of it."""
        least, most = (wide(width) for width in _PANEL_WIDTH)
        width = min(max(round(self._room.width() * _PANEL_SHARE), least), most, self._room.width() // 2)
        self.panel.setFixedWidth(max(width, 200))
