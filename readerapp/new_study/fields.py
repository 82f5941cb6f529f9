"""What the form is made of: fields with a name for screen readers, rows that can be added, passphrases given twice."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
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
    QVBoxLayout,
    QWidget,
)

from readerapp import theme
from readerapp.operations import COORDINATOR
from readerapp.page import KeyboardScroll, button, labelled
from studies.reading.access import LEAST_CHARACTERS


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


def tick(name: str, text: str, checked: bool = False) -> QCheckBox:
    field = QCheckBox(text)
    field.setObjectName(name)
    field.setChecked(checked)
    return field


def card() -> QFrame:
    frame = QFrame()
    theme.set_role(frame, "card")
    return frame


class Section(QWidget):
    """One page of the form. Subclasses add cards to `column`, and say `changed` when a person changed something."""

    changed = Signal()

    def __init__(self, name: str, title: str, explanation: str) -> None:
        super().__init__()
        self.setObjectName(f"section_{name}")
        body = QWidget()
        self.column = QVBoxLayout(body)
        self.column.setContentsMargins(4, 0, 14, 12)
        self.column.setSpacing(12)
        self.column.addWidget(labelled(title, "heading"))
        self.column.addWidget(labelled(explanation, "muted"))
        self.area = KeyboardScroll()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.area)

    def enter(self) -> None:
        """Put the keyboard into the first field that takes it."""
        field = self.nextInFocusChain()
        while field is not None and field is not self:
            takes = field.focusPolicy() & Qt.FocusPolicy.TabFocus and field.isEnabled() and field.isVisible()
            if takes and self.isAncestorOf(field):
                field.setFocus(Qt.FocusReason.TabFocusReason)
                return
            field = field.nextInFocusChain()

    def grid(self, title: str = "") -> QGridLayout:
        """A card with rows of label and field, added to the page."""
        frame = card()
        grid = QGridLayout(frame)
        grid.setContentsMargins(18, 14, 18, 14)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        if title:
            grid.addWidget(labelled(title, "group"), 0, 0, 1, 3)
        self.column.addWidget(frame)
        return grid


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


class Rows(QWidget):
    """Rows that a person adds and removes. `make` makes one; it has `changed` and is told apart by its place."""

    changed = Signal()

    def __init__(self, name: str, add: str, make: Callable[[], "Row"]) -> None:
        super().__init__()
        self._make = make
        self._column = QVBoxLayout()
        self._column.setSpacing(6)
        self.add_button = button(add, "", f"add_{name}")
        self.add_button.clicked.connect(self._add_by_hand)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(self._column)
        layout.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)

    def rows(self) -> "Iterator[Row]":
        for place in range(self._column.count()):
            item = self._column.itemAt(place)
            widget = item.widget() if item else None
            if isinstance(widget, Row):
                yield widget

    def add(self) -> "Row":
        """One more row, at the end."""
        row = self._make()
        row.changed.connect(self.changed)
        row.removed.connect(lambda: self._remove(row))
        self._column.addWidget(row)
        row.order_tabs()
        QWidget.setTabOrder(row.last_field(), self.add_button)  # which was made before its rows
        return row

    def clear(self) -> None:
        for row in list(self.rows()):
            self._take(row)

    def _add_by_hand(self) -> None:
        self.add().first_field().setFocus()
        self.changed.emit()

    def _remove(self, row: "Row") -> None:
        self._take(row)
        self.add_button.setFocus()
        self.changed.emit()

    def _take(self, row: "Row") -> None:
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()


class Row(QFrame):
    """One of `Rows`: fields in a line, and a button that removes it."""

    changed = Signal()
    removed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._in_line: list[QWidget] = []
        words = QCoreApplication.translate("Rows", "Remove")
        self.remove_button = button("✕", "quiet", f"remove_{name}")
        self.remove_button.setAccessibleName(words)
        self.remove_button.setToolTip(words)
        self.remove_button.clicked.connect(self.removed)

    def line_of(self, *fields: tuple[QWidget, int]) -> QHBoxLayout:
        """Fields with their stretch, and the remove button after them."""
        layout = QHBoxLayout()
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for field, stretch in fields:
            layout.addWidget(field, stretch)
        layout.addWidget(self.remove_button)
        self._in_line = [field for field, _ in fields if field.focusPolicy() & Qt.FocusPolicy.TabFocus]
        return layout

    def order_tabs(self) -> None:
        """Tab goes along the line; the remove button, made first, comes last in it."""
        for one, other in pairwise([*self._in_line, self.remove_button]):
            QWidget.setTabOrder(one, other)

    def last_field(self) -> QWidget:
        """Where Tab leaves the row."""
        return self.remove_button

    def first_field(self) -> QWidget:
        """Where the keyboard goes when the row was added."""
        raise NotImplementedError


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


class PassphraseForm(QFrame):
    """A passphrase, given twice, for the coordinator and each reader."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._fields: dict[str, tuple[QLineEdit, QLineEdit]] = {}

    def ask_for(self, names: tuple[str, ...]) -> None:
        """Show a row for each name, empty."""
        while (item := self._grid.takeAt(0)) is not None:
            if widget := item.widget():
                widget.deleteLater()
        self._fields = {}
        for row, name in enumerate(names):
            person = self._person(name)
            first = _secret(f"passphrase_{name}", self.tr("Passphrase of {name}").format(name=person))
            again = _secret(f"repeat_{name}", self.tr("Passphrase of {name} again").format(name=person))
            first.setPlaceholderText(self.tr("passphrase"))
            again.setPlaceholderText(self.tr("the same again"))
            self._fields[name] = first, again
            self._grid.addWidget(labelled(person), row, 0)
            for column, field in enumerate((first, again), start=1):
                self._grid.addWidget(field, row, column)
                field.textChanged.connect(self.changed)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 1)

    def _person(self, name: str) -> str:
        return self.tr("coordinator") if name == COORDINATOR else name

    def passphrases(self) -> dict[str, str]:
        return {name: first.text() for name, (first, _second) in self._fields.items()}

    def problem(self) -> str:
        """What still has to be entered, in a sentence; "" when all is there."""
        for name, (first, second) in self._fields.items():
            if len(first.text()) < LEAST_CHARACTERS:
                words = self.tr("{name}: a passphrase needs at least {n} characters.")
                return words.format(name=self._person(name), n=LEAST_CHARACTERS)
            if first.text() != second.text():
                return self.tr("{name}: the two passphrases differ.").format(name=self._person(name))
        texts = [first.text() for first, _second in self._fields.values()]
        if len(set(texts)) < len(texts):
            return self.tr("Two people have the same passphrase: each needs one of their own.")
        return ""


def _secret(name: str, title: str) -> QLineEdit:
    field = line(name, title)
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field
