"""The vocabularies that ship, to tick items of: one list or all, those made for the cohort proposed, with a search."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from readerapp.fields import choice, line, no_wider
from readerapp.page import labelled
from readerapp.wording import protocol_word
from studies.planning.form import CohortFacts
from studies.planning.vocabulary import Vocabulary
from studies.protocol import Item

__all__ = ["VocabularyList"]

_ROLE = Qt.ItemDataRole.UserRole
_ALL = ""


class VocabularyList(QWidget):
    """The items of a vocabulary, or of all, to be ticked; a search leaves those whose words hold what is typed."""

    ticked = Signal(object, bool)  # Item, chosen

    def __init__(self, vocabularies: Sequence[Vocabulary]) -> None:
        """The first vocabulary is shown at first."""
        super().__init__()
        self._vocabularies = {one.name: one for one in vocabularies}
        self._items: list[Item] = []  # as listed; an entry's data is the place here
        self._chosen: set[str] = set()
        self._by_hand = False  # the person chose the vocabulary: none is proposed any more
        self.chooser = choice("vocabulary_choice", self.tr("Vocabulary"))
        no_wider(self.chooser)
        self.search = line("vocabulary_search", self.tr("Search the vocabulary"), self.tr("search: tube, heart …"))
        self.list = QListWidget()
        self.list.setObjectName("vocabulary")
        self.list.setAccessibleName(self.tr("Items of the vocabulary"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.none_found = labelled(self.tr("No item holds these words."), "muted")
        self.none_found.hide()
        self.definition = labelled("", "small")
        self.definition.setMinimumHeight(70)
        self.definition.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(labelled(self.tr("Vocabulary"), "group"))
        for widget in (self.chooser, self.search, self.list, self.none_found, self.definition):
            layout.addWidget(widget, 1 if widget is self.list else 0)
        self._offer(())
        self._fill()
        self.chooser.currentIndexChanged.connect(self._fill)
        self.chooser.activated.connect(self._note_choice)
        self.search.textChanged.connect(self._narrow)
        self.list.itemChanged.connect(self._note)
        self.list.currentItemChanged.connect(self._define)

    def propose(self, facts: CohortFacts) -> None:
        """Name the vocabularies made for a cohort, and show the first of them unless the person chose one."""
        modalities, parts = ([value for value, _ in facts.columns.get(name, ())] for name in ("modality", "body_part"))
        fitting = [name for name, one in self._vocabularies.items() if one.fits(modalities, parts)]
        self._offer(fitting)
        if fitting and not self._by_hand and self.chooser.currentData() not in fitting:
            self.chooser.setCurrentIndex(self.chooser.findData(fitting[0]))

    def show_chosen(self, ids: set[str]) -> None:
        """Tick the items of these ids, and no other."""
        self._chosen = ids
        self.list.blockSignals(True)
        for entry, item in self._entries():
            chosen = str(item.id) in ids
            entry.setCheckState(Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked)
        self.list.blockSignals(False)

    def _offer(self, fitting: Sequence[str]) -> None:
        """The vocabularies by title, those for this cohort marked; the choice stays."""
        shown = self.chooser.currentData() if self.chooser.count() else next(iter(self._vocabularies))
        self.chooser.blockSignals(True)
        self.chooser.clear()
        for name, one in self._vocabularies.items():
            title = f"{one.title} {one.version}"
            self.chooser.addItem(f"★ {title}" if name in fitting else title, name)
            if name in fitting:
                told = self.tr("made for images like those of the cohort")
                self.chooser.setItemData(self.chooser.count() - 1, told, Qt.ItemDataRole.ToolTipRole)
                self.chooser.setItemData(self.chooser.count() - 1, told, Qt.ItemDataRole.AccessibleDescriptionRole)
        self.chooser.addItem(self.tr("all vocabularies"), _ALL)
        self.chooser.setCurrentIndex(self.chooser.findData(shown))
        self.chooser.blockSignals(False)

    def _note_choice(self) -> None:
        self._by_hand = True

    def _shown(self) -> list[Vocabulary]:
        name = self.chooser.currentData()
        return list(self._vocabularies.values()) if name == _ALL else [self._vocabularies[name]]

    def _fill(self) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        self._items = []
        shown = self._shown()
        for vocabulary in shown:
            self._fill_with(vocabulary, len(shown) > 1)
        self.list.blockSignals(False)
        self._narrow(self.search.text())

    def _fill_with(self, vocabulary: Vocabulary, named: bool) -> None:
        group = None
        for item in vocabulary.items:
            if item.group != group:
                group = item.group
                words = protocol_word(group) or self.tr("other")
                self._add_heading(f"{vocabulary.title}: {words}" if named else words.upper())
            entry = QListWidgetItem(item.text)
            entry.setData(_ROLE, len(self._items))
            entry.setFlags(entry.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            ticked = str(item.id) in self._chosen
            entry.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            self._items.append(item)
            self.list.addItem(entry)

    def _add_heading(self, words: str) -> None:
        title = QListWidgetItem(words)
        title.setFlags(Qt.ItemFlag.NoItemFlags)
        self.list.addItem(title)

    def _item(self, entry: QListWidgetItem | None) -> Item | None:
        place = entry.data(_ROLE) if entry is not None else None
        return self._items[place] if isinstance(place, int) else None

    def _entries(self) -> Iterator[tuple[QListWidgetItem, Item]]:
        for place in range(self.list.count()):
            if (item := self._item(self.list.item(place))) is not None:
                yield self.list.item(place), item

    def _narrow(self, words: str) -> None:
        """Items that hold none of the words go, and headings with nothing below them."""
        wanted = words.lower().split()
        heading, found = None, False
        for place in range(self.list.count()):
            entry = self.list.item(place)
            item = self._item(entry)
            if item is None:
                heading = entry
                heading.setHidden(True)
                continue
            text = f"{item.text} {item.help} {item.group} {item.code}".lower()
            hit = all(word in text for word in wanted)
            entry.setHidden(not hit)
            if hit and heading is not None:
                heading.setHidden(False)
            found = found or hit
        self.none_found.setVisible(not found)

    def _note(self, entry: QListWidgetItem) -> None:
        if (item := self._item(entry)) is not None:
            self.ticked.emit(item, entry.checkState() == Qt.CheckState.Checked)

    def _define(self, entry: QListWidgetItem | None) -> None:
        item = self._item(entry)
        self.definition.setText(f"{item.help} {item.code}".strip() if item else "")
