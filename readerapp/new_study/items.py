"""The page of the form that chooses what is asked: items of the vocabulary, own ones, and how a reader sees one."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from readerapp import theme
from readerapp.new_study.fields import Section, add_row, card, choice, line
from readerapp.page import button, labelled
from readerapp.reading.item_panel import ItemPanel
from readerapp.viewer.keymap import item_letters, load_keymap
from readerapp.wording import protocol_word
from studies.planning.form import shared_keys
from studies.planning.vocabulary import Vocabulary, shipped_vocabulary, vocabulary_names
from studies.protocol import Item

_ROLE = Qt.ItemDataRole.UserRole
_FIELDS = ("id", "text", "kind", "group", "options", "help", "key", "code")


class VocabularyList(QWidget):
    """The items of a vocabulary, to be ticked; a search leaves those whose words hold what is typed."""

    ticked = Signal(object, bool)  # Item, chosen

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._items = {str(item.id): item for item in vocabulary.items}
        self.search = line("vocabulary_search", self.tr("Search the vocabulary"), self.tr("search: tube, heart …"))
        self.list = QListWidget()
        self.list.setObjectName("vocabulary")
        self.list.setAccessibleName(self.tr("Items of the vocabulary"))
        self.definition = labelled("", "small")
        self.definition.setMinimumHeight(70)
        self.definition.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        words = self.tr("{title}, version {version}")
        layout.addWidget(labelled(words.format(title=vocabulary.title, version=vocabulary.version), "group"))
        for widget in (self.search, self.list, self.definition):
            layout.addWidget(widget, 1 if widget is self.list else 0)
        self._fill()
        self.search.textChanged.connect(self._narrow)
        self.list.itemChanged.connect(self._note)
        self.list.currentItemChanged.connect(self._define)

    def _fill(self) -> None:
        group = None
        for item in self._items.values():
            if item.group != group:
                group = item.group
                title = QListWidgetItem((protocol_word(group) or self.tr("other")).upper())
                title.setFlags(Qt.ItemFlag.NoItemFlags)
                self.list.addItem(title)
            entry = QListWidgetItem(item.text)
            entry.setData(_ROLE, str(item.id))
            entry.setFlags(entry.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            entry.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(entry)

    def show_chosen(self, ids: set[str]) -> None:
        """Tick the items of these ids, and no other."""
        self.list.blockSignals(True)
        for entry in self._entries():
            chosen = entry.data(_ROLE) in ids
            entry.setCheckState(Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked)
        self.list.blockSignals(False)

    def _entries(self) -> Iterator[QListWidgetItem]:
        for place in range(self.list.count()):
            if self.list.item(place).data(_ROLE):
                yield self.list.item(place)

    def _narrow(self, words: str) -> None:
        """Groups stay; items that hold none of the words go."""
        wanted = words.lower().split()
        for entry in self._entries():
            item = self._items[entry.data(_ROLE)]
            text = f"{item.text} {item.help} {item.group} {item.code}".lower()
            entry.setHidden(not all(word in text for word in wanted))

    def _note(self, entry: QListWidgetItem) -> None:
        if entry.data(_ROLE):
            self.ticked.emit(self._items[entry.data(_ROLE)], entry.checkState() == Qt.CheckState.Checked)

    def _define(self, entry: QListWidgetItem | None) -> None:
        item = self._items.get(entry.data(_ROLE)) if entry else None
        self.definition.setText(f"{item.help} {item.code}".strip() if item else "")


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
        self.help.setAccessibleName(self.tr("Definition"))
        self.help.setTabChangesFocus(True)
        self.help.setFixedHeight(56)
        self.code = line("item_code", self.tr("Code"), "RadLex, SNOMED CT")
        labels = {}
        for title, field in (
            (self.tr("Question"), self.text),
            (self.tr("Id"), self.id),
            (self.tr("Answers"), self.kind),
            (self.tr("Options"), self.options),
            (self.tr("Group"), self.group),
            (self.tr("Letter"), self.key),
            (self.tr("Definition"), self.help),
            (self.tr("Code"), self.code),
        ):
            labels[field] = add_row(grid, title, field)
        self._options_label = labels[self.options]
        for edit in (self.text, self.id, self.options, self.key, self.code):
            edit.textEdited.connect(self.changed)
        self.kind.activated.connect(self.changed)
        self.group.editTextChanged.connect(self.changed)
        self.help.textChanged.connect(self.changed)

    def show_item(self, entries: Mapping[str, Any]) -> None:
        """Fill the fields; nothing is told of it."""
        self.blockSignals(True)
        for name in ("text", "id", "key", "code"):
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
        }

    def _edit(self, name: str) -> QLineEdit:
        edit: QLineEdit = getattr(self, name)
        return edit


class ItemsSection(Section):
    """What is asked of every case."""

    def __init__(self) -> None:
        super().__init__(
            "items",
            self.tr("Items"),
            self.tr("Every item is asked of every case, whatever its diagnosis: a list of its own would unblind."),
        )
        self._items: list[dict[str, Any]] = []
        self.vocabulary = VocabularyList(shipped_vocabulary(vocabulary_names()[0]))
        self.list = QListWidget()
        self.list.setObjectName("form_items")
        self.list.setAccessibleName(self.tr("Items of the study"))
        self.list.setMinimumHeight(96)
        self.own = button(self.tr("Own item"), "", "add_item")
        self.up = button("↑", "", "item_up")
        self.up.setAccessibleName(self.tr("Move the item up"))
        self.down = button("↓", "", "item_down")
        self.down.setAccessibleName(self.tr("Move the item down"))
        self.remove = button(self.tr("Remove"), "", "item_remove")
        self.conflict = labelled("", "error")
        self.conflict.setObjectName("key_conflict")
        self.editor = ItemEditor()
        self._preview = QVBoxLayout()
        self._panel: QWidget | None = None
        self._keymap = load_keymap()
        self._arrange()
        self._connect()
        self._show_current()

    def _arrange(self) -> None:
        columns = QHBoxLayout()
        columns.setSpacing(14)
        middle = QVBoxLayout()
        middle.addWidget(labelled(self.tr("Asked in this order"), "group"))
        middle.addWidget(self.list, 1)
        buttons = QHBoxLayout()
        for one in (self.own, self.up, self.down, self.remove):
            buttons.addWidget(one)
        buttons.addStretch(1)
        middle.addLayout(buttons)
        middle.addWidget(self.conflict)
        middle.addWidget(self.editor)
        self._preview.addWidget(labelled(self.tr("As a reader sees it"), "group"))
        columns.addWidget(self.vocabulary, 3)
        columns.addLayout(middle, 4)
        columns.addLayout(self._preview, 3)
        frame = card()
        frame.setLayout(columns)
        columns.setContentsMargins(14, 12, 14, 12)
        self.column.addWidget(frame, 1)

    def _connect(self) -> None:
        self.vocabulary.ticked.connect(self._tick)
        self.list.currentRowChanged.connect(self._show_current)
        self.editor.changed.connect(self._take_over)
        self.own.clicked.connect(self._add_own)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.remove.clicked.connect(self._remove)

    def load(self, entries: Mapping[str, Any]) -> None:
        self._items = [dict(item) for item in entries.get("items", [])]
        self._rebuild(0)

    def entries(self) -> dict[str, Any]:
        return {"items": [{k: v for k, v in item.items() if v or k in ("id", "text")} for item in self._items]}

    def names(self) -> list[tuple[str, str]]:
        """Id and text of each presence item, for the lists of other pages."""
        return [(str(item.get("id", "")), str(item.get("text", ""))) for item in self._items if item.get("id")]

    def _tick(self, item: Item, chosen: bool) -> None:
        if chosen:
            self._items.append(item.model_dump(exclude_defaults=True))
            self._rebuild(len(self._items) - 1)
        else:
            self._items = [other for other in self._items if other.get("id") != item.id]
            self._rebuild(min(self.list.currentRow(), len(self._items) - 1))
        self.changed.emit()

    def _add_own(self) -> None:
        number = len(self._items) + 1
        self._items.append({"id": f"item{number}", "text": "", "kind": "presence"})
        self._rebuild(len(self._items) - 1)
        self.editor.text.setFocus()
        self.changed.emit()

    def _move(self, by: int) -> None:
        row = self.list.currentRow()
        if 0 <= row + by < len(self._items) and row >= 0:
            self._items[row], self._items[row + by] = self._items[row + by], self._items[row]
            self._rebuild(row + by)
            self.changed.emit()

    def _remove(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            del self._items[row]
            self._rebuild(min(row, len(self._items) - 1))
            self.changed.emit()

    def _take_over(self) -> None:
        """What was typed becomes the item; what the form does not show (exemplars) stays."""
        row = self.list.currentRow()
        if row >= 0:
            kept = {name: value for name, value in self._items[row].items() if name not in _FIELDS}
            self._items[row] = kept | {k: v for k, v in self.editor.entries().items() if v or k in ("id", "text")}
            for place, title in enumerate(self._titles()):  # a letter that is taken here is another's no more
                self.list.item(place).setText(title)
            self._show_conflicts()
            self._show_preview()
            self.changed.emit()

    def _rebuild(self, row: int) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addItems(self._titles())
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)
        self.vocabulary.show_chosen({str(item.get("id")) for item in self._items})
        self._show_conflicts()
        self._show_current()

    def _show_current(self) -> None:
        row = self.list.currentRow()
        self.editor.setEnabled(row >= 0)
        for one in (self.up, self.down, self.remove):
            one.setEnabled(row >= 0)
        self.editor.show_item(self._items[row] if row >= 0 else {})
        self._show_preview()

    def _show_conflicts(self) -> None:
        words = self.tr("The letter {key} is asked for by {items}: each item needs its own, or none.")
        shared = shared_keys(self._items)
        self.conflict.setText(" ".join(words.format(key=k, items=", ".join(v)) for k, v in shared.items()))
        self.conflict.setVisible(bool(shared))

    def _letters(self) -> dict[str, str]:
        """The letter of each item as the reading room deals them, given the others."""
        return item_letters(
            [(str(i.get("id", "")), str(i.get("text", "")), str(i.get("key", ""))) for i in self._items]
        )

    def _titles(self) -> list[str]:
        letters = self._letters()
        return [_title(item, letters.get(str(item.get("id", "")), "")) for item in self._items]

    def _show_preview(self) -> None:
        """The reading room's own panel, with this one item."""
        if self._panel is not None:
            self._preview.removeWidget(self._panel)
            self._panel.hide()
            self._panel.deleteLater()
        self._panel = self._made_panel(self.list.currentRow())
        self._preview.addWidget(self._panel, 1)

    def _made_panel(self, row: int) -> QWidget:
        if row < 0:
            return labelled(self.tr("Tick items of the vocabulary, or add your own."), "muted")
        try:
            item = Item.model_validate(self._items[row])
        except ValidationError:
            return labelled(self.tr("Shown when question, id and options are there."), "muted")
        letter = self._letters().get(str(item.id))
        panel = ItemPanel((item,), {str(item.id): letter} if letter else {}, self._keymap, False)
        panel.show_focus(str(item.id), "")
        panel.setAccessibleName(self.tr("Preview of the item"))
        for inner in panel.findChildren(QWidget):
            inner.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            if isinstance(inner, QPushButton) and inner.text().startswith(self.tr("Finish case")):
                inner.hide()
        theme.set_role(panel, "card")
        return panel


def _group_names() -> dict[str, str]:
    """The groups that every protocol knows, by their words in the person's language; others are named freely."""
    return {protocol_word(group): group for group in ("treatment", "physiology")}


def _title(item: Mapping[str, Any], letter: str) -> str:
    group = f"   {protocol_word(item['group'])}" if item.get("group") else ""
    key = f"   ⇧{letter}" if letter else ""
    return f"{item.get('text') or '…'}{group}{key}"
