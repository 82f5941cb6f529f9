"""What the form of a new study is made of: its sections, rows that can be added, passphrases given twice."""

from collections.abc import Callable, Iterator
from itertools import pairwise

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from readerapp.fields import card_of_rows, line
from readerapp.operations import COORDINATOR
from readerapp.page import KeyboardScroll, button, labelled
from studies.reading.access import LEAST_CHARACTERS


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
        frame, grid = card_of_rows(title)
        self.column.addWidget(frame)
        return grid


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
