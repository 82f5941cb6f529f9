"""Fields of every form: each with a name for screen readers, in rows of label and field on a card."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from readerapp import theme
from readerapp.page import button, labelled


class _NoStrayWheel(QObject):
    """The wheel scrolls the page; it changes a number or a choice only where the keyboard is."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent) and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def line(name: str, title: str, hint: str = "") -> QLineEdit:
    """A line of text; `title` is what a screen reader says."""
    field = QLineEdit()
    field.setObjectName(name)
    field.setAccessibleName(title)
    field.setPlaceholderText(hint)
    return field


def whole(name: str, title: str, low: int, high: int, value: int) -> QSpinBox:
    """A whole number within [low, high]."""
    field = QSpinBox()
    field.setRange(low, high)
    field.setValue(value)
    return _number(field, name, title)


def decimal(name: str, title: str, low: float, high: float, value: float, digits: int = 1) -> QDoubleSpinBox:
    """A number with a few digits within [low, high]."""
    field = QDoubleSpinBox()
    field.setDecimals(digits)
    field.setRange(low, high)
    field.setValue(value)
    return _number(field, name, title)


_NARROW = 140  # pixels: a number
Spin = TypeVar("Spin", bound=QAbstractSpinBox)


def _number(field: Spin, name: str, title: str) -> Spin:
    field.setObjectName(name)
    field.setAccessibleName(title)
    field.setFixedWidth(_NARROW)
    field.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)  # the arrow keys count up and down
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(_NoStrayWheel(field))
    return field


def choice(name: str, title: str, entries: tuple[tuple[str, str], ...] = ()) -> QComboBox:
    """A choice; `entries` are words and what they stand for."""
    field = QComboBox()
    field.setObjectName(name)
    field.setAccessibleName(title)
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(_NoStrayWheel(field))
    for words, data in entries:
        field.addItem(words, data)
    return field


def no_wider(*boxes: QComboBox, characters: int = 0) -> None:
    """Long entries of these choices do not widen what they are in; `characters` fit in any case."""
    for box in boxes:
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(characters)


def tick(name: str, text: str, checked: bool = False) -> QCheckBox:
    field = QCheckBox(text)
    field.setObjectName(name)
    field.setChecked(checked)
    return field


def card() -> QFrame:
    frame = QFrame()
    theme.set_role(frame, "card")
    return frame


def card_of_rows(title: str = "") -> tuple[QFrame, QGridLayout]:
    """A card, and the grid in it that `add_row` fills."""
    frame = card()
    grid = QGridLayout(frame)
    grid.setContentsMargins(18, 14, 18, 14)
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    if title:
        grid.addWidget(labelled(title, "group"), 0, 0, 1, 3)
    return frame, grid


def add_row(grid: QGridLayout, label: str, field: QWidget, remark: str = "") -> QLabel:
    """A row of a card: what is asked (the label is returned), the field, a remark in small letters below it."""
    row = grid.rowCount()
    name = QLabel(label)
    name.setBuddy(field)
    grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop if remark else Qt.AlignmentFlag.AlignVCenter)
    if field.maximumWidth() <= _NARROW:
        grid.addWidget(field, row, 1, Qt.AlignmentFlag.AlignLeft)
    else:
        grid.addWidget(field, row, 1)
    if remark:
        grid.addWidget(labelled(remark, "small"), row + 1, 1)
    return name


def in_a_row(*fields: tuple[QWidget, int]) -> QWidget:
    """Fields with their stretch in one row of a form; what is left over where none stretches stays empty."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for field, stretch in fields:
        if isinstance(field, QLabel) and not stretch:
            field.setWordWrap(False)
        row.addWidget(field, stretch)
    if not any(stretch for _, stretch in fields):
        row.addStretch(1)
    holder.setFocusProxy(fields[0][0])
    return holder


class PathField(QWidget):
    """A path to type, or to choose with a dialog."""

    changed = Signal()

    def __init__(self, name: str, title: str, hint: str, choose: Callable[[QWidget], str]) -> None:
        super().__init__()
        self.edit = line(name, title, hint)
        self.setFocusProxy(self.edit)
        self._choose = choose
        browse = button(self.tr("Choose …"), "", f"{name}_choose")
        browse.setAccessibleName(self.tr("Choose: {what}").format(what=title))
        browse.clicked.connect(self._browse)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.edit, 1)
        row.addWidget(browse)
        self.edit.textChanged.connect(self.changed)

    def path(self) -> Path | None:
        text = self.edit.text().strip().strip('"')
        return Path(text).expanduser() if text else None

    def _browse(self) -> None:
        chosen = self._choose(self)
        if chosen:
            self.edit.setText(chosen)
