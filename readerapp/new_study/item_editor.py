"""The fields of one item of the form: question, answers, reading instructions, code."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QWidget

from readerapp.fields import add_row, choice, line
from readerapp.wording import protocol_word

__all__ = ["ITEM_FIELDS", "ItemEditor"]

ITEM_FIELDS = ("id", "text", "kind", "group", "options", "help", "key", "code", "finding")


class ItemEditor(QFrame):
    """The fields of one item."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self.text = line("item_text", self.tr("Question"), self.tr("what the reader sees"))
        self.id = line("item_id", self.tr("Id"), self.tr("name in tables: letters, digits, _"))
        kinds = (
            (self.tr("present, absent, uncertain, not assessable"), "presence"),
            (self.tr("one of several options"), "choice"),
            (self.tr("any of several options"), "multi"),
            (self.tr("one of ordered options"), "ordinal"),
            (self.tr("free text"), "text"),
        )
        self.kind = choice("item_kind", self.tr("Answers"), kinds)
        self.options = line("item_options", self.tr("Options"), self.tr("options, with commas between"))
        self.group = choice("item_group", self.tr("Group"), (("", ""), *((words, "") for words in _group_names())))
        self.group.setEditable(True)
        self.key = line("item_key", self.tr("Letter"), self.tr("with Shift; given where empty"))
        self.key.setMaxLength(1)
        self.help = QPlainTextEdit()
        self.help.setObjectName("item_help")
        self.help.setAccessibleName(self.tr("Reading instructions"))
        self.help.setPlaceholderText(self.tr("what counts as present; shown beside the question"))
        self.help.setTabChangesFocus(True)
        self.help.setFixedHeight(56)
        self.code = line("item_code", self.tr("Code"), "RadLex, SNOMED CT")
        self.finding = line("item_finding", self.tr("Finding"), self.tr("class of a network that explains this item"))
        labels = {}
        for title, field in (
            (self.tr("Question"), self.text),
            (self.tr("Id"), self.id),
            (self.tr("Answers"), self.kind),
            (self.tr("Options"), self.options),
            (self.tr("Group"), self.group),
            (self.tr("Letter"), self.key),
            (self.tr("Instructions"), self.help),
            (self.tr("Code"), self._beside(self.code, self.tr("Finding"), self.finding)),
        ):
            labels[field] = add_row(grid, title, field)
        self._options_label = labels[self.options]
        for edit in (self.text, self.id, self.options, self.key, self.code, self.finding):
            edit.textEdited.connect(self.changed)
        self.kind.activated.connect(self.changed)
        self.group.editTextChanged.connect(self.changed)
        self.help.textChanged.connect(self.changed)

    @staticmethod
    def _beside(first: QWidget, title: str, second: QWidget) -> QWidget:
        """Two fields in one row: on the smallest screens the preview must stay in sight."""
        row = QWidget()
        columns = QHBoxLayout(row)
        columns.setContentsMargins(0, 0, 0, 0)
        label = QLabel(title)
        label.setBuddy(second)
        columns.addWidget(first, 1)
        columns.addWidget(label)
        columns.addWidget(second, 2)
        return row

    def show_item(self, entries: Mapping[str, Any]) -> None:
        """Fill the fields; nothing is told of it."""
        self.blockSignals(True)
        for name in ("text", "id", "key", "code", "finding"):
            self._edit(name).setText(str(entries.get(name, "")))
        self.options.setText(", ".join(map(str, entries.get("options", ()))))
        self.kind.setCurrentIndex(max(0, self.kind.findData(entries.get("kind", "presence"))))
        self.group.setEditText(protocol_word(str(entries.get("group", ""))))
        self.help.setPlainText(str(entries.get("help", "")))
        self._show_options()
        self.blockSignals(False)

    def _show_options(self) -> bool:
        """Options are asked for where the kind of the item has them."""
        asked = self.kind.currentData() in ("choice", "multi", "ordinal")
        self.options.setVisible(asked)
        self._options_label.setVisible(asked)
        return asked

    def entries(self) -> dict[str, Any]:
        asked = self._show_options()
        group = self.group.currentText().strip()
        options = [word.strip() for word in self.options.text().split(",") if word.strip()]
        return {
            "id": self.id.text().strip(),
            "text": self.text.text().strip(),
            "kind": self.kind.currentData(),
            "group": _group_names().get(group, group),
            "options": options if asked else [],
            "help": self.help.toPlainText().strip(),
            "key": self.key.text().strip().upper(),
            "code": self.code.text().strip(),
            "finding": self.finding.text().strip(),
        }

    def _edit(self, name: str) -> QLineEdit:
        edit: QLineEdit = getattr(self, name)
        return edit


def _group_names() -> dict[str, str]:
    """The groups that every protocol knows, by their words in the person's language; others are named freely."""
    return {protocol_word(group): group for group in ("treatment", "physiology", "technique")}
