"""What a right click on an image offers: tools, windows, how the picture lies. Every entry is a key, and shows it.

It lies over the images, in whichever window they are; like all sheets it is no menu of the system, and knows no case.
"""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QCoreApplication, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from readerapp.page import scrolled
from readerapp.reading.overlay import Overlay, label
from readerapp.viewer.keymap import ACTIONS, Keymap, action_text, cap

__all__ = ["ToolSheet"]

_MARKS = (
    *("draw_arrow", "draw_box", "draw_ellipse", "draw_star", "draw_polyline", "draw_freehand"),
    *("draw_mask", "erase_mask"),
    *("measure_length", "measure_angle", "measure_cobb", "measure_region"),
)
_OF_A_MARK = ("duplicate_mark", "delete_mark")
_IMAGE = (
    *("fit", "fill", "one_to_one", "true_size", "rotate_left", "rotate_right"),
    *("flip_horizontal", "flip_vertical", "smoothing", "probe", "reset_view"),
)
_GREY = ("invert", "window_region")
_SPACE = 14  # between columns
_CHROME = 112  # pixels of the stage's width that are not for entries
_STACK = ("cine", "slab_thicker", "slab_thinner", "slab_mode", "layout_mpr", "plane_next")


class ToolSheet(Overlay):
    """`chosen` carries the key, in a keymap's spelling, of the entry that was pressed."""

    chosen = Signal(str)

    def __init__(self, stage: QWidget) -> None:
        super().__init__("", stage)
        self.set_title(self.tr("Tools"))
        self._stage = stage
        self._at = QPoint()
        self._entries: QWidget | None = None
        self._area: QScrollArea | None = None

    @property
    def buttons(self) -> list[QPushButton]:
        """The entries."""
        return self._entries.findChildren(QPushButton) if self._entries is not None else []

    def open_at(self, place: QPoint) -> None:
        """Where on the stage it will open: at the hand."""
        self._at = place

    def fill(self, keymap: Keymap, windows: Sequence[tuple[str, str]], stack: bool, mark: bool) -> None:
        """`windows`: (key, name) of those the image offers; `stack`: it has slices; `mark`: one is selected."""
        grey = [*windows, *self._keys(keymap, _GREY)]
        groups = [
            [self._group("Marks", self._keys(keymap, (*_MARKS, *(_OF_A_MARK if mark else ()))))],
            [self._group("Image", self._keys(keymap, _IMAGE))],
            [self._group("Grey scale", grey)],
        ]
        if stack:
            groups[0].append(self._group("Stacks and layout", self._keys(keymap, _STACK)))
        for group in (group for column in groups for group in column):
            group.ensurePolished()
        if _width(groups) > self._room_for_entries:
            groups = [groups[0] + groups[2], groups[1]]
        if _width(groups) > self._room_for_entries:
            groups = [groups[0] + groups[1]]
        self._show(groups)

    def _show(self, columns: Sequence[Sequence[QWidget]]) -> None:
        if self._area is not None:
            self.body.removeWidget(self._area)
            self._area.deleteLater()
        self._entries = QWidget()
        row = QHBoxLayout(self._entries)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_SPACE)
        for groups in columns:
            column = QVBoxLayout()
            column.setSpacing(10)
            for group in groups:
                column.addWidget(group)
            column.addStretch(1)
            row.addLayout(column)
        self._area = scrolled(self._entries, self.tr("Tools"))
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its entries are reached by Tab
        self.body.addWidget(self._area)

    @property
    def _room_for_entries(self) -> int:
        return self._stage.width() - _CHROME

    def wanted_size(self, room: QSize) -> QSize:
        """All entries without scrolling where there is the room."""
        entries = self._entries.sizeHint() if self._entries is not None else QSize()
        heading = self.bar.sizeHint().height() + 56
        return QSize(entries.width() + 64, entries.height() + heading).boundedTo(room)

    def place(self, area: QRect) -> None:
        """At the hand, all of it on the stage; the room's own area does not count."""
        super().place(self._stage.rect())
        room = self._stage.rect().adjusted(0, 0, -self.width(), -self.height())
        self.move(min(max(self._at.x(), 0), max(room.width(), 0)), min(max(self._at.y(), 0), max(room.height(), 0)))

    def close_sheet(self) -> None:
        """Takes the sheet away; the window that it lies in, whichever it is, has the keyboard again."""
        if self.isVisible():
            self.window().setFocus()
        super().close_sheet()

    @staticmethod
    def _keys(keymap: Keymap, actions: Sequence[str]) -> list[tuple[str, str]]:
        return [(keymap.keys(action)[0], action_text(action)) for action in actions]

    def _group(self, name: str, entries: Sequence[tuple[str, str]]) -> QWidget:
        assert name in ACTIONS  # whose heading it shares, and so its translation
        group = QWidget()
        column = QVBoxLayout(group)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(label(QCoreApplication.translate("Keymap", name).upper(), "group", wrap=False))
        for key, words in entries:
            button = QPushButton(f"{words}   {cap(key)}")
            button.setAutoDefault(False)
            button.setStyleSheet("text-align: left; padding: 2px 8px;")
            button.clicked.connect(partial(self._choose, key))
            column.addWidget(button)
        return group

    def _choose(self, key: str, _checked: bool = False) -> None:
        self.close_sheet()
        self.chosen.emit(key)


def _width(columns: Sequence[Sequence[QWidget]]) -> int:
    return sum(max(group.sizeHint().width() for group in column) + _SPACE for column in columns)
