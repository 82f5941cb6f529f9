"""The sheets over the reading room: one is open at a time, each is made when it is asked for first."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, QPoint, QRect, QSize, Signal
from PySide6.QtWidgets import QWidget

from readerapp.preferences import PreferencesPanel
from readerapp.reading.flag_sheet import FlagSheet
from readerapp.reading.item_help import ItemHelp, TextSheet
from readerapp.reading.marks_list import MarksList
from readerapp.reading.overlay import Overlay
from readerapp.reading.pages import paragraphs
from readerapp.reading.session import ReadingSession
from readerapp.reading.shortcut_sheet import ShortcutSheet
from readerapp.reading.tool_sheet import ToolSheet
from readerapp.viewer.keymap import Keymap
from readerapp.viewer.stage import Stage

__all__ = ["ANYWHERE", "IN_A_CASE", "TOOLS", "RoomSheets"]

ANYWHERE = ("shortcuts", "preferences", "instructions")
TOOLS = "tools"  # has no key: what it offers are keys
IN_A_CASE = ("marks_list", "item_help", "flag_case")


class RoomSheets(QObject):
    """Opens and closes them by the names of their actions."""

    keymap_changed = Signal(object)  # Keymap
    flagged = Signal(str)
    key_chosen = Signal(str)
    opened = Signal(object)  # Overlay
    closed = Signal()

    def __init__(
        self, room: QWidget, session: ReadingSession, stage: Stage, window_keys: Callable[[], list[tuple[str, str]]]
    ) -> None:
        super().__init__(room)
        self._room, self._session, self._stage, self._window_keys = room, session, stage, window_keys
        self._sheets: dict[str, Overlay] = {}
        self._makers: dict[str, Callable[[], Overlay]] = {
            "shortcuts": lambda: ShortcutSheet(room),
            "preferences": self._make_preferences,
            "instructions": lambda: TextSheet(QCoreApplication.translate("RoomSheets", "Instructions"), room),
            "marks_list": self._make_marks_list,
            "item_help": lambda: ItemHelp(room, session.view.load_exemplars),
            "flag_case": self._make_flag_sheet,
            TOOLS: self._make_tool_sheet,
        }

    @property
    def current(self) -> Overlay | None:
        """The sheet that is open."""
        return next((sheet for sheet in self._sheets.values() if not sheet.isHidden()), None)

    def toggle(self, name: str, keymap: Keymap) -> None:
        """Opens a sheet, or closes it where it is open; another one makes room for it."""
        current = self.current
        if current is not None:
            current.close_sheet()
            if current is self._sheets.get(name):
                return
        sheet = self._sheet(name)
        sheet.closing_keys = frozenset(keymap.keys(name))
        self._fill(name, sheet, keymap)
        sheet.open_over(self._room.rect())
        self.opened.emit(sheet)

    def open_tools(self, place: QPoint, keymap: Keymap) -> None:
        """What can be done to the image, at a place on the stage."""
        sheet = self._sheet(TOOLS)
        assert isinstance(sheet, ToolSheet)
        sheet.close_sheet()
        sheet.open_at(place)
        self.toggle(TOOLS, keymap)

    def close_tools(self) -> None:
        """Takes the tools away, as a hand that goes on elsewhere does."""
        if isinstance(self.current, ToolSheet):
            self.close()

    def close(self) -> None:
        """Takes the open sheet away."""
        if self.current is not None:
            self.current.close_sheet()

    def leave(self) -> None:
        """The case is left while a sheet is open: what it was about goes with it."""
        if self.current is not None:
            self.current.leave()

    def stop(self) -> None:
        """The room is left: nothing is loaded any more."""
        help_sheet = self._sheets.get("item_help")
        if isinstance(help_sheet, ItemHelp):
            help_sheet.stop()

    def place(self, area: QRect) -> None:
        """The room has another size."""
        if self.current is not None:
            self.current.place(area)

    def _sheet(self, name: str) -> Overlay:
        if name not in self._sheets:
            sheet = self._makers[name]()
            sheet.closed.connect(self.closed)
            self._sheets[name] = sheet
        return self._sheets[name]

    def _fill(self, name: str, sheet: Overlay, keymap: Keymap) -> None:
        state = self._session.state
        if isinstance(sheet, ShortcutSheet):
            sheet.fill(keymap, self._window_keys())
        elif isinstance(sheet, MarksList):
            sheet.fill(self._session.items, state.marks, self._stage.count, self._stage.selected_mark)
        elif isinstance(sheet, ToolSheet):
            image = self._stage.canvas.image
            stack = image is not None and image.frames > 1
            sheet.fill(keymap, self._window_keys(), stack, bool(self._stage.selected_mark))
        elif isinstance(sheet, ItemHelp):
            self._fill_help(sheet)
        elif isinstance(sheet, FlagSheet):
            sheet.fill(state.flag)
        elif isinstance(sheet, TextSheet):
            none = self.tr("The protocol gives no instructions.")
            sheet.fill(paragraphs(self._session.instructions) or none)

    def _fill_help(self, sheet: ItemHelp) -> None:
        items = self._session.items
        number = next((place for place, item in enumerate(items) if item.id == self._session.focus), 0)
        sheet.fill(items[number], number + 1)

    def _make_marks_list(self) -> Overlay:
        sheet = MarksList(self._room)
        sheet.jumped.connect(self._stage.show_mark)
        return sheet

    def _make_tool_sheet(self) -> Overlay:
        sheet = ToolSheet(self._stage)
        sheet.chosen.connect(self.key_chosen)
        return sheet

    def _make_flag_sheet(self) -> Overlay:
        sheet = FlagSheet(self._room)
        sheet.flagged.connect(self.flagged)
        return sheet

    def _make_preferences(self) -> Overlay:
        title = QCoreApplication.translate("RoomSheets", "Keys, mouse and preferences")
        sheet = _WideSheet(title, self._room)
        panel = PreferencesPanel(str(self._session.view.reader_id), files=False)
        panel.keymap_changed.connect(self.keymap_changed)
        panel.scale_changed.connect(lambda _percent: self.place(self._room.rect()))
        sheet.body.addWidget(panel, 1)
        sheet.field = panel.editor.tree
        return sheet


class _WideSheet(Overlay):
    """Takes what the room has."""

    field: QWidget | None = None

    def first_field(self) -> QWidget:
        return self.field or self

    def wanted_size(self, room: QSize) -> QSize:
        return room
