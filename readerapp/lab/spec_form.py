"""The form of any spec: a row an entry, named in words and as the spec has it; what was changed is marked."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from readerapp import theme
from readerapp.fields import card, choice, line
from readerapp.lab.spec_fields import GROUPS, SpecField, spec_fields
from readerapp.lab.spec_words import entry_help, entry_name
from readerapp.page import labelled
from readerapp.wording import QT_TRANSLATE_NOOP

__all__ = ["SpecForm"]

_GROUPS = {
    "what": QT_TRANSLATE_NOOP("SpecForm", "WHAT IS LEARNED"),
    "network": QT_TRANSLATE_NOOP("SpecForm", "NETWORK"),
    "length": QT_TRANSLATE_NOOP("SpecForm", "LENGTH"),
    "images": QT_TRANSLATE_NOOP("SpecForm", "IMAGES AS THEY ARE DRAWN"),
    "more": QT_TRANSLATE_NOOP("SpecForm", "OPTIMISATION AND THE REST"),
}
_FIELD_WIDTH = 210


class SpecRow:
    """One entry: its name, its field, what it may be, and whether it was changed."""

    def __init__(self, field: SpecField) -> None:
        self.field = field
        self.widget = _made(field)
        self.widget.setFixedWidth(theme.wide(_FIELD_WIDTH))
        self.mark = QLabel()
        theme.set_role(self.mark, "warning")
        self.base = field.default
        self.set(field.default)

    def set(self, value: Any) -> None:
        """Show a value."""
        if isinstance(self.widget, QCheckBox):
            self.widget.setChecked(bool(value))
        elif isinstance(self.widget, QComboBox):
            self.widget.setCurrentIndex(max(0, self.widget.findText(str(value))))
        else:
            self.widget.setText(self.field.text(value))

    def value(self) -> Any:
        """What is shown. ValueError where it is no number."""
        if isinstance(self.widget, QCheckBox):
            return self.widget.isChecked()
        text = self.widget.currentText() if isinstance(self.widget, QComboBox) else self.widget.text()
        return self.field.value(text)

    @property
    def differs(self) -> bool:
        """Whether it says something else than where the form began."""
        try:
            return self.value() != self.base
        except ValueError:
            return True


class SpecForm(QWidget):
    """Entries of one task. `changed` follows every change by hand."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, SpecRow] = {}
        self.task = ""
        self._body: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_task(self, task: str, base: Mapping[str, Any]) -> None:
        """The entries of a task, beginning with `base` over the defaults; all marks are gone."""
        if task != self.task:
            self._build(task)
        for name, row in self.rows.items():
            row.base = base.get(name, row.field.default)
            row.widget.blockSignals(True)
            row.set(row.base)
            row.widget.blockSignals(False)
        self._mark()

    def changed_settings(self) -> dict[str, Any]:
        """What differs from the beginning. ValueError naming an entry that is no number."""
        return {name: self._value(row) for name, row in self.rows.items() if row.differs}

    def _value(self, row: SpecRow) -> Any:
        try:
            return row.value()
        except ValueError:
            words = self.tr("{entry}: '{text}' is no number.")
            text = row.widget.text() if isinstance(row.widget, QLineEdit) else ""
            raise ValueError(words.format(entry=entry_name(row.field.name), text=text)) from None

    def _build(self, task: str) -> None:
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.deleteLater()
        self.task = task
        self.rows = {field.name: SpecRow(field) for field in spec_fields(task)}
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for group in [*GROUPS, "more"]:
            rows = [row for row in self.rows.values() if row.field.group == group]
            if rows:
                column.addWidget(self._card(self.tr(_GROUPS[group]), rows))
        self._column.addWidget(self._body)

    def _card(self, title: str, rows: list[SpecRow]) -> QWidget:
        frame = card()
        grid = QGridLayout(frame)
        grid.setContentsMargins(16, 12, 16, 12)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(3, 1)
        grid.addWidget(labelled(title, "group"), 0, 0, 1, 4)
        for place, row in enumerate(rows, start=1):
            grid.addWidget(_named(row), place, 0)
            grid.addWidget(row.widget, place, 1)
            row.mark.setMinimumWidth(theme.wide(90))
            grid.addWidget(row.mark, place, 2)
            grid.addWidget(labelled(_help(row.field), "small"), place, 3)
            self._listen(row)
        return frame

    def _listen(self, row: SpecRow) -> None:
        if isinstance(row.widget, QCheckBox):
            row.widget.toggled.connect(self._on_change)
        elif isinstance(row.widget, QComboBox):
            row.widget.currentIndexChanged.connect(self._on_change)
        else:
            row.widget.textChanged.connect(self._on_change)

    def _on_change(self) -> None:
        self._mark()
        self.changed.emit()

    def _mark(self) -> None:
        for row in self.rows.values():
            before = row.field.text(row.base) or self.tr("empty")
            row.mark.setText(self.tr("◆ was {value}").format(value=before) if row.differs else "")


def _named(row: SpecRow) -> QWidget:
    """What the entry is called, and below it its key in the spec, as `--set` and a preset write it."""
    name, key = QLabel(entry_name(row.field.name)), QLabel(row.field.name)
    name.setBuddy(row.widget)
    theme.set_role(key, "small")
    key.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    key.setVisible(name.text() != key.text())
    named = QWidget()
    named.setMinimumWidth(theme.wide(170))
    column = QVBoxLayout(named)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(name)
    column.addWidget(key)
    return named


def _made(field: SpecField) -> QCheckBox | QComboBox | QLineEdit:
    if field.kind == "yes_no":
        box = QCheckBox()
        box.setObjectName(f"spec_{field.name}")
        box.setAccessibleName(entry_name(field.name))
        box.setAccessibleDescription(_help(field))
        return box
    if field.kind == "choice":
        values = tuple((str(value), value) for value in field.choices)
        made: QComboBox | QLineEdit = choice(f"spec_{field.name}", entry_name(field.name), values)
    else:
        made = line(f"spec_{field.name}", entry_name(field.name))
    made.setAccessibleDescription(_help(field))
    return made


def _help(field: SpecField) -> str:
    return "  ·  ".join(part for part in (field.range_text, entry_help(field)) if part)
