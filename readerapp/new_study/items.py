"""The page of the form that chooses what is asked: items of the vocabulary, own ones, and how a reader sees one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from readerapp import theme
from readerapp.fields import card
from readerapp.new_study.exemplars import ExemplarField, ExemplarFiles
from readerapp.new_study.item_editor import ITEM_FIELDS, ItemEditor
from readerapp.new_study.parts import Section
from readerapp.new_study.vocabulary import VocabularyList
from readerapp.page import button, labelled
from readerapp.reading.item_panel import ItemPanel
from readerapp.viewer.keymap import item_letters, load_keymap
from readerapp.wording import protocol_word
from studies.planning.form import FormLook, shared_keys
from studies.planning.vocabulary import Vocabulary, shipped_vocabulary, vocabulary_names
from studies.protocol import Item

_FIRST = "chest_confounders"  # shown before a cohort says what it holds


class ItemsSection(Section):
    """What is asked of every case."""

    def __init__(self) -> None:
        super().__init__(
            "items",
            self.tr("Items"),
            self.tr("Every item is asked of every case, whatever its diagnosis: a list of its own would unblind."),
        )
        self._items: list[dict[str, Any]] = []
        self.vocabulary = VocabularyList(_vocabularies())
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
        self.files = ExemplarFiles()
        self.exemplars = ExemplarField(self.files)
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
        right = QVBoxLayout()
        right.addLayout(self._preview)
        right.addStretch(1)
        right.addWidget(self.exemplars)
        columns.addWidget(self.vocabulary, 3)
        columns.addLayout(middle, 4)
        columns.addLayout(right, 3)
        frame = card()
        frame.setLayout(columns)
        columns.setContentsMargins(14, 12, 14, 12)
        self.column.addWidget(frame, 1)

    def _connect(self) -> None:
        self.vocabulary.ticked.connect(self._tick)
        self.list.currentRowChanged.connect(self._show_current)
        self.editor.changed.connect(self._take_over)
        self.exemplars.changed.connect(self._take_over_exemplars)
        self.own.clicked.connect(self._add_own)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.remove.clicked.connect(self._remove)

    def show_look(self, look: FormLook, cohort: Path | None) -> None:
        """What the cohort is of: its vocabularies are proposed, its cases may be examples."""
        if look.cohort is not None:
            self.vocabulary.propose(look.cohort)
        self.exemplars.show_cohort(cohort if look.cohort is not None else None)

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
            entries = item.model_dump(exclude_defaults=True)
            if entries.get("key") in {other.get("key") for other in self._items}:
                del entries["key"]  # of two vocabularies: the room deals another letter
            self._items.append(entries)
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
        """What was typed becomes the item; what the editor does not show (exemplars) stays."""
        row = self.list.currentRow()
        if row >= 0:
            kept = {name: value for name, value in self._items[row].items() if name not in ITEM_FIELDS}
            self._items[row] = kept | {k: v for k, v in self.editor.entries().items() if v or k in ("id", "text")}
            for place, title in enumerate(self._titles()):  # a letter that is taken here is another's no more
                self.list.item(place).setText(title)
            self._show_conflicts()
            self._show_preview()
            self.changed.emit()

    def _take_over_exemplars(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self._items[row]["exemplars"] = self.exemplars.names()
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
        item = self._items[row] if row >= 0 else {}
        self.editor.show_item(item)
        self.exemplars.show_item(str(item.get("id", "")), item.get("exemplars", ()))
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
        self._preview.addWidget(self._panel)

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


def _vocabularies() -> list[Vocabulary]:
    """All that ship, the one for chest radiographs first."""
    names = sorted(vocabulary_names(), key=lambda name: (name != _FIRST, name))
    return [shipped_vocabulary(name) for name in names]


def _title(item: Mapping[str, Any], letter: str) -> str:
    group = f"   {protocol_word(item['group'])}" if item.get("group") else ""
    key = f"   ⇧{letter}" if letter else ""
    return f"{item.get('text') or '…'}{group}{key}"
